"""Views of a siting plan: map with points and circles, who serves whom, cost against coverage, circles and promises."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import plotly.graph_objects as go

from islandflow.scenario.entities import Scenario, Settlement
from islandflow.siting.siteplan import SitePlan
from islandflow.units import clock
from islandflow.views.landmap import base_map
from islandflow.views.siting_words import KINDS, VALUES, said
from islandflow.views.style import ACCENT, BROKEN, GRID, INK, OKABE_ITO, framed

SYMBOLS = {"logistics": "square", "transfer": "triangle-up", "charger": "diamond", "shared": "x"}
COLOURS = dict(zip(SYMBOLS, OKABE_ITO, strict=False))


def node_at(scenario: Scenario, node: str, lang: str) -> tuple[float, float, str]:
    """Longitude, latitude and name of a settlement or port."""
    found = scenario.settlements.get(node) or scenario.ports[node]
    return found.lon, found.lat, (found.name_zh if lang == "zh" else found.name_en)


def _islands(scenario: Scenario, plan: SitePlan) -> set[str]:
    return {plan.island} if plan.island else {s.island_id for s in scenario.settlements.values()}


def ground(scenario: Scenario, plan: SitePlan, lang: str) -> go.Figure:
    """Coastline and roads of the plan's islands, upgraded ones in the accent."""
    return base_map(scenario, _islands(scenario, plan), lang, {u.road_id for u in plan.upgrades})


def _homes(figure: go.Figure, scenario: Scenario, plan: SitePlan, lang: str, minutes: int) -> None:
    """Settlements, open where they are outside the circle in the plan."""
    inside = {c.settlement_id: c for c in plan.circles if c.kind == "logistics" and c.minutes == minutes}
    for after, colour, symbol in ((True, INK, "circle"), (False, BROKEN, "circle-open")):
        mine = [scenario.settlements[h] for h, c in inside.items() if c.after == after]
        if mine:
            name = {"zh": (f"{minutes} 分钟圈内", f"{minutes} 分钟圈外"), "en": (f"inside {minutes} min", f"outside {minutes} min")}[lang][
                not after
            ]
            figure.add_trace(go.Scatter(
                x=[s.lon for s in mine], y=[s.lat for s in mine], mode="markers", name=name, hoverinfo="text",
                text=[f"{s.name_zh if lang == 'zh' else s.name_en}{' ≈' if s.synthetic else ''}<br>{s.residents:,}" for s in mine],
                marker={"symbol": symbol, "color": colour, "size": [4 + 0.1 * s.residents**0.5 for s in mine], "opacity": 0.7},
            ))  # fmt: skip


def site_map(scenario: Scenario, plan: SitePlan, lang: str) -> go.Figure:
    """Where points stand and who is inside the middle circle of the logistics points."""
    figure = ground(scenario, plan, lang)
    thresholds = sorted({c.minutes for c in plan.circles})
    _homes(figure, scenario, plan, lang, thresholds[len(thresholds) // 2])
    for kind in KINDS:
        name = said(KINDS, kind, lang)
        for status in ("existing", "new"):
            mine = [p for p in plan.sites if p.kind == kind and p.status == status]
            if not mine:
                continue
            spots = [node_at(scenario, p.node, lang) for p in mine]
            word = {"zh": {"existing": "现有", "new": "新建"}, "en": {"existing": "today", "new": "new"}}[lang][status]
            text = [
                f"{name} · {s[2]} · {word}{f' ({p.year})' if p.year else ''}<br>{('、' if lang == 'zh' else ', ').join(said(VALUES, f, lang) for f in p.functions)}<br>{p.load:,} / {p.capacity:,}"
                for p, s in zip(mine, spots, strict=True)
            ]
            figure.add_trace(go.Scatter(
                x=[s[0] for s in spots], y=[s[1] for s in spots], mode="markers", name=f"{name} · {word}", text=text, hoverinfo="text",
                marker={"symbol": SYMBOLS[kind] + ("-open" if status == "existing" and kind != "shared" else ""), "size": 11, "color": COLOURS[kind], "line": {"width": 1.5, "color": COLOURS[kind] if status == "existing" else "#fff"}},
                visible=True if kind == "logistics" else "legendonly",
            ))  # fmt: skip
    figure.update_layout(updatemenus=zoom_menu(scenario, plan, lang))
    return below(framed(figure, 640))


def zoomed(figure: go.Figure, menu: list[dict[str, Any]], choice: int) -> go.Figure:
    """The figure as after that choice of the list of islands (0 = all); as it is where there is no list."""
    if menu:
        ranges = menu[0]["buttons"][choice]["args"][0]
        figure.update_layout({key.replace(".", "_"): span for key, span in ranges.items()})
        menu[0]["active"] = choice
    return figure


def zoom_menu(scenario: Scenario, plan: SitePlan, lang: str) -> list[dict[str, Any]]:
    """A list of islands that zooms the map, most residents first; none for a plan of one island."""
    islands = _islands(scenario, plan)
    if len(islands) < 2:  # noqa: PLR2004
        return []
    known = [s for s in scenario.settlements.values() if s.island_id in islands]

    def box(homes: list[Settlement], edge: float) -> dict[str, Any]:
        x, y = [s.lon for s in homes], [s.lat for s in homes]
        return {"xaxis.range": [min(x) - edge, max(x) + edge], "yaxis.range": [min(y) - edge, max(y) + edge]}

    order = sorted(islands, key=lambda i: -sum(s.residents for s in known if s.island_id == i))
    names = [(scenario.islands[i].name_zh if lang == "zh" else scenario.islands[i].name_en) for i in order]
    whole = {"label": "全部海岛" if lang == "zh" else "all islands", "method": "relayout", "args": [box(known, 0.05)]}
    each = [
        {"label": n, "method": "relayout", "args": [box([s for s in known if s.island_id == i], 0.02)]}
        for i, n in zip(order, names, strict=True)
    ]
    return [
        {"buttons": [whole, *each], "x": 0, "xanchor": "left", "y": 1.06, "yanchor": "bottom", "showactive": True, "pad": {"t": 0, "b": 0}}
    ]


def below(figure: go.Figure) -> go.Figure:
    """The legend under the map, away from its buttons."""
    figure.update_layout(legend={"orientation": "h", "y": -0.02, "yanchor": "top"}, margin={"l": 8, "r": 8, "t": 58, "b": 8})
    return figure


def serves_map(scenario: Scenario, plan: SitePlan, lang: str) -> go.Figure:
    """Which logistics point serves whom: a stroke a settlement, as wide as its parcels."""
    figure = ground(scenario, plan, lang)
    rows = [v for v in plan.serves if v.kind == "logistics"]
    top = max((v.amount for v in rows), default=1)
    for v in rows:
        a, b = node_at(scenario, v.settlement_id, lang), node_at(scenario, v.node, lang)
        tip = f"{a[2]} → {b[2]}: {v.amount:,}, {v.seconds / 60:.1f} min"
        figure.add_trace(go.Scatter(x=[a[0], b[0]], y=[a[1], b[1]], mode="lines", line={"color": ACCENT, "width": 1 + 6 * (v.amount / top) ** 0.5}, opacity=0.6, text=tip, hoverinfo="text", showlegend=False))  # fmt: skip
    points = [(p, node_at(scenario, p.node, lang)) for p in plan.sites if p.kind == "logistics"]
    figure.add_trace(go.Scatter(
        x=[s[0] for _, s in points], y=[s[1] for _, s in points], mode="markers", name=said(KINDS, "logistics", lang), hoverinfo="text",
        text=[f"{s[2]}<br>{p.load:,} / {p.capacity:,}" for p, s in points], marker={"symbol": "square", "size": 10, "color": INK},
    ))  # fmt: skip
    figure.update_layout(updatemenus=zoom_menu(scenario, plan, lang))
    return below(framed(figure, 560))


def curve_figure(plan: SitePlan, lang: str) -> go.Figure:
    """Cost of logistics points against people inside the middle circle; a ring marks numbers that are not proven best."""
    zh = lang == "zh"
    figure = go.Figure(go.Scatter(
        x=[r.cost_fen / 1e6 for r in plan.curve], y=[r.covered for r in plan.curve], mode="lines+markers", line={"color": ACCENT},
        marker={"symbol": ["circle" if r.proven else "circle-open" for r in plan.curve], "size": 8}, showlegend=False,
        text=[f"{r.points} · {r.covered:,} / {r.people:,}" for r in plan.curve], hoverinfo="text",
    ))  # fmt: skip
    figure.update_xaxes(title="年费用(万元)" if zh else "cost a year (x 10,000 CNY)")
    figure.update_yaxes(title="圈内人口" if zh else "people inside the circle", rangemode="tozero")
    return framed(figure, 340)


def circles_figure(scenario: Scenario, plan: SitePlan, lang: str, kind: str = "logistics") -> go.Figure:
    """Share of each island's residents inside each circle, before and after."""
    people: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for c in plan.circles:
        if c.kind == kind:
            cell = people[c.island_id, c.minutes]
            cell[0] += c.residents * c.before
            cell[1] += c.residents * c.after
            cell[2] += c.residents
    islands = sorted({i for i, _ in people}, key=lambda i: -people[i, min(m for j, m in people if j == i)][2])
    names = [scenario.islands[i].name_zh if lang == "zh" else scenario.islands[i].name_en for i in islands]
    figure = go.Figure()
    words = {"zh": ("现状", "方案"), "en": ("today", "plan")}[lang]
    for n, minutes in enumerate(sorted({m for _, m in people})):
        for k, pattern in ((0, "/"), (1, "")):
            figure.add_trace(go.Bar(
                x=names, y=[100 * people[i, minutes][k] / max(1, people[i, minutes][2]) for i in islands], name=f"{minutes} min · {words[k]}", offsetgroup=f"{minutes}{k}",
                marker={"color": OKABE_ITO[n], "opacity": 0.55 if k == 0 else 1, "pattern": {"shape": pattern}}, customdata=[people[i, minutes][k] for i in islands],
                hovertemplate="%{x}: %{customdata:,}<extra></extra>",
            ))  # fmt: skip
    figure.update_yaxes(title="居民占比 %" if lang == "zh" else "residents %", range=[0, 101])
    figure.update_layout(bargap=max(0.2, 0.9 - 0.15 * len(islands)))  # a lone island's bars would be as wide as the page
    return framed(figure, 360)


def promise_figure(scenario: Scenario, plan: SitePlan, lang: str) -> go.Figure:
    """Hour of order against settlement: when the parcel is at the door; empty where no boat brings it that day."""
    homes = list(dict.fromkeys(r.settlement_id for r in plan.promises))
    hours = sorted({r.ordered for r in plan.promises})
    at = {(r.settlement_id, r.ordered): r.at_door for r in plan.promises}
    z = [[(at[h, t] / 60 if at[h, t] >= 0 else None) for t in hours] for h in homes]
    text = [[clock(at[h, t]) if at[h, t] >= 0 else "" for t in hours] for h in homes]
    names = [node_at(scenario, h, lang)[2] for h in homes]
    figure = go.Figure(go.Heatmap(
        x=[clock(t) for t in hours], y=[f"{n} · {h}" for n, h in zip(names, homes, strict=True)], z=z, text=text, texttemplate="%{text}" if len(homes) <= 30 else None,
        colorscale=[[0, "#dcebf5"], [1, ACCENT]], hovertemplate="%{y} %{x} → %{text}<extra></extra>", colorbar={"thickness": 10, "title": "h"}, xgap=1, ygap=1,
    ))  # fmt: skip
    figure.update_xaxes(title="下单时刻" if lang == "zh" else "ordered by", gridcolor=GRID)
    figure.update_yaxes(autorange="reversed", tickfont={"size": 11})
    return framed(figure, 160 + 18 * len(homes))

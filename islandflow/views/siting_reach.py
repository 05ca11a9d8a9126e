"""Coverage by minute on the map and by island, stages, and the charging load through the day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from islandflow.scenario.entities import Scenario
from islandflow.siting.siteplan import CircleRow, SitePlan
from islandflow.units import clock
from islandflow.views.siting import below, ground, node_at, zoom_menu, zoomed
from islandflow.views.siting_words import KINDS, said
from islandflow.views.style import ACCENT, BROKEN, INK, OKABE_ITO, QUIET, SECOND, framed

MINUTES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30)
STATES = {"zh": ("现状", "方案", "方案加道路改造"), "en": ("today", "plan", "plan and upgraded roads")}
SHADES = ("#dcebf5", "#9cc7e2", "#4a95c7", "#0a5a94", "#062f4f")
MARKS = ("circle", "circle", "diamond", "square", "triangle-up")
LOW_BUTTONS, ROW_PX = 1.06, 40


def _first_circle(plan: SitePlan, kind: str) -> list[CircleRow]:
    """A row a settlement: ways are the same whatever the threshold."""
    found: dict[str, CircleRow] = {}
    for c in plan.circles:
        if c.kind == kind:
            found.setdefault(c.settlement_id, c)
    return list(found.values())


def _seconds(row: CircleRow) -> tuple[int, int, int]:
    return row.seconds_before, row.seconds_after, row.seconds_upgraded


def _states(figure: go.Figure, groups: Sequence[int], always: int, lang: str) -> dict[str, Any]:
    """Buttons that show one of three groups of traces; ``groups`` says which a trace after the first ``always`` belongs to."""
    buttons = [
        {"label": name, "method": "restyle", "args": [{"visible": [True] * always + [g == n for g in groups]}]} for n, name in enumerate(STATES[lang])
    ]  # fmt: skip
    return {
        "type": "buttons",
        "direction": "right",
        "x": 0.34,
        "xanchor": "left",
        "y": LOW_BUTTONS,
        "yanchor": "bottom",
        "showactive": True,
        "active": 1,
        "buttons": buttons,
    }


def minutes_map(scenario: Scenario, plan: SitePlan, lang: str, kind: str = "logistics") -> go.Figure:
    """Each settlement with its minutes to the nearest point, darker the farther; today, in the plan, with the roads upgraded."""
    figure = ground(scenario, plan, lang)
    always, groups = len(figure.data), list[int]()
    limits = sorted({c.minutes for c in plan.circles})
    rows = _first_circle(plan, kind)
    words = [f"≤ {m} min" for m in limits] + [f"> {limits[-1]} min", "无路可达" if lang == "zh" else "no road"]
    for state in range(3):
        for n, word in enumerate(words):
            mine = [c for c in rows if _bin(_seconds(c)[state], limits) == n]
            if not mine:
                continue
            spots = [node_at(scenario, c.settlement_id, lang) for c in mine]
            minutes = [-(-_seconds(c)[state] // 60) for c in mine]
            figure.add_trace(go.Scatter(
                x=[s[0] for s in spots], y=[s[1] for s in spots], mode="markers+text", name=word, visible=state == 1, textposition="top center",
                text=["" if _seconds(c)[state] < 0 else str(m) for c, m in zip(mine, minutes, strict=True)], textfont={"size": 11}, hoverinfo="text",
                hovertext=[f"{s[2]}: {'-' if m < 0 else m} min · {c.residents:,}" for s, c, m in zip(spots, mine, minutes, strict=True)],
                marker={"size": 12, "symbol": MARKS[min(n, 4)], "color": BROKEN if n == len(words) - 1 else SHADES[min(n, 4)], "line": {"width": 1, "color": INK}},
            ))  # fmt: skip
            groups.append(state)
    menu = zoom_menu(scenario, plan, lang)
    zoomed(figure, menu, 1)  # the numbers of all islands at once would cover each other
    above = [m | {"y": 1.01, "pad": {"b": ROW_PX}} for m in menu]  # a row of its own: beside the buttons a phone has no room
    figure.update_layout(updatemenus=[*above, _states(figure, groups, always, lang) | {"x": 0.0, "y": 1.01}])
    return below(framed(figure, 660)).update_layout(margin={"t": 100 if menu else 58})


def _bin(seconds: int, limits: Sequence[int]) -> int:
    if seconds < 0:
        return len(limits) + 1
    return next((n for n, m in enumerate(limits) if seconds <= 60 * m), len(limits))


def reach_figure(scenario: Scenario, plan: SitePlan, lang: str, kind: str = "logistics") -> go.Figure:
    """Island by minute: per cent of residents within so many minutes of a point."""
    rows = _first_circle(plan, kind)
    people: dict[str, int] = {}
    for c in rows:
        people[c.island_id] = people.get(c.island_id, 0) + c.residents
    islands = sorted(people, key=lambda i: -people[i])
    names = [f"{scenario.islands[i].name_zh if lang == 'zh' else scenario.islands[i].name_en} · {people[i]:,}" for i in islands]
    figure = go.Figure()
    for state in range(3):
        z = [
            [100 * sum(c.residents for c in rows if c.island_id == i and 0 <= _seconds(c)[state] <= 60 * m) / max(1, people[i]) for m in MINUTES]
            for i in islands
        ]  # fmt: skip
        figure.add_trace(go.Heatmap(
            x=[str(m) for m in MINUTES], y=names, z=z, zmin=0, zmax=100, text=[[f"{v:.0f}" for v in row] for row in z], texttemplate="%{text}", visible=state == 1,
            colorscale=[[0, "#ffffff"], [1, "#7fb8dc"]], hovertemplate="%{y}<br>%{x} min: %{z:.1f} %<extra></extra>", xgap=1, ygap=1, showscale=False,
        ))  # fmt: skip
    figure.update_xaxes(title="分钟" if lang == "zh" else "minutes", type="category")
    figure.update_yaxes(autorange="reversed", type="category", tickfont={"size": 12})
    menu = _states(figure, [0, 1, 2], 0, lang) | {"x": 0.0, "y": 1.02}
    return framed(figure, 110 + 26 * len(islands)).update_layout(updatemenus=[menu])


def stages_figure(plan: SitePlan, lang: str) -> go.Figure:
    """What stands when each year ends: share of residents inside the kind's reach, points as numbers on the bars."""
    figure, years = go.Figure(), sorted({r.year for r in plan.stages})
    kinds = [k for k in KINDS if any(r.kind == k for r in plan.stages)]
    at = {(r.kind, r.year): r for r in plan.stages}
    for n, year in enumerate(years):
        rows = [at[k, year] for k in kinds]
        name = ("现状" if lang == "zh" else "today") if not year else (f"第 {year} 年末" if lang == "zh" else f"end of year {year}")
        figure.add_trace(go.Bar(
            x=[f"{said(KINDS, r.kind, lang)} · {r.minutes} min" for r in rows], y=[100 * r.covered / max(1, r.people) for r in rows], name=name,
            text=[f"{r.points}{'' if r.proven else ' ?'}" for r in rows], textposition="outside", cliponaxis=False,
            marker={"color": QUIET if not year else OKABE_ITO[(0, 4, 2)[(n - 1) % 3]], "pattern": {"shape": ("/", "", ".", "x")[n % 4]}},
            customdata=[[r.covered, r.cost_fen / 100] for r in rows],
            hovertemplate="%{x}<br>%{customdata[0]:,} · CNY %{customdata[1]:,.0f}<extra>" + name + "</extra>",
        ))  # fmt: skip
    figure.update_yaxes(title="圈内居民 %" if lang == "zh" else "residents inside, %", range=[0, 112])
    return framed(figure, 360)


def power_figure(scenario: Scenario, plan: SitePlan, lang: str) -> go.Figure:
    """Charging by hour of one island at a time, chosen from a list; the first is the one that is shortest of power."""
    zh, figure = lang == "zh", go.Figure()
    short: dict[str, tuple[int, int]] = {}
    for r in plan.power:
        old = short.get(r.island_id, (0, 0))
        short[r.island_id] = (max(old[0], r.short_kw), max(old[1], r.most_kw + r.vessels_kw))
    islands = sorted(short, key=lambda i: (-short[i][0], -short[i][1]))
    words = (
        ("公共充电(期望)", "公共充电(全部同时)", "岸电", "电网余量")
        if zh
        else ("public, expected", "public, all at once", "shore power", "grid spares")
    )
    hours = [clock(60 * h) for h in range(24)]
    for n, island in enumerate(islands):
        rows = sorted((r for r in plan.power if r.island_id == island), key=lambda r: r.hour)
        lines = (
            ([r.public_kw for r in rows], {"color": ACCENT, "width": 2.5}, words[0]),
            ([r.most_kw for r in rows], {"color": ACCENT, "width": 1.2, "dash": "dot"}, words[1]),
            ([r.vessels_kw for r in rows], {"color": SECOND, "width": 2, "dash": "dashdot"}, words[2]),
            ([r.grid_kw for r in rows], {"color": INK, "width": 1.5, "dash": "dash"}, words[3]),
        )
        for y, line, name in lines:
            figure.add_trace(
                go.Scatter(
                    x=hours, y=y, mode="lines", line=line | {"shape": "hv"}, name=name, visible=n == 0, hovertemplate="%{x} %{y:,} kW"
                )
            )
    names = [scenario.islands[i].name_zh if zh else scenario.islands[i].name_en for i in islands]
    buttons = [
        {"label": f"{name}{' ✗' if short[i][0] else ''}", "method": "restyle", "args": [{"visible": [m // 4 == n for m in range(4 * len(islands))]}]}
        for n, (i, name) in enumerate(zip(islands, names, strict=True))
    ]  # fmt: skip
    figure.update_yaxes(title="kW", rangemode="tozero")
    figure.update_xaxes(title="时段" if zh else "hour", tickangle=0, nticks=12)
    framed(figure, 360)
    return figure.update_layout(
        updatemenus=[{"buttons": buttons, "x": 1, "xanchor": "right", "y": 1.14, "yanchor": "bottom"}] if len(islands) > 1 else []
    )

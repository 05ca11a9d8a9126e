"""Loads by leg and hour, the map with its flows, frequencies by line."""

from __future__ import annotations

import json
from collections import Counter

import plotly.graph_objects as go

from islandflow.ferry.folder import PlanFolder
from islandflow.network.sea import SeaNetwork
from islandflow.units import minutes
from islandflow.views.style import ACCENT, BROKEN, INK, framed, number, port_name


def loads_figure(folder: PlanFolder, lang: str) -> go.Figure:
    """Seats taken by leg and hour, the busiest legs; over 95 % marked with a dot."""
    people: Counter[tuple[tuple[str, str], int]] = Counter()
    seats: Counter[tuple[tuple[str, str], int]] = Counter()
    total: Counter[tuple[str, str]] = Counter()
    for row in folder.loads:
        leg, hour = (row["from_port"], row["to_port"]), minutes(row["departs"]) // 60
        people[leg, hour] += number(row, "people")
        seats[leg, hour] += number(row, "seats")
        total[leg] += number(row, "people")
    legs = [leg for leg, _ in total.most_common(36)]
    names = [" → ".join(port_name(folder.scenario, p, lang) for p in leg) for leg in legs]
    span = list(range(5, 23))
    z = [[people[leg, h] / seats[leg, h] if seats[leg, h] else None for h in span] for leg in legs]
    text = [["●" if v is not None and v > 0.95 else "" for v in row] for row in z]
    figure = go.Figure(go.Heatmap(
        x=[f"{h:02d}" for h in span], y=names, z=z, zmin=0, zmax=1, text=text, texttemplate="%{text}", colorscale=[[0, "#ffffff"], [1, ACCENT]],
        hovertemplate="%{y} %{x}:00 %{z:.0%}<extra></extra>", colorbar={"tickformat": ".0%", "thickness": 10},
    ))  # fmt: skip
    figure.update_xaxes(title="开航时(点)" if lang == "zh" else "hour of departure")
    figure.update_yaxes(autorange="reversed")
    return framed(figure, 160 + 18 * len(legs))


def map_figure(folder: PlanFolder, network: SeaNetwork, lang: str) -> go.Figure:
    """Coastline, sea paths as wide as their passengers, ports; ports of broken obligations stand out."""
    scenario = folder.scenario
    figure = go.Figure()
    if scenario.coastline is not None:
        x: list[float | None] = []
        y: list[float | None] = []
        for feature in json.loads(scenario.coastline.read_text(encoding="utf-8"))["features"]:
            shape = feature["geometry"]
            for ring in [shape["coordinates"][0]] if shape["type"] == "Polygon" else [p[0] for p in shape["coordinates"]]:
                x += [round(p[0], 4) for p in ring] + [None]
                y += [round(p[1], 4) for p in ring] + [None]
        figure.add_trace(
            go.Scatter(
                x=x,
                y=y,
                fill="toself",
                fillcolor="#f1efe9",
                line={"color": "#b9b4a8", "width": 0.6},
                hoverinfo="skip",
                showlegend=False,
                mode="lines",
            )
        )
    flow: Counter[tuple[str, str]] = Counter()
    for row in folder.loads:
        flow[min(row["from_port"], row["to_port"]), max(row["from_port"], row["to_port"])] += number(row, "people")
    top = max(flow.values(), default=1)
    for (a, b), people in flow.most_common(140):
        points = network.path(a, b)
        figure.add_trace(go.Scatter(
            x=[p[0] for p in points], y=[p[1] for p in points], mode="lines", showlegend=False, line={"color": ACCENT, "width": 1 + 9 * (people / top) ** 0.5}, opacity=0.6,
            text=f"{port_name(scenario, a, lang)} – {port_name(scenario, b, lang)}: {people:,}", hoverinfo="text",
        ))  # fmt: skip
    broken = {o["port"] for o in folder.audit["obligations"] if not o["met"]}
    for wrong, colour, symbol in ((False, INK, "circle"), (True, BROKEN, "x")):
        ports = [p for p in scenario.ports.values() if (p.port_id in broken) == wrong]
        if ports:
            figure.add_trace(go.Scatter(
                x=[p.lon for p in ports], y=[p.lat for p in ports], mode="markers", marker={"size": 6 if not wrong else 10, "color": colour, "symbol": symbol},
                text=[port_name(scenario, p.port_id, lang) for p in ports], hoverinfo="text",
                name=("民生保障未满足" if lang == "zh" else "obligation not met") if wrong else ("港口" if lang == "zh" else "port"),
            ))  # fmt: skip
    called = [i for i in scenario.islands.values() if i.kind == "island" and i.residents >= 1500]
    figure.add_trace(go.Scatter(x=[i.lon for i in called], y=[i.lat for i in called], mode="text", text=[i.name_zh if lang == "zh" else i.name_en for i in called],
                                textfont={"size": 11, "color": "#5b5647"}, hoverinfo="skip", showlegend=False))  # fmt: skip
    lon = [p.lon for p in scenario.ports.values()]
    lat = [p.lat for p in scenario.ports.values()]
    figure.update_xaxes(range=[min(lon) - 0.1, max(lon) + 0.1], showgrid=False, showticklabels=False)
    figure.update_yaxes(range=[min(lat) - 0.08, max(lat) + 0.08], showgrid=False, showticklabels=False, scaleanchor="x", scaleratio=1.16)
    return framed(figure, 640)


def frequency_figure(folder: PlanFolder, lang: str) -> go.Figure:
    """Sailings by line, both ways, planned beside today's."""
    scenario = folder.scenario
    peak = scenario.services[folder.plan.service].peak
    planned = Counter(s.line for s in folder.plan.sailings)
    lines = [x for x in scenario.lines.values() if x.runs_in(folder.plan.service)]
    today = [2 * (x.today_peak if peak else x.today_offpeak) for x in lines]
    figure = go.Figure()
    zh = lang == "zh"
    figure.add_trace(
        go.Bar(x=[x.line_id for x in lines], y=[planned[x.line_id] for x in lines], name="方案" if zh else "planned", marker_color=ACCENT)
    )
    figure.add_trace(go.Scatter(x=[x.line_id for x in lines], y=today, name="现状(估计)≈" if zh else "today (estimate) ≈", mode="markers",
                                marker={"symbol": "line-ew-open", "size": 9, "color": INK}))  # fmt: skip
    figure.update_yaxes(type="log", title="每日航次(对数)" if zh else "sailings a day (log)")
    return framed(figure, 340)


def gap_figure(folder: PlanFolder, lang: str) -> go.Figure:
    """Plan and bound against seconds; what lies between is not yet proven."""
    rows = [r for r in folder.trace if r["plan_fen"]]
    plan = ([float(r["seconds"]) for r in rows], [float(r["plan_fen"]) / 1e6 for r in rows])
    rows = [r for r in folder.trace if r["bound_fen"] and float(r["bound_fen"]) > 0]
    bound = ([float(r["seconds"]) for r in rows], [float(r["bound_fen"]) / 1e6 for r in rows])
    zh = lang == "zh"
    figure = go.Figure()
    figure.add_trace(go.Scatter(x=bound[0], y=bound[1], name="下界" if zh else "bound", line={"color": INK, "dash": "dash"}))
    figure.add_trace(
        go.Scatter(
            x=plan[0], y=plan[1], name="方案" if zh else "plan", line={"color": ACCENT}, fill="tonexty", fillcolor="rgba(0,114,178,0.12)"
        )
    )
    figure.update_xaxes(title="秒" if zh else "seconds")
    figure.update_yaxes(title="万元" if zh else "x 10,000 CNY")
    return framed(figure, 300)

"""Vessel Gantt and berth use."""

from __future__ import annotations

from collections import defaultdict

import plotly.graph_objects as go

from islandflow.ferry.folder import PlanFolder
from islandflow.units import clock
from islandflow.views.style import ACCENT, OKABE_ITO, framed, hours, port_name


def vessels_figure(folder: PlanFolder, lang: str) -> go.Figure:
    """A row a vessel, grouped by operator and class; overnight port behind the name."""
    scenario = folder.scenario
    rotations = sorted(folder.plan.rotations, key=lambda r: (scenario.vessel_fleet(r.vessel).operator, r.vessel), reverse=True)
    names = [f"{r.vessel} · {port_name(scenario, r.sailings[0].ports[0], lang)}" for r in rotations]
    operators = sorted({scenario.vessel_fleet(r.vessel).operator for r in rotations})
    figure = go.Figure()
    for n, operator in enumerate(operators):
        y, base, width, text = [], [], [], []
        for name, rotation in zip(names, rotations, strict=True):
            if scenario.vessel_fleet(rotation.vessel).operator != operator:
                continue
            for s in rotation.sailings:
                y.append(name)
                base.append(s.departs)
                width.append(s.arrives - s.departs)
                text.append(f"{s.id} {clock(s.departs)}–{clock(s.arrives)}<br>" + " → ".join(port_name(scenario, p, lang) for p in s.ports))
        known = scenario.operators[operator]
        figure.add_trace(go.Bar(y=y, base=base, x=width, orientation="h", text=None, customdata=text, hovertemplate="%{customdata}<extra></extra>",
                                name=known.name_zh if lang == "zh" else known.name_en, marker_color=OKABE_ITO[n % len(OKABE_ITO)]))  # fmt: skip
    figure.update_layout(barmode="overlay", bargap=0.35)
    figure.update_yaxes(categoryorder="array", categoryarray=names, tickfont={"size": 11})
    return hours(framed(figure, 140 + 17 * len(names)), lang)


def berths_figure(folder: PlanFolder, lang: str) -> go.Figure:
    """Boats alongside by port and quarter hour, as a share of the berths."""
    scenario, berth = folder.scenario, folder.scenario.whole("berth_min")
    seen: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for s in folder.plan.sailings:
        time = min(berth, scenario.vessel_fleet(s.vessel).turnaround_min // 2)
        for port, first, last in ((s.ports[0], s.departs - time, s.departs), (s.ports[-1], s.arrives, s.arrives + time)):
            for minute in range(first, last):
                seen[port][minute].add(s.vessel)
    ports = sorted(seen, key=lambda p: -sum(len(v) for v in seen[p].values()))[:30]
    quarters = list(range(300, 1380, 15))
    most = [[max((len(seen[p].get(q + m, ())) for m in range(15)), default=0) for q in quarters] for p in ports]
    share = [[n / scenario.ports[p].berths for n in row] for p, row in zip(ports, most, strict=True)]
    text = [[f"{port_name(scenario, p, lang)} {clock(q)}: {n}/{scenario.ports[p].berths}" for q, n in zip(quarters, row, strict=True)]
            for p, row in zip(ports, most, strict=True)]  # fmt: skip
    figure = go.Figure(go.Heatmap(
        x=[q + 7.5 for q in quarters], y=[port_name(scenario, p, lang) for p in ports], z=share, customdata=text, zmin=0, zmax=1,
        colorscale=[[0, "#ffffff"], [1, ACCENT]], hovertemplate="%{customdata}<extra></extra>", colorbar={"tickformat": ".0%", "thickness": 10},
    ))  # fmt: skip
    figure.update_yaxes(autorange="reversed")
    return hours(framed(figure, 160 + 18 * len(ports)), lang)

"""String-line timetable: time across, ports down by sea distance from the hub; headways where boats are too many for lines."""

from __future__ import annotations

from collections import Counter, defaultdict

import plotly.graph_objects as go

from islandflow.ferry.folder import PlanFolder
from islandflow.ferry.plan import Sailing
from islandflow.network.running import Distances
from islandflow.units import clock
from islandflow.views.style import ACCENT, INK, OKABE_ITO, framed, hours, number, port_name

FREQUENT = 60  # sailings each way from which a pair is shown as a band of departures by quarter hour


def frequent_pairs(folder: PlanFolder) -> list[tuple[str, str]]:
    """Pairs of ports with more sailings each way than lines can show."""
    count = Counter((s.ports[0], s.ports[-1]) for s in folder.plan.sailings if len(s.calls) == 2)
    return sorted({(min(p), max(p)) for p, n in count.items() if n > FREQUENT})


def groups(folder: PlanFolder) -> dict[str, list[Sailing]]:
    """Sailings by cluster of their vessel, frequent pairs left out."""
    often = set(frequent_pairs(folder))
    found: dict[str, list[Sailing]] = defaultdict(list)
    for s in folder.plan.sailings:
        if not (len(s.calls) == 2 and (min(s.ports), max(s.ports)) in often):
            found[folder.scenario.vessel_fleet(s.vessel).cluster].append(s)
    return dict(sorted(found.items()))


def timetable_figure(folder: PlanFolder, network: Distances, cluster: str, lang: str) -> go.Figure:
    """The sailings of one cluster as lines."""
    sailings = groups(folder)[cluster]
    ports = sorted({p for s in sailings for p in s.ports})
    calls = Counter(p for s in sailings for p in s.ports)
    hub = max(ports, key=lambda p: (folder.scenario.ports[p].role == "gateway", calls[p], p))
    order = sorted(ports, key=lambda p: (network.nm(hub, p), p))
    place = {p: i for i, p in enumerate(order)}
    loads = defaultdict(list)
    for row in folder.loads:
        loads[row["sailing"]].append(row)
    operators = sorted({folder.scenario.vessel_fleet(s.vessel).operator for s in sailings})
    figure = go.Figure()
    for n, operator in enumerate(operators):
        x: list[float | None] = []
        y: list[float | None] = []
        text: list[str | None] = []
        for s in sailings:
            fleet = folder.scenario.vessel_fleet(s.vessel)
            if fleet.operator != operator:
                continue
            for row, (a, b, departs, arrives) in zip(loads[s.id], s.legs(), strict=False):
                tip = f"{s.id} · {s.vessel}<br>{port_name(folder.scenario, a, lang)} {clock(departs)} → {port_name(folder.scenario, b, lang)} {clock(arrives)}"
                tip += f"<br>{number(row, 'people')}/{number(row, 'seats')}"
                x += [departs, arrives, None]
                y += [place[a], place[b], None]
                text += [tip, tip, None]
        known = folder.scenario.operators[operator]
        figure.add_trace(go.Scatter(
            x=x, y=y, text=text, mode="lines+markers", name=known.name_zh if lang == "zh" else known.name_en, hovertemplate="%{text}<extra></extra>",
            line={"width": 1.4, "color": OKABE_ITO[n % len(OKABE_ITO)], "dash": ("solid", "dash", "dot", "dashdot")[n % 4]}, marker={"size": 3},
        ))  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(order))), ticktext=[port_name(folder.scenario, p, lang) for p in order], autorange="reversed"
    )
    return hours(framed(figure, 200 + 26 * len(order)), lang)


def headway_figure(folder: PlanFolder, pair: tuple[str, str], lang: str) -> go.Figure:
    """Departures by quarter hour, each way, of a frequent pair."""
    figure = go.Figure()
    for ends, colour, sign in ((pair, ACCENT, 1), (pair[::-1], "#E69F00", -1)):
        count = Counter(s.departs // 15 * 15 for s in folder.plan.sailings if (s.ports[0], s.ports[-1]) == ends and len(s.calls) == 2)
        name = " → ".join(port_name(folder.scenario, p, lang) for p in ends)
        figure.add_trace(go.Bar(x=[t + 7.5 for t in count], y=[sign * n for n in count.values()], name=name, marker_color=colour,
                                customdata=list(count.values()), hovertemplate="%{customdata}<extra></extra>"))  # fmt: skip
    figure.update_layout(barmode="relative", bargap=0.1)
    figure.update_yaxes(
        title="每刻钟班次(下为回程)" if lang == "zh" else "departures a quarter hour (back below)", zeroline=True, zerolinecolor=INK
    )
    return hours(framed(figure, 280), lang)

"""Vessel Gantt and berth use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

import plotly.graph_objects as go

from islandflow.ferry.plan import Rotation
from islandflow.units import clock
from islandflow.views.names import operator_name, sailing_line, short_port, vessel_name
from islandflow.views.style import ACCENT, BROKEN, QUIET, WHITE_TO_ACCENT, framed, hours, operator_signs
from islandflow.views.view import Case, Cell, Table, View

VESSEL_HEADS = {
    "vessel": ("船舶", "vessel"), "operator": ("经营人", "operator"), "overnight": ("过夜港", "overnight"), "sailing": ("航次", "sailing"),
    "line": ("航线", "line"), "from": ("起", "from"), "departs": ("开", "departs"), "to": ("讫", "to"), "arrives": ("到", "arrives"),
    "stay": ("下一航次前停留(分)", "minutes until the next"),
}  # fmt: skip
HOURS = range(5, 24)


def vessels(case: Case) -> View:
    """A row a vessel, grouped by operator and overnight port: sailings, turnaround, idle."""
    scenario, asked = case.scenario, {s.vessel for s in case.sailings}
    days = [r for r in case.folder.plan.rotations if r.vessel in asked]
    days.sort(key=lambda r: (scenario.vessel_fleet(r.vessel).operator, r.sailings[0].ports[0], r.vessel))
    label = {
        r.vessel: f"{vessel_name(scenario, r.vessel, case.lang)} · {short_port(scenario, r.sailings[0].ports[0], case.lang)}" for r in days
    }
    figure = go.Figure()
    turns = [
        (label[r.vessel], a.arrives, min(b.departs, a.arrives + scenario.vessel_fleet(r.vessel).turnaround_min))
        for r in days
        for a, b in pairwise(r.sailings)
    ]
    figure.add_trace(go.Bar(
        y=[t[0] for t in turns], base=[t[1] for t in turns], x=[t[2] - t[1] for t in turns], orientation="h", name=case.say("周转", "turnaround"),
        marker={"color": "#d5dade", "line": {"width": 0}}, hovertemplate=case.say("周转", "turnaround") + " %{x} min<extra></extra>",
    ))  # fmt: skip
    for operator in dict.fromkeys(scenario.vessel_fleet(r.vessel).operator for r in days):
        _operator_bars(case, figure, operator, [r for r in days if scenario.vessel_fleet(r.vessel).operator == operator], label)
    figure.update_layout(barmode="overlay", bargap=0.3)
    figure.update_yaxes(categoryorder="array", categoryarray=[label[r.vessel] for r in reversed(days)], tickfont={"size": 11})
    hours(framed(figure, 150 + 17 * len(days)), case.lang, last=max((r.sailings[-1].arrives for r in days), default=1380))
    sentence = case.say(
        "每行一艘船,按经营人和过夜港排列,“·”后为首末过夜港;色块为航次,浅灰为周转,空白为停泊。",
        "A row a vessel, by operator and overnight port (behind the dot, both at first and at last); bars are sailings, pale grey turnaround, white lying idle.",
    )
    return View("vessels", case.say(f"船舶运用:{len(days)} 艘", f"{len(days)} vessels at work"), sentence, figure, _vessel_rows(case, days))


def _operator_bars(case: Case, figure: go.Figure, operator: str, days: list[Rotation], label: dict[str, str]) -> None:
    colour, _, hatch = operator_signs(case.scenario, operator)
    sailings = [(label[r.vessel], s) for r in days for s in r.sailings]
    tips = [f"{s.id} · {sailing_line(case.scenario, s, case.lang)} {clock(s.departs)}–{clock(s.arrives)}<br>"
            + " → ".join(short_port(case.scenario, p, case.lang) for p in s.ports) for _, s in sailings]  # fmt: skip
    figure.add_trace(go.Bar(
        y=[y for y, _ in sailings], base=[s.departs for _, s in sailings], x=[s.arrives - s.departs for _, s in sailings], orientation="h", customdata=tips,
        hovertemplate="%{customdata}<extra></extra>", name=operator_name(case.scenario, operator, case.lang),
        marker={"color": colour, "pattern": {"shape": hatch, "size": 4}, "line": {"width": 0.5, "color": "#ffffff"}},
    ))  # fmt: skip


def _vessel_rows(case: Case, days: list[Rotation]) -> Table:
    scenario, rows = case.scenario, []
    for r in days:
        stays: list[int | None] = [b.departs - a.arrives for a, b in pairwise(r.sailings)]
        for s, stay in zip(r.sailings, [*stays, None], strict=True):
            cells: tuple[Cell, ...] = (
                vessel_name(scenario, r.vessel, case.lang), operator_name(scenario, scenario.vessel_fleet(r.vessel).operator, case.lang),
                short_port(scenario, r.sailings[0].ports[0], case.lang), s.id, sailing_line(scenario, s, case.lang),
                short_port(scenario, s.ports[0], case.lang), clock(s.departs), short_port(scenario, s.ports[-1], case.lang), clock(s.arrives), stay,
            )  # fmt: skip
            rows.append(cells)
    return Table(case.columns(VESSEL_HEADS), tuple(rows))


def berths(case: Case) -> View:
    """Boats alongside by port and hour, as a share of the berths; for one port minute by minute."""
    seen: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for port, first, last, vessel in _stays(case):
        for minute in range(first, last):
            seen[port][minute].add(vessel)
    ports = [case.port] if case.port else sorted(seen, key=lambda p: (-_fullest(case, seen, p), -sum(len(v) for v in seen[p].values()), p))
    most = {p: [max((len(seen[p].get(60 * h + m, ())) for m in range(60)), default=0) for h in HOURS] for p in ports}
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (short_port(case.scenario, p, case.lang), case.scenario.ports[p].berths, *most[p]) for p in ports
    )
    heads = {"port": ("港口", "port"), "berths": ("泊位≈", "berths ≈")} | {f"h{h:02d}": (f"{h} 时", f"{h:02d}h") for h in HOURS}
    full = sum(_fullest(case, seen, p) >= 1 for p in ports)
    if case.port:
        figure = _one_port(case, seen[case.port])
        sentence = case.say("每分钟靠泊的船数;虚线为泊位数。", "Boats alongside minute by minute; the dashed line is the number of berths.")
    else:
        figure = _all_ports(case, seen, ports[:30])
        sentence = case.say(f"颜色越深,泊位越满;{full} 个港口某时刻全部占满。最忙的 30 港在图中,全部在表中。",
                            f"The darker, the fuller; at {full} ports all berths are taken at some time. The 30 busiest are drawn, all are in the table.")  # fmt: skip
    return View("berths", case.say("泊位占用", "Berths"), sentence, figure, Table(case.columns(heads), rows))


def _stays(case: Case) -> Iterator[tuple[str, int, int, str]]:
    """Port, first minute, minute after the last, vessel: as the rule of the audit has it."""
    berth = case.scenario.whole("berth_min")
    for s in case.sailings:
        time = min(berth, case.scenario.vessel_fleet(s.vessel).turnaround_min // 2)
        yield s.ports[0], s.departs - time, s.departs, s.vessel
        yield s.ports[-1], s.arrives, s.arrives + time, s.vessel
        for call in s.calls[1:-1]:
            if call.arrives is not None and call.departs is not None:
                yield call.port, call.arrives, call.departs + 1, s.vessel


def _fullest(case: Case, seen: dict[str, dict[int, set[str]]], port: str) -> float:
    return max((len(v) for v in seen[port].values()), default=0) / max(1, case.scenario.ports[port].berths)


def _all_ports(case: Case, seen: dict[str, dict[int, set[str]]], ports: list[str]) -> go.Figure:
    quarters = list(range(300, 1380, 15))
    most = [[max((len(seen[p].get(q + m, ())) for m in range(15)), default=0) for q in quarters] for p in ports]
    share = [[n / max(1, case.scenario.ports[p].berths) for n in row] for p, row in zip(ports, most, strict=True)]
    text = [[f"{short_port(case.scenario, p, case.lang)} {clock(q)}: {n}/{case.scenario.ports[p].berths}" for q, n in zip(quarters, row, strict=True)]
            for p, row in zip(ports, most, strict=True)]  # fmt: skip
    figure = go.Figure(go.Heatmap(
        x=[q + 7.5 for q in quarters], y=[short_port(case.scenario, p, case.lang) for p in ports], z=share, customdata=text, zmin=0, zmax=1,
        colorscale=WHITE_TO_ACCENT, hovertemplate="%{customdata}<extra></extra>", colorbar={"tickformat": ".0%", "thickness": 10},
    ))  # fmt: skip
    figure.update_yaxes(autorange="reversed", tickfont={"size": 11})
    return hours(framed(figure, 110 + 18 * len(ports)), case.lang)


def _one_port(case: Case, seen: dict[int, set[str]]) -> go.Figure:
    minutes = list(range(300, 1381))
    figure = go.Figure(go.Scatter(x=minutes, y=[len(seen.get(m, ())) for m in minutes], mode="lines", line={"shape": "hv", "color": ACCENT, "width": 1.2},
                                  name=case.say("靠泊船数", "boats alongside"), fill="tozeroy", fillcolor="rgba(0,114,178,0.15)"))  # fmt: skip
    berths = case.scenario.ports[case.port].berths
    over = any(len(v) > berths for v in seen.values())
    figure.add_trace(go.Scatter(x=[290, 1390], y=[berths, berths], mode="lines", line={"dash": "dash", "color": BROKEN if over else QUIET}, name=case.say("泊位数≈", "berths ≈")))  # fmt: skip
    figure.update_yaxes(rangemode="tozero", dtick=1 if berths < 12 else 2)
    return hours(framed(figure, 280), case.lang)

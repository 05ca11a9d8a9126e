"""String-line timetable: time across, ports down by sea distance from the hub; headways where boats are too many for lines."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import plotly.graph_objects as go

from islandflow.ferry.folder import PlanFolder
from islandflow.ferry.plan import Sailing
from islandflow.views.names import cluster_name, line_name, operator_name, sailing_line, short_port, vessel_name, way_name
from islandflow.views.style import ACCENT, INK, SECOND, framed, hours, number, operator_signs
from islandflow.views.view import Case, Cell, Table, View, cluster_of

FREQUENT = 60  # sailings each way from which a pair is shown as a band of departures by quarter hour
WIDTHS = ((120, 1.0), (300, 1.8), (10**9, 2.8))  # seats up to, line width
FAINT = ((0.34, 0.45), (0.67, 0.7), (9.9, 1.0))  # load up to, opacity
HEADS = {
    "sailing": ("航次", "sailing"), "line": ("航线", "line"), "vessel": ("船舶", "vessel"), "from": ("起", "from"), "departs": ("开", "departs"),
    "to": ("讫", "to"), "arrives": ("到", "arrives"), "people": ("人数", "people"), "seats": ("座位", "seats"),
}  # fmt: skip
BAND = {
    "quarter": ("时段", "quarter hour from"), "out": ("去程班次", "out"), "back": ("回程班次", "back"),
    "headway_out": ("去程间隔(分)", "headway out, min"), "headway_back": ("回程间隔(分)", "headway back, min"),
}  # fmt: skip
Pair = tuple[str, str]


def frequent_pairs(sailings: tuple[Sailing, ...]) -> list[Pair]:
    """Pairs of ports with more direct sailings each way than lines can show."""
    count = Counter((s.ports[0], s.ports[-1]) for s in sailings if len(s.calls) == 2)
    return sorted({(min(p), max(p)) for p, n in count.items() if n > FREQUENT})


def groups(folder: PlanFolder) -> list[str]:
    """What ``line`` to ask for so that every sailing is drawn once: lines too frequent for strokes, then clusters."""
    frequent = {frozenset(p) for p in frequent_pairs(folder.plan.sailings)}
    found: dict[str, None] = {}
    for line in folder.scenario.lines.values():
        if len(line.calls) == 2 and frozenset(line.calls) in frequent:
            found[line.line_id] = None
    for s in folder.plan.sailings:
        found.setdefault(cluster_of(folder.scenario, s))
    return list(found)


def timetable(case: Case) -> View:
    """Sailings as strokes; a single frequent line as departures by quarter hour."""
    pairs = frequent_pairs(case.sailings)
    direct = [s for s in case.sailings if len(s.calls) == 2 and (min(s.ports), max(s.ports)) in pairs]
    if pairs and len(pairs) == 1 and len(direct) == len(case.sailings):
        return headway(case, pairs[0])
    apart = {s.id for s in direct}
    rest = [s for s in case.sailings if s.id not in apart]
    title = case.say("运行线图", "String-line timetable") + _group(case)
    sentence = case.say(
        "横轴为时刻,纵轴为港口,按离枢纽的海上距离自上而下;一条线是一个航次,越粗座位越多,越淡越空。",
        "Time across, ports down by sea distance from the hub; a stroke is a sailing, thicker with more seats, fainter where emptier.",
    )
    for pair in pairs:
        n = sum((min(s.ports), max(s.ports)) == pair for s in direct)
        sentence += case.say(f"{way_name(case.scenario, pair, 'zh')} 的 {n} 班太密,单列一图。",
                             f" The {n} sailings {way_name(case.scenario, pair, 'en')} have a chart of their own.")  # fmt: skip
    return View("timetable", title, sentence, _strokes(case, rest), _rows(case, rest))


def _group(case: Case) -> str:
    if not case.line:
        return ""
    known = case.line in case.scenario.lines or case.line == "+"
    name = line_name(case.scenario, case.line, case.lang) if known else cluster_name(case.scenario, case.line, case.lang)
    return case.say(":", ": ") + name


def _strokes(case: Case, sailings: list[Sailing]) -> go.Figure:
    order = _ports_down(case, sailings)
    place = {p: i for i, p in enumerate(order)}
    aboard = _loads(case)
    strokes: dict[tuple[str, float, float], tuple[list[Any], list[Any], list[Any]]] = defaultdict(lambda: ([], [], []))
    for s in sailings:
        fleet = case.scenario.vessel_fleet(s.vessel)
        width = next(w for most, w in WIDTHS if fleet.seats <= most)
        tip = _tip(case, s, aboard.get(s.id, []))
        for (a, b, departs, arrives), row in zip(s.legs(), aboard.get(s.id, []), strict=False):
            load = number(row, "people") / max(1, number(row, "seats"))
            x, y, text = strokes[fleet.operator, width, next(o for most, o in FAINT if load <= most)]
            x += [departs, arrives, None]
            y += [place[a], place[b], None]
            text += [tip, tip, None]
    figure, named = go.Figure(), set()
    for (operator, width, opacity), (x, y, text) in sorted(strokes.items(), key=lambda i: (i[0][0], -i[0][2])):
        colour, dash, _ = operator_signs(case.scenario, operator)
        figure.add_trace(go.Scatter(
            x=x, y=y, text=text, mode="lines+markers", name=operator_name(case.scenario, operator, case.lang), legendgroup=operator,
            showlegend=operator not in named, hovertemplate="%{text}<extra></extra>", opacity=opacity,
            line={"width": width, "color": colour, "dash": dash}, marker={"size": 3, "color": colour},
        ))  # fmt: skip
        named.add(operator)
    ends = {"first": min((s.departs for s in sailings), default=300), "last": max((s.arrives for s in sailings), default=1380)}
    figure.update_layout(showlegend=True)
    names = [short_port(case.scenario, p, case.lang) for p in order]
    figure.update_yaxes(tickvals=list(range(len(order))), ticktext=names, range=[len(order) - 0.6, -0.4])
    return hours(framed(figure, 150 + 26 * len(order)), case.lang, **ends)


def _ports_down(case: Case, sailings: list[Sailing]) -> list[str]:
    calls = Counter(p for s in sailings for p in s.ports)
    if not calls:
        return []
    hub = max(calls, key=lambda p: (case.scenario.ports[p].role == "gateway", calls[p], p))
    return sorted(calls, key=lambda p: (case.network.nm(hub, p), p))


def _loads(case: Case) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in case.folder.loads:
        found[row["sailing"]].append(row)
    return found


def _tip(case: Case, s: Sailing, rows: list[dict[str, Any]]) -> str:
    """Sailing, line, vessel, then each leg with its minutes and load."""
    lines = [f"{s.id} · {line_name(case.scenario, s.line, case.lang)} · {vessel_name(case.scenario, s.vessel, case.lang)}"]
    for (a, b, departs, arrives), row in zip(s.legs(), rows, strict=False):
        ways = f"{short_port(case.scenario, a, case.lang)} {_clock(departs)} → {short_port(case.scenario, b, case.lang)} {_clock(arrives)}"
        lines.append(f"{ways}  {row['people']}/{row['seats']} " + case.say("座", "seats"))
    return "<br>".join(lines)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _rows(case: Case, sailings: list[Sailing]) -> Table:
    aboard, rows = _loads(case), []
    for s in sailings:
        for (a, b, departs, arrives), load in zip(s.legs(), aboard.get(s.id, []), strict=False):
            cells: tuple[Cell, ...] = (
                s.id, sailing_line(case.scenario, s, case.lang), vessel_name(case.scenario, s.vessel, case.lang), short_port(case.scenario, a, case.lang),
                _clock(departs), short_port(case.scenario, b, case.lang), _clock(arrives), number(load, "people"), number(load, "seats"),
            )  # fmt: skip
            rows.append(cells)
    return Table(case.columns(HEADS), tuple(rows))


def headway(case: Case, pair: Pair) -> View:
    """Departures by quarter hour, each way, of a frequent pair; the hub's side first."""
    pair = pair if case.scenario.ports[pair[0]].role == "gateway" else pair[::-1]
    counts = []
    for ends in (pair, pair[::-1]):
        counts.append(Counter(s.departs // 15 * 15 for s in case.sailings if s.ports == ends))
    figure = go.Figure()
    for ends, count, colour, hatch, sign in zip((pair, pair[::-1]), counts, (ACCENT, SECOND), ("", "/"), (1, -1), strict=True):
        name = " → ".join(short_port(case.scenario, p, case.lang) for p in ends)
        quarters = sorted(count)
        figure.add_trace(go.Bar(
            x=[t + 7.5 for t in quarters], y=[sign * count[t] for t in quarters], name=name, marker={"color": colour, "pattern": {"shape": hatch, "size": 5}},
            customdata=[f"{_clock(t)}–{_clock(t + 15)}: {count[t]}" for t in quarters], hovertemplate="%{customdata}<extra></extra>",
        ))  # fmt: skip
    most = max((n for c in counts for n in c.values()), default=1)
    ticks = list(range(-most, most + 1, max(1, most // 4)))
    figure.update_layout(barmode="relative", bargap=0.1)
    figure.update_yaxes(title=case.say("每刻钟班次(下为回程)", "departures a quarter hour (back below)"), zeroline=True, zerolinecolor=INK,
                        tickvals=ticks, ticktext=[str(abs(t)) for t in ticks])  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for t in range(min((min(c) for c in counts if c), default=300), max((max(c) for c in counts if c), default=300) + 15, 15):
        out, back = counts[0][t], counts[1][t]
        rows.append((_clock(t), out, back, round(15 / out, 1) if out else None, round(15 / back, 1) if back else None))
    title = case.say("高频航线发班:", "Departures of the frequent line: ") + way_name(case.scenario, pair, case.lang)
    total = [sum(c.values()) for c in counts]
    busiest = max(counts[0], key=lambda t: (counts[0][t], -t)) if counts[0] else 0
    sentence = case.say(
        f"去程 {total[0]} 班、回程 {total[1]} 班;去程最密在 {_clock(busiest)} 起的一刻钟,{counts[0][busiest]} 班。上为去程,下为回程。",
        f"{total[0]} sailings out, {total[1]} back; out is densest in the quarter hour from {_clock(busiest)}, with {counts[0][busiest]}. Out above, back below.",
    )
    return View("timetable", title, sentence, hours(framed(figure, 300), case.lang), Table(case.columns(BAND), tuple(rows)))

"""The tables of lines: lines with their headway, the minutes at every stop, every vehicle's trips, who rides, who walks how far, who is left."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from islandflow.shuttle.day import NO_WAY
from islandflow.shuttle.lines_day import LinesDay, line_person_fen, passing
from islandflow.shuttle.lines_plan import Line, LinesPlan
from islandflow.units import clock

Row = dict[str, Any]
HOUR = 60
LINE_COLUMNS: dict[str, tuple[str, ...]] = {
    "lines": ("island_id", "line", "fleet", "headway_min", "vehicles", "departures", "first_out", "first_back", "minutes", "metres", "calls", "reserved", "people"),
    "line_timetable": ("island_id", "line", "direction", "call", "stop", "first", "last", "headway_min", "past_hour", "hours"),
    "line_trips": ("island_id", "vehicle", "line", "direction", "departs", "arrives", "charger", "wh"),
    "line_riders": ("island_id", "origin", "goal", "boat", "line", "boards", "alights", "people", "walk_min", "wait_min", "ride_min"),
    "line_coverage": ("island_id", "settlement", "residents", "guests", "quay_min", "stop_min", "before", "after"),
    "line_left": ("island_id", "origin", "goal", "boat", "people", "binds"),
}  # fmt: skip
LEFT = ("far", "change", "price", "seats")


def line_rows(day: LinesDay, plan: LinesPlan) -> dict[str, list[Row]]:
    """Rows of every table of one island."""
    here = {"island_id": day.island_id}
    lines = {x.line_id: x for x in plan.lines}
    found: dict[str, list[Row]] = {name: [] for name in LINE_COLUMNS}
    for x in plan.lines:
        found["lines"].append(here | {
            "line": x.line_id, "fleet": x.fleet_id, "headway_min": x.headway, "vehicles": len({t.vehicle for t in plan.trips if t.line == x.line_id}), "departures": x.departures,
            "first_out": clock(x.first_out), "first_back": clock(x.first_back), "minutes": passing(day, x.calls)[-1][0], "metres": line_metres(day, x),
            "calls": ";".join(x.calls), "reserved": ";".join(f"{c}:{n}" for c, n in x.reserved), "people": sum(r.people for r in plan.riders if r.line == x.line_id)})  # fmt: skip
        for direction, calls, first in (("out", x.calls, x.first_out), ("back", x.calls[::-1], x.first_back)):
            for n, (stop, (_, leaves)) in enumerate(zip(calls, passing(day, calls), strict=True), start=1):
                begins, ends = first + leaves, first + leaves + (x.departures - 1) * x.headway
                found["line_timetable"].append(here | {
                    "line": x.line_id, "direction": direction, "call": n, "stop": stop, "first": clock(begins), "last": clock(ends), "headway_min": x.headway,
                    "past_hour": ";".join(f"{m:02d}" for m in past_hour(begins, x.headway)), "hours": max(1, x.headway // HOUR)})  # fmt: skip
    found["line_trips"] = [
        here | {"vehicle": t.vehicle, "line": t.line, "direction": "back" if t.back else "out", "departs": clock(t.departs), "arrives": clock(t.arrives), "charger": t.charger, "wh": t.wh}
        for t in plan.trips
    ]  # fmt: skip
    for r in plan.riders:
        x = lines[r.line]
        walk = sum(day.walk(a, b) or 0 for a, b in ((r.origin, r.boards), (r.alights, r.goal)))
        found["line_riders"].append(here | {
            "origin": r.origin, "goal": r.goal, "boat": "yes" if r.boat else "no", "line": r.line, "boards": r.boards, "alights": r.alights, "people": r.people,
            "walk_min": walk, "wait_min": x.headway / 2, "ride_min": on_board(day, x, r.boards, r.alights)})  # fmt: skip
    found["line_coverage"] = [here | row for row in _coverage(day, plan)]
    found["line_left"] = [here | row for row in _left(day, plan)]
    return found


def past_hour(minute: int, headway: int) -> tuple[int, ...]:
    """Minutes of every hour (or of every second one) at which a bus comes, rising."""
    return tuple(sorted({(minute + n * headway) % HOUR for n in range(max(1, HOUR // headway))}))


def line_metres(day: LinesDay, line: Line) -> int:
    """Length of one way."""
    return sum(day.way(a, b)[1] for a, b in pairwise(line.calls))


def on_board(day: LinesDay, line: Line, boards: str, alights: str) -> int:
    """Minutes between two stops of a line."""
    i, j = sorted((line.calls.index(boards), line.calls.index(alights)))
    passed = passing(day, line.calls)
    return passed[j][0] - passed[i][1]


def nearest(day: LinesDay, node: str, others: set[str]) -> int | None:
    """Minutes on foot to the nearest of some nodes; None where no way leads to any."""
    k = day.number[node]
    found = [int(day.ways.walk[k, day.number[o]]) for o in others]
    return min((m for m in found if m != NO_WAY), default=None)


def _coverage(day: LinesDay, plan: LinesPlan) -> list[Row]:
    """How far everybody walks to a quay, which is all there is without lines, and to a quay or stop with them."""
    quays, stops = {c.quay for c in day.boats}, {c for x in plan.lines for c in x.calls}
    rows = []
    for h in day.homes:
        quay, stop = nearest(day, h.node, quays), nearest(day, h.node, stops)
        near = [m is not None and m <= day.rules.walk_min for m in (quay, stop)]
        rows.append({"settlement": h.node, "residents": h.residents, "guests": h.guests, "quay_min": quay, "stop_min": stop,
                     "before": "yes" if near[0] else "no", "after": "yes" if any(near) else "no"})  # fmt: skip
    return rows


def _left(day: LinesDay, plan: LinesPlan) -> list[Row]:
    """Trips that no line takes: ``far`` no stop in walking distance of an end, ``change`` no line that joins the two, ``price`` it would
    cost its people more than it is worth, ``seats`` the line is full in its busiest hour."""
    taken: dict[tuple[str, str, bool], int] = {}
    for r in plan.riders:
        taken[r.origin, r.goal, r.boat] = taken.get((r.origin, r.goal, r.boat), 0) + r.people
    rows = []
    for t in day.trips:
        people = t.people - taken.get((t.origin, t.goal, t.boat), 0)
        if people > 0:
            rows.append({"origin": t.origin, "goal": t.goal, "boat": "yes" if t.boat else "no", "people": people, "binds": _why(day, plan, t.origin, t.goal)})
    return rows


def _why(day: LinesDay, plan: LinesPlan, origin: str, goal: str) -> str:
    near = [{c for x in plan.lines for c in x.calls if day.walk(n, c) is not None} for n in (origin, goal)]
    if not all(near):
        return "far"
    costs = [
        line_person_fen((day.walk(origin, a) or 0) + (day.walk(b, goal) or 0), x.headway, on_board(day, x, a, b), day.rules)
        for x in plan.lines for a in x.calls if a in near[0] for b in x.calls if b in near[1] and b != a
    ]  # fmt: skip
    return "change" if not costs else "price" if min(costs) >= day.rules.unserved_fen else "seats"

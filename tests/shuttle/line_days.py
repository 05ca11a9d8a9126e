"""Tiny islands for lines: a road with a quay and villages, and every choice of lines and riders by trying."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from islandflow.shuttle.day import LANDS, LEAVES, NO_WAY, BoatCall, Buses, ChargingSite
from islandflow.shuttle.lines_day import Home, LineRules, LinesDay, Trips, seats_an_hour
from islandflow.shuttle.lines_problem import LinesProblem, Option
from islandflow.shuttle.ways import Ways

Edge = tuple[str, str, int]  # minutes; a kilometre takes two of them on wheels and twelve on foot
BUS = Buses("bus", "quay", 4, 20, 100_000, 500, 30_000, 100)


def ways_of(nodes: Sequence[str], edges: Sequence[Edge]) -> Ways:
    """Quickest ways by trying every node between."""
    at = {n: k for k, n in enumerate(nodes)}
    far = 10**6
    minutes = np.full((len(nodes), len(nodes)), far, dtype=np.int64)
    np.fill_diagonal(minutes, 0)
    paths = {}
    for a, b, m in edges:
        for x, y in ((a, b), (b, a)):
            minutes[at[x], at[y]] = m
            paths[x, y] = (x, y)
    for k in nodes:
        for a in nodes:
            for b in nodes:
                if minutes[at[a], at[k]] + minutes[at[k], at[b]] < minutes[at[a], at[b]]:
                    minutes[at[a], at[b]] = minutes[at[a], at[k]] + minutes[at[k], at[b]]
                    paths[a, b] = paths[a, k] + paths[k, b][1:]
    known = minutes < far
    return Ways(tuple(nodes), np.where(known, minutes, NO_WAY), np.where(known, 500 * minutes, NO_WAY), np.where(known, 6 * minutes, NO_WAY), paths)


def island(
    trips: Mapping[tuple[str, str], int], edges: Sequence[Edge] = (("quay", "inn", 6), ("inn", "farm", 7)), buses: Sequence[Buses] = (BUS,),
    rules: LineRules | None = None, chargers: Sequence[ChargingSite] = (), boats: Sequence[BoatCall] = (), people: int = 100,
) -> LinesDay:  # fmt: skip
    """A quay and villages; a boat leaves at noon so that the quay is one."""
    nodes = list(dict.fromkeys(["quay", *(n for a, b, _ in edges for n in (a, b))]))
    homes = tuple(Home(n, people, 0) for n in nodes if n != "quay")
    calls = tuple(boats) or (BoatCall("noon", "quay", LEAVES, 720),)
    wishes = tuple(Trips(a, b, n, "quay" in (a, b)) for (a, b), n in trips.items())
    return LinesDay("isle", ways_of(nodes, edges), homes, wishes, tuple(buses), tuple(chargers), calls, rules or LineRules(headways=(30, 60)))


def boat(name: str, minute: int, lands: bool = False) -> BoatCall:
    """A call at the quay."""
    return BoatCall(name, "quay", LANDS if lands else LEAVES, minute)


def cheapest(problem: LinesProblem) -> int:
    """Fen of the best of all choices: every option or none of every line, and every way of sharing the people out."""
    by_line = [[o for o in problem.options if o.line == n] for n in range(len(problem.pool))]
    return min(
        sum(o.fen for o in taken) + _far(problem, taken) + _people(problem, taken, 0, {}, 10**9) for taken in _choices(problem.day, by_line)
    )


def _choices(day: LinesDay, by_line: list[list[Option]]) -> Iterator[list[Option]]:
    if not by_line:
        yield []
        return
    for rest in _choices(day, by_line[1:]):
        yield rest
        yield from ([o, *rest] for o in by_line[0] if _fits(day, [o, *rest]))


def _fits(day: LinesDay, taken: list[Option]) -> bool:
    fleets = all(sum(o.vehicles for o in taken if o.fleet == f) <= b.count for f, b in enumerate(day.buses))
    return fleets and all(sum(o.pattern.reserved.get(c.charger_id, 0) for o in taken) <= c.count for c in day.chargers)


def _far(problem: LinesProblem, taken: list[Option]) -> int:
    lines = {o.line for o in taken}
    return sum(h.people for h in problem.day.homes if not any(problem.covers(x, h.node) for x in lines)) * problem.day.rules.far_fen


def _people(problem: LinesProblem, taken: list[Option], trip: int, aboard: dict[tuple[int, int, bool], int], most: int) -> int:
    """Least fen of all trips from this one on, given who sits where already."""
    day = problem.day
    if trip == len(day.trips):
        return 0
    lines = [o for o in taken if trip in problem.ways[o.line]]
    if all(seats_an_hour(day.buses[o.fleet].seats, o.headway, day.rules) >= day.people for o in taken):
        price = min([day.rules.unserved_fen, *(problem.person_fen(o.line, trip, o.headway) for o in lines)])
        return day.trips[trip].people * price + _people(problem, taken, trip + 1, aboard, most)
    best = most
    for shares in _shares(day.trips[trip].people, len(lines)):
        more, room, fen = dict(aboard), True, (day.trips[trip].people - sum(shares)) * day.rules.unserved_fen
        for o, n in zip(lines, shares, strict=True):
            way = problem.ways[o.line][trip]
            fen += n * problem.person_fen(o.line, trip, o.headway)
            for k in range(min(way.boards, way.alights), max(way.boards, way.alights)):
                key = (o.line, k, way.alights < way.boards)
                more[key] = more.get(key, 0) + n
                room = room and more[key] <= seats_an_hour(day.buses[o.fleet].seats, o.headway, day.rules)
        if room and fen < best:
            best = min(best, fen + _people(problem, taken, trip + 1, more, best - fen))
    return best


def _shares(people: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Whole people on each of some lines, the rest nowhere."""
    if parts == 0:
        yield ()
        return
    for n in range(people + 1):
        for rest in _shares(people - n, parts - 1):
            yield (n, *rest)

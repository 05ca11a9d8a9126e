"""The candidate set of lines: the pool of lines over the roads, and with which headway, fleet, vehicles and chargers each can be run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise, permutations, product

from islandflow.shuttle.day import NO_WAY, Buses, ChargingSite
from islandflow.shuttle.lines_blocks import Pattern, driven
from islandflow.shuttle.lines_day import LinesDay, departures_of, line_person_fen, passing

MOST_VIAS, MORE_VEHICLES = 2, 2  # settlements a line may go round by; vehicles beyond the least number that may help a battery


@dataclass(frozen=True)
class PoolLine:
    """An order of calls; ``passed``: (arrives, leaves) at each, minutes after the start; metres of one way."""

    calls: tuple[str, ...]
    passed: tuple[tuple[int, int], ...]
    metres: int

    @property
    def minutes(self) -> int:
        """From end to end."""
        return self.passed[-1][0]

    def between(self, i: int, j: int) -> int:
        """Minutes on board from call i to call j, the same in either direction."""
        return self.passed[max(i, j)][0] - self.passed[min(i, j)][1]


@dataclass(frozen=True)
class Way:
    """How a trip uses a line: from call ``boards`` to call ``alights``, minutes on foot and on board."""

    boards: int
    alights: int
    walk: int
    ride: int


@dataclass(frozen=True)
class Option:
    """A line of the pool run by ``vehicles`` of a fleet every ``headway`` minutes; ``fen`` of vehicles and kilometres a day."""

    line: int
    headway: int
    fleet: int
    pattern: Pattern
    fen: int

    @property
    def vehicles(self) -> int:
        """Vehicles in service."""
        return self.pattern.vehicles


@dataclass(frozen=True)
class LinesProblem:
    """Pool, how each trip uses each line (``ways[line][trip]``), and the options of every line."""

    day: LinesDay
    pool: tuple[PoolLine, ...]
    ways: tuple[dict[int, Way], ...]
    options: tuple[Option, ...]

    def person_fen(self, line: int, trip: int, headway: int) -> int:
        """What a person of a trip pays in minutes on a line."""
        way = self.ways[line][trip]
        return line_person_fen(way.walk, headway, way.ride, self.day.rules)

    def covers(self, line: int, node: str) -> bool:
        """Whether somebody there walks to a stop of the line."""
        return any(self.day.walk(node, c) is not None for c in self.pool[line].calls)

    @property
    def floor(self) -> int:
        """Fen that no plan avoids: every trip at the best line and headway there is, or paid for, whichever is less."""
        offered = {(o.line, o.headway) for o in self.options}
        best = [self.day.rules.unserved_fen] * len(self.day.trips)
        for line, headway in offered:
            for trip in self.ways[line]:
                best[trip] = min(best[trip], self.person_fen(line, trip, headway))
        return sum(t.people * fen for t, fen in zip(self.day.trips, best, strict=True))


def lines_problem(day: LinesDay) -> LinesProblem:
    """The pool and everything that may be done with it."""
    pool = pool_of(day)
    return LinesProblem(day, pool, tuple(_ways(day, line) for line in pool), tuple(_options(day, pool)))


def pool_of(day: LinesDay) -> tuple[PoolLine, ...]:
    """Lines between termini over at most two settlements on the way round, within the detour limit; the best for every settlement first,
    then those that join most people a metre, at most ``pool``."""
    found: dict[tuple[str, ...], PoolLine] = {}
    for calls in _orders(day):
        if calls not in found and calls[::-1] not in found:
            found[calls] = _line(day, calls)
    shortest: dict[tuple[frozenset[str], frozenset[str]], PoolLine] = {}
    for line in found.values():
        key = (frozenset(line.calls), frozenset((line.calls[0], line.calls[-1])))
        if key not in shortest or (line.metres, line.calls) < (shortest[key].metres, shortest[key].calls):
            shortest[key] = line
    joined = {line.calls: sum(day.trips[t].people for t in _ways(day, line)) for line in shortest.values()}
    ranked = sorted(shortest.values(), key=lambda x: (-joined[x.calls] / x.metres, x.calls))
    first = dict.fromkeys(line.calls for h in day.homes for line in [next((x for x in ranked if h.node in x.calls), None)] if line is not None)
    order = [x for x in ranked if x.calls in first] + [x for x in ranked if x.calls not in first]
    return tuple(order[: day.rules.pool])


def _orders(day: LinesDay) -> Iterator[tuple[str, ...]]:
    """Calls of every way from terminus to terminus that keeps the detour limit."""
    stops = {h.node for h in day.homes} | {c.quay for c in day.boats}
    big = sorted(day.homes, key=lambda h: (-h.people, h.node))[: day.rules.termini]
    termini = [n for n in day.ways.nodes if n in {h.node for h in big} | {c.quay for c in day.boats}]
    for a, b in combinations(termini, 2):
        if day.way(a, b)[0] == NO_WAY:
            continue
        limit = day.way(a, b)[1] * day.rules.detour_percent
        others = [s for s in sorted(stops) if s not in (a, b) and day.way(a, s)[0] != NO_WAY]
        near = [s for s in others if 100 * (day.way(a, s)[1] + day.way(s, b)[1]) <= limit]
        for vias in (v for count in range(MOST_VIAS + 1) for v in permutations(near, count)):
            if 100 * sum(day.way(x, y)[1] for x, y in pairwise((a, *vias, b))) <= limit:
                passed = [n for x, y in pairwise((a, *vias, b)) for n in day.ways.paths[x, y] if n in stops]
                if passed.count(a) == 1 and passed.count(b) == 1:  # a line that passes its own end would be two
                    yield tuple(dict.fromkeys(passed))


def _line(day: LinesDay, calls: tuple[str, ...]) -> PoolLine:
    return PoolLine(calls, passing(day, calls), sum(day.way(a, b)[1] for a, b in pairwise(calls)))


def _ways(day: LinesDay, line: PoolLine) -> dict[int, Way]:
    """The cheapest stops of every trip that finds the line within walking distance at both ends."""
    feet: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for node in {n for t in day.trips for n in (t.origin, t.goal)}:
        for n, call in enumerate(line.calls):
            walk = day.walk(node, call)
            if walk is not None:
                feet[node].append((n, walk))
    found = {}
    for n, trip in enumerate(day.trips):
        ways = [
            Way(i, j, a + b, line.between(i, j)) for (i, a), (j, b) in product(feet[trip.origin], feet[trip.goal]) if i != j
        ]
        if ways:
            found[n] = min(ways, key=lambda w: (line_person_fen(w.walk, 0, w.ride, day.rules), w.boards, w.alights))
    return found


def _options(day: LinesDay, pool: tuple[PoolLine, ...]) -> Iterator[Option]:
    for (n, line), headway, (f, buses) in product(enumerate(pool), day.rules.headways, enumerate(day.buses)):
        kept: list[Option] = []
        for sites in _charging(day, line):
            best = _cheapest(day, line, headway, buses, sites)
            if best is not None:
                _keep(kept, Option(n, headway, f, *best))
        yield from kept


def _charging(day: LinesDay, line: PoolLine) -> list[tuple[ChargingSite | None, ChargingSite | None]]:
    """Where a line may charge: nowhere, at a charger of one end, or at both; the fewest first."""
    first, last = ([None, *(c for c in day.chargers if c.node == node)] for node in (line.calls[0], line.calls[-1]))
    return sorted(product(first, last), key=lambda pair: sum(s is not None for s in pair))


def _cheapest(day: LinesDay, line: PoolLine, headway: int, buses: Buses, sites: tuple[ChargingSite | None, ChargingSite | None]) -> tuple[Pattern, int] | None:
    """The fewest vehicles that get through the day on their batteries, and the cheapest of their patterns."""
    stand, rules = day.rules.layover_min, day.rules
    least = -(-2 * (line.minutes + stand) // headway)
    for vehicles in range(least, min(least + MORE_VEHICLES, buses.count) + 1):
        made = []
        first, last = line.minutes + stand, vehicles * headway - line.minutes - stand
        for turned in range(first // headway, last // headway + 1):
            low, high = max(first, turned * headway), min(last, turned * headway + headway - 1)
            for delta in sorted({low, (low + high) // 2, high}):
                pattern = Pattern(line.minutes, line.metres, headway, vehicles, delta, departures_of(headway, rules), sites)
                done = driven(day, buses, line.calls[0], line.calls[-1], pattern)
                if done is not None and all(s is None or n <= s.count for s, n in zip(sites, pattern.standing, strict=True)):
                    made.append((done.fen(buses), delta, pattern))
        if made:
            fen, _, pattern = min(made, key=lambda m: m[:2])
            return pattern, fen
    return None


def _keep(kept: list[Option], new: Option) -> None:
    """Adds an option unless one of the same line, headway and fleet is as good with no more of each charger."""

    def beats(a: Option, b: Option) -> bool:
        mine, other = a.pattern.reserved, b.pattern.reserved
        return a.fen <= b.fen and a.vehicles <= b.vehicles and all(n <= other.get(site, 0) for site, n in mine.items())

    if not any(beats(k, new) for k in kept):
        kept.append(new)

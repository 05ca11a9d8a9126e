"""Island-hopping on a timetable: which trips a day or two days allow, hours ashore, fares; and what the hop lines cost and earn."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from islandflow.ferry.folder import PlanFolder
from islandflow.ferry.plan import Sailing
from islandflow.network.running import Distances
from islandflow.passengers.journeys import Journey, journeys_via, pareto_journeys
from islandflow.passengers.land import LandWays, land_ways
from islandflow.passengers.running_day import RunningDay, running_day
from islandflow.scenario.entities import Hop, Scenario
from islandflow.units import clock

Row = dict[str, Any]
STEP = 15  # minutes: hours ashore are known to a quarter of an hour
SHORTEST = 60  # minutes ashore below which an island is not visited
LONGEST = 600
LIGHT = (7 * 60, 19 * 60)  # hours that count ashore at the island where one spends the night


@dataclass(frozen=True)
class Trip:
    """A way to make a trip: ``stops`` in order, minutes ashore at each (at least), and the journeys of its one or two days."""

    stops: tuple[str, ...]
    ashore: tuple[int, ...]
    days: tuple[Journey, ...]

    @property
    def fare_fen(self) -> int:
        """Fares of one person."""
        return sum(day.fare_fen for day in self.days)

    @property
    def worth(self) -> tuple[int, int, int]:
        """What trips are ordered by: the shortest stay, all stays, the fare."""
        return (min(self.ashore), sum(self.ashore), -self.fare_fen)


def is_hop(scenario: Scenario, sailing: Sailing) -> bool:
    """Whether a sailing is one of a hop line, or a round trip that the planner made."""
    line = scenario.lines.get(sailing.line)
    return line.kind == "hop" if line else sailing.ports[0] == sailing.ports[-1]


def hop_line_rows(scenario: Scenario, plans: Mapping[str, PlanFolder], days: Mapping[str, int]) -> list[Row]:
    """A row a hop line and pattern of its periods: sailings asked and run, people aboard, cost and revenue of a day.

    Round trips that the planner made stand under the line ``+``.
    """
    rows = []
    for service, folder in plans.items():
        sailings: dict[str, list[Sailing]] = defaultdict(list)
        for sailing in folder.plan.sailings:
            if is_hop(scenario, sailing):
                sailings[sailing.line].append(sailing)
        open_lines = [x.line_id for x in scenario.lines.values() if x.kind == "hop" and scenario.services[service].hop_lines and x.runs_in(service)]
        riding: Counter[str] = Counter()
        line_of = {s.id: s.line for s in folder.plan.sailings}
        for boarding in folder.plan.boardings:
            for line in {line_of.get(ride.sailing, "") for ride in boarding.rides}:
                riding[line] += 0 if boarding.segment == "vehicle" else boarding.people
        wished = [w for w in folder.audit.get("wishes", []) if w["kind"] == "hop"]
        for line in [*open_lines, *(x for x in sailings if x not in open_lines and x in scenario.lines)]:
            money = [r for r in folder.money if r["line"] == line]
            mine = [w for w in wished if w["line"] == line]
            rows.append({
                "service": service, "dates": days.get(service, 0), "line": line, "sailings": len(sailings[line]),
                "wished": sum(w["least"] for w in mine), "granted": sum(min(w["least"], w["runs"]) for w in mine),
                "departures": " ".join(f"{s.ports[0]}:{clock(s.departs)}" for s in sorted(sailings[line], key=lambda s: s.departs)),
                "people": riding[line], "cost_yuan": _sum(money, "cost_yuan"), "revenue_yuan": _sum(money, "revenue_yuan"),
                "subsidy_yuan": _sum(money, "subsidy_yuan"), "violations": folder.metrics["violations"],
            })  # fmt: skip
    return rows


def hop_rows(scenario: Scenario, plans: Mapping[str, PlanFolder], network: Distances) -> list[Row]:
    """A row a trip, pattern and number of days (1, 2): whether the timetable allows it, and whether it would without its hop sailings."""
    land, rows = land_ways(scenario), []
    for service, folder in plans.items():
        whole = folder.plan.sailings
        plain = tuple(s for s in whole if not is_hop(scenario, s))
        day = running_day(scenario, network, land, whole)
        without = day if len(plain) == len(whole) else running_day(scenario, network, land, plain)
        hops = {s.id for s in whole if is_hop(scenario, s)}
        for hop in scenario.hops.values():
            for number, find in ((1, one_day), (2, two_days)):
                found = find(day, hop)
                bare = found if without is day else find(without, hop)
                rows.append(_row(service, hop, number, found, bare, hops))
    return rows


def one_day(day: RunningDay, hop: Hop) -> Trip | None:
    """The trip of one day with the longest shortest stay, in the best order of islands; None if a stay of an hour cannot be had."""
    best: Trip | None = None
    for order in permutations(hop.stops):
        least = SHORTEST if best is None else min(best.ashore)
        found = _longest(day, (hop.from_port, *order, hop.to_port), least)
        if found is not None:
            trip = Trip(order, _ashore(found, order, day.land), (found,))
            best = trip if best is None or trip.worth > best.worth else best
    return best


def two_days(day: RunningDay, hop: Hop) -> Trip | None:
    """The same with a night on one of the islands; there the hours of daylight of both days count."""
    best: Trip | None = None
    known: dict[tuple[str, ...], Journey | None] = {}

    def longest(*stops: str) -> Journey | None:
        if stops not in known:
            known[stops] = _longest(day, stops, SHORTEST)
        return known[stops]

    for order, night in ((o, n) for o in permutations(hop.stops) for n in range(len(hop.stops))):
        out, home = longest(hop.from_port, *order[: night + 1]), longest(*order[night:], hop.to_port)
        if out is None or home is None:
            continue
        stay = max(0, LIGHT[1] - out.arrives) + max(0, home.departs - LIGHT[0])
        before, after = _ashore(out, order[:night], day.land), _ashore(home, order[night + 1 :], day.land)
        trip = Trip(order, (*before, stay, *after), (out, home))
        if stay >= SHORTEST and (best is None or trip.worth > best.worth):
            best = trip
    return best


def _longest(day: RunningDay, stops: Sequence[str], least: int) -> Journey | None:
    """The journey over the stops with the longest stay at every one between, at least so many minutes; of equal ones the cheapest."""
    if len(stops) == 2:  # noqa: PLR2004
        return min((j for j in pareto_journeys(day, stops[0], stops[1]) if j.boats), key=lambda j: (j.arrives, j.fare_fen), default=None)
    low, high = least // STEP, LONGEST // STEP
    found = _via(day, stops, low * STEP)
    if found is None:
        return None
    while low < high:
        middle = (low + high + 1) // 2
        better = _via(day, stops, middle * STEP)
        low, high, found = (middle, high, better) if better is not None else (low, middle - 1, found)
    return found


def _via(day: RunningDay, stops: Sequence[str], stay: int) -> Journey | None:
    return min(journeys_via(day, stops, stay), key=lambda j: (j.fare_fen, j.arrives), default=None)


def _ashore(journey: Journey, stops: Sequence[str], land: LandWays) -> tuple[int, ...]:
    """Minutes ashore at each stop: from the arrival there to leaving for the next boat."""
    return tuple(_stays(journey, stops, land))


def _stays(journey: Journey, stops: Sequence[str], land: LandWays) -> Iterator[int]:
    legs, at = list(journey.legs), 0
    for stop in stops:
        while at < len(legs) and legs[at].to_node != stop:
            at += 1
        if at + 1 >= len(legs):
            raise ValueError(f"a journey that does not stop at {stop}")
        yield legs[at + 1].departs - legs[at].arrives
        at += 1


def _row(service: str, hop: Hop, number: int, found: Trip | None, bare: Trip | None, hops: set[str]) -> Row:
    row: Row = {"service": service, "hop_id": hop.hop_id, "days": number, "possible": found is not None, "without_hops": bare is not None}
    if found is None:
        return row
    boats = [leg for day in found.days for leg in day.legs if leg.mode == "boat"]
    return row | {
        "order": ";".join(found.stops), "departs": clock(found.days[0].departs), "returns": clock(found.days[-1].arrives),
        "ashore_min": ";".join(map(str, found.ashore)), "shortest_ashore_min": min(found.ashore),
        "shortest_without_hops_min": min(bare.ashore) if bare else None, "boats": len(boats), "fare_yuan": found.fare_fen / 100,
        "lines": ";".join(dict.fromkeys(leg.line for leg in boats)), "by_hop_line": any(leg.sailing in hops for leg in boats),
    }  # fmt: skip


def _sum(rows: Sequence[Mapping[str, Any]], key: str) -> float:
    return round(sum(float(r[key]) for r in rows), 2)

"""Who is left without any boat: places where people want to travel and nobody does, from scenario and plan alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from islandflow.ferry.audit.facts import Facts
from islandflow.ferry.audit.money import sailing_fen
from islandflow.ferry.audit.riders import journey
from islandflow.ferry.plan import Call, FerryPlan, Sailing
from islandflow.network.running import NO_WAY_MIN, Distances, eligible_lines, leg_minutes, runs_on
from islandflow.scenario.entities import Fleet, LinePattern, Scenario
from islandflow.units import fen

LOCAL = ("resident", "commuter", "medical")
Hindrance = str  # "period", "days" or "vessels": why a line of the scenario cannot sail on such a day


@dataclass(frozen=True)
class Boatless:
    """Places of one island (of none: each apart) from and to which nobody travels, and what stands in the way.

    ``wanted`` and ``residents``: trips of people a day with an end there. ``ports``: those that the places reach on land. ``joins``:
    sailings of the plan that go where somebody wants to, and still take nobody. ``lines`` of the scenario have a vessel on such a day
    and go where somebody wants to; if there is none such, those that call there at all. ``cheapest``: line, fleet row and price (fen)
    of a vessel's day with one trip there and back, deadheads not counted. ``hindered``: lines that call there and cannot sail, with
    the reason. ``overland``: a place that somebody wants to reach and the minutes to it by land, where there is a way.
    ``left_fen``: what leaving all of them behind counts in the objective.
    """

    island: str
    places: tuple[str, ...]
    whole: bool
    wanted: int
    residents: int
    ports: tuple[str, ...]
    joins: int
    lines: tuple[str, ...]
    hindered: tuple[tuple[str, Hindrance], ...]
    cheapest: tuple[str, str, int] | None
    overland: tuple[str, int] | None
    obligations: tuple[str, ...]
    left_fen: int


def without_boat(scenario: Scenario, plan: FerryPlan, network: Distances) -> tuple[Boatless, ...]:
    """Islands and places without a boat, most trips first.

    An end on the mainland is not told beside the island that its people want to reach. KeyError if there is no such service pattern.
    """
    facts = Facts.of(scenario, plan, network)
    pairs = {(g.from_place, g.to_place) for g in facts.groups.values() if g.segment != "vehicle"}
    travel = (b for b in plan.boardings if b.segment != "vehicle" and b.people > 0 and journey(facts, b) is not None)
    wanting = {place for pair in pairs for place in pair}
    lost = wanting - {place for b in travel for place in (b.from_place, b.to_place)}
    shore = {place for place in lost if _mainland(scenario, place)}
    told = {p for p in lost if p not in shore or any({a, b} <= shore for a, b in pairs if p in (a, b))}
    found = [_entry(facts, set(places), wanting) for places in _by_island(scenario, told)]
    return tuple(sorted(found, key=lambda b: (-b.wanted, b.places)))


def _mainland(scenario: Scenario, place: str) -> bool:
    island = scenario.islands.get(scenario.places[place].island_id)
    return island is None or island.kind == "mainland"


def _by_island(scenario: Scenario, places: set[str]) -> list[list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for place in sorted(places):
        found[scenario.places[place].island_id or f"/{place}"].append(place)
    return list(found.values())


def _entry(facts: Facts, places: set[str], wanting: set[str]) -> Boatless:
    scenario = facts.scenario
    island = scenario.places[min(places)].island_id
    groups = [g for g in facts.groups.values() if g.segment != "vehicle" and places & {g.from_place, g.to_place}]
    ports = {port for place in places for port in facts.access.ports[place]}
    wishes = {(p, g.to_place if p == g.from_place else g.from_place) for g in groups for p in (g.from_place, g.to_place) if p in places}
    calling = {x.line_id: x for x in scenario.lines.values() if ports & set(x.calls)}
    able = {name: fleets for name, x in calling.items() if (fleets := _fleets(scenario, x, facts.service))}
    useful = {name: fleets for name, fleets in able.items() if _joins(facts, calling[name].calls, wishes)} or able
    prices = [(price, x, f.fleet_id) for x in useful for f in useful[x] if (price := _price(facts, calling[x], f)) is not None]
    price, line, fleet = min(prices, default=(0, "", ""))
    return Boatless(
        island,
        tuple(sorted(places)),
        island in scenario.islands and all(p in places for p in wanting if scenario.places[p].island_id == island),
        sum(g.size for g in groups),
        sum(g.size for g in groups if g.segment in LOCAL),
        tuple(sorted(ports)),
        sum(_joins(facts, s.ports, wishes) for s in facts.sailings),
        tuple(useful),
        tuple((name, _hindrance(scenario, x, facts.service)) for name, x in calling.items() if name not in able),
        (line, fleet, price) if prices else None,
        _overland(facts, wishes),
        tuple(o.obligation_id for o in scenario.obligations.values() if ports & set(o.island_ports)),
        sum(g.size * fen(scenario.number(f"left_behind_{g.segment}_cny")) for g in groups),
    )


def _joins(facts: Facts, calls: tuple[str, ...], wishes: set[tuple[str, str]]) -> bool:
    """Whether these calls bring somebody all the way, land links at either end included; the direction does not matter."""
    reach = facts.access.ports
    return any(a != b for here, there in wishes for a in reach[here] if a in calls for b in reach[there] if b in calls)


def _overland(facts: Facts, wishes: set[tuple[str, str]]) -> tuple[str, int] | None:
    """The nearest wanted place that a land link leads to, and the minutes."""
    scenario, reach = facts.scenario, facts.access.ports
    ways = [(m, b) for a, b in wishes for port, m in reach[a].items() if scenario.ports[port].place_id == b]
    ways += [(m, b) for a, b in wishes for port, m in reach[b].items() if scenario.ports[port].place_id == a]
    return min(ways)[::-1] if ways else None


def _fleets(scenario: Scenario, line: LinePattern, service: str) -> list[Fleet]:
    return [f for f in scenario.fleets.values() if f.count and line in eligible_lines(scenario, f, service)]


def _hindrance(scenario: Scenario, line: LinePattern, service: str) -> Hindrance:
    if not line.runs_in(service):
        return "period"
    return "vessels" if runs_on(scenario, line, service) else "days"


def _price(facts: Facts, line: LinePattern, fleet: Fleet) -> int | None:
    """Fen of a vessel's day and one trip there and back; None without a way by water."""
    total = fen(fleet.day_cost_yuan)
    for sailing in _there_and_back(facts, line, fleet):
        if sailing.arrives >= NO_WAY_MIN:
            return None
        total += sailing_fen(facts.scenario, fleet, sailing)
    return total


def _there_and_back(facts: Facts, line: LinePattern, fleet: Fleet) -> Iterator[Sailing]:
    for calls in (line.calls, line.calls[::-1]):
        at = [0, *accumulate(leg_minutes(facts.scenario, facts.network, fleet, line.line_id, calls, facts.service))]
        yield Sailing(line.line_id, line.line_id, "", tuple(Call(p, t, t) for p, t in zip(calls, at, strict=True)))

"""A cluster alone: its lines, the ports they call at, its vessels, and the demand and obligations of those lines.

A line alone as well: ``FROM-TO`` (port ids, a closing ``-t`` may be left out) names the lines between two ports, whatever their cluster.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from islandflow.errors import BadInput, Fault
from islandflow.network.running import eligible_lines, may_operate
from islandflow.passengers.access import Access, land_access, line_stretches
from islandflow.scenario.entities import Demand, Fleet, LinePattern, Obligation, Scenario
from islandflow.scenario.reader import near

T = TypeVar("T")
Ways = Mapping[str, set[str]]


def cut_to_cluster(scenario: Scenario, cluster: str) -> Scenario:
    """The part of a scenario that one cluster, or the lines between two ports, need; BadInput, with the nearest name, if there is none such.

    A place belongs to the cut if its quay is a port that a line calls at, or if land links join it to such a port. Home ports
    where no line calls are kept as ports, so that the fleets stay whole, but bring no demand. Of the islands kept come all roads, the
    settlements whose place is kept or that have none, and the sites at those settlements and ports.
    """
    parts = parts_alone(scenario)
    if cluster not in parts:
        remedy = near(cluster, list(parts))
        raise BadInput(
            [Fault("--cluster", 0, "", cluster, "is no cluster of lines and no FROM-TO of a line", "既非组团,也非航线两端", *remedy)]
        )
    lines = {key: scenario.lines[key] for key in parts[cluster]}
    fleets = {key: fleet for key, fleet in scenario.fleets.items() if any(_sails(fleet, line) for line in lines.values())}
    if cluster in _clusters(scenario):  # a boat without a line of its own is of the cluster too
        fleets = {key: fleet for key, fleet in scenario.fleets.items() if fleet.cluster == cluster}
    called = {port for line in lines.values() for port in line.calls}
    based = called | {fleet.home_port for fleet in fleets.values()}
    access = land_access(scenario)
    quays = {scenario.ports[port].place_id for port in called}
    served = quays | {place for place, ports in access.ports.items() if ports.keys() & called}
    places = served | {scenario.ports[port].place_id for port in based}
    nodes = based | places
    kept = _only(scenario.places, places)
    ports = _only(scenario.ports, based)
    islands = {p.island_id for p in kept.values()} | {p.island_id for p in ports.values()}
    homes = {
        key: home
        for key, home in scenario.settlements.items()
        if home.island_id in islands and (not home.place_id or home.place_id in places)
    }
    stands = homes.keys() | based
    operators = {line.operator for line in lines.values()}
    operators |= {name for fleet in fleets.values() for name in (fleet.operator, *fleet.charter_to)}
    return replace(
        scenario,
        islands=_only(scenario.islands, islands),
        places=kept,
        ports=ports,
        sea_legs=tuple(leg for leg in scenario.sea_legs if {leg.from_port, leg.to_port} <= based),
        land_links=tuple(link for link in scenario.land_links if {link.from_node, link.to_node} <= nodes),
        operators=_only(scenario.operators, operators),
        fleets=fleets,
        lines=lines,
        demand=_servable(scenario, replace(scenario, lines=lines, fleets=fleets), access, called, served),
        obligations={
            key: duty
            for key, duty in scenario.obligations.items()
            if {*duty.island_ports, duty.serves_port} <= called and (_joins(lines, duty) or not _joins(scenario.lines, duty))
        },
        wishes={
            key: wish
            for key, wish in scenario.wishes.items()
            if {wish.from_port, wish.to_port} <= called and (wish.line in lines if wish.line else _share(lines, wish.from_port, wish.to_port))
        },
        hops={key: hop for key, hop in scenario.hops.items() if {hop.from_port, hop.to_port, *hop.stops} <= based},
        facilities={key: facility for key, facility in scenario.facilities.items() if facility.node in nodes},
        fares=tuple(fare for fare in scenario.fares if {fare.from_port, fare.to_port} <= based),
        settlements=homes,
        roads={key: road for key, road in scenario.roads.items() if road.island_id in islands},
        sites={key: site for key, site in scenario.sites.items() if site.node in stands},
        shuttle_fleets={key: fleet for key, fleet in scenario.shuttle_fleets.items() if fleet.base in stands},
        bus_chargers={key: site for key, site in scenario.bus_chargers.items() if site.node in stands},
        island_trips=tuple(trip for trip in scenario.island_trips if {trip.from_node, trip.to_node} <= stands),
        digest=hashlib.sha256(f"{scenario.digest}:{cluster}".encode()).hexdigest(),
    )


def _joins(lines: Mapping[str, LinePattern], duty: Obligation) -> bool:
    """Whether some line calls at the protected port, or the one bridged with it, and at the port it must be joined with."""
    return any(duty.serves_port in line.calls and not set(duty.island_ports).isdisjoint(line.calls) for line in lines.values())


def _share(lines: Mapping[str, LinePattern], a: str, b: str) -> bool:
    return any({a, b} <= set(line.calls) for line in lines.values())


def _only(facts: Mapping[str, T], keys: set[str]) -> dict[str, T]:
    return {key: fact for key, fact in facts.items() if key in keys}


def parts_alone(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Lines by the name of what may be planned alone: clusters first, then the pairs of ports that lines join end to end."""
    parts = {name: tuple(key for key, line in scenario.lines.items() if line.cluster == name) for name in _clusters(scenario)}
    ends: dict[tuple[str, str], list[str]] = {}
    for key, line in scenario.lines.items():
        ends.setdefault((line.calls[0], line.calls[-1]), []).append(key)
    for (a, b), keys in ends.items():
        both = tuple(key for key in scenario.lines if key in keys or key in ends.get((b, a), ()))
        for name in (f"{a}-{b}", f"{b}-{a}"):
            parts.setdefault(name, both)
        for x, y in ((a, b), (b, a)):
            parts.setdefault(f"{x.removesuffix('-t')}-{y.removesuffix('-t')}", both)
    return parts


def _clusters(scenario: Scenario) -> list[str]:
    return sorted({line.cluster for line in scenario.lines.values()})


def _sails(fleet: Fleet, line: LinePattern) -> bool:
    return may_operate(fleet, line) and fleet.vessel_class in line.classes and fleet.cluster == line.cluster


def _servable(whole: Scenario, cut: Scenario, access: Access, called: set[str], served: set[str]) -> tuple[Demand, ...]:
    """Demand of the lines of the cut, in the order of the table.

    That is, between its places: what its lines join with no more way on land than any line does, and of what no line at all joins
    all that its vessels could carry in at most two rides.
    """
    ways = {service: _ways(cut, service) for service in cut.services}
    mine = {service: line_stretches(cut, service) for service in cut.services}
    anyone = {service: line_stretches(whole, service) for service in whole.services}

    def own(row: Demand) -> bool:
        ends = row.from_place, row.to_place
        return served.issuperset(ends) and _land(access, mine[row.service], *ends) <= _land(access, anyone[row.service], *ends)

    return tuple(row for row in whole.demand if own(row) and _carried(ways[row.service], access, called, row.from_place, row.to_place))


def _land(access: Access, stretches: frozenset[tuple[str, str]], start: str, end: str) -> float:
    """Least minutes on land of a journey by one line, infinite if no line joins the places."""
    ways = (out + home for a, out in access.ports[start].items() for b, home in access.ports[end].items() if (a, b) in stretches)
    return min(ways, default=math.inf)


def _ways(cut: Scenario, service: str) -> dict[str, set[str]]:
    """Ports that one ride may reach: any two ports of a fleet, since generated patterns join them as well."""
    ways: dict[str, set[str]] = {}
    for fleet in cut.fleets.values():
        ports = {port for line in eligible_lines(cut, fleet, service) for port in line.calls} if fleet.count else set()
        for port in ports:
            ways.setdefault(port, set()).update(ports - {port})
    return ways


def _carried(ways: Ways, access: Access, called: set[str], start: str, end: str) -> bool:
    begins, ends = access.ports[start].keys() & called, access.ports[end].keys() & called
    near_start = {p for a in begins for p in ways.get(a, ())}
    if near_start & ends:
        return True
    changes = {q for p in near_start for q in access.change[p] if q in called}
    return any(ends & ways.get(q, set()) for q in changes)

"""A cluster alone: its lines, the ports they call at, its vessels, and the demand and obligations of those lines."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from islandflow.errors import BadInput, Fault
from islandflow.network.running import eligible_lines
from islandflow.passengers.access import Access, land_access
from islandflow.scenario.entities import Demand, Fleet, Scenario
from islandflow.scenario.reader import near

T = TypeVar("T")
Ways = Mapping[str, set[str]]


def cut_to_cluster(scenario: Scenario, cluster: str) -> Scenario:
    """The part of a scenario that one cluster needs; BadInput, with the nearest name, if no line is of that cluster.

    A place belongs to the cut if its quay is a port that a line calls at, or if land links join it to such ports and to no
    others. Home ports where no line calls are kept as ports, so that the fleets stay whole, but bring no demand.
    """
    clusters = sorted({line.cluster for line in scenario.lines.values()})
    if cluster not in clusters:
        remedy = near(cluster, clusters)
        raise BadInput([Fault("line_patterns.csv", 0, "cluster", cluster, "is the cluster of no line", "没有航线属于该组团", *remedy)])
    lines = {key: line for key, line in scenario.lines.items() if line.cluster == cluster}
    fleets = {key: fleet for key, fleet in scenario.fleets.items() if fleet.cluster == cluster}
    called = {port for line in lines.values() for port in line.calls}
    based = called | {fleet.home_port for fleet in fleets.values()}
    access = land_access(scenario)
    quays = {scenario.ports[port].place_id for port in called}
    served = quays | {place for place, ports in access.ports.items() if ports and ports.keys() <= called}
    places = served | {scenario.ports[port].place_id for port in based}
    nodes = based | places
    kept = _only(scenario.places, places)
    ports = _only(scenario.ports, based)
    islands = {p.island_id for p in kept.values()} | {p.island_id for p in ports.values()}
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
        demand=_servable(scenario, fleets, access, called, served),
        obligations={k: o for k, o in scenario.obligations.items() if {*o.island_ports, o.serves_port} <= called},
        fares=tuple(fare for fare in scenario.fares if {fare.from_port, fare.to_port} <= based),
        digest=hashlib.sha256(f"{scenario.digest}:{cluster}".encode()).hexdigest(),
    )


def _only(facts: Mapping[str, T], keys: set[str]) -> dict[str, T]:
    return {key: fact for key, fact in facts.items() if key in keys}


def _servable(scenario: Scenario, fleets: Mapping[str, Fleet], access: Access, called: set[str], served: set[str]) -> tuple[Demand, ...]:
    """Demand between places of the cut that its vessels could carry in at most two rides, in the order of the table."""
    ways = {service: _ways(scenario, fleets, service) for service in scenario.services}
    return tuple(
        row
        for row in scenario.demand
        if row.from_place in served and row.to_place in served and _joined(ways[row.service], access, called, row.from_place, row.to_place)
    )


def _ways(scenario: Scenario, fleets: Mapping[str, Fleet], service: str) -> dict[str, set[str]]:
    """Ports that one ride may reach: any two ports of a fleet, since generated patterns join them as well."""
    ways: dict[str, set[str]] = {}
    for fleet in fleets.values():
        ports = {port for line in eligible_lines(scenario, fleet, service) for port in line.calls} if fleet.count else set()
        for port in ports:
            ways.setdefault(port, set()).update(ports - {port})
    return ways


def _joined(ways: Ways, access: Access, called: set[str], start: str, end: str) -> bool:
    begins, ends = access.ports[start].keys() & called, access.ports[end].keys() & called
    near_start = {p for a in begins for p in ways.get(a, ())}
    if near_start & ends:
        return True
    changes = {q for p in near_start for q in access.change[p] if q in called}
    return any(ends & ways.get(q, set()) for q in changes)

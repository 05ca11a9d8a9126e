"""How people reach the boats: quays and land links between places and ports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from islandflow.memory import remembered
from islandflow.scenario.entities import Scenario


@dataclass(frozen=True)
class Access:
    """Minutes on land. ``ports[place][port]`` from a place to a port (0 at its own quay), ``change[a][b]`` between two ports."""

    ports: Mapping[str, Mapping[str, int]]
    change: Mapping[str, Mapping[str, int]]


@remembered(4)
def land_access(scenario: Scenario) -> Access:
    """Ports each place reaches by at most one land link, and the changes that one land link allows between ports."""
    quay = defaultdict(list)
    for port in scenario.ports.values():
        quay[port.place_id].append(port.port_id)
    reach: dict[str, dict[str, int]] = {place: dict.fromkeys(quay[place], 0) for place in scenario.places}
    change: dict[str, dict[str, int]] = {port: {port: 0} for port in scenario.ports}
    for link in scenario.land_links:
        for a, b in ((link.from_node, link.to_node), (link.to_node, link.from_node)):
            if b not in scenario.ports:
                continue
            if a in scenario.ports:
                change[a][b] = min(link.minutes, change[a].get(b, link.minutes))
                place = scenario.ports[a].place_id
            else:
                place = a
            reach[place][b] = min(link.minutes, reach[place].get(b, link.minutes))
    return Access(reach, change)


@remembered(8)
def line_stretches(scenario: Scenario, service: str) -> frozenset[tuple[str, str]]:
    """Ordered pairs of ports that a line of the scenario joins without a change in that service pattern."""
    return frozenset(
        (a, b)
        for line in scenario.lines.values()
        if line.runs_in(service)
        for calls in (line.calls, line.calls[::-1])
        for i, a in enumerate(calls)
        for b in calls[i + 1 :]
        if a != b
    )


def joined(access: Access, stretches: frozenset[tuple[str, str]], start: str, end: str) -> bool:
    """Whether a line of the scenario joins two places, land links included.

    Between such places nobody changes boats: a change is offered only where no line goes through.
    """
    return any((a, b) in stretches for a in access.ports[start] for b in access.ports[end])

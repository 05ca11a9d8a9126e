"""Candidate line patterns: the lines of the scenario both ways, direct pairs, chains and, in their periods, loops."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from islandflow.network.running import Distances, eligible_lines, fleet_ports, leg_minutes
from islandflow.scenario.entities import Fleet, Scenario
from islandflow.scenario.schema import EXPOSURES

GENERATED = "+"


@dataclass(frozen=True)
class Circuit:
    """Like vessels that circulate together: fleet rows that differ only in home port."""

    fleets: tuple[Fleet, ...]
    ports: tuple[str, ...]

    @property
    def fleet(self) -> Fleet:
        """The first row; facts other than home port and count are common to all."""
        return self.fleets[0]

    @property
    def count(self) -> int:
        """Vessels in the circuit."""
        return sum(f.count for f in self.fleets)

    def vessel_ids(self) -> tuple[str, ...]:
        """Named vessels, row by row."""
        return tuple(v for f in self.fleets for v in f.vessel_ids())


@dataclass(frozen=True)
class Pattern:
    """A line pattern sailed by one circuit; offsets in minutes from the first departure. ``hold_m3`` room for cargo."""

    circuit: int
    line: str
    calls: tuple[str, ...]
    departs: tuple[int, ...]
    arrives: tuple[int, ...]
    hold_m3: float = 0.0

    @property
    def minutes(self) -> int:
        """First departure to last arrival."""
        return self.arrives[-1]


def sea_allows(scenario: Scenario, service: str, fleet: Fleet, calls: tuple[str, ...]) -> bool:
    """Whether wind, waves and visibility of that service pattern allow the vessels these legs; a leg is as exposed as its rougher end."""
    facts = scenario.services[service]
    if facts.visibility_m is not None and facts.visibility_m < fleet.visibility_limit_m:
        return False
    rough = {max((scenario.ports[p].exposure for p in leg), key=list(EXPOSURES).index) for leg in pairwise(calls)}
    return all(wind <= fleet.wind_limit_bft and wave <= fleet.wave_limit_m for wind, wave in map(facts.sea, rough))


def circuits(scenario: Scenario, service: str) -> tuple[Circuit, ...]:
    """Circuits that have a line to sail in that service pattern, in the order of the fleet table."""
    alike: dict[tuple[object, ...], list[Fleet]] = defaultdict(list)
    for fleet in scenario.fleets.values():
        if fleet.count and eligible_lines(scenario, fleet, service):
            facts = {k: v for k, v in vars(fleet).items() if k not in {"fleet_id", "name_zh", "name_en", "home_port", "count"}}
            alike[tuple(facts.items())].append(fleet)
    return tuple(Circuit(tuple(rows), tuple(sorted(fleet_ports(scenario, rows[0], service)))) for rows in alike.values())


def patterns(
    scenario: Scenario, network: Distances, service: str, circuit: Circuit, number: int, demand: Mapping[tuple[str, str], int]
) -> list[Pattern]:
    """Candidate patterns of one circuit. ``demand``: trips a day between two ports' quays."""
    fleet = circuit.fleet
    limit = scenario.number("detour_limit")
    lines = eligible_lines(scenario, fleet, service)
    found: dict[tuple[str, ...], str] = {}
    legs: set[tuple[str, str]] = set()
    for line in lines:
        for calls in (line.calls, line.calls[::-1]):
            found.setdefault(calls, line.line_id)
            legs.update(pairwise(calls))
    near = {
        (a, b): network.nm(a, b)
        for a in circuit.ports
        for b in circuit.ports
        if a != b and network.nm(a, b) <= scenario.number("longest_leg_nm")
    }
    direct = {pair for pair in near if demand.get(pair, 0) > 0 or pair in legs}
    for pair in sorted(direct):
        found.setdefault(pair, GENERATED)
    chains = _chains(network, direct, demand, limit)
    if scenario.services[service].hop_lines:
        chains += _loops(scenario, network, direct, demand, limit)
    chains.sort(key=lambda c: (-c[0], c[1]))
    room = scenario.whole("chains_per_fleet")
    for _, calls in chains:
        if room and calls not in found:
            found[calls] = GENERATED
            room -= 1
    fits = [c for c in found if all(fleet.length_m <= scenario.ports[p].longest_vessel_m for p in c) and sea_allows(scenario, service, fleet, c)]
    return [_timed(scenario, network, fleet, number, found[c], c, service) for c in sorted(fits)]


def _timed(scenario: Scenario, network: Distances, fleet: Fleet, number: int, line: str, calls: tuple[str, ...], service: str) -> Pattern:
    arrives: list[int] = []
    for minutes in leg_minutes(scenario, network, fleet, line, calls, service):
        arrives.append((arrives[-1] if arrives else 0) + minutes)
    return Pattern(number, line, calls, (0, *arrives[:-1]), tuple(arrives), fleet.cargo_m3)


def _chains(
    network: Distances, direct: set[tuple[str, str]], demand: Mapping[tuple[str, str], int], limit: float
) -> list[tuple[int, tuple[str, ...]]]:
    onward: dict[str, list[str]] = defaultdict(list)
    for a, b in sorted(direct):
        onward[a].append(b)
    chains: list[tuple[int, tuple[str, ...]]] = []
    for x, y in sorted(direct):
        for z in onward[y]:
            through, first, last = demand.get((x, z), 0), demand.get((x, y), 0), demand.get((y, z), 0)
            useful = through > 0 or (first > 0 and last > 0)
            if z != x and useful and network.nm(x, y) + network.nm(y, z) <= limit * network.nm(x, z):
                chains.append((first + last + 3 * through, (x, y, z)))
    return chains


def _loops(
    scenario: Scenario, network: Distances, direct: set[tuple[str, str]], demand: Mapping[tuple[str, str], int], limit: float
) -> list[tuple[int, tuple[str, ...]]]:
    onward: dict[str, list[str]] = defaultdict(list)
    for a, b in sorted(direct):
        onward[a].append(b)
    loops: list[tuple[int, tuple[str, ...]]] = []
    for x, y in sorted(direct):
        if scenario.ports[x].role == "port":
            continue
        for z in onward[y]:
            if z in (x, y) or (z, x) not in direct or not demand.get((x, y)) or not demand.get((z, x)):
                continue
            length = network.nm(x, y) + network.nm(y, z) + network.nm(z, x)
            if length <= limit * 2 * max(network.nm(x, y), network.nm(x, z)):
                loops.append((demand.get((x, y), 0) + demand.get((y, z), 0) + demand.get((z, x), 0), (x, y, z, x)))
    return loops

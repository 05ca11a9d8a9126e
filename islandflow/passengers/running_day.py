"""The boats, and timed buses, of one day as arrays: connections for the scan, rides with their fares for the Pareto search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from islandflow.ferry.metrics import FAST_KN, fare_fen
from islandflow.ferry.plan import Sailing
from islandflow.network.running import Distances
from islandflow.passengers.bus_trips import BusTrip
from islandflow.passengers.journey_kernels import ALIGHT, BOARD, BOAT, BUS, FARE, OFF, ON, TRIP
from islandflow.passengers.land import NEVER, LandWays
from islandflow.scenario.entities import Scenario

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class RunningDay:
    """``connections``: departs, arrives, from, to, trip, leg, whether one may board and alight; by departure. ``rides``: departs, arrives,
    from, to, trip, board, alight (call numbers from 0), fare in fen, count; by falling departure. From and to are stands: the ports as in
    ``land``, then the halts of buses; ``stands`` are their nodes. Trips are the sailings, then the buses. ``out`` and ``home`` are the
    minutes on land (nodes, stands) from a node to a stand and back. Minutes after midnight. ``near`` stands by stand, ended by -1.
    ``token`` tells one day's searches in memory from another's."""

    scenario: Scenario
    land: LandWays
    sailings: tuple[Sailing, ...]
    buses: tuple[BusTrip, ...]
    connections: IntArray
    rides: IntArray
    stands: IntArray
    near: IntArray
    out: IntArray
    home: IntArray
    token: object = field(default_factory=object, repr=False, compare=False)

    @property
    def trips(self) -> int:
        """Number of sailings and buses."""
        return len(self.sailings) + len(self.buses)

    @cached_property
    def bus_of(self) -> dict[str, BusTrip]:
        """Buses by trip."""
        return {b.trip: b for b in self.buses}

    @cached_property
    def fares(self) -> dict[tuple[int, int, int], int]:
        """Fen by (trip, board, alight)."""
        return {(r[TRIP], r[BOARD], r[ALIGHT]): r[FARE] for r in self.rides.tolist()}


def sails_on(scenario: Scenario, sailing: Sailing, day: date | None) -> bool:
    """Whether a sailing runs on the weekday of a date (its service pattern is the caller's business); always for no date."""
    line = scenario.lines.get(sailing.line)
    return day is None or line is None or str(day.isoweekday()) in line.days


def running_day(
    scenario: Scenario,
    network: Distances,
    land: LandWays,
    sailings: Sequence[Sailing],
    day: date | None = None,
    buses: Sequence[BusTrip] = (),
) -> RunningDay:
    """The arrays of the sailings that run on a date, and of the buses given. KeyError for a vessel, port or halt that does not exist."""
    running = tuple(s for s in sailings if sails_on(scenario, s, day))
    fares = _Fares(scenario, network)
    connections: list[tuple[int, ...]] = []
    rides: list[tuple[int, ...]] = []
    for number, sailing in enumerate(running):
        fleet = scenario.vessel_fleet(sailing.vessel)
        ports = [land.index[p] for p in sailing.ports]
        for leg, (_, _, departs, arrives) in enumerate(sailing.legs()):
            connections.append((departs, arrives, ports[leg], ports[leg + 1], number, leg, ON + OFF))
        for i, a in enumerate(sailing.calls[:-1]):
            for j in range(i + 1, len(sailing.calls)):
                b = sailing.calls[j]
                if a.departs is not None and b.arrives is not None and a.port != b.port:
                    rides.append((a.departs, b.arrives, ports[i], ports[j], number, i, j, fares(fleet.fleet_id, a.port, b.port), BOAT))
    halts = sorted({land.index[h.node] for bus in buses for h in bus.halts})
    stand = {node: land.ports + k for k, node in enumerate(halts)}
    for number, bus in enumerate(buses, start=len(running)):
        at = [stand[land.index[h.node]] for h in bus.halts]
        for leg, ((_, departs), (arrives, _)) in enumerate(bus.legs()):
            may = ON * (bus.halts[leg].departs is not None) + OFF * (bus.halts[leg + 1].arrives is not None)
            connections.append((departs, arrives, at[leg], at[leg + 1], number, leg, may))
        rides += [(departs, arrives, at[i], at[j], number, i, j, bus.fare_fen, BUS) for i, j, departs, arrives in bus.rides()]
    connections.sort()
    rides.sort(key=lambda r: (-r[0], r[1:]))
    stands = np.array([*range(land.ports), *halts], dtype=np.int64)
    return RunningDay(
        scenario,
        land,
        running,
        tuple(buses),
        np.array(connections, dtype=np.int64).reshape(-1, 7),
        np.array(rides, dtype=np.int64).reshape(-1, 9),
        stands,
        _near(land.minutes[np.ix_(stands, stands)] < NEVER),
        np.ascontiguousarray(land.minutes[:, stands]),
        np.ascontiguousarray(land.minutes[stands].T),
    )


class _Fares:
    """Fares of people, each pair and speed computed once."""

    def __init__(self, scenario: Scenario, network: Distances) -> None:
        self.scenario, self.network = scenario, network
        self.known: dict[tuple[bool, str, str], int] = {}

    def __call__(self, fleet_id: str, a: str, b: str) -> int:
        fleet = self.scenario.fleets[fleet_id]
        key = (fleet.speed_kn >= FAST_KN, a, b)
        if key not in self.known:
            self.known[key] = fare_fen(self.scenario, self.network, fleet, (a, b), vehicle=False)
        return self.known[key]


def _near(joined: NDArray[np.bool_]) -> IntArray:
    """By stand the stands with a way on land, ended by -1."""
    near = np.full((len(joined), int(joined.sum(axis=1).max(initial=0)) + 1), -1, dtype=np.int64)
    for p in range(len(joined)):
        found = np.flatnonzero(joined[p])
        near[p, : len(found)] = found
    return near

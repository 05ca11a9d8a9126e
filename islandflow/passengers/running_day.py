"""The boats of one day as arrays: connections for the scan, rides with their fares for the Pareto search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from islandflow.ferry.metrics import FAST_KN, fare_fen
from islandflow.ferry.plan import Sailing
from islandflow.network.running import Distances
from islandflow.passengers.land import NEVER, LandWays
from islandflow.scenario.entities import Scenario

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class RunningDay:
    """``connections``: departs, arrives, from, to, sailing, leg, by departure. ``rides``: departs, arrives, from, to, sailing, board,
    alight (call numbers from 0), fare in fen, by falling departure. Ports are numbered as in ``land``. Minutes after midnight.
    ``token`` tells one day's searches in memory from another's."""

    scenario: Scenario
    land: LandWays
    sailings: tuple[Sailing, ...]
    connections: IntArray
    rides: IntArray
    near: IntArray
    token: object = field(default_factory=object, repr=False, compare=False)


def sails_on(scenario: Scenario, sailing: Sailing, day: date | None) -> bool:
    """Whether a sailing runs on the weekday of a date (its service pattern is the caller's business); always for no date."""
    line = scenario.lines.get(sailing.line)
    return day is None or line is None or str(day.isoweekday()) in line.days


def running_day(scenario: Scenario, network: Distances, land: LandWays, sailings: Sequence[Sailing], day: date | None = None) -> RunningDay:
    """The arrays of the sailings that run on a date. KeyError for a vessel or port that does not exist."""
    running = tuple(s for s in sailings if sails_on(scenario, s, day))
    fares = _Fares(scenario, network)
    connections: list[tuple[int, ...]] = []
    rides: list[tuple[int, ...]] = []
    for number, sailing in enumerate(running):
        fleet = scenario.vessel_fleet(sailing.vessel)
        ports = [land.index[p] for p in sailing.ports]
        for leg, (_, _, departs, arrives) in enumerate(sailing.legs()):
            connections.append((departs, arrives, ports[leg], ports[leg + 1], number, leg))
        for i, a in enumerate(sailing.calls[:-1]):
            for j in range(i + 1, len(sailing.calls)):
                b = sailing.calls[j]
                if a.departs is not None and b.arrives is not None and a.port != b.port:
                    rides.append((a.departs, b.arrives, ports[i], ports[j], number, i, j, fares(fleet.fleet_id, a.port, b.port)))
    connections.sort()
    rides.sort(key=lambda r: (-r[0], r[1:]))
    return RunningDay(
        scenario,
        land,
        running,
        np.array(connections, dtype=np.int64).reshape(-1, 6),
        np.array(rides, dtype=np.int64).reshape(-1, 8),
        _near(land),
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


def _near(land: LandWays) -> IntArray:
    ports = land.minutes[: land.ports, : land.ports] < NEVER
    near = np.full((land.ports, int(ports.sum(axis=1).max(initial=0)) + 1), -1, dtype=np.int64)
    for p in range(land.ports):
        found = np.flatnonzero(ports[p])
        near[p, : len(found)] = found
    return near

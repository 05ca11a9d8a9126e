"""The problem of rotations and its answer: every trip once, each vehicle's day from its depot and back to it, at least cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Status = Literal["optimal", "feasible", "infeasible", "no_solution"]


@dataclass(frozen=True, eq=False)
class Trips:
    """Trips and depots; costs are whole numbers, ``inf`` = not possible.

    link: (trips, trips), cost of doing one trip right after the other; no cycles. out: (depots, trips) from the depot to its first
    trip; into: (trips, depots) from the last trip back. serves: (depots, trips), whether a vehicle of the depot may do the trip.
    limits: (depots, vehicles) pairs, so many vehicles at most from these depots together.
    """

    link: FloatArray
    out: FloatArray
    into: FloatArray
    serves: BoolArray
    limits: tuple[tuple[tuple[int, ...], int], ...]

    @property
    def count(self) -> int:
        """Number of trips."""
        return len(self.link)

    @property
    def depots(self) -> int:
        """Number of depots."""
        return len(self.out)

    def most(self) -> IntArray:
        """(depots,) vehicles that each depot may send at most."""
        found = np.full(self.depots, self.count, dtype=np.int64)
        for depots, vehicles in self.limits:
            found[list(depots)] = np.minimum(found[list(depots)], vehicles)
        return found

    def cost(self, depot: int, day: Sequence[int]) -> float:
        """Cost of a vehicle's day, inf if it may not be."""
        if not day or not self.serves[depot, list(day)].all():
            return float("inf")
        between = sum(self.link[a, b] for a, b in pairwise(day))
        return float(self.out[depot, day[0]] + between + self.into[day[-1], depot])

    def order(self) -> IntArray:
        """Trips in an order in which every link leads onward; ValueError if links go round in a circle."""
        linked = np.isfinite(self.link)
        waits = linked.sum(axis=0)
        ready = [int(i) for i in np.flatnonzero(waits == 0)]
        found: list[int] = []
        while ready:
            i = ready.pop()
            found.append(i)
            waits = waits - linked[i]
            ready += [int(j) for j in np.flatnonzero(linked[i] & (waits == 0))]
        if len(found) < self.count:
            raise ValueError("trips follow each other in a circle")
        return np.array(found, dtype=np.int64)


@dataclass(frozen=True)
class Days:
    """Vehicles' days: (depot, trips in order) each, their cost, and a bound that no other days undercut (None = none known)."""

    status: Status
    days: tuple[tuple[int, tuple[int, ...]], ...] = ()
    cost: int | None = None
    bound: int | None = None
    seconds: float = 0.0


def counted(trips: Trips, days: Sequence[tuple[int, Sequence[int]]]) -> int:
    """Cost of days, counted anew from the tables; ValueError if a trip is missed or done twice, a limit broken, a day impossible."""
    done = sorted(i for _, day in days for i in day)
    if done != list(range(trips.count)):
        raise ValueError("not every trip is done exactly once")
    for depots, vehicles in trips.limits:
        if sum(depot in depots for depot, _ in days) > vehicles:
            raise ValueError(f"more than {vehicles} vehicles from depots {depots}")
    total = sum(trips.cost(depot, day) for depot, day in days)
    if not np.isfinite(total):
        raise ValueError("a day holds a trip or a link that is not possible")
    return round(total)

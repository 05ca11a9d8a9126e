"""Trips from one depot, several a day and vehicle: what shuttles that wait for boats come down to once roads and minutes are known.

A customer is ready at the depot at its release time; a trip leaves when all of its own are. Cost is travel; waiting is free.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
Trip = tuple[int, ...]
Journeys = tuple[tuple[Trip, ...], ...]


@dataclass(frozen=True)
class MultiTrip:
    """Node 0 is the depot. Whole numbers: ``travel[i, j]`` is time and cost; ``opens`` and ``closes`` of the start of service;
    ``release`` of a customer at the depot; ``closes[0]`` is the time to be back. ``vehicles`` of ``capacity`` each."""

    travel: IntArray
    service: IntArray
    opens: IntArray
    closes: IntArray
    release: IntArray
    demand: IntArray
    capacity: int
    vehicles: int

    @property
    def customers(self) -> int:
        """How many; nodes 1 to this."""
        return len(self.demand) - 1

    def cost(self, trip: Sequence[int]) -> int:
        """Travel of a trip from the depot and back."""
        way = (0, *trip, 0)
        return int(sum(int(self.travel[i, j]) for i, j in pairwise(way)))

    def timing(self, trip: Sequence[int]) -> Timing | None:
        """When a trip may run; None if it cannot."""
        if sum(int(self.demand[k]) for k in trip) > self.capacity:
            return None
        ready = max([int(self.opens[0]), *(int(self.release[k]) for k in trip)])
        length, here = 0, 0
        latest, arrival = int(self.closes[0]), ready
        for k in (*trip, 0):
            step = int(self.service[here]) + int(self.travel[here, k])
            length += step
            arrival = max(arrival + step, int(self.opens[k]))
            latest = min(latest, int(self.closes[k]) - length)
            if arrival > self.closes[k]:
                return None
            here = k
        return Timing(ready, latest, arrival, length)


@dataclass(frozen=True)
class Timing:
    """A trip that leaves at ``s``, ``ready`` <= s <= ``latest``, is back at max(``first_back``, s + ``length``)."""

    ready: int
    latest: int
    first_back: int
    length: int

    def back(self, start: int) -> int:
        """Time back at the depot of a start."""
        return max(self.first_back, start + self.length)

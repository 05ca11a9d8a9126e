"""A wish on a timetable: every way between its places on each of its days, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from islandflow.itineraries.wish import Wish
from islandflow.passengers.journeys import pareto_ways
from islandflow.passengers.land import NEVER
from islandflow.passengers.running_day import RunningDay

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class ItineraryProblem:
    """``nodes``: stops first, then beds that are no stop, then start and home. ``first[d, i, j]`` to ``first[d, i, j + 1]`` are the ways
    from i to j on day d in ``ways`` (departs, arrives, fen a person, boats), by departure; on land any minute is one (``on_land`` minutes,
    NEVER if there is no way; ``land_fen``)."""

    wish: Wish
    days: tuple[RunningDay, ...]
    nodes: tuple[str, ...]
    stops: int
    first: IntArray
    ways: IntArray
    on_land: IntArray
    land_fen: IntArray

    @classmethod
    def of(cls, wish: Wish, days: Sequence[RunningDay]) -> ItineraryProblem:
        """Searches all ways. KeyError for a place that does not exist; ValueError if days and dates do not match."""
        if len(days) != len(wish.dates):
            raise ValueError("a running day for each date is needed")
        places = [s.place for s in wish.stops]
        nodes = (*places, *(b for b in wish.beds if b not in places), wish.start, wish.home)
        n = len(nodes)
        land = days[0].land
        index = [land.index[x] for x in nodes]
        on_land, land_fen = land.minutes[np.ix_(index, index)], land.fare_fen[np.ix_(index, index)]
        first = np.zeros((len(days), n, n + 1), dtype=np.int64)
        found: list[IntArray] = []
        size = 0
        known: dict[int, tuple[IntArray, IntArray]] = {}
        for d, day in enumerate(days):
            if id(day) not in known:  # dates that sail alike share their day
                known[id(day)] = _all_ways(day, nodes)
                found.append(known[id(day)][0])
                known[id(day)] = (known[id(day)][0], known[id(day)][1] + size)
                size += len(found[-1])
            first[d] = known[id(day)][1]
        ways = np.concatenate(found) if found else np.zeros((0, 4), dtype=np.int64)
        return cls(wish, tuple(days), nodes, len(places), first, ways, np.minimum(on_land, NEVER), land_fen)


def _all_ways(day: RunningDay, nodes: Sequence[str]) -> tuple[IntArray, IntArray]:
    """Ways between all nodes, from each in turn to each in turn, and where those of a pair begin."""
    n = len(nodes)
    into = [pareto_ways(day, end, nodes) for end in nodes]
    counts = np.array([[begins[i + 1] - begins[i] for _, begins in into] for i in range(n)], dtype=np.int64)
    first = np.zeros((n, n + 1), dtype=np.int64)
    flat = np.concatenate([[0], np.cumsum(counts.ravel())])
    for i in range(n):
        first[i] = flat[i * n : (i + 1) * n + 1]
    parts = [rows[begins[i] : begins[i + 1]] for i in range(n) for rows, begins in into]
    return np.concatenate(parts) if parts else np.zeros((0, 4), dtype=np.int64), first

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
    """``nodes``: stops first, then beds that are no stop, then start and home. ``first[d, i, j]`` to ``past[d, i, j]`` are the ways
    from i to j on day d in ``ways`` (departs, arrives, fen a person, boats), by departure; on land any minute is one (``on_land`` minutes,
    NEVER if there is no way; ``land_fen``)."""

    wish: Wish
    days: tuple[RunningDay, ...]
    nodes: tuple[str, ...]
    stops: int
    first: IntArray
    past: IntArray
    ways: IntArray
    on_land: IntArray
    land_fen: IntArray

    @classmethod
    def of(cls, wish: Wish, days: Sequence[RunningDay]) -> ItineraryProblem:
        """Searches all ways; those of a day that were searched before are taken from memory.

        KeyError for a place that does not exist; ValueError if days and dates do not match.
        """
        if len(days) != len(wish.dates):
            raise ValueError("a running day for each date is needed")
        places = [s.place for s in wish.stops]
        nodes = (*places, *(b for b in wish.beds if b not in places), wish.start, wish.home)
        n = len(nodes)
        land = days[0].land
        index = [land.index[x] for x in nodes]
        on_land, land_fen = land.minutes[np.ix_(index, index)], land.fare_fen[np.ix_(index, index)]
        first, past = np.zeros((len(days), n, n), dtype=np.int64), np.zeros((len(days), n, n), dtype=np.int64)
        found: list[IntArray] = [np.zeros((0, 4), dtype=np.int64)]
        size = 0
        known: dict[object, int] = {}
        for d, day in enumerate(days):
            same = known.setdefault(day.token, d)
            if same != d:  # dates that sail alike share their ways
                first[d], past[d] = first[same], past[same]
                continue
            for j, end in enumerate(nodes):
                rows, begins = pareto_ways(day, end)
                first[d, :, j], past[d, :, j] = begins[index] + size, begins[1:][index] + size
                found.append(rows)
                size += len(rows)
        return cls(wish, tuple(days), nodes, len(places), first, past, np.concatenate(found), np.minimum(on_land, NEVER), land_fen)

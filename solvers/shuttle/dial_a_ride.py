"""Dial-a-ride: people fetched and brought within windows, nobody longer on board than allowed. Cost is distance; exact doubles.

Cordeau (2006): request i is fetched at node i and brought to node n + i; node 0 is where every route begins, node 2n + 1 where it ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
EPS = 1e-7
FAR = 1e9


@dataclass(frozen=True)
class DialARide:
    """``travel`` (2n + 2, 2n + 2) is time and cost; ``service`` minutes at a node; windows of the start of service; ``load`` gained at a
    node; ``vehicles`` of ``capacity``; a route lasts at most ``longest_route``, a ride ``longest_ride``."""

    travel: FloatArray
    service: FloatArray
    opens: FloatArray
    closes: FloatArray
    load: IntArray
    vehicles: int
    capacity: int
    longest_route: float
    longest_ride: float

    @property
    def requests(self) -> int:
        """How many; nodes 1 to this are where they are fetched."""
        return (len(self.service) - 2) // 2

    def cost(self, route: Sequence[int]) -> float:
        """Distance of a route from the depot and back."""
        return float(sum(self.travel[i, j] for i, j in pairwise((0, *route, 2 * self.requests + 1))))


def faults(problem: DialARide, routes: Sequence[Sequence[int]]) -> list[str]:
    """What is wrong with a plan, judged by the definition alone: every request once, order, seats, and times by a shortest-path test."""
    n, told = problem.requests, []
    seen = [k for route in routes for k in route]
    if sorted(seen) != list(range(1, 2 * n + 1)):
        told.append("not every request is fetched and brought exactly once")
    if len(routes) > problem.vehicles:
        told.append(f"{len(routes)} routes, {problem.vehicles} vehicles")
    for number, route in enumerate(routes):
        place = {k: x for x, k in enumerate(route)}
        if any(place.get(k + n, -1) < x for k, x in place.items() if k <= n):
            told.append(f"route {number}: brought before fetched, or by another vehicle")
            continue
        if max(np.cumsum([problem.load[k] for k in route]), default=0) > problem.capacity:
            told.append(f"route {number}: too many on board")
        if not _in_time(problem, route):
            told.append(f"route {number}: no times keep windows, rides and the route's length")
    return told


def _in_time(problem: DialARide, route: Sequence[int]) -> bool:
    """Bellman-Ford on differences of times: feasible unless there is a negative cycle."""
    n = problem.requests
    way = [0, *route, 2 * n + 1]
    size = len(way)
    edges = [(k + 1, k, -(problem.service[way[k]] + problem.travel[way[k], way[k + 1]])) for k in range(size - 1)]  # t[k] - t[k+1] <= w
    edges.append((0, size - 1, problem.longest_route))
    place = {k: x for x, k in enumerate(way)}
    edges += [(place[k], place[k + n], problem.longest_ride + problem.service[k]) for k in route if k <= n]
    edges += [(size, x, problem.closes[k]) for x, k in enumerate(way)] + [(x, size, -problem.opens[k]) for x, k in enumerate(way)]
    far = [0.0] * (size + 1)
    for _ in range(size + 2):
        moved = False
        for a, b, w in edges:
            if far[a] + w < far[b] - EPS:
                far[b], moved = far[a] + w, True
        if not moved:
            return True
    return False

"""Fragments of dial-a-ride routes: ways of a vehicle from empty to empty (Alyasiry, Forbes & Bulmer 2019; Rist & Forbes 2021).

Every route is a chain of fragments. All that can be driven are enumerated; of those with the same requests, first and last node only
the ones stay that no other beats in cost and time.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np
from numba import njit

from solvers.shuttle.dial_a_ride import EPS, FAR, DialARide, FloatArray


@dataclass(frozen=True)
class Fragment:
    """``nodes`` in order. Service at the first node begins at s in [``first``, ``latest``]; at the last at max(``ends``, s + ``span``)."""

    nodes: tuple[int, ...]
    cost: float
    first: float
    latest: float
    ends: float
    span: float


def fragments(problem: DialARide, most: int = 2_000_000) -> list[Fragment]:
    """All fragments that are worth driving. MemoryError past ``most`` ways tried."""
    problem = tightened(problem)
    n, count = problem.requests, 0
    kept: dict[tuple[frozenset[int], int, int], list[Fragment]] = defaultdict(list)
    stack: list[tuple[tuple[int, ...], tuple[int, ...], int, float]] = [((i,), (i,), int(problem.load[i]), 0.0) for i in range(1, n + 1)]
    while stack:
        nodes, open_, load, cost = stack.pop()
        count += 1
        if count > most:
            raise MemoryError(f"more than {most} ways")
        if not open_:
            times = window(problem, nodes)
            _keep(kept[frozenset(nodes), nodes[0], nodes[-1]], Fragment(nodes, cost, *times))
            continue
        seen = set(nodes)
        for k in [*(i + n for i in open_), *(i for i in range(1, n + 1) if i not in seen)]:
            if k <= n and load + problem.load[k] > problem.capacity:
                continue
            longer = (*nodes, k)
            still = tuple(i for i in open_ if i != k - n) if k > n else (*open_, k)
            if not _can_end(problem, longer, still):
                continue
            stack.append((longer, still, load + int(problem.load[k]), cost + float(problem.travel[nodes[-1], k])))
    return [f for group in kept.values() for f in group]


def _can_end(problem: DialARide, nodes: tuple[int, ...], open_: tuple[int, ...]) -> bool:
    """Whether those on board can all be brought in some order, with nobody else fetched."""
    if window(problem, nodes)[0] >= FAR:
        return False
    n = problem.requests
    return not open_ or any(_can_end(problem, (*nodes, i + n), tuple(j for j in open_ if j != i)) for i in open_)


def tightened(problem: DialARide) -> DialARide:
    """The same with windows that rides and the depot's day allow (Cordeau 2006)."""
    n, s, t = problem.requests, problem.service, problem.travel
    opens, closes = problem.opens.copy(), problem.closes.copy()
    for i in range(1, n + 1):
        j = i + n
        opens[j] = max(opens[j], opens[i] + s[i] + t[i, j])
        closes[j] = min(closes[j], closes[i] + s[i] + problem.longest_ride)
        opens[i] = max(opens[i], opens[j] - problem.longest_ride - s[i])
        closes[i] = min(closes[i], closes[j] - s[i] - t[i, j])
    end = 2 * n + 1
    for k in range(1, end):
        opens[k] = max(opens[k], opens[0] + t[0, k])
        closes[k] = min(closes[k], closes[end] - s[k] - t[k, end])
    return replace(problem, opens=opens, closes=closes)


def _keep(group: list[Fragment], new: Fragment) -> None:
    def beats(a: Fragment, b: Fragment) -> bool:
        return a.cost <= b.cost + EPS and a.latest >= b.latest - EPS and a.ends <= b.ends + EPS and a.span <= b.span + EPS

    if not any(beats(f, new) for f in group):
        group[:] = [f for f in group if not beats(new, f)] + [new]


def window(problem: DialARide, nodes: tuple[int, ...]) -> tuple[float, float, float, float]:
    """(first, latest, ends, span) of a way whose requests may still be on board; first is FAR if it cannot be driven in time."""
    return _window(
        np.array(nodes, dtype=np.int64), problem.requests, problem.travel, problem.service, problem.opens, problem.closes, problem.longest_ride
    )


@njit(cache=True)
def _window(
    nodes: np.ndarray, n: int, travel: FloatArray, service: FloatArray, opens: FloatArray, closes: FloatArray, longest_ride: float
) -> tuple[float, float, float, float]:
    """Differences of times as a network: shortest ways from and to the origin, and from the last node to the first."""
    size = len(nodes)
    partner = np.full(size, -1, np.int64)
    for a in range(size):
        for b in range(a + 1, size):
            if nodes[b] == nodes[a] + n and nodes[a] <= n:
                partner[a] = b
    early, late = np.empty(size), np.empty(size)
    for k in range(size):
        early[k], late[k] = opens[nodes[k]], closes[nodes[k]]
    for _ in range(size + 1):
        moved = False
        for k in range(size - 1):
            t = early[k] + service[nodes[k]] + travel[nodes[k], nodes[k + 1]]
            if t > early[k + 1] + EPS:
                early[k + 1], moved = t, True
        for k in range(size):
            if partner[k] >= 0:
                t = early[partner[k]] - longest_ride - service[nodes[k]]
                if t > early[k] + EPS:
                    early[k], moved = t, True
        for k in range(size):
            if early[k] > late[k] + EPS:
                return FAR, 0.0, 0.0, 0.0
        if not moved:
            break
    else:
        return FAR, 0.0, 0.0, 0.0
    for _ in range(size + 1):
        moved = False
        for k in range(size - 1, 0, -1):
            t = late[k] - service[nodes[k - 1]] - travel[nodes[k - 1], nodes[k]]
            if t < late[k - 1] - EPS:
                late[k - 1], moved = t, True
        for k in range(size):
            if partner[k] >= 0:
                t = late[k] + service[nodes[k]] + longest_ride
                if t < late[partner[k]] - EPS:
                    late[partner[k]], moved = t, True
        if not moved:
            break
    span = np.full(size, -FAR)  # least minutes from the first node's time to each
    span[0] = 0.0
    for _ in range(size + 1):
        moved = False
        for k in range(size - 1):
            t = span[k] + service[nodes[k]] + travel[nodes[k], nodes[k + 1]]
            if t > span[k + 1] + EPS:
                span[k + 1], moved = t, True
        for k in range(size):
            if partner[k] >= 0:
                t = span[partner[k]] - longest_ride - service[nodes[k]]
                if t > span[k] + EPS:
                    if k == 0:
                        return FAR, 0.0, 0.0, 0.0
                    span[k], moved = t, True
        if not moved:
            break
    return early[0], late[0], early[size - 1], span[size - 1]

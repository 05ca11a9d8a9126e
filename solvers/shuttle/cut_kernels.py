"""Kernels of cuts: covers of a boat's stops by runs, and rounded needs that shares of runs miss. Sets of stops are bit sets."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@njit(cache=True, nogil=True)
def masks_of(
    runs: IntArray, nodes: int, item_start: IntArray, item_party: IntArray, route_start: IntArray, route_stop: IntArray, bit: IntArray
) -> IntArray:
    """(runs,) union of ``bit`` (parties,) over the parties that a run may carry."""
    found = np.zeros(len(runs), np.int64)
    for v in range(len(runs)):
        m, r = runs[v, 0], runs[v, 1]
        for k in range(route_start[r], route_start[r + 1]):
            at = m * nodes + route_stop[k]
            for i in range(item_start[at], item_start[at + 1]):
                found[v] |= bit[item_party[i]]
    return found


@njit(cache=True, nogil=True)
def cheapest_cover(masks: IntArray, cost: FloatArray, left: FloatArray) -> tuple[FloatArray, IntArray]:
    """(2 ** stops,) least cost of serving each set of stops by runs (``masks`` at ``cost``) or leaving them (``left``, a stop).

    And the choice that gives it: a run's number, or -1 - stop. By the lowest stop of the set, which somebody serves or nobody does.
    """
    size = len(left)
    best, how = np.zeros(1 << size), np.zeros(1 << size, np.int64)
    for s in range(1, 1 << size):
        k = 0
        while not s >> k & 1:
            k += 1
        best[s], how[s] = left[k] + best[s & ~(1 << k)], -1 - k
        for i in range(len(masks)):
            if masks[i] >> k & 1 and cost[i] + best[s & ~masks[i]] < best[s]:
                best[s], how[s] = cost[i] + best[s & ~masks[i]], i
    return best, how


@njit(cache=True, nogil=True)
def lifted(cover: FloatArray, order: IntArray, unit: float) -> FloatArray:
    """(2 ** stops,) the least a run of each set may count so that every cover still counts 1, set after set in ``order``.

    cover: least count of each set by those that count already; changed on the way. Counts are multiples of 1/``unit``, rounded up.
    Sets that ``order`` does not name count as the largest set may that they could be part of: 1.
    """
    found = np.ones(len(cover))
    everyone = len(cover) - 1
    for r in order:
        mine = min(1.0, max(0.0, np.ceil((1.0 - cover[everyone & ~r]) * unit) / unit))
        found[r] = mine
        for s in range(everyone, 0, -1):
            if s & r:
                cover[s] = min(cover[s], mine + cover[s & ~r])
    return found


@njit(cache=True, nogil=True)
def most_missed(
    masks: IntArray, fleet: IntArray, shares: FloatArray, amount: IntArray, caps: IntArray, left: FloatArray, divisor: int
) -> tuple[float, int]:
    """The set of stops whose rounded need of ``divisor`` is missed most, by how many runs (0 = none is missed).

    masks, fleet, shares: (tasks,) the stops that a run may serve, its fleet, how much of it is taken. amount, left: (stops,) people, and
    people left behind; caps: (fleets,) seats.
    """
    size = len(amount)
    sums, behind = np.zeros(1 << size, np.int64), np.zeros(1 << size)
    for s in range(1, 1 << size):
        k, low = 0, s & -s
        while low >> k != 1:
            k += 1
        sums[s], behind[s] = sums[s & ~low] + amount[k], behind[s & ~low] + left[k]
    worst, which = 0.0, 0
    for s in range(1, 1 << size):
        rest = sums[s] % divisor
        if rest == 0:
            continue
        short = rest * (sums[s] // divisor + 1) - behind[s]
        for k in range(len(masks)):
            if short <= worst * rest:
                break
            a = min(caps[fleet[k]], sums[masks[k] & s])
            short -= shares[k] * (rest * (a // divisor) + min(rest, a % divisor))
        if short > worst * rest:
            worst, which = short / rest, s
    return worst, which

"""Compiled parts: cheapest days through every trip of every depot, and all days below a reduced cost."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]
NONE = -1


@njit(cache=True)
def arcs(link: Array) -> tuple[Array, Array, Array]:
    """Links onward of each trip: pointer, target, cost."""
    n = len(link)
    ptr = np.zeros(n + 1, np.int64)
    for i in range(n):
        ptr[i + 1] = ptr[i] + np.sum(link[i] < np.inf)
    target, cost = np.empty(ptr[n], np.int64), np.empty(ptr[n])
    for i in range(n):
        e = ptr[i]
        for j in range(n):
            if link[i, j] < np.inf:
                target[e], cost[e] = j, link[i, j]
                e += 1
    return ptr, target, cost


@njit(cache=True)
def through(
    ptr: Array, target: Array, cost: Array, out: Array, into: Array, serves: Array, price: Array, fixed: Array
) -> tuple[Array, Array, Array, Array]:
    """Cheapest days at given prices: ``ahead[k, j]`` up to and with trip j, ``after[k, j]`` from its end to the depot, and the ways.

    price: (trips,) worth of a trip, taken off; fixed: (depots,) added to every day of the depot.
    """
    depots, n = out.shape
    ahead, after = np.full((depots, n), np.inf), np.full((depots, n), np.inf)
    came, goes = np.full((depots, n), NONE, np.int64), np.full((depots, n), NONE, np.int64)
    for k in range(depots):
        for i in range(n):
            if not serves[k, i]:
                continue
            if out[k, i] + fixed[k] - price[i] < ahead[k, i]:
                ahead[k, i] = out[k, i] + fixed[k] - price[i]
                came[k, i] = NONE
            base = ahead[k, i]
            if base == np.inf:
                continue
            for e in range(ptr[i], ptr[i + 1]):
                j = target[e]
                new = base + cost[e] - price[j]
                if new < ahead[k, j] and serves[k, j]:
                    ahead[k, j] = new
                    came[k, j] = i
        for i in range(n - 1, -1, -1):
            if not serves[k, i]:
                continue
            best, way = into[i, k], NONE
            for e in range(ptr[i], ptr[i + 1]):
                j = target[e]
                new = cost[e] - price[j] + after[k, j]
                if new < best:
                    best, way = new, j
            after[k, i], goes[k, i] = best, way
    return ahead, after, came, goes


@njit(cache=True)
def pick(ahead: Array, after: Array, came: Array, goes: Array, below: float, most: int) -> tuple[Array, Array, Array]:
    """Days of reduced cost under ``below``, cheapest first, each through a trip that no earlier one of its depot has.

    Returns depot, pointer and trips.
    """
    depots, n = ahead.shape
    before = np.empty(n, np.int64)
    depot, ptr, trips = [0 for _ in range(0)], [0], [0 for _ in range(0)]
    for k in range(depots):
        total = ahead[k] + after[k]
        seen = np.zeros(n, np.bool_)
        taken = 0
        for j in np.argsort(total):
            if not total[j] < below or taken >= most:
                break
            if seen[j]:
                continue
            length, way = 0, j
            while way != NONE:
                before[length] = way
                length += 1
                way = came[k, way]
            for d in range(length - 1, -1, -1):
                seen[before[d]] = True
                trips.append(before[d])
            way = goes[k, j]
            while way != NONE:
                seen[way] = True
                trips.append(way)
                way = goes[k, way]
            depot.append(k)
            ptr.append(len(trips))
            taken += 1
    return np.array(depot), np.array(ptr), np.array(trips)


@njit(cache=True)
def days_below(
    ptr: Array, target: Array, cost: Array, ahead: Array, after: Array, out: Array, into: Array, serves: Array, price: Array,
    fixed: Array, limit: float, room: int,
) -> tuple[bool, Array, Array, Array]:  # fmt: skip
    """All days of reduced cost at most ``limit``: whether they are all, then depot, pointer and trips; at most ``room`` days."""
    depots, n = out.shape
    depot, begins, trips = [0 for _ in range(0)], [0], [0 for _ in range(0)]
    stack, edge, spent = np.empty(n + 1, np.int64), np.empty(n + 1, np.int64), np.empty(n + 1)
    for k in range(depots):
        for first in range(n):
            if not serves[k, first]:
                continue
            start = out[k, first] + fixed[k] - price[first]
            if not start + after[k, first] <= limit:
                continue
            depth = 0
            stack[0], edge[0], spent[0] = first, ptr[first] - 1, start
            while depth >= 0:
                i = stack[depth]
                if edge[depth] < ptr[i]:
                    edge[depth] = ptr[i]
                    if spent[depth] + into[i, k] <= limit:
                        if len(depot) >= room:
                            return False, np.array(depot), np.array(begins), np.array(trips)
                        depot.append(k)
                        for d in range(depth + 1):
                            trips.append(stack[d])
                        begins.append(len(trips))
                moved = False
                while edge[depth] < ptr[i + 1]:
                    e = edge[depth]
                    edge[depth] += 1
                    j = target[e]
                    new = spent[depth] + cost[e] - price[j]
                    if serves[k, j] and new + after[k, j] <= limit:
                        depth += 1
                        stack[depth], edge[depth], spent[depth] = j, ptr[j] - 1, new
                        moved = True
                        break
                if not moved:
                    depth -= 1
    return True, np.array(depot), np.array(begins), np.array(trips)


@njit(cache=True)
def at_least_two(ptr: Array, ids: Array, a: int, b: int, c: int) -> Array:
    """(days,) whether a day does two or three of the trips a, b and c."""
    found = np.zeros(len(ptr) - 1, np.bool_)
    for d in range(len(ptr) - 1):
        hits = 0
        for e in range(ptr[d], ptr[d + 1]):
            hits += ids[e] == a or ids[e] == b or ids[e] == c
        found[d] = hits >= 2
    return found


@njit(cache=True)
def triples(ptr: Array, ids: Array, value: Array, n: int, least: float) -> tuple[Array, Array, Array, Array]:
    """Three trips each of which days of total value above 1 + ``least`` do two at least, and by how much it is above 1."""
    pair = np.zeros((n, n))
    for d in range(len(ptr) - 1):
        for e in range(ptr[d], ptr[d + 1]):
            for f in range(ptr[d], ptr[d + 1]):
                if e != f:
                    pair[ids[e], ids[f]] += value[d]
    one, two, three, by = [0 for _ in range(0)], [0 for _ in range(0)], [0 for _ in range(0)], [0.0 for _ in range(0)]
    near = np.empty(n, np.int64)
    for j in range(n):
        count = 0
        for i in range(n):
            if pair[i, j] > 0:
                near[count] = i
                count += 1
        for x in range(count):
            for y in range(x):
                i, k = near[y], near[x]
                # each triple once: from its middle trip, or from an end where the other two never go together
                if pair[i, k] > 0 and not i < j < k:
                    continue
                total = pair[i, j] + pair[j, k] + pair[i, k]
                if total <= 1 + least:
                    continue
                for d in range(len(ptr) - 1):
                    hits = 0
                    for e in range(ptr[d], ptr[d + 1]):
                        hits += ids[e] == i or ids[e] == j or ids[e] == k
                    if hits == 3:
                        total -= 2 * value[d]
                if total > 1 + least:
                    one.append(i)
                    two.append(j)
                    three.append(k)
                    by.append(total - 1)
    return np.array(one), np.array(two), np.array(three), np.array(by)

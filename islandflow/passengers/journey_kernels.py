"""Timetable search on arrays: a connection scan for the earliest arrival, and all Pareto journeys of a day backwards in time.

The scan follows Dibbelt, Pajor, Strasser and Wagner (2013); the Pareto search is its profile form over whole rides, because a
fare belongs to a ride from boarding to alighting and does not add up over its legs. Both run over *stands*: where a vehicle is boarded.
A quay has one for boats and, where buses halt, another for buses, so that what lies between two rides depends on their stands alone.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
NEVER = 1_000_000
DEPARTS, ARRIVES, FROM, TO, TRIP, LEG, OPEN = range(7)  # columns of a connection; OPEN: ON if people may board, plus OFF if they may alight
ON, OFF = 1, 2
BOARD, ALIGHT, FARE, COUNT = 5, 6, 7, 8  # further columns of a ride; its first five are those of a connection
BOAT, BUS, BUS_BITS = 256, 1, 8  # what a ride counts: few boats come before few buses, and both lie in one number
L_DEPARTS, L_ARRIVES, L_COUNT, L_FARE, L_RIDE, L_NEXT = range(6)  # columns of a label; L_NEXT is -1 at the end


@njit(cache=True, nogil=True)
def scan(
    connections: IntArray, trips: int, ready: IntArray, change: IntArray, near: IntArray, home: IntArray, limit: int
) -> tuple[int, int, IntArray, IntArray]:
    """Earliest arrival by timetable. ``connections`` by departure; ``ready[p]`` first minute of boarding at a stand; ``change[p, q]``
    minutes from alighting at p to boarding at q; ``near[p]`` the stands with a way on land from p, ended by -1; ``home[p]`` minutes
    from p to the end; ``limit`` an arrival that must be beaten.

    Returns arrival (NEVER if none), the connection of the last alighting, the connection in which each trip was boarded, and for
    each stand the connection after which it was reached (-1 = from the start).
    """
    board = ready.copy()
    entered = np.full(trips, -1, dtype=np.int64)
    source = np.full(len(ready), -1, dtype=np.int64)
    alighted = np.full(len(ready), NEVER, dtype=np.int64)
    best, last = limit, -1
    for c in range(len(connections)):
        departs = connections[c, DEPARTS]
        if departs >= best:
            break
        trip, a, b, arrives = connections[c, TRIP], connections[c, FROM], connections[c, TO], connections[c, ARRIVES]
        if entered[trip] < 0:
            if board[a] > departs or not connections[c, OPEN] & ON:
                continue
            entered[trip] = c
        if not connections[c, OPEN] & OFF:
            continue
        if arrives + home[b] < best:
            best, last = arrives + home[b], c
        if arrives < alighted[b]:
            alighted[b] = arrives
            for n in range(near.shape[1]):
                q = near[b, n]
                if q < 0:
                    break
                if arrives + change[b, q] < board[q]:
                    board[q] = arrives + change[b, q]
                    source[q] = c
    return (best if last >= 0 else NEVER), last, entered, source


@njit(cache=True, nogil=True)
def _beaten(labels: IntArray, bag: IntArray, count: int, low: IntArray, label: IntArray) -> bool:
    """Whether a label of the bag (all depart no earlier) is as good in arrival, count of rides and fare."""
    i = count - 1
    while i >= 0:
        if low[i, 0] > label[L_ARRIVES] or low[i, 1] > label[L_COUNT] or low[i, 2] > label[L_FARE]:
            return False
        other = labels[bag[i]]
        if other[L_ARRIVES] <= label[L_ARRIVES] and other[L_COUNT] <= label[L_COUNT] and other[L_FARE] <= label[L_FARE]:
            return True
        i -= 1
    return False


@njit(cache=True, nogil=True)
def _keep(front: IntArray, size: int, arrives: int, boats: int, fare: int, onward: int) -> int:
    """Adds a way on to the small front of ways on; returns its size."""
    for i in range(size):
        if front[i, 0] <= arrives and front[i, 1] <= boats and front[i, 2] <= fare:
            return size
    kept = 0
    for i in range(size):
        if not (arrives <= front[i, 0] and boats <= front[i, 1] and fare <= front[i, 2]):
            front[kept] = front[i]
            kept += 1
    if kept < len(front):
        front[kept, 0], front[kept, 1], front[kept, 2], front[kept, 3] = arrives, boats, fare, onward
        kept += 1
    return kept


@njit(cache=True, nogil=True)
def profile(
    rides: IntArray,
    change: IntArray,
    change_fare: IntArray,
    near: IntArray,
    home: IntArray,
    home_fare: IntArray,
    earliest: int,
    latest: int,
    most_boats: int,
) -> tuple[IntArray, IntArray, IntArray]:
    """All Pareto ways from every stand to the end: departure late, arrival early, boats (then buses) few, fare low.

    ``rides`` by falling departure; ``near[p]`` the stands with a way on land from p, ended by -1; ``earliest`` no ride leaves before,
    ``latest`` no way arrives after. Returns the labels, and for each stand their numbers by falling departure and how many.
    """
    ports = len(home)
    labels = np.empty((1024, 6), dtype=np.int64)
    bags = np.empty((ports, 64), dtype=np.int64)
    low = np.empty((ports, 64, 3), dtype=np.int64)  # least arrival, boats and fare of a bag up to each label
    count = np.zeros(ports, dtype=np.int64)
    total = 0
    front = np.empty((8192, 4), dtype=np.int64)
    label = np.empty(6, dtype=np.int64)
    for r in range(len(rides)):
        departs, arrives, a, b = rides[r, DEPARTS], rides[r, ARRIVES], rides[r, FROM], rides[r, TO]
        if departs < earliest:
            break
        if arrives > latest:
            continue
        size = 0
        if home[b] < NEVER and arrives + home[b] <= latest:
            size = _keep(front, size, arrives + home[b], 0, home_fare[b], -1)
        for n in range(near.shape[1]):
            q = near[b, n]
            if q < 0:
                break
            wanted = arrives + change[b, q]
            first, behind = 0, count[q]  # labels by falling departure: those before `first` can be caught
            while first < behind:
                middle = (first + behind) // 2
                if labels[bags[q, middle], L_DEPARTS] >= wanted:
                    first = middle + 1
                else:
                    behind = middle
            i = first - 1
            while i >= 0:
                done = False
                for f in range(size):
                    if front[f, 0] <= low[q, i, 0] and front[f, 1] <= low[q, i, 1] and front[f, 2] <= low[q, i, 2] + change_fare[b, q]:
                        done = True
                        break
                if done:
                    break
                way = labels[bags[q, i]]
                if (way[L_COUNT] + rides[r, COUNT]) >> BUS_BITS <= most_boats:
                    size = _keep(front, size, way[L_ARRIVES], way[L_COUNT], way[L_FARE] + change_fare[b, q], bags[q, i])
                i -= 1
        for f in range(size):
            label[L_DEPARTS], label[L_ARRIVES], label[L_COUNT] = departs, front[f, 0], front[f, 1] + rides[r, COUNT]
            label[L_FARE], label[L_RIDE], label[L_NEXT] = front[f, 2] + rides[r, FARE], r, front[f, 3]
            if _beaten(labels, bags[a], count[a], low[a], label):
                continue
            if total == len(labels):
                wider = np.empty((2 * total, 6), dtype=np.int64)
                wider[:total] = labels
                labels = wider
            if count[a] == bags.shape[1]:
                wide = bags.shape[1]
                bags2 = np.empty((ports, 2 * wide), dtype=np.int64)
                bags2[:, :wide] = bags
                bags = bags2
                low2 = np.empty((ports, 2 * wide, 3), dtype=np.int64)
                low2[:, :wide] = low
                low = low2
            labels[total] = label
            n = count[a]
            bags[a, n] = total
            low[a, n, 0], low[a, n, 1], low[a, n, 2] = label[L_ARRIVES], label[L_COUNT], label[L_FARE]
            if n:
                for k in range(3):
                    low[a, n, k] = min(low[a, n, k], low[a, n - 1, k])
            count[a] += 1
            total += 1
    return labels[:total], bags, count


@njit(cache=True, nogil=True)
def pareto(ways: IntArray) -> IntArray:
    """Numbers of the rows (departs, arrives, count, fare) that no other row beats; of equal rows the first.

    Rows come by falling departure, then by rising arrival, count and fare, so that a row is beaten only by one before it.
    """
    front = np.empty(len(ways), dtype=np.int64)
    size = 0
    for i in range(len(ways)):
        beaten = False
        for f in range(size - 1, -1, -1):
            j = front[f]
            if ways[j, 1] <= ways[i, 1] and ways[j, 2] <= ways[i, 2] and ways[j, 3] <= ways[i, 3]:
                beaten = True
                break
        if not beaten:
            front[size] = i
            size += 1
    return front[:size]


@njit(cache=True, nogil=True)
def ways_into(
    labels: IntArray, bags: IntArray, count: IntArray, minutes: IntArray, fares: IntArray, first: IntArray
) -> tuple[IntArray, IntArray]:
    """Rows (departs, arrives, fare, boats) of the Pareto ways from each of many starts, by departure, and where each start's begin.

    ``minutes[a, p]`` and ``fares[a, p]`` from start a to stand p, ``first[p]`` minutes to be there before a first ride. A key packs
    departure, arrival, count and fare, so that one sort does.
    """
    starts, ports = minutes.shape
    begins = np.zeros(starts + 1, dtype=np.int64)
    rows = np.empty((4096, 4), dtype=np.int64)
    total = 0
    for a in range(starts):
        size = 0
        for p in range(ports):
            if minutes[a, p] < NEVER:
                size += count[p]
        some = np.empty((size, 4), dtype=np.int64)
        keys = np.empty(size, dtype=np.int64)
        n = 0
        for p in range(ports):
            if minutes[a, p] >= NEVER:
                continue
            for x in range(count[p]):
                label = labels[bags[p, x]]
                departs = label[L_DEPARTS] - minutes[a, p] - first[p]
                if departs < 0:
                    continue
                some[n, 0], some[n, 1], some[n, 2], some[n, 3] = departs, label[L_ARRIVES], label[L_COUNT], label[L_FARE] + fares[a, p]
                keys[n] = (((8191 - departs) * 8192 + some[n, 1]) * 4096 + some[n, 2]) * 16_777_216 + min(16_777_215, some[n, 3])
                n += 1
        order = np.argsort(keys[:n])
        kept = pareto(some[order])
        if total + len(kept) > len(rows):
            wider = np.empty((2 * (total + len(kept)), 4), dtype=np.int64)
            wider[:total] = rows[:total]
            rows = wider
        for x in range(len(kept)):
            row = some[order[kept[len(kept) - 1 - x]]]
            rows[total, 0], rows[total, 1], rows[total, 2], rows[total, 3] = row[0], row[1], row[3], row[2] >> BUS_BITS
            total += 1
        begins[a + 1] = total
    return rows[:total].copy(), begins

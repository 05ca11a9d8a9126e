"""Kernels of vehicle days with several trips: where a customer fits in, what a change of a day does to its times.

A day is a row of nodes that begins and ends with the depot 0, with a 0 between two trips; a position is a place in that row. A trip that
starts at s is at its position p at max(EARLY, s + RUN), as long as s <= LAST; so a later release of a customer that comes in is judged
without going through the trip. All numbers are whole; time and cost have the same unit.

Arrays: ``way`` (n + 1, n + 1) travel; ``node`` (n + 1, 5) the facts of a node, SERVICE to DEMAND; ``days`` (vehicles, 2 n + 3, 13) what is
known of each position, NODE to TOTAL, and ``day`` one vehicle's; ``size`` (vehicles,) nodes of a row; ``spot`` (n + 1, 2) a customer's
vehicle, -1 if nobody serves it, and position.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int32]
IntArray = NDArray[np.int64]
FAR = 1 << 40
SERVICE, OPENS, CLOSES, RELEASE, DEMAND = range(5)
NODE, AT, GO, LATE, EARLY, RUN, LAST, READY, REST, LOAD, BASE, START, TOTAL = range(13)
# AT: time there, at a depot of being back; GO: of leaving; LATE: latest time there; READY, REST: greatest release of the trip up to here, and
# from here on; LOAD: of the trip up to here; BASE: position of the trip's first depot, and there START and TOTAL: the trip's start and load
JOIN, TRIP_AFTER, TRIP_BEFORE = 0, 1, 2  # ways for c to come in between i and j: i c j; i c 0 j; i 0 c j


@njit(cache=True, nogil=True)
def renew(way: Ints, node: IntArray, capacity: int, day: IntArray, n: int, spot: IntArray, v: int) -> bool:
    """All that is derived from the n nodes of vehicle v's row; whether it can run it."""
    day[n - 1, LATE], day[n - 1, REST] = node[0, CLOSES], 0
    behind = 0
    for p in range(n - 2, -1, -1):
        k = day[p, NODE]
        day[p, LATE] = min(day[p + 1, LATE] - way[k, day[p + 1, NODE]] - node[k, SERVICE], node[k, CLOSES])
        if k != 0:
            behind = max(behind, node[k, RELEASE])
        day[p, REST] = behind
        if k == 0:
            behind = 0
    sound, b, now, i = True, 0, node[0, OPENS], 0
    for p in range(n):
        k = day[p, NODE]
        if p > 0:
            now = max(day[p - 1, GO] + way[i, k], node[k, OPENS])
        if now > node[k, CLOSES]:
            sound = False
        day[p, AT] = now
        if k == 0:
            b = p
            start = max(now, day[p, REST])
            day[p, START], day[p, GO] = start, start + node[0, SERVICE]
            day[p, EARLY], day[p, RUN], day[p, LAST], day[p, READY], day[p, LOAD], day[p, TOTAL] = -FAR, 0, FAR, 0, 0, 0
        else:
            step = node[i, SERVICE] + way[i, k]
            day[p, EARLY] = max(day[p - 1, EARLY] + step, node[k, OPENS])
            day[p, RUN] = day[p - 1, RUN] + step
            day[p, LAST] = min(day[p - 1, LAST], node[k, CLOSES] - day[p, RUN])
            day[p, READY] = max(day[p - 1, READY], node[k, RELEASE])
            day[p, LOAD] = day[p - 1, LOAD] + node[k, DEMAND]
            day[p, GO] = now + node[k, SERVICE]
            day[b, TOTAL] = day[p, LOAD]
            if day[p, LOAD] > capacity:
                sound = False
            spot[k, 0], spot[k, 1] = v, p
        day[p, BASE] = b
        i = k
    return sound


@njit(cache=True, nogil=True)
def joins(way: Ints, node: IntArray, day: IntArray, p: int, c: int, late: int) -> bool:
    """Whether c is reached by ``late`` between the positions p - 1 and p although their trip may have to wait for it."""
    q, s = p - 1, node[c, RELEASE]
    if s <= day[day[q, BASE], START]:
        return True
    i = day[q, NODE]
    return bool(s <= day[q, LAST] and max(day[q, EARLY], s + day[q, RUN]) + node[i, SERVICE] + way[i, c] <= late)


@njit(cache=True, nogil=True)
def ends_trip(way: Ints, node: IntArray, capacity: int, day: IntArray, p: int, c: int) -> bool:
    """Whether c may come after p - 1 as the last of the trip, the trip's rest being a new one: i c 0 j."""
    q = p - 1
    b = day[q, BASE]
    if day[q, LOAD] + node[c, DEMAND] > capacity:
        return False
    i, j = day[q, NODE], day[p, NODE]
    s = max(day[b, AT], day[q, READY], node[c, RELEASE])
    if s > day[q, LAST]:
        return False
    here = max(max(day[q, EARLY], s + day[q, RUN]) + node[i, SERVICE] + way[i, c], node[c, OPENS])
    if here > node[c, CLOSES]:
        return False
    s = max(here + node[c, SERVICE] + way[c, 0], day[p, REST])
    return bool(s <= node[0, CLOSES] and s + node[0, SERVICE] + way[0, j] <= day[p, LATE])


@njit(cache=True, nogil=True)
def begins_trip(way: Ints, node: IntArray, capacity: int, day: IntArray, p: int, c: int) -> bool:
    """Whether c may come before p as the first of a new trip, p - 1 being the last of its own: i 0 c j."""
    q = p - 1
    b = day[q, BASE]
    if day[b, TOTAL] - day[q, LOAD] + node[c, DEMAND] > capacity:
        return False
    i, j = day[q, NODE], day[p, NODE]
    back = max(day[q, EARLY], max(day[b, AT], day[q, READY]) + day[q, RUN]) + node[i, SERVICE] + way[i, 0]
    s = max(back, node[c, RELEASE])
    if j != 0:
        s = max(s, day[p, REST])
    here = max(s + node[0, SERVICE] + way[0, c], node[c, OPENS])
    return bool(here <= node[c, CLOSES] and here + node[c, SERVICE] + way[c, j] <= day[p, LATE])


@njit(cache=True, nogil=True)
def put_in(day: IntArray, n: int, p: int, c: int, how: int) -> int:
    """c before position p of a row of n, with a depot if it opens a trip; the new n. ``renew`` afterwards."""
    more = 1 if how == JOIN else 2
    for k in range(n - 1, p - 1, -1):
        day[k + more, NODE] = day[k, NODE]
    day[p, NODE] = c
    if how == TRIP_AFTER:
        day[p + 1, NODE] = 0
    elif how == TRIP_BEFORE:
        day[p, NODE], day[p + 1, NODE] = 0, c
    return n + more


@njit(cache=True, nogil=True)
def join_trips(way: Ints, node: IntArray, capacity: int, day: IntArray, n: int) -> int:
    """Drops the first call at the depot that costs way and can be spared; the new n. ``renew`` afterwards."""
    for p in range(1, n - 1):
        if day[p, NODE] != 0:
            continue
        q, b = p - 1, day[p - 1, BASE]
        i, j = day[q, NODE], day[p + 1, NODE]
        if way[i, j] >= way[i, 0] + way[0, j] or day[b, TOTAL] + day[p, TOTAL] > capacity:
            continue
        s = max(day[b, START], day[p + 1, REST])
        if s > day[q, LAST] or max(day[q, EARLY], s + day[q, RUN]) + node[i, SERVICE] + way[i, j] > day[p + 1, LATE]:
            continue
        for k in range(p, n - 1):
            day[k, NODE] = day[k + 1, NODE]
        return n - 1
    return n


@njit(cache=True, nogil=True)
def tidy(day: IntArray, n: int) -> int:
    """Two depots in a row become one, an empty day is 0 0; the new n."""
    kept = 1
    for p in range(1, n):
        if day[p, NODE] != 0 or day[kept - 1, NODE] != 0:
            day[kept, NODE] = day[p, NODE]
            kept += 1
    if kept == 1:
        day[1, NODE] = 0
        kept = 2
    return kept


@njit(cache=True, nogil=True)
def cheapest_place(
    way: Ints, node: IntArray, capacity: int, days: IntArray, size: IntArray, c: int, splits: bool, blink: float, rng: np.random.Generator
) -> tuple[int, int, int]:
    """Vehicle (-1: none), position and way in at which c costs least; a place is passed over with the chance ``blink``.

    splits: whether a trip may also be cut in two there; new trips between others are always looked at.
    """
    least, where, place, how = FAR, -1, 0, JOIN
    home, out = way[c, 0], way[0, c]
    opens, closes, service, free = node[c, OPENS], node[c, CLOSES], node[c, SERVICE], capacity - node[c, DEMAND]
    for v in range(len(size)):
        day = days[v]
        i, full = 0, day[0, TOTAL] > free
        for p in range(1, size[v]):
            j = day[p, NODE]
            to, on, direct = way[i, c], way[c, j], way[i, j]
            more = to + on - direct
            if more < least and not full:  # what can be said at once, before the trip is looked at
                late = min(day[p, LATE] - on - service, closes)
                if day[p - 1, GO] + to <= late and opens <= late and joins(way, node, day, p, c, late) and rng.random() >= blink:
                    least, where, place, how = more, v, p, JOIN
            if i == 0 or (splits and j != 0):
                more = to + home + way[0, j] - direct
                if more < least and j != 0 and ends_trip(way, node, capacity, day, p, c) and rng.random() >= blink:
                    least, where, place, how = more, v, p, TRIP_AFTER
            if i != 0 and (splits or j == 0):
                more = way[i, 0] + out + on - direct
                if more < least and begins_trip(way, node, capacity, day, p, c) and rng.random() >= blink:
                    least, where, place, how = more, v, p, TRIP_BEFORE
            i = j
            if j == 0:
                full = day[p, TOTAL] > free
    return where, place, how

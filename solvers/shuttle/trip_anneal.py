"""Ruin and recreate of vehicle days with several trips (SISR, Christiaens & Vanden Berghe 2020), under simulated annealing.

Customers close to each other are taken out as strings of their trips or days and put back one by one where they cost least; a place is
passed over now and then (a blink). What nobody serves costs a fine, so that a full fleet can be searched too.
"""

from __future__ import annotations

from math import log
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from solvers.shuttle.trip_kernels import (
    AT,
    BASE,
    CLOSES,
    DEMAND,
    FAR,
    LATE,
    NODE,
    OPENS,
    RELEASE,
    IntArray,
    Ints,
    cheapest_place,
    join_trips,
    put_in,
    renew,
    tidy,
)

Shorts = NDArray[np.int16]
OUT, STRING = 10.0, 10.0  # customers taken out on average; longest string
SPLIT, STAY_ON = 0.5, 0.01  # strings with customers left in between; chance that one more is left there
BLINK, TAILS, WHOLE_DAYS, REJOIN, SPLITS, TIMELY = 0.01, 0.2, 0.5, 0.5, 0.2, 0.5


class Facts(NamedTuple):
    """The problem, see ``trip_kernels``; ``near`` (2, n + 1, n) a customer's customers, itself first: by distance, and by
    distance and what their windows are apart."""

    way: Ints
    node: IntArray
    near: Ints
    capacity: int


class Days(NamedTuple):
    """The plan, see ``trip_kernels``."""

    days: IntArray
    size: IntArray
    spot: IntArray


class Scratch(NamedTuple):
    """Room of a step: ``out`` (n,) customers taken out and ``key`` (n,) their order; ``chain`` (n,) a day's customers; ``gone`` (n + 1,)
    marks; ``hit`` (vehicles, width) the step that last took a string there, of ``steps`` (1,) made; ``old`` rows before the step,
    ``old_size``, ``touched`` (vehicles,) whether one was kept."""

    out: IntArray
    key: IntArray
    chain: IntArray
    gone: IntArray
    hit: IntArray
    old: Ints
    old_size: IntArray
    steps: IntArray
    touched: IntArray


def scratch(vehicles: int, customers: int) -> Scratch:
    """Room for the steps of a plan of that size."""
    width = 2 * customers + 3
    return Scratch(
        np.zeros(customers, np.int64), np.zeros(customers, np.int64), np.zeros(customers, np.int64), np.zeros(customers + 1, np.int64),
        np.zeros((vehicles, width), np.int64), np.zeros((vehicles, width), np.int32), np.zeros(vehicles, np.int64), np.zeros(1, np.int64), np.zeros(vehicles, np.int64),
    )  # fmt: skip


class Seen(NamedTuple):
    """Days of good plans, one a slot, the newest of those that fall on it: ``code`` (n + 1,) random numbers, 0 for the depot, whose sum is
    the ``key`` (slots,) of a set of customers; ``cost``, ``size`` (slots,) and ``row`` (slots, width) the day."""

    code: IntArray
    key: IntArray
    cost: IntArray
    size: IntArray
    row: Shorts


def no_days(customers: int, slots: int, seed: int) -> Seen:
    """Room for days; slots: a power of two."""
    code = np.random.default_rng(seed).integers(1 << 40, 1 << 62, customers + 1)
    code[0] = 0
    none = np.zeros(slots, np.int64)
    return Seen(code, none, none.copy(), none.copy(), np.zeros((slots, 2 * customers + 3), np.int16))


@njit(cache=True, nogil=True)
def again(facts: Facts, days: Days, v: int) -> None:
    """What is derived from a vehicle's row, after a change."""
    renew(facts.way, facts.node, facts.capacity, days.days[v], days.size[v], days.spot, v)


@njit(cache=True, nogil=True)
def touch(days: Days, room: Scratch, v: int) -> None:
    """Keeps a row before its first change in a step."""
    if room.touched[v]:
        return
    room.touched[v] = 1
    room.old_size[v] = days.size[v]
    for p in range(days.size[v]):
        room.old[v, p] = days.days[v, p, NODE]


@njit(cache=True, nogil=True)
def swap_tails(days: Days, facts: Facts, room: Scratch, rng: np.random.Generator) -> None:
    """Two vehicles exchange all trips from a call at the depot on, where both can: it costs nothing and makes other room."""
    m = len(days.size)
    v, w = int(rng.random() * m), int(rng.random() * m)
    if v == w:
        return
    a, b = int(rng.random() * days.size[v]), int(rng.random() * days.size[w])
    a, b = days.days[v, a, BASE], days.days[w, b, BASE]
    if days.days[v, a, AT] > days.days[w, b, LATE] or days.days[w, b, AT] > days.days[v, a, LATE]:
        return
    n, k = days.size[v] - a, days.size[w] - b
    if (n == 1 and k == 1) or (a == 0 and b == 0):
        return
    touch(days, room, v)
    touch(days, room, w)
    for x in range(k):
        days.days[v, a + x, NODE] = room.old[w, b + x]
    for x in range(n):
        days.days[w, b + x, NODE] = room.old[v, a + x]
    days.size[v], days.size[w] = a + k, b + n
    days.size[v] = tidy(days.days[v], days.size[v])
    days.size[w] = tidy(days.days[w], days.size[w])
    again(facts, days, v)
    again(facts, days, w)


@njit(cache=True, nogil=True)
def ruin(facts: Facts, days: Days, room: Scratch, served: int, absent: int, rng: np.random.Generator) -> int:
    """Takes strings out around a customer; those in ``room.out`` before (``absent``) stay there. How many are out then."""
    n = len(facts.node) - 1
    trips = 0
    for v in range(len(days.size)):
        for p in range(1, days.size[v]):
            if days.days[v, p, NODE] == 0 and days.days[v, p - 1, NODE] != 0:
                trips += 1
    longest = min(STRING, served / max(trips, 1))
    most = 4.0 * OUT / (1.0 + longest) - 1.0
    strings = int(1.0 + rng.random() * most)
    whole = rng.random() < WHOLE_DAYS
    seed = 1 + int(rng.random() * n)
    room.steps[0] += 1
    kind = 1 if rng.random() < TIMELY else 0
    count, done = absent, 0
    for x in range(n):
        if done == strings:
            break
        c = facts.near[kind, seed, x]
        v = days.spot[c, 0]
        if v < 0 or room.gone[c]:
            continue
        b = 0 if whole else days.days[v, days.spot[c, 1], BASE]
        if room.hit[v, b] == room.steps[0]:
            continue
        room.hit[v, b] = room.steps[0]
        size, mine = 0, 0
        for p in range(b + 1, days.size[v]):
            k = days.days[v, p, NODE]
            if k == 0:
                if whole:
                    continue
                break
            if k == c:
                mine = size
            room.chain[size] = k
            size += 1
        length = int(1.0 + rng.random() * min(float(size), longest))
        spared = 0
        if length > 1 and length < size and rng.random() < SPLIT:
            spared = 1
            while length + spared < size and rng.random() < STAY_ON:
                spared += 1
        whole_length = length + spared
        first = max(0, mine - whole_length + 1)
        final = min(mine, size - whole_length)
        first += int(rng.random() * (final - first + 1))
        skip = first + int(rng.random() * (length + 1))
        touch(days, room, v)
        for y in range(first, first + whole_length):
            if skip <= y < skip + spared:
                continue
            k = room.chain[y]
            room.gone[k] = 1
            room.out[count] = k
            count += 1
        done += 1
    for v in range(len(days.size)):
        if not room.touched[v]:
            continue
        kept = 0
        for p in range(days.size[v]):
            k = days.days[v, p, NODE]
            if k != 0 and room.gone[k]:
                days.spot[k, 0] = -1
            else:
                days.days[v, kept, NODE] = k
                kept += 1
        days.size[v] = kept
        days.size[v] = tidy(days.days[v], days.size[v])
        again(facts, days, v)
        if rng.random() < REJOIN:
            n = join_trips(facts.way, facts.node, facts.capacity, days.days[v], days.size[v])
            if n < days.size[v]:
                days.size[v] = n
                again(facts, days, v)
    for x in range(count):
        room.gone[room.out[x]] = 0
    return count


@njit(cache=True, nogil=True)
def arrange(facts: Facts, room: Scratch, count: int, rng: np.random.Generator) -> None:
    """The order in which customers come back: drawn, by demand, far or near, by window or by release."""
    u = int(rng.random() * 19.0)
    for x in range(count):
        k = room.out[x]
        if u < 4:
            room.key[x] = int(rng.random() * FAR)
        elif u < 8:
            room.key[x] = -facts.node[k, DEMAND]
        elif u < 10:
            room.key[x] = -facts.way[0, k]
        elif u < 11:
            room.key[x] = facts.way[0, k]
        elif u < 13:
            room.key[x] = facts.node[k, CLOSES] - facts.node[k, OPENS]
        elif u < 15:
            room.key[x] = facts.node[k, OPENS]
        elif u < 17:
            room.key[x] = -facts.node[k, CLOSES]
        else:
            room.key[x] = -facts.node[k, RELEASE]
    for x in range(1, count):
        k, value, y = room.out[x], room.key[x], x
        while y > 0 and room.key[y - 1] > value:
            room.out[y], room.key[y] = room.out[y - 1], room.key[y - 1]
            y -= 1
        room.out[y], room.key[y] = k, value


@njit(cache=True, nogil=True)
def recreate(facts: Facts, days: Days, room: Scratch, count: int, rng: np.random.Generator) -> int:
    """Puts those in ``room.out`` back where they cost least; how many find no place, they stay in ``room.out``."""
    absent, splits = 0, rng.random() < SPLITS
    for x in range(count):
        c = room.out[x]
        v, place, how = cheapest_place(facts.way, facts.node, facts.capacity, days.days, days.size, c, splits, BLINK, rng)
        if v < 0:
            days.spot[c, 0] = -1
            room.out[absent] = c
            absent += 1
        else:
            touch(days, room, v)
            days.size[v] = put_in(days.days[v], days.size[v], place, c, how)
            again(facts, days, v)
    return absent


@njit(cache=True, nogil=True)
def keep_day(facts: Facts, day: IntArray, n: int, seen: Seen) -> None:
    """A day into its slot, unless the slot has the same customers for no more."""
    key, cost = np.int64(0), 0
    for p in range(1, n):
        k = day[p, NODE]
        key += seen.code[k]
        cost += facts.way[day[p - 1, NODE], k]
    slot = key & (len(seen.key) - 1)
    if seen.key[slot] == key and seen.cost[slot] <= cost:
        return
    seen.key[slot], seen.cost[slot], seen.size[slot] = key, cost, n
    for p in range(n):
        seen.row[slot, p] = day[p, NODE]


@njit(cache=True, nogil=True)
def length_of(facts: Facts, days: Days) -> int:
    """Travel of all days."""
    total = 0
    for v in range(len(days.size)):
        for p in range(1, days.size[v]):
            total += facts.way[days.days[v, p - 1, NODE], days.days[v, p, NODE]]
    return total


@njit(cache=True, nogil=True)
def anneal(
    facts: Facts,
    days: Days,
    room: Scratch,
    best: Ints,
    best_size: IntArray,
    worth: IntArray,
    fine: IntArray,
    steps: int,
    heat: float,
    seen: Seen,
    near_best: float,
    rng: np.random.Generator,
) -> None:
    """So many steps at the temperature ``heat``, in units of cost. ``best`` and ``best_size`` are the best plan's rows.

    worth: (4,) travel and customers left out of the plan, and of the best one; kept up to date. fine: (n + 1,) what one left out costs.
    Days of plans that cost at most ``near_best`` times the best are kept in ``seen``.
    """
    n = len(facts.node) - 1
    missing = np.zeros(n, np.int64)
    absent, penalty = 0, 0
    for k in range(1, n + 1):
        if days.spot[k, 0] < 0:
            missing[absent] = k
            absent += 1
            penalty += fine[k]
    travel = length_of(facts, days)
    for _ in range(steps):
        room.touched[:] = 0
        if rng.random() < TAILS:
            swap_tails(days, facts, room, rng)
        for x in range(absent):
            room.out[x] = missing[x]
        count = ruin(facts, days, room, n - absent, absent, rng)
        arrange(facts, room, count, rng)
        left = recreate(facts, days, room, count, rng)
        new, owed = travel, 0
        for v in range(len(days.size)):
            if room.touched[v]:
                for p in range(1, days.size[v]):
                    new += facts.way[days.days[v, p - 1, NODE], days.days[v, p, NODE]]
                for p in range(1, room.old_size[v]):
                    new -= facts.way[room.old[v, p - 1], room.old[v, p]]
        for x in range(left):
            owed += fine[room.out[x]]
        if new + owed < travel + penalty - heat * log(max(rng.random(), 1e-300)):
            travel, penalty, absent = new, owed, left
            for x in range(left):
                missing[x] = room.out[x]
            if left == 0 and travel <= near_best * worth[2]:
                for v in range(len(days.size)):
                    if room.touched[v] and days.size[v] > 2:
                        keep_day(facts, days.days[v], days.size[v], seen)
            if left < worth[3] or (left == worth[3] and travel < worth[2]):
                worth[2], worth[3] = travel, left
                for v in range(len(days.size)):
                    best_size[v] = days.size[v]
                    for p in range(days.size[v]):
                        best[v, p] = days.days[v, p, NODE]
        else:
            for x in range(left):
                days.spot[room.out[x], 0] = -1
            for v in range(len(days.size)):
                if room.touched[v]:
                    days.size[v] = room.old_size[v]
                    for p in range(days.size[v]):
                        days.days[v, p, NODE] = room.old[v, p]
            for v in range(len(days.size)):
                if room.touched[v]:
                    again(facts, days, v)
            for x in range(absent):
                days.spot[missing[x], 0] = -1
    worth[0], worth[1] = travel, absent

"""Steps of ruin and recreate of vehicle days with several trips (SISR, Christiaens & Vanden Berghe 2020).

Customers near each other are taken out as strings of their trips or days, and put back one by one where they cost least; a place is
passed over now and then (a blink). Before that two vehicles may exchange the rest of their days, which costs nothing.
"""

from __future__ import annotations

import numpy as np
from numba import njit

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
    cheapest_place,
    join_trips,
    put_in,
    tidy,
)
from solvers.shuttle.trip_state import Days, Facts, Scratch, again, touch

OUT, STRING = 10.0, 10.0  # customers taken out on average; longest string
SPLIT, STAY_ON = 0.5, 0.01  # share of strings with a customer left in between; chance that one more is left there
WHOLE_DAYS, TIMELY = 0.5, 0.5  # shares of steps with strings of days, not of trips; with customers that are near in time too
REJOIN, SPLITS = 0.5, 0.2  # chance that a call at the depot that can be spared is dropped; share of steps that cut trips in two
BLINK = 0.01
# of 19 steps so many: customers come back as drawn, the great, far, near, narrow, early, late, those released late first (shares added up)
ORDERS = (4, 8, 10, 11, 13, 15, 17, 19)


@njit(cache=True, nogil=True)
def swap_tails(facts: Facts, days: Days, room: Scratch, rng: np.random.Generator) -> None:
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
    u = int(rng.random() * ORDERS[-1])
    for x in range(count):
        k = room.out[x]
        if u < ORDERS[0]:
            room.key[x] = int(rng.random() * FAR)
        elif u < ORDERS[1]:
            room.key[x] = -facts.node[k, DEMAND]
        elif u < ORDERS[2]:
            room.key[x] = -facts.way[0, k]
        elif u < ORDERS[3]:
            room.key[x] = facts.way[0, k]
        elif u < ORDERS[4]:
            room.key[x] = facts.node[k, CLOSES] - facts.node[k, OPENS]
        elif u < ORDERS[5]:
            room.key[x] = facts.node[k, OPENS]
        elif u < ORDERS[6]:
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

"""Large changes of the annealing search: hours or whole days of one or two vessels are taken apart and filled with the best way through.

What every candidate would win is reckoned for the people as they travel now; the best way is a longest path in time and space. Who is
left behind counts at a multiple of the bound's prices meanwhile, since at the full price neighbouring sailings of a day would each
count the same people.
"""

# ruff: noqa: I001, PLR0912, PLR0913, PLR0915  (columns are named in long lists; kernels are one piece for speed)

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.ferry.anneal_days import apply, berth_free
from solvers.ferry.anneal_moves import any_sailing, chance, copy_day, dice, ends, other_vessel, place_before, sailable
from solvers.ferry.anneal_riders import first_group
from solvers.ferry.anneal_state import (
    ALIGHT, AT, BASE, BLOCK, BOARD, CENTI, COST, COUNT, CREW, DAY, DECK, DECKS, FIRST, GROUP_0, GROUP_1, HIGH, HOUR, ITEMS, LEAVES,
    LEGS, LEVELS, LOW, MINUTES, OF, OFFSET, ORIGIN, PEOPLE, PORT_0, PORT_1, PRICE, RIDE_0, RIDE_1, ROW, ROW_FEN, SEATS, SECOND_FEN,
    WAY_0, WAY_1, Timetable,
)  # fmt: skip
from solvers.kernel import kernel

Array = NDArray[Any]
FAR = -(10**15)
NOTHING = 0  # no day is worth its cost: the vessel stays in port, and that is no fault
HOURS = np.array([24, 36, 60, 96])  # lengths of the stretches of a day that are taken apart, in slots


@kernel
def _filled(b: Timetable, k: int, legs: int, at: int, most: float) -> int:
    """What a full sailing would win, from its list of entries: places go to those who gain most a leg, level by level."""
    item, ride = b.item, b.ride
    level_head, room = b.level, b.free
    level_head[:] = -1
    while at >= 0:
        level = min(LEVELS - 1, int(LEVELS * b.key[at] / most))
        item[at, 4] = level_head[level]
        level_head[level] = at
        at = item[at, 3]
    for leg in range(legs):
        room[leg, 0], room[leg, 1] = b.circuit[k, SEATS], b.circuit[k, DECKS]
    total = 0
    for level in range(LEVELS - 1, -1, -1):
        at = level_head[level]
        while at >= 0:
            e, q = item[at, 0], item[at, 1]
            d = ride[e, DECK]
            for leg in range(ride[e, BOARD], ride[e, ALIGHT]):
                q = min(q, room[leg, d])
            if q > 0:
                total += q * item[at, 2]
                for leg in range(ride[e, BOARD], ride[e, ALIGHT]):
                    room[leg, d] -= q
            at = item[at, 4]
    return int(total)


@kernel
def appraise(b: Timetable, k: int, begin: int, end: int, kappa: float) -> None:
    """Sets ``net`` of a circuit's candidates in slots ``begin <= slot < end``: gain less cost, obligations first, FAR = forbidden."""
    ride, piece, number, dearest, wanted, item, key = b.ride, b.piece, b.number, b.dearest, b.wanted, b.item, b.key
    head, win, people = b.head, b.win, b.crowd
    for n in range(b.circuit[k, WAY_0], b.circuit[k, WAY_1]):
        r = b.ways[n, 0]
        lo, hi = max(begin, b.pattern[r, LOW]), min(end, b.pattern[r, HIGH])
        if hi <= lo:
            continue
        win[lo:hi] = 0
        people[lo:hi] = 0
        head[lo:hi] = -1
        m, most = 0, 1e-9
        for e in range(b.pattern[r, RIDE_0], b.pattern[r, RIDE_1]):
            if ride[e, ROW] < 0:
                continue
            hour, centi, d, far = ride[e, HOUR], ride[e, CENTI], ride[e, DECK], ride[e, ALIGHT] - ride[e, BOARD]
            at = b.start + ride[e, LEAVES]
            g0 = first_group(wanted, ride[e, GROUP_0], ride[e, GROUP_1], at + lo * b.step - b.window)
            for g in range(g0, ride[e, GROUP_1]):
                if wanted[g] > at + (hi - 1) * b.step + b.window:
                    break
                x = g + ride[e, OFFSET]
                if 6000 * np.int64(dearest[x]) <= hour * centi - 3000:
                    continue
                for i in range(number[x]):
                    q = piece[x, i, PEOPLE]
                    if q == 0:
                        continue
                    price = piece[x, i, PRICE]
                    if i == 0:
                        price = min(price, int(kappa * b.guide[x]))
                    slack = (price * 6000) // max(1, hour) - centi
                    if slack <= 0:
                        continue
                    radius = min(b.window, slack // max(1, b.shift) + 1)
                    first = max(lo, -((at - wanted[g] + radius) // b.step))
                    last = min(hi - 1, (wanted[g] + radius - at) // b.step)
                    for slot in range(first, last + 1):
                        gain = price - (hour * (centi + b.shift * abs(at + slot * b.step - wanted[g])) + 3000) // 6000
                        if gain > 0:
                            win[slot] += gain * q
                            people[slot, d] += q
                            if m < ITEMS:
                                item[m, 0], item[m, 1], item[m, 2], item[m, 3] = e, q, gain, head[slot]
                                key[m] = gain / far
                                most = max(most, key[m])
                                head[slot] = m
                                m += 1
        for slot in range(lo, hi):
            c = b.pattern[r, FIRST] + slot - b.pattern[r, LOW]
            if b.often[c] >= b.copies or not berth_free(b, r, slot):
                b.net[c] = FAR
                continue
            total = win[slot]
            if people[slot, 0] > b.circuit[k, SEATS] or people[slot, 1] > b.circuit[k, DECKS]:
                total = _filled(b, k, b.pattern[r, LEGS], head[slot], most)
            total -= b.pattern[r, COST]
            for z in range(b.cover_ptr[c], b.cover_ptr[c + 1]):
                row = b.cover_row[z]
                if b.need[row] > 0:
                    total += b.wish_fen[row] if b.wish_fen[row] >= 0 else ROW_FEN
            b.net[c] = total


@kernel
def way_through(
    b: Timetable, d: int, k: int, place: int, begin: int, goal: int, end: int, first_minute: int, last_minute: int
) -> int:
    """The best way from a port at slot ``begin`` to a port at ``end`` (local numbers); its gain, FAR if there is none.

    The sailings stand in ``new_pattern[d]``, ``new_at[d]`` from the back of the row to the front, ``new[d, 1]`` of them.
    """
    ports = b.circuit[k, PORT_1] - b.circuit[k, PORT_0]
    value, via = b.value, b.via
    for q in range(ports):
        for slot in range(begin, end + 1):
            value[q, slot], via[q, slot] = FAR, -1
    value[place, begin] = 0
    for slot in range(begin, end + 1):
        if slot > begin:
            for q in range(ports):
                if value[q, slot - 1] >= value[q, slot]:
                    value[q, slot], via[q, slot] = value[q, slot - 1], -1
        minute = b.start + slot * b.step
        if slot == end or minute < first_minute:
            continue
        for n in range(b.circuit[k, WAY_0], b.circuit[k, WAY_1]):
            r = b.ways[n, 0]
            now = value[b.ways[n, 1], slot]
            if slot < b.pattern[r, LOW] or slot >= b.pattern[r, HIGH] or now <= FAR or minute + b.pattern[r, MINUTES] > last_minute:
                continue
            arrive = slot + b.pattern[r, BLOCK]
            if arrive > end and end == b.slots:
                arrive = end
            gain = b.net[b.pattern[r, FIRST] + slot - b.pattern[r, LOW]]
            if gain <= FAR or arrive > end:
                continue
            if now + gain > value[b.ways[n, 2], arrive]:
                value[b.ways[n, 2], arrive], via[b.ways[n, 2], arrive] = now + gain, n * (end + 1) + slot
    if value[goal, end] <= FAR:
        return FAR
    q, slot, m = goal, end, 0
    while slot > begin:
        if via[q, slot] < 0:
            slot -= 1
            continue
        n, slot = via[q, slot] // (end + 1), via[q, slot] % (end + 1)
        if m == DAY - 8:
            return FAR
        b.new_pattern[d, m], b.new_at[d, m] = b.ways[n, 0], slot
        m += 1
        q = b.ways[n, 1]
    b.new[d, 1] = m
    return int(value[goal, end])


@kernel
def local_port(b: Timetable, k: int, port: int) -> int:
    """A circuit's own number of a port, -1 if it never begins or ends there."""
    for p in range(b.circuit[k, PORT_0], b.circuit[k, PORT_1]):
        if b.ports[p] == port:
            return int(p - b.circuit[k, PORT_0])
    return -1


@kernel
def _merge(b: Timetable, v: int) -> bool:
    """Proposal 1 (a stretch, last sailing first) joins the day that ``v`` has; it becomes proposal 0."""
    copy_day(b, 0, v)
    if b.new[0, 1] + b.new[1, 1] > DAY - 8:
        return False
    for m in range(b.new[1, 1] - 1, -1, -1):
        r, slot, n = b.new_pattern[1, m], b.new_at[1, m], b.new[0, 1]
        i = n
        while i > 0 and b.new_at[0, i - 1] > slot:
            b.new_pattern[0, i], b.new_at[0, i] = b.new_pattern[0, i - 1], b.new_at[0, i - 1]
            i -= 1
        b.new_pattern[0, i], b.new_at[0, i] = r, slot
        b.new[0, 1] = n + 1
    return sailable(b, 0)


@kernel
def open_hours(b: Timetable, v: int, begin: int, end: int, gap: Array) -> bool:
    """Takes the sailings that leave in ``begin <= slot < end`` off; ``gap``: local port and slot before, local port and slot after, crew."""
    copy_day(b, 0, v)
    k, n = b.vessel[v, OF], b.new[0, 1]
    lo = 0
    while lo < n and b.new_at[0, lo] < begin:
        lo += 1
    hi = lo
    while hi < n and b.new_at[0, hi] < end:
        hi += 1
    home = b.vessel[v, BASE]
    gap[0] = local_port(b, k, place_before(b, 0, lo) if lo else home)
    gap[1] = ends(b, b.new_pattern[0, lo - 1], b.new_at[0, lo - 1]) if lo else 0
    gap[2] = local_port(b, k, b.pattern[b.new_pattern[0, hi], ORIGIN] if hi < n else home)
    gap[3] = b.new_at[0, hi] if hi < n else b.slots
    gap[4] = b.vessel[v, CREW]
    if hi == lo:
        return bool(gap[3] - gap[1] >= 6)  # half an hour: shorter is too short for anything
    for z in range(hi, n):
        b.new_pattern[0, lo + z - hi], b.new_at[0, lo + z - hi] = b.new_pattern[0, z], b.new_at[0, z]
    b.new[0, 1] = n - hi + lo
    # not yet sailable: the way through is put in next
    b.new[0, 2] = home if b.new[0, 1] else -1
    return apply(b, 1)


@kernel
def close_hours(b: Timetable, v: int, gap: Array, kappa: float) -> bool:
    """Fills a gap with what gains most; False if there is no way through."""
    k = b.vessel[v, OF]
    appraise(b, k, gap[1], gap[3], kappa)
    crew = gap[4]
    found = way_through(b, 1, k, gap[0], gap[1], gap[2], gap[3], b.windows[crew, 0], b.windows[crew, 1])
    if found <= FAR:
        return False
    if b.new[1, 1] == 0:
        return bool(b.vessel[v, COUNT] == 0 or gap[0] == gap[2])
    return _merge(b, v) and apply(b, 1)


@kernel
def best_day(b: Timetable, v: int, kappa: float) -> int:
    """Gives an idle vessel the day that gains most: 1; NOTHING if none gains; -1 if it does not fit after all and must be taken back."""
    k = b.vessel[v, OF]
    appraise(b, k, 0, b.slots, kappa)
    most, base, crew = FAR, -1, 0
    whole = len(b.windows) - 1
    for w in range(whole + 1):
        for p in range(b.circuit[k, PORT_1] - b.circuit[k, PORT_0]):
            if b.moorings[b.ports[b.circuit[k, PORT_0] + p]] <= 0:
                continue
            found = way_through(b, 1, k, p, 0, p, b.slots, b.windows[w, 0], b.windows[w, 1]) - (b.circuit[k, SECOND_FEN] if w == whole else 0)
            if found > most:
                most, base, crew = found, p, w
    if base < 0 or most <= 0:
        return NOTHING
    way_through(b, 1, k, base, 0, base, b.slots, b.windows[crew, 0], b.windows[crew, 1])
    return 1 if b.new[1, 1] > 0 and _merge(b, v) and apply(b, 1) else -1


@kernel
def clear_day(b: Timetable, v: int) -> bool:
    """Takes a vessel's whole day off."""
    copy_day(b, 0, v)
    b.new[0, 1], b.new[0, 2] = 0, -1
    return apply(b, 1)


@kernel
def refill_hours(b: Timetable, most: int) -> bool:
    """Hours of one vessel or (``most`` > 1) of two that compete are taken apart and filled anew; False if it must be taken back."""
    v, i = any_sailing(b)
    if v < 0:
        return False
    w = other_vessel(b, v, dice(b, 2) == 0) if most > 1 and dice(b, 2) else v
    length = HOURS[dice(b, len(HOURS))]
    begin = b.sail[b.day[v, i], AT] - dice(b, length)
    kappa = 1.02 + 0.58 * chance(b) if dice(b, 10) < 7 else 1000.0
    gaps = b.gaps
    if not open_hours(b, v, begin, begin + length, gaps[0]):
        return False
    two = w != v and b.vessel[w, COUNT] > 0
    if two and not open_hours(b, w, begin, begin + length, gaps[1]):
        return False
    if two and dice(b, 2):
        return close_hours(b, w, gaps[1], kappa) and close_hours(b, v, gaps[0], kappa)
    return close_hours(b, v, gaps[0], kappa) and (not two or close_hours(b, w, gaps[1], kappa))


@kernel
def refill_day(b: Timetable) -> bool:
    """A whole day goes, a new one comes, or both: of the same vessel or of one that competes; False if it must be taken back."""
    v, _ = any_sailing(b)
    if v < 0:
        return False
    kappa = 1.02 + 0.58 * chance(b) if dice(b, 10) < 7 else 1000.0
    w = v
    if dice(b, 2):
        w = other_vessel(b, v, dice(b, 3) == 0)
        if w != v and b.vessel[w, COUNT] > 0:
            w = v
    if w == v or dice(b, 2):
        if not clear_day(b, v):
            return False
        if w == v and dice(b, 4) == 0:
            return True
    return best_day(b, w, kappa) > NOTHING

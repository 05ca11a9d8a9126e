"""Small changes of vessels' days that the annealing search tries: retime, shift, drop, add, replace, hand over, swap.

Each writes up to two proposed days into ``new_*`` and says how many; 0 stands for a change that cannot be made.
"""

# ruff: noqa: I001, PLR0911, PLR0912  (columns are named in long lists; kernels are one piece for speed)

from __future__ import annotations

import numpy as np

from solvers.ferry.anneal_state import (
    AT, BASE, BLOCK, CALLS, CANDIDATE, COUNT, DAY, HIGH, LOW, NEAR_0, NEAR_1, OF, ORIGIN, PATTERN, TARGET, VESSEL_0, VESSEL_1, Timetable,
)  # fmt: skip
from solvers.kernel import kernel

LONGEST_CYCLE = 6
KINDS = 9
RETIME, SHIFT, DROP, ADD, REPLACE, HAND_OVER, TAILS, VARIANT, VESSEL = range(KINDS)


@kernel
def dice(b: Timetable, sides: int) -> int:
    """A whole number from 0 to ``sides`` - 1 (xorshift, Marsaglia 2003)."""
    z = b.dice[0]
    z ^= z << np.uint64(13)
    z ^= z >> np.uint64(7)
    z ^= z << np.uint64(17)
    b.dice[0] = z
    return int(np.int64((z >> np.uint64(11)) % np.uint64(max(1, sides))))


@kernel
def chance(b: Timetable) -> float:
    """A number from 0 up to 1."""
    return dice(b, 1 << 40) / float(1 << 40)


@kernel
def step_of(b: Timetable) -> int:
    """A change of time in slots, small ones more often, never 0."""
    size = 1
    while size < 24 and dice(b, 3) > 0:
        size += 1 + dice(b, size)
    return size if dice(b, 2) else -size


@kernel
def any_sailing(b: Timetable) -> tuple[int, int]:
    """Vessel and number in its day of a sailing, all alike likely; (-1, -1) if the timetable is empty."""
    places = len(b.sail)
    for _ in range(4000):
        s = dice(b, places)
        if b.sail[s, CANDIDATE] >= 0:
            v = s // DAY
            for i in range(b.vessel[v, COUNT]):
                if b.day[v, i] == s:
                    return v, i
    return -1, -1


@kernel
def copy_day(b: Timetable, d: int, v: int) -> None:
    """Proposal ``d`` begins as the day that vessel ``v`` has."""
    b.new[d, 0], b.new[d, 1], b.new[d, 2] = v, b.vessel[v, COUNT], b.vessel[v, BASE]
    for i in range(b.vessel[v, COUNT]):
        b.new_pattern[d, i] = b.sail[b.day[v, i], PATTERN]
        b.new_at[d, i] = b.sail[b.day[v, i], AT]


@kernel
def ends(b: Timetable, r: int, slot: int) -> int:
    """Slot at which a vessel is ready again."""
    return int(min(b.slots, slot + b.pattern[r, BLOCK]))


@kernel
def cut(b: Timetable, d: int, i: int, j: int) -> None:
    """Takes sailings i ... j - 1 out of proposal ``d``."""
    for z in range(j, b.new[d, 1]):
        b.new_pattern[d, i + z - j] = b.new_pattern[d, z]
        b.new_at[d, i + z - j] = b.new_at[d, z]
    b.new[d, 1] -= j - i


@kernel
def put(b: Timetable, d: int, i: int, r: int, slot: int) -> bool:
    """Puts a sailing before number i of proposal ``d``; False if the day is full."""
    n = b.new[d, 1]
    if n >= DAY - 8:
        return False
    for z in range(n, i, -1):
        b.new_pattern[d, z] = b.new_pattern[d, z - 1]
        b.new_at[d, z] = b.new_at[d, z - 1]
    b.new_pattern[d, i], b.new_at[d, i] = r, slot
    b.new[d, 1] = n + 1
    return True


@kernel
def sailable(b: Timetable, d: int) -> bool:
    """Makes a proposal keep turnarounds by leaving later where it must; False if ports or hours do not allow it."""
    n = b.new[d, 1]
    if n == 0:
        b.new[d, 2] = -1
        return True
    base = b.pattern[b.new_pattern[d, 0], ORIGIN]
    if b.pattern[b.new_pattern[d, n - 1], TARGET] != base:
        return False
    b.new[d, 2] = base
    ready, place = 0, base
    for i in range(n):
        r = b.new_pattern[d, i]
        if b.pattern[r, ORIGIN] != place:
            return False
        slot = max(b.new_at[d, i], ready, b.pattern[r, LOW])
        if slot >= b.pattern[r, HIGH]:
            return False
        b.new_at[d, i] = slot
        ready, place = ends(b, r, slot), b.pattern[r, TARGET]
        if ready == b.slots and i < n - 1:
            return False
    return True


@kernel
def place_before(b: Timetable, d: int, i: int) -> int:
    """Port where the vessel of proposal ``d`` lies before sailing i; -1 if it has no day."""
    if i > 0:
        return int(b.pattern[b.new_pattern[d, i - 1], TARGET])
    return int(b.pattern[b.new_pattern[d, 0], ORIGIN]) if b.new[d, 1] else -1


@kernel
def cycle_from(b: Timetable, d: int, i: int) -> int:
    """End j of the shortest run of sailings i ... j - 1 that comes back to where it began, at times a longer one; -1 if there is none."""
    start, found = b.pattern[b.new_pattern[d, i], ORIGIN], -1
    for j in range(i, min(b.new[d, 1], i + LONGEST_CYCLE)):
        if b.pattern[b.new_pattern[d, j], TARGET] == start:
            found = j + 1
            if dice(b, 4):
                break
    return found


@kernel
def pattern_to(b: Timetable, k: int, start: int, goal: int) -> int:
    """A pattern of a circuit from a port to a port, any of them; -1 if there is none."""
    lo, hi = b.out_ptr[k, start], b.out_ptr[k, start + 1]
    found, seen = -1, 0
    for n in range(lo, hi):
        if b.pattern[b.out[n], TARGET] == goal:
            seen += 1
            if dice(b, seen) == 0:
                found = b.out[n]
    return int(found)


@kernel
def add_cycle(b: Timetable, d: int, i: int, around: int) -> bool:
    """Adds a way out and back (or a loop) before sailing i, leaving about slot ``around``."""
    k = b.vessel[b.new[d, 0], OF]
    home = place_before(b, d, i)
    lo, hi = b.out_ptr[k, home], b.out_ptr[k, home + 1]
    if hi == lo:
        return False
    r = b.out[lo + dice(b, hi - lo)]
    ready = ends(b, b.new_pattern[d, i - 1], b.new_at[d, i - 1]) if i > 0 else 0
    slot = max(around, ready, b.pattern[r, LOW])
    if slot >= b.pattern[r, HIGH] or not put(b, d, i, r, slot):
        return False
    if b.pattern[r, TARGET] == home:
        return True
    back = pattern_to(b, k, b.pattern[r, TARGET], home)
    if back < 0:
        return False
    slot = ends(b, r, slot)
    if dice(b, 2):
        slot += dice(b, 24)
    return put(b, d, i + 1, back, max(slot, b.pattern[back, LOW]))


@kernel
def gap_time(b: Timetable, d: int, i: int) -> int:
    """A random slot between sailings i - 1 and i of a proposal."""
    lo = ends(b, b.new_pattern[d, i - 1], b.new_at[d, i - 1]) if i > 0 else 0
    hi = b.new_at[d, i] if i < b.new[d, 1] else b.slots
    if i == 0:
        lo = max(0, hi - 60)
    if i == b.new[d, 1]:
        hi = min(b.slots, lo + 60)
    return lo + dice(b, max(1, hi - lo))


@kernel
def other_vessel(b: Timetable, v: int, same: bool) -> int:
    """Another vessel, of the same circuit or of one that competes for the same people."""
    k = b.vessel[v, OF]
    if not same:
        lo, hi = b.circuit[k, NEAR_0], b.circuit[k, NEAR_1]
        k = b.near[lo + dice(b, hi - lo)]
    lo, hi = b.circuit[k, VESSEL_0], b.circuit[k, VESSEL_1]
    return int(lo + dice(b, hi - lo))


@kernel
def _hand_over(b: Timetable, v: int, i: int) -> int:
    """A cycle goes to another vessel at its own time."""
    j = cycle_from(b, 0, i)
    w = other_vessel(b, v, dice(b, 3) == 0)
    if j < 0 or w == v:
        return 0
    copy_day(b, 1, w)
    k, home, at = b.vessel[w, OF], b.pattern[b.new_pattern[0, i], ORIGIN], b.new_at[0, i]
    where = 0
    while where < b.new[1, 1] and b.new_at[1, where] < at:
        where += 1
    # the cycle goes in where the other vessel lies at that port, the nearest such place
    found = -1
    for off in range(b.new[1, 1] + 1):
        for side in (where - off, where + off):
            if found < 0 and 0 <= side <= b.new[1, 1] and (b.new[1, 1] == 0 or place_before(b, 1, side) == home):
                found = side
        if found >= 0 or off > 3:
            break
    if found < 0:
        return 0
    for z in range(i, j):
        r = b.pattern_of[b.pattern[b.new_pattern[0, z], CALLS], k]
        if r < 0 or not put(b, 1, found + z - i, r, b.new_at[0, z]):
            return 0
    cut(b, 0, i, j)
    return 2 if sailable(b, 0) and sailable(b, 1) else 0


@kernel
def _tails(b: Timetable, v: int, i: int) -> int:
    """Two vessels that lie at one port exchange the rest of their days."""
    w = other_vessel(b, v, dice(b, 3) > 0)
    if w == v or b.vessel[w, COUNT] == 0:
        return 0
    copy_day(b, 1, w)
    home, at = place_before(b, 0, i), b.new_at[0, i]
    n, m = b.new[0, 1], b.new[1, 1]
    found, nearest = -1, 10_000
    for j in range(m + 1):
        if place_before(b, 1, j) == home:
            time = b.new_at[1, j] if j < m else ends(b, b.new_pattern[1, j - 1], b.new_at[1, j - 1])
            if abs(time - at) < nearest:
                found, nearest = j, abs(time - at)
    if found < 0 or i + m - found >= DAY - 8 or found + n - i >= DAY - 8:
        return 0
    k0, k1 = b.vessel[v, OF], b.vessel[w, OF]
    longest = max(n - i, m - found)
    for z in range(longest):
        r0, t0, r1, t1 = -1, 0, -1, 0
        if i + z < n:
            r0, t0 = b.new_pattern[0, i + z], b.new_at[0, i + z]
            if k0 != k1:
                r0 = b.pattern_of[b.pattern[r0, CALLS], k1]
                if r0 < 0:
                    return 0
        if found + z < m:
            r1, t1 = b.new_pattern[1, found + z], b.new_at[1, found + z]
            if k0 != k1:
                r1 = b.pattern_of[b.pattern[r1, CALLS], k0]
                if r1 < 0:
                    return 0
        if r1 >= 0:
            b.new_pattern[0, i + z], b.new_at[0, i + z] = r1, t1
        if r0 >= 0:
            b.new_pattern[1, found + z], b.new_at[1, found + z] = r0, t0
    b.new[0, 1], b.new[1, 1] = i + m - found, found + n - i
    return 2 if sailable(b, 0) and sailable(b, 1) else 0


@kernel
def _vessel(b: Timetable, v: int) -> int:
    """Another vessel takes over the day; if it has a day of its own, the two exchange."""
    w = other_vessel(b, v, False)
    if w == v or b.vessel[w, OF] == b.vessel[v, OF]:
        return 0
    copy_day(b, 0, w)
    copy_day(b, 1, v)
    b.new[0, 0], b.new[1, 0] = v, w
    for d in range(2):
        k = b.vessel[b.new[d, 0], OF]
        for i in range(b.new[d, 1]):
            r = b.pattern_of[b.pattern[b.new_pattern[d, i], CALLS], k]
            if r < 0:
                return 0
            b.new_pattern[d, i] = r
        if not sailable(b, d):
            return 0
    return 2


@kernel
def change_at(b: Timetable, kind: int, v: int, i: int) -> int:
    """Writes a change of that kind at sailing ``i`` of vessel ``v``; the number of days proposed."""
    copy_day(b, 0, v)
    n = b.new[0, 1]
    if kind == RETIME:
        b.new_at[0, i] = max(0, b.new_at[0, i] + step_of(b))
        if i > 0 and b.new_at[0, i] < ends(b, b.new_pattern[0, i - 1], b.new_at[0, i - 1]):
            return 0
        return int(sailable(b, 0))
    if kind == SHIFT:
        j, by = i + 1 + dice(b, n - i), step_of(b)
        for z in range(i, j):
            b.new_at[0, z] = max(0, b.new_at[0, z] + by)
        if i > 0 and b.new_at[0, i] < ends(b, b.new_pattern[0, i - 1], b.new_at[0, i - 1]):
            return 0
        return int(sailable(b, 0))
    if kind in (DROP, REPLACE):
        j = cycle_from(b, 0, i)
        if j < 0:
            return 0
        at = b.new_at[0, i]
        if kind == REPLACE:
            if not add_cycle(b, 0, i, at):
                return 0
            # the new cycle stands before the old one: find the old one again, it moved by what was added
            added = b.new[0, 1] - n
            cut(b, 0, i + added, j + added)
        else:
            cut(b, 0, i, j)
        return int(sailable(b, 0))
    if kind == ADD:
        if dice(b, 6) == 0:
            w = other_vessel(b, v, False)
            if b.vessel[w, COUNT]:
                return 0
            # a vessel of its own: from the port and about the time of the sailing drawn
            r = b.pattern_of[b.pattern[b.new_pattern[0, i], CALLS], b.vessel[w, OF]]
            at = b.new_at[0, i]
            copy_day(b, 0, w)
            if r < 0 or not put(b, 0, 0, r, max(b.pattern[r, LOW], at + step_of(b))):
                return 0
            back = pattern_to(b, b.vessel[w, OF], b.pattern[r, TARGET], b.pattern[r, ORIGIN])
            if b.pattern[r, TARGET] != b.pattern[r, ORIGIN] and (back < 0 or not put(b, 0, 1, back, ends(b, r, b.new_at[0, 0]) + dice(b, 36))):
                return 0
            return int(sailable(b, 0))
        i += dice(b, 2)
        return int(add_cycle(b, 0, i, gap_time(b, 0, i)) and sailable(b, 0))
    if kind == HAND_OVER:
        return _hand_over(b, v, i)
    if kind == TAILS:
        return _tails(b, v, i)
    if kind == VARIANT:
        r = b.new_pattern[0, i]
        other = pattern_to(b, b.vessel[v, OF], b.pattern[r, ORIGIN], b.pattern[r, TARGET])
        if other == r:
            return 0
        b.new_pattern[0, i] = other
        return int(sailable(b, 0))
    return _vessel(b, v)


@kernel
def propose(b: Timetable, kind: int) -> int:
    """Writes a random change of that kind; the number of days proposed."""
    v, i = any_sailing(b)
    return change_at(b, kind, v, i) if v >= 0 else 0

"""Vessels' days of the annealing search: a day is changed as a whole, berths, moorings and obligations follow, and all can be taken back."""

# ruff: noqa: I001, PLR0912, PLR0915  (columns are named in long lists; kernels are one piece for speed)

from __future__ import annotations


from solvers.ferry.anneal_changes import change_anew, settle, touch
from solvers.ferry.anneal_riders import attract, keep_room, look_over, put_ashore
from solvers.ferry.anneal_state import (
    ASHORE, AT, BASE, CANDIDATE, CENTI, CIRCUIT, COST, COUNT, CREW, DAY, DAY_FEN, DECKS, FIRST, FIXED, FREED, GONE, JOURNAL, LEAVES, LEGS, LONG, LOW,
    MINUTES, MISSING, MONEY, MOVE, OF, OPS, PATTERN, RIDE_0, RIDE_1, ROOMS, ROW, ROWS, SEATS, SECOND_FEN, STOP_0, STOP_1, VESSELS, Timetable,
)  # fmt: skip
from solvers.kernel import kernel


@kernel
def begin_move(b: Timetable) -> None:
    """An empty journal; what was done before stands."""
    b.ctr[MOVE] += 1
    b.ctr[OPS] = b.ctr[ROWS] = b.ctr[ROOMS] = b.ctr[ASHORE] = b.ctr[FREED] = b.ctr[VESSELS] = 0
    b.total_was[0], b.total_was[1] = b.total[0], b.total[1]


@kernel
def berth_free(b: Timetable, r: int, slot: int) -> bool:
    """Whether a sailing would find its berths."""
    minute = b.start + slot * b.step - b.calendar_start
    is_long = b.circuit[b.pattern[r, CIRCUIT], LONG]
    for n in range(b.pattern[r, STOP_0], b.pattern[r, STOP_1]):
        port = b.stops[n, 0]
        for m in range(minute + b.stops[n, 1], minute + b.stops[n, 2]):
            if b.taken[port, m] >= b.berths[port, 0] or (is_long and b.taken_long[port, m] >= b.berths[port, 1]):
                return False
    return True


@kernel
def _common(b: Timetable, r: int, slot: int, c: int, by: int) -> None:
    """Berth minutes, obligation rows and departures of the slot that a sailing takes (``by`` 1) or gives back (-1)."""
    minute = b.start + slot * b.step - b.calendar_start
    is_long = b.circuit[b.pattern[r, CIRCUIT], LONG]
    for n in range(b.pattern[r, STOP_0], b.pattern[r, STOP_1]):
        port = b.stops[n, 0]
        for m in range(minute + b.stops[n, 1], minute + b.stops[n, 2]):
            b.taken[port, m] += by
            if is_long:
                b.taken_long[port, m] += by
    b.often[c] += by
    for n in range(b.cover_ptr[c], b.cover_ptr[c + 1]):
        row = b.cover_row[n]
        before = max(0, b.need[row])
        b.need[row] -= by
        change = max(0, b.need[row]) - before
        if b.wish_fen[row] >= 0:
            b.total[MONEY] += b.wish_fen[row] * change
        else:
            b.total[MISSING] += change


@kernel
def link(b: Timetable, s: int, c: int, r: int) -> bool:
    """A sailing stands at place ``s``; False (and nothing done) if a market is served by more sailings than are kept in view."""
    for e in range(b.pattern[r, RIDE_0], b.pattern[r, RIDE_1]):
        row = b.ride[e, ROW]
        if row >= 0 and b.served[row] + 2 >= b.serving.shape[1]:
            return False
    slot = c - b.pattern[r, FIRST] + b.pattern[r, LOW]
    b.sail[s, CANDIDATE], b.sail[s, PATTERN], b.sail[s, AT] = c, r, slot
    for e in range(b.pattern[r, RIDE_0], b.pattern[r, RIDE_1]):
        row = b.ride[e, ROW]
        if row >= 0:
            n = b.served[row]
            b.serving[row, n, 0], b.serving[row, n, 1] = s, e
            b.serving[row, n, 2], b.serving[row, n, 3] = slot * b.step + b.ride[e, LEAVES], b.ride[e, CENTI]
            b.served[row] = n + 1
    _common(b, r, slot, c, 1)
    return True


@kernel
def unlink(b: Timetable, s: int) -> None:
    """The sailing at place ``s`` is gone; who is aboard is not looked after."""
    r, c = b.sail[s, PATTERN], b.sail[s, CANDIDATE]
    for e in range(b.pattern[r, RIDE_0], b.pattern[r, RIDE_1]):
        row = b.ride[e, ROW]
        if row < 0:
            continue
        last = b.served[row] - 1
        for n in range(last, -1, -1):
            if b.serving[row, n, 0] == s and b.serving[row, n, 1] == e:
                for f in range(4):
                    b.serving[row, n, f] = b.serving[row, last, f]
                break
        b.served[row] = last
    _common(b, r, b.sail[s, AT], c, -1)
    b.sail[s, CANDIDATE] = -1


@kernel
def pattern_at(b: Timetable, c: int) -> int:
    """Pattern of a candidate."""
    lo, hi = 0, len(b.pattern)
    while hi - lo > 1:
        mid = (lo + hi) >> 1
        if b.pattern[mid, FIRST] <= c:
            lo = mid
        else:
            hi = mid
    return lo


@kernel
def _keep_vessel(b: Timetable, v: int) -> bool:
    """Writes a vessel's day into the journal, once a move; False if the journal is full."""
    for n in range(b.ctr[VESSELS]):
        if b.vessel_was[n, 0] == v:
            return True
    n = b.ctr[VESSELS]
    if n == len(b.vessel_was):
        return False
    b.vessel_was[n, 0] = v
    for f in range(5):
        b.vessel_was[n, 1 + f] = b.vessel[v, f]
    for i in range(b.vessel[v, COUNT]):
        b.vessel_was[n, 6 + i] = b.day[v, i]
    b.ctr[VESSELS] = n + 1
    return True


@kernel
def reckon(b: Timetable, v: int) -> None:
    """Crew and cost of a vessel's day anew."""
    n, k = b.vessel[v, COUNT], b.vessel[v, OF]
    b.total[MONEY] -= b.vessel[v, FIXED]
    cost = 0
    if n:
        first, last = b.day[v, 0], b.day[v, n - 1]
        begins = b.start + b.sail[first, AT] * b.step
        end = b.start + b.sail[last, AT] * b.step + b.pattern[b.sail[last, PATTERN], MINUTES]
        whole = len(b.windows) - 1
        crew = whole
        for w in range(whole):
            if b.windows[w, 0] <= begins and end <= b.windows[w, 1]:
                crew = w
                break
        b.vessel[v, CREW] = crew
        cost = b.circuit[k, DAY_FEN] + (b.circuit[k, SECOND_FEN] if crew == whole else 0)
        for i in range(n):
            cost += b.pattern[b.sail[b.day[v, i], PATTERN], COST]
    b.vessel[v, FIXED] = cost
    b.total[MONEY] += cost


@kernel
def _remove(b: Timetable, d: int) -> bool:
    """Takes out of a vessel's day what proposal ``d`` has not; False if the journal is full."""
    v = b.new[d, 0]
    if not _keep_vessel(b, v):
        return False
    j, kept, m = 0, 0, b.new[d, 1]
    for i in range(b.vessel[v, COUNT]):
        s = b.day[v, i]
        while j < m and b.new_at[d, j] < b.sail[s, AT]:
            j += 1
        if j < m and b.new_at[d, j] == b.sail[s, AT] and b.new_pattern[d, j] == b.sail[s, PATTERN]:
            b.day[v, kept] = s
            kept += 1
            j += 1
            continue
        o = b.ctr[OPS]
        if o == JOURNAL:
            return False
        b.op[o, 0], b.op[o, 1], b.op[o, 2] = s, b.sail[s, CANDIDATE], 0
        b.ctr[OPS] = o + 1
        b.sail[s, GONE] = b.ctr[MOVE]
        unlink(b, s)
    b.vessel[v, COUNT] = kept
    base = b.new[d, 2]
    if b.vessel[v, BASE] != base:
        if b.vessel[v, BASE] >= 0:
            b.moorings[b.vessel[v, BASE]] += 1
        if base >= 0:
            b.moorings[base] -= 1
        b.vessel[v, BASE] = base
    return True


@kernel
def _insert(b: Timetable, d: int) -> bool:
    """Puts into a vessel's day what proposal ``d`` has beyond it; False if a berth, a mooring or a place is wanting."""
    v, k = b.new[d, 0], b.vessel[b.new[d, 0], OF]
    if b.new[d, 2] >= 0 and b.moorings[b.new[d, 2]] < 0:
        return False
    i, kept = 0, b.vessel[v, COUNT]
    for j in range(b.new[d, 1]):
        r, slot = b.new_pattern[d, j], b.new_at[d, j]
        if i < kept and b.sail[b.day[v, i], AT] == slot and b.sail[b.day[v, i], PATTERN] == r:
            i += 1
            continue
        c = b.pattern[r, FIRST] + slot - b.pattern[r, LOW]
        if b.often[c] >= b.copies or kept == DAY or b.ctr[OPS] == JOURNAL or not berth_free(b, r, slot):
            return False
        s = v * DAY
        while s < (v + 1) * DAY and (b.sail[s, CANDIDATE] >= 0 or b.sail[s, GONE] == b.ctr[MOVE]):
            s += 1
        if s == (v + 1) * DAY or not link(b, s, c, r):
            return False
        o = b.ctr[OPS]
        b.op[o, 0], b.op[o, 1], b.op[o, 2] = s, c, 1
        b.ctr[OPS] = o + 1
        keep_room(s, b.room, b.sail, b.room_of, b.room_was, b.ctr)
        for leg in range(b.pattern[r, LEGS]):
            b.room[s, leg, 0], b.room[s, leg, 1] = b.circuit[k, SEATS], b.circuit[k, DECKS]
        for z in range(kept, i, -1):
            b.day[v, z] = b.day[v, z - 1]
        b.day[v, i] = s
        i += 1
        kept += 1
    b.vessel[v, COUNT] = kept
    reckon(b, v)
    return True


@kernel
def apply(b: Timetable, days: int) -> bool:
    """Puts the proposed days of ``days`` vessels into the timetable; False if something is wanting: then it must be taken back.

    Proposed days must be sailable (ports join, turnaround kept); base -1 stands for no day. Sailings that are in both days stay as
    they are; what goes leaves first, so that its berths are free.
    """
    before = b.ctr[OPS]
    for d in range(days):
        if not _remove(b, d):
            return False
    gone = b.ctr[OPS]
    for d in range(days):
        if not _insert(b, d):
            return False
    for o in range(before, gone):
        put_ashore(b, b.op[o, 0])
    for o in range(before, b.ctr[OPS]):
        touch(b, b.sail[b.op[o, 0], PATTERN])
    change_anew(b)
    for o in range(gone, b.ctr[OPS]):
        attract(b, b.op[o, 0])
    settle(b)
    return True


@kernel
def take_back(b: Timetable) -> None:
    """Undoes everything since the journal was begun."""
    for n in range(b.ctr[ROWS]):
        x = b.row[n, 0]
        b.number[x] = b.row[n, 1]
        for i in range(b.row[n, 1]):
            for f in range(5):
                b.piece[x, i, f] = b.row_piece[n, i, f]
        look_over(x, b.number, b.piece, b.dearest, b.aboard)
    for o in range(b.ctr[OPS] - 1, -1, -1):
        if b.op[o, 2]:
            unlink(b, b.op[o, 0])
        else:
            link(b, b.op[o, 0], b.op[o, 1], pattern_at(b, b.op[o, 1]))
    for n in range(b.ctr[ROOMS]):
        for leg in range(b.room.shape[1]):
            b.room[b.room_of[n], leg, 0], b.room[b.room_of[n], leg, 1] = b.room_was[n, leg, 0], b.room_was[n, leg, 1]
    for n in range(b.ctr[VESSELS]):
        v = b.vessel_was[n, 0]
        if b.vessel[v, BASE] != b.vessel_was[n, 1 + BASE]:
            if b.vessel[v, BASE] >= 0:
                b.moorings[b.vessel[v, BASE]] += 1
            if b.vessel_was[n, 1 + BASE] >= 0:
                b.moorings[b.vessel_was[n, 1 + BASE]] -= 1
        for f in range(5):
            b.vessel[v, f] = b.vessel_was[n, 1 + f]
        for i in range(b.vessel[v, COUNT]):
            b.day[v, i] = b.vessel_was[n, 6 + i]
    b.total[0], b.total[1] = b.total_was[0], b.total_was[1]
    begin_move(b)

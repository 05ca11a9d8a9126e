"""Passengers of the annealing search: who loses a sailing goes ashore, who gains by one moves to it, who is ashore looks for room.

A heuristic seating kept up move by move; every row it changes is written into the journal first. The loops are written out, since
a call inside them would cost more than the work.
"""

# ruff: noqa: I001, PLR0912, PLR0915  (columns are named in long lists; kernels are one piece for speed)

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.ferry.anneal_state import (
    ALIGHT, ASHORE, AT, BOARD, CENTI, DECK, FREED, FREED_AT, FROM, GROUP_0, GROUP_1, HOUR, ITEMS, JOINED, KEPT_AT, LEAVES, LEGS, MARKET,
    MONEY, MOVE, OFFSET, PATTERN, PEOPLE, PRICE, RIDE_0, RIDE_1, ROOMS, ROW, ROWS, SAILING, TO, VALUE, WANTED, X_DECK, Timetable,
)  # fmt: skip
from solvers.kernel import inner, kernel

Array = NDArray[Any]


@inner
def keep_row(x: int, number: Array, piece: Array, mark: Array, row: Array, row_piece: Array, ctr: Array) -> None:
    """Writes a party's row into the journal, once a move."""
    if mark[x, 0] == ctr[MOVE]:
        return
    mark[x, 0] = ctr[MOVE]
    n = ctr[ROWS]
    row[n, 0], row[n, 1] = x, number[x]
    for i in range(number[x]):
        for f in range(5):
            row_piece[n, i, f] = piece[x, i, f]
    ctr[ROWS] = n + 1


@inner
def look_over(x: int, number: Array, piece: Array, dearest: Array, aboard: Array) -> None:
    """What a party pays at most and where it rides, anew."""
    most, where = 0, np.uint64(0)
    for i in range(number[x]):
        if piece[x, i, PEOPLE] > 0:
            most = max(most, piece[x, i, PRICE])
            if i > 0:
                where |= np.uint64(1) << np.uint64(piece[x, i, SAILING] & 63)
    dearest[x], aboard[x] = most, where


@inner
def keep_room(s: int, room: Array, sail: Array, room_of: Array, room_was: Array, ctr: Array) -> None:
    """Writes a sailing's free places into the journal, once a move."""
    if sail[s, KEPT_AT] == ctr[MOVE]:
        return
    sail[s, KEPT_AT] = ctr[MOVE]
    n = ctr[ROOMS]
    room_of[n] = s
    for leg in range(room.shape[1]):
        room_was[n, leg, 0] = room[s, leg, 0]
        room_was[n, leg, 1] = room[s, leg, 1]
    ctr[ROOMS] = n + 1


@inner
def first_group(wanted: Array, lo: int, hi: int, since: int) -> int:
    """First of the groups ``lo <= g < hi``, by rising wanted minute, that wants to leave at ``since`` or later; ``hi`` if none."""
    while lo < hi:
        mid = (lo + hi) >> 1
        if wanted[mid] < since:
            lo = mid + 1
        else:
            hi = mid
    return lo


@kernel
def put_ashore(b: Timetable, s: int) -> None:
    """Everyone aboard a sailing that is gone is left behind until seated anew."""
    ride, wanted, piece, number, mark, ctr = b.ride, b.wanted, b.piece, b.number, b.mark, b.ctr
    aboard, bit = b.aboard, np.uint64(1) << np.uint64(s & 63)
    r = b.sail[s, PATTERN]
    minute = b.start + b.sail[s, AT] * b.step
    for e in range(b.pattern[r, RIDE_0], b.pattern[r, RIDE_1]):
        if ride[e, ROW] < 0 or ride[e, JOINED] >= 0:
            continue
        leaves = minute + ride[e, LEAVES]
        for g in range(first_group(wanted, ride[e, GROUP_0], ride[e, GROUP_1], leaves - b.window), ride[e, GROUP_1]):
            if wanted[g] > leaves + b.window:
                break
            x = g + ride[e, OFFSET]
            if not aboard[x] & bit:
                continue
            found = False
            for i in range(1, number[x]):
                if piece[x, i, SAILING] == s and piece[x, i, PEOPLE] > 0:
                    keep_row(x, number, piece, mark, b.row, b.row_piece, ctr)
                    q = piece[x, i, PEOPLE]
                    piece[x, i, PEOPLE] = 0
                    piece[x, 0, PEOPLE] += q
                    b.total[MONEY] += q * (piece[x, 0, PRICE] - piece[x, i, PRICE])
                    found = True
            if found:
                while number[x] > 1 and piece[x, number[x] - 1, PEOPLE] == 0:
                    number[x] -= 1
                look_over(x, number, piece, b.dearest, aboard)
                if mark[x, 1] != ctr[MOVE]:
                    mark[x, 1] = ctr[MOVE]
                    b.ashore[ctr[ASHORE]] = x
                    ctr[ASHORE] += 1


@inner
def seat_from(b: Timetable, x: int, i: int, s: int, e: int, q: int, cost: int) -> bool:
    """``q`` people of piece i take places on a sailing; False if the group is spread over too many ways already."""
    piece, number, ride, room = b.piece, b.number, b.ride, b.room
    board, alight, d = ride[e, BOARD], ride[e, ALIGHT], ride[e, DECK]
    m = -1
    for j in range(1, number[x]):
        if piece[x, j, PEOPLE] == 0:
            if m < 0:
                m = j
        elif piece[x, j, SAILING] == s and piece[x, j, FROM] == board and piece[x, j, TO] == alight:
            m = j
            break
    if m < 0 and number[x] >= piece.shape[1]:
        return False
    keep_row(x, number, piece, b.mark, b.row, b.row_piece, b.ctr)
    keep_room(s, room, b.sail, b.room_of, b.room_was, b.ctr)
    if m < 0:
        m = number[x]
        number[x] = m + 1
        piece[x, m, PEOPLE] = 0
    for leg in range(board, alight):
        room[s, leg, d] -= q
    b.total[MONEY] -= q * (piece[x, i, PRICE] - cost)
    piece[x, i, PEOPLE] -= q
    if i > 0:
        old, full = piece[x, i, SAILING], False
        keep_room(old, room, b.sail, b.room_of, b.room_was, b.ctr)
        for leg in range(piece[x, i, FROM], piece[x, i, TO]):
            if room[old, leg, d] <= 0:
                full = True
            room[old, leg, d] += q
        if full and b.sail[old, FREED_AT] != b.ctr[MOVE]:
            b.sail[old, FREED_AT] = b.ctr[MOVE]
            b.freed[b.ctr[FREED]] = old
            b.ctr[FREED] += 1
    piece[x, m, PEOPLE] += q
    piece[x, m, SAILING], piece[x, m, PRICE], piece[x, m, FROM], piece[x, m, TO] = s, cost, board, alight
    look_over(x, number, piece, b.dearest, b.aboard)
    return True


@kernel
def sort_items(item: Array, key: Array, n: int) -> None:
    """Puts the numbers in the last column of ``item`` into the order of rising ``key`` (Shell 1959): no memory is asked for."""
    gap = 1
    while gap < n // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(gap, n):
            at = item[i, 4]
            worth, j = key[at], i
            while j >= gap and key[item[j - gap, 4]] > worth:
                item[j, 4] = item[j - gap, 4]
                j -= gap
            item[j, 4] = at
        gap //= 3


@kernel
def attract(b: Timetable, s: int) -> None:
    """People who gain by a sailing move to it while it has room, those first who gain most a leg."""
    ride, wanted, piece, number, dearest, item, key, room = b.ride, b.wanted, b.piece, b.number, b.dearest, b.item, b.key, b.room
    r = b.sail[s, PATTERN]
    minute = b.start + b.sail[s, AT] * b.step
    n, people = 0, 0
    for e in range(b.pattern[r, RIDE_0], b.pattern[r, RIDE_1]):
        if ride[e, ROW] < 0 or ride[e, JOINED] >= 0:
            continue
        d, free = ride[e, DECK], 1 << 30
        for leg in range(ride[e, BOARD], ride[e, ALIGHT]):
            free = min(free, room[s, leg, d])
        if free <= 0:
            continue
        leaves, centi, hour, offset = minute + ride[e, LEAVES], ride[e, CENTI], ride[e, HOUR], ride[e, OFFSET]
        for g in range(first_group(wanted, ride[e, GROUP_0], ride[e, GROUP_1], leaves - b.window), ride[e, GROUP_1]):
            off = leaves - wanted[g]
            if off < -b.window:
                break
            cost = (hour * (centi + b.shift * abs(off)) + 3000) // 6000
            x = g + offset
            if dearest[x] <= cost:
                continue
            for i in range(number[x]):
                if piece[x, i, PRICE] > cost and piece[x, i, PEOPLE] > 0 and (i == 0 or piece[x, i, SAILING] != s) and n < ITEMS:
                    item[n, 0], item[n, 1], item[n, 2], item[n, 3] = x, i, e, cost
                    key[n] = (cost - piece[x, i, PRICE]) / (ride[e, ALIGHT] - ride[e, BOARD])
                    people += piece[x, i, PEOPLE]
                    n += 1
    if n == 0:
        return
    tight = False
    for leg in range(b.pattern[r, LEGS]):
        if room[s, leg, 0] < people or room[s, leg, 1] < people:
            tight = True
    for j in range(n):
        item[j, 4] = j
    if tight:
        sort_items(item, key, n)
    for place in range(n):
        j = item[place, 4]
        x, i, e, cost = item[j, 0], item[j, 1], item[j, 2], item[j, 3]
        # the piece may have been emptied and taken anew meanwhile
        if piece[x, i, PRICE] <= cost or (i > 0 and piece[x, i, SAILING] == s):
            continue
        q, d = piece[x, i, PEOPLE], ride[e, DECK]
        for leg in range(ride[e, BOARD], ride[e, ALIGHT]):
            q = min(q, room[s, leg, d])
        if q > 0:
            seat_from(b, x, i, s, e, q, cost)


@inner
def look_for_room(b: Timetable, x: int) -> None:
    """Those of a party who are left behind take the cheapest ways that have room."""
    ride, piece, room, serving = b.ride, b.piece, b.room, b.serving
    row, d = b.party[x, MARKET], b.party[x, X_DECK]
    wanted = b.party[x, WANTED] - b.start
    while piece[x, 0, PEOPLE] > 0:
        best, best_time, best_ride, most = -1, (1 << 40), -1, 0
        for n in range(b.served[row]):
            off = abs(serving[row, n, 2] - wanted)
            if off <= b.window:
                time = serving[row, n, 3] + b.shift * off
                if time < best_time:
                    s, e = serving[row, n, 0], serving[row, n, 1]
                    free = 1 << 30
                    for leg in range(ride[e, BOARD], ride[e, ALIGHT]):
                        free = min(free, room[s, leg, d])
                    if free > 0:
                        best, best_time, best_ride, most = s, time, e, free
        if best < 0:
            return
        cost = (b.party[x, VALUE] * best_time + 3000) // 6000
        if cost >= piece[x, 0, PRICE] or not seat_from(b, x, 0, best, best_ride, min(piece[x, 0, PEOPLE], most), cost):
            return

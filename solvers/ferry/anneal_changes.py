"""Journeys with a change in the annealing search: both rides are chosen together, on boats that wait for each other long enough.

A group's people who change stand in two rows, x for the first ride and y = x + groups for the second: piece number i of both is the same
people. After every change of days the groups of each market that it touches are seated anew, one after the other, on the cheapest two
rides that fit and have room. Markets with a change have few people, so that this costs little.
"""

# ruff: noqa: I001, PLR0912, PLR0915  (columns are named in long lists; kernels are one piece for speed)

from __future__ import annotations

import numpy as np

from solvers.ferry.anneal_riders import attract, keep_room, keep_row, look_for_room, look_over
from solvers.ferry.anneal_state import (
    ALIGHT, ASHORE, BOARD, CANDIDATE, CHANGED, FREED, FREED_AT, FROM, JOINED, LEAST_WAIT, LONGEST_WAIT, MEETS, MONEY, PATTERN, PEOPLE, PRICE, QUAY, RIDE_0, RIDE_1, SAILING, TO, VALUE, WAIT_CENTI,
    WANTED, X_DECK, Timetable,
)  # fmt: skip
from solvers.kernel import kernel


@kernel
def touch(b: Timetable, r: int) -> None:
    """The markets with a change that a sailing of pattern ``r`` serves are to be seated anew."""
    for e in range(b.pattern[r, RIDE_0], b.pattern[r, RIDE_1]):
        o = b.ride[e, JOINED]
        if o >= 0 and b.changed[o, 0] == 0:
            b.changed[o, 0] = 1
            b.changed[b.ctr[CHANGED], 1] = o
            b.ctr[CHANGED] += 1


@kernel
def _unseat(b: Timetable, x: int, y: int) -> None:
    """Everyone of a group goes ashore; their places are free."""
    piece, number, room = b.piece, b.number, b.room
    d = b.party[x, X_DECK]
    for i in range(1, number[x]):
        q = piece[x, i, PEOPLE]
        if q == 0:
            continue
        for z in (x, y):
            s = piece[z, i, SAILING]
            keep_room(s, room, b.sail, b.room_of, b.room_was, b.ctr)
            for leg in range(piece[z, i, FROM], piece[z, i, TO]):
                room[s, leg, d] += q
            piece[z, i, PEOPLE] = 0
            piece[z, 0, PEOPLE] += q
            b.total[MONEY] += q * (piece[z, 0, PRICE] - piece[z, i, PRICE])
    number[x], number[y] = 1, 1


@kernel
def _seat(b: Timetable, o: int, x: int, y: int) -> None:
    """People of a group take the cheapest two rides that fit and have room, and so on while there are any."""
    piece, number, ride, room, serving = b.piece, b.number, b.ride, b.room, b.serving
    markets, d = len(b.served) // 2, b.party[x, X_DECK]
    two = o + markets
    wanted, value = b.party[x, WANTED] - b.start, b.party[x, VALUE]
    least, longest, centi = b.changes[LEAST_WAIT], b.changes[LONGEST_WAIT], b.changes[WAIT_CENTI]
    while piece[x, 0, PEOPLE] > 0 and number[x] < piece.shape[1]:
        best, first, second, free = np.int64(1 << 40), -1, -1, 0
        for n in range(b.served[o]):
            off = abs(serving[o, n, 2] - wanted)
            if off > b.window or serving[o, n, 3] + b.shift * off >= best:
                continue
            s, e = serving[o, n, 0], serving[o, n, 1]
            left = 1 << 30
            for leg in range(ride[e, BOARD], ride[e, ALIGHT]):
                left = min(left, room[s, leg, d])
            if left <= 0:
                continue
            there = serving[o, n, 2] + ride[e, MEETS]
            for m in range(b.served[two]):
                t, f = serving[two, m, 0], serving[two, m, 1]
                walk = b.walk[ride[e, QUAY], ride[f, QUAY]]
                wait = serving[two, m, 2] + ride[f, MEETS] - there - walk
                if walk < 0 or wait < least or wait > longest or t == s:
                    continue
                time = serving[o, n, 3] + b.shift * off + serving[two, m, 3] + 100 * walk + centi * (wait - least)
                if time >= best:
                    continue
                both = left
                for leg in range(ride[f, BOARD], ride[f, ALIGHT]):
                    both = min(both, room[t, leg, d])
                if both > 0:
                    best, first, second, free = time, n, m, both
        cost = (value * best + 3000) // 6000
        if first < 0 or cost >= piece[x, 0, PRICE] + piece[y, 0, PRICE]:
            return
        q, i = min(free, piece[x, 0, PEOPLE]), number[x]
        out = (value * (serving[o, first, 3] + b.shift * abs(serving[o, first, 2] - wanted)) + 3000) // 6000
        for z, row, n, price in ((x, o, first, out), (y, two, second, cost - out)):
            s, e = serving[row, n, 0], serving[row, n, 1]
            keep_room(s, room, b.sail, b.room_of, b.room_was, b.ctr)
            for leg in range(ride[e, BOARD], ride[e, ALIGHT]):
                room[s, leg, d] -= q
            piece[z, 0, PEOPLE] -= q
            piece[z, i, PEOPLE], piece[z, i, SAILING], piece[z, i, PRICE] = q, s, price
            piece[z, i, FROM], piece[z, i, TO] = ride[e, BOARD], ride[e, ALIGHT]
            b.total[MONEY] -= q * (piece[z, 0, PRICE] - price)
            number[z] = i + 1


@kernel
def change_anew(b: Timetable) -> None:
    """Seats the groups of all touched markets anew."""
    groups = len(b.number) // 2
    for n in range(b.ctr[CHANGED]):
        o = b.changed[n, 1]
        b.changed[o, 0] = 0
        for x in range(b.groups[o], b.groups[o + 1]):
            y = x + groups
            keep_row(x, b.number, b.piece, b.mark, b.row, b.row_piece, b.ctr)
            keep_row(y, b.number, b.piece, b.mark, b.row, b.row_piece, b.ctr)
            _unseat(b, x, y)
        for x in range(b.groups[o], b.groups[o + 1]):
            _seat(b, o, x, x + groups)
            look_over(x, b.number, b.piece, b.dearest, b.aboard)
            look_over(x + groups, b.number, b.piece, b.dearest, b.aboard)
    b.ctr[CHANGED] = 0


@kernel
def settle(b: Timetable) -> None:
    """Those ashore look for room, then sailings that were full and have room again attract people, at last those who change."""
    for n in range(b.ctr[ASHORE]):
        x = b.ashore[n]
        b.mark[x, 1] = 0
        if b.piece[x, 0, PEOPLE] > 0:
            look_for_room(b, x)
    b.ctr[ASHORE] = 0
    n = 0
    while n < b.ctr[FREED]:
        s = b.freed[n]
        if b.sail[s, CANDIDATE] >= 0:
            attract(b, s)
            touch(b, b.sail[s, PATTERN])
        n += 1
    for n in range(b.ctr[FREED]):
        b.sail[b.freed[n], FREED_AT] = 0
    b.ctr[FREED] = 0
    change_anew(b)

"""Compiled parts of the plan search: what a sailing would gain, a vessel's best day, who boards.

Passengers lie in *pieces*: people of a group, the placed sailing they ride (piece 0: nobody yet) and what their ride costs. The
second ride of a journey with a change is searched as a group of its own (index + number of groups); the true journeys are
seated once the timetable stands.
"""

# ruff: noqa: PLR0913, PLR0912  (kernels take arrays one by one)

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from solvers.ferry.tables import Tables

Array = NDArray[Any]
ITEMS = 8000
DAY = 96  # most sailings of a vessel's day
FAR = -(10**15)
LEVELS = 64


class Pieces(NamedTuple):
    """State of the passengers and of the placed sailings (slot = vessel * DAY + number)."""

    number: Array
    people: Array
    sailing: Array
    price: Array
    board: Array
    alight: Array
    placed: Array
    room: Array


@njit(cache=True)
def gather(t: Tables, r: int, minute: int, p: Pieces, slot: int, gain: Array, people: Array, who: Array, piece: Array, ride: Array) -> int:
    """Pieces that would gain by the sailing of pattern ``r`` at ``minute``; returns their number."""
    n = 0
    groups = len(t.size)
    for e in range(t.ptr[r], t.ptr[r + 1]):
        o = t.market[e]
        role = t.role[e]
        if role == 0 and t.change[o]:
            continue
        leaves = minute + t.departs[e]
        ahead = t.onward[o] if role == 2 else 0
        late = t.window
        lo, hi = t.group_ptr[o], t.group_ptr[o + 1]
        while lo < hi:
            mid = (lo + hi) >> 1
            if t.wanted[mid] + ahead < leaves - late:
                lo = mid + 1
            else:
                hi = mid
        g = lo
        end = t.group_ptr[o + 1]
        while g < end and t.wanted[g] + ahead <= leaves + late:
            cost = (t.fen_h[o] * (t.centi[e] + t.shift * abs(leaves - t.wanted[g] - ahead)) + 3000) // 6000
            x = g + groups if role == 2 else g
            for i in range(p.number[x]):
                if p.people[x, i] > 0 and p.sailing[x, i] != slot and p.price[x, i] > cost and n < ITEMS:
                    gain[n] = p.price[x, i] - cost
                    people[n] = p.people[x, i]
                    who[n] = x
                    piece[n] = i
                    ride[n] = e
                    n += 1
            g += 1
    return n


@njit(cache=True)
def fill(t: Tables, n: int, key: Array, gain: Array, people: Array, ride: Array, legs: int, room: Array, after: Array) -> int:
    """Gain of filling a sailing from the dearest key down; keys are met level by level, which is near enough and needs no sorting."""
    most = 0.0
    for i in range(n):
        most = max(most, key[i])
    head = np.full(LEVELS, -1, np.int64)
    for i in range(n):
        level = min(LEVELS - 1, int(LEVELS * key[i] / most))
        after[i] = head[level]
        head[level] = i
    total = 0
    for level in range(LEVELS - 1, -1, -1):
        i = head[level]
        while i >= 0:
            e = ride[i]
            d = 1 if t.deck[t.market[e]] else 0
            q = people[i]
            for leg in range(t.board[e], t.alight[e]):
                q = min(q, room[leg, d])
            if q > 0:
                total += q * gain[i]
                for leg in range(t.board[e], t.alight[e]):
                    room[leg, d] -= q
            i = after[i]
    return total


@njit(cache=True)
def worth(t: Tables, patterns: Array, begin: int, end: int, p: Pieces, value: Array) -> None:
    """Gain in fen of each candidate of the given patterns in slots ``begin <= slot < end``, alone and filled greedily."""
    gain = np.empty(ITEMS, np.int64)
    people = np.empty(ITEMS, np.int64)
    who = np.empty(ITEMS, np.int64)
    piece = np.empty(ITEMS, np.int64)
    ride = np.empty(ITEMS, np.int64)
    room = np.empty((8, 2), np.int64)
    key = np.empty(ITEMS, np.float64)
    after = np.empty(ITEMS, np.int64)
    for r in patterns:
        k = t.circuit[r]
        legs = t.legs[r]
        for slot in range(max(begin, t.low[r]), min(end, t.high[r])):
            minute = t.start + slot * t.step
            n = gather(t, r, minute, p, -2, gain, people, who, piece, ride)
            total = 0
            people_all, cars_all = 0, 0
            for i in range(n):
                total += gain[i] * people[i]
                if t.deck[t.market[ride[i]]]:
                    cars_all += people[i]
                else:
                    people_all += people[i]
            if people_all > t.seats[k] or cars_all > t.decks[k]:
                for i in range(n):
                    key[i] = gain[i] / (t.alight[ride[i]] - t.board[ride[i]])
                for leg in range(legs):
                    room[leg, 0] = t.seats[k]
                    room[leg, 1] = t.decks[k]
                total = fill(t, n, key, gain, people, ride, legs, room, after)
            value[t.first[r] + slot - t.low[r]] = total


@njit(cache=True)
def best_day(
    t: Tables,
    patterns: Array,
    origin: Array,
    target: Array,
    net: Array,
    ports: int,
    slots: int,
    open_ports: Array,
    window: Array,
    extra: int,
) -> tuple[int, int, Array]:
    """The day of one vessel that gains most: longest path in time and space, from a port back to it.

    ``net`` fen by candidate (FAR = forbidden); ``window`` rows of (first, last) minute of one crew, the last row the whole day at
    ``extra`` fen. Returns gain, window row and candidates in order.
    """
    best, best_row = FAR, 0
    out = np.empty(DAY, np.int64)
    length = 0
    value = np.empty((ports, slots + 1), np.int64)
    via = np.empty((ports, slots + 1), np.int64)
    for row in range(len(window)):
        pay = extra if row == len(window) - 1 else 0
        for base in range(ports):
            if not open_ports[base]:
                continue
            value[:] = FAR
            via[:] = -1
            value[base, 0] = 0
            for slot in range(slots + 1):
                if slot:
                    for q in range(ports):
                        if value[q, slot - 1] >= value[q, slot]:
                            value[q, slot] = value[q, slot - 1]
                            via[q, slot] = -1
                if slot == slots:
                    break
                minute = t.start + slot * t.step
                if minute < window[row, 0]:
                    continue
                for z in range(len(patterns)):
                    r = patterns[z]
                    if slot < t.low[r] or slot >= t.high[r] or value[origin[z], slot] <= FAR:
                        continue
                    if minute + t.minutes[r] > window[row, 1]:
                        continue
                    c = t.first[r] + slot - t.low[r]
                    if net[c] <= FAR:
                        continue
                    end = min(slots, slot + t.block[r])
                    new = value[origin[z], slot] + net[c]
                    if new > value[target[z], end]:
                        value[target[z], end] = new
                        via[target[z], end] = z * (slots + 1) + slot
            if value[base, slots] - pay > best:
                best, best_row, length = value[base, slots] - pay, row, 0
                q, slot = base, slots
                while slot > 0:
                    if via[q, slot] >= 0:
                        z, slot2 = via[q, slot] // (slots + 1), via[q, slot] % (slots + 1)
                        if length < DAY:
                            out[length] = t.first[patterns[z]] + slot2 - t.low[patterns[z]]
                        length += 1
                        q, slot = origin[z], slot2
                    else:
                        slot -= 1
                if length > DAY:
                    best, length = FAR, 0
    return best, best_row, out[:length][::-1].copy()


@njit(cache=True)
def best_stretch(
    t: Tables, patterns: Array, origin: Array, target: Array, net: Array, ports: int, place: int, begin: int, goal: int, end: int,
    last: int, window: Array,
) -> tuple[int, Array]:  # fmt: skip
    """The best way from ``place`` at slot ``begin`` to ``goal`` at slot ``end``: gain (FAR if there is none) and candidates in order."""
    value = np.full((ports, end + 1), FAR, np.int64)
    via = np.full((ports, end + 1), -1, np.int64)
    value[place, begin] = 0
    for slot in range(begin, end):
        if slot > begin:
            for q in range(ports):
                if value[q, slot - 1] >= value[q, slot]:
                    value[q, slot] = value[q, slot - 1]
                    via[q, slot] = -1
        minute = t.start + slot * t.step
        if minute < window[0]:
            continue
        for z in range(len(patterns)):
            r = patterns[z]
            if slot < t.low[r] or slot >= t.high[r] or value[origin[z], slot] <= FAR or minute + t.minutes[r] > window[1]:
                continue
            c = t.first[r] + slot - t.low[r]
            arrive = slot + t.block[r]
            if arrive > end and end == last:
                arrive = end
            if net[c] <= FAR or arrive > end:
                continue
            new = value[origin[z], slot] + net[c]
            if new > value[target[z], arrive]:
                value[target[z], arrive] = new
                via[target[z], arrive] = z * (end + 1) + slot
    for q in range(ports):
        if end > begin and value[q, end - 1] >= value[q, end]:
            value[q, end] = value[q, end - 1]
            via[q, end] = -1
    out = np.empty(DAY, np.int64)
    length = 0
    q, slot = goal, end
    if value[goal, end] <= FAR:
        return FAR, out[:0]
    while slot > begin:
        if via[q, slot] >= 0:
            z, slot2 = via[q, slot] // (end + 1), via[q, slot] % (end + 1)
            if length == DAY:
                return FAR, out[:0]
            out[length] = t.first[patterns[z]] + slot2 - t.low[patterns[z]]
            length += 1
            q, slot = origin[z], slot2
        else:
            slot -= 1
    return value[goal, end], out[:length][::-1].copy()


@njit(cache=True)
def board_slot(t: Tables, r: int, minute: int, slot: int, p: Pieces, buffers: tuple[Array, Array, Array, Array, Array]) -> int:
    """People who gain most move to the sailing in ``slot`` while there is room; returns the gain in fen."""
    gain, people, who, piece, ride = buffers
    n = gather(t, r, minute, p, slot, gain, people, who, piece, ride)
    key = np.empty(n, np.float64)
    for i in range(n):
        key[i] = -gain[i] / (t.alight[ride[i]] - t.board[ride[i]])
    order = np.argsort(key)
    total = 0
    for i in order:
        e, x, j = ride[i], who[i], piece[i]
        d = 1 if t.deck[t.market[e]] else 0
        q = min(people[i], p.people[x, j])
        for leg in range(t.board[e], t.alight[e]):
            q = min(q, p.room[slot, leg, d])
        if q <= 0 or p.number[x] >= p.people.shape[1]:
            continue
        old = p.sailing[x, j]
        if old >= 0:
            for leg in range(p.board[x, j], p.alight[x, j]):
                p.room[old, leg, d] += q
        for leg in range(t.board[e], t.alight[e]):
            p.room[slot, leg, d] -= q
        p.people[x, j] -= q
        m = p.number[x]
        for j2 in range(1, p.number[x]):
            if p.people[x, j2] == 0:
                m = j2
                break
        if m == p.number[x]:
            p.number[x] += 1
        p.people[x, m] = q
        p.sailing[x, m] = slot
        p.price[x, m] = p.price[x, j] - gain[i]
        p.board[x, m] = t.board[e]
        p.alight[x, m] = t.alight[e]
        total += q * gain[i]
    return total


@njit(cache=True)
def board_all(t: Tables, slots: Array, pattern: Array, minute: Array, p: Pieces, rounds: int) -> int:
    """Boards the sailings in the given slots, in that order, some rounds; returns the gain."""
    buffers = (
        np.empty(ITEMS, np.int64), np.empty(ITEMS, np.int64), np.empty(ITEMS, np.int64), np.empty(ITEMS, np.int64), np.empty(ITEMS, np.int64),
    )  # fmt: skip
    total = 0
    for _ in range(rounds):
        gained = 0
        for i in range(len(slots)):
            gained += board_slot(t, pattern[i], minute[i], slots[i], p, buffers)
        total += gained
        if gained == 0:
            break
    return total


@njit(cache=True)
def put_ashore(lo: int, hi: int, gone: Array, p: Pieces) -> None:
    """Everyone aboard the sailings in slots ``lo <= slot < hi`` that are marked in ``gone`` is unseated; these slots are emptied."""
    for x in range(len(p.number)):
        n = p.number[x]
        for j in range(1, n):
            if p.people[x, j] > 0 and lo <= p.sailing[x, j] < hi and gone[p.sailing[x, j] - lo]:
                p.people[x, 0] += p.people[x, j]
                p.people[x, j] = 0
        while n > 1 and p.people[x, n - 1] == 0:
            n -= 1
        p.number[x] = n
    for s in range(lo, hi):
        if gone[s - lo]:
            p.placed[s] = -1


@njit(cache=True)
def price_of_all(p: Pieces) -> int:
    """What all pieces cost in fen, those left behind included."""
    total = 0
    for x in range(len(p.number)):
        for j in range(p.number[x]):
            total += p.people[x, j] * p.price[x, j]
    return total


@njit(cache=True)
def blocked(
    t: Tables,
    patterns: Array,
    stops: Array,
    stop_ptr: Array,
    taken: Array,
    berths: Array,
    taken_long: Array,
    long_berths: Array,
    is_long: bool,
    first_minute: int,
    begin: int,
    end: int,
    net: Array,
) -> None:
    """Forbids the candidates that would find no free berth. ``stops``: (port, from, to) minutes relative to the departure."""
    for r in patterns:
        for slot in range(max(begin, t.low[r]), min(end, t.high[r])):
            minute = t.start + slot * t.step - first_minute
            free = True
            for s in range(stop_ptr[r], stop_ptr[r + 1]):
                port = stops[s, 0]
                for m in range(minute + stops[s, 1], minute + stops[s, 2]):
                    if taken[port, m] >= berths[port] or (is_long and taken_long[port, m] >= long_berths[port]):
                        free = False
                        break
                if not free:
                    break
            if not free:
                net[t.first[r] + slot - t.low[r]] = FAR


@njit(cache=True)
def occupy(stops: Array, lo: int, hi: int, minute: int, by: int, taken: Array) -> None:
    """Adds (or with ``by`` -1 takes off) the berth minutes of a sailing."""
    for s in range(lo, hi):
        for m in range(minute + stops[s, 1], minute + stops[s, 2]):
            taken[stops[s, 0], m] += by

"""Compiled parts of the bound: the most that a sailing can earn at given prices. Shares no code with the plan search.

Everything here errs on the high side of what a sailing earns, never the low: costs of rides are rounded down, chains are priced
by feasible duals of their legs, and a journey with a change is two rides that need not fit together.
"""

# ruff: noqa: PLR0913

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from solvers.ferry.tables import Tables

Array = NDArray[Any]
ITEMS = 6000


@njit(cache=True)
def riders(t: Tables, alpha: Array, r: int, minute: int, deck: int, worth: Array, people: Array, group: Array, ride: Array) -> int:
    """Groups that a sailing would carry at prices ``alpha`` (fen a person), in one capacity dimension; returns their number."""
    n = 0
    for e in range(t.ptr[r], t.ptr[r + 1]):
        o = t.market[e]
        if t.deck[o] != deck:
            continue
        role = t.role[e]
        leaves = minute + t.departs[e]
        lo, hi = t.group_ptr[o], t.group_ptr[o + 1]
        early = leaves - t.closes2[o] if role == 2 else leaves - t.window
        late = leaves - t.opens2[o] if role == 2 else leaves + t.window
        while lo < hi:
            mid = (lo + hi) >> 1
            if t.wanted[mid] < early:
                lo = mid + 1
            else:
                hi = mid
        share = 1.0
        if role == 1:
            share = t.part[o] / 1000.0
        elif role == 2:
            share = 1.0 - t.part[o] / 1000.0
        for g in range(lo, t.group_ptr[o + 1]):
            if t.wanted[g] > late:
                break
            shift = 0 if role == 2 else t.shift * abs(leaves - t.wanted[g])
            w = share * alpha[g] - (t.fen_h[o] * (t.centi[e] + shift)) // 6000
            if w > 0.0 and n < ITEMS:
                worth[n] = w
                people[n] = t.size[g]
                group[n] = g
                ride[n] = e
                n += 1
    return n


@njit(cache=True)
def one_leg(n: int, worth: Array, people: Array, seats: int, copies: int, out: Array) -> None:
    """Adds to ``out[m]`` what the (m+1)-th departure of the slot earns at most: a fractional knapsack (Dantzig 1957)."""
    total, earned = 0.0, 0.0
    for j in range(n):
        total += people[j]
        earned += people[j] * worth[j]
    if total <= seats:
        out[0] += earned
        return
    if seats == 0:
        return
    m, room = 0, float(seats)
    for j in np.argsort(-worth[:n]):
        q = people[j]
        while q > 0.0:
            take = min(q, room)
            out[m] += take * worth[j]
            q -= take
            room -= take
            if room <= 0.0:
                m += 1
                if m >= copies:
                    return
                room = float(seats)


@njit(cache=True)
def many_legs(n: int, worth: Array, people: Array, first: Array, last: Array, seats: int, legs: int, beta: Array) -> float:
    """Upper bound on what a chain earns: coordinate descent on the prices ``beta`` of its legs; any ``beta`` >= 0 is valid."""
    use = np.empty(n)
    at = np.empty(n, np.int64)
    for leg in range(legs):
        beta[leg] = 0.0
    for _ in range(3):
        changed = False
        for leg in range(legs):
            m, total = 0, 0.0
            for j in range(n):
                if first[j] <= leg < last[j]:
                    w = worth[j]
                    for other in range(first[j], last[j]):
                        if other != leg:
                            w -= beta[other]
                    if w > 0.0:
                        use[m] = w
                        at[m] = j
                        m += 1
                        total += people[j]
            price = 0.0
            if total > seats:
                filled = 0.0
                for z in np.argsort(-use[:m]):
                    filled += people[at[z]]
                    if filled >= seats:
                        price = use[z]
                        break
            if abs(price - beta[leg]) > 1e-9:
                changed = True
            beta[leg] = price
        if not changed:
            break
    earned = 0.0
    for leg in range(legs):
        earned += beta[leg] * seats
    for j in range(n):
        w = worth[j]
        for leg in range(first[j], last[j]):
            w -= beta[leg]
        if w > 0.0:
            earned += w * people[j]
    return earned


@njit(cache=True)
def earnings(t: Tables, alpha: Array, copies: int, value: Array) -> None:
    """Most that each candidate earns in fen, (candidates, copies): the first, second, ... departure of the same slot."""
    worth = np.empty(ITEMS)
    people = np.empty(ITEMS)
    group = np.empty(ITEMS, np.int64)
    ride = np.empty(ITEMS, np.int64)
    beta = np.zeros(16)
    first = np.empty(ITEMS, np.int64)
    last = np.empty(ITEMS, np.int64)
    for r in range(len(t.first)):
        k, legs = t.circuit[r], t.legs[r]
        for slot in range(t.low[r], t.high[r]):
            c = t.first[r] + slot - t.low[r]
            for m in range(copies):
                value[c, m] = 0.0
            for deck in range(2):
                seats = t.decks[k] if deck else t.seats[k]
                if seats == 0:
                    continue
                n = riders(t, alpha, r, t.start + slot * t.step, deck, worth, people, group, ride)
                if n == 0:
                    continue
                if legs == 1:
                    one_leg(n, worth, people, seats, copies, value[c])
                    continue
                total = 0.0
                for j in range(n):
                    first[j] = t.board[ride[j]]
                    last[j] = t.alight[ride[j]]
                    total += people[j]
                before = 0.0
                for m in range(copies):
                    earned = many_legs(n, worth, people, first, last, seats * (m + 1), legs, beta)
                    value[c, m] += max(0.0, earned - before)
                    before = max(before, earned)
                    if total <= seats * (m + 1):
                        break


@njit(cache=True)
def carried(t: Tables, alpha: Array, sailings: Array, pattern: Array, times: Array, served: Array) -> None:
    """Adds to ``served`` (by group) the people that the chosen sailings carry; a guide for the multipliers, not part of the bound."""
    worth = np.empty(ITEMS)
    people = np.empty(ITEMS)
    group = np.empty(ITEMS, np.int64)
    ride = np.empty(ITEMS, np.int64)
    beta = np.zeros(16)
    room = np.zeros(16)
    first = np.empty(ITEMS, np.int64)
    last = np.empty(ITEMS, np.int64)
    for i in range(len(sailings)):
        r = pattern[i]
        k, legs = t.circuit[r], t.legs[r]
        minute = t.start + (sailings[i] - t.first[r] + t.low[r]) * t.step
        for deck in range(2):
            seats = (t.decks[k] if deck else t.seats[k]) * times[i]
            if seats == 0:
                continue
            n = riders(t, alpha, r, minute, deck, worth, people, group, ride)
            for j in range(n):
                first[j] = t.board[ride[j]]
                last[j] = t.alight[ride[j]]
            for leg in range(legs):
                beta[leg] = 0.0
                room[leg] = seats
            if legs > 1:
                many_legs(n, worth, people, first, last, seats, legs, beta)
            key = np.empty(n)
            for j in range(n):
                w = worth[j]
                for leg in range(first[j], last[j]):
                    w -= beta[leg]
                key[j] = -w
            for j in np.argsort(key):
                if key[j] > 1e-9:
                    break
                q = people[j]
                for leg in range(first[j], last[j]):
                    q = min(q, room[leg])
                if q > 0.0:
                    for leg in range(first[j], last[j]):
                        room[leg] -= q
                    o = t.market[ride[j]]
                    role = t.role[ride[j]]
                    share = 1.0 if role == 0 else (t.part[o] / 1000.0 if role == 1 else 1.0 - t.part[o] / 1000.0)
                    served[group[j]] += q * share


@njit(cache=True)
def cheapest(t: Tables, alpha: Array, load: float) -> None:
    """Lowers ``alpha`` to what each group pays in its cheapest conceivable journey (fen): a change counts both rides.

    With ``load`` > 0 a rider also pays a share of the sailing's running cost, as if the boat were that full.
    """
    first = np.full(len(alpha), np.inf)
    second = np.full(len(alpha), np.inf)
    for r in range(len(t.first)):
        for e in range(t.ptr[r], t.ptr[r + 1]):
            o = t.market[e]
            places = t.decks[t.circuit[r]] if t.deck[o] else t.seats[t.circuit[r]]
            if places == 0:
                continue
            fare = t.cost[r] * (t.alight[e] - t.board[e]) / (load * places * t.legs[r]) if load > 0.0 else 0.0
            lo_minute = t.start + t.low[r] * t.step + t.departs[e]
            hi_minute = t.start + (t.high[r] - 1) * t.step + t.departs[e]
            for g in range(t.group_ptr[o], t.group_ptr[o + 1]):
                off = max(0, max(lo_minute - t.wanted[g], t.wanted[g] - hi_minute))
                if off > t.window and t.role[e] != 2:
                    continue
                near = 0 if t.role[e] == 2 else t.shift * off
                cost = float((t.fen_h[o] * (t.centi[e] + near)) // 6000) + fare
                if t.role[e] == 0:
                    alpha[g] = min(alpha[g], cost)
                elif t.role[e] == 1:
                    first[g] = min(first[g], cost)
                else:
                    second[g] = min(second[g], cost)
    for g in range(len(alpha)):
        alpha[g] = min(alpha[g], first[g] + second[g])

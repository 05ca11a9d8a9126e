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
from solvers.kernel import kernel

Array = NDArray[Any]
PASSES = 12
ROUNDS = 2


@njit(cache=True)
def entries(t: Tables) -> tuple[int, int]:
    """Most entries that the lists of one pattern could have, and most slots of a pattern."""
    most, slots = 1, 1
    for r in range(len(t.first)):
        n = 0
        for e in range(t.ptr[r], t.ptr[r + 1]):
            n += t.group_ptr[t.market[e] + 1] - t.group_ptr[t.market[e]]
        most = max(most, n * (t.high[r] - t.low[r]))
        slots = max(slots, t.high[r] - t.low[r])
    return most, slots


@njit(cache=True)
def room_for(t: Tables) -> tuple[int, int]:
    """Most groups that one sailing could carry, each as often as it has rides, and most legs of a pattern: none is ever left out."""
    items, legs = 1, 1
    for r in range(len(t.first)):
        legs = max(legs, t.legs[r])
        n = t.ptr[r + 1] - t.ptr[r]
        for e in range(t.ptr[r], t.ptr[r + 1]):
            o = t.market[e]
            n += t.group_ptr[o + 1] - t.group_ptr[o]
        items = max(items, n)
    return items, legs


@kernel
def riders(
    t: Tables, alpha: Array, r: int, minute: int, deck: int, since: Array, worth: Array, people: Array, group: Array, ride: Array
) -> int:
    """Groups that a sailing would carry at prices ``alpha`` (fen a person, by role of the ride and group), in one capacity dimension; their number.

    ``since`` remembers by ride where the last call began, so that rising minutes need no search; set it to -1 to begin anew.
    """
    n = 0
    for e in range(t.ptr[r], t.ptr[r + 1]):
        o = t.market[e]
        if t.deck[o] != deck:
            continue
        role = t.role[e]
        leaves = minute + t.departs[e]
        end = t.group_ptr[o + 1]
        early = leaves - t.closes2[o] if role == 2 else leaves - t.window
        late = leaves - t.opens2[o] if role == 2 else leaves + t.window
        lo = since[e - t.ptr[r]]
        if lo < 0:
            lo = t.group_ptr[o]
            hi = end
            while lo < hi:
                mid = (lo + hi) >> 1
                if t.wanted[mid] < early:
                    lo = mid + 1
                else:
                    hi = mid
        while lo < end and t.wanted[lo] < early:
            lo += 1
        since[e - t.ptr[r]] = lo
        hour, spent, drift = t.fen_h[o], t.centi[e], 0 if role == 2 else t.shift
        for g in range(lo, end):
            if t.wanted[g] > late:
                break
            w = alpha[role, g] - (hour * (spent + drift * abs(leaves - t.wanted[g]))) // 6000
            if w > 0.0:
                worth[n] = w
                people[n] = t.size[g]
                group[n] = g
                ride[n] = e
                n += 1
    return n


@kernel
def all_riders(t: Tables, alpha: Array, r: int, deck: int, head: Array, after: Array, worth: Array, group: Array, ride: Array) -> None:
    """Groups that each sailing of pattern ``r`` would carry at prices ``alpha`` (by role and group), in one capacity dimension, as lists by slot.

    ``head`` (slots of the pattern) is the first entry, ``after`` leads from one to the next, -1 ends. Only entries that earn are
    made: a group earns within a radius around its wanted departure.
    """
    n = 0
    low, slots = t.low[r], t.high[r] - t.low[r]
    head[:slots] = -1
    for e in range(t.ptr[r], t.ptr[r + 1]):
        o = t.market[e]
        if t.deck[o] != deck:
            continue
        role, hour, spent = t.role[e], t.fen_h[o], t.centi[e]
        drift = 0 if role == 2 else t.shift
        begin = t.start + low * t.step + t.departs[e]
        for g in range(t.group_ptr[o], t.group_ptr[o + 1]):
            # two fen and a minute more than the formula: nobody may be missed by rounding
            slack = (alpha[role, g] + 2.0) * 6000.0 / max(1, hour) - spent
            if slack <= 0.0:
                continue
            early, late = t.wanted[g] - t.window, t.wanted[g] + t.window
            if role == 2:
                early, late = t.wanted[g] + t.opens2[o], t.wanted[g] + t.closes2[o]
            elif drift > 0 and slack < drift * float(t.window):
                radius = int(slack / drift) + 1
                early, late = max(early, t.wanted[g] - radius), min(late, t.wanted[g] + radius)
            for slot in range(max(0, -((begin - early) // t.step)), min(slots - 1, (late - begin) // t.step) + 1):
                off = abs(begin + slot * t.step - t.wanted[g])
                w = alpha[role, g] - (hour * (spent + drift * off)) // 6000
                if w > 0.0:
                    worth[n] = w
                    group[n] = g
                    ride[n] = e
                    after[n] = head[slot]
                    head[slot] = n
                    n += 1


@kernel
def seat_price(n: int, worth: Array, people: Array, room: float, guess: float) -> tuple[float, float]:
    """Price of a seat, and with it a bound on what ``room`` seats earn: the dual of a fractional knapsack (Dantzig 1957).

    The bound, room * price + what each earns above the price, is convex in the price and valid at any; the lowest point is found
    by meeting tangents (Kelley 1960) from ``guess``, which is quicker than sorting.
    """
    total, earned, most = 0.0, 0.0, 0.0
    for j in range(n):
        total += people[j]
        earned += people[j] * worth[j]
        most = max(most, worth[j])
    if total <= room:
        return 0.0, earned
    low, low_value, low_slope = 0.0, earned, room - total
    high, high_value, high_slope = most, room * most, room
    at, best = (0.0, earned) if earned < room * most else (most, room * most)
    price = guess
    for _ in range(PASSES):
        if not low < price < high:
            price = low + (high_value - low_value - high_slope * (high - low)) / (low_slope - high_slope)
            if low_value + low_slope * (price - low) > best - 1.0 or not low < price < high:
                break
        taken, over = 0.0, 0.0
        for j in range(n):
            if worth[j] > price:
                taken += people[j]
                over += people[j] * (worth[j] - price)
        value, slope = room * price + over, room - taken
        if value < best:
            at, best = price, value
        if slope < 0.0:
            low, low_value, low_slope = price, value, slope
        else:
            high, high_value, high_slope = price, value, slope
        if slope == 0.0:
            break
        price = -1.0
    return at, best


@kernel
def one_leg(n: int, worth: Array, people: Array, seats: int, copies: int, guess: Array, out: Array) -> None:
    """Adds to ``out[m]`` what the (m+1)-th departure of the slot earns at most; ``guess``: seat prices to begin with, kept up."""
    before, total = 0.0, 0.0
    for j in range(n):
        total += people[j]
    for m in range(copies):
        guess[m], earned = seat_price(n, worth, people, float(seats * (m + 1)), guess[m])
        out[m] += max(0.0, earned - before)
        before = max(before, earned)
        if total <= seats * (m + 1):
            break


@kernel
def many_legs(
    n: int, worth: Array, people: Array, first: Array, last: Array, seats: int, legs: int, use: Array, count: Array, beta: Array
) -> float:
    """Upper bound on what a chain earns: coordinate descent on the prices ``beta`` of its legs; any ``beta`` >= 0 is valid."""
    for _ in range(ROUNDS):
        changed = False
        for leg in range(legs):
            m = 0
            for j in range(n):
                if first[j] <= leg < last[j]:
                    w = worth[j]
                    for other in range(first[j], last[j]):
                        if other != leg:
                            w -= beta[other]
                    if w > 0.0:
                        use[m] = w
                        count[m] = people[j]
                        m += 1
            price, _ = seat_price(m, use, count, float(seats), beta[leg])
            if abs(price - beta[leg]) > 1.0:
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
    items, most_legs = room_for(t)
    most, longest = entries(t)
    head, after = np.empty(longest, np.int64), np.empty(most, np.int64)
    found, who, aboard = np.empty(most), np.empty(most, np.int64), np.empty(most, np.int64)
    worth, people, use, count = np.empty(items), np.empty(items), np.empty(items), np.empty(items)
    first, last = np.empty(items, np.int64), np.empty(items, np.int64)
    beta, guess = np.zeros(most_legs), np.zeros(copies)
    value[:] = 0.0
    for r in range(len(t.first)):
        k, legs = t.circuit[r], t.legs[r]
        own = min(copies, t.vessels[k])
        for deck in range(2):
            seats = t.decks[k] if deck else t.seats[k]
            if seats == 0:
                continue
            all_riders(t, alpha, r, deck, head, after, found, who, aboard)
            beta[:] = 0.0
            guess[:] = 0.0
            for slot in range(t.high[r] - t.low[r]):
                n, total, at = 0, 0.0, head[slot]
                while at >= 0:
                    worth[n], people[n] = found[at], t.size[who[at]]
                    first[n], last[n] = t.board[aboard[at]], t.alight[aboard[at]]
                    total += people[n]
                    n += 1
                    at = after[at]
                if n == 0:
                    continue
                c = t.first[r] + slot
                if legs == 1:
                    one_leg(n, worth, people, seats, own, guess, value[c])
                    continue
                if total <= seats:  # room for all, whatever legs they ride
                    for j in range(n):
                        value[c, 0] += worth[j] * people[j]
                    continue
                before = many_legs(n, worth, people, first, last, seats, legs, use, count, beta)
                value[c, 0] += before
                # further departures: at the seat prices of the first, or with room for all, whichever is lower; both hold
                everything, dear = 0.0, 0.0
                for j in range(n):
                    everything += worth[j] * people[j]
                for leg in range(legs):
                    dear += beta[leg] * seats
                earned = before
                for m in range(1, own):
                    if total <= seats * m:
                        break
                    earned = min(everything, earned + dear)
                    value[c, m] += max(0.0, earned - before)
                    before = max(before, earned)
    # worth must not rise from one departure of a slot to the next: raised where the prices found were not exact
    for c in range(len(value)):
        for m in range(copies - 1, 0, -1):
            value[c, m - 1] = max(value[c, m - 1], value[c, m])


@njit(cache=True)
def carried(t: Tables, alpha: Array, sailings: Array, pattern: Array, times: Array, served: Array) -> None:
    """Adds to ``served`` (by role and group) the people that the chosen sailings carry; a guide for the multipliers, not part of the bound."""
    items, most_legs = room_for(t)
    worth, people, use, count = np.empty(items), np.empty(items), np.empty(items), np.empty(items)
    group, ride = np.empty(items, np.int64), np.empty(items, np.int64)
    first, last = np.empty(items, np.int64), np.empty(items, np.int64)
    beta, room = np.zeros(most_legs), np.zeros(most_legs)
    since = np.empty(items, np.int64)
    for i in range(len(sailings)):
        r = pattern[i]
        k, legs = t.circuit[r], t.legs[r]
        minute = t.start + (sailings[i] - t.first[r] + t.low[r]) * t.step
        for deck in range(2):
            seats = (t.decks[k] if deck else t.seats[k]) * times[i]
            if seats == 0:
                continue
            since[: t.ptr[r + 1] - t.ptr[r]] = -1
            n = riders(t, alpha, r, minute, deck, since, worth, people, group, ride)
            for j in range(n):
                first[j] = t.board[ride[j]]
                last[j] = t.alight[ride[j]]
            for leg in range(legs):
                beta[leg] = 0.0
                room[leg] = seats
            if legs > 1:
                many_legs(n, worth, people, first, last, seats, legs, use, count, beta)
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
                    served[t.role[ride[j]], group[j]] += q


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

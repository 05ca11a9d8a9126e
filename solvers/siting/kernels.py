"""Compiled kernels of siting: the Lagrangian of the assignment, and the interchange of sites on sparse lists.

Costs are floats holding whole numbers (weight × distance); ``inf`` horizons mean that what is not listed cannot be reached.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@njit(cache=True)
def reduced_costs(start: IntArray, site: IntArray, cost: FloatArray, fixed: FloatArray, price: FloatArray) -> FloatArray:
    """What each site would add to the Lagrangian: its own cost less what its clients pay above theirs. (sites,)"""
    worth = fixed.copy()
    for i in range(len(start) - 1):
        for k in range(start[i], start[i + 1]):
            if cost[k] >= price[i]:
                break
            worth[site[k]] -= price[i] - cost[k]
    return worth


@njit(cache=True)
def pick(worth: FloatArray, most: int, state: IntArray) -> tuple[FloatArray, float, float, float]:
    """The cheapest choice of at most ``most`` sites: who, its sum, and the thresholds of in and out.

    state: 0 free, 1 must be open, -1 must not. The thresholds are what a further site replaces (worst chosen, or 0 while there is
    room) and what replaces a chosen one (best left out, or 0).
    """
    m = len(worth)
    chosen = np.zeros(m)
    total, room = 0.0, most
    for j in range(m):
        if state[j] == 1:
            chosen[j] = 1.0
            total += worth[j]
            room -= 1
    free = np.array([worth[j] if state[j] == 0 else np.inf for j in range(m)])
    order = np.argsort(free, kind="mergesort")
    last, after = 0.0, 0.0
    for r in range(m):
        j = order[r]
        if free[j] >= 0:
            break
        if r < room:
            chosen[j] = 1.0
            total += free[j]
            last = free[j]
        else:
            after = free[j]
            break
    taken = 0
    for r in range(min(room, m)):
        if free[order[r]] < 0:
            taken += 1
    if taken < room:
        last = 0.0
    return chosen, total, last, after


@njit(cache=True)
def ascend(
    start: IntArray, site: IntArray, cost: FloatArray, fixed: FloatArray, cap: FloatArray, most: int, state: IntArray,
    price: FloatArray, upper: float, rounds: int, scale: float
) -> tuple[float, FloatArray, FloatArray, float]:  # fmt: skip
    """Subgradient steps on the clients' prices: best bound, its prices, how often each site was chosen of late, last scale.

    A price above ``cap`` (the horizon of a cut list) would ignore sites that are not listed: it is never passed, so the bound
    holds over all sites. Direction smoothed as in the volume algorithm (Barahona & Anbil 2000).
    """
    n, m = len(start) - 1, len(fixed)
    now = price.copy()
    best, best_price = -1e300, price.copy()
    smooth = np.zeros(n)
    often = np.zeros(m)
    idle = 0
    for _ in range(rounds):
        worth = reduced_costs(start, site, cost, fixed, now)
        chosen, total, _, _ = pick(worth, most, state)
        value = total + now.sum()
        often = 0.9 * often + 0.1 * chosen
        if value > best + 1e-9 * abs(best):
            best, best_price = value, now.copy()
            idle = 0
        else:
            idle += 1
            if idle >= 12:
                scale *= 0.7
                idle = 0
                now = best_price.copy()
                smooth[:] = 0.0
                if scale < 1e-4:
                    break
                continue
        norm = 0.0
        for i in range(n):
            served = 0.0
            for k in range(start[i], start[i + 1]):
                if cost[k] >= now[i]:
                    break
                served += chosen[site[k]]
            smooth[i] = 0.4 * smooth[i] + (1.0 - served)
            norm += smooth[i] * smooth[i]
        if norm < 1e-12:
            break
        step = scale * max(upper - value, 1e-3 * abs(upper) * 0.01) / norm
        for i in range(n):
            if start[i] == start[i + 1]:
                continue
            now[i] = min(cap[i], max(cost[start[i]], now[i] + step * smooth[i]))
    return best, best_price, often, scale


@njit(cache=True)
def two_nearest(
    i: int, start: IntArray, site: IntArray, cost: FloatArray, is_open: BoolArray, far: FloatArray, d: FloatArray, near: IntArray
) -> None:
    """Writes the two nearest open sites of a client (-1 and ``far`` where there is none)."""
    seen = 0
    d[i, 0] = d[i, 1] = far[i]
    near[i, 0] = near[i, 1] = -1
    for k in range(start[i], start[i + 1]):
        if is_open[site[k]]:
            d[i, seen], near[i, seen] = cost[k], site[k]
            seen += 1
            if seen == 2:
                return


@njit(cache=True)
def interchange(
    start: IntArray, site: IntArray, cost: FloatArray, back: IntArray, client: IntArray, away: FloatArray,
    fixed: FloatArray, far: FloatArray, most: int, state: IntArray, is_open: BoolArray, order: IntArray, moves: int
) -> tuple[float, int]:  # fmt: skip
    """Improves ``is_open`` in place by adding, dropping and swapping sites until no such move helps; cost and moves made.

    Whitaker's fast interchange with the savings and losses of Resende & Werneck (2007), on sparse lists: back, client, away are
    the lists by site. Unserved clients count ``far``. At most ``moves`` moves.
    """
    n, m = len(start) - 1, len(fixed)
    d, near = np.empty((n, 2)), np.empty((n, 2), np.int64)
    loss = np.zeros(m)
    total = 0.0
    count = 0
    opened = np.empty(m, np.int64)
    for j in range(m):
        if is_open[j]:
            total += fixed[j]
            opened[count] = j
            count += 1
    for i in range(n):
        two_nearest(i, start, site, cost, is_open, far, d, near)
        total += d[i, 0]
        if near[i, 0] >= 0:
            loss[near[i, 0]] += d[i, 1] - d[i, 0]
    credit = np.zeros(m)
    made, quiet, at = 0, 0, 0
    while quiet < len(order) and made < moves:
        j = order[at]
        at = (at + 1) % len(order)
        quiet += 1
        out, gain = -1, 0.0
        into = -1
        if is_open[j]:
            if state[j] == 0 and fixed[j] - loss[j] > 1e-9:
                out, gain = j, fixed[j] - loss[j]
        elif state[j] == 0:
            save = -fixed[j]
            for k in range(back[j], back[j + 1]):
                i = client[k]
                c = away[k]
                if c < d[i, 0]:
                    save += d[i, 0] - c
                    if near[i, 0] >= 0:
                        credit[near[i, 0]] += d[i, 1] - d[i, 0]
                elif c < d[i, 1] and near[i, 0] >= 0:
                    credit[near[i, 0]] += d[i, 1] - c
            if count < most and save > 1e-9:
                into, gain = j, save
            for q in range(count):
                r = opened[q]
                if state[r] == 0:
                    change = save + fixed[r] - loss[r] + credit[r]
                    if change > gain + 1e-9:
                        into, out, gain = j, r, change
                credit[r] = 0.0
            if into < 0:
                out = -1
        if gain <= 1e-9 or (into < 0 and out < 0):
            continue
        quiet = 0
        made += 1
        total -= gain
        if into >= 0:
            is_open[into] = True
            opened[count] = into
            count += 1
            for k in range(back[into], back[into + 1]):
                i, c = client[k], away[k]
                if c < d[i, 0]:
                    if near[i, 0] >= 0:
                        loss[near[i, 0]] -= d[i, 1] - d[i, 0]
                    d[i, 1], near[i, 1] = d[i, 0], near[i, 0]
                    d[i, 0], near[i, 0] = c, into
                    loss[into] += d[i, 1] - c
                elif c < d[i, 1]:
                    if near[i, 0] >= 0:
                        loss[near[i, 0]] -= d[i, 1] - c
                    d[i, 1], near[i, 1] = c, into
        if out >= 0:
            is_open[out] = False
            for q in range(count):
                if opened[q] == out:
                    opened[q] = opened[count - 1]
                    break
            count -= 1
            for k in range(back[out], back[out + 1]):
                i = client[k]
                if near[i, 0] == out or near[i, 1] == out:
                    if near[i, 0] >= 0:
                        loss[near[i, 0]] -= d[i, 1] - d[i, 0]
                    two_nearest(i, start, site, cost, is_open, far, d, near)
                    if near[i, 0] >= 0:
                        loss[near[i, 0]] += d[i, 1] - d[i, 0]
            loss[out] = 0.0
    return total, made

# ruff: noqa: E741  (l is a node as t is a minute: the letters of the state)
"""Kernels of island days: what every candidate run is worth, and a vehicle's cheapest day by dynamic programming over time.

Prices are multiples of 1/1024 fen, what a run earns by itself of 1/1024 of that, all other amounts whole: sums are exact in a float.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
START, DEADHEAD, CHARGE, REST = -4, -1, -2, -3
FAR = np.inf
MOST_ITEMS = 64
FIRST_SHARE, WIDER = 0.002, 5.0  # of what the cheapest day gains without regard to energy: how much less is looked at first, and next


@njit(cache=True, nogil=True)
def pair_runs(
    moment_quay: IntArray, item_start: IntArray, route_quay: IntArray, route_start: IntArray, route_stop: IntArray, nodes: int
) -> IntArray:
    """(runs, 2) moment and route of every candidate run: the route begins at the moment's quay and all its stops have people then."""
    total = 0
    found = np.empty((1024, 2), np.int64)
    for m in range(len(moment_quay)):
        for r in range(len(route_quay)):
            if route_quay[r] != moment_quay[m]:
                continue
            full = True
            for k in range(route_start[r], route_start[r + 1]):
                at = m * nodes + route_stop[k]
                if item_start[at + 1] == item_start[at]:
                    full = False
                    break
            if full:
                if total == len(found):
                    longer = np.empty((2 * total, 2), np.int64)
                    longer[:total] = found
                    found = longer
                found[total, 0], found[total, 1] = m, r
                total += 1
    return found[:total].copy()


@njit(cache=True, nogil=True)
def fill(
    moment: int,
    route: int,
    nodes: int,
    item_start: IntArray,
    item_party: IntArray,
    item_wait: IntArray,
    route_start: IntArray,
    route_stop: IntArray,
    route_ride: IntArray,
    cost: IntArray,
    price: FloatArray,
    people: IntArray,
    seats: int,
    gains: FloatArray,
    who: IntArray,
    put: IntArray,
) -> tuple[int, float]:
    """Seats filled by falling worth (price less the cost of the minutes); writes party and people, returns how many rows and the worth.

    A run carries somebody: if nobody is worth it, one person of the party at which least is lost.
    """
    count, wanted, worth = 0, 0, 0.0
    least, lost = -1, -FAR
    for k in range(route_start[route], route_start[route + 1]):
        at = moment * nodes + route_stop[k]
        for i in range(item_start[at], item_start[at + 1]):
            p = item_party[i]
            if people[p] == 0:
                continue
            gain = price[p] - cost[item_wait[i], route_ride[k]]
            if gain > 0.0 and count < len(gains):
                gains[count], who[count], put[count] = gain, p, people[p]
                count += 1
                wanted += people[p]
                worth += gain * people[p]
            elif gain <= 0.0 and gain > lost:
                least, lost = p, gain
    if count == 0 and least >= 0:
        gains[0], who[0], put[0] = lost, least, 1
        return 1, lost
    if wanted <= seats:
        return count, worth
    for i in range(1, count):
        g, p, n, j = gains[i], who[i], put[i], i
        while j > 0 and gains[j - 1] < g:
            gains[j], who[j], put[j] = gains[j - 1], who[j - 1], put[j - 1]
            j -= 1
        gains[j], who[j], put[j] = g, p, n
    left, worth, i = seats, 0.0, 0
    while i < count and left > 0:
        put[i] = min(put[i], left)
        left -= put[i]
        worth += gains[i] * put[i]
        i += 1
    return i, worth


@njit(cache=True, nogil=True)
def arc_costs(
    runs: IntArray,
    fixed: IntArray,
    arc_of: IntArray,
    nodes: int,
    item_start: IntArray,
    item_party: IntArray,
    item_wait: IntArray,
    route_start: IntArray,
    route_stop: IntArray,
    route_ride: IntArray,
    cost: IntArray,
    price: FloatArray,
    people: IntArray,
    seats: int,
    bonus: FloatArray,
    best: FloatArray,
    chosen: IntArray,
) -> None:
    """Into ``best`` and ``chosen``: the cheapest run of each arc (same ends, times and energy), way less bonus and worth of its people.

    bonus: (runs,) fen that a run earns by itself, whoever is on board.
    """
    gains, who, put = np.empty(MOST_ITEMS), np.empty(MOST_ITEMS, np.int64), np.empty(MOST_ITEMS, np.int64)
    best[:] = FAR
    for v in range(len(runs)):
        rows, worth = fill(
            runs[v, 0],
            runs[v, 1],
            nodes,
            item_start,
            item_party,
            item_wait,
            route_start,
            route_stop,
            route_ride,
            cost,
            price,
            people,
            seats,
            gains,
            who,
            put,
        )
        if rows:
            a = arc_of[v]
            value = fixed[v] - bonus[v] - worth
            if value < best[a]:
                best[a], chosen[a] = value, v


@njit(cache=True, nogil=True)
def ways_home(
    opens: int,
    closes: int,
    base: int,
    way_min: IntArray,
    way_fen: IntArray,
    arc_start: IntArray,
    arc_node: IntArray,
    arc_end: IntArray,
    arc_ready: IntArray,
    arc_cost: FloatArray,
    rest: int,
    rest_from: int,
    rest_to: int,
) -> FloatArray:
    """(minutes, 2, nodes) least cost from a minute, break settled or not, and a node to the end of the day, with no regard to energy.

    Backwards in time. Below what any vehicle can do from there, since energy and chargers only take ways away or add cost.
    """
    n = len(way_min)
    home = np.full((closes + 2, 2, n), FAR)
    for t in range(closes, opens - 1, -1):
        for f in range(2):
            if f == 0 and rest > 0 and t > rest_to:
                continue
            for l in range(n):
                home[t, f, l] = home[t + 1, f, l]
            if f == 1 or t <= rest_to:
                home[t, f, base] = min(home[t, f, base], 0.0)
            if f == 0 and rest > 0 and rest_from <= t <= rest_to - rest:
                for l in range(n):
                    home[t, 0, l] = min(home[t, 0, l], home[t + rest, 1, l])
            for a in range(arc_start[t], arc_start[t + 1]):
                if arc_cost[a] < FAR and arc_ready[a] <= closes:
                    c = arc_cost[a] + home[arc_ready[a], f, arc_end[a]]
                    if c < home[t, f, arc_node[a]]:
                        home[t, f, arc_node[a]] = c
            for l in range(n):
                low = home[t, f, l]
                for m in range(n):
                    if m != l and way_min[l, m] >= 0 and t + way_min[l, m] <= closes:
                        low = min(low, way_fen[l, m] + home[t + way_min[l, m], f, m])
                home[t, f, l] = low
    return home


@njit(cache=True, nogil=True)
def cheapest_day(
    opens: int,
    closes: int,
    base: int,
    full: int,
    way_min: IntArray,
    way_fen: IntArray,
    way_units: IntArray,
    arc_start: IntArray,
    arc_node: IntArray,
    arc_end: IntArray,
    arc_ready: IntArray,
    arc_units: IntArray,
    arc_cost: FloatArray,
    site_node: IntArray,
    site_gain: IntArray,
    site_price: FloatArray,
    block: int,
    rest: int,
    rest_from: int,
    rest_to: int,
    span: int,
) -> tuple[float, IntArray]:
    """A vehicle's cheapest day from its base and back, and its steps (action, node, minute, energy), first step first.

    First with no regard to energy, backwards (``ways_home``): what can still be gained. Then forwards with energy, only where that
    leads below a limit a little above the least; the limit is raised until a day is found, and that day is then the cheapest.
    """
    home = ways_home(
        opens, closes, base, way_min, way_fen, arc_start, arc_node, arc_end, arc_ready, arc_cost, rest, rest_from, rest_to
    )  # fmt: skip
    settled = 1 if rest == 0 or opens - rest_from >= rest else 0
    least = home[opens, settled, base]
    if least >= 0.0:
        return 0.0, np.empty((0, 4), np.int64)
    share = FIRST_SHARE
    while True:
        limit = least * (1.0 - share) if share < 1.0 else 0.0
        best, steps = day_below(
            limit, home, opens, closes, base, full, way_min, way_fen, way_units, arc_start, arc_node, arc_end, arc_ready, arc_units, arc_cost,
            site_node, site_gain, site_price, block, rest, rest_from, rest_to, span,
        )  # fmt: skip
        if best < limit or share >= 1.0:
            return best, steps
        share *= WIDER


@njit(cache=True, nogil=True)
def day_below(
    limit: float,
    home: FloatArray,
    opens: int,
    closes: int,
    base: int,
    full: int,
    way_min: IntArray,
    way_fen: IntArray,
    way_units: IntArray,
    arc_start: IntArray,
    arc_node: IntArray,
    arc_end: IntArray,
    arc_ready: IntArray,
    arc_units: IntArray,
    arc_cost: FloatArray,
    site_node: IntArray,
    site_gain: IntArray,
    site_price: FloatArray,
    block: int,
    rest: int,
    rest_from: int,
    rest_to: int,
    span: int,
) -> tuple[float, IntArray]:
    """The cheapest of the days that cost less than ``limit``, and its steps; ``limit`` and no steps if there is none.

    State: node, energy, whether the break is settled; waiting is free. arc_start: (closes + 2,) runs by their first minute. site_price:
    (sites, blocks) for a block, inf = taken. Of states at a node only those that no fuller and cheaper one beats are kept.
    """
    n, size = len(way_min), full + 1
    cost, label = np.full((2, n, size), FAR), np.zeros((2, n, size), np.int32)
    ring, came, did = np.full((span, 2, n, size), FAR), np.zeros((span, 2, n, size), np.int32), np.zeros((span, 2, n, size), np.int32)
    expected = np.zeros((span, 2, n), np.int64)
    new = np.zeros((2, n, size), np.bool_)
    pool, used = np.empty((1 << 15, 5), np.int32), 0
    settled = 1 if rest == 0 or opens - rest_from >= rest else 0
    ring[opens % span, settled, base, full] = 0.0
    did[opens % span, settled, base, full] = START
    came[opens % span, settled, base, full] = -1
    expected[opens % span, settled, base] = 1
    best, last = limit, -1
    lows = np.full((2, n), FAR)
    for t in range(opens, closes + 1):
        now = t % span
        for l in range(n):
            for f in (1, 0):
                if expected[now, f, l] == 0:
                    continue
                expected[now, f, l] = 0
                low = FAR
                for e in range(size - 1, -1, -1):
                    new[f, l, e] = False
                    c = ring[now, f, l, e]
                    ring[now, f, l, e] = FAR
                    if f == 0:
                        low = min(low, cost[1, l, e])
                    if f == 0 and rest > 0 and t > rest_to:
                        continue
                    if c < cost[f, l, e] and c < low and c + home[t, f, l] < best:
                        if used == len(pool):
                            wider = np.empty((2 * used, 5), np.int32)
                            wider[:used] = pool
                            pool = wider
                        pool[used, 0], pool[used, 1], pool[used, 2], pool[used, 3], pool[used, 4] = (
                            came[now, f, l, e],
                            did[now, f, l, e],
                            l,
                            t,
                            e,
                        )
                        cost[f, l, e], label[f, l, e], new[f, l, e] = c, used, True
                        used += 1
                        if l == base and (f == 1 or t <= rest_to) and c < best:
                            best, last = c, used - 1
                    elif cost[f, l, e] >= low:
                        cost[f, l, e] = FAR
                    low = min(low, cost[f, l, e])
                    lows[f, l] = min(lows[f, l], cost[f, l, e])
                for e in range(size):
                    if not new[f, l, e]:
                        continue
                    c, k = cost[f, l, e], label[f, l, e]
                    if pool[k, 1] != DEADHEAD:
                        for m in range(n):
                            after = t + way_min[l, m]
                            if m != l and way_min[l, m] >= 0 and after <= closes and e >= way_units[l, m]:
                                s = after % span
                                if c + way_fen[l, m] + home[after, f, m] < best and c + way_fen[l, m] < ring[s, f, m, e - way_units[l, m]]:
                                    ring[s, f, m, e - way_units[l, m]] = c + way_fen[l, m]
                                    came[s, f, m, e - way_units[l, m]], did[s, f, m, e - way_units[l, m]] = k, DEADHEAD
                                    expected[s, f, m] = 1
        if rest > 0 and rest_from <= t <= rest_to - rest:
            s = (t + rest) % span
            for l in range(n):
                for e in range(size):
                    if cost[0, l, e] < FAR and (t == rest_from or new[0, l, e]) and cost[0, l, e] < ring[s, 1, l, e]:
                        ring[s, 1, l, e], came[s, 1, l, e], did[s, 1, l, e] = cost[0, l, e], label[0, l, e], REST
                        expected[s, 1, l] = 1
        if t % block == 0 and t + block <= closes:
            s = (t + block) % span
            for c in range(len(site_node)):
                price, l = site_price[c, t // block], site_node[c]
                for f in range(2):
                    for e in range(full):
                        if cost[f, l, e] + price < FAR:
                            up = min(full, e + site_gain[c])
                            if cost[f, l, e] + price < ring[s, f, l, up]:
                                ring[s, f, l, up], came[s, f, l, up], did[s, f, l, up] = (
                                    cost[f, l, e] + price,
                                    label[f, l, e],
                                    CHARGE - 8 * (c + 1),
                                )
                                expected[s, f, l] = 1
        for a in range(arc_start[t], arc_start[t + 1]):
            if arc_cost[a] == FAR or arc_ready[a] > closes:
                continue
            l, m, s = arc_node[a], arc_end[a], arc_ready[a] % span
            for f in range(2):
                if lows[f, l] + arc_cost[a] + home[arc_ready[a], f, m] >= best:
                    continue
                for e in range(arc_units[a], size):
                    c = cost[f, l, e] + arc_cost[a]
                    if c < ring[s, f, m, e - arc_units[a]]:
                        ring[s, f, m, e - arc_units[a]] = c
                        came[s, f, m, e - arc_units[a]], did[s, f, m, e - arc_units[a]] = label[f, l, e], a
                        expected[s, f, m] = 1
        for f in range(2):
            for l in range(n):
                for e in range(size):
                    new[f, l, e] = False
        if rest > 0 and t == rest_to:
            cost[0] = FAR
    length, k = 0, last
    while k >= 0:
        length += 1
        k = pool[k, 0]
    steps, k = np.empty((length, 4), np.int64), last
    for i in range(length - 1, -1, -1):
        steps[i, 0], steps[i, 1], steps[i, 2], steps[i, 3] = pool[k, 1], pool[k, 2], pool[k, 3], pool[k, 4]
        k = pool[k, 0]
    return best, steps

"""Kernels: may a vehicle drive these runs, where does it rest and charge, and what do its empty ways cost?

Times are exact. Charging is planned by a rule of thumb: where energy would run out, a further block is put into the gap before that costs
the least detour, the latest of equals. So a day that could be charged by a cleverer choice may be refused; what is accepted is valid.
"""

# ruff: noqa: I001  (columns are named in long lists)

from __future__ import annotations

from solvers.kernel import inner, kernel
from solvers.shuttle.rebuild_state import (
    BACK, BASE, BLOCK, CHARGES, CLOSES, COST, COUNT, DAY_FEN, DETOUR, DWELL, END, FEN, FIRST, FULL, GAP, KM_FEN, M_LATEST, M_MINUTE, M_OUT, M_QUAY,
    MOMENT, MOST_CHARGES, NONE, OPENS, R_LAST, R_METRES, R_MINUTES, REST, REST_ENDS, REST_FROM, REST_GAP, REST_NODE, REST_TO, RIDE_FEN, ROUTE, SITE,
    SLOT, START, TOTAL, UNIT_WH, UNITS, WH_KM, Array, Desk, Facts, State,
)  # fmt: skip

FAR = 1 << 60
# columns: gap before a run: from, since, to, until as charging may use them; site and blocks it is charged at
G_FROM, G_SINCE, G_TO, G_UNTIL, G_SITE, G_LOW, G_HIGH, G_DETOUR = range(8)


@inner
def describe(f: Facts, k: int, m: int, r: int, seq: Array, at: int) -> None:
    """Writes into row ``at`` what a run of fleet k is to a vehicle: times, ends, energy, its way in fen."""
    metres, long = f.route[r, R_METRES], f.route[r, R_MINUTES]
    minute, quay, last = f.moment[m, M_MINUTE], f.moment[m, M_QUAY], f.route[r, R_LAST]
    seq[at, MOMENT], seq[at, ROUTE] = m, r
    if f.moment[m, M_OUT]:
        seq[at, FIRST], seq[at, START], seq[at, END], seq[at, BACK] = minute, quay, last, f.moment[m, M_LATEST] + long
    else:
        seq[at, FIRST], seq[at, START], seq[at, END], seq[at, BACK] = minute - long, last, quay, minute + f.rule[DWELL]
    seq[at, UNITS] = -(-metres * f.fleet[k, WH_KM] // (1000 * f.rule[UNIT_WH]))
    seq[at, FEN] = (metres * f.fleet[k, KM_FEN] + 500) // 1000


@kernel
def timed(f: Facts, s: State, d: Desk, v: int, count: int) -> int:
    """Fen of the detours for charging if vehicle v may drive the first ``count`` runs of the desk, NONE if not.

    Writes where it charges into the desk, and node, minute and gap of its rest. The vehicle's own blocks must be given back before.
    """
    k = f.of[v]
    base, full, opens, closes = f.fleet[k, BASE], f.fleet[k, FULL], f.rule[OPENS], f.rule[CLOSES]
    need = 0
    for g in range(count + 1):
        a, since = (d.seq[g - 1, END], d.seq[g - 1, BACK]) if g > 0 else (base, opens)
        b, until = (d.seq[g, START], d.seq[g, FIRST]) if g < count else (base, closes)
        way = f.way_min[a, b]
        if way < 0 or since + way > until:
            return NONE
        d.gaps[g, G_FROM], d.gaps[g, G_SINCE], d.gaps[g, G_TO], d.gaps[g, G_UNTIL] = a, since, b, until
        d.gaps[g, G_SITE], d.gaps[g, G_DETOUR] = NONE, 0
        need += f.way_units[k, a, b] + (d.seq[g, UNITS] if g < count else 0)
    d.rest[0], d.rest[1], d.rest[2] = NONE, NONE, NONE
    if not _rests(f, d, count, base):
        return NONE
    if need <= full:
        d.charge[0, GAP] = NONE
        return 0
    total, used = 0, 0
    while True:
        short = _runs_out(f, d, k, count, full)
        if short == NONE:
            break
        detour = _block(f, s, d, k, short, full)
        if detour == NONE or used == MOST_CHARGES:
            return NONE
        total += detour
        used += 1
    n = 0
    for g in range(1, count + 1):
        if d.gaps[g, G_SITE] != NONE:
            for b in range(d.gaps[g, G_LOW], d.gaps[g, G_HIGH]):
                d.charge[n, GAP], d.charge[n, SITE], d.charge[n, SLOT] = g, d.gaps[g, G_SITE], b
                n += 1
    d.charge[n, GAP] = NONE
    return total


@inner
def _rests(f: Facts, d: Desk, count: int, base: int) -> bool:
    """Puts the rest into the widest gap that has room for it; True if none is needed or it is there."""
    rest, low, high = f.rule[REST], f.rule[REST_FROM], f.rule[REST_TO]
    if rest == 0 or f.rule[OPENS] - low >= rest:
        return True
    if count == 0 or d.seq[count - 1, BACK] + f.way_min[d.seq[count - 1, END], base] <= high:
        return True
    best, where, early = NONE, NONE, True
    for g in range(count + 1):
        a, since, b, until = d.gaps[g, G_FROM], d.gaps[g, G_SINCE], d.gaps[g, G_TO], d.gaps[g, G_UNTIL]
        way = f.way_min[a, b]
        spare = until - since - way - rest
        if spare < 0 or spare <= best:
            continue
        begin = max(since, low)
        if begin + rest <= high and begin + rest + way <= until:
            best, where, early = spare, g, True
        else:
            begin = min(until, high) - rest
            if begin >= low and begin >= since + way:
                best, where, early = spare, g, False
    if where == NONE:
        return False
    if early:
        begin = max(d.gaps[where, G_SINCE], low)
        d.rest[0], d.rest[1], d.rest[2] = d.gaps[where, G_FROM], begin + rest, where
        d.gaps[where, G_SINCE] = begin + rest
    else:
        begin = min(d.gaps[where, G_UNTIL], high) - rest
        d.rest[0], d.rest[1], d.rest[2] = d.gaps[where, G_TO], begin + rest, where
        d.gaps[where, G_UNTIL] = begin
    return True


@inner
def _runs_out(f: Facts, d: Desk, k: int, count: int, full: int) -> int:
    """The gap on or after whose way the battery is empty first, NONE if it lasts."""
    energy = full
    for g in range(count + 1):
        a, b, site = d.gaps[g, G_FROM], d.gaps[g, G_TO], d.gaps[g, G_SITE]
        if site == NONE:
            energy -= f.way_units[k, a, b]
        else:
            node = f.site[site, 0]
            energy -= f.way_units[k, a, node]
            if energy < 0:
                return g
            energy = min(full, energy + f.gain[site] * (d.gaps[g, G_HIGH] - d.gaps[g, G_LOW])) - f.way_units[k, node, b]
        if g < count:
            energy -= d.seq[g, UNITS]
        if energy < 0:
            return g
    return NONE


@inner
def _block(f: Facts, s: State, d: Desk, k: int, short: int, full: int) -> int:
    """One more block of charging before gap ``short`` runs out, at the least detour in fen; NONE if there is none."""
    least, gap, site, low, high = FAR, NONE, NONE, 0, 0
    energy, size = full, f.rule[BLOCK]
    for g in range(short + 1):
        a, since, b, until = d.gaps[g, G_FROM], d.gaps[g, G_SINCE], d.gaps[g, G_TO], d.gaps[g, G_UNTIL]
        own = d.gaps[g, G_SITE]
        if g > 0:
            for c in range(len(f.site)):
                node = f.site[c, 0]
                if own not in (NONE, c) or f.way_min[a, node] < 0 or f.way_min[node, b] < 0 or energy < f.way_units[k, a, node]:
                    continue
                detour = 0
                if own == NONE:
                    detour = f.way_fen[k, a, node] + f.way_fen[k, node, b] - f.way_fen[k, a, b]
                if detour > least:
                    continue
                first = -(-(since + f.way_min[a, node]) // size)
                last = (until - f.way_min[node, b]) // size  # the first block that is too late
                if own == NONE:
                    if energy - f.way_units[k, a, node] >= full:
                        continue
                    for t in range(first, last):
                        if s.used[c, t] < f.site[c, 1]:
                            least, gap, site, low, high = detour, g, c, t, t + 1
                            break
                else:
                    held = energy - f.way_units[k, a, node] + f.gain[c] * (d.gaps[g, G_HIGH] - d.gaps[g, G_LOW])
                    if held >= full:
                        continue
                    if d.gaps[g, G_HIGH] < last and s.used[c, d.gaps[g, G_HIGH]] < f.site[c, 1]:
                        least, gap, site, low, high = detour, g, c, d.gaps[g, G_LOW], d.gaps[g, G_HIGH] + 1
                    elif d.gaps[g, G_LOW] > first and s.used[c, d.gaps[g, G_LOW] - 1] < f.site[c, 1]:
                        least, gap, site, low, high = detour, g, c, d.gaps[g, G_LOW] - 1, d.gaps[g, G_HIGH]
        if own == NONE:
            energy -= f.way_units[k, a, b]
        else:
            node = f.site[own, 0]
            energy = min(full, energy - f.way_units[k, a, node] + f.gain[own] * (d.gaps[g, G_HIGH] - d.gaps[g, G_LOW])) - f.way_units[k, node, b]
        energy -= d.seq[g, UNITS]
    if gap == NONE:
        return NONE
    d.gaps[gap, G_SITE], d.gaps[gap, G_LOW], d.gaps[gap, G_HIGH] = site, low, high
    d.gaps[gap, G_DETOUR] += least
    return least


@kernel
def release(s: State, v: int) -> None:
    """Gives the blocks of a vehicle back."""
    for n in range(s.vehicle[v, CHARGES]):
        s.used[s.charge[v, n, SITE], s.charge[v, n, SLOT]] -= 1


@kernel
def reserve(s: State, v: int) -> None:
    """Takes the blocks of a vehicle."""
    for n in range(s.vehicle[v, CHARGES]):
        s.used[s.charge[v, n, SITE], s.charge[v, n, SLOT]] += 1


@inner
def show(s: State, d: Desk, v: int) -> int:
    """Puts a vehicle's runs on the desk; how many there are."""
    count: int = s.vehicle[v, COUNT]
    for j in range(count):
        for c in range(FEN + 1):
            d.seq[j, c] = s.run[v, j, c]
    return count


@kernel
def retimed(f: Facts, s: State, d: Desk, v: int) -> bool:
    """Times and charges vehicle v anew and counts its cost; False, with nothing changed, if it cannot drive its runs."""
    k, count = f.of[v], show(s, d, v)
    release(s, v)
    detour = timed(f, s, d, v, count) if count else 0
    if detour == NONE:
        reserve(s, v)
        return False
    n = 0
    if count:
        while d.charge[n, GAP] != NONE:
            for c in range(3):
                s.charge[v, n, c] = d.charge[n, c]
            n += 1
        s.vehicle[v, REST_NODE], s.vehicle[v, REST_ENDS], s.vehicle[v, REST_GAP] = d.rest[0], d.rest[1], d.rest[2]
    s.vehicle[v, CHARGES], s.vehicle[v, DETOUR] = n, detour
    reserve(s, v)
    total, base, at = 0, f.fleet[k, BASE], f.fleet[k, BASE]
    for j in range(count):
        total += f.way_fen[k, at, s.run[v, j, START]] + s.run[v, j, FEN] + s.run[v, j, RIDE_FEN]
        at = s.run[v, j, END]
    if count:
        total += f.fleet[k, DAY_FEN] + f.way_fen[k, at, base] + detour
    s.counter[TOTAL] += total - s.vehicle[v, COST]
    s.vehicle[v, COST] = total
    return True

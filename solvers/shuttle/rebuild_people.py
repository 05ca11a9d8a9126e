"""Kernels: the cheapest way to take a party along: in a run there is, in one that calls once more or at another minute, or in a new one."""

# ruff: noqa: I001  (columns are named in long lists)

from __future__ import annotations

from solvers.kernel import inner, kernel
from solvers.shuttle.rebuild_state import (
    ABOARD, AT, BACK, BASE, CLOSES, COUNT, DAY_FEN, DETOUR, DIRTY, END, FEN, FIRST, GAIN, LATE, LEFT_FEN, LOADED, LONGEST, M_LATEST, M_MINUTE, M_OUT,
    M_QUAY, MOMENT, MOST_ROWS, MOST_RUNS, NONE, OPENS, OUT, PUT, QUAY, R_MINUTES, R_STOPS, READY, RIDE_FEN, ROUTE, ROWS, SEATS, START, STOP, TO_MOMENT, TO_ROUTE,
    TOTAL, VEHICLE, Desk, Facts, State,
)  # fmt: skip
from solvers.shuttle.rebuild_vehicle import FAR, describe, release, reserve, retimed, timed


@inner
def ride_fen(f: Facts, m: int, r: int, p: int) -> int:
    """Fen of one person of party p on a run; FAR if the run's minute or way is not for them."""
    wait = f.moment[m, M_MINUTE] - f.party[p, READY]
    fen = FAR
    if f.moment[m, M_OUT] == 0:
        wait = -wait
    if 0 <= wait <= f.rule[LONGEST] and (f.moment[m, M_OUT] == 0 or f.party[p, LATE] <= f.moment[m, M_LATEST]):
        for i in range(f.route[r, R_STOPS]):
            if f.stops[r, i] == f.party[p, STOP]:
                fen = f.cost[wait, f.rides[r, i]]
    return fen


@inner
def weighed(f: Facts, s: State, d: Desk, v: int, j: int, there: bool, m: int, r: int) -> int:
    """Fen by which a vehicle's ways change if run j becomes (m, r), or a new one is put before it; FAR if it is not in time.

    The run is written into row MOST_RUNS of the desk. Charging is not looked at.
    """
    k, count, n = f.of[v], s.vehicle[v, COUNT], MOST_RUNS
    describe(f, k, m, r, d.seq, n)
    base, after = f.fleet[k, BASE], j + 1 if there else j
    a, since = base, f.rule[OPENS]
    if j > 0:
        a, since = s.run[v, j - 1, END], s.run[v, j - 1, BACK]
    b, until = base, f.rule[CLOSES]
    if after < count:
        b, until = s.run[v, after, START], s.run[v, after, FIRST]
    to, back = f.way_min[a, d.seq[n, START]], f.way_min[d.seq[n, END], b]
    fen = FAR
    if to >= 0 and back >= 0 and since + to <= d.seq[n, FIRST] and d.seq[n, BACK] + back <= until:
        fen = f.way_fen[k, a, d.seq[n, START]] + f.way_fen[k, d.seq[n, END], b] + d.seq[n, FEN]
        if there:
            fen -= f.way_fen[k, a, s.run[v, j, START]] + f.way_fen[k, s.run[v, j, END], b] + s.run[v, j, FEN]
        elif count > 0:
            fen -= f.way_fen[k, a, b]
    return fen


@kernel
def charged(f: Facts, s: State, d: Desk, v: int, j: int, there: bool) -> int:
    """Fen by which detours for charging change with the run of row MOST_RUNS of the desk; FAR if the battery or the rest does not allow it."""
    count, n = s.vehicle[v, COUNT], 0
    for i in range(count + 1):
        if i == j:
            for c in range(FEN + 1):
                d.seq[n, c] = d.seq[MOST_RUNS, c]
            n += 1
        if i < count and not (there and i == j):
            for c in range(FEN + 1):
                d.seq[n, c] = s.run[v, i, c]
            n += 1
    release(s, v)
    detour = timed(f, s, d, v, n)
    reserve(s, v)
    return FAR if detour == NONE else detour - s.vehicle[v, DETOUR]


@inner
def _keep(d: Desk, gain: int, loaded: int, v: int, j: int, m: int, r: int, put: int) -> None:
    d.found[GAIN], d.found[LOADED], d.found[VEHICLE], d.found[AT] = gain, loaded, v, j
    d.found[TO_MOMENT], d.found[TO_ROUTE], d.found[PUT] = m, r, put


@kernel
def aboard(f: Facts, s: State, d: Desk, p: int, blink: float, u: int) -> None:
    """Looks at the runs there are for party p, as they stand or with a further stop or another minute; the best goes to ``found``.

    u: chance by which a run is passed over comes from this number's bits (a cheap draw); blink: that chance.
    """
    stop, quay, out, ready, worth = f.party[p, STOP], f.party[p, QUAY], f.party[p, OUT], f.party[p, READY], f.rule[LEFT_FEN]
    reach = 2 * f.rule[LONGEST]
    for v in range(len(f.of)):
        seats = f.fleet[f.of[v], SEATS]
        for j in range(s.vehicle[v, COUNT]):
            m0, r0, free = s.run[v, j, MOMENT], s.run[v, j, ROUTE], seats - s.run[v, j, ABOARD]
            if free <= 0 or f.moment[m0, M_QUAY] != quay or f.moment[m0, M_OUT] != out:
                continue
            if abs(f.moment[m0, M_MINUTE] - ready) > reach or s.run[v, j, ROWS] == MOST_ROWS:
                continue
            u = (u * 1103515245 + 12345) & 0x7FFFFFFF
            if u < blink * 2147483648.0:
                continue
            put = min(s.left[p], free)
            calls = False
            for i in range(f.route[r0, R_STOPS]):
                if f.stops[r0, i] == stop:
                    calls = True
            first, many = (0, 1) if calls else (f.longer_ptr[r0, stop], f.longer_count[r0, stop])
            for x in range(f.moment_ptr[p], f.moment_ptr[p + 1]):
                m = f.moments[x]
                for y in range(first, first + many):
                    r = r0 if calls else f.longer[y]
                    people = put * (ride_fen(f, m, r, p) - worth)
                    if m == m0 and r == r0:
                        if people < d.found[GAIN]:
                            _keep(d, people, 1, v, j, m, r, put)
                        continue
                    if people - s.vehicle[v, DETOUR] >= d.found[GAIN] + s.run[v, j, RIDE_FEN] + s.run[v, j, FEN]:
                        continue
                    people -= s.run[v, j, RIDE_FEN]
                    for i in range(s.run[v, j, ROWS]):
                        fen = ride_fen(f, m, r, s.load[v, j, i, 0])
                        if fen == FAR:
                            people = FAR
                            break
                        people += fen * s.load[v, j, i, 1]
                    if people == FAR:
                        continue
                    ways = weighed(f, s, d, v, j, True, m, r)
                    if ways == FAR or people + ways - s.vehicle[v, DETOUR] >= d.found[GAIN]:
                        continue
                    people += ways
                    more = charged(f, s, d, v, j, True)
                    if more != FAR and people + more < d.found[GAIN]:
                        _keep(d, people + more, 1, v, j, m, r, put)


@kernel
def anew(f: Facts, s: State, d: Desk, p: int, blink: float, u: int, share: float) -> None:
    """Looks at new runs for party p; ``share`` of a vehicle's price is counted for one that still stands at home."""
    stop, quay, worth = f.party[p, STOP], f.party[p, QUAY], f.rule[LEFT_FEN]
    row, idle = len(f.route) + quay, NONE
    for v in range(len(f.of)):
        k, count = f.of[v], s.vehicle[v, COUNT]
        if count == MOST_RUNS:
            continue
        if count == 0:
            if k == idle:
                continue
            idle = k
        put = min(s.left[p], f.fleet[k, SEATS])
        price = int(share * f.fleet[k, DAY_FEN]) if count == 0 else 0
        for x in range(f.moment_ptr[p], f.moment_ptr[p + 1]):
            m = f.moments[x]
            for y in range(f.longer_ptr[row, stop], f.longer_ptr[row, stop] + f.longer_count[row, stop]):
                r = f.longer[y]
                fen = put * (ride_fen(f, m, r, p) - worth) + price
                if fen - s.vehicle[v, DETOUR] >= d.found[GAIN]:
                    continue
                u = (u * 1103515245 + 12345) & 0x7FFFFFFF
                if u < blink * 2147483648.0:
                    continue
                j, begins = count, f.moment[m, M_MINUTE] - (0 if f.moment[m, M_OUT] else f.route[r, R_MINUTES])
                while j > 0 and s.run[v, j - 1, FIRST] >= begins:
                    j -= 1
                ways = weighed(f, s, d, v, j, False, m, r)
                if ways == FAR or fen + ways - s.vehicle[v, DETOUR] >= d.found[GAIN]:
                    continue
                more = charged(f, s, d, v, j, False)
                if more != FAR and fen + ways + more < d.found[GAIN]:
                    _keep(d, fen + ways + more, 0, v, j, m, r, put)


@kernel
def taken(f: Facts, s: State, d: Desk, p: int) -> bool:
    """Carries out what was found for party p; False, with the vehicle as it was but for the people, if it cannot be driven."""
    v, j, m, r, put = d.found[VEHICLE], d.found[AT], d.found[TO_MOMENT], d.found[TO_ROUTE], d.found[PUT]
    s.vehicle[v, DIRTY] = 1
    if d.found[LOADED] == 0:
        for i in range(s.vehicle[v, COUNT], j, -1):
            for c in range(RIDE_FEN + 1):
                s.run[v, i, c] = s.run[v, i - 1, c]
            for n in range(s.run[v, i, ROWS]):
                s.load[v, i, n, 0], s.load[v, i, n, 1] = s.load[v, i - 1, n, 0], s.load[v, i - 1, n, 1]
        s.vehicle[v, COUNT] += 1
        s.run[v, j, ROWS] = s.run[v, j, ABOARD] = 0
    describe(f, f.of[v], m, r, s.run[v], j)
    at = NONE
    for n in range(s.run[v, j, ROWS]):
        if s.load[v, j, n, 0] == p:
            at = n
    if at == NONE:
        at = s.run[v, j, ROWS]
        s.run[v, j, ROWS] += 1
        s.load[v, j, at, 0], s.load[v, j, at, 1] = p, 0
    s.load[v, j, at, 1] += put
    s.run[v, j, ABOARD] += put
    s.left[p] -= put
    s.counter[TOTAL] -= put * f.rule[LEFT_FEN]
    fen = 0
    for n in range(s.run[v, j, ROWS]):
        fen += s.load[v, j, n, 1] * ride_fen(f, m, r, s.load[v, j, n, 0])
    s.run[v, j, RIDE_FEN] = fen
    return retimed(f, s, d, v)

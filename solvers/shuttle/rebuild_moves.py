"""Kernels: runs are taken out, their people put back where they cost least, and the change kept if it is good enough.

Ruin and recreate with strings of neighbouring runs and blinks (Christiaens & Vanden Berghe 2020), under simulated annealing.
"""

# ruff: noqa: I001  (columns are named in long lists)

from __future__ import annotations

import math

import numpy as np

from solvers.kernel import inner, kernel
from solvers.shuttle.rebuild_people import aboard, anew, ride_fen, taken, weighed
from solvers.shuttle.rebuild_state import (
    ABOARD, BETTER, CHARGES, COUNT, DIRECT, DIRTY, GAIN, LEFT_FEN, M_MINUTE, MOMENT, NODE, NONE, R_LAST, READY, RIDE_FEN, ROUNDS, ROUTE, ROWS, STOP,
    TAKEN, TIME, TOTAL, Desk, Facts, State,
)  # fmt: skip
from solvers.shuttle.rebuild_vehicle import FAR, describe, retimed

ONE, TWO, THREE = np.uint64(12), np.uint64(25), np.uint64(27)
STAR, HIGH = np.uint64(2685821657736338717), np.uint64(11)
BLINK = 0.01  # chance that a place for a party is passed over
NEAR_MIN = 90  # people who are left are tried again with a change so near to their boat
ALL_LEFT = 0.05  # share of changes that try all of them


@inner
def draw(d: Desk) -> float:
    """A number in [0, 1) (xorshift64*)."""
    x = d.dice[0]
    x ^= x >> ONE
    x ^= x << TWO
    x ^= x >> THREE
    d.dice[0] = x
    return float((x * STAR) >> HIGH) / 9007199254740992.0


@kernel
def unload(f: Facts, s: State, v: int, j: int) -> None:
    """Takes run j of a vehicle out; its people are left. Times are not looked at."""
    s.vehicle[v, DIRTY] = 1
    for n in range(s.run[v, j, ROWS]):
        s.left[s.load[v, j, n, 0]] += s.load[v, j, n, 1]
        s.counter[TOTAL] += s.load[v, j, n, 1] * f.rule[LEFT_FEN]
    last = s.vehicle[v, COUNT] - 1
    for i in range(j, last):
        for c in range(RIDE_FEN + 1):
            s.run[v, i, c] = s.run[v, i + 1, c]
        for n in range(s.run[v, i, ROWS]):
            s.load[v, i, n, 0], s.load[v, i, n, 1] = s.load[v, i + 1, n, 0], s.load[v, i + 1, n, 1]
    s.vehicle[v, COUNT] = last


@kernel
def step_off(f: Facts, s: State, d: Desk, v: int, j: int, n: int) -> None:
    """The party in row n of a run stays behind; the run calls there no more if nobody else goes there, and is taken out if it cannot."""
    p = s.load[v, j, n, 0]
    stop, last = f.party[p, STOP], s.run[v, j, ROWS] - 1
    if last == 0:
        unload(f, s, v, j)
        return
    s.vehicle[v, DIRTY] = 1
    s.left[p] += s.load[v, j, n, 1]
    s.counter[TOTAL] += s.load[v, j, n, 1] * f.rule[LEFT_FEN]
    s.run[v, j, ABOARD] -= s.load[v, j, n, 1]
    s.load[v, j, n, 0], s.load[v, j, n, 1] = s.load[v, j, last, 0], s.load[v, j, last, 1]
    s.run[v, j, ROWS] = last
    m, r = s.run[v, j, MOMENT], s.run[v, j, ROUTE]
    calls = False
    for i in range(last):
        if f.party[s.load[v, j, i, 0], STOP] == stop:
            calls = True
    best, least = r, FAR
    if not calls:
        for y in range(f.shorter_ptr[r, stop], f.shorter_ptr[r, stop] + f.shorter_count[r, stop]):
            fen = weighed(f, s, d, v, j, True, m, f.shorter[y])
            if fen == FAR:
                continue
            for i in range(last):
                fen += s.load[v, j, i, 1] * ride_fen(f, m, f.shorter[y], s.load[v, j, i, 0])
            if fen < least:
                best, least = f.shorter[y], fen
        if least == FAR:
            unload(f, s, v, j)
            return
        describe(f, f.of[v], m, best, s.run[v], j)
    fen = 0
    for i in range(last):
        fen += s.load[v, j, i, 1] * ride_fen(f, m, best, s.load[v, j, i, 0])
    s.run[v, j, RIDE_FEN] = fen


@kernel
def ruin(f: Facts, s: State, d: Desk) -> None:
    """Takes out neighbouring runs of a few vehicles, a whole vehicle, or single parties of a time."""
    vehicles, runs = len(f.of), 0
    for v in range(vehicles):
        runs += s.vehicle[v, COUNT]
    time, node = NONE, 0
    if draw(d) < 0.3 or runs == 0:  # round somebody who is left
        many = 0
        for p in range(len(f.people)):
            if s.left[p] > 0:
                many += 1
                if draw(d) * many < 1.0:
                    time, node = f.party[p, READY], f.party[p, STOP]
    if time == NONE and runs > 0:
        at = int(draw(d) * runs)
        for v in range(vehicles):
            if at >= 0 and at < s.vehicle[v, COUNT]:
                time, node = f.moment[s.run[v, at, MOMENT], M_MINUTE], f.route[s.run[v, at, ROUTE], R_LAST]
            at -= s.vehicle[v, COUNT]
    s.counter[TIME], s.counter[NODE] = time, node
    if runs == 0:
        return
    kind = draw(d)
    if kind < 0.25:
        _people(f, s, d, time, node)
        return
    used = 0
    for v in range(vehicles):
        if s.vehicle[v, COUNT] == 0:
            continue
        least = 1e18
        for j in range(s.vehicle[v, COUNT]):
            away = abs(f.moment[s.run[v, j, MOMENT], M_MINUTE] - time) + abs(f.way_min[f.route[s.run[v, j, ROUTE], R_LAST], node])
            least = min(least, away * (0.2 + draw(d)))
        i = used
        while i > 0 and d.key[i - 1] > least:
            d.key[i], d.order[i] = d.key[i - 1], d.order[i - 1]
            i -= 1
        d.key[i], d.order[i] = least, v
        used += 1
    if kind < 0.32:
        v = d.order[0] if draw(d) < 0.5 else d.order[int(draw(d) * used)]
        while s.vehicle[v, COUNT] > 0:
            unload(f, s, v, s.vehicle[v, COUNT] - 1)
        return
    many = min(used, 1 + int(draw(d) * 5.0))
    long = 1.0 + draw(d) * (9.0 / many if many > 2 else 5.0)
    for i in range(many):
        v = d.order[i]
        near, least = 0, 1 << 40
        for j in range(s.vehicle[v, COUNT]):
            away = abs(f.moment[s.run[v, j, MOMENT], M_MINUTE] - time)
            if away < least:
                near, least = j, away
        size = min(s.vehicle[v, COUNT], 1 + int(draw(d) * long))
        first = max(0, min(near - int(draw(d) * size), s.vehicle[v, COUNT] - size))
        for _ in range(size):
            unload(f, s, v, first)


@inner
def _people(f: Facts, s: State, d: Desk, time: int, node: int) -> None:
    """Single parties near a time step off, those near a stop more often."""
    share = 0.1 + 0.4 * draw(d)
    span = 15 + int(draw(d) * 45.0)
    for v in range(len(f.of)):
        for j in range(s.vehicle[v, COUNT] - 1, -1, -1):
            if abs(f.moment[s.run[v, j, MOMENT], M_MINUTE] - time) > span:
                continue
            for n in range(s.run[v, j, ROWS] - 1, -1, -1):
                if draw(d) < (2.0 * share if f.party[s.load[v, j, n, 0], STOP] == node else share):
                    before = s.vehicle[v, COUNT]
                    step_off(f, s, d, v, j, n)
                    if s.vehicle[v, COUNT] < before:
                        break


@kernel
def recreate(f: Facts, s: State, d: Desk) -> bool:
    """Puts people back, one party after the other in an order by chance; False if a vehicle could not be timed."""
    kind, used = draw(d), 0
    everyone, time = draw(d) < ALL_LEFT, s.counter[TIME]
    share = 1.0 if draw(d) < 0.8 else draw(d)
    for p in range(len(f.people)):
        if s.left[p] == 0 or (not everyone and abs(f.party[p, READY] - time) > NEAR_MIN and draw(d) > 0.1):
            continue
        if kind < 0.4:
            key = draw(d)
        elif kind < 0.6:
            key = -s.left[p] - draw(d)
        elif kind < 0.75:
            key = f.party[p, READY] + draw(d)
        elif kind < 0.9:
            key = -f.party[p, DIRECT] - draw(d)
        else:
            key = float(f.party[p, DIRECT]) + draw(d)
        i = used
        while i > 0 and d.key[i - 1] > key:
            d.key[i], d.order[i] = d.key[i - 1], d.order[i - 1]
            i -= 1
        d.key[i], d.order[i] = key, p
        used += 1
    for i in range(used):
        p = d.order[i]
        while s.left[p] > 0:
            d.found[GAIN] = 0
            u = int(draw(d) * 2147483647.0)
            aboard(f, s, d, p, BLINK, u)
            anew(f, s, d, p, BLINK, u, share)
            if d.found[GAIN] >= 0:
                break
            if not taken(f, s, d, p):
                return False
    return True


@kernel
def copied(a: State, b: State, v: int) -> None:
    """Vehicle v of b becomes that of a."""
    for j in range(a.vehicle[v, COUNT]):
        for c in range(RIDE_FEN + 1):
            b.run[v, j, c] = a.run[v, j, c]
        for n in range(a.run[v, j, ROWS]):
            b.load[v, j, n, 0], b.load[v, j, n, 1] = a.load[v, j, n, 0], a.load[v, j, n, 1]
    for n in range(a.vehicle[v, CHARGES]):
        for c in range(3):
            b.charge[v, n, c] = a.charge[v, n, c]
    for c in range(DIRTY + 1):
        b.vehicle[v, c] = a.vehicle[v, c]


@kernel
def passed(a: State, b: State, everything: bool) -> None:
    """b becomes a: the vehicles that either has changed, or all."""
    for v in range(len(a.vehicle)):
        if everything or a.vehicle[v, DIRTY] or b.vehicle[v, DIRTY]:
            a.vehicle[v, DIRTY] = 0
            copied(a, b, v)
    for c in range(a.used.shape[0]):
        for t in range(a.used.shape[1]):
            b.used[c, t] = a.used[c, t]
    for p in range(len(a.left)):
        b.left[p] = a.left[p]
    b.counter[TOTAL] = a.counter[TOTAL]


@kernel
def search(f: Facts, s: State, kept: State, best: State, d: Desk, rounds: int, heat: float) -> None:
    """``rounds`` changes at a temperature of ``heat`` fen; ``s`` and ``kept`` are the same before and after."""
    for _ in range(rounds):
        s.counter[ROUNDS] += 1
        ruin(f, s, d)
        good = True
        for v in range(len(f.of)):
            if s.vehicle[v, DIRTY] and good:
                good = retimed(f, s, d, v)
        good = good and recreate(f, s, d)
        limit = kept.counter[TOTAL] - heat * math.log(max(1e-12, draw(d)))
        if good and s.counter[TOTAL] < limit:
            s.counter[TAKEN] += 1
            passed(s, kept, False)
            if s.counter[TOTAL] < best.counter[TOTAL]:
                s.counter[BETTER] += 1
                passed(s, best, True)
        else:
            passed(kept, s, False)

"""Simulated annealing of vehicle days with several trips; what nobody serves costs a fine, so that a full fleet can be searched too."""

from __future__ import annotations

from math import log

import numpy as np
from numba import njit

from solvers.shuttle.trip_kernels import NODE, IntArray, Ints
from solvers.shuttle.trip_ruin import arrange, recreate, ruin, swap_tails
from solvers.shuttle.trip_state import Days, Facts, Scratch, Seen, again, keep_day, length_of

TAILS = 0.2  # share of steps that begin with an exchange of two vehicles' rests of the day


@njit(cache=True, nogil=True)
def anneal(
    facts: Facts,
    days: Days,
    room: Scratch,
    best: Ints,
    best_size: IntArray,
    worth: IntArray,
    fine: IntArray,
    steps: int,
    heat: float,
    seen: Seen,
    near_best: float,
    rng: np.random.Generator,
) -> None:
    """So many steps at the temperature ``heat``, in units of cost. ``best`` and ``best_size`` are the best plan's rows.

    worth: (4,) travel and customers left out of the plan, and of the best one; kept up to date. fine: (n + 1,) what one left out costs.
    Days of plans that cost at most ``near_best`` times the best are kept in ``seen``.
    """
    n = len(facts.node) - 1
    missing = np.zeros(n, np.int64)
    absent, penalty = 0, 0
    for k in range(1, n + 1):
        if days.spot[k, 0] < 0:
            missing[absent] = k
            absent += 1
            penalty += fine[k]
    travel = length_of(facts, days)
    for _ in range(steps):
        room.touched[:] = 0
        if rng.random() < TAILS:
            swap_tails(facts, days, room, rng)
        for x in range(absent):
            room.out[x] = missing[x]
        count = ruin(facts, days, room, n - absent, absent, rng)
        arrange(facts, room, count, rng)
        left = recreate(facts, days, room, count, rng)
        new, owed = travel, 0
        for v in range(len(days.size)):
            if room.touched[v]:
                for p in range(1, days.size[v]):
                    new += facts.way[days.days[v, p - 1, NODE], days.days[v, p, NODE]]
                for p in range(1, room.old_size[v]):
                    new -= facts.way[room.old[v, p - 1], room.old[v, p]]
        for x in range(left):
            owed += fine[room.out[x]]
        if new + owed < travel + penalty - heat * log(max(rng.random(), 1e-300)):
            travel, penalty, absent = new, owed, left
            for x in range(left):
                missing[x] = room.out[x]
            if left == 0 and travel <= near_best * worth[2]:
                for v in range(len(days.size)):
                    if room.touched[v] and days.size[v] > 2:
                        keep_day(facts, days.days[v], days.size[v], seen)
            if left < worth[3] or (left == worth[3] and travel < worth[2]):
                worth[2], worth[3] = travel, left
                for v in range(len(days.size)):
                    best_size[v] = days.size[v]
                    for p in range(days.size[v]):
                        best[v, p] = days.days[v, p, NODE]
        else:
            for x in range(left):
                days.spot[room.out[x], 0] = -1
            for v in range(len(days.size)):
                if room.touched[v]:
                    days.size[v] = room.old_size[v]
                    for p in range(days.size[v]):
                        days.days[v, p, NODE] = room.old[v, p]
            for v in range(len(days.size)):
                if room.touched[v]:
                    again(facts, days, v)
            for x in range(absent):
                days.spot[missing[x], 0] = -1
    worth[0], worth[1] = travel, absent

"""Column generation for rotations, and a proof by all days that could still belong to a cheapest answer.

At given prices of the trips the cheapest day through each trip of each depot is a shortest path (Ribeiro and Soumis 1994). The
relaxation is nearly whole: its prices leave few days whose reduced cost fits into the gap, and the best choice among those is
the best of all.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from solvers.rotations import kernels
from solvers.rotations.master import Day, Master
from solvers.rotations.pool import Pool
from solvers.rotations.schedule import Days, FloatArray, IntArray, Trips, counted

SMOOTH = 0.7  # how far a price stays with the best ones so far (Wentges 1997)
EACH_ROUND = 200  # days a depot may add in one round
CLOSE = 0.02  # units of cost between relaxation and bound at which it is solved
FIRST_DAYS, MOST_DAYS = 3_000, 400_000  # days that the choice in whole numbers is given
POTENTIAL = 1e-6  # potentials that fall by less have settled
LAST_SHARE = 0.6  # share of the time after which prices are taken as they are


@dataclass(frozen=True)
class Prices:
    """Worth of trips, cost of limits, and the bound that they prove."""

    trip: FloatArray
    limit: FloatArray
    bound: float


class Engine:
    """Prices, days and bound of one problem, trips renumbered so that links lead onward."""

    def __init__(self, trips: Trips, left: Callable[[], float]) -> None:
        order = trips.order()
        self.order, self.left = order, left
        self.trips = Trips(trips.link[np.ix_(order, order)], trips.out[:, order], trips.into[order], trips.serves[:, order], trips.limits)
        self.ptr, self.target, self.cost = kernels.arcs(self.trips.link)
        day = self.trips.out.min(axis=0) + self.trips.into.min(axis=1)
        self.dear = 10.0 * float(np.max(day[np.isfinite(day)], initial=1.0)) + 1000.0
        self.most = self.trips.most()
        self.master = Master(self.trips, self.dear)
        self.best: Prices | None = None
        self.plan: list[Day] | None = None
        self.upper = math.inf
        self.proven = -math.inf

    def first_days(self) -> None:
        """Days if depots did not matter: an assignment of trips to trips; each day then to a depot that may do it, if any is free."""
        t, n = self.trips, self.trips.count
        big = 4 * self.dear
        size = 2 * n
        table = np.full((size, size), big)
        table[:n, :n] = np.minimum(t.link, big)
        table[np.arange(n), n + np.arange(n)] = np.minimum(t.into.min(axis=1), big)
        table[n + np.arange(n), np.arange(n)] = np.minimum(t.out.min(axis=0), big)
        table[n:, n:] = 0
        _, goes = linear_sum_assignment(table)
        self.best = self.look(_worth(table, goes, n), np.zeros(len(t.limits)))[0]
        behind = {int(j) for j in goes[:n] if j < n}
        chains = []
        for i in range(n):
            if i not in behind:
                chain = [i]
                while goes[chain[-1]] < n:
                    chain.append(int(goes[chain[-1]]))
                chains.append(tuple(chain))
        every = [(k, c) for c in chains for k in range(t.depots) if math.isfinite(t.cost(k, c))]
        self.master.add(every)
        begun = self.left()
        self.keep(Pool(t, every, math.inf, lambda: min(self.left(), self.left() - begun + 2.0)).choose(())[0])

    def keep(self, plan: list[Day] | None) -> None:
        """Remembers days if they are the cheapest so far."""
        if plan is not None:
            cost = counted(self.trips, plan)
            if cost < self.upper:
                self.plan, self.upper = plan, cost

    def look(self, price: FloatArray, extra: FloatArray) -> tuple[Prices, tuple[FloatArray, FloatArray, IntArray, IntArray]]:
        """The bound that prices prove, and the ways it was found by."""
        t = self.trips
        fixed = np.array([extra[g].sum() for g in self.master.limits_of])
        found = kernels.through(self.ptr, self.target, self.cost, t.out, t.into, t.serves, price, fixed)
        least = np.minimum(0.0, (found[0] + found[1]).min(axis=1))
        caps = np.array([v for _, v in t.limits], dtype=float)
        return Prices(price, extra, float(price.sum() - extra @ caps + self.most @ least)), found

    def price(self, share: float) -> bool:
        """Adds days until relaxation and bound meet, or that share of the time is spent; whether they meet."""
        begun, alpha = self.left(), SMOOTH
        while self.left() > (1 - share) * begun:
            if not self.master.solve(self.left()):
                return False
            price, extra = self.master.prices()
            value = self.master.value
            if self.best is not None and value - self.best.bound < CLOSE:
                return True
            a = alpha if self.best is not None else 0.0
            centre = self.best or Prices(price, extra, 0.0)
            tried, (ahead, after, came, goes) = self.look(a * centre.trip + (1 - a) * price, a * centre.limit + (1 - a) * extra)
            better = self.best is None or tried.bound > self.best.bound
            if better:
                self.best = tried
            depot, ptr, ids = kernels.pick(ahead, after, came, goes, -1e-7, EACH_ROUND)
            new = [(int(k), tuple(ids[ptr[i] : ptr[i + 1]].tolist())) for i, k in enumerate(depot)]
            if not self.master.add(new) and not better:
                if a == 0.0:
                    return True
                alpha = 0.0
            elif alpha == 0.0:
                alpha = SMOOTH
        return False

    def below(self, limit: float, room: int) -> tuple[bool, list[Day]]:
        """All days of reduced cost at most ``limit`` at the best prices, up to ``room`` of them."""
        assert self.best is not None
        t, best = self.trips, self.best
        fixed = np.array([best.limit[g].sum() for g in self.master.limits_of])
        ahead, after, _, _ = kernels.through(self.ptr, self.target, self.cost, t.out, t.into, t.serves, best.trip, fixed)
        every, depot, ptr, ids = kernels.days_below(
            self.ptr, self.target, self.cost, ahead, after, t.out, t.into, t.serves, best.trip, fixed, limit, room
        )
        return every, [(int(k), tuple(ids[ptr[i] : ptr[i + 1]].tolist())) for i, k in enumerate(depot)]

    def close(self) -> None:
        """Chooses among days of small reduced cost, ever more, until no other day can belong to anything cheaper."""
        assert self.best is not None
        room = FIRST_DAYS
        while self.left() > 0 and self.proven < self.upper:
            gap = self.upper - self.best.bound
            limit = self._limit(room)
            every, days = self.below(limit, room)
            if not every:
                return
            # whatever costs less than bound + limit uses only days that are offered; whole, because the pool reckons with whole costs
            top = min(self.upper, math.floor(self.best.bound + limit))
            pool = Pool(self.trips, days, top, self.left)
            ended = pool.tighten()
            self.proven = max(self.proven, min(top, pool.bound))
            if not ended:
                chosen, ended = pool.choose(self.plan or () if limit >= gap else ())
                self.keep(chosen)
                self.proven = max(self.proven, min(top, self.upper if ended else pool.bound))
            if limit >= gap or not ended or room >= MOST_DAYS:
                return
            room = min(MOST_DAYS, 4 * room)

    def _limit(self, room: int) -> float:
        """A reduced cost below which there are about ``room`` days at most."""
        assert self.best is not None
        low, high = 0.0, min(self.upper - self.best.bound, self.dear)
        if self.below(high, room)[0]:
            return high
        for _ in range(14):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self.below(middle, room)[0] else (low, middle)
        return low


def _worth(table: FloatArray, goes: IntArray, n: int) -> FloatArray:
    """What each trip is worth in a cheapest assignment: potentials that make every entry at least 0 and the chosen ones 0."""
    chosen = table[np.arange(len(table)), goes]
    slack = table - chosen[:, None]
    column = np.zeros(len(table))
    for _ in range(len(table)):
        lower = np.minimum(column, (column[goes][:, None] + slack).min(axis=0))
        if (lower > column - POTENTIAL).all():
            break
        column = lower
    row = np.empty(len(table))
    row[:] = chosen - column[goes]
    return row[:n] + column[:n]


def solve_rotations(trips: Trips, seconds: float, stopped: Callable[[], bool] = lambda: False) -> Days:
    """Days of vehicles that do every trip once at least cost, with a bound; ends within about a second of its time.

    ValueError if links go round in a circle.
    """
    begun = time.monotonic()

    def left() -> float:
        return 0.0 if stopped() else max(0.0, seconds - (time.monotonic() - begun))

    if not trips.count:
        return Days("optimal", (), 0, 0, 0.0)
    engine = Engine(trips, left)
    engine.first_days()
    engine.price(LAST_SHARE)
    if engine.best is not None:
        engine.close()
    best = -math.inf if engine.best is None else max(engine.best.bound, engine.proven)
    bound = None if best == -math.inf else math.ceil(best - 1e-3)
    spent = time.monotonic() - begun
    if engine.plan is None:
        return Days("no_solution", (), None, bound, spent)
    days = tuple((k, tuple(int(engine.order[i]) for i in day)) for k, day in engine.plan)
    cost = counted(trips, days)
    bound = None if bound is None else min(bound, cost)
    return Days("optimal" if bound == cost else "feasible", days, cost, bound, spent)

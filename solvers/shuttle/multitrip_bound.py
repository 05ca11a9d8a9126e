"""A lower bound for several trips a vehicle: column generation over single trips, with vehicles counted at instants.

Every customer is on a trip; at no instant are more trips under way than there are vehicles. Both follow from any plan, so prices of the
two give a bound whatever the columns are (Lagrange): the sum of the customers' prices, less the vehicles' rents, less what the cheapest
trip per unit of demand could still win over the whole demand. Trips may repeat customers that they have forgotten (ng-routes).
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from functools import reduce

import highspy
import numpy as np
from numpy.typing import NDArray

from solvers.shuttle import route_kernels as kernel
from solvers.shuttle.multitrip import IntArray, MultiTrip, Trip
from solvers.silent_highs import silent_highs

FloatArray = NDArray[np.float64]
NEAR = 10  # nodes a node remembers
MOST_LABELS, MOST_TRIPS = 20_000_000, 200
INSTANTS_A_ROUND = 6
HAIR = 1e-4  # a bound is rounded up to whole units, less this for the floats
Run = tuple[Trip, int, int]  # a trip, when it leaves and when it is back


@dataclass(frozen=True)
class TripBound:
    """``value``: no plan costs less. ``complete``: prices are the best for this relaxation. ``runs``: trips generated, cheapest first by
    ``reduced`` cost at the last prices; ``prices`` (customers + 1,), ``rents`` of ``instants``."""

    value: int
    complete: bool
    seconds: float
    runs: tuple[Run, ...]
    prices: FloatArray
    instants: IntArray
    rents: FloatArray

    def reduced(self, problem: MultiTrip, run: Run) -> float:
        """Reduced cost of a run of a trip."""
        trip, leave, back = run
        under_way = (self.instants >= leave) & (self.instants < back)
        return problem.cost(trip) - float(self.prices[list(trip)].sum()) + float(self.rents[under_way].sum())


def lower_bound(problem: MultiTrip, seconds: float, hints: tuple[Run, ...] = ()) -> TripBound:
    """The bound that ``seconds`` allow; ``hints`` are runs to begin with (they cannot make it wrong)."""
    return _Generation(problem, hints).run(seconds)


class _Generation:
    """The linear program over the trips found so far, and its prices."""

    def __init__(self, problem: MultiTrip, hints: tuple[Run, ...]) -> None:
        self.problem, self.begun = problem, time.monotonic()
        self.near = _near(problem)
        self.demand, self.capacity = whole_demand(problem)
        self.runs: list[Run] = []
        self.instants: list[int] = []
        self.known: set[tuple[Trip, int]] = set()
        self.best = 0.0
        self.lp = silent_highs()
        for option, value in (("threads", 1), ("solver", "simplex")):
            self.lp.setOptionValue(option, value)
        n = problem.customers
        none = np.zeros(0, dtype=np.int32)
        for _ in range(n):
            self.lp.addRow(1.0, highspy.kHighsInf, 0, none, none.astype(np.float64))
        dear = 4.0 * float(problem.travel[0].max() + problem.travel[:, 0].max())  # an unserved customer; lets the program always be solvable
        for i in range(n):
            self.lp.addCol(dear, 0.0, highspy.kHighsInf, 1, np.array([i], dtype=np.int32), np.ones(1))
        for k in range(1, n + 1):
            timing = problem.timing((k,))
            if timing is not None:
                self.add(((k,), timing.latest, timing.back(timing.latest)))
        for run in hints:
            self.add(run)

    def run(self, seconds: float) -> TripBound:
        """Prices trips until none is left to win or time is over."""
        until = self.begun + seconds
        self.solve()
        loose, complete = True, False
        while not complete and time.monotonic() < until:
            found = self.price(loose)
            if found or self.crowded():
                loose = True
            elif loose:
                loose = False
                continue
            else:
                complete = True
                continue
            self.solve()
        order = np.argsort(self.instants, kind="stable").astype(np.int64)
        instants = np.array(self.instants, dtype=np.int64)[order]
        found_runs = tuple(r for r in self.runs if len(set(r[0])) == len(r[0]))
        value = max(0, math.ceil(self.best - HAIR))
        return TripBound(value, complete, time.monotonic() - self.begun, found_runs, self.prices, instants, self.rents[order])

    def solve(self) -> None:
        """Prices of the customers, rents of the instants, and how much of each run is used."""
        self.lp.run()
        solution, n = self.lp.getSolution(), self.problem.customers
        dual = np.array(solution.row_dual)
        self.prices = np.concatenate(([0.0], np.maximum(dual[:n], 0.0)))
        self.rents = np.maximum(-dual[n:], 0.0)
        self.used = np.array(solution.col_value)[n:]

    def price(self, loose: bool) -> int:
        """Adds trips that cost less than their prices and, where the search was exact, lifts the bound; how many are new."""
        p = self.problem
        order = np.argsort(self.instants, kind="stable").astype(np.int64)
        instants, rents = np.array(self.instants, dtype=np.int64)[order], self.rents[order]
        cost: FloatArray = p.travel.astype(np.float64) - self.prices[None, :]
        ways = kernel.load_bounds(cost, self.demand, self.capacity)
        complete, _, places, nodes, leaves, _, ratio = kernel.price_trips(
            cost, p.travel, p.service, p.opens, p.closes, p.release, self.demand, self.capacity, instants, rents, self.near, ways,
            loose, MOST_LABELS, MOST_TRIPS,
        )  # fmt: skip
        if complete and not loose:
            rest = float(self.demand.sum()) * min(0.0, ratio) - p.customers * kernel.TINY
            self.best = max(self.best, float(self.prices.sum() - p.vehicles * rents.sum()) + rest)
        new = 0
        for k, leave in enumerate(leaves):
            trip = tuple(int(x) for x in nodes[places[k] : places[k + 1]])
            new += self.add((trip, int(leave), self.back(trip, int(leave))))
        return new

    def back(self, trip: Trip, leave: int) -> int:
        """When a trip is back, repeats and all."""
        p, now, here = self.problem, leave, 0
        for k in (*trip, 0):
            now = max(now + int(p.service[here] + p.travel[here, k]), int(p.opens[k]))
            here = k
        return now

    def add(self, run: Run) -> bool:
        """Adds a run to the program; False if it is there."""
        trip, leave, back = run
        if (trip, leave) in self.known:
            return False
        self.known.add((trip, leave))
        entries: dict[int, float] = {}
        for k in trip:
            entries[k - 1] = entries.get(k - 1, 0.0) + 1.0
        for row, instant in enumerate(self.instants, self.problem.customers):
            if leave <= instant < back:
                entries[row] = 1.0
        rows = sorted(entries)
        self.lp.addCol(
            float(self.problem.cost(trip)), 0.0, highspy.kHighsInf, len(rows), np.array(rows, np.int32), np.array([entries[r] for r in rows])
        )
        self.runs.append(run)
        return True

    def crowded(self) -> bool:
        """Adds the instants at which more trips are under way than there are vehicles; whether there are any."""
        vehicles, horizon = self.problem.vehicles, int(self.problem.closes[0])
        used = [(self.runs[k], x) for k, x in enumerate(self.used) if x > 1e-6]
        counts = sorted(((sum(x for (_, a, b), x in used if a <= u < b), u) for u in {a for (_, a, _), _ in used}), reverse=True)
        chosen: list[int] = []
        for count, instant in counts:
            if count > vehicles + 1e-4 and len(chosen) < INSTANTS_A_ROUND and all(abs(instant - c) > horizon / 40 for c in chosen):
                chosen.append(instant)
        for instant in chosen:
            columns = [self.problem.customers + k for k, (_, a, b) in enumerate(self.runs) if a <= instant < b]
            self.lp.addRow(-highspy.kHighsInf, float(vehicles), len(columns), np.array(columns, dtype=np.int32), np.ones(len(columns)))
            self.instants.append(instant)
        return bool(chosen)


def whole_demand(problem: MultiTrip) -> tuple[IntArray, int]:
    """Demand and capacity in the coarsest whole unit, every customer at least 1: loads rise along a trip."""
    unit = reduce(math.gcd, (int(d) for d in problem.demand[1:]), 0) or 1
    demand, capacity = problem.demand // unit, problem.capacity // unit
    if (demand[1:] > 0).all():
        return demand, int(capacity)
    n = problem.customers
    raised = demand * (n + 1) + 1
    raised[0] = 0
    return raised, int(capacity) * (n + 1) + n


def _near(problem: MultiTrip) -> kernel.Bits:
    n = len(problem.demand)
    near = np.zeros((n, (n + 63) // 64), dtype=np.uint64)
    for i in range(1, n):
        closest = [int(j) for j in np.argsort(problem.travel[i], kind="stable") if j not in (0, i)][:NEAR]
        for j in (i, *closest):
            near[i, j >> 6] |= np.uint64(1) << np.uint64(j & 63)
    return near

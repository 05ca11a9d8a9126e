"""The certified bound: passengers and obligations are priced; what is left falls apart by circuit.

Every evaluation is a valid bound over all candidates, whatever the prices; the ascent only looks for good ones. Berths and
moorings are left out, which can only lower it. The ascent scales every price by its own past slopes (Kingma and Ba 2015), which
needs no guess of the optimum and no step length by part.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from islandflow.ferry.problem import FerryProblem
from solvers.ferry import bound_kernels as kernel
from solvers.ferry.coverage import Coverage
from solvers.ferry.day_flows import DayFlows
from solvers.ferry.tables import Tables

Array = NDArray[Any]
Prices = tuple[Array, Array]
LOAD = 0.7
MEAN, SPREAD = 0.9, 0.99  # how long slopes and their squares are remembered
ROW_FEN = 20_000.0  # scale of an obligation's price
RATE = 0.06  # first step as a share of a price


class Lagrangian:
    """Bound of a problem at given prices: ``alpha`` fen a person by group, ``row`` fen by obligation row.

    It holds for every plan that misses at most ``short`` of the rows that some candidate meets. Where obligations cannot be met
    together the best plan misses some, and a bound over the plans that meet all would pass it.
    """

    def __init__(self, problem: FerryProblem, tables: Tables, cover: Coverage, short: int = 0) -> None:
        self.problem, self.t, self.cover, self.short = problem, tables, cover, short
        self.copies = min(problem.copies, max((c.count for c in problem.circuits), default=1))
        self.value = np.zeros((problem.candidates, self.copies))
        self.days = [DayFlows(problem, k) for k in range(len(problem.circuits))]
        self.cost = np.repeat(problem.cost, problem.high - problem.low).astype(float)
        self.pattern = np.repeat(np.arange(len(problem.patterns)), problem.high - problem.low)
        self.left = np.repeat(problem.left_fen, np.diff(problem.group_ptr)).astype(float)
        floor, alpha = self.left.copy(), self.left.copy()
        kernel.cheapest(self.t, floor, 0.0)
        self.floor = int((floor * problem.size).sum())
        kernel.cheapest(self.t, alpha, LOAD)
        self.prices: Prices = (alpha, np.zeros(len(cover.rows)))
        self.dearest = cover.price
        self.best = self.floor
        self.rounds = 0

    def evaluate(self, alpha: Array, row: Array) -> tuple[float, Array, Array]:
        """Bound in fen, and its slopes by group and by row: people not carried, connections missing."""
        problem, cover = self.problem, self.cover
        alpha = np.minimum(alpha, self.left)  # dearer than being left behind is no price of the dual
        row = np.minimum(row, self.dearest)  # dearer than its price a wish is forgone instead
        price = self.cost
        if len(row):
            price = price - np.bincount(cover.candidate, row[cover.row], minlength=len(price))
        kernel.earnings(self.t, alpha, self.copies, self.value)
        # rounded down: the bound must never pass the optimum
        whole = np.floor(price[:, None] - self.value).astype(np.int64)
        # a plan may leave the dearest rows unmet, each for its price
        owed = np.where(np.isinf(self.dearest), row, 0.0)
        forgiven = self.short * float(owed.max(initial=0.0))
        bound = float(alpha @ problem.size) + float(row @ cover.least) - forgiven + cover.forgone
        chosen, often = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for days in self.days:
            found = days.cheapest(whole)
            bound += found.value
            chosen.append(found.sailings)
            often.append(found.times)
        sailings, times = np.concatenate(chosen), np.concatenate(often)
        served = np.zeros(len(alpha))
        kernel.carried(self.t, alpha, sailings, self.pattern[sailings], times, served)
        meets = np.bincount(sailings, times, minlength=problem.candidates)
        met = np.bincount(cover.row, meets[cover.candidate], minlength=len(row)) if len(row) else np.zeros(0)
        # a little off for the rounding of long sums of floats
        missed = cover.least - met
        if self.short and len(row):
            missed = missed - self.short * (np.arange(len(row)) == int(owed.argmax()))
        return bound - 1.0, problem.size - served, missed

    def climb(self, spent: Callable[[], float], rate: float = RATE, tell: Callable[[int, Array], None] | None = None) -> int:
        """Best bound in fen found until ``spent()`` reaches 1 (share of the time or of the rounds); goes on from the best prices.

        Steps shrink to nothing as time is spent, so one long climb is better than two short ones.
        """
        point = [p.copy() for p in self.prices]
        top = (self.left, self.dearest)
        scale = (np.maximum(500.0, self.prices[0]), np.full(len(point[1]), ROW_FEN))
        unit = (np.maximum(1.0, self.problem.size), 1.0)
        mean, spread = [np.zeros_like(p) for p in point], [np.zeros_like(p) for p in point]
        done = 0
        while (share := spent()) < 1.0:
            bound, *slopes = self.evaluate(point[0], point[1])
            done += 1
            if int(np.floor(bound)) > self.best:
                self.best, self.prices = int(np.floor(bound)), (point[0].copy(), point[1].copy())
            pace = rate * max(0.01, 1.0 - share)
            for i, slope in enumerate(slopes):
                g = slope / unit[i]
                mean[i] = MEAN * mean[i] + (1 - MEAN) * g
                spread[i] = SPREAD * spread[i] + (1 - SPREAD) * g * g
                step = mean[i] / (1 - MEAN**done) / (np.sqrt(spread[i] / (1 - SPREAD**done)) + 1e-3)
                point[i] = np.clip(point[i] + pace * scale[i] * step, 0.0, top[i])
            if tell and done % 5 == 0:
                tell(self.best, self.prices[0])
        self.rounds += done
        return self.best

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
SHARE_SCALE, SHARE_LEAST = 0.3, 0.02  # of a first ride's share in the price of a journey with a change
RATE = 0.06  # first step as a share of a price
ENDLESS = 1 << 60


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
        of = np.repeat(np.arange(len(tables.left)), np.diff(tables.group_ptr))
        self.split = np.where(tables.change[of] > 0, tables.part[of] / 1000, 1.0)
        self.splits = tables.change[of] > 0
        self.dearest = cover.price
        self.best = self.floor
        self.rounds = 0
        self.settled = False  # whether a climb had all the rounds it can use

    def evaluate(self, alpha: Array, row: Array, split: Array | None = None) -> tuple[float, Array, Array, Array]:
        """Bound in fen, and its slopes by group and row (people not carried, connections missing) and by the first ride's share of a price.

        ``split`` (groups,): of a journey with a change the first ride earns that share of ``alpha``, the second the rest; any shares are valid.
        """
        split = self.split if split is None else split
        problem, cover = self.problem, self.cover
        alpha = np.minimum(alpha, self.left)  # dearer than being left behind is no price of the dual
        row = np.minimum(row, self.dearest)  # dearer than its price a wish is forgone instead
        price = self.cost
        if len(row):
            price = price - np.bincount(cover.candidate, row[cover.row], minlength=len(price))
        by_role = np.stack([alpha, split * alpha, alpha - split * alpha])
        kernel.earnings(self.t, by_role, self.copies, self.value)
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
        served = np.zeros(by_role.shape)
        kernel.carried(self.t, by_role, sailings, self.pattern[sailings], times, served)
        meets = np.bincount(sailings, times, minlength=problem.candidates)
        met = np.bincount(cover.row, meets[cover.candidate], minlength=len(row)) if len(row) else np.zeros(0)
        # a little off for the rounding of long sums of floats
        missed = cover.least - met
        if self.short and len(row):
            missed = missed - self.short * (np.arange(len(row)) == int(owed.argmax()))
        direct, first, second = served
        return bound - 1.0, problem.size - direct - split * first - (1.0 - split) * second, missed, alpha * (second - first)

    def climb(
        self, spent: Callable[[], float], rate: float = RATE, tell: Callable[[int, Array], None] | None = None, most: int = ENDLESS
    ) -> int:
        """Best bound in fen found until ``spent()`` reaches 1 (share of the time or of the rounds), or in ``most`` rounds; goes on from the best prices.

        Steps shrink to nothing as time is spent, so one long climb is better than two short ones.
        """
        point = [self.prices[0].copy(), self.prices[1].copy(), self.split.copy()]
        least = (0.0, 0.0, np.where(self.splits, SHARE_LEAST, 1.0))
        top = (self.left, self.dearest, np.where(self.splits, 1.0 - SHARE_LEAST, 1.0))
        scale = (np.maximum(500.0, self.prices[0]), np.full(len(point[1]), ROW_FEN), np.full(len(self.split), SHARE_SCALE))
        size = np.maximum(1.0, self.problem.size)
        unit = (size, 1.0, size * np.maximum(500.0, self.prices[0]))
        mean, spread = [np.zeros_like(p) for p in point], [np.zeros_like(p) for p in point]
        done = 0
        while (share := max(spent(), done / most)) < 1.0:
            bound, *slopes = self.evaluate(*point)
            done += 1
            if int(np.floor(bound)) > self.best:
                self.best, self.prices, self.split = int(np.floor(bound)), (point[0].copy(), point[1].copy()), point[2].copy()
            pace = rate * max(0.01, 1.0 - share)
            for i, slope in enumerate(slopes):
                g = slope / unit[i]
                mean[i] = MEAN * mean[i] + (1 - MEAN) * g
                spread[i] = SPREAD * spread[i] + (1 - SPREAD) * g * g
                step = mean[i] / (1 - MEAN**done) / (np.sqrt(spread[i] / (1 - SPREAD**done)) + 1e-3)
                point[i] = np.clip(point[i] + pace * scale[i] * step, least[i], top[i])
            if tell and done % 5 == 0:
                tell(self.best, self.prices[0])
        self.rounds += done
        self.settled = self.settled or done >= most
        return self.best

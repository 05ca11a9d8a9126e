"""A pool of days that holds every answer of interest: its relaxation with cuts, days that drop out, and the choice in the end.

The cuts are of three trips (Jepsen, Petersen, Spoorendonk and Pisinger 2008): of days that each do two or three of them at most one
is chosen. They lie across the days, so they need the days at hand: the pool is enumerated first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import highspy
import numpy as np

from solvers.rotations import kernels
from solvers.rotations.master import Day, limit_rows, new_model, put_days
from solvers.rotations.schedule import FloatArray, IntArray, Trips

WHOLE = 1e-6  # a value so close to 0 or 1 counts as whole
MOST_CUTS, LEAST_BROKEN = 150, 0.02  # cuts a round, and by how much each must be broken
SMALL = 1500  # days from which the choice in whole numbers is made at once
HALF = 0.5


class Pool:
    """Days of which some are to be chosen at a cost below ``upper``; ``bound`` holds for all such choices."""

    def __init__(self, trips: Trips, days: Sequence[Day], upper: float, left: Callable[[], float]) -> None:
        self.trips, self.days, self.upper, self.left = trips, list(days), upper, left
        self.cost = np.array([trips.cost(*d) for d in self.days])
        self.bound = -math.inf
        self.cuts: list[tuple[int, int, int]] = []
        self.value: FloatArray = np.zeros(0)
        self._model()

    def _model(self) -> None:
        self.model = new_model(self.trips)
        put_days(self.model, self.trips, limit_rows(self.trips), self.days, self.cost)
        self.ptr = np.concatenate([[0], np.cumsum([len(d) for _, d in self.days])]).astype(np.int64)
        self.ids: IntArray = np.array([i for _, d in self.days for i in d], dtype=np.int64)
        for cut in self.cuts:
            self._row(cut)

    def _row(self, cut: tuple[int, int, int]) -> None:
        twice = np.flatnonzero(kernels.at_least_two(self.ptr, self.ids, *cut)).astype(np.int32)
        self.model.addRow(-highspy.kHighsInf, 1.0, len(twice), twice, np.ones(len(twice)))

    def tighten(self) -> bool:
        """Cuts and drops days until little is left or nothing helps; whether the pool is known to hold nothing below ``upper``."""
        stuck = 0
        while self.left() > 0:
            self.model.setOptionValue("time_limit", self.model.getRunTime() + self.left())
            self.model.run()
            status = self.model.getModelStatus()
            if status == highspy.HighsModelStatus.kInfeasible:
                self.bound = math.inf
                return True
            if status != highspy.HighsModelStatus.kOptimal:
                return False
            value = float(self.model.getInfo().objective_function_value)
            stuck = stuck + 1 if value < self.bound + 0.01 * (self.upper - self.bound) else 0
            self.bound = max(self.bound, value)
            if math.ceil(self.bound - 1e-3) >= self.upper:
                return True
            solution = self.model.getSolution()
            self.value = np.array(solution.col_value)
            part = np.flatnonzero((self.value > WHOLE) & (self.value < 1 - WHOLE))
            if not len(part) or stuck > 3:  # noqa: PLR2004
                return False
            # a day that alone would lift the bound to what is known cannot belong to anything cheaper
            keep = np.array(solution.col_dual) < self.upper - 1 - value + 1e-3
            if keep.sum() <= min(SMALL, 0.7 * len(self.days)):
                self._only(keep)
                return False
            new = self._broken(part)
            if not new:
                self._only(keep)
                return False
            if keep.sum() < 0.7 * len(self.days):
                self._only(keep)
            for cut in new:
                self._row(cut)
            self.cuts += new
        return False

    def _broken(self, part: IntArray) -> list[tuple[int, int, int]]:
        some = [self.days[int(c)][1] for c in part]
        ptr = np.concatenate([[0], np.cumsum([len(d) for d in some])]).astype(np.int64)
        ids = np.array([i for d in some for i in d], dtype=np.int64)
        a, b, c, by = kernels.triples(ptr, ids, self.value[part], self.trips.count, LEAST_BROKEN)
        found, times = [], np.zeros(self.trips.count, dtype=np.int64)
        for e in np.argsort(-by, kind="stable"):
            cut = (int(a[e]), int(b[e]), int(c[e]))
            if times[list(cut)].max() < 5 and cut not in self.cuts:  # noqa: PLR2004
                times[list(cut)] += 1
                found.append(cut)
                if len(found) == MOST_CUTS:
                    break
        return found

    def _only(self, keep: np.ndarray) -> None:
        self.days = [d for d, k in zip(self.days, keep, strict=True) if k]
        self.cost = self.cost[keep]
        self._model()

    def choose(self, known: Sequence[Day]) -> tuple[list[Day] | None, bool]:
        """The cheapest choice of the pool's days, and whether that is proven; ``known`` (may be empty) is where to begin."""
        have = set(self.days)
        extra = [d for d in known if d not in have]
        self.days += extra
        self.cost = np.concatenate([self.cost, [self.trips.cost(*d) for d in extra]])
        self._model()
        model, m = self.model, len(self.days)
        model.changeColsIntegrality(m, np.arange(m, dtype=np.int32), np.array([highspy.HighsVarType.kInteger] * m))
        model.setOptionValue("mip_rel_gap", 0.0)
        model.setOptionValue("mip_abs_gap", 0.99)  # costs are whole
        if known:
            start, taken = highspy.HighsSolution(), set(known)
            start.col_value = [float(d in taken) for d in self.days]
            model.setSolution(start)

        def interrupt(event: highspy.HighsCallbackEvent) -> None:
            if self.left() <= 0:
                event.interrupt()

        model.cbMipInterrupt.subscribe(interrupt)
        model.setOptionValue("time_limit", model.getRunTime() + max(0.05, self.left()))
        model.run()
        ended = model.getModelStatus() in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
        bound = model.getInfo().mip_dual_bound
        self.bound = max(self.bound, min(bound, self.upper) if math.isfinite(bound) else self.bound)
        if model.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None, ended
        return [self.days[int(i)] for i in np.flatnonzero(np.array(model.getSolution().col_value) > HALF)], ended

"""A mixed-integer model written row by row, handed to HiGHS in one piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np

from solvers.siting.contract import Clock
from solvers.siting.highs import quiet, run
from solvers.siting.kernels import FloatArray

INF = highspy.kHighsInf


@dataclass
class Rows:
    """Columns and rows as they are added; ``solve`` minimises."""

    cost: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    index: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    row_low: list[float] = field(default_factory=list)
    row_high: list[float] = field(default_factory=list)

    def column(self, cost: float, low: float = 0.0, high: float = 1.0, whole: bool = False) -> int:
        """A new column; its number."""
        self.cost.append(float(cost))
        self.low.append(float(low))
        self.high.append(float(high))
        if whole:
            self.whole.append(len(self.cost) - 1)
        return len(self.cost) - 1

    def row(self, columns: Sequence[int], values: Sequence[float], low: float, high: float = INF) -> None:
        """A new row: low <= Σ values × columns <= high."""
        self.starts.append(len(self.index))
        self.index += columns
        self.value += values
        self.row_low.append(low)
        self.row_high.append(high)

    def solve(self, clock: Clock, start: FloatArray | None = None, threads: int = 1) -> Outcome:
        """Runs HiGHS until it has proven all or the time is over."""
        model = quiet(clock.left(), threads)
        model.setOptionValue("mip_rel_gap", 0.0)
        model.setOptionValue("mip_abs_gap", 1e-6)
        n = len(self.cost)
        model.addVars(n, np.array(self.low), np.array(self.high))
        model.changeColsCost(n, np.arange(n, dtype=np.int32), np.array(self.cost))
        if self.whole:
            kinds = np.array([highspy.HighsVarType.kInteger] * len(self.whole))
            model.changeColsIntegrality(len(self.whole), np.array(self.whole, dtype=np.int32), kinds)
        model.addRows(
            len(self.starts), np.array(self.row_low, dtype=float), np.array(self.row_high, dtype=float), len(self.index),
            np.array(self.starts, dtype=np.int32), np.array(self.index, dtype=np.int32), np.array(self.value, dtype=float),
        )  # fmt: skip
        if start is not None:
            solution = highspy.HighsSolution()
            solution.col_value = list(start)
            model.setSolution(solution)
        run(model, clock)
        status, info = model.getModelStatus(), model.getInfo()
        some = info.primal_solution_status == highspy.kSolutionStatusFeasible
        ended = status == highspy.HighsModelStatus.kOptimal
        bound = float(info.mip_dual_bound) if self.whole else (float(info.objective_function_value) if ended else -np.inf)
        return Outcome(
            np.array(model.getSolution().col_value) if some else None, bound, ended, status == highspy.HighsModelStatus.kInfeasible
        )


@dataclass(frozen=True)
class Outcome:
    """``values`` of the columns or None; ``bound`` on the cost; ended: proven; impossible: proven that there is nothing."""

    values: FloatArray | None
    bound: float
    ended: bool
    impossible: bool

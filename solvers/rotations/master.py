"""The linear programme over known days, on a live HiGHS model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np

from solvers.rotations.schedule import FloatArray, IntArray, Trips
from solvers.silent_highs import silent_highs

Day = tuple[int, tuple[int, ...]]


@dataclass(eq=False)
class Master:
    """Known days. A row a trip (exactly once, at ``dear`` if not at all) and a row a limit on vehicles."""

    trips: Trips
    dear: float
    days: list[Day] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    known: set[Day] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Rows, and a variable a trip that nobody does."""
        n = self.trips.count
        self.limits_of = limit_rows(self.trips)
        self.model = new_model(self.trips)
        self.model.addCols(
            n, np.full(n, self.dear), np.zeros(n), np.full(n, highspy.kHighsInf), n,
            np.arange(n, dtype=np.int32), np.arange(n, dtype=np.int32), np.ones(n),
        )  # fmt: skip
        self.model.setOptionValue("simplex_strategy", 4)  # primal: a new day keeps the basis feasible

    def add(self, days: Sequence[Day]) -> int:
        """Adds days that are not known yet; how many."""
        new = [d for d in dict.fromkeys(days) if d not in self.known]
        self.known.update(new)
        cost = [self.trips.cost(*d) for d in new]
        put_days(self.model, self.trips, self.limits_of, new, cost)
        self.days += new
        self.costs += cost
        return len(new)

    def solve(self, seconds: float) -> bool:
        """Solves the relaxation; whether it ended in time."""
        self.model.setOptionValue("time_limit", self.model.getRunTime() + max(0.01, seconds))
        self.model.run()
        return bool(self.model.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    @property
    def value(self) -> float:
        """Value of the relaxation over the known days."""
        return float(self.model.getInfo().objective_function_value)

    @property
    def missed(self) -> float:
        """Trips that the relaxation leaves undone."""
        return float(sum(self.model.getSolution().col_value[: self.trips.count]))

    def prices(self) -> tuple[FloatArray, FloatArray]:
        """What a trip is worth (trips,), and what a vehicle of each limit costs on top, no less than 0 (limits,)."""
        dual = np.array(self.model.getSolution().row_dual)
        n = self.trips.count
        return dual[:n], np.maximum(0.0, -dual[n:])


def limit_rows(trips: Trips) -> list[list[int]]:
    """For each depot the numbers of the limits it counts for."""
    return [[g for g, (depots, _) in enumerate(trips.limits) if k in depots] for k in range(trips.depots)]


def new_model(trips: Trips) -> highspy.Highs:
    """A model with a row a trip (exactly once) and a row a limit, and no day."""
    model = silent_highs()
    model.setOptionValue("threads", 1)
    n, caps = trips.count, np.array([v for _, v in trips.limits], dtype=float)
    empty: IntArray = np.zeros(0, dtype=np.int64)
    low = np.concatenate([np.ones(n), np.full(len(caps), -highspy.kHighsInf)])
    model.addRows(
        len(low),
        low,
        np.concatenate([np.ones(n), caps]),
        0,
        np.zeros(len(low), dtype=np.int32),
        empty.astype(np.int32),
        empty.astype(float),
    )
    return model


def put_days(
    model: highspy.Highs, trips: Trips, limits_of: Sequence[Sequence[int]], days: Sequence[Day], cost: Sequence[float] | FloatArray
) -> None:
    """Adds days as variables."""
    rows = [[*day, *(trips.count + g for g in limits_of[depot])] for depot, day in days]
    begin = np.concatenate([[0], np.cumsum([len(r) for r in rows])])
    index = np.array([i for r in rows for i in r], dtype=np.int32)
    m = len(days)
    model.addCols(
        m, np.array(cost, dtype=float), np.zeros(m), np.full(m, highspy.kHighsInf), len(index),
        begin[:-1].astype(np.int32), index, np.ones(len(index)),
    )  # fmt: skip

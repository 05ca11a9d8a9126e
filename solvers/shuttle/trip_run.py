"""The plan that an annealing works on, from outside: load a plan, run for a time, read the best plan and the days it came by."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from solvers.shuttle.multitrip import Journeys, MultiTrip, Trip
from solvers.shuttle.trip_anneal import anneal
from solvers.shuttle.trip_kernels import NODE, IntArray, Ints
from solvers.shuttle.trip_state import Facts, Shorts, again, length_of, no_days, no_plan, scratch

STEPS = 1000  # between two looks at the clock
SLOTS, NEAR_BEST = 1 << 15, 1.01  # days kept; of plans at most so much above the best
WAIT = 0.2  # a minute of waiting between two customers, as a share of one on the way, where they are near in time too
NEAREST = 10  # customers that are near
FINE, MORE = 1.0, 9.0  # round trips that a customer left out costs; as long as no complete plan is known, so much more at the end


def facts_of(problem: MultiTrip) -> Facts:
    """The problem for the kernels."""
    n = problem.customers
    way = np.ascontiguousarray(problem.travel, np.int32)
    on = problem.service[:, None] + problem.travel
    waits = np.maximum(problem.opens[None, :] - problem.closes[:, None] - on, 0)
    late = np.maximum(problem.opens[:, None] + on - problem.closes[None, :], 0)
    apart = problem.travel + WAIT * waits + late
    near = np.zeros((2, n + 1, n), np.int32)
    for kind, table in enumerate((problem.travel, np.minimum(apart, apart.T))):
        for c in range(1, n + 1):
            order = np.argsort(table[c], kind="stable")
            near[kind, c] = [c, *order[(order != 0) & (order != c)]]
    node = np.stack([problem.service, problem.opens, problem.closes, problem.release, problem.demand], axis=1)
    return Facts(way, np.ascontiguousarray(node, np.int64), near, int(problem.capacity))


@dataclass(frozen=True)
class Cooling:
    """From temperature ``hot`` to ``cold``, in units of cost, from the clock's ``begun`` to ``until``."""

    begun: float
    until: float
    hot: float
    cold: float

    def share(self, now: float) -> float:
        """Of the time that has passed."""
        return min(max((now - self.begun) / max(self.until - self.begun, 1e-9), 0.0), 1.0)


class Annealing:
    """A plan under way; ``cost`` of the best complete one, None while somebody is left out of all."""

    def __init__(self, problem: MultiTrip, seed: int) -> None:
        n = problem.customers
        self.problem, self.vehicles = problem, min(problem.vehicles, n)
        self.facts = facts_of(problem)
        width = 2 * n + 3
        self.days = no_plan(self.vehicles, n)
        self.room = scratch(self.vehicles, n)
        self.best, self.best_size = np.zeros((self.vehicles, width), np.int32), np.full(self.vehicles, 2, np.int64)
        self.worth = np.array([0, n, 0, n], np.int64)
        self.fine = np.ceil(FINE * (problem.travel[0] + problem.travel[:, 0])).astype(np.int64) + 1
        self.seen = no_days(n, SLOTS, seed)
        self.random = np.random.default_rng(seed)
        self.load(())

    @property
    def cost(self) -> int | None:
        """Travel of the best plan that serves everyone."""
        return int(self.worth[2]) if self.worth[3] == 0 else None

    def unit(self) -> float:
        """The way to a near customer, on average: what temperatures are measured by."""
        n, way = self.problem.customers, self.problem.travel[1:, 1:]
        return max(float(np.sort(way, axis=1)[:, 1 : NEAREST + 1].mean()), 1.0) if n > 1 else 1.0

    def load(self, journeys: Journeys) -> None:
        """Goes on from these days, of which all are sound; the best plan is kept."""
        self.days.spot[:, 0] = -1
        for v in range(self.vehicles):
            row = [0]
            for trip in journeys[v] if v < len(journeys) else ():
                row += [*trip, 0]
            row += [0] if len(row) == 1 else []
            self.days.days[v, : len(row), NODE] = row
            self.days.size[v] = len(row)
            again(self.facts, self.days, v)

    def take(self, journeys: Journeys) -> int:
        """A complete plan of sound days: goes on from it, and it is the best one if it is cheaper. What that saves."""
        self.load(journeys)
        saved = int(self.worth[2]) - length_of(self.facts, self.days)
        if self.worth[3] > 0 or saved > 0:
            self.worth[2:] = length_of(self.facts, self.days), 0
            self.best[:], self.best_size[:] = self.days.days[:, :, NODE], self.days.size
        return max(saved, 0)

    def run(self, stages: Cooling, until: float) -> None:
        """Up to the clock's ``until``. As long as no complete plan is known, leaving somebody out costs more and more."""
        fine = self.fine.copy()
        while (now := time.monotonic()) < until:
            share = stages.share(now)
            fine[:] = self.fine if self.cost is not None else self.fine * (1.0 + MORE * share)
            heat = stages.hot * (stages.cold / stages.hot) ** share
            self.step(STEPS, heat, fine)

    def step(self, steps: int, heat: float, fine: IntArray) -> None:
        """So many steps at one temperature."""
        anneal(
            self.facts, self.days, self.room, self.best, self.best_size, self.worth, fine, steps, heat, self.seen, NEAR_BEST, self.random
        )  # fmt: skip

    def journeys(self) -> Journeys:
        """The best plan; not of everyone if ``cost`` is None."""
        return tuple(day for v in range(self.vehicles) if (day := _day(self.best[v, : self.best_size[v]])))

    def came_by(self) -> Iterator[tuple[int, tuple[Trip, ...]]]:
        """Days of good plans, each with its cost."""
        for slot in np.nonzero(self.seen.size)[0].tolist():
            yield int(self.seen.cost[slot]), _day(self.seen.row[slot, : self.seen.size[slot]])


@cache
def compiled() -> None:
    """Compiles the kernels, or loads them, before a clock starts."""
    ways, none, end = np.array([[0, 3, 4], [3, 0, 2], [4, 2, 0]]), np.zeros(3, np.int64), np.full(3, 99, np.int64)
    search = Annealing(MultiTrip(ways, none, none, end, none, np.array([0, 1, 1]), 2, 1), 1)
    search.step(1, 1.0, search.fine)
    length_of(search.facts, search.days)


def _day(row: IntArray | Ints | Shorts) -> tuple[Trip, ...]:
    """The trips of a row."""
    trips: list[list[int]] = [[]]
    for k in row.tolist():
        if k == 0:
            trips.append([])
        else:
            trips[-1].append(k)
    return tuple(tuple(t) for t in trips if t)

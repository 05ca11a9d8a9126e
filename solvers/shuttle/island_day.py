"""Solves an island day: a first plan, the bound, a plan from the linear program, then days taken away and found anew."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from islandflow.result import Status, gap_of
from islandflow.shuttle.day import IslandDay
from islandflow.shuttle.plan import DayPlan
from islandflow.shuttle.problem import day_problem
from solvers.shuttle.bounding import Bounding
from solvers.shuttle.diving import dive
from solvers.shuttle.fleet import candidates, fleets_of
from solvers.shuttle.search import Search
from solvers.shuttle.writing import plan_of

FIRST_PLAN = 5.0  # seconds that a first plan has in any case: a busy machine may need all the others to set the day up
FIRST, ASCENT, COLUMNS, HEAT = 0.05, 0.2, 0.5, 0.0005  # shares of the time at which a phase ends; share by which a plan may get worse


@dataclass(frozen=True)
class DayResult:
    """Outcome: fen, whole; ``candidates`` runs that the bound is valid over."""

    status: Status
    plan: DayPlan
    objective: int
    bound: int
    floor: int
    candidates: int
    seconds: float
    seed: int

    @property
    def gap(self) -> float:
        """(plan - bound) / plan, a fraction."""
        return gap_of(self.objective, self.bound) or 0.0


def solve_day(day: IslandDay, seconds: float = 60.0, seed: int = 1, going: Callable[[], bool] = lambda: True) -> DayResult:
    """A plan and a bound within about ``seconds``, sooner when ``going`` says stop; optimal only where the two meet."""
    begun = time.monotonic()

    def until(share: float) -> bool:
        return going() and time.monotonic() - begun < share * seconds

    problem = day_problem(day)
    found = candidates(problem)
    fleets = fleets_of(found)
    search, bounding = Search(found, fleets, seed), Bounding(found, fleets)
    ready = time.monotonic()
    search.start(lambda: until(1.0) or (going() and time.monotonic() - ready < FIRST_PLAN))
    while until(FIRST):
        search.guide = search.worth()
        search.step(HEAT, lambda: until(1.0))
    for guide in (search.worth(), np.full(len(found.people), search.cap)):  # some bound, however short the time
        bounding.evaluate(replace(bounding.best, person=guide).rounded())
    bounding.ascend(0.8 * search.worth(), search.best.total * 9 // 10, lambda: until(ASCENT))
    bounding.run(lambda: until(COLUMNS))
    dived = dive(search, search.fix(()), list(bounding.master.days), bounding.best, lambda: until(1.0))
    search.put(search.grown(dived, (np.full(len(found.people), search.cap),), lambda: until(1.0)))
    search.now, search.guide = search.best, bounding.best.person
    while until(1.0) and search.best.total > bounding.bound and search.best.days:
        search.step(HEAT, lambda: until(1.0))
    best = search.best
    bound = max(bounding.bound, problem.floor)  # however short the time, people ride and pay at least the direct way
    status: Status = "optimal" if best.total == bound else "feasible"
    return DayResult(
        status, plan_of(found, best.days), best.total, bound, problem.floor, len(found.runs), time.monotonic() - begun, seed
    )

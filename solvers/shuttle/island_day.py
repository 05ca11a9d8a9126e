"""Solves an island day: a first plan; then the bound in one thread and better plans in another, which asks it for prices and days."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Event

import numpy as np

from islandflow.result import Status, gap_of
from islandflow.shuttle.day import IslandDay
from islandflow.shuttle.plan import DayPlan
from islandflow.shuttle.problem import day_problem
from solvers.shuttle.bounding import Bounding
from solvers.shuttle.fleet import candidates, fleets_of
from solvers.shuttle.rebuild import Rebuild
from solvers.shuttle.search import Search
from solvers.shuttle.writing import plan_of

FIRST_PLAN = 5.0  # seconds that a first plan has in any case: a busy machine may need all the others to set the day up
FIRST, ASCENT = 0.02, 0.05  # shares of the time at which the first better plan is there, and the ascent of the prices ends
ROUNDS = (0.06, 0.2, 0.96)  # shares of the time at which a round of rebuilding ends; after each, days are found exactly for a while
EXACT, HEAT = 0.02, 0.0005  # share of the time for that; share by which a plan may get worse meanwhile
PAUSE = 0.02  # seconds


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
    search, bounding = Search(found, fleets_of(found), seed), Bounding(found, fleets_of(found))
    rebuild = Rebuild(found, search.fleets, seed)
    ready = time.monotonic()
    search.start(lambda: until(1.0) or (going() and time.monotonic() - ready < FIRST_PLAN))
    rebuild.load(search.best.days)
    _rebuilt(search, rebuild, lambda: (time.monotonic() - begun) / seconds, FIRST, going)
    halted, worth, target = Event(), search.worth(), search.best.total * 19 // 20
    for vehicle_day in search.best.days:
        bounding.master.add(vehicle_day)

    def prove() -> None:
        for guide in (worth, np.full(len(found.people), search.cap)):  # some bound, however short the time
            bounding.evaluate(replace(bounding.best, person=guide).rounded())
        bounding.ascend(0.8 * worth, target, lambda: not halted.is_set() and time.monotonic() - begun < ASCENT * seconds)
        bounding.run(lambda: not halted.is_set() and time.monotonic() - begun < seconds)

    with ThreadPoolExecutor(1, thread_name_prefix="bound") as beside:
        proof = beside.submit(prove)
        try:
            _find(search, rebuild, bounding, begun, seconds, going, proof.done)
        finally:
            halted.set()
        proof.result()
    best = search.best
    bound = max(bounding.bound, problem.floor)  # however short the time, people ride and pay at least the direct way
    status: Status = "optimal" if best.total == bound else "feasible"
    return DayResult(
        status, plan_of(found, best.days), best.total, bound, problem.floor, len(found.runs), time.monotonic() - begun, seed
    )


def _find(
    search: Search, rebuild: Rebuild, bounding: Bounding, begun: float, seconds: float, going: Callable[[], bool], proven: Callable[[], bool]
) -> None:
    """Better plans while a bound is sought beside it: rounds of rebuilding, and after each days found exactly at the bound's prices."""

    def spent() -> float:
        return (time.monotonic() - begun) / seconds

    def open_still() -> bool:
        return going() and spent() < 1.0 and search.best.total > bounding.bound

    for upto in ROUNDS:
        _rebuilt(search, rebuild, spent, upto, open_still)
        search.now, search.guide = search.best, np.minimum(search.cap, bounding.best.person)
        while open_still() and spent() < upto + EXACT and search.best.days:
            search.step(HEAT, open_still)
    while going() and spent() < 1.0 and search.best.total > bounding.bound and not proven():
        if search.best.days:
            search.step(HEAT, open_still)
        else:  # nobody is worth a vehicle: that is still to be shown
            time.sleep(PAUSE)


def _rebuilt(search: Search, rebuild: Rebuild, spent: Callable[[], float], upto: float, going: Callable[[], bool]) -> None:
    """A round of rebuilding, from the plan that the last one left; the best plan of all rounds is kept."""
    since = spent()
    rebuild.run(lambda: (spent() - since) / max(1e-9, upto - since), going)
    search.put(search.fix(rebuild.days()))

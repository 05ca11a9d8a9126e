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
from solvers.shuttle.diving import ROUNDS, dive
from solvers.shuttle.fleet import VehicleDay, candidates, fleets_of
from solvers.shuttle.master import Prices
from solvers.shuttle.search import Search
from solvers.shuttle.writing import plan_of

FIRST_PLAN = 5.0  # seconds that a first plan has in any case: a busy machine may need all the others to set the day up
FIRST, ASCENT, DIVE_BY, HEAT = 0.02, 0.05, 0.3, 0.0005  # shares of the time at which a phase ends; share by which a plan may get worse
PART, PART_ROUNDS, MOST_ROUNDS, POOL = (3, 9), 10, 45, 4000  # days taken out for a dive, its rounds; most rounds of a whole one; days kept
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
    ready = time.monotonic()
    search.start(lambda: until(1.0) or (going() and time.monotonic() - ready < FIRST_PLAN))
    while until(FIRST):
        search.guide = search.worth()
        search.step(HEAT, lambda: until(1.0))
    halted, worth, target = Event(), search.worth(), search.best.total * 9 // 10

    def prove() -> None:
        for guide in (worth, np.full(len(found.people), search.cap)):  # some bound, however short the time
            bounding.evaluate(replace(bounding.best, person=guide).rounded())
        bounding.ascend(0.8 * worth, target, lambda: not halted.is_set() and time.monotonic() - begun < ASCENT * seconds)
        bounding.run(lambda: not halted.is_set() and time.monotonic() - begun < seconds)

    with ThreadPoolExecutor(1, thread_name_prefix="bound") as beside:
        proof = beside.submit(prove)
        try:
            _find(search, bounding, until, lambda: proof.done())
        finally:
            halted.set()
        proof.result()
    best = search.best
    bound = max(bounding.bound, problem.floor)  # however short the time, people ride and pay at least the direct way
    status: Status = "optimal" if best.total == bound else "feasible"
    return DayResult(
        status, plan_of(found, best.days), best.total, bound, problem.floor, len(found.runs), time.monotonic() - begun, seed
    )


def _find(search: Search, bounding: Bounding, until: Callable[[float], bool], proven: Callable[[], bool]) -> None:
    """Better plans while a bound is sought beside it: days found anew, then dives with its prices, whole ones and from parts of the best plan."""

    def going() -> bool:
        return until(1.0)

    def open_still() -> bool:
        return going() and search.best.total > bounding.bound and bool(search.best.days)

    while open_still() and until(DIVE_BY) and not (bounding.near or proven()):
        search.guide = search.worth()
        search.step(HEAT, going)
    pool: list[VehicleDay] = []
    rounds = ROUNDS
    while open_still():
        began, prices = time.monotonic(), bounding.best
        pool = sorted([*bounding.master.days, *pool], key=lambda d: Bounding.reduced(d, prices))[:POOL]
        dived = dive(search, search.fix(()), pool, prices, going, rounds)
        search.put(search.grown(dived, (np.full(len(search.guide), search.cap),), going))
        took, rounds = time.monotonic() - began, min(MOST_ROUNDS, rounds + ROUNDS)  # the next one more exactly
        search.guide = np.minimum(search.cap, prices.person)
        search.now = search.best
        while open_still() and time.monotonic() - began < 2 * took:
            _part(search, pool, prices, going)
        search.now = search.best
        while open_still() and time.monotonic() - began < 3 * took:
            search.step(HEAT, going)
    while going() and search.best.total > bounding.bound and not proven():  # nobody is worth a vehicle: that is still to be shown
        time.sleep(PAUSE)


def _part(search: Search, pool: list[VehicleDay], prices: Prices, going: Callable[[], bool]) -> None:
    """A dive from the best plan without a few days that are alike."""
    search.now = search.best
    gone = search.alike(min(len(search.best.days), search.dice.randint(*PART)))
    kept = search.fix(d for n, d in enumerate(search.best.days) if n not in gone)
    search.put(dive(search, kept, pool, prices, going, PART_ROUNDS))

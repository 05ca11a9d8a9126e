"""The solver ``greedy``: a timetable in seconds, searched on while time is left, with a Lagrangian bound beside it."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import time
from multiprocessing.connection import Connection

from islandflow.ferry.audit import audit_plan
from islandflow.ferry.plan import FerryPlan
from islandflow.ferry.problem import FerryProblem
from islandflow.ferry.problem.markets import FloatArray
from islandflow.passengers.seating import seat_passengers
from islandflow.result import Result, Status
from solvers.contract import Settings, Watch, solver
from solvers.ferry import search_kernels as kernel
from solvers.ferry.coverage import Coverage, coverage
from solvers.ferry.fleet_search import FleetSearch
from solvers.ferry.lagrangian import Lagrangian
from solvers.ferry.tables import Tables, tables
from solvers.ferry.timetable import timetable

CLOSING = 6.0  # seconds kept for seating, audit and writing


@solver("greedy", proves=False)
def greedy(problem: FerryProblem, settings: Settings, watch: Watch) -> Result:
    """A timetable vessel by vessel, improved by ruin and recreate; the bound is a Lagrangian over all candidates.

    Every vessel's day is a longest path in time and space on the people it would win; obligations are priced first. Never
    optimal by its own word. With ``workers`` 2 the bound runs beside the search; with ``iterations`` both stop after so many
    rounds, whatever the clock says.
    """
    t, cover = tables(problem), coverage(problem)
    beside = None if settings.workers == 1 or settings.iterations else _Beside(problem, settings, watch)
    search = FleetSearch(problem, t, cover, settings.seed)
    closing = min(CLOSING, 0.1 * settings.time_limit)
    search.fill(lambda: watch.stopped)
    plan, objective = _seated(problem, search)
    bound, floor = None, 0
    watch.tell("first plan", objective, None)
    if watch.keep:
        watch.keep(plan, objective)
    if beside is None:
        bound, floor, alpha = _bound(problem, t, cover, settings, watch, closing)
        search.guide(alpha)
        watch.tell("bound", objective, min(bound, objective))
    best, saved = search.cost(), search.snapshot()
    current, round_number, said = best, 0, watch.seconds()
    until = watch.seconds() + max(0.0, watch.left() - closing)
    while (not settings.iterations or round_number < settings.iterations) and not watch.stopped:
        if not settings.iterations and watch.seconds() >= until:
            break
        round_number += 1
        before = search.snapshot()
        search.ruin_and_recreate(settings.ruin_vessels)
        cost = search.cost()
        share = 1 - (round_number / settings.iterations if settings.iterations else watch.seconds() / max(1e-9, until))
        if cost < current + settings.heat * objective * max(0.0, share) * search.random.random():
            current = cost
            if cost < best:
                best, saved = cost, search.snapshot()
        else:
            search.restore(before)
        if beside is not None and (newest := beside.prices()) is not None:
            search.guide(newest)
        if beside is not None and watch.seconds() - said > 2:
            said = watch.seconds()
            bound, floor = beside.best(bound, floor)
            watch.tell(f"search, round {round_number}", min(best, objective), bound if bound is None else min(bound, best, objective))
    search.restore(saved)
    better, cheaper = _seated(problem, search)
    if cheaper < objective:
        plan, objective = better, cheaper
    if beside is not None:
        bound, floor = beside.close(bound, floor)
    if bound is not None and bound > objective:
        raise ValueError(f"bound {bound} above plan {objective}: the bound is wrong")
    watch.tell("finished", objective, bound)
    status: Status = "feasible"
    return Result(
        status, plan, objective, bound, floor, watch.seconds(), settings.seed, "greedy",
        "iterations" if settings.iterations and round_number >= settings.iterations else watch.reason,
        missing=search.missing() + sum(n.least for n in cover.impossible),
        missing_bound=sum(n.least for n in cover.impossible), trace=tuple(watch.trace),
    )  # fmt: skip


def _seated(problem: FerryProblem, search: FleetSearch) -> tuple[FerryPlan, int]:
    """The timetable of a search with its passengers seated, and its objective in fen as the audit counts it."""
    days = []
    for vessel, name in enumerate(search.names):
        day = search.p.placed[vessel * kernel.DAY : (vessel + 1) * kernel.DAY]
        if day[0] >= 0:
            days.append((name, [int(c) for c in day if c >= 0]))
    sailings = timetable(problem, days)
    plan = FerryPlan(problem.service, sailings, seat_passengers(problem.scenario, problem.service, sailings))
    return plan, audit_plan(problem.scenario, plan, problem.network).money.objective


def _bound(
    problem: FerryProblem, t: Tables, cover: Coverage, settings: Settings, watch: Watch, closing: float
) -> tuple[int, int, FloatArray]:
    lagrangian = Lagrangian(problem, t, cover)
    until = time.monotonic() + settings.bound_share * max(0.0, watch.left() - closing)
    rounds = settings.iterations or 0
    bound = lagrangian.climb(lambda: 1.0 if rounds else (0.0 if watch.stopped else until - time.monotonic()), rounds)
    return bound, lagrangian.floor, lagrangian.prices[0]


class _Beside:
    """The bound in a process of its own; it says every better bound and ends with the search."""

    def __init__(self, problem: FerryProblem, settings: Settings, watch: Watch) -> None:
        context = multiprocessing.get_context("fork")
        self.pipe, theirs = context.Pipe(duplex=False)
        self.process = context.Process(target=_climb, args=(problem, watch.left(), theirs), daemon=True)
        self.process.start()
        theirs.close()
        self.bound: int | None = None
        self.floor = 0

    def prices(self) -> FloatArray | None:
        """The newest prices told, None if there are none newer."""
        newest = None
        with contextlib.suppress(EOFError, OSError):
            while self.pipe.poll():
                bound, self.floor, newest = self.pipe.recv()
                self.bound = bound if self.bound is None else max(self.bound, bound)
        return newest

    def best(self, bound: int | None, floor: int) -> tuple[int | None, int]:
        """The best bound told so far, and the unavoidable cost."""
        self.prices()
        return (bound, floor) if self.bound is None else (self.bound, self.floor)

    def close(self, bound: int | None, floor: int) -> tuple[int | None, int]:
        """Ends the process; the best bound of all."""
        if bound is None:
            self.pipe.poll(5)
        found = self.best(bound, floor)
        self.process.terminate()
        self.process.join()
        return found


def _climb(problem: FerryProblem, seconds: float, pipe: Connection) -> None:
    # the parent decides when to stop: an interrupt is its own affair, and its word to end is final
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    begun = time.monotonic()
    lagrangian = Lagrangian(problem, tables(problem), coverage(problem))
    with contextlib.suppress(BrokenPipeError):
        lagrangian.climb(
            lambda: seconds - (time.monotonic() - begun), tell=lambda bound, alpha: pipe.send((bound, lagrangian.floor, alpha))
        )

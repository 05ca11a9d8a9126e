"""The solver ``greedy``: a timetable in seconds, searched on while time is left, with a Lagrangian bound."""

from __future__ import annotations

from islandflow.ferry.audit import audit_plan
from islandflow.ferry.plan import FerryPlan
from islandflow.ferry.problem import FerryProblem
from islandflow.passengers.seating import seat_passengers
from islandflow.result import Result
from solvers.contract import Settings, Watch, solver
from solvers.ferry.coverage import coverage
from solvers.ferry.fleet_search import FleetSearch
from solvers.ferry.lagrangian import Lagrangian
from solvers.ferry.tables import tables
from solvers.ferry.timetable import timetable

CLOSING = 6.0  # seconds kept for seating, audit and writing


@solver("greedy", proves=False)
def greedy(problem: FerryProblem, settings: Settings, watch: Watch) -> Result:
    """A timetable vessel by vessel, improved by taking hours and days apart; one process, the bound first.

    Every vessel's day is a longest path in time and space on the people it would win; obligations are priced first. Never
    optimal by its own word. With ``iterations`` bound and search take so many rounds, whatever the clock says.
    """
    t = tables(problem)
    search = FleetSearch(problem, t, coverage(problem, day_trips=True), settings.seed)
    search.fill(lambda: watch.stopped)
    plan, objective, missing = _seated(problem, search)
    watch.tell("first plan", objective, None)
    if watch.keep:
        watch.keep(plan, objective)
    cover = coverage(problem)
    lagrangian = Lagrangian(problem, t, cover)
    closing = min(CLOSING, 0.1 * settings.time_limit)
    bound = lagrangian.climb(watch.phase(settings.bound_share * max(0.0, watch.left() - closing), settings.iterations))
    watch.tell("bound", objective, min(bound, objective))
    search.guide(lagrangian.prices[0], lagrangian.split)
    best, current, saved, heat = search.cost(), search.cost(), search.snapshot(), settings.heat * objective
    spent = watch.phase(max(0.0, watch.left() - closing), settings.iterations)
    while (share := spent()) < 1.0:
        before = search.snapshot()
        search.move(settings.ruin_vessels)
        cost = search.cost()
        if cost < current + heat * (1 - share) * search.random.random():
            current = cost
            if cost < best:
                best, saved = cost, search.snapshot()
        else:
            search.restore(before)
    search.restore(saved)
    better, cheaper, open_rules = _seated(problem, search)
    if (open_rules, cheaper) < (missing, objective):
        plan, objective, missing = better, cheaper, open_rules
    if bound > objective:
        raise ValueError(f"bound {bound} above plan {objective}: the bound is wrong")
    watch.tell("finished", objective, bound)
    impossible = sum(n.least for n in cover.owed)
    return Result(
        "feasible", plan, objective, bound, lagrangian.floor, watch.seconds(), settings.seed, "greedy",
        watch.ended(settings.iterations),
        missing=max(missing, impossible), missing_bound=impossible, trace=tuple(watch.trace),
    )  # fmt: skip


def _seated(problem: FerryProblem, search: FleetSearch) -> tuple[FerryPlan, int, int]:
    """The timetable of a search with its passengers seated, its objective in fen and the rules it leaves open, as the audit counts."""
    sailings = timetable(problem, search.days())
    plan = FerryPlan(problem.service, sailings, seat_passengers(problem.scenario, problem.service, sailings))
    report = audit_plan(problem.scenario, plan, problem.network)
    return plan, report.money.objective, len(report.unmet)

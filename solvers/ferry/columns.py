"""The solver ``columns``: vessel days priced by the bound, part by part on all cores, every plan with its certificate.

The archipelago falls into parts that share no passenger (`islandflow.ferry.problem.parts`). Small ones are proven by an exact model.
For the others the bound's ascent finds what serving each group is worth, and the search puts vessel days together at these prices.
Berths that two parts use are dealt out between them, so that their timetables always fit together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from islandflow.ferry.problem import FerryProblem
from islandflow.ferry.problem.needs import Need
from islandflow.ferry.problem.parts import split
from islandflow.result import Result, Status
from solvers.contract import Settings, Watch, solver
from solvers.ferry.coverage import coverage
from solvers.ferry.fleet import Fleet, part_gaps
from solvers.ferry.fleet_search import FleetSearch
from solvers.ferry.part_search import News
from solvers.ferry.quays import quays_of_others
from solvers.ferry.tables import tables
from solvers.ferry.workers import SEATING, TELLING, beside, work

CLOSING = 8.0  # seconds kept for seating, audit and writing


@solver("columns", proves=True)
def columns(problem: FerryProblem, settings: Settings, watch: Watch) -> Result:
    """Vessel days priced by a Lagrangian bound, part by part on all cores; small parts proven. The default.

    With ``iterations`` ascents take that many steps and searches four times as many, in one process, whatever the clock says.
    Stops within two seconds of being asked, with its best plan.
    """
    parts = split(problem)
    fleet = Fleet(problem, parts, watch)
    first = FleetSearch(problem, tables(problem), coverage(problem, day_trips=True), settings.seed)
    first.fill(lambda: watch.stopped)
    named = dict(first.days())
    for number, part in enumerate(parts):
        position = {int(c): i for i, c in enumerate(part.candidates)}
        vessels = [v for c in part.problem.circuits for v in c.vessel_ids() if v in named]
        fleet.hear(News(number, None, 0, days=[(v, [position[c] for c in named[v]]) for v in vessels]))
    fleet.seat(best=False)
    fleet.tell("first plan")
    impossible = coverage(problem).owed  # now, since whoever asks for the end should not wait for it
    others = [quays_of_others(first, parts, number) for number in range(len(parts))]
    closing = min(CLOSING, 0.1 * watch.limit)
    if settings.iterations or settings.workers == 1:
        work(range(len(parts)), parts, settings, others, watch, closing, fleet.hear if settings.iterations else _aloud(fleet, watch))
    else:
        beside(parts, settings, others, closing, fleet, watch)
    if fleet.stale or fleet.plan is None:
        fleet.seat()
    return _result(fleet, settings, watch, impossible)


def _aloud(fleet: Fleet, watch: Watch) -> Callable[[News], None]:
    """Hears a part, and now and then seats everybody and tells how far it is, as whoever listens to processes does."""
    seated = told = watch.seconds()

    def hear(news: News) -> None:
        nonlocal seated, told
        fleet.hear(news)
        if watch.stopped:
            return
        if fleet.stale and watch.seconds() - seated > SEATING:
            fleet.seat()
            seated = watch.seconds()
        if watch.seconds() - told > TELLING:
            told = watch.seconds()
            fleet.tell("search")

    return hear


def _result(fleet: Fleet, settings: Settings, watch: Watch, impossible: Sequence[Need]) -> Result:
    bound, objective = fleet.bound, fleet.objective
    if not fleet.unmet <= {(n.obligation, n.rule) for n in impossible}:
        # the bound is of plans that meet every row that some candidate can meet; whether that can be done together is not proven
        bound = None
    if bound is not None and objective is not None and bound > objective:
        raise ValueError(f"bound {bound} above plan {objective}: the bound is wrong")
    watch.tell("finished", objective, bound)
    least = sum(n.least for n in impossible)
    status: Status = "optimal" if bound == objective and not fleet.unmet else "feasible"
    return Result(
        status, fleet.plan, objective, bound, fleet.unserved + sum(fleet.floors), watch.seconds(), settings.seed, "columns",
        "finished" if status == "optimal" else watch.ended(settings.iterations),
        missing=max(len(fleet.unmet), least), missing_bound=least, trace=tuple(watch.trace), parts=part_gaps(fleet) if bound is not None else (),
    )  # fmt: skip

"""Generated island days beside a peer: ``python -m benchmarks.islanddays --instances DIR --seconds S --seed N --out FILE.csv``.

Cases are days of the project's own generator (52 boat calls, 22 vehicles), made from their number; the folder is not read. For each,
``day-K`` compares the cost in fen; ``wait-K`` the minutes that people wait, an hour for everyone who is not taken, at the same fleet: there
its vehicles have no price by the day, for whoever saves vehicles lets people wait. Every plan is judged by the audit before it counts.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from benchmarks.fixed_windows import plan_fixed
from benchmarks.harness import Case, Options, Outcome, main
from benchmarks.island_day import Recipe, make_day, tiny
from islandflow.shuttle.audit import audit_day
from islandflow.shuttle.day import IslandDay, Rules
from islandflow.shuttle.plan import DayPlan
from solvers.shuttle.island_day import solve_day

DAYS = (1, 2, 3)
LEFT_MIN = 60  # minutes counted for one who is not taken


def cases(_: Path) -> Iterable[Case]:
    """Cost and waiting of each day."""
    for number in DAYS:
        for kind in ("day", "wait"):
            yield Case(f"{kind}-{number}", (kind, number))


def facts_of(case: Case) -> IslandDay:
    """The day of a case; where waiting is compared, with vehicles that cost nothing by the day."""
    kind, number = case.facts
    day = make_day(Recipe(number))
    return day if kind == "day" else replace(day, buses=tuple(replace(b, day_fen=0) for b in day.buses))


def judged(day: IslandDay, plan: DayPlan, objective: int, kind: str, bound: int | None, seconds: float) -> Outcome:
    """The value of a clean plan; nothing for another."""
    found = audit_day(day, plan, objective)
    if not found.clean or found.money is None:
        return Outcome("no_solution", None, bound, seconds)
    if kind == "wait":
        return Outcome("feasible", found.money.wait_min + LEFT_MIN * found.money.unserved, None, seconds)
    return Outcome("optimal" if bound == objective else "feasible", objective, bound, seconds)


def ours(case: Case, options: Options) -> Outcome:
    """IslandFlow's island day."""
    solve_day(tiny(1), 1)  # compiled before the clock
    kind, day = case.facts[0], facts_of(case)
    found = solve_day(day, options.seconds, options.seed)
    return judged(day, found.plan, found.objective, kind, found.bound, found.seconds)


def pyvrp_windows(case: Case, options: Options) -> Outcome:
    """PyVRP with fixed windows as wide as people may wait, charging fixed afterwards."""
    return _pyvrp(case, options, Rules().longest_wait_min)


def pyvrp_minutes(case: Case, options: Options) -> Outcome:
    """PyVRP with each run at its boat's own minute, charging fixed afterwards."""
    return _pyvrp(case, options, 0)


def _pyvrp(case: Case, options: Options, slack: int) -> Outcome:
    kind, day = case.facts[0], facts_of(case)
    began = time.monotonic()
    plan, objective = plan_fixed(day, options.seconds, options.seed, slack)
    return judged(day, plan, objective, kind, None, time.monotonic() - began)


COMPETITORS = {"islandflow": ours, "pyvrp-fixed-windows": pyvrp_windows, "pyvrp-fixed-minutes": pyvrp_minutes}

if __name__ == "__main__":
    sys.exit(main("islanddays", cases, COMPETITORS))

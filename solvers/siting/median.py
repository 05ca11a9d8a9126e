"""p-median, and fixed charges without capacities."""

from __future__ import annotations

import numpy as np

from islandflow.siting.problem import SitingProblem
from solvers.siting.arrays import arrays_of
from solvers.siting.contract import SitingResult, SitingSettings, down, impossible, judged, nearest_plan
from solvers.siting.engine import Engine
from solvers.siting.reach import fewest_that_reach_all

NAME = "islandflow"


def solve_median(problem: SitingProblem, settings: SitingSettings | None = None) -> SitingResult:
    """Goals ``median`` and ``charge`` (without sizes, budget or worst distance).

    Optimal, infeasible and the gap are proven; lists that are cut too short for any plan give no_solution and say so.
    """
    settings = settings or SitingSettings()
    if problem.goal not in ("median", "charge") or problem.sizes or problem.budget or problem.worst:
        raise ValueError("this method is for the goals median and charge without sizes, budget or worst distance")
    clock, a = settings.clock(), arrays_of(problem)
    at = np.minimum(a.start[:-1] + max(1, a.m // max(1, a.most)), a.start[1:] - 1)
    s = Engine(a, np.minimum(a.cost[at], a.cap) if len(a.cost) else np.zeros(a.n), settings, clock)
    if not s.all.n:
        return judged(nearest_plan(problem, sorted(problem.existing)), _fixed(problem), _fixed(problem), clock, settings, NAME)
    lonely = np.flatnonzero((np.diff(s.all.start) == 0) & ~np.isfinite(s.all.cap))
    if len(lonely):
        return impossible(
            clock,
            settings,
            NAME,
            f"client {s.all.who[lonely[0]]} can reach no site ({len(lonely)} such)",
            f"需求点 {s.all.who[lonely[0]]} 不可达任何点(共 {len(lonely)} 个)",
        )
    s.start()
    if s.best is None:
        needed, sites, proof = fewest_that_reach_all(s.all, clock)
        if needed > s.all.most and proof:
            return impossible(
                clock,
                settings,
                NAME,
                f"at least {needed} sites are needed to reach everyone, {s.all.most} are allowed",
                f"至少需要 {needed} 个点才能覆盖全部,只允许 {s.all.most} 个",
            )
        if sites is not None and int(sites.sum()) <= s.all.most:
            s.improve(sites)
    s.continue_run()
    if s.best is None:
        return judged(None, None, down(s.lower), clock, settings, NAME, trace=tuple(s.trace))
    plan = nearest_plan(problem, np.flatnonzero(s.best))
    return judged(plan, int(s.upper), min(down(s.lower), int(s.upper)), clock, settings, NAME, trace=tuple(s.trace))


def _fixed(problem: SitingProblem) -> int:
    return int(problem.site_cost[sorted(problem.existing)].sum()) if problem.goal == "charge" else 0

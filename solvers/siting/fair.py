"""Covering as many as possible under a budget, the worst-off view (an island, a season) first."""

from __future__ import annotations

import numpy as np

from islandflow.siting.problem import SitingProblem
from solvers.siting.contract import Clock, SitingResult, SitingSettings, impossible, judged, nearest_plan
from solvers.siting.kernels import IntArray
from solvers.siting.rows import INF, Rows

NAME = "islandflow"


def solve_cover_budget(problem: SitingProblem, settings: SitingSettings | None = None) -> SitingResult:
    """Goal ``cover-most`` with a budget, views, a worst distance, or several of them. Optimal only if the worst-off share and then the weight are both proven."""
    settings = settings or SitingSettings()
    if problem.goal != "cover-most":
        raise ValueError("this method is for the goal cover-most")
    clock = settings.clock()
    must = int(problem.site_cost[sorted(problem.existing)].sum())
    if problem.budget and must > problem.budget:
        return impossible(
            clock,
            settings,
            NAME,
            f"the existing sites alone cost {must}, the budget is {problem.budget}",
            f"仅现有点就需 {must},预算为 {problem.budget}",
            True,
        )
    share, _, proven = worst_share(problem, clock) if len(problem.views) else (0.0, 1.0, True)
    rows, opened, covered = covering(problem)
    for view in problem.views:
        _at_least(rows, covered, view, share * float(view.sum()) - 1e-6)
    for i, column in covered.items():
        rows.cost[column] = -float(problem.weight[i])
    found = rows.solve(clock)
    if found.values is None:
        if found.impossible:
            words = ("no choice of so many sites brings everyone within the worst distance", "没有任何选址能使所有人都在最远距离之内")
            return impossible(clock, settings, NAME, *words, True)
        return judged(None, None, None, clock, settings, NAME, True)
    plan = nearest_plan(problem, [j for j, c in enumerate(opened) if found.values[c] > 0.5], problem.radius)
    value = int(problem.weight[plan.serves >= 0].sum())
    most = int(np.floor(-found.bound + 1e-6)) if np.isfinite(found.bound) else int(problem.weight.sum())
    # without a proof of the worst-off share, nothing bounds what a fairer plan could cover but all there is
    bound = max(value, most) if proven else max(int(problem.weight.sum()), value + 1)
    return judged(plan, value, bound, clock, settings, NAME, True)


def covering(problem: SitingProblem) -> tuple[Rows, list[int], dict[int, int]]:
    """Columns of sites and of covered clients (those that a site can cover), limits on number and budget."""
    rows, lists = Rows(), problem.lists.within(problem.radius)
    must = problem.lists.within(problem.worst) if problem.worst else None
    opened = [
        rows.column(0.0, 1.0 if j in problem.existing else 0.0, 0.0 if j in problem.forbidden else 1.0, True) for j in range(lists.sites)
    ]
    covered: dict[int, int] = {}
    wanted = problem.weight + (problem.views.sum(axis=0) if len(problem.views) else 0)
    for i in np.flatnonzero(wanted > 0):
        sites = [opened[j] for j in lists.at(int(i))[0]]
        if sites:
            covered[int(i)] = rows.column(0.0)
            rows.row([*sites, covered[int(i)]], [1.0] * len(sites) + [-1.0], 0.0)
    for i in np.flatnonzero(problem.weight > 0) if must is not None else ():
        sites = [opened[j] for j in must.at(int(i))[0]] if must is not None else []
        rows.row(sites, [1.0] * len(sites), 1.0)  # a row without sites cannot hold: nobody can be left out
    if problem.limit < lists.sites:
        rows.row(opened, [1.0] * len(opened), -np.inf, float(problem.limit))
    if problem.budget:
        rows.row(opened, [float(c) for c in problem.site_cost], -np.inf, float(problem.budget))
    return rows, opened, covered


def worst_share(problem: SitingProblem, clock: Clock) -> tuple[float, float, bool]:
    """The share of its weight that every view has covered at once in the fairest plan found, a bound on it, and whether it is proven."""
    rows, opened, covered = covering(problem)
    share = rows.column(-1.0)
    for view in problem.views:
        _at_least(rows, covered, view, 0.0, (share, -float(view.sum())))
    found = rows.solve(clock)
    if found.values is None:
        return 0.0, 1.0, False
    sites = [j for j, c in enumerate(opened) if found.values[c] > 0.5]
    served = nearest_plan(problem, sites, problem.radius).serves >= 0
    reached = min((float(v[served].sum()) / float(v.sum()) for v in problem.views if v.sum()), default=1.0)
    return reached, max(reached, min(1.0, -found.bound)) if np.isfinite(found.bound) else 1.0, found.ended


def _at_least(rows: Rows, covered: dict[int, int], view: IntArray, low: float, more: tuple[int, float] | None = None) -> None:
    columns = [c for i, c in covered.items() if view[i]]
    values = [float(view[i]) for i in covered if view[i]]
    if more and more[1]:
        columns, values = [*columns, more[0]], [*values, more[1]]
    if columns:
        rows.row(columns, values, low, INF)

"""The same goals as textbook models in PuLP, for teaching and cross-checks on small cases.

PuLP calls any incumbent at a time limit Optimal; so nothing here is called optimal unless the solver ended by itself.
"""

from __future__ import annotations

import numpy as np
import pulp

from islandflow.siting.problem import SitingProblem
from solvers.siting.contract import SitingResult, SitingSettings, impossible, judged, nearest_distance, nearest_plan

NAME = "reference"
SPARE_SECONDS = 0.5  # a run that comes this near its limit may have been stopped by it


def solve_reference(problem: SitingProblem, settings: SitingSettings | None = None) -> SitingResult:
    """Any goal without sizes, budget and views; the objective is counted again from the sites, not taken from PuLP."""
    settings = settings or SitingSettings()
    if problem.sizes or problem.budget or problem.worst or len(problem.views):
        raise ValueError("the textbook models know no sizes, budget, worst distance or views")
    clock = settings.clock()
    model, opened = textbook(problem)
    model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=max(1.0, settings.seconds), threads=1, gapRel=0, gapAbs=0))
    ended = clock.left() > SPARE_SECONDS
    if model.sol_status == pulp.LpSolutionInfeasible and ended:
        return impossible(clock, settings, NAME, "the model has no solution", "模型无可行解", problem.maximise)
    if model.sol_status not in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        return judged(None, None, None, clock, settings, NAME, problem.maximise)
    sites = [j for j, y in enumerate(opened) if (y.value() or 0) > 0.5]
    value = counted(problem, sites)
    plan = nearest_plan(problem, sites, problem.radius if problem.goal.startswith("cover") else None)
    return judged(
        plan, value, value if ended and model.sol_status == pulp.LpSolutionOptimal else None, clock, settings, NAME, problem.maximise
    )


def counted(problem: SitingProblem, sites: list[int]) -> int:
    """The goal's value of a choice of sites."""
    some = problem.weight > 0
    far = nearest_distance(problem, sites)[some]
    if problem.goal == "centre":
        return int(far.max(initial=0))
    if problem.goal == "cover-most":
        return int(problem.weight[some][far <= problem.radius].sum())
    if problem.goal == "cover-all":
        return int(problem.site_cost[sites].sum()) if problem.site_cost.any() else len(sites)
    fixed = int(problem.site_cost[sites].sum()) if problem.goal == "charge" else 0
    return fixed + int((problem.weight[some] * far).sum())


def textbook(problem: SitingProblem) -> tuple[pulp.LpProblem, list[pulp.LpVariable]]:
    """The model of a goal: y a site is open, x a client is served there (or z covered)."""
    lists, weight = problem.lists, problem.weight
    model = pulp.LpProblem("siting", pulp.LpMaximize if problem.maximise else pulp.LpMinimize)
    y = [
        pulp.LpVariable(f"y{j}", 1 if j in problem.existing else 0, 0 if j in problem.forbidden else 1, cat="Binary")
        for j in range(lists.sites)
    ]
    for j, variable in enumerate(y):
        variable.lowBound, variable.upBound = (1 if j in problem.existing else 0), (0 if j in problem.forbidden else 1)
    clients = [int(i) for i in np.flatnonzero(weight > 0)]
    fixed = problem.site_cost if problem.site_cost.any() or problem.goal == "charge" else np.ones(lists.sites, np.int64)
    if problem.goal.startswith("cover"):
        near = {i: [y[j] for j, d in zip(*lists.at(i), strict=True) if d <= problem.radius] for i in clients}
        if problem.goal == "cover-all":
            model += pulp.lpSum(int(f) * v for f, v in zip(fixed, y, strict=True))
            for i in clients:
                model += pulp.lpSum(near[i]) >= 1
        else:
            z = {i: pulp.LpVariable(f"z{i}", 0, 1) for i in clients}
            model += pulp.lpSum(int(weight[i]) * z[i] for i in clients)
            for i in clients:
                model += z[i] <= pulp.lpSum(near[i])
    else:
        cost: list[pulp.LpAffineExpression] = []
        radius = pulp.LpVariable("radius", 0)
        for i in clients:
            sites, far = lists.at(i)
            x = [pulp.LpVariable(f"x{i}_{j}", 0, 1) for j in sites]
            model += pulp.lpSum(x) == 1
            for variable, j in zip(x, sites, strict=True):
                model += variable <= y[j]
            way = pulp.lpSum(int(d) * v for v, d in zip(x, far, strict=True))
            if problem.goal == "centre":
                model += way <= radius
            cost.append(int(weight[i]) * way)
        opening = [pulp.lpSum(int(f) * v for f, v in zip(fixed, y, strict=True))] if problem.goal == "charge" else []
        model += radius if problem.goal == "centre" else pulp.lpSum(cost + opening)
    model += pulp.lpSum(y) <= problem.limit
    return model, y

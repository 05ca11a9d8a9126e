"""Fixed charges with sizes, capacities, a budget or a worst distance: one sparse mixed-integer model, proven by HiGHS.

Clients may be shared between sites (whole people): given sites and sizes, the flows are a transport problem with whole answers.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from islandflow.siting.plan import NOBODY, SitingPlan
from islandflow.siting.problem import SitingProblem
from solvers.siting.contract import SitingResult, SitingSettings, down, impossible, judged
from solvers.siting.kernels import IntArray
from solvers.siting.rows import Outcome, Rows

NAME = "islandflow"


def solve_charge(problem: SitingProblem, settings: SitingSettings | None = None) -> SitingResult:
    """Goal ``charge`` with any of sizes, budget and worst distance."""
    settings = settings or SitingSettings()
    if problem.goal != "charge":
        raise ValueError("this method is for the goal charge")
    clock = settings.clock()
    if problem.worst:
        problem = replace(problem, lists=problem.lists.within(problem.worst), worst=0)
    if not problem.lists.complete:
        raise ValueError("this method needs lists that were not cut")
    why = refusal(problem)
    if why:
        return impossible(clock, settings, NAME, *why)
    rows, opened, sized, flow = model(problem)
    found = rows.solve(clock)
    if found.values is None:
        if found.impossible:
            return impossible(
                clock,
                settings,
                NAME,
                "no choice of sites and sizes keeps the limits on number, budget and capacity",
                "没有任何选址和规模能满足数量、预算和容量限制",
            )
        return judged(None, None, down(found.bound) if np.isfinite(found.bound) else None, clock, settings, NAME)
    plan = read_plan(problem, found, opened, sized, flow)
    value = plan_cost(problem, plan)
    return judged(plan, value, min(value, down(found.bound)), clock, settings, NAME)


def refusal(problem: SitingProblem) -> tuple[str, str] | None:
    """Why there can be no plan, where that is plain to see."""
    lists, needed = problem.lists, int(problem.weight.sum())
    usable = np.ones(lists.sites, bool)
    usable[list(problem.forbidden)] = False
    reach = np.bincount(lists.owner()[usable[lists.site]], minlength=lists.clients)
    alone = np.flatnonzero((reach == 0) & (problem.weight > 0))
    if len(alone):
        return f"client {alone[0]} can reach no site ({len(alone)} such)", f"需求点 {alone[0]} 不可达任何点(共 {len(alone)} 个)"
    if problem.sizes:
        most = min(problem.limit, int(usable.sum())) * max(s.capacity for s in problem.sizes)
        if most < needed:
            return f"all sites at their largest serve {most}, {needed} are needed", f"全部点按最大规模只能服务 {most},需要 {needed}"
    must = int(problem.site_cost[sorted(problem.existing)].sum())
    if problem.budget and must > problem.budget:
        return f"the existing sites alone cost {must}, the budget is {problem.budget}", f"仅现有点就需 {must},预算为 {problem.budget}"
    return None


def model(problem: SitingProblem) -> tuple[Rows, list[int], list[list[int]], list[tuple[int, int, int]]]:
    """The model; its columns of sites, of sizes by site, and of flows (client, site, column)."""
    rows, lists = Rows(), problem.lists
    # with a budget the sites' own cost is a limit as well as part of what is paid
    opened = [
        rows.column(float(problem.site_cost[j]), 1.0 if j in problem.existing else 0.0, 0.0 if j in problem.forbidden else 1.0, True)
        for j in range(lists.sites)
    ]
    sized = [[rows.column(float(s.cost), whole=True) for s in problem.sizes] for _ in opened]
    flow: list[tuple[int, int, int]] = []
    load: list[list[int]] = [[] for _ in opened]
    for i in np.flatnonzero(problem.weight > 0):
        weight = float(problem.weight[i])
        mine = []
        for j, d in zip(*lists.at(int(i)), strict=True):
            column = rows.column(float(d), high=weight)
            rows.row([column, opened[j]], [1.0, -weight], -np.inf, 0.0)
            flow.append((int(i), int(j), column))
            load[j].append(column)
            mine.append(column)
        rows.row(mine, [1.0] * len(mine), weight, weight)
    for j, sizes in enumerate(sized):
        if sizes:
            rows.row([*sizes, opened[j]], [1.0] * len(sizes) + [-1.0], 0.0, 0.0)
            rows.row([*load[j], *sizes], [1.0] * len(load[j]) + [-float(s.capacity) for s in problem.sizes], -np.inf, 0.0)
    if problem.limit < lists.sites:
        rows.row(opened, [1.0] * len(opened), -np.inf, float(problem.limit))
    if problem.budget:
        columns = [*opened, *(c for sizes in sized for c in sizes)]
        rows.row(columns, [rows.cost[c] for c in columns], -np.inf, float(problem.budget))
    return rows, opened, sized, flow


def read_plan(
    problem: SitingProblem, found: Outcome, opened: list[int], sized: list[list[int]], flow: list[tuple[int, int, int]]
) -> SitingPlan:
    """Sites, sizes, and who is served where."""
    assert found.values is not None
    sites = tuple(j for j, c in enumerate(opened) if found.values[c] > 0.5)
    size = tuple(int(np.argmax([found.values[c] for c in sized[j]])) if sized[j] else -1 for j in sites)
    split = tuple((i, j, round(found.values[c])) for i, j, c in flow if round(found.values[c]) > 0)
    serves: IntArray = np.full(problem.lists.clients, NOBODY, np.int64)
    most: dict[int, int] = {}
    for i, j, share in split:
        if share > most.get(i, 0):
            most[i], serves[i] = share, j
    return SitingPlan(sites, serves, size, split)


def plan_cost(problem: SitingProblem, plan: SitingPlan) -> int:
    """Sites, sizes and distances of a plan whose clients may be shared."""
    reach = {(i, int(j)): int(d) for i in {i for i, _, _ in plan.split} for j, d in zip(*problem.lists.at(i), strict=True)}
    total = int(problem.site_cost[list(plan.opened)].sum()) + sum(problem.sizes[k].cost for k in plan.size if k >= 0)
    return total + sum(w * reach[i, j] for i, j, w in plan.split)

"""Every choice of sites of a tiny problem, counted by the plainest code there is."""

from __future__ import annotations

from itertools import chain, combinations, product

import numpy as np

from islandflow.siting.lists import DistanceLists, lists_from_matrix
from islandflow.siting.problem import SitingProblem

UNREACHABLE = -1


def matrix_of(lists: DistanceLists) -> np.ndarray:
    """The lists as a matrix, UNREACHABLE where nothing is listed."""
    found = np.full((lists.clients, lists.sites), UNREACHABLE)
    for i in range(lists.clients):
        for j, d in zip(*lists.at(i), strict=True):
            found[i, j] = d
    return found


def choices(problem: SitingProblem) -> list[tuple[int, ...]]:
    """All sets of sites that the limits on number and the lists of existing and forbidden allow."""
    may = [j for j in range(problem.lists.sites) if j not in problem.forbidden]
    every = chain.from_iterable(combinations(may, k) for k in range(problem.limit + 1))
    return [c for c in every if problem.existing <= set(c)]


def value(problem: SitingProblem, sites: tuple[int, ...]) -> int | None:
    """The goal's value; None if the choice is no plan."""
    matrix, weight = matrix_of(problem.lists), problem.weight
    total, far, covered = 0, 0, 0
    for i in range(len(weight)):
        if weight[i] == 0:
            continue
        reach = [int(matrix[i, j]) for j in sites if matrix[i, j] != UNREACHABLE]
        if problem.goal == "cover-most":
            covered += int(weight[i]) * any(d <= problem.radius for d in reach)
            continue
        if not reach or (problem.goal == "cover-all" and min(reach) > problem.radius):
            return None
        total += int(weight[i]) * min(reach)
        far = max(far, min(reach))
    cost = int(sum(problem.site_cost[j] for j in sites))
    if problem.goal == "cover-all":
        return cost if problem.site_cost.any() else len(sites)
    return {"median": total, "centre": far, "cover-most": covered, "charge": total + cost}[problem.goal]


def best(problem: SitingProblem) -> int | None:
    """The optimum of a problem without sizes, or None."""
    values = [v for c in choices(problem) if (v := value(problem, c)) is not None]
    if not values:
        return None
    return max(values) if problem.maximise else min(values)


def best_with_sizes(problem: SitingProblem) -> int | None:
    """The optimum with sizes, budget and worst distance: every choice, every size, every way to share whole people (tiny only)."""
    matrix = matrix_of(problem.lists)
    found: int | None = None
    for sites in choices(problem):
        for sizes in product(range(len(problem.sizes)), repeat=len(sites)):
            cost = int(sum(problem.site_cost[j] for j in sites)) + sum(problem.sizes[k].cost for k in sizes)
            if problem.budget and cost > problem.budget:
                continue
            ways = _share(problem, matrix, sites, [problem.sizes[k].capacity for k in sizes], 0)
            if ways is not None and (found is None or cost + ways < found):
                found = cost + ways
    return found


def _share(problem: SitingProblem, matrix: np.ndarray, sites: tuple[int, ...], room: list[int], i: int) -> int | None:
    if i == len(problem.weight):
        return 0
    best_way: int | None = None
    for parts in product(*(range(min(r, int(problem.weight[i])) + 1) for r in room)):
        if sum(parts) != problem.weight[i]:
            continue
        far = [int(matrix[i, j]) for j, p in zip(sites, parts, strict=True) if p]
        if any(d == UNREACHABLE or (problem.worst and d > problem.worst) for d in far):
            continue
        rest = _share(problem, matrix, sites, [r - p for r, p in zip(room, parts, strict=True)], i + 1)
        if rest is not None:
            cost = rest + sum(int(matrix[i, j]) * p for j, p in zip(sites, parts, strict=True) if p)
            best_way = cost if best_way is None else min(best_way, cost)
    return best_way


def random_problem(seed: int, goal: str, clients: int = 8, sites: int = 6) -> SitingProblem:
    """Islands that are not joined, clients where nobody lives, sites that exist or must not be."""
    rng = np.random.default_rng(seed)
    matrix = rng.integers(0, 30, (clients, sites))
    island = rng.integers(0, 2, clients)[:, None] == rng.integers(0, 2, sites)[None, :]
    matrix[~island & (rng.random() < 0.5)] = UNREACHABLE
    weight = rng.integers(0, 5, clients)
    cost = rng.integers(0, 20, sites) if goal in ("charge", "cover-all") and seed % 2 else np.zeros(sites, np.int64)
    existing = frozenset({0}) if seed % 3 == 0 else frozenset()
    forbidden = frozenset({1}) if seed % 4 == 0 else frozenset()
    most = int(rng.integers(1, sites + 2))
    return SitingProblem(
        lists_from_matrix(matrix), weight, goal, most, int(rng.integers(3, 25)), cost, existing=existing, forbidden=forbidden
    )  # type: ignore[arg-type]

"""p-centre: binary search over the distances that occur, each step a covering problem with at most p sites."""

from __future__ import annotations

import numpy as np

from islandflow.siting.problem import SitingProblem
from solvers.siting.contract import SitingResult, SitingSettings, SitingStep, impossible, judged, nearest_distance, nearest_plan
from solvers.siting.covering import Cover, cover_with, fewest

NAME = "islandflow"


def solve_centre(problem: SitingProblem, settings: SitingSettings | None = None) -> SitingResult:
    """Goal ``centre``: least farthest distance of a client with weight. Proven, or an interval of distances that is left."""
    settings = settings or SitingSettings()
    if problem.goal != "centre":
        raise ValueError("this method is for the goal centre")
    clock, trace = settings.clock(), []
    lists = problem.lists
    owner = lists.owner()
    used = (problem.weight > 0)[owner]
    values = np.unique(lists.distance[used])
    alone = (problem.weight > 0) & (np.diff(lists.start) == 0)
    if bool(alone.any()) and lists.complete:
        first = int(np.flatnonzero(alone)[0])
        return impossible(
            clock,
            settings,
            NAME,
            f"client {first} can reach no site ({int(alone.sum())} such)",
            f"需求点 {first} 不可达任何点(共 {int(alone.sum())} 个)",
        )
    if not len(values):
        return judged(nearest_plan(problem, sorted(problem.existing)), 0, 0, clock, settings, NAME)
    least = int(np.searchsorted(values, lists.distance[lists.start[:-1][problem.weight > 0]].max()))  # nobody is nearer than their nearest
    low, high, best = least, len(values), None
    sure = True  # whether every radius below values[low] is proven too small
    while low < high:
        middle = (low + high) // 2
        found, proof = cover_with(Cover.of(problem, int(values[middle])), problem.limit, clock)
        if found is not None:
            best = found
            reach = int(nearest_distance(problem, np.flatnonzero(found))[problem.weight > 0].max())
            high = int(np.searchsorted(values, reach))
        elif proof:
            low = middle + 1
        else:
            sure = False
            break
        trace.append(
            SitingStep(
                round(clock.seconds(), 2), "covering", None if best is None else int(values[high]), int(values[min(low, len(values) - 1)])
            )
        )
    bound = int(values[low]) if low < len(values) else None
    if best is None:
        if low == len(values) and lists.complete and sure:
            needed = fewest(Cover.of(problem, int(values[-1])), clock)[1]
            return impossible(
                clock,
                settings,
                NAME,
                f"at least {needed} sites are needed to reach everyone, {problem.limit} are allowed",
                f"至少需要 {needed} 个点才能覆盖全部,只允许 {problem.limit} 个",
            )
        return judged(None, None, bound, clock, settings, NAME, trace=tuple(trace))
    plan = nearest_plan(problem, np.flatnonzero(best))
    return judged(plan, int(values[high]), min(int(values[high]), int(values[low])), clock, settings, NAME, trace=tuple(trace))

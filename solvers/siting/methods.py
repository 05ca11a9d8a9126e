"""Which method answers which goal."""

from __future__ import annotations

from islandflow.siting.problem import SitingProblem
from solvers.siting.centre import solve_centre
from solvers.siting.charge import solve_charge
from solvers.siting.contract import SitingResult, SitingSettings
from solvers.siting.covering import solve_cover_all, solve_cover_most
from solvers.siting.fair import solve_cover_budget
from solvers.siting.median import solve_median


def solve_siting(problem: SitingProblem, settings: SitingSettings | None = None) -> SitingResult:
    """Solves a siting problem by the method for its goal."""
    if problem.goal == "centre":
        return solve_centre(problem, settings)
    if problem.goal == "cover-all":
        return solve_cover_all(problem, settings)
    if problem.goal == "cover-most":
        return (
            solve_cover_budget(problem, settings)
            if problem.budget or problem.worst or len(problem.views)
            else solve_cover_most(problem, settings)
        )
    if problem.sizes or problem.budget or problem.worst:
        return solve_charge(problem, settings)
    return solve_median(problem, settings)

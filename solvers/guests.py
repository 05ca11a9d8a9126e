"""Solvers of other packages: one that cannot be loaded harms no other, and what one claims is held to the audit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import EntryPoint
from typing import Any

from islandflow.ferry.audit import audit_plan
from islandflow.ferry.problem import FerryProblem
from islandflow.result import Result, Step


class UnfitGuest(ValueError):
    """A solver of another package that cannot be used; the text begins with the option that named it, in both languages."""

    def __init__(self, name: str, en: str, zh: str) -> None:
        super().__init__(f"--solver {name}: {en}")
        self.zh = f"--solver {name}:{zh}"

    def text(self, lang: str) -> str:
        """One sentence, ``lang`` zh or en."""
        return self.zh if lang == "zh" else str(self)


def guest(point: EntryPoint) -> Callable[..., Result]:
    """The solver behind an entry point, loaded when it is first asked, its answer held to the facts."""

    def solve(problem: FerryProblem, settings: Any, watch: Any) -> Result:
        """A solver of another package."""
        try:
            found = point.load()
        except Exception as error:
            cause = f"{type(error).__name__}: {error}"
            raise UnfitGuest(point.name, f"its package cannot be loaded ({cause})", f"所在软件包无法加载({cause})") from error
        result = found(problem, settings, watch)
        if not isinstance(result, Result):
            kind = type(result).__name__
            raise UnfitGuest(point.name, f"answers with {kind} instead of a Result", f"返回的是 {kind},不是 Result")
        return held(result, problem)

    solve.__doc__ = f"of another package: {point.value}"
    return solve


def held(result: Result, problem: FerryProblem) -> Result:
    """The result with what the audit counts in place of what was claimed, and each correction in its trace.

    A wrong objective is replaced; a bound above the plan is dropped; obligations are counted; *optimal* stands only where the bound meets
    the audited plan and no rule is broken, *infeasible* not at all: nobody here can check it. A plan of another service pattern is none.
    """
    told: list[str] = []
    if result.plan is None or result.plan.service != problem.service:
        status = "no_solution" if result.status in ("optimal", "feasible", "infeasible") else result.status
        return replace(result, plan=None, objective=None, status=status)
    report = audit_plan(problem.scenario, result.plan, problem.network)
    value, bound, status, missing = report.money.objective, result.bound, result.status, len(report.unmet)
    if result.objective != value:
        told.append(f"claimed plan {result.objective}")
    if bound is not None and bound > value:
        told.append(f"claimed bound {bound}")
        bound = None
    proven = bound == value and report.clean
    if status != "feasible" and not (status == "optimal" and proven):
        told.append(f"claimed {status}")
        status = "feasible"
    steps = tuple(Step(result.seconds, text, value, bound) for text in told)
    least = min(result.missing_bound, missing)
    return replace(result, objective=value, bound=bound, status=status, missing=missing, missing_bound=least, trace=(*result.trace, *steps))

"""The price of every obligation: what the bound pays for its rows, an estimate of what the plan would save without it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from islandflow.ferry.problem import FerryProblem
from islandflow.ferry.problem.parts import split
from islandflow.network.sea import build_network
from islandflow.scenario.entities import Scenario
from solvers.contract import Watch
from solvers.ferry.coverage import coverage
from solvers.ferry.lagrangian import Lagrangian
from solvers.ferry.tables import tables

Prices = dict[str, dict[str, int]]  # obligation -> rule -> fen a day


def obligation_prices(problem: FerryProblem, seconds: float, rounds: int = 0, stop: Callable[[], bool] | None = None) -> Prices:
    """Fen a day by obligation and rule at the best prices that an ascent of the bound finds in so many seconds (or rounds).

    At the optimum of the relaxation the price of a row times what it asks for is the most that dropping the row could lower the
    relaxed cost (a subgradient); after a short ascent and for whole boats it is an estimate. Obligations that cost nothing have
    price 0, and so do the seats kept for residents, which are the audit's rule and no row of the model.
    """
    found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    parts = split(problem)
    whole = sum(p.problem.candidates + 1 for p in parts)
    for need in problem.needs:
        if need.hard:
            found[need.obligation][need.rule] += 0.0
    for part in parts:
        cover = coverage(part.problem)
        if not len(cover.rows):
            continue
        bound = Lagrangian(part.problem, tables(part.problem), cover)
        watch = Watch(seconds)
        spent = watch.phase(seconds * (part.problem.candidates + 1) / whole, rounds)
        bound.climb(lambda spent=spent: 1.0 if stop is not None and stop() else spent())  # type: ignore[misc]
        for need, price in zip(cover.rows, bound.prices[1], strict=True):
            if need.hard:
                found[need.obligation][need.rule] += float(price) * need.least
    return {name: {rule: round(fen) for rule, fen in rules.items()} for name, rules in found.items()}


def service_prices(scenario: Scenario, service: str, seconds: float, rounds: int = 0, stop: Callable[[], bool] | None = None) -> Prices:
    """The same for a service pattern of a scenario."""
    return obligation_prices(FerryProblem.from_scenario(scenario, service, build_network(scenario)), seconds, rounds, stop)

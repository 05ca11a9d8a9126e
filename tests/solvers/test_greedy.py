"""The search hands out clean plans, the bound stays below them, and a seed gives the same plan again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from islandflow.ferry.audit import audit_plan
from islandflow.ferry.problem import FerryProblem
from islandflow.network.sea import SeaNetwork
from islandflow.scenario.entities import Scenario
from solvers.contract import Settings, UnknownName, Watch, preset, solve
from solvers.ferry.coverage import coverage
from solvers.ferry.lagrangian import Lagrangian
from solvers.ferry.tables import tables

SHORT = Settings(solver="greedy", iterations=30, workers=1, time_limit=60)


@pytest.mark.parametrize("service", ["summer-weekend", "winter-weekday"])
def test_the_plan_is_clean_and_the_bound_below_it(toy: Scenario, toy_network: SeaNetwork, service: str) -> None:
    problem = FerryProblem.from_scenario(toy, service, toy_network)
    result = solve(problem, SHORT, Watch(60))
    assert result.plan is not None
    assert result.bound is not None
    assert result.objective is not None
    report = audit_plan(toy, result.plan, toy_network)
    assert report.violations == ()
    assert report.money.objective == result.objective
    assert 0 < result.floor <= result.bound <= result.objective
    assert result.status == "feasible"


def test_the_same_seed_gives_the_same_plan(toy_problem: FerryProblem) -> None:
    first, second = (solve(toy_problem, SHORT, Watch(60)) for _ in range(2))
    assert first.plan == second.plan
    assert first.bound == second.bound


def test_settings_refuse_what_they_do_not_know() -> None:
    with pytest.raises(UnknownName, match="time_limit"):
        Settings().changed({"time_limt": 5})
    with pytest.raises(ValueError, match="seed"):
        Settings().changed({"seed": "one"})
    with pytest.raises(UnknownName, match="quick"):
        preset("quik")
    assert preset("quick").time_limit < preset("standard").time_limit < preset("thorough").time_limit


@pytest.fixture(scope="module")
def best_known(toy_problem: FerryProblem) -> int:
    result = solve(toy_problem, Settings(solver="greedy", iterations=150, workers=1, time_limit=60), Watch(60))
    assert result.objective is not None
    return result.objective


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_any_prices_give_a_bound_below_the_plan(toy_problem: FerryProblem, best_known: int, seed: int) -> None:
    lagrangian = Lagrangian(toy_problem, tables(toy_problem), coverage(toy_problem))
    random = np.random.default_rng(seed)
    alpha = lagrangian.left * random.random(len(lagrangian.left))
    row = 1e5 * random.random(len(lagrangian.cover.rows)) * random.integers(0, 2)
    bound, *_ = lagrangian.evaluate(alpha, row)
    assert bound <= best_known

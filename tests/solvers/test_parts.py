"""Parts: nothing is lost, nothing is shared, and a bound of the parts is a bound of the whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from islandflow.ferry.audit import audit_plan
from islandflow.ferry.problem import FerryProblem
from islandflow.ferry.problem.parts import part, split
from islandflow.network.sea import build_network
from islandflow.scenario.reader import read_scenario
from solvers.contract import Settings, Watch, solve
from solvers.ferry.coverage import coverage
from solvers.ferry.lagrangian import Lagrangian
from solvers.ferry.tables import tables

ZHOUSHAN = Path(__file__).parents[2] / "data/zhoushan"


@pytest.fixture(scope="module")
def whole() -> FerryProblem:
    scenario = read_scenario(ZHOUSHAN)
    return FerryProblem.from_scenario(scenario, "winter-weekday", build_network(scenario))


def test_every_circuit_and_candidate_is_in_one_part(whole: FerryProblem) -> None:
    parts = split(whole)
    assert len(parts) > 1
    for kind, count in (("candidates", whole.candidates), ("patterns", len(whole.patterns)), ("circuits", len(whole.circuits))):
        together = np.concatenate([getattr(p, kind) for p in parts])
        assert sorted(together.tolist()) == list(range(count))
    groups = np.concatenate([p.groups for p in parts])
    assert len(set(groups.tolist())) == len(groups)


def test_parts_keep_every_fact_of_their_candidates(whole: FerryProblem) -> None:
    for p in split(whole):
        own = p.problem
        assert own.candidates == len(p.candidates)
        assert own.size.tolist() == whole.size[p.groups].tolist()
        assert own.wanted.tolist() == whole.wanted[p.groups].tolist()
        for r, original in enumerate(p.patterns):
            assert own.patterns[r].calls == whole.patterns[original].calls
            assert own.minute(int(own.first[r])) == whole.minute(int(whole.first[original]))
            assert int(p.candidates[own.first[r]]) == int(whole.first[original])


def test_no_obligation_row_is_lost_or_twice(whole: FerryProblem) -> None:
    rows = len(coverage(whole).rows)
    assert sum(len(coverage(p.problem).rows) for p in split(whole)) == rows


def test_at_equal_prices_the_parts_bound_what_the_whole_bounds(whole: FerryProblem) -> None:
    everything = part(whole, range(len(whole.circuits)), range(len(whole.markets))).problem
    one = Lagrangian(everything, tables(everything), coverage(everything))
    bound, *_ = one.evaluate(*one.prices)
    parts = split(whole)
    served = np.zeros(len(whole.size), dtype=bool)
    total = 0.0
    for p in parts:
        own = Lagrangian(p.problem, tables(p.problem), coverage(p.problem))
        total += own.evaluate(*own.prices)[0]
        served[p.groups] = True
    left = np.repeat(whole.left_fen, np.diff(whole.group_ptr))
    total += float((left * whole.size)[~served].sum())
    assert total == pytest.approx(bound, abs=len(parts) + 1)


@pytest.mark.parametrize("settings", [Settings(workers=1, iterations=1, time_limit=100), Settings(workers=2, time_limit=15)])
def test_columns_proves_the_toy_where_the_clock_does_not_matter(toy_problem: FerryProblem, settings: Settings) -> None:
    result = solve(toy_problem, settings, Watch(settings.time_limit))
    assert result.plan is not None
    report = audit_plan(toy_problem.scenario, result.plan, toy_problem.network)
    assert report.violations == ()
    assert result.objective == report.money.objective
    assert result.bound is not None
    assert result.bound <= result.objective
    assert (result.status == "optimal") == (result.bound == result.objective)
    if settings.iterations:
        assert result.status == "optimal"


@pytest.mark.slow
def test_columns_plans_the_archipelago_and_shares_the_berths(whole: FerryProblem) -> None:
    result = solve(whole, Settings(solver="columns", workers=1, iterations=3, time_limit=200), Watch(200))
    assert result.plan is not None
    report = audit_plan(whole.scenario, result.plan, whole.network)
    assert report.violations == ()
    assert report.unmet == ()
    assert result.bound is not None
    assert result.objective is not None
    assert result.floor <= result.bound <= result.objective
    parts = split(whole)
    assert sum(p.plan for p in result.parts) <= result.objective
    assert all(p.bound <= p.plan for p in result.parts)
    assert [set(p.ports) for p in result.parts] == [{c for q in p.problem.patterns for c in q.calls} for p in parts]

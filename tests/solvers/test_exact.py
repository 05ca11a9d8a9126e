"""The model proves the toy; whatever else plans or bounds it must agree with the proof."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pulp
import pytest

from islandflow.ferry.audit import audit_plan
from islandflow.ferry.problem import FerryProblem
from islandflow.network.sea import SeaNetwork
from islandflow.result import Result
from islandflow.scenario.entities import Scenario, Setting
from solvers.contract import Settings, Watch, registered, solve
from solvers.ferry.coverage import coverage
from solvers.ferry.lagrangian import Lagrangian
from solvers.ferry.options import TooLarge, options
from solvers.ferry.reference import WHOLE, Reference, prove
from solvers.ferry.tables import tables


@pytest.fixture(scope="module")
def proof(toy_problem: FerryProblem) -> Result:
    return solve(toy_problem, Settings(solver="monolith-highs", workers=1, time_limit=120), Watch(120))


def test_the_toy_is_proven_to_the_fen(toy: Scenario, toy_network: SeaNetwork, proof: Result) -> None:
    assert proof.status == "optimal"
    assert proof.plan is not None
    report = audit_plan(toy, proof.plan, toy_network)
    assert report.clean
    assert not report.unmet
    assert report.money.objective == proof.objective == proof.bound


@pytest.mark.parametrize("name", sorted(registered()))
def test_no_solver_beats_the_proof_and_none_bounds_above_it(
    toy: Scenario, toy_network: SeaNetwork, toy_problem: FerryProblem, proof: Result, name: str
) -> None:
    result = solve(toy_problem, Settings(solver=name, iterations=40, workers=1, time_limit=60), Watch(60))
    assert result.plan is not None
    assert audit_plan(toy, result.plan, toy_network).violations == ()
    assert proof.objective is not None
    assert (result.objective or 0) >= proof.objective
    assert (result.bound or 0) <= proof.objective
    assert result.status in ("optimal", "feasible")
    assert result.trace


@pytest.mark.parametrize("seed", range(20))
def test_any_prices_bound_the_proven_optimum(toy_problem: FerryProblem, proof: Result, seed: int) -> None:
    lagrangian = Lagrangian(toy_problem, tables(toy_problem), coverage(toy_problem))
    random = np.random.default_rng(seed)
    alpha, row = lagrangian.prices
    alpha = np.minimum(lagrangian.left, alpha * random.uniform(0.2, 3, len(alpha)))
    bound, *_ = lagrangian.evaluate(alpha, row + 2e4 * random.random(len(row)))
    assert proof.objective is not None
    assert bound <= proof.objective


def test_the_ascent_improves_its_first_bound(toy_problem: FerryProblem, proof: Result) -> None:
    def climbed(rounds: int) -> int:
        done = iter(range(rounds + 1))
        return Lagrangian(toy_problem, tables(toy_problem), coverage(toy_problem)).climb(lambda: next(done) / rounds)

    short, long = climbed(1), climbed(120)
    assert proof.objective is not None
    assert short < long <= proof.objective


def test_the_textbook_model_agrees_to_the_fen(toy_problem: FerryProblem, proof: Result) -> None:
    result = solve(toy_problem, Settings(solver="reference", workers=1, time_limit=120), Watch(120))
    assert (result.status, result.objective) == ("optimal", proof.objective)


def test_riders_are_whole_where_the_relaxation_cuts_a_person_in_two(toy: Scenario, toy_network: SeaNetwork) -> None:
    scenario = replace(toy, fleets={"small": toy.fleets["small"]}, settings={**toy.settings, "grid_min": Setting("grid_min", 120)})
    built = Reference(FerryProblem.from_scenario(scenario, "summer-weekend", toy_network))
    built.model += pulp.lpSum(built.riders) <= 40.5  # whole people: 40
    built.model.setObjective(pulp.lpSum(built.cost))
    assert prove(built, Settings(workers=1), Watch(30))
    carried = [x.value() for x in built.riders]
    assert all(abs(n - round(n)) < WHOLE for n in carried)
    assert round(sum(carried)) == 40


def test_equal_vessels_in_order_cost_no_optimum(toy: Scenario, toy_network: SeaNetwork) -> None:
    fleets = {"small": replace(toy.fleets["small"], count=2)}
    ports = {**toy.ports, "near-t": replace(toy.ports["near-t"], overnight_moorings=2)}
    scenario = replace(toy, fleets=fleets, ports=ports, settings={**toy.settings, "grid_min": Setting("grid_min", 180)})
    problem = FerryProblem.from_scenario(scenario, "summer-weekend", toy_network)
    found = [solve(problem, Settings(solver=name, workers=1, time_limit=60), Watch(60)) for name in ("monolith-highs", "reference")]
    assert [r.status for r in found] == ["optimal", "optimal"]
    assert found[0].objective == found[1].objective
    assert found[1].plan is not None
    assert {s.vessel for s in found[1].plan.sailings} == {"small-01", "small-02"}


def test_cpsat_proves_the_toy_to_the_fen_and_shows_its_way(toy: Scenario, toy_network: SeaNetwork, toy_problem: FerryProblem) -> None:
    result = solve(toy_problem, Settings(solver="monolith-cpsat", workers=2, time_limit=120), Watch(120))
    assert (result.status, result.objective, result.bound, result.missing, result.missing_bound) == ("optimal", 1_280_831, 1_280_831, 0, 0)
    assert result.plan is not None
    report = audit_plan(toy, result.plan, toy_network)
    assert (report.violations, report.unmet, report.money.objective) == ((), (), 1_280_831)
    assert [s.phase for s in result.trace][:2] == ["model", "obligations"]
    assert result.trace[-1].plan == result.trace[-1].bound == 1_280_831


@pytest.mark.parametrize("name", ["monolith-highs", "monolith-cpsat"])
def test_a_model_that_is_too_large_is_refused_with_its_reason(
    toy_problem: FerryProblem, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    ways = len(options(toy_problem))
    assert len(options(toy_problem, limit=ways)) == ways  # at the limit it is built
    monkeypatch.setattr("solvers.ferry.exact.CANDIDATES", toy_problem.candidates - 1)
    result = solve(toy_problem, Settings(solver=name, workers=1, time_limit=30), Watch(30))
    assert (result.status, result.plan, result.bound) == ("no_solution", None, None)
    assert result.stopped_by == f"too large: {toy_problem.candidates} candidate sailings, at most {toy_problem.candidates - 1}"


def test_one_way_to_travel_too_many_is_refused(toy_problem: FerryProblem) -> None:
    ways = len(options(toy_problem))
    with pytest.raises(TooLarge, match=f"more than {ways - 1} ways"):
        options(toy_problem, limit=ways - 1)


@pytest.mark.parametrize("after", [0.0, 0.4, 3.0])
def test_cpsat_stops_within_two_seconds_of_being_asked(toy: Scenario, toy_network: SeaNetwork, after: float) -> None:
    finer = replace(toy, settings={**toy.settings, "grid_min": Setting("grid_min", 15)})
    problem = FerryProblem.from_scenario(finer, "summer-weekend", toy_network)
    watch = Watch(60)
    asked: list[float] = []

    def ask() -> None:
        watch.stopped = True
        asked.append(watch.seconds())

    timer = threading.Timer(after, ask)
    timer.start()
    result = solve(problem, Settings(solver="monolith-cpsat", workers=1, time_limit=60), watch)
    timer.join()
    assert result.seconds - asked[0] <= 2
    assert result.stopped_by == "asked"
    assert result.status in ("no_solution", "feasible")


@pytest.mark.slow
def test_cpsat_keeps_its_time_limit(toy: Scenario, toy_network: SeaNetwork) -> None:
    finer = replace(toy, settings={**toy.settings, "grid_min": Setting("grid_min", 15)})
    problem = FerryProblem.from_scenario(finer, "summer-weekend", toy_network)
    result = solve(problem, Settings(solver="monolith-cpsat", workers=1, time_limit=6), Watch(6))
    assert result.seconds <= 8
    assert result.bound is None or result.objective is None or result.bound <= result.objective

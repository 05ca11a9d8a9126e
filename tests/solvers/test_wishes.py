"""Departures with a price: exact models agree on them, bounds stay below, and obligations come before any of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from islandflow.ferry.audit import audit_plan
from islandflow.ferry.problem import FerryProblem
from islandflow.network.sea import SeaNetwork
from islandflow.scenario.entities import Scenario, Wish
from solvers.contract import Settings, Watch, solve
from solvers.ferry.anneal import Annealer
from solvers.ferry.anneal_state import FIXED, MONEY, PEOPLE, PRICE
from solvers.ferry.coverage import coverage
from solvers.ferry.fleet_search import FleetSearch
from solvers.ferry.lagrangian import Lagrangian
from solvers.ferry.tables import tables

# far to hub at 06:00 and 13:00, hub to near at 12:00: none of them runs in the optimum of the toy
WISHES = (("far-t", "hub", 360), ("far-t", "hub", 780), ("hub", "near-t", 720))


def wished(toy: Scenario, network: SeaNetwork, price: float) -> FerryProblem:
    rows = {f"w{n}": Wish(f"w{n}", "core", a, b, m, m, price) for n, (a, b, m) in enumerate(WISHES)}
    rows["never"] = Wish("never", "core", "hub", "far-t", 7, 7, price)  # the port is closed then
    return FerryProblem.from_scenario(replace(toy, wishes=rows), "summer-weekend", network)


@pytest.fixture(scope="module")
def proofs(toy: Scenario, toy_network: SeaNetwork) -> dict[float, int]:
    found = {}
    for price in (0.0, 150.0, 5000.0):
        result = solve(wished(toy, toy_network, price), Settings(solver="monolith-highs", workers=1, time_limit=120), Watch(120))
        assert result.status == "optimal"
        found[price] = result.objective or 0
    return found


def test_a_dearer_wish_never_costs_less_and_is_fulfilled_in_the_end(toy: Scenario, toy_network: SeaNetwork, proofs: dict[float, int]) -> None:
    free, middle, dear = (proofs[p] for p in (0.0, 150.0, 5000.0))
    assert free < middle < dear
    assert middle <= free + 4 * 15_000
    result = solve(wished(toy, toy_network, 5000.0), Settings(solver="monolith-highs", workers=1, time_limit=120), Watch(120))
    assert result.plan is not None
    report = audit_plan(wished(toy, toy_network, 5000.0).scenario, result.plan, toy_network)
    assert {w.wish_id: w.cost_fen for w in report.wishes} == {"w0": 0, "w1": 0, "w2": 0, "never": 500_000}
    assert not report.unmet


@pytest.mark.parametrize("name", ["reference", pytest.param("monolith-cpsat", marks=pytest.mark.slow)])
def test_the_exact_models_agree(toy: Scenario, toy_network: SeaNetwork, proofs: dict[float, int], name: str) -> None:
    result = solve(wished(toy, toy_network, 150.0), Settings(solver=name, workers=1, time_limit=120), Watch(120))
    assert (result.status, result.objective) == ("optimal", proofs[150.0])


@pytest.mark.parametrize("name", ["columns", pytest.param("greedy", marks=pytest.mark.slow)])
def test_searches_count_them_as_the_audit_does(toy: Scenario, toy_network: SeaNetwork, proofs: dict[float, int], name: str) -> None:
    problem = wished(toy, toy_network, 150.0)
    result = solve(problem, Settings(solver=name, iterations=10, workers=1, time_limit=60), Watch(60))
    assert result.plan is not None
    assert audit_plan(problem.scenario, result.plan, toy_network).money.objective == result.objective
    assert (result.bound or 0) <= proofs[150.0] <= (result.objective or 0)


@pytest.mark.parametrize("price", [0.0, 150.0, 5000.0])
@pytest.mark.parametrize("seed", range(5))
def test_no_prices_bound_above_the_proof(
    toy: Scenario, toy_network: SeaNetwork, proofs: dict[float, int], price: float, seed: int
) -> None:
    problem = wished(toy, toy_network, price)
    cover = coverage(problem)
    assert cover.forgone == round(price * 100)
    lagrangian = Lagrangian(problem, tables(problem), cover)
    random = np.random.default_rng(seed)
    alpha, row = lagrangian.prices
    bound, *_ = lagrangian.evaluate(alpha * random.uniform(0.2, 3, len(alpha)), row + 1e6 * random.random(len(row)))
    assert bound <= proofs[price]


def test_the_annealing_search_weighs_wishes_at_their_price(toy: Scenario, toy_network: SeaNetwork) -> None:
    granted = {}
    for price in (1.0, 5000.0):
        problem = wished(toy, toy_network, price)
        t, cover = tables(problem), coverage(problem, day_trips=True)
        first = FleetSearch(problem, t, cover, 1)
        first.fill(lambda: False)
        found = Annealer(problem, t, cover, 1)
        found.load(dict(first.days()))
        rounds = iter(np.linspace(0, 1, 60))
        found.run(0.5, 2, lambda ticks=rounds: float(next(ticks)), lambda _: None)
        assert found.missing == 0
        wishes = np.array([not n.hard for n in cover.rows])
        open_rows = np.maximum(found.state.need, 0)[wishes]
        granted[price] = int((open_rows == 0).sum())
        state = found.state
        riders = (state.piece[:, :, PEOPLE].astype(np.int64) * state.piece[:, :, PRICE] * (np.arange(state.piece.shape[1]) < state.number[:, None])).sum()
        forgone = int(open_rows.sum()) * round(100 * price) + cover.forgone
        assert state.total[MONEY] == riders + state.vessel[:, FIXED].sum() + forgone
    assert granted[1.0] < granted[5000.0]


def test_a_wish_without_a_price_is_no_row(toy: Scenario, toy_network: SeaNetwork) -> None:
    assert all(n.hard for n in wished(toy, toy_network, 0.0).needs)
    assert sum(not n.hard for n in wished(toy, toy_network, 1.0).needs) == 4

"""The ascent climbs along true slopes: the bound is concave in the prices, and never above its tangent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from islandflow.ferry.problem import FerryProblem
from islandflow.scenario.entities import Setting
from solvers.ferry.coverage import coverage
from solvers.ferry.lagrangian import Lagrangian
from solvers.ferry.tables import tables
from tests.solvers.archipelagos import archipelago


@pytest.fixture
def direct(coarse_problem: FerryProblem) -> FerryProblem:
    """Direct lines only: a chain's people are an estimate, theirs are exact."""
    scenario = coarse_problem.scenario
    lines = {name: line for name, line in scenario.lines.items() if len(line.calls) == 2}  # noqa: PLR2004
    alone = replace(scenario, lines=lines, settings={**scenario.settings, "chains_per_fleet": Setting("chains_per_fleet", 0)})
    found = FerryProblem.from_scenario(alone, coarse_problem.service, coarse_problem.network)
    assert all(len(p.calls) == 2 for p in found.patterns)  # noqa: PLR2004
    return found


@pytest.mark.parametrize("seed", range(5))
def test_the_bound_is_never_above_its_tangent(direct: FerryProblem, seed: int) -> None:
    found = Lagrangian(direct, tables(direct), coverage(direct))
    dice = np.random.default_rng(seed)
    rounding = 3.0 * direct.candidates
    shared = 0
    for _ in range(20):
        here = found.left * dice.random(len(found.left))
        row = 50_000 * dice.random(len(found.prices[1]))
        bound, slopes, missed, _ = found.evaluate(here, row)
        sailed = np.concatenate([d.cheapest(np.floor(found.cost[:, None] - found.value).astype(np.int64)).sailings for d in found.days])
        shared += len(sailed) > len(set(sailed.tolist()))
        for _ in range(5):
            there = np.clip(here + 0.2 * found.left * dice.normal(size=len(here)), 0, found.left)
            row_there = np.clip(row + 10_000 * dice.normal(size=len(row)), 0, found.dearest)
            tangent = bound + float(slopes @ (there - here)) + float(missed @ (row_there - row))
            assert found.evaluate(there, row_there)[0] <= tangent + rounding
    assert shared  # the case in which days of two ports or windows sail the same departure was among them


def test_the_share_of_a_first_ride_is_climbed_along_its_slope() -> None:
    """The bound is concave in the two prices of a journey with a change too: no share of a first ride lifts it above its tangent."""
    changing = pulled = 0
    for seed in range(12):
        problem = archipelago(seed, ports=(4, 5), grids=(60,))
        found = Lagrangian(problem, tables(problem), coverage(problem))
        if not found.splits.any() or any(len(p.calls) > 2 for p in problem.patterns):  # noqa: PLR2004
            continue
        changing += 1
        dice = np.random.default_rng(seed)
        alpha, row = found.left * (0.5 + 0.5 * dice.random(len(found.left))), found.prices[1]
        for _ in range(20):
            here = np.where(found.splits, dice.random(len(alpha)), 1.0)
            bound, _, _, slope = found.evaluate(alpha, row, here)
            pulled += bool(np.abs(slope[found.splits]).max() > 0)
            for _ in range(5):
                there = np.where(found.splits, dice.random(len(alpha)), 1.0)
                assert found.evaluate(alpha, row, there)[0] <= bound + float(slope @ (there - here)) + 3.0 * problem.candidates
    assert changing
    assert pulled


def test_a_climb_ends_when_it_has_had_its_rounds(coarse_problem: FerryProblem) -> None:
    """However much time there is; whether it had them all is told, since who was cut short by the clock may climb again."""
    found = Lagrangian(coarse_problem, tables(coarse_problem), coverage(coarse_problem))
    cut = iter([0.0, 0.5, 1.0])
    found.climb(lambda: next(cut), most=5)
    assert (found.rounds, found.settled) == (2, False)
    found.climb(lambda: 0.0, most=5)
    assert (found.rounds, found.settled) == (7, True)

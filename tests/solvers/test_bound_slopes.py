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
        bound, slopes, missed = found.evaluate(here, row)
        sailed = np.concatenate([d.cheapest(np.floor(found.cost[:, None] - found.value).astype(np.int64)).sailings for d in found.days])
        shared += len(sailed) > len(set(sailed.tolist()))
        for _ in range(5):
            there = np.clip(here + 0.2 * found.left * dice.normal(size=len(here)), 0, found.left)
            row_there = np.clip(row + 10_000 * dice.normal(size=len(row)), 0, found.dearest)
            tangent = bound + float(slopes @ (there - here)) + float(missed @ (row_there - row))
            assert found.evaluate(there, row_there)[0] <= tangent + rounding
    assert shared  # the case in which days of two ports or windows sail the same departure was among them

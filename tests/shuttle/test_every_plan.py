"""The bound of an island day beside the best of all its plans."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.island_day import tiny
from islandflow.shuttle.day import IslandDay
from islandflow.shuttle.problem import day_problem
from solvers.shuttle.bounding import Bounding
from solvers.shuttle.fleet import candidates, fleets_of
from solvers.shuttle.island_day import solve_day
from solvers.shuttle.master import Prices
from tests.shuttle.every_plan import cheapest


def small_batteries(seed: int) -> IslandDay:
    """A tiny day whose batteries are good for one run: without a charge, one vehicle less."""
    day = tiny(seed)
    return replace(day, buses=tuple(replace(b, battery_wh=5000) for b in day.buses))


def held(day: IslandDay, seconds: float) -> int:
    """No prices give a bound above the best plan; the solver's plan is not below it, and is it where it is called optimal. How many cuts had a price."""
    best, dice = cheapest(day), random.Random(1)
    found = candidates(day_problem(day))
    bounding = Bounding(found, fleets_of(found))
    for _ in range(30):
        person = np.array([dice.uniform(0, 6000) for _ in found.people])
        site = np.array([dice.choice((0.0, 0.0, 500.0)) for _ in range(bounding.best.site.size)]).reshape(bounding.best.site.shape)
        value, _ = bounding.evaluate(replace(bounding.best, person=person, site=site).rounded())
        assert value <= best
    for prices in priced_cuts(bounding, dice):
        value, _ = bounding.evaluate(prices.rounded())
        assert value <= best
    result = solve_day(day, seconds)
    assert result.bound <= best <= result.objective
    if result.status == "optimal":
        assert result.objective == best
    return len(bounding.cuts.cuts)


def priced_cuts(bounding: Bounding, dice: random.Random) -> Iterator[Prices]:
    """Prices by chance, of cuts too that made-up shares of the priced days break."""
    days = [d for top in (1500, 3000, 6000) for d in bounding.evaluate(replace(bounding.best, person=np.full(len(bounding.found.people), float(top))))[1]]
    for _ in range(10):
        shares = [dice.choice((0.0, 0.3, 0.5, 0.6)) for _ in days]
        for _, cut in bounding.cuts.missing(zip(days, shares, strict=True), np.zeros(len(bounding.found.people)), 20):
            bounding.cuts.add(cut)
    for _ in range(30):
        person = np.array([dice.uniform(0, 6000) for _ in bounding.found.people])
        yield replace(bounding.best, person=person, cut=np.array([dice.choice((0.0, dice.uniform(0, 4000))) for _ in bounding.cuts.cuts]))


@pytest.mark.parametrize("seed", [2, 4])
def test_no_bound_is_above_the_best_plan(seed: int) -> None:
    assert held(tiny(seed), seconds=2) > 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 3, 6, 7, 8])
def test_no_bound_is_above_the_best_plan_of_further_days(seed: int) -> None:
    held(tiny(seed), seconds=3)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 4])
def test_no_bound_is_above_the_best_plan_with_charging(seed: int) -> None:
    held(small_batteries(seed), seconds=3)

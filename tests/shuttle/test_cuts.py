"""Cuts of an island day hold for every whole plan."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from benchmarks.island_day import Recipe, make_day
from islandflow.shuttle.problem import day_problem
from solvers.shuttle import cut_kernels
from solvers.shuttle.bounding import Bounding
from solvers.shuttle.cuts import Cuts
from solvers.shuttle.fleet import Fleet, Task, VehicleDay, candidates, fleets_of

SMALL = Recipe(seed=7, stops=5, quays=1, boats=3, people=70, vehicles=6, chargers=1)


def shared(cuts: Cuts, dice: random.Random, count: int) -> list[tuple[VehicleDay, float]]:
    """Shares of made-up vehicle days of a run each, as a linear program might take them."""
    found = cuts.found
    size, found_days = len(found.problem.routes), []
    for _ in range(count):
        fleet = dice.randrange(len(cuts.fleets))
        m, r = (int(x) for x in dice.choice(cuts.fleets[fleet].runs))
        found_days.append((VehicleDay(fleet, (), (Task(m * size + r, ()),), (), 0), dice.choice((0.25, 0.4, 0.5))))
    return found_days


def test_the_cheapest_cover_is_that_of_all_sets_of_runs() -> None:
    dice = random.Random(3)
    for _ in range(50):
        masks = [dice.randrange(1, 16) for _ in range(6)]
        cost, left = [dice.random() for _ in masks], [dice.random() for _ in range(4)]
        best = min(
            sum(cost[i] for i in chosen) + sum(left[k] for k in range(4) if not any(masks[i] >> k & 1 for i in chosen))
            for n in range(len(masks) + 1) for chosen in combinations(range(len(masks)), n)
        )  # fmt: skip
        found, _ = cut_kernels.cheapest_cover(np.array(masks), np.array(cost), np.array(left))
        assert found[-1] == pytest.approx(best)


def test_no_whole_plan_breaks_a_cut() -> None:
    """Plans by chance: whole runs that carry people as they may; who is not carried is left behind."""
    dice, day = random.Random(5), make_day(SMALL)
    found = candidates(day_problem(day))
    cuts = Cuts(found, fleets_of(found))
    for _ in range(12):
        for _, cut in cuts.missing(shared(cuts, dice, 25), np.zeros(len(found.people)), 50):
            cuts.add(cut)
    assert len(cuts.cuts) > 20
    tight = 0
    for _ in range(500):
        left, counted = found.people.copy(), np.zeros(len(cuts.cuts))
        for made, _ in shared(cuts, dice, dice.randrange(3, 30)):
            seats, loads = day.buses[made.fleet].seats, 0
            for g, mask in cuts.masks(made.tasks[0].run):
                for k, p in enumerate(cuts.groups[g]):
                    n = min(int(left[p]), seats - loads) if mask >> k & 1 else 0
                    left[p], loads = left[p] - n, loads + n
            if loads:  # a run carries somebody
                for n, a in cuts.counts(made).items():
                    counted[n] += a
        for n, cut in enumerate(cuts.cuts):
            total = counted[n] + sum(share * float(left[p]) for p, share in zip(cut.parties, cut.left, strict=True))
            assert total >= cut.need
            tight += total < cut.need + 0.01
    assert tight > 30


def test_seats_are_rounded_up() -> None:
    """Fifteen people of a stop need two vans of fourteen or one bus of twenty-six, however a program shares a run and a bit."""
    day = make_day(SMALL)
    day = replace(day, parties=(replace(day.parties[0], people=15),))
    found = candidates(day_problem(day))
    cuts = Cuts(found, fleets_of(found))
    m, r = (int(x) for x in cuts.fleets[0].runs[0])
    van = VehicleDay(0, (), (Task(m * len(found.problem.routes) + r, ()),), (), 0)
    assert [b.seats for b in day.buses] == [14, 26]
    kinds = {(c.need, *c.weight[:, 1].tolist()) for _, c in cuts.missing([(van, 15 / 14)], np.zeros(1), 9)}
    assert (2.0, 1.0, 2.0) in kinds
    assert not cuts.missing([(van, 2.0)], np.zeros(1), 9)
    assert not cuts.missing([(van, 15 / 14)], np.ones(1), 9)  # one is left behind


def test_what_runs_earn_is_what_their_days_count() -> None:
    dice = random.Random(2)
    found = candidates(day_problem(make_day(SMALL)))
    cuts = Cuts(found, fleets_of(found))
    for _, cut in cuts.missing(shared(cuts, dice, 25), np.zeros(len(found.people)), 50):
        cuts.add(cut)
    prices = np.round(np.array([dice.uniform(0, 9000) for _ in cuts.cuts]) * 1024) / 1024
    size = len(found.problem.routes)
    for k, bonus in enumerate(cuts.bonus(prices)):
        for v in range(0, len(bonus), 7):
            m, r = (int(x) for x in cuts.fleets[k].runs[v])
            counts = cuts.counts(VehicleDay(k, (), (Task(m * size + r, ()),), (), 0))
            assert bonus[v] == sum(prices[n] * a for n, a in counts.items())


def test_prices_of_cuts_keep_the_bound_below_the_program() -> None:
    found = candidates(day_problem(make_day(SMALL)))
    fleets: list[Fleet] = fleets_of(found)
    bounding = Bounding(found, fleets)
    rounds = iter(range(60))
    bounding.run(lambda: next(rounds, None) is not None)
    assert bounding.bound <= np.ceil(bounding.value) + 1

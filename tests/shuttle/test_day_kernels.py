"""A day priced with a look ahead is the cheapest one."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.island_day import Recipe, make_day
from islandflow.shuttle.problem import day_problem
from solvers.shuttle import day_kernels
from solvers.shuttle.fleet import candidates, fleets_of

SMALL = Recipe(seed=7, stops=5, quays=1, boats=3, people=70, vehicles=6, chargers=1)


@pytest.mark.parametrize("battery", [1.0, 0.3])
def test_looking_ahead_leaves_out_no_cheaper_day(battery: float) -> None:
    day = make_day(SMALL)
    day = replace(day, buses=tuple(replace(b, battery_wh=int(b.battery_wh * battery)) for b in day.buses))
    found, rules, dice = candidates(day_problem(day)), day.rules, random.Random(4)
    site = np.zeros((len(day.chargers), rules.closes // rules.block_min + 1))
    for fleet in fleets_of(found):
        for top in (1500, 4000, 6000):
            fleet.price(np.round(np.array([dice.uniform(0, top) for _ in found.people])), found.people, site)
            facts = (
                rules.opens, rules.closes, fleet.home, fleet.full, day.minutes, fleet.way_fen, fleet.way_units, fleet.arc_start, fleet.node, fleet.end, fleet.ready,
                fleet.units, fleet.arc_cost, fleet.site_node, fleet.site_gain, site, rules.block_min, rules.break_min, rules.break_from, rules.break_to, fleet.span,
            )  # fmt: skip
            anywhere = np.full((rules.closes + 2, 2, len(day.nodes)), -np.inf)
            assert day_kernels.cheapest_day(*facts)[0] == day_kernels.day_below(0.0, anywhere, *facts)[0]

"""Vehicle days one after the other."""

from __future__ import annotations

import numpy as np

from benchmarks.island_day import Recipe, make_day
from islandflow.shuttle.problem import day_problem
from solvers.shuttle.fleet import candidates, fleets_of
from solvers.shuttle.search import Search

SMALL = Recipe(seed=7, stops=5, quays=1, boats=3, people=70, vehicles=6, chargers=1)


def test_no_day_is_added_that_costs_more_than_leaving_its_people() -> None:
    found = candidates(day_problem(make_day(SMALL)))
    search = Search(found, fleets_of(found), 1)
    totals = [search.now.total]
    fixed = search.now
    for _ in range(8):
        longer = search.grown(fixed, (np.full(len(found.people), search.cap),), lambda: True)
        totals.append(longer.total)
        fixed = search.fix(longer.days[:-1])
    assert all(t <= totals[0] for t in totals)
    full = search.grown(search.now, (np.full(len(found.people), search.cap),), lambda: True)
    for n in range(len(full.days)):
        assert search.fix(full.days[: n + 1]).total < search.fix(full.days[:n]).total

"""Seats at least cost on a timetable that stands, against a model of all ways and all legs written down once more."""

from __future__ import annotations

from dataclasses import replace

import pulp
import pytest

from islandflow.ferry.audit import audit_plan
from islandflow.ferry.plan import FerryPlan
from islandflow.ferry.problem import FerryProblem
from islandflow.passengers.seating import Seating, seating_on
from solvers.ferry.best_seating import seat_best
from solvers.ferry.coverage import coverage
from solvers.ferry.fleet_search import FleetSearch
from solvers.ferry.tables import tables
from solvers.ferry.timetable import timetable


def least_cost(seating: Seating) -> int:
    """All ways of all groups and all legs in one integer model, no leg left out."""
    model = pulp.LpProblem("seats", pulp.LpMinimize)
    load: dict[tuple[int, int], list[pulp.LpVariable]] = {}
    cost = []
    for number, wish in enumerate(seating.wishes):
        left = pulp.LpVariable(f"left_{number}", 0, wish.group.size, pulp.LpInteger)
        cost.append(wish.left_fen * left)
        riders = [pulp.LpVariable(f"rides_{number}_{way}", 0, wish.group.size, pulp.LpInteger) for way in range(len(wish.ways))]
        cost += [price * column for price, column in zip(wish.prices, riders, strict=True)]
        model += pulp.lpSum(riders) + left == wish.group.size
        for way, column in enumerate(riders):
            for leg in seating.legs(wish.ways[way]):
                load.setdefault((wish.deck, leg), []).append(column)
    for (deck, leg), columns in load.items():
        model += pulp.lpSum(columns) <= seating.room.free[deck][leg]
    model += pulp.lpSum(cost)
    model.solve(pulp.PULP_CBC_CMD(msg=False))
    assert model.status == pulp.LpStatusOptimal
    return round(pulp.value(model.objective))


@pytest.fixture
def crowded(coarse_problem: FerryProblem) -> FerryProblem:
    """Boats of a third of the seats."""
    scenario = coarse_problem.scenario
    fleets = {name: replace(f, seats=f.seats // 3) for name, f in scenario.fleets.items()}
    return FerryProblem.from_scenario(replace(scenario, fleets=fleets), coarse_problem.service, coarse_problem.network)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_cheaper_exists(crowded: FerryProblem, seed: int) -> None:
    problem = crowded
    search = FleetSearch(problem, tables(problem), coverage(problem, day_trips=True), seed)
    search.fill(lambda: False)
    days = search.days()
    for boats in range(1, len(days) + 1):  # few boats leave people behind, many leave none
        sailings = timetable(problem, days[:boats])
        seating = seating_on(problem.scenario, problem.service, sailings)
        least = least_cost(seating)
        seating.settle()
        seat_best(seating)
        assert seating.cost == least
        plan = FerryPlan(problem.service, sailings, seating.boardings())
        assert not audit_plan(problem.scenario, plan, problem.network).violations


def test_seats_that_the_heuristic_gave_away_are_found(crowded: FerryProblem) -> None:
    problem = crowded
    search = FleetSearch(problem, tables(problem), coverage(problem, day_trips=True), 1)
    search.fill(lambda: False)
    seating = seating_on(problem.scenario, problem.service, timetable(problem, search.days()))
    seating.fill(seating.order[::-1])  # the wrong way round: who would lose least is seated first
    poor = seating.cost
    seat_best(seating)
    assert seating.cost < poor

"""Cuts of the toy with at most 20 candidates: every timetable is tried, and the solvers must find the best to the fen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from islandflow.ferry.audit import audit_plan
from islandflow.ferry.plan import Boarding, Call, FerryPlan, Ride, Sailing
from islandflow.ferry.problem import FerryProblem
from islandflow.network.sea import SeaNetwork
from islandflow.passengers.groups import passenger_groups
from islandflow.scenario.entities import Scenario, Setting
from islandflow.units import fen, time_fen
from solvers.contract import Settings, Watch, solve
from solvers.ferry.coverage import coverage
from solvers.ferry.lagrangian import Lagrangian
from solvers.ferry.tables import tables

CASES = [(fleet, line, service) for fleet in ("big", "small") for line in ("L1", "L2") for service in ("summer-weekend", "winter-weekday")]


def cut(toy: Scenario, fleet: str, line: str) -> Scenario:
    """One boat, one line, a two-hour grid, no obligations."""
    return replace(
        toy, fleets={fleet: toy.fleets[fleet]}, lines={line: toy.lines[line]}, obligations={},
        settings={**toy.settings, "grid_min": Setting("grid_min", 120), "chains_per_fleet": Setting("chains_per_fleet", 0)},
    )  # fmt: skip


def days(problem: FerryProblem) -> Iterator[list[tuple[int, tuple[str, ...]]]]:
    """Every day of the one boat that ends where it began: (minute, calls) in order."""
    turn = problem.circuits[0].fleet.turnaround_min
    sailings = [(problem.minute(c), problem.patterns[problem.pattern_of(c)]) for c in range(problem.candidates)]

    def extend(day: list[tuple[int, tuple[str, ...]]], port: str, ready: int) -> Iterator[list[tuple[int, tuple[str, ...]]]]:
        if not day or port == day[0][1][0]:
            yield day
        for minute, pattern in sailings:
            if minute >= ready and pattern.calls[0] == port:
                yield from extend([*day, (minute, pattern.calls)], pattern.calls[-1], minute + pattern.minutes + turn)

    for base in sorted({p.calls[0] for _, p in sailings}):
        yield from extend([], base, 0)


def seated(problem: FerryProblem, day: list[tuple[int, tuple[str, ...]]]) -> FerryPlan:
    """The best seating of direct rides on a timetable, by a model of its own."""
    scenario = problem.scenario
    fleet = problem.circuits[0].fleet
    ride = {p.calls: p.minutes for p in problem.patterns}
    sailings = tuple(
        Sailing(f"S{n}", next(iter(scenario.lines)), fleet.vessel_ids()[0], (Call(c[0], None, m), Call(c[-1], m + ride[c], None)))
        for n, (m, c) in enumerate(day)
    )
    groups = passenger_groups(scenario, problem.service)
    ways = []
    for g, group in enumerate(groups):
        left = fen(scenario.number(f"left_behind_{group.segment}_cny"))
        for s in sailings:
            near, far = (problem.access.ports[p] for p in (group.from_place, group.to_place))
            if s.ports[0] in near and s.ports[-1] in far and abs(s.departs - group.wanted) <= scenario.whole("shift_window_min"):
                minutes = near[s.ports[0]] + far[s.ports[-1]] + s.arrives - s.departs
                price = time_fen(
                    fen(scenario.number(f"value_of_time_{group.segment}_cny_h")), 100 * minutes + 50 * abs(s.departs - group.wanted)
                )
                if price < left:
                    ways.append((g, s.id, price - left))
    if not ways:
        return FerryPlan(problem.service, sailings)
    keys = sorted({("g", g) for g, _, _ in ways} | {(s, groups[g].segment == "vehicle") for g, s, _ in ways}, key=str)
    matrix = np.zeros((len(keys), len(ways)))
    for n, (g, s, _) in enumerate(ways):
        matrix[keys.index(("g", g)), n] = 1
        matrix[keys.index((s, groups[g].segment == "vehicle")), n] = 1
    room = [groups[k[1]].size if k[0] == "g" else fleet.vehicle_deck if k[1] else fleet.seats for k in keys]
    found = milp(
        np.array([w[2] for w in ways], dtype=float),
        constraints=LinearConstraint(matrix, -np.inf, room),
        integrality=np.ones(len(ways)),
        bounds=Bounds(0, np.inf),
    )
    boardings = [
        Boarding(groups[g].from_place, groups[g].to_place, groups[g].segment, groups[g].wanted, round(q), (Ride(s, 1, 2),))
        for (g, s, _), q in zip(ways, found.x, strict=True)
        if round(q)
    ]
    return FerryPlan(problem.service, sailings, tuple(boardings))


@pytest.mark.parametrize(("fleet", "line", "service"), CASES)
def test_the_proof_is_the_best_of_all_timetables(toy: Scenario, toy_network: SeaNetwork, fleet: str, line: str, service: str) -> None:
    scenario = cut(toy, fleet, line)
    problem = FerryProblem.from_scenario(scenario, service, toy_network)
    assert 0 < problem.candidates <= 20
    best = None
    for day in days(problem):
        report = audit_plan(scenario, seated(problem, day), toy_network)
        assert report.violations == ()
        best = report.money.objective if best is None else min(best, report.money.objective)
    for name in ("monolith-highs", "monolith-cpsat", "reference"):
        result = solve(problem, Settings(solver=name, workers=1, time_limit=30), Watch(30))
        assert (result.status, result.objective, result.bound) == ("optimal", best, best)
    done = iter(range(61))
    bound = Lagrangian(problem, tables(problem), coverage(problem)).climb(lambda: next(done) / 60)
    assert best is not None
    assert 0 < bound <= best

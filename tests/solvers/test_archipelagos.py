"""No bound above the best of all timetables and no plan below it: random tiny archipelagos, and cases made to break the bound."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from islandflow.ferry.audit import audit_plan
from islandflow.ferry.plan import FerryPlan
from islandflow.ferry.problem import FerryProblem
from islandflow.passengers.seating import seat_passengers
from islandflow.scenario.entities import Demand, LandLink, Obligation, Place, ProfileHour, Scenario
from solvers.contract import Settings, Watch, solve
from solvers.ferry import workers
from solvers.ferry.coverage import coverage
from solvers.ferry.lagrangian import Lagrangian
from solvers.ferry.tables import tables
from solvers.ferry.timetable import timetable
from tests.ferry.builders import SERVICE, Miles, fleet, line, port, tiny, wish
from tests.solvers.archipelagos import archipelago, best_plan, missing, one_of_many

FAST = 12
CHEAP = {"day_cost_yuan": 100.0, "fuel_l_per_h": 5.0, "power_kw": 0.0, "call_cost_yuan": 1.0}


def number(n: int) -> object:
    return pytest.param(n, marks=[] if n < FAST else [pytest.mark.slow])


def problem_of(scenario: Scenario, **miles: float) -> FerryProblem:
    return FerryProblem.from_scenario(scenario, SERVICE, Miles({tuple(pair): nm for pair, nm in miles.items()}))  # type: ignore[arg-type,misc]


def bounded(problem: FerryProblem, rounds: int = 60, short: int = 0) -> int:
    """The bound at its best prices."""
    done = iter(range(rounds + 1))
    return Lagrangian(problem, tables(problem), coverage(problem), short).climb(lambda: next(done) / rounds)


def impossible(problem: FerryProblem) -> int:
    """Obligation rows that no candidate meets: no plan can."""
    return sum(n.least for n in coverage(problem).impossible)


@pytest.mark.parametrize("n", [number(n) for n in range(200)])
def test_no_bound_passes_the_best_of_all_timetables(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem, best = one_of_many(n)
    short = best.missing - impossible(problem)
    random = np.random.default_rng(n)
    lagrangian = Lagrangian(problem, tables(problem), coverage(problem), short)
    for _ in range(5):
        alpha = lagrangian.prices[0] * random.uniform(0.2, 4, len(lagrangian.left))
        split = np.where(lagrangian.splits, random.random(len(alpha)), 1.0)
        bound, *_ = lagrangian.evaluate(alpha, 5e4 * random.random(len(lagrangian.prices[1])), split)
        assert bound <= best.objective
    assert 0 <= bounded(problem, short=short) <= best.objective
    for name in ("monolith-highs", "monolith-cpsat"):
        result = solve(problem, Settings(solver=name, workers=1, time_limit=60), Watch(60))
        assert (result.status, result.missing, result.objective, result.bound) == ("optimal", best.missing, best.objective, best.objective)
    for largest in (workers.TINY, 0):
        monkeypatch.setattr(workers, "TINY", largest)
        result = solve(problem, Settings(solver="columns", workers=1, iterations=12, time_limit=60), Watch(60))
        assert result.plan is not None
        assert (result.bound or 0) <= best.objective
        sailed = [c for s in result.plan.sailings for c in candidates_of(problem, s.ports, s.departs, s.vessel)]
        assert (missing(problem, sailed), result.objective) >= (best.missing, best.objective)


def candidates_of(problem: FerryProblem, ports: tuple[str, ...], departs: int, vessel: str) -> list[int]:
    """The candidate that a sailing is."""
    found = [
        int(problem.first[r]) + (departs - problem.start) // problem.step - int(problem.low[r])
        for r, p in enumerate(problem.patterns)
        if p.calls == ports and vessel in problem.circuits[p.circuit].vessel_ids()
    ]
    assert len(found) == 1
    return found


@pytest.mark.parametrize(
    "n", [pytest.param(n, marks=[] if n < 2 else [pytest.mark.slow] if n < 6 else [pytest.mark.long]) for n in range(20)]
)
def test_the_bound_stays_below_what_the_model_proves(n: int) -> None:
    for seed in range(1_000_000 + 1000 * n, 1_000_000 + 1000 * n + 50):
        problem = archipelago(seed, ports=(3, 5), boats=3, grids=(60,))
        if not 60 <= problem.candidates <= 400:  # noqa: PLR2004
            continue
        proof = solve(problem, Settings(solver="monolith-highs", workers=1, time_limit=60), Watch(60))
        if proof.status == "optimal":
            break
    else:
        raise AssertionError("no case of that number was proven")
    assert proof.objective is not None
    assert bounded(problem, 100, proof.missing - impossible(problem)) <= proof.objective


def test_obligations_that_exclude_each_other_do_not_lift_the_bound() -> None:
    """One boat, two islands that both ask for an arrival by ten: any plan misses one, and the price of a row must not run away."""
    duties = [Obligation("a", "A", "H", first_arrival_by=600), Obligation("b", "B", "H", first_arrival_by=600)]
    scenario = tiny(
        ports=[port(p, opens=540, closes=840) for p in "HAB"], lines=[line("HA", "HA", 30), line("HB", "HB", 30)],
        fleets=[fleet(count=1)], obligations=duties, demand=(wish("AH", 3), wish("BH", 3)),
        settings={"grid_min": 60, "chains_per_fleet": 0, "longest_leg_nm": 0.0},
    )  # fmt: skip
    problem = problem_of(scenario, AH=5, BH=5, AB=30)
    best = best_plan(problem)
    assert best is not None
    assert (best.missing, impossible(problem)) == (1, 0)
    assert bounded(problem, 800) > best.objective  # right for plans that meet both; there are none
    assert bounded(problem, 800, short=1) <= best.objective


def test_no_group_is_left_out_of_the_bound_however_many_ride() -> None:
    """More groups on one boat than six thousand: every one that the bound forgot would lift it by its price of being left behind."""
    sides = {side: [f"{side}{i}" for i in range(20)] for side in "xy"}
    segments = ("resident", "commuter", "medical", "visitor")
    scenario = tiny(
        ports=[port("H"), port("A")], lines=[line("HA", "HA", 30)], fleets=[fleet(count=1, seats=20_000)],
        places={k: Place(k, k, k, "i", 30.0, 122.0, "settlement") for k in ("h", "a", *sides["x"], *sides["y"])},
        land_links=tuple(LandLink(p, q, 5) for side, q in (("x", "H"), ("y", "A")) for p in sides[side]),
        demand=tuple(Demand(x, y, s, SERVICE, 4, "day") for x in sides["x"] for y in sides["y"] for s in segments),
        profiles=tuple(ProfileHour("day", h * 60, 0.25) for h in (7, 8, 9, 10)), settings={"grid_min": 60},
    )  # fmt: skip
    problem = problem_of(scenario, AH=5)
    assert len(problem.size) == 6400
    day = [
        int(problem.first[r]) + (minute - problem.start) // problem.step - int(problem.low[r])
        for calls, minute in ((("H", "A"), 540), (("A", "H"), 600))
        for r, p in enumerate(problem.patterns)
        if p.calls == calls
    ]
    sailings = timetable(problem, [("boat-01", day)])
    report = audit_plan(scenario, FerryPlan(SERVICE, sailings, seat_passengers(scenario, SERVICE, sailings)), problem.network)
    assert report.clean
    lagrangian = Lagrangian(problem, tables(problem), coverage(problem))
    assert lagrangian.evaluate(lagrangian.left, lagrangian.prices[1])[0] <= report.money.objective
    assert bounded(problem, 20) <= report.money.objective


def test_a_line_of_many_legs_is_bounded() -> None:
    names = [chr(ord("A") + i) for i in range(22)]
    scenario = tiny(
        ports=[port(p, closes=1380) for p in names], lines=[line("long", "".join(names), 420)], fleets=[fleet(count=1, seats=12, **CHEAP)],
        demand=(wish("AV", 6), wish("BU", 5), wish("CD", 5)), settings={"grid_min": 60, "chains_per_fleet": 0, "longest_leg_nm": 0.0},
    )  # fmt: skip
    problem = FerryProblem.from_scenario(scenario, SERVICE, Miles(dict.fromkeys(pairwise(names), 3.0)))  # type: ignore[arg-type]
    assert max(len(p.calls) for p in problem.patterns) == 22
    best = best_plan(problem)
    assert best is not None
    assert best.plan.boardings
    assert bounded(problem, 100) <= best.objective


def test_prices_above_being_left_behind_bound_no_less(toy_problem: FerryProblem) -> None:
    lagrangian = Lagrangian(toy_problem, tables(toy_problem), coverage(toy_problem))
    none = lagrangian.prices[1]
    assert lagrangian.evaluate(100 * lagrangian.left, none)[0] == lagrangian.evaluate(lagrangian.left, none)[0]


def test_a_change_may_walk_back_to_where_it_began() -> None:
    """A boat to P and a walk back to A while one waits for the boat to B: the models and the audit allow it, the bound must."""
    scenario = tiny(
        ports=[port("A", opens=510, closes=1000), port("P", opens=540, closes=1000), *(port(p, opens=660, closes=1000) for p in "BC")],
        lines=[line("AP", "AP", 30), line("CB", "CB", 30)], fleets=[fleet(count=1, seats=12, **CHEAP)],
        demand=(wish("AB", 12), wish("BA", 1, hour=15)), land_links=(LandLink("A", "P", 10),),
        settings={"grid_min": 30, "shift_window_min": 20, "longest_transfer_wait_min": 150, "chains_per_fleet": 0},
    )  # fmt: skip
    problem = problem_of(scenario, AP=5, AB=5, BC=5, BP=30, AC=30, CP=30)
    proof = solve(problem, Settings(solver="monolith-highs", workers=1, time_limit=60), Watch(60))
    assert proof.status == "optimal"
    assert bounded(problem) <= (proof.objective or 0)


def test_a_part_proven_with_its_share_of_the_berths_is_no_proof_of_the_whole() -> None:
    random = np.random.default_rng(0)
    hours = [int(random.integers(6, 13)) for _ in range(4)]
    hub = port("H", berths=int(random.integers(1, 3)), overnight_moorings=int(random.integers(1, 3)), opens=480, closes=960)
    scenario = tiny(
        ports=[hub, *(port(p, opens=480, closes=960) for p in "AB")],
        lines=[line("HA", "HA", 30), replace(line("HB", "HB", 30), cluster="other")],
        fleets=[
            fleet(count=1, seats=4, day_cost_yuan=100.0, turnaround_min=30),
            fleet("ferry", cluster="other", count=1, seats=4, day_cost_yuan=100.0, turnaround_min=30),
        ],
        demand=tuple(wish(ends, people, hour) for ends, people, hour in zip(("HA", "HB", "AH", "BH"), (6, 6, 5, 5), hours, strict=True)),
        settings={"grid_min": 90, "chains_per_fleet": 0, "berth_min": 10, "shift_window_min": 120},
    )  # fmt: skip
    problem = problem_of(scenario, AH=5, BH=5, AB=9)
    best = best_plan(problem)
    assert best is not None
    result = solve(problem, Settings(solver="columns", workers=1, iterations=10, time_limit=20), Watch(20))
    assert (result.bound or 0) <= best.objective


def test_no_more_vessels_leave_in_a_slot_than_the_scenario_says(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = tiny(
        ports=[port(p, opens=540, closes=760) for p in "HA"], lines=[line("HA", "HA", 30)], fleets=[fleet(count=2, seats=8, **CHEAP)],
        demand=(wish("HA", 16),), settings={"grid_min": 180, "departures_per_slot": 1},
    )  # fmt: skip
    problem = problem_of(scenario, AH=5)
    best = best_plan(problem)
    assert best is not None
    monkeypatch.setattr(workers, "TINY", 0)
    result = solve(problem, Settings(solver="columns", workers=1, iterations=12, time_limit=20), Watch(20))
    assert result.objective == best.objective

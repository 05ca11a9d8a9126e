"""Island days: the plan passes an audit that shares nothing with the solver, costs what the audit counts, and is not below the bound."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.island_day import Recipe, make_day, tiny
from islandflow.shuttle.audit import audit_day
from islandflow.shuttle.day import BoatCall, Buses, ChargingSite, IslandDay, Party, Rules
from islandflow.shuttle.plan import Charge, DayPlan, Halt, Load, Run
from solvers.shuttle.island_day import solve_day


@pytest.fixture(scope="module")
def compiled() -> None:
    """The kernels are compiled once; the seconds of a solve are for solving."""
    solve_day(tiny(1), seconds=1)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_plan_is_clean_and_never_below_the_bound(compiled: None, seed: int) -> None:
    day = tiny(seed)
    result = solve_day(day, seconds=2, seed=1)
    assert audit_day(day, result.plan, result.objective).violations == ()
    assert result.floor <= result.objective
    assert 0 < result.bound <= result.objective


def test_the_same_seed_makes_the_same_day() -> None:
    a, b = make_day(Recipe(3)), make_day(Recipe(3))
    assert (a.calls, a.parties) == (b.calls, b.parties)
    assert len(a.calls) >= 40
    assert sum(x.count for x in a.buses) >= 20


def hand_made() -> tuple[IslandDay, DayPlan]:
    """A quay and a stop ten minutes and 5 km apart; a landing at 600 that may be 10 late; one van."""
    ways = np.array([[0, 10], [10, 0]], dtype=np.int64)
    rules = replace(Rules(), break_min=0)
    day = IslandDay(
        ("q", "s"), ways, ways * 500, (BoatCall("L", "q", "lands", 600, 10), BoatCall("D", "q", "leaves", 660)),
        (Party("out", "L", "s", 5), Party("in", "D", "s", 4)), (Buses("van", "q", 1, 5, 40_000, 400, 10_000, 100),), (ChargingSite("c", "q", 1, 60_000),), rules,
    )  # fmt: skip
    runs = (
        Run("R1", "van-01", "out", "q", 604, 615, (Halt("s", 614),), (Load("out", 5),)),
        Run("R2", "van-01", "in", "q", 625, 636, (Halt("s", 626),), (Load("in", 4),)),
    )
    return day, DayPlan(runs)


def rules_of(day: IslandDay, plan: DayPlan) -> set[str]:
    return {v.rule for v in audit_day(day, plan).violations}


def moved(run: Run, by: int) -> Run:
    return replace(run, begins=run.begins + by, ends=run.ends + by, halts=tuple(replace(h, minute=h.minute + by) for h in run.halts))


def test_limits_are_exact() -> None:
    day, plan = hand_made()
    first, second = plan.runs
    assert rules_of(day, plan) == set()
    # the landing 10 late: leaves at 614, is done at 625, exactly when the next run begins
    assert rules_of(day, DayPlan((first, moved(second, -1)))) == {"late-boat"}
    assert rules_of(day, DayPlan((moved(first, -1), second))) == {"released"}
    assert rules_of(day, DayPlan((first, moved(second, 14)))) == set()  # at the quay at 650, as asked
    assert rules_of(day, DayPlan((first, moved(second, 15)))) == {"missed-connection"}
    assert rules_of(replace(day, buses=(replace(day.buses[0], seats=4),)), plan) == {"seats"}
    assert rules_of(day, DayPlan((first,))) == {"people"}
    # 10 km there and back need 4,000 Wh: 2 units each way
    for battery, broken in ((4_000, set()), (3_999, {"battery"})):
        exact = replace(day, buses=(replace(day.buses[0], battery_wh=battery),), rules=replace(day.rules, reserve_percent=0))
        assert rules_of(exact, plan) == broken


def test_a_charge_takes_whole_blocks() -> None:
    day, plan = hand_made()
    charge = Charge("van-01", "c", 640, 650, 4)
    assert rules_of(day, replace(plan, charges=(charge,))) == set()  # four units were spent
    assert rules_of(day, replace(plan, charges=(replace(charge, units=5),))) == {"charge-units"}
    assert "charge-block" in rules_of(day, replace(plan, charges=(replace(charge, begins=641, ends=651),)))

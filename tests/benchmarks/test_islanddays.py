"""The peer of island days is held to the same audit, and the benchmark counts what the audit counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.fixed_windows import plan_fixed
from benchmarks.island_day import Recipe, make_day
from benchmarks.islanddays import LEFT_MIN, judged
from islandflow.shuttle.audit import audit_day
from islandflow.shuttle.plan import DayPlan, Unserved


@pytest.mark.parametrize("slack", [0, 30])
def test_the_peer_is_clean_and_waits_within_its_windows(slack: int) -> None:
    day = make_day(Recipe(2, stops=5, quays=2, boats=5, people=120, vehicles=6, chargers=2))
    assert day.rules.longest_wait_min == 30
    plan, objective = plan_fixed(day, 2, slack=slack)
    found = audit_day(day, plan, objective)
    assert found.violations == ()
    assert found.money is not None
    assert found.money.served > 0
    assert (found.money.wait_min == 0) == (slack == 0)


def test_a_plan_that_is_not_clean_counts_nothing() -> None:
    day = make_day(Recipe(2, stops=3, quays=1, boats=1, people=9, vehicles=3, chargers=1))
    nobody = DayPlan((), unserved=tuple(Unserved(p.party_id, p.people) for p in day.parties))
    price = day.people * day.rules.unserved_fen
    assert judged(day, nobody, price, "day", 1, 0).value == price
    assert judged(day, nobody, price, "wait", None, 0).value == LEFT_MIN * day.people
    assert judged(day, nobody, price - 1, "day", 1, 0).value is None
    assert judged(day, replace(nobody, unserved=()), price, "day", 1, 0).value is None

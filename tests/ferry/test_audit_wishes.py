"""Wishes counted from the timetable: silent at the limit, exact one past it."""

from __future__ import annotations

import pytest

from islandflow.scenario.entities import Scenario, Wish
from tests.ferry.builders import SERVICE, audit, round_trip, sail, tiny


def wishing(**facts: object) -> Scenario:
    known: dict[str, object] = {
        "wish_id": "w", "kind": "core", "from_port": "H", "to_port": "A", "leaves_from": 480, "leaves_until": 480, "price_yuan": 500.0,
    }  # fmt: skip
    return tiny(wishes={"w": Wish(**(known | facts))})  # type: ignore[arg-type]


@pytest.mark.parametrize(("minute", "cost"), [(480, 0), (479, 50_000), (481, 50_000)])
def test_a_core_departure_is_kept_at_its_minute_alone(minute: int, cost: int) -> None:
    report = audit(wishing(leaves_from=minute, leaves_until=minute), round_trip())
    assert report.money.wishes == cost
    assert [w.cost_fen for w in report.wishes] == [cost]
    assert report.clean


@pytest.mark.parametrize(("least", "short"), [(1, 0), (2, 1), (4, 3)])
def test_every_sailing_that_is_missing_costs_the_price(least: int, short: int) -> None:
    assert audit(wishing(least=least, leaves_from=0, leaves_until=1440), round_trip()).money.wishes == short * 50_000


def test_a_sailing_of_another_line_or_another_period_does_not_count() -> None:
    assert audit(wishing(line="HAB"), round_trip()).money.wishes == 50_000
    assert audit(wishing(line="HA"), round_trip()).money.wishes == 0
    assert audit(wishing(leaves_from=0, leaves_until=0, periods=("golden-week",)), round_trip()).wishes == ()
    assert audit(wishing(leaves_from=0, leaves_until=0, periods=(SERVICE,)), round_trip()).money.wishes == 50_000


def test_a_call_on_the_way_counts_and_a_sailing_counts_once() -> None:
    sailings = [sail("S1", "H 08:00, 08:30 A 08:30, 08:55 B"), sail("S2", "B 09:05, 09:35 A 09:35, 10:05 H")]
    assert audit(wishing(from_port="A", to_port="B", leaves_from=510, leaves_until=510), sailings).money.wishes == 0
    assert audit(wishing(to_port="B", least=2), sailings).money.wishes == 50_000


def test_a_wish_is_part_of_the_objective() -> None:
    free = audit(wishing(price_yuan=0.0, leaves_from=0, leaves_until=0), round_trip()).money
    dear = audit(wishing(price_yuan=12.34, leaves_from=0, leaves_until=0), round_trip()).money
    assert dear.objective - free.objective == 1234

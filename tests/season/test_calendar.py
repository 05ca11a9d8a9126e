"""Every date runs one pattern, by the precedence that the calendar promises."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from islandflow.scenario.entities import CalendarDay, Scenario
from islandflow.scenario.reader import read_scenario
from islandflow.season.calendar import PRECEDENCE, Year, calendar_rows, expected_service, year_of


@pytest.fixture(scope="module")
def zhoushan() -> Scenario:
    return read_scenario(Path(__file__).parents[2] / "data/zhoushan")


@pytest.mark.parametrize(("number", "provisional"), [(2026, False), (2027, True)])
def test_every_date_has_one_pattern_and_2027_says_it_is_provisional(zhoushan: Scenario, number: int, provisional: bool) -> None:
    year = year_of(zhoushan, number)
    assert len(year.days) == 365
    assert not year.missing
    assert len({d.date for d in year.days}) == 365
    assert {d.provisional for d in year.days} == {provisional}
    assert year_of(zhoushan).number == 2026


@pytest.mark.parametrize("number", [2026, 2027])
def test_the_precedence_gives_every_date_its_pattern(zhoushan: Scenario, number: int) -> None:
    for day in year_of(zhoushan, number).days:
        festival = day.service if day.service in PRECEDENCE else ""
        assert expected_service(day.date, day.day, festival) == day.service, day


@pytest.mark.parametrize(
    ("day", "words", "festival", "service"),
    [
        (date(2026, 2, 17), "holiday: Spring Festival", "spring-festival", "spring-festival"),
        (date(2026, 10, 28), "workday", "pilgrimage", "pilgrimage"),
        (date(2026, 6, 19), "holiday: Dragon Boat Festival", "", "summer-weekend"),
        (date(2026, 1, 4), "make-up workday", "", "winter-weekday"),
        (date(2026, 1, 3), "weekend", "", "winter-weekend"),
        (date(2026, 9, 30), "workday", "", "summer-weekday"),
        (date(2026, 11, 30), "workday", "", "spring-autumn-weekday"),
    ],
)
def test_precedence(day: date, words: str, festival: str, service: str) -> None:
    assert expected_service(day, words, festival) == service


def test_counts_add_up_and_nights_join_neighbours_alone() -> None:
    days = [CalendarDay(date(2026, 1, d), s) for d, s in ((1, "a"), (2, "a"), (3, "b"), (5, "a"))]
    year = Year(2026, tuple(days))
    assert year.by_service() == Counter({"a": 3, "b": 1})
    assert year.by_month() == {("a", 1): [date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 5)], ("b", 1): [date(2026, 1, 3)]}
    assert year.follow() == {("a", "a"): [date(2026, 1, 1)], ("a", "b"): [date(2026, 1, 2)]}
    assert len(year.missing) == 361
    assert [r["date"] for r in calendar_rows(year)] == ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-05"]

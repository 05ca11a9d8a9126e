"""The shipped calendar, every date of 2026 and 2027, against rules and dates written down here a second time.

2026: the arrangement of holidays and make-up workdays as announced by the State Council. 2027 is not announced: only what the law fixes
(1 January, five days from 1 May, seven from 1 October) and what the moon fixes is in it, and every row says that it is provisional.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

FILE = Path(__file__).parents[2] / "data/zhoushan/calendar.csv"
# first and last day off, make-up workdays
OFFICIAL = {
    2026: (
        (("01-01", "01-03"), ("02-15", "02-23"), ("04-04", "04-06"), ("05-01", "05-05"), ("06-19", "06-21"), ("09-25", "09-27"), ("10-01", "10-07")),
        ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10"),
    ),
    2027: ((("01-01", "01-01"), ("05-01", "05-05"), ("10-01", "10-07")), ()),
}  # fmt: skip
NEW_YEAR = {2026: "02-17", 2027: "02-06"}  # first day of the first month of the lunar year
GUANYIN = {2026: ("04-06", "08-01", "10-28"), 2027: ("03-26", "07-22", "10-18")}  # 19th of the second, sixth and ninth month
GOLDEN = (("05-01", "05-05"), ("10-01", "10-07"))


def rows() -> dict[date, dict[str, str]]:
    with FILE.open(encoding="utf-8") as lines:
        return {date.fromisoformat(row["date"]): row for row in csv.DictReader(lines)}


def at(year: int, text: str) -> date:
    return date.fromisoformat(f"{year}-{text}")


def span(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def around(day: date, before: int, after: int) -> Iterator[date]:
    return span(day - timedelta(days=before), day + timedelta(days=after))


def pattern(day: date) -> str:
    """Spring Festival (the eve to the seventh day), golden week, pilgrimage (two days before to one after), else holiday or weekday."""
    year = day.year
    if day in around(at(year, NEW_YEAR[year]), 1, 6):
        return "spring-festival"
    if any(day in span(at(year, a), at(year, b)) for a, b in GOLDEN):
        return "golden-week"
    if any(day in around(at(year, feast), 2, 1) for feast in GUANYIN[year]):
        return "pilgrimage"
    holidays, made_up = OFFICIAL[year]
    off = any(day in span(at(year, a), at(year, b)) for a, b in holidays) or (day.isoweekday() in (6, 7) and day not in {at(year, d) for d in made_up})
    season = {12: "winter", 1: "winter", 2: "winter", 6: "summer", 7: "summer", 8: "summer", 9: "summer"}.get(day.month, "spring-autumn")
    return f"{season}-{'weekend' if off else 'weekday'}"


@pytest.mark.parametrize("year", [2026, 2027])
def test_every_date_of_the_year_runs_the_pattern_of_the_rules(year: int) -> None:
    found = {day: row["service"] for day, row in rows().items() if day.year == year}
    assert found == {day: pattern(day) for day in span(date(year, 1, 1), date(year, 12, 31))}


def test_2026_is_official_and_2027_says_that_it_is_not() -> None:
    assert {(day.year, row["provisional"]) for day, row in rows().items()} == {(2026, "no"), (2027, "yes")}


def test_days_off_and_make_up_workdays_are_named() -> None:
    holidays, made_up = OFFICIAL[2026]
    found = rows()
    assert {d for d, r in found.items() if d.year == 2026 and r["day"].startswith("holiday")} == {
        d for a, b in holidays for d in span(at(2026, a), at(2026, b))
    }
    assert {d for d, r in found.items() if d.year == 2026 and r["day"] == "make-up workday"} == {at(2026, d) for d in made_up}

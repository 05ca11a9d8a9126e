"""Which date runs which service pattern, counted: days by pattern, month and weekday, and what follows what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from islandflow.scenario.entities import CalendarDay, Scenario

PRECEDENCE = ("spring-festival", "golden-week", "pilgrimage")  # these win over weekend, holiday and workday


@dataclass(frozen=True)
class Year:
    """The dates of one calendar year that a scenario names, in order."""

    number: int
    days: tuple[CalendarDay, ...]

    @property
    def provisional(self) -> bool:
        """Whether any date is not yet official."""
        return any(day.provisional for day in self.days)

    @property
    def missing(self) -> tuple[date, ...]:
        """Dates of the year that no row names."""
        known = {day.date for day in self.days}
        first = date(self.number, 1, 1)
        every = (first + timedelta(days=n) for n in range((date(self.number + 1, 1, 1) - first).days))
        return tuple(day for day in every if day not in known)

    def by_service(self) -> Mapping[str, int]:
        """Days by service pattern."""
        return Counter(day.service for day in self.days)

    def by_month(self) -> Mapping[tuple[str, int], list[date]]:
        """Dates by service pattern and month."""
        found: dict[tuple[str, int], list[date]] = {}
        for day in self.days:
            found.setdefault((day.service, day.date.month), []).append(day.date)
        return found

    def follow(self) -> Mapping[tuple[str, str], list[date]]:
        """First dates of the nights between one service pattern and the next, by the two; only dates that follow each other."""
        found: dict[tuple[str, str], list[date]] = {}
        for a, b in pairwise(self.days):
            if (b.date - a.date).days == 1:
                found.setdefault((a.service, b.service), []).append(a.date)
        return found


def year_of(scenario: Scenario, number: int = 0) -> Year:
    """A year of the scenario's calendar; without a number the first of those with most official dates."""
    dates: dict[int, list[CalendarDay]] = {}
    for day in sorted(scenario.calendar, key=lambda d: d.date):
        dates.setdefault(day.date.year, []).append(day)
    if not number:
        number = max(dates, key=lambda y: (sum(not d.provisional for d in dates[y]), -y), default=0)
    return Year(number, tuple(dates.get(number, ())))


def expected_service(day: date, words: str, festival: str, winter: Sequence[int] = (12, 1, 2), summer: Sequence[int] = (6, 7, 8, 9)) -> str:
    """The pattern that the precedence gives a date: festival, else a holiday runs as weekend, a make-up workday as weekday.

    ``words`` is the calendar's own description (``holiday: …``, ``make-up workday``, ``workday``, ``Saturday``), ``festival`` one of
    ``PRECEDENCE`` or empty.
    """
    if festival:
        return festival
    season = "winter" if day.month in winter else "summer" if day.month in summer else "spring-autumn"
    off = words.startswith("holiday") or (day.isoweekday() > 5 and not words.startswith("make-up"))  # noqa: PLR2004
    return f"{season}-{'weekend' if off else 'weekday'}"


def calendar_rows(year: Year) -> list[dict[str, object]]:
    """One row a date as the season folder holds it."""
    return [
        {"date": d.date.isoformat(), "weekday": d.date.isoweekday(), "service": d.service, "day": d.day, "provisional": "yes" if d.provisional else "no"}
        for d in year.days
    ]  # fmt: skip


def runs_that_day(days: str, day: date) -> bool:
    """Whether a line with these days of running sails on a date."""
    return str(day.isoweekday()) in days

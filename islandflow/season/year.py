"""Sums over a year: sailings by line, month and pattern, people, money; only dates that a plan covers count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from islandflow.ferry.folder import PlanFolder
from islandflow.scenario.entities import Scenario
from islandflow.season.calendar import Year, runs_that_day

Row = dict[str, Any]
Plans = Mapping[str, PlanFolder]
GENERATED = "+"
YEARLY = ("sailings", "people_wanted", "people_served", "people_left", "vessel_hours", "fuel_l", "co2_kg", "cost_yuan", "revenue_yuan",
          "subsidy_yuan", "travellers_yuan", "left_behind_yuan", "wishes_yuan", "objective_yuan")  # fmt: skip


def sailings_by_line(folder: PlanFolder) -> dict[str, int]:
    """Sailings of a plan by line, both ways together; patterns that no line of today has under ``+``."""
    found: dict[str, int] = defaultdict(int)
    for sailing in folder.plan.sailings:
        found[sailing.line if sailing.line in folder.scenario.lines else GENERATED] += 1
    return dict(found)


def frequency_rows(scenario: Scenario, plans: Plans, year: Year) -> list[Row]:
    """Sailings a day by line (both ways) in every pattern; means off peak and at peak, weighted by dates, and their ratio."""
    days = year.by_service()
    counts = {s: sailings_by_line(p) for s, p in plans.items()}
    lines = [*scenario.lines, GENERATED]
    rows = []
    for line in lines:
        mean: dict[bool, float | None] = {}
        for peak in (False, True):
            mine = [s for s in plans if scenario.services[s].peak == peak]
            weight = sum(days.get(s, 0) for s in mine)
            share = [(counts[s].get(line, 0), days.get(s, 0) if weight else 1) for s in mine]
            whole = sum(w for _, w in share)
            mean[peak] = sum(n * w for n, w in share) / whole if whole else None
        low, high = mean[False], mean[True]
        rows.append({
            "line": line, **{s: counts[s].get(line, 0) for s in plans}, "off_peak": _round(low), "peak": _round(high),
            "peak_over_off_peak": _round(high / low) if high is not None and low else None,
        })  # fmt: skip
    return rows


def month_rows(scenario: Scenario, plans: Plans, year: Year) -> list[Row]:
    """Sailings of the year by line and month, both ways: a line that runs on named days counts on those dates alone."""
    dates = year.by_month()
    counts = {s: sailings_by_line(p) for s, p in plans.items()}
    rows = []
    for line in [*scenario.lines, GENERATED]:
        known = scenario.lines.get(line)
        months = [0] * 12
        for (service, month), found in dates.items():
            if service in counts:
                months[month - 1] += counts[service].get(line, 0) * _running(known.days if known else "1234567", found)
        rows.append({"line": line, **{f"{m:02d}": n for m, n in enumerate(months, start=1)}, "year": sum(months)})
    return rows


def year_totals(plans: Plans, year: Year) -> Row:
    """Sums over the dates of the year whose pattern has a plan; ``dates`` covered and ``dates_without`` a plan."""
    days = year.by_service()
    covered = sum(n for s, n in days.items() if s in plans)
    found: Row = {"year": year.number, "dates": covered, "dates_without": sum(days.values()) - covered, "provisional": year.provisional}
    for name in YEARLY:
        found[name] = round(sum(days.get(s, 0) * float(p.metrics.get(name) or 0) for s, p in plans.items()), 2)
    return found


def _running(days: str, found: Sequence[date]) -> int:
    return sum(runs_that_day(days, day) for day in found)


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 2)

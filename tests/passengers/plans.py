"""A published timetable on the three islands, made by hand: what journeys, feed and doors are tested on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from islandflow.ferry.folder import PlanFolder
from islandflow.ferry.plan import FerryPlan, Sailing
from islandflow.passengers.published import Published, published
from islandflow.scenario.entities import CalendarDay, Scenario
from tests.ferry.builders import sail

SATURDAY, SUNDAY, TUESDAY = date(2026, 7, 4), date(2026, 7, 5), date(2026, 7, 7)
SAILINGS = (
    sail("S1", "hub 08:00, 08:30 near-t", "big-01", "L1"),
    sail("S2", "near-t 08:45, 09:15 hub", "big-01", "L1"),
    sail("S3", "near-t 09:00, 09:30 far-t", "small-01", "+"),
    sail("S4", "far-t 09:45, 10:10 near-t 10:15, 10:45 hub", "small-01", "L3"),
    sail("S5", "hub 23:30, 24:20 far-t", "big-01", "L2"),
)


def plan_folder(scenario: Scenario, service: str, sailings: Sequence[Sailing]) -> PlanFolder:
    """A plan in memory."""
    return PlanFolder(Path("memory"), scenario, FerryPlan(service, tuple(sailings)), {"service": service}, {}, {}, [], [], [], [])


def toy_published(toy: Scenario) -> Published:
    """Weekend and weekday plans; L2 sails on Tuesdays and Saturdays alone."""
    lines = {**toy.lines, "L2": replace(toy.lines["L2"], days="26")}
    calendar = (*toy.calendar, CalendarDay(TUESDAY, "summer-weekday"))
    scenario = replace(toy, lines=lines, calendar=calendar)
    return published(
        {
            "summer-weekend": plan_folder(scenario, "summer-weekend", SAILINGS),
            "summer-weekday": plan_folder(scenario, "summer-weekday", SAILINGS[:3]),
        }
    )

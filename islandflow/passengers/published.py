"""What is published: one plan for the dates of its service pattern, or a season folder with a plan a pattern."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

from islandflow.errors import BadInput, Fault
from islandflow.ferry.folder import PlanFolder, read_plan
from islandflow.ferry.plan import FerryPlan
from islandflow.network.sea import SeaNetwork, build_network
from islandflow.passengers.land import LandWays, land_ways
from islandflow.passengers.running_day import RunningDay, running_day
from islandflow.scenario.entities import CalendarDay, Scenario
from islandflow.units import clock


@dataclass(frozen=True)
class Published:
    """Plans by service pattern over one scenario. ``version`` names the sailings and the facts: equal content, equal version."""

    scenario: Scenario
    network: SeaNetwork = field(repr=False)
    land: LandWays = field(repr=False)
    plans: Mapping[str, PlanFolder]
    version: str
    days: dict[date, RunningDay] = field(default_factory=dict, repr=False, compare=False)

    @property
    def calendar(self) -> tuple[CalendarDay, ...]:
        """The dates that are served, in order."""
        return tuple(sorted((d for d in self.scenario.calendar if d.service in self.plans), key=lambda d: d.date))

    def plan_of(self, day: date) -> PlanFolder | None:
        """The plan that runs on a date; None if none is published for it."""
        found = next((d.service for d in self.scenario.calendar if d.date == day), "")
        return self.plans.get(found)

    def running(self, day: date) -> RunningDay | None:
        """The boats of a date, kept for the next question; None if no plan is published for it."""
        plan = self.plan_of(day)
        if plan is None:
            return None
        if day not in self.days:
            # dates of one pattern and weekday sail alike: they share their arrays
            same = next((d for d in self.days if d.isoweekday() == day.isoweekday() and self.plan_of(d) is plan), None)
            self.days[day] = self.days[same] if same else running_day(self.scenario, self.network, self.land, plan.plan.sailings, day)
        return self.days[day]


def read_published(folder: Path | str) -> Published:
    """A plan folder or a season folder (plan folders, one a service pattern, directly in it or in ``plans``).

    BadInput if there is no plan, two plans of one pattern, or plans of different scenarios.
    """
    folder = Path(folder)
    homes = (
        [folder]
        if (folder / "plan.json").is_file()
        else sorted(f.parent for f in (*folder.glob("*/plan.json"), *folder.glob("plans/*/plan.json")))
    )
    if not homes:
        raise BadInput(
            [_fault(folder, "holds no plan", "不含方案", "give a plan folder or a season folder", "请给出方案文件夹或季度文件夹")]
        )
    plans: dict[str, PlanFolder] = {}
    for home in homes:
        plan = read_plan(home)
        first = next(iter(plans.values()), plan)
        if plan.plan.service in plans:
            raise BadInput(
                [_fault(home, f"is a second plan of {plan.plan.service}", f"是 {plan.plan.service} 的第二个方案", "keep one", "请保留一个")]
            )
        if plan.scenario.digest != first.scenario.digest:
            raise BadInput(
                [
                    _fault(
                        home, "was made from another scenario", "来自另一个方案数据", "plan it again from the same", "请用同一数据重新编制"
                    )
                ]
            )
        plans[plan.plan.service] = plan
    return published(plans)


def published(plans: Mapping[str, PlanFolder]) -> Published:
    """Plans of one scenario as something to publish; ValueError for none."""
    if not plans:
        raise ValueError("no plan to publish")
    scenario = next(iter(plans.values())).scenario
    return Published(scenario, build_network(scenario), land_ways(scenario), dict(plans), version_of(plans))


class Planned(Protocol):
    """A timetable and the facts it was made from."""

    @property
    def scenario(self) -> Scenario:
        """The facts."""

    @property
    def plan(self) -> FerryPlan:
        """The timetable."""


def version_of(plans: Mapping[str, Planned]) -> str:
    """Twelve hexadecimal digits of the scenario and of every call of every sailing."""
    digest = hashlib.sha256()
    for service in sorted(plans):
        digest.update(f"{service} {plans[service].scenario.digest}\n".encode())
        for s in plans[service].plan.sailings:
            calls = ";".join(
                f"{c.port},{'' if c.arrives is None else clock(c.arrives)},{'' if c.departs is None else clock(c.departs)}" for c in s.calls
            )
            digest.update(f"{s.id} {s.line} {s.vessel} {calls}\n".encode())
    return digest.hexdigest()[:12]


def _fault(folder: Path, en: str, zh: str, remedy_en: str, remedy_zh: str) -> Fault:
    return Fault(folder.name, 0, "", "", en, zh, remedy_en, remedy_zh)

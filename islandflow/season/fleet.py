"""The fleet over the year: which vessels are alike, how many sail in each pattern, which are spare, what is hired and for how much."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from islandflow.ferry.folder import PlanFolder
from islandflow.ferry.plan import Rotation
from islandflow.scenario.entities import Fleet, Scenario

Row = dict[str, Any]
Plans = Mapping[str, PlanFolder]
ALIKE_BUT = ("fleet_id", "name_zh", "name_en", "home_port", "count")


@dataclass(frozen=True)
class Group:
    """Vessels of one operator that can stand in for each other: fleet rows that differ in name and home port alone."""

    fleets: tuple[Fleet, ...]

    @property
    def name(self) -> str:
        """Id of the first row."""
        return self.fleets[0].fleet_id

    @property
    def count(self) -> int:
        """Vessels."""
        return sum(f.count for f in self.fleets)

    @property
    def home(self) -> Counter[str]:
        """Vessels by home port."""
        found: Counter[str] = Counter()
        for fleet in self.fleets:
            found[fleet.home_port] += fleet.count
        return found


def groups(scenario: Scenario) -> tuple[Group, ...]:
    """All groups that have a vessel, in the order of the fleet table."""
    alike: dict[tuple[Any, ...], list[Fleet]] = defaultdict(list)
    for fleet in scenario.fleets.values():
        if fleet.count:
            alike[tuple(v for k, v in vars(fleet).items() if k not in ALIKE_BUT)].append(fleet)
    return tuple(Group(tuple(rows)) for rows in alike.values())


def days_at_work(group: Group, plan: PlanFolder) -> tuple[Rotation, ...]:
    """Days of the group's vessels in a plan."""
    names = {v for f in group.fleets for v in f.vessel_ids()}
    return tuple(r for r in plan.plan.rotations if r.vessel in names)


def carried(group: Group, plan: PlanFolder) -> float:
    """People a vessel of the group that sails carries on a day of a plan, on average."""
    at_work = days_at_work(group, plan)
    mine = {s.id for r in at_work for s in r.sailings}
    people = sum(b.people for b in plan.plan.boardings if b.segment != "vehicle" for ride in b.rides if ride.sailing in mine)
    return people / len(at_work) if at_work else 0.0


def fleet_rows(scenario: Scenario, plans: Plans, days: Mapping[str, int]) -> list[Row]:
    """A row a group: vessels, vessels that sail by pattern, spare ones on the busiest day, vessel-days of the year, and what hired ones cost."""
    rows = []
    for group in groups(scenario):
        used = {s: len(days_at_work(group, p)) for s, p in plans.items()}
        fleet, most = group.fleets[0], max(used.values(), default=0)
        worked = sum(days.get(s, 0) * n for s, n in used.items())
        rows.append({
            "group": group.name, "class": fleet.vessel_class, "operator": fleet.operator, "seats": fleet.seats, "vessels": group.count, **used,
            "most": most, "spare": group.count - most, "vessel_days": worked, "hired_for": ";".join(fleet.periods),
            "hire_yuan": round(worked * fleet.day_cost_yuan, 2) if fleet.periods else None,
        })  # fmt: skip
    return rows

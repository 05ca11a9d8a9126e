"""What all rules look at: the scenario, the plan, the sea, and nothing that a solver made besides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from islandflow.ferry.plan import Boarding, FerryPlan, Rotation, Sailing
from islandflow.memory import remembered
from islandflow.network.running import Distances
from islandflow.passengers.access import Access, land_access, line_stretches
from islandflow.passengers.groups import Group, passenger_groups
from islandflow.scenario.entities import Fleet, Scenario
from islandflow.violation import Violation


@dataclass(frozen=True, eq=False)
class Facts:
    """Plan and scenario side by side. ``sailings`` are those with a port and a time at every call, in the order of the plan.

    ``unsound`` are the ids of the others: they are told once, and no rule that would have needed them tells them again. ``memory`` keeps
    how each boarding of the plan travels, since many rules ask.
    """

    scenario: Scenario
    plan: FerryPlan
    network: Distances
    sailings: tuple[Sailing, ...]
    rotations: tuple[Rotation, ...]
    fleets: dict[str, Fleet]
    groups: dict[tuple[str, str, str, int], Group]
    access: Access
    through: frozenset[tuple[str, str]]
    by_id: dict[str, Sailing] = field(default_factory=dict)
    unsound: frozenset[str] = frozenset()
    memory: dict[int, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, scenario: Scenario, plan: FerryPlan, network: Distances) -> Facts:
        """Facts of a plan; KeyError if the scenario has no such service pattern."""
        return _facts(scenario, plan, network)

    @property
    def service(self) -> str:
        """The service pattern of the plan."""
        return self.plan.service

    @cached_property
    def seated(self) -> Counter[tuple[str, str, str, int]]:
        """People who travel, by group, as the plan says."""
        found: Counter[tuple[str, str, str, int]] = Counter()
        for boarding in self.plan.boardings:
            found[boarding.group] += boarding.people
        return found

    def manned(self) -> Iterator[tuple[Sailing, Fleet]]:
        """Sailings of vessels that exist."""
        for sailing in self.sailings:
            if sailing.vessel in self.fleets:
                yield sailing, self.fleets[sailing.vessel]

    @cached_property
    def whole_days(self) -> tuple[Rotation, ...]:
        """Days of vessels that exist whose every sailing is sound: only of these can be said where the vessel lies."""
        torn = {s.vessel for s in self.plan.sailings if defect(self.scenario, s)}
        return tuple(r for r in self.rotations if r.vessel in self.fleets and r.vessel not in torn)

    def days(self) -> Iterator[tuple[Rotation, Fleet]]:
        """Days of the vessels that exist."""
        for rotation in self.rotations:
            if rotation.vessel in self.fleets:
                yield rotation, self.fleets[rotation.vessel]


@remembered(2)
def _facts(scenario: Scenario, plan: FerryPlan, network: Distances) -> Facts:
    scenario.services[plan.service]
    sailings = tuple(s for s in plan.sailings if not defect(scenario, s))
    fleets = {}
    for vessel in {s.vessel for s in plan.sailings}:
        fleet = known_fleet(scenario, vessel)
        if fleet is not None:
            fleets[vessel] = fleet
    rotations = FerryPlan(plan.service, sailings).rotations
    groups = {g.key: g for g in passenger_groups(scenario, plan.service)}
    return Facts(
        scenario, plan, network, sailings, rotations, fleets, groups,
        land_access(scenario), line_stretches(scenario, plan.service), {s.id: s for s in sailings},
        frozenset(s.id for s in plan.sailings) - {s.id for s in sailings},
    )  # fmt: skip


def known_fleet(scenario: Scenario, vessel: str) -> Fleet | None:
    """The fleet row of a vessel, None if there is no such vessel."""
    try:
        return scenario.vessel_fleet(vessel)
    except KeyError:
        return None


def defect(scenario: Scenario, sailing: Sailing) -> tuple[str, str] | None:
    """Why a sailing is none at all (English, Chinese): too few calls, a port that does not exist, a time that is missing."""
    if len(sailing.calls) < 2:
        return "a sailing has at least two calls", "航次至少挂靠两个港口"
    for number, call in enumerate(sailing.calls):
        if call.port not in scenario.ports:
            return f"port {call.port} does not exist", f"港口 {call.port} 不存在"
        if (call.arrives is None and number > 0) or (call.departs is None and number < len(sailing.calls) - 1):
            return f"call {number + 1} lacks a time", f"第 {number + 1} 次挂靠缺少时刻"
    return None


def sound(facts: Facts) -> Iterator[Violation]:
    """Every sailing has ports and times and an id of its own; told under ``line-allowed``, one sailing each."""
    for sailing in facts.plan.sailings:
        wrong = defect(facts.scenario, sailing)
        if wrong:
            yield Violation("line-allowed", sailing.id, 1, "sailing", *wrong)
    for name, times in Counter(s.id for s in facts.plan.sailings).items():
        if times > 1:
            yield Violation("line-allowed", name, times - 1, "sailing", "another sailing has this id", "航次编号重复")


def label(boarding: Boarding) -> str:
    """How a passenger group is named in a violation."""
    return f"{boarding.from_place}→{boarding.to_place} {boarding.segment} {boarding.wanted // 60:02d}:{boarding.wanted % 60:02d}"

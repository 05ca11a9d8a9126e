"""The audit under attack: every field of every table is broken by one, and nothing may pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import pytest

from islandflow.ferry.plan import Boarding, Call, FerryPlan, Ride, Sailing
from islandflow.scenario.entities import Scenario
from islandflow.siting.facts_audit import audit_sites
from islandflow.siting.folder import ATTRIBUTES
from islandflow.siting.siteplan import SitePlan
from islandflow.siting.wish import SiteWish
from solvers.siting.archipelago import plan_sites
from solvers.siting.contract import SitingSettings

# free words, and an id that only has to be the boat that brings the parcel
SPOKEN = {("certificates", "note"), ("promises", "sailing")}
ROWS = 5  # of a table: first, last and some between


def day(scenario: Scenario) -> FerryPlan:
    """Two boats from the gateway to the island, one by way of a third port, with people aboard who are met by car."""
    gate = next(p.port_id for p in scenario.ports.values() if p.role == "gateway")
    other = next(p for p in scenario.ports if p not in (gate, "near-t"))
    boat = next(iter(scenario.fleets.values())).vessel_ids()[0]
    boats = (
        Sailing("s1", "L", boat, (Call(gate, None, 480), Call("near-t", 510, None))),
        Sailing("s2", "L", boat, (Call(gate, None, 600), Call(other, 640, 645), Call("near-t", 700, None))),
    )
    return FerryPlan("summer-weekend", boats, (Boarding("x", "y", "resident", 480, 64, (Ride("s1", 1, 2),)),))


@pytest.fixture(scope="module")
def electric(scenario: Scenario) -> Scenario:
    """The island with battery vessels and power at its quay."""
    fleets = {k: replace(f, battery_kwh=500.0) for k, f in scenario.fleets.items()}
    return replace(scenario, fleets=fleets, ports=scenario.ports | {"near-t": replace(scenario.ports["near-t"], charging_kw=200.0)})


@pytest.fixture(scope="module")
def ferry(electric: Scenario) -> FerryPlan:
    return day(electric)


@pytest.fixture(scope="module", params=["cost", "worst-island", "worst-season"])
def plan(electric: Scenario, ferry: FerryPlan, request: pytest.FixtureRequest) -> SitePlan:
    return plan_sites(electric, SiteWish("near", request.param), ferry, SitingSettings(seconds=20))


def broken(value: Any) -> list[Any]:
    """The value, wrong by one in either direction."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    if isinstance(value, float):
        return [value + 0.01]
    if isinstance(value, tuple):
        return [value[1:] if value else ("public",), (*value, "b") if value and value[0] in "abcd" else (*value, "lockers")]
    return [f"{value}x"] if isinstance(value, str) else []


def attacks(plan: SitePlan) -> Iterator[tuple[str, SitePlan]]:
    """Plans with one field of one row broken, or a row gone."""
    for table, attribute in ATTRIBUTES.items():
        rows = getattr(plan, attribute)
        for k in sorted({*range(min(ROWS, len(rows))), *range(max(0, len(rows) - 2), len(rows))}):
            for f in fields(rows[k]):
                if (table, f.name) not in SPOKEN:
                    for value in broken(getattr(rows[k], f.name)):
                        wrong = (*rows[:k], replace(rows[k], **{f.name: value}), *rows[k + 1 :])
                        yield f"{table} {k} {f.name}={value!r}", replace(plan, **{attribute: wrong})


def test_the_plan_is_clean_and_every_broken_field_is_told(electric: Scenario, plan: SitePlan, ferry: FerryPlan) -> None:
    assert audit_sites(electric, plan, ferry) == ()
    passed = [what for what, wrong in attacks(plan) if not audit_sites(electric, wrong, ferry)]
    assert not passed, "\n".join(passed)


def test_a_row_too_many_or_too_few_is_told(electric: Scenario, plan: SitePlan, ferry: FerryPlan) -> None:
    for table, attribute in ATTRIBUTES.items():
        rows = getattr(plan, attribute)
        if rows and table not in ("certificates", "upgrades", "curve"):  # a proof, a road or a further point less is no lie
            assert audit_sites(electric, replace(plan, **{attribute: rows[1:]}), ferry), table
            assert audit_sites(electric, replace(plan, **{attribute: (*rows, rows[-1])}), ferry), table

"""From a ferry plan to an island's day: nobody is lost or invented, roads are the roads, faults are told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from islandflow.errors import BadInput
from islandflow.ferry.folder import read_plan
from islandflow.ferry.plan import FerryPlan
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import read_scenario
from islandflow.shuttle.day import LANDS
from islandflow.shuttle.island import Island, chosen_islands, island_day
from islandflow.shuttle.medical import medical_transfers


@pytest.fixture(scope="module")
def facts(village_scenario: Path) -> Scenario:
    return read_scenario(village_scenario)


@pytest.fixture(scope="module")
def ferry(village_ferry: Path) -> FerryPlan:
    return read_plan(village_ferry).plan


@pytest.fixture(scope="module")
def near(facts: Scenario, ferry: FerryPlan) -> Island:
    return island_day(facts, ferry, "near")


def aboard(facts: Scenario, ferry: FerryPlan) -> int:
    """People whose journey begins or ends on the near island, each end once."""
    here = {p.place_id for p in facts.places.values() if p.island_id == "near"}
    return sum(b.people * ((b.from_place in here) + (b.to_place in here)) for b in ferry.boardings if b.segment != "vehicle")


def test_people_of_boats_are_those_of_the_ferry_plan(facts: Scenario, ferry: FerryPlan, near: Island) -> None:
    assert sum(n for n, _ in near.people.values()) == aboard(facts, ferry) > 0
    # eight in ten of those who do not walk ride; nobody lives within five minutes of this quay
    assert abs(near.day.people - 0.8 * aboard(facts, ferry)) <= len(near.people)
    for call in near.day.calls:
        assert sum(p.people for p in near.day.parties if p.call == call.call_id) <= near.people[call.call_id][0]


def test_boats_are_those_of_the_timetable(ferry: FerryPlan, near: Island) -> None:
    sailings = ferry.by_id()
    for call in near.day.calls:
        stops = [c for c in sailings[call.sailing].calls if c.port == call.quay]
        assert call.minute in [c.arrives if call.kind == LANDS else c.departs for c in stops]


def test_a_village_has_its_own_people_and_visitors_go_where_the_beds_are(facts: Scenario, ferry: FerryPlan) -> None:
    visitors = replace(ferry, boardings=tuple(b for b in ferry.boardings if b.segment == "visitor"))
    assert {p.stop for p in island_day(facts, visitors, "near").day.parties} == {"beach"}
    own = replace(ferry, boardings=tuple(b for b in ferry.boardings if "village" in (b.from_place, b.to_place)))
    assert {p.stop for p in island_day(facts, own, "near").day.parties} == {"village"}


def test_who_lives_near_the_quay_walks(facts: Scenario, ferry: FerryPlan) -> None:
    # two kilometres on foot at 4.8 km/h: 25 minutes, rounded up
    for minutes, riding in ((24, True), (25, False)):
        settings = dict(facts.settings) | {"shuttle_walk_min": replace(facts.settings["shuttle_walk_min"], value=minutes)}
        day = island_day(replace(facts, settings=settings), ferry, "near").day
        assert ("village" in {p.stop for p in day.parties}) == riding


def test_ways_are_rounded_up_and_as_slow_as_a_bus(near: Island) -> None:
    # 2 km at 40 x 0.85 km/h: 3.5 minutes; from beach to village over the quay: 6 km
    a, b, c = (near.day.number(n) for n in ("near-t", "village", "beach"))
    assert near.day.minutes[a, b] == 4
    assert near.day.metres[c, b] == 6000
    assert near.ways.paths["beach", "village"] == ("beach", "near-t", "village")


def test_an_island_without_vehicles_is_told(facts: Scenario) -> None:
    with pytest.raises(BadInput, match="no vehicles"):
        chosen_islands(facts, "far")
    with pytest.raises(BadInput, match="shuttle_fleets"):
        chosen_islands(replace(facts, shuttle_fleets={}), "")


def test_a_medical_trip_is_the_latest_in_time(facts: Scenario, ferry: FerryPlan, near: Island) -> None:
    rows = medical_transfers(facts, ferry, near)
    assert {r.settlement_id for r in rows} == {"village", "beach"}
    for row in rows:
        assert row.leaves is not None
        assert row.boards is not None
        assert row.arrives is not None
        assert row.arrives <= facts.whole("medical_arrival_by")
        drive = int(near.day.minutes[near.day.number(row.settlement_id), near.day.number(row.quay)])
        assert row.leaves + drive + near.day.rules.board_min == row.boards  # a minute later would miss it
        sailing = ferry.by_id()[row.sailing]
        assert any(c.port == row.quay and c.departs == row.boards for c in sailing.calls)

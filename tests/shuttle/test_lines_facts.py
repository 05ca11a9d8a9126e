"""From a scenario and a ferry plan to the facts of an island's lines: people, trips, faults of the tables."""

from __future__ import annotations

import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from islandflow.errors import BadInput
from islandflow.ferry.folder import read_plan
from islandflow.ferry.plan import FerryPlan
from islandflow.scenario.entities import IslandTrip, Scenario, Setting
from islandflow.scenario.line_parameters import headways_of
from islandflow.scenario.reader import check_scenario, read_scenario
from islandflow.shuttle.island import chosen_islands
from islandflow.shuttle.lines_facts import islands_with_lines, lines_day, present, whole_people

EMPTY = FerryPlan("summer-weekend", ())


@pytest.fixture(scope="module")
def facts(village_scenario: Path) -> Scenario:
    found = read_scenario(village_scenario)
    fleets = {**found.shuttle_fleets, "line": replace(found.shuttle_fleets["van"], fleet_id="line", use="lines")}
    return replace(found, shuttle_fleets=fleets)


def test_vehicles_and_chargers_of_lines_are_their_own(facts: Scenario) -> None:
    day = lines_day(facts, EMPTY, "near")
    assert [b.fleet_id for b in day.buses] == ["line"]
    assert day.chargers == ()
    assert islands_with_lines(facts) == ("near",)
    assert islands_with_lines(facts, "far") == ()
    alone = replace(facts, shuttle_fleets={"line": facts.shuttle_fleets["line"]})
    assert chosen_islands(alone, "near") == ()
    assert lines_day(alone, EMPTY, "near").buses == day.buses


def test_trips_are_estimated_from_people_and_their_sum_is_that_of_the_rates(facts: Scenario) -> None:
    day = lines_day(facts, EMPTY, "near")
    # 500 residents at 0.1; 300 beds, all taken on a summer day, at 0.2
    assert sum(t.people for t in day.trips) == 110
    assert {(t.origin, t.goal) for t in day.trips} == {("village", "beach"), ("beach", "village")}
    assert day.estimated
    assert [(h.residents, h.guests) for h in day.homes] == [(400, 0), (100, 300)]


def test_a_table_of_trips_is_taken_as_it_is(facts: Scenario) -> None:
    given = replace(facts, island_trips=(IslandTrip("village", "near-t", 7), IslandTrip("near-t", "beach", 0)))
    day = lines_day(given, EMPTY, "near")
    assert [(t.origin, t.goal, t.people, t.boat) for t in day.trips] == [("village", "near-t", 7, False)]
    assert not day.estimated


def test_people_of_boats_are_those_whom_no_bus_meets(facts: Scenario, village_ferry: Path) -> None:
    ferry = read_plan(village_ferry).plan
    here = {p.place_id for p in facts.places.values() if p.island_id == "near"}
    aboard = sum(b.people * ((b.from_place in here) + (b.to_place in here)) for b in ferry.boardings if b.segment != "vehicle")
    riders = sum(t.people for t in lines_day(facts, ferry, "near").trips if t.boat)
    assert riders == int(aboard * Fraction(6, 100) + Fraction(1, 2))  # eight in ten are met; of the others three in ten take a line
    alone = replace(facts, shuttle_fleets={"line": facts.shuttle_fleets["line"]})
    assert sum(t.people for t in lines_day(alone, ferry, "near").trips if t.boat) == int(aboard * Fraction(3, 10) + Fraction(1, 2))


def test_seasons_say_who_is_there(facts: Scenario) -> None:
    assert [float(x) for x in present(facts, "winter-weekday")] == [1.0, 0.25]
    assert [float(x) for x in present(facts, "golden-week")] == [1.0, 1.0]


def test_whole_people_keep_the_sum() -> None:
    shares = {("a", "b"): Fraction(1, 3), ("b", "a"): Fraction(1, 3), ("c", "a"): Fraction(4, 3)}
    assert sum(whole_people(shares).values()) == 2
    assert whole_people({}) == {}


@pytest.mark.parametrize("text", ["", "45", "10;x", "0", "-30"])
def test_headways_that_no_clock_repeats_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        headways_of(text)
    assert headways_of("60;15; 30") == (15, 30, 60)


@pytest.mark.parametrize(("table", "row", "said"), [
    ("settings", "lines_headways,45,test", "headways of a clock"),
    ("settings", "lines_last,07:00,test", "less than two hours"),
    ("shuttle_fleets", "x,x,x,near,near-t,1,9,20,0.4,100,1,ferry", "ferry"),
    ("shuttle_fleets", "x,x,x,near,far-t,1,9,20,0.4,100,1,lines", "not on the island"),
    ("island_trips", "village,village,5", "is where it starts"),
    ("island_trips", "village,far-t,5", "another island"),
    ("island_trips", "village,nowhere,5", "nowhere"),
    ("island_trips", "village,beach,-5", "people"),
])  # fmt: skip
def test_faults_are_told_with_a_remedy(village_scenario: Path, tmp_path: Path, table: str, row: str, said: str) -> None:
    shutil.copytree(village_scenario, tmp_path / "s")
    file = tmp_path / "s" / f"{table}.csv"
    if table == "island_trips":
        file.write_text("from_node,to_node,people\n", encoding="utf-8")
    if table == "shuttle_fleets":
        head, *rows = file.read_text(encoding="utf-8").splitlines()
        file.write_text("\n".join([head.replace("synthetic", "use"), *(r.removesuffix("yes") + "boats" for r in rows)]) + "\n", encoding="utf-8")
    with file.open("a", encoding="utf-8") as out:
        out.write(row + "\n")
    faults = [f for f in check_scenario(tmp_path / "s") if not f.warning]
    assert len(faults) == 1
    assert said in faults[0].text("en")
    assert faults[0].zh
    assert faults[0].remedy_zh
    with pytest.raises(BadInput):
        read_scenario(tmp_path / "s")


def test_settings_of_lines_have_a_source(facts: Scenario) -> None:
    assert isinstance(facts.settings["lines_walk_min"], Setting)
    assert facts.settings["lines_walk_min"].source == "default"

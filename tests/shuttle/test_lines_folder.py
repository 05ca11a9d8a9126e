"""The command with vehicles for lines: its tables, the audit of the folder, views, cards, damage; a scenario that has lines alone."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from api.shuttle_lines import said_lines
from api.shuttles import audit_shuttle_folder, plan_shuttles
from islandflow.errors import BadInput
from islandflow.scenario.entities import BusCharger
from islandflow.scenario.reader import read_scenario
from islandflow.scenario.writer import write_scenario
from islandflow.shuttle.folder import read_shuttle_folder
from islandflow.shuttle.lines_tables import LINE_COLUMNS
from islandflow.views.families import FAMILIES
from islandflow.views.gallery import UnknownView
from islandflow.views.shuttle_lines import LINE_VIEWS
from islandflow.views.shuttle_lines_words import LINE_HEADS, LINE_LEFT, every


@pytest.fixture(scope="module")
def folder(village_scenario: Path, village_ferry: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two vans for lines and none that meet boats; the ferry plan is that of the same ports."""
    place = tmp_path_factory.mktemp("lines")
    facts = read_scenario(village_scenario)
    fleets = {k: replace(f, use="lines", day_cost_yuan=20.0) for k, f in facts.shuttle_fleets.items()}
    ways = {k: replace(s, residents=20 * s.residents) for k, s in facts.settlements.items()}
    chargers = {"lc": BusCharger("lc", "near-t", 1, 60, "lines", True)}
    write_scenario(replace(facts, shuttle_fleets=fleets, settlements=ways, bus_chargers=chargers), place / "scenario")
    ferry = place / "ferry"
    shutil.copytree(village_ferry, ferry)
    info = json.loads((ferry / "plan.json").read_text(encoding="utf-8"))
    info["scenario_hash"] = read_scenario(place / "scenario").digest
    (ferry / "plan.json").write_text(json.dumps(info), encoding="utf-8")
    plan_shuttles(place / "scenario", ferry, "", 20, 1, place / "plan", "zh")
    return place / "plan"


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def test_the_folder_is_whole_proven_and_clean(folder: Path) -> None:
    assert all((folder / f"{name}.csv").is_file() for name in LINE_COLUMNS)
    info = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    assert json.dumps(info).count('"gap"') == 1
    assert info["status"] == "optimal"
    assert info["gap"] == 0
    assert info["lines"][0]["objective"] == info["objective"]
    found, violations = audit_shuttle_folder(folder)
    assert violations == []
    assert found.plan.days == {}
    assert any("0.0%" in line for line in said_lines(found.plan.lines, zh=False))
    assert any("条线路" in line for line in said_lines(found.plan.lines, zh=True))


def test_the_timetable_is_that_of_the_vehicles(folder: Path) -> None:
    """Every departure of a terminus stands at the minutes that the timetable tells people to remember."""
    table = rows(folder, "line_timetable")
    assert table
    for trip in rows(folder, "line_trips"):
        row = next(r for r in table if (r["line"], r["direction"], r["call"]) == (trip["line"], trip["direction"], "1"))
        assert trip["departs"][3:] in row["past_hour"].split(";")
        assert row["first"] <= trip["departs"] <= row["last"]


def test_people_within_a_walk_are_counted_before_and_after(folder: Path) -> None:
    table = {r["settlement"]: r for r in rows(folder, "line_coverage")}
    assert {k: r["before"] for k, r in table.items()} == {"village": "no", "beach": "no"}
    stops = {s for r in rows(folder, "lines") for s in r["calls"].split(";")}
    assert {k for k, r in table.items() if r["after"] == "yes"} == stops & set(table)


def test_a_moved_bus_is_found(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "x")
    lines = (tmp_path / "x" / "line_trips.csv").read_text(encoding="utf-8").splitlines()
    cells = lines[1].split(",")
    cells[4] = f"{cells[4][:3]}{(int(cells[4][3:]) + 1) % 60:02d}"  # departs
    (tmp_path / "x" / "line_trips.csv").write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", encoding="utf-8")
    rules = {v.rule for _, v in audit_shuttle_folder(tmp_path / "x")[1]}
    assert {"clock-face", "running-time"} <= rules


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_view_has_a_title_a_sentence_and_a_table(folder: Path, lang: str) -> None:
    family, found = FAMILIES["shuttles"], read_shuttle_folder(folder)
    names = family.names(found)
    assert family.opens in names
    assert set(LINE_VIEWS) < set(names)
    assert all((folder / f"{t}.csv").is_file() for t in family.tables)
    for name in names:
        view = family.show(found, name, lang)
        assert view.name == name
        assert view.title
        assert view.sentence
        assert view.table.rows
        assert all(len(row) == len(view.table.columns) for row in view.table.rows)
    for name in ("lines-far", "vehicles"):
        with pytest.raises(UnknownView):
            family.show(found, name, lang)


def test_report_and_cards_say_the_minutes(folder: Path) -> None:
    report, cards = (folder / "report.html").read_text(encoding="utf-8"), (folder / "cards.html").read_text(encoding="utf-8")
    row = rows(folder, "line_timetable")[0]
    assert every(row["past_hour"], int(row["hours"]), True) in report
    assert every(row["past_hour"], int(row["hours"]), True) in cards
    assert "every hour" in report


@pytest.mark.parametrize(("table", "column", "value", "said"), [
    ("lines", "headway_min", "often", "headway_min"), ("lines", "first_out", "25:99", "first_out"), ("lines", "island_id", "mars", "mars"), ("lines", "reserved", "lc:two", "CHARGER:NUMBER"),
    ("line_trips", "direction", "up", "direction"), ("line_trips", "wh", "", "wh"), ("line_riders", "people", "1.5", "people"), ("line_riders", "boat", "perhaps", "boat"),
])  # fmt: skip
def test_damage_is_told_with_its_place(folder: Path, tmp_path: Path, table: str, column: str, value: str, said: str) -> None:
    shutil.copytree(folder, tmp_path / "x")
    found = rows(folder, table)
    found[0][column] = value
    with (tmp_path / "x" / f"{table}.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(found[0]))
        writer.writeheader()
        writer.writerows(found)
    with pytest.raises(BadInput, match=said):
        read_shuttle_folder(tmp_path / "x")


def test_an_older_folder_has_no_lines(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "x")
    info = json.loads((tmp_path / "x" / "plan.json").read_text(encoding="utf-8"))
    del info["lines"]
    (tmp_path / "x" / "plan.json").write_text(json.dumps(info), encoding="utf-8")
    for name in LINE_COLUMNS:
        (tmp_path / "x" / f"{name}.csv").unlink()
    assert read_shuttle_folder(tmp_path / "x").plan.lines == {}


def test_words_are_complete() -> None:
    assert {c for columns in LINE_COLUMNS.values() for c in columns} - {"island_id", "walk_min", "wait_min", "ride_min", "boards", "alights"} <= set(LINE_HEADS)
    assert all(zh and en for zh, en in [*LINE_HEADS.values(), *LINE_LEFT.values()])
    assert every("05;35", 1, True) == "每小时 :05 :35"
    assert every("05", 2, True) == "每两小时 :05"
    assert every("05", 2, False) == "every 2 hours :05"


@pytest.mark.slow
def test_both_uses_share_a_folder_and_nothing_else(village_scenario: Path, village_ferry: Path, tmp_path: Path) -> None:
    facts = read_scenario(village_scenario)
    van, charger = facts.shuttle_fleets["van"], facts.bus_chargers["c1"]
    fleets = {"van": van, "line": replace(van, fleet_id="line", use="lines", day_cost_yuan=20.0)}
    people = {k: replace(s, residents=20 * s.residents) for k, s in facts.settlements.items()}
    chargers = {"c1": charger, "c2": replace(charger, charger_id="c2", use="lines")}
    write_scenario(replace(facts, shuttle_fleets=fleets, bus_chargers=chargers, settlements=people), tmp_path / "scenario")
    found = plan_shuttles(tmp_path / "scenario", village_ferry, "near", 6, 1, tmp_path / "plan", "en")
    lines, proof = found.plan.lines["near"]
    boats = found.plan.days["near"]
    assert found.audit["clean"]
    assert found.info["objective"] == proof.objective + found.plan.proofs[0].objective
    assert {r.vehicle.rpartition("-")[0] for r in boats.runs} == {"van"}
    assert {t.vehicle.rpartition("-")[0] for t in lines.trips} == {"line"}
    assert {c.charger for c in boats.charges} <= {"c1"}
    assert {t.charger for t in lines.trips} <= {"", "c2"}
    names = FAMILIES["shuttles"].names(found)
    assert names[0] == "map"
    assert names[-len(LINE_VIEWS) :] == tuple(LINE_VIEWS)
    assert "Apart:" in (tmp_path / "plan" / "report.html").read_text(encoding="utf-8")

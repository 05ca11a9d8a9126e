"""Today's timetables as shipped: rebuilt to the byte, complete or told what is missing, and clean under the audit."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from api.hand import audit_timetable
from islandflow.ferry.hand import read_hand_timetable
from islandflow.network.running import runs_on
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import read_scenario
from islandflow.scenario.schema import SERVICES

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "data" / "zhoushan"
TODAY = FOLDER / "as_run"


def build(scenario: Path, target: Path) -> str:
    """Runs the script; what it prints."""
    words = [sys.executable, "data/build_as_run.py", str(scenario), str(target)]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True, timeout=240).stdout


def rows(file: Path) -> list[dict[str, str]]:
    """A table as text."""
    with file.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


@pytest.fixture(scope="module")
def zhoushan() -> Scenario:
    return read_scenario(FOLDER)


def test_the_shipped_timetables_are_what_the_script_makes(tmp_path: Path) -> None:
    build(FOLDER, tmp_path)
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names == sorted([*(f"{s}.csv" for s in SERVICES), "changes.csv"])
    assert [n for n in names if (tmp_path / n).read_bytes() != (TODAY / n).read_bytes()] == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_sailing_of_today_is_there_or_told_as_left_out(zhoushan: Scenario, service: str) -> None:
    plan = read_hand_timetable(zhoushan, TODAY / f"{service}.csv", service)
    sails = Counter((s.line, s.ports[0]) for s in plan.sailings)
    lost = Counter((r["line"], r["from_port"]) for r in rows(TODAY / "changes.csv") if r["service"] == service and r["what"] == "left out")
    peak, wanted = zhoushan.services[service].peak, Counter[tuple[str, str]]()
    for line in zhoushan.lines.values():
        a_day = line.today_peak if peak else line.today_offpeak
        if a_day and line.runs_in(service) and runs_on(zhoushan, line, service):
            for port in (line.calls[0], line.calls[-1]):
                wanted[line.line_id, port] += max(1, round(a_day))
    assert sails + lost == wanted


@pytest.mark.parametrize("service", ["winter-weekday", "spring-festival"])
def test_today_breaks_no_rule_and_its_broken_obligations_are_named(service: str) -> None:
    report = audit_timetable(FOLDER, TODAY / f"{service}.csv", service)[2]
    assert report.violations == ()
    assert report.unmet
    assert all(o.amount > 0 and o.remedy_en and o.remedy_zh for o in report.unmet)


def test_documented_times_are_kept_and_all_else_is_marked(zhoushan: Scenario) -> None:
    found = rows(TODAY / "summer-weekend.csv")
    assert {r["basis"].partition(",")[0] for r in found} == {"documented", "estimated"}
    assert all(r["source"] for r in found)
    times = {(r["line"], r["port"], r["departs"]) for r in found if r["basis"] == "documented"}
    assert {
        ("N01", "banshengdong", "07:45"),
        ("G14", "sanjiang", "15:00"),
        ("G05", "huaniao-t", "14:15"),
        ("S05", "duntou", "09:50"),
    } <= times
    shuttle = sorted(r["departs"] for r in found if r["line"] == "P01" and r["departs"])
    assert (shuttle[0], shuttle[-1]) == ("06:20", "21:50")


def test_what_was_shifted_is_what_the_timetable_says() -> None:
    changed = {r["sailing"] for r in rows(TODAY / "changes.csv") if r["service"] == "summer-weekend" and r["what"] != "left out"}
    assert changed == {r["sailing"] for r in rows(TODAY / "summer-weekend.csv") if "," in r["basis"]}


def test_lines_of_some_days_sail_once_on_those(zhoushan: Scenario) -> None:
    found = [r for r in rows(TODAY / "winter-weekday.csv") if r["call"] == "1" and r["line"] in ("G13", "G18")]
    assert Counter((r["line"], r["days"]) for r in found) == {("G13", "1357"): 2, ("G18", "26"): 2}


def test_the_toy_s_day_is_built_clean_and_a_boat_too_few_is_told(tmp_path: Path, copy: Path) -> None:
    assert "20 sailings, 2 vessels" in build(copy, tmp_path / "a")
    assert audit_timetable(copy, tmp_path / "a" / "summer-weekend.csv", "summer-weekend")[2].clean
    fleet = (copy / "vessels.csv").read_text(encoding="utf-8").splitlines()
    (copy / "vessels.csv").write_text("\n".join(fleet[:2]) + "\n", encoding="utf-8")
    said = build(copy, tmp_path / "b")
    left = [r for r in rows(tmp_path / "b" / "changes.csv") if r["service"] == "summer-weekend" and r["what"] == "left out"]
    assert left
    assert said.count("left out: ") >= len(left)
    assert 20 - len(left) == sum(r["call"] == "1" for r in rows(tmp_path / "b" / "summer-weekend.csv"))
    assert audit_timetable(copy, tmp_path / "b" / "summer-weekend.csv", "summer-weekend")[2].clean

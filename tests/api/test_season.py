"""`islandflow season`: refused targets, a season killed midway and resumed, the same season either way."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "api.cli", "season"]
SMALL = ["--service", "winter-weekday", "--service", "summer-weekend", "--iterations", "4", "--workers", "1", "--pool", "1", "--lang", "en"]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *words], cwd=ROOT, capture_output=True, text=True, check=False)


def timetables(out: Path) -> dict[str, bytes]:
    return {f"{p.parent.name}/{p.name}": p.read_bytes() for n in ("timetable", "rotations") for p in out.glob(f"plans/*/{n}.csv")}


def test_unfit_words_are_refused_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/file").write_text("mine")
    done = run("data/toy", "--out", str(tmp_path / "mine"))
    assert done.returncode == 2
    assert "no season folder" in done.stderr
    assert (tmp_path / "mine/file").read_text() == "mine"
    done = run("data/toy", "--out", str(tmp_path / "new"), "--service", "sumer-weekend", "--core-from", "winter", "--lang", "zh")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 2
    assert "summer-weekend" in done.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.slow
def test_a_season_killed_midway_goes_on_and_is_the_same(tmp_path: Path) -> None:
    out = tmp_path / "killed"
    child = subprocess.Popen([*COMMAND, "data/toy", "--out", str(out), *SMALL], cwd=ROOT, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    first = out / "plans/winter-weekday/plan.json"
    until = time.monotonic() + 120
    while not first.is_file() and time.monotonic() < until:
        time.sleep(0.1)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert json.loads((out / "season.json").read_text())["state"] == "running"
    written = first.stat().st_mtime_ns
    other = run("data/toy", "--out", str(out), *SMALL, "--seed", "2")
    assert other.returncode == 2
    assert "settings" in other.stderr
    done = run("data/toy", "--out", str(out), *SMALL)
    assert done.returncode == 0, done.stderr
    assert first.stat().st_mtime_ns == written
    assert "already there" in done.stderr
    assert json.loads((out / "season.json").read_text())["state"] == "complete"
    whole = run("data/toy", "--out", str(tmp_path / "whole"), *SMALL)
    assert whole.returncode == 0, whole.stderr
    assert timetables(out) == timetables(tmp_path / "whole")
    assert len(timetables(out)) == 4
    assert {"calendar.csv", "patterns.csv", "frequency.csv", "months.csv", "core.csv", "residents.csv", "metrics.json", "report.html"} <= {
        p.name for p in out.iterdir()
    }


@pytest.mark.slow
def test_today_retimed_is_no_worse_and_is_compared(tmp_path: Path) -> None:
    """A timetable made by hand, at its best under its own vessels and lines, beside it: page, workbook and JSON."""
    command = [sys.executable, "-m", "api.cli"]
    asked = ["audit", "data/toy", "data/toy/as_run/summer-weekend.csv", "--service", "summer-weekend", "--out", str(tmp_path / "hand")]
    steps = (asked, ["retime", str(tmp_path / "hand"), "--solver", "monolith-highs", "--workers", "1", "--out", str(tmp_path / "best"), "--lang", "en"],
             ["compare", str(tmp_path / "hand"), str(tmp_path / "best"), "--out", str(tmp_path / "both"), "--lang", "en"])  # fmt: skip
    for step in steps:
        done = subprocess.run([*command, *step], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    told = json.loads((tmp_path / "both/comparison.json").read_text())
    society = next(r for r in told["whole"] if r["figure"] == "society_yuan")
    assert society["b"] <= society["a"]
    assert told["retimed"] == "B"
    fleet = {v["vessel"] for v in csv.DictReader((tmp_path / "hand/rotations.csv").open())}
    assert len({v["vessel"] for v in csv.DictReader((tmp_path / "best/rotations.csv").open())}) <= len(fleet)
    lines = {r["line"] for r in csv.DictReader((tmp_path / "best/timetable.csv").open())}
    assert lines <= {"L1", "L2", "L3", "+"}
    assert {p.name for p in (tmp_path / "both").iterdir()} == {"report.html", "comparison.xlsx", "comparison.json"}


@pytest.mark.slow
def test_the_curve_of_the_core_falls_in_changes_as_changes_grow_dear(tmp_path: Path) -> None:
    out = tmp_path / "season"
    done = run("data/toy", "--out", str(out), *SMALL, "--prices", "1", "--add", "1 launch at far-t for 900 in summer-weekend")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader((out / "fleet.csv").open()))
    assert [r["hired_for"] for r in rows] == ["", "", "summer-weekend"]
    assert next(r for r in rows if r["hired_for"])["winter-weekday"] == "0"
    assert set(json.loads((out / "prices.json").read_text())) == {"winter-weekday", "summer-weekend"}
    words = ["core-curve", str(out), "--prices", "0,5000", "--iterations", "4", "--workers", "1", "--lang", "en"]
    done = subprocess.run([sys.executable, "-m", "api.cli", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    free, dear = json.loads((out / "core_curve.json").read_text())
    assert (free["price_yuan"], dear["price_yuan"]) == (0, 5000)
    assert {free["service"], dear["service"]} == {"summer-weekend"}
    assert free["status"] == dear["status"] == "optimal"
    assert dear["changed"] <= free["changed"]
    assert dear["society_yuan"] >= free["society_yuan"]
    page = (out / "report.html").read_text(encoding="utf-8")
    assert all(words in page for words in ("What changing the core is worth", "How many timetables a year is worth", "The fleet over the year"))
    refused = subprocess.run([sys.executable, "-m", "api.cli", "core-curve", str(out), "--service", "sumer-weekend"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "summer-weekend" in refused.stderr

"""The terminal: exit codes, the plan folder, a hand-made timetable, nothing overwritten."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
COMMAND = [sys.executable, "-m", "api.cli"]


def run(*words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([*COMMAND, *words], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("plans") / "toy"
    run("plan", "data/toy", "--iterations", "20", "--workers", "1", "--out", str(out), "--lang", "en")
    return out


def test_the_folder_holds_what_the_contract_names(folder: Path) -> None:
    names = "plan.json timetable.csv rotations.csv loads.csv obligations.csv money.csv metrics.json audit.json trace.csv report.html passengers.csv"
    assert all((folder / n).is_file() for n in names.split())
    info = json.loads((folder / "plan.json").read_text())
    assert json.dumps(info).count('"gap"') == 1
    assert info["gap"] == (info["objective"] - info["bound"]) / info["objective"]


def test_a_plan_audits_itself(folder: Path) -> None:
    assert "violations 0" in run("audit", str(folder)).stdout


def test_a_broken_plan_is_told(folder: Path, tmp_path: Path) -> None:
    with (folder / "timetable.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    rows[0]["departs"] = "05:30"
    with (tmp_path / "today.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert "port-hours" in run("audit", "data/toy", str(tmp_path / "today.csv"), code=1).stdout


def test_the_same_seed_writes_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    run("plan", "data/toy", "--iterations", "20", "--workers", "1", "--out", str(tmp_path / "b"), "--lang", "en")
    for name in ("timetable.csv", "rotations.csv"):
        assert (tmp_path / "b" / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("check", "nowhere"), "does not exist"), (("plan", "data/toy", "--set", "sead=2"), "seed"), (("plan", "data/toy", "--set", "seed"), "NAME=VALUE"),
        (("plan", "data/toy", "--preset", "fast"), "preset"), (("plan", "data/toy", "--solver", "gredy"), "greedy"),
        (("plan", "data/toy", "--service", "summer"), "summer-"), (("audit", "data/toy"), "no plan folder"), (("plan", "data/toy", "--set", "workers=x"), "workers"),
    ],
)  # fmt: skip
def test_bad_words_end_with_two(words: tuple[str, ...], hint: str) -> None:
    assert hint in run(*words, "--lang", "en", code=2).stderr


def test_a_folder_that_is_no_plan_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    run("plan", "data/toy", "--out", str(tmp_path), "--lang", "en", code=2)
    assert (tmp_path / "letters.txt").read_text() == "mine"


def test_an_interrupt_keeps_the_best_plan(tmp_path: Path) -> None:
    out = tmp_path / "plan"
    process = subprocess.Popen(
        [*COMMAND, "plan", "data/zhoushan", "--service", "winter-weekday", "--time-limit", "100", "--out", str(out), "--lang", "en"],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    while "search" not in process.stderr.readline():
        assert process.poll() is None
    time.sleep(0.5)
    os.kill(process.pid, signal.SIGINT)
    assert process.wait(timeout=40) == 0
    assert json.loads((out / "plan.json").read_text())["stopped_by"] == "asked"


def test_our_own_data_pass_our_own_check() -> None:
    for name in ("toy", "zhoushan"):
        run("check", f"data/{name}", "--lang", "zh")


def test_a_sailing_is_explained_in_both_languages_and_as_json(folder: Path) -> None:
    assert "without it: left behind" in run("explain", str(folder), "--sailing", "S0001", "--lang", "en").stdout
    assert "若停开" in run("explain", str(folder), "--sailing", "S0001", "--lang", "zh").stdout
    said = json.loads(run("explain", str(folder), "--sailing", "S0001", "--json").stdout)
    assert said["sailing"]["id"] == "S0001"
    assert "--sailing S9" in run("explain", str(folder), "--sailing", "S9", code=2).stderr


@pytest.mark.slow
def test_a_missing_sailing_is_explained_in_both_languages_and_as_json(folder: Path) -> None:
    ask = ("explain", str(folder), "--missing", "hub", "near-t", "12:00")
    assert "cheapest vessel" in run(*ask, "--lang", "en").stdout
    assert "最省的船" in run(*ask, "--lang", "zh").stdout
    assert json.loads(run(*ask, "--json").stdout)["added"]["kind"] in ("at-hand", "laid-up", "more")
    assert "port hours" in run("explain", str(folder), "--missing", "hub", "near-t", "23:00", "--lang", "en").stdout
    assert "is no time" in run("explain", str(folder), "--missing", "hub", "near-t", "25 past", "--lang", "en", code=2).stderr
    assert "--missing nowhere" in run("explain", str(folder), "--missing", "nowhere", "hub", "12:00", code=2).stderr
    assert "one of" in run("explain", str(folder), "--lang", "en", code=2).stderr


@pytest.mark.slow
def test_conflicting_obligations_are_explained_in_both_languages(tmp_path: Path) -> None:
    scenario, folder = tmp_path / "tight", tmp_path / "plan"
    shutil.copytree(ROOT / "data" / "toy", scenario)
    duties, boats = scenario / "obligations.csv", scenario / "vessels.csv"
    # one boat cannot bring both islands in before seven
    duties.write_text(duties.read_text("utf-8").replace("near-t,hub,2,09:00", "near-t,hub,2,06:35").replace("far-t,hub,1,10:30", "far-t,hub,1,06:55"), "utf-8")
    boats.write_text(boats.read_text("utf-8").replace("isles,toy,1,hub", "isles,toy,0,hub"), "utf-8")
    assert "explain --conflicts" in run("plan", str(scenario), "--iterations", "10", "--workers", "1", "--out", str(folder), "--lang", "en").stdout
    said = run("explain", str(folder), "--conflicts", "--lang", "en").stdout
    assert "cannot be met together" in said
    assert "one more Small boat (small) (CNY 1,500 a day)" in said
    assert "不能同时满足" in run("explain", str(folder), "--conflicts", "--lang", "zh").stdout
    rules = json.loads(run("explain", str(folder), "--conflicts", "--json").stdout)["findings"][0]["core"]["rules"]
    assert sorted(rules) == [["far", "first-arrival"], ["near", "first-arrival"]]


@pytest.mark.slow
def test_preset_config_and_set_reach_the_plan_the_last_one_wins(tmp_path: Path) -> None:
    """What plan.json says was used, and that another seed is another timetable."""
    (tmp_path / "mine.toml").write_text("seed = 5\nheat = 3.0\nsolver = 'greedy'\n", encoding="utf-8")
    words = ("plan", "data/toy", "--preset", "quick", "--config", str(tmp_path / "mine.toml"), "--iterations", "30", "--workers", "1", "--quiet")
    used = {}
    for name, more in (("a", ()), ("b", ("--set", "seed=11", "--set", "ruin_vessels=1")), ("c", ("--set", "iterations=2"))):
        run(*words, *more, "--out", str(tmp_path / name))
        used[name] = json.loads((tmp_path / name / "plan.json").read_text(encoding="utf-8"))
    told = ("solver", "time_limit", "iterations", "seed", "heat", "ruin_vessels")
    assert [used["a"]["settings"][k] for k in told] == ["greedy", 60, 30, 5, 3.0, 2]
    assert [used["b"]["settings"][k] for k in told] == ["greedy", 60, 30, 11, 3.0, 1]
    assert [used["c"]["settings"][k] for k in told] == ["greedy", 60, 2, 5, 3.0, 2]
    assert used["c"]["bound"] < used["a"]["bound"]
    assert used["c"]["objective"] >= used["a"]["objective"]

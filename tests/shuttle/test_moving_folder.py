"""``shuttle --move-ferries``: both plans in one folder, each clean under its own audit, with a table of what moved and who gains."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from api.shuttle_moves import MovedPair, Moving
from islandflow.errors import BadInput
from islandflow.ferry.folder import read_plan
from islandflow.network.sea import build_network
from islandflow.scenario.reader import read_scenario
from islandflow.shuttle.folder import read_shuttle_folder
from islandflow.shuttle.moves import MOVES, shifts_between
from islandflow.shuttle.shuttleplan import ShuttlePlan
from islandflow.views.shuttle_moves import sections
from islandflow.views.shuttle_page import write_shuttle_report
from solvers.shuttle.moving import Limits, Pair
from solvers.shuttle.moving_ferry import FerrySide
from solvers.shuttle.moving_plan import Together
from tests.shuttle.test_folder import run


@pytest.fixture(scope="module")
def fine_grid(village_scenario: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The villages on a grid of ten minutes."""
    folder = tmp_path_factory.mktemp("fine") / "toy"
    shutil.copytree(village_scenario, folder)
    settings = folder / "settings.csv"
    settings.write_text(settings.read_text(encoding="utf-8").replace("grid_min,60", "grid_min,10"), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def folder(fine_grid: Path, village_ferry: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("together") / "plan"
    told = run(
        "shuttle", str(fine_grid), str(village_ferry), "--move-ferries", "--ferry-may-rise", "300", "--time-limit", "6", "--out", str(out), "--lang", "en"
    )  # fmt: skip
    assert "sailings moved: ferry" in told.stdout
    assert "round 1" in told.stderr
    return out


def test_both_plans_are_clean_and_say_the_same(folder: Path, village_ferry: Path) -> None:
    assert "violations 0" in run("shuttle-audit", str(folder)).stdout
    assert run("audit", str(folder / "ferry")).returncode == 0
    moves, ferry = json.loads((folder / "plan.json").read_text())["moves"], json.loads((folder / "ferry" / "plan.json").read_text())
    before = json.loads((village_ferry / "plan.json").read_text())
    assert moves["standing"]["ferry"] == before["objective"]
    assert moves["moved"]["ferry"] == ferry["objective"] == json.loads((folder / "ferry" / "audit.json").read_text())["objective_fen"]
    assert moves["moved"]["ferry"] <= moves["standing"]["ferry"] + 30_000
    assert moves["searched"]["buses"] <= moves["moved"]["buses"] <= moves["standing"]["buses"]
    assert sum(moves["moved"].values()) <= sum(moves["standing"].values())
    assert (sum(moves["moved"].values()) < sum(moves["standing"].values())) == (moves["sailings"] > 0)


def test_a_bound_of_other_facts_is_not_kept(folder: Path) -> None:
    """The ferry plan was made on a coarser grid: fewer candidates, so its bound proves nothing of this scenario."""
    ferry = json.loads((folder / "ferry" / "plan.json").read_text())
    assert ferry["bound"] is None
    assert ferry["gap"] is None
    assert ferry["moved_for_buses"]["bound_of"] is None


def test_moves_are_the_difference_of_the_timetables(folder: Path, village_ferry: Path) -> None:
    with (folder / "moves.csv").open(encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    was, now = read_plan(village_ferry).plan, read_plan(folder / "ferry").plan
    assert {r["sailing"]: int(r["minutes"]) for r in rows} == shifts_between(was, now)
    assert read_shuttle_folder(folder).ferry == now
    assert len(read_shuttle_folder(folder).moves) == len(rows)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_report_tells_what_moved_and_who_gains(folder: Path, lang: str, tmp_path: Path) -> None:
    found = read_shuttle_folder(folder)
    moves, people = sections(found, lang)
    assert len(moves["table"].rows) == found.info["moves"]["sailings"]
    assert len(people["table"].rows) == len(found.who)
    write_shuttle_report(found, tmp_path / "report.html", lang)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert moves["title"] in page
    assert people["sentence"] in page


def test_damaged_moves_are_told(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "x")
    row = ",".join("x" if c in ("minutes", "aboard") else "0" for c in MOVES)
    (tmp_path / "x" / "moves.csv").write_text(f"{','.join(MOVES)}\n{row}\n", encoding="utf-8")
    with pytest.raises(BadInput) as told:
        read_shuttle_folder(tmp_path / "x")
    assert {f.column for f in told.value.faults} == {"minutes", "aboard"}


@pytest.mark.parametrize("words", [("--most-minutes", "0"), ("--most-minutes", "121"), ("--ferry-may-rise", "-1"), ("--buses-may-rise", "-1")])
def test_senseless_limits_are_refused(village_scenario: Path, village_ferry: Path, tmp_path: Path, words: tuple[str, str]) -> None:
    assert words[0] in run("shuttle", str(village_scenario), str(village_ferry), "--move-ferries", *words, "--out", str(tmp_path / "n"), code=2).stderr


def test_the_bound_of_the_same_facts_stays(village_scenario: Path, village_ferry: Path) -> None:
    """Nothing moved: the certificate is that of the plan it began from, part by part."""
    facts, source = read_scenario(village_scenario), read_plan(village_ferry)
    network = build_network(facts)
    judged = FerrySide(facts, network, source.plan).judged(source.plan)
    start = Pair(judged, {}, {})
    pair = MovedPair(facts, network, source, Moving(), Limits(60), Together(start, start, ShuttlePlan(source.plan.service, {}, ()), ()))
    info = pair.info()
    for key in ("bound", "gap", "gap_net", "objective", "status", "candidates", "clusters"):
        assert info[key] == source.info[key], key
    assert info["bound"] is not None
    assert info["moved_for_buses"]["bound_of"]
    assert pair.told()["sailings"] == 0

"""A damaged plan folder is refused with the file and the place in it; a plan that breaks a rule is judged, never refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.service import audit_folder, write_plan
from islandflow.errors import BadInput, Fault
from islandflow.exchange.excel import export_plan
from islandflow.ferry.folder import read_plan, refuse_unshowable, write_aside
from islandflow.ferry.hand import read_hand_timetable
from islandflow.ferry.plan import FerryPlan
from islandflow.network.sea import SeaNetwork
from islandflow.passengers.seating import seat_passengers
from islandflow.scenario.entities import Scenario
from tests.conftest import ROOT

Damage = Callable[[Path], object]
HUGE = b'"' + b"x" * 200_000 + b'",\n'


@pytest.fixture(scope="module")
def whole(toy: Scenario, toy_network: SeaNetwork, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "plan"
    made = read_hand_timetable(toy, ROOT / "data/toy/as_run/summer-weekend.csv", "summer-weekend")
    plan = FerryPlan(made.service, made.sailings, seat_passengers(toy, made.service, made.sailings))
    info = {"status": "feasible", "service": plan.service, "objective": None, "bound": None, "gap": None, "gap_net": None, "clusters": [],
            "stage1": {"violations": 0, "bound": 0, "proven": False}, "seed": 0, "solver": "hand", "settings": {}, "versions": {}}  # fmt: skip
    write_plan(toy, toy_network, plan, folder, "zh", info, None, report=False)
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "plan"))


def faults_of(folder: Path) -> list[Fault]:
    with pytest.raises(BadInput) as caught:
        read_plan(folder)
    assert all(f.en and f.zh and f.remedy_en and f.remedy_zh for f in caught.value.faults)
    return caught.value.faults


TABLES = ("timetable.csv", "passengers.csv", "trace.csv", "loads.csv", "obligations.csv", "money.csv")
RECORDS = ("plan.json", "metrics.json", "audit.json")


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("damage", [
    lambda f: f.unlink(), lambda f: f.write_bytes(b""), lambda f: f.write_bytes(bytes(range(256))), lambda f: f.write_bytes(f.read_bytes() + HUGE),
    lambda f: f.write_bytes(f.read_bytes() + b"a,b\n"), lambda f: f.write_bytes(f.read_bytes()[3:]),
], ids=["missing", "empty", "binary", "huge field", "ragged", "header cut"])  # fmt: skip
def test_a_damaged_table_is_named(folder: Path, name: str, damage: Damage) -> None:
    damage(folder / name)
    assert {f.file for f in faults_of(folder)} == {name}


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("text", ["", "[]", "null", "{}", "[" * 100_000, "\x00", '{"status": 1, "sailings": "x", "clean": 5}'])
def test_a_damaged_record_is_named(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    assert {f.file for f in faults_of(folder)} == {name}


@pytest.mark.parametrize(("name", "path", "value"), [
    ("plan.json", "service", ["x"]), ("plan.json", "service", "summer"), ("plan.json", "gap", "small"), ("plan.json", "stage1.proven", 1),
    ("metrics.json", "segments.resident.left", None), ("metrics.json", "sailings", True), ("audit.json", "obligations.0.met", "yes"),
    ("audit.json", "money_fen.travellers", 0.5),
])  # fmt: skip
def test_the_place_in_a_record_is_named(folder: Path, name: str, path: str, value: object) -> None:
    record: Any = json.loads((folder / name).read_text(encoding="utf-8"))
    *way, last = path.split(".")
    inner = record
    for step in way:
        inner = inner[int(step) if step.isdigit() else step]
    inner[last] = value
    (folder / name).write_text(json.dumps(record))
    assert [(f.file, f.column) for f in faults_of(folder)] == [(name, path)]


@pytest.mark.parametrize(("name", "old", "new", "column"), [
    ("timetable.csv", ",07:00,", ",7 h,", "departs"), ("passengers.csv", ",resident,", ",resident,x", "wanted"),
    ("loads.csv", ",near-t,", ",nearr,", "from_port"), ("loads.csv", ",30,0,", ",many,0,", "seats"),
])  # fmt: skip
def test_the_place_in_a_table_is_named(folder: Path, name: str, old: str, new: str, column: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert (name, column) in {(f.file, f.column) for f in faults_of(folder)}


def test_what_is_no_plan_folder_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path, tmp_path / "none", tmp_path / "file"):
        assert "plan.json is missing" in faults_of(path)[0].text("en")


@pytest.mark.parametrize(("old", "new", "rule"), [(",near-t,", ",nearr,", "line-allowed"), ("small-01", "small-99", "vessel-exists")])
def test_a_timetable_that_breaks_a_rule_is_judged_though_it_cannot_be_drawn(folder: Path, old: str, new: str, rule: str) -> None:
    text = (folder / "timetable.csv").read_text(encoding="utf-8")
    (folder / "timetable.csv").write_text(text.replace(old, new), encoding="utf-8")
    found, report = audit_folder(folder)
    assert {v.rule for v in report.violations} == {rule}
    with pytest.raises(BadInput) as caught:
        refuse_unshowable(found)
    assert any(f.row and new.strip(",") in f.value for f in caught.value.faults)


@pytest.mark.parametrize("at_once", [True, False], ids=["exchanged", "one after the other"])
def test_a_folder_takes_the_place_of_another_and_leaves_nothing_behind(
    at_once: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not at_once:
        monkeypatch.setattr("islandflow.ferry.folder.exchange", lambda *_: False)
    for text in ("first", "second"):
        write_aside(tmp_path / "plan", lambda made, text=text: (made / "plan.json").write_text(text) and None)
        assert (tmp_path / "plan" / "plan.json").read_text() == text
        assert [f.name for f in tmp_path.iterdir()] == ["plan"]


@pytest.mark.parametrize("noise", [bytes(range(128, 256)), HUGE])
def test_a_damaged_table_is_no_workbook(folder: Path, tmp_path: Path, noise: bytes) -> None:
    (folder / "loads.csv").write_bytes(noise)
    with pytest.raises(BadInput, match=r"loads\.csv"):
        export_plan(folder, tmp_path / "plan.xlsx")
    assert not (tmp_path / "plan.xlsx").exists()

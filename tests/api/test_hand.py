"""A timetable made by hand, from the terminal: refused, judged with violations, or made a plan folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.hand import audit_timetable
from tests.api.test_cli import run

ROOT = Path(__file__).resolve().parents[2]
TOY = ROOT / "data" / "toy" / "as_run" / "summer-weekend.csv"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("plans") / "as-run"
    done = run("audit", "data/toy", str(TOY), "--service", "summer-weekend", "--out", str(out), "--lang", "en")
    assert "far last-boat: 14:00 (not before 15:00)" in done.stdout
    return out


def test_the_folder_says_that_nobody_searched(folder: Path) -> None:
    info = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    assert (info["solver"], info["status"], info["bound"], info["gap"], info["seed"]) == ("as-run", "feasible", None, None, None)
    assert info["stage1"] == {"violations": 1, "bound": None, "proven": False}
    assert json.dumps(info).count('"gap"') == 1
    names = "timetable.csv rotations.csv loads.csv obligations.csv money.csv metrics.json audit.json trace.csv report.html passengers.csv"
    assert all((folder / n).is_file() for n in names.split())


def test_the_money_is_what_a_hand_finds(folder: Path) -> None:
    """A litre is 6 yuan and 2.68 kg of carbon at 90 yuan a tonne; six trips of 30 litres and 30 yuan dues, four of 100 litres and 60."""
    money = json.loads((folder / "audit.json").read_text(encoding="utf-8"))["money_fen"]
    assert (money["sailings"], money["vessel_days"], money["second_crews"]) == (6 * (18_724 + 3_000) + 4 * (62_412 + 6_000), 470_000, 0)


def test_the_folder_is_audited_and_shown_like_any_other(folder: Path, tmp_path: Path) -> None:
    info = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    assert f"objective {info['objective'] / 100:.2f} yuan; obligations met 13/14; violations 0" in run("audit", str(folder)).stdout
    shown = run("show", str(folder), "--lang", "en").stdout
    assert "feasible · as-run" in shown
    assert "seed" not in shown
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "the timetable summer-weekend.csv is judged as it stands" in page
    assert "has not been proven" in page
    assert "are estimates" not in page
    run("excel", "export", str(folder), str(tmp_path / "as-run.xlsx"))
    assert "islandflow audit" in run("excel", "import", str(tmp_path / "as-run.xlsx"), str(tmp_path / "back")).stdout
    again = run("audit", "data/toy", str(tmp_path / "back" / "timetable.csv")).stdout
    assert again == run("audit", str(folder)).stdout


def test_the_same_timetable_gives_the_same_plan(folder: Path, tmp_path: Path) -> None:
    run("audit", "data/toy", str(TOY), "--out", str(tmp_path / "b"))
    for name in ("timetable.csv", "rotations.csv", "passengers.csv", "audit.json"):
        assert (tmp_path / "b" / name).read_bytes() == (folder / name).read_bytes()


def test_estimated_times_are_called_so_in_plan_and_report(tmp_path: Path) -> None:
    lines = TOY.read_text(encoding="utf-8").splitlines()
    words = ["basis", "documented", "documented", "estimated", "estimated", *['"estimated, shifted +3 min"'] * (len(lines) - 5)]
    (tmp_path / "today.csv").write_text("".join(f"{a},{b}\n" for a, b in zip(lines, words, strict=True)), encoding="utf-8")
    run("audit", "data/toy", str(tmp_path / "today.csv"), "--out", str(tmp_path / "plan"))
    assert json.loads((tmp_path / "plan" / "plan.json").read_text(encoding="utf-8"))["timetable_estimated"] == 9
    page = (tmp_path / "plan" / "report.html").read_text(encoding="utf-8")
    assert "The times of 9 / 10 sailings are estimates." in page
    assert "9 / 10 班的时刻为估计" in page


BROKEN = [
    ("N2,L1,small-01,hub,,08:00", "N2,L1,small-01,hub,,07:39", "turnaround", 1, "min"),
    ("far-t,09:05", "far-t,09:04", "running-time", 1, "min"),
    ("N1,L1,small-01,near-t,,07:00", "N1,L1,small-01,near-t,,05:59", "port-hours", 1, "min"),
    ("N6,L1,small-01,near-t,17:00,", "N6,L1,small-01,near-t,16:59,", "running-time", 1, "min"),
    ("F3,L2,big-01,hub,,14:00\nF3,L2,big-01,far-t,14:50,\n", "", "position", 1, "sailing"),
    ("F4,L2,big-01,far-t,,15:10\nF4,L2,big-01,hub,16:00,\n", "", "overnight", 1, "vessel"),
    ("F2,L2,", "F2,L1,", "line-allowed", 1, "sailing"),
]


@pytest.mark.parametrize(("old", "new", "rule", "amount", "unit"), BROKEN)
def test_a_broken_rule_is_named_with_its_amount(tmp_path: Path, old: str, new: str, rule: str, amount: int, unit: str) -> None:
    text = TOY.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "today.csv").write_text(text.replace(old, new), encoding="utf-8")
    found = audit_timetable(ROOT / "data" / "toy", tmp_path / "today.csv", "summer-weekend")[2]
    assert [(v.rule, v.amount, v.unit) for v in found.violations] == [(rule, amount, unit)]


def test_a_violation_ends_with_one_and_is_not_called_feasible(tmp_path: Path) -> None:
    (tmp_path / "today.csv").write_text(TOY.read_text(encoding="utf-8").replace("far-t,,09:20", "far-t,,09:19"), encoding="utf-8")
    out = tmp_path / "plan"
    assert "turnaround" in run("audit", "data/toy", str(tmp_path / "today.csv"), "--out", str(out), code=1).stdout
    assert json.loads((out / "plan.json").read_text(encoding="utf-8"))["status"] == "no_solution"
    run("audit", str(out), code=1)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("data/toy", "today.csv"), "today.csv row 2 column port"),
        (("data/toy", str(TOY), "--service", "summer"), "--service"),
        (("data/toy", "nowhere.csv"), "nowhere.csv"),
        (("data/toy", str(TOY), "--out", "data"), "exists and is no plan folder"),
        (("data/toy", "--out", "somewhere"), "give a timetable too"),
    ],
)
def test_bad_words_end_with_two(tmp_path: Path, words: tuple[str, ...], hint: str) -> None:
    (tmp_path / "today.csv").write_text(TOY.read_text(encoding="utf-8").replace("near-t", "near", 1), encoding="utf-8")
    given = [str(tmp_path / w) if w == "today.csv" else w for w in words]
    assert hint in run("audit", *given, "--lang", "en", code=2).stderr

"""The command, its folder, the audit of the folder, every view in both languages, damage told."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from islandflow.errors import BadInput
from islandflow.shuttle.folder import read_shuttle_folder
from islandflow.views.shuttle import NAMES, show

ROOT = Path(__file__).resolve().parents[2]


def run(*words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([sys.executable, "-m", "api.cli", *words], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="module")
def folder(village_scenario: Path, village_ferry: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("shuttles") / "plan"
    run("shuttle", str(village_scenario), str(village_ferry), "--time-limit", "3", "--out", str(out), "--lang", "en")
    return out


def test_the_folder_is_whole_and_clean(folder: Path) -> None:
    names = "plan.json audit.json runs.csv halts.csv loads.csv charges.csv rests.csv unserved.csv boats.csv cards.csv medical.csv report.html cards.html"
    assert all((folder / n).is_file() for n in names.split())
    info = json.loads((folder / "plan.json").read_text())
    assert json.dumps(info).count('"gap"') == 1
    assert 0 < info["bound"] <= info["objective"]
    assert info["gap"] == (info["objective"] - info["bound"]) / info["objective"]
    assert "violations 0" in run("shuttle-audit", str(folder)).stdout


def test_a_moved_run_is_found(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "x")
    runs = (tmp_path / "x" / "runs.csv").read_text(encoding="utf-8").splitlines()
    cells = runs[1].split(",")
    cells[5] = "05:01"  # begins
    (tmp_path / "x" / "runs.csv").write_text("\n".join([runs[0], ",".join(cells), *runs[2:]]) + "\n", encoding="utf-8")
    assert "running-time" in run("shuttle-audit", str(tmp_path / "x"), code=1).stdout


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_every_view_has_a_title_a_sentence_and_a_table(folder: Path, name: str, lang: str) -> None:
    view = show(name, read_shuttle_folder(folder), lang=lang, island="near")
    assert view.title
    assert view.sentence
    assert all(len(row) == len(view.table.columns) for row in view.table.rows)
    assert view.as_json()["figure"]["data"] is not None


def test_unknown_views_and_islands_are_refused(folder: Path) -> None:
    found = read_shuttle_folder(folder)
    with pytest.raises(KeyError):
        show("nothing", found)
    with pytest.raises(BadInput, match="no island"):
        show("map", found, island="far")


@pytest.mark.parametrize(("table", "text", "said"), [
    ("runs", "island_id,run\nnear,R001\n", "column is missing"),
    ("halts", "island_id,run,halt,stop,minute\nnear,R999,1,beach,08:00\n", "is no run"),
    ("charges", "island_id,vehicle,charger,begins,ends,units\nmars,van-01,c1,08:00,08:10,1\n", "mars"),
])  # fmt: skip
def test_damage_is_told(folder: Path, tmp_path: Path, table: str, text: str, said: str) -> None:
    shutil.copytree(folder, tmp_path / "x")
    (tmp_path / "x" / f"{table}.csv").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=said):
        read_shuttle_folder(tmp_path / "x")


def test_bad_words_end_with_two(village_scenario: Path, village_ferry: Path, folder: Path, tmp_path: Path) -> None:
    assert "far" in run("shuttle", str(village_scenario), str(village_ferry), "--island", "far", "--out", str(tmp_path / "n"), code=2).stderr
    assert "shuttle" in run("shuttle-audit", str(village_ferry), code=2).stderr

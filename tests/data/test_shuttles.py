"""The synthetic vehicles of the islands as shipped: labelled, on roads, and the same when built again, in whatever order."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from islandflow.scenario.line_parameters import LINE_SETTINGS
from islandflow.scenario.reader import read_scenario

DATA = Path(__file__).parents[2] / "data"
TABLES = ("shuttle_fleets", "bus_chargers", "settings")


def test_every_row_says_that_it_is_synthetic() -> None:
    scenario = read_scenario(DATA / "zhoushan")
    assert all(f.synthetic for f in scenario.shuttle_fleets.values())
    assert all(c.synthetic for c in scenario.bus_chargers.values())
    assert all("synthetic" in row["src_note"] for table in TABLES[:2] for row in scenario.provenance[table].values())
    assert all(scenario.settings[c.name].source == "estimated" for c in LINE_SETTINGS)
    assert {f.island_id for f in scenario.shuttle_fleets.values() if f.use == "lines"} == {"taohua", "qushan"}


def test_building_again_writes_the_same_bytes(tmp_path: Path) -> None:
    target = tmp_path / "z"
    shutil.copytree(DATA / "zhoushan", target)
    for name in TABLES[:2]:
        (target / f"{name}.csv").unlink()
    for script in ("build_shuttles.py", "build_roads.py"):
        subprocess.run([sys.executable, DATA / script, target], check=True, capture_output=True)
    assert [t for t in TABLES if (target / f"{t}.csv").read_bytes() != (DATA / "zhoushan" / f"{t}.csv").read_bytes()] == []

"""The near island of the toy with two villages, a road, a van and a charger, and a ferry plan of it."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TABLES = {
    "settlements": (
        "settlement_id,name_zh,name_en,island_id,place_id,lat,lon,residents,beds",
        "village,山村,Hill village,near,village,30.01,122.13,400,0",
        "beach,沙滩,Beach,near,,29.98,122.14,100,300",
    ),
    "roads": (
        "road_id,island_id,from_node,to_node,from_lat,from_lon,to_lat,to_lon,length_m,kind,speed_km_h,synthetic",
        "r1,near,near-t,village,30.0,122.12,30.01,122.13,2000,main,40,yes",
        "r2,near,near-t,beach,30.0,122.12,29.98,122.14,4000,local,30,yes",
    ),
    "shuttle_fleets": (
        "fleet_id,name_zh,name_en,island_id,base,count,seats,battery_kwh,kwh_per_km,day_cost_yuan,km_cost_yuan,synthetic",
        "van,小巴,Van,near,near-t,2,12,20,0.4,100,1,yes",
    ),
    "bus_chargers": ("charger_id,node,count,power_kw,synthetic", "c1,near-t,1,60,yes"),
}


@pytest.fixture(scope="session")
def village_scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("villages") / "toy"
    shutil.copytree(ROOT / "data" / "toy", folder)
    for name, lines in TABLES.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    settings = folder / "settings.csv"
    with settings.open("a", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([("shuttle_walk_min", "5", "test"), ("shuttle_share", "0.8", "test")])
    return folder


@pytest.fixture(scope="session")
def village_ferry(village_scenario: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("ferry") / "plan"
    words = ["plan", str(village_scenario), "--service", "summer-weekend", "--iterations", "20", "--workers", "1", "--quiet", "--out", str(out)]
    subprocess.run([sys.executable, "-m", "api.cli", *words], cwd=ROOT, check=True, capture_output=True, timeout=600)
    return out

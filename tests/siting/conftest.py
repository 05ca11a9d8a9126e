"""A tiny island with four villages along one road, and its scenario."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import read_scenario

ROOT = Path(__file__).parents[2]
# four villages along one road from the quay near-t: 1 km apart at 30 km/h = 120 s each; d is 20 km further, 2400 s
HOMES = """settlement_id,name_zh,name_en,island_id,lat,lon,residents,beds,elderly_share,synthetic
a,甲,A,near,30.00,122.13,1000,0,0.3,yes
b,乙,B,near,30.00,122.14,400,0,0.2,yes
c,丙,C,near,30.00,122.15,400,200,0.2,yes
d,丁,D,near,30.00,122.33,40,0,0.5,yes
"""
HEAD = "road_id,island_id,from_node,to_node,from_lat,from_lon,to_lat,to_lon,length_m,kind,speed_km_h,upgrade_km_h,upgrade_cost_yuan,synthetic\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("scenario") / "toy"
    shutil.copytree(ROOT / "data" / "toy", target)
    (target / "settlements.csv").write_text(HOMES, encoding="utf-8")
    (target / "roads.csv").write_text(
        HEAD
        + "r0,near,near-t,a,30.0,122.12,30.0,122.13,1000,local,30,,,yes\n"
        + "r1,near,a,b,30.0,122.13,30.0,122.14,1000,local,30,,,yes\nr2,near,b,c,30.0,122.14,30.0,122.15,1000,local,30,,,yes\n"
        + "r3,near,c,d,30.0,122.15,30.0,122.33,20000,lane,30,60,100000,yes\n",
        encoding="utf-8",
    )
    (target / "sites.csv").write_text(
        "site_id,node,kind,status,synthetic\ns1,a,logistics,existing,yes\ns2,near-t,logistics,forbidden,yes\n", encoding="utf-8"
    )
    return target


@pytest.fixture(scope="module")
def scenario(folder: Path) -> Scenario:
    return read_scenario(folder)

"""Settlements, roads and sites: optional, checked like the other tables."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from islandflow.scenario.reader import check_scenario, read_scenario

HOMES = "settlement_id,name_zh,name_en,island_id,place_id,lat,lon,residents,beds\na,甲,A,near,,30.0,122.2,100,5\nb,乙,B,near,,30.0,122.21,50,0\n"
ROADS = (
    "road_id,island_id,from_node,to_node,from_lat,from_lon,to_lat,to_lon,length_m,kind,speed_km_h,upgrade_km_h,upgrade_cost_yuan,synthetic\n"
    "r1,near,a,j1,30.0,122.2,30.0,122.205,500,local,30,40,1000,yes\nr2,near,j1,b,30.0,122.205,30.0,122.21,500,lane,20,,,yes\n"
)
SITES = "site_id,node,kind,status\ns1,a,logistics,existing\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "toy"
    shutil.copytree(Path(__file__).parents[2] / "data" / "toy", target)
    for name, text in (("settlements", HOMES), ("roads", ROADS), ("sites", SITES)):
        (target / f"{name}.csv").write_text(text, encoding="utf-8")
    return target


def change(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_sound_tables_are_read(folder: Path) -> None:
    found = read_scenario(folder)
    assert (list(found.settlements), list(found.roads), list(found.sites)) == (["a", "b"], ["r1", "r2"], ["s1"])
    assert found.roads["r1"].synthetic
    assert not check_scenario(folder)


def test_they_are_optional(folder: Path) -> None:
    for name in ("settlements", "roads", "sites"):
        (folder / f"{name}.csv").unlink()
    assert not check_scenario(folder)
    assert not read_scenario(folder).roads


@pytest.mark.parametrize(
    ("file", "old", "new", "column"),
    [
        ("roads.csv", "a,j1,30.0,122.2,", "a,a,30.0,122.2,", "to_node"),
        ("roads.csv", "122.205,500,local", "122.205,300,local", "length_m"),  # shorter than the straight line
        ("roads.csv", "j1,b,30.0,122.205,", "j1,b,30.0,122.215,", "from_lat"),  # a junction in two places
        ("roads.csv", ",40,1000,", ",40,,", "upgrade_cost_yuan"),
        ("roads.csv", "lane,20", "lane,-20", "speed_km_h"),
        ("roads.csv", "r2,near", "r2,nowhere", "island_id"),
        ("settlements.csv", "a,甲", "hub,甲", "settlement_id"),
        ("settlements.csv", "near,,30.0,122.2,100", "near,x,30.0,122.2,100", "place_id"),
        ("settlements.csv", "122.2,100,5", "122.2,-1,5", "residents"),
        ("sites.csv", "s1,a", "s1,j1", "node"),  # a point stands at a settlement or a port
        ("sites.csv", "existing", "open", "status"),
    ],
)
def test_a_wrong_cell_is_named(folder: Path, file: str, old: str, new: str, column: str) -> None:
    change(folder, file, old, new)
    faults = [f for f in check_scenario(folder) if not f.warning]
    assert any(f.file == file and f.column == column and f.remedy_zh and f.remedy_en for f in faults), [f.text("en") for f in faults]


def test_a_length_at_the_limit_is_silent(folder: Path) -> None:
    change(folder, "roads.csv", "122.205,500,local", "122.205,463,local")  # 482 m straight, 20 m are forgiven
    assert not check_scenario(folder)
    change(folder, "roads.csv", "122.205,463,local", "122.205,461,local")
    assert check_scenario(folder)


def test_a_settlement_on_no_road_is_a_notice(folder: Path) -> None:
    change(folder, "roads.csv", "j1,b,30.0,122.205,30.0,122.21", "j1,j2,30.0,122.205,30.0,122.21")
    assert [(f.column, f.warning) for f in check_scenario(folder)] == [("settlement_id", True)]

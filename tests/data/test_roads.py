"""The synthetic roads as shipped: labelled, on land, joined, and the same when built again."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest

from islandflow.scenario.reader import read_scenario

DATA = Path(__file__).parents[2] / "data"
WANTED = (
    "zhujiajian",
    "liuheng",
    "taohua",
    "daishan",
    "qushan",
    "sijiao",
    "gouqi",
    "shengshan",
    "miaozihu",
    "qingbang",
    "dongfushan",
    "huangxing",
)


@pytest.fixture(scope="module")
def scenario():
    return read_scenario(DATA / "zhoushan")


def test_every_named_island_has_settlements_and_roads(scenario) -> None:
    for island in WANTED:
        assert any(s.island_id == island for s in scenario.settlements.values()), island
        assert any(r.island_id == island for r in scenario.roads.values()), island
    assert all(r.synthetic and scenario.provenance["roads"][r.road_id,]["src_note"] for r in scenario.roads.values())
    assert all(s.synthetic for s in scenario.sites.values())


def test_all_settlements_and_quays_of_an_island_are_joined(scenario) -> None:
    graph = nx.Graph((r.from_node, r.to_node) for r in scenario.roads.values())
    for island in WANTED:
        nodes = [s.settlement_id for s in scenario.settlements.values() if s.island_id == island]
        nodes += [p.port_id for p in scenario.ports.values() if p.island_id == island]
        assert all(nx.has_path(graph, nodes[0], n) for n in nodes), island
    assert nx.has_path(graph, "gouqi-01", "shengshan-01")
    assert not nx.has_path(graph, "gouqi-01", "sijiao-01")


def test_building_again_writes_the_same_bytes(tmp_path: Path) -> None:
    shutil.copytree(DATA / "zhoushan", tmp_path / "z")
    for name in ("roads", "settlements", "sites"):
        (tmp_path / "z" / f"{name}.csv").unlink()
    subprocess.run([sys.executable, DATA / "build_roads.py", tmp_path / "z"], check=True, capture_output=True)
    for name in ("roads", "settlements", "sites", "settings"):
        assert (tmp_path / "z" / f"{name}.csv").read_bytes() == (DATA / "zhoushan" / f"{name}.csv").read_bytes(), name

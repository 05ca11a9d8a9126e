"""A cluster, or a line, alone: sound by itself, whole as far as it goes, and judged from its plan folder alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from api.alone import write_cut
from islandflow.network.sea import CACHE, build_network
from islandflow.passengers.access import land_access
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import check_scenario, read_scenario
from tests.api.test_cli import run

ROOT = Path(__file__).resolve().parents[2]
CLUSTERS = ("daishan-qushan", "dinghai-south", "dongji", "putuo-inner", "putuo-south", "shengsi")


@pytest.fixture(scope="module")
def zhoushan() -> Scenario:
    return read_scenario(ROOT / "data" / "zhoushan")


@pytest.fixture(scope="module")
def cuts(zhoushan: Scenario, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scenario]:
    folder = tmp_path_factory.mktemp("cuts")
    return {name: write_cut(zhoushan, name, folder / name) for name in (*CLUSTERS, "wugongzhi-putuoshan")}


def test_the_clusters_are_those_of_the_lines(zhoushan: Scenario) -> None:
    assert {line.cluster for line in zhoushan.lines.values()} == set(CLUSTERS)


@pytest.mark.parametrize("name", [*CLUSTERS, "wugongzhi-putuoshan"])
def test_a_cut_passes_the_check_and_measures_as_the_whole(zhoushan: Scenario, cuts: dict[str, Scenario], name: str) -> None:
    cut = cuts[name]
    assert cut.folder is not None
    assert check_scenario(cut.folder) == []
    assert {port for line in cut.lines.values() for port in line.calls} <= set(cut.ports)
    assert {fleet.home_port for fleet in cut.fleets.values()} <= set(cut.ports)
    ports = land_access(cut).ports
    assert all(ports[d.from_place] and ports[d.to_place] for d in cut.demand)
    before, after = build_network(zhoushan), build_network(cut)
    assert (cut.folder / CACHE).is_file()
    assert all(after.nm(a, b) == before.nm(a, b) for a in cut.ports for b in cut.ports)


def test_every_line_vessel_and_wish_is_in_some_cluster(zhoushan: Scenario, cuts: dict[str, Scenario]) -> None:
    parts = [cuts[name] for name in CLUSTERS]
    assert sorted(key for part in parts for key in part.lines) == sorted(zhoushan.lines)
    assert sorted(key for part in parts for key in part.fleets) == sorted(zhoushan.fleets)
    assert {d for part in parts for d in part.demand} == set(zhoushan.demand)
    assert sorted(key for part in parts for key in part.obligations) == sorted(zhoushan.obligations)


def test_the_putuoshan_line_alone(zhoushan: Scenario, cuts: dict[str, Scenario]) -> None:
    cut = cuts["wugongzhi-putuoshan"]
    assert (set(cut.lines), set(cut.obligations)) == ({"P01"}, {"putuoshan"})
    assert {fleet.vessel_class for fleet in cut.fleets.values()} == {"zhupu-conv", "business-boat", "haihua-electric45", "battery-conv"}
    wished = {"wugongzhi-quay", "putuoshan-t-quay", "putuoshan-airport"}
    assert {d for d in zhoushan.demand if {d.from_place, d.to_place} <= wished} == set(cut.demand)


@pytest.mark.slow
@pytest.mark.parametrize(
    "words", [pytest.param(("data/zhoushan", "dongji"), marks=pytest.mark.slow), ("data/toy", "toy"), ("data/toy", "far-hub")]
)
def test_a_plan_of_a_part_is_audited_from_its_folder_alone(tmp_path: Path, words: tuple[str, str]) -> None:
    scenario, name = words
    run("plan", scenario, "--cluster", name, "--iterations", "5", "--workers", "1", "--out", str(tmp_path / "plan"), "--lang", "en")
    elsewhere = Path(shutil.move(tmp_path / "plan", tmp_path / "moved"))
    info = json.loads((elsewhere / "plan.json").read_text(encoding="utf-8"))
    assert info["cluster"] == name
    assert info["cut_from"] == read_scenario(ROOT / scenario).digest
    assert info["scenario_hash"] == read_scenario(elsewhere / "scenario").digest
    assert f"objective {info['objective'] / 100:.2f} yuan" in run("audit", str(elsewhere)).stdout


def test_a_plan_of_the_whole_names_no_cluster(tmp_path: Path) -> None:
    run("plan", "data/toy", "--iterations", "1", "--workers", "1", "--out", str(tmp_path / "plan"), "--lang", "en")
    info = json.loads((tmp_path / "plan" / "plan.json").read_text(encoding="utf-8"))
    assert (info["cluster"], info["cut_from"]) == (None, None)


@pytest.mark.parametrize(("lang", "hint"), [("en", "did you mean dongji?"), ("zh", "是否为 dongji?")])
def test_an_unknown_cluster_is_refused_with_the_nearest(tmp_path: Path, lang: str, hint: str) -> None:
    done = run("plan", "data/zhoushan", "--cluster", "dongjii", "--out", str(tmp_path / "plan"), "--lang", lang, code=2)
    assert hint in done.stderr
    assert not (tmp_path / "plan").exists()

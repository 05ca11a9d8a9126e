"""Names in place of ids: no two things of a scenario read the same, in either language."""

from __future__ import annotations

from pathlib import Path

import pytest

from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import read_scenario
from islandflow.views.names import cluster_name, ids_named, line_name, short_port, vessel_name
from islandflow.views.style import operator_signs

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def zhoushan() -> Scenario:
    return read_scenario(ROOT / "data" / "zhoushan")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_ports_vessels_lines_and_clusters_have_names_of_their_own(zhoushan: Scenario, lang: str) -> None:
    ports = [short_port(zhoushan, p, lang) for p in zhoushan.ports]
    vessels = [vessel_name(zhoushan, v, lang) for f in zhoushan.fleets.values() for v in f.vessel_ids()]
    lines = [line_name(zhoushan, x, lang) for x in zhoushan.lines]
    clusters = [cluster_name(zhoushan, c, lang) for c in {x.cluster for x in zhoushan.lines.values()}]
    for names in (ports, vessels, lines, clusters):
        assert len(set(names)) == len(names)
        assert all(names)
    assert not set(ports) & set(zhoushan.ports)


def test_a_port_keeps_its_full_name_where_the_short_one_is_taken(toy: Scenario) -> None:
    from dataclasses import replace

    ports = dict(toy.ports)
    ports["near-t"] = replace(ports["near-t"], name_en="Bay Pier", name_zh="大湾客运码头")
    ports["far-t"] = replace(ports["far-t"], name_en="Bay Terminal", name_zh="大湾客运中心")
    same = replace(toy, ports=ports)
    assert [short_port(same, p, "en") for p in same.ports] == ["Hub", "Bay Pier", "Bay Terminal"]
    assert [short_port(same, p, "zh") for p in same.ports] == ["枢纽港", "大湾客运码头", "大湾客运中心"]


@pytest.mark.parametrize(("text", "said"), [
    ("one more sailing near-t→hub", "one more sailing Near→Hub"),
    ("no vessel of the scenario may sail near-t-hub: add a vessel", "no vessel of the scenario may sail Near – Hub: add a vessel"),
    ("S03 hub-far-t", "S03 Hub – Far"),
    ("near-t-far-t", "Near – Far"),
    ("hubcap, subhub, hub-x, x-hub", "hubcap, subhub, hub-x, x-hub"),
])  # fmt: skip
def test_ids_of_ports_are_replaced_as_whole_words(toy: Scenario, text: str, said: str) -> None:
    assert ids_named(toy, text, "en") == said


def test_operators_are_told_apart_by_more_than_colour(zhoushan: Scenario) -> None:
    signs = [operator_signs(zhoushan, o) for o in zhoushan.operators]
    assert len({(colour, hatch) for colour, _, hatch in signs}) == len(signs)


def test_a_cluster_is_not_named_by_an_island_that_no_line_serves(zhoushan: Scenario) -> None:
    """Changbai has a port and more residents than Panzhi, but its ferry ended with the bridge."""
    cluster = zhoushan.ports["changbai-t"].cluster
    assert not any("changbai-t" in line.calls for line in zhoushan.lines.values())
    assert "Changbai" not in cluster_name(zhoushan, cluster, "en")

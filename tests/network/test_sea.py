"""Sea paths round a square island: what a chart would show."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Polygon

from islandflow.network.sea import CACHE, build_network, distance_check, key_of, write_cache
from islandflow.scenario.entities import LinePattern, Port, Scenario, SeaLeg
from islandflow.sphere import great_circle

SQUARE = ((122.1, 29.9), (122.3, 29.9), (122.3, 30.1), (122.1, 30.1))
World = Callable[..., Scenario]


def port(name: str, lon: float, lat: float) -> Port:
    """A port of which only the position matters."""
    return Port(name, name, name, "isle", f"{name}-quay", "c", "port", lat, lon, 300, 1320, 2, None, 90.0, 2)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Makes a scenario of ports and islands in a folder of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def make(*ports: Port, islands: tuple[tuple[tuple[float, float], ...], ...] = (SQUARE,), coast: bool = True) -> Scenario:
        folder = tmp_path / "scenario"
        folder.mkdir(exist_ok=True)
        rings = [[[*ring, ring[0]]] for ring in islands]
        features = [{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": r}} for r in rings]
        (folder / "coast.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        return Scenario(
            "x", "x", "", {}, {}, {p.port_id: p for p in ports}, (), (), {}, {}, {}, {}, (), (), (), {}, (), {},
            coastline=folder / "coast.geojson" if coast else None, folder=folder,
        )  # fmt: skip

    return make


def test_without_an_island_between_the_way_is_the_great_circle(world):
    a, b = port("a", 122.0, 30.2), port("b", 122.4, 30.2)
    network = build_network(world(a, b))
    assert network.nm("a", "b") == pytest.approx(great_circle(a, b), abs=0.01)
    assert network.path("a", "b") == ((122.0, 30.2), (122.4, 30.2))


def test_without_a_coastline_every_way_is_a_great_circle(world):
    a, b = port("a", 122.0, 30.0), port("b", 122.4, 30.0)
    assert build_network(world(a, b, coast=False)).nm("a", "b") == great_circle(a, b)


def test_the_way_goes_round_the_two_nearer_corners(world):
    a, b = port("a", 122.0, 30.05), port("b", 122.4, 30.05)
    network = build_network(world(a, b))
    corners = (port("nw", 122.1, 30.1), port("ne", 122.3, 30.1))
    shortest = great_circle(a, corners[0]) + great_circle(*corners) + great_circle(corners[1], b)
    assert shortest <= network.nm("a", "b") <= shortest + 0.06  # boats keep 25 m off
    assert not LineString(network.path("a", "b")).intersects(Polygon(SQUARE))
    assert len(network.path("a", "b")) == 4


def test_both_directions_are_the_same_way(world):
    network = build_network(world(port("a", 122.0, 30.0), port("b", 122.4, 30.03)))
    assert network.nm("a", "b") == network.nm("b", "a") > 0
    assert network.path("b", "a") == network.path("a", "b")[::-1]
    assert network.nm("a", "a") == 0


def test_a_port_on_land_is_moved_to_the_nearest_shore_and_named(world):
    inland, free = port("inland", 122.11, 30.0), port("free", 122.0, 30.0)
    network = build_network(world(inland, free))
    assert set(network.moved) == {"inland"}
    assert network.moved["inland"] == pytest.approx(0.01 * 111_195 * 0.866, abs=5)
    assert network.path("inland", "free")[0][0] == pytest.approx(122.1, abs=2e-4)
    assert network.nm("inland", "free") >= great_circle(inland, free)


def test_water_enclosed_by_land_is_out_of_reach(world):
    ring = (
        (122.1, 29.9), (122.3, 29.9), (122.3, 30.1), (122.1, 30.1), (122.1, 29.9), (122.12, 29.92), (122.12, 30.08), (122.28, 30.08),
        (122.28, 29.92), (122.12, 29.92),
    )  # fmt: skip
    network = build_network(world(port("lake", 122.2, 30.0), port("sea", 122.0, 30.0), islands=(ring,)))
    assert network.nm("lake", "sea") == float("inf")
    assert network.path("lake", "sea") == ()


def test_pairs_farther_than_any_leg_have_no_way(world):
    assert build_network(world(port("a", 122.0, 30.0), port("b", 124.0, 30.0))).nm("a", "b") == float("inf")


def test_a_stated_distance_wins_but_never_undercuts_the_great_circle(world):
    a, b, c = port("a", 122.0, 30.0), port("b", 122.4, 30.0), port("c", 122.0, 30.3)
    scenario = replace(world(a, b, c), sea_legs=(SeaLeg("b", "a", 40.0), SeaLeg("a", "c", 1.0)))
    network = build_network(scenario)
    assert network.nm("a", "b") == 40.0
    assert network.nm("a", "c") == great_circle(a, c)


def test_the_check_sets_the_documented_beside_the_computed_distance(world):
    a, b = port("a", 122.0, 30.2), port("b", 122.4, 30.2)
    lines = {n: LinePattern(n, "o", ("a", "b"), "c", ("k",), 60) for n in ("L1", "L2")}
    provenance = {"line_patterns": {("L1",): {"src_sea_distance_nm_computed": "20.8"}}}
    scenario = replace(world(a, b), lines=lines, provenance=provenance)
    one, two = distance_check(scenario, build_network(scenario))
    assert (one.line_id, one.documented_nm, two.documented_nm) == ("L1", 20.8, None)
    assert one.computed_nm >= one.great_circle_nm == great_circle(a, b)


def test_the_cache_of_the_folder_is_used_while_nothing_changed(world):
    a, b = port("a", 122.0, 30.0), port("b", 122.4, 30.0)
    scenario = world(a, b)
    computed = build_network(scenario)
    file = write_cache(scenario, computed)
    assert file.name == CACHE
    assert build_network(scenario) == computed
    told = json.loads(file.read_text())
    told["pairs"][0]["nm"] = 99.0
    file.write_text(json.dumps(told))
    assert build_network(scenario).nm("a", "b") == 99.0, "the file of the folder was not read"
    away = replace(scenario, ports={"a": a, "b": replace(b, lon=122.41)})
    assert build_network(away).nm("a", "b") not in (99.0, computed.nm("a", "b"))


def test_the_key_changes_with_a_port_and_with_the_coast(world):
    a, b = port("a", 122.0, 30.0), port("b", 122.4, 30.0)
    key = key_of(world(a, b))
    assert key_of(world(a, replace(b, lat=30.0001))) != key
    assert key_of(world(a, b)) == key
    assert key_of(world(a, b, islands=(SQUARE[:3],))) != key


DAMAGED = ["", "{", "[]", '{"key": 1}', '{"key": "KEY", "pairs": 3, "moved": {}}', '{"key": "KEY", "pairs": [], "moved": 4}']


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_cache_is_computed_anew(world, text):
    scenario = world(port("a", 122.0, 30.0), port("b", 122.4, 30.0))
    (scenario.folder / CACHE).write_text(text.replace("KEY", key_of(scenario)))
    assert build_network(scenario).nm("a", "b") > 0


def test_sea_legs_are_not_frozen_into_the_cache(world):
    scenario = world(port("a", 122.0, 30.0), port("b", 122.4, 30.0))
    free = build_network(scenario).nm("a", "b")
    stated = replace(scenario, sea_legs=(SeaLeg("a", "b", 40.0),))
    write_cache(stated, build_network(stated))
    assert build_network(scenario).nm("a", "b") == free


@given(st.lists(st.tuples(st.floats(121.9, 122.5), st.floats(29.7, 30.3)), min_size=3, max_size=3, unique=True))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_ways_never_undercut_the_great_circle_nor_cross_land_and_obey_the_triangle(world, points):
    ports = [port(f"p{i}", round(lon, 5), round(lat, 5)) for i, (lon, lat) in enumerate(points)]
    scenario = world(*ports)
    network = build_network(scenario)
    core = Polygon([(122.1002, 29.9002), (122.2998, 29.9002), (122.2998, 30.0998), (122.1002, 30.0998)])  # 20 m of rounding inside
    for a in ports:
        for b in ports:
            if a is b:
                continue
            path = network.path(a.port_id, b.port_id)
            assert network.nm(a.port_id, b.port_id) >= great_circle(a, b)
            assert not LineString(path).intersects(core)
            walked = sum(great_circle(port("x", *p), port("y", *q)) for p, q in pairwise(path))
            assert walked == pytest.approx(network.nm(a.port_id, b.port_id), abs=0.05) or {a.port_id, b.port_id} & set(network.moved)
    if not network.moved:
        assert network.nm("p0", "p2") <= network.nm("p0", "p1") + network.nm("p1", "p2") + 0.03

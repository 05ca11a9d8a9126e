"""Roads from GeoJSON and OpenStreetMap: cut at crossings, joined with settlements, nothing invented."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from api.site import roads_import
from islandflow.errors import BadInput
from islandflow.exchange.roads import lines_of_geojson, lines_of_osm, road_rows
from islandflow.scenario.reader import check_scenario, read_scenario
from islandflow.scenario.writer import write_scenario_tables

HOMES = "settlement_id,name_zh,name_en,island_id,lat,lon,residents\na,甲,A,near,30.0011,122.125,100\nfar1,远,F,near,30.2,122.125,9\n"
CROSS = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "properties": {"highway": "primary", "name": "一路"}, "geometry": {"type": "LineString", "coordinates": [[122.12, 30.0], [122.125, 30.0], [122.13, 30.0]]}},
        {"type": "Feature", "properties": {"highway": "residential", "maxspeed": "25"}, "geometry": {"type": "LineString", "coordinates": [[122.125, 30.0], [122.125, 30.001]]}},
        {"type": "Feature", "properties": {"highway": "footway"}, "geometry": {"type": "LineString", "coordinates": [[122.13, 30.0], [122.13, 30.001]]}},
        {"type": "Feature", "properties": {"highway": "proposed"}, "geometry": {"type": "LineString", "coordinates": [[122.12, 30.0], [122.12, 30.01]]}},
        {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [122.12, 30.0]}},
    ],
}  # fmt: skip
OSM = """<?xml version="1.0"?><osm version="0.6">
<node id="1" lat="30.0" lon="122.12"/><node id="2" lat="30.0" lon="122.125"/><node id="3" lat="30.001" lon="122.125"/>
<way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/><tag k="bridge" v="yes"/></way>
<way id="11"><nd ref="2"/><nd ref="3"/><tag k="highway" v="track"/></way><way id="12"><nd ref="1"/><nd ref="3"/><tag k="waterway" v="drain"/></way></osm>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "toy"
    shutil.copytree(Path(__file__).parents[2] / "data" / "toy", target)
    (target / "settlements.csv").write_text(HOMES, encoding="utf-8")
    return target


def test_lines_are_cut_where_they_meet_and_settlements_joined(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "r.geojson").write_text(json.dumps(CROSS), encoding="utf-8")
    rows, lost = road_rows(lines_of_geojson(tmp_path / "r.geojson"), read_scenario(folder), "test")
    assert [(r["kind"], r["speed_km_h"]) for r in rows] == [
        ("main", "40"),
        ("main", "40"),
        ("local", "25"),
        ("lane", "0"),
        ("lane", "15"),
        ("lane", "15"),
    ]
    assert rows[0]["to_node"] == rows[1]["from_node"] == rows[2]["from_node"]
    assert (rows[4]["from_node"], rows[4]["to_node"], rows[4]["length_m"]) == ("a", rows[2]["to_node"], "11")
    assert rows[5]["from_node"] == "near-t"
    assert "far1" in lost
    write_scenario_tables({"roads": rows}, folder)
    assert not [f for f in check_scenario(folder) if not f.warning]


def test_an_extract_of_openstreetmap_is_read(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("osmium", reason="the package osmium is not installed")
    (tmp_path / "x.osm").write_text(OSM, encoding="utf-8")
    rows, _ = road_rows(lines_of_osm(tmp_path / "x.osm"), read_scenario(folder), "test")
    assert [r["kind"] for r in rows[:2]] == ["bridge", "lane"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"features": 5}',
        '{"features": [{"geometry": {"type": "LineString", "coordinates": [["x", 1]]}}]}',
        '{"features": []}',
        '{"features": [{"geometry": {"type": "LineString", "coordinates": [[NaN, 30], [122, 30]]}}]}',
        '{"features": [{"geometry": {"type": "LineString", "coordinates": [[13580000, 3500000], [13580100, 3500000]]}}]}',
        '{"features": [{"properties": [1], "geometry": {"type": "LineString", "coordinates": [[122, 30], [122, 31]]}}]}',
    ],
)
def test_what_is_no_geojson_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "r.geojson").write_text(text)
    with pytest.raises(BadInput):
        lines_of_geojson(tmp_path / "r.geojson")


def test_an_import_replaces_the_table_as_a_whole_or_not_at_all(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "R.GEOJSON"
    source.write_text(json.dumps(CROSS), encoding="utf-8")
    roads_import(source, folder, "en")
    assert "6 roads" in capsys.readouterr().out
    first = (folder / "roads.csv").read_bytes()
    roads_import(source, folder, "en")
    assert (folder / "roads.csv").read_bytes() == (folder / "roads.csv.old").read_bytes() == first
    source.write_text('{"features": []}', encoding="utf-8")
    for target in (folder, folder / "roads.csv", tmp_path / "nowhere"):
        with pytest.raises(BadInput):
            roads_import(source, target, "en")
    assert (folder / "roads.csv").read_bytes() == first
    assert not list(folder.glob(".*"))

"""Adds settlements, roads and sites to data/zhoushan: ``python data/build_roads.py [SCENARIO]``; the same bytes every time.

Settlements are those of places.csv (real names, positions mostly recalled, people estimated). **Roads are synthetic**: drawn here
inside the real coastline, so that settlements, quays and junctions of an island are joined the way a road network would; the
real network was not at hand. Every row says so. Existing sites are one point at each island's largest settlement, synthetic too.
"""

from __future__ import annotations

import csv
import json
import math
import random
import sys
from itertools import combinations, pairwise
from pathlib import Path

import networkx as nx
import numpy as np
from scipy.spatial import Delaunay
from shapely.geometry import LineString, Point, Polygon, shape
from shapely.ops import nearest_points
from shapely.prepared import prep

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

from islandflow.scenario.reader import read_scenario  # noqa: E402
from islandflow.scenario.siting_parameters import SITING_SETTINGS  # noqa: E402
from islandflow.scenario.writer import write_scenario_tables  # noqa: E402

SPACING_M = 800.0  # between junctions
SHORE_M = 80.0  # a road keeps so far from the water where it can
WINDING = 1.18  # length of a road over the straight line, estimated
DETOUR = 1.5  # a road is built where the way round is longer than so many times the direct one
MAIN, LOCAL, LANE = 40.0, 30.0, 20.0  # km/h
UPGRADE = {"local": (40.0, 1_600_000.0), "lane": (30.0, 900_000.0)}  # speed, yuan a km, estimated
BRIDGED = (("gouqi", "shengshan"),)  # islands that the facts call bridged and whose settlements are listed
SPOTS = ("急弯缺少警示标志", "路口缺少减速带", "临崖路段缺少护栏")
NOTE = "synthetic: drawn on the real coastline by data/build_roads.py, seed 14"
METRES = 111_320.0


def main(target: Path) -> None:
    """Writes settlements.csv, roads.csv and sites.csv into a scenario folder."""
    random.seed(14)
    places = _rows(target / "places.csv")
    ports = _rows(target / "ports.csv")
    homes = [p for p in places if p["kind"] == "settlement"]
    islands = list(dict.fromkeys(p["island_id"] for p in homes))
    outlines = _outlines(target / "coastline.geojson")
    lat0 = sum(float(p["lat"]) for p in homes) / len(homes)
    roads: list[dict[str, str]] = []
    ends: dict[str, dict[str, tuple[float, float]]] = {}
    for island in islands:
        land = outlines[island]
        nodes = {p["place_id"]: _metres(p, lat0) for p in homes if p["island_id"] == island}
        nodes |= {p["port_id"]: _metres(p, lat0) for p in ports if p["island_id"] == island}
        ends[island] = nodes
        roads += _island(island, _polygon_metres(land, lat0), nodes, {p["place_id"]: int(p["residents"]) for p in homes}, lat0)
    for a, b in BRIDGED:
        roads.append(_bridge(a, b, outlines, ends, lat0))
    settlements = [
        {
            "settlement_id": p["place_id"], "name_zh": p["name_zh"], "name_en": p["name_en"], "island_id": p["island_id"], "place_id": p["place_id"],
            "lat": p["lat"], "lon": p["lon"], "residents": p["residents"], "beds": p["beds"], "elderly_share": p["elderly_share"], "synthetic": "no",
            "src_source": p["src_source"], "src_confidence": p["src_confidence"],
        }
        for p in homes
    ]  # fmt: skip
    sites = []
    for island in islands:
        largest = max((p for p in homes if p["island_id"] == island), key=lambda p: (int(p["residents"]), p["place_id"]))
        sites.append({"site_id": f"{island}-today", "node": largest["place_id"], "kind": "logistics", "status": "existing", "synthetic": "yes",
                      "src_note": "synthetic: one point at the largest settlement; today's points were not at hand"})  # fmt: skip
    write_scenario_tables({"settlements": settlements, "roads": roads, "sites": sites}, target)
    _settings(target)
    read_scenario(target)  # BadInput if anything does not fit
    print(
        f"{len(settlements)} settlements, {len(roads)} roads, {sum(int(r['length_m']) for r in roads) // 1000} km on {len(islands)} islands"
    )


def _settings(target: Path) -> None:
    """Writes the settings of siting at their defaults, so that a planner sees and changes them."""
    own = {c.name for c in SITING_SETTINGS}
    rows = [r for r in _rows(target / "settings.csv") if r["setting"] not in own]
    rows += [{"setting": c.name, "value": str(c.default), "source": "estimated"} for c in SITING_SETTINGS]
    write_scenario_tables({"settings": rows}, target)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def _outlines(path: Path) -> dict[str, Polygon]:
    """The largest polygon of each island, in degrees."""
    found: dict[str, Polygon] = {}
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        name, ring = feature["properties"]["island_id"], shape(feature["geometry"])
        if name and (name not in found or ring.area > found[name].area):
            found[name] = ring
    return found


def _metres(row: dict[str, str], lat0: float) -> tuple[float, float]:
    return float(row["lon"]) * METRES * math.cos(math.radians(lat0)), float(row["lat"]) * METRES


def _degrees(point: tuple[float, float], lat0: float) -> tuple[str, str]:
    return f"{point[1] / METRES:.5f}", f"{point[0] / METRES / math.cos(math.radians(lat0)):.5f}"


def _polygon_metres(land: Polygon, lat0: float) -> Polygon:
    k = METRES * math.cos(math.radians(lat0))
    return Polygon([(x * k, y * METRES) for x, y in land.exterior.coords]).buffer(0)


def _junctions(land: Polygon, taken: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Points inside, spaced apart, drawn at random."""
    inner = land.buffer(-2 * SHORE_M)
    if inner.is_empty:
        return []
    inside, found = prep(inner), list(taken)
    x0, y0, x1, y1 = inner.bounds
    for _ in range(int(30 * inner.area / SPACING_M**2) + 60):
        p = (random.uniform(x0, x1), random.uniform(y0, y1))
        if inside.contains(Point(p)) and all(math.dist(p, q) > SPACING_M for q in found):
            found.append(p)
    return found[len(taken) :]


def _island(name: str, land: Polygon, nodes: dict[str, tuple[float, float]], people: dict[str, int], lat0: float) -> list[dict[str, str]]:
    """The synthetic network of one island."""
    at = dict(nodes)
    for n, p in enumerate(_junctions(land, list(nodes.values())), start=1):
        at[f"{name}-j{n:03d}"] = p
    graph = nx.Graph()
    graph.add_nodes_from(at)
    wide = prep(land.buffer(SHORE_M))  # quays stand on the edge, recalled points sometimes outside
    ids = list(at)
    pairs = set()
    if len(ids) > 3:
        for face in Delaunay(np.array([at[i] for i in ids])).simplices:
            pairs |= {tuple(sorted((ids[a], ids[b]))) for a, b in combinations(face.tolist(), 2)}
    pairs |= {tuple(sorted(p)) for p in combinations(nodes, 2)} if len(nodes) <= 4 else set()
    dry = {p: math.dist(at[p[0]], at[p[1]]) for p in sorted(pairs) if wide.contains(LineString([at[p[0]], at[p[1]]]))}
    for (a, b), far in sorted(dry.items(), key=lambda x: (x[1], x[0])):
        if not nx.has_path(graph, a, b) or nx.dijkstra_path_length(graph, a, b) > DETOUR * far:
            graph.add_edge(a, b, weight=far)
    groups = sorted(nx.connected_components(graph), key=lambda g: (-len(g), min(g)))
    for group in groups[1:]:  # a narrow neck: the shortest link, dry or not
        a, b = min(((a, b) for a in group for b in groups[0]), key=lambda p: (math.dist(at[p[0]], at[p[1]]), p))
        graph.add_edge(a, b, weight=math.dist(at[a], at[b]))
        groups[0] |= group
    dead = [n for n in graph if n not in nodes and graph.degree(n) == 1]
    while dead:
        graph.remove_nodes_from(dead)
        dead = [n for n in graph if n not in nodes and graph.degree(n) == 1]
    # roads between the larger settlements and the quays are main roads; what else leads to a settlement is local
    large = sorted((n for n in nodes if n in people), key=lambda n: (-people[n], n))[:4] + [n for n in nodes if n not in people]
    main = _ways(graph, list(combinations(large, 2)))
    local = _ways(graph, [(n, large[0]) for n in nodes])
    rows = []
    for n, (a, b) in enumerate(sorted(tuple(sorted(e)) for e in graph.edges), start=1):
        kind = "main" if (a, b) in main else "local" if (a, b) in local else "lane"
        length = max(1, round(WINDING * math.dist(at[a], at[b])))
        speed, price = UPGRADE.get(kind, (0.0, 0.0))
        lat1, lon1 = _degrees(at[a], lat0)
        lat2, lon2 = _degrees(at[b], lat0)
        rows.append({
            "road_id": f"{name}-r{n:03d}", "island_id": name, "from_node": a, "to_node": b, "from_lat": lat1, "from_lon": lon1, "to_lat": lat2, "to_lon": lon2,
            "length_m": str(length), "kind": kind, "speed_km_h": f"{ {'main': MAIN, 'local': LOCAL, 'lane': LANE}[kind]:g}",
            "upgrade_km_h": f"{speed:g}" if speed else "", "upgrade_cost_yuan": f"{round(price * length / 1000, -4) or 10000:.0f}" if speed else "",
            "spot": random.choice(SPOTS) if kind != "lane" and random.random() < 0.04 else "", "synthetic": "yes", "src_note": NOTE,
        })  # fmt: skip
    return rows


def _ways(graph: nx.Graph, pairs: list[tuple[str, str]]) -> set[tuple[str, str]]:
    """Edges of the shortest ways between pairs."""
    found = set()
    for a, b in pairs:
        way = nx.dijkstra_path(graph, a, b)
        found |= {tuple(sorted(e)) for e in pairwise(way)}
    return found


def _bridge(a: str, b: str, outlines: dict[str, Polygon], ends: dict[str, dict[str, tuple[float, float]]], lat0: float) -> dict[str, str]:
    """A bridge at the narrowest water, from the nodes nearest to it."""
    shores = nearest_points(_polygon_metres(outlines[a], lat0), _polygon_metres(outlines[b], lat0))
    one, two = (min(ends[i], key=lambda n: (shores[k].distance(Point(ends[i][n])), n)) for k, i in enumerate((a, b)))  # noqa: B023
    lat1, lon1 = _degrees(ends[a][one], lat0)
    lat2, lon2 = _degrees(ends[b][two], lat0)
    return {
        "road_id": f"{a}-{b}-bridge", "island_id": a, "from_node": one, "to_node": two, "from_lat": lat1, "from_lon": lon1, "to_lat": lat2, "to_lon": lon2,
        "length_m": str(round(WINDING * math.dist(ends[a][one], ends[b][two]))), "kind": "bridge", "speed_km_h": f"{LOCAL:g}", "upgrade_km_h": "",
        "upgrade_cost_yuan": "", "spot": "", "synthetic": "yes", "src_note": "the bridge is real, its approaches are synthetic; " + NOTE,
    }  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "zhoushan")

"""Roads from GeoJSON or an OpenStreetMap extract as the rows of the table ``roads``: lines cut at crossings, settlements and quays joined.

A line is a list of (lon, lat) with its tags. Lines meet where they share a vertex, as in OpenStreetMap. A settlement or port is
joined to the nearest node by a lane of its own, at most ``JOIN_M`` long; what is farther is told, never invented.
"""

from __future__ import annotations

import importlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from shapely.geometry import Point, shape
from shapely.prepared import prep

from islandflow.errors import BadInput, Fault
from islandflow.scenario.entities import Scenario
from islandflow.scenario.roads import straight_m

Line = tuple[list[tuple[float, float]], Mapping[str, Any]]
JOIN_M = 600.0
JOIN_KM_H = 15.0
KIND = {"motorway": "main", "trunk": "main", "primary": "main", "secondary": "main", "tertiary": "local", "unclassified": "local", "residential": "local",
        "living_street": "lane", "service": "lane", "track": "lane", "road": "lane"}  # fmt: skip
ON_FOOT = {"footway", "path", "steps", "pedestrian", "cycleway", "bridleway"}
SPEED = {"main": 40.0, "local": 30.0, "lane": 20.0}  # km/h where no maxspeed is tagged


def lines_of_geojson(path: Path) -> list[Line]:
    """LineStrings and MultiLineStrings of a file; BadInput if it is no GeoJSON or holds none."""
    try:
        features = json.loads(path.read_text(encoding="utf-8-sig"))["features"]
        found: list[Line] = []
        for feature in features:
            geometry: dict[str, Any] = feature.get("geometry") or {}
            parts: list[Any] = {"LineString": [geometry.get("coordinates")], "MultiLineString": geometry.get("coordinates")}.get(
                str(geometry.get("type"))
            ) or []
            found += [([_lon_lat(p) for p in part], dict(feature.get("properties") or {})) for part in parts]
    except (OSError, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise BadInput([_fault(path, f"cannot be read as GeoJSON ({type(error).__name__})", "无法按 GeoJSON 读取")]) from None
    if not found:
        raise BadInput([_fault(path, "holds no lines", "不含线要素")])
    return found


def _lon_lat(point: Any) -> tuple[float, float]:
    """ValueError for what is no degree on the globe: metres of a projection, NaN."""
    lon, lat = float(point[0]), float(point[1])
    if not (abs(lon) <= 180 and abs(lat) <= 90):  # noqa: PLR2004
        raise ValueError(point)
    return lon, lat


def lines_of_osm(path: Path) -> list[Line]:
    """Ways with a ``highway`` tag of an extract (.osm, .osm.pbf); BadInput if it cannot be read or the package osmium is missing."""
    try:
        osmium: Any = importlib.import_module("osmium")  # an extra: only this importer needs it
    except ImportError:
        raise BadInput([_fault(path, "needs the package osmium", "需要 osmium 包", ("install osmium", "请安装 osmium"))]) from None
    found: list[Line] = []
    try:
        for way in osmium.FileProcessor(str(path)).with_locations().with_filter(osmium.filter.KeyFilter("highway")):
            if way.is_way():
                found.append(([(n.lon, n.lat) for n in way.nodes if n.location.valid()], {t.k: t.v for t in way.tags}))
    except (RuntimeError, ValueError) as error:
        raise BadInput([_fault(path, f"cannot be read ({type(error).__name__})", "无法读取")]) from None
    if not found:
        raise BadInput([_fault(path, "holds no roads", "不含道路")])
    return found


def _fault(path: Path, en: str, zh: str, remedy: tuple[str, str] = ("give a file with road lines", "请给出含道路线的文件")) -> Fault:
    return Fault(path.name, 0, "", "", en, zh, *remedy)


def road_rows(lines: Iterable[Line], scenario: Scenario, source: str) -> tuple[list[dict[str, str]], list[str]]:
    """Rows of ``roads``, and the settlements and ports that no road comes near. Roads on no island of the scenario are left out."""
    usable = [(points, tags) for points, tags in lines if len(points) > 1 and _kind(tags)]
    at = Counter(_key(p) for points, _ in usable for p in dict.fromkeys(map(_key, points)))
    ends = {_key(p) for points, _ in usable for p in (points[0], points[-1])}
    islands = _islands(scenario)
    names: dict[tuple[float, float], str] = {}
    where: dict[str, tuple[tuple[float, float], str]] = {}
    rows: list[dict[str, str]] = []

    def node(p: tuple[float, float], island: str) -> str:
        name = names.setdefault(_key(p), f"{island}-n{len(names) + 1:05d}")
        where.setdefault(name, (_key(p), island))
        return name

    for points, tags in usable:
        cuts = [0, *(k for k in range(1, len(points) - 1) if at[_key(points[k])] > 1 or _key(points[k]) in ends), len(points) - 1]
        for a, b in pairwise(cuts):
            piece = points[a : b + 1]
            island = _island(piece[len(piece) // 2], islands) or _island(piece[0], islands)
            length = sum(straight_m(p[1], p[0], q[1], q[0]) for p, q in pairwise(piece))
            if island and _key(piece[0]) != _key(piece[-1]):
                rows.append(
                    _row(len(rows), island, node(piece[0], island), node(piece[-1], island), piece[0], piece[-1], length, tags, source)
                )
    nodes: dict[str, list[tuple[tuple[float, float], str]]] = defaultdict(list)
    for name, (point, island) in where.items():
        nodes[island].append((point, name))
    lost = []
    places = [(s.settlement_id, s.island_id, s.lon, s.lat) for s in scenario.settlements.values()]
    places += [(p.port_id, p.island_id, p.lon, p.lat) for p in scenario.ports.values()]
    for name, island, lon, lat in places:
        near = min(((straight_m(lat, lon, q[1], q[0]), n) for q, n in nodes[island]), default=(JOIN_M + 1, ""))
        if near[0] > JOIN_M:
            lost.append(name)
            continue
        point = where[near[1]][0]
        tags = {"highway": "service", "maxspeed": str(JOIN_KM_H)}
        rows.append(
            _row(len(rows), island, name, near[1], (lon, lat), point, max(1.0, near[0]), tags, source + "; joined to the nearest node")
        )
    return rows, lost


def _key(p: tuple[float, float]) -> tuple[float, float]:
    return round(p[0], 6), round(p[1], 6)


def _kind(tags: Mapping[str, Any]) -> str:
    """Kind of a road; empty if it is none that a person may use."""
    tag = str(tags.get("highway", "unclassified")).removesuffix("_link")
    if tag in ON_FOOT:
        return "lane"
    kind = KIND.get(tag, "")
    return "bridge" if kind and str(tags.get("bridge", "no")) not in ("no", "None") else kind


def _speed(tags: Mapping[str, Any], kind: str) -> float:
    tag = str(tags.get("highway", "unclassified"))
    if tag in ON_FOOT:
        return 0.0
    try:
        return min(120.0, max(1.0, float(str(tags["maxspeed"]).split()[0])))
    except (KeyError, ValueError, IndexError):
        return SPEED.get(kind, SPEED["local"])


def _row(
    number: int,
    island: str,
    a: str,
    b: str,
    p: tuple[float, float],
    q: tuple[float, float],
    length: float,
    tags: Mapping[str, Any],
    source: str,
) -> dict[str, str]:
    kind = _kind(tags)
    return {
        "road_id": f"{island}-o{number + 1:05d}", "island_id": island, "from_node": a, "to_node": b, "from_lat": f"{p[1]:.6f}", "from_lon": f"{p[0]:.6f}",
        "to_lat": f"{q[1]:.6f}", "to_lon": f"{q[0]:.6f}", "length_m": str(max(1, round(length))), "kind": kind, "speed_km_h": f"{_speed(tags, kind):g}",
        "synthetic": "no", "src_source": source, "src_name": str(tags.get("name", "")),
    }  # fmt: skip


def _islands(scenario: Scenario) -> list[tuple[str, Any]]:
    """Outlines by island; without a coastline, nothing: then the nearest settlement or port tells the island."""
    if scenario.coastline is None:
        places = [(s.island_id, (s.lon, s.lat)) for s in scenario.settlements.values()]
        return [*places, *((p.island_id, (p.lon, p.lat)) for p in scenario.ports.values())]
    features = json.loads(scenario.coastline.read_text(encoding="utf-8"))["features"]
    return [
        (f["properties"]["island_id"], prep(shape(f["geometry"]).buffer(0.001)))
        for f in features
        if f["properties"].get("island_id") in scenario.islands
    ]


def _island(p: tuple[float, float], islands: list[tuple[str, Any]]) -> str:
    if islands and isinstance(islands[0][1], tuple):
        return min(islands, key=lambda i: straight_m(p[1], p[0], i[1][1], i[1][0]))[0]
    return next((name for name, outline in islands if outline.contains(Point(p))), "")

"""Sea distances and sea paths between ports, round the coastline; computed once and kept in a cache."""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import Polygon, shape

from islandflow.network.visibility import shortest_ways
from islandflow.scenario.entities import Scenario
from islandflow.sphere import great_circle

FARTHEST_NM = 70.0  # pairs farther apart than this by great circle have no leg
MOVED_M = 5  # a port moved by less was on the shore, within the precision of an outline
CACHE = "sea_paths.json"
METHOD = "visibility 2"  # part of a cache's key: change it together with what visibility.py computes
Point = tuple[float, float]
Pair = tuple[str, str]


@dataclass(frozen=True)
class SeaNetwork:
    """Distances and paths by pair of ports (ids in order).

    ``miles`` as computed, ``stated`` those of the table ``sea_legs``, which win; ``moved``: metres by which a port on land was moved.
    """

    miles: Mapping[Pair, float]
    paths: Mapping[Pair, tuple[Point, ...]] = field(repr=False)
    moved: Mapping[str, int] = field(default_factory=dict)
    stated: Mapping[Pair, float] = field(default_factory=dict)

    def nm(self, a: str, b: str) -> float:
        """Nautical miles by sea, never below the great circle; inf if no water joins the two ports or they are too far apart."""
        pair = (a, b) if a <= b else (b, a)
        return 0.0 if a == b else self.stated.get(pair, self.miles.get(pair, math.inf))

    def path(self, a: str, b: str) -> tuple[Point, ...]:
        """(longitude, latitude) of the points of the way, from ``a`` to ``b``; empty if there is none."""
        found = self.paths.get((a, b) if a <= b else (b, a), ())
        return found if a <= b else found[::-1]


@dataclass(frozen=True)
class LineDistance:
    """Sea miles of a line from first to last call: as its source says (None if it does not), as computed, and by great circles."""

    line_id: str
    documented_nm: float | None
    computed_nm: float
    great_circle_nm: float


def build_network(scenario: Scenario) -> SeaNetwork:
    """The sea network of a scenario, from a cache if coastline and ports have not changed.

    Without a coastline all ways are great circles. A way computed anew is kept in the user's cache folder.
    """
    key = key_of(scenario)
    network = _cached(scenario, key)
    if network is None:
        network = _compute(scenario)
        if scenario.coastline:
            with contextlib.suppress(OSError):  # a cache that cannot be written only costs time
                _write(network, key, _user_cache(key))
    stated = {}
    for leg in scenario.sea_legs:
        a, b = sorted((leg.from_port, leg.to_port))
        stated[a, b] = max(leg.nm, great_circle(scenario.ports[a], scenario.ports[b]))
    return SeaNetwork(network.miles, network.paths, network.moved, stated)


def write_cache(scenario: Scenario, network: SeaNetwork) -> Path:
    """Writes ``sea_paths.json`` into the scenario's folder and returns its path; ValueError if the scenario has no folder."""
    if scenario.folder is None:
        raise ValueError("the scenario was not read from a folder")
    file = scenario.folder / CACHE
    _write(network, key_of(scenario), file)
    return file


def distance_check(scenario: Scenario, network: SeaNetwork) -> tuple[LineDistance, ...]:
    """Every line's computed distance beside the one in its provenance (``src_sea_distance_nm_computed``)."""
    rows = []
    source = scenario.provenance.get("line_patterns", {})
    for line in scenario.lines.values():
        said = source.get((line.line_id,), {}).get("src_sea_distance_nm_computed", "")
        legs = list(pairwise(line.calls))
        straight = sum(great_circle(scenario.ports[a], scenario.ports[b]) for a, b in legs)
        rows.append(LineDistance(line.line_id, float(said) if said else None, sum(network.nm(a, b) for a, b in legs), straight))
    return tuple(rows)


def key_of(scenario: Scenario) -> str:
    """What a cache is valid for: method, coastline and where the ports lie."""
    digest = hashlib.sha256(METHOD.encode())
    digest.update(scenario.coastline.read_bytes() if scenario.coastline else b"")
    for port in sorted(scenario.ports.values(), key=lambda p: p.port_id):
        digest.update(f"{port.port_id} {port.lat:.6f} {port.lon:.6f}\n".encode())
    return digest.hexdigest()


def _user_cache(key: str) -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "islandflow" / f"{key[:24]}.json"


def _write(network: SeaNetwork, key: str, file: Path) -> None:
    """Written aside, then renamed: a reader never meets half a file."""
    pairs = [
        {"from": a, "to": b, "nm": nm, "path": [[round(x, 5), round(y, 5)] for x, y in network.paths.get((a, b), ())]}
        for (a, b), nm in sorted(network.miles.items())
    ]
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f"{file.name}.{os.getpid()}.part")
    aside.write_text(json.dumps({"key": key, "moved": dict(network.moved), "pairs": pairs}, separators=(",", ":")) + "\n", encoding="utf-8")
    os.replace(aside, file)


def _cached(scenario: Scenario, key: str) -> SeaNetwork | None:
    if not scenario.coastline:
        return None
    for file in ([scenario.folder / CACHE] if scenario.folder else []) + [_user_cache(key)]:
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
            if data["key"] != key:
                continue
            miles = {(p["from"], p["to"]): float(p["nm"]) for p in data["pairs"]}
            paths = {(p["from"], p["to"]): tuple((float(x), float(y)) for x, y in p["path"]) for p in data["pairs"]}
            return SeaNetwork(miles, paths, {str(name): int(metres) for name, metres in data["moved"].items()})
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue  # a damaged cache is no reason to stop: the ways are computed anew
    return None


def _compute(scenario: Scenario) -> SeaNetwork:
    ports = sorted(scenario.ports.values(), key=lambda p: p.port_id)
    pairs = [
        (i, j, straight)
        for i, a in enumerate(ports)
        for j, b in enumerate(ports[i + 1 :], start=i + 1)
        if (straight := great_circle(a, b)) <= FARTHEST_NM
    ]
    if not scenario.coastline:
        ways = {(ports[i].port_id, ports[j].port_id): ((ports[i].lon, ports[i].lat), (ports[j].lon, ports[j].lat)) for i, j, _ in pairs}
        return SeaNetwork({(ports[i].port_id, ports[j].port_id): straight for i, j, straight in pairs}, ways)
    found = shortest_ways(_land(scenario.coastline), np.array([p.lon for p in ports]), np.array([p.lat for p in ports]), FARTHEST_NM)
    miles, paths = {}, {}
    for i, j, straight in pairs:
        nm = float(found.nm[i, j])
        if math.isfinite(nm):
            pair = ports[i].port_id, ports[j].port_id
            # rounded to hundredths, but never below the great circle, which a port moved to the water could undercut too
            miles[pair] = max(round(nm, 2), math.ceil(straight * 100) / 100)
            paths[pair] = tuple((round(x, 5), round(y, 5)) for x, y in found.path(i, j))
    moved = {port.port_id: round(float(m)) for port, m in zip(ports, found.moved_m, strict=True) if m >= MOVED_M}
    return SeaNetwork(miles, paths, moved)


def _land(coastline: Path) -> list[Polygon]:
    """All polygons of a GeoJSON file; other geometries are no land."""
    shapes = [shape(f["geometry"]) for f in json.loads(coastline.read_text(encoding="utf-8"))["features"] if f.get("geometry")]
    return [p for p in shapely.get_parts(shapes) if isinstance(p, Polygon) and not p.is_empty]

"""Sea paths round the coastline: shortest ways on a grid of water, pulled straight where nothing is in between."""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from shapely.geometry import shape

from islandflow.scenario.entities import Port, Scenario

CELL_M = 250.0
FARTHEST_NM = 70.0
NM_M = 1852.0
CACHE = "sea_paths.json"
Point = tuple[float, float]


@dataclass(frozen=True)
class SeaNetwork:
    """Distances and paths by pair of ports. ``moved``: metres by which a port was moved to reach the water."""

    miles: Mapping[tuple[str, str], float]
    paths: Mapping[tuple[str, str], tuple[Point, ...]] = field(repr=False)
    moved: Mapping[str, int] = field(default_factory=dict)

    def nm(self, a: str, b: str) -> float:
        """Nautical miles by sea, never below the great circle; inf if no water joins the two ports."""
        return 0.0 if a == b else self.miles.get((a, b) if a <= b else (b, a), math.inf)

    def path(self, a: str, b: str) -> tuple[Point, ...]:
        """(longitude, latitude) of the points of the way, from ``a`` to ``b``; empty if there is none."""
        found = self.paths.get((a, b) if a <= b else (b, a), ())
        return found if a <= b else found[::-1]


def great_circle(a: Port, b: Port) -> float:
    """Nautical miles on the sphere."""
    p, q = math.radians(a.lat), math.radians(b.lat)
    h = math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    return 2 * 3440.065 * math.asin(math.sqrt(h))


def build_network(scenario: Scenario) -> SeaNetwork:
    """The sea network of a scenario, from a cache if coastline and ports have not changed."""
    computed = _cached(scenario) or _compute(scenario)
    miles = dict(computed.miles)
    for leg in scenario.sea_legs:
        a, b = sorted((leg.from_port, leg.to_port))
        miles[a, b] = max(leg.nm, great_circle(scenario.ports[a], scenario.ports[b]))
    return SeaNetwork(miles, computed.paths, computed.moved)


def key_of(scenario: Scenario) -> str:
    """What a cache is valid for: coastline and ports."""
    digest = hashlib.sha256(scenario.coastline.read_bytes() if scenario.coastline else b"")
    for port in sorted(scenario.ports.values(), key=lambda p: p.port_id):
        digest.update(f"{port.port_id} {port.lat:.6f} {port.lon:.6f} {CELL_M}\n".encode())
    return digest.hexdigest()


def write_cache(network: SeaNetwork, key: str, file: Path) -> None:
    """Writes a cache file, aside first and then renamed."""
    pairs = [
        {"from": a, "to": b, "nm": nm, "path": [[round(x, 4), round(y, 4)] for x, y in network.paths.get((a, b), ())]}
        for (a, b), nm in sorted(network.miles.items())
    ]
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False, suffix=".part") as out:
        json.dump({"key": key, "moved": dict(network.moved), "pairs": pairs}, out, separators=(",", ":"))
    os.replace(out.name, file)


def _places(scenario: Scenario, key: str) -> list[Path]:
    user = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "islandflow" / f"{key[:24]}.json"
    return ([scenario.folder / CACHE] if scenario.folder else []) + [user]


def _cached(scenario: Scenario) -> SeaNetwork | None:
    if not scenario.coastline:
        return None
    key = key_of(scenario)
    for file in _places(scenario, key):
        try:
            data = json.loads(file.read_text())
            if data["key"] != key:
                continue
            miles = {(p["from"], p["to"]): float(p["nm"]) for p in data["pairs"]}
            paths = {(p["from"], p["to"]): tuple((float(x), float(y)) for x, y in p["path"]) for p in data["pairs"]}
            return SeaNetwork(miles, paths, data["moved"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None


def _compute(scenario: Scenario) -> SeaNetwork:
    ports = sorted(scenario.ports.values(), key=lambda p: p.port_id)
    pairs = [(a, b) for i, a in enumerate(ports) for b in ports[i + 1 :] if great_circle(a, b) <= FARTHEST_NM]
    if not scenario.coastline:
        straight = {(a.port_id, b.port_id): ((a.lon, a.lat), (b.lon, b.lat)) for a, b in pairs}
        return SeaNetwork({(a.port_id, b.port_id): great_circle(a, b) for a, b in pairs}, straight)
    grid = _Grid(scenario.coastline, ports)
    network = grid.network(ports, pairs)
    with contextlib.suppress(OSError):  # a cache that cannot be written only costs time
        write_cache(network, key_of(scenario), _places(scenario, key_of(scenario))[-1])
    return network


class _Grid:
    """Water cells on a local plane, metres east and north of the south-west corner."""

    def __init__(self, coastline: Path, ports: Sequence[Port]) -> None:
        land = [shape(f["geometry"]) for f in json.loads(coastline.read_text())["features"]]
        self.lat0, self.lon0 = min(p.lat for p in ports) - 0.12, min(p.lon for p in ports) - 0.12
        self.east = 111_320 * math.cos(math.radians(sum(p.lat for p in ports) / len(ports)))
        self.north = 110_870.0
        self.columns = int((max(p.lon for p in ports) + 0.12 - self.lon0) * self.east / CELL_M) + 1
        self.rows = int((max(p.lat for p in ports) + 0.12 - self.lat0) * self.north / CELL_M) + 1
        lon = self.lon0 + (np.arange(self.columns) + 0.5) * CELL_M / self.east
        lat = self.lat0 + (np.arange(self.rows) + 0.5) * CELL_M / self.north
        x, y = np.meshgrid(lon, lat)
        self.water = np.ones((self.rows, self.columns), dtype=bool)
        for polygon in land:
            west, south, east, north = polygon.bounds
            c = slice(*np.searchsorted(lon, [west, east]))
            r = slice(*np.searchsorted(lat, [south, north]))
            if c.stop > c.start and r.stop > r.start:
                shapely.prepare(polygon)
                self.water[r, c] &= ~shapely.contains_xy(polygon, x[r, c], y[r, c])

    def cell(self, port: Port) -> tuple[int, int, int]:
        """Nearest water cell of a port (row, column) and how far it lies, in metres."""
        row, column = (port.lat - self.lat0) * self.north / CELL_M - 0.5, (port.lon - self.lon0) * self.east / CELL_M - 0.5
        r, c = np.nonzero(self.water)
        far = (r - row) ** 2 + (c - column) ** 2
        best = int(far.argmin())
        return int(r[best]), int(c[best]), round(math.sqrt(float(far[best])) * CELL_M)

    def network(self, ports: Sequence[Port], pairs: Sequence[tuple[Port, Port]]) -> SeaNetwork:
        """Shortest ways of all pairs."""
        number = np.full(self.water.shape, -1)
        number[self.water] = np.arange(int(self.water.sum()))
        tails, heads, lengths = [], [], []
        for dr, dc, length in ((0, 1, 1.0), (1, 0, 1.0), (1, 1, math.sqrt(2)), (1, -1, math.sqrt(2)), (1, 2, math.sqrt(5)), (2, 1, math.sqrt(5)),
                               (1, -2, math.sqrt(5)), (2, -1, math.sqrt(5))):  # fmt: skip
            a = number[: self.rows - dr, max(0, -dc) : self.columns - max(0, dc)]
            b = number[dr:, max(0, dc) : self.columns + min(0, dc)]
            both = (a >= 0) & (b >= 0)
            tails.append(a[both])
            heads.append(b[both])
            lengths.append(np.full(int(both.sum()), length))
        size = int(self.water.sum())
        graph = coo_array((np.concatenate(lengths), (np.concatenate(tails), np.concatenate(heads))), shape=(size, size)).tocsr()
        cells = {p.port_id: self.cell(p) for p in ports}
        row_of, column_of = np.nonzero(self.water)
        miles, paths = {}, {}
        for start in ports:
            ends = [b for a, b in pairs if a is start]
            if not ends:
                continue
            r, c, _ = cells[start.port_id]
            far, before = dijkstra(
                graph, directed=False, indices=int(number[r, c]), return_predecessors=True, limit=FARTHEST_NM * 3 * NM_M / CELL_M
            )
            for end in ends:
                node = int(number[cells[end.port_id][0], cells[end.port_id][1]])
                if not math.isfinite(far[node]):
                    continue
                chain = [node]
                while before[chain[-1]] >= 0:
                    chain.append(int(before[chain[-1]]))
                corners = self.pulled([(int(row_of[n]), int(column_of[n])) for n in chain[::-1]])
                points = [(start.lon, start.lat), *(self.point(*k) for k in corners[1:-1]), (end.lon, end.lat)]
                miles[start.port_id, end.port_id] = round(max(self.length(points) / NM_M, great_circle(start, end)), 2)
                paths[start.port_id, end.port_id] = tuple(points)
        moved = {name: metres for name, (_, _, metres) in cells.items() if metres > CELL_M}
        known = {p.port_id: p for p in ports}
        for (one, other), nm in list(miles.items()):
            miles[one, other] = max(nm, math.ceil(great_circle(known[one], known[other]) * 100) / 100)
        return SeaNetwork(miles, paths, moved)

    def point(self, row: int, column: int) -> Point:
        """(longitude, latitude) of the middle of a cell."""
        return self.lon0 + (column + 0.5) * CELL_M / self.east, self.lat0 + (row + 0.5) * CELL_M / self.north

    def length(self, points: Sequence[Point]) -> float:
        """Metres along the points."""
        return sum(math.hypot((b[0] - a[0]) * self.east, (b[1] - a[1]) * self.north) for a, b in pairwise(points))

    def clear(self, a: tuple[int, int], b: tuple[int, int]) -> bool:
        """Whether only water lies on the straight line between two cells."""
        steps = max(2, int(math.hypot(b[0] - a[0], b[1] - a[1]) * 3))
        part: NDArray[np.float64] = np.linspace(0, 1, steps)
        return bool(self.water[np.rint(a[0] + part * (b[0] - a[0])).astype(int), np.rint(a[1] + part * (b[1] - a[1])).astype(int)].all())

    def pulled(self, chain: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The chain with every corner left out that a straight way passes by (farthest first, by halves)."""
        corners, at = [chain[0]], 0
        while at < len(chain) - 1:
            low, high = at + 1, len(chain) - 1
            while low < high:
                middle = (low + high + 1) // 2
                if self.clear(chain[at], chain[middle]):
                    low = middle
                else:
                    high = middle - 1
            corners.append(chain[low])
            at = low
        return corners

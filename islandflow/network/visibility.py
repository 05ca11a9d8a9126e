"""Shortest ways round land: a graph of the corners of the coast that see each other, exact for the given polygons.

Only corners where land bulges into the water matter, and only ways that touch a corner without cutting into it (Lozano-Pérez & Wesley
1979); both tests together leave a few hundred thousand of some ten million lines of sight to compare with the coast.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
OFF_SHORE_M = 25.0  # boats round a corner at this distance at least
EARTH_NM = 3440.065
METRES_A_DEGREE = 111_195.0  # of latitude, on the same sphere as EARTH_NM
BLOCK = 256  # corners compared with all others at once


@dataclass(frozen=True)
class Ways:
    """Shortest ways from some points: ``nm[i, j]`` between points i and j (inf: no water), ``moved_m[i]`` how far point i was moved."""

    nm: FloatArray
    moved_m: FloatArray
    points: FloatArray
    before: IntArray

    def path(self, i: int, j: int) -> list[tuple[float, float]]:
        """(longitude, latitude) of the way from point i to point j."""
        chain = [j]
        while chain[-1] != i:
            chain.append(int(self.before[i, chain[-1]]))
        return [(float(self.points[n, 0]), float(self.points[n, 1])) for n in reversed(chain)]


def shortest_ways(land: Sequence[Polygon], lon: FloatArray, lat: FloatArray, farthest_nm: float) -> Ways:
    """Shortest ways between all pairs of the points, round the polygons (longitude, latitude in degrees).

    A point inside a polygon, or almost on its edge, is moved to the nearest water first. Lengths are great circles along the way,
    hence never below the great circle of the two points as moved. Ways longer than three times ``farthest_nm`` count as none.
    """
    plane = _Plane(float(np.mean(lat)) if len(lat) else 0.0)
    box = (float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max()))
    margin = max(0.12, 0.1 * max(box[2] - box[0], box[3] - box[1]))
    window = shapely.box(box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin)
    coast = [plane.geometry(p) for p in land if p.intersects(window)]
    shore = shapely.union_all([p.buffer(OFF_SHORE_M, join_style="mitre", mitre_limit=2.0) for p in coast]) if coast else Polygon()
    starts = np.column_stack([lon, lat]) * plane.scale
    starts, moved = _afloat(starts, coast)
    corners, before, after = _corners(shore)
    inside = shapely.intersects_xy(plane.geometry(window), corners[:, 0], corners[:, 1])
    corners, before, after = corners[inside], before[inside], after[inside]
    tails, heads = _sights(starts, corners, before, after, coast, farthest_nm)
    nodes = np.vstack([starts, corners]) / plane.scale
    nodes[: len(lon)][moved == 0] = np.column_stack([lon, lat])[moved == 0]
    graph = coo_array((great_circles(nodes[tails], nodes[heads]) + 1e-9, (tails, heads)), shape=(len(nodes), len(nodes))).tocsr()
    far, previous = dijkstra(graph, directed=False, indices=np.arange(len(lon)), return_predecessors=True, limit=3 * farthest_nm)
    return Ways(far[:, : len(lon)], moved, nodes, previous.astype(np.int64))


def great_circles(a: FloatArray, b: FloatArray) -> FloatArray:
    """Nautical miles on the sphere between rows of (longitude, latitude)."""
    p, q = np.radians(a), np.radians(b)
    h = np.sin((q[:, 1] - p[:, 1]) / 2) ** 2 + np.cos(p[:, 1]) * np.cos(q[:, 1]) * np.sin((q[:, 0] - p[:, 0]) / 2) ** 2
    length: FloatArray = 2 * EARTH_NM * np.arcsin(np.sqrt(h))
    return length


class _Plane:
    """Degrees to metres about one latitude; what is straight there is straight enough within an archipelago."""

    def __init__(self, latitude: float) -> None:
        self.scale = np.array([METRES_A_DEGREE * math.cos(math.radians(latitude)), METRES_A_DEGREE])

    def geometry(self, shape: BaseGeometry) -> BaseGeometry:
        """The shape in metres."""
        flat: BaseGeometry = shapely.make_valid(shapely.transform(shape, lambda xy: xy * self.scale))
        return flat


def _afloat(points: FloatArray, coast: Sequence[BaseGeometry]) -> tuple[FloatArray, FloatArray]:
    """The points, those on land moved to the nearest point just off the shore; metres moved."""
    near = [p.buffer(1.0) for p in coast]  # a metre: what lies on the edge itself would see nothing
    land = shapely.union_all(near) if near else Polygon()
    shapely.prepare(land)
    out, moved = points.copy(), np.zeros(len(points))
    for i, xy in enumerate(points):
        point = shapely.Point(xy)
        if land.contains(point):
            nearest = shapely.get_point(shapely.shortest_line(land.boundary, point), 0)
            step = np.array([nearest.x, nearest.y]) - xy
            length = float(np.hypot(*step))
            out[i] = xy + step * ((length + 0.5) / length if length else 1.0)
            moved[i] = float(np.hypot(*(out[i] - xy)))
    return out, moved


def _corners(shore: BaseGeometry) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Corners of the shore where land bulges into the water, with the corner before and after each."""
    found: list[tuple[FloatArray, FloatArray, FloatArray]] = []
    for part in shapely.get_parts(shore):
        if not isinstance(part, Polygon) or part.is_empty:
            continue
        turned = shapely.orient_polygons(part)  # counter-clockwise outside, clockwise holes: land lies to the left
        for ring in (turned.exterior, *turned.interiors):
            xy = np.asarray(ring.coords)[:-1]
            before, after = np.roll(xy, 1, axis=0), np.roll(xy, -1, axis=0)
            bulges = _cross(xy - before, after - xy) > 0
            found.append((xy[bulges], before[bulges], after[bulges]))
    if not found:
        empty = np.zeros((0, 2))
        return empty, empty, empty
    corners, before, after = (np.vstack(columns) for columns in zip(*found, strict=True))
    return corners, before, after


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    product: FloatArray = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return product


def _sights(
    starts: FloatArray, corners: FloatArray, before: FloatArray, after: FloatArray, coast: Sequence[BaseGeometry], farthest_nm: float
) -> tuple[IntArray, IntArray]:
    """Pairs of nodes (starts first) that see each other over water, ways that cut into a corner left out."""
    nodes = np.vstack([starts, corners])
    first = len(starts)
    tails, heads = [], []
    for begin in range(0, len(nodes), BLOCK):
        a = np.arange(begin, min(begin + BLOCK, len(nodes)))
        way = nodes[None, :, :] - nodes[a][:, None, :]
        good = (np.arange(len(nodes))[None, :] > a[:, None]) & (np.hypot(way[..., 0], way[..., 1]) <= farthest_nm * 1852)
        # a start may lie between the coast and its corners' distance off shore: its ways to corners are not put to this test
        own = a >= first
        c = a[own] - first
        to, out = way[own][:, first:, :], way[own]
        good[np.ix_(own, np.arange(first, len(nodes)))] &= _cross(to, (before - corners)[None]) * _cross(to, (after - corners)[None]) >= 0
        good[own] &= _cross(out, (before - corners)[c][:, None]) * _cross(out, (after - corners)[c][:, None]) >= 0
        i, j = np.nonzero(good)
        tails.append(a[i])
        heads.append(j)
    tail, head = np.concatenate(tails), np.concatenate(heads)
    open_water = _over_water(nodes, tail, head, coast)
    return tail[open_water], head[open_water]


def _over_water(nodes: FloatArray, tail: IntArray, head: IntArray, coast: Sequence[BaseGeometry]) -> NDArray[np.bool_]:
    """Which of the straight lines touch no polygon; the largest polygons are asked first, since they block most."""
    a, b = nodes[tail], nodes[head]
    low, high = np.minimum(a, b), np.maximum(a, b)
    lines = shapely.linestrings(np.stack([a, b], axis=1))
    clear = np.ones(len(lines), dtype=bool)
    for polygon in sorted(coast, key=lambda p: -float(p.area)):
        west, south, east, north = polygon.bounds
        asked = np.flatnonzero(clear & (high[:, 0] >= west) & (low[:, 0] <= east) & (high[:, 1] >= south) & (low[:, 1] <= north))
        if len(asked):
            shapely.prepare(polygon)
            clear[asked] = ~shapely.intersects(polygon, lines[asked])
    return clear

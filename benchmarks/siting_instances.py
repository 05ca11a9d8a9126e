"""Siting instances: readers of the public formats, and two seeded generators for sizes that no public family has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay

from islandflow.siting.lists import DistanceLists, lists_from_points, lists_from_roads
from islandflow.siting.problem import SitingProblem

IntArray = NDArray[np.int64]
WHOLE_ENTRIES = 12_000_000  # up to so many pairs the lists are whole
LEAST_LISTED, LISTED_SHARE = 100, 8  # else so many sites at least, and so many times the mean number a site serves


@dataclass(frozen=True)
class Recipe:
    """How to make one instance: ``kind`` pmed, tsp, cover or roads; the file, or points and candidates."""

    kind: str
    goal: str
    most: int
    path: str = ""
    points: int = 0
    candidates: int = 0


def read_pmed(path: Path) -> tuple[int, IntArray, IntArray, int]:
    """Nodes, ends (edges, 2), lengths, p of an OR-Library file; of a repeated edge the last line wins."""
    numbers = [int(float(x)) for x in path.read_text().split()]
    n, edges, p = numbers[:3]
    found: dict[tuple[int, int], int] = {}
    for k in range(edges):
        i, j, cost = numbers[3 + 3 * k : 6 + 3 * k]
        found[min(i, j) - 1, max(i, j) - 1] = cost
    return n, np.array(list(found), dtype=np.int64), np.array(list(found.values()), dtype=np.int64), p


def read_tsp(path: Path) -> NDArray[np.float64]:
    """(n, 2) coordinates of a TSPLIB file with EUC_2D distances."""
    points, inside = [], False
    for line in path.read_text().splitlines():
        word = line.strip()
        if word == "EOF":
            break
        if inside and word:
            points.append([float(x) for x in word.split()[1:3]])
        inside = inside or word.startswith("NODE_COORD_SECTION")
    return np.array(points)


def listed(points: int, most: int) -> int:
    """How many sites each list holds: 0 = all."""
    return 0 if points * points <= WHOLE_ENTRIES else min(points, max(LEAST_LISTED, LISTED_SHARE * points // most))


def make(recipe: Recipe, seed: int, longer: int = 1) -> SitingProblem:
    """The problem of a recipe; ``longer`` multiplies the length of cut lists."""
    if recipe.kind == "pmed":
        n, ends, length, _ = read_pmed(Path(recipe.path))
        every = np.arange(n)
        return SitingProblem(lists_from_roads(n, ends, length, every, every), np.ones(n, np.int64), recipe.goal, recipe.most)  # type: ignore[arg-type]
    if recipe.kind == "tsp":
        points = read_tsp(Path(recipe.path))
        lists = lists_from_points(points, points, longer * listed(len(points), recipe.most))
        return SitingProblem(lists, np.ones(len(points), np.int64), recipe.goal, recipe.most)  # type: ignore[arg-type]
    if recipe.kind == "cover":
        lists, weight = towns_and_country(recipe.points, recipe.candidates, seed)
        return SitingProblem(lists, weight, "cover-most", recipe.most, RADIUS_M)
    n, ends, length, weight = roads(recipe.points, seed)
    every = np.arange(n)
    return SitingProblem(lists_from_roads(n, ends, length, every, every, longer * listed(n, recipe.most)), weight, "median", recipe.most)


RADIUS_M, SIDE_M = 5_000, 100_000


def towns_and_country(points: int, candidates: int, seed: int) -> tuple[DistanceLists, IntArray]:
    """Demand points in a square of 100 km, half of them in 60 towns; candidates are points drawn from them; lists within 5 km."""
    rng = np.random.default_rng(seed)
    centre = rng.random((60, 2)) * SIDE_M
    town = centre[rng.integers(0, 60, points // 2)] + rng.normal(0, 2_500, (points // 2, 2))
    place = np.clip(np.vstack([town, rng.random((points - points // 2, 2)) * SIDE_M]), 0, SIDE_M)
    sites = place[rng.choice(points, candidates, replace=False)]
    return lists_from_points(place, sites, within=RADIUS_M), rng.integers(1, 101, points)


def roads(points: int, seed: int) -> tuple[int, IntArray, IntArray, IntArray]:
    """A road network: nodes in a square, of their triangulation the roads that no two shorter ones replace well; people at each node.

    Length in metres is 1.0 to 1.4 times the straight line. Connected: a road is left out only where a detour over one node exists.
    """
    rng = np.random.default_rng(seed)
    place = rng.random((points, 2)) * SIDE_M
    faces = Delaunay(place).simplices
    pairs = np.sort(np.vstack([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [0, 2]]]), axis=1)
    straight = np.hypot(*(place[faces] - place[np.roll(faces, 1, axis=1)]).transpose(2, 0, 1))
    # np.roll pairs corner k with corner k-1: sides (0,2), (1,0), (2,1); the longest side of a flat triangle goes
    side = np.sort(np.stack([faces, np.roll(faces, 1, axis=1)], axis=2), axis=2)
    longest = straight.argmax(axis=1)
    flat = straight.max(axis=1) > 0.75 * straight.sum(axis=1) - 0.5 * straight.max(axis=1)
    gone = {tuple(s) for s in side[flat, longest[flat]].tolist()}
    ends = np.array([p for p in np.unique(pairs, axis=0).tolist() if tuple(p) not in gone], dtype=np.int64)
    length = np.ceil(np.hypot(*(place[ends[:, 0]] - place[ends[:, 1]]).T) * rng.uniform(1.0, 1.4, len(ends))).astype(np.int64)
    return points, ends, length, rng.integers(1, 201, points)

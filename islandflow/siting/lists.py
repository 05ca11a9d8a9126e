"""Sparse distance lists: for each client the sites it can reach, nearest first. What is not listed is a fact, not a big number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from islandflow.siting.nearest import nearest_nodes

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
NOT_CUT = np.iinfo(np.int64).max


@dataclass(frozen=True)
class DistanceLists:
    """Client ``i`` reaches ``site[start[i]:start[i+1]]`` at ``distance[...]`` (whole units, rising).

    ``horizon[i]``: every site that is not listed is at least so far; NOT_CUT where it cannot be reached at all.
    """

    start: IntArray
    site: IntArray
    distance: IntArray
    sites: int
    horizon: IntArray

    @property
    def clients(self) -> int:
        """Number of clients."""
        return len(self.start) - 1

    @property
    def complete(self) -> bool:
        """Whether no list was cut: what is not listed cannot be reached."""
        return bool((self.horizon == NOT_CUT).all())

    def within(self, radius: int) -> DistanceLists:
        """The entries up to ``radius``; complete, since farther sites do not serve."""
        keep = self.distance <= radius
        if not self.complete and bool((self.horizon <= radius).any()):
            raise ValueError("the lists were cut inside the radius")
        count = np.add.reduceat(np.append(keep, False), self.start[:-1]) if len(keep) else np.zeros(self.clients, np.int64)
        count = np.where(np.diff(self.start) > 0, count, 0)
        start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
        return DistanceLists(start, self.site[keep], self.distance[keep], self.sites, np.full(self.clients, NOT_CUT))

    def at(self, client: int) -> tuple[IntArray, IntArray]:
        """Sites and distances of one client."""
        span = slice(self.start[client], self.start[client + 1])
        return self.site[span], self.distance[span]

    def owner(self) -> IntArray:
        """(entries,) the client of each entry."""
        return np.repeat(np.arange(self.clients), np.diff(self.start))


def lists_from_rows(rows: list[tuple[IntArray, IntArray]], sites: int, horizon: IntArray | None = None) -> DistanceLists:
    """Lists from (sites, distances) of each client, in any order."""
    ordered = [(s[o], d[o]) for s, d in rows for o in [np.lexsort((s, d))]]
    start = np.concatenate([[0], np.cumsum([len(s) for s, _ in ordered])]).astype(np.int64)
    site = np.concatenate([s for s, _ in ordered]) if ordered else np.zeros(0)
    distance = np.concatenate([d for _, d in ordered]) if ordered else np.zeros(0)
    cut = np.full(len(rows), NOT_CUT) if horizon is None else horizon
    return DistanceLists(start, site.astype(np.int64), distance.astype(np.int64), sites, cut)


def lists_from_matrix(matrix: NDArray[np.generic], unreachable: int = -1) -> DistanceLists:
    """Lists from a (clients, sites) matrix of whole numbers; ``unreachable`` marks pairs that are not joined."""
    whole = np.asarray(matrix, dtype=np.int64)
    if whole.ndim != 2 or bool(((whole < 0) & (whole != unreachable)).any()):
        raise ValueError("a matrix of distances >= 0 is needed")
    every = np.arange(whole.shape[1])
    return lists_from_rows([(every[row != unreachable], row[row != unreachable]) for row in whole], whole.shape[1])


def lists_from_points(clients: FloatArray, sites: FloatArray, nearest: int = 0, within: float = np.inf) -> DistanceLists:
    """Lists of straight distances, rounded down, between (n, 2) and (m, 2) coordinates.

    ``nearest`` > 0 cuts each list to so many sites (the horizon says so); ``within`` drops what is farther, as if out of reach.
    """
    m = len(sites)
    tree = cKDTree(sites)
    if np.isfinite(within):
        # one more unit: floor() of what is just beyond may still be within
        hits = tree.query_ball_point(clients, within + 1, workers=1)
        rows = []
        for point, hit in zip(clients, hits, strict=True):
            found = np.asarray(hit, dtype=np.int64)
            far = np.floor(np.hypot(*(sites[found] - point).T)).astype(np.int64) if len(found) else np.zeros(0, np.int64)
            rows.append((found[far <= within], far[far <= within]))
        return lists_from_rows(rows, m)
    k = min(nearest or m, m)
    away, which = tree.query(clients, k=k)
    away, which = away.reshape(len(clients), k), which.reshape(len(clients), k)
    far = np.floor(away + 1e-9).astype(np.int64)
    horizon = far[:, -1].copy() if k < m else np.full(len(clients), NOT_CUT)
    return lists_from_rows(list(zip(which.astype(np.int64), far, strict=True)), m, horizon)


def lists_from_roads(
    nodes: int, ends: IntArray, length: IntArray, clients: IntArray, sites: IntArray, nearest: int = 0, within: int = 0
) -> DistanceLists:
    """Lists of shortest ways over roads passable both ways.

    ends: (roads, 2) nodes; length: (roads,) whole units >= 0; clients, sites: their nodes. ``nearest`` > 0 cuts each list to so
    many sites and says so in the horizon; ``within`` > 0 drops what is farther.
    """
    at = np.full(nodes, 0, np.int64)
    np.add.at(at, sites, 1)
    first = np.concatenate([[0], np.cumsum(at)]).astype(np.int64)
    order = np.argsort(sites, kind="stable").astype(np.int64)
    tail = np.concatenate([ends[:, 0], ends[:, 1]])
    head = np.concatenate([ends[:, 1], ends[:, 0]])
    both = np.concatenate([length, length])
    by_tail = np.argsort(tail, kind="stable")
    begin = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=nodes))]).astype(np.int64)
    most = nearest if nearest > 0 else len(sites)
    start, site, distance, horizon = nearest_nodes(
        begin,
        head[by_tail].astype(np.int64),
        both[by_tail].astype(np.int64),
        clients.astype(np.int64),
        first,
        order,
        most,
        within or NOT_CUT,
    )
    return DistanceLists(start, site, distance, len(sites), horizon)

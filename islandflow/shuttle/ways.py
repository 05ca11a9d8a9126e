"""Ways of a bus over an island's roads: minutes, metres, and the nodes passed."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from islandflow.scenario.entities import Scenario
from islandflow.shuttle.day import NO_WAY, IntArray


@dataclass(frozen=True)
class Ways:
    """Quickest ways between ``nodes``: ``minutes`` (rounded up, at least 1) and ``metres`` (nodes, nodes), NO_WAY where there is none;
    ``walk`` (nodes, nodes) minutes on foot by the shortest way; ``paths`` the road nodes from node to node."""

    nodes: tuple[str, ...]
    minutes: IntArray
    metres: IntArray
    walk: IntArray
    paths: dict[tuple[str, str], tuple[str, ...]]


def island_ways(scenario: Scenario, island: str, nodes: Sequence[str]) -> Ways:
    """Ways on one island; a bus drives ``shuttle_speed_share`` of a road's usual speed, footpaths are for walking alone."""
    share, pace = scenario.number("shuttle_speed_share"), scenario.number("walk_km_h")
    drive: dict[str, list[tuple[str, float, int]]] = defaultdict(list)
    foot: dict[str, list[tuple[str, float, int]]] = defaultdict(list)
    for road in scenario.roads.values():
        if road.island_id != island or road.kind == "bridge":
            continue
        for a, b in ((road.from_node, road.to_node), (road.to_node, road.from_node)):
            foot[a].append((b, road.length_m * 0.06 / pace, road.length_m))
            if road.speed_km_h > 0:
                drive[a].append((b, road.length_m * 0.06 / (road.speed_km_h * share), road.length_m))
    size = len(nodes)
    minutes, metres, walk = (np.full((size, size), NO_WAY, dtype=np.int64) for _ in range(3))
    paths = {}
    for i, start in enumerate(nodes):
        driven, walked = _from(start, drive), _from(start, foot)
        for j, end in enumerate(nodes):
            if i == j:
                minutes[i, j] = metres[i, j] = walk[i, j] = 0
                continue
            if end in driven:
                minutes[i, j], metres[i, j] = max(1, math.ceil(driven[end][0] - 1e-9)), driven[end][1]
                paths[start, end] = _path(driven, end)
            if end in walked:
                walk[i, j] = math.ceil(walked[end][0] - 1e-9)
    return Ways(tuple(nodes), minutes, metres, walk, paths)


def _from(start: str, roads: dict[str, list[tuple[str, float, int]]]) -> dict[str, tuple[float, int, str]]:
    """Minutes, metres and the node before, of every node that can be reached."""
    best, queue = {start: (0.0, 0, "")}, [(0.0, 0, start)]
    while queue:
        time, long, a = heapq.heappop(queue)
        if (time, long) > best[a][:2]:
            continue
        for b, more, metres in roads[a]:
            if b not in best or (time + more, long + metres) < best[b][:2]:
                best[b] = (time + more, long + metres, a)
                heapq.heappush(queue, (time + more, long + metres, b))
    return best


def _path(best: dict[str, tuple[float, int, str]], end: str) -> tuple[str, ...]:
    found = [end]
    while best[found[-1]][2]:
        found.append(best[found[-1]][2])
    return tuple(found[::-1])

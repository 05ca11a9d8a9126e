"""The road network of a scenario as arrays: nodes, seconds by car and on foot, distance lists between nodes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from islandflow.scenario.entities import Scenario
from islandflow.siting.lists import DistanceLists, IntArray, lists_from_roads


@dataclass(frozen=True)
class RoadNet:
    """``ends`` (roads, 2) node numbers; ``drive`` and ``walk`` (roads,) seconds, rounded up; a footpath is in ``walk`` alone."""

    nodes: tuple[str, ...]
    number: dict[str, int]
    roads: tuple[str, ...]
    ends: IntArray
    drive: IntArray
    walk: IntArray
    motor: IntArray


def road_net(scenario: Scenario, upgraded: Collection[str] = ()) -> RoadNet:
    """The network of all islands; roads named in ``upgraded`` at their speed after the upgrade."""
    roads = list(scenario.roads.values())
    names = [*scenario.settlements, *(p for p in scenario.ports if p not in scenario.settlements)]
    names += [n for n in dict.fromkeys(x for r in roads for x in (r.from_node, r.to_node)) if n not in set(names)]
    number = {n: k for k, n in enumerate(names)}
    pace = scenario.number("walk_km_h")
    speed = [r.upgrade_km_h if r.road_id in upgraded and r.upgrade_km_h else r.speed_km_h for r in roads]
    return RoadNet(
        tuple(names), number, tuple(r.road_id for r in roads),
        np.array([(number[r.from_node], number[r.to_node]) for r in roads], dtype=np.int64).reshape(-1, 2),
        np.array([seconds(r.length_m, v) if v > 0 else 0 for r, v in zip(roads, speed, strict=True)], dtype=np.int64),
        np.array([seconds(r.length_m, pace) for r in roads], dtype=np.int64),
        np.array([v > 0 for v in speed], dtype=bool),
    )  # fmt: skip


def seconds(metres: int, km_h: float) -> int:
    """Seconds for a way, rounded up."""
    return int(np.ceil(metres * 3.6 / km_h - 1e-9))


def node_lists(net: RoadNet, clients: Sequence[str], sites: Sequence[str], on_foot: bool = False, within: int = 0) -> DistanceLists:
    """Seconds from each client node to the site nodes by road; ``within`` seconds, 0 = any."""
    use = np.ones(len(net.roads), bool) if on_foot else net.motor
    here = np.array([net.number[c] for c in clients], dtype=np.int64)
    there = np.array([net.number[s] for s in sites], dtype=np.int64)
    return lists_from_roads(len(net.nodes), net.ends[use], (net.walk if on_foot else net.drive)[use], here, there, within=within)

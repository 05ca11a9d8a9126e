"""Walks along an island's roads, between its settlements and quays."""

from __future__ import annotations

from dataclasses import dataclass

from islandflow.scenario.entities import Scenario
from islandflow.shuttle.ways import island_ways


@dataclass(frozen=True)
class RoadWalk:
    """A walk of ``minutes`` (rounded up) from node to node."""

    from_node: str
    to_node: str
    minutes: int


def node_of(scenario: Scenario, halt: str) -> str:
    """The port or place that people name for a halt: a settlement that is a place too goes by the place."""
    home = scenario.settlements.get(halt)
    return home.place_id if home is not None and home.place_id and halt not in scenario.ports else halt


def road_walks(scenario: Scenario, island: str) -> list[RoadWalk]:
    """Every walk between two settlements or ports of an island that its roads join, however long."""
    on_roads = {n for r in scenario.roads.values() if r.island_id == island for n in (r.from_node, r.to_node)}
    here = [p.port_id for p in scenario.ports.values() if p.island_id == island]
    here += [s.settlement_id for s in scenario.settlements.values() if s.island_id == island]
    ways = island_ways(scenario, island, [n for n in dict.fromkeys(here) if n in on_roads])
    return [
        RoadWalk(node_of(scenario, a), node_of(scenario, b), int(ways.walk[i, j]))
        for i, a in enumerate(ways.nodes)
        for j, b in enumerate(ways.nodes)
        if i != j and ways.walk[i, j] >= 0
    ]

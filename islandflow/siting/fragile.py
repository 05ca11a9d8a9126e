"""Roads whose loss cuts people off, and how long the detour is where it does not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import networkx as nx

from islandflow.scenario.entities import Scenario
from islandflow.siting.network import seconds


@dataclass(frozen=True)
class Fragile:
    """``what`` a road or a node; ``people`` who lose every way to a quay (bridge or cut point), or who must go round by ``detour_min``."""

    what: str
    kind: str
    island_id: str
    people: int
    detour_min: int | None


def graph_of(scenario: Scenario) -> nx.Graph:
    """Roads that a car can use; ``seconds`` and ``road`` on each edge, of the quickest; ``next_best`` seconds of another, inf without."""
    graph = nx.Graph()
    for r in scenario.roads.values():
        if r.speed_km_h > 0:
            cost = seconds(r.length_m, r.speed_km_h)
            known = graph.get_edge_data(r.from_node, r.to_node)
            if known is None:
                graph.add_edge(r.from_node, r.to_node, seconds=cost, road=r.road_id, next_best=math.inf)
            elif known["seconds"] > cost:
                known.update(seconds=cost, road=r.road_id, next_best=known["seconds"])
            else:
                known["next_best"] = min(known["next_best"], cost)
    return graph


def fragile_roads(scenario: Scenario, islands: set[str]) -> list[Fragile]:
    """Bridges and cut points with people behind them, then roads with a detour; most people first."""
    graph = graph_of(scenario)
    people = {s.settlement_id: s.residents for s in scenario.settlements.values()}
    quays = set(scenario.ports)
    found = []
    for part in nx.connected_components(graph):
        sub = graph.subgraph(part)
        has_quay = bool(quays & part)
        for a, b in nx.bridges(sub):
            if sub[a][b]["next_best"] < math.inf:
                continue  # another road joins the same two nodes
            road = sub[a][b]["road"]
            rest = nx.Graph(sub.edges)
            rest.remove_edge(a, b)
            sides = [nx.node_connected_component(rest, n) for n in (a, b)]
            cut = _cut(sides, quays, people, has_quay)
            if cut:
                found.append(Fragile(road, "bridge", scenario.roads[road].island_id, cut, None))
        for node in nx.articulation_points(sub):
            sides = list(nx.connected_components(sub.subgraph(part - {node})))
            cut = _cut(sides, quays - {node}, people, has_quay)
            if cut:
                found.append(Fragile(node, "cut point", _island(scenario, node, sub), cut, None))
    found += _detours(scenario, graph, people, quays)
    kept = [f for f in found if f.island_id in islands]
    return sorted(kept, key=lambda f: (f.detour_min is not None, -f.people, f.what))


def _cut(sides: list[set[str]], quays: set[str], people: dict[str, int], has_quay: bool) -> int:
    """People on sides without a quay; where no side has one, all but the largest side."""
    size = [sum(people.get(n, 0) for n in side) for side in sides]
    if has_quay and any(side & quays for side in sides):
        return sum(s for s, side in zip(size, sides, strict=True) if not side & quays)
    return sum(size) - max(size, default=0)


def _island(scenario: Scenario, node: str, graph: nx.Graph) -> str:
    if node in scenario.settlements:
        return scenario.settlements[node].island_id
    if node in scenario.ports:
        return scenario.ports[node].island_id
    return scenario.roads[next(iter(graph[node].values()))["road"]].island_id


def _cost_without(road: str, _: str, __: str, edge: Mapping[str, Any]) -> float | None:
    """Seconds of an edge when a road is gone; None = no way."""
    if edge["road"] != road:
        return float(edge["seconds"])
    return float(edge["next_best"]) if edge["next_best"] < math.inf else None


def _detours(scenario: Scenario, graph: nx.Graph, people: dict[str, int], quays: set[str]) -> list[Fragile]:
    """People whose quickest way to the nearest quay uses a road that is no bridge, and how much longer the way round is at worst."""
    users: dict[str, list[str]] = {}
    here = [q for q in quays if q in graph]
    if not here:
        return []
    far, ways = nx.multi_source_dijkstra(graph, set(here), weight="seconds")
    for node, way in ways.items():
        if people.get(node):
            for a, b in pairwise(way):
                users.setdefault(graph[a][b]["road"], []).append(node)
    found = []
    for road, nodes in users.items():
        r = scenario.roads[road]
        without = nx.multi_source_dijkstra_path_length(graph, set(here), weight=partial(_cost_without, road))
        if all(n in without for n in nodes):
            longest = int(max(without[n] - far[n] for n in nodes))
            found.append(Fragile(road, "detour", r.island_id, sum(people[n] for n in nodes), -(-longest // 60)))
    return found

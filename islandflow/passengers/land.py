"""Ways on land: the quickest from every place and port to every other, over land links, quays and short walks.

Where the buses of islands are told by their minutes, settlements are places too, walks follow the island's roads, and a link that
nobody runs (no fare, no headway: an estimated drive) is not used between a settlement and a quay: who rides takes the bus.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from islandflow.passengers.roads import RoadWalk, node_of, road_walks
from islandflow.scenario.entities import LandLink, Place, Port, Scenario
from islandflow.sphere import great_circle
from islandflow.units import fen

IntArray = NDArray[np.int64]
NEVER = 1_000_000  # minutes: no way on land
METRES_PER_NM = 1852
MINUTE, FEN = 100_000_000, 100  # one weight orders by minutes, then fare, then number of links


@dataclass(frozen=True)
class LandLeg:
    """One link of a way on land; ``mode`` is ``land`` (a link of the scenario) or ``walk`` (estimated from the straight line, or along roads)."""

    mode: str
    from_node: str
    to_node: str
    minutes: int
    fare_fen: int
    headway_min: int


@dataclass(frozen=True)
class LandWays:
    """Nodes are all ports, then all places, then settlements that are no place. ``minutes[i, j]`` is NEVER and ``fare_fen[i, j]`` 0 where
    no way leads. ``before`` leads back from ``last[i, j]``: nodes are counted twice there if walks are not to follow each other.
    ``also`` are further ids of nodes."""

    nodes: tuple[str, ...]
    ports: int
    minutes: IntArray
    fare_fen: IntArray
    before: IntArray
    last: IntArray
    links: dict[tuple[int, int], LandLeg]
    also: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def index(self) -> dict[str, int]:
        """Number of a node by its id."""
        found = {node: i for i, node in enumerate(self.nodes)}
        return {**{other: found[node] for other, node in self.also.items()}, **found}

    def legs(self, start: int, end: int) -> list[LandLeg]:
        """The links of the way, a place and its own quay counted as one; empty for no move. ValueError if there is no way."""
        if self.minutes[start, end] >= NEVER:
            raise ValueError(f"no way on land from {self.nodes[start]} to {self.nodes[end]}")
        found: list[LandLeg] = []
        at, size = int(self.last[start, end]), len(self.nodes)
        while at != start:
            previous = int(self.before[start, at])
            link = self.links[previous % size, at % size]
            if link.mode != "quay":
                found.append(link)
            at = previous
        return found[::-1]


def land_ways(scenario: Scenario, bus_islands: Sequence[str] = ()) -> LandWays:
    """All quickest ways on land; among equally quick ones the cheapest, then the one of fewest links.

    A link's minutes are counted as they stand, as the planner counts them; waiting for a bus lies in the minimum transfer time.
    Walks join nodes of one island up to ``longest_walk_m`` where the scenario has no link, and are estimates. On ``bus_islands``, whose
    buses are told apart, one walk along roads takes ``longest_road_walk_min`` at most, and no second one follows it.
    """
    walks = [w for island in bus_islands for w in road_walks(scenario, island)]
    homes = [s for s in scenario.settlements.values() if s.island_id in bus_islands]
    also = {s.settlement_id: node_of(scenario, s.settlement_id) for s in homes}
    nodes = tuple(dict.fromkeys((*scenario.ports, *scenario.places, *also.values())))
    index = {node: i for i, node in enumerate(nodes)}
    links: dict[tuple[int, int], LandLeg] = {}
    for leg in (*_quays(scenario), *_links(scenario, walks), *_walks(scenario, walks), *_roads(scenario, walks)):
        pair = (index[leg.from_node], index[leg.to_node])
        known = links.get(pair)
        # a walk never replaces what the scenario says; of two links between the same nodes the quicker counts
        if known is None or (known.mode == leg.mode and (leg.minutes, leg.fare_fen) < (known.minutes, known.fare_fen)):
            links[pair] = leg
    on_foot = {index[w.from_node] for w in walks}
    total, before = _shortest(links, len(nodes), on_foot)
    reached = np.isfinite(total)
    whole = np.where(reached, total, 0).astype(np.int64)
    last = np.tile(np.arange(len(nodes)), (len(nodes), 1))
    if on_foot:  # the second half are nodes that one has walked to
        walked = whole[:, len(nodes) :]
        later = reached[:, len(nodes) :] & (~reached[:, : len(nodes)] | (walked < whole[:, : len(nodes)]))
        last += len(nodes) * later
        whole, reached = np.where(later, walked, whole[:, : len(nodes)]), reached[:, : len(nodes)] | later
    return LandWays(
        nodes, len(scenario.ports), np.where(reached, whole // MINUTE, NEVER), np.where(reached, whole % MINUTE // FEN, 0),
        before.astype(np.int64), last, links, also,
    )  # fmt: skip


def _shortest(links: Mapping[tuple[int, int], LandLeg], size: int, on_foot: set[int]) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Weights of the quickest ways from each node, and the nodes before. With ``on_foot``, nodes of islands whose walks must not follow each
    other, every node is there twice: as such, and as one walked to."""
    rows, columns, weight = [], [], []
    for (i, j), leg in links.items():
        walk = leg.mode == "walk" and (i in on_foot or j in on_foot)
        steps = [(i, size + j)] if walk else [(i, j), (size + i, size + j if leg.mode == "quay" else j)] if on_foot else [(i, j)]
        for a, b in steps:
            rows.append(a)
            columns.append(b)
            weight.append(leg.minutes * MINUTE + leg.fare_fen * FEN + 1)
    shape = (2 * size, 2 * size) if on_foot else (size, size)
    graph = coo_array((np.array(weight, dtype=np.float64), (rows, columns)), shape=shape).tocsr()
    total, before = dijkstra(graph, indices=range(size), return_predecessors=True)
    return total, before


def _quays(scenario: Scenario) -> Iterator[LandLeg]:
    for port in scenario.ports.values():
        yield LandLeg("quay", port.port_id, port.place_id, 0, 0, 0)
        yield LandLeg("quay", port.place_id, port.port_id, 0, 0, 0)


def _links(scenario: Scenario, walks: Sequence[RoadWalk]) -> Iterator[LandLeg]:
    """Links of the scenario; between nodes that an island's roads join, only those that somebody runs."""
    quay = {p.port_id: p.place_id for p in scenario.ports.values()}
    by_road = {(quay.get(w.from_node, w.from_node), quay.get(w.to_node, w.to_node)) for w in walks}
    homes = {node_of(scenario, s) for s in scenario.settlements}

    def nobody_runs(link: LandLink) -> bool:
        ends = (quay.get(link.from_node, link.from_node), quay.get(link.to_node, link.to_node))
        return not (link.fare_yuan or link.headway_min) and ends in by_road and not homes.isdisjoint(ends)

    for link in scenario.land_links:
        if nobody_runs(link):
            continue
        for a, b in ((link.from_node, link.to_node), (link.to_node, link.from_node)):
            yield LandLeg("land", a, b, link.minutes, fen(link.fare_yuan), link.headway_min)


def _roads(scenario: Scenario, walks: Sequence[RoadWalk]) -> Iterator[LandLeg]:
    """Walks along roads that are short enough."""
    longest = scenario.whole("longest_road_walk_min")
    for w in walks:
        if w.minutes <= longest:
            yield LandLeg("walk", w.from_node, w.to_node, w.minutes, 0, 0)


def _walks(scenario: Scenario, walks: Sequence[RoadWalk]) -> Iterator[LandLeg]:
    """Walks where neither node, nor its quay, has a link or road to the other: those know the hill between them."""
    speed, detour = scenario.number("walk_km_h"), scenario.number("walk_detour")
    longest = scenario.whole("longest_walk_m")
    quay = {p.port_id: p.place_id for p in scenario.ports.values()}
    joined = [(x.from_node, x.to_node) for x in scenario.land_links] + [(w.from_node, w.to_node) for w in walks]
    linked = {(quay.get(a, a), quay.get(b, b)) for a, b in joined}
    linked |= {(b, a) for a, b in linked}
    spots: dict[str, Port | Place] = {**scenario.ports, **scenario.places}
    for a, one in spots.items():
        for b, other in spots.items():
            if a == b or one.island_id != other.island_id or (quay.get(a, a), quay.get(b, b)) in linked:
                continue
            metres = great_circle(one, other) * METRES_PER_NM
            if metres <= longest:
                minutes = max(1, math.ceil(metres * detour / (speed * 1000 / 60) - 1e-9))
                yield LandLeg("walk", a, b, minutes, 0, 0)

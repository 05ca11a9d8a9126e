"""Ways on land: the quickest from every place and port to every other, over land links, quays and short walks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from islandflow.scenario.entities import Place, Port, Scenario
from islandflow.sphere import great_circle
from islandflow.units import fen

IntArray = NDArray[np.int64]
NEVER = 1_000_000  # minutes: no way on land
METRES_PER_NM = 1852
MINUTE, FEN = 100_000_000, 100  # one weight orders by minutes, then fare, then number of links


@dataclass(frozen=True)
class LandLeg:
    """One link of a way on land; ``mode`` is ``land`` (a link of the scenario) or ``walk`` (estimated from the straight line)."""

    mode: str
    from_node: str
    to_node: str
    minutes: int
    fare_fen: int
    headway_min: int


@dataclass(frozen=True)
class LandWays:
    """Nodes are all ports, then all places. ``minutes[i, j]`` is NEVER and ``fare_fen[i, j]`` 0 where no way leads."""

    nodes: tuple[str, ...]
    ports: int
    minutes: IntArray
    fare_fen: IntArray
    before: IntArray
    links: dict[tuple[int, int], LandLeg]

    @cached_property
    def index(self) -> dict[str, int]:
        """Number of a node by its id."""
        return {node: i for i, node in enumerate(self.nodes)}

    def legs(self, start: int, end: int) -> list[LandLeg]:
        """The links of the way, a place and its own quay counted as one; empty for no move. ValueError if there is no way."""
        if self.minutes[start, end] >= NEVER:
            raise ValueError(f"no way on land from {self.nodes[start]} to {self.nodes[end]}")
        found: list[LandLeg] = []
        while end != start:
            previous = int(self.before[start, end])
            link = self.links[previous, end]
            if link.mode != "quay":
                found.append(link)
            end = previous
        return found[::-1]


def land_ways(scenario: Scenario) -> LandWays:
    """All quickest ways on land; among equally quick ones the cheapest, then the one of fewest links.

    A link's minutes are counted as they stand, as the planner counts them; waiting for a bus lies in the minimum transfer time.
    Walks join nodes of one island up to ``longest_walk_m`` where the scenario has no link, and are estimates.
    """
    nodes = (*scenario.ports, *scenario.places)
    index = {node: i for i, node in enumerate(nodes)}
    links: dict[tuple[int, int], LandLeg] = {}
    for leg in (*_quays(scenario), *_links(scenario), *_walks(scenario)):
        pair = (index[leg.from_node], index[leg.to_node])
        known = links.get(pair)
        # a walk never replaces what the scenario says; of two links between the same nodes the quicker counts
        if known is None or (known.mode == leg.mode and (leg.minutes, leg.fare_fen) < (known.minutes, known.fare_fen)):
            links[pair] = leg
    weight = [leg.minutes * MINUTE + leg.fare_fen * FEN + 1 for leg in links.values()]
    rows, columns = [i for i, _ in links], [j for _, j in links]
    graph = coo_array((np.array(weight, dtype=np.float64), (rows, columns)), shape=(len(nodes), len(nodes))).tocsr()
    total, before = dijkstra(graph, return_predecessors=True)
    reached = np.isfinite(total)
    whole = np.where(reached, total, 0).astype(np.int64)
    return LandWays(
        nodes, len(scenario.ports), np.where(reached, whole // MINUTE, NEVER), np.where(reached, whole % MINUTE // FEN, 0),
        before.astype(np.int64), links,
    )  # fmt: skip


def _quays(scenario: Scenario) -> Iterator[LandLeg]:
    for port in scenario.ports.values():
        yield LandLeg("quay", port.port_id, port.place_id, 0, 0, 0)
        yield LandLeg("quay", port.place_id, port.port_id, 0, 0, 0)


def _links(scenario: Scenario) -> Iterator[LandLeg]:
    for link in scenario.land_links:
        for a, b in ((link.from_node, link.to_node), (link.to_node, link.from_node)):
            yield LandLeg("land", a, b, link.minutes, fen(link.fare_yuan), link.headway_min)


def _walks(scenario: Scenario) -> Iterator[LandLeg]:
    """Walks where neither node, nor its quay, has a link to the other: a link knows the hill between them."""
    speed, detour = scenario.number("walk_km_h"), scenario.number("walk_detour")
    longest = scenario.whole("longest_walk_m")
    quay = {p.port_id: p.place_id for p in scenario.ports.values()}
    linked = {(quay.get(x.from_node, x.from_node), quay.get(x.to_node, x.to_node)) for x in scenario.land_links}
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

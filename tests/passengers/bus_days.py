"""Tiny seas with villages and timed buses, and every journey on them found by trying all: written apart from the code under test."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from islandflow.passengers.bus_trips import BusTrip, Halt
from islandflow.passengers.journeys import Rules
from islandflow.passengers.land import land_ways
from islandflow.passengers.running_day import RunningDay, running_day
from islandflow.scenario.entities import Fare, LandLink, Place, Road, Scenario, Setting, Settlement
from tests.ferry.builders import SEA, fleet, port, tiny

Measures = tuple[int, int, int, int, int]  # departs, arrives, boats, buses, fare
BUS_ISLANDS = ("isle-A", "isle-B")
# A has two villages that are no places, B one that goes by the name of its place; 80 m are a minute on foot
HOMES = {"V": ("isle-A", ""), "W": ("isle-A", ""), "X": ("isle-B", "x")}
ON_ROADS = {"isle-A": "AVW", "isle-B": "BX"}
FREE = "free"  # a link that nobody runs


def village_sea(metres: dict[str, int], links: Sequence[LandLink] = (), longest_walk: int = 30, **tables: Any) -> Scenario:
    """Ports H, A, B, C far apart; ``metres`` by pair of road nodes, as ``{"AV": 1600}``."""
    ports = [port(p, lat=30.0 + n) for n, p in enumerate("HABC")]
    scenario = tiny(ports=ports, land_links=tuple(links), fleets=[fleet("boat"), fleet("jet", speed_kn=25.0)], **tables)
    homes = {s: Settlement(s, s, s, island, place, 31.5, 122.0, 10) for s, (island, place) in HOMES.items()}
    roads = {}
    for ends, length in metres.items():
        island = next(i for i, nodes in ON_ROADS.items() if set(ends) <= set(nodes))
        roads[ends] = Road(ends, island, ends[0], ends[1], 31.0, 122.0, 31.5, 122.0, length, "local", 30.0)
    return replace(
        scenario, settlements=homes, roads=roads, places={**scenario.places, "x": Place("x", "x", "x", "isle-B", 31.5, 122.5, "settlement")},
        settings={**scenario.settings, "longest_road_walk_min": Setting("longest_road_walk_min", longest_walk)},
    )  # fmt: skip


def random_day(seed: int, sailings: Sequence[Any]) -> RunningDay:
    """Boats as given, villages within and beyond a walk, up to nine buses."""
    rng = random.Random(seed)
    pairs = [p for p in ("AV", "AW", "VW", "BX") if rng.random() < 0.85]
    metres = {p: 80 * rng.randint(3, 40) for p in pairs}
    links = [
        LandLink(a, b, rng.randint(1, 60), *rng.choice([(0.0, 0), (2.0, 0), (0.0, 15)]))
        for a, b in [("A", "B"), ("x", "B"), ("x", "C"), ("h", "C")]
        if rng.random() < 0.35
    ]
    ends = "HABC"
    fares = tuple(Fare(a, b, s, rng.choice([5.0, 10.0, 30.0])) for a in ends for b in ends if a < b for s in ("fast", "normal"))
    scenario = village_sea(metres, links, rng.choice([10, 30]), fares=fares)
    return with_buses(scenario, sailings, [random_bus(rng, n) for n in range(rng.randint(0, 9))])


def random_bus(rng: random.Random, number: int) -> BusTrip:
    """A run from or to a quay, or a bus that takes and leaves people everywhere."""
    nodes = rng.choice(["AVW", "AWV", "AV", "AW", "BX", "AVA", "VW"])
    kind = rng.choice(["out", "in", "line"])
    nodes = nodes[::-1] if kind == "in" else nodes
    now = 360 + 5 * rng.randint(0, 70)
    halts = []
    for n, node in enumerate(nodes):
        comes = now
        goes = now + rng.choice([0, 1, 3])
        arrives = None if n == 0 or (kind == "in" and n < len(nodes) - 1) else comes
        departs = None if n == len(nodes) - 1 or (kind == "out" and n) else goes
        halts.append(Halt(node, arrives, departs))
        now = goes + rng.randint(1, 15)
    return BusTrip(f"b{number}", f"v-{number:02d}", tuple(halts), 12, fare_fen=rng.choice([0, 0, 200]))


def with_buses(scenario: Scenario, sailings: Sequence[Any], buses: Sequence[BusTrip]) -> RunningDay:
    """The day on the land whose islands have buses."""
    return running_day(scenario, SEA, land_ways(scenario, BUS_ISLANDS), sailings, buses=buses)


def land_of(scenario: Scenario) -> dict[tuple[str, str], tuple[int, int]]:
    """Minutes and fen of the quickest ways on land on which no walk follows another."""
    longest = scenario.whole("longest_road_walk_min")
    place = {p.port_id: p.place_id for p in scenario.ports.values()}
    name = {s: home.place_id or s for s, home in scenario.settlements.items()}
    metres: dict[tuple[str, str], int] = {}
    for nodes in ON_ROADS.values():
        for r in scenario.roads.values():
            if set(r.road_id) <= set(nodes):
                metres[r.from_node, r.to_node] = metres[r.to_node, r.from_node] = r.length_m
        for k in nodes:
            for a in nodes:
                for b in nodes:
                    if a != b and (a, k) in metres and (k, b) in metres:
                        metres[a, b] = min(metres.get((a, b), 10**9), metres[a, k] + metres[k, b])
    walks = {(name.get(a, a), name.get(b, b)): -(-m // 80) for (a, b), m in metres.items()}
    joined = {(place.get(a, a), place.get(b, b)) for a, b in walks}
    homes = set(name.values())
    edges: dict[tuple[str, str], tuple[int, int, str]] = {}
    for p, q in place.items():
        edges[p, q] = edges[q, p] = (0, 0, "quay")
    for x in scenario.land_links:
        ends = (place.get(x.from_node, x.from_node), place.get(x.to_node, x.to_node))
        if not x.fare_yuan and not x.headway_min and ends in joined and homes & set(ends):
            continue
        edges[x.from_node, x.to_node] = edges[x.to_node, x.from_node] = (x.minutes, round(100 * x.fare_yuan), "link")
    for (a, b), minutes in walks.items():
        if minutes <= longest and (a, b) not in edges:
            edges[a, b] = (minutes, 0, "walk")
    found: dict[tuple[str, str], tuple[int, int]] = {}
    nodes_of = {n for pair in edges for n in pair} | set(scenario.places) | homes
    for start in nodes_of:
        best = {(start, False): (0, 0)}
        changed = True
        while changed:
            changed = False
            for (node, walked), (minutes, fare) in list(best.items()):
                for (a, b), (more, price, kind) in edges.items():
                    if a != node or (kind == "walk" and walked):
                        continue
                    state = (b, walked if kind == "quay" else kind == "walk")
                    if (minutes + more, fare + price) < best.get(state, (10**9, 0)):
                        best[state] = (minutes + more, fare + price)
                        changed = True
        for (node, _), value in best.items():
            found[start, node] = min(value, found.get((start, node), (10**9, 0)))
    return found


def every_journey(day: RunningDay, start: str, end: str, depart: int, arrive: int, rules: Rules) -> set[Measures]:
    """Measures of the journeys that no other beats, by trying all chains of rides."""
    scenario = day.scenario
    land = land_of(scenario)
    name = {s: home.place_id or s for s, home in scenario.settlements.items()}
    fares = {(f.speed, *sorted((f.from_port, f.to_port))): round(f.fare_yuan * 100) for f in scenario.fares}
    rides: list[tuple[str, str, str, int, int, int]] = []
    for s in day.sailings:
        speed = "fast" if s.vessel.startswith("jet") else "normal"
        for i, a in enumerate(s.calls):
            for b in s.calls[i + 1 :]:
                if a.port != b.port and a.departs is not None and b.arrives is not None:
                    rides.append(("boat", a.port, b.port, a.departs, b.arrives, fares[(speed, *sorted((a.port, b.port)))]))
    for t in day.buses:
        for i, h in enumerate(t.halts):
            for k in t.halts[i + 1 :]:
                if h.node != k.node and h.departs is not None and k.arrives is not None:
                    rides.append(("bus", name.get(h.node, h.node), name.get(k.node, k.node), h.departs, k.arrives, t.fare_fen))
    between = {("boat", "boat"): rules.transfer, ("boat", "bus"): rules.to_bus, ("bus", "bus"): rules.to_bus,
               ("bus", "boat"): rules.check_in if rules.to_boat is None else rules.to_boat}  # fmt: skip
    found: set[Measures] = set()

    def go(mode: str, node: str, now: int, begun: int, boats: int, buses: int, paid: int) -> None:
        if (node, end) in land and now + land[node, end][0] <= arrive:
            found.add((begun, now + land[node, end][0], boats, buses, paid + land[node, end][1]))
        for kind, a, b, departs, arrives, fare in rides:
            if boats + (kind == "boat") > rules.most_boats or (node, a) not in land:
                continue
            if now + land[node, a][0] + between[mode, kind] <= departs:
                go(kind, b, arrives, begun, boats + (kind == "boat"), buses + (kind == "bus"), paid + land[node, a][1] + fare)

    for kind, a, b, departs, arrives, fare in rides:
        if (start, a) in land:
            begun = departs - land[start, a][0] - (rules.check_in if kind == "boat" else 0)
            if begun >= depart:
                go(kind, b, arrives, begun, int(kind == "boat"), int(kind == "bus"), land[start, a][1] + fare)
    if (start, end) in land:
        minutes, price = land[start, end]
        found = {f for f in found if f[1] - f[0] < minutes or f[4] < price}
    return {f for f in found if not any(g != f and g[0] >= f[0] and g[1] <= f[1] and g[2:4] <= f[2:4] and g[4] <= f[4] for g in found)}

"""Where the islands of a synthetic archipelago lie, how many live there, and which lines join them."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.archipelago_facts import CONVENTIONAL, FAST, ROPAX, VILLAGE, BoatClass

PORTS_PER_CLUSTER = 12.5
CHAIN = 3  # so many neighbouring clusters exchange passengers
HUB_FROM = 6  # a cluster of fewer ports has no hub
COAST_NM = 20.0  # from one gateway to the next
LEAST_NM = 0.8  # between two ports
FAST_NM, FEW, MANY, DECK = 12.0, 300, 2000, 3000  # from here on: fast boats; below: a village boat; a direct line; vehicles
ORIGIN = (12.0, 150.0)  # latitude and longitude of the first gateway: open ocean, no coast anywhere near


@dataclass(frozen=True)
class Isle:
    """A port with the people behind it. ``x``, ``y`` in nm east and north of the first gateway; ``via`` the port its main line goes to."""

    port: str
    cluster: int
    role: str
    x: float
    y: float
    residents: int = 0
    via: str = ""
    exposure: str = "sheltered"

    @property
    def lat(self) -> float:
        """Latitude in degrees."""
        return round(ORIGIN[0] + self.y / 60, 5)

    @property
    def lon(self) -> float:
        """Longitude in degrees."""
        return round(ORIGIN[1] + self.x / 60 / math.cos(math.radians(ORIGIN[0])), 5)


@dataclass(frozen=True)
class Way:
    """A line to be: its calls, class of boat, and whether it hops from island to island."""

    calls: tuple[str, ...]
    boat: BoatClass
    cluster: int
    hop: bool = False


def cluster_sizes(ports: int) -> tuple[int, ...]:
    """Ports of each cluster, gateway included, as even as can be."""
    number = math.ceil(ports / PORTS_PER_CLUSTER)
    return tuple(ports // number + (k < ports % number) for k in range(number))


def chained(a: int, b: int) -> bool:
    """Whether two clusters are neighbours that exchange passengers."""
    return abs(a - b) == 1 and a // CHAIN == b // CHAIN


def isles(ports: int, rng: random.Random) -> tuple[Isle, ...]:
    """All ports, cluster by cluster: the gateway, the hub if there is one, the others."""
    found: list[Isle] = []
    for k, size in enumerate(cluster_sizes(ports)):
        gateway = Isle(f"g{k + 1}", k, "gateway", 0.0, COAST_NM * k)
        found.append(gateway)
        hub = None
        if size >= HUB_FROM:
            x, y = rng.uniform(8, 14), gateway.y + rng.uniform(-3, 3)
            hub = Isle(f"h{k + 1}", k, "hub", x, y, _residents(rng, 6000), gateway.port, "open")
            found.append(hub)
        for n in range(size - 1 - (hub is not None)):
            found.append(_isle(f"p{k + 1}-{n + 1:02d}", gateway, hub, found, rng))
    return tuple(found)


def _residents(rng: random.Random, median: float) -> int:
    return 10 * round(min(20_000.0, max(30.0, rng.lognormvariate(math.log(median), 1.1))) / 10)


def _isle(port: str, gateway: Isle, hub: Isle | None, others: Sequence[Isle], rng: random.Random) -> Isle:
    draw, residents = rng.random(), _residents(rng, 900)
    centre, near, far, spread, exposure = gateway, 2.0, 8.0, 80.0, "sheltered"
    if draw < 0.15:  # noqa: PLR2004
        near, far, spread, exposure = 14.0, 26.0, 30.0, "outer"
    elif draw < 0.6 and hub is not None:  # noqa: PLR2004
        centre, near, spread, exposure = hub, 1.5, 180.0, "open"
    widening = 1.0
    while True:
        radius, angle = rng.uniform(near, far) * widening, math.radians(rng.uniform(-spread, spread))
        x, y = centre.x + radius * math.cos(angle), centre.y + radius * math.sin(angle)
        if x >= LEAST_NM and all(math.hypot(x - o.x, y - o.y) >= LEAST_NM for o in others):
            return Isle(port, gateway.cluster, "port", x, y, residents, centre.port, exposure)
        widening *= 1.05


def ways(found: Sequence[Isle]) -> tuple[Way, ...]:
    """The lines: each island's own, a vehicle ferry and a direct boat for the larger, hops between near ones, links of hubs."""
    by_port = {i.port: i for i in found}
    lines: list[Way] = []
    for isle in found:
        if not isle.via:
            continue
        gateway, via = f"g{isle.cluster + 1}", by_port[isle.via]
        own = VILLAGE if isle.residents < FEW and isle.role == "port" else _boat(isle, via)
        lines.append(Way((isle.via, isle.port), own, isle.cluster))
        if isle.role == "hub" and own is FAST:
            lines.append(Way((isle.via, isle.port), CONVENTIONAL, isle.cluster))
        if isle.via != gateway and isle.residents >= MANY:
            lines.append(Way((gateway, isle.port), _boat(isle, by_port[gateway]), isle.cluster))
        if isle.role == "hub" or isle.residents >= DECK:
            lines.append(Way((isle.via, isle.port), ROPAX, isle.cluster))
    lines += _hops(found, lines)
    hubs = [i for i in found if i.role == "hub"]
    lines += [Way((a.port, b.port), FAST, a.cluster) for a in hubs for b in hubs if a.cluster < b.cluster and chained(a.cluster, b.cluster)]
    return tuple(lines)


def _boat(isle: Isle, other: Isle) -> BoatClass:
    return FAST if math.hypot(isle.x - other.x, isle.y - other.y) >= FAST_NM else CONVENTIONAL


def _hops(found: Sequence[Isle], lines: Sequence[Way]) -> list[Way]:
    """From a gateway or hub over one island to the next, at most one for each eight ports."""
    by_port = {i.port: i for i in found}
    hops: list[Way] = []
    own = [w for w in lines if w.boat is CONVENTIONAL and by_port[w.calls[1]].role == "port"]
    pairs = [(a, b) for a in own for b in own if a.calls[0] == b.calls[0] and a.calls[1] != b.calls[1]]

    def length(pair: tuple[Way, Way]) -> float:
        start, middle, end = (by_port[p] for p in (*pair[0].calls, pair[1].calls[1]))
        over = math.hypot(start.x - middle.x, start.y - middle.y) + math.hypot(middle.x - end.x, middle.y - end.y)
        return over / math.hypot(start.x - end.x, start.y - end.y)

    used: set[str] = set()
    for a, b in sorted(pairs, key=lambda p: (round(length(p), 9), p[0].calls, p[1].calls)):
        if len(hops) < len(found) // 8 and used.isdisjoint((a.calls[1], b.calls[1])):
            hops.append(Way((*a.calls, b.calls[1]), CONVENTIONAL, a.cluster, hop=True))
            used.update((a.calls[1], b.calls[1]))
    return hops

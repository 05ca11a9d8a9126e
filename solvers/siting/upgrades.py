"""Which roads to upgrade under a budget so that most people enter the circles: a path model with proof, beside a plain greedy plan.

Each settlement that upgrades can bring inside a circle walks one unit of flow to a point, within the circle's seconds, over roads as
they are or as they would be; an upgraded way is open only if its road is paid for. The plan is counted by its own search of ways, the
bound is HiGHS's.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from solvers.siting.contract import Clock
from solvers.siting.rows import Rows

NEVER = -1  # seconds of a road that cannot be driven
Arc = tuple[int, int, int, bool]  # other end, road, seconds, whether that is the upgraded way


@dataclass(frozen=True)
class RoadChoice:
    """ends, now, then, cost by road: end nodes, seconds today and upgraded (NEVER = not drivable), fen.

    homes, people: settlements' nodes and residents; points: nodes of service points; limits: circles in seconds; budget in fen. A road
    whose ``then`` is its ``now`` cannot be upgraded.
    """

    ends: tuple[tuple[int, int], ...]
    now: tuple[int, ...]
    then: tuple[int, ...]
    cost: tuple[int, ...]
    homes: tuple[int, ...]
    people: tuple[int, ...]
    points: tuple[int, ...]
    limits: tuple[int, ...]
    budget: int

    @property
    def open_to_choice(self) -> list[int]:
        """Roads that can be upgraded and that the budget could pay for."""
        return [r for r in range(len(self.ends)) if self.then[r] != self.now[r] and self.cost[r] <= self.budget]

    @cached_property
    def arcs(self) -> dict[int, list[Arc]]:
        """Ways out of each node, both as roads are and as they would be."""
        may = set(self.open_to_choice)
        found: dict[int, list[Arc]] = defaultdict(list)
        for r, (a, b) in enumerate(self.ends):
            ways = [(self.now[r], False)] + ([(self.then[r], True)] if r in may else [])
            for seconds, upgraded in ways:
                if seconds != NEVER:
                    found[a].append((b, r, seconds, upgraded))
                    found[b].append((a, r, seconds, upgraded))
        return found

    def seconds_from(self, sources: Collection[int], chosen: Collection[int]) -> dict[int, int]:
        """Seconds from the nearest of the sources to each node, with these roads upgraded."""
        far: dict[int, int] = {}
        heap = [(0, s) for s in sources]
        while heap:
            here, node = heapq.heappop(heap)
            if node in far:
                continue
            far[node] = here
            for other, road, seconds, upgraded in self.arcs.get(node, ()):
                if other not in far and (not upgraded or road in chosen):
                    heapq.heappush(heap, (here + seconds, other))
        return far

    def inside(self, chosen: Collection[int]) -> int:
        """Residents inside the circles, each circle counted."""
        far = self.seconds_from(self.points, chosen)
        pairs = ((p, far.get(h)) for h, p in zip(self.homes, self.people, strict=True))
        return sum(p * sum(d <= limit for limit in self.limits) for p, d in pairs if d is not None)


@dataclass(frozen=True)
class Upgrades:
    """``chosen`` roads in the order of what they bring; ``gains`` residents who enter a circle by each, after those before it.

    bound: no choice within the budget has more enter.
    """

    chosen: tuple[int, ...]
    gains: tuple[int, ...]
    bound: int

    @property
    def gain(self) -> int:
        """Residents who enter a circle, each circle counted."""
        return sum(self.gains)


def choose_upgrades(choice: RoadChoice, clock: Clock) -> Upgrades:
    """The best of a greedy plan and the model's, and the model's bound."""
    first = greedy_upgrades(choice)
    base = choice.inside(())
    modelled, bound = _model(choice, clock)
    best = max((first, modelled), key=lambda c: (choice.inside(c), -sum(choice.cost[r] for r in c)))
    ordered, gains = _ordered(choice, _trimmed(choice, best))
    return Upgrades(tuple(ordered), tuple(gains), max(choice.inside(best) - base, bound))


def greedy_upgrades(choice: RoadChoice) -> list[int]:
    """Roads one by one, most people per fen first, while the budget lasts."""
    done: list[int] = []
    left, now = choice.budget, choice.inside(())
    while True:
        can = [r for r in choice.open_to_choice if r not in done and choice.cost[r] <= left]
        gains = [(choice.inside([*done, r]) - now, r) for r in can]
        gain, road = max(gains, key=lambda g: (g[0] / max(1, choice.cost[g[1]]), g[1]), default=(0, -1))
        if gain <= 0:
            return done
        done.append(road)
        left -= choice.cost[road]
        now += gain


def _trimmed(choice: RoadChoice, chosen: Collection[int]) -> list[int]:
    """Without the roads that nobody enters a circle by, dearest first."""
    kept = list(chosen)
    for road in sorted(chosen, key=lambda r: (-choice.cost[r], r)):
        rest = [r for r in kept if r != road]
        if choice.inside(rest) == choice.inside(kept):
            kept = rest
    return kept


def _ordered(choice: RoadChoice, chosen: Collection[int]) -> tuple[list[int], list[int]]:
    """Most people per fen first; what only helps together comes last, its gain at the road that completes it."""
    rest, done, gains = sorted(chosen), list[int](), list[int]()
    now = choice.inside(())
    while rest:
        road = max(rest, key=lambda r: ((choice.inside([*done, r]) - now) / max(1, choice.cost[r]), -r))
        done.append(road)
        rest.remove(road)
        gains.append(choice.inside(done) - now)
        now += gains[-1]
    return done, gains


def _model(choice: RoadChoice, clock: Clock) -> tuple[list[int], int]:
    """Roads that the model picks, and its bound on the residents who enter."""
    everything = choice.open_to_choice
    now, best = choice.seconds_from(choice.points, ()), choice.seconds_from(choice.points, everything)
    pairs = [
        (home, people, limit)
        for home, people in zip(choice.homes, choice.people, strict=True)
        for limit in choice.limits
        if people and home in best and best[home] <= limit and now.get(home, limit + 1) > limit
    ]
    if not pairs:
        return [], 0
    rows = Rows()
    paid = {r: rows.column(0.0, whole=True) for r in everything}
    rows.row(list(paid.values()), [float(choice.cost[r]) for r in paid], -np.inf, float(choice.budget))
    for home, people, limit in pairs:
        _walk(rows, choice, best, paid, home, people, limit)
    found = rows.solve(clock)
    total = sum(people for _, people, _ in pairs)
    bound = min(total, int(np.floor(-found.bound + 1e-6))) if np.isfinite(found.bound) else total
    picked = [] if found.values is None else [r for r, c in paid.items() if found.values[c] > 0.5]
    return (picked if sum(choice.cost[r] for r in picked) <= choice.budget else []), bound


def _walk(rows: Rows, choice: RoadChoice, to_point: dict[int, int], paid: dict[int, int], home: int, people: int, limit: int) -> None:
    """Columns and rows of one settlement and circle: a way to a point in time, or none."""
    entered = rows.column(-float(people))
    reach = choice.seconds_from([home], list(paid))
    points = set(choice.points)
    near = {n for n, d in reach.items() if d + to_point.get(n, limit + 1) <= limit}
    out, into, time = defaultdict(list), defaultdict(list), list[tuple[int, int]]()
    by_road = defaultdict(list)
    for node in near - points:
        for other, road, seconds, upgraded in choice.arcs[node]:
            if other in near and other != home and reach[node] + seconds + to_point[other] <= limit:
                column = rows.column(0.0, whole=True)
                out[node].append(column)
                into[other].append(column)
                time.append((column, seconds))
                if upgraded:
                    by_road[road].append(column)
    for node in near - points:
        columns = [*out[node], *into[node], *([entered] if node == home else [])]
        if columns:
            rows.row(columns, [1.0] * len(out[node]) + [-1.0] * len(into[node]) + [-1.0] * (node == home), 0.0, 0.0)
    rows.row([*(c for c, _ in time), entered], [*(float(s) for _, s in time), -float(limit)], -np.inf, 0.0)
    for road, columns in by_road.items():
        rows.row([*columns, paid[road]], [1.0] * len(columns) + [-1.0], -np.inf, 0.0)

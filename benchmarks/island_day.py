"""Synthetic island days: the same day for the same seed. Stops along a coast road with side roads, boats in pairs, people by stop size."""

from __future__ import annotations

import heapq
import math
import random
from dataclasses import dataclass, replace

import numpy as np

from islandflow.shuttle.day import LANDS, LEAVES, BoatCall, Buses, ChargingSite, IslandDay, Party, Rules

SPEED_M_MIN = 500.0  # 30 km/h
WINDING = 1.25


@dataclass(frozen=True)
class Recipe:
    """How large a day is. ``boats`` are landings, each with a departure; vehicles are shared out over two fleets."""

    seed: int
    stops: int = 14
    quays: int = 2
    boats: int = 26
    people: int = 1500
    vehicles: int = 22
    chargers: int = 4
    radius_m: float = 6500.0


def make_day(recipe: Recipe) -> IslandDay:
    """An island day: ``2 x boats`` ferry calls between 06:30 and 19:30."""
    dice = random.Random(recipe.seed)
    nodes = [f"q{n + 1}" for n in range(recipe.quays)] + [f"s{n + 1:02d}" for n in range(recipe.stops)]
    minutes, metres = _ways(dice, recipe, len(nodes))
    rules = Rules()
    calls = _calls(dice, recipe)
    parties = _parties(dice, recipe, calls)
    small = recipe.vehicles * 2 // 3
    buses = (
        Buses("van", "q1", small, 14, 45_000, 320, 52_000, 90),
        Buses("bus", f"q{recipe.quays}", recipe.vehicles - small, 26, 80_000, 620, 76_000, 160),
    )
    first = -(-recipe.chargers // 2)
    sites = (ChargingSite("c1", "q1", first, 60_000), ChargingSite("c2", f"q{recipe.quays}", recipe.chargers - first, 60_000))
    return IslandDay(tuple(nodes), minutes, metres, calls, parties, buses, tuple(s for s in sites if s.count), rules)


def tiny(seed: int) -> IslandDay:
    """A day small enough to try out every plan: two or three stops, two boats, two vehicles, coarse rules."""
    dice = random.Random(seed)
    day = make_day(
        Recipe(seed, stops=dice.choice((2, 3)), quays=1, boats=1, people=dice.choice((9, 14)), vehicles=3, chargers=1, radius_m=3000)
    )
    rules = replace(day.rules, longest_wait_min=10, step_min=10, opens=360, closes=1260, unit_wh=2000, stops_per_run=2, break_min=0)
    buses = tuple(
        replace(b, count=1, seats=s, day_fen=2000, battery_wh=dice.choice((6000, 12000, 20000)))
        for b, s in zip(day.buses, (6, 9), strict=True)
    )
    return replace(day, rules=rules, buses=buses)


def _ways(dice: random.Random, recipe: Recipe, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Roads join each node with its nearest three; ways are the shortest over them."""
    angle = [2 * math.pi * (n + dice.random() * 0.8) / size for n in range(size)]
    dice.shuffle(angle)
    far = [recipe.radius_m * (0.35 + 0.65 * dice.random()) for _ in range(size)]
    at = [(f * math.cos(a), 0.6 * f * math.sin(a)) for f, a in zip(far, angle, strict=True)]
    roads: list[dict[int, int]] = [{} for _ in range(size)]

    def join(a: int, b: int) -> None:
        roads[a][b] = roads[b][a] = max(200, round(WINDING * math.dist(at[a], at[b])))

    joined = {0}
    while len(joined) < size:
        a, b = min(((a, b) for a in joined for b in range(size) if b not in joined), key=lambda ab: math.dist(at[ab[0]], at[ab[1]]))
        join(a, b)
        joined.add(b)
    for a in range(size):
        for b in sorted((b for b in range(size) if b != a), key=lambda b: math.dist(at[a], at[b]))[:3]:
            join(a, b)
    metres = np.array([_from(a, roads) for a in range(size)], dtype=np.int64)
    return np.ceil(metres / SPEED_M_MIN).astype(np.int64), metres


def _from(start: int, roads: list[dict[int, int]]) -> list[int]:
    best, queue = {start: 0}, [(0, start)]
    while queue:
        d, a = heapq.heappop(queue)
        for b, way in roads[a].items() if d == best[a] else ():
            if d + way < best.get(b, d + way + 1):
                best[b] = d + way
                heapq.heappush(queue, (d + way, b))
    return [best[b] for b in range(len(roads))]


def _calls(dice: random.Random, recipe: Recipe) -> tuple[BoatCall, ...]:
    """Boats spread over the day, denser in the morning and the late afternoon; each leaves again a quarter to half an hour later."""
    found = []
    for n in range(recipe.boats):
        share = (n + dice.random()) / recipe.boats
        minute = round(390 + 780 * (share + 0.07 * math.sin(4 * math.pi * share)))
        quay, late = f"q{dice.randrange(recipe.quays) + 1}", dice.choice((5, 10, 15))
        found.append(BoatCall(f"L{n:02d}", quay, LANDS, minute, late))
        found.append(BoatCall(f"D{n:02d}", quay, LEAVES, minute + dice.choice((15, 20, 25, 30)), 0))
    return tuple(sorted(found, key=lambda c: (c.minute, c.call_id)))


def _parties(dice: random.Random, recipe: Recipe, calls: tuple[BoatCall, ...]) -> tuple[Party, ...]:
    """People of each call by stop: few large stops and many small ones."""
    stops = [f"s{n + 1:02d}" for n in range(recipe.stops)]
    size = [dice.paretovariate(1.3) for _ in stops]
    total = [0.4 + dice.random() for _ in calls]
    found = []
    for call, weight in zip(calls, total, strict=True):
        count = round(recipe.people * weight / sum(total))
        at = dice.choices(stops, size, k=count)
        found += [Party(f"{call.call_id}-{stop}", call.call_id, stop, at.count(stop)) for stop in stops if stop in at]
    return tuple(found)

"""Stops and beds where a party names none: islands by their visitors. All of it is an estimate and is labelled so."""

from __future__ import annotations

import math
from collections import Counter

from islandflow.itineraries.wish import MOST_STOPS, Stop
from islandflow.scenario.entities import Scenario

OPENS, CLOSES, SHORTEST = 7 * 60 + 30, 17 * 60 + 30, 120


def default_stops(scenario: Scenario, service: str) -> tuple[Stop, ...]:
    """One stop an island: the place that most visitors travel to; worth from 1 to 100 by the root of the island's visitors.

    Estimates: worth, opening hours (07:30 to 17:30) and a stay of two hours are no data of the scenario.
    """
    to = _visitors(scenario, service)
    islands: dict[str, list[tuple[int, str]]] = {}
    for place, visitors in to.items():
        island = scenario.islands.get(scenario.places[place].island_id) if place in scenario.places else None
        if island is not None and island.kind == "island" and visitors > 0:
            islands.setdefault(island.island_id, []).append((visitors, place))
    whole = {island: sum(v for v, _ in found) for island, found in islands.items()}
    top = max(whole.values(), default=1)
    stops = [
        Stop(max(found)[1], max(1, round(100 * math.sqrt(whole[island] / top))), OPENS, CLOSES, SHORTEST)
        for island, found in islands.items()
    ]
    return tuple(sorted(stops, key=lambda s: (-s.worth, s.place))[:MOST_STOPS])


def place_of(scenario: Scenario, island: str, service: str) -> str | None:
    """The place of an island that most visitors travel to, an estimate; any that has a port if none does; None without a port."""
    to = _visitors(scenario, service)
    here = {p.place_id for p in scenario.ports.values() if p.island_id == island} | {p for p, x in scenario.places.items() if x.island_id == island and to[p]}
    return min(here, key=lambda p: (-to[p], p), default=None)


def _visitors(scenario: Scenario, service: str) -> Counter[str]:
    to: Counter[str] = Counter()
    for d in scenario.demand:
        if d.service == service and d.segment == "visitor":
            to[d.to_place] += round(d.trips)
    return to


def default_beds(scenario: Scenario, stops: tuple[Stop, ...], price_fen: int) -> dict[str, int]:
    """Stops on islands with beds, at one price."""
    beds: Counter[str] = Counter()
    for place in scenario.places.values():
        beds[place.island_id] += place.beds
    return {s.place: price_fen for s in stops if s.place in scenario.places and beds[scenario.places[s.place].island_id] > 0}

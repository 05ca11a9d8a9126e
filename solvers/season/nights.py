"""Where vessels lie at night over the year: when one pattern follows another, the fewest miles that bring every vessel where it begins."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from islandflow.ferry.folder import PlanFolder
from islandflow.ferry.plan import Rotation
from islandflow.network.running import Distances
from islandflow.scenario.entities import Fleet, Scenario
from islandflow.season.calendar import Year
from islandflow.season.fleet import Group, days_at_work, groups

Row = dict[str, Any]
NO_WAY_NM = 1e6


@dataclass(frozen=True)
class Move:
    """A vessel of a group sent from port to port in the night before a date, without passengers. ``short``: minutes the night lacks."""

    before: str
    after: str
    date: str
    group: str
    from_port: str
    to_port: str
    nm: float
    minutes: int
    short: int
    yuan: float


def moves(scenario: Scenario, plans: Mapping[str, PlanFolder], year: Year, network: Distances) -> tuple[list[Move], Counter[tuple[str, str]]]:
    """All moves of the year, and vessels too many at a port by (port, date).

    Vessels begin the year at their home ports; one that does not sail stays where it is. Dates whose pattern has no plan are passed
    over. The moves of each night are the fewest miles for that night: a vessel is not sent ahead of time.
    """
    found: list[Move] = []
    at = {g.name: Counter(g.home) for g in groups(scenario)}
    work = {(g.name, s): days_at_work(g, p) for g in groups(scenario) for s, p in plans.items()}
    crowded: Counter[tuple[str, str]] = Counter()
    days = [d for d in year.days if d.service in plans]
    for earlier, day in pairwise([None, *days]):
        assert day is not None
        before = earlier.service if earlier is not None else ""
        if before != day.service:
            for group in groups(scenario):
                mine = work[group.name, day.service]
                need = Counter(r.sailings[0].ports[0] for r in mine)
                for a, b in _sent(at[group.name], need, network):
                    at[group.name][a] -= 1
                    at[group.name][b] += 1
                    last = work.get((group.name, before), ())
                    found.append(_move(scenario, group, (before, day.service, day.date.isoformat()), (a, b), network, last, mine))
        lying: Counter[str] = Counter()
        for ports in at.values():
            lying.update(ports)
        for port, number in lying.items():
            over = number - scenario.ports[port].overnight_moorings
            if over > 0:
                crowded[port, day.date.isoformat()] = over
    return found, crowded


def night_rows(found: list[Move]) -> list[Row]:
    """A row a pair of patterns that follow each other: nights, vessels moved, miles, longest move, and how many the night is too short for."""
    pairs: dict[tuple[str, str], list[Move]] = defaultdict(list)
    for move in found:
        pairs[move.before, move.after].append(move)
    return [
        {
            "before": a, "after": b, "nights": len({m.date for m in mine}), "moves": len(mine), "nm": round(sum(m.nm for m in mine), 1),
            "longest_min": max(m.minutes for m in mine), "too_long": sum(m.short > 0 for m in mine), "yuan": round(sum(m.yuan for m in mine), 2),
        }
        for (a, b), mine in pairs.items()
    ]  # fmt: skip


def _sent(at: Counter[str], need: Counter[str], network: Distances) -> Iterator[tuple[str, str]]:
    """Moves of fewest miles that put the vessels needed at every port; ValueError if there are not as many vessels."""
    over, lack = sorted((at - need).elements()), sorted((need - at).elements())
    if len(over) < len(lack):
        raise ValueError("more vessels are needed than there are")
    if lack:
        miles = np.array([[min(network.nm(a, b), NO_WAY_NM) for b in lack] for a in over])
        for i, j in zip(*linear_sum_assignment(miles), strict=True):
            yield over[i], lack[j]


def _move(
    scenario: Scenario, group: Group, when: tuple[str, str, str], way: tuple[str, str], network: Distances, last: tuple[Rotation, ...], first: tuple[Rotation, ...]
) -> Move:
    """A move with its minutes, money and what the night lacks: from the last arrival at the port it leaves to the first departure at the other."""
    fleet, nm = group.fleets[0], network.nm(*way)
    minutes = round(nm / fleet.speed_kn * 60) if nm < NO_WAY_NM else 10_000
    ends = [r.sailings[-1].arrives for r in last if r.sailings[-1].ports[-1] == way[0]]
    begins = [r.sailings[0].departs for r in first if r.sailings[0].ports[0] == way[1]]
    night = 1440 - max(ends, default=0) + min(begins, default=1440)
    return Move(*when, group.name, *way, nm, minutes, max(0, minutes + 2 * scenario.whole("manoeuvre_min_per_call") - night), _yuan(scenario, fleet, minutes))


def _yuan(scenario: Scenario, fleet: Fleet, minutes: int) -> float:
    """Fuel and power of a move."""
    hour = fleet.fuel_l_per_h * scenario.number("marine_diesel_cny_l") + fleet.power_kw * scenario.number("electricity_cny_kwh")
    return round(minutes / 60 * hour, 2)

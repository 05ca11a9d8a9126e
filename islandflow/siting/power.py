"""What chargers draw through the day, beside what an island's grid spares: public ones by their profile, vessels by their stays."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from islandflow.ferry.plan import FerryPlan
from islandflow.scenario.entities import Scenario
from islandflow.siting import needs
from islandflow.siting.queue import mean_wait, most_at_once
from islandflow.siting.siteplan import PowerRow, SiteRow
from islandflow.units import exact

DAY, HOUR = 24 * 60, 60
Stay = tuple[int, int, int]  # begin, end (may pass midnight), kW


@dataclass(frozen=True)
class Managed:
    """``chargers`` that share ``kw``: a charge then takes ``minutes``."""

    chargers: int
    kw: int
    minutes: int


def grid_spares(scenario: Scenario, island: str) -> int:
    """Spare power of an island's grid, kW, rounded down."""
    people = sum(h.residents for h in scenario.settlements.values() if h.island_id == island)
    return int(exact(scenario.number("grid_kw_resident")) * people)


def shared_power(arrivals: float, kw: int, minutes: int, charger_kw: float, longest: int, wait: float) -> Managed | None:
    """Fewest chargers that keep the promised mean wait while they share ``kw`` below their own power; None if no number does.

    arrivals: in the busiest hour; minutes: of a charge at full power; longest: minutes that a charge may take then.
    """
    count = 1
    while kw > 0:
        longer = max(minutes, math.ceil(minutes * charger_kw * count / kw - 1e-9))
        if longer > longest:
            return None
        if mean_wait(count, arrivals, longer) <= wait:
            return Managed(count, min(kw, math.ceil(count * charger_kw)), longer)
        count += 1
    return None


def stays_at(scenario: Scenario, ferry: FerryPlan) -> dict[str, list[Stay]]:
    """When battery vessels lie at each port, and the power that its charger has."""
    at: dict[str, list[Stay]] = defaultdict(list)
    for rotation in ferry.rotations:
        if scenario.vessel_fleet(rotation.vessel).battery_kwh <= 0:
            continue
        trips = rotation.sailings
        for earlier, later in pairwise(trips):
            at[earlier.ports[-1]].append((earlier.arrives, later.departs, math.ceil(scenario.ports[earlier.ports[-1]].charging_kw)))
        last = trips[-1].ports[-1]
        at[last].append((trips[-1].arrives, DAY + trips[0].departs, math.ceil(scenario.ports[last].charging_kw)))
    return dict(at)


def by_hour(stays: Iterable[Stay]) -> list[int]:
    """Most that overlapping stays draw in each hour of the day; what passes midnight comes round."""
    known = [*stays]
    turned = [*known, *((b - DAY, e - DAY, kw) for b, e, kw in known)]
    return [
        most_at_once((max(b, h * HOUR), min(e, (h + 1) * HOUR), kw) for b, e, kw in turned if b < (h + 1) * HOUR and e > h * HOUR)
        for h in range(24)
    ]


def power_rows(scenario: Scenario, sites: Iterable[SiteRow], islands: Iterable[str], vessels: Mapping[str, list[int]]) -> list[PowerRow]:
    """Every island's hours. vessels: kW by island and hour."""
    profile, each = needs.charge_profile(scenario), scenario.whole("charge_min") * scenario.number("charger_kw") / HOUR
    points = [p for p in sites if p.kind == "charger" and p.chargers]
    rows = []
    for island in sorted(islands):
        mine = [p for p in points if p.island_id == island]
        spare, ships = grid_spares(scenario, island), vessels.get(island, [0] * 24)
        for hour, share in enumerate(profile):
            # load is in hundredths of a charge in the busiest hour
            drawn = math.ceil(sum(min(p.managed_kw, p.load * share / 10_000 * each) for p in mine) - 1e-9)
            most = sum(p.managed_kw for p in mine) if share else 0
            rows.append(PowerRow(island, hour, drawn, most, ships[hour], spare, max(0, most + ships[hour] - spare)))
    return rows


def vessels_by_island(scenario: Scenario, ferry: FerryPlan | None) -> dict[str, list[int]]:
    """Shore power by island and hour, kW: all ports of the island together."""
    found: dict[str, list[Stay]] = defaultdict(list)
    for port, stays in (stays_at(scenario, ferry) if ferry is not None else {}).items():
        found[scenario.ports[port].island_id] += stays
    return {island: by_hour(stays) for island, stays in found.items()}

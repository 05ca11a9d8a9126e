"""What a timetable means for those who live on an island, after the indicators of a community needs assessment (Transport Scotland).

Counted door to door from the island's port to its county seat and back, changes included; people are the residents of the islands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from islandflow.ferry.folder import PlanFolder
from islandflow.network.running import Distances
from islandflow.passengers.journeys import IntArray, pareto_ways
from islandflow.passengers.land import NEVER, LandWays, land_ways
from islandflow.passengers.running_day import RunningDay, running_day
from islandflow.scenario.entities import Island, Scenario
from islandflow.units import clock

Row = dict[str, Any]
DETOUR = 120  # minutes beyond the quickest way: longer ones lead over another coast, and nobody takes them


@dataclass(frozen=True)
class Community:
    """An island whose people need a boat: its port, its county seat's node, and whether a hospital stands on it."""

    island: Island
    port: str
    seat: str
    own_hospital: bool


def communities(scenario: Scenario, land: LandWays) -> tuple[Community, ...]:
    """Islands with residents and a port, from which no way on land leads to the county seat, in the order of the table.

    The seat is that of the island's county (table ``facilities``); where none is given, the port that an obligation joins it with.
    Of several ports the one that an obligation protects, else the first.
    """
    seats = {f.county: f.node for f in scenario.facilities.values() if f.kind == "seat"}
    hospitals = {_island(scenario, f.node) for f in scenario.facilities.values() if f.kind == "hospital"}
    protected = {o.port: o.serves_port for o in scenario.obligations.values()}
    found = []
    for island in scenario.islands.values():
        ports = [p.port_id for p in scenario.ports.values() if p.island_id == island.island_id]
        ports.sort(key=lambda p: p not in protected)
        if island.kind != "island" or not island.residents or not ports:
            continue
        seat = seats.get(island.county) or protected.get(ports[0], "")
        if seat and _minutes(land, ports[0], seat) >= NEVER:
            found.append(Community(island, ports[0], seat, island.island_id in hospitals))
    return tuple(found)


def island_rows(scenario: Scenario, plans: Mapping[str, PlanFolder], network: Distances) -> list[Row]:
    """A row an island and service pattern; times in minutes of the day, None where no boat goes."""
    land = land_ways(scenario)
    people, rows = communities(scenario, land), []
    for service, folder in plans.items():
        day = running_day(scenario, network, land, folder.plan.sailings)
        rows += [_indicators(day, service, community) for community in people]
    return rows


def beneficiary_rows(rows: Sequence[Row], days: Mapping[str, int]) -> list[Row]:
    """People by pattern: residents of these islands, and of those the ones with a day return, with a hospital within the day."""
    found = []
    for service in dict.fromkeys(r["service"] for r in rows):
        mine = [r for r in rows if r["service"] == service]
        found.append({
            "service": service, "dates": days.get(service, 0), "residents": _people(mine, lambda r: True),
            "day_return": _people(mine, lambda r: r["day_return"]), "hospital": _people(mine, lambda r: r["hospital"]),
            "connected": _people(mine, lambda r: r["out"] and r["back"]),
        })  # fmt: skip
    return found


def _people(rows: Sequence[Row], which: Any) -> int:
    return sum(r["residents"] for r in rows if which(r))


def _indicators(day: RunningDay, service: str, community: Community) -> Row:
    out, back = _ways(day, community.port, community.seat), _ways(day, community.seat, community.port)
    stay = _most_between(out, back)
    edges = [m for ways in (out, back) if len(ways) for m in (int(ways[:, 0].min()), int(ways[:, 0].max()))]
    return {
        "service": service, "island_id": community.island.island_id, "port": community.port, "seat": community.seat, "residents": community.island.residents,
        "operating_day_min": max(edges) - min(edges) if edges else None,
        "first_out": _edge(out, 0, first=True), "last_out": _edge(out, 0, first=False), "first_back": _edge(back, 0, first=True), "last_back": _edge(back, 0, first=False),
        "quickest_min": int((out[:, 1] - out[:, 0]).min()) if len(out) else None, "changes": int(out[:, 3].min()) - 1 if len(out) else None,
        "seat_min": stay, "island_min": _most_between(back, out), "day_return": stay is not None and stay >= day.scenario.whole("errand_hours_ashore"),
        "out": len(out), "back": len(back), "hospital": community.own_hospital or _hospital(day, community), "own_hospital": community.own_hospital,
        "bus_min": _bus(day.scenario, community.seat),
    }  # fmt: skip


def _ways(day: RunningDay, start: str, end: str) -> IntArray:
    rows, begins = pareto_ways(day, end)
    node = day.land.index[start]
    ways = rows[begins[node] : begins[node + 1]]
    minutes = ways[:, 1] - ways[:, 0]
    near: IntArray = ways[minutes <= minutes.min(initial=NEVER) + DETOUR]
    return near


def _edge(ways: IntArray, column: int, *, first: bool) -> str | None:
    if not len(ways):
        return None
    return clock(int(ways[:, column].min() if first else ways[:, column].max()))


def _most_between(there: IntArray, home: IntArray) -> int | None:
    """Minutes between the first arrival there and the last leaving for home; None if one cannot be home the same day."""
    if not len(there) or not len(home):
        return None
    stay = int(home[:, 0].max()) - int(there[:, 1].min())
    return stay if stay >= 0 else None


def _hospital(day: RunningDay, community: Community) -> bool:
    """Whether some hospital is reached in the morning with time for a consultation and a boat home the same day."""
    scenario = day.scenario
    by, stay = scenario.whole("medical_arrival_by"), scenario.whole("medical_hours_ashore")
    nodes = [f.node for f in scenario.facilities.values() if f.kind == "hospital"] or [community.seat]
    for node in nodes:
        out, back = _ways(day, community.port, node), _ways(day, node, community.port)
        if len(out) and len(back) and out[:, 1].min() <= by and back[:, 0].max() - out[:, 1].min() >= stay:
            return True
    return False


def _bus(scenario: Scenario, node: str) -> int | None:
    """Headway of the most frequent bus onward from a port or place; None where the tables know none."""
    return min((x.headway_min for x in scenario.land_links if node in (x.from_node, x.to_node) and x.headway_min), default=None)


def _island(scenario: Scenario, node: str) -> str:
    return scenario.ports[node].island_id if node in scenario.ports else scenario.places[node].island_id


def _minutes(land: LandWays, a: str, b: str) -> int:
    return int(np.int64(land.minutes[land.index[a], land.index[b]]))

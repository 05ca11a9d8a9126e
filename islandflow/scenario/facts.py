"""Where the rows of each table stand in a scenario: their class, the field that holds them, and by which id, if they have one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from islandflow.scenario import entities as e

RENAMED = {"class": "vessel_class"}  # a word of Python is no name of a field


@dataclass(frozen=True)
class Kept:
    """``make`` is the class of a row, ``field`` that of ``Scenario``; a mapping by ``key``, or a tuple in the order of the file."""

    make: Callable[..., Any]
    field: str
    key: str = ""

    def held(self, rows: Iterable[Mapping[str, object]]) -> Any:
        """The facts of a table from the values of its rows."""
        found = [self.make(**{RENAMED.get(name, name): value for name, value in row.items()}) for row in rows]
        return {getattr(fact, self.key): fact for fact in found} if self.key else tuple(found)


FACTS: Mapping[str, Kept] = {
    "islands": Kept(e.Island, "islands", "island_id"),
    "places": Kept(e.Place, "places", "place_id"),
    "ports": Kept(e.Port, "ports", "port_id"),
    "sea_legs": Kept(e.SeaLeg, "sea_legs"),
    "land_links": Kept(e.LandLink, "land_links"),
    "operators": Kept(e.Operator, "operators", "operator_id"),
    "vessels": Kept(e.Fleet, "fleets", "fleet_id"),
    "line_patterns": Kept(e.LinePattern, "lines", "line_id"),
    "service_patterns": Kept(e.ServicePattern, "services", "service"),
    "calendar": Kept(e.CalendarDay, "calendar"),
    "demand": Kept(e.Demand, "demand"),
    "time_profiles": Kept(e.ProfileHour, "profiles"),
    "obligations": Kept(e.Obligation, "obligations", "obligation_id"),
    "wishes": Kept(e.Wish, "wishes", "wish_id"),
    "fares": Kept(e.Fare, "fares"),
    "hops": Kept(e.Hop, "hops", "hop_id"),
    "facilities": Kept(e.Facility, "facilities", "facility_id"),
    "settlements": Kept(e.Settlement, "settlements", "settlement_id"),
    "roads": Kept(e.Road, "roads", "road_id"),
    "sites": Kept(e.Site, "sites", "site_id"),
    "shuttle_fleets": Kept(e.ShuttleFleet, "shuttle_fleets", "fleet_id"),
    "bus_chargers": Kept(e.BusCharger, "bus_chargers", "charger_id"),
    "island_trips": Kept(e.IslandTrip, "island_trips"),
}

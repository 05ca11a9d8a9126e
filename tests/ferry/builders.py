"""A tiny archipelago in code: hub H, islands A and B, one line each, boats that need half an hour; and plans on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from islandflow.ferry.audit import AuditReport, audit_plan
from islandflow.ferry.plan import Boarding, Call, FerryPlan, Ride, Sailing
from islandflow.scenario.entities import (
    CalendarDay,
    Demand,
    Fleet,
    LinePattern,
    Obligation,
    Operator,
    Place,
    Port,
    ProfileHour,
    Scenario,
    ServicePattern,
    Setting,
)
from islandflow.scenario.parameters import SETTINGS
from islandflow.units import minutes

SERVICE = "summer-weekday"
MILES = {("A", "H"): 5.0, ("A", "B"): 4.0, ("B", "H"): 8.0, ("A", "C"): 6.0, ("B", "C"): 5.0, ("C", "H"): 9.0}

REQUIRED: Mapping[str, object] = {
    "value_of_time_resident_cny_h": 25, "value_of_time_commuter_cny_h": 30, "value_of_time_medical_cny_h": 60,
    "value_of_time_visitor_cny_h": 35, "value_of_time_vehicle_cny_h": 60,
    "left_behind_resident_cny": 600, "left_behind_commuter_cny": 600, "left_behind_medical_cny": 1000,
    "left_behind_visitor_cny": 300, "left_behind_vehicle_cny": 500,
    "shift_penalty_share": 0.5, "waiting_share": 1.0, "transfer_penalty_min": 15, "minimum_transfer_min": 15,
    "marine_diesel_cny_l": 6.0, "electricity_cny_kwh": 0.8, "co2_kg_per_l_diesel": 2.68, "co2_kg_per_kwh": 0.58,
    "carbon_price_cny_t": 90, "second_crew_day_cny_per_head": 500, "manoeuvre_min_per_call": 5,
    "fare_base_fast_yuan": 15, "fare_nm_fast_yuan": 3.2, "fare_base_normal_yuan": 6, "fare_nm_normal_yuan": 2.2,
    "vehicle_fare_base_yuan": 50, "vehicle_fare_nm_yuan": 7,
}  # fmt: skip


@dataclass(frozen=True)
class Miles:
    """Distances of the tiny sea; what is not listed has no way by water."""

    table: Mapping[tuple[str, str], float]

    def nm(self, a: str, b: str) -> float:
        """Nautical miles."""
        return 0.0 if a == b else self.table.get((min(a, b), max(a, b)), float("inf"))


SEA = Miles(MILES)


def port(name: str, **facts: Any) -> Port:
    """A port with hours from 06:00 to 22:00 and two berths, its place being ``name`` in small letters."""
    known: dict[str, Any] = {
        "name_zh": name, "name_en": name, "island_id": f"isle-{name}", "place_id": name.lower(), "cluster": "c",
        "role": "hub" if name == "H" else "port", "lat": 30.0, "lon": 122.0, "opens": 360, "closes": 1320, "berths": 2,
        "long_berths": None, "longest_vessel_m": 60.0, "overnight_moorings": 3,
    }  # fmt: skip
    return Port(port_id=name, **(known | facts))


def line(name: str, calls: str, crossing: int, **facts: Any) -> LinePattern:
    """A line of operator ``op`` for boats of class ``k``."""
    known: dict[str, Any] = {"operator": "op", "cluster": "c", "classes": ("k",)}
    return LinePattern(line_id=name, calls=tuple(calls), crossing_min=crossing, **(known | facts))


def fleet(name: str = "boat", **facts: Any) -> Fleet:
    """Three boats of ten seats and 12 knots: five miles and a manoeuvre take 30 minutes."""
    known: dict[str, Any] = {
        "name_zh": name, "name_en": name, "vessel_class": "k", "operator": "op", "charter_to": (), "cluster": "c", "count": 3,
        "home_port": "H", "seats": 10, "vehicle_deck": 2, "cargo_m3": 0.0, "length_m": 30.0, "speed_kn": 12.0, "fuel_l_per_h": 100.0,
        "power_kw": 60.0, "battery_kwh": 0.0, "crew": 4, "day_cost_yuan": 5000.0, "call_cost_yuan": 80.0, "turnaround_min": 10,
    }  # fmt: skip
    return Fleet(fleet_id=name, **(known | facts))


def tiny(**tables: Any) -> Scenario:
    """The scenario; a keyword replaces a table (mappings by list of entities), ``settings`` adds to the settings."""
    settings = {c.name: c.default for c in SETTINGS if not c.required} | dict(REQUIRED) | tables.pop("settings", {})
    ports = tables.pop("ports", [port(p) for p in "HABC"])
    fleets = tables.pop("fleets", [fleet()])
    lines = tables.pop("lines", [line("HA", "HA", 30), line("HAB", "HAB", 55), line("BC", "BC", 30)])
    obligations: Sequence[Obligation] = tables.pop("obligations", [])
    known: dict[str, Any] = {
        "name_zh": "小岛", "name_en": "tiny", "attribution": "", "islands": {},
        "places": {p.place_id: Place(p.place_id, p.name_zh, p.name_en, p.island_id, p.lat, p.lon, "harbour") for p in ports},
        "ports": {p.port_id: p for p in ports}, "sea_legs": (), "land_links": (),
        "operators": {o: Operator(o, o, o) for o in ("op", "other")}, "fleets": {f.fleet_id: f for f in fleets},
        "lines": {found.line_id: found for found in lines},
        "services": {s: ServicePattern(s, s, s, True, s == "golden-week") for s in (SERVICE, "golden-week")},
        "calendar": (CalendarDay(date(2026, 7, 6), SERVICE),),  # a Monday
        "demand": (), "profiles": tuple(ProfileHour(f"at{h:02d}", h * 60, 1.0) for h in range(24)),
        "obligations": {o.obligation_id: o for o in obligations}, "fares": (),
        "settings": {name: Setting(name, value) for name, value in settings.items()},
    }  # fmt: skip
    return Scenario(**(known | tables))


def wish(ends: str, people: int, hour: int = 8, segment: str = "resident") -> Demand:
    """People who want to travel between two places at half past the hour (all in one bucket up to 119)."""
    return Demand(ends[0].lower(), ends[1].lower(), segment, SERVICE, people, f"at{hour:02d}")


def changed(scenario: Scenario, table: str, key: str, **facts: Any) -> Scenario:
    """The scenario with some facts of one row changed."""
    rows = dict(getattr(scenario, table))
    rows[key] = replace(rows[key], **facts)
    return replace(scenario, **{table: rows})


def sail(name: str, calls: str, vessel: str = "boat-01", line: str = "") -> Sailing:
    """A sailing as text: ``H 08:00, 08:30 A 08:30, 08:55 B``: [arrival] port [departure], separated by commas."""
    found = []
    for part in calls.split(","):
        words = part.split()
        at = next(i for i, w in enumerate(words) if ":" not in w)
        arrives = minutes(words[at - 1]) if at else None
        departs = minutes(words[at + 1]) if at + 1 < len(words) else None
        found.append(Call(words[at], arrives, departs))
    ports = "".join(c.port for c in found)
    known = {"HA": "HA", "AH": "HA", "HAB": "HAB", "BAH": "HAB", "BC": "BC", "CB": "BC"}
    return Sailing(name, line or known.get(ports, "+"), vessel, tuple(found))


def round_trip(out: str = "08:00-08:30", home: str = "08:40-09:10", vessel: str = "boat-01", prefix: str = "S") -> list[Sailing]:
    """H to A and back: the good plan that most tests break in one place."""
    a, b = out.split("-")
    c, d = home.split("-")
    return [sail(f"{prefix}1", f"H {a}, {b} A", vessel), sail(f"{prefix}2", f"A {c}, {d} H", vessel)]


def ride(sailing: str, board: int = 1, alight: int = 2) -> Ride:
    """A ride on a sailing, call numbers from 1."""
    return Ride(sailing, board, alight)


def board(ends: str, people: int, *rides: Ride, hour: int = 8, segment: str = "resident") -> Boarding:
    """People of the group of ``wish`` on some rides."""
    return Boarding(ends[0].lower(), ends[1].lower(), segment, hour * 60 + 30, people, rides)


def plan(sailings: Sequence[Sailing], *boardings: Boarding, service: str = SERVICE) -> FerryPlan:
    """A plan."""
    return FerryPlan(service, tuple(sailings), boardings)


def audit(scenario: Scenario, sailings: Sequence[Sailing], *boardings: Boarding, service: str = SERVICE) -> AuditReport:
    """The audit of a plan on the tiny sea."""
    return audit_plan(scenario, plan(sailings, *boardings, service=service), SEA)


def told(report: AuditReport) -> list[tuple[str, int, str]]:
    """Rule, amount and unit of all that an audit names."""
    return [(v.rule, v.amount, v.unit) for v in report.violations]

"""What a plan is worth in numbers: people, minutes, loads, fuel and money, and the tables behind them."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from islandflow.ferry.audit.facts import Facts, known_fleet
from islandflow.ferry.audit.money import crews, sailing_fen, second_crew_fen
from islandflow.ferry.audit.report import AuditReport
from islandflow.ferry.audit.riders import Journey, journey, loads, stretch_of
from islandflow.ferry.boatless import Boatless, without_boat
from islandflow.ferry.plan import FerryPlan, Sailing
from islandflow.network.running import Distances
from islandflow.scenario.entities import Fleet, Scenario
from islandflow.scenario.schema import SEGMENTS
from islandflow.units import clock, exact, fen

FAST_KN = 20.0
GENERATED = "+"
Row = dict[str, Any]
Account = tuple[str, str]  # line, operator


def measure(scenario: Scenario, plan: FerryPlan, report: AuditReport, network: Distances) -> Row:
    """Metrics of a plan, ready for JSON: counts, minutes, shares, litres, kilograms and yuan.

    ``load_factor`` is person-miles over seat-miles. Means are over those who travel (people and vehicles apart by segment), None
    where nobody does. Money in yuan, exact to the fen. ``without_boat`` are islands and places from which nobody travels who wants to.
    """
    facts = Facts.of(scenario, plan, network)
    segments = _segments(facts)
    people = [row for segment, row in segments.items() if segment != "vehicle"]
    wanted, served = sum(r["wanted"] for r in people), sum(r["served"] for r in people)
    rows = money_rows(scenario, plan, network)
    energy = [_energy(scenario, fleet, sailing) for sailing, fleet in facts.manned()]
    return {
        "service": plan.service,
        "sailings": len(plan.sailings),
        "vessels": len(plan.rotations),
        "vessels_available": sum(f.count for f in scenario.fleets.values()),
        "second_crews": sum(crews(scenario, rotation) - 1 for rotation in facts.rotations),
        "people_wanted": wanted,
        "people_served": served,
        "people_left": wanted - served,
        "served_share": _ratio(served, wanted),
        "transfer_share": _ratio(sum(r["transfers"] for r in people), served),
        "mean_shift_min": _mean(people, "mean_shift_min"),
        "mean_door_to_door_min": _mean(people, "mean_door_to_door_min"),
        "segments": segments,
        "load_factor": _load_factor(facts),
        "vessel_hours": round(sum(s.arrives - s.departs for s in facts.sailings) / 60, 2),
        "fuel_l": round(sum(e[0] for e in energy), 1),
        "power_kwh": round(sum(e[1] for e in energy), 1),
        "co2_kg": round(sum(e[2] for e in energy), 1),
        "cost_yuan": _yuan(sum(round(r["cost_yuan"] * 100) for r in rows)),
        "revenue_yuan": _yuan(sum(round(r["revenue_yuan"] * 100) for r in rows)),
        "subsidy_yuan": _yuan(sum(round(r["subsidy_yuan"] * 100) for r in rows)),
        "travellers_yuan": _yuan(report.money.travellers),
        "left_behind_yuan": _yuan(report.money.left_behind),
        "wishes_yuan": _yuan(report.money.wishes),
        "objective_yuan": _yuan(report.money.objective),
        "obligations": len(report.obligations),
        "obligations_unmet": len(report.unmet),
        "wishes": len(report.wishes),
        "wishes_unmet": sum(w.runs < w.least for w in report.wishes),
        "violations": len(report.violations),
        "without_boat": [_boatless(scenario, b) for b in without_boat(scenario, plan, network)],
    }


def money_rows(scenario: Scenario, plan: FerryPlan, network: Distances) -> list[Row]:
    """Cost, revenue and subsidy by line and operator, in the order of the line table, generated patterns last.

    A vessel's day and second crew are shared over its sailings by minutes under way, exact to the fen, so that the costs add up
    to the plan's. A line's operator is its own; a generated pattern's is the owner of the vessel. Subsidy is what fares do not cover.
    """
    facts = Facts.of(scenario, plan, network)
    account = {s.id: _account(scenario, s, fleet) for s, fleet in facts.manned()}
    cost, revenue = _costs(facts, account), _revenues(facts, account)
    found: dict[Account, list[tuple[Sailing, Fleet]]] = defaultdict(list)
    for sailing, fleet in facts.manned():
        found[account[sailing.id]].append((sailing, fleet))
    order = {line: number for number, line in enumerate(scenario.lines)}
    rows = []
    for key in sorted(found, key=lambda k: (order.get(k[0], len(order)), k)):
        energy = [_energy(scenario, fleet, sailing) for sailing, fleet in found[key]]
        rows.append({
            "line": key[0],
            "operator": key[1],
            "sailings": len(found[key]),
            "vessel_hours": round(sum(s.arrives - s.departs for s, _ in found[key]) / 60, 2),
            "fuel_l": round(sum(e[0] for e in energy), 1),
            "co2_kg": round(sum(e[2] for e in energy), 1),
            "cost_yuan": _yuan(cost[key]),
            "revenue_yuan": _yuan(revenue[key]),
            "subsidy_yuan": _yuan(max(0, cost[key] - revenue[key])),
        })  # fmt: skip
    return rows


def load_rows(scenario: Scenario, plan: FerryPlan, network: Distances) -> list[Row]:
    """People and vehicles on every leg of every sailing, beside seats and deck."""
    facts = Facts.of(scenario, plan, network)
    aboard = loads(facts)
    return [
        {
            "sailing": sailing.id, "leg": number, "from_port": a, "to_port": b, "departs": clock(departs), "arrives": clock(arrives),
            "people": sum(n for segment, n in load.items() if segment != "vehicle"), "seats": fleet.seats,
            "vehicles": load.get("vehicle", 0), "vehicle_deck": fleet.vehicle_deck,
        }
        for sailing, fleet in facts.manned()
        for number, ((a, b, departs, arrives), load) in enumerate(zip(sailing.legs(), aboard[sailing.id], strict=True), start=1)
    ]  # fmt: skip


def rotation_rows(scenario: Scenario, plan: FerryPlan) -> list[Row]:
    """Every vessel's day, sailing by sailing; the overnight port is where it begins."""
    return [
        {
            "vessel": rotation.vessel, "fleet": fleet.fleet_id if fleet else "", "overnight_port": rotation.sailings[0].ports[0],
            "crews": crews(scenario, rotation), "sequence": number, "sailing": sailing.id, "from_port": sailing.ports[0],
            "to_port": sailing.ports[-1], "departs": clock(sailing.departs), "arrives": clock(sailing.arrives),
        }
        for rotation in plan.rotations
        for fleet in [known_fleet(scenario, rotation.vessel)]
        for number, sailing in enumerate(rotation.sailings, start=1)
    ]  # fmt: skip


def obligation_rows(report: AuditReport) -> list[Row]:
    """Every rule of every obligation, met or not, with the remedy where not."""
    return [asdict(check) | {"met": "yes" if check.met else "no"} for check in report.obligations]


def fare_fen(scenario: Scenario, network: Distances, fleet: Fleet, ports: tuple[str, str], vehicle: bool) -> int:
    """Fare of one person or vehicle in fen: the table's for the pair, either direction, else base plus distance."""
    speed = "fast" if fleet.speed_kn >= FAST_KN else "normal"
    for fare in scenario.fares:
        if fare.speed == speed and {fare.from_port, fare.to_port} == set(ports):
            listed = fare.vehicle_fare_yuan if vehicle else fare.fare_yuan
            if listed is not None:
                return fen(listed)
    base, mile = ("vehicle_fare_base_yuan", "vehicle_fare_nm_yuan") if vehicle else (f"fare_base_{speed}_yuan", f"fare_nm_{speed}_yuan")
    nm = network.nm(*ports)
    return fen(exact(scenario.number(base)) + exact(scenario.number(mile)) * exact(float(nm) if math.isfinite(nm) else 0))


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """A whole amount split in proportion to whole weights by largest remainder, the earlier part first on a tie; exact in sum."""
    if not sum(weights):
        weights = [1] * len(weights)
    whole = sum(weights)
    parts = [total * w // whole for w in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def _account(scenario: Scenario, sailing: Sailing, fleet: Fleet) -> Account:
    line = scenario.lines.get(sailing.line)
    return (sailing.line, line.operator if line else fleet.operator)


def _costs(facts: Facts, account: Mapping[str, Account]) -> Counter[Account]:
    cost: Counter[Account] = Counter()
    for sailing, fleet in facts.manned():
        cost[account[sailing.id]] += sailing_fen(facts.scenario, fleet, sailing)
    for rotation, fleet in facts.days():
        day = fen(fleet.day_cost_yuan) + second_crew_fen(facts.scenario, fleet, rotation)
        parts = shares(day, [s.arrives - s.departs for s in rotation.sailings])
        for sailing, part in zip(rotation.sailings, parts, strict=True):
            cost[account[sailing.id]] += part
    return cost


def _revenues(facts: Facts, account: Mapping[str, Account]) -> Counter[Account]:
    revenue: Counter[Account] = Counter()
    fares: dict[tuple[str, str, str, bool], int] = {}
    for boarding in facts.plan.boardings:
        vehicle = boarding.segment == "vehicle"
        for ride in boarding.rides:
            stretch = stretch_of(facts, ride)
            if stretch is None or stretch.sailing.vessel not in facts.fleets:
                continue
            fleet = facts.fleets[stretch.sailing.vessel]
            key = (fleet.fleet_id, stretch.board, stretch.alight, vehicle)
            if key not in fares:
                fares[key] = fare_fen(facts.scenario, facts.network, fleet, (stretch.board, stretch.alight), vehicle)
            revenue[account[stretch.sailing.id]] += boarding.people * fares[key]
    return revenue


def _boatless(scenario: Scenario, found: Boatless) -> Row:
    """A row for JSON; the island's own name where all of it is without a boat, else the names of the places."""
    named = [scenario.islands[found.island]] if found.whole else [scenario.places[p] for p in found.places]
    names = {"name_zh": "、".join(n.name_zh for n in named), "name_en": ", ".join(n.name_en for n in named)}
    return {"island": found.island, "places": list(found.places), **names, "wanted": found.wanted, "residents": found.residents}


def _segments(facts: Facts) -> dict[str, Row]:
    wanted: Counter[str] = Counter()
    for group in facts.groups.values():
        wanted[group.segment] += group.size
    taken: dict[str, list[tuple[int, Journey]]] = defaultdict(list)
    for boarding in facts.plan.boardings:
        way = journey(facts, boarding)
        if way is not None:
            taken[boarding.segment].append((boarding.people, way))
    rows = {}
    for segment in SEGMENTS:
        ways = taken[segment]
        served = sum(n for n, _ in ways)
        rows[segment] = {
            "wanted": wanted[segment],
            "served": served,
            "left": wanted[segment] - served,
            "transfers": sum(n for n, w in ways if w.changes),
            "mean_shift_min": _ratio(sum(n * w.shift for n, w in ways), served, 2),
            "mean_transfer_wait_min": _ratio(sum(n * w.wait for n, w in ways), sum(n for n, w in ways if w.changes), 2),
            "mean_door_to_door_min": _ratio(sum(n * w.door_to_door for n, w in ways), served, 2),
        }
    return rows


def _load_factor(facts: Facts) -> float | None:
    aboard = loads(facts)
    used = offered = 0.0
    for sailing, fleet in facts.manned():
        for (a, b, _, _), load in zip(sailing.legs(), aboard[sailing.id], strict=True):
            nm = facts.network.nm(a, b)
            if math.isfinite(nm):
                used += nm * sum(n for segment, n in load.items() if segment != "vehicle")
                offered += nm * fleet.seats
    return _ratio(used, offered)


def _energy(scenario: Scenario, fleet: Fleet, sailing: Sailing) -> tuple[float, float, float]:
    """Litres, kilowatt-hours and kilograms of CO2 of a sailing."""
    hours = (sailing.arrives - sailing.departs) / 60
    litres, power = fleet.fuel_l_per_h * hours, fleet.power_kw * hours
    return litres, power, litres * scenario.number("co2_kg_per_l_diesel") + power * scenario.number("co2_kg_per_kwh")


def _yuan(amount: int) -> float:
    return round(amount / 100, 2)


def _ratio(part: float, whole: float, digits: int = 4) -> float | None:
    return round(part / whole, digits) if whole else None


def _mean(rows: Sequence[Row], name: str) -> float | None:
    """Mean over the people of several segments."""
    return _ratio(sum(r["served"] * r[name] for r in rows if r["served"]), sum(r["served"] for r in rows), 2)

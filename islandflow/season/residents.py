"""Residents on peak days, with and without the seats that obligations keep for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from islandflow.ferry.folder import PlanFolder
from islandflow.ferry.plan import FerryPlan
from islandflow.passengers.seating import book_ahead
from islandflow.scenario.entities import Scenario
from islandflow.scenario.schema import RESIDENT_SEGMENTS
from islandflow.units import exact

Row = dict[str, Any]


def kept_seats(scenario: Scenario, plan: FerryPlan) -> dict[str, int]:
    """Seats kept for residents by sailing: the largest share that any obligation asks for on it, rounded down."""
    found: dict[str, int] = {}
    for sailing in plan.sailings:
        calls = set(sailing.ports)
        share = max(
            (o.resident_seats_percent for o in scenario.obligations.values() if o.serves_port in calls and not calls.isdisjoint(o.island_ports)),
            default=0.0,
        )
        kept = int(scenario.vessel_fleet(sailing.vessel).seats * exact(share) / 100)
        if kept:
            found[sailing.id] = kept
    return found


def peak_rows(scenario: Scenario, plans: Mapping[str, PlanFolder]) -> list[Row]:
    """A row a peak pattern: residents and visitors wanted and served by the plan's own seating, and where visitors book ahead, with and
    without kept seats. Residents are residents, commuters and patients."""
    rows = []
    for service, folder in plans.items():
        if not scenario.services[service].peak:
            continue
        segments = folder.metrics["segments"]
        kept = kept_seats(scenario, folder.plan)
        with_kept = book_ahead(scenario, service, folder.plan.sailings, kept)
        without = book_ahead(scenario, service, folder.plan.sailings, {})
        wanted, visitors = sum(segments[s]["wanted"] for s in RESIDENT_SEGMENTS), segments["visitor"]["wanted"]
        rows.append({
            "service": service, "residents_wanted": wanted, "residents_planned": sum(segments[s]["served"] for s in RESIDENT_SEGMENTS),
            "residents_with_kept": _residents(with_kept), "residents_without_kept": _residents(without),
            "visitors_wanted": visitors, "visitors_planned": segments["visitor"]["served"], "visitors_with_kept": with_kept["visitor"],
            "visitors_without_kept": without["visitor"], "kept_seats": sum(kept.values()), "sailings_with_kept": len(kept),
        })  # fmt: skip
    return rows


def _residents(served: Counter[str]) -> int:
    return sum(served[s] for s in RESIDENT_SEGMENTS)

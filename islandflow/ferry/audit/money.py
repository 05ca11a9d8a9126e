"""The objective to the fen, from the facts alone: decimals, one rounding a sailing, one a traveller's time."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from islandflow.ferry.audit.facts import Facts
from islandflow.ferry.audit.report import Money
from islandflow.ferry.audit.riders import Journey, journey
from islandflow.ferry.audit.wishes import wishes
from islandflow.ferry.plan import Rotation, Sailing
from islandflow.scenario.entities import Fleet, Scenario
from islandflow.units import exact, fen, minutes, time_fen


def money(facts: Facts) -> Money:
    """Parts of the objective in fen. Who boards no real way, and who is beyond the size of a group, counts as not travelling."""
    travellers = left = 0
    seated: Counter[tuple[str, str, str, int]] = Counter()
    for boarding in facts.plan.boardings:
        taken = journey(facts, boarding)
        group = facts.groups.get(boarding.group)
        if taken is None or group is None or boarding.people < 1:
            continue
        seated[boarding.group] += boarding.people
        travellers += boarding.people * traveller_fen(facts.scenario, boarding.segment, taken)
    for key, group in facts.groups.items():
        left += max(0, group.size - seated[key]) * fen(facts.scenario.number(f"left_behind_{group.segment}_cny"))
    days = list(facts.days())
    return Money(
        sailings=sum(sailing_fen(facts.scenario, fleet, sailing) for sailing, fleet in facts.manned()),
        vessel_days=sum(fen(fleet.day_cost_yuan) for _, fleet in days),
        second_crews=sum(second_crew_fen(facts.scenario, fleet, rotation) for rotation, fleet in days),
        travellers=travellers,
        left_behind=left,
        wishes=sum(w.cost_fen for w in wishes(facts)),
    )


def sailing_fen(scenario: Scenario, fleet: Fleet, sailing: Sailing) -> int:
    """Running cost of a sailing: diesel and power under way with their carbon, and the dues of each arrival."""
    a_tonne = exact(scenario.number("carbon_price_cny_t"))
    diesel = exact(scenario.number("marine_diesel_cny_l")) + exact(scenario.number("co2_kg_per_l_diesel")) * a_tonne / 1000
    power = exact(scenario.number("electricity_cny_kwh")) + exact(scenario.number("co2_kg_per_kwh")) * a_tonne / 1000
    an_hour = exact(fleet.fuel_l_per_h) * diesel + exact(fleet.power_kw) * power
    dues = exact(fleet.call_cost_yuan) * (len(sailing.calls) - 1)
    return fen(Decimal(sailing.arrives - sailing.departs) / 60 * an_hour + dues)


def crews(scenario: Scenario, rotation: Rotation) -> int:
    """1 if the day lies inside one crew window, both ends included, else 2."""
    return 1 if beyond_one_crew(scenario, rotation) == 0 else 2


def beyond_one_crew(scenario: Scenario, rotation: Rotation) -> int:
    """Minutes of a day outside the crew window that holds most of it: 0 if one crew is enough."""
    begins, ends = rotation.sailings[0].departs, max(s.arrives for s in rotation.sailings)
    windows = [window.partition("-") for window in str(scenario.setting("crew_shifts")).split(";") if window.strip()]
    return min((max(0, minutes(opens) - begins) + max(0, ends - minutes(closes)) for opens, _, closes in windows), default=ends - begins)


def second_crew_fen(scenario: Scenario, fleet: Fleet, rotation: Rotation) -> int:
    """Price of the second crew of a vessel's day, 0 if one is enough."""
    return (crews(scenario, rotation) - 1) * fen(scenario.number("second_crew_day_cny_per_head")) * fleet.crew


def traveller_fen(scenario: Scenario, segment: str, taken: Journey) -> int:
    """Price of one traveller's time: land, boats, waiting between them, changes, and the shift from the wanted departure."""
    weighted = (
        100 * (taken.access + taken.egress + taken.walk + taken.rides)
        + round(100 * scenario.number("waiting_share")) * taken.wait
        + 100 * scenario.whole("transfer_penalty_min") * taken.changes
        + round(100 * scenario.number("shift_penalty_share")) * taken.shift
    )
    return time_fen(fen(scenario.number(f"value_of_time_{segment}_cny_h")), weighted)

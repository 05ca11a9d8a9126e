"""What a sailing costs to run, and the windows in which one crew works."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from islandflow.ferry.problem.patterns import Pattern
from islandflow.scenario.entities import Fleet, Scenario
from islandflow.units import exact, fen, minutes

NO_CREW_FEN = 10**14  # of a second crew that is not to be had: above the price of all obligations together


@dataclass(frozen=True)
class Window:
    """Minutes of the day in which one crew works; both ends belong to it."""

    begins: int
    ends: int


def crew_windows(scenario: Scenario) -> tuple[Window, ...]:
    """The crew shifts of the scenario."""
    spans = [part.split("-") for part in str(scenario.setting("crew_shifts")).split(";") if part.strip()]
    return tuple(Window(minutes(a), minutes(b)) for a, b in spans)


def second_crew_fen(scenario: Scenario, fleet: Fleet) -> int:
    """Price of a second crew on a vessel's day in fen; NO_CREW_FEN where none is to be had."""
    return fen(scenario.number("second_crew_day_cny_per_head")) * fleet.crew if fleet.second_crew else NO_CREW_FEN


def layover(scenario: Scenario, fleet: Fleet, pattern: Pattern) -> int:
    """Minutes from the arrival of a pattern to the next departure: the turnaround, or longer until a battery boat is full again."""
    charging = scenario.ports[pattern.calls[-1]].charging_kw
    if fleet.battery_kwh <= 0 or charging <= 0:
        return fleet.turnaround_min
    return max(fleet.turnaround_min, math.ceil(exact(fleet.power_kw) * pattern.minutes / exact(charging)))


def in_range(scenario: Scenario, fleet: Fleet, calls: Sequence[str], under_way: int) -> bool:
    """Whether a battery boat may make a sailing: with one filling, and with chargers at both ends. True for every other boat."""
    if fleet.battery_kwh <= 0:
        return True
    chargers = all(scenario.ports[p].charging_kw > 0 for p in (calls[0], calls[-1]))
    return chargers and exact(fleet.power_kw) * under_way <= exact(fleet.battery_kwh) * 60


def sailing_fen(scenario: Scenario, fleet: Fleet, under_way: int, legs: int) -> int:
    """Running cost of a sailing in fen: energy and its carbon by the minute, port dues by the arrival."""
    carbon = exact(scenario.number("carbon_price_cny_t")) / 1000
    litre = exact(scenario.number("marine_diesel_cny_l")) + exact(scenario.number("co2_kg_per_l_diesel")) * carbon
    kwh = exact(scenario.number("electricity_cny_kwh")) + exact(scenario.number("co2_kg_per_kwh")) * carbon
    hourly = exact(fleet.fuel_l_per_h) * litre + exact(fleet.power_kw) * kwh
    return fen(Decimal(under_way) / 60 * hourly + exact(fleet.call_cost_yuan) * legs)

"""Rules of sea, tide, night and batteries, from the facts; at the limit a rule is silent."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from islandflow.ferry.audit.facts import Facts
from islandflow.units import clock, exact, spans
from islandflow.violation import Violation

ROUGHNESS = ("sheltered", "open", "outer")


def weather(facts: Facts) -> Iterator[Violation]:
    """Wind and waves of each leg are within the class's limits; a leg is as exposed as its rougher end. Amount: Beaufort, or cm."""
    day = facts.scenario.services[facts.service]
    for sailing, fleet in facts.manned():
        for a, b, _, _ in sailing.legs():
            level = max(ROUGHNESS.index(facts.scenario.ports[p].exposure) for p in (a, b))
            wind, wave = day.sea(ROUGHNESS[level])
            if wind > fleet.wind_limit_bft:
                en, zh = f"wind {wind}, the class sails up to {fleet.wind_limit_bft}", f"风力 {wind} 级,该船型限 {fleet.wind_limit_bft} 级"
                yield Violation("weather", f"{sailing.id} {a}-{b}", wind - fleet.wind_limit_bft, "bft", en, zh)
            over = math.ceil((exact(wave) - exact(fleet.wave_limit_m)) * 100)
            if over > 0:
                en, zh = (
                    f"waves of {wave:g} m, the class sails up to {fleet.wave_limit_m:g} m",
                    f"浪高 {wave:g} 米,该船型限 {fleet.wave_limit_m:g} 米",
                )
                yield Violation("weather", f"{sailing.id} {a}-{b}", over, "cm", en, zh)


def visibility(facts: Facts) -> Iterator[Violation]:
    """Nobody sails in less visibility than the class may. Amount in metres short."""
    seen = facts.scenario.services[facts.service].visibility_m
    for sailing, fleet in facts.manned():
        short = 0 if seen is None else fleet.visibility_limit_m - seen
        if short > 0:
            en, zh = f"{seen} m, the class needs {fleet.visibility_limit_m} m", f"能见度 {seen} 米,该船型须 {fleet.visibility_limit_m} 米"
            yield Violation("visibility", sailing.id, short, "m", en, zh)


def tides(facts: Facts) -> Iterator[Violation]:
    """Every arrival and departure lies within a tide window of its port, ends included. Amount: minutes to the nearest."""
    for name, port, minute in _moves(facts):
        text = facts.scenario.ports[port].tide_windows
        if text:
            off = min(max(a - minute, minute - b, 0) for a, b in spans(text))
            if off > 0:
                yield Violation("tide", f"{name} {port}", off, "min", f"{clock(minute)}, tides {text}", f"{clock(minute)},潮时 {text}")


def night_quiet(facts: Facts) -> Iterator[Violation]:
    """In a port's quiet hours, ends excluded, only quiet boats move. Amount: minutes to the nearest end."""
    loud = {s.id for s, fleet in facts.manned() if not fleet.quiet}
    for name, port, minute in _moves(facts):
        text = facts.scenario.ports[port].quiet_hours
        inside = max((min(minute - a, b - minute) for a, b in spans(text)), default=0)
        if name in loud and inside > 0:
            yield Violation(
                "night-quiet", f"{name} {port}", inside, "min", f"{clock(minute)}, quiet {text}", f"{clock(minute)},安静时段 {text}"
            )


def _moves(facts: Facts) -> Iterator[tuple[str, str, int]]:
    """Every minute at which a sailing arrives or leaves: sailing, port, minute."""
    for sailing in facts.sailings:
        last = len(sailing.calls) - 1
        for number, call in enumerate(sailing.calls):
            for minute in {call.arrives if number else None, call.departs if number < last else None}:
                if minute is not None:
                    yield sailing.id, call.port, minute


def battery_range(facts: Facts) -> Iterator[Violation]:
    """A battery boat sails from charger to charger (amount: ports without one) on one filling (amount: kWh too many, rounded up)."""
    for sailing, fleet in facts.manned():
        if fleet.battery_kwh <= 0:
            continue
        bare = [p for p in (sailing.ports[0], sailing.ports[-1]) if facts.scenario.ports[p].charging_kw <= 0]
        if bare:
            names = ", ".join(bare)
            yield Violation("battery-range", sailing.id, len(bare), "call", f"no charger at {names}", f"{names} 没有充电设施")
        over = math.ceil(exact(fleet.power_kw) * (sailing.arrives - sailing.departs) / 60 - exact(fleet.battery_kwh))
        if over > 0:
            yield Violation(
                "battery-range", sailing.id, over, "kwh", f"battery {fleet.battery_kwh:g} kWh", f"电池 {fleet.battery_kwh:g} 千瓦时"
            )


def charging(facts: Facts) -> Iterator[Violation]:
    """A battery boat leaves full: what a sailing took is charged before the next. Amount in minutes short, rounded up."""
    for rotation, fleet in facts.days():
        if fleet.battery_kwh <= 0:
            continue
        for earlier, later in pairwise(rotation.sailings):
            power = facts.scenario.ports[earlier.ports[-1]].charging_kw
            if power <= 0:
                continue  # told by battery_range
            needed = math.ceil(exact(fleet.power_kw) * (earlier.arrives - earlier.departs) / exact(power))
            short = needed - (later.departs - earlier.arrives)
            if short > 0:
                en, zh = f"{rotation.vessel} charges {needed} min", f"{rotation.vessel} 充电须 {needed} 分钟"
                yield Violation("charging", later.id, short, "min", en, zh)


RULES = (weather, visibility, tides, night_quiet, battery_range, charging)

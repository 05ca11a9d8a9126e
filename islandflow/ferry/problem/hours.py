"""When a pattern may leave: port hours, tides and quiet hours at every call."""

from __future__ import annotations

from collections.abc import Iterator

from islandflow.ferry.problem.patterns import Pattern
from islandflow.scenario.entities import Fleet, Scenario
from islandflow.units import spans


def open_slots(scenario: Scenario, fleet: Fleet, pattern: Pattern, start: int, step: int, slots: int) -> Iterator[tuple[int, int]]:
    """Stretches ``first <= slot < last`` of slots at which every arrival and departure of a pattern is allowed, rising."""
    moves = [(port, pattern.departs[i]) for i, port in enumerate(pattern.calls[:-1])]
    moves += [(port, pattern.arrives[i]) for i, port in enumerate(pattern.calls[1:])]
    earliest = max(start, *(scenario.ports[port].opens - t for port, t in moves))
    latest = min(start + (slots - 1) * step, *(scenario.ports[port].closes - t for port, t in moves))
    low, high = -(-(earliest - start) // step), (latest - start) // step + 1
    shut = [m for m in moves if scenario.ports[m[0]].tide_windows or (scenario.ports[m[0]].quiet_hours and not fleet.quiet)]
    if not shut:
        if high > low:
            yield low, high
        return
    begun = None
    for slot in range(low, max(low, high) + 1):
        free = slot < high and all(_open(scenario, fleet, port, start + slot * step + t) for port, t in shut)
        if free and begun is None:
            begun = slot
        if not free and begun is not None:
            yield begun, slot
            begun = None


def _open(scenario: Scenario, fleet: Fleet, port: str, minute: int) -> bool:
    facts = scenario.ports[port]
    if facts.tide_windows and not any(a <= minute <= b for a, b in spans(facts.tide_windows)):
        return False
    return fleet.quiet or not any(a < minute < b for a, b in spans(facts.quiet_hours))

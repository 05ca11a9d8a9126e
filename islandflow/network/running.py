"""Which lines a fleet may sail, and how long a leg takes: facts that problem, audit and metrics share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

from islandflow.scenario.entities import Fleet, LinePattern, Scenario

NO_WAY_MIN = 10_000  # minutes of a leg without a water path: longer than any day


class Distances(Protocol):
    """Anything that knows sea distances."""

    def nm(self, a: str, b: str) -> float:
        """Nautical miles by sea between two ports, symmetric; inf if there is no water path."""


def runs_on(scenario: Scenario, line: LinePattern, service: str) -> bool:
    """Whether some date of that service pattern is a day of running of the line; true if the calendar has no such date."""
    if line.days == "1234567":
        return True
    weekdays = {str(day.date.isoweekday()) for day in scenario.calendar if day.service == service}
    return not weekdays or not weekdays.isdisjoint(line.days)


def may_operate(fleet: Fleet, line: LinePattern) -> bool:
    """Whether the line belongs to the owner of the vessels or to an operator they are chartered to."""
    return line.operator in (fleet.operator, *fleet.charter_to)


def eligible_lines(scenario: Scenario, fleet: Fleet, service: str) -> tuple[LinePattern, ...]:
    """Lines a fleet may sail in a service pattern, in the order of the line table."""
    return tuple(
        line
        for line in scenario.lines.values()
        if fleet.sails_in(service)
        and may_operate(fleet, line)
        and fleet.vessel_class in line.classes
        and line.cluster == fleet.cluster
        and line.runs_in(service)
        and runs_on(scenario, line, service)
    )


def fleet_ports(scenario: Scenario, fleet: Fleet, service: str) -> frozenset[str]:
    """All ports of the lines a fleet may sail."""
    return frozenset(port for line in eligible_lines(scenario, fleet, service) for port in line.calls)


def leg_minutes(scenario: Scenario, network: Distances, fleet: Fleet, line_id: str, calls: Sequence[str], service: str) -> tuple[int, ...]:
    """Shortest minutes of each leg of a sailing, berthing allowance included.

    Calls of a known line (either direction): its crossing time, the smallest if several lines fit, split over the legs in
    proportion to their computed times. Otherwise leg by leg: a direct line's crossing time, else distance over speed plus the
    allowance, rounded up. Known are the eligible lines and, so that a line sailed by the wrong company is not called too fast as
    well, the line named by ``line_id`` if it is sailed by vessels of this class. A leg without a water path takes ``NO_WAY_MIN``.
    """
    lines = list(eligible_lines(scenario, fleet, service))
    named = scenario.lines.get(line_id)
    if named is not None and named not in lines and fleet.vessel_class in named.classes:
        lines.append(named)
    wanted = tuple(calls)
    computed = [_computed(scenario, network, fleet, a, b) for a, b in pairwise(wanted)]
    whole = [line.crossing_min for line in lines if wanted in (line.calls, line.calls[::-1])]
    if whole:
        return largest_remainder(min(whole), computed)
    legs = []
    for (a, b), minutes in zip(pairwise(wanted), computed, strict=True):
        direct = [line.crossing_min for line in lines if line.calls in ((a, b), (b, a))]
        # a hair is taken off before rounding up: 30.000000000000004 minutes are 30
        legs.append(min(direct) if direct else math.ceil(minutes - 1e-9))
    return tuple(legs)


def largest_remainder(total: int, weights: Sequence[float | int]) -> tuple[int, ...]:
    """A whole amount split in proportion to weights, exact in sum; on a tie the earlier part gets more; equal parts if all weigh 0."""
    if not weights:
        return ()
    whole = sum(weights)
    shares = [total * w / whole if whole else total / len(weights) for w in weights]
    parts = [math.floor(share + 1e-9) for share in shares]
    order = sorted(range(len(parts)), key=lambda i: (-round(shares[i] - parts[i], 9), i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return tuple(parts)


def _computed(scenario: Scenario, network: Distances, fleet: Fleet, a: str, b: str) -> float:
    nm = network.nm(a, b)
    return nm / fleet.speed_kn * 60 + scenario.whole("manoeuvre_min_per_call") if math.isfinite(nm) else float(NO_WAY_MIN)

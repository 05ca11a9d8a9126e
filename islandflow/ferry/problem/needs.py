"""Obligations as covering rows: of these connections, so many must run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from islandflow.ferry.problem.patterns import Pattern
from islandflow.scenario.entities import Obligation, Scenario, Wish
from islandflow.units import fen, minutes


@dataclass(frozen=True)
class Need:
    """At least ``least`` connections from ``origins`` to ``targets`` that leave and arrive within the given minutes (ends included).

    ``ashore`` (day return): with it, besides such a connection, a second one back leaves ``ashore`` minutes after it arrives.
    ``line``: only its sailings count; ``hold_m3``: only those with so much room for cargo. ``price_fen``: a wish; each connection that is missing costs so much, None = an obligation.
    """

    obligation: str
    rule: str
    origins: tuple[str, ...]
    targets: tuple[str, ...]
    least: int
    leaves: tuple[int, int] = (0, 10_000)
    reaches: tuple[int, int] = (0, 10_000)
    ashore: int | None = None
    line: str = ""
    price_fen: int | None = None
    hold_m3: float = 0.0

    @property
    def hard(self) -> bool:
        """Whether it is an obligation; a wish has a price instead."""
        return self.price_fen is None

    @property
    def ends(self) -> tuple[tuple[str, ...], tuple[str, ...], str, float]:
        """What decides which patterns make such a connection at all."""
        return self.origins, self.targets, self.line, self.hold_m3

    def stretch(self, pattern: Pattern) -> list[tuple[int, int]]:
        """(departure, arrival) offsets in minutes of the connections that a pattern makes."""
        if (self.line and pattern.line != self.line) or pattern.hold_m3 < self.hold_m3:
            return []
        return [
            (pattern.departs[i], pattern.arrives[j - 1])
            for i, a in enumerate(pattern.calls[:-1])
            if a in self.origins
            for j in range(i + 1, len(pattern.calls))
            if pattern.calls[j] in self.targets
        ]

    def met_by(self, pattern: Pattern, minute: int) -> bool:
        """Whether the sailing of ``pattern`` leaving at ``minute`` is such a connection."""
        return any(
            self.leaves[0] <= minute + d <= self.leaves[1] and self.reaches[0] <= minute + a <= self.reaches[1]
            for d, a in self.stretch(pattern)
        )


def needs(scenario: Scenario, service: str) -> tuple[Need, ...]:
    """Covering rows of all obligations and of wishes that have a price; a largest gap becomes a row for every interval that must hold a departure."""
    found: list[Need] = []
    for duty in scenario.obligations.values():
        out, back = (duty.island_ports, (duty.serves_port,)), ((duty.serves_port,), duty.island_ports)
        name = duty.obligation_id
        if duty.sailings_each_way:
            found += [Need(name, "sailings-each-way", ends[0], ends[1], duty.sailings_each_way) for ends in (out, back)]
        if duty.cargo_sailings:
            found += [Need(name, "cargo-sailings", ends[0], ends[1], duty.cargo_sailings, hold_m3=duty.cargo_m3) for ends in (out, back)]
        if duty.first_arrival_by is not None:
            found.append(Need(name, "first-arrival", *out, 1, reaches=(0, duty.first_arrival_by)))
        if duty.last_boat_not_before is not None:
            found.append(Need(name, "last-boat", *back, 1, leaves=(duty.last_boat_not_before, 10_000)))
        if duty.hours_ashore is not None:
            found.append(Need(name, "day-return", *out, 1, ashore=duty.hours_ashore))
        if duty.medical_trip:
            by, stay = scenario.whole("medical_arrival_by"), scenario.whole("medical_hours_ashore")
            found.append(Need(name, "medical-trip", *out, 1, reaches=(0, by), ashore=stay))
        if duty.largest_gap_min is not None:
            found += _gaps(scenario, duty, (out, back))
    return (*found, *(_wished(wish) for wish in scenario.wishes.values() if wish.holds_in(service) and wish.price_yuan > 0))


def _wished(wish: Wish) -> Need:
    span = (wish.leaves_from, wish.leaves_until)
    return Need(
        wish.wish_id, "wish", (wish.from_port,), (wish.to_port,), wish.least, span, line=wish.line, price_fen=fen(wish.price_yuan)
    )


def _gaps(scenario: Scenario, duty: Obligation, directions: Sequence[tuple[tuple[str, ...], tuple[str, ...]]]) -> list[Need]:
    """No gap above G means: after every minute of the window but its last G, a departure within G minutes.

    The rows are asked at every slot of the grid. Every plan that keeps the gap meets them, so a bound may rely on them; where
    chains leave between two slots they may be met by a plan that is some minutes over, which the audit tells.
    """
    opens, _, closes = str(scenario.setting("largest_gap_window")).partition("-")
    begin, end, gap, step = minutes(opens), minutes(closes), duty.largest_gap_min or 0, scenario.whole("grid_min")
    return [
        Need(duty.obligation_id, "largest-gap", ends[0], ends[1], 1, leaves=(after + 1, after + gap))
        for ends in directions
        for after in range(begin, end - gap, step)
    ]

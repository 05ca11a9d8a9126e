"""Which minute of the hour a line takes: every minute within the headway is tried, and how many boats its buses then meet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from islandflow.shuttle.day import LANDS
from islandflow.shuttle.lines_blocks import Pattern, driven
from islandflow.shuttle.lines_day import LinesDay, passing
from islandflow.shuttle.lines_problem import Option, PoolLine

Met = dict[str, int]  # call of a boat -> minutes of waiting
HOUR = 60


@dataclass(frozen=True)
class Minutes:
    """A line's option with its minutes: the first bus leaves the first call at ``first_out``; ``met``: waits at the boats it meets."""

    option: Option
    pattern: Pattern
    first_out: int
    met: Met

    @property
    def first_back(self) -> int:
        """The first bus leaves the last call."""
        return self.first_out + self.pattern.back_after


def best_minutes(day: LinesDay, line: PoolLine, option: Option, met: Iterable[str]) -> Minutes:
    """Among the minutes of the first hour, and the turns at the far end that cost the same: most boats that no other line meets yet,
    then the least waiting (a boat missed counts a minute more than the longest), then the earliest."""
    already = set(met)
    boats = sum(b.quay in line.calls for b in day.boats)
    patterns = _turns(day, line, option) if boats else [option.pattern]
    best: tuple[tuple[int, int, int, int], Minutes] | None = None
    outward: dict[int, Met] = {}
    inward: dict[int, Met] = {}
    for pattern in patterns:
        for minute in range(min(HOUR, option.headway) if boats else 1):
            start = day.rules.first + minute
            back = start + pattern.back_after
            if start not in outward:
                outward[start] = meets(day, line.calls, pattern, start)
            if back not in inward:
                inward[back] = meets(day, line.calls[::-1], pattern, back)
            found = {b: min(m[b] for m in (outward[start], inward[back]) if b in m) for b in {**outward[start], **inward[back]}}
            waits = sum(found.values()) + (boats - len(found)) * (day.rules.meet_min + 1)
            rank = (-sum(b not in already for b in found), waits, start, pattern.turn)
            if best is None or rank < best[0]:
                best = rank, Minutes(option, pattern, start, found)
    assert best is not None
    return best[1]


def _turns(day: LinesDay, line: PoolLine, option: Option) -> list[Pattern]:
    """Turns at the far end with the same number of buses ahead, hence the same kilometres, that the batteries and chargers bear too."""
    own, rules = option.pattern, day.rules
    low, high = line.minutes + rules.layover_min, own.vehicles * own.headway - line.minutes - rules.layover_min
    found = []
    for turn in range(max(low, own.ahead * own.headway), min(high, own.ahead * own.headway + own.headway - 1) + 1):
        pattern = replace(own, turn=turn)
        fits = all(n <= own.reserved.get(site, 0) for site, n in pattern.reserved.items())
        if fits and driven(day, day.buses[option.fleet], line.calls[0], line.calls[-1], pattern) is not None:
            found.append(pattern)
    return found


def meets(day: LinesDay, calls: tuple[str, ...], pattern: Pattern, first: int) -> Met:
    """Waits at the boats that the buses meet which leave ``calls[0]`` at ``first`` and every headway after."""
    found: Met = {}
    passed = dict(zip(calls, passing(day, calls), strict=True))
    for boat in day.boats:
        if boat.quay not in passed:
            continue
        arrives, leaves = (first + minute for minute in passed[boat.quay])
        wait = None
        if boat.kind == LANDS and boat.quay != calls[-1]:
            wait = _next(leaves, pattern, boat.minute + day.rules.alight_min)
        elif boat.kind != LANDS and boat.quay != calls[0]:
            wait = _before(arrives, pattern, boat.minute - day.rules.board_min)
        if wait is not None and wait <= day.rules.meet_min:
            found[boat.call_id] = wait
    return found


def _next(first: int, pattern: Pattern, ready: int) -> int | None:
    """Minutes that people who are ready at ``ready`` wait for a bus; None after the last."""
    number = max(0, -(-(ready - first) // pattern.headway))
    return first + number * pattern.headway - ready if number < pattern.departures else None


def _before(first: int, pattern: Pattern, due: int) -> int | None:
    """Minutes that people of the last bus before ``due`` wait there; None before the first."""
    number = min((due - first) // pattern.headway, pattern.departures - 1)
    return due - first - number * pattern.headway if number >= 0 else None

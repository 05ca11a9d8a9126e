"""Who could ride which pattern: markets (place, place, segment) and the stretches of patterns that serve them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from islandflow.ferry.problem.patterns import Pattern
from islandflow.passengers.access import Access, joined, line_stretches
from islandflow.passengers.groups import Group
from islandflow.scenario.entities import Scenario
from islandflow.units import fen

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
DIRECT, FIRST, SECOND = 0, 1, 2


@dataclass(frozen=True)
class Market:
    """Groups of one pair of places and one segment; ``change`` says whether a change of boats is offered."""

    from_place: str
    to_place: str
    segment: str
    groups: tuple[Group, ...]
    change: bool


@dataclass(frozen=True)
class Stretches:
    """Rides that patterns offer, a row each, pattern after pattern (``ptr``: patterns + 1).

    ``minutes`` on the way (access and egress of this stretch included), ``board`` and ``alight`` are call numbers, ``departs``
    minutes from the pattern's start, ``role`` DIRECT, FIRST or SECOND ride of a journey.
    """

    ptr: IntArray
    market: IntArray
    board: IntArray
    alight: IntArray
    departs: IntArray
    arrives: IntArray
    minutes: IntArray
    role: IntArray


def markets(scenario: Scenario, service: str, groups: Sequence[Group], access: Access) -> tuple[Market, ...]:
    """Groups gathered by pair and segment, in order of first appearance, wanted minutes rising."""
    gathered: dict[tuple[str, str, str], list[Group]] = defaultdict(list)
    for group in groups:
        gathered[group.from_place, group.to_place, group.segment].append(group)
    lines = line_stretches(scenario, service)
    return tuple(
        Market(a, b, segment, tuple(sorted(found, key=lambda g: g.wanted)), not joined(access, lines, a, b))
        for (a, b, segment), found in gathered.items()
    )


def price_fen_h(scenario: Scenario, segment: str) -> int:
    """Value of an hour of that segment in fen."""
    return fen(scenario.number(f"value_of_time_{segment}_cny_h"))


def left_behind_fen(scenario: Scenario, segment: str) -> int:
    """Price of one left behind in fen."""
    return fen(scenario.number(f"left_behind_{segment}_cny"))


def stretches(patterns: Sequence[Pattern], found: Sequence[Market], access: Access) -> Stretches:
    """All rides of all patterns that some market can use."""
    ends: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, market in enumerate(found):
        ends[market.from_place, market.to_place].append(number)
    direct, first, second = _port_pairs(patterns, ends, found, access)
    rows: list[tuple[int, int, int, int, int, int, int]] = []
    ptr = [0]
    for pattern in patterns:
        for role, pairs in ((DIRECT, direct), (FIRST, first), (SECOND, second)):
            rows.extend(_of_pattern(pattern, pairs, ends, role, found))
        ptr.append(len(rows))
    table = np.array(rows, dtype=np.int64).reshape(len(rows), 7)
    return Stretches(np.array(ptr, dtype=np.int64), *(np.ascontiguousarray(table[:, c]) for c in range(7)))


Pairs = dict[tuple[str, str], dict[tuple[str, str], int]]


def _port_pairs(
    patterns: Sequence[Pattern], ends: dict[tuple[str, str], list[int]], found: Sequence[Market], access: Access
) -> tuple[Pairs, Pairs, Pairs]:
    """For each ordered pair of ports: the place pairs it serves directly, as a first and as a second ride, with land minutes."""
    onward: dict[str, set[str]] = defaultdict(set)
    inward: dict[str, set[str]] = defaultdict(set)
    for pattern in patterns:
        for i, a in enumerate(pattern.calls):
            for b in pattern.calls[i + 1 :]:
                if a != b:
                    onward[a].add(b)
                    inward[b].add(a)
    direct: Pairs = defaultdict(dict)
    first: Pairs = defaultdict(dict)
    second: Pairs = defaultdict(dict)
    for (start, end), numbers in ends.items():
        near, far = access.ports[start], access.ports[end]
        for a, out in near.items():
            for b, home in far.items():
                if b in onward[a]:
                    direct[a, b][start, end] = out + home
        if not any(found[n].change for n in numbers):
            continue
        for a, out in near.items():
            for p in onward[a]:
                for q, walk in access.change[p].items():
                    for b, home in far.items():
                        if b in onward[q] and b != p:
                            first[a, p][start, end] = out
                            known = second[q, b].get((start, end))
                            # the shortest walk of any change that leads here: never above the true one
                            second[q, b][start, end] = home + walk if known is None else min(known, home + walk)
    return direct, first, second


def _of_pattern(
    pattern: Pattern, pairs: Pairs, ends: dict[tuple[str, str], list[int]], role: int, found: Sequence[Market]
) -> list[tuple[int, int, int, int, int, int, int]]:
    rows: list[tuple[int, int, int, int, int, int, int]] = []
    for i, a in enumerate(pattern.calls[:-1]):
        best: dict[tuple[str, str], int] = {}
        for j in range(i + 1, len(pattern.calls)):
            if pattern.calls[j] == a:
                continue
            ride = pattern.arrives[j - 1] - pattern.departs[i]
            for ends_of, land in pairs.get((a, pattern.calls[j]), {}).items():
                minutes = ride + land
                # alighting later for no less time is never better: it takes a seat on more legs
                if role != FIRST and ends_of in best and best[ends_of] <= minutes:
                    continue
                best[ends_of] = min(minutes, best.get(ends_of, minutes))
                rows.extend(
                    (n, i, j, pattern.departs[i], pattern.arrives[j - 1], minutes, role)
                    for n in ends[ends_of]
                    if role == DIRECT or found[n].change
                )
    return rows

"""The problem as plain arrays for compiled kernels; shared facts only, no search and no bound in here."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from islandflow.ferry.problem import FerryProblem
from islandflow.ferry.problem.markets import FIRST, SECOND

Array = NDArray[Any]


class Tables(NamedTuple):
    """Patterns, rides, groups and weights; minutes, fen, people, all integers.

    ``part`` of a market with a change is the share of the price of being left behind that its first ride carries, in per mille;
    ``onward`` the minutes after the wanted departure at which its second ride is wanted; ``opens2`` and ``closes2`` the earliest
    and latest departure of a second ride, from the wanted minute.
    """

    first: Array
    low: Array
    high: Array
    block: Array
    cost: Array
    circuit: Array
    minutes: Array
    legs: Array
    ptr: Array
    market: Array
    board: Array
    alight: Array
    departs: Array
    centi: Array
    role: Array
    group_ptr: Array
    size: Array
    wanted: Array
    fen_h: Array
    left: Array
    deck: Array
    change: Array
    part: Array
    onward: Array
    opens2: Array
    closes2: Array
    seats: Array
    decks: Array
    vessels: Array
    start: int
    step: int
    shift: int
    window: int


def most_ways(t: Tables) -> int:
    """Ways that one group's people may be spread over: several times the boats that the largest group fills on its own."""
    fill = int(t.size.max(initial=1)) / max(1, int(t.seats.max(initial=1)))
    return max(12, min(96, int(np.ceil(6 * fill))))


def tables(problem: FerryProblem) -> Tables:
    """Arrays of a problem; ``centi`` is the weighted time of a ride in hundredths of a minute, its change included."""
    scenario, rides = problem.scenario, problem.rides
    wait = round(100 * scenario.number("waiting_share"))
    least = scenario.whole("minimum_transfer_min")
    centi = 100 * rides.minutes
    second = rides.role == SECOND
    # a change costs at least its penalty and its shortest wait; both are charged to the second ride
    centi = centi + second * (100 * scenario.whole("transfer_penalty_min") + wait * least)
    markets = len(problem.markets)
    shortest = np.full((markets, 2), 10_000, dtype=np.int64)
    longest = np.zeros((markets, 2), dtype=np.int64)
    for role in (FIRST, SECOND):
        of = rides.role == role
        np.minimum.at(shortest[:, role - FIRST], rides.market[of], rides.minutes[of])
        np.maximum.at(longest[:, role - FIRST], rides.market[of], rides.minutes[of])
    part = np.clip(1000 * shortest[:, 0] // np.maximum(1, shortest.sum(axis=1)), 100, 900)
    walk = max((m for near in problem.access.change.values() for m in near.values()), default=0)
    window = scenario.whole("shift_window_min")
    fleets = [c.fleet for c in problem.circuits]
    return Tables(
        problem.first, problem.low, problem.high, problem.block, problem.cost, problem.circuit_of,
        np.array([p.minutes for p in problem.patterns], dtype=np.int64),
        np.array([len(p.calls) - 1 for p in problem.patterns], dtype=np.int64),
        rides.ptr, rides.market, rides.board, rides.alight, rides.departs, centi, rides.role,
        problem.group_ptr, problem.size, problem.wanted, problem.fen_h, problem.left_fen,
        problem.on_deck, np.array([m.change for m in problem.markets], dtype=np.int64),
        part, shortest[:, 0] + least,
        -np.full(markets, window) + np.minimum(shortest[:, 0], 1000) * 0,
        window + longest[:, 0] + walk + scenario.whole("longest_transfer_wait_min"),
        np.array([f.seats for f in fleets], dtype=np.int64), np.array([f.vehicle_deck for f in fleets], dtype=np.int64),
        np.array([c.count for c in problem.circuits], dtype=np.int64),
        problem.start, problem.step, round(100 * scenario.number("shift_penalty_share")), window,
    )  # fmt: skip

"""What a step of ruin and recreate works on: the problem, the plan, room for the step, and the days of good plans."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from solvers.shuttle.trip_kernels import NODE, TOTAL, IntArray, Ints, renew

Shorts = NDArray[np.int16]


class Facts(NamedTuple):
    """The problem, see ``trip_kernels``; ``near`` (2, n + 1, n) a customer's customers, itself first: by distance, and by
    distance and what their windows are apart."""

    way: Ints
    node: IntArray
    near: Ints
    capacity: int


class Days(NamedTuple):
    """The plan, see ``trip_kernels``."""

    days: IntArray
    size: IntArray
    spot: IntArray


def no_plan(vehicles: int, customers: int) -> Days:
    """A plan that serves nobody; rows are to be written and renewed."""
    width = 2 * customers + 3
    return Days(
        np.zeros((vehicles, width, TOTAL + 1), np.int64),
        np.full(vehicles, 2, np.int64),
        np.full((customers + 1, 2), -1, np.int64),
    )


class Scratch(NamedTuple):
    """Room of a step: ``out`` (n,) customers taken out and ``key`` (n,) their order; ``chain`` (n,) a day's customers; ``gone`` (n + 1,)
    marks; ``hit`` (vehicles, width) the step that last took a string there, of ``steps`` (1,) made; ``old`` rows before the step,
    ``old_size``, ``touched`` (vehicles,) whether one was kept."""

    out: IntArray
    key: IntArray
    chain: IntArray
    gone: IntArray
    hit: IntArray
    steps: IntArray
    old: Ints
    old_size: IntArray
    touched: IntArray


def scratch(vehicles: int, customers: int) -> Scratch:
    """Room for the steps of a plan of that size."""
    width = 2 * customers + 3
    out, each = np.zeros(customers, np.int64), np.zeros(vehicles, np.int64)
    wide = np.zeros((vehicles, width), np.int64)
    return Scratch(
        out, out.copy(), out.copy(), np.zeros(customers + 1, np.int64), wide, np.zeros(1, np.int64), wide.astype(np.int32), each, each.copy()
    )  # fmt: skip


class Seen(NamedTuple):
    """Days of good plans, one a slot, the newest of those that fall on it: ``code`` (n + 1,) random numbers, 0 for the depot, whose sum is
    the ``key`` (slots,) of a set of customers; ``cost``, ``size`` (slots,) and ``row`` (slots, width) the day."""

    code: IntArray
    key: IntArray
    cost: IntArray
    size: IntArray
    row: Shorts


def no_days(customers: int, slots: int, seed: int) -> Seen:
    """Room for days; slots: a power of two."""
    code = np.random.default_rng(seed).integers(1 << 40, 1 << 62, customers + 1)
    code[0] = 0
    none = np.zeros(slots, np.int64)
    return Seen(code, none, none.copy(), none.copy(), np.zeros((slots, 2 * customers + 3), np.int16))


@njit(cache=True, nogil=True)
def again(facts: Facts, days: Days, v: int) -> None:
    """What is derived from a vehicle's row, after a change."""
    renew(facts.way, facts.node, facts.capacity, days.days[v], days.size[v], days.spot, v)


@njit(cache=True, nogil=True)
def touch(days: Days, room: Scratch, v: int) -> None:
    """Keeps a row before its first change in a step."""
    if room.touched[v]:
        return
    room.touched[v] = 1
    room.old_size[v] = days.size[v]
    for p in range(days.size[v]):
        room.old[v, p] = days.days[v, p, NODE]


@njit(cache=True, nogil=True)
def keep_day(facts: Facts, day: IntArray, n: int, seen: Seen) -> None:
    """A day into its slot, unless the slot has the same customers for no more."""
    key, cost = np.int64(0), 0
    for p in range(1, n):
        k = day[p, NODE]
        key += seen.code[k]
        cost += facts.way[day[p - 1, NODE], k]
    slot = key & (len(seen.key) - 1)
    if seen.key[slot] == key and seen.cost[slot] <= cost:
        return
    seen.key[slot], seen.cost[slot], seen.size[slot] = key, cost, n
    for p in range(n):
        seen.row[slot, p] = day[p, NODE]


@njit(cache=True, nogil=True)
def length_of(facts: Facts, days: Days) -> int:
    """Travel of all days."""
    total = 0
    for v in range(len(days.size)):
        for p in range(1, days.size[v]):
            total += facts.way[days.days[v, p - 1, NODE], days.days[v, p, NODE]]
    return total

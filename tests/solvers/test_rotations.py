"""Rotations: against every possible set of days on tiny cases; limits, depots that may not do a trip, circles."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

from solvers.rotations.engine import solve_rotations
from solvers.rotations.schedule import Trips, counted


def tiny(seed: int) -> Trips:
    """Up to seven trips, two or three depots; some links, pull-outs and depots are not possible; costs fall unevenly on depots."""
    random = np.random.default_rng(seed)
    n, m = int(random.integers(3, 8)), int(random.integers(2, 4))
    link = np.where(random.random((n, n)) < 0.6, random.integers(1, 60, (n, n)), np.inf)
    link[np.tril_indices(n)] = np.inf
    order = random.permutation(n)
    out, into = random.integers(20, 90, (m, n)).astype(float), random.integers(20, 90, (n, m)).astype(float)
    serves = random.random((m, n)) < 0.8
    limits = (*(((k,), int(random.integers(1, 4))) for k in range(m)), (tuple(range(m)), int(random.integers(2, n + 1))))
    return Trips(link[np.ix_(order, order)], out, into, serves, limits)


def cheapest(trips: Trips) -> float:
    """The least cost over every set of days."""
    order = [int(i) for i in trips.order()]

    def build(rest: list[int], days: list[tuple[int, tuple[int, ...]]]) -> Iterator[list[tuple[int, tuple[int, ...]]]]:
        if not rest:
            yield days
            return
        trip = rest[0]
        for number, (k, day) in enumerate(days):
            if math.isfinite(trips.link[day[-1], trip]):
                yield from build(rest[1:], [*days[:number], (k, (*day, trip)), *days[number + 1 :]])
        for k in range(trips.depots):
            yield from build(rest[1:], [*days, (k, (trip,))])

    best = math.inf
    for days in build(order, []):
        if all(sum(k in depots for k, _ in days) <= vehicles for depots, vehicles in trips.limits):
            best = min(best, sum(trips.cost(*d) for d in days))
    return best


@pytest.mark.parametrize("seed", range(30))
def test_tiny_cases_are_solved_to_the_last_unit(seed: int) -> None:
    trips = tiny(seed)
    found, best = solve_rotations(trips, 20), cheapest(trips)
    if math.isinf(best):
        assert found.cost is None
    else:
        assert (found.status, found.cost, found.bound) == ("optimal", best, best)
        assert counted(trips, found.days) == best


def test_a_limit_holds_at_the_limit_and_not_one_below() -> None:
    two = np.full((2, 2), np.inf)
    at = Trips(two, np.ones((1, 2)), np.ones((2, 1)), np.ones((1, 2), dtype=bool), (((0,), 2),))
    below = Trips(two, at.out, at.into, at.serves, (((0,), 1),))
    assert solve_rotations(at, 5).cost == 4
    assert solve_rotations(below, 5).cost is None


def test_links_in_a_circle_are_refused() -> None:
    both = np.array([[np.inf, 1.0], [1.0, np.inf]])
    with pytest.raises(ValueError, match="circle"):
        solve_rotations(Trips(both, np.ones((1, 2)), np.ones((2, 1)), np.ones((1, 2), dtype=bool), (((0,), 2),)), 5)


def test_no_trips_need_no_vehicle() -> None:
    nothing = Trips(np.zeros((0, 0)), np.zeros((1, 0)), np.zeros((0, 1)), np.zeros((1, 0), dtype=bool), (((0,), 1),))
    assert solve_rotations(nothing, 5).cost == 0


@pytest.mark.parametrize("days", [[(0, (0,))], [(0, (0, 1)), (0, (1,))], [(0, (1, 0))]])
def test_the_count_refuses_missed_double_and_impossible_trips(days: list[tuple[int, tuple[int, ...]]]) -> None:
    link = np.array([[np.inf, 1.0], [np.inf, np.inf]])
    trips = Trips(link, np.ones((1, 2)), np.ones((2, 1)), np.ones((1, 2), dtype=bool), (((0,), 2),))
    with pytest.raises(ValueError, match=r"trip|day"):
        counted(trips, days)

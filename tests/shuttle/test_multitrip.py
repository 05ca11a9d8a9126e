"""Several trips a vehicle: the bound against every plan of tiny cases."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import numpy as np
import pytest

from solvers.shuttle.multitrip import MultiTrip, Trip
from solvers.shuttle.multitrip_bound import lower_bound


def tiny(seed: int) -> MultiTrip:
    """Four customers in a square of 40 minutes, some released late, one or two small vehicles."""
    random = np.random.default_rng(seed)
    at = random.integers(0, 41, (5, 2))
    travel = np.hypot(*(at[:, None, :] - at[None, :, :]).transpose(2, 0, 1)).astype(np.int64)
    opens = np.array([0, *random.integers(0, 200, 4)], dtype=np.int64)
    return MultiTrip(
        travel, np.array([0, 5, 5, 5, 5], dtype=np.int64), opens, np.concatenate([[480], opens[1:] + 150]).astype(np.int64),
        np.array([0, *random.integers(0, 120, 4)], dtype=np.int64), np.array([0, *random.integers(1, 4, 4)], dtype=np.int64), 5,
        int(random.integers(1, 3)),
    )  # fmt: skip


def trips_of(customers: tuple[int, ...]) -> Iterator[tuple[Trip, ...]]:
    """A row of customers cut into trips in every way."""
    if not customers:
        yield ()
    for n in range(1, len(customers) + 1):
        for rest in trips_of(customers[n:]):
            yield (customers[:n], *rest)


def can_run(problem: MultiTrip, trips: tuple[Trip, ...]) -> bool:
    """Whether one vehicle can make the trips in that order, leaving as early as it may."""
    now = 0
    for trip in trips:
        timing = problem.timing(trip)
        if timing is None or max(now, timing.ready) > timing.latest:
            return False
        now = timing.back(max(now, timing.ready))
    return True


def best(problem: MultiTrip) -> int | None:
    """The cheapest of all plans, by trying them."""
    found = []
    for order in permutations(range(1, problem.customers + 1)):
        for split in range(problem.customers + 1 if problem.vehicles > 1 else 1):
            for one in trips_of(order[:split]):
                for other in trips_of(order[split:]):
                    if can_run(problem, one) and can_run(problem, other):
                        found.append(sum(problem.cost(t) for t in one + other))
    return min(found) if found else None


@pytest.fixture(scope="module")
def compiled() -> None:
    """The kernels are compiled once; the seconds of a bound are for the bound."""
    lower_bound(tiny(0), 60)


@pytest.mark.parametrize("seed", range(25))
def test_the_bound_is_never_above_the_cheapest_plan(compiled: None, seed: int) -> None:
    problem = tiny(seed)
    optimum, bound = best(problem), lower_bound(problem, 10)
    if optimum is not None:
        assert 0 < bound.value <= optimum
        assert bound.value >= 0.7 * optimum  # noqa: PLR2004  (a bound that says nothing would pass the line above)


def test_some_cases_can_be_served() -> None:
    assert sum(best(tiny(seed)) is not None for seed in range(25)) >= 10  # noqa: PLR2004

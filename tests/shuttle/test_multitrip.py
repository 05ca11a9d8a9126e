"""Several trips a vehicle: the bound against every plan of tiny cases."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import numpy as np
import pytest

from solvers.shuttle.multitrip import MultiTrip, Trip
from solvers.shuttle.multitrip_bound import lower_bound
from solvers.shuttle.trip_run import Annealing
from solvers.shuttle.trip_run import compiled as compiled_search
from solvers.shuttle.trip_search import _by_pyvrp, _Seen, can_run, search_trips


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


@pytest.mark.parametrize("seed", range(6))
def test_a_search_is_never_better_than_the_best_and_serves_everyone(seed: int) -> None:
    problem = tiny(seed)
    optimum, found = best(problem), search_trips(problem, 0.6, seed=1)
    if found.cost is not None:
        assert optimum is not None
        assert found.cost >= optimum
        assert sorted(k for day in found.journeys for trip in day for k in trip) == list(range(1, problem.customers + 1))
        assert len(found.journeys) <= problem.vehicles
        assert all(can_run(problem, day) for day in found.journeys)


def test_days_seen_are_recombined() -> None:
    """Of two plans whose better halves fit together, the program takes these."""
    travel = np.array([[0, 5, 6, 7, 8], [5, 0, 2, 9, 9], [6, 2, 0, 9, 9], [7, 9, 9, 0, 2], [8, 9, 9, 2, 0]], dtype=np.int64)
    flat, end = np.zeros(5, np.int64), np.full(5, 100, np.int64)
    problem = MultiTrip(travel, flat, flat, end, flat, np.array([0, 1, 1, 1, 1]), 2, 2)
    seen = _Seen(problem)
    for day in (((1, 2),), ((3,), (4,)), ((1,), (2,)), ((3, 4),)):
        seen.days[frozenset(k for t in day for k in t)] = (sum(problem.cost(t) for t in day), day)
    # the cheapest order of the same customers is what a set is kept with: here the last one written
    seen.days[frozenset((1, 2))] = (problem.cost((1, 2)), ((1, 2),))
    assert sorted(seen.combined(None, 5) or []) == [((1, 2),), ((3, 4),)]


@pytest.mark.parametrize("seed", range(25))
def test_a_search_finds_the_best_plan_of_a_tiny_case(seed: int) -> None:
    compiled_search()
    problem = tiny(seed)
    assert search_trips(problem, 0.15, seed=1).cost == best(problem)


def test_nobody_to_serve_is_a_plan() -> None:
    one = np.zeros(1, np.int64)
    found = search_trips(MultiTrip(np.zeros((1, 1), np.int64), one, one, one + 9, one, one, 5, 1), 0.1)
    assert (found.journeys, found.cost) == ((), 0)


def test_a_plan_in_pieces_is_recombined_for_less() -> None:
    """The days of two dear plans hold a cheap one; it is taken over as the best."""
    travel = np.array([[0, 5, 6, 7, 8], [5, 0, 2, 9, 9], [6, 2, 0, 9, 9], [7, 9, 9, 0, 2], [8, 9, 9, 2, 0]], dtype=np.int64)
    flat, end = np.zeros(5, np.int64), np.full(5, 100, np.int64)
    problem = MultiTrip(travel, flat, flat, end, flat, np.array([0, 1, 1, 1, 1]), 2, 2)
    search, seen = Annealing(problem, 1), _Seen(problem)
    search.take((((1, 2),), ((3,), (4,))))
    for day in (((1, 2),), ((3,), (4,)), ((1,), (2,)), ((3, 4),)):
        seen.add(sum(problem.cost(t) for t in day), day)
    new = seen.combined(search.cost, 5)
    assert new is not None
    assert search.take(tuple(new)) == 13  # noqa: PLR2004  (two ways out and back, less the way between)
    assert sorted(search.journeys()) == [((1, 2),), ((3, 4),)]
    assert search.cost == problem.cost((1, 2)) + problem.cost((3, 4))
    assert seen.combined(search.cost, 5) is None


@pytest.mark.parametrize("seed", range(6))
def test_a_plan_that_pyvrp_helps_with_is_gone_on_from(seed: int) -> None:
    problem = tiny(seed)
    optimum, found = best(problem), _by_pyvrp(problem, 0.1, 1)
    assert found is None or optimum is not None
    if found is not None:
        search = Annealing(problem, 1)
        search.take(found)
        assert sorted(search.journeys()) == sorted(found)
        assert search.cost == sum(problem.cost(t) for d in found for t in d)
    assert _by_pyvrp(problem, 0.0, 1) is None

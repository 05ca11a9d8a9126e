"""Ruin and recreate of days with several trips: every judgement of the kernels against the definition of a trip (``MultiTrip.timing``)."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from solvers.shuttle.multitrip import Journeys, MultiTrip
from solvers.shuttle.trip_kernels import AT, LATE, NODE, cheapest_place, join_trips, put_in, renew
from solvers.shuttle.trip_run import Annealing
from solvers.shuttle.trip_search import Day, can_run
from solvers.shuttle.trip_state import again, length_of


def small(seed: int, customers: int = 9) -> MultiTrip:
    """Customers in a square of 40 minutes with windows of very different lengths, half of them released late; loading takes time."""
    random = np.random.default_rng(seed)
    n = customers + 1
    at = random.integers(0, 41, (n, 2))
    travel = np.hypot(*(at[:, None, :] - at[None, :, :]).transpose(2, 0, 1)).astype(np.int64)
    opens = np.array([0, *random.integers(0, 200, customers)], dtype=np.int64)
    closes = np.array([600, *(opens[1:] + random.integers(30, 300, customers))], dtype=np.int64)
    release = np.array([0, *(random.integers(0, 160, customers) * random.integers(0, 2, customers))], dtype=np.int64)
    service = np.array([7, *random.integers(0, 12, customers)], dtype=np.int64)
    return MultiTrip(travel, service, opens, closes, release, np.array([0, *random.integers(1, 4, customers)], dtype=np.int64), 8, 3)


def of_row(row: list[int]) -> Day:
    """The trips of a row of nodes."""
    trips: list[tuple[int, ...]] = []
    last = 0
    for p, k in enumerate(row):
        if k == 0:
            trips += [tuple(row[last + 1 : p])] if p > last + 1 else []
            last = p
    return tuple(trips)


def drawn_day(problem: MultiTrip, random: np.random.Generator) -> Day:
    """Some customers in a drawn order, cut into trips."""
    order = random.permutation(np.arange(1, problem.customers + 1))[: random.integers(1, 6)].tolist()
    cuts = [0, *sorted(set(random.integers(1, len(order) + 1, 2).tolist()) - {len(order)}), len(order)]
    return tuple(tuple(order[a:b]) for a, b in pairwise(cuts) if b > a)


@pytest.mark.parametrize("seed", range(20))
def test_a_day_is_sound_if_it_can_run_and_ends_when_it_ends(seed: int) -> None:
    problem, random = small(seed), np.random.default_rng(seed)
    search = Annealing(problem, 1)
    for _ in range(30):
        day = drawn_day(problem, random)
        search.load((day,))
        days, n = search.days, int(search.days.size[0])
        facts = search.facts
        assert renew(facts.way, facts.node, facts.capacity, days.days[0], n, days.spot, 0) == can_run(problem, day)
        if can_run(problem, day):
            now = 0
            for trip in day:
                timing = problem.timing(trip)
                assert timing is not None
                now = timing.back(max(now, timing.ready))
            assert days.days[0, n - 1, AT] == now
            assert all(days.days[0, :n, AT] <= days.days[0, :n, LATE])


def cheapest(problem: MultiTrip, journeys: Journeys, c: int) -> int | None:
    """What c costs at the best place of all, by trying them: in a trip, or as the last or first of a new one cut off there."""
    found = []
    for day in journeys:
        row = [0, *(k for trip in day for k in (*trip, 0))] if day else [0, 0]
        before = sum(problem.cost(t) for t in day)
        for p in range(1, len(row)):
            for new in ([c], [c, 0], [0, c]):
                changed = of_row([*row[:p], *new, *row[p:]])
                if can_run(problem, changed):
                    found.append(sum(problem.cost(t) for t in changed) - before)
    return min(found) if found else None


@pytest.mark.parametrize("seed", range(20))
def test_a_customer_comes_in_where_it_costs_least(seed: int) -> None:
    problem, random = small(seed), np.random.default_rng(seed)
    search = Annealing(problem, 1)
    facts, days = search.facts, search.days
    for _ in range(15):
        journeys = tuple(d if can_run(problem, d) else () for d in (drawn_day(problem, random),))
        search.load(journeys)
        for c in set(range(1, problem.customers + 1)) - {k for d in journeys for t in d for k in t}:
            search.load(journeys)
            before = length_of(facts, days)
            v, p, how = cheapest_place(facts.way, facts.node, facts.capacity, days.days, days.size, c, True, 0.0, search.random)
            assert (v >= 0) == (cheapest(problem, (*journeys, ()), c) is not None)
            if v >= 0:
                days.size[v] = put_in(days.days[v], days.size[v], p, c, how)
                again(facts, days, v)
                assert length_of(facts, days) - before == cheapest(problem, (*journeys, ()), c)
                assert all(can_run(problem, of_row(days.days[v, : days.size[v], NODE].tolist())) for v in range(3))


@pytest.mark.parametrize("seed", range(10))
def test_a_call_at_the_depot_is_dropped_only_if_the_day_still_runs(seed: int) -> None:
    problem, random = small(seed), np.random.default_rng(seed)
    search, dropped = Annealing(problem, 1), 0
    facts, day = search.facts, search.days.days[0]
    for _ in range(60):
        journey = drawn_day(problem, random)
        if not can_run(problem, journey):
            continue
        search.load((journey,))
        n = int(search.days.size[0])
        after = join_trips(facts.way, facts.node, facts.capacity, day, n)
        if after < n:
            new = of_row(day[:after, NODE].tolist())
            assert can_run(problem, new)
            assert sum(problem.cost(t) for t in new) < sum(problem.cost(t) for t in journey)
            dropped += 1
    assert dropped


@pytest.mark.parametrize("seed", range(8))
def test_after_many_steps_the_plan_is_what_it_says(seed: int) -> None:
    """Travel and who is left out are kept step by step; here they are counted again, and every day runs."""
    problem = small(seed, 14)
    search = Annealing(problem, seed)
    for heat in (30.0, 3.0):
        search.step(2000, heat, search.fine)
        rows = [search.days.days[v, : search.days.size[v], NODE].tolist() for v in range(3)]
        served = [k for row in rows for k in row if k]
        assert len(served) == len(set(served)) == problem.customers - search.worth[1]
        assert {k for k in range(1, problem.customers + 1) if search.days.spot[k, 0] < 0} == set(range(1, problem.customers + 1)) - set(
            served
        )
        assert search.worth[0] == sum(problem.cost(t) for row in rows for t in of_row(row))
        assert all(can_run(problem, of_row(row)) for row in rows)
    if search.cost is not None:
        assert search.cost == sum(problem.cost(t) for d in search.journeys() for t in d)
        assert all(can_run(problem, d) and sum(problem.cost(t) for t in d) == cost for cost, d in search.came_by())


def test_nothing_is_inserted_where_nothing_fits() -> None:
    problem = small(1)
    search = Annealing(problem, 1)
    facts, days = search.facts, search.days
    assert cheapest_place(facts.way, facts.node, 0, days.days, days.size, 1, True, 0.0, search.random)[0] == -1


def test_the_same_seed_makes_the_same_steps() -> None:
    found = []
    for seed in (4, 4, 5):
        search = Annealing(small(3, 14), seed)
        search.step(300, 20.0, search.fine)
        found.append(search.days.days[:, :, NODE].tolist())
    assert found[0] == found[1] != found[2]

"""Road upgrades under a budget beside every choice there is."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest

from solvers.siting.contract import Clock
from solvers.siting.upgrades import NEVER, RoadChoice, choose_upgrades, greedy_upgrades


def random_choice(seed: int) -> RoadChoice:
    """A tiny island: a ring with chords, a track that cannot be driven today, prices and circles drawn by lot."""
    rng = np.random.default_rng(seed)
    n = 8
    ends = [(k, (k + 1) % n) for k in range(n)] + [tuple(int(x) for x in rng.choice(n, 2, replace=False)) for _ in range(3)]
    now = [int(x) for x in rng.integers(60, 300, len(ends))]
    then = [t if rng.random() < 0.3 else t // 2 for t in now]
    now[-1] = NEVER
    cost = [int(x) for x in rng.integers(0, 50, len(ends))]
    people = [int(x) for x in rng.integers(0, 900, n)]
    return RoadChoice(
        tuple(ends), tuple(now), tuple(then), tuple(cost), tuple(range(n)), tuple(people), (0,), (200, 400), int(rng.integers(0, 120))
    )


def brute(choice: RoadChoice) -> int:
    """Most residents who enter a circle, over every set of roads that the budget pays for."""
    can = choice.open_to_choice
    every = chain.from_iterable(combinations(can, k) for k in range(len(can) + 1))
    return max(choice.inside(c) for c in every if sum(choice.cost[r] for r in c) <= choice.budget) - choice.inside(())


@pytest.mark.parametrize("seed", range(20))
def test_every_choice_of_roads_agrees(seed: int) -> None:
    choice = random_choice(seed)
    found, wanted = choose_upgrades(choice, Clock(30)), brute(choice)
    assert (found.gain, found.bound) == (wanted, wanted)
    assert sum(choice.cost[r] for r in found.chosen) <= choice.budget
    assert choice.inside(found.chosen) - choice.inside(()) == wanted


def test_two_roads_that_only_help_together_are_found_where_greedy_stops() -> None:
    """0 – 1 – 2 with the point at 0: home 2 enters only if both are quick."""
    pair = RoadChoice(((0, 1), (1, 2)), (200, 200), (100, 100), (10, 10), (2,), (500,), (0,), (210,), 20)
    assert greedy_upgrades(pair) == []
    found = choose_upgrades(pair, Clock(10))
    assert (found.chosen, found.gains, found.bound) == ((0, 1), (0, 500), 500)
    short = RoadChoice(((0, 1), (1, 2)), (200, 200), (100, 100), (10, 10), (2,), (500,), (0,), (210,), 19)
    assert (choose_upgrades(short, Clock(10)).gain, choose_upgrades(short, Clock(10)).bound) == (0, 0)


def test_a_limit_in_time_never_claims_more_than_it_knows() -> None:
    for seed in range(5):
        choice = random_choice(seed)
        found = choose_upgrades(choice, Clock(0.001))
        assert found.gain <= brute(choice) <= found.bound

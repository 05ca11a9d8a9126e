"""The static core against brute force, and what must hold when an instance changes."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.itineraries.orienteering import Orienteering, best_tour


def random_instance(seed: int, nodes: int) -> Orienteering:
    """Points on a grid with tight or wide windows; distances cut down, so that a detour may be shorter."""
    rng = random.Random(seed)
    spots = [(rng.randint(0, 30), rng.randint(0, 30)) for _ in range(nodes)]
    travel = [[int(((a - x) ** 2 + (b - y) ** 2) ** 0.5) for x, y in spots] for a, b in spots]
    opens = [0, *(rng.randint(0, 60) for _ in range(nodes - 1))]
    closes = [rng.randint(60, 140), *(o + rng.choice([0, 10, 40, 100]) for o in opens[1:])]
    service = [0, *(rng.randint(0, 9) for _ in range(nodes - 1))]
    score = [0, *(rng.choice([0, 1, 5, 10, 17]) for _ in range(nodes - 1))]
    return Orienteering(*(np.array(v, dtype=np.int64) for v in (travel, opens, closes, service, score)))


def brute(p: Orienteering) -> int:
    nodes = range(1, len(p.score))
    tours = (t for n in range(len(p.score)) for t in permutations(nodes, n))
    return max(p.won(t) for t in tours if p.times(t) is not None)


@pytest.mark.parametrize("block", range(3))
def test_the_best_tour_is_that_of_brute_force_and_proven(block: int) -> None:
    for seed in range(40 * block, 40 * (block + 1)):
        p = random_instance(seed, 7)
        found = best_tour(p, 5.0)
        assert (found.score, found.bound) == (brute(p),) * 2, seed
        assert p.times(found.nodes) is not None


@given(st.integers(0, 10_000), st.integers(1, 11), st.integers(1, 30))
@settings(max_examples=40, deadline=None)
def test_a_higher_score_or_a_wider_window_never_wins_less(seed: int, node: int, more: int) -> None:
    p = random_instance(seed, 12)
    known = best_tour(p, 5.0)
    assert known.optimal
    score, closes = p.score.copy(), p.closes.copy()
    score[node] += more
    closes[node] += more
    assert known.score <= best_tour(replace(p, score=score), 5.0).score <= known.score + more
    assert best_tour(replace(p, closes=closes), 5.0).score >= known.score


def test_out_of_time_it_says_so_and_stays_sound() -> None:
    p = random_instance(3, 250)
    wide = replace(p, closes=np.full(250, 400, dtype=np.int64), opens=np.zeros(250, dtype=np.int64))
    found = best_tour(wide, 0.5)
    assert found.score <= found.bound
    assert wide.times(found.nodes) is not None
    assert wide.won(found.nodes) == found.score
    assert found.seconds < 3


@pytest.mark.parametrize(("closes", "score"), [(20, 5), (19, 0)])
def test_the_way_home_is_exact(closes: int, score: int) -> None:
    p = Orienteering(*(np.array(v, dtype=np.int64) for v in ([[0, 8], [8, 0]], [0, 0], [closes, 100], [0, 4], [0, 5])))
    assert best_tour(p, 1.0).score == score


def test_one_tour_more_than_the_last_minute_of_a_window() -> None:
    p = Orienteering(*(np.array(v, dtype=np.int64) for v in ([[0, 8], [8, 0]], [0, 0], [99, 7], [0, 4], [0, 5])))
    assert best_tour(p, 1.0).nodes == ()
    assert best_tour(replace(p, closes=np.array([99, 8])), 1.0).nodes == (1,)

"""Dial-a-ride: the proof against every plan of tiny cases, limits to the minute, the file format."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, permutations
from pathlib import Path

import numpy as np
import pytest

from benchmarks.routing_instances import read_darp
from solvers.shuttle.dial_a_ride import DialARide, faults
from solvers.shuttle.fragments import fragments
from solvers.shuttle.ride_chains import solve_rides


def tiny(seed: int) -> DialARide:
    """Three or four requests, one or two vehicles."""
    dice = np.random.default_rng(seed)
    n = 3 + seed % 2
    at = dice.uniform(-8, 8, (2 * n + 2, 2))
    at[0] = at[-1] = 0
    opens, closes = np.zeros(2 * n + 2), np.full(2 * n + 2, 240.0)
    for i in range(1, n + 1):  # half ask for a time to leave, half for one to arrive
        k = i if i % 2 else i + n
        opens[k] = dice.integers(20, 150)
        closes[k] = opens[k] + 25
    load = np.array([0, *([1] * n), *([-1] * n), 0])
    travel = np.hypot(at[:, None, 0] - at[None, :, 0], at[:, None, 1] - at[None, :, 1])
    return DialARide(travel, np.array([0.0] + [3.0] * (2 * n) + [0.0]), opens, closes, load, 1 + seed % 3 // 2, 2, 200.0, 30.0)


def cheapest(problem: DialARide) -> float | None:
    """The best of all plans, by trying them."""
    n, best = problem.requests, None
    for split in range(2 ** (n - 1) if problem.vehicles > 1 else 1):
        groups = [[i for i in range(1, n + 1) if bool(split >> (i - 1) & 1) == side] for side in (True, False)]
        total = 0.0
        for group in (g for g in groups if g):
            nodes = [*group, *(i + n for i in group)]
            own = replace(problem, vehicles=1)
            costs = [problem.cost(r) for r in permutations(nodes) if not [x for x in faults(own, [r]) if x.startswith("route")]]
            total += min(costs, default=np.inf)
        if np.isfinite(total) and (best is None or total < best):
            best = total
    return best


@pytest.mark.parametrize("seed", range(12))
def test_the_proof_is_the_best_of_all_plans(seed: int) -> None:
    problem = tiny(seed)
    found, best = solve_rides(problem, 30), cheapest(problem)
    if best is None:
        assert found.status == "infeasible"
    else:
        assert found.status == "optimal"
        assert found.value == pytest.approx(best, abs=1e-4)
        assert found.bound <= best + 1e-9
        assert faults(problem, found.routes) == []


def test_most_of_them_can_be_served() -> None:
    assert sum(cheapest(tiny(seed)) is not None for seed in range(12)) >= 6  # noqa: PLR2004


def one(ride: float = 30.0, longest: float = 200.0) -> DialARide:
    """One request ten minutes from the depot, ten long."""
    travel = np.array([[0, 10, 20, 0], [10, 0, 10, 10], [20, 10, 0, 20], [0, 10, 20, 0]], dtype=float)
    return DialARide(travel, np.array([0.0, 3, 3, 0]), np.array([0.0, 50, 0, 0]), np.array([300.0, 60, 300, 300]), np.array([0, 1, -1, 0]), 1, 1, longest, ride)


@pytest.mark.parametrize(("ride", "longest", "fine"), [(10, 46, True), (9.9, 46, False), (10, 45.9, False)])
def test_ride_and_route_are_limited_to_the_minute(ride: float, longest: float, fine: bool) -> None:
    # 10 there, 3 on, 10 with the passenger, 3 off, 20 back
    assert (faults(one(ride, longest), [(1, 2)]) == []) == fine
    assert (solve_rides(one(ride, longest), 60).status == "optimal") == fine


def test_fragments_end_empty_and_chains_say_their_times() -> None:
    for part in fragments(tiny(1)):
        n = tiny(1).requests
        assert sorted(k for k in part.nodes if k <= n) == sorted(k - n for k in part.nodes if k > n)
        on = list(np.cumsum([1 if k <= n else -1 for k in part.nodes]))
        assert on[-1] == 0
        assert all(x > 0 for x in on[:-1])
        assert part.cost == pytest.approx(sum(tiny(1).travel[a, b] for a, b in pairwise(part.nodes)))


def test_a_file_without_its_closing_depot_is_read(tmp_path: Path) -> None:
    lines = ["1 2 200 3 30", "0 0 0 0 0 0 1440", "1 3 4 3 1 0 1440", "2 6 8 3 -1 40 55"]
    for text in (lines, [*lines, "3 0 0 0 0 0 1440"]):
        (tmp_path / "x.txt").write_text("\n".join(text), encoding="utf-8")
        problem = read_darp(tmp_path / "x.txt")
        assert (problem.requests, problem.travel[0, 1], problem.closes[3]) == (1, 5.0, 1440)
    (tmp_path / "x.txt").write_text("1 2 200 3 30\n0 0 0", encoding="utf-8")
    with pytest.raises(ValueError, match="no dial-a-ride"):
        read_darp(tmp_path / "x.txt")

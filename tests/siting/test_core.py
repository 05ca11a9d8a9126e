"""The siting core beside brute force, and what each edge case must answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from islandflow.errors import BadInput
from islandflow.siting.audit import count_plan
from islandflow.siting.lists import NOT_CUT, lists_from_matrix, lists_from_points, lists_from_roads
from islandflow.siting.problem import GOALS, SitingProblem, Size, combine
from solvers.siting.contract import SitingResult, SitingSettings
from solvers.siting.methods import solve_siting
from solvers.siting.reference import solve_reference
from tests.siting.brute import best, best_with_sizes, matrix_of, random_problem

QUICK = SitingSettings(seconds=20, seed=1)


def agree(problem: SitingProblem, result: SitingResult) -> None:
    wanted = best(problem)
    if wanted is None:
        assert (result.status, result.plan) == ("infeasible", None)
        assert result.reason
        assert result.reason_zh
        return
    assert (result.status, result.objective, result.bound, result.gap) == ("optimal", wanted, wanted, 0)
    assert result.plan is not None
    found = count_plan(
        problem.lists,
        problem.weight,
        result.plan,
        problem.radius,
        problem.most,
        problem.forbidden,
        nearest=not problem.goal.startswith("cover"),
    )
    assert not found.violations
    if problem.goal == "median":
        assert (found.weighted, found.unserved) == (wanted, 0)
    if problem.goal == "centre":
        assert found.farthest == wanted
    if problem.goal == "cover-most":
        assert found.covered == wanted


@pytest.mark.parametrize("goal", GOALS)
@pytest.mark.parametrize("seed", range(40))
def test_brute_force_agrees(goal: str, seed: int) -> None:
    problem = random_problem(seed, goal)
    agree(problem, solve_siting(problem, QUICK))


@pytest.mark.parametrize("goal", GOALS)
@pytest.mark.parametrize("seed", range(100, 106))
def test_the_textbook_model_in_another_solver_agrees(goal: str, seed: int) -> None:
    problem = random_problem(seed, goal)
    ours, theirs = solve_siting(problem, QUICK), solve_reference(problem, QUICK)
    assert (ours.status, ours.objective) == (theirs.status, theirs.objective)


@pytest.mark.parametrize("seed", range(12))
def test_sizes_budget_and_worst_distance_agree_with_brute_force(seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = rng.integers(1, 12, (4, 3))
    problem = SitingProblem(
        lists_from_matrix(matrix), rng.integers(0, 4, 4), "charge", most=int(rng.integers(1, 4)), site_cost=rng.integers(1, 20, 3),
        budget=int(rng.integers(0, 60)), sizes=(Size(3, 4), Size(6, 7)), worst=int(rng.integers(0, 12)),
    )  # fmt: skip
    result, wanted = solve_siting(problem, QUICK), best_with_sizes(problem)
    assert (result.status, result.objective) == (("infeasible", None) if wanted is None else ("optimal", wanted))
    if result.plan is not None:
        for j, k in zip(result.plan.opened, result.plan.size, strict=True):
            assert sum(w for _, site, w in result.plan.split if site == j) <= problem.sizes[k].capacity
        assert [sum(w for i, _, w in result.plan.split if i == c) for c in range(4)] == problem.weight.tolist()


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), goal=st.sampled_from(GOALS), data=st.data())
def test_order_and_a_further_site_change_what_they_must(seed: int, goal: str, data: st.DataObject) -> None:
    problem = replace(random_problem(seed, goal), existing=frozenset(), forbidden=frozenset())
    first = solve_siting(problem, QUICK)
    turn = np.array(data.draw(st.permutations(range(problem.lists.clients))))
    again = solve_siting(replace(problem, lists=lists_from_matrix(matrix_of(problem.lists)[turn]), weight=problem.weight[turn]), QUICK)
    assert (again.status, again.objective) == (first.status, first.objective)
    if first.objective is not None:
        more = solve_siting(replace(problem, most=problem.most + 1), QUICK)
        assert more.objective is not None
        assert more.objective >= first.objective if problem.maximise else more.objective <= first.objective


LINE = lists_from_matrix(abs(np.subtract.outer(np.arange(6), np.arange(6))))
ONES = np.ones(6, np.int64)


@pytest.mark.parametrize("goal", ["median", "centre"])
def test_more_sites_than_there_are_places_is_everyone_at_home(goal: str) -> None:
    result = solve_siting(SitingProblem(LINE, ONES, goal, most=99), QUICK)  # type: ignore[arg-type]
    assert (result.status, result.objective) == ("optimal", 0)


@pytest.mark.parametrize("goal", ["median", "centre"])
def test_unjoined_islands_need_a_site_each(goal: str) -> None:
    matrix = np.full((4, 4), -1)
    matrix[:2, :2] = matrix[2:, 2:] = [[0, 3], [3, 0]]
    lists = lists_from_matrix(matrix)
    one = solve_siting(SitingProblem(lists, np.ones(4, np.int64), goal, most=1), QUICK)  # type: ignore[arg-type]
    assert one.status == "infeasible"
    assert "at least 2 sites" in one.reason
    two = solve_siting(SitingProblem(lists, np.ones(4, np.int64), goal, most=2), QUICK)  # type: ignore[arg-type]
    assert (two.status, two.objective) == ("optimal", 6 if goal == "median" else 3)


def test_a_client_beyond_every_site_is_named() -> None:
    matrix = np.array([[0, 1], [-1, -1]])
    for goal in ("median", "centre", "charge"):
        result = solve_siting(SitingProblem(lists_from_matrix(matrix), np.array([1, 1]), goal, most=1), QUICK)  # type: ignore[arg-type]
        assert (result.status, "client 1" in result.reason) == ("infeasible", True)
        empty = SitingProblem(lists_from_matrix(matrix), np.array([1, 0]), goal, most=1)  # type: ignore[arg-type]
        assert solve_siting(empty, QUICK).status == "optimal"  # nobody lives there


def test_nobody_anywhere_costs_nothing() -> None:
    for goal in GOALS:
        result = solve_siting(SitingProblem(LINE, np.zeros(6, np.int64), goal, most=2, radius=1), QUICK)
        assert (result.status, result.objective) == ("optimal", 0)


def test_one_site_serves_all() -> None:
    lists = lists_from_matrix(np.array([[2], [5]]))
    assert solve_siting(SitingProblem(lists, np.array([3, 1]), "median", most=1), QUICK).objective == 11
    assert solve_siting(SitingProblem(lists, np.array([3, 1]), "centre", most=1), QUICK).objective == 5


def test_points_on_one_another_are_as_good_as_their_sum() -> None:
    points = np.array([[0.0, 0], [0, 0], [0, 0], [10, 0], [10, 0], [20, 0]])
    twice = SitingProblem(lists_from_points(points, points), ONES, "median", most=2)
    once = SitingProblem(lists_from_points(points[[0, 3, 5]], points[[0, 3, 5]]), np.array([3, 2, 1]), "median", most=2)
    assert solve_siting(twice, QUICK).objective == solve_siting(once, QUICK).objective == 10


def test_too_little_capacity_is_refused_with_the_amounts() -> None:
    problem = SitingProblem(LINE, ONES, "charge", most=2, sizes=(Size(2, 1),))
    result = solve_siting(problem, QUICK)
    assert (result.status, "serve 4, 6 are needed" in result.reason) == ("infeasible", True)
    assert solve_siting(replace(problem, most=3), QUICK).status == "optimal"


def test_faults_are_told_all_at_once() -> None:
    with pytest.raises(BadInput) as told:
        SitingProblem(LINE, ONES[:3], "median", most=0, existing=frozenset({1}), forbidden=frozenset({1}))
    assert {f.column for f in told.value.faults} == {"weight", "most", "forbidden"}


def test_what_stands_is_never_more_than_may_be_open() -> None:
    assert solve_siting(SitingProblem(LINE, ONES, "median", most=2, existing=frozenset({0, 1})), QUICK).plan is not None
    with pytest.raises(BadInput) as told:
        SitingProblem(LINE, ONES, "median", most=2, existing=frozenset({0, 1, 2}))
    assert [(f.column, f.value) for f in told.value.faults] == [("most", "2")]


def test_several_kinds_share_one_budget() -> None:
    parcels = SitingProblem(LINE, ONES * 10, "cover-most", radius=1, site_cost=ONES * 5)
    chargers = SitingProblem(LINE, ONES, "cover-most", radius=1, site_cost=ONES * 3)
    # 13 = two of parcels (60 people) and one of chargers (3)
    result = solve_siting(combine([parcels, chargers], 13), QUICK)
    assert (result.status, result.objective) == ("optimal", 63)


def test_the_worst_off_island_comes_first() -> None:
    weight = np.array([9, 9, 9, 1, 1, 1])
    views = np.array([[1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1]])
    plain = SitingProblem(LINE, weight, "cover-most", most=1, radius=1)
    assert solve_siting(plain, QUICK).objective == 27
    fair = solve_siting(replace(plain, views=views), QUICK)
    # a third of each island at least: the site at the border covers two and one
    assert (fair.status, fair.objective, fair.plan and fair.plan.opened) == ("optimal", 19, (2,))


def test_cut_lists_keep_the_bound_valid_and_say_when_they_are_too_short() -> None:
    rng = np.random.default_rng(3)
    points = rng.random((60, 2)) * 100
    whole = SitingProblem(lists_from_points(points, points), np.ones(60, np.int64), "median", most=12)
    wanted = solve_siting(whole, QUICK)
    for nearest in (25, 12, 6):
        cut = solve_siting(replace(whole, lists=lists_from_points(points, points, nearest)), SitingSettings(seconds=3, seed=1))
        assert cut.bound is None or cut.bound <= (wanted.objective or 0)
        if cut.objective is not None:
            assert cut.objective >= (wanted.objective or 0)
            assert cut.status != "infeasible"


def test_roads_lists_are_shortest_ways() -> None:
    rng = np.random.default_rng(5)
    ends = np.array([(i, j) for i in range(12) for j in range(i) if rng.random() < 0.3] or [(1, 0)])
    length = rng.integers(1, 9, len(ends))
    far = np.full((12, 12), 10**6)
    np.fill_diagonal(far, 0)
    for (a, b), d in zip(ends, length, strict=True):
        far[a, b] = far[b, a] = min(far[a, b], d)
    for k in range(12):
        far = np.minimum(far, far[:, [k]] + far[[k], :])
    nodes = np.arange(12)
    lists = lists_from_roads(12, ends, length, nodes, nodes)
    assert (matrix_of(lists) == np.where(far >= 10**6, -1, far)).all()
    assert (lists.horizon == NOT_CUT).all()
    short = lists_from_roads(12, ends, length, nodes, nodes, nearest=3)
    for i in range(12):
        listed, _ = short.at(i)
        rest = np.setdiff1d(nodes, listed)
        assert not len(rest) or min(far[i, rest]) >= min(short.horizon[i], 10**6)

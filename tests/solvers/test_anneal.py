"""The annealing search: its running sums agree with its state, a change taken back leaves no trace, and its timetables can be sailed."""

from __future__ import annotations

import numpy as np
import pytest

from islandflow.ferry.audit import audit_plan
from islandflow.ferry.plan import FerryPlan
from islandflow.ferry.problem import FerryProblem
from islandflow.passengers.seating import seat_passengers, seating_on
from solvers.ferry.anneal import WEIGHTS, Annealer, anneal
from solvers.ferry.anneal_days import apply, begin_move, take_back
from solvers.ferry.anneal_fill import refill_day, refill_hours
from solvers.ferry.anneal_hops import hop, memory_of, recall, remember
from solvers.ferry.anneal_moves import DROP, KINDS, REPLACE, RETIME, SHIFT, propose
from solvers.ferry.anneal_rescue import rescue
from solvers.ferry.anneal_seats import seat_anew
from solvers.ferry.anneal_state import CANDIDATE, FIXED, MISSING, MONEY, PEOPLE, PRICE, Timetable
from solvers.ferry.best_seating import seat_best
from solvers.ferry.coverage import coverage
from solvers.ferry.fleet_search import FleetSearch
from solvers.ferry.lagrangian import Lagrangian
from solvers.ferry.tables import most_ways, tables
from solvers.ferry.timetable import timetable
from tests.solvers.archipelagos import archipelago

ODDS = np.cumsum(WEIGHTS) / WEIGHTS.sum()


@pytest.fixture
def annealer(coarse_problem: FerryProblem) -> Annealer:
    t, cover = tables(coarse_problem), coverage(coarse_problem, day_trips=True)
    first = FleetSearch(coarse_problem, t, cover, 1)
    first.fill(lambda: False)
    found = Annealer(coarse_problem, t, cover, 1)
    found.load(dict(first.days()))
    return found


def warm(annealer: Annealer, fen: float) -> np.ndarray:
    """The same temperature for every circuit."""
    return np.full(len(annealer.state.circuit), fen)


def seated(b: Timetable) -> tuple[int, np.ndarray]:
    """What all pieces and days cost, and how many people each party counts."""
    there = np.arange(b.piece.shape[1])[None, :] < b.number[:, None]
    people = b.piece[:, :, PEOPLE] * there
    return int((people * b.piece[:, :, PRICE]).sum() + b.vessel[:, FIXED].sum()), people.sum(axis=1)


def picture(b: Timetable) -> list[object]:
    """All that a change may touch and must give back, in an order that does not matter."""
    rows = [sorted((int(s), int(p), int(c)) for s, c, p, *_ in b.piece[x, : b.number[x]].tolist() if s) for x in range(len(b.number))]
    placed = b.sail[:, CANDIDATE] >= 0
    links = [sorted(map(tuple, b.serving[row, : b.served[row]].tolist())) for row in range(len(b.served))]
    return [
        rows, b.sail[:, CANDIDATE].tolist(), b.room[placed].tolist(), b.vessel[:, :2].tolist(), links, b.taken.tolist(), b.moorings.tolist(),
        b.need.tolist(), b.often.tolist(), b.total.tolist(),
    ]  # fmt: skip


def test_running_sums_agree_with_the_state(annealer: Annealer, coarse_problem: FerryProblem) -> None:
    b = annealer.state
    for _ in range(30):
        anneal(b, annealer.memory, 50, warm(annealer, 50_000.0), ODDS, 2, 40)
        money, people = seated(b)
        assert money == b.total[MONEY]
        assert people[: len(coarse_problem.size)].tolist() == coarse_problem.size.tolist()
        assert b.room[b.sail[:, CANDIDATE] >= 0].min() >= 0
        assert b.total[MISSING] == np.maximum(b.need, 0).sum()


LARGE = (lambda b: refill_hours(b, 2), refill_day, rescue)


@pytest.mark.parametrize("kind", range(KINDS + len(LARGE)))
def test_a_change_taken_back_leaves_no_trace(annealer: Annealer, kind: int) -> None:
    leaves_no_trace(annealer, kind)


def leaves_no_trace(annealer: Annealer, kind: int) -> None:
    b, made = annealer.state, 0
    before = picture(b)
    for _ in range(150):
        begin_move(b)
        if kind < KINDS:
            days = propose(b, kind)
            made += days > 0 and apply(b, days)
        else:
            made += LARGE[kind - KINDS](b)
        take_back(b)
        assert b.total.tolist() == before[-1]
    assert picture(b) == before
    assert made or kind not in (RETIME, SHIFT, DROP, REPLACE, KINDS, KINDS + 1)  # the others seldom fit where boats are few


def changing(seed: int) -> Annealer:
    """A random archipelago where people change boats, annealed a little."""
    problem = archipelago(seed, ports=(4, 5), boats=4, grids=(30,))
    found = Annealer(problem, tables(problem), coverage(problem, day_trips=True), seed)
    bound = Lagrangian(problem, tables(problem), coverage(problem))
    dice = np.random.default_rng(seed)
    found.guide(bound.prices[0], np.where(bound.splits, dice.random(len(bound.left)), 1.0))
    assert seated(found.state)[0] == found.state.total[MONEY]
    first = FleetSearch(problem, tables(problem), coverage(problem, day_trips=True), seed)
    first.fill(lambda: False)
    found.load(dict(first.days()))
    for heat in (50_000.0, 5_000.0, 0.0):
        anneal(found.state, found.memory, 400, warm(found, heat), ODDS, 2, 40)
    return found


def changers(annealer: Annealer, problem: FerryProblem) -> int:
    """People who ride two boats; both rows of a group tell of the same people."""
    b, groups, count = annealer.state, len(problem.size), 0
    for o in np.flatnonzero([m.change for m in problem.markets]):
        for x in range(problem.group_ptr[o], problem.group_ptr[o + 1]):
            y = x + groups
            assert b.number[x] == b.number[y]
            assert b.piece[x, : b.number[x], PEOPLE].tolist() == b.piece[y, : b.number[y], PEOPLE].tolist()
            count += int(b.piece[x, 1 : b.number[x], PEOPLE].sum())
    return count


@pytest.mark.parametrize("seed", [1, 3])
def test_a_timetable_is_recalled_as_it_was(seed: int) -> None:
    """After any number of changes that were kept, hops among them."""
    annealer = changing(seed)
    b, m = annealer.state, memory_of(annealer.state)
    before = picture(b)
    begin_move(b)
    remember(b, m)
    anneal(b, annealer.memory, 300, warm(annealer, 1e6), ODDS, 2, 40)
    assert picture(b) != before
    recall(b, m)
    assert picture(b) == before
    assert seated(b)[0] == b.total[MONEY]


@pytest.mark.parametrize("seed", [1, 3])
def test_without_heat_a_hop_is_kept_only_if_it_costs_no_more(seed: int) -> None:
    annealer = changing(seed)
    b, made = annealer.state, 0
    for _ in range(60):
        cost, before = annealer.cost, picture(b)
        begin_move(b)
        hop(b, annealer.memory, warm(annealer, 0.0), ODDS, KINDS, 40)
        assert annealer.cost <= cost
        assert seated(b)[0] == b.total[MONEY]
        assert b.room[b.sail[:, CANDIDATE] >= 0].min() >= 0
        made += picture(b) != before
    changers(annealer, annealer.problem)


def test_people_who_change_ride_boats_that_meet() -> None:
    """What the search reckons is a seating that there is: the best one costs no more. Journeys with a change are among them."""
    rode = 0
    for seed in range(12):
        annealer = changing(seed)
        problem = annealer.problem
        rode += changers(annealer, problem)
        money, _ = seated(annealer.state)
        assert money == annealer.state.total[MONEY]
        sailings = timetable(problem, annealer.days())
        seating = seating_on(problem.scenario, problem.service, sailings)
        seating.settle()
        seat_best(seating)
        report = audit_plan(problem.scenario, FerryPlan(problem.service, sailings, seating.boardings()), problem.network)
        assert not report.violations
        assert report.money.objective <= annealer.cost
    assert rode > 0


@pytest.mark.parametrize("kind", range(KINDS + len(LARGE)))
def test_a_change_of_boats_taken_back_leaves_no_trace(kind: int) -> None:
    leaves_no_trace(changing(3), kind)


@pytest.mark.parametrize("seed", [1, 3])
def test_seats_at_least_cost_are_taken_over(seed: int) -> None:
    """The search goes on from the best seating: its sums agree, nobody is lost, and it costs what a seating from nothing costs."""
    annealer = changing(seed)
    problem, b, before = annealer.problem, annealer.state, annealer.cost
    seat_anew(b, problem, annealer.names)
    changers(annealer, problem)
    money, people = seated(b)
    assert money == annealer.cost <= before
    assert people[: len(problem.size)].tolist() == problem.size.tolist()
    assert b.room[b.sail[:, CANDIDATE] >= 0].min() >= 0
    for kind in range(KINDS + len(LARGE)):
        leaves_no_trace(annealer, kind)


def test_only_better_timetables_without_heat(annealer: Annealer) -> None:
    cost = annealer.cost
    for _ in range(10):
        anneal(annealer.state, annealer.memory, 100, warm(annealer, 0.0), ODDS, 2, 40)
        assert annealer.cost <= cost
        cost = annealer.cost


def test_what_it_finds_passes_the_audit(annealer: Annealer, coarse_problem: FerryProblem) -> None:
    for heat in (1e6, 1e5, 0.0):
        anneal(annealer.state, annealer.memory, 400, warm(annealer, heat), ODDS, 2, 40)
        sailings = timetable(coarse_problem, annealer.days())
        plan = FerryPlan(coarse_problem.service, sailings, seat_passengers(coarse_problem.scenario, coarse_problem.service, sailings))
        assert not audit_plan(coarse_problem.scenario, plan, coarse_problem.network).violations


def test_days_that_do_not_fit_are_refused(annealer: Annealer, coarse_problem: FerryProblem) -> None:
    t = tables(coarse_problem)
    other = Annealer(coarse_problem, t, coverage(coarse_problem, day_trips=True), 1)
    other.state.moorings[:] = 0
    with pytest.raises(ValueError, match="does not fit"):
        other.load(dict(annealer.days()))


@pytest.mark.parametrize(("people", "ways"), [(1, 12), (120, 12), (121, 13), (960, 96), (961, 96)])
def test_a_group_of_many_boats_may_be_spread_over_many(coarse_problem: FerryProblem, people: int, ways: int) -> None:
    """4,000 pilgrims of one wish fill eleven boats of 373, but ride on forty that others ride on too."""
    t = tables(coarse_problem)
    assert most_ways(t._replace(size=np.array([1, people]), seats=np.array([60, 30]))) == ways

"""Lines by the clock: the program against every choice of tiny islands, minutes against every minute, batteries, the pool."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from islandflow.shuttle.day import Buses, ChargingSite
from islandflow.shuttle.lines_audit import audit_lines
from islandflow.shuttle.lines_blocks import Pattern
from islandflow.shuttle.lines_day import LineRules, LinesDay, line_person_fen
from islandflow.shuttle.lines_problem import lines_problem, pool_of
from solvers.shuttle import lines_program
from solvers.shuttle.lines import objective_of, solve_lines
from solvers.shuttle.lines_minutes import meets
from tests.shuttle.line_days import BUS, boat, cheapest, island

FORK = (("quay", "inn", 4), ("inn", "farm", 5), ("inn", "mill", 6))
SMALL = LineRules(headways=(30, 60), peak_percent=100)
DAYS = {
    "a road": island({("quay", "farm"): 40, ("farm", "quay"): 40, ("inn", "farm"): 15}),
    "nobody": island({}),
    "too few to run": island({("quay", "farm"): 2}),
    "a fork": island({("quay", "farm"): 30, ("quay", "mill"): 25, ("farm", "mill"): 9}, FORK),
    "one vehicle": island({("quay", "farm"): 30, ("quay", "mill"): 25}, FORK, (replace(BUS, count=1),)),
    "full in the busiest hour": island({("quay", "farm"): 5, ("inn", "farm"): 5, ("farm", "quay"): 3}, FORK, (replace(BUS, seats=2, day_fen=1000, km_fen=1),), SMALL, people=0),
    "two fleets": island({("quay", "farm"): 5, ("quay", "mill"): 4}, FORK, (replace(BUS, count=1, seats=2, day_fen=500, km_fen=1), Buses("van", "inn", 1, 1, 90_000, 200, 300, 1)), SMALL),
    "a battery for half the day": island({("quay", "farm"): 60, ("farm", "quay"): 60}, buses=(replace(BUS, battery_wh=50_000),), chargers=(ChargingSite("c", "farm", 1, 60_000),)),
    "walking to the next stop": island({("quay", "hut"): 40, ("farm", "hut"): 30}, (*FORK, ("farm", "hut", 1))),
}  # fmt: skip


@pytest.mark.parametrize("name", DAYS)
def test_the_program_finds_the_best_of_all_choices(name: str) -> None:
    day = DAYS[name]
    best = cheapest(lines_problem(day))
    plan, proof = solve_lines(day, 20)
    assert proof.bound <= best <= proof.objective
    assert proof.status == "optimal"
    assert proof.floor <= proof.bound
    assert audit_lines(day, plan, proof.objective).violations == ()


@pytest.mark.parametrize("name", DAYS)
def test_without_time_the_bound_holds_all_the_same(name: str) -> None:
    day = DAYS[name]
    plan, proof = solve_lines(day, 20, lambda: False)
    assert proof.bound <= cheapest(lines_problem(day)) <= proof.objective
    assert audit_lines(day, plan, proof.objective).violations == ()


def test_more_lines_in_the_pool_lower_the_bound_alone() -> None:
    bounds = []
    for pool in (1, 2, 4, 20):
        day = DAYS["a fork"]
        bounds.append(solve_lines(replace(day, rules=replace(day.rules, pool=pool)), 20)[1].bound)
    assert bounds == sorted(bounds, reverse=True)


@pytest.mark.parametrize(("minute", "lands", "wait"), [(745, False, 15), (746, False, None), (730, False, 0), (701, True, 15), (700, True, None), (716, True, 0)])
def test_a_boat_is_met_up_to_the_longest_wait_and_no_longer(minute: int, lands: bool, wait: int | None) -> None:
    # the bus is at the quay at 12:00 alone; people leave the boat in 4 minutes and board it 10 before it sails, so 12:10 and 11:56 suit
    day = island({("farm", "quay"): 5}, rules=LineRules(headways=(60,), board_min=10, meet_min=15), boats=[boat("x", minute, lands)])
    pattern = Pattern(14, 6500, 60, 1, 30, 1)
    calls = ("quay", "inn", "farm") if lands else ("farm", "inn", "quay")
    assert meets(day, calls, pattern, 720 if lands else 706).get("x") == wait


def test_the_minute_of_the_hour_is_the_best_of_all() -> None:
    times = [(397, True), (435, False), (462, True), (505, False), (591, False), (777, True), (823, False), (1001, True)]
    rules = LineRules(headways=(60,), meet_min=8)
    day = island({("quay", "farm"): 160, ("farm", "quay"): 160}, buses=(replace(BUS, battery_wh=200_000),), rules=rules, boats=[boat(f"b{m}", m, lands) for m, lands in times])
    plan, proof = solve_lines(day, 20)
    (line,), travel, best = plan.lines, 14, 0
    for first in range(360, 420):
        for back in range(first + travel + 5, first + 60 - travel - 5 + 1):  # one vehicle: five minutes of layover at either end
            out, home = (first, back) if line.calls[0] == "quay" else (back, first)
            leaves, comes = [out + 60 * n for n in range(15)], [home + travel + 60 * n for n in range(15)]
            best = max(best, sum(any(0 <= x - m - 4 <= 8 for x in leaves) if lands else any(0 <= m - 10 - x <= 8 for x in comes) for m, lands in times))
    assert set(line.calls) == {"quay", "inn", "farm"}
    assert len({t.vehicle for t in plan.trips}) == 1
    assert (proof.met, proof.boats) == (best, len(times))


def test_a_battery_charges_where_it_must_and_a_charger_serves_one_line() -> None:
    day = DAYS["a battery for half the day"]
    plan, _ = solve_lines(day, 20)
    assert plan.lines
    assert all(line.reserved == (("c", 1),) for line in plan.lines)
    assert any(t.wh for t in plan.trips)
    assert solve_lines(replace(day, chargers=()), 20)[0].lines == ()


@pytest.mark.parametrize(("percent", "longest"), [(149, 1), (150, 2)])
def test_a_line_goes_round_within_the_limit_and_not_beyond(percent: int, longest: int) -> None:
    # from the quay to the inn it is 8 minutes, over the mill 12
    day = island({("quay", "mill"): 5}, (("quay", "inn", 8), ("quay", "mill", 6), ("mill", "inn", 6)), rules=LineRules(detour_percent=percent, headways=(60,)))
    direct = [line for line in pool_of(day) if {line.calls[0], line.calls[-1]} == {"quay", "inn"}]
    assert len(direct) == longest


def test_stops_on_the_way_are_called_at() -> None:
    assert any(line.calls in (("quay", "inn", "farm"), ("farm", "inn", "quay")) for line in pool_of(DAYS["a road"]))
    assert not any(set(line.calls) == {"quay", "farm"} for line in pool_of(DAYS["a road"]))


def test_half_a_headway_is_waited_part_of_it_at_home() -> None:
    rules = LineRules(value_fen_h=6000, walk_centi=200, wait_centi=150, home_centi=50, stop_wait_min=10)
    # 3 minutes' walk, 7 on board; a fen is a hundredth of a minute here
    assert line_person_fen(3, 20, 7, rules) == 600 + 10 * 150 + 700
    assert line_person_fen(3, 60, 7, rules) == 600 + 10 * 150 + 20 * 50 + 700


def test_facts_that_do_not_fit_are_refused() -> None:
    day = DAYS["a road"]
    with pytest.raises(ValueError, match="not among the nodes"):
        replace(day, buses=(replace(BUS, base="nowhere"),))
    with pytest.raises(ValueError, match="trips need"):
        replace(day, trips=day.trips * 2)
    assert isinstance(day, LinesDay)


def random_island(seed: int) -> LinesDay:
    """Four or five places on a random tree with a short cut, a fleet or two, chargers, boats, few people and few seats."""
    draw = random.Random(seed)
    nodes = ["quay", "inn", "farm", "mill", "hut"][: draw.choice((4, 5))]
    edges = [(draw.choice(nodes[:n]), nodes[n], draw.randint(1, 9)) for n in range(1, len(nodes))]
    if draw.random() < 0.5:
        a, b = draw.sample(nodes, 2)
        edges += [] if any({a, b} == {x, y} for x, y, _ in edges) else [(a, b, draw.randint(4, 12))]
    pairs = draw.sample([(a, b) for a in nodes for b in nodes if a != b], 3)
    fleets = [Buses("bus", draw.choice(nodes), draw.randint(1, 2), draw.randint(1, 3), draw.randint(20_000, 90_000), 500, draw.randint(100, 3000), 2)]
    if draw.random() < 0.4:
        fleets.append(Buses("van", draw.choice(nodes), 1, 1, 40_000, 250, draw.randint(50, 900), 1))
    chargers = [ChargingSite(f"c{n}", n, 1, 40_000) for n in draw.sample(nodes, 2)]
    rules = LineRules(headways=(60, 120), peak_percent=100, far_fen=draw.choice((0, 3)), detour_percent=150, pool=6, walk_min=draw.choice((5, 12)))
    boats = [boat(f"b{m}", m, draw.random() < 0.5) for m in draw.sample(range(380, 1200), 4)]
    return island({p: draw.randint(1, 3) for p in pairs}, edges, fleets, rules, chargers, boats, people=draw.randint(0, 40))


@pytest.mark.parametrize("seed", range(16))
def test_random_islands_are_solved_to_the_best_of_all_choices(seed: int) -> None:
    day = random_island(seed)
    plan, proof = solve_lines(day, 20)
    best = cheapest(lines_problem(day))
    assert (proof.status, proof.objective, proof.bound) == ("optimal", best, best)
    assert audit_lines(day, plan, proof.objective).violations == ()


@pytest.mark.parametrize("name", DAYS)
def test_a_start_from_the_first_lines_changes_nothing_of_the_proof(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    day = DAYS[name]
    monkeypatch.setattr(lines_program, "FIRST_LINES", 1)
    plan, proof = solve_lines(day, 20)
    assert (proof.status, proof.objective) == ("optimal", cheapest(lines_problem(day)))
    assert audit_lines(day, plan, proof.objective).violations == ()


@pytest.mark.parametrize("name", DAYS)
def test_a_start_is_kept_where_there_is_no_time_for_a_better_one(name: str) -> None:
    problem = lines_problem(DAYS[name])
    start = lines_program._solve(problem, 20, None, lambda: True)
    kept = lines_program._solve(problem, 20, start, lambda: False)
    fen = [objective_of(problem, lines_program.Chosen(f.options, {k: round(n) for k, n in f.riders.items()}, f.bound)) for f in (start, kept)]
    assert fen[1] <= fen[0]
    assert kept.bound <= fen[0]

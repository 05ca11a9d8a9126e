"""Moved sailings: both sides' costs are exact, rules hold at their limits, and no side is ever worse off than standing still."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations, product
from pathlib import Path

import pytest

from benchmarks.island_day import tiny
from islandflow.ferry.audit import audit_plan
from islandflow.ferry.folder import read_plan
from islandflow.network.sea import SeaNetwork, build_network
from islandflow.scenario.entities import Scenario, Wish
from islandflow.scenario.reader import read_scenario
from islandflow.shuttle.audit import audit_day
from islandflow.shuttle.day import IslandDay
from islandflow.shuttle.island import island_day
from islandflow.shuttle.moves import later, move_rows, moved, shifts_between, who_rows
from islandflow.shuttle.plan import DayPlan
from solvers.shuttle.island_day import solve_day
from solvers.shuttle.moving import Limits, Pair, left_of, move_ferries, pair_of, same_day
from solvers.shuttle.moving_days import WarmDay
from solvers.shuttle.moving_ferry import FerrySide, better_or_equal
from solvers.shuttle.moving_pack import Item, packed
from solvers.shuttle.moving_plan import best_refit, bus_people
from solvers.shuttle.moving_refit import FAR, refit
from solvers.shuttle.moving_seats import seated_again
from tests.ferry import builders as b
from tests.shuttle.every_plan import cheapest

STEP = 10


@pytest.fixture(scope="module")
def facts(village_scenario: Path) -> Scenario:
    """The villages on a grid of ten minutes."""
    found = read_scenario(village_scenario)
    return replace(found, settings=dict(found.settings) | {"grid_min": replace(found.settings["grid_min"], value=STEP)})


@pytest.fixture(scope="module")
def sea(facts: Scenario) -> SeaNetwork:
    return build_network(facts)


@pytest.fixture(scope="module")
def start(facts: Scenario, sea: SeaNetwork, village_ferry: Path) -> Pair:
    """The ferry plan as it stands, and buses that meet it."""
    ferry = read_plan(village_ferry).plan
    island = island_day(facts, ferry, "near")
    side = FerrySide(facts, sea, ferry)
    return Pair(side.judged(ferry), {"near": island}, {"near": best_refit(island.day, solve_day(island.day, seconds=1).plan)})


def days_of(pair: Pair) -> dict[str, DayPlan]:
    return {name: d.plan for name, d in pair.days.items()}


def clean(pair: Pair) -> bool:
    """Whether both audits are silent and count what the pair claims."""
    return pair.ferry.report.clean and all(not audit_day(pair.islands[n].day, d.plan, d.fen).violations for n, d in pair.days.items())


def test_moved_sailings_are_the_only_ones_that_move(start: Pair) -> None:
    plan = start.ferry.plan
    first = plan.sailings[0]
    shifted = moved(plan, {first.id: 20})
    assert shifts_between(plan, shifted) == {first.id: 20}
    assert later(first, 20).arrives == first.arrives + 20
    assert moved(shifted, {first.id: -20}) == plan
    with pytest.raises(ValueError, match="other sailings"):
        shifts_between(plan, replace(plan, sailings=plan.sailings[1:]))


@pytest.mark.parametrize("minutes", [-20, -10, 10, 20])
def test_the_cost_of_staying_aboard_is_that_of_the_audit(facts: Scenario, sea: SeaNetwork, start: Pair, minutes: int) -> None:
    side = FerrySide(facts, sea, start.ferry.plan)
    for s in start.ferry.plan.sailings:
        report = audit_plan(facts, moved(start.ferry.plan, {s.id: minutes}), sea)
        if not {v.rule for v in report.violations} & {"transfer-time", "shift-window"}:
            assert side.staying({s.id: minutes}) == report.money.objective - start.ferry.fen


def test_whoever_chooses_anew_never_costs_more_than_staying(facts: Scenario, sea: SeaNetwork, start: Pair) -> None:
    side = FerrySide(facts, sea, start.ferry.plan)
    for s in start.ferry.plan.sailings:
        again = audit_plan(facts, seated_again(facts, moved(start.ferry.plan, {s.id: 10})), sea)
        assert again.money.objective <= start.ferry.fen + side.staying({s.id: 10})
        assert not [v for v in again.violations if v.rule in ("seats", "transfer-time", "shift-window", "ride", "group-size")]


def test_a_sailing_pushes_the_next_one_as_little_as_the_turnaround_asks() -> None:
    """Ten minutes of turnaround: with ten minutes of slack a push of ten is absorbed, one of fifteen is not."""
    scenario = b.tiny(demand=(b.wish("HA", 4),))
    for layover, push, expected in ((20, 10, {"S1": 10}), (20, 15, {"S1": 15, "S2": 5}), (10, 5, {"S1": 5, "S2": 5}), (12, 5, {"S1": 5, "S2": 5})):
        home = 510 + layover
        sailings = b.round_trip("08:00-08:30", f"{home // 60:02d}:{home % 60:02d}-{(home + 30) // 60:02d}:{(home + 30) % 60:02d}")
        side = FerrySide(scenario, b.SEA, b.plan(sailings))
        assert side.pushed("S1", push, 5, 9) == expected
        assert side.allows(expected)
        assert side.pushed("S1", push, 5, 1) == (expected if len(expected) == 1 else None)
        assert side.allows({"S1": push}) == (len(expected) == 1)
    assert FerrySide(scenario, b.SEA, b.plan(b.round_trip())).pushed("S2", -5, 5, 9) == {"S2": -5, "S1": -5}


def test_cheap_rules_are_silent_at_their_limits() -> None:
    """Ports open at six; two berths each; four departures of a slot at most."""
    scenario = b.tiny(demand=(b.wish("HA", 4),))
    early = FerrySide(scenario, b.SEA, b.plan(b.round_trip("06:05-06:35", "06:45-07:15")))
    assert early.allows({"S1": -5})
    assert not early.allows({"S1": -10})
    one_berth = b.changed(scenario, "ports", "A", berths=1)
    boats = [*b.round_trip(), *b.round_trip("08:20-08:50", "09:00-09:30", "boat-02", "T")]
    side = FerrySide(one_berth, b.SEA, b.plan(boats))
    assert side.allows({"T1": -5})  # alongside from 08:45, when the first has left at 08:40
    assert not side.allows({"T1": -10, "S2": 5})
    alone = replace(scenario, settings=dict(scenario.settings) | {"departures_per_slot": replace(scenario.settings["departures_per_slot"], value=1)})
    two = FerrySide(alone, b.SEA, b.plan([*b.round_trip("08:00-08:30", "09:00-09:30"), *b.round_trip("08:20-08:50", "09:10-09:40", "boat-02", "T")]))
    assert two.allows({"T1": -15})
    assert not two.allows({"T1": -20})


def test_a_broken_rule_or_obligation_is_told_apart_from_one_that_was_broken_before(start: Pair) -> None:
    report = start.ferry.report
    assert better_or_equal(report, report)
    worse = tuple(replace(o, amount=o.amount + 1) for o in report.obligations)
    assert not better_or_equal(report, replace(report, obligations=worse))
    assert better_or_equal(replace(report, obligations=worse), report)


def shifted(day: IslandDay, by: int) -> IslandDay:
    return replace(day, calls=tuple(replace(c, minute=c.minute + by) for c in day.calls))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_plan_follows_its_boats(seed: int) -> None:
    """All boats later by a block: the same plan, the same fen. One boat moved: still clean, and the audit counts what is said."""
    day = tiny(seed)
    plan = solve_day(day, seconds=1).plan
    best = best_refit(day, plan)
    assert best.fen <= refit(day, plan).fen < FAR
    block = replace(day, calls=shifted(day, 10).calls)
    assert refit(block, best.plan).fen == best.fen
    for n, call in enumerate(day.calls):
        for by in (-20, -10, 10, 20):
            other = replace(day, calls=(*day.calls[:n], replace(call, minute=call.minute + by), *day.calls[n + 1 :]))
            found = refit(other, best.plan)
            assert found.clean
            assert audit_day(other, found.plan, found.fen).violations == ()
            assert found.fen >= cheapest(other) if seed == 2 and by == 10 else True


@pytest.mark.parametrize("seed", [2, 4])
def test_a_known_plan_is_searched_on_and_proven(seed: int) -> None:
    """The solver knows the plan to the fen; search makes it no worse; the bound is not above the best of all plans."""
    day = shifted(tiny(seed), 10)
    known = refit(day, solve_day(tiny(seed), seconds=1).plan)
    warm = WarmDay(day, known.plan, 1)
    assert warm.known
    assert warm.fen == known.fen
    warm.polish(lambda: True, steps=5)
    shares = iter(range(10))
    warm.rebuilt(lambda: next(shares) / 9, lambda: True)
    assert warm.fen <= known.fen
    assert audit_day(day, warm.plan(), warm.fen).violations == ()
    rounds = iter(range(40))
    assert warm.proof(lambda: next(rounds, 99) < 30, lambda: next(rounds, 99) < 39).bound <= cheapest(day) <= warm.fen


def test_nothing_is_lost_when_stopped_at_once(facts: Scenario, sea: SeaNetwork, start: Pair) -> None:
    assert move_ferries(facts, sea, start, Limits(STEP), lambda: False) == (start, start)


def test_no_side_is_worse_off_than_standing_still(facts: Scenario, sea: SeaNetwork, start: Pair) -> None:
    """Every combination of moves of the sailings that moved, by trying, on the same seating and fitting: the pair is clean, gains, and no
    side costs more than it did; and where the combinations hold something better than standing still, the method has found a gain."""
    still, end = move_ferries(facts, sea, start, Limits(STEP, most_min=20), lambda: True)
    assert clean(end)
    assert clean(still)
    assert still.ferry is start.ferry
    assert end.bus_fen <= still.bus_fen <= start.bus_fen
    assert left_of(end.days["near"]) <= left_of(start.days["near"])
    assert end.ferry.fen <= start.ferry.fen
    shifts = shifts_between(start.ferry.plan, end.ferry.plan)
    assert all(abs(m) <= 20 and m % STEP == 0 for m in shifts.values())
    assert (end.fen < still.fen) == bool(shifts)
    side = FerrySide(facts, sea, start.ferry.plan)
    movable = sorted({c.sailing for c in start.islands["near"].day.calls})[:4]
    best = start.fen
    for combination in product((-STEP, 0, STEP), repeat=len(movable)):
        judged = side.judged(seated_again(facts, moved(start.ferry.plan, dict(zip(movable, combination, strict=True)))))
        if judged.fen > start.ferry.fen or not better_or_equal(start.ferry.report, judged.report):
            continue
        pair = pair_of(facts, judged, start)
        if all(d.clean for d in pair.days.values()) and pair.bus_fen <= start.bus_fen:
            best = min(best, pair.fen)
    if best < start.fen:
        assert end.fen < start.fen


def test_an_allowance_lets_one_side_pay_for_the_other(facts: Scenario, sea: SeaNetwork, start: Pair) -> None:
    strict, loose = (move_ferries(facts, sea, start, Limits(STEP, most_min=20, ferry_fen=more), lambda: True)[1] for more in (0, 50_000))
    assert clean(loose)
    assert loose.fen <= start.fen
    assert loose.ferry.fen <= start.ferry.fen + 50_000
    assert loose.bus_fen <= start.bus_fen
    assert strict.ferry.fen <= start.ferry.fen


def test_tables_add_up_to_the_money(facts: Scenario, sea: SeaNetwork, start: Pair) -> None:
    sailing = next(c.sailing for c in start.islands["near"].day.calls)
    after = seated_again(facts, moved(start.ferry.plan, {sailing: 10}))
    report = audit_plan(facts, after, sea)
    people = who_rows(start.ferry.plan, after, facts, sea)
    was = start.ferry.report.money
    assert sum(r["fen"] for r in people) == report.money.travellers + report.money.left_behind - was.travellers - was.left_behind
    assert all(r["better"] + r["worse"] <= r["people"] for r in people)
    (row,) = move_rows(start.ferry.plan, after, facts, sea, {})
    assert (row["sailing"], row["minutes"]) == (sailing, 10)
    assert row["nearer"] + row["farther"] <= sum(x.people for x in after.boardings)
    assert move_rows(start.ferry.plan, start.ferry.plan, facts, sea, {}) == []
    assert who_rows(start.ferry.plan, start.ferry.plan, facts, sea) == []
    riders = bus_people(start, days_of(start))
    assert sum(r.people for r in riders.values()) == start.islands["near"].day.people
    assert same_day(start.islands["near"].day, start.islands["near"].day)


def test_moves_are_packed_as_if_all_choices_were_tried() -> None:
    """Random items, all subsets: the least sum within both rooms, nothing touched twice; what saves a side pays for what costs it."""
    dice = random.Random(1)
    for _ in range(30):
        items = [Item(dice.randint(-9, 9), dice.randint(-9, 9), frozenset(dice.sample("abcdef", 2))) for _ in range(8)]
        ferry, bus, most = dice.randint(0, 4), dice.randint(0, 4), dice.choice((2, 8))
        best = 0
        for chosen in (c for k in range(most + 1) for c in combinations(items, k)):
            touched = [t for i in chosen for t in i.touches]
            if len(touched) == len(set(touched)) and sum(i.ferry for i in chosen) <= ferry and sum(i.bus for i in chosen) <= bus:
                best = min(best, sum(i.ferry + i.bus for i in chosen))
        found = [items[n] for n in packed(items, ferry, bus, most)]
        assert sum(i.ferry + i.bus for i in found) == best
        assert sum(i.ferry for i in found) <= ferry or not found
    assert packed([Item(5, -20, frozenset("a")), Item(-6, 2, frozenset("b"))], 0, 0, 9) == [0, 1]
    assert packed([Item(5, -20, frozenset("a")), Item(-4, 2, frozenset("b"))], 0, 0, 9) == []
    assert packed([], 0, 0, 9) == []


@pytest.mark.parametrize(("minutes", "wish"), [(1, 50_000), (0, 0), (-5, 0), (-6, 50_000)])
def test_a_wished_departure_keeps_its_price(minutes: int, wish: int) -> None:
    """A promise of a departure between 07:55 and 08:00 costs its price a minute past it; the audit counts the same."""
    promised = Wish(wish_id="w", kind="core", from_port="H", to_port="A", leaves_from=475, leaves_until=480, price_yuan=500.0)
    scenario = b.tiny(wishes={"w": promised})
    side = FerrySide(scenario, b.SEA, b.plan(b.round_trip()))
    assert side.staying({"S1": minutes}) == wish
    after = side.judged(moved(side.plan, {"S1": minutes}))
    assert after.fen - side.judged(side.plan).fen == wish


def test_a_second_crew_is_paid_for_where_the_day_grows_past_one() -> None:
    """Crews work from six to six or from eight to eight: a boat home at 18:00 needs one, five minutes later two."""
    scenario = b.tiny(settings={"crew_shifts": "06:00-18:00;08:00-20:00"})
    side = FerrySide(scenario, b.SEA, b.plan([*b.round_trip("06:00-06:30", "06:40-07:10"), *b.round_trip("16:40-17:10", "17:30-18:00", prefix="T")]))
    assert side.staying({"T2": 5}) == 4 * 500 * 100
    assert side.judged(moved(side.plan, {"T2": 5})).fen - side.judged(side.plan).fen == 4 * 500 * 100


@pytest.mark.parametrize("looks", [3, 20, 60])
def test_a_search_that_is_stopped_in_the_midst_keeps_a_clean_pair(facts: Scenario, sea: SeaNetwork, start: Pair, looks: int) -> None:
    count = iter(range(10**6))
    still, end = move_ferries(facts, sea, start, Limits(STEP), lambda: next(count) < looks)
    assert clean(end)
    assert end.fen <= still.fen <= start.fen
    assert end.ferry.fen <= start.ferry.fen

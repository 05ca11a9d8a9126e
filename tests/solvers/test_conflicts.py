"""Obligations in conflict: known by construction, and on random archipelagos against every timetable there is."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from islandflow.ferry.audit import audit_plan
from islandflow.ferry.plan import FerryPlan
from islandflow.ferry.problem import FerryProblem
from islandflow.scenario.entities import LinePattern, Obligation, Scenario
from solvers.contract import Settings, Watch, solve
from solvers.ferry.conflicts import Rule, conflicts, core, meets, narrowed
from solvers.ferry.relief import remedies
from solvers.ferry.timetable import timetable
from tests.ferry.builders import SEA, SERVICE, fleet, line, port, tiny
from tests.solvers.archipelagos import archipelago, fleet_days, missing

EARLY = (("a", "first-arrival"), ("b", "first-arrival"))


def two_islands(*duties: Obligation, boats: int = 1, **facts: object) -> FerryProblem:
    """A and B lie 30 and 45 minutes from H; a boat turns round in ten minutes; a half-hour grid, no chains."""
    obligations = list(duties) or [Obligation("a", "A", "H", first_arrival_by=420), Obligation("b", "B", "H", first_arrival_by=420)]
    settings = {"grid_min": 15, "chains_per_fleet": 0, "longest_leg_nm": 8.5, **facts}
    scenario = tiny(obligations=obligations, fleets=[fleet(count=boats)], lines=_lines(), settings=settings)
    return _problem(scenario)


def _lines() -> list[LinePattern]:
    return [line("HA", "HA", 30), line("HB", "HB", 45)]


def _problem(scenario: Scenario) -> FerryProblem:
    return FerryProblem.from_scenario(scenario, SERVICE, SEA)  # type: ignore[arg-type]


def test_one_boat_cannot_bring_two_islands_in_by_seven() -> None:
    problem = two_islands()
    found = conflicts(problem, [EARLY[0]], Watch(60))
    assert len(found) == 1
    assert found[0].core is not None
    assert set(found[0].core.rules) == set(EARLY)
    assert found[0].core.irreducible


def test_two_boats_can_and_it_is_said_to_be_possible() -> None:
    found = conflicts(two_islands(boats=2), EARLY, Watch(60))
    assert (found[0].core, found[0].possible) == (None, True)


def test_the_cheapest_remedy_is_named_with_the_least_minutes() -> None:
    # A 06:00-06:30 H, ten minutes, H 06:45-07:30 B, ten minutes, B 07:45-08:30 H: an hour and a half too late for B;
    # or B first: B 06:00-06:45, H 07:00-07:30 A, A 07:45-08:15 H: 75 minutes too late for A
    problem = two_islands()
    found = remedies(problem, EARLY, Watch(60))
    told = {(r.kind, r.where): (r.amount, r.price_fen) for r in found}
    assert told["vessel", "boat"] == (1, 5000_00)
    assert told["minutes", "a first-arrival"] == (75, 7500_00)
    assert told["minutes", "b first-arrival"] == (90, 9000_00)
    assert ("berth", "H") not in told
    assert found[0].kind == "vessel"
    for remedy in found:
        if remedy.kind == "minutes":
            # one step of the grid less is not enough
            eased = replace(problem, needs=tuple(_later(n, remedy.where, remedy.amount - 15) for n in problem.needs))
            assert meets(narrowed(eased, EARLY), Watch(60))(EARLY) is False


def _later(need, rule: str, minutes: int):  # type: ignore[no-untyped-def]
    return replace(need, reaches=(0, need.reaches[1] + minutes)) if rule == f"{need.obligation} {need.rule}" else need


def test_moorings_and_berths_are_remedies_where_they_bind() -> None:
    # both boats must begin at A and B; B has no mooring
    ports = [port("H"), port("A"), port("B", overnight_moorings=0), port("C")]
    scenario = tiny(
        obligations=[Obligation("a", "A", "H", first_arrival_by=420), Obligation("b", "B", "H", first_arrival_by=420)],
        fleets=[fleet(count=2)], lines=_lines(), ports=ports, settings={"grid_min": 15, "chains_per_fleet": 0, "longest_leg_nm": 8.5},
    )  # fmt: skip
    problem = _problem(scenario)
    found = conflicts(problem, [EARLY[1]], Watch(60))
    assert found[0].core is not None
    assert found[0].core.rules == (EARLY[1],)
    best = remedies(problem, found[0].core.rules, Watch(60))[0]
    assert (best.kind, best.where, best.price_fen) == ("mooring", "B", 1000_00)


def test_a_second_crew_is_a_remedy_where_none_is_to_be_had() -> None:
    duties = [Obligation("a", "A", "H", first_arrival_by=400, last_boat_not_before=1200)]
    scenario = tiny(
        obligations=duties, fleets=[fleet(count=1, second_crew=False)], lines=_lines(), settings={"grid_min": 60, "chains_per_fleet": 0}
    )
    problem = _problem(scenario)
    found = conflicts(problem, [("a", "last-boat")], Watch(60))
    assert found[0].core is not None
    assert set(found[0].core.rules) == {("a", "first-arrival"), ("a", "last-boat")}
    best = remedies(problem, found[0].core.rules, Watch(60))[0]
    assert (best.kind, best.where, best.price_fen) == ("crew", "boat", 4 * 500_00)


def test_what_no_vessel_sails_is_a_conflict_of_its_own() -> None:
    problem = two_islands(Obligation("c", "C", "H", sailings_each_way=1), Obligation("a", "A", "H", sailings_each_way=1))
    found = conflicts(problem, [("c", "sailings-each-way")], Watch(60))
    assert found[0].core is not None
    assert found[0].core.rules == (("c", "sailings-each-way"),)
    assert remedies(problem, found[0].core.rules, Watch(60)) == ()


def test_a_vessel_of_a_fleet_that_has_none_is_a_remedy() -> None:
    lines = [*_lines(), line("HC", "HC", 45, classes=("new",))]
    fleets = [fleet(count=1), fleet("catamaran", count=0, vessel_class="new", day_cost_yuan=700.0)]
    scenario = tiny(obligations=[Obligation("c", "C", "H", sailings_each_way=1)], lines=lines, fleets=fleets, settings={"grid_min": 60})
    problem = _problem(scenario)
    rule = ("c", "sailings-each-way")
    assert conflicts(problem, [rule], Watch(60))[0].core is not None
    assert [(r.kind, r.where, r.price_fen) for r in remedies(problem, [rule], Watch(60))] == [("vessel", "catamaran", 700_00)]


def test_rules_of_passengers_are_not_asked() -> None:
    assert conflicts(two_islands(), [("a", "resident-seats")], Watch(60)) == ()


def test_without_time_nothing_is_claimed() -> None:
    found = conflicts(two_islands(), EARLY, Watch(0))
    assert [(f.core, f.possible) for f in found] == [(None, False)]


@pytest.mark.parametrize("solver", ["monolith-highs", "monolith-cpsat", "columns"])
def test_no_day_needs_a_crew_that_is_not_there(solver: str) -> None:
    duties = [Obligation("a", "A", "H", first_arrival_by=400, last_boat_not_before=1200)]
    scenario = tiny(
        obligations=duties, fleets=[fleet(count=1, second_crew=False)], lines=_lines(), settings={"grid_min": 60, "chains_per_fleet": 0}
    )
    result = solve(_problem(scenario), Settings(solver=solver, workers=1, time_limit=20, iterations=30 if solver == "columns" else 0))
    assert result.plan is not None
    report = audit_plan(scenario, result.plan, SEA)
    assert report.clean
    assert len(report.unmet) == 1


def every_timetable(problem: FerryProblem) -> list[list[int]] | None:
    """The candidates of every timetable that breaks no rule of vessels, berths and moorings."""
    listed = fleet_days(problem, 1500)
    if listed is None:
        return None
    found = []
    for days in listed:
        plan = FerryPlan(problem.service, timetable(problem, days))
        if not audit_plan(problem.scenario, plan, problem.network).violations:
            found.append([c for _, day in days for c in day])
    return found


def demanding(seed: int) -> tuple[FerryProblem, list[list[int]]] | None:
    """A random archipelago whose islands ask for much, with all its timetables."""
    drawn = archipelago(seed, boats=2)
    random = np.random.default_rng(seed)
    islands = [p for p in drawn.scenario.ports if p != "H"]
    duties = [
        Obligation(
            f"d{i}", str(random.choice(islands)), "H", first_arrival_by=int(random.integers(480, 700)) if random.random() < 0.6 else None,
            last_boat_not_before=int(random.integers(700, 1000)) if random.random() < 0.5 else None,
            hours_ashore=int(random.integers(60, 400)) if random.random() < 0.4 else None, sailings_each_way=int(random.integers(0, 3)),
        )
        for i in range(3)
    ]  # fmt: skip
    scenario = replace(drawn.scenario, obligations={d.obligation_id: d for d in duties})
    problem = FerryProblem.from_scenario(scenario, SERVICE, drawn.network)
    timetables = every_timetable(problem) if problem.candidates else None
    return None if timetables is None else (problem, timetables)


@pytest.mark.parametrize("seeds", [6, pytest.param(40, marks=pytest.mark.slow)])
def test_every_answer_agrees_with_every_timetable_of_random_archipelagos(seeds: int) -> None:
    cores, asked = 0, 0
    for seed in range(seeds):
        drawn = demanding(seed)
        if drawn is None:
            continue
        problem, timetables = drawn
        rules = list(dict.fromkeys((n.obligation, n.rule) for n in problem.needs if n.hard))

        def truly(wanted: tuple[Rule, ...], problem: FerryProblem = problem, timetables: list[list[int]] = timetables) -> bool:
            only = replace(problem, needs=tuple(n for n in problem.needs if n.hard and (n.obligation, n.rule) in wanted))
            return any(missing(only, sailed) == 0 for sailed in timetables)

        ask = meets(narrowed(problem, rules), Watch(60))
        for size in (1, 2, len(rules)):
            for wanted in list(combinations(rules, size))[:6]:
                assert ask(wanted) is truly(wanted), (seed, wanted)
                asked += 1
        if not truly(tuple(rules)):
            found = core(rules, ask)
            assert found.irreducible
            assert not truly(found.rules)
            assert all(truly(tuple(r for r in found.rules if r != out)) for out in found.rules)
            cores += 1
    assert cores >= seeds // 4
    assert asked >= 4 * seeds

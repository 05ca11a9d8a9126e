"""Every rule and every obligation on whole plans: the toy's proven optimum, and today's timetable of the archipelago.

A fact is brought to where the plan just keeps it, and the audit is silent; one further, and it names that rule and amount, and nothing
that still holds.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from api.hand import audit_timetable
from islandflow.ferry.audit import audit_plan, berths, facts, movement, nature, obligations, riders
from islandflow.ferry.audit.report import ObligationCheck
from islandflow.ferry.problem import FerryProblem
from islandflow.network.sea import SeaNetwork, build_network
from islandflow.scenario.entities import Scenario
from islandflow.units import minutes
from islandflow.views.words import RULES
from solvers.contract import Settings, Watch, solve
from tests.ferry.breaks import BREAKS, CHANGES_BOATS, Broken, Whole

DATA = Path(__file__).resolve().parents[2] / "data"
CASES = [(rule, n) for rule, found in BREAKS.items() for n in range(len(found))]


@pytest.fixture(scope="module")
def optimum(toy: Scenario, toy_problem: FerryProblem) -> Whole:
    result = solve(toy_problem, Settings(solver="monolith-highs", workers=1, time_limit=120), Watch(120))
    assert result.plan is not None
    return Whole(toy, result.plan)


@pytest.fixture(scope="module")
def today() -> Whole:
    folder = DATA / "zhoushan"
    scenario, plan, _ = audit_timetable(folder, folder / "as_run" / "summer-weekend.csv", "summer-weekend")
    return Whole(scenario, plan)


@pytest.fixture(scope="module")
def sea(today: Whole) -> SeaNetwork:
    return build_network(today.scenario)


def judge(broken: Broken, rule: str, network: SeaNetwork) -> None:
    silent = audit_plan(broken.limit.scenario, broken.limit.plan, network)
    assert silent.violations == ()
    found = audit_plan(broken.past.scenario, broken.past.plan, network).violations
    assert {(v.rule, v.amount, v.unit) for v in found} == {(rule, broken.amount, broken.unit)}
    assert len(found) == (broken.times or len(found))


def test_no_rule_is_left_out() -> None:
    """Every rule that the audit's code can name, by its words in both languages and by a break of a whole plan."""
    source = "".join(Path(module.__file__ or "").read_text(encoding="utf-8") for module in (facts, movement, nature, berths, riders))
    named = set(re.findall(r'(?:Violation|_crowded|_overfull)\(\s*(?:facts, )?"([a-z-]+)"', source))
    assert named == set(BREAKS)
    duties = set(re.findall(r'self\.(?:check|none|trip)\(\s*"([a-z-]+)"', Path(obligations.__file__ or "").read_text(encoding="utf-8")))
    # cargo asks for sailings as "sailings each way" does; its limits are in test_audit_nature
    assert duties == {*LIMITS, "medical-trip", "resident-seats", "cargo-sailings"}
    assert set(RULES) == named | duties


@pytest.mark.parametrize(("rule", "number"), [case for case in CASES if case[0] not in CHANGES_BOATS])
def test_a_rule_on_the_toy_s_optimum(optimum: Whole, toy_network: SeaNetwork, rule: str, number: int) -> None:
    judge(BREAKS[rule][number](optimum), rule, toy_network)


@pytest.mark.slow
@pytest.mark.parametrize(("rule", "number"), CASES)
def test_a_rule_on_today_s_timetable(today: Whole, sea: SeaNetwork, rule: str, number: int) -> None:
    judge(BREAKS[rule][number](today), rule, sea)


# rule -> the fact of the obligation, what the check found as a limit, and the step past it
LIMITS = {
    "sailings-each-way": ("sailings_each_way", lambda found: int(found), 1),
    "first-arrival": ("first_arrival_by", lambda found: minutes(found), -1),
    "last-boat": ("last_boat_not_before", lambda found: minutes(found), 1),
    "largest-gap": ("largest_gap_min", lambda found: int(found.split()[0]), -1),
    "day-return": ("hours_ashore", lambda found: minutes(found[-5:]) - minutes(found[6:11]), 1),
}


def judge_duty(whole: Whole, network: SeaNetwork, check: ObligationCheck) -> None:
    """At what was found the rule is met; one past it, this rule is short by one, and no other obligation than before is unmet."""
    fact, read, step = LIMITS[check.rule]
    limit = read(check.found)
    before = {(c.obligation_id, c.rule, c.found) for c in audit_plan(whole.scenario, whole.plan, network).obligations if not c.met}
    for value, amount in ((limit, 0), (limit + step, 1)):
        changed = whole.row("obligations", check.obligation_id, **{fact: value})
        report = audit_plan(changed.scenario, changed.plan, network)
        assert report.violations == ()
        mine = [c for c in report.obligations if (c.obligation_id, c.rule, c.found) == (check.obligation_id, check.rule, check.found)]
        assert {c.amount for c in mine} == {amount}
        assert all(c.met == (amount == 0) and bool(c.remedy_en) == bool(c.remedy_zh) == (amount > 0) for c in mine)
        others = {(c.obligation_id, c.rule, c.found) for c in report.obligations if not c.met and c not in mine}
        twins = {c for c in others if c[:2] == (check.obligation_id, check.rule)}  # the other direction of the same rule
        assert others - twins <= before


@pytest.mark.parametrize("rule", LIMITS)
def test_an_obligation_on_the_toy_s_optimum(optimum: Whole, toy_network: SeaNetwork, rule: str) -> None:
    checks = [c for c in audit_plan(optimum.scenario, optimum.plan, toy_network).obligations if c.rule == rule]
    assert checks
    for check in checks:
        judge_duty(optimum, toy_network, check)


def test_the_medical_trip_on_the_toy_s_optimum(optimum: Whole, toy_network: SeaNetwork) -> None:
    (check,) = (c for c in audit_plan(optimum.scenario, optimum.plan, toy_network).obligations if c.rule == "medical-trip")
    there, home = minutes(check.found[6:11]), minutes(check.found[-5:])
    for by, stay, unmet in ((there, home - there, []), (there - 1, home - there, [1]), (there, home - there + 1, [1])):
        changed = optimum.setting("medical_arrival_by", by).setting("medical_hours_ashore", stay)
        found = [c for c in audit_plan(changed.scenario, changed.plan, toy_network).obligations if not c.met]
        assert [(c.rule, c.amount) for c in found] == [("medical-trip", n) for n in unmet]


def test_a_whole_plan_with_two_broken_facts_tells_both(optimum: Whole, toy_network: SeaNetwork) -> None:
    one = BREAKS["seats"][0](optimum).past
    both = replace(one, scenario=BREAKS["crew-day"][0](one).past.scenario)
    assert {v.rule for v in audit_plan(both.scenario, both.plan, toy_network).violations} == {"seats", "crew-day"}

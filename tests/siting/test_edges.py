"""Edge cases of a whole plan: each has a right answer that the audit finds clean, or says in both languages why there is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from islandflow.errors import BadInput
from islandflow.scenario.entities import Scenario
from islandflow.siting.facts_audit import audit_sites
from islandflow.siting.siteplan import SitePlan
from islandflow.siting.wish import SiteWish
from solvers.siting.archipelago import plan_sites
from solvers.siting.contract import SitingSettings


def planned(scenario: Scenario, wish: SiteWish | None = None) -> SitePlan:
    """The plan, clean under the audit."""
    plan = plan_sites(scenario, wish or SiteWish("near"), None, SitingSettings(seconds=20))
    assert audit_sites(scenario, plan) == ()
    return plan


def refused(scenario: Scenario, wish: SiteWish | None = None) -> SitePlan:
    """The plan without logistics points, for a reason that it tells."""
    plan = plan_sites(scenario, wish or SiteWish("near"), None, SitingSettings(seconds=20))
    assert points(plan) == {}
    # what stands today is missing then, and nothing else is wrong
    assert {v.rule for v in audit_sites(scenario, plan)} <= {"existing-site-lost"}
    return plan


def points(plan: SitePlan) -> dict[str, int]:
    """Load by node of the logistics points."""
    return {p.node: p.load for p in plan.sites if p.kind == "logistics"}


def with_setting(scenario: Scenario, name: str, value: object) -> Scenario:
    return replace(scenario, settings=scenario.settings | {name: replace(scenario.settings[name], value=value)})


def people(scenario: Scenario, **residents: int) -> Scenario:
    """Other numbers of residents, no beds."""
    homes = {
        k: replace(h, residents=residents.get(k, h.residents), beds=0 if k in residents else h.beds)
        for k, h in scenario.settlements.items()
    }
    return replace(scenario, settlements=homes)


def test_a_village_on_no_road_serves_itself_and_others_stay_proven(scenario: Scenario) -> None:
    roads = {k: r for k, r in scenario.roads.items() if k != "r3"}
    plan = planned(replace(scenario, roads=roads))
    assert points(plan) == {"a": 460, "d": 10}  # a point may stand in d itself


def test_a_village_that_nothing_reaches_is_named_and_not_served(scenario: Scenario) -> None:
    roads = {k: r for k, r in scenario.roads.items() if k != "r3"}
    site = next(iter(scenario.sites.values()))
    closed = scenario.sites | {"s9": replace(site, site_id="s9", node="d", status="forbidden")}
    plan = planned(replace(scenario, roads=roads, sites=closed))
    assert points(plan) == {"a": 460}
    assert any("d " in en and "甲" not in zh and "丁" in zh for en, zh in plan.notes)


def test_nobody_anywhere_is_a_plan_of_what_stands(scenario: Scenario) -> None:
    plan = planned(people(scenario, a=0, b=0, c=0, d=0))
    assert points(plan) == {"a": 0}
    assert not plan.serves


def test_a_village_without_people_is_served_nothing(scenario: Scenario) -> None:
    plan = planned(people(scenario, d=0))
    assert points(plan) == {"a": 460}


@pytest.mark.parametrize("goal", ["cost", "worst-island", "worst-season"])
def test_more_points_than_places_opens_what_helps(scenario: Scenario, goal: str) -> None:
    plan = planned(scenario, SiteWish("near", goal, points=99))
    assert 2 <= len(points(plan)) <= 5


def test_too_few_points_for_the_promise_are_refused_in_words(scenario: Scenario) -> None:
    for goal in ("cost", "worst-island"):
        plan = refused(scenario, SiteWish("near", goal, points=1))
        assert any("logistics" in en and "物流" in zh for en, zh in plan.notes)
        assert any(c.status == "infeasible" for c in plan.certificates)


def test_fewer_points_than_stand_today_are_refused(scenario: Scenario) -> None:
    site = next(iter(scenario.sites.values()))
    stand = {f"e{n}": replace(site, site_id=f"e{n}", node=n, kind="logistics", status="existing") for n in ("b", "c", "d")}
    more = replace(scenario, sites=scenario.sites | stand)
    held = len({s.node for s in more.sites.values() if (s.kind, s.status) == ("logistics", "existing")})
    for goal in ("cost", "worst-island"):
        with pytest.raises(BadInput) as told:
            planned(more, SiteWish("near", goal, points=held - 1))
        assert [(f.column, f.value) for f in told.value.faults] == [("points", str(held - 1))]
    assert len(points(planned(more, SiteWish("near", points=held)))) == held


def test_too_little_capacity_is_refused_with_the_figures(scenario: Scenario) -> None:
    plan = refused(with_setting(scenario, "point_sizes", "90:40000"))
    assert any("serve 360, 470 are needed" in en and "360" in zh for en, zh in plan.notes)


def test_two_villages_at_one_spot_are_two(scenario: Scenario) -> None:
    twin = replace(scenario.roads["r1"], length_m=0)
    plan = planned(replace(scenario, roads=scenario.roads | {"r1": twin}))
    assert points(plan) == {"a": 460, "d": 10}
    assert {(v.settlement_id, v.seconds) for v in plan.serves if v.kind == "logistics"} == {("a", 0), ("b", 0), ("c", 120), ("d", 0)}


def test_one_village_and_one_place(scenario: Scenario) -> None:
    alone = replace(scenario, settlements={"a": scenario.settlements["a"]}, roads={"r0": scenario.roads["r0"]})
    assert points(planned(alone)) == {"a": 250}


def test_an_existing_charger_stays_and_one_forbidden_everywhere_is_told(scenario: Scenario) -> None:
    site = next(iter(scenario.sites.values()))
    stands = replace(scenario, sites=scenario.sites | {"c1": replace(site, site_id="c1", node="c", kind="charger", status="existing")})
    assert ("c", "existing") in {(p.node, p.status) for p in planned(stands).sites if p.kind == "charger"}
    nowhere = {f"f{n}": replace(site, site_id=f"f{n}", node=n, kind="charger", status="forbidden") for n in ("a", "b", "c", "d", "near-t")}
    plan = planned(replace(scenario, sites=scenario.sites | nowhere))
    assert not [p for p in plan.sites if p.kind == "charger"]
    assert ("charger near", "infeasible") in {(c.part, c.status) for c in plan.certificates}


def test_settings_that_cannot_be_read_are_refused(scenario: Scenario) -> None:
    for name, value in (("circles_min", "5;x"), ("point_sizes", "300"), ("charge_profile", "1;2"), ("stage_years", "3;1")):
        with pytest.raises(BadInput) as told:
            planned(with_setting(scenario, name, value))
        assert told.value.faults[0].column == name
    with pytest.raises(BadInput):
        planned(with_setting(scenario, "site_seasons", "winter:0:1:1"), SiteWish("near", "worst-season"))


def test_the_worst_off_comes_first(scenario: Scenario) -> None:
    """Two islands' worth of shares on one: with the least points that keep the promise the season's share is what the audit counts."""
    plan = planned(scenario, SiteWish("near", "worst-season", points=2))
    worst = next(c for c in plan.certificates if c.part == "worst season")
    assert (worst.status, worst.objective, worst.bound) == ("optimal", 10_000, 10_000)

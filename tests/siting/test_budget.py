"""All kinds of point under one yearly budget: exact at its limit, never over it, never better than with more."""

from __future__ import annotations

import pytest

from islandflow.errors import BadInput
from islandflow.scenario.entities import Scenario
from islandflow.siting.facts_audit import audit_sites
from islandflow.siting.siteplan import SitePlan
from islandflow.siting.wish import SiteWish
from solvers.siting.archipelago import plan_sites
from solvers.siting.contract import SitingSettings

# points a (800 parcels, stands) and d (300) cost 150,000 + 100,000; the quay stands and costs 25,000
LEAST = 275_000


def under(scenario: Scenario, yuan: int) -> SitePlan:
    return plan_sites(scenario, SiteWish("near", budget_yuan=yuan), None, SitingSettings(seconds=60))


def proven(plan: SitePlan) -> tuple[str, int | None]:
    part = next(c for c in plan.certificates if c.part == "budget")
    return part.status, part.objective


def test_one_yuan_below_what_must_stand_there_is_no_plan(scenario: Scenario) -> None:
    plan = under(scenario, LEAST - 1)
    assert (plan.sites, proven(plan)) == ((), ("infeasible", None))
    assert any("budget" in en and "预算" in zh for en, zh in plan.notes)
    least = under(scenario, LEAST)
    assert audit_sites(scenario, least) == ()
    assert sum(p.cost_fen for p in least.sites) == 100 * LEAST
    # all 1,840 are within ten minutes of a or d by car; nobody is within ten minutes of the quay on foot (a: 750 s)
    assert proven(least) == ("optimal", 1840)


@pytest.mark.parametrize("yuan", [284_000, 300_000, 2_000_000])
def test_more_money_never_serves_fewer_and_stays_within(scenario: Scenario, yuan: int) -> None:
    plan = under(scenario, yuan)
    assert audit_sites(scenario, plan) == ()
    assert sum(p.cost_fen for p in plan.sites) <= 100 * yuan
    # 9,000 more: three shared vehicles for the 14 trips of a and b (1,400 people), all three villages would need seven (10,500).
    # With plenty: d has no trip (40 × 0.01) and no charger (a, b, c draw 120 of the 147 kW that the grid spares, d would 60 more).
    wanted = {284_000: 1840 + 1400, 300_000: None, 2_000_000: 4 * 1840 - 2 * 40}[yuan]
    assert proven(plan)[0] == "optimal"
    assert wanted is None or proven(plan)[1] == wanted
    less = proven(under(scenario, yuan - 1))[1]
    assert less is not None
    assert less <= (proven(plan)[1] or 0)


def test_a_budget_and_another_goal_do_not_go_together() -> None:
    with pytest.raises(BadInput) as told:
        SiteWish(goal="worst-island", budget_yuan=5, points=3)
    assert len(told.value.faults) == 2
    with pytest.raises(BadInput):
        SiteWish(goal="cheapest")

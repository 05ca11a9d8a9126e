"""The independent judge of every ferry plan: all rules recomputed from scenario and timetable alone."""

from __future__ import annotations

from islandflow.ferry.audit import berths, facts, money, movement, nature, obligations, riders, wishes
from islandflow.ferry.audit.report import AuditReport, Money, ObligationCheck, WishCheck
from islandflow.ferry.plan import FerryPlan
from islandflow.memory import remembered
from islandflow.network.running import Distances
from islandflow.scenario.entities import Scenario

RULES = (facts.sound, *movement.RULES, *nature.RULES, *berths.RULES, *riders.RULES)


@remembered(1)  # who searches and who writes the folder ask about the same plan
def audit_plan(scenario: Scenario, plan: FerryPlan, network: Distances) -> AuditReport:
    """Judges a plan: violations of every rule, every obligation with what was found, and the objective to the fen.

    KeyError if the scenario has no such service pattern.
    """
    known = facts.Facts.of(scenario, plan, network)
    violations = tuple(v for rule in RULES for v in rule(known))
    return AuditReport(violations, obligations.obligations(known), money.money(known), wishes.wishes(known))


def count_money(scenario: Scenario, plan: FerryPlan, network: Distances) -> Money:
    """The money of a plan alone, no rule judged: quicker where only the objective is asked. KeyError as ``audit_plan``."""
    return money.money(facts.Facts.of(scenario, plan, network))


__all__ = ["AuditReport", "Money", "ObligationCheck", "WishCheck", "audit_plan", "count_money"]

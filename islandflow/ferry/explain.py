"""Why a sailing runs: whom it serves, and what would be lost if it alone were struck out and everybody seated anew."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass

from islandflow.ferry.audit import audit_plan
from islandflow.ferry.audit.facts import Facts
from islandflow.ferry.audit.report import AuditReport, ObligationCheck
from islandflow.ferry.audit.riders import journey
from islandflow.ferry.plan import FerryPlan, Sailing
from islandflow.network.running import Distances
from islandflow.passengers.seating import seat_passengers
from islandflow.scenario.entities import Scenario

Key = tuple[str, str, str, int]


@dataclass(frozen=True)
class Aboard:
    """People (or vehicles) of one pair of places and segment who ride the sailing in the plan."""

    from_place: str
    to_place: str
    segment: str
    people: int


@dataclass(frozen=True)
class Loss:
    """What goes when a sailing goes. Money in fen, below 0 = saved; ``minutes`` door to door and shift of groups served either way.

    ``left`` more people left behind; ``elsewhere`` aboard who would still travel; ``broken`` obligation rules that hold only with it;
    ``vessel_waits_at`` where its vessel would be, and ``vessel_needed_at`` where it sails next: another way between the two is needed.
    """

    sailing: Sailing
    aboard: tuple[Aboard, ...]
    left: int
    elsewhere: int
    minutes: int
    travellers_fen: int
    left_behind_fen: int
    running_fen: int
    total_fen: int
    broken: tuple[ObligationCheck, ...]
    vessel_waits_at: str
    vessel_needed_at: str

    def as_json(self) -> dict[str, object]:
        """Plain values for JSON."""
        return asdict(self)


def without_sailing(scenario: Scenario, plan: FerryPlan, network: Distances, sailing: str) -> Loss:
    """What a plan loses without one sailing; ValueError if it has no such sailing.

    Both sides are seated by the same rule, so that nothing but the sailing differs; ``aboard`` is as the plan says.
    """
    gone = plan.by_id().get(sailing)
    if gone is None:
        raise ValueError(f"--sailing {sailing}: the plan has no such sailing")
    rest = tuple(s for s in plan.sailings if s.id != sailing)
    with_it, report = seat_and_judge(scenario, plan.service, plan.sailings, network)
    without, after = seat_and_judge(scenario, plan.service, rest, network)
    aboard: Counter[tuple[str, str, str]] = Counter()
    for b in plan.boardings:
        if any(ride.sailing == sailing for ride in b.rides):
            aboard[b.from_place, b.to_place, b.segment] += b.people
    met = {(o.obligation_id, o.rule, o.required) for o in report.obligations if o.met}
    travel = [sum(b.people for b in p.boardings) for p in (with_it, without)]
    spent = [_minutes(Facts.of(scenario, p, network)) for p in (with_it, without)]
    same = [key for key, (people, _) in spent[0].items() if spent[1].get(key, (0, 0))[0] == people]
    a, b_ = report.money, after.money
    day = next(r.sailings for r in plan.rotations if r.vessel == gone.vessel)
    later = [s for s in day if s.departs >= gone.arrives and s.id != sailing]
    left = travel[0] - travel[1]
    away = bool(later) and gone.ports[0] != later[0].ports[0]
    return Loss(
        gone,
        tuple(Aboard(*key, people) for key, people in sorted(aboard.items(), key=lambda kv: (-kv[1], kv[0]))),
        left, max(0, sum(aboard.values()) - left), sum(spent[1][k][1] - spent[0][k][1] for k in same),
        b_.travellers - a.travellers, b_.left_behind - a.left_behind,
        b_.sailings + b_.vessel_days + b_.second_crews - a.sailings - a.vessel_days - a.second_crews, b_.objective - a.objective,
        tuple(o for o in after.unmet if (o.obligation_id, o.rule, o.required) in met),
        gone.ports[0] if away else "", later[0].ports[0] if away else "",
    )  # fmt: skip


def seat_and_judge(scenario: Scenario, service: str, sailings: tuple[Sailing, ...], network: Distances) -> tuple[FerryPlan, AuditReport]:
    """The sailings with everybody seated on them by the one rule, and what the audit says of it."""
    plan = FerryPlan(service, sailings, seat_passengers(scenario, service, sailings))
    return plan, audit_plan(scenario, plan, network)


def _minutes(facts: Facts) -> dict[Key, tuple[int, int]]:
    """People and their minutes, door to door and shift, by group."""
    found: dict[Key, tuple[int, int]] = {}
    for boarding in facts.plan.boardings:
        taken = journey(facts, boarding)
        if taken is not None:
            people, minutes = found.get(boarding.group, (0, 0))
            found[boarding.group] = (people + boarding.people, minutes + boarding.people * (taken.door_to_door + taken.shift))
    return found

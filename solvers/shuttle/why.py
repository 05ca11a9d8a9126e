"""Why somebody is not taken: what binds, found by asking what one more vehicle, or the vehicles of the plan, could do for them alone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np

from islandflow.shuttle import day as facts
from islandflow.shuttle.day import IslandDay, Party
from islandflow.shuttle.island import with_parties
from islandflow.shuttle.plan import DayPlan, Run
from islandflow.shuttle.problem import day_problem
from solvers.shuttle.fleet import candidates, fleets_of

BINDS = ("road", "battery", "hours", "price", "ride", "seats", "charging", "vehicles")
ROOMY = 50  # times the battery: energy is then no matter


def told_why(day: IslandDay, plan: DayPlan) -> DayPlan:
    """The plan with ``binds`` filled in: road (no way there), battery (too far), hours (the vehicles' day is over), price (a further
    vehicle would cost more than they are worth), ride (buses with free seats would be too long under way), seats (all buses that meet
    the boat are full), charging (vehicles would have the time, but stand at a charger or lack energy), vehicles (all are elsewhere)."""
    parties = {p.party_id: p for p in day.parties}
    runs: dict[str, list[Run]] = defaultdict(list)
    for r in plan.runs:
        for call in {parties[x.party].call for x in r.loads}:
            runs[call].append(r)
    return replace(plan, unserved=tuple(replace(u, binds=_binds(day, plan, parties[u.party], u.people, runs)) for u in plan.unserved))


def _binds(day: IslandDay, plan: DayPlan, party: Party, people: int, runs: dict[str, list[Run]]) -> str:
    alone = replace(party, people=people)
    cost = _one_more(day, alone)
    if cost is None:
        roomy = replace(day, buses=tuple(replace(b, battery_wh=ROOMY * b.battery_wh) for b in day.buses))
        if _one_more(roomy, alone) is not None:
            return "battery"
        longer = replace(day, rules=replace(day.rules, opens=0, closes=max(day.rules.closes, 1800), break_min=0))
        return "hours" if _one_more(longer, alone) is not None else "road"
    seats = {v: b.seats for b in day.buses for v in facts.vehicle_ids(b)}
    if len(plan.vehicles) < len(seats) and cost >= people * day.rules.unserved_fen:
        return "price"
    spare = [r for r in runs[party.call] if sum(x.people for x in r.loads) < seats[r.vehicle]]
    if any(_too_long(day, r, party.stop) for r in spare):
        return "ride"
    if runs[party.call] and not spare:
        return "seats"
    return "charging" if _at_chargers(day, plan, party) else "vehicles"


def _one_more(day: IslandDay, party: Party) -> int | None:
    """Fen of the cheapest day of one more vehicle for one party alone; None if no vehicle can come."""
    found = candidates(day_problem(with_parties(day, (party,))))
    if not len(found.runs):
        return None
    worth, costs = np.array([1e7]), []
    none = np.zeros((len(day.chargers), day.rules.closes // day.rules.block_min + 1))
    for fleet in fleets_of(found):
        _, best = fleet.price(worth, found.people, none, whole=True)
        if best is not None and best.tasks:
            taken = sum(n for t in best.tasks for _, n in t.loads)
            costs.append(-(-best.cost * party.people // taken))
    return min(costs, default=None)


def _too_long(day: IslandDay, run: Run, stop: str) -> bool:
    """Whether no order of the run's stops and this one keeps everybody's ride within the limit."""
    stops = {h.stop for h in run.halts} | {stop}
    if len(stops) > day.rules.stops_per_run:
        return True
    calls = {c.call_id: c for c in day.calls}
    mine = {p.stop: p for p in day.parties if calls[p.call].quay == run.quay}
    problem = day_problem(with_parties(day, tuple(mine[s] for s in sorted(stops) if s in mine)))
    return not any({day.nodes[s] for s in r.stops} == stops for r in problem.routes)


def _at_chargers(day: IslandDay, plan: DayPlan, party: Party) -> bool:
    """Whether some vehicle charges while it could have come."""
    call = next(c for c in day.calls if c.call_id == party.call)
    ready, way = facts.ready(call, day.rules), int(day.minutes[day.number(call.quay), day.number(party.stop)])
    first, last = (ready, ready + way) if call.kind == facts.LANDS else (ready - way - day.rules.dwell_min, ready)
    return any(c.begins < last and first < c.ends for c in plan.charges)

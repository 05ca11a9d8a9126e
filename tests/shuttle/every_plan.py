"""Every plan of a tiny island day, by trying: sequences of runs with charges between them, judged by the audit; people by minimum cost flow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from islandflow.shuttle import day as facts
from islandflow.shuttle.audit import Book, audit_day, count_money
from islandflow.shuttle.day import LANDS, IslandDay
from islandflow.shuttle.plan import Charge, DayPlan, Halt, Load, Run

LATER = frozenset({"people", "seats", "charge-units"})  # what a day of runs with a person a stop does not show


@dataclass(frozen=True)
class Driven:
    """A vehicle's day without its people: runs, charges, fen of vehicle and ways."""

    seats: int
    runs: tuple[Run, ...]
    charges: tuple[Charge, ...]
    fen: int


def cheapest(day: IslandDay) -> int:
    """Fen of the best of all plans with a vehicle of each fleet, charges one block long in one of the first two blocks that can be reached."""
    options = [[Driven(b.seats, (), (), 0), *_days(day, n)] for n, b in enumerate(day.buses)]
    least = [min(_cost(day, p.party_id, r) or day.rules.unserved_fen for r in _runs(day, "")) for p in day.parties]
    floor = sum(min(day.rules.unserved_fen, c) * p.people for c, p in zip(least, day.parties, strict=True))
    best = day.people * day.rules.unserved_fen
    first, second = (sorted(o, key=lambda d: d.fen) for o in options)
    for a in first:
        for b in second:
            if a.fen + b.fen + floor >= best:
                break
            if not _clash(a, b):
                best = min(best, a.fen + b.fen + _people(day, (a, b)))
    return best


def _runs(day: IslandDay, vehicle: str) -> list[Run]:
    """Every run of every boat, with one person for each stop."""
    found = []
    for call in day.calls:
        at = {p.stop: p.party_id for p in day.parties if p.call == call.call_id}
        for size in range(1, day.rules.stops_per_run + 1):
            for stops in permutations(sorted(at), size):
                for wait in range(0, day.rules.longest_wait_min + 1, day.rules.step_min):
                    found.append(_run(day, call, stops, wait, vehicle, tuple(Load(at[s], 1) for s in stops)))
    return [r for r in found if not any(v.rule in ("ride", "stops", "wait") for v in audit_day(day, DayPlan((r,))).violations)] if vehicle else found


def _run(day: IslandDay, call: facts.BoatCall, stops: tuple[str, ...], wait: int, vehicle: str, loads: tuple[Load, ...]) -> Run:
    out, clock, rides, at = call.kind == LANDS, 0, [], call.quay
    for s in stops:
        clock += int(day.minutes[day.number(at), day.number(s)]) + (day.rules.dwell_min if rides else 0)
        rides.append(clock)
        at = s
    took, ready = clock + day.rules.dwell_min, facts.ready(call, day.rules)
    begins = ready + wait if out else ready - wait - took
    halts = [Halt(s, begins + x if out else begins + took - x) for s, x in zip(stops, rides, strict=True)]
    name = f"{call.call_id}-{'-'.join(stops)}-{wait}"
    return Run(name, vehicle, "out" if out else "in", call.quay, begins, begins + took, tuple(halts if out else halts[::-1]), loads)


def _days(day: IslandDay, fleet: int) -> list[Driven]:
    """Every sequence of runs that a vehicle can drive, with and without a charge before each."""
    vehicle = facts.vehicle_ids(day.buses[fleet])[0]
    runs = sorted(_runs(day, vehicle), key=lambda r: r.begins)
    found: list[Driven] = []
    grown = [DayPlan(())]
    while grown:
        longer = []
        for plan in grown:
            for r in runs:
                if plan.runs and r.begins < plan.runs[-1].ends:
                    continue
                for charge in _charges(day, plan, r, vehicle):
                    new = _charged(day, DayPlan((*plan.runs, r), (*plan.charges, *charge)))
                    if {v.rule for v in audit_day(day, new).violations} <= LATER:
                        longer.append(new)
        found += [Driven(day.buses[fleet].seats, p.runs, p.charges, _ways(day, p)) for p in longer]
        grown = longer
    return found


def _charges(day: IslandDay, plan: DayPlan, run: Run, vehicle: str) -> Iterator[tuple[Charge, ...]]:
    yield ()
    if plan.runs:
        last, site, block = plan.runs[-1], day.chargers[0], day.rules.block_min
        at = last.quay if last.kind == "in" else last.halts[-1].stop
        there = last.ends + int(day.minutes[day.number(at), day.number(site.node)])
        for k in (0, 1):
            begins = (-(-there // block) + k) * block
            if begins + block <= run.begins:
                yield (Charge(vehicle, site.charger_id, begins, begins + block, 0),)


def _charged(day: IslandDay, plan: DayPlan) -> DayPlan:
    """The plan with the units that the audit counts for each charge."""
    if not plan.charges:
        return plan
    for units in range(facts.block_units(day.chargers[0], day.rules) + 1):
        last = plan.charges[-1]
        new = DayPlan(plan.runs, (*plan.charges[:-1], Charge(last.vehicle, last.charger, last.begins, last.ends, units)))
        if not any(v.rule == "charge-units" for v in audit_day(day, new).violations):
            return new
    return plan


def _ways(day: IslandDay, plan: DayPlan) -> int:
    money = count_money(Book(day, plan))
    return money.vehicles_fen + money.ways_fen


def _clash(a: Driven, b: Driven) -> bool:
    return any(x.charger == y.charger and x.begins < y.ends and y.begins < x.ends for x in a.charges for y in b.charges)


def _cost(day: IslandDay, party: str, run: Run) -> int | None:
    """Fen of one person of a party on a run; None if the run is not for them."""
    p = next(p for p in day.parties if p.party_id == party)
    call = next(c for c in day.calls if c.call_id == p.call)
    halt = next((h for h in run.halts if h.stop == p.stop), None)
    if halt is None or not any(x.party == party for x in run.loads):
        return None
    ready = facts.ready(call, day.rules)
    wait, ride = (run.begins - ready, halt.minute - run.begins) if run.kind == "out" else (ready - run.ends, run.ends - halt.minute)
    return facts.person_fen(wait, ride, day.rules)


def _people(day: IslandDay, days: tuple[Driven, ...]) -> int:
    """Fen of the people at least cost on the runs, an exact flow."""
    runs = [(r, d.seats) for d in days for r in d.runs]
    flow, end = SimpleMinCostFlow(), len(day.parties) + len(runs)
    for k, (_, seats) in enumerate(runs):
        flow.add_arc_with_capacity_and_unit_cost(len(day.parties) + k, end, seats, 0)
    for n, p in enumerate(day.parties):
        flow.set_node_supply(n, p.people)
        flow.add_arc_with_capacity_and_unit_cost(n, end, p.people, day.rules.unserved_fen)
        for k, (r, _) in enumerate(runs):
            cost = _cost(day, p.party_id, r)
            if cost is not None:
                flow.add_arc_with_capacity_and_unit_cost(n, len(day.parties) + k, p.people, cost)
    flow.set_node_supply(end, -day.people)
    assert flow.solve() == flow.OPTIMAL
    return int(flow.optimal_cost())

"""From vehicle days, as the solver knows them, to the plan that people read."""

from __future__ import annotations

from collections.abc import Iterator

from islandflow.shuttle.day import vehicle_ids
from islandflow.shuttle.plan import Charge, DayPlan, Halt, Load, Rest, Run, Unserved
from solvers.shuttle import day_kernels as kernels
from solvers.shuttle.fleet import CHUNK, Candidates, Task, VehicleDay


def plan_of(found: Candidates, days: tuple[VehicleDay, ...]) -> DayPlan:
    """Vehicle days as a plan: vehicles numbered within their fleet by the first run, runs by time."""
    day = found.problem.day
    runs: list[Run] = []
    charges: list[Charge] = []
    rests: list[Rest] = []
    left = {p.party_id: p.people for p in day.parties}
    for fleet, buses in enumerate(day.buses):
        mine = sorted((d for d in days if d.fleet == fleet and any(t.loads for t in d.tasks)), key=_first)
        for vehicle, d in zip(vehicle_ids(buses), mine, strict=False):
            runs += _runs(found, d, vehicle)
            charges += _charges(found, d, vehicle)
            for action, node, minute, _ in d.steps:
                if action == kernels.REST:
                    rests.append(Rest(vehicle, day.nodes[node], minute - day.rules.break_min, minute))
    runs.sort(key=lambda r: (r.begins, r.vehicle))
    named = tuple(Run(f"R{n:03d}", r.vehicle, r.kind, r.quay, r.begins, r.ends, r.halts, r.loads) for n, r in enumerate(runs, start=1))
    for r in named:
        for x in r.loads:
            left[x.party] -= x.people
    charges.sort(key=lambda c: (c.vehicle, c.begins))
    return DayPlan(named, tuple(charges), tuple(rests), tuple(Unserved(p, n) for p, n in left.items() if n))


def _first(day: VehicleDay) -> tuple[int, ...]:
    return next((minute, node) for action, node, minute, _ in day.steps if action >= 0)


def _runs(found: Candidates, day: VehicleDay, vehicle: str) -> Iterator[Run]:
    for task in day.tasks:
        if task.loads:
            yield _run(found, task, vehicle)


def _run(found: Candidates, task: Task, vehicle: str) -> Run:
    facts, (moment, route) = found.problem.day, divmod(task.run, len(found.problem.routes))
    m, r = found.problem.moments[moment], found.problem.routes[route]
    begins, ends = (m.minute, m.minute + r.minutes) if m.out else (m.minute - r.minutes, m.minute)
    halts = [Halt(facts.nodes[s], begins + ride if m.out else ends - ride) for s, ride in zip(r.stops, r.rides, strict=True)]
    loads = tuple(Load(facts.parties[p].party_id, n) for p, n in sorted(task.loads))
    return Run("", vehicle, "out" if m.out else "in", facts.nodes[m.quay], begins, ends, tuple(halts if m.out else halts[::-1]), loads)


def _charges(found: Candidates, day: VehicleDay, vehicle: str) -> list[Charge]:
    facts, block = found.problem.day, found.problem.day.rules.block_min
    made: list[Charge] = []
    energy = day.steps[0][3]
    for action, _, minute, now in day.steps:
        if action <= kernels.CHARGE - CHUNK:
            name = facts.chargers[(kernels.CHARGE - action) // CHUNK - 1].charger_id
            if made and made[-1].charger == name and made[-1].ends == minute - block:
                last = made.pop()
                made.append(Charge(vehicle, name, last.begins, minute, last.units + now - energy))
            else:
                made.append(Charge(vehicle, name, minute - block, minute, now - energy))
        energy = now
    return made

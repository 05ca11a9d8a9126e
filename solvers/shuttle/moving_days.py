"""An island day searched on from a plan that stands, and its bound: for days whose boats have moved a little."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from islandflow.shuttle import day as facts
from islandflow.shuttle.day import IslandDay
from islandflow.shuttle.plan import DayPlan, Run
from islandflow.shuttle.problem import DayProblem, day_problem
from solvers.shuttle import day_kernels as kernels
from solvers.shuttle.bounding import Bounding
from solvers.shuttle.fleet import CHUNK, Candidates, Fleet, Task, VehicleDay, candidates, fleets_of
from solvers.shuttle.rebuild import Rebuild
from solvers.shuttle.search import Search
from solvers.shuttle.writing import plan_of

HEAT = 0.0005  # share by which a plan may get worse on the way


@dataclass(frozen=True)
class Proof:
    """A bound in fen and over how many candidate runs it is valid."""

    bound: int
    floor: int
    candidates: int


class WarmDay:
    """A day under search from a plan of it; the plan must be clean and of candidate runs."""

    def __init__(self, day: IslandDay, plan: DayPlan, seed: int) -> None:
        self.problem = day_problem(day)
        self.found = candidates(self.problem)
        self.fleets = fleets_of(self.found)
        self.search, self.seed = Search(self.found, self.fleets, seed), seed
        days = vehicle_days(self.found, self.fleets, plan)
        self.known = days is not None
        if days is not None:
            self.search.put(self.search.fix(days))

    @property
    def fen(self) -> int:
        """Cost of the best plan."""
        return self.search.best.total

    def plan(self) -> DayPlan:
        """The best plan."""
        return plan_of(self.found, self.search.best.days)

    def polish(self, going: Callable[[], bool], steps: int = 10**9) -> None:
        """Takes vehicle days away and finds others while ``going``, ``steps`` times at most."""
        self.search.guide = self.search.worth()
        for _ in range(steps):
            if not going() or not self.search.best.days:
                break
            self.search.step(HEAT, going)

    def rebuilt(self, share: Callable[[], float], going: Callable[[], bool]) -> None:
        """Takes runs out and puts their people back while ``going``; ``share`` of the time for it that is over."""
        rebuild = Rebuild(self.found, self.fleets, self.seed)
        rebuild.load(self.search.best.days)
        rebuild.run(share, going)
        self.search.put(self.search.fix(rebuild.days()))

    def proof(self, ascending: Callable[[], bool], going: Callable[[], bool]) -> Proof:
        """A bound, ascended and then by column generation; some bound however short the time."""
        bounding = Bounding(self.found, self.fleets)
        for guide in (self.search.worth(), np.full(len(self.found.people), self.search.cap)):
            bounding.evaluate(replace(bounding.best, person=guide).rounded())
        bounding.ascend(0.8 * self.search.worth(), self.search.best.total * 9 // 10, ascending)
        bounding.run(going)
        self.search.guide = bounding.best.person
        return Proof(max(bounding.bound, self.problem.floor), self.problem.floor, len(self.found.runs))


def vehicle_days(found: Candidates, fleets: list[Fleet], plan: DayPlan) -> list[VehicleDay] | None:
    """A plan as the solver knows it; None if a run of it is no candidate."""
    day, made = found.problem.day, list[VehicleDay]()
    number = {p.party_id: n for n, p in enumerate(day.parties)}
    sites = {c.charger_id: n for n, c in enumerate(day.chargers)}
    known = _Known(found.problem)
    for fleet in fleets:
        for vehicle in facts.vehicle_ids(fleet.buses):
            duties: list[tuple[int, int, int, Task | None]] = []  # minute, action, node, run
            blocks: list[tuple[int, int]] = []
            for r in (r for r in plan.runs if r.vehicle == vehicle):
                run = known.run(r)
                if run is None:
                    return None
                end = day.number(r.halts[-1].stop if r.kind == "out" else r.quay)
                duties.append((r.ends, 0, end, Task(run, tuple((number[x.party], x.people) for x in r.loads))))
            for c in (c for c in plan.charges if c.vehicle == vehicle):
                for ends in range(c.begins + day.rules.block_min, c.ends + 1, day.rules.block_min):
                    duties.append((ends, kernels.CHARGE - CHUNK * (sites[c.charger] + 1), day.number(day.chargers[sites[c.charger]].node), None))
                    blocks.append((sites[c.charger], ends // day.rules.block_min - 1))
            duties += [(x.ends, kernels.REST, day.number(x.node), None) for x in plan.rests if x.vehicle == vehicle]
            duties.sort(key=lambda d: d[0])
            tasks = tuple(t for *_, t in duties if t is not None)
            if tasks:
                steps = ((kernels.START, fleet.home, day.rules.opens, fleet.full), *((action, node, minute, 0) for minute, action, node, _ in duties))
                made.append(fleet.trimmed(VehicleDay(fleet.number, steps, tasks, tuple(blocks), 0), found.people))
    return made


class _Known:
    """Candidate runs by what a plan tells of them."""

    def __init__(self, problem: DayProblem) -> None:
        self.problem, day = problem, problem.day
        calls = {c.call_id: c for c in day.calls}
        self.late = {p.party_id: facts.ready_late(calls[p.call], day.rules) for p in day.parties}
        self.number = {p.party_id: n for n, p in enumerate(day.parties)}
        self.moments: dict[tuple[bool, int, int], list[tuple[int, int]]] = {}
        for n, m in enumerate(problem.moments):
            self.moments.setdefault((m.out, m.quay, m.minute), []).append((m.latest, n))
        self.routes = {(r.quay, r.stops): n for n, r in enumerate(problem.routes)}

    def run(self, run: Run) -> int | None:
        """Number of the candidate run; None if there is none."""
        day, out = self.problem.day, run.kind == "out"
        minute = run.begins if out else run.ends
        latest = max(minute, *(self.late[x.party] for x in run.loads)) if out else minute
        moment = min((m for m in self.moments.get((out, day.number(run.quay), minute), ()) if m[0] >= latest), default=None)
        stops = [day.number(h.stop) for h in run.halts]
        route = self.routes.get((day.number(run.quay), tuple(stops if out else stops[::-1])))
        return None if moment is None or route is None else moment[1] * len(self.problem.routes) + route

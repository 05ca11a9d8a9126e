"""The timetable of all parts together: what each part has found, seated and judged as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from islandflow.ferry.audit import audit_plan, count_money
from islandflow.ferry.plan import FerryPlan
from islandflow.ferry.problem import FerryProblem
from islandflow.ferry.problem.parts import Part
from islandflow.passengers.seating import seating_on
from islandflow.result import PartGap
from solvers.contract import Watch
from solvers.ferry.best_seating import seat_best
from solvers.ferry.part_search import News
from solvers.ferry.timetable import timetable

Days = dict[str, list[int]]


class Fleet:
    """The best timetable of all parts together, and what is known of each part."""

    def __init__(self, problem: FerryProblem, parts: Sequence[Part], watch: Watch) -> None:
        self.problem, self.parts, self.watch = problem, parts, watch
        self.days: list[Days] = [{} for _ in parts]
        self.bounds: list[int | None] = [None] * len(parts)
        self.floors = [0] * len(parts)
        served = np.zeros(len(problem.size), dtype=bool)
        for part in parts:
            served[part.groups] = True
        left = np.repeat(problem.left_fen, np.diff(problem.group_ptr))
        self.unserved = int((left * problem.size)[~served].sum()) + _hopeless(problem)
        self.plan: FerryPlan | None = None
        self.objective: int | None = None
        self.unmet: frozenset[tuple[str, str]] = frozenset()
        self.stale = False

    def hear(self, news: News) -> None:
        """Takes what a part says."""
        if news.bound is not None:
            self.bounds[news.part] = max(news.bound, self.bounds[news.part] or news.bound)
        self.floors[news.part] = news.floor
        if news.days is not None:
            whole = self.parts[news.part].candidates
            self.days[news.part] = {name: whole[day].tolist() for name, day in news.days}
            self.stale = True

    @property
    def bound(self) -> int | None:
        """Sum of the parts' bounds and of what nobody can serve, in fen."""
        known = [b for b in self.bounds if b is not None]
        return self.unserved + sum(known) if len(known) == len(self.parts) else None

    def seat(self, best: bool = True) -> None:
        """Seats everybody on the timetable at hand, ``best`` at least cost; it is kept if it meets more obligations, or as many at less."""
        self.stale = False
        sailings = timetable(self.problem, [day for days in self.days for day in days.items()])
        seating = seating_on(self.problem.scenario, self.problem.service, sailings)
        seating.settle()
        if best:
            seat_best(seating)
        plan = FerryPlan(self.problem.service, sailings, seating.boardings())
        report = audit_plan(self.problem.scenario, plan, self.problem.network)
        if report.violations:
            raise RuntimeError(f"the search broke a rule, a defect: {report.violations[0]}")
        unmet = frozenset((o.obligation_id, o.rule) for o in report.unmet)
        if self.objective is None or (len(unmet), report.money.objective) < (len(self.unmet), self.objective):
            self.plan, self.objective, self.unmet = plan, report.money.objective, unmet
            if self.watch.keep:
                self.watch.keep(plan, self.objective)

    def tell(self, phase: str) -> None:
        """A line of the trace."""
        bound = self.bound
        self.watch.tell(phase, self.objective, bound if bound is None or self.objective is None else min(bound, self.objective))


def _hopeless(problem: FerryProblem) -> int:
    """Price in fen of the wishes that no pattern of any part sails."""
    return sum(n.least * n.price_fen for n in problem.needs if n.price_fen is not None and not any(n.stretch(p) for p in problem.patterns))


def _wished(problem: FerryProblem) -> int:
    return sum(n.least * n.price_fen for n in problem.needs if n.price_fen is not None)


def part_gaps(fleet: Fleet) -> tuple[PartGap, ...]:
    """What each part costs on the timetable at hand beside its bound; none where there is one part only, or no bound."""
    problem, plan = fleet.problem, fleet.plan
    if plan is None or len(fleet.parts) < 2 or None in fleet.bounds:  # noqa: PLR2004
        return ()
    left = np.repeat(problem.left_fen, np.diff(problem.group_ptr)) * problem.size
    lines = problem.scenario.lines
    found = []
    for part, bound in zip(fleet.parts, fleet.bounds, strict=True):
        vessels = {v for c in part.problem.circuits for v in c.vessel_ids()}
        sailings = {s.id: s for s in plan.sailings if s.vessel in vessels}
        own = FerryPlan(plan.service, tuple(sailings.values()), tuple(b for b in plan.boardings if b.rides[0].sailing in sailings))
        elsewhere = int(left.sum() - left[part.groups].sum()) + _wished(problem) - _wished(part.problem)
        cost = count_money(problem.scenario, own, problem.network).objective - elsewhere
        names = {lines[p.line].cluster for p in part.problem.patterns if p.line in lines}
        aboard: Counter[str] = Counter({c: 0 for p in part.problem.patterns for c in p.calls})
        for boarding in own.boardings:
            for ride in boarding.rides:
                aboard[sailings[ride.sailing].ports[ride.board - 1]] += boarding.people
        ports = tuple(sorted(aboard, key=lambda c: (-aboard[c], c)))
        found.append(PartGap(tuple(sorted(names)), ports, cost, bound or 0))
    return tuple(found)

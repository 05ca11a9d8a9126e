"""Better plans of an island day: runs are taken out and their people put back, thousands of times a second (`rebuild_moves`)."""

# ruff: noqa: I001  (columns are named in long lists)

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from solvers.shuttle import day_kernels as kernels
from solvers.shuttle import rebuild_moves as moves
from solvers.shuttle.fleet import CHUNK, Candidates, Fleet, Task, VehicleDay
from solvers.shuttle.master import blocks_of
from solvers.shuttle.rebuild_people import ride_fen
from solvers.shuttle.rebuild_state import (
    ABOARD, BACK, CHARGES, COST, COUNT, DIRTY, END, LEFT_FEN, MOMENT, MOST_ROWS, MOST_RUNS, NONE, REST_ENDS, REST_GAP, REST_NODE, RIDE_FEN,
    ROUTE, ROWS, START, TOTAL, UNITS, desk_of, facts_of, state_of,
)  # fmt: skip
from solvers.shuttle.rebuild_vehicle import describe, retimed

HOT, COLD = 1.5, 0.025  # people left behind (by their price) by which a change may be dearer at the beginning and at the end
ROUNDS = 128  # changes between two looks at the clock


class Rebuild:
    """Keeps a plan under change and the best one found."""

    def __init__(self, found: Candidates, fleets: list[Fleet], seed: int) -> None:
        """Nobody is taken yet."""
        self.found, self.fleets = found, fleets
        self.f, blocks = facts_of(found, fleets), blocks_of(found)
        self.now, self.kept, self.best = (state_of(self.f, blocks) for _ in range(3))
        self.desk = desk_of(self.f, seed)

    @property
    def total(self) -> int:
        """Fen of the best plan."""
        return int(self.best.counter[TOTAL])

    def load(self, days: Iterable[VehicleDay]) -> None:
        """Goes on from these days; runs for which a vehicle, charged by its rule of thumb, has no time are left out."""
        s, f, size = self.now, self.f, len(self.found.problem.routes)
        moves.passed(state_of(f, s.used.shape[1]), s, True)
        free = {k: [v for v in range(len(f.of)) if f.of[v] == k] for k in range(len(self.fleets))}
        for day in days:
            v = free[day.fleet].pop(0)
            for task in sorted(day.tasks, key=lambda t: self._first(t.run)):
                j = int(s.vehicle[v, COUNT])
                if j == MOST_RUNS or len(task.loads) > MOST_ROWS:
                    continue
                m, r = divmod(task.run, size)
                describe(f, int(f.of[v]), m, r, s.run[v], j)
                s.run[v, j, ROWS] = len(task.loads)
                s.run[v, j, ABOARD] = sum(n for _, n in task.loads)
                s.run[v, j, RIDE_FEN] = sum(n * ride_fen(f, m, r, p) for p, n in task.loads)
                for i, (p, n) in enumerate(task.loads):
                    s.load[v, j, i, 0], s.load[v, j, i, 1] = p, n
                    s.left[p] -= n
                    s.counter[TOTAL] -= n * int(f.rule[LEFT_FEN])
                s.vehicle[v, COUNT] = j + 1
                s.vehicle[v, DIRTY] = 1
                if not retimed(f, s, self.desk, v):
                    moves.unload(f, s, v, j)
                    retimed(f, s, self.desk, v)
        moves.passed(s, self.kept, True)
        if s.counter[TOTAL] < self.best.counter[TOTAL]:
            moves.passed(s, self.best, True)

    def _first(self, run: int) -> int:
        m, r = divmod(run, len(self.found.problem.routes))
        moment = self.found.problem.moments[m]
        return moment.minute if moment.out else moment.minute - self.found.problem.routes[r].minutes

    def run(self, share: Callable[[], float], going: Callable[[], bool]) -> None:
        """Changes at falling heat while ``going``; ``share`` of the time that is over tells how cold."""
        price = float(self.f.rule[LEFT_FEN])
        while going() and (done := share()) < 1.0:
            heat = price * HOT * math.exp(math.log(COLD / HOT) * done)
            moves.search(self.f, self.now, self.kept, self.best, self.desk, ROUNDS, heat)

    def days(self) -> tuple[VehicleDay, ...]:
        """The best plan's vehicle days."""
        return tuple(self._day(v) for v in range(len(self.f.of)) if self.best.vehicle[v, COUNT])

    def _day(self, v: int) -> VehicleDay:
        s, f, size = self.best, self.f, len(self.found.problem.routes)
        k, rules = int(f.of[v]), self.found.problem.day.rules
        fleet = self.fleets[k]
        at, energy, minute = fleet.home, fleet.full, rules.opens
        steps, tasks, blocks = [(kernels.START, at, minute, energy)], [], []

        def go(node: int) -> None:
            nonlocal at, energy, minute
            if node != at:
                energy -= int(f.way_units[k, at, node])
                minute += int(f.way_min[at, node])
                steps.append((kernels.DEADHEAD, node, minute, energy))
                at = node

        charges = [[int(x) for x in s.charge[v, n]] for n in range(int(s.vehicle[v, CHARGES]))]
        rest, rest_node, rest_ends = (int(s.vehicle[v, c]) for c in (REST_GAP, REST_NODE, REST_ENDS))
        count = int(s.vehicle[v, COUNT])
        for g in range(count + 1):
            events = [(rest_ends, kernels.REST, rest_node, NONE)] if rest == g and rest_node != NONE else []
            events += [((t + 1) * rules.block_min, kernels.CHARGE - CHUNK * (c + 1), int(f.site[c, 0]), c) for h, c, t in charges if h == g]
            for ends, action, node, site in sorted(events):
                go(node)
                if site != NONE:
                    energy = min(fleet.full, energy + int(f.gain[site]))
                    blocks.append((site, ends // rules.block_min - 1))
                minute = ends
                steps.append((action, node, minute, energy))
            if g == count:
                break
            run = s.run[v, g]
            go(int(run[START]))
            energy -= int(run[UNITS])
            at, minute = int(run[END]), int(run[BACK])
            m, r = int(run[MOMENT]), int(run[ROUTE])
            action = 0  # whichever run: what it is stands in the tasks
            steps.append((action, at, minute, energy))
            tasks.append(Task(m * size + r, tuple(sorted((int(s.load[v, g, i, 0]), int(s.load[v, g, i, 1])) for i in range(int(run[ROWS]))))))
        go(fleet.home)
        return VehicleDay(k, tuple(steps), tuple(tasks), tuple(blocks), int(s.vehicle[v, COST]))

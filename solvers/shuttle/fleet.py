"""A day's candidates as arrays, and the pricing of one fleet: its cheapest vehicle day at given prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from islandflow.shuttle import day as facts
from islandflow.shuttle.problem import DayProblem
from solvers.shuttle import day_kernels as kernels

IntArray: TypeAlias = NDArray[np.int64]
FloatArray: TypeAlias = NDArray[np.float64]
CHUNK = 8  # a charging step is CHARGE - CHUNK * (site + 1)


@dataclass(frozen=True)
class Candidates:
    """Items (party, wait) by moment and stop, routes, and every candidate run; ``cost`` (wait, ride) fen a person."""

    problem: DayProblem
    people: IntArray
    stop_of: tuple[int, ...]
    ready: tuple[int, ...]
    item_start: IntArray
    item_party: IntArray
    item_wait: IntArray
    route_start: IntArray
    route_stop: IntArray
    route_ride: IntArray
    cost: IntArray
    runs: IntArray

    @property
    def nodes(self) -> int:
        """How many nodes the day has."""
        return len(self.problem.day.nodes)


@dataclass(frozen=True)
class Task:
    """A run of a vehicle day: candidate run, its loads as (party, people)."""

    run: int
    loads: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class VehicleDay:
    """A day of a vehicle of ``fleet``: steps (action, node, minute, energy), tasks, blocks at chargers as (site, block), cost in fen."""

    fleet: int
    steps: tuple[tuple[int, int, int, int], ...]
    tasks: tuple[Task, ...]
    blocks: tuple[tuple[int, int], ...]
    cost: int


def candidates(problem: DayProblem) -> Candidates:
    """Every candidate run of a problem."""
    day, rules = problem.day, problem.day.rules
    nodes = len(day.nodes)
    stop_of = tuple(day.number(p.stop) for p in day.parties)
    calls = {c.call_id: c for c in day.calls}
    start, party, wait = [0], [], []
    for m in problem.moments:
        at: dict[int, list[tuple[int, int]]] = {}
        for p, w in m.parties:
            at.setdefault(stop_of[p], []).append((p, w))
        for node in range(nodes):
            for p, w in at.get(node, ()):
                party.append(p)
                wait.append(w)
            start.append(len(party))
    routes = problem.routes
    longest = max((r.minutes for r in routes), default=0) + 1
    cost = [[facts.person_fen(w, r, rules) for r in range(longest)] for w in range(rules.longest_wait_min + 1)]
    route_start = np.cumsum([0, *(len(r.stops) for r in routes)], dtype=np.int64)
    route_stop, item_start = _ints(s for r in routes for s in r.stops), _ints(start)
    runs = kernels.pair_runs(
        _ints(m.quay for m in problem.moments), item_start, _ints(r.quay for r in routes), route_start, route_stop, nodes
    )
    return Candidates(
        problem, _ints(p.people for p in day.parties), stop_of, tuple(facts.ready(calls[p.call], rules) for p in day.parties), item_start, _ints(party), _ints(wait), route_start, route_stop,
        _ints(x for r in routes for x in r.rides), np.array(cost, dtype=np.int64), runs,
    )  # fmt: skip


def _ints(values: object) -> IntArray:
    return np.array(list(values), dtype=np.int64)  # type: ignore[call-overload]


class Fleet:
    """Prices the vehicle days of one row of ``buses``."""

    def __init__(self, found: Candidates, number: int) -> None:
        """Puts runs that a vehicle cannot tell apart (same ends, times, energy) on one arc."""
        self.found, self.number = found, number
        day = found.problem.day
        self.buses, rules = day.buses[number], day.rules
        self.rules, self.day = rules, day
        moments, routes = found.problem.moments, found.problem.routes
        out = np.array([m.out for m in moments], dtype=bool)[found.runs[:, 0]]
        minute, latest = (_ints(getattr(m, k) for m in moments)[found.runs[:, 0]] for k in ("minute", "latest"))
        long, metres, end = (
            _ints(x)[found.runs[:, 1]] for x in ((r.minutes for r in routes), (r.metres for r in routes), (r.stops[-1] for r in routes))
        )
        quay = _ints(r.quay for r in routes)[found.runs[:, 1]]
        units = -(-metres * self.buses.wh_per_km // (1000 * rules.unit_wh))
        self.fixed = (metres * self.buses.km_fen + 500) // 1000
        keys = np.stack(
            (np.where(out, minute, minute - long), np.where(out, quay, end), np.where(out, end, quay),
             np.where(out, latest + long, minute + rules.dwell_min), units), axis=1,
        )  # fmt: skip
        keep = keys[:, 0] >= rules.opens
        self.runs = found.runs[keep].copy()
        self.fixed = self.fixed[keep].copy()
        self.no_bonus = np.zeros(len(self.runs))
        arcs, arc_of = np.unique(keys[keep], axis=0, return_inverse=True) if keep.any() else (np.zeros((0, 5), np.int64), np.zeros(0))
        self.arc_of = np.asarray(arc_of, dtype=np.int64).reshape(-1)
        self.first, self.node, self.end, self.ready, self.units = (np.ascontiguousarray(arcs[:, k], dtype=np.int64) for k in range(5))
        self.arc_start = np.searchsorted(self.first, np.arange(rules.closes + 3)).astype(np.int64)
        self.arc_cost, self.chosen = np.empty(len(arcs)), np.zeros(len(arcs), np.int64)
        self.way_fen = (day.metres * self.buses.km_fen + 500) // 1000
        self.way_units = -(-day.metres * self.buses.wh_per_km // (1000 * rules.unit_wh))
        self.home = day.number(self.buses.base)
        self.full = facts.battery_units(self.buses, rules)
        self.site_node = _ints(day.number(c.node) for c in day.chargers)
        self.site_gain = _ints(facts.block_units(c, rules) for c in day.chargers)
        offsets = [1, rules.break_min, rules.block_min, int(day.minutes.max()), *((self.ready - self.first).tolist() or [1])]
        self.span = max(offsets) + 1

    def price(self, price: FloatArray, people: IntArray, site_price: FloatArray, whole: bool = False, bonus: FloatArray | None = None) -> tuple[float, VehicleDay | None]:
        """Reduced cost of the cheapest day, its day cost counted in, and that day (None: staying at home is the best).

        price: (parties,) fen a person, people: (parties,) still to be taken, site_price: (sites, blocks) fen, inf = taken. Within a
        day a party that is passed twice is counted twice; ``whole`` takes that back in the day that is returned, not in its worth.
        bonus: (runs of the fleet,) fen that a run earns by itself.
        """
        f, r = self.found, self.rules
        kernels.arc_costs(
            self.runs, self.fixed, self.arc_of, f.nodes, f.item_start, f.item_party, f.item_wait, f.route_start, f.route_stop, f.route_ride,
            f.cost, price, people, self.buses.seats, self.no_bonus if bonus is None else bonus, self.arc_cost, self.chosen,
        )  # fmt: skip
        value, steps = kernels.cheapest_day(
            r.opens, r.closes, self.home, self.full, self.day.minutes, self.way_fen, self.way_units, self.arc_start, self.node,
            self.end, self.ready, self.units, self.arc_cost, self.site_node, self.site_gain, site_price, r.block_min, r.break_min, r.break_from,
            r.break_to, self.span,
        )  # fmt: skip
        if not len(steps) or not (steps[:, 0] >= 0).any():
            return float(self.buses.day_fen), None
        return value + self.buses.day_fen, self.day_of(steps, price, people, whole)

    def day_of(self, steps: IntArray, price: FloatArray, people: IntArray, whole: bool) -> VehicleDay:
        """The vehicle day of a path; if ``whole``, nobody is taken twice and runs that then carry nobody are left out."""
        f, cost, tasks, blocks = self.found, self.buses.day_fen, [], []
        gains, who, put = np.empty(kernels.MOST_ITEMS), np.empty(kernels.MOST_ITEMS, np.int64), np.empty(kernels.MOST_ITEMS, np.int64)
        before = int(steps[0, 1])
        for action, node, minute, _ in steps.tolist():
            if action >= 0:
                v = int(self.chosen[action])
                m, r = (int(x) for x in self.runs[v])
                rows, _ = kernels.fill(
                    m, r, f.nodes, f.item_start, f.item_party, f.item_wait, f.route_start, f.route_stop, f.route_ride, f.cost, price, people,
                    self.buses.seats, gains, who, put,
                )  # fmt: skip
                loads = tuple((int(p), int(n)) for p, n in zip(who[:rows], put[:rows], strict=True))
                tasks.append(Task(m * len(f.problem.routes) + r, loads))
                cost += int(self.fixed[v]) + self.people_cost(tasks[-1])
            elif action == kernels.DEADHEAD:
                cost += int(self.way_fen[before, node])
            elif action <= kernels.CHARGE - CHUNK:
                blocks.append(((kernels.CHARGE - action) // CHUNK - 1, minute // self.rules.block_min - 1))
            before = node
        day = VehicleDay(self.number, tuple(tuple(s) for s in steps.tolist()), tuple(tasks), tuple(blocks), cost)
        return self.trimmed(day, people) if whole else day

    def trimmed(self, day: VehicleDay, people: IntArray) -> VehicleDay:
        """The day with nobody taken who is not there, or twice; runs that then carry nobody, and the ways to them, are left out."""
        left, tasks, steps, number = people.copy(), list[Task](), list[tuple[int, int, int, int]](), 0
        at, energy, cost = self.home, self.full, self.buses.day_fen
        for action, node, minute, _ in day.steps:
            if action in (kernels.DEADHEAD, kernels.START):
                continue
            start, units, way = node, 0, 0
            if action >= 0:
                task = day.tasks[number]
                number += 1
                loads = tuple((p, n) for p, n in ((p, min(n, int(left[p]))) for p, n in task.loads) if n)
                if not loads:
                    continue
                for p, n in loads:
                    left[p] -= n
                tasks.append(Task(task.run, loads))
                start, metres = self.start_of(task.run)
                units, way = -(-metres * self.buses.wh_per_km // (1000 * self.rules.unit_wh)), (metres * self.buses.km_fen + 500) // 1000
                cost += self.people_cost(tasks[-1])
            energy -= int(self.way_units[at, start])
            if at != start:
                steps.append((kernels.DEADHEAD, start, minute, energy))
            energy -= units
            cost += int(self.way_fen[at, start]) + way
            if action <= kernels.CHARGE - CHUNK:
                energy = min(self.full, energy + int(self.site_gain[(kernels.CHARGE - action) // CHUNK - 1]))
            steps.append((action, node, minute, energy))
            at = node
        cost += int(self.way_fen[at, self.home])
        return VehicleDay(self.number, ((kernels.START, self.home, self.rules.opens, self.full), *steps), tuple(tasks), day.blocks, cost)

    def start_of(self, run: int) -> tuple[int, int]:
        """Node where a run begins, and its metres."""
        moment, route = divmod(run, len(self.found.problem.routes))
        r = self.found.problem.routes[route]
        return (r.quay if self.found.problem.moments[moment].out else r.stops[-1]), r.metres

    def people_cost(self, task: Task) -> int:
        """Fen of the minutes of those on board."""
        moment, route = divmod(task.run, len(self.found.problem.routes))
        return sum(n * person_cost(self.found, moment, route, p) for p, n in task.loads)


def person_cost(found: Candidates, moment: int, route: int, party: int) -> int:
    """Fen of one person of a party on a run."""
    stop, r = found.stop_of[party], found.problem.routes[route]
    m = found.problem.moments[moment]
    wait = m.minute - found.ready[party] if m.out else found.ready[party] - m.minute
    return int(found.cost[wait, r.rides[r.stops.index(stop)]])


def fleets_of(found: Candidates) -> list[Fleet]:
    """One pricing engine a row of buses."""
    return [Fleet(found, n) for n in range(len(found.problem.day.buses))]


def cheapest_days(
    fleets: Sequence[Fleet], price: FloatArray, people: IntArray, site_price: FloatArray, whole: bool = False, bonus: Sequence[FloatArray] = ()
) -> list[tuple[float, VehicleDay | None]]:
    """``Fleet.price`` of several fleets; ``bonus`` is none, or one a fleet."""
    return [f.price(price, people, site_price, whole, bonus[k] if bonus else None) for k, f in enumerate(fleets)]

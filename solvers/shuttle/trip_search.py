"""Plans for several trips a vehicle: ruin and recreate under annealing, and the days it came by recombined by set partitioning.

The annealing (``trip_anneal``) only knows days that can run, and leaves customers out at a fine where the fleet is short. Should it find
no complete plan in half the time, PyVRP (Wouda, Lan & Kool 2024) looks for one, since it may overload and be late on its way.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import pyvrp
from pyvrp.stop import MaxRuntime

from solvers.shuttle.multitrip import Journeys, MultiTrip, Trip
from solvers.shuttle.trip_run import Annealing, Cooling
from solvers.silent_highs import silent_highs

# a round: its end as a share of the time; first and last temperature as a share of the way to a near customer
ROUNDS = ((0.5, 0.5, 0.05), (1.0, 0.3, 0.05))
COMBINE = 0.05  # share of the time for one recombination; as much is kept in hand for what it takes beyond
INCOMPLETE, COMPLETE = 0.5, 0.25  # shares of the time after which PyVRP helps if somebody is left out, and that it then has
LAST, TEPID = 0.99, 0.1  # up to this share of the time the best plan is searched further, from that temperature on
SLACK, MOST_DAYS = 1e-6, 4000  # of a reduced cost; days in a program of whole numbers
Day = tuple[Trip, ...]


@dataclass(frozen=True)
class TripPlan:
    """``journeys`` are the vehicles' trips; ``cost`` None if no plan was found; ``days`` looked at, and what recombining gained."""

    journeys: Journeys
    cost: int | None
    seconds: float
    days: int
    gained: int


def vrp_data(problem: MultiTrip) -> pyvrp.ProblemData:
    """The problem as PyVRP reads it."""
    n, horizon = problem.customers, int(problem.closes[0])
    locations = [pyvrp.Location(0, 0) for _ in range(n + 1)]
    clients = [
        pyvrp.Client(
            k,
            [int(problem.demand[k])],
            [0],
            int(problem.service[k]),
            int(problem.opens[k]),
            int(problem.closes[k]),
            int(problem.release[k]),
        )
        for k in range(1, n + 1)
    ]
    depots = [pyvrp.Depot(0, int(problem.opens[0]), horizon, int(problem.service[0]))]
    vehicles = [pyvrp.VehicleType(problem.vehicles, [problem.capacity], 0, 0, 0, int(problem.opens[0]), horizon, reload_depots=[0])]
    way: Any = problem.travel.astype(np.int64)
    return pyvrp.ProblemData(locations, clients, depots, vehicles, [way], [way])


def day_of(route: Any) -> Day:
    """The trips of a route, empty ones left out."""
    trips: list[list[int]] = [[]]
    for step in route:
        if step.is_depot():
            trips.append([])
        else:
            trips[-1].append(step.idx + 1)
    return tuple(tuple(t) for t in trips if t)


def can_run(problem: MultiTrip, day: Day) -> bool:
    """Whether one vehicle can make the trips in that order, each as early as it may."""
    now = 0
    for trip in day:
        timing = problem.timing(trip)
        if timing is None or max(now, timing.ready) > timing.latest:
            return False
        now = timing.back(max(now, timing.ready))
    return True


def search_trips(problem: MultiTrip, seconds: float, seed: int = 1) -> TripPlan:
    """The best plan that ``seconds`` allow; no bound (see ``multitrip_bound``)."""
    begun = time.monotonic()
    if problem.customers == 0:
        return TripPlan((), 0, 0.0, 0, 0)
    search, before, seen = Annealing(problem, seed), begun, _Seen(problem)
    unit, helped, gained = search.unit(), False, 0
    for share, hot, cold in ROUNDS:
        until = begun + (share - 2 * COMBINE) * seconds
        stages = Cooling(before, until, hot * unit, cold * unit)
        search.run(stages, min(until, begun + INCOMPLETE * seconds))
        if search.cost is None and not helped:
            helped = True
            if found := _by_pyvrp(problem, min(COMPLETE * seconds, until - time.monotonic()), seed):
                search.take(found)
        search.run(stages, until)
        before = begun + share * seconds
        if search.cost is None:
            continue
        for travel, day in search.came_by():
            seen.add(travel, day)
        limit = min(COMBINE * seconds, begun + seconds - time.monotonic())
        new = seen.combined(search.cost, limit) if limit > 0 else None
        if new is not None and sum(problem.cost(t) for d in new for t in d) < search.cost:
            gained += search.take(tuple(new))
    if search.cost is not None:
        search.load(search.journeys())
    end = begun + LAST * seconds
    search.run(Cooling(time.monotonic(), end, TEPID * unit, ROUNDS[-1][2] * unit), end)
    journeys = search.journeys() if search.cost is not None else ()
    sound = search.cost is not None and all(can_run(problem, d) for d in journeys)
    cost = sum(problem.cost(t) for d in journeys for t in d) if sound else None
    return TripPlan(journeys if sound else (), cost, time.monotonic() - begun, len(seen.days), gained)


def _by_pyvrp(problem: MultiTrip, seconds: float, seed: int) -> Journeys | None:
    """A complete plan by PyVRP, whose search may overload and be late on its way to one; None if it finds none."""
    if seconds <= 0:
        return None
    best = pyvrp.solve(vrp_data(problem), MaxRuntime(seconds), seed=seed, collect_stats=False, display=False).best
    days = tuple(day_of(r) for r in best.routes())
    return days if best.is_feasible() and all(can_run(problem, d) for d in days) else None


class _Seen:
    """Days with their cost; the cheapest order of each set of customers is kept."""

    def __init__(self, problem: MultiTrip) -> None:
        self.problem, self.days = problem, dict[frozenset[int], tuple[int, Day]]()

    def add(self, cost: int, day: Day) -> None:
        """One more."""
        who = frozenset(k for t in day for k in t)
        if who not in self.days or cost < self.days[who][0]:
            self.days[who] = (cost, day)

    def combined(self, known: int | None, seconds: float) -> list[Day] | None:
        """Days that serve everyone once for less than ``known``; None if there are none, or none is found in time.

        The relaxation first: by its prices only days can be part of a cheaper plan whose reduced cost is below the gap.
        """
        if not self.days:
            return None
        end = time.monotonic() + seconds
        items = [(who, cost, day) for who, (cost, day) in self.days.items()]
        relaxed = self._program(items, seconds)
        relaxed.run()
        if relaxed.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        if known is not None:
            room = known - relaxed.getInfo().objective_function_value
            reduced = np.array(relaxed.getSolution().col_dual)
            chosen = np.argsort(reduced, kind="stable")[:MOST_DAYS]
            items = [items[k] for k in chosen.tolist() if reduced[k] <= room - 1 + SLACK]
        left = end - time.monotonic()
        if not items or left <= 0:
            return None
        h = self._program(items, left)
        if known is not None:
            h.setOptionValue("objective_bound", float(known))
        h.changeColsIntegrality(len(items), np.arange(len(items), dtype=np.int32), np.array([highspy.HighsVarType.kInteger] * len(items)))
        h.run()
        if h.getInfo().primal_solution_status != 2:  # noqa: PLR2004  (a feasible point)
            return None
        x = np.array(h.getSolution().col_value)
        return [items[k][2] for k in np.nonzero(x > 0.5)[0].tolist()]  # noqa: PLR2004

    def _program(self, items: list[tuple[frozenset[int], int, Day]], seconds: float) -> Any:
        """Every customer once, at most as many days as vehicles; relaxed."""
        n, h = self.problem.customers, silent_highs()
        for option, value in (("output_flag", False), ("threads", 1), ("time_limit", seconds)):
            h.setOptionValue(option, value)
        none = np.zeros(0, np.int32)
        for low, high in [(1.0, 1.0)] * n + [(0.0, float(self.problem.vehicles))]:
            h.addRow(low, high, 0, none, none.astype(float))
        rows = [np.array([*sorted(k - 1 for k in who), n], np.int32) for who, _, _ in items]
        starts = np.cumsum([0, *(len(r) for r in rows[:-1])]).astype(np.int32)
        m, entries = len(items), np.concatenate(rows)
        costs = np.array([cost for _, cost, _ in items], float)
        h.addCols(m, costs, np.zeros(m), np.ones(m), len(entries), starts, entries, np.ones(len(entries)))
        return h

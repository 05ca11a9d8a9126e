"""Plans for several trips a vehicle: PyVRP searches, what it has seen is recombined by set partitioning, and it goes on from there.

PyVRP (Wouda, Lan & Kool 2024) models the trips itself: a vehicle may load again at the depot, customers have release times. Its search
keeps one plan; the days of all good plans it passes hold better combinations, which a set-partitioning program finds exactly.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import pyvrp
from pyvrp.IteratedLocalSearch import IteratedLocalSearchCallbacks, IteratedLocalSearchParams
from pyvrp.stop import MaxRuntime

from solvers.shuttle.multitrip import Journeys, MultiTrip, Trip
from solvers.silent_highs import silent_highs

NEAR, EVERY, MOST_DAYS = 1.03, 25, 20_000  # plans so much above the best are looked at, one in so many; days kept
SEARCHES, COMBINE = (0.55, 0.85, 1.0), 0.06  # shares of the time at which a search ends; share that a recombination may take
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
        pyvrp.Client(k, [int(problem.demand[k])], [0], int(problem.service[k]), int(problem.opens[k]), int(problem.closes[k]), int(problem.release[k]))
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
    data, seen = vrp_data(problem), _Seen(problem)
    best: pyvrp.Solution | None = None
    gained = 0
    for number, share in enumerate(SEARCHES):
        left = begun + (share - COMBINE / 2) * seconds - time.monotonic()
        if left > 0:
            params = pyvrp.SolveParams(ils=IteratedLocalSearchParams(callbacks=seen))
            found = pyvrp.solve(data, MaxRuntime(left), seed=seed + 1000 * number, collect_stats=False, params=params, initial_solution=best).best
            seen.keep(found)
            if found.is_feasible() and (best is None or found.distance() < best.distance()):
                best = found
        limit = min(COMBINE * seconds, begun + seconds - time.monotonic())
        days = seen.combined(best.distance() if best is not None else None, limit) if limit > 0 else None
        if days is not None:
            routes = [pyvrp.Route(data, _steps(day), 0) for day in days]
            new = pyvrp.Solution(data, routes)
            if new.is_feasible() and (best is None or new.distance() < best.distance()):
                gained += best.distance() - new.distance() if best is not None else 0
                best = new
    journeys = tuple(day_of(r) for r in best.routes()) if best is not None else ()
    sound = best is not None and all(can_run(problem, d) for d in journeys)
    cost = sum(problem.cost(t) for d in journeys for t in d) if sound else None
    return TripPlan(journeys if sound else (), cost, time.monotonic() - begun, len(seen.days), gained)


def _steps(day: Day) -> list[pyvrp.Activity]:
    """A day as PyVRP's activities, with a call at the depot between two trips."""
    steps: list[pyvrp.Activity] = []
    for trip in day:
        if steps:
            steps.append(pyvrp.Activity(pyvrp.ActivityType.DEPOT, 0))
        steps += [pyvrp.Activity(pyvrp.ActivityType.CLIENT, k - 1) for k in trip]
    return steps


class _Seen(IteratedLocalSearchCallbacks):
    """Days of the good plans that a search passes, with their cost; the cheapest order of each set of customers is kept."""

    def __init__(self, problem: MultiTrip) -> None:
        self.problem, self.days = problem, dict[frozenset[int], tuple[int, Day]]()
        self.count = 0

    def on_iteration(self, current: Any, candidate: Any, best: Any, cost_evaluator: Any) -> None:
        """One plan in so many, if it is near the best."""
        self.count += 1
        if self.count % EVERY == 0 and candidate.is_feasible() and candidate.distance() <= NEAR * best.distance():
            self.keep(candidate)

    def on_best(self, best: Any) -> None:
        """Every new best plan."""
        if best.is_feasible():
            self.keep(best)

    def keep(self, plan: Any) -> None:
        """Its days."""
        if len(self.days) > MOST_DAYS:
            return
        for route in plan.routes():
            day = day_of(route)
            who = frozenset(k for t in day for k in t)
            if not who or not route.is_feasible():
                continue
            cost = int(route.distance())
            if who not in self.days or cost < self.days[who][0]:
                self.days[who] = (cost, day)

    def combined(self, known: int | None, seconds: float) -> list[Day] | None:
        """Days that serve everyone once for less than ``known``; None if there are none, or none is found in time."""
        if not self.days:
            return None
        items = list(self.days.items())
        h: Any = silent_highs()
        for option, value in (("output_flag", False), ("threads", 1), ("time_limit", seconds)):
            h.setOptionValue(option, value)
        if known is not None:
            h.setOptionValue("objective_bound", float(known))
        n, none = self.problem.customers, np.zeros(0, np.int32)
        for low, high in [(1.0, 1.0)] * n + [(0.0, float(self.problem.vehicles))]:
            h.addRow(low, high, 0, none, none.astype(float))
        for who, (cost, _) in items:
            rows = np.array([*sorted(k - 1 for k in who), n], np.int32)
            h.addCol(float(cost), 0.0, 1.0, len(rows), rows, np.ones(len(rows)))
        h.changeColsIntegrality(len(items), np.arange(len(items), dtype=np.int32), np.array([highspy.HighsVarType.kInteger] * len(items)))
        h.run()
        if h.getInfo().primal_solution_status != 2:  # noqa: PLR2004  (a feasible point)
            return None
        x = np.array(h.getSolution().col_value)
        return [items[k][1][1] for k in np.nonzero(x > 0.5)[0].tolist()]  # noqa: PLR2004

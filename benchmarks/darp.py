"""Dial-a-ride against public instances and a peer: ``python -m benchmarks.darp --instances DIR --seconds S --seed N --out FILE.csv``.

Cases are Cordeau's files by name; no value is built in: a file ``known_values.csv`` (columns ``case,value``) in the folder is read if it
is there. Peer: OR-tools routing with pickups, windows and ride limits. Every plan is judged by `faults` before its value counts.
"""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.harness import Case, Options, Outcome, main
from benchmarks.routing_instances import read_darp
from solvers.shuttle.dial_a_ride import DialARide, faults
from solvers.shuttle.ride_chains import solve_rides

LEFT_OUT = 10**9  # price of a stop left out, thousandths
SCALE = 1000  # whole thousandths for OR-tools; times rounded up, so that a plan keeps its windows


def cases(folder: Path) -> Iterable[Case]:
    """Every instance of the folder."""
    known: dict[str, float] = {}
    if (folder / "known_values.csv").is_file():
        with (folder / "known_values.csv").open(encoding="utf-8", newline="") as source:
            known = {r["case"]: float(r["value"]) for r in csv.DictReader(source)}
    for path in sorted(folder.glob("*.txt")):
        yield Case(path.stem, str(path), known.get(path.stem), proven=False)


def ours(case: Case, options: Options) -> Outcome:
    """Fragments chained with a proof."""
    began = time.monotonic()
    problem = read_darp(Path(case.facts))
    found = solve_rides(problem, options.seconds - (time.monotonic() - began))
    if found.value is None or faults(problem, found.routes):
        return Outcome("no_solution", None, found.bound, time.monotonic() - began)
    return Outcome(found.status, found.value, found.bound, time.monotonic() - began)


def ortools_routing(case: Case, options: Options) -> Outcome:
    """OR-tools routing: parallel insertion, then guided local search until the time is over."""
    problem = read_darp(Path(case.facts))
    began = time.monotonic()
    routes = _ortools(problem, options.seconds)
    if routes is None or faults(problem, routes):
        return Outcome("no_solution", None, None, time.monotonic() - began)
    return Outcome("feasible", sum(problem.cost(r) for r in routes), None, time.monotonic() - began)


def _ortools(problem: DialARide, seconds: float) -> list[list[int]] | None:
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    n = problem.requests
    manager = pywrapcp.RoutingIndexManager(2 * n + 2, problem.vehicles, [0] * problem.vehicles, [2 * n + 1] * problem.vehicles)
    model = pywrapcp.RoutingModel(manager)
    way = [[round(SCALE * float(x)) for x in row] for row in problem.travel]
    spent = [[int(-(-SCALE * float(x + problem.service[i]) // 1)) for x in row] for i, row in enumerate(problem.travel)]

    def between(table: list[list[int]]) -> Any:
        return model.RegisterTransitCallback(lambda a, b: table[manager.IndexToNode(a)][manager.IndexToNode(b)])

    model.SetArcCostEvaluatorOfAllVehicles(between(way))
    horizon = round(SCALE * float(problem.closes[0]))
    model.AddDimension(between(spent), horizon, horizon, False, "time")
    model.AddDimensionWithVehicleCapacity(model.RegisterUnaryTransitCallback(lambda a: int(problem.load[manager.IndexToNode(a)])), 0, [problem.capacity] * problem.vehicles, True, "load")  # fmt: skip
    clock, solver = model.GetDimensionOrDie("time"), model.solver()
    for v in range(problem.vehicles):
        solver.Add(clock.CumulVar(model.End(v)) - clock.CumulVar(model.Start(v)) <= round(SCALE * problem.longest_route))
    for i in range(1, n + 1):
        a, b = manager.NodeToIndex(i), manager.NodeToIndex(n + i)
        model.AddPickupAndDelivery(a, b)
        for at in (a, b):  # its first routes leave some out where windows are tight; what is left out at the end is no plan
            model.AddDisjunction([at], LEFT_OUT)
        solver.Add(model.VehicleVar(a) == model.VehicleVar(b))
        solver.Add(clock.CumulVar(b) - clock.CumulVar(a) <= int(SCALE * (problem.longest_ride + float(problem.service[i]))))
        solver.Add(clock.CumulVar(a) <= clock.CumulVar(b))
        for k, at in ((i, a), (n + i, b)):
            clock.CumulVar(at).SetRange(int(-(-SCALE * float(problem.opens[k]) // 1)), int(SCALE * float(problem.closes[k])))
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    search.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    search.time_limit.FromMilliseconds(int(1000 * seconds))
    found = model.SolveWithParameters(search)
    if found is None:
        return None
    routes = []
    for v in range(problem.vehicles):
        route, at = [], found.Value(model.NextVar(model.Start(v)))
        while not model.IsEnd(at):
            route.append(manager.IndexToNode(at))
            at = found.Value(model.NextVar(at))
        if route:
            routes.append(route)
    return routes


COMPETITORS = {"islandflow": ours, "ortools-routing": ortools_routing}

if __name__ == "__main__":
    sys.exit(main("darp", cases, COMPETITORS))

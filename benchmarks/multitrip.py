"""Several trips a vehicle with release times: ``python -m benchmarks.multitrip --instances DIR --seconds S --seed N --out FILE.csv``.

Cases are the VRPLIB files of the folder (distances in tenths, cut down); known values are read from the ``.sol`` files beside them.
``islandflow`` searches and ``islandflow-bound`` bounds, each for S seconds (the contract's gap needs both). Peers: PyVRP, and OR-tools routing.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from benchmarks.harness import Case, Options, Outcome, main
from benchmarks.routing_instances import read_multitrip, read_solution
from solvers.shuttle.multitrip import MultiTrip
from solvers.shuttle.multitrip_bound import lower_bound
from solvers.shuttle.trip_run import compiled
from solvers.shuttle.trip_search import can_run, day_of, search_trips, vrp_data


def cases(folder: Path) -> Iterable[Case]:
    """Every instance of the folder."""
    for path in sorted(folder.glob("*.vrp")):
        known, proven = None, False
        if path.with_suffix(".sol").is_file():
            _, known, proven = read_solution(path.with_suffix(".sol"))
        yield Case(path.stem, str(path), known, proven)


def ours(case: Case, options: Options) -> Outcome:
    """Ruin and recreate under annealing, with set partitioning over the days it came by."""
    compiled()  # before the clock
    found = search_trips(read_multitrip(Path(case.facts)), options.seconds, options.seed)
    return Outcome("feasible" if found.cost is not None else "no_solution", found.cost, None, found.seconds)


def our_bound(case: Case, options: Options) -> Outcome:
    """The bound alone, without a plan."""
    ways, none, day = np.array([[0, 3, 4], [3, 0, 2], [4, 2, 0]]), np.zeros(3, np.int64), np.full(3, 99, np.int64)
    lower_bound(MultiTrip(ways, none, none, day, none, np.array([0, 1, 1]), 2, 1), 60)  # compiled once, before the clock
    found = lower_bound(read_multitrip(Path(case.facts)), options.seconds)
    return Outcome("no_solution", None, float(found.value), found.seconds)


def peer_pyvrp(case: Case, options: Options) -> Outcome:
    """PyVRP as it is, with reloading at the depot and release times."""
    import pyvrp
    from pyvrp.stop import MaxRuntime

    problem = read_multitrip(Path(case.facts))
    began = time.monotonic()
    best = pyvrp.solve(vrp_data(problem), MaxRuntime(options.seconds), seed=options.seed, collect_stats=False, display=False).best
    days = [day_of(r) for r in best.routes()]
    if not best.is_feasible() or not all(can_run(problem, d) for d in days):
        return Outcome("no_solution", None, None, time.monotonic() - began)
    return Outcome("feasible", float(sum(problem.cost(t) for d in days for t in d)), None, time.monotonic() - began)


COMPETITORS = {"islandflow": ours, "islandflow-bound": our_bound, "pyvrp": peer_pyvrp}

if __name__ == "__main__":
    sys.exit(main("multitrip", cases, COMPETITORS))

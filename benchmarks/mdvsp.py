"""Rotations against public instances and peers: ``python -m benchmarks.mdvsp --instances DIR --seconds S --seed N --out FILE.csv``.

Cases: every ``NAME.inp`` of the folder (multi-depot vehicle scheduling; known values in ``known_values.csv``). Peers: the textbook model,
a flow a depot over trips, in HiGHS and in CP-SAT. Every value is counted anew from the tables.
"""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from benchmarks.harness import Case, Options, Outcome, main
from solvers.rotations.engine import solve_rotations
from solvers.rotations.schedule import Trips, counted

Link = tuple[int, int, int]  # depot, from, to; -1 = the depot itself


def read_trips(path: Path) -> Trips:
    """Line 1: depots, trips, vehicles of each depot; then the whole matrix of costs, depots first, -1 = not possible."""
    numbers = np.array(path.read_text().split(), dtype=float)
    m, n = int(numbers[0]), int(numbers[1])
    size = m + n
    table = numbers[2 + m : 2 + m + size * size].reshape(size, size)
    table = np.where(table < 0, np.inf, table)
    limits = tuple(((k,), int(v)) for k, v in enumerate(numbers[2 : 2 + m]))
    return Trips(table[m:, m:].copy(), table[:m, m:].copy(), table[m:, :m].copy(), np.ones((m, n), dtype=bool), limits)


def cases(folder: Path) -> Iterable[Case]:
    """A case an instance, small ones first."""
    known = {}
    values = folder / "known_values.csv"
    if values.is_file():
        with values.open(encoding="utf-8", newline="") as source:
            known = {r["instance"]: r for r in csv.DictReader(source)}
    for path in sorted(folder.glob("*.inp"), key=lambda p: (p.stat().st_size, p.name)):
        row = known.get(path.stem, {})
        value = float(row["best_known"]) if row.get("best_known") else None
        yield Case(path.stem, str(path), value, proven=bool(row) and row.get("lower_bound") == row.get("best_known"))


def ours(case: Case, options: Options) -> Outcome:
    """IslandFlow's own engine; its kernels are compiled before the clock."""
    tiny = np.array([[np.inf, 1.0, 2.0], [np.inf, np.inf, 1.0], [np.inf, np.inf, np.inf]])
    solve_rotations(Trips(tiny, np.ones((2, 3)), np.ones((3, 2)), np.ones((2, 3), dtype=bool), (((0,), 1), ((1,), 1))), 5)
    trips = read_trips(Path(case.facts))
    found = solve_rotations(trips, 0.97 * options.seconds)
    value = None if found.cost is None else float(counted(trips, found.days))
    return Outcome(found.status, value, None if found.bound is None else float(found.bound), found.seconds)


def _links(trips: Trips) -> list[tuple[Link, float]]:
    found: list[tuple[Link, float]] = []
    for k in range(trips.depots):
        found += [((k, -1, int(j)), float(trips.out[k, j])) for j in np.flatnonzero(np.isfinite(trips.out[k]))]
        found += [((k, int(i), -1), float(trips.into[i, k])) for i in np.flatnonzero(np.isfinite(trips.into[:, k]))]
        found += [((k, int(i), int(j)), float(trips.link[i, j])) for i, j in zip(*np.nonzero(np.isfinite(trips.link)), strict=True)]
    return found


def _days(links: Iterable[Link]) -> list[tuple[int, tuple[int, ...]]]:
    after = {(k, i): j for k, i, j in links if i >= 0}
    days = []
    for k, first in ((k, j) for k, i, j in links if i < 0):
        day = [first]
        while (following := after[k, day[-1]]) >= 0:
            day.append(following)
        days.append((k, tuple(day)))
    return days


def textbook_highs(case: Case, options: Options) -> Outcome:
    """The textbook flow model in HiGHS, one core."""
    import highspy

    trips, began = read_trips(Path(case.facts)), time.monotonic()
    links = _links(trips)
    n, m = trips.count, trips.depots
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, option in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0), ("time_limit", options.seconds)):
        model.setOptionValue(name, option)
    low = np.concatenate([np.ones(n), np.zeros(n * m), np.zeros(m)])
    high = np.concatenate([np.ones(n), np.zeros(n * m), [float(v) for _, v in trips.limits]])
    nothing = np.zeros(0)
    model.addRows(len(low), low, high, 0, np.zeros(len(low), dtype=np.int32), nothing.astype(np.int32), nothing)
    entries = [
        ([(j, 1.0), (n + k * n + j, 1.0)] if j >= 0 else []) + ([(n + k * n + i, -1.0)] if i >= 0 else [(n + n * m + k, 1.0)])
        for (k, i, j), _ in links
    ]
    begin = np.concatenate([[0], np.cumsum([len(e) for e in entries])]).astype(np.int32)
    index = np.array([row for e in entries for row, _ in e], dtype=np.int32)
    value = np.array([x for e in entries for _, x in e])
    count = len(links)
    model.addCols(count, np.array([c for _, c in links]), np.zeros(count), np.ones(count), len(index), begin[:-1], index, value)
    model.changeColsIntegrality(count, np.arange(count, dtype=np.int32), np.array([highspy.HighsVarType.kInteger] * count))
    model.run()
    info = model.getInfo()
    bound = info.mip_dual_bound if np.isfinite(info.mip_dual_bound) else None
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Outcome("no_solution", None, bound, time.monotonic() - began)
    taken = np.flatnonzero(np.array(model.getSolution().col_value) > 0.5)  # noqa: PLR2004
    ended = model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    total = counted(trips, _days([links[int(e)][0] for e in taken]))
    return Outcome("optimal" if ended else "feasible", float(total), bound, time.monotonic() - began)


def textbook_cpsat(case: Case, options: Options) -> Outcome:
    """The textbook flow model in CP-SAT, one worker a core."""
    from ortools.sat.python import cp_model

    from benchmarks.harness import cores

    trips, began = read_trips(Path(case.facts)), time.monotonic()
    model = cp_model.CpModel()
    links = [(link, round(cost), model.new_bool_var("")) for link, cost in _links(trips)]
    enter: dict[tuple[int, int], list[cp_model.IntVar]] = {}
    leave: dict[tuple[int, int], list[cp_model.IntVar]] = {}
    for (k, i, j), _, x in links:
        leave.setdefault((k, i), []).append(x)
        enter.setdefault((k, j), []).append(x)
    for j in range(trips.count):
        model.add_exactly_one(x for k in range(trips.depots) for x in enter.get((k, j), []))
        for k in range(trips.depots):
            model.add(sum(enter.get((k, j), [])) == sum(leave.get((k, j), [])))
    for depots, vehicles in trips.limits:
        model.add(sum(x for k in depots for x in leave.get((k, -1), [])) <= vehicles)
    model.minimize(sum(cost * x for _, cost, x in links))
    search = cp_model.CpSolver()
    search.parameters.max_time_in_seconds = max(0.1, options.seconds - (time.monotonic() - began))
    search.parameters.num_workers = cores()
    search.parameters.random_seed = options.seed
    status = search.solve(model)
    bound = float(search.best_objective_bound)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Outcome("no_solution", None, bound, time.monotonic() - began)
    total = counted(trips, _days([link for link, _, x in links if search.value(x)]))
    return Outcome("optimal" if status == cp_model.OPTIMAL else "feasible", float(total), bound, time.monotonic() - began)


COMPETITORS = {"islandflow": ours, "highs-textbook": textbook_highs, "cpsat-textbook": textbook_cpsat}

if __name__ == "__main__":
    sys.exit(main("mdvsp", cases, COMPETITORS))

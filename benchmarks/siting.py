"""Siting against public instances and peers: ``python -m benchmarks.siting --instances DIR --seconds S --seed N --out FILE.csv``.

Cases: ``pmedK-median``, ``pmedK-centre`` (OR-Library), ``NAME-pP-median`` (TSPLIB, P from known_values_tsplib.csv),
``cover-100000x1000-p40`` and ``roads-10000-pP`` (generated from the seed). Peers: spopt with PuLP and CBC, and the textbook
model in HiGHS. Seconds hold the building of distance lists, not the one-off compilation of kernels.
"""

from __future__ import annotations

import csv
import re
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from benchmarks.harness import Case, Options, Outcome, main
from benchmarks.siting_instances import Recipe, make, read_pmed
from islandflow.siting.lists import lists_from_matrix
from islandflow.siting.problem import SitingProblem
from solvers.siting.contract import SitingSettings
from solvers.siting.methods import solve_siting
from solvers.siting.reference import counted

GENERATED = (
    ("cover-100000x1000-p40", Recipe("cover", "cover-most", 40, points=100_000, candidates=1_000)),
    ("roads-10000-p50", Recipe("roads", "median", 50, points=10_000)),
    ("roads-10000-p500", Recipe("roads", "median", 500, points=10_000)),
    ("roads-50000-p500", Recipe("roads", "median", 500, points=50_000)),
)


def cases(folder: Path) -> Iterable[Case]:
    """Every case that the folder's files make, then the generated ones."""
    known = {r["instance"]: r for r in _table(folder / "known_values.csv")}
    for path in sorted(folder.glob("pmed*.txt"), key=lambda f: int(re.sub(r"\D", "", f.stem) or 0)):
        most = read_pmed(path)[3]
        for goal, column in (("median", "p_median_optimum"), ("centre", "p_center_optimum")):
            value = known.get(path.stem, {}).get(column, "")
            yield Case(f"{path.stem}-{goal}", Recipe("pmed", goal, most, str(path)), float(value) if value else None)
    for row in _table(folder / "known_values_tsplib.csv"):
        path = folder / f"{row['name']}.tsp"
        if path.is_file():
            best = float(row["opt_or_best"]) if row["opt_or_best"] else None
            yield Case(f"{row['name']}-p{row['p']}-median", Recipe("tsp", "median", int(row["p"]), str(path)), best, proven=False)
    for name, recipe in GENERATED:
        yield Case(name, recipe, maximise=recipe.kind == "cover")


def _table(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def ours(case: Case, options: Options) -> Outcome:
    """IslandFlow's own methods."""
    tiny = SitingProblem(lists_from_matrix(np.array([[0, 2, 3], [2, 0, 4], [3, 4, 0]])), np.ones(3, np.int64), case.facts.goal, 1, 2)
    solve_siting(tiny, SitingSettings(seconds=5))  # compiled once for all, before the clock
    began, longer = time.monotonic(), 1
    while True:
        problem = make(case.facts, options.seed, longer)
        left = max(0.5, options.seconds - (time.monotonic() - began))
        result = solve_siting(problem, SitingSettings(seconds=left, seed=options.seed))
        longer *= 2
        if result.objective is not None or problem.lists.complete or time.monotonic() - began > options.seconds:
            break
    value, bound = (None if v is None else float(v) for v in (result.objective, result.bound))
    return Outcome(result.status, value, bound, time.monotonic() - began)


def textbook_highs(case: Case, options: Options) -> Outcome:
    """The textbook model (a variable a pair) in HiGHS, built from arrays."""
    import highspy

    problem = make(case.facts, options.seed)
    lists = problem.lists.within(problem.radius) if problem.maximise else problem.lists
    if not lists.complete:  # the textbook knows no cut lists: all pairs
        raise MemoryError
    began = time.monotonic()
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, option in (("output_flag", False), ("threads", 1), ("time_limit", options.seconds), ("mip_rel_gap", 0.0)):
        model.setOptionValue(name, option)
    m, n, e = lists.sites, lists.clients, len(lists.site)
    inf, owner = highspy.kHighsInf, lists.owner()
    model.addVars(m, np.zeros(m), np.ones(m))
    model.changeColsIntegrality(m, np.arange(m, dtype=np.int32), np.array([highspy.HighsVarType.kInteger] * m))
    model.addRow(-inf, float(problem.limit), m, np.arange(m, dtype=np.int32), np.ones(m))
    if problem.maximise:
        model.addVars(n, np.zeros(n), np.ones(n))
        model.changeColsCost(n, np.arange(m, m + n, dtype=np.int32), -problem.weight.astype(float))
        index = np.insert(lists.site, lists.start[1:], np.arange(m, m + n))
        begin = lists.start[:-1] + np.arange(n)
        value = np.insert(np.ones(e), lists.start[1:], -1.0)
        model.addRows(n, np.zeros(n), np.full(n, inf), e + n, begin.astype(np.int32), index.astype(np.int32), value)
    else:
        model.addVars(e, np.zeros(e), np.ones(e))
        x = np.arange(m, m + e)
        cost = (lists.distance * problem.weight[owner]).astype(float)
        model.addRows(n, np.ones(n), np.ones(n), e, lists.start[:-1].astype(np.int32), x.astype(np.int32), np.ones(e))
        pair = np.stack([x, lists.site], axis=1).ravel().astype(np.int32)
        model.addRows(e, np.full(e, -inf), np.zeros(e), 2 * e, np.arange(0, 2 * e, 2, dtype=np.int32), pair, np.tile([1.0, -1.0], e))
        if problem.goal == "centre":
            model.addVars(1, np.zeros(1), np.full(1, inf))
            model.changeColsCost(1, np.array([m + e], dtype=np.int32), np.ones(1))
            row = np.insert(x, lists.start[1:], m + e)
            way = np.insert(cost, lists.start[1:], -1.0)
            model.addRows(
                n, np.full(n, -inf), np.zeros(n), e + n, (lists.start[:-1] + np.arange(n)).astype(np.int32), row.astype(np.int32), way
            )
        else:
            model.changeColsCost(e, x.astype(np.int32), cost)
    model.run()
    ended = model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    info = model.getInfo()
    bound = -info.mip_dual_bound if problem.maximise else info.mip_dual_bound
    if info.primal_solution_status != highspy.kSolutionStatusFeasible:
        return Outcome("no_solution", None, bound if np.isfinite(bound) else None, time.monotonic() - began)
    sites = np.flatnonzero(np.array(model.getSolution().col_value[:m]) > 0.5).tolist()
    return Outcome("optimal" if ended else "feasible", float(counted(problem, sites)), bound, time.monotonic() - began)


def spopt_cbc(case: Case, options: Options) -> Outcome:
    """spopt's models with PuLP and CBC; the status is what they say, the value is counted from their sites."""
    import pulp
    from spopt.locate import MCLP, PCenter, PMedian  # type: ignore[import-untyped]

    problem = make(case.facts, options.seed)
    n, m = problem.lists.clients, problem.lists.sites
    if not problem.maximise and not problem.lists.complete:
        raise MemoryError  # a dense matrix of all pairs, and a variable each
    began = time.monotonic()
    far = np.full((n, m), 1e9)
    far[problem.lists.owner(), problem.lists.site] = problem.lists.distance
    solver = pulp.PULP_CBC_CMD(msg=False, timeLimit=options.seconds, threads=1)
    if problem.maximise:
        model = MCLP.from_cost_matrix(far, problem.weight, service_radius=problem.radius, p_facilities=problem.limit)
    elif problem.goal == "centre":
        model = PCenter.from_cost_matrix(far, p_facilities=problem.limit)
    else:
        model = PMedian.from_cost_matrix(far, problem.weight, p_facilities=problem.limit)
    try:
        model.solve(solver)
    except RuntimeError:
        return Outcome("no_solution", seconds=time.monotonic() - began)
    sites = [j for j, y in enumerate(model.fac_vars) if (y.value() or 0) > 0.5]
    if not sites:
        return Outcome("no_solution", seconds=time.monotonic() - began)
    said = "optimal" if pulp.LpStatus[model.problem.status] == "Optimal" else "feasible"
    return Outcome(said, float(counted(problem, sites)), None, time.monotonic() - began)


COMPETITORS = {"islandflow": ours, "spopt-cbc": spopt_cbc, "highs-textbook": textbook_highs}

if __name__ == "__main__":
    sys.exit(main("siting", cases, COMPETITORS))

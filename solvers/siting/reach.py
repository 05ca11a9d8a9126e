"""How many sites are needed so that everyone reaches one at all: tells an impossible problem from a hard one."""

from __future__ import annotations

import highspy
import numpy as np

from solvers.siting.arrays import Arrays
from solvers.siting.contract import Clock, down
from solvers.siting.highs import quiet, run
from solvers.siting.kernels import BoolArray


def fewest_that_reach_all(a: Arrays, clock: Clock) -> tuple[int, BoolArray | None, bool]:
    """Lower bound on the sites needed, a choice that reaches all (or None), and whether the bound is proven.

    Lists that were cut prove nothing: a site that is not listed may reach the client too.
    """
    model = quiet(clock.left())
    model.addVars(a.m, np.where(a.state == 1, 1.0, 0.0), np.where(a.state == -1, 0.0, 1.0))
    every = np.arange(a.m, dtype=np.int32)
    model.changeColsCost(a.m, every, np.ones(a.m))
    model.changeColsIntegrality(a.m, every, np.array([highspy.HighsVarType.kInteger] * a.m))
    seen = set()
    for i in range(a.n):
        row = a.site[a.start[i] : a.start[i + 1]]
        key = np.sort(row).tobytes()
        if key in seen:
            continue
        seen.add(key)
        model.addRow(1.0, highspy.kHighsInf, len(row), row.astype(np.int32), np.ones(len(row)))
    run(model, clock)
    if model.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return a.m + 1, None, bool(np.isinf(a.cap).all())
    info = model.getInfo()
    sites = np.array(model.getSolution().col_value) > 0.5 if info.primal_solution_status == highspy.kSolutionStatusFeasible else None
    return down(info.mip_dual_bound), sites, bool(np.isinf(a.cap).all())

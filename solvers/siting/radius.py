"""The radius formulation: its relaxation by Benders cuts, and the compact model for what remains.

A client pays its distance step by step: z = 1 while no open site lies within the radius reached so far (Cornuéjols, Nemhauser &
Wolsey 1980; García, Labbé & Marín 2011). Projecting the steps out gives one family of cuts a client, separated by a sorted sweep
(Duran-Mateluna, Ales & Elloumi 2023).
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numba import njit

from solvers.siting.arrays import Arrays
from solvers.siting.contract import Clock
from solvers.siting.highs import LEAST_SECONDS, quiet, run
from solvers.siting.kernels import BoolArray, FloatArray, IntArray

CUT_TOLERANCE = 1e-6


@njit(cache=True)
def critical(start: IntArray, site: IntArray, cost: FloatArray, cap: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray, IntArray]:
    """For each client the level of its strongest cut, the cost the relaxation owes, and where the level's entries end.

    Level inf: the listed sites do not add to one open site, and no other can be reached.
    """
    n = len(start) - 1
    level, owes, end = np.empty(n), np.empty(n), np.empty(n, np.int64)
    for i in range(n):
        mass, paid = 0.0, 0.0
        level[i], end[i] = cap[i], start[i + 1]
        for k in range(start[i], start[i + 1]):
            take = y[site[k]]
            if mass + take >= 1.0 - 1e-9:
                level[i], end[i] = cost[k], k
                break
            mass += take
            paid += take * cost[k]
        owes[i] = paid + (1.0 - mass) * level[i]
    return level, owes, end


@dataclass
class Master:
    """The relaxation over sites and clients' costs, tightened by cuts. ``level_of`` remembers each cut's client and level."""

    a: Arrays
    model: highspy.Highs
    cut_client: list[int]
    cut_level: list[float]
    first_row: int

    @staticmethod
    def of(a: Arrays, seconds: float) -> Master:
        """Columns: a site each, then a cost each client; rows: at most so many sites."""
        model = quiet(seconds)
        low = np.where(a.state == 1, 1.0, 0.0)
        high = np.where(a.state == -1, 0.0, 1.0)
        model.addVars(a.m + a.n, np.concatenate([low, np.zeros(a.n)]), np.concatenate([high, np.full(a.n, highspy.kHighsInf)]))
        model.changeColsCost(a.m + a.n, np.arange(a.m + a.n, dtype=np.int32), np.concatenate([a.fixed, np.ones(a.n)]))
        free = np.flatnonzero(a.state >= 0).astype(np.int32)
        model.addRow(-highspy.kHighsInf, float(a.most), len(free), free, np.ones(len(free)))
        return Master(a, model, [], [], 1)

    def add(self, clients: IntArray, level: FloatArray, end: IntArray) -> None:
        """One cut for each of the clients, at its level."""
        a = self.a
        starts, index, value, lower = [], [], [], []
        used = 0
        for i in clients:
            span = slice(a.start[i], end[i])
            starts.append(used)
            if np.isfinite(level[i]):
                index.append(np.append(a.site[span], a.m + i))
                value.append(np.append(level[i] - a.cost[span], 1.0))
                lower.append(level[i])
            else:
                index.append(a.site[span])
                value.append(np.ones(end[i] - a.start[i]))
                lower.append(1.0)
            used += len(index[-1])
            self.cut_client.append(int(i))
            self.cut_level.append(float(level[i]))
        if starts:
            self.model.addRows(
                len(starts), np.array(lower), np.full(len(starts), highspy.kHighsInf), used,
                np.array(starts, dtype=np.int32), np.concatenate(index).astype(np.int32), np.concatenate(value),
            )  # fmt: skip

    def solve(self, clock: Clock) -> tuple[FloatArray, FloatArray] | None:
        """Sites and clients' prices at the relaxation's optimum; None if it was not reached.

        A client's price is the mean level of its cuts, weighted by their duals: convexity makes the Lagrangian at these prices at
        least as high as the relaxation, and our own kernel can count it without trusting any tolerance.
        """
        self.model.setOptionValue("time_limit", self.model.getRunTime() + max(LEAST_SECONDS, clock.left()))
        run(self.model, clock)
        if self.model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        found = self.model.getSolution()
        y = np.clip(np.array(found.col_value[: self.a.m]), 0.0, 1.0)
        dual = np.maximum(np.array(found.row_dual[self.first_row :]), 0.0)
        client, level = np.array(self.cut_client, dtype=np.int64), np.array(self.cut_level)
        finite = np.isfinite(level)
        mass = np.bincount(client[finite], dual[finite], self.a.n)
        price = np.bincount(client[finite], dual[finite] * level[finite], self.a.n) / np.maximum(mass, 1.0)
        # the cut that some listed site must be open raises the price by its dual as it stands
        price += np.bincount(client[~finite], dual[~finite], self.a.n)
        return y, price

    def drop_slack(self) -> None:
        """Forgets cuts that are far from binding, so that the next run is quick."""
        found = self.model.getSolution()
        slack = np.array(found.row_value[self.first_row :]) - np.array(self.model.getLp().row_lower_[self.first_row :])
        dual = np.array(found.row_dual[self.first_row :])
        away = np.flatnonzero((slack > 1.0) & (np.abs(dual) < 1e-9))
        if len(away) > len(dual) // 2:
            self.model.deleteRows(len(away), (away + self.first_row).astype(np.int32))
            keep = np.ones(len(dual), bool)
            keep[away] = False
            self.cut_client = [c for c, k in zip(self.cut_client, keep, strict=True) if k]
            self.cut_level = [v for v, k in zip(self.cut_level, keep, strict=True) if k]


def starting_levels(a: Arrays, price: FloatArray) -> tuple[FloatArray, IntArray]:
    """For each client the listed cost nearest above its price, and where the entries below it end."""
    level, end = np.empty(a.n), np.empty(a.n, np.int64)
    for i in range(a.n):
        row = a.cost[a.start[i] : a.start[i + 1]]
        k = int(np.searchsorted(row, price[i] - 1e-9))
        level[i] = row[k] if k < len(row) else a.cap[i]
        end[i] = a.start[i] + int(np.searchsorted(row, level[i]))
    return level, end


def compact(a: Arrays, clock: Clock, seconds: float) -> tuple[BoolArray | None, float, bool]:
    """The compact radius model of a reduced problem in HiGHS: best sites or None, bound, and whether it ended by itself."""
    model = quiet(min(seconds, clock.left()))
    sites = np.flatnonzero(a.state >= 0)
    column = np.full(a.m, -1, np.int64)
    column[sites] = np.arange(len(sites))
    low = np.where(a.state[sites] == 1, 1.0, 0.0)
    price, rows_start, rows_index, rows_value, rows_low = [a.fixed[sites]], [0], [], [], []
    base, z = 0.0, len(sites)
    for i in range(a.n):
        row, cost = column[a.site[a.start[i] : a.start[i + 1]]], a.cost[a.start[i] : a.start[i + 1]]
        if not len(row):
            return None, float(np.inf), True
        steps = np.flatnonzero(np.diff(cost, prepend=-1.0) > 0)
        level = cost[steps]
        base += level[0]
        ends = np.append(steps[1:], len(row))
        sure = a.state[sites[row[-1]]] == 1
        past = -1
        for k in range(len(steps)):
            last = k == len(steps) - 1
            if last and sure:
                break
            rise = (level[k + 1] - level[k]) if not last else a.cap[i] - level[k]
            near = row[steps[k] : ends[k]]
            own = [] if last and not np.isfinite(rise) else [z]
            rows_index += [*near, *([past] if past >= 0 else []), *own]
            rows_value += [1.0] * len(near) + ([-1.0] if past >= 0 else []) + [1.0] * len(own)
            rows_low.append(1.0 if past < 0 else 0.0)
            rows_start.append(len(rows_index))
            if own:
                price.append(np.array([rise]))
                past = z
                z += 1
    cost_all = np.concatenate(price)
    model.addVars(z, np.concatenate([low, np.zeros(z - len(sites))]), np.ones(z))
    model.changeColsCost(z, np.arange(z, dtype=np.int32), cost_all)
    model.changeObjectiveOffset(base)
    kinds = np.array([highspy.HighsVarType.kInteger] * len(sites))
    model.changeColsIntegrality(len(sites), np.arange(len(sites), dtype=np.int32), kinds)
    model.addRows(
        len(rows_low), np.array(rows_low), np.full(len(rows_low), highspy.kHighsInf), len(rows_index),
        np.array(rows_start[:-1], dtype=np.int32), np.array(rows_index, dtype=np.int32), np.array(rows_value),
    )  # fmt: skip
    model.addRow(-highspy.kHighsInf, float(a.most), len(sites), np.arange(len(sites), dtype=np.int32), np.ones(len(sites)))
    model.setOptionValue("mip_rel_gap", 0.0)
    model.setOptionValue("mip_abs_gap", 0.5)  # costs are whole
    run(model, clock)
    status, info = model.getModelStatus(), model.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None, float(np.inf), True
    ended = status == highspy.HighsModelStatus.kOptimal
    best = None
    if info.primal_solution_status == highspy.kSolutionStatusFeasible:
        best = np.zeros(a.m, bool)
        best[sites] = np.array(model.getSolution().col_value[: len(sites)]) > 0.5
    return best, float(info.mip_dual_bound), ended

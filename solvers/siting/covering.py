"""Covering: everyone as cheaply as possible, as many as possible, and whether so many sites are enough."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numba import njit

from islandflow.siting.lists import NOT_CUT
from islandflow.siting.problem import SitingProblem
from solvers.siting.arrays import Arrays, by_site
from solvers.siting.contract import Clock, SitingResult, SitingSettings, down, impossible, judged, nearest_plan
from solvers.siting.engine import Engine
from solvers.siting.highs import quiet, run
from solvers.siting.kernels import BoolArray, FloatArray, IntArray

NAME = "islandflow"


@njit(cache=True)
def greedy_cover(back: IntArray, client: IntArray, start: IntArray, site: IntArray, must: BoolArray, may: BoolArray) -> BoolArray:
    """Sites that cover all, most new clients first (ties: the lowest number); ``must`` are taken anyway."""
    n, m = len(start) - 1, len(must)
    gain = np.zeros(m, np.int64)
    for j in range(m):
        gain[j] = back[j + 1] - back[j]
    covered = np.zeros(n, np.bool_)
    chosen = np.zeros(m, np.bool_)
    left = n
    for step in range(2 * m):
        best = -1
        if step < m:
            if not must[step]:
                continue
            best = step
        else:
            for j in range(m):
                if may[j] and not chosen[j] and gain[j] > 0 and (best < 0 or gain[j] > gain[best]):
                    best = j
            if best < 0 or left == 0:
                break
        chosen[best] = True
        for k in range(back[best], back[best + 1]):
            i = client[k]
            if not covered[i]:
                covered[i] = True
                left -= 1
                for q in range(start[i], start[i + 1]):
                    gain[site[q]] -= 1
    return chosen


@dataclass(frozen=True)
class Cover:
    """Which sites cover which clients (clients with the same sites are one, weights added); ``whole``: no list was cut short.

    ``lost``: weight that no site covers. ``start``/``site`` by client, ``back``/``client`` by site.
    """

    start: IntArray
    site: IntArray
    back: IntArray
    client: IntArray
    weight: IntArray
    must: BoolArray
    may: BoolArray
    whole: bool
    lost: int

    @property
    def n(self) -> int:
        """Clients."""
        return len(self.weight)

    @staticmethod
    def of(problem: SitingProblem, radius: int) -> Cover:
        """Clients with weight, at a radius; forbidden sites cover nobody."""
        lists = problem.lists
        owner = lists.owner()
        may = np.ones(lists.sites, bool)
        may[list(problem.forbidden)] = False
        must = np.zeros(lists.sites, bool)
        must[list(problem.existing)] = True
        keep = (lists.distance <= radius) & may[lists.site] & (problem.weight > 0)[owner]
        client, site = owner[keep], lists.site[keep]
        order = np.lexsort((site, client))
        client, site = client[order], site[order]
        count = np.bincount(client, minlength=lists.clients)
        group, size = _alike(client, site, count)
        covered = (count > 0) & (problem.weight > 0)
        weight = np.bincount(group[covered], problem.weight[covered], size).astype(np.int64)
        first = np.full(size, -1, np.int64)
        first[group[covered][::-1]] = np.flatnonzero(covered)[::-1]
        begin = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
        start = np.concatenate([[0], np.cumsum(count[first])]).astype(np.int64)
        merged = np.repeat(begin[first] - start[:-1], count[first]) + np.arange(start[-1])
        sites = site[merged]
        holder = np.repeat(np.arange(size), count[first])
        turn = np.argsort(sites, kind="stable")
        back = np.concatenate([[0], np.cumsum(np.bincount(sites, minlength=lists.sites))]).astype(np.int64)
        horizon = lists.horizon[problem.weight > 0]
        whole = bool(((horizon == NOT_CUT) | (horizon > radius)).all())
        lost = int(problem.weight.sum() - weight.sum())
        return Cover(start, sites, back, holder[turn], weight, must, may, whole, lost)

    def arrays(self, cap: FloatArray, fixed: FloatArray, most: int) -> Arrays:
        """The covering as a problem of distances: 0 inside the radius."""
        state = np.where(self.must, 1, np.where(self.may, 0, -1)).astype(np.int64)
        return by_site(self.start, self.site, np.zeros(len(self.site)), cap, fixed, state, most, np.arange(self.n))


def _alike(client: IntArray, site: IntArray, count: IntArray) -> tuple[IntArray, int]:
    """A group number for each client, the same for the same set of sites (two random 62-bit sums of its sites)."""
    rng = np.random.default_rng(7)
    marks = rng.integers(1, 2**62, (2, int(site.max(initial=0)) + 1), dtype=np.int64).astype(np.uint64)
    keys = np.zeros((2, len(count)), np.uint64)
    for key, mark in zip(keys, marks, strict=True):
        np.add.at(key, client, mark[site])
    some = count > 0
    group = np.full(len(count), -1, np.int64)
    pairs = np.stack([keys[0][some], keys[1][some]], axis=1)
    _, inverse = np.unique(pairs, axis=0, return_inverse=True)
    group[some] = inverse.reshape(-1)
    return group, int(group.max(initial=-1)) + 1


def cover_with(cover: Cover, most: int, clock: Clock) -> tuple[BoolArray | None, bool]:
    """Sites, at most ``most``, that cover all; or None and whether it is proven that there are none."""
    if cover.lost:
        return None, cover.whole
    found = greedy_cover(cover.back, cover.client, cover.start, cover.site, cover.must, cover.may)
    if found.sum() <= most:
        return found, False
    model = _model(cover, clock)
    every = np.arange(len(cover.may), dtype=np.int32)
    model.addRow(-highspy.kHighsInf, float(most), len(every), every, np.ones(len(every)))
    model.setOptionValue("objective_target", float(most) + 0.5)
    run(model, clock)
    if model.getInfo().primal_solution_status == highspy.kSolutionStatusFeasible:
        return np.array(model.getSolution().col_value) > 0.5, False
    return None, cover.whole and model.getModelStatus() == highspy.HighsModelStatus.kInfeasible


def fewest(cover: Cover, clock: Clock) -> tuple[BoolArray | None, int]:
    """Fewest sites that cover all the clients that any site covers, or None; and a bound on their number."""
    model = _model(cover, clock)
    run(model, clock)
    info = model.getInfo()
    some = info.primal_solution_status == highspy.kSolutionStatusFeasible
    return (np.array(model.getSolution().col_value) > 0.5 if some else None), down(info.mip_dual_bound)


def _model(cover: Cover, clock: Clock) -> highspy.Highs:
    model = quiet(clock.left())
    m = len(cover.may)
    model.addVars(m, cover.must.astype(float), cover.may.astype(float))
    model.changeColsCost(m, np.arange(m, dtype=np.int32), np.ones(m))
    model.changeColsIntegrality(m, np.arange(m, dtype=np.int32), np.array([highspy.HighsVarType.kInteger] * m))
    model.addRows(
        cover.n, np.ones(cover.n), np.full(cover.n, highspy.kHighsInf), len(cover.site),
        cover.start[:-1].astype(np.int32), cover.site.astype(np.int32), np.ones(len(cover.site)),
    )  # fmt: skip
    return model


def solve_cover_most(problem: SitingProblem, settings: SitingSettings | None = None) -> SitingResult:
    """Goal ``cover-most`` without a budget: most weight inside the radius with at most so many sites."""
    settings = settings or SitingSettings()
    if problem.goal != "cover-most" or problem.budget or problem.worst or len(problem.views):
        raise ValueError("this method is for the goal cover-most without a budget, views or a worst distance")
    clock = settings.clock()
    cover = Cover.of(problem, problem.radius)
    if not cover.whole:
        raise ValueError("the lists were cut inside the radius")
    weight = cover.weight.astype(np.float64)
    engine = Engine(cover.arrays(weight, np.zeros(problem.lists.sites), problem.limit), 0.5 * weight, settings, clock, may_miss=True)
    engine.run()
    assert engine.best is not None
    total = int(cover.weight.sum())
    plan = nearest_plan(problem, np.flatnonzero(engine.best), problem.radius)
    missed = min(down(engine.lower), int(engine.upper))
    return judged(plan, total - int(engine.upper), total - max(0, missed), clock, settings, NAME, True, tuple(engine.trace))


def solve_cover_all(problem: SitingProblem, settings: SitingSettings | None = None) -> SitingResult:
    """Goal ``cover-all``: cheapest sites with everyone inside the radius (sites without any cost count 1 each)."""
    settings = settings or SitingSettings()
    if problem.goal != "cover-all":
        raise ValueError("this method is for the goal cover-all")
    clock = settings.clock()
    cover = Cover.of(problem, problem.radius)
    if not cover.whole:
        raise ValueError("the lists were cut inside the radius")
    if cover.lost:
        return impossible(
            clock,
            settings,
            NAME,
            f"{cover.lost} of the weight is outside the radius of every site",
            f"权重 {cover.lost} 不在任何点的半径内",
        )
    fixed = (problem.site_cost if problem.site_cost.any() else np.ones(problem.lists.sites)).astype(np.float64)
    if not cover.n:
        cost = int(fixed[sorted(problem.existing)].sum())
        return judged(nearest_plan(problem, sorted(problem.existing), problem.radius), cost, cost, clock, settings, NAME)
    arrays = cover.arrays(np.full(cover.n, np.inf), fixed, problem.limit)
    share = fixed / np.maximum(1, np.diff(cover.back))
    price = np.minimum.reduceat(share[cover.site], cover.start[:-1])
    engine = Engine(arrays, price, settings, clock)
    sites = greedy_cover(cover.back, cover.client, cover.start, cover.site, cover.must, cover.may)
    if sites.sum() > problem.limit:
        found, proof = cover_with(cover, problem.limit, clock)
        if found is None and proof:
            needed = fewest(cover, clock)[1]
            return impossible(
                clock,
                settings,
                NAME,
                f"at least {needed} sites are needed, {problem.limit} are allowed",
                f"至少需要 {needed} 个点,只允许 {problem.limit} 个",
            )
        if found is None:
            return judged(None, None, None, clock, settings, NAME)
        sites = found
    engine.improve(sites)
    engine.continue_run()
    assert engine.best is not None
    plan = nearest_plan(problem, np.flatnonzero(engine.best), problem.radius)
    return judged(plan, int(engine.upper), min(down(engine.lower), int(engine.upper)), clock, settings, NAME, trace=tuple(engine.trace))

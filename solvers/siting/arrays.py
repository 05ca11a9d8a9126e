"""A siting problem as the plain arrays that the kernels read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from islandflow.siting.lists import NOT_CUT, FloatArray, IntArray
from islandflow.siting.problem import SitingProblem


@dataclass(frozen=True)
class Arrays:
    """Clients with weight alone; cost = weight × distance; back/client/away are the same entries by site.

    cap: no site that is not listed costs a client less (inf = none can be reached). state: 1 must be open, -1 must not, 0 free.
    """

    start: IntArray
    site: IntArray
    cost: FloatArray
    back: IntArray
    client: IntArray
    away: FloatArray
    cap: FloatArray
    fixed: FloatArray
    state: IntArray
    most: int
    who: IntArray

    @property
    def n(self) -> int:
        """Clients."""
        return len(self.start) - 1

    @property
    def m(self) -> int:
        """Sites."""
        return len(self.fixed)

    @property
    def far(self) -> FloatArray:
        """(clients,) what the search counts for a client that is not served: more than any plan that serves all."""
        top = float(self.cost.max()) if len(self.cost) else 0.0
        last = np.where(np.isfinite(self.cap), self.cap, 0.0)
        return 2.0 * last + 4.0 * top + float(self.fixed.sum()) + 1.0


def arrays_of(problem: SitingProblem) -> Arrays:
    """The arrays of a problem; sites' costs count for the goal ``charge`` alone."""
    lists = problem.lists
    keep = problem.weight > 0
    owner = lists.owner()
    used = keep[owner] if len(owner) else np.zeros(0, bool)
    who = np.flatnonzero(keep)
    start = np.concatenate([[0], np.cumsum(np.diff(lists.start)[keep])]).astype(np.int64)
    cost = (lists.distance[used] * problem.weight[owner[used]]).astype(np.float64)
    horizon = lists.horizon[who].astype(np.float64)
    cap = np.where(lists.horizon[who] == NOT_CUT, np.inf, horizon * problem.weight[who])
    fixed = problem.site_cost.astype(np.float64) if problem.goal == "charge" else np.zeros(lists.sites)
    state = np.zeros(lists.sites, np.int64)
    state[list(problem.existing)] = 1
    state[list(problem.forbidden)] = -1
    return by_site(start, lists.site[used], cost, cap, fixed, state, problem.limit, who)


def by_site(
    start: IntArray, site: IntArray, cost: FloatArray, cap: FloatArray, fixed: FloatArray, state: IntArray, most: int, who: IntArray
) -> Arrays:
    """Adds the lists by site."""
    owner = np.repeat(np.arange(len(start) - 1), np.diff(start))
    order = np.argsort(site, kind="stable")
    back = np.concatenate([[0], np.cumsum(np.bincount(site, minlength=len(fixed)))]).astype(np.int64)
    return Arrays(start, site, cost, back, owner[order], cost[order], cap, fixed, state, most, who)


def reduced(a: Arrays, state: IntArray, dearest: FloatArray | None = None) -> Arrays:
    """The same problem with more decided: entries of closed sites, and those behind a site that must be open, are left out.

    dearest: (clients,) the most that a client may cost in any plan that is still of interest; dearer entries go too, and a client
    must then be served by what is left. Sites keep their numbers.
    """
    owner = np.repeat(np.arange(a.n), np.diff(a.start))
    rank = np.arange(len(a.site)) - a.start[owner]
    last = np.full(a.n, np.iinfo(np.int64).max)
    sure = state[a.site] == 1
    np.minimum.at(last, owner[sure], rank[sure])
    keep = (state[a.site] >= 0) & (rank <= last[owner])
    cap = np.where(last < np.iinfo(np.int64).max, np.inf, a.cap)
    if dearest is not None:
        keep &= a.cost <= dearest[owner]
        cap = np.where(dearest < cap, np.inf, cap)
    start = np.concatenate([[0], np.cumsum(np.bincount(owner[keep], minlength=a.n))]).astype(np.int64)
    return by_site(start, a.site[keep], a.cost[keep], cap, a.fixed, state, a.most, a.who)

"""The engine behind median, charge and covering: search, Lagrangian, cuts, and a tree only for what those leave open.

A client costs the least of its open listed sites, or ``cap`` if none is open; with ``may_miss`` a client may be left at its cap (what
is not covered), without it every client must have an open site (a finite cap then only says where a list was cut).
"""

from __future__ import annotations

import numpy as np

from solvers.siting.arrays import Arrays, reduced
from solvers.siting.branch import decided, hopeless, search_tree
from solvers.siting.contract import Clock, SitingSettings, SitingStep, down
from solvers.siting.kernels import BoolArray, FloatArray, ascend, interchange, pick, reduced_costs
from solvers.siting.radius import CUT_TOLERANCE, Master, compact, critical, starting_levels

SMALL = 400_000  # entries up to which the relaxation is worth an LP
TREE_SHARE = 0.04  # of the time left, before the compact model is tried
SUPPORT, DIVE_SHARE = 1e-6, 0.15  # fraction from which a site is dived for; share of the time left
COMPACT = 60_000  # entries up to which the compact model is worth trying


class Engine:
    """The state of one solve: incumbent, bound, prices, and which sites are decided for anything better than the incumbent."""

    def __init__(self, arrays: Arrays, price: FloatArray, settings: SitingSettings, clock: Clock, may_miss: bool = False) -> None:
        self.clock = clock
        self.settings = settings
        self.rng = np.random.default_rng(settings.seed)
        self.all = self.now = arrays
        self.may_miss = may_miss
        self.far = arrays.cap if may_miss else arrays.far
        self.price = price
        self.best: BoolArray | None = None
        self.upper = float("inf")
        self.lower = 0.0  # no cost is below 0
        self.trace: list[SitingStep] = []

    def tell(self, phase: str) -> None:
        """Adds to the trace."""
        plan = None if self.best is None else int(self.upper)
        self.trace.append(SitingStep(round(self.clock.seconds(), 2), phase, plan, down(self.lower)))

    @property
    def proven(self) -> bool:
        """Whether no plan can be better."""
        return self.best is not None and down(self.lower) >= self.upper

    @property
    def enough(self) -> bool:
        """Proven, good enough for the settings, or out of time."""
        gap = self.settings.stop_gap
        close = self.best is not None and gap > 0 and self.upper - self.lower <= gap * abs(self.upper)
        return self.proven or close or self.clock.left() <= 0

    def improve(self, sites: BoolArray, moves: int = 10**9) -> float:
        """Interchange from ``sites`` (changed in place); keeps the best plan that serves all."""
        a = self.all
        allowed = np.flatnonzero(a.state == 0)
        order = self.rng.permutation(allowed)
        total, _ = interchange(
            a.start, a.site, a.cost, a.back, a.client, a.away, a.fixed, self.far, a.most, a.state, sites, order, moves
        )  # fmt: skip
        if total < self.upper - 0.5 and self.serves_all(sites):
            self.best, self.upper = sites.copy(), round(total)
        return float(total)

    def serves_all(self, sites: BoolArray) -> bool:
        """Whether every client has an open site in its list, or need not."""
        a = self.all
        if self.may_miss:
            return True
        hit = np.zeros(a.n, bool)
        hit[np.repeat(np.arange(a.n), np.diff(a.start))[sites[a.site]]] = True
        return bool(hit.all())

    def start(self) -> None:
        """A first plan: must-be sites, then what the first prices like best, improved."""
        a = self.all
        sites = a.state == 1
        worth = reduced_costs(a.start, a.site, a.cost, a.fixed, self.price)
        order = [j for j in np.argsort(worth + 1e-9 * self.rng.random(a.m)) if a.state[j] == 0]
        sites[order[: max(0, a.most - int(sites.sum()))]] = True
        self.improve(sites)
        self.tell("search")

    def lagrangian(self, rounds: int, scale: float = 1.5) -> None:
        """Prices up; sites that were chosen often become a start of the search."""
        a = self.now
        upper = self.upper if self.best is not None else float(self.far.max() * a.n) * 0.1
        bound, self.price, often, _ = ascend(
            a.start, a.site, a.cost, a.fixed, a.cap, a.most, a.state, np.minimum(self.price, a.cap), upper, rounds, scale
        )
        self.raise_bound(bound)
        sites = self.all.state == 1
        order = [j for j in np.argsort(-often) if self.all.state[j] == 0]
        sites[order[: max(0, self.all.most - int(sites.sum()))]] = True
        self.improve(sites)
        self.fix(self.price)
        self.tell("lagrangian")

    def raise_bound(self, bound: float) -> None:
        """A bound found under decisions holds for plans better than the incumbent; the incumbent bounds the rest."""
        self.lower = max(self.lower, min(bound, self.upper))

    def fix(self, price: FloatArray) -> None:
        """Decides sites that no plan better than the incumbent can have otherwise (reduced costs), and shortens the lists."""
        if self.best is None:
            return
        a = self.now
        worth = reduced_costs(a.start, a.site, a.cost, a.fixed, price)
        self.raise_bound(pick(worth, a.most, a.state)[1] + float(price.sum()))
        left = decided(a, price, self.upper)
        if left is None:
            self.lower = self.upper
        else:
            self.now = reduced(a, *left)
            self.price = np.minimum(price, self.now.cap)
            if hopeless(self.now):
                self.lower = self.upper

    def shake(self, seconds: float) -> None:
        """Iterated local search: some sites moved, improved, kept if no worse."""
        if self.best is None:
            return
        a, until = self.all, self.clock.seconds() + seconds
        here, value = self.best.copy(), self.upper
        free = np.flatnonzero(a.state == 0)
        while self.clock.seconds() < until and self.clock.left() > 0 and not self.proven:
            sites = here.copy()
            opened = np.flatnonzero(sites & (a.state == 0))
            closed = free[~sites[free]]
            if not len(opened) or not len(closed):
                return
            k = min(len(opened), len(closed), int(self.rng.integers(2, 3 + max(1, len(opened) // 20))))
            sites[self.rng.choice(opened, k, replace=False)] = False
            likely = self.now.state[closed] >= 0
            pool = closed[likely] if likely.sum() >= k and self.rng.random() < 0.7 else closed
            sites[self.rng.choice(pool, min(k, len(pool)), replace=False)] = True
            total = self.improve(sites)
            if total <= value:
                here, value = sites, total
        self.tell("shake")

    def relax(self) -> FloatArray | None:
        """The relaxation by Benders cuts on what is undecided; the sites' fractions, or None."""
        master = Master.of(self.now, self.clock.left())
        level, end = starting_levels(self.now, self.price)
        master.add(np.arange(self.now.n), level, end)
        y: FloatArray | None = None
        for _ in range(200):
            found = master.solve(self.clock)
            if found is None:
                return y
            y, price = found
            a = self.now
            level, owes, end = critical(a.start, a.site, a.cost, a.cap, y)
            theta = np.array(master.model.getSolution().col_value[a.m :])
            wrong = np.flatnonzero(~np.isfinite(level) | (owes > theta + CUT_TOLERANCE * np.maximum(1.0, np.abs(theta))))
            worth = reduced_costs(a.start, a.site, a.cost, a.fixed, np.minimum(price, a.cap))
            self.raise_bound(pick(worth, a.most, a.state)[1] + float(np.minimum(price, a.cap).sum()))
            if not len(wrong) or self.proven or self.clock.left() <= 0:
                self.price = np.minimum(price, a.cap)
                break
            master.add(wrong, level, end)
        before = int((self.now.state == 0).sum())
        self.fix(self.price)
        self.tell(f"cuts, {before} -> {int((self.now.state == 0).sum())} sites open to question")
        return y

    def dive(self, y: FloatArray) -> None:
        """The compact model on the sites that the relaxation or the incumbent opens: a better plan, never a bound."""
        a = self.now
        state = np.where((a.state == 0) & (y <= SUPPORT) & ~self._incumbent(), -1, a.state)
        small = reduced(a, state)
        if hopeless(small) or len(small.site) > COMPACT:
            return
        best, _, _ = compact(small, self.clock, DIVE_SHARE * self.clock.left())
        if best is not None:
            self.improve(best)
            self.fix(self.price)
        self.tell("dive")

    def _incumbent(self) -> BoolArray:
        return np.zeros(self.all.m, bool) if self.best is None else self.best

    def tree(self, seconds: float) -> None:
        """Branching on what is undecided, by our own bounds."""

        def attempt(sites: BoolArray) -> float:
            self.improve(sites, 0)
            self.improve(sites)
            return self.upper

        bound, nodes = search_tree(self.now, self.price, self.lower, self.upper, attempt, self.clock, self.clock.seconds() + seconds)
        self.raise_bound(bound)
        self.fix(self.price)
        self.tell(f"tree of {nodes} nodes")

    def model(self) -> None:
        """The compact model on what is undecided."""
        best, bound, ended = compact(self.now, self.clock, self.clock.left())
        if best is not None:
            self.improve(best.copy(), 0)
            self.improve(best)
        if ended and best is None:
            self.lower = self.upper
        else:
            self.raise_bound(bound)
        self.tell("compact model")

    def run(self) -> None:
        """From a first plan to a proof, or to the end of the time."""
        self.start()
        self.continue_run()

    def continue_run(self) -> None:
        """What follows the first plan."""
        prove = self.settings.prove
        for rounds in (150, 400, 800):
            if self.enough:
                return
            self.lagrangian(rounds, 1.5 if rounds == 150 else 0.6)
            self.shake(min(0.04 * self.settings.seconds, 0.25 * self.clock.seconds() + 0.1))
        while not self.enough and prove and len(self.now.site) <= SMALL:
            before = int((self.now.state == 0).sum())
            y = self.relax()
            if y is not None and not self.enough:
                self.dive(y)
            self.shake(min(0.05 * self.settings.seconds, 0.2 * self.clock.seconds() + 0.2))
            self.fix(self.price)
            if int((self.now.state == 0).sum()) > 0.7 * before:
                break
        if not self.enough and prove:
            self.tree(TREE_SHARE * self.clock.left())
        if not self.enough and prove and len(self.now.site) <= COMPACT:
            self.model()
        if not self.enough and prove:
            self.tree(self.clock.left())
        while not self.enough and self.best is not None:
            self.shake(min(self.clock.left(), 5.0))

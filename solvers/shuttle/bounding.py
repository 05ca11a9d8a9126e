"""The bound: a subgradient ascent on prices, then column generation over vehicle days in a box round the best of them, with cuts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from solvers.shuttle.cuts import Cuts
from solvers.shuttle.fleet import Candidates, Fleet, FloatArray, VehicleDay, cheapest_days
from solvers.shuttle.master import Master, Prices, lower_bound, no_prices

AT_ONCE = 3  # further days priced on what the first ones left
KEEP = 0.7  # share of the former direction in a step
PATIENCE, SHRINK, SMALLEST = 20, 0.7, 1e-3
SITE_SCALE = 300.0  # a block at a charger moves a bound as so many people do
NEAR_ENOUGH, CLOSE = 0.02, 0.006  # shares of the bound: so near the program, its prices are worth diving with; cuts are sought
LEAST_RISE, MOST_CUTS = 2e-4, 100  # cuts that lift the program by a smaller share were the last ones; cuts at once
NEAR = 0.6  # share of the best prices in those that days are priced at
BOX, WIDER = 0.01, 1.5  # of the price of one who is not taken


class Bounding:
    """Keeps the linear program, the best bound and its prices."""

    def __init__(self, found: Candidates, fleets: list[Fleet]) -> None:
        """No bound yet."""
        day = found.problem.day
        self.found, self.fleets = found, fleets
        self.cap = float(day.rules.unserved_fen)
        self.counts = np.array([b.count for b in day.buses], dtype=np.int64)
        self.chargers = np.array([c.count for c in day.chargers], dtype=float).reshape(-1, 1)
        self.cuts = Cuts(found, fleets)
        self.master = Master(found, found.people, self.counts, cuts=self.cuts)
        self.bonus = self.cuts.bonus(np.zeros(0))
        self.shares: FloatArray = np.zeros(0)
        self.bound, self.best = 0, no_prices(found, 0.0)
        self.width = BOX * self.cap
        self.value = float(found.people.sum()) * self.cap

    def evaluate(self, prices: Prices) -> tuple[int, list[VehicleDay]]:
        """The bound at rounded prices, kept if it is the best, and the cheapest day of each fleet that gains."""
        self.bonus = self.cuts.bonus(prices.cut)
        priced = cheapest_days(self.fleets, prices.person, self.found.people, prices.site, bonus=self.bonus)
        worth, days = [value for value, _ in priced], [day for value, day in priced if day is not None and value < 0]
        bound = lower_bound(self.found, prices, worth, self.cuts.cuts)
        if bound > self.bound:
            self.bound, self.best = bound, prices
        return bound, days

    def ascend(self, start: FloatArray, target: int, going: Callable[[], bool]) -> None:
        """Subgradient steps (Held, Wolfe & Crowder 1974) from person prices ``start`` towards ``target``, a plan's cost."""
        now = Prices(np.minimum(self.cap, start), np.zeros_like(self.best.site), self.best.fleet)
        way, way_site, share, stall = np.zeros_like(now.person), np.zeros_like(now.site), 1.0, 0
        while going() and share > SMALLEST:
            now = now.rounded()
            before = self.bound
            bound, days = self.evaluate(now)
            stall = 0 if self.bound > before else stall + 1
            if stall > PATIENCE:
                share, stall, now = share * SHRINK, 0, self.best
                way[:], way_site[:] = 0, 0
                continue
            person, site = self.found.people.astype(float), np.repeat(-self.chargers, now.site.shape[1], axis=1)
            for day in days:
                self.master.add(day)
                _count(day, person, site, float(self.counts[day.fleet]))
            way, way_site = KEEP * way + (1 - KEEP) * person, KEEP * way_site + (1 - KEEP) * site
            way[(now.person <= 0) & (way < 0)] = 0
            norm = float((way**2).sum() + SITE_SCALE * (way_site**2).sum())
            length = share * max(1.0, target - bound) / max(1.0, norm)
            now = Prices(
                np.clip(now.person + length * way, 0, self.cap), np.maximum(0.0, now.site + SITE_SCALE * length * way_site), now.fleet
            )

    def step(self) -> bool:
        """One round of column generation; False once nothing is left to gain.

        Days are priced between the best prices and the program's (Wentges 1997), and at the program's own if that gives nothing.
        """
        self.master.box(self.best.person, self.width, self.best.cut)
        self.value, out, self.shares = self.master.solve()
        before, added = self.bound, 0
        for near in (NEAR, 0.0):
            prices = self.best.mixed(out, near).rounded()
            _, days = self.evaluate(prices)
            added = sum(self.master.add(d) for d in self.more(days, prices) if self.gain(d, out) < -1e-3)
            if added:
                break
        if not added and self.bound == before:
            self.width *= WIDER
        return self.width < 2 * self.cap

    def cut(self, most: int, going: Callable[[], bool]) -> int:
        """Adds the cuts that the last shares break most; how many. Boats are looked through while ``going``."""
        missing = self.cuts.missing(zip(self.master.days, self.shares.tolist(), strict=False), self.master.behind, most, going)
        added = sum(self.cuts.add(c) for _, c in missing)
        self.master.show_cuts()
        self.width = BOX * self.cap
        return added

    def more(self, days: list[VehicleDay], prices: Prices) -> list[VehicleDay]:
        """The days, and further ones for the people that they leave."""
        found, left = list(days), self.found.people.copy()
        for day in found:
            _leave(day, left)
        for _ in range(AT_ONCE):
            for _, further in cheapest_days(self.fleets, prices.person, left, prices.site, bonus=self.bonus):
                if further is not None:
                    found.append(further)
                    _leave(further, left)
        return found

    def gain(self, day: VehicleDay, prices: Prices) -> float:
        """As ``reduced``, less what the day counts in the cuts."""
        counts = self.cuts.counts(day) if len(prices.cut) else {}
        return self.reduced(day, prices) - sum(float(prices.cut[n]) * a for n, a in counts.items() if n < len(prices.cut))

    @staticmethod
    def reduced(day: VehicleDay, prices: Prices) -> float:
        """Cost of a day less what it takes, at some prices."""
        worth = sum(n * prices.person[p] for task in day.tasks for p, n in task.loads)
        return float(day.cost - worth + prices.fleet[day.fleet] + sum(prices.site[s, b] for s, b in day.blocks))

    @property
    def near(self) -> bool:
        """Whether the bound is so close to the program that its prices tell which days are good."""
        return self.value - self.bound < NEAR_ENOUGH * self.bound

    def run(self, going: Callable[[], bool]) -> None:
        """Rounds until nothing is gained or ``going`` says stop; cuts whenever the bound has come close to the program."""
        cutting, before = True, 0.0
        while going() and self.step():
            if cutting and self.value - self.bound < CLOSE * self.bound:
                cutting = self.value - before > LEAST_RISE * self.value and self.cut(MOST_CUTS, going) > 0
                before = self.value


def _count(day: VehicleDay, person: FloatArray, site: FloatArray, times: float) -> None:
    for task in day.tasks:
        for p, n in task.loads:
            person[p] -= times * n
    for s, b in day.blocks:
        site[s, b] += times


def _leave(day: VehicleDay, left: np.ndarray) -> None:
    for task in day.tasks:
        for p, n in task.loads:
            left[p] = max(0, left[p] - n)

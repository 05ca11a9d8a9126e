"""Plans of an island day: vehicle days one after the other, then days taken away and found anew."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from solvers.shuttle.fleet import Candidates, Fleet, FloatArray, IntArray, VehicleDay, person_cost
from solvers.shuttle.master import blocks_of

MOST_REMOVED = 4
FOR_LEFT = 0.4  # of the changes, where somebody is left behind, look at those days that could take them


@dataclass(frozen=True)
class Fixed:
    """Vehicle days that are decided: what they leave of people and charging blocks, and their cost with those who are not taken."""

    days: tuple[VehicleDay, ...]
    left: IntArray
    taken: IntArray
    total: int


class Search:
    """Takes a few vehicle days away and prices others for the people they leave; every day is the best one for its prices."""

    def __init__(self, found: Candidates, fleets: list[Fleet], seed: int) -> None:
        """Nobody is taken yet. ``guide``: fen that a person of each party is worth, when something better is known."""
        self.found, self.fleets, self.dice = found, fleets, random.Random(seed)
        self.counts = [b.count for b in found.problem.day.buses]
        self.cap = float(found.problem.day.rules.unserved_fen)
        self.chargers = np.array([c.count for c in found.problem.day.chargers], dtype=np.int64).reshape(-1, 1)
        self.guide = np.full(len(found.people), self.cap)
        self.now = self.best = self.fix(())

    def fix(self, days: Iterable[VehicleDay]) -> Fixed:
        """What the days leave."""
        days = tuple(days)
        left, taken = self.found.people.copy(), np.zeros((len(self.chargers), blocks_of(self.found)), np.int64)
        for day in days:
            for task in day.tasks:
                for p, n in task.loads:
                    left[p] -= n
            for site, block in day.blocks:
                taken[site, block] += 1
        return Fixed(days, left, taken, sum(d.cost for d in days) + int(left.sum()) * int(self.cap))

    def room(self, fixed: Fixed) -> IntArray:
        """(fleets,) vehicles that are still free."""
        return np.array([c - sum(d.fleet == k for d in fixed.days) for k, c in enumerate(self.counts)], dtype=np.int64)

    def charges(self, fixed: Fixed, day: VehicleDay) -> bool:
        """Whether the chargers that a day uses are free."""
        return all(fixed.taken[s, b] < self.chargers[s, 0] for s, b in day.blocks)

    def start(self, going: Callable[[], bool]) -> None:
        """A first plan: days one by one, each worth the most."""
        self.put(self.grown(self.now, (self.guide,), going))

    def grown(self, fixed: Fixed, prices: tuple[FloatArray, ...], going: Callable[[], bool]) -> Fixed:
        """Adds days while they gain at the prices, and cost less than leaving their people; then at each further prices the same."""
        for price in prices:
            while going():
                day = self._one(fixed, price)
                longer = self.fix((*fixed.days, day)) if day is not None else fixed
                if longer.total >= fixed.total:  # a day's worth counts a party twice that it passes twice
                    break
                fixed = longer
        return fixed

    def _one(self, fixed: Fixed, price: FloatArray) -> VehicleDay | None:
        room = self.room(fixed)
        site = np.where(fixed.taken < self.chargers, 0.0, np.inf)
        options = []
        for k, fleet in enumerate(self.fleets):
            if room[k]:
                worth, day = fleet.price(price, fixed.left, site, whole=True)
                if day is not None and worth < 0 and day.tasks:
                    options.append((worth, k, day))
        return min(options, key=lambda o: o[:2])[2] if options else None

    def step(self, heat: float, going: Callable[[], bool]) -> None:
        """One change, kept if it is better or, by chance, hardly worse."""
        count = min(len(self.now.days), self.dice.randint(1, MOST_REMOVED))
        gone = self.alike(count)
        noise = np.array([self.dice.uniform(0.8, 2.2) for _ in self.guide])
        first = np.minimum(self.cap, np.round(self.guide * noise))
        full = np.full(len(self.guide), self.cap)
        kept = self.fix(d for n, d in enumerate(self.now.days) if n not in gone)
        new = self.grown(kept, (first, full) if self.dice.random() < 0.8 else (full,), going)
        if new.total < self.now.total * (1 - heat * math.log(max(1e-9, self.dice.random()))):
            self.put(new)

    def alike(self, count: int) -> set[int]:
        """Days that share people or stops: one at random and those most like it, or those most like what people who are left would need."""
        days, parties = self.now.days, self.found.problem.day.parties
        if not days:
            return set()
        left, chosen = np.flatnonzero(self.now.left).tolist(), set[int]()
        if left and self.dice.random() < FOR_LEFT:
            who = parties[self.dice.choice(left)]
            mine = {p for p, x in enumerate(parties) if x.call == who.call}
            stops = {who.stop}
        else:
            seed = self.dice.randrange(len(days))
            chosen.add(seed)
            mine = {p for t in days[seed].tasks for p, _ in t.loads}
            stops = {parties[p].stop for p in mine}
        like = []
        for n, d in enumerate(days):
            near = sum(k for t in d.tasks for p, k in t.loads if p in mine or parties[p].stop in stops)
            like.append((-near * self.dice.uniform(0.2, 1.0), n))
        return chosen | set([n for _, n in sorted(like) if n not in chosen][: count - len(chosen)])

    def put(self, new: Fixed) -> None:
        """Goes on from a plan, and keeps it if it is the best."""
        self.now = new
        if new.total < self.best.total:
            self.best = new

    def worth(self) -> FloatArray:
        """What each party's people cost in the best plan, a person: their minutes, and their share of the vehicle by time on the road."""
        found, people = np.full(len(self.guide), self.cap), np.zeros(len(self.guide))
        spent = np.zeros(len(self.guide))
        routes, size = self.found.problem.routes, len(self.found.problem.routes)
        for day in self.best.days:
            own = [[(p, n, person_cost(self.found, *divmod(t.run, size), p)) for p, n in t.loads] for t in day.tasks]
            rest = day.cost - sum(n * c for rows in own for _, n, c in rows)
            minutes = sum(routes[t.run % size].minutes for t in day.tasks)
            for task, rows in zip(day.tasks, own, strict=True):
                share, on = rest * routes[task.run % size].minutes / minutes, sum(n for _, n in task.loads)
                for p, n, c in rows:
                    people[p] += n
                    spent[p] += n * (c + share / on)
        return np.where(people > 0, np.minimum(found, spent / np.maximum(1, people)), found)

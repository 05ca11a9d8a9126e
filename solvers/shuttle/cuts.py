"""Cuts of an island day: the people of a boat need whole runs, and the linear program over vehicle days would share runs out.

Two kinds, each over the parties of one boat call and valid for every plan:

- *Covers.* A plan serves every stop of the call by a run that calls there, or leaves somebody behind. A cut counts each set of stops that
  a run may serve so that every way of serving all stops counts 1. The counts that the program's shares miss most come from a small linear
  program whose rows are covers, the cheapest one found by dynamic programming over sets of stops; sets that no run of the program has
  are lifted one by one (Padberg 1975).
- *Seats.* Runs bring at most a = min(seats, people of T on their way) of n people: sum a x + left >= n, rounded with a divisor d
  (mixed-integer rounding; Marchand & Wolsey 2001): with r = n mod d, sum (r (a div d) + min(r, a mod d)) x + left >= r ceil(n / d).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from solvers.shuttle import cut_kernels as kernels
from solvers.shuttle.fleet import Candidates, Fleet, FloatArray, IntArray, VehicleDay
from solvers.silent_highs import silent_highs

MOST_STOPS = 12  # of a boat: the sets of so many are looked through, the largest parties first
UNIT = 1024.0  # counts are multiples of 1/UNIT, so that sums with prices are exact
SHARE, LEAST_SHORT, ROUNDS = 1e-6, 0.03, 150  # of a run taken; of a run missed: less is no cut; covers looked at
TINY = 1e-5


@dataclass(frozen=True, eq=False)
class Cut:
    """Runs count ``weight`` (fleets, 2 ** parties) by the set of ``parties`` they may carry, people left behind ``left``; together at least ``need``."""

    group: int
    parties: tuple[int, ...]
    weight: FloatArray
    left: tuple[float, ...]
    need: float


class Cuts:
    """The cuts of a day, what each run counts in them, and which are missing."""

    def __init__(self, found: Candidates, fleets: list[Fleet]) -> None:
        """None yet; a group for each boat call that has people."""
        self.found, self.fleets = found, fleets
        self.cuts, self.known = list[Cut](), set[bytes]()
        day, f = found.problem.day, found
        calls: dict[str, list[int]] = defaultdict(list)
        for n, p in enumerate(day.parties):
            calls[p.call].append(n)
        self.groups = [tuple(sorted(sorted(c, key=lambda n: (-day.parties[n].people, n))[:MOST_STOPS])) for c in calls.values()]
        self.where: list[list[tuple[IntArray, IntArray]]] = [[] for _ in fleets]
        self.sets: list[IntArray] = []
        for group in self.groups:
            bit = np.zeros(len(f.people), np.int64)
            bit[list(group)] = 1 << np.arange(len(group))
            seen = []
            for k, fleet in enumerate(fleets):
                masks = kernels.masks_of(fleet.runs, f.nodes, f.item_start, f.item_party, f.route_start, f.route_stop, bit)
                at = np.flatnonzero(masks)
                self.where[k].append((at, masks[at]))
                seen.append(masks[at])
            self.sets.append(np.unique(np.concatenate(seen)) if seen else np.zeros(0, np.int64))
        self.member = {p: (g, 1 << k) for g, group in enumerate(self.groups) for k, p in enumerate(group)}
        self.of_group: list[list[int]] = [[] for _ in self.groups]
        self.masks_of_run = dict[int, tuple[tuple[int, int], ...]]()

    def masks(self, run: int) -> tuple[tuple[int, int], ...]:
        """(group, set of its parties) that a candidate run may carry."""
        if run not in self.masks_of_run:
            f = self.found
            m, r = divmod(run, len(f.problem.routes))
            sets: dict[int, int] = {}
            for s in f.route_stop[f.route_start[r] : f.route_start[r + 1]].tolist():
                for p in f.item_party[f.item_start[m * f.nodes + s] : f.item_start[m * f.nodes + s + 1]].tolist():
                    if p in self.member:
                        g, bit = self.member[p]
                        sets[g] = sets.get(g, 0) | bit
            self.masks_of_run[run] = tuple(sets.items())
        return self.masks_of_run[run]

    def add(self, cut: Cut) -> bool:
        """Adds a cut; False if it is there already."""
        key = cut.weight.tobytes() + bytes(str((cut.group, cut.left, cut.need)), "ascii")
        if key in self.known:
            return False
        self.known.add(key)
        self.of_group[cut.group].append(len(self.cuts))
        self.cuts.append(cut)
        return True

    def bonus(self, prices: FloatArray) -> list[FloatArray]:
        """What each run of each fleet earns at prices of the cuts, fen."""
        found = [np.zeros(len(f.runs)) for f in self.fleets]
        for g, members in enumerate(self.of_group):
            mine = [n for n in members if n < len(prices) and prices[n]]
            for k in range(len(self.fleets)) if mine else ():
                at, masks = self.where[k][g]
                earned = np.zeros(1 << len(self.groups[g]))
                for n in mine:
                    earned += prices[n] * self.cuts[n].weight[k]
                found[k][at] += earned[masks]
        return found

    def counts(self, day: VehicleDay) -> dict[int, float]:
        """What a vehicle day counts in each cut."""
        found: dict[int, float] = defaultdict(float)
        for task in day.tasks:
            for g, mask in self.masks(task.run):
                for n in self.of_group[g]:
                    found[n] += float(self.cuts[n].weight[day.fleet, mask])
        return {n: a for n, a in found.items() if a}

    def missing(
        self, taken: Iterable[tuple[VehicleDay, float]], left: FloatArray, most: int, going: Callable[[], bool] = lambda: True
    ) -> list[tuple[float, Cut]]:
        """Cuts that shares of vehicle days break, the worst ones first, by runs missed; left: (parties,) people left behind."""
        rides: list[dict[tuple[int, int], float]] = [defaultdict(float) for _ in self.groups]
        for day, share in taken:
            if share > SHARE:
                for task in day.tasks:
                    for g, mask in self.masks(task.run):
                        rides[g][mask, day.fleet] += share
        found: list[tuple[float, Cut]] = []
        for g, mine in enumerate(rides):
            if mine and going():
                found += self._covers(g, mine, left)
                found += self._seats(g, mine, left)
        return sorted(found, key=lambda f: -f[0])[:most]

    def _covers(self, g: int, rides: dict[tuple[int, int], float], left: FloatArray) -> list[tuple[float, Cut]]:
        """The cover cut that is missed most."""
        group, shares = self.groups[g], dict[int, float]()
        for (mask, _), share in sorted(rides.items()):
            shares[mask] = shares.get(mask, 0.0) + share
        masks, taken = np.array(list(shares), dtype=np.int64), np.array(list(shares.values()))
        size, people = len(group), self.found.people[list(group)]
        covered = np.array([sum(x for m, x in shares.items() if m >> k & 1) for k in range(size)])
        # near its centre a price may leave somebody without a run, whom the program does not call left behind
        behind = np.maximum(left[list(group)] / people, 1.0 - covered)
        model = silent_highs()
        none = np.zeros(0, np.int32)
        for c in (*taken, *behind):
            model.addCol(float(c) + TINY, 0.0, 1.0, 0, none, none.astype(float))
        count, total = np.zeros(len(masks) + size), 1.0
        for _ in range(ROUNDS):
            best, how = kernels.cheapest_cover(masks, count[: len(masks)], count[len(masks) :])
            total = float(best[-1])
            if total > 1.0 - TINY:
                break
            rows, s = list[int](), (1 << size) - 1
            while s:
                i = int(how[s])
                rows.append(i if i >= 0 else len(masks) - 1 - i)
                s &= ~int(masks[i]) if i >= 0 else ~(1 << (-1 - i))
            model.addRow(1.0, np.inf, len(rows), np.array(rows, np.int32), np.ones(len(rows)))
            model.run()
            if model.getInfo().objective_function_value > 1.0 - LEAST_SHORT:
                return []
            count = np.array(model.getSolution().col_value)
        if total <= 1.0 / UNIT:
            return []
        # rounded up, and so large that every cover counts 1 whatever was left undone
        count = np.minimum(1.0, np.ceil(np.maximum(0.0, count) / min(1.0, total) * UNIT - TINY) / UNIT)
        best, _ = kernels.cheapest_cover(masks, count[: len(masks)], count[len(masks) :])
        if best[-1] < 1.0:
            return []
        others = np.array([s for s in self.sets[g].tolist() if s not in shares], dtype=np.int64)
        order = others[np.argsort([-int(s).bit_count() for s in others.tolist()], kind="stable")]
        weight = kernels.lifted(best, order, UNIT)
        weight[masks] = count[: len(masks)]
        short = 1.0 - float(taken @ count[: len(masks)]) - float(behind @ count[len(masks) :])
        per = tuple(float(np.ceil(c / n * UNIT) / UNIT) for c, n in zip(count[len(masks) :].tolist(), people.tolist(), strict=True))
        if short < LEAST_SHORT:
            return []
        runs = float(taken.sum())
        return [(short * runs, Cut(g, group, np.repeat(weight[None], len(self.fleets), axis=0), per, 1.0))]

    def _seats(self, g: int, rides: dict[tuple[int, int], float], left: FloatArray) -> list[tuple[float, Cut]]:
        """For each divisor the cut of seats that is missed most."""
        group = self.groups[g]
        keys = sorted(rides)
        masks, fleet = (np.array([k[n] for k in keys], dtype=np.int64) for n in (0, 1))
        shares = np.array([rides[k] for k in keys])
        people = self.found.people[list(group)]
        behind = np.maximum(left[list(group)], 0.0)
        seats = np.array([b.seats for b in self.found.problem.day.buses], dtype=np.int64)
        found = []
        for d in sorted({*seats.tolist(), *np.abs(np.diff(seats)).tolist()} - {0, 1}):
            short, chosen = kernels.most_missed(masks, fleet, shares, people, seats, behind, d)
            if short <= LEAST_SHORT:
                continue
            bits = np.arange(1 << len(group), dtype=np.int64) & chosen
            sums = ((bits[:, None] >> np.arange(len(group)) & 1) * people[None]).sum(axis=1)
            total = int(sums[-1])
            rest = total % d
            a = np.minimum(seats[:, None], sums[None])
            weight = np.ceil((rest * (a // d) + np.minimum(rest, a % d)) / rest * UNIT) / UNIT
            per = tuple(float(np.ceil(UNIT / rest) / UNIT) if chosen >> k & 1 else 0.0 for k in range(len(group)))
            found.append((short, Cut(g, group, weight, per, float(total // d + 1))))
        return found

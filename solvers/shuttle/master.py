"""The linear program over vehicle days: its prices, and the bound that any prices give."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from solvers.shuttle.cuts import Cut, Cuts
from solvers.shuttle.fleet import Candidates, FloatArray, IntArray, VehicleDay
from solvers.silent_highs import silent_highs

EXACT = 1024.0  # prices are multiples of 1/EXACT fen: sums of them are exact
CUT_SCALE = 10.0  # a run carries about so many people: its price moves as theirs do together


@dataclass(frozen=True)
class Prices:
    """Fen: ``person`` (parties,), ``site`` (sites, blocks), ``fleet`` (fleets,) what a further vehicle is worth, ``cut`` (cuts,); all >= 0."""

    person: FloatArray
    site: FloatArray
    fleet: FloatArray
    cut: FloatArray = field(default_factory=lambda: np.zeros(0))

    def mixed(self, other: Prices, share: float) -> Prices:
        """``share`` of these and the rest of the others; a cut that these do not know has no price there."""
        cut = np.concatenate((self.cut, np.zeros(len(other.cut) - len(self.cut))))
        pairs = ((self.person, other.person), (self.site, other.site), (self.fleet, other.fleet), (cut, other.cut))
        return Prices(*(share * a + (1 - share) * b for a, b in pairs))

    def rounded(self) -> Prices:
        """Multiples of 1/EXACT, so that the bound is exact."""
        return Prices(*(np.round(x * EXACT) / EXACT for x in (self.person, self.site, self.fleet, self.cut)))


def blocks_of(found: Candidates) -> int:
    """Blocks of the clock in a day."""
    return found.problem.day.rules.closes // found.problem.day.rules.block_min + 1


def no_prices(found: Candidates, person: float) -> Prices:
    """Everyone at one price, chargers and vehicles free."""
    day = found.problem.day
    return Prices(np.full(len(day.parties), person), np.zeros((len(day.chargers), blocks_of(found))), np.zeros(len(day.buses)))


def lower_bound(found: Candidates, prices: Prices, cheapest: list[float], cuts: Sequence[Cut] = ()) -> int:
    """Fen that no plan goes below, from the cheapest day of each fleet at these prices (a Lagrangian, rounded up to a whole fen).

    prices must be multiples of 1/EXACT and not below 0. Who is not taken costs their price; where person and cuts are worth more than
    that, everybody of the party is left behind.
    """
    day = found.problem.day
    value = float((prices.person * found.people).sum())
    over = prices.person - float(day.rules.unserved_fen)
    for cut, price in zip(cuts, prices.cut.tolist(), strict=False):
        value += cut.need * price
        for p, share in zip(cut.parties, cut.left, strict=True):
            over[p] += share * price
    value -= float((np.maximum(0.0, over) * found.people).sum())
    value -= float((prices.site * np.array([[c.count] for c in day.chargers]).reshape(-1, 1)).sum()) if len(day.chargers) else 0.0
    value += sum(b.count * min(0.0, c) for b, c in zip(day.buses, cheapest, strict=True))
    return max(0, math.ceil(value))


class Master:
    """Rows: people of each party, vehicles of each fleet, chargers in each block, cuts.

    Columns: who is not taken; two for each row of people and each cut that keep its price near a centre; vehicle days.
    """

    def __init__(self, found: Candidates, people: IntArray, vehicles: IntArray, chargers: IntArray | None = None, cuts: Cuts | None = None) -> None:
        """Starts with nobody taken; ``chargers`` (sites, blocks) are free, all of them by default. ``cuts`` are looked up, not added."""
        day = found.problem.day
        self.found, self.days, self.cuts = found, list[VehicleDay](), cuts
        self.parties, self.sites, self.blocks = len(people), len(day.chargers), blocks_of(found)
        self.cap = float(day.rules.unserved_fen)
        free = np.repeat(np.array([float(c.count) for c in day.chargers]).reshape(-1, 1), self.blocks, axis=1) if chargers is None else chargers.astype(float)
        self.h: Any = silent_highs()
        for option, value in (("threads", 1), ("simplex_strategy", 4), ("presolve", "off")):
            self.h.setOptionValue(option, value)
        lower = np.concatenate((people.astype(float), np.full(len(vehicles) + self.sites * self.blocks, -np.inf)))
        upper = np.concatenate((np.full(self.parties, np.inf), vehicles.astype(float), free.reshape(-1)))
        none = np.zeros(0, np.int32)
        self.h.addRows(len(lower), lower, upper, 0, none, none, np.zeros(0))
        self.rows, self.shown, self.columns = len(lower), 0, 0
        self.cut_columns, self.day_columns, self.behind = list[int](), list[int](), np.zeros(self.parties)
        self.near = np.array([[self._column(sign * self.cap, float(n), [p], [sign]) for p, n in enumerate(people)] for sign in (1.0, -1.0)], np.int32)
        self.left = [self._column(self.cap, float(n), [p], [1.0]) for p, n in enumerate(people)]
        self.seen = set[tuple[object, ...]]()
        self.box(np.zeros(self.parties), np.inf)

    def _column(self, cost: float, most: float, rows: list[int], values: list[float]) -> int:
        self.h.addCol(cost, 0.0, most, len(rows), np.array(rows, np.int32), np.array(values))
        self.columns += 1
        return self.columns - 1

    def add(self, day: VehicleDay) -> bool:
        """Adds a vehicle day; False if it is there already."""
        key = (day.fleet, day.tasks, day.blocks)
        if key in self.seen:
            return False
        self.seen.add(key)
        rows: dict[int, float] = {}
        for task in day.tasks:
            for p, n in task.loads:
                rows[p] = rows.get(p, 0.0) + n
        rows[self.parties + day.fleet] = 1.0
        first = self.parties + len(self.found.problem.day.buses)
        for site, block in day.blocks:
            rows[first + site * self.blocks + block] = 1.0
        if self.cuts is not None and self.shown:
            rows |= {self.rows + n: float(a) for n, a in self.cuts.counts(day).items() if n < self.shown}
        self.day_columns.append(self._column(float(day.cost), np.inf, list(rows), list(rows.values())))
        self.days.append(day)
        return True

    def show_cuts(self) -> None:
        """Adds the cuts that are new since the last time."""
        if self.cuts is None:
            return
        counted = [self.cuts.counts(d) for d in self.days]
        for n in range(self.shown, len(self.cuts.cuts)):
            cut = self.cuts.cuts[n]
            row = {self.left[p]: share for p, share in zip(cut.parties, cut.left, strict=True)}
            row |= {c: float(a[n]) for c, a in zip(self.day_columns, counted, strict=True) if n in a}
            self.h.addRow(cut.need, np.inf, len(row), np.array(list(row), np.int32), np.array(list(row.values())))
            self.cut_columns += [self._column(0.0, cut.need, [self.rows + n], [sign]) for sign in (1.0, -1.0)]
        self.shown = len(self.cuts.cuts)

    def box(self, centre: FloatArray, width: float, cut_centre: FloatArray | None = None) -> None:
        """Keeps person prices within ``width`` of ``centre`` (Marsten, Hogan & Blankenship 1975), those of cuts within so much for their people; inf = anywhere."""
        free = 2 * self.cap if np.isinf(width) else width
        high, low = centre + free, np.maximum(0.0, centre - free)
        columns, costs = self.near.reshape(-1), np.concatenate((high, -low))
        self.h.changeColsCost(len(columns), columns, costs)
        if self.shown and self.cuts is not None:
            mid = np.zeros(self.shown)
            if cut_centre is not None:
                mid[: len(cut_centre)] = cut_centre[: self.shown]
            wide = free * CUT_SCALE
            pair = np.stack((mid + wide, -np.maximum(0.0, mid - wide)), axis=1).reshape(-1)
            self.h.changeColsCost(len(pair), np.array(self.cut_columns, np.int32), pair)

    def solve(self) -> tuple[float, Prices, FloatArray]:
        """Value, prices and how much of each vehicle day is taken; ``behind`` are then the people of each party who are left."""
        self.h.run()
        solution = self.h.getSolution()
        dual, x = np.array(solution.row_dual), np.array(solution.col_value)
        fleets = len(self.found.problem.day.buses)
        person = np.maximum(0.0, dual[: self.parties])
        fleet = np.maximum(0.0, -dual[self.parties : self.parties + fleets])
        site = np.maximum(0.0, -dual[self.parties + fleets : self.rows]).reshape(self.sites, self.blocks)
        cut = np.maximum(0.0, dual[self.rows :])
        self.behind = x[self.left]
        return float(self.h.getInfo().objective_function_value), Prices(person, site, fleet, cut), x[self.day_columns]

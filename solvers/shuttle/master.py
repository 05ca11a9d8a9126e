"""The linear program over vehicle days: its prices, and the bound that any prices give."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from solvers.shuttle.fleet import Candidates, FloatArray, IntArray, VehicleDay
from solvers.silent_highs import silent_highs

EXACT = 1024.0  # prices are multiples of 1/EXACT fen: sums of them are exact


@dataclass(frozen=True)
class Prices:
    """Fen: ``person`` (parties,), ``site`` (sites, blocks), ``fleet`` (fleets,) what a further vehicle is worth; all >= 0."""

    person: FloatArray
    site: FloatArray
    fleet: FloatArray

    def rounded(self) -> Prices:
        """Multiples of 1/EXACT, so that the bound is exact."""
        return Prices(*(np.round(x * EXACT) / EXACT for x in (self.person, self.site, self.fleet)))

    def mixed(self, other: Prices, share: float) -> Prices:
        """``share`` of these and the rest of the others."""
        pairs = ((self.person, other.person), (self.site, other.site), (self.fleet, other.fleet))
        return Prices(*(share * a + (1 - share) * b for a, b in pairs))


def blocks_of(found: Candidates) -> int:
    """Blocks of the clock in a day."""
    return found.problem.day.rules.closes // found.problem.day.rules.block_min + 1


def no_prices(found: Candidates, person: float) -> Prices:
    """Everyone at one price, chargers and vehicles free."""
    day = found.problem.day
    return Prices(np.full(len(day.parties), person), np.zeros((len(day.chargers), blocks_of(found))), np.zeros(len(day.buses)))


def lower_bound(found: Candidates, prices: Prices, cheapest: list[float]) -> int:
    """Fen that no plan goes below, from the cheapest day of each fleet at these prices (a Lagrangian, rounded up to a whole fen).

    prices must be multiples of 1/EXACT, person prices between 0 and the price of one who is not taken.
    """
    day = found.problem.day
    value = float((prices.person * found.people).sum())
    value -= float((prices.site * np.array([[c.count] for c in day.chargers]).reshape(-1, 1)).sum()) if len(day.chargers) else 0.0
    value += sum(b.count * min(0.0, c) for b, c in zip(day.buses, cheapest, strict=True))
    return max(0, math.ceil(value))


class Master:
    """Rows: people of each party, vehicles of each fleet, chargers in each block. Columns: who is not taken, vehicle days."""

    def __init__(self, found: Candidates, people: IntArray, vehicles: IntArray, chargers: IntArray | None = None) -> None:
        """Starts with nobody taken; ``chargers`` (sites, blocks) are free, all of them by default."""
        day = found.problem.day
        self.found, self.days = found, list[VehicleDay]()
        self.parties, self.sites, self.blocks = len(people), len(day.chargers), blocks_of(found)
        free = np.repeat(np.array([float(c.count) for c in day.chargers]).reshape(-1, 1), self.blocks, axis=1) if chargers is None else chargers.astype(float)
        self.h: Any = silent_highs()
        for option, value in (("threads", 1), ("simplex_strategy", 4), ("presolve", "off")):
            self.h.setOptionValue(option, value)
        lower = np.concatenate((people.astype(float), np.full(len(vehicles) + self.sites * self.blocks, -np.inf)))
        upper = np.concatenate((np.full(self.parties, np.inf), vehicles.astype(float), free.reshape(-1)))
        none = np.zeros(0, np.int32)
        self.h.addRows(len(lower), lower, upper, 0, none, none, np.zeros(0))
        for sign in (1.0, -1.0):
            for p, n in enumerate(people):
                self.h.addCol(sign * day.rules.unserved_fen * (sign > 0), 0.0, float(n), 1, np.array([p], np.int32), np.array([sign]))
        self.seen = set[tuple[object, ...]]()

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
        self.h.addCol(float(day.cost), 0.0, np.inf, len(rows), np.array(list(rows), np.int32), np.array(list(rows.values())))
        self.days.append(day)
        return True

    def box(self, centre: FloatArray, width: float) -> None:
        """Keeps person prices within ``width`` of ``centre`` (Marsten, Hogan & Blankenship 1975); inf = anywhere allowed."""
        cap = float(self.found.problem.day.rules.unserved_fen)
        high, low = np.minimum(cap, centre + width), np.maximum(0.0, centre - width)
        columns = np.arange(2 * self.parties, dtype=np.int32)
        self.h.changeColsCost(len(columns), columns, np.concatenate((high, -low)))

    def solve(self) -> tuple[float, Prices, FloatArray]:
        """Value, prices and how much of each vehicle day is taken."""
        self.h.run()
        solution = self.h.getSolution()
        dual = np.array(solution.row_dual)
        fleets = len(self.found.problem.day.buses)
        cap = float(self.found.problem.day.rules.unserved_fen)
        person = np.clip(dual[: self.parties], 0.0, cap)
        fleet = np.maximum(0.0, -dual[self.parties : self.parties + fleets])
        site = np.maximum(0.0, -dual[self.parties + fleets :]).reshape(self.sites, self.blocks)
        return (
            float(self.h.getInfo().objective_function_value),
            Prices(person, site, fleet),
            np.array(solution.col_value)[2 * self.parties :],
        )

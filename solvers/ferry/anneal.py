"""Simulated annealing on whole timetables: thousands of changes a second, each judged with its passengers seated anew."""

# ruff: noqa: I001  (columns are named in long lists)

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from islandflow.ferry.problem import FerryProblem
from solvers.ferry.anneal_days import apply, begin_move, pattern_at, take_back
from solvers.ferry.anneal_fill import refill_day, refill_hours
from solvers.ferry.anneal_hops import Memory, hop, memory_of, too_dear
from solvers.ferry.anneal_moves import KINDS as SMALL
from solvers.ferry.anneal_moves import chance, propose
from solvers.ferry.anneal_rescue import rescue
from solvers.ferry.anneal_seats import seat_anew
from solvers.ferry.anneal_state import (
    BASE, CANDIDATE, COUNT, FIRST, LOW, MISSING, MONEY, OF, ORIGIN, PEOPLE, PRICE, ROW_FEN, VESSELS, Timetable, empty_timetable,
)  # fmt: skip
from solvers.ferry.coverage import Coverage
from solvers.ferry.fleet_state import Quays
from solvers.kernel import kernel
from solvers.ferry.tables import Tables

Array = NDArray[Any]
# how often each kind of change is tried: retime, shift, drop, add, replace, hand over, swap tails, variant, vessel, hours, day, rescue, hop
WEIGHTS = np.array([30, 10, 6, 8, 8, 8, 8, 6, 3, 0.6, 0.1, 0.1, 0.1])
STEPS = 300  # small changes that a hop is given to settle
HOP = SMALL + 3
CHUNK = 200  # changes between two looks at the clock
COOLED = 80.0  # the temperature at the start over that at the end
SEATINGS = (0.2, 0.35, 0.5, 0.65, 0.8, 0.94)  # shares of the time at which everybody is seated at least cost
QUENCH = 0.94  # share of the time after which only better timetables are taken


@kernel
def anneal(b: Timetable, m: Memory, moves: int, heats: Array, odds: Array, most: int, steps: int) -> None:
    """``moves`` random changes (Kirkpatrick et al. 1983) at a temperature of ``heats`` fen, by circuit of the vessel that is changed;

    ``odds``: summed shares of the kinds; ``most`` vessels whose hours are taken apart at once; ``steps`` small changes settle a hop,
    before which ``m`` remembers the timetable.
    """
    for _ in range(moves):
        dial, kind = chance(b), 0
        while kind < len(odds) - 1 and dial >= odds[kind]:
            kind += 1
        begin_move(b)
        if kind == HOP:
            hop(b, m, heats, odds, SMALL, steps)
            continue
        if kind < SMALL:
            days = propose(b, kind)
            if days == 0:
                continue
            done = apply(b, days)
        else:
            done = refill_hours(b, most) if kind == SMALL else refill_day(b) if kind == SMALL + 1 else rescue(b)
        heat = heats[b.vessel[b.vessel_was[0, 0], OF]] if b.ctr[VESSELS] else 0.0
        rise = b.total[MONEY] - b.total_was[MONEY] + ROW_FEN * (b.total[MISSING] - b.total_was[MISSING])
        if not done or too_dear(b, rise, heat):
            take_back(b)


class Annealer:
    """A timetable of one problem under search; begins without a sailing."""

    def __init__(self, problem: FerryProblem, tables: Tables, cover: Coverage, seed: int, others: Quays | None = None) -> None:
        self.problem = problem
        self.names = [v for c in problem.circuits for v in c.vessel_ids()]
        self.state = empty_timetable(problem, tables, cover, others, seed)
        self.memory = memory_of(self.state)
        self.changes = np.repeat(tables.change > 0, np.diff(tables.group_ptr))
        self.odds = np.cumsum(WEIGHTS) / WEIGHTS.sum()
        # what a sailing of each circuit costs: a ferry of 20 minutes and a catamaran of two hours are weighed alike
        circuits = len(problem.circuits)
        self.scale = np.bincount(tables.circuit, tables.cost, circuits) / np.maximum(1, np.bincount(tables.circuit, minlength=circuits))
        self.cold = np.zeros(circuits)

    def guide(self, alpha: Array, split: Array) -> None:
        """Prices of the bound (fen a person by group, and the first ride's share of it): what serving a person is worth when the rest stands.

        Before anybody is seated: what it costs to leave those behind who change boats is shared between their rides alike.
        """
        b, groups = self.state, len(alpha)
        b.guide[:] = np.concatenate([alpha * split, alpha * (1.0 - split)]).astype(np.int64)
        x = np.flatnonzero(self.changes)
        left = b.piece[x, 0, PRICE] + b.piece[x + groups, 0, PRICE]
        b.piece[x, 0, PRICE] = (left * split[x]).astype(np.int64)
        b.piece[x + groups, 0, PRICE] = left - b.piece[x, 0, PRICE]
        b.dearest[:] = np.where(b.piece[:, 0, PEOPLE] > 0, b.piece[:, 0, PRICE], 0)

    def load(self, days: Mapping[str, Sequence[int]]) -> None:
        """Sets vessels' days, given as candidates in order; ValueError if they do not fit together."""
        b, number = self.state, {name: v for v, name in enumerate(self.names)}
        for name, day in days.items():
            b.new[0, 0], b.new[0, 1] = number[name], len(day)
            for i, c in enumerate(day):
                r = pattern_at(b, c)
                b.new_pattern[0, i], b.new_at[0, i] = r, c - b.pattern[r, FIRST] + b.pattern[r, LOW]
            b.new[0, 2] = b.pattern[b.new_pattern[0, 0], ORIGIN]
            begin_move(b)
            if not apply(b, 1):
                raise ValueError(f"the day of {name} does not fit the others")

    def run(self, heat: float, most: int, spent: Callable[[], float], better: Callable[[float], None]) -> None:
        """Changes the timetable until ``spent()`` is 1, from a temperature of ``heat`` sailings down; ``better`` hears the share now and then.

        A sailing is what one of the changed vessel's circuit costs in the mean.
        """
        seatings = list(SEATINGS)
        while (share := spent()) < 1.0:
            if seatings and share >= seatings[0]:
                seatings.pop(0)
                seat_anew(self.state, self.problem, self.names)
            heats = heat * self.scale * COOLED**-share if share < QUENCH else self.cold
            anneal(self.state, self.memory, CHUNK, heats, self.odds, most, STEPS)
            better(share)
        # who is asked to stop while it is warm still goes down the nearest slope
        anneal(self.state, self.memory, CHUNK, self.cold, self.odds, most, STEPS)

    @property
    def missing(self) -> int:
        """Obligation rows not met (shortfall summed)."""
        return int(self.state.total[MISSING])

    @property
    def cost(self) -> int:
        """Cost as the search sees it, in fen: obligations not met at ROW_FEN each, journeys with a change by halves."""
        return int(self.state.total[MONEY]) + ROW_FEN * self.missing

    def days(self) -> list[tuple[str, list[int]]]:
        """Named vessels and their candidates in the order of the day."""
        b = self.state
        return [
            (self.names[v], b.sail[b.day[v, : b.vessel[v, COUNT]], CANDIDATE].tolist()) for v in np.flatnonzero(b.vessel[:, BASE] >= 0).tolist()
        ]

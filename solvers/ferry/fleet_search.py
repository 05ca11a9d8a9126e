"""Plan search vessel by vessel: insert the day that gains most, take days or hours apart and put better ones in.

A vessel's day is a longest path in time and space on the people it would win; obligations come first, as a bonus larger than any
fare of time. Left-behind people count at the prices of the bound while days are chosen, since at the full price neighbouring
sailings of a day would each count the same people. Berths and moorings are kept at every step.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from islandflow.ferry.problem import FerryProblem
from islandflow.ferry.problem.markets import FloatArray, IntArray
from solvers.ferry import search_kernels as kernel
from solvers.ferry.coverage import Coverage
from solvers.ferry.fleet_state import OBLIGATION_BONUS, FleetState, Quays
from solvers.ferry.tables import Tables

HOURS = (24, 36, 60, 96)  # lengths of the stretches of a day that are taken apart, in slots
KAPPA = (1.02, 1.6)  # multiples of the bound's prices at which people left behind count while days are chosen


class FleetSearch(FleetState):
    """Moves on a timetable."""

    def __init__(self, problem: FerryProblem, tables: Tables, cover: Coverage, seed: int, others: Quays | None = None) -> None:
        super().__init__(problem, tables, cover, others)
        self.random = np.random.default_rng(seed)

    def insert(self, vessel: int, noise: float = 0.0, *, anyway: bool = False) -> bool:
        """Gives an idle vessel the day that gains most; False and unchanged if none gains (``anyway``: even at a loss)."""
        k = int(self.vessel_circuit[vessel])
        ways, t = self.ways[k], self.t
        if not len(ways.patterns):
            return False
        self._appraise(k, 0, self.problem.slots, noise)
        base_open = np.array([self.moorings[p] > 0 for p in ways.ports])
        gain, row, day = kernel.best_day(
            t, ways.patterns, ways.origin, ways.target, self.net, len(ways.ports), self.problem.slots, base_open, self.windows,
            int(self.problem.second_fen[k]),
        )  # fmt: skip
        if not len(day) or (gain <= self.problem.day_fen[k] and not anyway):
            return False
        before, saved = self.cost(), self.snapshot()
        first = self.problem.patterns[int(self.pattern_of(day[:1])[0])]
        self.commission(vessel, self.port_number[first.calls[0]], int(row))
        self.place(vessel, day)
        self.reckon(vessel)
        if self.cost() >= before and not anyway:
            self.restore(saved)
            return False
        return True

    def remove(self, vessel: int) -> None:
        """Takes a vessel's day apart."""
        self.take_off(vessel, self.day(vessel))
        self.lay_up(vessel)

    def open_stretch(self, vessel: int, begin: int, end: int) -> tuple[int, int, int, int] | None:
        """Takes the sailings that leave in slots ``begin <= slot < end`` off; (port, slot) before and after, None if none leaves."""
        day = self.day(vessel)
        ways = self.ways[int(self.vessel_circuit[vessel])]
        at = self.slot_of(self.p.placed[day])
        lo, hi = int(np.searchsorted(at, begin)), int(np.searchsorted(at, end))
        home = ways.ports.index(int(self.base[vessel]))
        place, since, goal, until = home, 0, home, self.problem.slots
        if lo > 0:
            r = int(self.pattern_of(self.p.placed[day[lo - 1 : lo]])[0])
            place = ways.ports.index(self.port_number[self.problem.patterns[r].calls[-1]])
            since = min(self.problem.slots, int(at[lo - 1] + self.t.block[r]))
        if hi < len(day):
            r = int(self.pattern_of(self.p.placed[day[hi : hi + 1]])[0])
            goal, until = ways.ports.index(self.port_number[self.problem.patterns[r].calls[0]]), int(at[hi])
        if hi <= lo and until - since < 6:  # noqa: PLR2004  (half an hour: too short for anything)
            return None
        if hi > lo:
            self.take_off(vessel, day[lo:hi])
        return place, since, goal, until

    def close_stretch(self, vessel: int, gap: tuple[int, int, int, int], noise: float = 0.0) -> None:
        """Fills a gap of a vessel's day with what gains most; a vessel left without sailings is laid up."""
        k = int(self.vessel_circuit[vessel])
        ways = self.ways[k]
        place, since, goal, until = gap
        self._appraise(k, since, until, noise)
        _, stretch = kernel.best_stretch(
            self.t, ways.patterns, ways.origin, ways.target, self.net, len(ways.ports), place, since, goal, until, self.problem.slots,
            self.windows[self.crew[vessel]],
        )  # fmt: skip
        if len(stretch):
            self.place(vessel, stretch)
        if len(self.day(vessel)):
            self.reckon(vessel)
        else:
            self.lay_up(vessel)

    def _appraise(self, k: int, begin: int, end: int, noise: float) -> None:
        """Sets ``net`` of a circuit's candidates in these slots: gain less cost, obligations first, no berth = FAR."""
        ways, t = self.ways[k], self.t
        kernel.worth(t, ways.patterns, begin, end, self.p, self.value)
        lo, hi, cost, local, rows = self.span[k]
        mine = self.value[lo:hi] - cost
        if noise:
            mine = (mine + noise * np.abs(mine) * self.random.standard_normal(len(mine))).astype(np.int64)
        unmet = self.need > 0
        if unmet.any() and unmet[rows].any():
            extra = np.bincount(local, np.where(unmet[rows], self.bonus[rows], 0), minlength=hi - lo)
            mine = mine + np.minimum(extra, 5 * OBLIGATION_BONUS).astype(np.int64)
        self.net[lo:hi] = np.where(self.often[lo:hi] < self.problem.copies, mine, kernel.FAR)
        kernel.blocked(t, ways.patterns, self.stops, self.stop_ptr, self.taken, self.berths, self.taken_long, self.long_berths,
                       bool(self.is_long[k]), self.calendar_start, begin, end, self.net)  # fmt: skip

    # -- filling and searching -------------------------------------------------------------------------------------------------

    def guide(self, alpha: FloatArray, split: FloatArray) -> None:
        """Prices of the bound (fen a person by group, and the first ride's share of it): what serving a person is worth when the rest stands."""
        self.alpha = np.concatenate([alpha * split, alpha * (1.0 - split)])

    def _price_left(self, kappa: float) -> IntArray:
        full: IntArray = self.p.price[:, 0].copy()
        if self.alpha is not None:
            self.p.price[:, 0] = np.minimum(full, (kappa * self.alpha).astype(np.int64))
        return full

    def fill_guided(self, kappa: float, stop: Callable[[], bool]) -> None:
        """Fills with people left behind at ``kappa`` times the prices of the bound, then at the full price."""
        full = self._price_left(kappa)
        self.fill(stop)
        self.p.price[:, 0] = full
        self.fill(stop)

    def fill(self, stop: Callable[[], bool]) -> None:
        """Inserts vessel after vessel, circuits in turn, until none gains or ``stop`` says so."""
        waiting = [k for k in range(len(self.ways)) if len(self.ways[k].patterns)]
        while waiting:
            for k in self.random.permutation(waiting):
                if stop():
                    return
                idle = self.idle(int(k))
                if not len(idle) or not self.insert(int(idle[0])):
                    waiting.remove(int(k))
        self.board(self.random.permutation(self.sailing_slots()), 3)

    def move(self, most: int, focus: set[int] | None = None) -> None:
        """One change: hours, or whole days, of up to ``most`` related vessels are taken apart and filled again.

        With ``focus`` the first of them is of these circuits or their neighbours.
        """
        active = np.flatnonzero(self.base >= 0)
        if focus:
            about = [j for k in focus for j in self.neighbours[k]]
            active = active[np.isin(self.vessel_circuit[active], about)]
        if not len(active):
            self.fill(lambda: False)
            return
        seed = self._seed(active)
        near = set(self.neighbours[int(self.vessel_circuit[seed])])
        related = [int(v) for v in active if v != seed and int(self.vessel_circuit[v]) in near]
        number = min(int(self.random.integers(0, most)), len(related))
        chosen = [seed, *(int(v) for v in self.random.choice(related, number, replace=False))] if number else [seed]
        noise = 0.1 if self.random.random() < 0.4 else 0.0  # noqa: PLR2004
        kappa = float(self.random.uniform(*KAPPA)) if self.random.random() < 0.7 else 0.0  # noqa: PLR2004
        if self.random.random() < 0.85:  # noqa: PLR2004
            self._hours(chosen, near, kappa, noise)
        else:
            self._days(chosen, near, kappa, noise)

    def shake(self) -> set[int]:
        """Lays a vessel up, puts one more into service, or both, at a loss: the timetable must then settle anew. Circuits touched."""
        touched: set[int] = set()
        active = np.flatnonzero(self.base >= 0)
        kind = self.random.random()
        if len(active) and kind < 0.75:  # noqa: PLR2004
            gone = int(self.random.choice(active))
            touched.add(int(self.vessel_circuit[gone]))
            self.remove(gone)
        near = sorted({j for k in touched for j in self.neighbours[k]}) or list(range(len(self.ways)))
        if kind >= 0.4:  # noqa: PLR2004
            k = int(self.random.choice(near))
            idle = self.idle(k)
            full = self._price_left(float(self.random.uniform(*KAPPA)))
            if len(idle) and self.insert(int(idle[0]), 0.1, anyway=True):
                touched.add(k)
            self.p.price[:, 0] = full
        self._aboard({j for k in touched for j in self.neighbours[k]})
        return touched

    def _seed(self, active: IntArray) -> int:
        """A vessel in service, with an eye to those that could meet an open obligation."""
        open_rows = np.flatnonzero((self.need > 0) & self.hard)
        if len(open_rows) and self.random.random() < 0.5:  # noqa: PLR2004
            able = self.row_circuits.get(int(self.random.choice(open_rows)), [])
            helpers = [int(v) for v in active if int(self.vessel_circuit[v]) in able]
            if helpers:
                return int(self.random.choice(helpers))
        return int(self.random.choice(active))

    def _hours(self, chosen: list[int], near: set[int], kappa: float, noise: float) -> None:
        length = int(self.random.choice(HOURS))
        begin = int(self.random.integers(-length // 2, self.problem.slots - length // 2))
        gaps = [(v, gap) for v in chosen if (gap := self.open_stretch(v, begin, begin + length)) is not None]
        self._aboard(near)
        full = self._price_left(kappa) if kappa else None
        for i in self.random.permutation(len(gaps)):
            self.close_stretch(gaps[i][0], gaps[i][1], noise)
        if full is not None:
            self.p.price[:, 0] = full
        self._aboard(near)

    def _days(self, chosen: list[int], near: set[int], kappa: float, noise: float) -> None:
        for vessel in chosen:
            self.remove(vessel)
        kinds = {int(self.vessel_circuit[v]) for v in chosen}
        if self.random.random() < 0.3:  # noqa: PLR2004
            kinds |= {k for k in near if self.random.random() < 0.5}  # noqa: PLR2004
        self._aboard(near)
        waiting = [int(v) for k in sorted(kinds) for v in self.idle(k)[: len(chosen) + 1]]
        full = self._price_left(kappa) if kappa else None
        for vessel in self.random.permutation(waiting):
            self.insert(int(vessel), noise)
        if full is not None:
            self.p.price[:, 0] = full
        self._aboard(near | kinds)

    def _aboard(self, circuits: set[int]) -> None:
        """Boards the sailings of some circuits anew, in random order."""
        slots = self.sailing_slots()
        self.board(self.random.permutation(slots[np.isin(self.vessel_circuit[slots // kernel.DAY], list(circuits))]))

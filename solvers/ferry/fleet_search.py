"""Plan search vessel by vessel: insert the day that gains most, take days apart and put better ones in.

A vessel's day is a longest path in time and space on the people it would win; obligations come first, as a bonus larger than
any fare of time. Berths and moorings are kept at every step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from islandflow.ferry.problem import FerryProblem
from islandflow.ferry.problem.markets import FloatArray, IntArray
from solvers.ferry import search_kernels as kernel
from solvers.ferry.coverage import Coverage
from solvers.ferry.tables import Tables

OBLIGATION_BONUS = 10**10  # fen a row: far above what a vessel can earn, so that obligations come first, literally
MARGIN = 30  # minutes kept free on both ends of the berth calendar


@dataclass(frozen=True)
class Ways:
    """Patterns of one circuit with local port numbers."""

    patterns: IntArray
    origin: IntArray
    target: IntArray
    ports: tuple[int, ...]


class FleetSearch:
    """State of a search: who sails where, who rides what, which berths are taken."""

    def __init__(self, problem: FerryProblem, tables: Tables, cover: Coverage, seed: int) -> None:
        self.problem, self.t, self.cover = problem, tables, cover
        self.random = np.random.default_rng(seed)
        self.port_number = {p: i for i, p in enumerate(problem.scenario.ports)}
        self.vessel_circuit = np.repeat(np.arange(len(problem.circuits)), [c.count for c in problem.circuits])
        self.vessels = len(self.vessel_circuit)
        self.names = [v for c in problem.circuits for v in c.vessel_ids()]
        self.ways = [self._ways(k) for k in range(len(problem.circuits))]
        self.neighbours = self._neighbours()
        self.windows = np.array([(w.begins, w.ends) for w in problem.windows] + [(0, 10_000)], dtype=np.int64)
        self.cover_ptr, self.cover_row = cover.rows_of(problem.candidates)
        self._berths()
        self._passengers()
        self.fixed = np.zeros(self.vessels, dtype=np.int64)
        self.base = np.full(self.vessels, -1, dtype=np.int64)
        self.alpha: FloatArray | None = None
        self.need = cover.least.copy()
        self.value = np.zeros(problem.candidates, dtype=np.int64)
        self.net = np.full(problem.candidates, kernel.FAR, dtype=np.int64)
        self._scarcity()
        self._spans()

    def _spans(self) -> None:
        """By circuit: its candidates (they lie side by side), their running costs, and the obligation rows they meet."""
        self.span: list[tuple[int, int, IntArray, IntArray, IntArray]] = []
        for ways in self.ways:
            if not len(ways.patterns):
                self.span.append((0, 0, ways.patterns, ways.patterns, ways.patterns))
                continue
            last = ways.patterns[-1]
            lo, hi = int(self.t.first[ways.patterns[0]]), int(self.t.first[last] + self.t.high[last] - self.t.low[last])
            cost = np.repeat(self.t.cost[ways.patterns], (self.t.high - self.t.low)[ways.patterns])
            local = np.repeat(np.arange(hi - lo), np.diff(self.cover_ptr[lo : hi + 1]))
            self.span.append((lo, hi, cost, local, self.cover_row[self.cover_ptr[lo] : self.cover_ptr[hi]]))

    def _scarcity(self) -> None:
        """Bonus of a row, larger the fewer circuits can meet it: what only one boat can do, that boat does first."""
        circuit = np.repeat(self.problem.circuit_of, self.problem.high - self.problem.low)[self.cover.candidate]
        pairs = np.unique(np.stack([self.cover.row, circuit]), axis=1)
        able = np.bincount(pairs[0], minlength=len(self.cover.rows))
        rows = np.array([n.rule == "largest-gap" for n in self.cover.rows], dtype=bool)
        self.bonus = OBLIGATION_BONUS // np.maximum(1, able) ** 2 // np.where(rows, 4, 1)
        self.row_circuits: dict[int, list[int]] = {}
        for row, k in pairs.T:
            self.row_circuits.setdefault(int(row), []).append(int(k))

    def _ways(self, k: int) -> Ways:
        mine = np.flatnonzero(self.problem.circuit_of == k)
        ports = sorted({self.port_number[p] for r in mine for p in (self.problem.patterns[r].calls[0], self.problem.patterns[r].calls[-1])})
        local = {p: i for i, p in enumerate(ports)}
        at = [local[self.port_number[self.problem.patterns[r].calls[0]]] for r in mine]
        to = [local[self.port_number[self.problem.patterns[r].calls[-1]]] for r in mine]
        return Ways(mine, np.array(at, dtype=np.int64), np.array(to, dtype=np.int64), tuple(ports))

    def _neighbours(self) -> list[list[int]]:
        """Circuits that compete for the same people."""
        used = [{int(o) for r in w.patterns for o in self.t.market[self.t.ptr[r] : self.t.ptr[r + 1]]} for w in self.ways]
        return [[j for j, other in enumerate(used) if mine & other] for mine in used]

    def _berths(self) -> None:
        scenario = self.problem.scenario
        ports = list(scenario.ports.values())
        berth, long_m = scenario.whole("berth_min"), scenario.number("long_vessel_m")
        self.calendar_start = self.problem.start - MARGIN - berth
        length = self.problem.slots * self.problem.step + 600
        self.taken = np.zeros((len(ports), length), dtype=np.int16)
        self.taken_long = np.zeros((len(ports), length), dtype=np.int16)
        self.berths = np.array([p.berths for p in ports], dtype=np.int64)
        self.long_berths = np.array([p.berths if p.long_berths is None else p.long_berths for p in ports], dtype=np.int64)
        self.moorings = np.array([p.overnight_moorings for p in ports], dtype=np.int64)
        self.is_long = np.array([c.fleet.length_m > long_m for c in self.problem.circuits])
        stops: list[tuple[int, int, int]] = []
        ptr = [0]
        for p in self.problem.patterns:
            alongside = min(berth, self.problem.circuits[p.circuit].fleet.turnaround_min // 2)
            stops.append((self.port_number[p.calls[0]], -alongside, 0))
            stops += [(self.port_number[c], a, d + 1) for c, a, d in zip(p.calls[1:-1], p.arrives, p.departs[1:], strict=False)]
            stops.append((self.port_number[p.calls[-1]], p.minutes, p.minutes + alongside))
            ptr.append(len(stops))
        self.stops, self.stop_ptr = np.array(stops, dtype=np.int64).reshape(-1, 3), np.array(ptr, dtype=np.int64)

    def _passengers(self) -> None:
        t = self.t
        groups = len(t.size)
        of = np.repeat(np.arange(len(t.left)), np.diff(t.group_ptr))
        change = t.change[of].astype(bool)
        people = np.zeros((2 * groups, kernel.PIECES), dtype=np.int32)
        price = np.zeros((2 * groups, kernel.PIECES), dtype=np.int64)
        people[:groups, 0] = t.size
        people[groups:, 0] = np.where(change, t.size, 0)
        price[:groups, 0] = np.where(change, t.left[of] * t.part[of] // 1000, t.left[of])
        price[groups:, 0] = t.left[of] * (1000 - t.part[of]) // 1000
        rows = self.vessels * kernel.DAY
        legs = int(t.legs.max(initial=1))
        self.p = kernel.Pieces(
            np.ones(2 * groups, dtype=np.int64), people, np.full((2 * groups, kernel.PIECES), -1, dtype=np.int32), price,
            np.zeros((2 * groups, kernel.PIECES), dtype=np.int8), np.zeros((2 * groups, kernel.PIECES), dtype=np.int8),
            np.full(rows, -1, dtype=np.int64), np.zeros((rows, legs, 2), dtype=np.int64),
        )  # fmt: skip

    def guide(self, alpha: FloatArray) -> None:
        """Prices of the bound (fen a person by group): what serving a person is worth when the rest of the timetable stands."""
        of = np.repeat(np.arange(len(self.t.left)), np.diff(self.t.group_ptr))
        part = np.where(self.t.change[of] > 0, self.t.part[of], 1000)
        self.alpha = np.concatenate([alpha * part, alpha * (1000 - part)]) / 1000

    # -- money and state -------------------------------------------------------------------------------------------------------

    def missing(self) -> int:
        """Obligation rows not met (shortfall summed)."""
        return int(np.maximum(self.need, 0).sum())

    def cost(self) -> int:
        """Cost of the plan as the search sees it, in fen: obligations not met at the bonus, journeys with a change by halves."""
        return int(kernel.price_of_all(self.p) + self.fixed.sum()) + OBLIGATION_BONUS * self.missing()

    def snapshot(self) -> tuple[object, ...]:
        """All that a move changes."""
        return (
            kernel.Pieces(*(a.copy() for a in self.p)), self.fixed.copy(), self.base.copy(), self.need.copy(),
            self.taken.copy(), self.taken_long.copy(), self.moorings.copy(),
        )  # fmt: skip

    def restore(self, saved: tuple[object, ...]) -> None:
        """Back to a snapshot, which is spent."""
        self.p, self.fixed, self.base, self.need, self.taken, self.taken_long, self.moorings = saved  # type: ignore[assignment]

    def sailing_slots(self) -> IntArray:
        """Slots that hold a sailing."""
        return np.flatnonzero(self.p.placed >= 0)

    def idle(self, circuit: int) -> IntArray:
        """Vessels of a circuit without a day."""
        return np.flatnonzero((self.vessel_circuit == circuit) & (self.base < 0))

    # -- moves -----------------------------------------------------------------------------------------------------------------

    def board(self, slots: IntArray, rounds: int = 1) -> int:
        """Boards the sailings in the given slots in random order; the gain in fen."""
        slots = self.random.permutation(slots)
        at = self.p.placed[slots]
        r = np.searchsorted(self.problem.first, at, side="right") - 1
        minute = self.t.start + (at - self.t.first[r] + self.t.low[r]) * self.t.step
        return int(kernel.board_all(self.t, slots, r, minute, self.p, rounds))

    def insert(self, vessel: int, noise: float = 0.0) -> bool:
        """Gives an idle vessel the day that gains most; False and unchanged if none gains."""
        k = int(self.vessel_circuit[vessel])
        ways, t = self.ways[k], self.t
        if not len(ways.patterns):
            return False
        kernel.worth(t, ways.patterns, self.p, self.value)
        net = self.net
        lo, hi, cost, local, rows = self.span[k]
        mine = self.value[lo:hi] - cost
        if noise:
            mine = (mine + noise * np.abs(mine) * self.random.standard_normal(len(mine))).astype(np.int64)
        unmet = self.need > 0
        if unmet.any() and unmet[rows].any():
            extra = np.bincount(local, np.where(unmet[rows], self.bonus[rows], 0), minlength=hi - lo)
            mine = mine + np.minimum(extra, 5 * OBLIGATION_BONUS).astype(np.int64)
        net[lo:hi] = mine
        kernel.blocked(t, ways.patterns, self.stops, self.stop_ptr, self.taken, self.berths, self.taken_long, self.long_berths,
                       bool(self.is_long[k]), self.calendar_start, net)  # fmt: skip
        base_open = np.array([self.moorings[p] > 0 for p in ways.ports])
        gain, row, day = kernel.best_day(
            t, ways.patterns, ways.origin, ways.target, net, len(ways.ports), self.problem.slots, base_open, self.windows,
            int(self.problem.second_fen[k]),
        )  # fmt: skip
        if not len(day) or gain <= self.problem.day_fen[k]:
            return False
        before, saved = self.cost(), self.snapshot()
        self._place(vessel, day, int(row) == len(self.windows) - 1)
        if self.cost() >= before:
            self.restore(saved)
            return False
        return True

    def _place(self, vessel: int, day: IntArray, second_crew: bool) -> None:
        k = int(self.vessel_circuit[vessel])
        slots = vessel * kernel.DAY + np.arange(len(day))
        self.p.placed[slots] = day
        r = np.searchsorted(self.problem.first, day, side="right") - 1
        self.p.room[slots, :, 0] = self.t.seats[k]
        self.p.room[slots, :, 1] = self.t.decks[k]
        self._berth(vessel, 1)
        self.base[vessel] = self.port_number[self.problem.patterns[r[0]].calls[0]]
        self.moorings[self.base[vessel]] -= 1
        self.fixed[vessel] = self.problem.day_fen[k] + self.t.cost[r].sum() + (self.problem.second_fen[k] if second_crew else 0)
        for c in day:
            self.need[self.cover_row[self.cover_ptr[c] : self.cover_ptr[c + 1]]] -= 1
        self.board(slots, 2)

    def _berth(self, vessel: int, by: int) -> None:
        k = int(self.vessel_circuit[vessel])
        for c in self.p.placed[vessel * kernel.DAY : (vessel + 1) * kernel.DAY]:
            if c < 0:
                break
            r = self.problem.pattern_of(int(c))
            minute = self.problem.minute(int(c)) - self.calendar_start
            kernel.occupy(self.stops, self.stop_ptr[r], self.stop_ptr[r + 1], minute, by, self.taken)
            if self.is_long[k]:
                kernel.occupy(self.stops, self.stop_ptr[r], self.stop_ptr[r + 1], minute, by, self.taken_long)

    def remove(self, vessel: int) -> None:
        """Takes a vessel's day apart; its people are left behind until boarded anew."""
        self._berth(vessel, -1)
        for c in self.p.placed[vessel * kernel.DAY : (vessel + 1) * kernel.DAY]:
            if c < 0:
                break
            self.need[self.cover_row[self.cover_ptr[c] : self.cover_ptr[c + 1]]] += 1
        self.moorings[self.base[vessel]] += 1
        self.base[vessel] = -1
        self.fixed[vessel] = 0
        kernel.put_ashore(vessel, self.p)

    def fill_guided(self, kappa: float, stop: Callable[[], bool]) -> None:
        """Fills with people left behind at ``kappa`` times the prices of the bound instead of the full price."""
        full = self._price_left(kappa)
        self.fill(stop)
        self.p.price[:, 0] = full

    def _price_left(self, kappa: float) -> IntArray:
        full: IntArray = self.p.price[:, 0].copy()
        if self.alpha is not None:
            self.p.price[:, 0] = np.minimum(full, (kappa * self.alpha).astype(np.int64))
        return full

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
        self.board(self.sailing_slots(), 3)

    def ruin_and_recreate(self, most: int) -> None:
        """Takes up to ``most`` related vessel days apart and fills again."""
        active = np.flatnonzero(self.base >= 0)
        if not len(active):
            return
        seed = int(self.random.choice(active))
        open_rows = np.flatnonzero(self.need > 0)
        if len(open_rows) and self.random.random() < 0.5:  # noqa: PLR2004
            able = self.row_circuits.get(int(self.random.choice(open_rows)), [])
            helpers = [int(v) for v in active if int(self.vessel_circuit[v]) in able]
            seed = int(self.random.choice(helpers)) if helpers else seed
        near = set(self.neighbours[int(self.vessel_circuit[seed])])
        related = [int(v) for v in active if v != seed and int(self.vessel_circuit[v]) in near]
        number = int(self.random.integers(0, most))
        gone = [seed, *(int(v) for v in self.random.choice(related, min(number, len(related)), replace=False))] if related else [seed]
        for vessel in gone:
            self.remove(vessel)
        kinds = {int(self.vessel_circuit[v]) for v in gone}
        if self.random.random() < 0.3:  # noqa: PLR2004
            kinds |= {k for k in near if self.random.random() < 0.5}  # noqa: PLR2004
        self.board(self._slots_of(near), 1)
        waiting = [int(v) for k in kinds for v in self.idle(k)[: len(gone) + 1]]
        noise = 0.1 if self.random.random() < 0.5 else 0.0  # noqa: PLR2004
        # the full price of being left behind makes neighbouring sailings of a day count the same people; the bound's prices do not
        guided = self.alpha is not None and self.random.random() < 0.6  # noqa: PLR2004
        full = self._price_left(float(self.random.uniform(1.05, 2.0))) if guided else None
        for vessel in self.random.permutation(waiting):
            self.insert(int(vessel), noise)
        if full is not None:
            self.p.price[:, 0] = full
        self.board(self._slots_of(near | kinds), 1)

    def _slots_of(self, circuits: set[int]) -> IntArray:
        slots = self.sailing_slots()
        return slots[np.isin(self.vessel_circuit[slots // kernel.DAY], list(circuits))]

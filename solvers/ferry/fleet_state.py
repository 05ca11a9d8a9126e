"""State of a plan search: who sails where, who rides what, which berths and moorings are taken, which obligations are open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from islandflow.ferry.problem import FerryProblem
from islandflow.ferry.problem.markets import FloatArray, IntArray
from solvers.ferry import search_kernels as kernel
from solvers.ferry.coverage import Coverage
from solvers.ferry.tables import Tables, most_ways

OBLIGATION_BONUS = 10**10  # fen a row: far above what a vessel can earn, so that obligations come first, literally
Calendar = NDArray[np.int16]
MARGIN = 30  # minutes kept free on both ends of the berth calendar
WHOLE_DAY = 10_000  # a minute after every day


@dataclass(frozen=True)
class Ways:
    """Patterns of one circuit with local port numbers."""

    patterns: IntArray
    origin: IntArray
    target: IntArray
    ports: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Quays:
    """Berth minutes (ports, minutes) of all and of long vessels, and moorings by port, that others hold."""

    taken: Calendar
    taken_long: Calendar
    moored: IntArray


def calendar_start(problem: FerryProblem) -> int:
    """First minute of the berth calendars."""
    return problem.start - MARGIN - problem.scenario.whole("berth_min")


class FleetState:
    """The timetable under search; vessel ``v`` keeps its sailings in the slots ``v * DAY ... (v + 1) * DAY - 1``, in no order."""

    def __init__(self, problem: FerryProblem, tables: Tables, cover: Coverage, others: Quays | None = None) -> None:
        self.problem, self.t, self.cover = problem, tables, cover
        self.port_number = {p: i for i, p in enumerate(problem.scenario.ports)}
        self.vessel_circuit = np.repeat(np.arange(len(problem.circuits)), [c.count for c in problem.circuits])
        self.vessels = len(self.vessel_circuit)
        self.names = [v for c in problem.circuits for v in c.vessel_ids()]
        self.ways = [self._ways(k) for k in range(len(problem.circuits))]
        self.neighbours = self._neighbours()
        self.windows = np.array([(w.begins, w.ends) for w in problem.windows] + [(0, WHOLE_DAY)], dtype=np.int64)
        self.cover_ptr, self.cover_row = cover.rows_of(problem.candidates)
        self._berths()
        if others is not None:
            self.taken += others.taken
            self.taken_long += others.taken_long
            self.moorings -= others.moored
        self._passengers()
        self.fixed = np.zeros(self.vessels, dtype=np.int64)
        self.base = np.full(self.vessels, -1, dtype=np.int64)
        self.crew = np.zeros(self.vessels, dtype=np.int64)
        self.alpha: FloatArray | None = None
        self.need = cover.least.copy()
        self.hard = np.array([n.hard for n in cover.rows], dtype=bool)
        self.wish_fen = np.array([n.price_fen or 0 for n in cover.rows], dtype=np.int64)
        self.often = np.zeros(problem.candidates, dtype=np.int16)
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
        self.bonus = np.where(self.hard, OBLIGATION_BONUS // np.maximum(1, able) ** 2 // np.where(rows, 4, 1), self.wish_fen)
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
        self.calendar_start = calendar_start(self.problem)
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
        wide = (2 * groups, most_ways(t))
        people, price = np.zeros(wide, dtype=np.int32), np.zeros(wide, dtype=np.int64)
        people[:groups, 0] = t.size
        people[groups:, 0] = np.where(change, t.size, 0)
        price[:groups, 0] = np.where(change, t.left[of] * t.part[of] // 1000, t.left[of])
        price[groups:, 0] = t.left[of] * (1000 - t.part[of]) // 1000
        rows = self.vessels * kernel.DAY
        legs = int(t.legs.max(initial=1))
        self.p = kernel.Pieces(
            np.ones(2 * groups, dtype=np.int64), people, np.full(wide, -1, dtype=np.int32), price,
            np.zeros(wide, dtype=np.int8), np.zeros(wide, dtype=np.int8),
            np.full(rows, -1, dtype=np.int64), np.zeros((rows, legs, 2), dtype=np.int64),
        )  # fmt: skip

    # -- money and state -------------------------------------------------------------------------------------------------------

    def missing(self) -> int:
        """Obligation rows not met (shortfall summed)."""
        return int(np.maximum(self.need, 0)[self.hard].sum())

    def forgone(self) -> int:
        """Price in fen of the wishes not fulfilled."""
        return int((np.maximum(self.need, 0) * self.wish_fen).sum()) + self.cover.forgone

    def cost(self) -> int:
        """Cost of the plan as the search sees it, in fen: obligations not met at the bonus, journeys with a change by halves."""
        return int(kernel.price_of_all(self.p) + self.fixed.sum()) + OBLIGATION_BONUS * self.missing() + self.forgone()

    def snapshot(self) -> tuple[object, ...]:
        """All that a move changes."""
        return (
            kernel.Pieces(*(a.copy() for a in self.p)), self.fixed.copy(), self.base.copy(), self.crew.copy(), self.need.copy(), self.often.copy(),
            self.taken.copy(), self.taken_long.copy(), self.moorings.copy(),
        )  # fmt: skip

    def restore(self, saved: tuple[object, ...]) -> None:
        """Back to a snapshot, which is spent."""
        self.p, self.fixed, self.base, self.crew, self.need, self.often, self.taken, self.taken_long, self.moorings = saved  # type: ignore[assignment]

    def sailing_slots(self) -> IntArray:
        """Slots that hold a sailing."""
        return np.flatnonzero(self.p.placed >= 0)

    def idle(self, circuit: int) -> IntArray:
        """Vessels of a circuit without a day."""
        return np.flatnonzero((self.vessel_circuit == circuit) & (self.base < 0))

    def day(self, vessel: int) -> IntArray:
        """Slots of a vessel's sailings in the order of the day."""
        slots = vessel * kernel.DAY + np.flatnonzero(self.p.placed[vessel * kernel.DAY : (vessel + 1) * kernel.DAY] >= 0)
        return slots[np.argsort(self.slot_of(self.p.placed[slots]), kind="stable")]

    def days(self) -> list[tuple[str, list[int]]]:
        """Named vessels and their candidates in the order of the day."""
        return [(self.names[v], self.p.placed[self.day(v)].tolist()) for v in np.flatnonzero(self.base >= 0).tolist()]

    def pattern_of(self, candidates: IntArray) -> IntArray:
        """Pattern of each candidate."""
        return np.searchsorted(self.problem.first, candidates, side="right") - 1

    def slot_of(self, candidates: IntArray) -> IntArray:
        """Slot of the grid at which each candidate leaves."""
        r = self.pattern_of(candidates)
        return candidates - self.t.first[r] + self.t.low[r]

    def held(self, vessels: Sequence[int]) -> Quays:
        """Berth minutes and moorings that some vessels hold."""
        found = Quays(np.zeros_like(self.taken), np.zeros_like(self.taken_long), np.zeros_like(self.moorings))
        for vessel in vessels:
            found.moored[self.base[vessel]] += 1
            self._berth(int(self.vessel_circuit[vessel]), self.p.placed[self.day(vessel)], 1, found.taken, found.taken_long)
        return found

    # -- changes ---------------------------------------------------------------------------------------------------------------

    def board(self, slots: IntArray, rounds: int = 1) -> int:
        """Boards the sailings in the given slots, in that order; the gain in fen."""
        at = self.p.placed[slots]
        r = self.pattern_of(at)
        minute = self.t.start + (at - self.t.first[r] + self.t.low[r]) * self.t.step
        return int(kernel.board_all(self.t, slots, r, minute, self.p, rounds))

    def place(self, vessel: int, candidates: IntArray) -> None:
        """Adds sailings to a vessel's day and boards them; base, crew and cost are the caller's."""
        k = int(self.vessel_circuit[vessel])
        lo = vessel * kernel.DAY
        slots = lo + np.flatnonzero(self.p.placed[lo : lo + kernel.DAY] < 0)[: len(candidates)]
        self.p.placed[slots] = candidates
        self.p.room[slots, :, 0] = self.t.seats[k]
        self.p.room[slots, :, 1] = self.t.decks[k]
        self.often[candidates] += 1
        self._berth(k, candidates, 1, self.taken, self.taken_long)
        for c in candidates:
            self.need[self.cover_row[self.cover_ptr[c] : self.cover_ptr[c + 1]]] -= 1
        self.board(slots, 2)

    def take_off(self, vessel: int, slots: IntArray) -> None:
        """Takes sailings out of a vessel's day; their people are left behind until boarded anew."""
        k = int(self.vessel_circuit[vessel])
        candidates = self.p.placed[slots]
        self.often[candidates] -= 1
        self._berth(k, candidates, -1, self.taken, self.taken_long)
        for c in candidates:
            self.need[self.cover_row[self.cover_ptr[c] : self.cover_ptr[c + 1]]] += 1
        gone = np.zeros(kernel.DAY, dtype=np.bool_)
        gone[slots - vessel * kernel.DAY] = True
        kernel.put_ashore(vessel * kernel.DAY, (vessel + 1) * kernel.DAY, gone, self.p)

    def lay_up(self, vessel: int) -> None:
        """A vessel without sailings goes out of service."""
        self.moorings[self.base[vessel]] += 1
        self.base[vessel] = -1
        self.fixed[vessel] = 0

    def commission(self, vessel: int, base: int, crew: int) -> None:
        """A vessel goes into service at a port, with the crew window of that row (the last row is the whole day)."""
        self.base[vessel] = base
        self.crew[vessel] = crew
        self.moorings[base] -= 1

    def reckon(self, vessel: int) -> None:
        """Cost of a vessel's day in fen."""
        k = int(self.vessel_circuit[vessel])
        r = self.pattern_of(self.p.placed[self.day(vessel)])
        second = self.crew[vessel] == len(self.windows) - 1
        self.fixed[vessel] = self.problem.day_fen[k] + self.t.cost[r].sum() + (self.problem.second_fen[k] if second else 0)

    def _berth(self, k: int, candidates: IntArray, by: int, taken: Calendar, taken_long: Calendar) -> None:
        for c, r in zip(candidates.tolist(), self.pattern_of(candidates).tolist(), strict=True):
            minute = self.t.start + (c - int(self.t.first[r]) + int(self.t.low[r])) * self.t.step - self.calendar_start
            kernel.occupy(self.stops, self.stop_ptr[r], self.stop_ptr[r + 1], minute, by, taken)
            if self.is_long[k]:
                kernel.occupy(self.stops, self.stop_ptr[r], self.stop_ptr[r + 1], minute, by, taken_long)

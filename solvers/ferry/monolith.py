"""The whole problem as one mixed-integer model on HiGHS: exact on small cases, a baseline on larger ones.

Vessels flow in networks of their own by circuit, crew window and overnight port, so that every vessel comes home and pays for the
crews it needs. Stage 1 finds the least shortfall of the obligations; stage 2 keeps it and minimises the cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np

from islandflow.ferry.audit import audit_plan
from islandflow.ferry.plan import Boarding, FerryPlan, Ride
from islandflow.ferry.problem import FerryProblem
from islandflow.ferry.problem.needs import Need
from islandflow.result import Result, Status
from solvers.contract import Settings, Watch, solver
from solvers.ferry.fleet_state import Quays, calendar_start
from solvers.ferry.options import Option, options
from solvers.ferry.timetable import timetable

INF = float("inf")
LARGEST = 400_000  # options beyond which the model is not built: it would not fit the time of anybody
Terms = list[tuple[int, float]]


@dataclass
class Model:
    """A mixed-integer model under construction: columns and rows by number."""

    cost: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[float, float, Terms]] = field(default_factory=list)

    def column(self, cost: float, high: float, whole: bool) -> int:
        """A variable between 0 and ``high``."""
        self.cost.append(cost)
        self.high.append(high)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, low: float, high: float, terms: Terms) -> int:
        """low <= sum of terms <= high."""
        self.rows.append((low, high, terms))
        return len(self.rows) - 1

    def highs(self) -> highspy.Highs:
        """The model in HiGHS."""
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.cost), len(self.rows)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = np.array(self.cost), np.zeros(len(self.cost)), np.array(self.high)
        lp.row_lower_ = np.array([r[0] for r in self.rows])
        lp.row_upper_ = np.array([r[1] for r in self.rows])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(r[2]) for r in self.rows])]).astype(np.int32)
        lp.a_matrix_.index_ = np.array([c for r in self.rows for c, _ in r[2]], dtype=np.int32)
        lp.a_matrix_.value_ = np.array([v for r in self.rows for _, v in r[2]], dtype=float)
        lp.integrality_ = [highspy.HighsVarType.kInteger if w else highspy.HighsVarType.kContinuous for w in self.whole]
        highs: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]
        highs.setOptionValue("output_flag", False)
        highs.passModel(lp)
        return highs


class Monolith:
    """Columns of the ferry model by what they mean."""

    def __init__(self, problem: FerryProblem, others: Quays | None = None) -> None:
        self.problem, self.model, self.others = problem, Model(), others
        count = np.array([c.count for c in problem.circuits])
        self.pattern = np.repeat(np.arange(len(problem.patterns)), problem.high - problem.low)
        most = np.minimum(problem.copies, count[problem.circuit_of])[self.pattern]
        self.sails = [self.model.column(float(problem.cost[r]), float(m), True) for r, m in zip(self.pattern, most, strict=True)]
        self.slack: list[int] = []
        self._vessels()
        self._passengers(options(problem))
        self._berths()
        self._obligations()

    def _vessels(self) -> None:
        problem, model = self.problem, self.model
        windows = [(w.begins, w.ends) for w in problem.windows] + [(0, 10_000)]
        self.flow: dict[tuple[int, int, str], list[tuple[int, int]]] = {}
        home: dict[str, Terms] = defaultdict(list)
        of: list[Terms] = [[] for _ in self.sails]
        for k, circuit in enumerate(problem.circuits):
            mine = [c for c in range(len(self.sails)) if problem.circuit_of[self.pattern[c]] == k]
            used: Terms = []
            ends = {p for c in mine for p in (problem.patterns[self.pattern[c]].calls[0], problem.patterns[self.pattern[c]].calls[-1])}
            for crew, (begins, last) in enumerate(windows):
                pay = float(problem.day_fen[k] + (problem.second_fen[k] if crew == len(windows) - 1 else 0))
                fit = [
                    c for c in mine if begins <= problem.minute(c) and problem.minute(c) + problem.patterns[self.pattern[c]].minutes <= last
                ]
                for base in sorted(ends):
                    vessels = model.column(pay, float(circuit.count), True)
                    used.append((vessels, 1.0))
                    home[base].append((vessels, 1.0))
                    arcs = [(c, model.column(0.0, float(circuit.count), True)) for c in fit]
                    self.flow[k, crew, base] = arcs
                    for c, arc in arcs:
                        of[c].append((arc, 1.0))
                    self._conserve(arcs, base, vessels)
            model.row(-INF, float(circuit.count), used)
        for c, terms in enumerate(of):
            model.row(0.0, 0.0, [(self.sails[c], 1.0), *((arc, -1.0) for arc, _ in terms)])
        for base, terms in home.items():
            model.row(-INF, float(problem.scenario.ports[base].overnight_moorings - self._moored(base)), terms)

    def _conserve(self, arcs: Sequence[tuple[int, int]], base: str, vessels: int) -> None:
        """Vessels wait from event to event at each port; they begin and end at ``base``."""
        problem = self.problem
        events: dict[str, dict[int, Terms]] = defaultdict(lambda: defaultdict(list))
        for c, arc in arcs:
            pattern = problem.patterns[self.pattern[c]]
            slot = (problem.minute(c) - problem.start) // problem.step
            events[pattern.calls[0]][slot].append((arc, -1.0))
            back = min(problem.slots, slot + int(problem.block[self.pattern[c]]))
            events[pattern.calls[-1]][back].append((arc, 1.0))
        for port in sorted(set(events) | {base}):
            before: Terms = [(vessels, 1.0)] if port == base else []
            for slot in sorted(events[port]):
                after = self.model.column(0.0, INF, False)
                self.model.row(0.0, 0.0, [*before, *events[port][slot], (after, -1.0)])
                before = [(after, 1.0)]
            self.model.row(0.0, 0.0, [*before, *([(vessels, -1.0)] if port == base else [])] if port == base else before)

    def _passengers(self, ways: list[Option]) -> None:
        problem, model = self.problem, self.model
        of = np.repeat(np.arange(len(problem.markets)), np.diff(problem.group_ptr))
        self.ways = ways
        self.riders = [model.column(float(w.price), float(problem.size[w.group]), True) for w in ways]
        cover: dict[int, Terms] = defaultdict(list)
        link: dict[tuple[int, int], Terms] = defaultdict(list)
        load: dict[tuple[int, int, int], Terms] = defaultdict(list)
        for way, column in zip(ways, self.riders, strict=True):
            cover[way.group].append((column, 1.0))
            deck = int(problem.on_deck[of[way.group]])
            for leg in way.legs:
                link[way.group, leg.candidate].append((column, 1.0))
                for stretch in range(leg.board, leg.alight):
                    load[leg.candidate, stretch, deck].append((column, 1.0))
        for group, size in enumerate(problem.size):
            left = model.column(float(problem.left_fen[of[group]]), float(size), True)
            model.row(float(size), float(size), [*cover[group], (left, 1.0)])
        for (group, c), terms in link.items():
            model.row(-INF, 0.0, [*terms, (self.sails[c], -float(problem.size[group]))])
        for (c, _, deck), terms in load.items():
            fleet = problem.circuits[problem.circuit_of[self.pattern[c]]].fleet
            model.row(-INF, 0.0, [*terms, (self.sails[c], -float(fleet.vehicle_deck if deck else fleet.seats))])

    def _berths(self) -> None:
        problem, scenario = self.problem, self.problem.scenario
        stays: dict[str, list[tuple[int, int, int, bool]]] = defaultdict(list)
        for c, column in enumerate(self.sails):
            pattern, minute = problem.patterns[self.pattern[c]], problem.minute(c)
            fleet = problem.circuits[pattern.circuit].fleet
            time, long = min(scenario.whole("berth_min"), fleet.turnaround_min // 2), fleet.length_m > scenario.number("long_vessel_m")
            stays[pattern.calls[0]].append((minute - time, minute, column, long))
            for port, arrives, departs in zip(pattern.calls[1:-1], pattern.arrives, pattern.departs[1:], strict=False):
                stays[port].append((minute + arrives, minute + departs + 1, column, long))
            end = minute + pattern.minutes
            stays[pattern.calls[-1]].append((end, end + time, column, long))
        for port, all_stays in stays.items():
            facts = scenario.ports[port]
            for longs, room in ((False, facts.berths), (True, facts.long_berths)):
                mine = [s for s in all_stays if s[1] > s[0] and (s[3] or not longs)]
                if room is None:
                    continue
                left: dict[tuple[int, ...], int] = {}
                minutes = {s[0] for s in mine} if self.others is None else {m for s in mine for m in range(s[0], s[1])}
                for m in minutes:
                    row = tuple(s[2] for s in mine if s[0] <= m < s[1])
                    left[row] = min(left.get(row, room), room - self._taken(port, m, longs))
                for row in sorted(left):
                    # twice in a row: a boat that lies there twice in the same minute would need two berths
                    self.model.row(-INF, float(left[row]), [(c, float(row.count(c))) for c in sorted(set(row))])

    def _moored(self, port: str) -> int:
        return 0 if self.others is None else int(self.others.moored[list(self.problem.scenario.ports).index(port)])

    def _taken(self, port: str, minute: int, longs: bool) -> int:
        if self.others is None:
            return 0
        calendar = self.others.taken_long if longs else self.others.taken
        return int(calendar[list(self.problem.scenario.ports).index(port), minute - calendar_start(self.problem)])

    def _obligations(self) -> None:
        problem = self.problem
        for need in problem.needs:
            out = [(c, problem.minute(c)) for c in range(len(self.sails)) if need.stretch(problem.patterns[self.pattern[c]])]
            slack = self.model.column(0.0, INF, False)
            self.slack.append(slack)
            if need.ashore is None:
                met = [(self.sails[c], 1.0) for c, minute in out if need.met_by(problem.patterns[self.pattern[c]], minute)]
                self.model.row(float(need.least), INF, [*met, (slack, 1.0)])
            else:
                self._day_trip(need, need.ashore, slack)

    def _day_trip(self, need: Need, ashore: int, slack: int) -> None:
        """Some arrival time is chosen: a boat arrives then or before, and one home leaves late enough after it."""
        problem = self.problem
        back = Need(need.obligation, need.rule, need.targets, need.origins, 1)
        arrive: dict[int, Terms] = defaultdict(list)
        leave: list[tuple[int, int]] = []
        for c in range(len(self.sails)):
            pattern, minute = problem.patterns[self.pattern[c]], problem.minute(c)
            for _, arrives in need.stretch(pattern):
                if minute + arrives <= need.reaches[1]:
                    arrive[minute + arrives].append((self.sails[c], 1.0))
            leave += [(minute + departs, self.sails[c]) for departs, _ in back.stretch(pattern)]
        chosen: Terms = []
        for at, boats in arrive.items():
            pick = self.model.column(0.0, 1.0, True)
            chosen.append((pick, 1.0))
            self.model.row(-INF, 0.0, [(pick, 1.0), *((b, -1.0) for b in {b for b, _ in boats})])
            self.model.row(-INF, 0.0, [(pick, 1.0), *((b, -1.0) for b in {b for m, b in leave if m >= at + ashore})])
        self.model.row(1.0, INF, [*chosen, (slack, 1.0)])

    def days(self, x: np.ndarray) -> list[tuple[str, list[int]]]:
        """Named vessels' days from the flows: first come, first served, each begins and ends at its base."""
        problem = self.problem
        names = {k: list(c.vessel_ids()) for k, c in enumerate(problem.circuits)}
        found: list[tuple[str, list[int]]] = []
        for (k, _, base), arcs in self.flow.items():
            turn = problem.circuits[k].fleet.turnaround_min
            sailed = [c for c, arc in arcs for _ in range(round(x[arc]))]
            ready: list[tuple[int, str, list[int]]] = []
            for c in sorted(sailed, key=problem.minute):
                pattern, minute = problem.patterns[self.pattern[c]], problem.minute(c)
                free = sorted((r for r in ready if r[1] == pattern.calls[0] and r[0] <= minute), key=lambda r: r[0])
                if free:
                    ready.remove(free[0])
                    day = free[0][2]
                else:
                    if pattern.calls[0] != base:
                        raise RuntimeError("a vessel sails that never left its base: a defect of the model")
                    day = []
                    found.append((names[k].pop(0), day))
                day.append(c)
                ready.append((minute + pattern.minutes + turn, pattern.calls[-1], day))
        return found


@dataclass(frozen=True)
class Proof:
    """What the model says: its solution, stage 1 and its bound, the cost and a bound on it in fen (None if it does not certify)."""

    built: Monolith
    x: np.ndarray | None
    missing: int
    missing_bound: int
    objective: int
    bound: int | None

    @property
    def closed(self) -> bool:
        """Whether plan and bound meet to the fen."""
        return self.bound == self.objective

    @property
    def days(self) -> list[tuple[str, list[int]]]:
        """Named vessels and their candidates."""
        return [] if self.x is None else self.built.days(self.x)


def prove(problem: FerryProblem, settings: Settings, watch: Watch, others: Quays | None = None) -> Proof | None:
    """Stage 1, then stage 2; None if no plan was found in time."""
    built = Monolith(problem, others)
    highs = built.model.highs()
    highs.setOptionValue("mip_rel_gap", settings.mip_gap)
    highs.setOptionValue("mip_abs_gap", 0.5)  # whole fen: closer than half is equal
    highs.setOptionValue("random_seed", settings.seed)
    highs.setOptionValue("threads", settings.workers)
    highs.HandleUserInterrupt = False
    watch.tell("model", None, None)
    # stage 1: nothing but the obligations counts
    size = len(built.model.cost)
    numbers = np.arange(size, dtype=np.int32)
    short = np.zeros(size)
    short[built.slack] = 1.0
    highs.changeColsCost(size, numbers, short)
    missing, missing_bound, _ = _run(highs, watch)
    if missing is None:
        return None
    proven = missing - missing_bound < 0.5
    highs.addRow(-INF, round(missing) + 1e-6, len(built.slack), np.array(built.slack, dtype=np.int32), np.ones(len(built.slack)))
    highs.changeColsCost(size, numbers, np.array(built.model.cost))
    watch.tell("obligations", None, None)
    objective, bound, x = _run(highs, watch)
    if objective is None or x is None:
        return None
    # a certificate over all plans needs stage 1 proven; rounded up because the objective is whole fen
    certified = int(np.ceil(bound - 0.01)) if proven else None
    return Proof(built, x, round(missing), int(np.ceil(missing_bound - 1e-6)), round(objective), certified)


@solver("monolith-highs", proves=True)
def monolith_highs(problem: FerryProblem, settings: Settings, watch: Watch) -> Result:
    """One mixed-integer model on HiGHS, obligations first; proves small cases optimal, a baseline on larger ones."""
    proof = prove(problem, settings, watch)
    if proof is None or proof.x is None:
        return _nothing(settings, watch)
    plan = _plan(problem, proof.built, proof.x)
    counted = audit_plan(problem.scenario, plan, problem.network).money.objective
    if proof.bound is not None and proof.bound > counted:
        raise ValueError(f"bound {proof.bound} above plan {counted}: the bound is wrong")
    status: Status = "optimal" if proof.bound == counted else "feasible"
    watch.tell("finished", counted, proof.bound)
    return Result(
        status, plan, counted, proof.bound, _floor(problem, proof.built.ways), watch.seconds(), settings.seed, "monolith-highs",
        watch.reason, missing=proof.missing, missing_bound=proof.missing_bound, trace=tuple(watch.trace),
    )  # fmt: skip


def _run(highs: highspy.Highs, watch: Watch) -> tuple[float | None, float, np.ndarray | None]:
    highs.setOptionValue("time_limit", highs.getRunTime() + max(0.1, 0.9 * watch.left()))
    highs.run()
    info = highs.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None, info.mip_dual_bound, None
    return info.objective_function_value, info.mip_dual_bound, np.array(highs.getSolution().col_value)


def _nothing(settings: Settings, watch: Watch) -> Result:
    return Result(
        "no_solution", None, None, None, 0, watch.seconds(), settings.seed, "monolith-highs", watch.reason, trace=tuple(watch.trace)
    )


def _floor(problem: FerryProblem, ways: list[Option]) -> int:
    least = np.repeat(problem.left_fen, np.diff(problem.group_ptr))
    for way in ways:
        least[way.group] = min(least[way.group], way.price)
    return int((least * problem.size).sum())


def _plan(problem: FerryProblem, built: Monolith, x: np.ndarray) -> FerryPlan:
    """The timetable, and riders shared out over the sailings of their candidate."""
    sailings = timetable(problem, built.days(x))
    copies: dict[tuple[int, tuple[str, ...], str], list[str]] = defaultdict(list)
    fleet_of = {v: k for k, c in enumerate(problem.circuits) for v in c.vessel_ids()}
    seats: dict[tuple[str, int], list[int]] = {}
    for s in sailings:
        copies[s.departs, s.ports, str(fleet_of[s.vessel])].append(s.id)
        fleet = problem.circuits[fleet_of[s.vessel]].fleet
        for leg in range(len(s.calls) - 1):
            seats[s.id, leg] = [fleet.seats, fleet.vehicle_deck]
    groups = [g for m in problem.markets for g in m.groups]
    boardings = []
    for way, column in zip(built.ways, built.riders, strict=True):
        waiting = round(x[column])
        group = groups[way.group]
        deck = int(group.segment == "vehicle")
        while waiting > 0:
            rides, take = [], waiting
            for hop in way.legs:
                pattern = problem.patterns[built.pattern[hop.candidate]]
                names = copies[problem.minute(hop.candidate), pattern.calls, str(pattern.circuit)]
                room = {n: min(seats[n, stretch][deck] for stretch in range(hop.board, hop.alight)) for n in names}
                best = max(names, key=lambda n: (room[n], n))
                take = min(take, room[best])
                rides.append(Ride(best, hop.board + 1, hop.alight + 1))
            if take <= 0:
                break
            for ride in rides:
                for stretch in range(ride.board - 1, ride.alight - 1):
                    seats[ride.sailing, stretch][deck] -= take
            waiting -= take
            boardings.append(Boarding(group.from_place, group.to_place, group.segment, group.wanted, take, tuple(rides)))
    return FerryPlan(problem.service, sailings, tuple(boardings))

"""The whole problem as one mixed-integer model on HiGHS: exact on small cases, a baseline on larger ones.

Vessels flow in networks of their own by circuit, crew window and overnight port, so that every vessel comes home and pays for the
crews it needs. Stage 1 finds the least shortfall of the obligations; stage 2 keeps it and minimises the cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import highspy
import numpy as np

from islandflow.ferry.audit import audit_plan
from islandflow.ferry.problem import NO_CREW_FEN, FerryProblem
from islandflow.ferry.problem.needs import Need
from islandflow.result import Result, Status
from solvers.contract import Settings, Watch, solver
from solvers.ferry.aside import last_word
from solvers.ferry.exact import berth_rows, days_of, floor_fen, moored, nothing, pattern_by_candidate, plan_of, trips, ways_of
from solvers.ferry.fleet_state import Quays
from solvers.ferry.options import Option, TooLarge
from solvers.silent_highs import silent_highs

INF = float("inf")
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
        highs = silent_highs()
        if highs.passModel(lp) == highspy.HighsStatus.kError:
            raise RuntimeError("HiGHS does not take the model: a defect of its rows")
        return highs


class Monolith:
    """Columns of the ferry model by what they mean."""

    def __init__(self, problem: FerryProblem, others: Quays | None = None, stop: Callable[[], bool] = lambda: False) -> None:
        self.problem, self.model, self.others = problem, Model(), others
        count = np.array([c.count for c in problem.circuits])
        self.pattern = pattern_by_candidate(problem)
        most = np.minimum(problem.copies, count[problem.circuit_of])[self.pattern]
        self.sails = [self.model.column(float(problem.cost[r]), float(m), True) for r, m in zip(self.pattern, most, strict=True)]
        self.slack: list[int] = []
        self._vessels()
        self._passengers(ways_of(problem, stop=stop))
        self._berths()
        self._obligations()

    def _vessels(self) -> None:
        problem, model = self.problem, self.model
        self.flow: dict[tuple[int, int, str], list[tuple[int, int]]] = {}
        home: dict[str, Terms] = defaultdict(list)
        of: list[Terms] = [[] for _ in self.sails]
        for k, circuit in enumerate(problem.circuits):
            mine = [c for c in range(len(self.sails)) if problem.circuit_of[self.pattern[c]] == k]
            used: Terms = []
            ends = {p for c in mine for p in (problem.patterns[self.pattern[c]].calls[0], problem.patterns[self.pattern[c]].calls[-1])}
            for crew, (begins, last, pay) in self._crews(k):
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
            model.row(-INF, float(problem.scenario.ports[base].overnight_moorings - moored(problem, self.others, base)), terms)

    def _crews(self, k: int) -> list[tuple[int, tuple[int, int, float]]]:
        """Number, first and last minute and price in fen of the days of one crew and, where it may be had, of two."""
        problem = self.problem
        one = [(w.begins, w.ends, float(problem.day_fen[k])) for w in problem.windows]
        two = (0, 10_000, float(problem.day_fen[k] + problem.second_fen[k]))
        return list(enumerate([*one, two] if problem.second_fen[k] < NO_CREW_FEN else one))

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
            if port == base and not events[port]:
                continue  # nothing calls there in this window: a vessel that begins there stays there
            self.model.row(0.0, 0.0, [*before, (vessels, -1.0)] if port == base else before)

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
        for row, room in berth_rows(self.problem, self.others):
            self.model.row(-INF, float(room), [(self.sails[c], float(n)) for c, n in row.items()])

    def _obligations(self) -> None:
        problem = self.problem
        for need in problem.needs:
            out = [(c, problem.minute(c)) for c in range(len(self.sails)) if need.stretch(problem.patterns[self.pattern[c]])]
            slack = self.model.column(float(need.price_fen or 0), INF, False)
            if need.hard:
                self.slack.append(slack)
            if need.ashore is None:
                met = [(self.sails[c], 1.0) for c, minute in out if need.met_by(problem.patterns[self.pattern[c]], minute)]
                self.model.row(float(need.least), INF, [*met, (slack, 1.0)])
            else:
                self._day_trip(need, need.ashore, slack)

    def _day_trip(self, need: Need, ashore: int, slack: int) -> None:
        """Some arrival time is chosen: a boat arrives then, and one home leaves late enough after it."""
        chosen: Terms = []
        for there, home in trips(self.problem, need, ashore):
            pick = self.model.column(0.0, 1.0, True)
            chosen.append((pick, 1.0))
            self.model.row(-INF, 0.0, [(pick, 1.0), *((self.sails[c], -1.0) for c in there)])
            self.model.row(-INF, 0.0, [(pick, 1.0), *((self.sails[c], -1.0) for c in home)])
        self.model.row(1.0, INF, [*chosen, (slack, 1.0)])

    def days(self, x: np.ndarray) -> list[tuple[str, list[int]]]:
        """Named vessels' days from the flows."""
        return days_of(self.problem, {flow: [c for c, arc in arcs for _ in range(round(x[arc]))] for flow, arcs in self.flow.items()})


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
    """Stage 1, then stage 2; None if no plan was found in time, or if the model would be too large."""
    try:
        return _prove(problem, settings, watch, others)
    except TooLarge:
        return None


def _prove(problem: FerryProblem, settings: Settings, watch: Watch, others: Quays | None) -> Proof | None:
    built = Monolith(problem, others, lambda: watch.left() <= 0)
    watch.tell("model", None, None)

    # HiGHS may overrun its limit by far, and does not listen while it solves the first relaxation
    def stages(say: Callable[[_Found], None]) -> None:
        _stages(built, settings, watch, say)

    found = last_word(stages, watch.left, watch.is_stopped)
    if found is None:
        return None
    # a certificate over all plans needs stage 1 proven; rounded up because the objective is whole fen
    proven = found.missing - found.missing_bound < 0.5  # noqa: PLR2004
    certified = int(np.ceil(found.bound - 0.01)) if proven and np.isfinite(found.bound) else None
    return Proof(built, found.x, round(found.missing), int(np.ceil(found.missing_bound - 1e-6)), round(found.objective), certified)


class _Found(NamedTuple):
    missing: float
    missing_bound: float
    objective: float
    bound: float
    x: np.ndarray


def _stages(built: Monolith, settings: Settings, watch: Watch, say: Callable[[_Found], None]) -> None:
    """Both stages; says every better timetable of the second, and at its end the best with its bound."""
    highs = built.model.highs()
    highs.setOptionValue("mip_rel_gap", settings.mip_gap)
    highs.setOptionValue("mip_abs_gap", 0.5)  # whole fen: closer than half is equal
    highs.setOptionValue("random_seed", settings.seed)
    highs.setOptionValue("threads", settings.workers)
    # stage 1: nothing but the obligations counts
    size = len(built.model.cost)
    numbers = np.arange(size, dtype=np.int32)
    short = np.zeros(size)
    short[built.slack] = 1.0
    highs.changeColsCost(size, numbers, short)
    missing, missing_bound, _ = _run(highs, watch)
    if missing is None:
        return
    highs.addRow(-INF, round(missing) + 1e-6, len(built.slack), np.array(built.slack, dtype=np.int32), np.ones(len(built.slack)))
    highs.changeColsCost(size, numbers, np.array(built.model.cost))

    def better(event: highspy.highs.HighsCallbackEvent) -> None:
        seen = event.data_out
        say(_Found(missing, missing_bound, seen.objective_function_value, seen.mip_dual_bound, np.array(seen.mip_solution)))

    highs.cbMipImprovingSolution.subscribe(better)
    objective, bound, x = _run(highs, watch)
    if objective is not None and x is not None:
        say(_Found(missing, missing_bound, objective, bound, x))


@solver("monolith-highs", proves=True)
def monolith_highs(problem: FerryProblem, settings: Settings, watch: Watch) -> Result:
    """One mixed-integer model on HiGHS, obligations first; proves small cases optimal, a baseline on larger ones."""
    try:
        proof = _prove(problem, settings, watch, None)
    except TooLarge as error:
        return nothing(settings, watch, "monolith-highs", watch.reason if watch.stopped else str(error))
    if proof is None or proof.x is None:
        return nothing(settings, watch, "monolith-highs")
    plan = plan_of(problem, proof.days, proof.built.ways, [round(proof.x[column]) for column in proof.built.riders])
    counted = audit_plan(problem.scenario, plan, problem.network).money.objective
    if proof.bound is not None and proof.bound > counted:
        raise ValueError(f"bound {proof.bound} above plan {counted}: the bound is wrong")
    status: Status = "optimal" if proof.bound == counted else "feasible"
    watch.tell("finished", counted, proof.bound)
    return Result(
        status, plan, counted, proof.bound, floor_fen(problem, proof.built.ways), watch.seconds(), settings.seed, "monolith-highs",
        watch.reason, missing=proof.missing, missing_bound=proof.missing_bound, trace=tuple(watch.trace),
    )  # fmt: skip


def _run(highs: highspy.Highs, watch: Watch) -> tuple[float | None, float, np.ndarray | None]:
    highs.setOptionValue("time_limit", highs.getRunTime() + max(0.1, 0.9 * watch.left()))
    highs.run()
    info = highs.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None, info.mip_dual_bound, None
    return info.objective_function_value, info.mip_dual_bound, np.array(highs.getSolution().col_value)

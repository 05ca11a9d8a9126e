"""The whole problem as one CP-SAT model of OR-tools: whole numbers throughout, exact on small cases, a baseline on larger ones.

The same flows of vessels by circuit, crew window and overnight port as in the model on HiGHS, but an engine of another kind: clauses
and propagation beside linear relaxations. Stage 1 finds the least shortfall of the obligations; stage 2 keeps it and minimises the cost.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from islandflow.ferry.audit import audit_plan
from islandflow.ferry.problem import NO_CREW_FEN, FerryProblem
from islandflow.ferry.problem.needs import Need
from islandflow.result import Result, Status
from solvers.contract import Settings, Watch, solver
from solvers.ferry.exact import Flow, berth_rows, days_of, floor_fen, nothing, pattern_by_candidate, plan_of, trips, ways_of
from solvers.ferry.options import TooLarge

NAME = "monolith-cpsat"
LARGEST = 150_000  # options beyond which the model is not built: every one is an object of its own
# of a few workers each is told what to do, else none of them solves the relaxation; of eight and more CP-SAT makes a portfolio
WORKERS = ("max_lp", "lb_tree_search", "reduced_costs", "default_lp", "pseudo_costs", "quick_restart", "core")
POLL = 0.1  # seconds between two looks at the stop signal
Variable = cp_model.IntVar
Terms = list[tuple[Variable, int]]


class Model:
    """Variables of the ferry model by what they mean; TooLarge if it has too many, or if ``stop()`` while it is built."""

    def __init__(self, problem: FerryProblem, stop: Callable[[], bool]) -> None:
        self.problem, self.model, self.stop = problem, cp_model.CpModel(), stop
        self.ways = ways_of(problem, LARGEST, stop)
        self.pattern = pattern_by_candidate(problem)
        self.cost: Terms = []
        self.slack: list[Variable] = []
        self.flow: dict[Flow, list[tuple[int, Variable]]] = {}
        self.sails = [self._number(min(problem.copies, problem.circuits[problem.circuit_of[r]].count)) for r in self.pattern]
        self.cost += [(x, int(problem.cost[r])) for x, r in zip(self.sails, self.pattern, strict=True)]
        for build in (self._vessels, self._passengers, self._berths, self._obligations):
            build()
            self._breathe()

    def _breathe(self) -> None:
        if self.stop():
            raise TooLarge("stopped while the model was built")

    def _number(self, high: int) -> Variable:
        return self.model.new_int_var(0, max(0, int(high)), "")

    def _row(self, low: int | None, high: int | None, terms: Sequence[tuple[Variable, int]]) -> None:
        total = cp_model.LinearExpr.weighted_sum([x for x, _ in terms], [n for _, n in terms])
        if low is not None and low == high:
            self.model.add(total == low)
        elif low is not None:
            self.model.add(total >= low)
        elif high is not None:
            self.model.add(total <= high)

    def _vessels(self) -> None:
        """Every vessel begins and ends its day at one port within a crew window, or pays a second crew."""
        problem = self.problem
        windows = [(w.begins, w.ends, 0) for w in problem.windows] + [(0, 10_000, 1)]
        home: dict[str, Terms] = defaultdict(list)
        of: list[Terms] = [[] for _ in self.sails]
        for k, circuit in enumerate(problem.circuits):
            mine = [c for c, r in enumerate(self.pattern) if problem.circuit_of[r] == k]
            ends = {p for c in mine for p in (problem.patterns[self.pattern[c]].calls[0], problem.patterns[self.pattern[c]].calls[-1])}
            used: Terms = []
            for crew, (begins, last, second) in enumerate(windows):
                if second and problem.second_fen[k] >= NO_CREW_FEN:
                    continue
                pay = int(problem.day_fen[k]) + second * int(problem.second_fen[k])
                fit = [c for c in mine if begins <= problem.minute(c) <= last - problem.patterns[self.pattern[c]].minutes]
                for base in sorted(ends):
                    self._breathe()
                    vessels = self._number(circuit.count)
                    self.cost.append((vessels, pay))
                    used.append((vessels, 1))
                    home[base].append((vessels, 1))
                    arcs = [(c, self._number(min(problem.copies, circuit.count))) for c in fit]
                    self.flow[k, crew, base] = arcs
                    for c, arc in arcs:
                        of[c].append((arc, -1))
                    self._conserve(arcs, base, vessels, circuit.count)
            self._row(None, circuit.count, used)
        for x, terms in zip(self.sails, of, strict=True):
            self._row(0, 0, [(x, 1), *terms])
        for base, terms in home.items():
            self._row(None, problem.scenario.ports[base].overnight_moorings, terms)

    def _conserve(self, arcs: Sequence[tuple[int, Variable]], base: str, vessels: Variable, count: int) -> None:
        problem = self.problem
        events: dict[str, dict[int, Terms]] = defaultdict(lambda: defaultdict(list))
        for c, arc in arcs:
            pattern = problem.patterns[self.pattern[c]]
            slot = (problem.minute(c) - problem.start) // problem.step
            events[pattern.calls[0]][slot].append((arc, -1))
            events[pattern.calls[-1]][min(problem.slots, slot + int(problem.block[self.pattern[c]]))].append((arc, 1))
        for port in sorted(set(events) | {base}):
            before: Terms = [(vessels, 1)] if port == base else []
            for slot in sorted(events[port]):
                after = self._number(count)
                self._row(0, 0, [*before, *events[port][slot], (after, -1)])
                before = [(after, 1)]
            if port == base:
                before = [*before, (vessels, -1)] if events[port] else []
            self._row(0, 0, before)

    def _passengers(self) -> None:
        problem = self.problem
        market = [o for o in range(len(problem.markets)) for _ in range(problem.group_ptr[o], problem.group_ptr[o + 1])]
        cover: dict[int, Terms] = defaultdict(list)
        link: dict[tuple[int, int], Terms] = defaultdict(list)
        load: dict[tuple[int, int, bool], Terms] = defaultdict(list)
        self.riders: list[Variable] = []
        for way in self.ways:
            rider = self._number(problem.size[way.group])
            self.riders.append(rider)
            self.cost.append((rider, way.price))
            cover[way.group].append((rider, 1))
            for leg in way.legs:
                link[way.group, leg.candidate].append((rider, 1))
                for stretch in range(leg.board, leg.alight):
                    load[leg.candidate, stretch, bool(problem.on_deck[market[way.group]])].append((rider, 1))
        self._breathe()
        for group, size in enumerate(problem.size.tolist()):
            left = self._number(size)
            self.cost.append((left, int(problem.left_fen[market[group]])))
            self._row(size, size, [*cover[group], (left, 1)])
        for (group, c), terms in link.items():
            self._row(None, 0, [*terms, (self.sails[c], -int(problem.size[group]))])
        self._breathe()
        for (c, _, deck), terms in load.items():
            fleet = problem.circuits[problem.circuit_of[self.pattern[c]]].fleet
            self._row(None, 0, [*terms, (self.sails[c], -(fleet.vehicle_deck if deck else fleet.seats))])

    def _berths(self) -> None:
        for row, room in berth_rows(self.problem):
            self._row(None, room, [(self.sails[c], n) for c, n in row.items()])

    def _obligations(self) -> None:
        problem = self.problem
        for need in problem.needs:
            slack = self._number(need.least)
            if need.price_fen is None:
                self.slack.append(slack)
            else:
                self.cost.append((slack, need.price_fen))
            if need.ashore is not None:
                self._day_trip(need, need.ashore, slack)
                continue
            met = [x for c, x in enumerate(self.sails) if need.met_by(problem.patterns[self.pattern[c]], problem.minute(c))]
            self._row(need.least, None, [(slack, 1), *((x, 1) for x in met)])

    def _day_trip(self, need: Need, ashore: int, slack: Variable) -> None:
        chosen: Terms = [(slack, 1)]
        for there, home in trips(self.problem, need, ashore):
            pick = self._number(1)
            chosen.append((pick, 1))
            for boats in (there, home):
                self._row(None, 0, [(pick, 1), *((self.sails[c], -1) for c in boats)])
        self._row(1, None, chosen)


@dataclass(frozen=True)
class Found:
    """One stage's end: value and bound of its objective, and the value of every variable."""

    value: int
    bound: int
    solver: cp_model.CpSolver

    @property
    def proven(self) -> bool:
        """Whether both meet."""
        return self.value == self.bound


class _Bounds(cp_model.CpSolverSolutionCallback):
    """Tells the trace of every better plan of stage 2."""

    def __init__(self, watch: Watch, certified: bool) -> None:
        super().__init__()
        self.watch, self.certified = watch, certified

    def on_solution_callback(self) -> None:
        """A line of the trace."""
        self.watch.tell("cp-sat", round(self.objective_value), _up(self.best_objective_bound) if self.certified else None)


def _up(bound: float) -> int:
    """The objective is whole: a bound is rounded up, less a hair for its way through a float."""
    return -int(-(bound - 1e-6) // 1)


def _run(built: Model, settings: Settings, watch: Watch, callback: cp_model.CpSolverSolutionCallback | None = None) -> Found | None:
    search = cp_model.CpSolver()
    search.parameters.max_time_in_seconds = max(0.05, 0.95 * watch.left())
    search.parameters.random_seed = settings.seed
    search.parameters.num_workers = settings.workers
    search.parameters.relative_gap_limit = settings.mip_gap
    search.parameters.linearization_level = 2  # the whole relaxation: without it vessels seem free and nothing is proven
    if 1 < settings.workers <= len(WORKERS):
        search.parameters.subsolvers.extend(WORKERS[: settings.workers])
    over = threading.Event()

    def listen() -> None:
        while not over.wait(POLL):
            if watch.stopped:
                search.stop_search()

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        status = search.solve(built.model, callback)
    finally:
        over.set()
        listener.join()
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    value = round(search.objective_value)
    return Found(value, min(value, _up(search.best_objective_bound)), search)


@solver(NAME, proves=True)
def monolith_cpsat(problem: FerryProblem, settings: Settings, watch: Watch) -> Result:
    """One CP-SAT model, obligations first; proves small cases optimal, a baseline on larger ones."""
    try:
        built = Model(problem, lambda: watch.left() <= 0)
    except TooLarge as error:
        return nothing(settings, watch, NAME, str(error) if watch.left() > 0 else None)
    watch.tell("model", None, None)
    built.model.minimize(cp_model.LinearExpr.sum(built.slack))
    short = _run(built, settings, watch)
    if short is None:
        return nothing(settings, watch, NAME)
    built.model.add(cp_model.LinearExpr.sum(built.slack) <= short.value)
    built.model.minimize(cp_model.LinearExpr.weighted_sum([x for x, _ in built.cost], [n for _, n in built.cost]))
    for x in (*built.sails, *built.riders):
        built.model.add_hint(x, short.solver.value(x))
    watch.tell("obligations", None, None)
    # a certificate over all plans needs stage 1 proven
    found = _run(built, settings, watch, _Bounds(watch, short.proven)) if watch.left() > 0 else None
    return _result(problem, settings, watch, built, short, found)


def _result(problem: FerryProblem, settings: Settings, watch: Watch, built: Model, short: Found, found: Found | None) -> Result:
    """The plan of stage 2, or else of stage 1, as the audit counts it."""
    value = (found or short).solver.value
    days = days_of(problem, {flow: [c for c, arc in arcs for _ in range(value(arc))] for flow, arcs in built.flow.items()})
    plan = plan_of(problem, days, built.ways, [value(x) for x in built.riders])
    counted = audit_plan(problem.scenario, plan, problem.network).money.objective
    bound = found.bound if found and short.proven else None
    if bound is not None and bound > counted:
        raise ValueError(f"bound {bound} above plan {counted}: the bound is wrong")
    status: Status = "optimal" if bound == counted else "feasible"
    watch.tell("finished", counted, bound)
    return Result(
        status, plan, counted, bound, floor_fen(problem, built.ways), watch.seconds(), settings.seed, NAME, watch.reason,
        missing=short.value, missing_bound=short.bound, trace=tuple(watch.trace),
    )  # fmt: skip


__all__ = ["Model", "monolith_cpsat"]

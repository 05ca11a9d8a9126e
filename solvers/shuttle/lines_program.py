"""The mixed-integer program of lines and headways: options are taken or not, people ride where they pay least, seats are enough."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import highspy
import numpy as np

from islandflow.shuttle.lines_day import Home, seats_an_hour
from islandflow.shuttle.lines_problem import LinesProblem
from solvers.silent_highs import silent_highs

LOOK = 0.05  # seconds between two looks whether to go on
LEAST_SECONDS = 5.0  # that the program has in any case: an island mostly ends sooner, but a busy machine may need all of them
FIRST_LINES, FIRST_SHARE = 30, 0.3  # lines that give a start, and the share of the time for it
HALF, EXACT = 0.5, 1e-6
Ride = tuple[int, int, int]  # trip, line, headway


@dataclass(frozen=True)
class Chosen:
    """Options taken, people of a trip by line and headway, and fen that no choice goes below."""

    options: tuple[int, ...]
    riders: dict[Ride, int]
    bound: int


class _Rows:
    """A sparse program in the making: columns with a price and limits, rows with entries."""

    def __init__(self) -> None:
        self.price: list[float] = []
        self.top: list[float] = []
        self.whole: list[bool] = []
        self.low: list[float] = []
        self.high: list[float] = []
        self.starts: list[int] = []
        self.index: list[int] = []
        self.value: list[float] = []
        self.homes = 0  # columns at the end that say whether a settlement has a stop

    def column(self, price: float, top: float, whole: bool) -> int:
        self.price.append(price)
        self.top.append(top)
        self.whole.append(whole)
        return len(self.price) - 1

    def row(self, entries: Sequence[tuple[int, float]], low: float, high: float) -> None:
        self.starts.append(len(self.index))
        self.index += [c for c, _ in entries]
        self.value += [v for _, v in entries]
        self.low.append(low)
        self.high.append(high)

    def model(self, offset: float) -> highspy.Highs:
        """The program as HiGHS takes it."""
        made, size = silent_highs(), len(self.price)
        made.addVars(size, np.zeros(size), np.array(self.top, float))
        made.changeColsCost(size, np.arange(size, dtype=np.int32), np.array(self.price, float))
        kinds = np.array([1 if w else 0 for w in self.whole], dtype=np.uint8)
        made.changeColsIntegrality(size, np.arange(size, dtype=np.int32), kinds)
        made.addRows(len(self.low), np.array(self.low, float), np.array(self.high, float), len(self.index), np.array(self.starts, np.int32), np.array(self.index, np.int32), np.array(self.value, float))  # fmt: skip
        made.changeObjectiveOffset(offset)
        return made


def choose(problem: LinesProblem, seconds: float, going: Callable[[], bool] = lambda: True) -> Chosen:
    """The best choice found within ``seconds``; nothing at all if there was no time for one. The bound holds in any case.

    The first lines of a large pool alone give a start. Then options are whole and people may be divided, which proves the bound; then
    the options stay and people are whole. Mostly they are already.
    """
    begun = time.monotonic()
    first = _first_lines(problem)
    start = None if first is None else _solve(first, FIRST_SHARE * seconds, None, going)
    whole = _solve(problem, seconds - (time.monotonic() - begun), start, going)
    return Chosen(whole.options, {key: int(n + EXACT) for key, n in whole.riders.items() if int(n + EXACT)}, whole.bound)


@dataclass(frozen=True)
class _Found:
    """As ``Chosen``; the options are those of ``problem``, people may be divided where no whole ones were found in time."""

    options: tuple[int, ...]
    riders: dict[Ride, float]
    bound: int


def _first_lines(problem: LinesProblem) -> LinesProblem | None:
    """The same with the first lines of the pool alone, which join most people a metre; None where there are no more than these."""
    if len(problem.pool) <= FIRST_LINES:
        return None
    options = tuple(o for o in problem.options if o.line < FIRST_LINES)
    return replace(problem, pool=problem.pool[:FIRST_LINES], ways=problem.ways[:FIRST_LINES], options=options)


def _solve(problem: LinesProblem, seconds: float, start: _Found | None, going: Callable[[], bool]) -> _Found:
    """Options and riders; those of ``start``, a solution over the first options of this problem, if none better is found."""
    rows, take, ride = _program(problem)
    rules, day = problem.day.rules, problem.day
    none = sum(t.people for t in day.trips) * rules.unserved_fen + sum(h.people for h in day.homes) * rules.far_fen
    floor = problem.floor
    if not take:
        return _Found((), {}, none)
    model = rows.model(float(none))
    # presolve probes every option for longer than the search itself takes, and finds next to nothing
    for name, option in (("presolve", "off"), ("threads", 1), ("time_limit", max(LEAST_SECONDS, seconds)), ("mip_rel_gap", 0.0), ("mip_abs_gap", 1e-3), ("random_seed", 1)):
        model.setOptionValue(name, option)
    x = np.zeros(len(rows.price))
    if start is not None:
        x[[take[o] for o in start.options]] = 1.0
        for key, people in start.riders.items():
            x[ride[key]] = people
    every = np.arange(len(x), dtype=np.int32)
    model.setSolution(len(every), every, _near(rows, take, problem, x))
    _run(model, going)
    info = model.getInfo()
    bound = max(floor, _below(float(info.mip_dual_bound))) if math.isfinite(info.mip_dual_bound) else floor
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        x = np.array(model.getSolution().col_value)
        x = _whole_people(rows, take, {o for o, column in take.items() if x[column] > HALF}, x, going)
    taken = tuple(o for o, column in take.items() if x[column] > HALF)
    return _Found(taken, {key: float(x[column]) for key, column in ride.items() if x[column] > EXACT}, bound)


def _near(rows: _Rows, take: dict[int, int], problem: LinesProblem, x: np.ndarray) -> np.ndarray:
    """The same with every settlement that the options taken come near marked as such."""
    taken = {problem.options[o].line for o, column in take.items() if x[column] > HALF}
    made, column = x.copy(), len(rows.price) - rows.homes
    for home in problem.day.homes:
        if _has_column(problem, home):
            made[column] = float(any(problem.covers(line, home.node) for line in taken))
            column += 1
    return made


def _has_column(problem: LinesProblem, home: Home) -> bool:
    """Whether the program asks if somebody there has a stop."""
    lines = {o.line for o in problem.options}
    return bool(home.people and problem.day.rules.far_fen and any(problem.covers(line, home.node) for line in lines))


def _whole_people(rows: _Rows, take: dict[int, int], taken: set[int], x: np.ndarray, going: Callable[[], bool]) -> np.ndarray:
    """The best whole people on the options taken; what was found, rounded down by the caller, if there is no time for it."""
    columns = [c for c in range(len(rows.price)) if c not in take.values()]
    if all(abs(x[c] - round(x[c])) < EXACT for c in columns):
        return x
    model = rows.model(0.0)
    for option, column in take.items():
        model.changeColBounds(column, float(option in taken), float(option in taken))
    model.changeColsIntegrality(len(columns), np.array(columns, np.int32), np.ones(len(columns), np.uint8))
    for name, value in (("threads", 1), ("time_limit", LEAST_SECONDS), ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.99)):
        model.setOptionValue(name, value)
    _run(model, going)
    better = model.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    return np.array(model.getSolution().col_value) if better else x


def _program(problem: LinesProblem) -> tuple[_Rows, dict[int, int], dict[Ride, int]]:
    """Rows, and the columns of options and riders."""
    rows, day, rules = _Rows(), problem.day, problem.day.rules
    take = {n: rows.column(o.fen, 1, True) for n, o in enumerate(problem.options)}
    offered: dict[tuple[int, int], list[int]] = defaultdict(list)
    for n, o in enumerate(problem.options):
        offered[o.line, o.headway].append(n)
    ride: dict[Ride, int] = {}
    for (line, headway), options in offered.items():
        for trip, _ in problem.ways[line].items():
            saved = rules.unserved_fen - problem.person_fen(line, trip, headway)
            if saved > 0:
                people = day.trips[trip].people
                ride[trip, line, headway] = column = rows.column(-saved, people, False)
                rows.row([(column, 1), *((take[o], -people) for o in options)], -math.inf, 0)
        _seats(problem, rows, line, headway, ride, [(take[o], day.buses[problem.options[o].fleet].seats) for o in options])
    by_trip: dict[int, list[int]] = defaultdict(list)
    for (trip, _, _), column in ride.items():
        by_trip[trip].append(column)
    for trip, columns in by_trip.items():
        if len(columns) > 1:
            rows.row([(c, 1) for c in columns], 0, day.trips[trip].people)
    for line in range(len(problem.pool)):
        rows.row([(take[n], 1) for n, o in enumerate(problem.options) if o.line == line], 0, 1)
    for fleet, buses in enumerate(day.buses):
        rows.row([(take[n], o.vehicles) for n, o in enumerate(problem.options) if o.fleet == fleet], 0, buses.count)
    for site in day.chargers:
        users = [(take[n], o.pattern.reserved[site.charger_id]) for n, o in enumerate(problem.options) if site.charger_id in o.pattern.reserved]
        rows.row(users, 0, site.count)
    for home in day.homes:
        if _has_column(problem, home):
            near = [take[n] for n, o in enumerate(problem.options) if problem.covers(o.line, home.node)]
            rows.homes += 1
            column = rows.column(-home.people * rules.far_fen, 1, False)
            rows.row([(column, 1), *((c, -1) for c in near)], -math.inf, 0)
    return rows, take, ride


def _seats(problem: LinesProblem, rows: _Rows, line: int, headway: int, ride: dict[Ride, int], options: list[tuple[int, int]]) -> None:
    """In the busiest hour everyone on a section has a seat."""
    aboard: dict[tuple[int, bool], list[tuple[int, int]]] = defaultdict(list)
    for trip, way in problem.ways[line].items():
        column = ride.get((trip, line, headway))
        if column is not None:
            for section in range(min(way.boards, way.alights), max(way.boards, way.alights)):
                aboard[section, way.alights < way.boards].append((column, problem.day.trips[trip].people))
    room = [(c, -seats_an_hour(seats, headway, problem.day.rules)) for c, seats in options]
    for people in aboard.values():
        if sum(n for _, n in people) > -max(r for _, r in room):
            rows.row([*((c, 1) for c, _ in people), *room], -math.inf, 0)


def _run(model: highspy.Highs, going: Callable[[], bool]) -> None:
    model.HandleUserInterrupt = True
    model.startSolve()
    while not model.wait(LOOK)[0]:
        if not going():
            model.cancelSolve()  # type: ignore[no-untyped-call]


def _below(bound: float) -> int:
    """The whole number that a bound in floating point proves: every plan costs whole fen, so the next one above, carefully."""
    return math.ceil(bound - 1e-6 - 1e-10 * abs(bound))

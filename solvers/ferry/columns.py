"""The solver ``columns``: vessel days priced by the bound, part by part on all cores, every plan with its certificate.

The archipelago falls into parts that share no passenger (`islandflow.ferry.problem.parts`). Small ones are proven by an exact model.
For the others the bound's ascent finds what serving each group is worth, and the search puts vessel days together at these prices.
Berths that two parts use are dealt out between them, so that their timetables always fit together.
"""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.synchronize import Event
from typing import Any

import numpy as np

from islandflow.ferry.audit import audit_plan
from islandflow.ferry.plan import FerryPlan
from islandflow.ferry.problem import FerryProblem
from islandflow.ferry.problem.needs import Need
from islandflow.ferry.problem.parts import Part, split
from islandflow.passengers.seating import seat_passengers
from islandflow.result import Result, Status
from solvers.contract import Settings, Watch, solver
from solvers.ferry.coverage import coverage
from solvers.ferry.fleet_search import FleetSearch
from solvers.ferry.fleet_state import Quays
from solvers.ferry.part_search import News, PartSearch
from solvers.ferry.tables import tables
from solvers.ferry.timetable import timetable

CLOSING = 8.0  # seconds kept for seating, audit and writing
SEATING = 20.0  # seconds between two times at which everybody is seated while the search goes on
FOREVER = 1e6  # seconds: with rounds the clock must not matter
SMALL, TINY = 500_000, 20_000  # candidates times groups up to which an exact model is tried; with rounds it must end by itself
PROOF = 0.1  # share of the time in which an exact model must end
LAST_RATE = 0.01  # first step of the second ascent: the prices are near their best
Days = dict[str, list[int]]


class Fleet:
    """The best timetable of all parts together, and what is known of each part."""

    def __init__(self, problem: FerryProblem, parts: Sequence[Part], watch: Watch) -> None:
        self.problem, self.parts, self.watch = problem, parts, watch
        self.days: list[Days] = [{} for _ in parts]
        self.bounds: list[int | None] = [None] * len(parts)
        self.floors = [0] * len(parts)
        served = np.zeros(len(problem.size), dtype=bool)
        for part in parts:
            served[part.groups] = True
        left = np.repeat(problem.left_fen, np.diff(problem.group_ptr))
        self.unserved = int((left * problem.size)[~served].sum())
        self.plan: FerryPlan | None = None
        self.objective: int | None = None
        self.unmet: frozenset[tuple[str, str]] = frozenset()
        self.stale = False

    def hear(self, news: News) -> None:
        """Takes what a part says."""
        if news.bound is not None:
            self.bounds[news.part] = max(news.bound, self.bounds[news.part] or news.bound)
        self.floors[news.part] = news.floor
        if news.days is not None:
            whole = self.parts[news.part].candidates
            self.days[news.part] = {name: whole[day].tolist() for name, day in news.days}
            self.stale = True

    @property
    def bound(self) -> int | None:
        """Sum of the parts' bounds and of what nobody can serve, in fen."""
        known = [b for b in self.bounds if b is not None]
        return self.unserved + sum(known) if len(known) == len(self.parts) else None

    def seat(self) -> None:
        """Seats everybody on the timetable at hand; it is kept if it meets more obligations, or as many at less cost."""
        self.stale = False
        sailings = timetable(self.problem, [day for days in self.days for day in days.items()])
        plan = FerryPlan(self.problem.service, sailings, seat_passengers(self.problem.scenario, self.problem.service, sailings))
        report = audit_plan(self.problem.scenario, plan, self.problem.network)
        if report.violations:
            raise RuntimeError(f"the search broke a rule, a defect: {report.violations[0]}")
        unmet = frozenset((o.obligation_id, o.rule) for o in report.unmet)
        if self.objective is None or (len(unmet), report.money.objective) < (len(self.unmet), self.objective):
            self.plan, self.objective, self.unmet = plan, report.money.objective, unmet
            if self.watch.keep:
                self.watch.keep(plan, self.objective)

    def tell(self, phase: str) -> None:
        """A line of the trace."""
        bound = self.bound
        self.watch.tell(phase, self.objective, bound if bound is None or self.objective is None else min(bound, self.objective))


@solver("columns", proves=True)
def columns(problem: FerryProblem, settings: Settings, watch: Watch) -> Result:
    """Vessel days priced by a Lagrangian bound, part by part on all cores; small parts proven. The default.

    With ``iterations`` ascents take that many steps and searches four times as many, in one process, whatever the clock says.
    Stops within two seconds of being asked, with its best plan.
    """
    parts = split(problem)
    fleet = Fleet(problem, parts, watch)
    first = FleetSearch(problem, tables(problem), coverage(problem, day_trips=True), settings.seed)
    first.fill(lambda: watch.stopped)
    named = dict(first.days())
    for number, part in enumerate(parts):
        position = {int(c): i for i, c in enumerate(part.candidates)}
        vessels = [v for c in part.problem.circuits for v in c.vessel_ids() if v in named]
        fleet.hear(News(number, None, 0, days=[(v, [position[c] for c in named[v]]) for v in vessels]))
    fleet.seat()
    fleet.tell("first plan")
    others = [quays_of_others(first, parts, number) for number in range(len(parts))]
    until = watch.begun + watch.limit - min(CLOSING, 0.1 * watch.limit)
    if settings.iterations or settings.workers == 1:
        _work(list(range(len(parts))), parts, settings, others, _Clock(until, lambda: watch.stopped, settings.iterations), fleet.hear)
    else:
        _beside(parts, settings, others, until, fleet, watch)
    if fleet.stale or fleet.plan is None:
        fleet.seat()
    return _result(fleet, settings, watch, coverage(problem).impossible)


def _result(fleet: Fleet, settings: Settings, watch: Watch, impossible: Sequence[Need]) -> Result:
    bound, objective = fleet.bound, fleet.objective
    if not fleet.unmet <= {(n.obligation, n.rule) for n in impossible}:
        # the bound is of plans that meet every row that some candidate can meet; whether that can be done together is not proven
        bound = None
    if bound is not None and objective is not None and bound > objective:
        raise ValueError(f"bound {bound} above plan {objective}: the bound is wrong")
    watch.tell("finished", objective, bound)
    least = sum(n.least for n in impossible)
    status: Status = "optimal" if bound == objective and not fleet.unmet else "feasible"
    return Result(
        status, fleet.plan, objective, bound, fleet.unserved + sum(fleet.floors), watch.seconds(), settings.seed, "columns",
        "finished" if status == "optimal" else watch.ended(settings.iterations),
        missing=max(len(fleet.unmet), least), missing_bound=least, trace=tuple(watch.trace), clusters=clusters(fleet),
    )  # fmt: skip


def clusters(fleet: Fleet) -> dict[str, tuple[int, int]]:
    """Plan and bound in fen of each part, under the names of the clusters it joins: what a part costs on the timetable at hand."""
    problem, plan = fleet.problem, fleet.plan
    if plan is None or len(fleet.parts) < 2:  # noqa: PLR2004
        return {}
    left = np.repeat(problem.left_fen, np.diff(problem.group_ptr)) * problem.size
    found: dict[str, tuple[int, int]] = {}
    for part, bound in zip(fleet.parts, fleet.bounds, strict=True):
        vessels = {v for c in part.problem.circuits for v in c.vessel_ids()}
        sailings = tuple(s for s in plan.sailings if s.vessel in vessels)
        known = {s.id for s in sailings}
        own = FerryPlan(plan.service, sailings, tuple(b for b in plan.boardings if b.rides[0].sailing in known))
        elsewhere = int(left.sum() - left[part.groups].sum())
        cost = audit_plan(problem.scenario, own, problem.network).money.objective - elsewhere
        lines = problem.scenario.lines
        names = sorted({str(lines[p.line].cluster) for p in part.problem.patterns if p.line in lines})
        name = " + ".join(names)
        ports = sorted({c for p in part.problem.patterns for c in p.calls})
        name = name if name not in found else f"{name}: {ports[0]}–{ports[-1]}"
        found[name] = (cost, bound if bound is not None else 0)
    return found


def quays_of_others(first: FleetSearch, parts: Sequence[Part], number: int) -> Quays:
    """Berths and moorings that a part must leave to the others.

    Each part keeps what it uses in the first timetable; what is free then is dealt out evenly, the first part takes the odd one.
    """
    held = [_held(first, part) for part in parts]
    ports = list(first.problem.scenario.ports.values())
    number_of = first.port_number
    uses = np.zeros((len(parts), len(ports)), dtype=bool)
    for j, part in enumerate(parts):
        for pattern in part.problem.patterns:
            uses[j, [number_of[c] for c in pattern.calls]] = True
    rest = [h for j, h in enumerate(held) if j != number]
    zero = held[number]
    taken = sum((h.taken for h in rest), np.zeros_like(zero.taken))
    taken_long = sum((h.taken_long for h in rest), np.zeros_like(zero.taken_long))
    moored = sum((h.moored for h in rest), np.zeros_like(zero.moored))
    share = uses.sum(axis=0)
    rank = uses[:number].sum(axis=0)
    mine = uses[number] & (share > 1)

    def kept_back(free: Any) -> Any:
        """What of the free berths goes to the others."""
        free = np.maximum(0, free)
        parted = np.maximum(1, share)
        wide = free.ndim > 1
        own = free // (parted[:, None] if wide else parted) + (
            (rank[:, None] if wide else rank) < free % (parted[:, None] if wide else parted)
        )
        return np.where(mine[:, None] if wide else mine, free - own, 0)

    taken = taken + kept_back(first.berths[:, None] - zero.taken - taken)
    taken_long = taken_long + kept_back(first.long_berths[:, None] - zero.taken_long - taken_long)
    start = np.array([p.overnight_moorings for p in ports], dtype=np.int64)
    moored = moored + kept_back(start - zero.moored - moored)
    return Quays(taken.astype(np.int16), taken_long.astype(np.int16), moored)


def _held(first: FleetSearch, part: Part) -> Quays:
    """Berth minutes and moorings that a part's vessels hold in the first timetable."""
    vessels = {v for c in part.problem.circuits for v in c.vessel_ids()}
    mine = [v for v in np.flatnonzero(first.base >= 0).tolist() if first.names[v] in vessels]
    return first.held(mine)


class _Clock:
    """Shares of the time, or of the rounds, for the phases of a worker."""

    def __init__(self, until: float, stopped: Callable[[], bool], iterations: int) -> None:
        self.until, self.stopped, self.iterations = until, stopped, iterations

    def left(self) -> float:
        """Seconds left; 0 once asked to stop."""
        return 0.0 if self.stopped() else max(0.0, self.until - time.monotonic())

    def phase(self, seconds: float, rounds: int) -> Callable[[], float]:
        """Share spent of a phase of so many seconds, or of so many rounds if rounds are counted."""
        begun, done = time.monotonic(), -1

        def spent() -> float:
            nonlocal done
            done += 1
            if self.stopped():
                return 1.0
            if self.iterations:
                return done / max(1, rounds)
            return (time.monotonic() - begun) / max(1e-3, seconds)

        return spent


def _work(
    numbers: Sequence[int], parts: Sequence[Part], settings: Settings, others: Sequence[Quays], clock: _Clock, tell: Callable[[News], None]
) -> None:
    """Works on some parts one after the other: proofs, ascents, searches, and at the end the ascents again."""
    rounds = settings.iterations
    at_work = [PartSearch(n, parts[n], settings, others[n], tell) for n in numbers]
    for part in at_work:
        part.report()
    for part in at_work:
        part.prove(FOREVER if rounds else PROOF * clock.left() / len(at_work) + 1, TINY if rounds else SMALL)
    open_parts = [p for p in at_work if not p.proven]
    total = sum(p.problem.candidates + 1 for p in open_parts)
    time_left = clock.left()
    shares = [(p.problem.candidates + 1) / total for p in open_parts]
    for part, share in zip(open_parts, shares, strict=True):
        part.climb(clock.phase(settings.bound_share * time_left * share, rounds))
    for part in open_parts:
        part.fill(clock.stopped)
    last = 0.25 * settings.bound_share
    time_left = clock.left() / max(1e-6, 1 - settings.bound_share) * max(0.0, 1 - settings.bound_share - last)
    for part, share in zip(open_parts, shares, strict=True):
        part.improve(clock.phase(time_left * share, 4 * rounds))
    time_left = clock.left()
    for part, share in zip(open_parts, shares, strict=True):
        part.climb(clock.phase(time_left * share, rounds // 4), LAST_RATE)


def _beside(parts: Sequence[Part], settings: Settings, others: Sequence[Quays], until: float, fleet: Fleet, watch: Watch) -> None:
    """Bins of parts, a process each; the best plan so far is seated while they work."""
    bins: list[list[int]] = [[] for _ in range(min(settings.workers, len(parts)))]
    for number in range(len(parts)):
        min(bins, key=lambda b: sum(parts[n].problem.candidates for n in b)).append(number)
    context = multiprocessing.get_context("fork")
    stop = context.Event()
    pipes, processes = [], []
    for numbers in bins:
        mine, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_child, args=(numbers, parts, settings, others, until, stop, theirs), daemon=True)
        process.start()
        theirs.close()
        pipes.append(mine)
        processes.append(process)
    seated = told = watch.seconds()
    asked: float | None = None
    while pipes:
        for pipe in wait(pipes, timeout=0.2):
            assert isinstance(pipe, Connection)
            try:
                news = pipe.recv()
                if isinstance(news, BaseException):
                    raise news
                fleet.hear(news)
            except (EOFError, OSError):
                pipes.remove(pipe)
        if watch.stopped and asked is None:
            stop.set()
            asked = watch.seconds()
        if (asked is not None and watch.seconds() - asked > 1) or time.monotonic() > until + 2:
            break
        if fleet.stale and watch.seconds() - seated > SEATING:
            fleet.seat()
            seated = watch.seconds()
        if watch.seconds() - told > 2:  # noqa: PLR2004
            told = watch.seconds()
            fleet.tell("search")
    for process in processes:
        process.terminate()
        process.join()


def _child(
    numbers: Sequence[int], parts: Sequence[Part], settings: Settings, others: Sequence[Quays], until: float, stop: Event, pipe: Connection
) -> None:
    # the parent decides when to stop: an interrupt is its own affair, and its word to end is final
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        _work(numbers, parts, settings, others, _Clock(until, stop.is_set, 0), pipe.send)
    except BrokenPipeError:
        return
    except Exception as error:  # noqa: BLE001  (said to the parent, which raises it)
        pipe.send(error)
    pipe.close()

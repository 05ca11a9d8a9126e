"""What the exact models have in common: size limits, berth rows, day trips, named vessels' days and a plan from their flows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from islandflow.ferry.plan import Boarding, FerryPlan, Ride
from islandflow.ferry.problem import FerryProblem
from islandflow.ferry.problem.needs import Need
from islandflow.result import Result
from solvers.contract import Settings, Watch
from solvers.ferry.fleet_state import Quays, calendar_start
from solvers.ferry.options import Option, TooLarge, options
from solvers.ferry.timetable import timetable

CANDIDATES = 40_000  # candidate sailings beyond which not even the options are counted
LARGEST = 400_000  # options beyond which the model is not built: it would not fit the time of anybody
Flow = tuple[int, int, str]  # circuit, crew window, overnight port
BerthRow = tuple[Mapping[int, int], int]  # how often each candidate lies there in that minute, berths


def ways_of(problem: FerryProblem, most: int = LARGEST, stop: Callable[[], bool] = lambda: False) -> list[Option]:
    """All options; TooLarge if they or the candidates are too many, or if ``stop()`` while counting."""
    if problem.candidates > CANDIDATES:
        raise TooLarge(f"too large: {problem.candidates} candidate sailings, at most {CANDIDATES}")
    return options(problem, most, stop)


def pattern_by_candidate(problem: FerryProblem) -> np.ndarray:
    """Number of the pattern of every candidate."""
    return np.repeat(np.arange(len(problem.patterns)), problem.high - problem.low)


def berth_rows(problem: FerryProblem, others: Quays | None = None) -> list[BerthRow]:
    """Minutes in which berths could be short; ``others`` hold some of them already."""
    scenario, pattern_of = problem.scenario, pattern_by_candidate(problem)
    stays: dict[str, list[tuple[int, int, int, bool]]] = defaultdict(list)
    for c in range(problem.candidates):
        pattern, minute = problem.patterns[pattern_of[c]], problem.minute(c)
        fleet = problem.circuits[pattern.circuit].fleet
        time, long = min(scenario.whole("berth_min"), fleet.turnaround_min // 2), fleet.length_m > scenario.number("long_vessel_m")
        stays[pattern.calls[0]].append((minute - time, minute, c, long))
        for port, arrives, departs in zip(pattern.calls[1:-1], pattern.arrives, pattern.departs[1:], strict=False):
            stays[port].append((minute + arrives, minute + departs + 1, c, long))
        end = minute + pattern.minutes
        stays[pattern.calls[-1]].append((end, end + time, c, long))
    found: list[BerthRow] = []
    for port, all_stays in stays.items():
        facts = scenario.ports[port]
        for longs, room in ((False, facts.berths), (True, facts.long_berths)):
            if room is None:
                continue
            mine = [s for s in all_stays if s[1] > s[0] and (s[3] or not longs)]
            left: dict[tuple[int, ...], int] = {}
            minutes = {s[0] for s in mine} if others is None else {m for s in mine for m in range(s[0], s[1])}
            for m in minutes:
                row = tuple(s[2] for s in mine if s[0] <= m < s[1])
                left[row] = min(left.get(row, room), room - _taken(problem, others, port, m, longs))
            # twice in a row: a boat that lies there twice in the same minute would need two berths
            found += [({c: row.count(c) for c in sorted(set(row))}, left[row]) for row in sorted(left)]
    return found


def moored(problem: FerryProblem, others: Quays | None, port: str) -> int:
    """Moorings of a port that others hold."""
    return 0 if others is None else int(others.moored[list(problem.scenario.ports).index(port)])


def _taken(problem: FerryProblem, others: Quays | None, port: str, minute: int, longs: bool) -> int:
    if others is None:
        return 0
    calendar = others.taken_long if longs else others.taken
    return int(calendar[list(problem.scenario.ports).index(port), minute - calendar_start(problem)])


def trips(problem: FerryProblem, need: Need, ashore: int) -> list[tuple[set[int], set[int]]]:
    """Ways of a day trip by the minute of arrival there: candidates that arrive then, candidates home late enough after it."""
    back = Need(need.obligation, need.rule, need.targets, need.origins, 1)
    pattern_of = pattern_by_candidate(problem)
    arrive: dict[int, set[int]] = defaultdict(set)
    leave: list[tuple[int, int]] = []
    for c in range(problem.candidates):
        pattern, minute = problem.patterns[pattern_of[c]], problem.minute(c)
        for _, arrives in need.stretch(pattern):
            if minute + arrives <= need.reaches[1]:
                arrive[minute + arrives].add(c)
        leave += [(minute + departs, c) for departs, _ in back.stretch(pattern)]
    return [(boats, {c for m, c in leave if m >= at + ashore}) for at, boats in arrive.items()]


def days_of(problem: FerryProblem, sailed: Mapping[Flow, Sequence[int]]) -> list[tuple[str, list[int]]]:
    """Named vessels' days from the flows: first come, first served, each begins and ends at its base."""
    names = {k: list(c.vessel_ids()) for k, c in enumerate(problem.circuits)}
    found: list[tuple[str, list[int]]] = []
    for (k, _, base), candidates in sailed.items():
        ready: list[tuple[int, str, list[int]]] = []
        for c in sorted(candidates, key=problem.minute):
            r, minute = problem.pattern_of(c), problem.minute(c)
            pattern = problem.patterns[r]
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
            ready.append((minute + int(problem.block[r]) * problem.step, pattern.calls[-1], day))
    return found


def floor_fen(problem: FerryProblem, ways: Sequence[Option]) -> int:
    """What all groups cost at least, each by its cheapest way."""
    least = np.repeat(problem.left_fen, np.diff(problem.group_ptr))
    for way in ways:
        least[way.group] = min(least[way.group], way.price)
    return int((least * problem.size).sum())


def nothing(settings: Settings, watch: Watch, name: str, reason: str | None = None) -> Result:
    """A result without a plan."""
    return Result(
        "no_solution", None, None, None, 0, watch.seconds(), settings.seed, name, reason or watch.reason, trace=tuple(watch.trace)
    )


def plan_of(problem: FerryProblem, days: Sequence[tuple[str, list[int]]], ways: Sequence[Option], riders: Sequence[int]) -> FerryPlan:
    """The timetable, and the riders of every option shared out over the sailings of their candidates."""
    sailings = timetable(problem, days)
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
    for way, people in zip(ways, riders, strict=True):
        waiting = people
        group = groups[way.group]
        deck = int(group.segment == "vehicle")
        while waiting > 0:
            rides, take = [], waiting
            for hop in way.legs:
                pattern = problem.patterns[problem.pattern_of(hop.candidate)]
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

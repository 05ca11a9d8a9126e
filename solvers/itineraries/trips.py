"""The trip that sees most, exact where time allows, and others that differ from it."""

from __future__ import annotations

import time as clock
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from islandflow.itineraries.plan import Itinerary, Move, Night, Step, Visit
from islandflow.itineraries.problem import ItineraryProblem
from islandflow.itineraries.wish import Wish
from islandflow.passengers.journeys import Journey, Rules, on_land_journey, pareto_journeys
from islandflow.passengers.land import NEVER
from solvers.itineraries import trip_kernels as kernel

IntArray = NDArray[np.int64]
MOST_LABELS = 1 << 20
NEAR = 4
QUICK = ((1, 100), (4, 10))  # quick passes before the exact ones: labels kept beside a better one, percent of the budget that make no difference
FIRST_SPEED = 150_000_000  # steps a second, measured as it goes


@dataclass(frozen=True)
class Found:
    """``trip`` is None if nobody can be home in time having gone anywhere (status ``infeasible`` if that is proven). ``bound``: no trip is worth more."""

    trip: Itinerary | None
    bound: int
    status: str
    seconds: float


def best_trip(problem: ItineraryProblem, seconds: float = 1.0, banned: Sequence[str] = (), least: int = 0) -> Found:
    """The trip of most worth, of those the cheapest found, without the banned places. ``optimal`` only if worth and bound meet.

    ``least``: trips of less worth need not be found.
    """
    return _Search(problem, seconds, banned, least).run()


def several_trips(problem: ItineraryProblem, count: int = 3, seconds: float = 0.4) -> list[Found]:
    """The best trip, and others that leave one or more of its stops out, each the best of its kind, by falling worth."""
    begun = clock.monotonic()
    first = best_trip(problem, 0.6 * seconds)
    found = [first]
    if first.trip is None:
        return found
    tried: set[frozenset[str]] = {frozenset()}
    waiting = [(first, frozenset[str]())]
    while len(found) < count and waiting:
        origin, without = waiting.pop(0)
        options: list[tuple[Found, frozenset[str]]] = []
        assert origin.trip is not None
        for place in sorted(set(origin.trip.places), key=lambda p: _worth(problem.wish, p)):
            left = seconds - (clock.monotonic() - begun)
            ban = without | {place}
            if left <= 0 or ban in tried:
                continue
            tried.add(ban)
            other = best_trip(problem, min(left, 0.15 * seconds), tuple(ban))
            if other.trip is not None and all(set(other.trip.places) != set(f.trip.places) for f in found if f.trip):
                options.append((other, ban))
        options.sort(key=lambda x: -(x[0].trip.worth if x[0].trip else 0))
        for other, ban in options:
            if len(found) < count and all(
                f.trip is None or other.trip is None or set(other.trip.places) != set(f.trip.places) for f in found
            ):
                found.append(other)
                waiting.append((other, ban))
    return [found[0], *sorted(found[1:], key=lambda f: -(f.trip.worth if f.trip else 0))]


def _worth(wish: Wish, place: str) -> int:
    return next(s.worth for s in wish.stops if s.place == place)


class _Search:
    def __init__(self, problem: ItineraryProblem, seconds: float, banned: Sequence[str], least: int) -> None:
        self.p, self.begun, self.seconds = problem, clock.monotonic(), seconds
        wish, n, stops = problem.wish, len(problem.nodes), problem.stops
        self.banned = np.uint64(sum(1 << problem.nodes.index(b) for b in banned))

        def of(name: str, rest: int) -> IntArray:
            return np.array([*(getattr(s, name) for s in wish.stops), *([rest] * (n - stops))], dtype=np.int64)

        self.opens, self.closes, self.shortest = of("opens", 0), of("closes", 0), of("shortest", 0)
        self.longest, self.fee, self.worth = of("longest", 0), of("fee_fen", 0), of("worth", 0)
        self.bed = np.array([*(wish.beds.get(x, -1) for x in problem.nodes[:-2]), -1, -1], dtype=np.int64)
        if wish.start in wish.beds:  # a night where one starts is a night at that node
            self.bed[n - 2] = wish.beds[wish.start]
        self.quickest = kernel.quickest(problem.first, problem.past, problem.ways, problem.on_land)
        into = np.where(np.eye(n, dtype=bool), NEVER, self.quickest).min(axis=0)
        into[self.bed >= 0] = 0  # one may wake up there
        self.cost = np.minimum(into + self.shortest + wish.rest, NEVER)[:stops]
        ratio = self.worth[:stops] / np.maximum(1, self.cost)
        self.order = np.argsort(-ratio, kind="stable").astype(np.int64)
        self.by_worth = np.argsort(-self.worth[:stops], kind="stable").astype(np.int64)
        days = len(problem.days)
        # the last rest may reach past the end of a day
        late = [max(wish.night_by, wish.home_by) + wish.rest] * days
        self.ends = np.array(late, dtype=np.int64)
        whole = [late[d] - wish.morning for d in range(days)]
        self.rests = np.array([sum(whole[d + 1 :]) for d in range(days)], dtype=np.int64)
        self.latest = kernel.latest_home(problem.first, problem.past, problem.ways, problem.on_land, days - 1, n - 1, wish.home_by)
        # a night after the visit lets the latest way home wait, but on the last day it does not
        self.until = np.minimum(self.closes[:stops] - self.shortest[:stops], self.latest[:stops] - self.shortest[:stops])
        self.need, self.won, self.best = least, -1, np.zeros((0, 12), dtype=np.int64)
        self.bound = int(kernel.most_more(
            self.banned, 0, wish.leave_after, n - 2, 0, days, wish.visits, self.order, self.by_worth, self.worth, self.cost, self.ends, self.rests,
            self.quickest, self.until,
        ))  # fmt: skip
        self.speed = float(FIRST_SPEED)
        near = np.argsort(self.quickest[:stops, :stops], axis=1, kind="stable")[:, : NEAR + 1]
        self.ng = np.array([sum(1 << int(k) for k in row) | 1 << i for i, row in enumerate(near)], dtype=np.uint64)

    def left(self) -> float:
        return self.seconds - (clock.monotonic() - self.begun)

    def run(self) -> Found:
        for crowd, slack in QUICK:
            self.one_pass(0.2, crowd, slack)
        proven = False
        while self.left() > 0 and self.won < self.bound:
            state, repeats = self.one_pass(1.0)
            if state != kernel.DONE:
                break
            if not repeats:
                proven = True
                self.bound = max(self.won, 0)
                break
            self.grow(repeats)
        proven = proven or (self.won >= 0 and self.won == self.bound)
        took = clock.monotonic() - self.begun
        if self.won < 0:
            return Found(None, self.bound, "infeasible" if proven else "no_solution", took)
        return Found(self.trip(), self.bound, "optimal" if self.won == self.bound else "feasible", took)

    def one_pass(self, share: float, crowd: int = 0, slack: int = 0) -> tuple[int, list[int]]:
        """One pass in a share of the time; the stops of the best trip if it sees one twice. With ``crowd`` it is quick and strict."""
        p, w, strict = self.p, self.p.wish, crowd > 0
        effort = int(self.speed * max(0.01, self.left() * share))
        need = max(self.need, self.won + 1 if not strict else self.won)
        ng = np.zeros(max(1, p.stops), dtype=np.uint64) if strict else self.ng
        t0 = clock.monotonic()
        state, labels, _, best, plain, steps = kernel.run(
            p.first, p.past, p.ways, p.on_land, p.land_fen, p.stops, self.opens, self.closes, self.shortest, self.longest, self.fee, self.worth, self.bed,
            len(p.days), w.leave_after, w.morning, w.night_by, w.home_by, w.rest, w.visits, w.budget_fen // w.party, ng, self.latest, self.order,
            self.by_worth, self.cost, self.ends, self.rests, self.quickest, self.until, self.banned, need, strict, w.budget_fen * slack // (100 * w.party), crowd, MOST_LABELS, effort,
        )  # fmt: skip
        took = clock.monotonic() - t0
        if took > 0.005:
            self.speed = steps / took
        if plain >= 0 and labels[plain, kernel.WORTH] > self.won:
            self.won, self.best = int(labels[plain, kernel.WORTH]), _chain(labels, int(plain))
        if strict or state != kernel.DONE:
            return state, []
        self.bound = min(self.bound, max(self.won, int(labels[best, kernel.WORTH]) if best >= 0 else 0, self.need - 1 if self.need else 0))
        if best < 0 or labels[best, kernel.WORTH] <= self.won:
            return state, []
        chain = _chain(labels, int(best))
        return state, [int(r[kernel.NODE]) for r in chain if r[kernel.KIND] == kernel.VISITED]

    def grow(self, route: list[int]) -> None:
        """Stops between two visits of the same one learn to remember it."""
        last: dict[int, int] = {}
        for at, k in enumerate(route):
            if k in last:
                for between in route[last[k] + 1 : at]:
                    self.ng[between] |= np.uint64(1 << k)
            last[k] = at

    def trip(self) -> Itinerary:
        """The trip of the best labels, with its journeys."""
        p, w = self.p, self.p.wish
        steps: list[Step] = []
        place = w.start
        for row in self.best[1:]:
            parent_day = int(row[kernel.DAY]) - (1 if row[kernel.KIND] == kernel.MORNING else 0)
            goal, day = p.nodes[int(row[kernel.NODE])], p.days[parent_day]
            if steps and isinstance(steps[-1], Visit):
                steps[-1] = replace(steps[-1], leaves=int(row[kernel.LEFT]))
            if row[kernel.WAY] != kernel.WAY_NONE:
                steps.append(Move(w.dates[parent_day], place, goal, _journey(p, day, place, goal, row)))
            if row[kernel.KIND] == kernel.VISITED:
                stop = w.stops[int(row[kernel.NODE])]
                came = int(row[kernel.CAME])
                steps.append(Visit(w.dates[parent_day], goal, came, max(came, stop.opens), int(row[kernel.READY])))
            elif row[kernel.KIND] == kernel.MORNING:
                steps.append(Night(w.dates[parent_day], goal, w.beds[goal]))
            place = goal
        return Itinerary(tuple(steps), self.won, int(self.best[-1, kernel.SPENT]) * w.party)


def _journey(p: ItineraryProblem, day: object, start: str, end: str, row: IntArray) -> Journey:
    running = next(d for d in p.days if d is day)
    if row[kernel.WAY] == kernel.WAY_LAND:
        return on_land_journey(running, start, end, int(row[kernel.LEFT]))
    departs, arrives, fare, boats = (int(x) for x in p.ways[int(row[kernel.WAY])])
    for j in pareto_journeys(running, start, end, departs, arrives, Rules.of(running), boats_only=True):
        if j.measures == (departs, arrives, boats, fare):
            return j
    raise ValueError(f"no journey {start} {end} {departs}: a defect")


def _chain(labels: IntArray, label: int) -> IntArray:
    found = []
    while label >= 0:
        found.append(labels[label].copy())
        label = int(labels[label, kernel.PARENT])
    return np.array(found[::-1], dtype=np.int64)

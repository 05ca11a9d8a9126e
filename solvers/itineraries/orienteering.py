"""The static core of a trip: one tour that wins most within time windows, exact where time allows.

Passes of relaxed label setting run forwards and backwards in turn. What a pass has reached at each node by each time bounds the next
pass from the other side; a label that cannot beat the best tour is dropped. A pass whose best route is elementary proves it optimal;
otherwise neighbourhoods grow along the repeated nodes. Between passes a strict pass and local search look for better tours.
"""

from __future__ import annotations

import math
import time as clock
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from solvers.itineraries import label_kernels as kernel

IntArray = NDArray[np.int64]
MOST_LABELS = 3_000_000
FIRST_NEAR = 6  # neighbours a node remembers at first
SEARCH_SECONDS = 0.004  # of local search a node, between two passes
WORK_A_SECOND = 20_000_000  # first guess; measured as it goes


_EMPTY = (np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))  # nothing is known of the other side


@dataclass(frozen=True)
class Orienteering:
    """Node 0 is the depot, start and end. Whole numbers: ``travel[i, j]``, ``opens`` and ``closes`` of the start of service, ``service``,
    ``score``. ``closes[0]`` is the time to be back."""

    travel: IntArray
    opens: IntArray
    closes: IntArray
    service: IntArray
    score: IntArray

    def times(self, tour: Sequence[int]) -> list[int] | None:
        """Start of service at each node of a tour and the arrival at the end; None if a window is missed or a node repeats."""
        if len(set(tour)) < len(tour) or 0 in tour:
            return None
        found, now, here = [], int(self.opens[0]), 0
        for k in (*tour, 0):
            now = max(now + int(self.service[here]) + int(self.travel[here, k]), int(self.opens[k]))
            if now > self.closes[k]:
                return None
            found.append(now)
            here = k
        return found

    def won(self, tour: Sequence[int]) -> int:
        """Score of a tour."""
        return int(sum(int(self.score[k]) for k in tour))

    def reversed(self) -> Orienteering:
        """The same seen backwards in time: a tour of it read backwards is a tour of this one with the same score."""
        end = int(self.closes[0])
        return Orienteering(
            np.ascontiguousarray(self.travel.T), end - self.closes - self.service, end - self.opens - self.service, self.service, self.score
        )


@dataclass(frozen=True)
class Tour:
    """Nodes in order, their score, the most any tour can win, and whether the two meet."""

    nodes: tuple[int, ...]
    score: int
    bound: int
    seconds: float

    @property
    def optimal(self) -> bool:
        """Whether no tour wins more."""
        return self.score == self.bound


def best_tour(problem: Orienteering, seconds: float, seed: int = 1) -> Tour:
    """The best tour found in that time, and a bound on all tours. ValueError if the depot cannot be kept."""
    _compiled()
    begun = clock.monotonic()
    if problem.opens[0] > problem.closes[0]:
        raise ValueError("the depot closes before it opens")
    return _Search(problem, begun, seconds, seed).run()


@cache
def _compiled() -> None:
    """Compiles the kernels, or loads them: not part of anybody's time, and no measure of their speed."""
    two = Orienteering(*(np.array(v, dtype=np.int64) for v in ([[0, 1], [1, 0]], [0, 0], [9, 9], [0, 1], [0, 1])))
    _Search(two, clock.monotonic(), 0.01, 1).one_pass(_Side(two), _EMPTY, False, False)
    kernel.shake_and_insert(two.travel, two.opens, two.closes, two.service, two.score, 1, 1, np.zeros(0, dtype=np.int64))


class _Search:
    def __init__(self, problem: Orienteering, begun: float, seconds: float, seed: int) -> None:
        self.whole, self.begun, self.seconds, self.seed = problem, begun, seconds, seed
        self.kept = _reachable(problem)
        self.forward = _cut(problem, self.kept)
        self.backward = self.forward.reversed()
        self.grain = math.gcd(*(int(s) for s in self.forward.score)) or 1
        self.best: list[int] = []
        self.won = 0
        self.bound = int(self.forward.score.sum())
        self.speed = float(WORK_A_SECOND)
        n = len(self.kept)
        self.ng = np.zeros((n, (n + 63) // 64), dtype=np.uint64)
        near = self.forward.travel + self.forward.travel.T
        for i in range(n):
            for k in np.argsort(near[i], kind="stable")[: FIRST_NEAR + 1]:
                kernel.add(self.ng[i], int(k))
            kernel.add(self.ng[i], i)

    def left(self) -> float:
        return self.seconds - (clock.monotonic() - self.begun)

    def run(self) -> Tour:
        n = len(self.kept)
        if n > 1:
            self.local_search(rounds=400, share=0.04)
            sides = [_Side(self.forward), _Side(self.backward)]
            self.bound = min(self.bound, *(int(side.knapsack[-1]) for side in sides))
            seen, turn = _EMPTY, 0
            while self.left() > 0 and self.won < self.bound:
                state, seen, repeats = self.one_pass(sides[turn % 2], seen, seen is not _EMPTY, turn % 2 == 1)
                if state != kernel.DONE or not repeats:
                    if state == kernel.DONE:
                        self.bound = min(self.bound, self.won)
                    break
                self.grow(repeats)
                turn += 1
                if turn % 3 == 0:
                    self.local_search(rounds=300, share=0.03)
            while self.left() > 0.05 and self.won < self.bound:
                self.seed += 1
                self.local_search(rounds=400, share=1.0)
        else:
            self.bound = 0
        tour = tuple(self.kept[k] for k in self.best)
        if self.whole.times(tour) is None or self.whole.won(tour) != self.won or self.won > self.bound:
            raise ValueError("the tour found is none: a defect")
        return Tour(tour, self.won, self.bound, clock.monotonic() - self.begun)

    def one_pass(
        self, side: _Side, seen: tuple[IntArray, IntArray, IntArray], bounded: bool, back: bool
    ) -> tuple[int, tuple[IntArray, IntArray, IntArray], list[list[int]]]:
        """A relaxed pass, and before it a strict one; routes of the best labels that repeat a node."""
        p = side.problem
        horizon = int(p.closes[0])
        for strict in (True, False):
            if strict and self.left() < 0.3 * self.seconds:
                continue
            need = self.won + self.grain
            most_work = int(self.speed * max(0.05, self.left() * (0.35 if strict else 0.9)))
            t0 = clock.monotonic()
            state, node, time, won, parent, _, count, best, best_won, plain, work = kernel.run(
                p.travel,
                side.quickest,
                p.opens,
                p.closes,
                p.service,
                p.score,
                self.ng,
                horizon,
                *seen,
                bounded,
                side.knapsack,
                need,
                strict,
                MOST_LABELS,
                most_work,
            )
            took = clock.monotonic() - t0
            if took > 0.1:  # the slower of what was seen counts: better a pass too short than a limit passed
                self.speed = min(self.speed, work / took)
            self.take(_route(node, parent, plain)[:: -1 if back else 1])
        if state != kernel.DONE:
            return state, seen, []
        # every tour that beats the best has left its trace in this pass, so the best of the pass bounds them all
        self.bound = min(self.bound, max(self.won, int(best_won)))
        if best_won <= self.won:
            return state, seen, []
        # the best label comes first: it wins more than the best tour, so it repeats a node, whatever the others do
        order = [best, *np.argsort(-won[:count], kind="stable")[:40]]
        routes = [_route(node, parent, int(x)) for x in order if won[x] > self.won]
        repeats = [r for r in routes if len(set(r)) < len(r)]
        return state, _staircase(node[:count], time[:count], won[:count], len(self.kept)), repeats

    def take(self, route: list[int]) -> None:
        """Keeps a tour if it is one and wins more."""
        if len(set(route)) == len(route) and self.forward.times(route) is not None and self.forward.won(route) > self.won:
            self.best, self.won = route, self.forward.won(route)

    def grow(self, routes: list[list[int]]) -> None:
        """Nodes between two visits of the same node learn to remember it."""
        for route in routes:
            last: dict[int, int] = {}
            for at, k in enumerate(route):
                if k in last:
                    for between in route[last[k] + 1 : at]:
                        kernel.add(self.ng[between], k)
                last[k] = at

    def local_search(self, rounds: int, share: float) -> None:
        """Rounds of inserting and shaking for a share of the time left."""
        until = clock.monotonic() + min(share * max(0.0, self.left()), math.inf if share == 1 else SEARCH_SECONDS * len(self.kept))
        p = self.forward
        while True:
            self.seed += 1
            route = kernel.shake_and_insert(
                p.travel, p.opens, p.closes, p.service, p.score, self.seed, rounds, np.array(self.best, dtype=np.int64)
            )
            self.take([int(k) for k in route])
            if clock.monotonic() > until or self.won >= self.bound:
                return


class _Side:
    """A direction: the problem, quickest ways with service on the way, and what can be won in the time that is left."""

    def __init__(self, problem: Orienteering) -> None:
        self.problem = problem
        self.quickest = _quickest(problem)
        self.knapsack = _knapsack(problem)


def _quickest(p: Orienteering) -> IntArray:
    """Least minutes between nodes by any way, windows left out: cut distances may break the triangle inequality."""
    way = p.travel.copy()
    for k in range(1, len(way)):
        np.minimum(way, way[:, k : k + 1] + p.service[k] + way[k : k + 1, :], out=way)
    return way


def _reachable(p: Orienteering) -> list[int]:
    """The depot, and the nodes that some tour might visit; those that win nothing may still be a short cut where distances are cut."""
    way = _quickest(p)
    begins = np.maximum(p.opens[0] + way[0], p.opens)
    there = (begins <= p.closes) & (begins + p.service + way[:, 0] <= p.closes[0])
    useful = there & ((p.score > 0) | (way < p.travel).any())
    return [0, *(int(k) for k in np.flatnonzero(useful) if k)]


def _knapsack(p: Orienteering) -> IntArray:
    """Most that can be won in each length of time after a node was left, by score a minute, fractions rounded down: a bound.

    Each visit costs its service and the shortest way to it.
    """
    n = len(p.score)
    ways = p.travel + np.where(np.eye(n, dtype=bool), 1 << 40, 0)
    cost = (p.service + ways.min(axis=0))[1:].astype(float)
    gain = p.score[1:].astype(float)
    free = gain[cost <= 0].sum()
    order = np.argsort(-gain[cost > 0] / cost[cost > 0], kind="stable")
    spent = np.concatenate([[0.0], np.cumsum(cost[cost > 0][order])])
    got = np.concatenate([[0.0], np.cumsum(gain[cost > 0][order])]) + free
    most: IntArray = np.floor(np.interp(np.arange(int(p.closes[0]) + 1), spent, got) + 1e-6).astype(np.int64)
    return most


def _cut(p: Orienteering, kept: list[int]) -> Orienteering:
    """Nodes that some tour can visit."""
    return Orienteering(np.ascontiguousarray(p.travel[np.ix_(kept, kept)]), p.opens[kept], p.closes[kept], p.service[kept], p.score[kept])


def _route(node: IntArray, parent: IntArray, label: int) -> list[int]:
    found = []
    while label > 0:
        found.append(int(node[label]))
        label = int(parent[label])
    return found[::-1]


def _staircase(node: IntArray, time: IntArray, won: IntArray, nodes: int) -> tuple[IntArray, IntArray, IntArray]:
    """By node: times, and the most that any label has won there by that time."""
    order = np.lexsort((-won, time, node))
    node, time, won = node[order], time[order], won[order].copy()
    starts = np.searchsorted(node, np.arange(nodes + 1))
    for k in range(nodes):
        won[starts[k] : starts[k + 1]] = np.maximum.accumulate(won[starts[k] : starts[k + 1]])
    return starts.astype(np.int64), time.copy(), won

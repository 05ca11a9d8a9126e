"""The cheapest days of one circuit's vessels at given prices of its sailings: the subproblem of the bound.

A vessel's day begins and ends at one port within one crew window (or the whole day, which pays a second crew). For every port and
window the days are a minimum-cost flow in time and space, found path by path (successive shortest paths, Ford and Fulkerson 1962);
their costs rise, so the fleet takes the cheapest of them all. Sailings are shared by the days of one port and window only, which
can only lower the value: it stays a bound. Exact for a circuit of one vessel.
"""

# ruff: noqa: PLR0913, PLR0912, PLR0915  (kernels take arrays one by one and are one piece for speed)

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from islandflow.ferry.problem import FerryProblem

Array = NDArray[Any]
FAR = 1 << 60
NONE, WAIT, BACK = -1, -2, -3  # how a node was reached: not, by waiting, by undoing a wait; a sailing is 2 * candidate (+ 1 undone)
LONGEST = 256  # most sailings begun or undone by one path
NEVER = 10_000  # a minute after every day


@dataclass(frozen=True)
class Days:
    """Value in fen (to be minimised), candidates that sail with their multiplicity, vessels in service.

    A candidate stands there once for every port and window whose days sail it: each of these carries people of its own.
    """

    value: int
    sailings: Array
    times: Array
    vessels: int


class DayFlows:
    """Days of one circuit: ports x slots, waiting free; every candidate is in it, also those that lose."""

    def __init__(self, problem: FerryProblem, k: int) -> None:
        mine = np.flatnonzero(problem.circuit_of == k)
        ports = sorted({p for r in mine for p in (problem.patterns[r].calls[0], problem.patterns[r].calls[-1])})
        local = {p: i for i, p in enumerate(ports)}
        self.ports, self.slots = len(ports), problem.slots
        self.origin = np.array([local[problem.patterns[r].calls[0]] for r in mine], dtype=np.int64)
        self.target = np.array([local[problem.patterns[r].calls[-1]] for r in mine], dtype=np.int64)
        self.low, self.high, self.block, self.first = (a[mine] for a in (problem.low, problem.high, problem.block, problem.first))
        self.minutes = np.array([problem.patterns[r].minutes for r in mine], dtype=np.int64)
        self.start, self.step = problem.start, problem.step
        self.fleet = problem.circuits[k].count
        self.copies = min(problem.copies, self.fleet)
        pay = [(w.begins, w.ends, int(problem.day_fen[k])) for w in problem.windows]
        pay.append((-NEVER, NEVER, int(problem.day_fen[k] + problem.second_fen[k])))
        self.windows = np.array(pay, dtype=np.int64)

    def cheapest(self, price: Array) -> Days:
        """Least cost of the fleet's days; ``price`` (candidates of the problem, copies) fen, rounded down by the caller."""
        if not len(self.first):
            return Days(0, self.first, self.first, 0)
        value, vessels, chosen = _cheapest(
            price, self.copies, self.fleet, self.ports, self.slots, self.start, self.step, self.windows,
            self.origin, self.target, self.low, self.high, self.block, self.first, self.minutes,
        )  # fmt: skip
        undone = chosen % 2 == 1
        keys, times = np.unique((chosen >> 1)[~undone], return_counts=True)
        if undone.any():
            times = times - np.bincount(np.searchsorted(keys, (chosen >> 1)[undone]), minlength=len(keys))
            keys, times = keys[times > 0], times[times > 0]
        return Days(int(value), keys % len(price), times, int(vessels))


@njit(cache=True)
def _cheapest(
    price: Array, copies: int, fleet: int, ports: int, slots: int, start: int, step: int, windows: Array,
    origin: Array, target: Array, low: Array, high: Array, block: Array, first: Array, minutes: Array,
) -> tuple[int, int, Array]:  # fmt: skip
    """Value, vessels and the steps of the cheapest ``fleet`` days of all ports and windows.

    A step is 2 * (candidates * port and window + candidate), + 1 for undone.
    """
    cases = ports * len(windows)
    cost = np.full(cases * fleet, FAR, np.int64)
    least = np.zeros(fleet, np.int64)
    steps = np.empty((cases * fleet, LONGEST), np.int64)
    length = np.zeros(cases * fleet, np.int64)
    lowest = np.empty(len(first), np.int64)
    highest = np.empty(len(first), np.int64)
    nodes = slots + 1
    dist = np.empty((ports, nodes), np.int64)
    how = np.empty((ports, nodes), np.int64)
    by = np.empty((ports, nodes), np.int64)
    waiting = np.zeros((ports, nodes), np.int64)
    used = np.zeros(len(price), np.int64)
    touched = np.empty((fleet + 1) * LONGEST, np.int64)
    touched_by = np.empty((fleet + 1) * LONGEST, np.int64)
    for w in range(len(windows)):
        begin, end = slots, 0
        for z in range(len(first)):
            lowest[z] = max(low[z], -((start - windows[w, 0]) // step))
            highest[z] = min(high[z], (windows[w, 1] - minutes[z] - start) // step + 1)
            if highest[z] > lowest[z]:
                begin = min(begin, lowest[z])
                end = max(end, min(slots, highest[z] - 1 + block[z]))
        if begin >= end:
            continue
        for base in range(ports):
            marks = 0
            for n in range(fleet):
                for q in range(ports):
                    for s in range(begin, end + 1):
                        dist[q, s] = FAR
                        how[q, s] = NONE
                dist[base, begin] = 0
                again = True
                since = begin
                while again:
                    for s in range(since, end):
                        for q in range(ports):
                            d = dist[q, s]
                            if d < dist[q, s + 1]:
                                dist[q, s + 1] = d
                                how[q, s + 1] = WAIT
                        for z in range(len(first)):
                            if lowest[z] <= s < highest[z]:
                                d = dist[origin[z], s]
                                if d < FAR:
                                    c = first[z] + s - low[z]
                                    u = used[c] if n else 0
                                    if u < copies:
                                        d += price[c, u]
                                        t = min(slots, s + block[z])
                                        if d < dist[target[z], t]:
                                            dist[target[z], t] = d
                                            how[target[z], t] = 2 * c
                                            by[target[z], t] = z
                    again = False
                    if n == 0:
                        break
                    since = end
                    for i in range(marks):
                        c, z = touched[i], touched_by[i]
                        if used[c]:
                            s = c - first[z] + low[z]
                            t = min(slots, s + block[z])
                            if dist[target[z], t] < FAR:
                                d = dist[target[z], t] - price[c, used[c] - 1]
                                if d < dist[origin[z], s]:
                                    dist[origin[z], s] = d
                                    how[origin[z], s] = 2 * c + 1
                                    by[origin[z], s] = z
                                    again = True
                                    since = min(since, s)
                    for q in range(ports):
                        for s in range(end - 1, begin - 1, -1):
                            if waiting[q, s] > 0 and dist[q, s + 1] < dist[q, s]:
                                dist[q, s] = dist[q, s + 1]
                                how[q, s] = BACK
                                again = True
                                since = min(since, s)
                total = dist[base, end] + windows[w, 2]
                # costs rise from path to path: what is dearer than the fleet's cheapest days so far, and all after it, is not taken
                if dist[base, end] >= FAR or total >= least[fleet - 1]:
                    break
                i = fleet - 1
                while i > 0 and least[i - 1] > total:
                    least[i] = least[i - 1]
                    i -= 1
                least[i] = total
                at = (w * ports + base) * fleet + n
                cost[at] = total
                q, s, m = base, end, 0
                while not (q == base and s == begin):
                    h = how[q, s]
                    if h == WAIT:
                        s -= 1
                        waiting[q, s] += 1
                    elif h == BACK:
                        waiting[q, s] -= 1
                        s += 1
                    else:
                        z = by[q, s]
                        c = h >> 1
                        if m == LONGEST:
                            raise ValueError("a day of more sailings than a day can hold")
                        steps[at, m] = h
                        m += 1
                        if h & 1:
                            used[c] -= 1
                            q, s = target[z], min(slots, c - first[z] + low[z] + block[z])
                        else:
                            if used[c] == 0:
                                touched[marks] = c
                                touched_by[marks] = z
                                marks += 1
                            used[c] += 1
                            q, s = origin[z], c - first[z] + low[z]
                length[at] = m
            for i in range(marks):
                used[touched[i]] = 0
            for q in range(ports):
                for s in range(nodes):
                    waiting[q, s] = 0
    order = np.argsort(cost, kind="mergesort")
    value, vessels, size = 0, 0, 0
    for i in range(min(fleet, len(order))):
        if cost[order[i]] >= 0:
            break
        value += cost[order[i]]
        size += length[order[i]]
        vessels += 1
    out = np.empty(size, np.int64)
    size = 0
    for i in range(vessels):
        for m in range(length[order[i]]):
            out[size] = steps[order[i], m] + 2 * len(price) * (order[i] // fleet)
            size += 1
    return value, vessels, out

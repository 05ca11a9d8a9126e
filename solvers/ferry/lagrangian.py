"""The certified bound: passengers, obligations and fleet sizes are priced; what is left falls apart by circuit.

Every evaluation is a valid bound over all candidates, whatever the prices; the ascent only looks for good ones. Berths, moorings
and second crews are left out, which can only lower it. Circuits that share no market and no obligation are separate
components, each with its own best prices and step length (subgradient with a moving target, Held, Wolfe and Crowder 1974).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from islandflow.ferry.problem import FerryProblem
from solvers.ferry import bound_kernels as kernel
from solvers.ferry.circulation import Circulation
from solvers.ferry.coverage import Coverage
from solvers.ferry.tables import Tables

Array = NDArray[Any]
PATIENCE = 10
LOAD = 0.7


class Lagrangian:
    """Bound of a problem at given prices: ``alpha`` fen a person by group, ``row`` fen by obligation row, ``fleet`` fen a vessel."""

    def __init__(self, problem: FerryProblem, tables: Tables, cover: Coverage) -> None:
        self.problem, self.t, self.cover = problem, tables, cover
        self.copies = min(problem.copies, max((c.count for c in problem.circuits), default=1))
        self.value = np.zeros((problem.candidates, self.copies))
        self.networks = [Circulation(problem, k) for k in range(len(problem.circuits))]
        self.cost = np.repeat(problem.cost, problem.high - problem.low)
        self.pattern = np.repeat(np.arange(len(problem.patterns)), problem.high - problem.low)
        self.left = np.repeat(problem.left_fen, np.diff(problem.group_ptr)).astype(float)
        self.fleet_size = np.array([c.count for c in problem.circuits], dtype=float)
        self._components()

    def _components(self) -> None:
        """Components of circuits, groups and rows; groups and rows that nobody serves belong to none (-1)."""
        graph = nx.Graph()
        graph.add_nodes_from(("circuit", k) for k in range(len(self.networks)))
        for r, k in enumerate(self.problem.circuit_of):
            markets = set(self.t.market[self.t.ptr[r] : self.t.ptr[r + 1]].tolist())
            graph.add_edges_from((("circuit", int(k)), ("market", o)) for o in markets)
        of_candidate = self.problem.circuit_of[self.pattern]
        pairs = np.unique(np.stack([of_candidate[self.cover.candidate], self.cover.row]), axis=1)
        graph.add_edges_from((("circuit", int(k)), ("row", int(row))) for k, row in pairs.T)
        self.of_circuit = np.zeros(len(self.networks), dtype=np.int64)
        market = np.full(len(self.problem.markets), -1)
        self.of_row = np.full(len(self.cover.rows), -1)
        self.components = 0
        for nodes in nx.connected_components(graph):
            for kind, number in nodes:
                {"circuit": self.of_circuit, "market": market, "row": self.of_row}[kind][number] = self.components
            self.components += 1
        self.of_group = np.repeat(market, np.diff(self.problem.group_ptr))
        self.unserved = int((self.left * self.problem.size)[self.of_group < 0].sum())

    def start(self) -> tuple[Array, Array, Array]:
        """Prices to begin with: each group's cheapest conceivable journey with its share of a boat seven tenths full."""
        floor, alpha = self.left.copy(), self.left.copy()
        kernel.cheapest(self.t, floor, 0.0)
        self.floor = int((floor * self.problem.size).sum())
        kernel.cheapest(self.t, alpha, LOAD)
        return alpha, np.zeros(len(self.cover.rows)), np.zeros(len(self.networks))

    def evaluate(self, alpha: Array, row: Array, fleet: Array) -> tuple[Array, Array, Array, Array]:
        """Bound by component in fen (sums to the bound without the unserved), and subgradients by group, row and circuit."""
        problem = self.problem
        kernel.earnings(self.t, alpha, self.copies, self.value)
        price = self.cost.astype(float)
        if len(row):
            price = price - np.bincount(self.cover.candidate, row[self.cover.row], minlength=len(price))
        # rounded down: the bound must never pass the optimum
        whole = np.floor(price[:, None] - self.value).astype(np.int64)
        bound = np.zeros(self.components)
        known = self.of_group >= 0
        np.add.at(bound, self.of_group[known], (alpha * problem.size)[known])
        if len(row):
            np.add.at(bound, self.of_row, row * self.cover.least)
        used = np.zeros(len(self.networks))
        sailings, times = [], []
        for k, network in enumerate(self.networks):
            flow = network.cheapest(whole, int(np.floor(fleet[k])))
            bound[self.of_circuit[k]] += flow.value
            used[k] = flow.vessels
            sailings.append(flow.sailings)
            times.append(flow.times)
        chosen, often = np.concatenate(sailings), np.concatenate(times)
        served = np.zeros(len(alpha))
        kernel.carried(self.t, alpha, chosen, self.pattern[chosen], often, served)
        meets = np.zeros(problem.candidates)
        meets[chosen] = often
        met = np.bincount(self.cover.row, meets[self.cover.candidate], minlength=len(row)) if len(row) else np.zeros(0)
        return bound, problem.size - served, self.cover.least - met, used - self.fleet_size

    def climb(self, left: Callable[[], float], rounds: int = 0, tell: Callable[[int, Array], None] | None = None) -> int:
        """Best bound in fen found until ``left()`` is 0 (seconds) or after ``rounds`` evaluations (0 = no limit)."""
        if not self.networks:
            return self.unserved
        point = self.start()
        best = np.full(self.components, -np.inf)
        keep = tuple(z.copy() for z in point)
        owners = (self.of_group, self.of_row, self.of_circuit)
        scale = (1.0 / np.maximum(1.0, self.problem.size), np.full(len(self.cover.rows), 50.0), np.full(len(self.networks), 100.0))
        ceiling: tuple[Array, ...] = (self.left, np.full(len(self.cover.rows), np.inf), np.full(len(self.networks), np.inf))
        reach = np.zeros(self.components)
        stale = np.zeros(self.components, dtype=np.int64)
        move: tuple[Array, ...] | None = None
        done = 0
        while left() > 0 and (not rounds or done < rounds):
            bound, *slope = self.evaluate(*point)
            done += 1
            better = bound > best
            gain = np.where(np.isfinite(best), bound - best, np.inf)
            if done == 1:
                reach = 0.08 * np.abs(bound) + 1000.0
            best = np.maximum(best, bound)
            for held, now, owner in zip(keep, point, owners, strict=True):
                mine = better[owner] & (owner >= 0)
                held[mine] = now[mine]
            stale = np.where(gain > 1e-4 * np.maximum(1.0, reach), 0, stale + 1)
            tired = stale >= PATIENCE
            reach = np.where(tired, reach * 0.6, reach)
            stale = np.where(tired, 0, stale)
            fresh = []
            for i, (now, grad, owner, top) in enumerate(zip(point, slope, owners, ceiling, strict=True)):
                back = tired[owner] & (owner >= 0)
                now[back] = keep[i][back]
                g = np.where(((now <= 0) & (grad < 0)) | ((now >= top) & (grad > 0)) | (owner < 0), 0.0, grad)
                fresh.append(np.where(back, g, g if move is None else 0.7 * g + 0.3 * move[i]))
            move = tuple(fresh)
            norm = np.zeros(self.components)
            for d, owner, s in zip(move, owners, scale, strict=True):
                np.add.at(norm, owner[owner >= 0], (s * d * d)[owner >= 0])
            step = (best + reach - np.where(tired, best, bound)) / np.maximum(1e-9, norm)
            for now, d, owner, s, top in zip(point, move, owners, scale, ceiling, strict=True):
                now[:] = np.clip(now + step[owner] * s * d, 0.0, top)
            if tell and done % 5 == 0:
                tell(self.unserved + int(np.floor(best).sum()), keep[0])
        self.rounds = done
        self.prices = keep
        self.by_component = best
        return self.unserved + int(np.floor(best).sum()) if done else 0

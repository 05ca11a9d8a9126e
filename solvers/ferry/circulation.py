"""The cheapest circulation of one circuit's vessels at given prices of its sailings: the subproblem of the bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from islandflow.ferry.problem import FerryProblem

Array = NDArray[Any]
FREE = 10**15


@dataclass(frozen=True)
class Flow:
    """Value in fen (to be minimised), candidates that sail with their multiplicity, vessels in service."""

    value: int
    sailings: Array
    times: Array
    vessels: int


class Circulation:
    """Time-space network of one circuit: ports x slots, cyclic overnight, waiting free.

    Every candidate is in it, also those that lose: a boat may come home nearly empty. Among candidates of equal tail and head
    whose price is not negative the cheapest stands for all, with the whole fleet as capacity, which can only lower the value.
    """

    def __init__(self, problem: FerryProblem, k: int) -> None:
        mine = np.flatnonzero(problem.circuit_of == k)
        span = [int(problem.high[r] - problem.low[r]) for r in mine]
        pattern = np.repeat(mine, span)
        slot = np.concatenate([np.arange(problem.low[r], problem.high[r]) for r in mine]) if len(mine) else np.zeros(0, np.int64)
        self.candidates = np.concatenate([problem.first[r] + np.arange(n) for r, n in zip(mine, span, strict=True)]) if len(mine) else slot
        ports = sorted({p for r in mine for p in (problem.patterns[r].calls[0], problem.patterns[r].calls[-1])})
        local = {p: i for i, p in enumerate(ports)}
        self.nodes = problem.slots + 1
        origin = np.array([local[problem.patterns[r].calls[0]] for r in mine], dtype=np.int64)
        target = np.array([local[problem.patterns[r].calls[-1]] for r in mine], dtype=np.int64)
        of = np.repeat(np.arange(len(mine)), span)
        self.tail = origin[of] * self.nodes + slot
        self.head = target[of] * self.nodes + np.minimum(slot + problem.block[pattern], problem.slots)
        _, self.pair = np.unique(self.tail * (len(ports) * self.nodes) + self.head, return_inverse=True)
        self.ports = len(ports)
        self.fleet = problem.circuits[k].count
        self.day = int(problem.day_fen[k])
        self.copies = min(problem.copies, self.fleet)
        self.wait = np.repeat(np.arange(self.ports) * self.nodes, self.nodes - 1) + np.tile(np.arange(self.nodes - 1), self.ports)
        self.night = np.arange(self.ports) * self.nodes

    def cheapest(self, price: Array, fleet_price: int) -> Flow:
        """Least cost of a circulation; ``price`` (candidates of the problem, copies) fen, rounded down by the caller."""
        if not len(self.candidates):
            return Flow(0, self.candidates, self.candidates, 0)
        own = price[self.candidates, : self.copies]
        tails, heads, costs, caps, whose = [], [], [], [], []
        least = np.full(int(self.pair.max()) + 1, FREE)
        for m in range(self.copies):
            c = own[:, m]
            gain = np.flatnonzero(c < 0)
            tails.append(self.tail[gain])
            heads.append(self.head[gain])
            costs.append(c[gain])
            caps.append(np.ones(len(gain), dtype=np.int64))
            whose.append(gain)
        # the cheapest departure of a slot that does not gain, for all further ones of that slot
        rest = np.where(own >= 0, own, FREE).min(axis=1)
        losing = np.flatnonzero(rest < FREE)
        losing_cost = rest[losing]
        np.minimum.at(least, self.pair[losing], losing_cost)
        standing = losing[losing_cost <= least[self.pair[losing]]]
        _, one = np.unique(self.pair[standing], return_index=True)
        standing = standing[one]
        tails += [self.tail[standing], self.wait, self.night + self.nodes - 1]
        heads += [self.head[standing], self.wait + 1, self.night]
        costs += [rest[standing], np.zeros(len(self.wait), np.int64), np.full(self.ports, self.day + fleet_price)]
        caps += [np.full(len(standing) + len(self.wait) + self.ports, self.fleet)]
        whose.append(standing)
        who = np.concatenate(whose)
        flow = min_cost_flow.SimpleMinCostFlow()
        arcs = flow.add_arcs_with_capacity_and_unit_cost(
            np.concatenate(tails).astype(np.int64), np.concatenate(heads).astype(np.int64),
            np.concatenate(caps).astype(np.int64), np.concatenate(costs).astype(np.int64),
        )  # fmt: skip
        nodes = np.arange(self.ports * self.nodes)
        flow.set_nodes_supplies(nodes, np.zeros(len(nodes), dtype=np.int64))
        if flow.solve() != flow.OPTIMAL:
            raise RuntimeError("the circulation has no optimum: a defect of the network, since doing nothing is always allowed")
        amount = flow.flows(arcs)
        times = np.bincount(who, amount[: len(who)], minlength=len(self.candidates)).astype(np.int64)
        sails = np.flatnonzero(times)
        value = int(flow.optimal_cost()) - fleet_price * self.fleet
        return Flow(value, self.candidates[sails], times[sails], int(amount[-self.ports :].sum()))

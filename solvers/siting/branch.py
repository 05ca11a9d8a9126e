"""Branching on sites with the Lagrangian as bound: every bound is counted by our own kernel, no tolerance is trusted."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from solvers.siting.arrays import Arrays, reduced
from solvers.siting.contract import Clock, down
from solvers.siting.kernels import BoolArray, FloatArray, IntArray, ascend, pick, reduced_costs

ROUNDS, FIRST_SCALE = 120, 0.4
Try = Callable[[BoolArray], float]


@dataclass(order=True)
class Node:
    """A part of the plans: ``state`` of every site, the prices that its parent ended with, a bound on its cost."""

    bound: float
    number: int
    state: IntArray = field(compare=False)
    price: FloatArray = field(compare=False)
    dearest: FloatArray = field(compare=False)


def search_tree(root: Arrays, price: FloatArray, bound: float, upper: float, attempt: Try, clock: Clock, until: float) -> tuple[float, int]:
    """Proves or improves ``upper``: a bound on all plans better than the best one, and the number of nodes.

    ``attempt`` improves a choice of sites and returns the best cost known. Best bound first; ends when no node can be better.
    """
    heap = [Node(bound, 0, root.state, price, np.full(root.n, np.inf))]
    count, floor = 1, np.inf
    while heap and clock.seconds() < until and clock.left() > 0:
        node = heapq.heappop(heap)
        if down(node.bound) >= upper:
            return min(upper, floor), count
        a = reduced(root, node.state, node.dearest)
        if hopeless(a):
            continue
        value, price, often, _ = ascend(
            a.start, a.site, a.cost, a.fixed, a.cap, a.most, a.state, np.minimum(node.price, a.cap), upper, ROUNDS, FIRST_SCALE
        )
        value = max(value, node.bound)
        if down(value) >= upper:
            continue
        if count % 8 == 1:
            sites = a.state == 1
            order = [j for j in np.argsort(-often) if a.state[j] == 0]
            sites[order[: max(0, a.most - int(sites.sum()))]] = True
            upper = attempt(sites)
        left = decided(a, price, upper)
        if left is None:
            continue
        state, dearest = left
        dearest = np.minimum(dearest, node.dearest)
        free = np.flatnonzero(state == 0)
        if not len(free):
            sites = state == 1
            upper = attempt(sites)
            # all is decided; where lists were cut, a client may owe its horizon, which attempt does not take for a plan
            floor = min(floor, owed(a, state == 1))
            continue
        split = free[np.argmin(np.abs(often[free] - 0.5))]
        for decision in (1, -1):
            child = state.copy()
            child[split] = decision
            if (child == 1).sum() <= a.most:
                heapq.heappush(heap, Node(value, count, child, price, dearest))
                count += 1
    return min(heap[0].bound if heap else np.inf, upper, floor), count


def owed(a: Arrays, sites: BoolArray) -> float:
    """What these sites cost at least: each client its nearest listed one, or its horizon."""
    cheapest = a.cap.copy()
    hit = np.flatnonzero(sites[a.site])
    np.minimum.at(cheapest, np.repeat(np.arange(a.n), np.diff(a.start))[hit], a.cost[hit])
    return float(cheapest.sum() + a.fixed[sites].sum())


def hopeless(a: Arrays) -> bool:
    """Whether a client is left that can reach no site."""
    empty = np.diff(a.start) == 0
    return bool((empty & ~np.isfinite(a.cap)).any())


def decided(a: Arrays, price: FloatArray, upper: float) -> tuple[IntArray, FloatArray] | None:
    """What reduced costs decide for any plan better than ``upper``: states, and each client's dearest cost; None if there is none.

    A client served at more than its price costs the difference on top of the bound.
    """
    worth = reduced_costs(a.start, a.site, a.cost, a.fixed, price)
    chosen, total, last, after = pick(worth, a.most, a.state)
    value = total + float(price.sum())
    room = upper - 1 + 1e-6 + 1e-10 * abs(upper)
    if value > room:
        return None
    free = a.state == 0
    state = a.state.copy()
    state[free & (chosen == 0) & (value + worth - last > room)] = -1
    state[free & (chosen == 1) & (value - worth + after > room)] = 1
    return (state, price + (room - value)) if (state == 1).sum() <= a.most else None

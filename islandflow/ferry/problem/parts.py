"""Parts of a problem that share no passenger and no obligation: each is a ferry problem of its own.

Only berths, moorings and the fen that nobody can serve remain common. A bound of the whole is the sum over its parts, since
leaving the berths' common use out can only lower it; a plan must still share the berths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import networkx as nx
import numpy as np

from islandflow.ferry.problem import FerryProblem
from islandflow.ferry.problem.markets import IntArray, Stretches


@dataclass(frozen=True, eq=False)
class Part:
    """A problem of some circuits, and where its circuits, patterns, candidates and groups lie in the whole."""

    problem: FerryProblem
    circuits: IntArray
    patterns: IntArray
    candidates: IntArray
    groups: IntArray


def split(problem: FerryProblem) -> tuple[Part, ...]:
    """The connected parts, the one of most candidates first; groups that no pattern serves are in none of them."""
    graph = nx.Graph()
    graph.add_nodes_from(("circuit", k) for k in range(len(problem.circuits)))
    rides = problem.rides
    pattern = np.repeat(np.arange(len(problem.patterns)), np.diff(rides.ptr))
    pairs = np.unique(np.stack([problem.circuit_of[pattern], rides.market]), axis=1) if len(pattern) else np.zeros((2, 0), dtype=np.int64)
    graph.add_edges_from((("circuit", int(k)), ("market", int(o))) for k, o in pairs.T)
    ends = {n.ends: n for n in problem.needs}
    back = [replace(n, origins=n.targets, targets=n.origins) for n in problem.needs if n.ashore is not None]
    ends |= {n.ends: n for n in back}
    for need in ends.values():
        node = ("need", *sorted((need.origins, need.targets)))
        graph.add_edges_from((("circuit", p.circuit), node) for p in problem.patterns if need.stretch(p))
    found = []
    for nodes in nx.connected_components(graph):
        circuits = sorted(number for kind, number, *_ in nodes if kind == "circuit")
        found.append(part(problem, circuits, sorted(n for kind, n, *_ in nodes if kind == "market")))
    return tuple(sorted((p for p in found if len(p.patterns)), key=lambda p: (-p.problem.candidates, int(p.circuits[0]))))


def part(problem: FerryProblem, circuits: Sequence[int], served: Sequence[int]) -> Part:
    """The problem of some circuits and markets alone, with the obligations that these circuits can do something for."""
    new_circuit = {k: i for i, k in enumerate(circuits)}
    kept = [r for r, k in enumerate(problem.circuit_of) if int(k) in new_circuit]
    of_market = np.full(len(problem.markets), -1, dtype=np.int64)
    of_market[list(served)] = np.arange(len(served))
    whole = [replace(problem.patterns[r], circuit=new_circuit[problem.patterns[r].circuit]) for r in kept]
    span = (problem.high - problem.low)[kept]
    groups = np.concatenate([np.arange(problem.group_ptr[o], problem.group_ptr[o + 1]) for o in served] or [np.zeros(0, np.int64)])
    markets = np.array(served, dtype=np.int64)
    sizes = np.diff(problem.group_ptr)[markets]
    candidates = [problem.first[r] + np.arange(n) for r, n in zip(kept, span, strict=True)]
    own = replace(
        problem,
        circuits=tuple(problem.circuits[k] for k in circuits),
        patterns=tuple(whole),
        markets=tuple(problem.markets[o] for o in served),
        rides=_rides(problem.rides, kept, of_market),
        needs=tuple(n for n in problem.needs if any(n.stretch(p) for p in whole)),
        low=problem.low[kept], high=problem.high[kept], first=np.concatenate([[0], np.cumsum(span)[:-1]]).astype(np.int64),
        block=problem.block[kept], cost=problem.cost[kept], circuit_of=np.array([p.circuit for p in whole], dtype=np.int64),
        group_ptr=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64), size=problem.size[groups], wanted=problem.wanted[groups],
        fen_h=problem.fen_h[markets], left_fen=problem.left_fen[markets], on_deck=problem.on_deck[markets],
        day_fen=problem.day_fen[list(circuits)], second_fen=problem.second_fen[list(circuits)],
    )  # fmt: skip
    return Part(
        own, np.array(circuits, dtype=np.int64), np.array(kept, dtype=np.int64),
        np.concatenate(candidates or [np.zeros(0, np.int64)]), groups.astype(np.int64),
    )  # fmt: skip


def _rides(rides: Stretches, kept: Sequence[int], of_market: IntArray) -> Stretches:
    rows = [np.arange(rides.ptr[r], rides.ptr[r + 1]) for r in kept]
    rows = [r[of_market[rides.market[r]] >= 0] for r in rows]
    at = np.concatenate(rows or [np.zeros(0, np.int64)]).astype(np.int64)
    ptr = np.concatenate([[0], np.cumsum([len(r) for r in rows])]).astype(np.int64)
    return Stretches(
        ptr, of_market[rides.market[at]], rides.board[at], rides.alight[at], rides.departs[at], rides.arrives[at],
        rides.minutes[at], rides.role[at],
    )  # fmt: skip

"""Dial-a-ride solved with a proof: fragments chosen and chained by a mixed-integer program, chains that cannot be in time cut off.

The program without time is a relaxation: its bound holds for every plan. Its solution is a plan once every chain of it can be driven.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from islandflow.result import Status
from solvers.shuttle.dial_a_ride import EPS, DialARide, faults
from solvers.shuttle.fragments import Fragment, fragments
from solvers.silent_highs import silent_highs

Chain = tuple[int, ...]  # numbers of fragments
WHOLE, SLACK = 0.5, 1e-6


@dataclass(frozen=True)
class Rides:
    """Outcome: routes without the depot, their distance, a bound that no plan goes below, fragments and rounds it took."""

    status: Status
    routes: tuple[tuple[int, ...], ...]
    value: float | None
    bound: float
    seconds: float
    fragments: int
    rounds: int


def solve_rides(problem: DialARide, seconds: float = 60.0) -> Rides:
    """The cheapest plan, proven, or what ``seconds`` allow."""
    begun = time.monotonic()
    model = _Chaining(problem, fragments(problem))
    best: tuple[float, tuple[tuple[int, ...], ...]] | None = None
    bound, rounds, proven = 0.0, 0, False
    while time.monotonic() - begun < seconds:
        rounds += 1
        found, lower, done = model.solve(max(0.2, seconds - (time.monotonic() - begun)), best[0] if best else None)
        bound = max(bound, lower)
        if found is None:
            proven = done
            break
        chains, value = found
        late = [cut for chain in chains if (cut := model.late(chain))]
        if not late:
            routes = tuple(tuple(k for f in chain for k in model.parts[f].nodes) for chain in chains)
            if not faults(problem, routes) and (best is None or value < best[0]):
                best = (value, routes)
            proven = done
            if done:
                break
        for cut in late:
            model.forbid(cut)
    if best is None:
        return Rides("infeasible" if proven else "no_solution", (), None, bound, time.monotonic() - begun, len(model.parts), rounds)
    if proven:
        bound = max(bound, best[0] - SLACK)
    status: Status = "optimal" if bound >= best[0] - 10 * SLACK else "feasible"
    return Rides(status, best[1], best[0], min(bound, best[0]), time.monotonic() - begun, len(model.parts), rounds)


class _Chaining:
    """The mixed-integer program: which fragments, and which follows which without being late."""

    def __init__(self, problem: DialARide, parts: list[Fragment]) -> None:
        self.problem, self.parts = problem, parts
        n, many = problem.requests, len(parts)
        self.end = 2 * n + 1
        served = [{k for k in f.nodes if k <= n} for f in parts]
        self.gap = np.array([[self._way(f, g) for g in parts] for f in parts])  # from the last service's start to the next one's
        self.after: dict[tuple[int, int], int] = {}
        for f in range(many):
            for g in range(many):
                if f != g and not served[f] & served[g] and parts[f].ends + self.gap[f, g] <= parts[g].latest + EPS:
                    self.after[f, g] = 3 * many + len(self.after)
        self.h: Any = silent_highs()
        for option, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0), ("mip_abs_gap", SLACK)):
            self.h.setOptionValue(option, value)
        none = np.zeros(0, np.int32)
        for low, high in [(1.0, 1.0)] * n + [(0.0, 0.0)] * (2 * many) + [(0.0, float(problem.vehicles))]:
            self.h.addRow(low, high, 0, none, none.astype(float))
        for f, part in enumerate(parts):
            self._column(part.cost, {k - 1: 1.0 for k in served[f]} | {n + f: -1.0, n + many + f: -1.0})
        for f, part in enumerate(parts):
            self._column(float(problem.travel[0, part.nodes[0]]), {n + f: 1.0, n + 2 * many: 1.0})
        for f, part in enumerate(parts):
            self._column(float(problem.travel[part.nodes[-1], self.end]), {n + many + f: 1.0})
        for f, g in self.after:
            self._column(float(problem.travel[parts[f].nodes[-1], parts[g].nodes[0]]), {n + many + f: 1.0, n + g: 1.0})
        for f in range(many):
            self._no_haste(f)

    def _way(self, f: Fragment, g: Fragment) -> float:
        return float(self.problem.service[f.nodes[-1]] + self.problem.travel[f.nodes[-1], g.nodes[0]])

    def _column(self, cost: float, entries: dict[int, float]) -> None:
        rows = sorted(entries)
        self.h.addCol(cost, 0.0, 1.0, len(rows), np.array(rows, np.int32), np.array([entries[r] for r in rows]))
        self.h.changeColIntegrality(self.h.getNumCol() - 1, highspy.HighsVarType.kInteger)

    def _row(self, columns: dict[int, float], most: float) -> None:
        self.h.addRow(-np.inf, most, len(columns), np.array(list(columns), np.int32), np.array(list(columns.values())))

    def _no_haste(self, g: int) -> None:
        """Who comes to g too late for some of those that follow it, and these, are never both chosen: a row a threshold of time."""
        part = self.parts[g]
        comes = sorted((self.parts[f].ends + self.gap[f, g], v) for (f, k), v in self.after.items() if k == g)
        goes = sorted((self.parts[h].latest - self.gap[g, h] - part.span, v) for (k, h), v in self.after.items() if k == g)
        told = -1
        for limit, _ in goes:
            late = [v for t, v in comes if t > limit + EPS]
            if late and len(late) != told:
                told = len(late)
                widest = max((x for x, _ in goes if all(t > x + EPS for t, v in comes if v in set(late))), default=limit)
                columns = dict.fromkeys(late, 1.0) | {v: 1.0 for x, v in goes if x <= widest + EPS} | {g: -1.0}
                self._row(columns, 0.0)

    def solve(self, seconds: float, known: float | None) -> tuple[tuple[list[Chain], float] | None, float, bool]:
        """Chains and their cost, the bound, and whether the program was solved to its end."""
        self.h.setOptionValue("time_limit", self.h.getRunTime() + seconds)
        if known is not None:
            self.h.setOptionValue("objective_bound", known)
        self.h.run()
        done = self.h.getModelStatus() in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
        info = self.h.getInfo()
        lower = max(0.0, float(info.mip_dual_bound)) if np.isfinite(info.mip_dual_bound) else 0.0
        if info.primal_solution_status != 2:  # noqa: PLR2004  (a feasible point)
            return None, lower, done
        x = np.array(self.h.getSolution().col_value)
        return (self._chains(x), float(info.objective_function_value)), lower, done

    def _chains(self, x: np.ndarray) -> list[Chain]:
        many = len(self.parts)
        follows = {f: g for (f, g), v in self.after.items() if x[v] > WHOLE}
        chains: list[Chain] = []
        rest = set(np.nonzero(x[:many] > WHOLE)[0].tolist())
        for head in np.nonzero(x[many : 2 * many] > WHOLE)[0].tolist():
            chain = [head]
            while chain[-1] in follows:
                chain.append(follows[chain[-1]])
            rest -= set(chain)
            chains.append(tuple(chain))
        while rest:  # rings apart from the depot
            chain = [min(rest)]
            while follows[chain[-1]] != chain[0]:
                chain.append(follows[chain[-1]])
            rest -= set(chain)
            chains.append((*chain, chain[0]))
        return chains

    def late(self, chain: Chain) -> Chain:
        """The shortest stretch of a chain that cannot be driven in time, or the ring that it is; empty if all is well."""
        if len(chain) > 1 and chain[0] == chain[-1]:
            return chain
        for size in range(2, len(chain) + 1):
            for k in range(len(chain) - size + 1):
                if not self._in_time(chain[k : k + size]):
                    return chain[k : k + size]
        nodes = tuple(k for f in chain for k in self.parts[f].nodes)
        return chain if any(x.startswith("route") for x in faults(self.problem, [nodes])) else ()

    def _in_time(self, chain: Sequence[int]) -> bool:
        now = -np.inf
        for k, f in enumerate(chain):
            part = self.parts[f]
            if k:
                now += float(self.gap[chain[k - 1], f])
            start = max(part.first, now)
            if start > part.latest + EPS:
                return False
            now = max(part.ends, start + part.span)
        return True

    def forbid(self, chain: Chain) -> None:
        """Cuts a late stretch, or a ring, off.

        Of a late stretch f1 .. fk, the ways from each to any later one together are at most k - 2 (tournament, Ascheuer, Fischetti &
        Groetschel 2001): k - 1 of them would be the stretch itself. A ring keeps one way less than it has fragments.
        """
        if chain[0] == chain[-1]:
            ring = chain[:-1]
            ways = [(f, g) for f in ring for g in ring if f != g]
            most = len(ring) - 1
        else:
            ways = [(f, g) for k, f in enumerate(chain) for g in chain[k + 1 :]]
            most = len(chain) - 2
        self._row({self.after[w]: 1.0 for w in ways if w in self.after}, float(most))

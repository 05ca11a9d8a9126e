"""Which candidates meet which obligation row, as sparse lists."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from islandflow.ferry.problem import FerryProblem
from islandflow.ferry.problem.markets import FloatArray, IntArray
from islandflow.ferry.problem.needs import Need


@dataclass(frozen=True)
class Coverage:
    """Rows that some candidate meets, and the candidates of each; ``impossible`` rows that no candidate meets.

    A day return is two half rows here (out in time to come back); its exact form is the audit's and the models' own.
    """

    rows: tuple[Need, ...]
    least: IntArray
    row: IntArray
    candidate: IntArray
    impossible: tuple[Need, ...]

    @property
    def price(self) -> FloatArray:
        """Price of a row that is missing, in fen; infinite for an obligation."""
        return np.array([np.inf if n.price_fen is None else n.price_fen for n in self.rows], dtype=float)

    @property
    def forgone(self) -> int:
        """Price in fen of the wishes that no candidate can fulfil."""
        return sum(n.least * n.price_fen for n in self.impossible if n.price_fen is not None)

    @property
    def owed(self) -> tuple[Need, ...]:
        """Obligations that no candidate can meet."""
        return tuple(n for n in self.impossible if n.hard)

    def rows_of(self, count: int) -> tuple[IntArray, IntArray]:
        """CSR by candidate: pointer (candidates + 1) and row numbers."""
        order = np.argsort(self.candidate, kind="stable")
        return np.concatenate([[0], np.cumsum(np.bincount(self.candidate, minlength=count))]), self.row[order]


def coverage(problem: FerryProblem, *, day_trips: bool = False) -> Coverage:
    """Obligation rows of a problem and the candidates that meet them.

    With ``day_trips`` a day return stands as two rows that are enough for it (there by a middle hour, home late enough after it):
    right for a search, too strict for a bound.
    """
    stretches: dict[tuple[tuple[str, ...], tuple[str, ...], str, float], list[tuple[int, int, int]]] = {}
    rows: list[Need] = []
    impossible: list[Need] = []
    at: list[IntArray] = []
    asked = [n for need in problem.needs for n in (_halves(problem, need) if day_trips else [need])]
    for need in asked:
        ends = need.ends
        if ends not in stretches:
            stretches[ends] = [(r, d, a) for r, p in enumerate(problem.patterns) for d, a in need.stretch(p)]
        found = [_slots(problem, need, *s) for s in stretches[ends]]
        found = [f for f in found if len(f)]
        if not found:
            impossible.append(need)
        elif need.ashore is None:
            rows.append(need)
            at.append(np.unique(np.concatenate(found)))
    return Coverage(
        tuple(rows), np.array([n.least for n in rows], dtype=np.int64),
        np.repeat(np.arange(len(rows)), [len(c) for c in at]), np.concatenate(at) if at else np.zeros(0, np.int64), tuple(impossible),
    )  # fmt: skip


def _halves(problem: FerryProblem, need: Need) -> list[Need]:
    """A day trip as a boat there and a boat home around the middle of the day, or the need itself if it is none."""
    if need.ashore is None:
        return [need]
    latest = min(need.reaches[1], problem.start + problem.slots * problem.step)
    by = min(latest, (problem.start + problem.slots * problem.step // 2) - need.ashore // 2)
    home = replace(need, origins=need.targets, targets=need.origins, ashore=None, leaves=(by + need.ashore, 10_000), reaches=(0, 10_000))
    return [need, replace(need, ashore=None, reaches=(0, by)), home]


def _slots(problem: FerryProblem, need: Need, r: int, departs: int, arrives: int) -> IntArray:
    earliest = max(need.leaves[0] - departs, need.reaches[0] - arrives)
    latest = min(need.leaves[1] - departs, need.reaches[1] - arrives)
    low = max(int(problem.low[r]), -(-(earliest - problem.start) // problem.step))
    high = min(int(problem.high[r]), (latest - problem.start) // problem.step + 1)
    return int(problem.first[r]) - int(problem.low[r]) + np.arange(low, max(low, high), dtype=np.int64)

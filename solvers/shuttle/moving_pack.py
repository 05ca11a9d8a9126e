"""Which moves to make together: the most gain within what each side may rise, no vessel and no bus touched twice; a small exact model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from solvers.silent_highs import silent_highs

NODES = 2000
SECONDS = 5.0


@dataclass(frozen=True)
class Item:
    """Fen more on either side (below 0 is a gain), and what no other chosen item may touch."""

    ferry: int
    bus: int
    touches: frozenset[Hashable]


def packed(items: Sequence[Item], ferry_room: int, bus_room: int, most: int) -> list[int]:
    """Numbers of the items that together cost least, sums of both sides within their rooms; none if nothing gains.

    A side's savings pay for its costs within the choice, so that an item which costs the ferry side may go with one that saves there.
    """
    if not items:
        return []
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for n, item in enumerate(items):
        for t in item.touches:
            groups[t].append(n)
    rows = [(list(range(len(items))), [float(i.ferry) for i in items], float(ferry_room)), (list(range(len(items))), [float(i.bus) for i in items], float(bus_room))]
    rows.append((list(range(len(items))), [1.0] * len(items), float(most)))
    rows += [(g, [1.0] * len(g), 1.0) for g in sorted({tuple(g) for g in groups.values() if len(g) > 1})]  # type: ignore[misc]
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(items), len(rows)
    lp.col_cost_ = np.array([float(i.ferry + i.bus) for i in items])
    lp.col_lower_, lp.col_upper_ = np.zeros(len(items)), np.ones(len(items))
    lp.row_lower_, lp.row_upper_ = np.full(len(rows), -np.inf), np.array([high for _, _, high in rows])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(r[0]) for r in rows])]).astype(np.int32)
    lp.a_matrix_.index_ = np.array([c for r in rows for c in r[0]], dtype=np.int32)
    lp.a_matrix_.value_ = np.array([x for r in rows for x in r[1]])
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(items)
    highs = silent_highs()
    for name, option in (("threads", 1), ("mip_max_nodes", NODES), ("time_limit", SECONDS)):
        highs.setOptionValue(name, option)
    highs.passModel(lp)
    highs.run()
    if highs.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return []
    chosen = [n for n, x in enumerate(highs.getSolution().col_value) if x > 0.5]  # noqa: PLR2004
    return chosen if sum(items[n].ferry + items[n].bus for n in chosen) < 0 else []

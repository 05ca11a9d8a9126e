"""Berths and moorings that several parts use, dealt out between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from islandflow.ferry.problem.parts import Part
from solvers.ferry.fleet_search import FleetSearch
from solvers.ferry.fleet_state import Quays


def quays_of_others(first: FleetSearch, parts: Sequence[Part], number: int) -> Quays:
    """Berths and moorings that a part must leave to the others.

    Each part keeps what it uses in the first timetable; what is free then is dealt out evenly, the first part takes the odd one.
    """
    held = [_held(first, part) for part in parts]
    ports = list(first.problem.scenario.ports.values())
    number_of = first.port_number
    uses = np.zeros((len(parts), len(ports)), dtype=bool)
    for j, part in enumerate(parts):
        for pattern in part.problem.patterns:
            uses[j, [number_of[c] for c in pattern.calls]] = True
    rest = [h for j, h in enumerate(held) if j != number]
    zero = held[number]
    taken = sum((h.taken for h in rest), np.zeros_like(zero.taken))
    taken_long = sum((h.taken_long for h in rest), np.zeros_like(zero.taken_long))
    moored = sum((h.moored for h in rest), np.zeros_like(zero.moored))
    share = uses.sum(axis=0)
    rank = uses[:number].sum(axis=0)
    mine = uses[number] & (share > 1)

    def kept_back(free: Any) -> Any:
        """What of the free berths goes to the others."""
        free = np.maximum(0, free)
        parted = np.maximum(1, share)
        wide = free.ndim > 1
        own = free // (parted[:, None] if wide else parted) + (
            (rank[:, None] if wide else rank) < free % (parted[:, None] if wide else parted)
        )
        return np.where(mine[:, None] if wide else mine, free - own, 0)

    taken = taken + kept_back(first.berths[:, None] - zero.taken - taken)
    taken_long = taken_long + kept_back(first.long_berths[:, None] - zero.taken_long - taken_long)
    start = np.array([p.overnight_moorings for p in ports], dtype=np.int64)
    moored = moored + kept_back(start - zero.moored - moored)
    return Quays(taken.astype(np.int16), taken_long.astype(np.int16), moored)


def _held(first: FleetSearch, part: Part) -> Quays:
    """Berth minutes and moorings that a part's vessels hold in the first timetable."""
    vessels = {v for c in part.problem.circuits for v in c.vessel_ids()}
    mine = [v for v in np.flatnonzero(first.base >= 0).tolist() if first.names[v] in vessels]
    return first.held(mine)

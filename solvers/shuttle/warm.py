"""Compiles the kernels of the island planner once, so that no plan waits for it: a day of one landing and one departure."""

from __future__ import annotations

import numpy as np

from islandflow.shuttle.day import LANDS, LEAVES, BoatCall, Buses, ChargingSite, IslandDay, Party, Rules
from solvers.shuttle.island_day import solve_day


def warm() -> None:
    """A second of search and bound; the compiled code is kept beside the sources."""
    minutes = np.array([[0, 8, 12], [8, 0, 6], [12, 6, 0]], dtype=np.int64)
    calls = (BoatCall("in", "quay", LANDS, 600, 5), BoatCall("off", "quay", LEAVES, 720))
    parties = tuple(Party(f"{c.call_id}-{s}", c.call_id, s, 5) for c in calls for s in ("a", "b"))
    fleet, charger = Buses("van", "quay", 3, 6, 15_000, 500, 2_000, 100), ChargingSite("c", "quay", 1, 60_000)
    solve_day(IslandDay(("quay", "a", "b"), minutes, minutes * 500, calls, parties, (fleet,), (charger,), Rules()), 1.0)


if __name__ == "__main__":
    warm()

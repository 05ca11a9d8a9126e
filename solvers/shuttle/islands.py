"""Plans the islands of a scenario one after the other: an island's vehicles meet its own boats alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from islandflow.shuttle.island import Island
from islandflow.shuttle.shuttleplan import IslandProof, ShuttlePlan
from solvers.shuttle.island_day import solve_day
from solvers.shuttle.why import told_why

Tell = Callable[[str, IslandProof], None]
LEAST_SECONDS = 1.0


def plan_islands(
    service: str, islands: Sequence[Island], seconds: float, seed: int, going: Callable[[], bool] = lambda: True, tell: Tell | None = None
) -> ShuttlePlan:
    """A plan of every island within about ``seconds``, time shared by the candidate people; what is left of one goes to the next."""
    begun, days, proofs = time.monotonic(), {}, []
    weight = [1 + len(i.day.parties) for i in islands]
    for n, island in enumerate(islands):
        left = max(LEAST_SECONDS, begun + seconds - time.monotonic())
        found = solve_day(island.day, max(LEAST_SECONDS, left * weight[n] / sum(weight[n:])), seed, going)
        days[island.island_id] = told_why(island.day, found.plan)
        proofs.append(IslandProof(island.island_id, found.status, found.objective, found.bound, found.floor, found.candidates, round(found.seconds, 1)))
        if tell is not None:
            tell(island.island_id, proofs[-1])
    return ShuttlePlan(service, days, tuple(proofs))

"""Counts a siting plan again from the distances alone; shares nothing with the problem or the solvers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from islandflow.siting.lists import DistanceLists
from islandflow.siting.plan import NOBODY, SitingPlan
from islandflow.violation import Violation

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Count:
    """weighted: Σ weight × distance; farthest: of a client with weight; covered: weight within the radius; unserved: weight of nobody's."""

    sites: int
    weighted: int
    farthest: int
    covered: int
    unserved: int
    violations: tuple[Violation, ...] = ()


def count_plan(
    lists: DistanceLists,
    weight: IntArray,
    plan: SitingPlan,
    radius: int = 0,
    most: int = 0,
    forbidden: Collection[int] = (),
    nearest: bool = True,
) -> Count:
    """What a plan comes to. Violations: too many sites, a forbidden one, served by a closed or unreachable or farther site."""
    opened = set(plan.opened)
    found = [Violation("forbidden-site", str(j), 1, "site") for j in sorted(opened & set(forbidden))]
    if most and len(opened) > most:
        found.append(Violation("too-many-sites", "", len(opened) - most, "site"))
    weighted = farthest = covered = unserved = 0
    for i in range(lists.clients):
        sites, distances = lists.at(i)
        reach = {int(s): int(d) for s, d in zip(sites, distances, strict=True) if int(s) in opened}
        mine, w = int(plan.serves[i]), int(weight[i])
        if radius and min(reach.values(), default=radius + 1) <= radius:
            covered += w
        if mine == NOBODY:
            unserved += w
        elif mine not in opened:
            found.append(Violation("served-by-closed", str(i), w, "person"))
        elif mine not in reach:
            found.append(Violation("served-out-of-reach", str(i), w, "person"))
        else:
            weighted += w * reach[mine]
            farthest = max(farthest, reach[mine] if w else 0)
            if nearest and reach[mine] > min(reach.values()):
                found.append(Violation("not-the-nearest", str(i), reach[mine] - min(reach.values()), "distance"))
    return Count(len(opened), weighted, farthest, covered, unserved, tuple(found))

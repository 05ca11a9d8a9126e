"""Who wants to travel when: the daily trips of a scenario as whole passenger groups."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from islandflow.memory import remembered
from islandflow.scenario.entities import Scenario
from islandflow.units import exact, half_up

# Finer buckets where many travel: a bucket holds tens of people, and big flows are not lumped at the full hour.
BUCKETS = ((2000, 15), (120, 30), (0, 60))


@dataclass(frozen=True)
class Group:
    """``size`` people (or vehicles) who want to leave ``from_place`` by boat at minute ``wanted``."""

    from_place: str
    to_place: str
    segment: str
    wanted: int
    size: int

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What a boarding names the group by."""
        return (self.from_place, self.to_place, self.segment, self.wanted)


@remembered(4)
def passenger_groups(scenario: Scenario, service: str) -> tuple[Group, ...]:
    """Passenger groups of one service pattern, in the order of the demand table.

    The trips of a row are rounded to a whole number (a half goes up) and spread over the buckets of its profile by largest
    remainder (earlier bucket first on a tie), so that the day's total is exact. A group's wanted minute is the middle of its bucket.
    """
    hours: dict[str, list[tuple[int, Decimal]]] = defaultdict(list)
    for row in scenario.profiles:
        hours[row.profile].append((row.hour, exact(row.share)))
    groups: list[Group] = []
    for demand in scenario.demand:
        if demand.service != service:
            continue
        total = half_up(exact(demand.trips))
        if total <= 0:
            continue
        width = next(minutes for least, minutes in BUCKETS if total >= least)
        parts = 60 // width
        shares = [(hour + part * width + width // 2, share / parts) for hour, share in hours[demand.profile] for part in range(parts)]
        whole = sum((s for _, s in shares), Decimal(0))
        wishes = [(minute, share * total / whole) for minute, share in shares]
        sizes = [int(wish) for _, wish in wishes]
        order = sorted(range(len(wishes)), key=lambda i: (sizes[i] - wishes[i][1], wishes[i][0]))
        for i in order[: total - sum(sizes)]:
            sizes[i] += 1
        groups.extend(
            Group(demand.from_place, demand.to_place, demand.segment, minute, size)
            for (minute, _), size in zip(wishes, sizes, strict=True)
            if size
        )
    return tuple(groups)

"""What every part of a plan of service points stands on: homes, roads, settings, and the way to the nearest point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from islandflow.scenario.entities import Scenario, Settlement
from islandflow.siting import needs
from islandflow.siting.lists import DistanceLists
from islandflow.siting.network import RoadNet
from islandflow.siting.siteplan import Certificate
from solvers.siting.contract import Clock, SitingResult, SitingSettings

LEAST_SECONDS = 0.5
Notes = list[tuple[str, str]]
Tell = Callable[[Certificate], None]


@dataclass(frozen=True)
class Ground:
    """What all parts share."""

    scenario: Scenario
    net: RoadNet
    homes: list[Settlement]
    islands: set[str]
    settings: SitingSettings
    clock: Clock

    @property
    def names(self) -> list[str]:
        """Ids of the settlements."""
        return [h.settlement_id for h in self.homes]

    def island_of(self, node: str) -> str:
        """Island of a settlement or port."""
        s = self.scenario
        return s.settlements[node].island_id if node in s.settlements else s.ports[node].island_id

    def spend(self, share: float) -> SitingSettings:
        """Settings with a share of the time, or what is left of it; half a second always, so that every kind of point gets a plan."""
        return replace(self.settings, seconds=max(LEAST_SECONDS, min(share * self.settings.seconds, self.clock.left())))


def nearest_seconds(lists: DistanceLists, is_open: np.ndarray | None = None) -> np.ndarray:
    """(clients,) seconds to the nearest site that is open (all, if not said); inf where none can be reached."""
    found = np.full(lists.clients, np.inf)
    usable = np.ones(len(lists.site), bool) if is_open is None else is_open[lists.site]
    np.minimum.at(found, lists.owner()[usable], lists.distance[usable])
    return found


def middle(ground: Ground) -> int:
    """The threshold in the middle of the circles, minutes."""
    found = needs.circles(ground.scenario)
    return found[len(found) // 2]


class Certificates(list[Certificate]):
    """What is proven part by part; whoever listens hears each as it comes."""

    def __init__(self, tell: Tell | None) -> None:
        super().__init__()
        self.tell = tell

    def append(self, found: Certificate) -> None:
        """One more part."""
        super().append(found)
        if self.tell is not None:
            self.tell(found)

    def certify(self, part: str, result: SitingResult, note: str = "") -> None:
        """A part that was solved."""
        self.append(Certificate(part, result.status, result.objective, result.bound, result.gap, note or result.reason))


def way(lists: DistanceLists, client: int, site: int) -> int:
    """Seconds of a client to a listed site."""
    sites, seconds = lists.at(client)
    return int(seconds[sites == site][0])

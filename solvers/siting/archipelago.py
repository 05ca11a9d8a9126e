"""All service points of an island or the archipelago: logistics, transfer, chargers, shared vehicles, roads, stages."""

from __future__ import annotations

from islandflow.ferry.plan import FerryPlan
from islandflow.scenario.entities import Scenario
from islandflow.siting import needs, promise
from islandflow.siting.network import road_net
from islandflow.siting.power import power_rows, vessels_by_island
from islandflow.siting.siteplan import SitePlan
from islandflow.siting.wish import SiteWish
from solvers.siting.charging import chargers, shore_power
from solvers.siting.circles import circle_rows, curve, improve_roads
from solvers.siting.contract import SitingSettings
from solvers.siting.ground import Certificates, Ground, Notes, Tell
from solvers.siting.logistics import Points, drives, logistics, tell_deck
from solvers.siting.staging import staged
from solvers.siting.together import together
from solvers.siting.walked import shared, transfer

__all__ = ["Tell", "plan_sites"]


def plan_sites(scenario: Scenario, wish: SiteWish, ferry: FerryPlan | None, settings: SitingSettings, tell: Tell | None = None) -> SitePlan:
    """The plan that a wish asks for. BadInput if there is nobody to serve or a setting cannot be read.

    ``tell`` hears each part as it is settled.
    """
    homes = needs.homes_of(scenario, wish.island)
    ground = Ground(scenario, road_net(scenario), homes, {h.island_id for h in homes}, settings, settings.clock())
    certificates = Certificates(tell)
    notes: Notes = []
    decide = together if wish.budget_yuan else kind_by_kind
    points, serves = decide(ground, wish, ferry, certificates, notes)
    points += shore_power(ground, ferry)
    points, stages = staged(ground, points, certificates)
    promised = []
    if ferry is None:
        notes.append(
            (
                "no ferry plan was given: no promise by hour, no shore power, no parking at quays",
                "未提供轮渡方案:无逐时送达承诺、岸电与码头停车",
            )
        )
    else:
        promised = promise.promises(scenario, ferry, drives(ground, serves))
        tell_deck(ground, ferry, notes)
    upgrades = improve_roads(ground, points, certificates)
    steps = curve(ground, certificates)
    power = power_rows(scenario, points, ground.islands, vessels_by_island(scenario, ferry))
    return SitePlan(
        wish.island, tuple(points), tuple(serves), tuple(circle_rows(ground, points, upgrades)), tuple(upgrades), tuple(promised),
        tuple(steps), tuple(certificates), tuple(notes), wish, tuple(stages), tuple(power),
    )  # fmt: skip


def kind_by_kind(ground: Ground, wish: SiteWish, ferry: FerryPlan | None, certificates: Certificates, notes: Notes) -> Points:
    """Each kind of point on its own, as good as it can be."""
    parts = [
        logistics(ground, wish, certificates, notes), transfer(ground, ferry, certificates),
        chargers(ground, ferry, certificates, notes), shared(ground, certificates),
    ]  # fmt: skip
    return [p for points, _ in parts for p in points], [v for _, serves in parts for v in serves]

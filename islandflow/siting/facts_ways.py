"""What every rule of the siting audit stands on: ways by road on a graph of its own, islands, rounding, amounts of people."""

from __future__ import annotations

import math
from collections.abc import Collection
from decimal import ROUND_HALF_UP, Decimal

import networkx as nx

from islandflow.ferry.plan import FerryPlan
from islandflow.scenario.entities import Scenario
from islandflow.siting.siteplan import SitePlan, SiteRow

DRIVEN, WALKED = ("logistics", "charger"), ("transfer", "shared")


class Ways:
    """Seconds by road between nodes, on a graph of our own; roads in ``upgraded`` at their speed after the upgrade."""

    def __init__(self, scenario: Scenario, upgraded: Collection[str] = ()) -> None:
        self.graphs = {True: nx.Graph(), False: nx.Graph()}
        pace = scenario.number("walk_km_h")
        for r in scenario.roads.values():
            driven = max(r.speed_km_h, r.upgrade_km_h) if r.road_id in upgraded else r.speed_km_h
            for on_foot, speed in ((True, pace), (False, driven)):
                if speed > 0:
                    cost = math.ceil(r.length_m * 3.6 / speed - 1e-9)
                    graph = self.graphs[on_foot]
                    if not graph.has_edge(r.from_node, r.to_node) or graph[r.from_node][r.to_node]["w"] > cost:
                        graph.add_edge(r.from_node, r.to_node, w=cost)
        self.known: dict[tuple[bool, str], dict[str, int]] = {}

    def between(self, a: str, b: str, on_foot: bool) -> int | None:
        """Seconds, None if there is no way."""
        if a == b:
            return 0
        key = (on_foot, b)
        if key not in self.known:
            graph = self.graphs[on_foot]
            self.known[key] = nx.single_source_dijkstra_path_length(graph, b, weight="w") if b in graph else {}
        return self.known[key].get(a)

    def nearest(self, a: str, nodes: Collection[str], on_foot: bool) -> int | None:
        """Seconds to the nearest of the nodes."""
        return min((d for n in nodes if (d := self.between(a, n, on_foot)) is not None), default=None)


class Facts:
    """A plan and what it is judged by: scenario, ferry plan (None = none was given), ways today and with the plan's roads upgraded."""

    def __init__(self, scenario: Scenario, plan: SitePlan, ferry: FerryPlan | None) -> None:
        self.scenario, self.plan, self.ferry = scenario, plan, ferry
        self.ways = Ways(scenario)
        upgraded = {u.road_id for u in plan.upgrades}
        self.better = Ways(scenario, upgraded) if upgraded else self.ways
        self.islands = {plan.island} if plan.island else {s.island_id for s in scenario.settlements.values()}
        self.homes = [s for s in scenario.settlements.values() if s.island_id in self.islands]
        self.status = {(s.kind, s.node): s.status for s in scenario.sites.values()}

    def points(self, kind: str) -> list[SiteRow]:
        """Points of a kind that serve the public; shore power does not."""
        return [p for p in self.plan.sites if p.kind == kind and "shore power" not in p.functions]

    def cars(self, people: int) -> float:
        """Cars that come to public chargers in the busiest hour."""
        s = self.scenario.number
        return people * s("cars_resident") * s("ev_share") * s("charges_ev_day") * s("charge_peak_share")

    def wanted(self, what: str, home: str) -> int:
        """Parcels, or trips in shared vehicles, of a settlement a day."""
        s = self.scenario.settlements[home]
        a, b = ("parcels_resident_day", "parcels_bed_day") if what == "parcels" else ("shared_trips_resident", "shared_trips_bed")
        return half_up(decimal(self.scenario.number(a)) * s.residents + decimal(self.scenario.number(b)) * s.beds)

    def covered(self, nodes: Collection[str], minutes: int, on_foot: bool) -> list[str]:
        """Settlements within so many minutes of the nearest of the nodes."""
        far = ((h.settlement_id, self.ways.nearest(h.settlement_id, nodes, on_foot)) for h in self.homes)
        return [h for h, d in far if d is not None and d <= minutes * 60]

    def residents(self, homes: Collection[str]) -> int:
        """Residents of settlements."""
        return sum(self.scenario.settlements[h].residents for h in homes)

    def circles(self) -> list[int]:
        """The thresholds."""
        return [int(m) for m in str(self.scenario.setting("circles_min")).split(";")]

    def middle(self) -> int:
        """The threshold in the middle."""
        return self.circles()[len(self.circles()) // 2]


def decimal(number: float) -> Decimal:
    """The decimal a person wrote."""
    return Decimal(repr(float(number)))


def half_up(number: Decimal) -> int:
    """Nearest whole number, a half goes up."""
    return int(number.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def fen_of(yuan: float) -> int:
    """Yuan to whole fen."""
    return half_up(decimal(yuan) * 100)

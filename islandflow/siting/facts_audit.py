"""Judges a plan of service points from the scenario alone: ways, amounts, sizes, money, circles and queues are all counted anew."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

import networkx as nx

from islandflow.scenario.entities import Scenario
from islandflow.siting.siteplan import SitePlan
from islandflow.violation import Violation

DRIVEN, WALKED = ("logistics", "charger"), ("transfer", "shared")


class Ways:
    """Seconds by road between nodes, on a graph of our own."""

    def __init__(self, scenario: Scenario) -> None:
        self.graphs = {True: nx.Graph(), False: nx.Graph()}
        pace = scenario.number("walk_km_h")
        for r in scenario.roads.values():
            for on_foot, speed in ((True, pace), (False, r.speed_km_h)):
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

    def nearest(self, a: str, nodes: set[str], on_foot: bool) -> int | None:
        """Seconds to the nearest of the nodes."""
        return min((d for n in nodes if (d := self.between(a, n, on_foot)) is not None), default=None)


def audit_sites(scenario: Scenario, plan: SitePlan) -> tuple[Violation, ...]:
    """All that is wrong with a plan; nothing here comes from the problem that was solved."""
    unknown = tuple(_unknown(scenario, plan))
    if unknown:
        return unknown
    ways = Ways(scenario)
    rules = (_places, _serves, _parcels, _sizes, _logistics_money, _circles, _queues, _stages, _upgrades)
    return tuple(v for rule in rules for v in rule(scenario, plan, ways))


def _unknown(scenario: Scenario, plan: SitePlan) -> Iterator[Violation]:
    """Ids that the scenario does not know: nothing else can be judged then."""
    named = (
        ("settlement", {*(v.settlement_id for v in plan.serves), *(c.settlement_id for c in plan.circles)} - set(scenario.settlements)),
        ("node", {p.node for p in plan.sites} - set(scenario.settlements) - set(scenario.ports)),
        ("road", {u.road_id for u in plan.upgrades} - set(scenario.roads)),
        ("island", ({plan.island} if plan.island else set()) - set(scenario.islands)),
    )
    for table, unknown in named:
        for name in sorted(unknown):
            yield Violation("unknown-id", name, 1, table, f"no {table} of this scenario", "方案中没有该编号")


def _islands(scenario: Scenario, plan: SitePlan) -> set[str]:
    return {plan.island} if plan.island else {s.island_id for s in scenario.settlements.values()}


def _places(scenario: Scenario, plan: SitePlan, ways: Ways) -> Iterator[Violation]:
    """A point stands at a settlement or port, on its island, where it is not forbidden; those that exist stay."""
    status = {(s.kind, s.node): s.status for s in scenario.sites.values()}
    where = {p.port_id: p.island_id for p in scenario.ports.values()} | {
        s.settlement_id: s.island_id for s in scenario.settlements.values()
    }
    for p in plan.sites:
        if where.get(p.node) != p.island_id:
            yield Violation("site-place", f"{p.kind} {p.node}", 1, "site", f"is not on {p.island_id}", "不在所写岛上")
        if status.get((p.kind, p.node)) == "forbidden":
            yield Violation("forbidden-site", f"{p.kind} {p.node}", 1, "site", "the scenario forbids it", "方案禁止")
    stands = {(p.kind, p.node) for p in plan.sites}
    for (kind, node), what in status.items():
        if what == "existing" and where[node] in _islands(scenario, plan) and (kind, node) not in stands:
            yield Violation("existing-site-lost", f"{kind} {node}", 1, "site", "stands today and is not in the plan", "现有点未保留")


def _serves(scenario: Scenario, plan: SitePlan, ways: Ways) -> Iterator[Violation]:
    """Who is served is served by a point of the plan, over the shortest way, inside the promised minutes where a road allows it."""
    points = defaultdict(set)
    for p in plan.sites:
        points[p.kind].add(p.node)
    limits = {"logistics": scenario.whole("door_min"), "transfer": scenario.whole("transfer_walk_min"), "shared": scenario.whole("transfer_walk_min"),
              "charger": scenario.whole("charger_drive_min")}  # fmt: skip
    forbidden = {(s.kind, s.node) for s in scenario.sites.values() if s.status == "forbidden"}
    everywhere = [*scenario.settlements, *scenario.ports]
    for v in plan.serves:
        at = f"{v.kind} {v.settlement_id}"
        if v.node not in points[v.kind]:
            yield Violation("served-by-no-point", at, v.amount, "unit", f"{v.node} is no point of the plan", "不是方案内的点")
            continue
        real = ways.between(v.settlement_id, v.node, v.kind in WALKED)
        if real is None or real != v.seconds:
            yield Violation("way", at, abs((real or 0) - v.seconds), "s", f"{v.node}: {real} s by road", f"{v.node}:道路用时 {real} 秒")
            continue
        over = real - limits[v.kind] * 60
        if over > 0:
            possible = ways.nearest(v.settlement_id, {n for n in everywhere if (v.kind, n) not in forbidden}, False)
            if v.kind != "logistics" or (possible is not None and possible <= limits[v.kind] * 60):
                yield Violation("too-far", at, over, "s", f"more than {limits[v.kind]} min", f"超过 {limits[v.kind]} 分钟")


def _half_up(number: Decimal) -> int:
    return int(number.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _wanted(scenario: Scenario, name: str, home: str) -> int:
    """Parcels (or trips in shared vehicles) of a settlement a day."""
    s = scenario.settlements[home]
    a, b = ("parcels_resident_day", "parcels_bed_day") if name == "parcels" else ("shared_trips_resident", "shared_trips_bed")
    return _half_up(Decimal(repr(float(scenario.number(a)))) * s.residents + Decimal(repr(float(scenario.number(b)))) * s.beds)


def _parcels(scenario: Scenario, plan: SitePlan, ways: Ways) -> Iterator[Violation]:
    """Every parcel of every settlement on a road is served, none twice."""
    if not any(p.kind == "logistics" for p in plan.sites):
        return
    given: dict[str, int] = defaultdict(int)
    for v in plan.serves:
        if v.kind == "logistics":
            given[v.settlement_id] += v.amount
    open_nodes = set(scenario.settlements) | set(scenario.ports)
    for s in scenario.settlements.values():
        if s.island_id in _islands(scenario, plan):
            wanted = _wanted(scenario, "parcels", s.settlement_id) if ways.nearest(s.settlement_id, open_nodes, False) is not None else 0
            if given[s.settlement_id] != wanted:
                yield Violation(
                    "parcels", s.settlement_id, abs(wanted - given[s.settlement_id]), "parcel", f"{wanted} are wanted", f"需求 {wanted} 件"
                )


def _sizes(scenario: Scenario, plan: SitePlan, ways: Ways) -> Iterator[Violation]:
    """A point's load is what it serves; a logistics point's is within its capacity."""
    load: dict[tuple[str, str], int] = defaultdict(int)
    for v in plan.serves:
        load[v.kind, v.node] += v.amount
    for p in plan.sites:
        if "shore power" in p.functions:
            continue
        if p.kind != "charger" and load[p.kind, p.node] != p.load:
            yield Violation(
                "load",
                f"{p.kind} {p.node}",
                abs(load[p.kind, p.node] - p.load),
                "unit",
                f"serves {load[p.kind, p.node]}",
                f"实际服务 {load[p.kind, p.node]}",
            )
        if p.kind == "logistics" and p.load > p.capacity:
            yield Violation("capacity", p.node, p.load - p.capacity, "parcel", f"holds {p.capacity}", f"容量 {p.capacity}")
        if p.kind == "shared":
            vehicles = -(-p.load // scenario.whole("shared_turnover"))
            if p.vehicles < vehicles or p.docks < p.vehicles:
                yield Violation(
                    "shared-vehicles", p.node, vehicles - p.vehicles, "vehicle", f"{vehicles} are needed", f"需要 {vehicles} 辆"
                )


def _logistics_money(scenario: Scenario, plan: SitePlan, ways: Ways) -> Iterator[Violation]:
    """A point costs its base and its size; the certified objective is points plus last mile."""
    sizes = {int(a): int(b) for a, _, b in (part.partition(":") for part in str(scenario.setting("point_sizes")).split(";"))}
    base = scenario.whole("point_cny_year")
    total = 0
    for p in plan.sites:
        if p.kind == "logistics":
            real = 100 * (base + sizes.get(p.capacity, 0))
            total += real
            if p.capacity not in sizes or p.cost_fen != real:
                yield Violation("cost", p.node, abs(p.cost_fen - real), "fen", f"costs {real} fen a year", f"年费 {real} 分")
    each = round(scenario.number("door_cny_parcel_min") * 100 * 365 / 60)
    total += sum(v.amount * v.seconds * each for v in plan.serves if v.kind == "logistics")
    for c in plan.certificates:
        if c.part == "logistics" and c.objective is not None and c.objective != total:
            yield Violation("objective", "logistics", abs(c.objective - total), "fen", f"comes to {total} fen a year", f"实为 {total} 分")
        if c.objective is not None and c.bound is not None and c.status == "optimal" and c.objective != c.bound:
            yield Violation(
                "claim", c.part, abs(c.objective - c.bound), "unit", "called optimal, but plan and bound differ", "称最优,但方案与下界不等"
            )


def _circles(scenario: Scenario, plan: SitePlan, ways: Ways) -> Iterator[Violation]:
    """Circles before and after, from the points alone, for every settlement and threshold."""
    wanted = {(k, s.settlement_id, int(m)) for k in (*DRIVEN, *WALKED) for s in scenario.settlements.values() if s.island_id in _islands(scenario, plan)
              for m in str(scenario.setting("circles_min")).split(";")}  # fmt: skip
    given = {(c.kind, c.settlement_id, c.minutes) for c in plan.circles}
    for kind, home, minutes in sorted(wanted ^ given):
        yield Violation("circle-missing", f"{kind} {home} {minutes}", 1, "row", "rows do not fit the settlements", "行与居民点不符")
    sets = {(kind, after): {p.node for p in plan.sites if p.kind == kind and "shore power" not in p.functions and (after or p.status == "existing")}
            for kind in (*DRIVEN, *WALKED) for after in (False, True)}  # fmt: skip
    for c in plan.circles:
        for after, inside, told in ((False, c.before, c.seconds_before), (True, c.after, c.seconds_after)):
            real = ways.nearest(c.settlement_id, sets[c.kind, after], c.kind in WALKED)
            if (-1 if real is None else real) != told or inside != (real is not None and real <= c.minutes * 60):
                yield Violation(
                    "circle",
                    f"{c.kind} {c.settlement_id} {c.minutes} min",
                    c.residents,
                    "person",
                    f"nearest point {real} s",
                    f"最近点 {real} 秒",
                )
        if c.residents != scenario.settlements[c.settlement_id].residents:
            yield Violation("beneficiaries", c.settlement_id, abs(c.residents - scenario.settlements[c.settlement_id].residents), "person")


def _queues(scenario: Scenario, plan: SitePlan, ways: Ways) -> Iterator[Violation]:
    """Public chargers keep the promised mean wait (the sum form of Erlang C)."""
    s = scenario.number
    people: dict[str, int] = defaultdict(int)
    for v in plan.serves:
        if v.kind == "charger":
            people[v.node] += scenario.settlements[v.settlement_id].residents
    for p in plan.sites:
        if p.kind == "charger" and "public" in p.functions:
            arrivals = people[p.node] * s("cars_resident") * s("ev_share") * s("charges_ev_day") * s("charge_peak_share")
            load = arrivals * scenario.whole("charge_min") / 60
            if p.chargers <= load:
                yield Violation(
                    "charger-queue", p.node, math.ceil(load - p.chargers), "charger", "the queue grows for ever", "排队无限增长"
                )
                continue
            tail = load**p.chargers / math.factorial(p.chargers) * p.chargers / (p.chargers - load)
            wait = (
                tail
                / (sum(load**k / math.factorial(k) for k in range(p.chargers)) + tail)
                * scenario.whole("charge_min")
                / (p.chargers - load)
            )
            if wait > scenario.whole("charger_wait_min") + 1e-6:
                yield Violation("charger-wait", p.node, math.ceil(wait), "min", f"mean wait {wait:.1f} min", f"平均等待 {wait:.1f} 分钟")


def _stages(scenario: Scenario, plan: SitePlan, ways: Ways) -> Iterator[Violation]:
    """What stands today is of year 0; everything else belongs to a stage."""
    years = {int(y) for y in str(scenario.setting("stage_years")).split(";")}
    for p in plan.sites:
        if (p.status == "existing") != (p.year == 0) or (p.year and p.year not in years):
            yield Violation("stage", f"{p.kind} {p.node}", p.year, "year", "is no stage", "不是分期年份")


def _upgrades(scenario: Scenario, plan: SitePlan, ways: Ways) -> Iterator[Violation]:
    """Upgrades keep each island's budget and cost what the road says."""
    spent: dict[str, int] = defaultdict(int)
    for u in plan.upgrades:
        real = _half_up(Decimal(repr(float(scenario.roads[u.road_id].upgrade_cost_yuan))) * 100)
        spent[u.island_id] += real
        if real != u.cost_fen:
            yield Violation("upgrade-cost", u.road_id, abs(real - u.cost_fen), "fen")
    for island, fen in spent.items():
        over = fen - round(scenario.number("upgrade_budget_cny") * 100)
        if over > 0:
            yield Violation("upgrade-budget", island, over, "fen", "above the budget", "超过预算")

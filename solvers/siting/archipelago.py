"""All service points of an island or the archipelago: logistics, transfer, chargers, shared vehicles, roads, stages."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise

import numpy as np

from islandflow.ferry.plan import FerryPlan
from islandflow.scenario.entities import Scenario
from islandflow.siting import needs, promise
from islandflow.siting.lists import DistanceLists, IntArray, lists_from_rows
from islandflow.siting.network import node_lists, road_net
from islandflow.siting.problem import SitingProblem
from islandflow.siting.queue import chargers_needed, most_at_once
from islandflow.siting.siteplan import Certificate, ServeRow, SitePlan, SiteRow
from islandflow.siting.wish import SiteWish
from islandflow.units import fen
from solvers.siting.circles import circle_rows, curve, improve_roads
from solvers.siting.contract import SitingResult, SitingSettings
from solvers.siting.ground import Ground, middle, nearest_seconds
from solvers.siting.methods import solve_siting

DAYS = 365
Notes = list[tuple[str, str]]
Tell = Callable[[Certificate], None]


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


def plan_sites(scenario: Scenario, wish: SiteWish, ferry: FerryPlan | None, settings: SitingSettings, tell: Tell | None = None) -> SitePlan:
    """The plan that a wish asks for. BadInput if there is nobody to serve or a setting cannot be read.

    ``tell`` hears each part as it is settled.
    """
    homes = needs.homes_of(scenario, wish.island)
    ground = Ground(scenario, road_net(scenario), homes, {h.island_id for h in homes}, settings)
    certificates = Certificates(tell)
    notes: Notes = []
    points, serves = logistics(ground, certificates, notes)
    points = stage(ground, points, certificates)
    more, served = transfer(ground, ferry, certificates)
    points, serves = points + more, serves + served
    more, served = chargers(ground, certificates, notes)
    points, serves = points + more, serves + served
    points += shore_power(ground, ferry)
    more, served = shared(ground, certificates)
    points, serves = points + more, serves + served
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
        _deck(ground, ferry, notes)
    upgrades = improve_roads(ground, points)
    return SitePlan(
        wish.island, tuple(points), tuple(serves), tuple(circle_rows(ground, points)), tuple(upgrades), tuple(promised),
        tuple(curve(ground)), tuple(certificates), tuple(notes), wish,
    )  # fmt: skip


def _certify(certificates: Certificates, part: str, result: SitingResult, note: str = "") -> None:
    certificates.append(Certificate(part, result.status, result.objective, result.bound, result.gap, note or result.reason))


def logistics(ground: Ground, certificates: Certificates, notes: Notes) -> tuple[list[SiteRow], list[ServeRow]]:
    """Points, sizes and who is served where, at least yearly cost, everyone inside ``door_min`` where a road allows it."""
    s, found = ground.scenario, needs.candidates(ground.scenario, "logistics", ground.islands)
    nodes = list(found.nodes)
    weight = np.array([needs.parcels(s, h) for h in ground.homes], dtype=np.int64)
    secs = node_lists(ground.net, ground.names, nodes)
    limit = s.whole("door_min") * 60
    open_to_all = np.array([n not in found.forbidden for n in nodes])
    near = nearest_seconds(secs, open_to_all)
    lost = [h for h, d, w in zip(ground.homes, near, weight, strict=True) if w and d > limit]
    for h in lost:
        notes.append(
            (
                f"{h.settlement_id} {h.name_en}: no point can be within {limit // 60} min by road",
                f"{h.name_zh}:道路条件下无法在 {limit // 60} 分钟内到户",
            )
        )
    # those beyond the limit are served all the same, by what is nearest; those on no road cannot be
    cost = fen_a_second(s)
    rows: list[tuple[IntArray, IntArray]] = []
    for i in range(len(ground.homes)):
        sites, d = secs.at(i)
        keep = d <= max(limit, near[i] if np.isfinite(near[i]) else 0)
        rows.append((sites[keep], d[keep] * cost))
    weight = np.where(np.isfinite(near), weight, 0)
    base = fen(s.whole("point_cny_year"))
    problem = SitingProblem(
        lists_from_rows(rows, len(nodes)), weight, "charge", site_cost=np.full(len(nodes), base), sizes=needs.sizes(s),
        existing=frozenset(nodes.index(n) for n in found.existing), forbidden=frozenset(nodes.index(n) for n in found.forbidden),
    )  # fmt: skip
    result = solve_siting(problem, ground.spend(0.5))
    _certify(certificates, "logistics", result)
    if result.plan is None:
        notes.append((f"logistics: {result.reason or result.status}", f"物流点:{result.reason_zh or result.status}"))
        return [], []
    plan, served, points = result.plan, [], []
    load: dict[int, int] = defaultdict(int)
    for i, j, amount in plan.split:
        load[j] += amount
        served.append(ServeRow("logistics", ground.names[i], nodes[j], int(_at(secs, i, j)), amount))
    for j, k in zip(plan.opened, plan.size, strict=True):
        size = problem.sizes[k]
        status = "existing" if j in problem.existing else "new"
        points.append(
            SiteRow("logistics", nodes[j], ground.island_of(nodes[j]), status, 0, size.capacity, load[j], cost_fen=base + size.cost)
        )
    return [equipped(ground, p, points) for p in points], served


def fen_a_second(s: Scenario) -> int:
    """Fen a year for one parcel a day, per second of driving."""
    return round(s.number("door_cny_parcel_min") * 100 * DAYS / 60)


def _at(lists: DistanceLists, client: int, site: int) -> int:
    sites, d = lists.at(client)
    return int(d[sites == site][0])


def equipped(ground: Ground, point: SiteRow, points: Iterable[SiteRow]) -> SiteRow:
    """What a logistics point does, by the settings' thresholds; staff and vehicles for its load."""
    s = ground.scenario
    functions = ["pick-up", "sending"]
    if point.load >= s.whole("lockers_from_parcels"):
        functions.append("lockers")
    quays = [p.port_id for p in s.ports.values() if p.island_id == point.island_id and p.port_id in ground.net.number]
    if quays and nearest_seconds(node_lists(ground.net, [point.node], quays))[0] <= s.whole("cold_chain_quay_min") * 60:
        functions.append("cold-chain")
    mine = [p for p in points if p.island_id == point.island_id]
    stock = 0
    if point == max(mine, key=lambda p: (p.load, p.node)):
        functions.append("emergency-stock")
        stock = math.ceil(s.number("emergency_kg_resident") * sum(h.residents for h in ground.homes if h.island_id == point.island_id))
    staff = max(1, -(-point.load // s.whole("parcels_per_staff")))
    return replace(point, functions=tuple(functions), staff=staff, vehicles=-(-point.load // s.whole("parcels_per_van")), stock_kg=stock)


def stage(ground: Ground, points: list[SiteRow], certificates: Certificates) -> list[SiteRow]:
    """In which year each new point is built: each stage adds to the one before, most people into the middle circle first."""
    new = [p.node for p in points if p.status == "new"]
    years = needs.stages(ground.scenario)
    if not new:
        return points
    nodes = [p.node for p in points]
    radius = middle(ground) * 60
    lists = node_lists(ground.net, ground.names, nodes)
    weight = np.array([h.residents for h in ground.homes], dtype=np.int64)
    built = {k for k, p in enumerate(points) if p.status == "existing"}
    year = dict.fromkeys(built, 0)
    for n, when in enumerate(years, start=1):
        count = len(nodes) - len(new) + -(-len(new) * n // len(years))
        result = solve_siting(SitingProblem(lists, weight, "cover-most", count, radius, existing=frozenset(built)), ground.spend(0.03))
        _certify(certificates, f"stage {when}", result)
        chosen = set(result.plan.opened) if result.plan else set()
        rest = sorted(set(range(len(nodes))) - chosen - built, key=lambda k: (-points[k].load, k))
        chosen = (chosen | built) | set(rest[: max(0, count - len(chosen | built))])
        for k in chosen - built:
            year[k] = when
        built |= chosen
    return [replace(p, year=year.get(k, years[-1])) for k, p in enumerate(points)]


def transfer(ground: Ground, ferry: FerryPlan | None, certificates: Certificates) -> tuple[list[SiteRow], list[ServeRow]]:
    """Bus–boat transfer points: every quay in use, and the stops that bring most people (the old count more) within a walk."""
    s = ground.scenario
    quays = [p for p in sorted({c for line in s.lines.values() for c in line.calls}) if s.ports[p].island_id in ground.islands]
    points, serves = _covering(
        ground, "transfer", frozenset(quays), s.whole("transfer_points"), s.whole("transfer_walk_min"), True, certificates
    )
    done = []
    for p in points:
        spaces = promise.pickup_spaces(s, ferry, p.node) if ferry is not None and p.node in s.ports else 0
        functions = ("interchange", "shelter", *(("quay",) if p.node in s.ports else ()), *(("pick-up parking",) if spaces else ()))
        done.append(replace(p, functions=functions, parking=spaces))
    return done, serves


def _weight(ground: Ground, kind: str) -> IntArray:
    s = ground.scenario
    if kind == "shared":
        return np.array([needs.shared_trips(s, h) for h in ground.homes], dtype=np.int64)
    extra = s.whole("elderly_weight") - 1 if kind == "transfer" else 0
    return np.array([h.residents + extra * needs.old_people(h) for h in ground.homes], dtype=np.int64)


def _covering(
    ground: Ground, kind: str, standing: frozenset[str], more: int, minutes: int, on_foot: bool, certificates: Certificates
) -> tuple[list[SiteRow], list[ServeRow]]:
    """Island by island: what stands, and at most ``more`` new points that reach most weight within ``minutes``."""
    points: list[SiteRow] = []
    serves: list[ServeRow] = []
    weight = _weight(ground, kind)
    for island in sorted(ground.islands):
        found = needs.candidates(ground.scenario, kind, {island})
        nodes = list(dict.fromkeys([*found.nodes, *(n for n in standing if ground.island_of(n) == island)]))
        fixed = frozenset(nodes.index(n) for n in nodes if n in standing or n in found.existing)
        homes = [i for i, h in enumerate(ground.homes) if h.island_id == island]
        lists = node_lists(ground.net, [ground.names[i] for i in homes], nodes, on_foot)
        problem = SitingProblem(
            lists,
            weight[homes],
            "cover-most",
            len(fixed) + more,
            minutes * 60,
            existing=fixed,
            forbidden=frozenset(nodes.index(n) for n in found.forbidden) - fixed,
        )
        result = solve_siting(problem, ground.spend(0.01))
        _certify(certificates, f"{kind} {island}", result)
        if result.plan is None:
            continue
        used = set(result.plan.serves.tolist())
        for j in result.plan.opened:
            if j in fixed or j in used:
                points.append(
                    SiteRow(
                        kind, nodes[j], island, "existing" if j in fixed else "new", 0 if j in fixed else needs.stages(ground.scenario)[0]
                    )
                )
        for i, j in enumerate(result.plan.serves.tolist()):
            if j >= 0 and weight[homes[i]]:
                home = ground.homes[homes[i]]
                amount = home.residents if kind == "transfer" else int(weight[homes[i]])
                serves.append(ServeRow(kind, home.settlement_id, nodes[j], _at(lists, i, j), amount))
    return [replace(p, load=sum(v.amount for v in serves if v.node == p.node)) for p in points], serves


def chargers(ground: Ground, certificates: Certificates, notes: Notes) -> tuple[list[SiteRow], list[ServeRow]]:
    """Fewest charging sites within ``charger_drive_min`` of everyone a road reaches; chargers by the queue; the grid's limit is told."""
    s = ground.scenario
    points: list[SiteRow] = []
    serves: list[ServeRow] = []
    radius = s.whole("charger_drive_min") * 60
    for island in sorted(ground.islands):
        found = needs.candidates(s, "charger", {island})
        nodes = [n for n in found.nodes if n not in found.forbidden]
        homes = [h for h in ground.homes if h.island_id == island]
        lists = node_lists(ground.net, [h.settlement_id for h in homes], nodes)
        reachable = nearest_seconds(lists) <= radius
        weight = np.array([h.residents for h in homes], dtype=np.int64) * reachable
        result = solve_siting(SitingProblem(lists, weight, "cover-all", radius=radius), ground.spend(0.01))
        _certify(certificates, f"charger {island}", result)
        if result.plan is None or not weight.any():
            continue
        spare = int(s.number("grid_kw_resident") * int(weight.sum()))
        wanted = 0
        for j in result.plan.opened:
            mine = [i for i in range(len(homes)) if result.plan.serves[i] == j and weight[i]]
            people = sum(homes[i].residents for i in mine)
            arrivals = needs.charges_in_peak_hour(s, people)
            count = chargers_needed(arrivals, s.whole("charge_min"), s.whole("charger_wait_min"))
            power = math.ceil(count * s.number("charger_kw"))
            wanted += power
            serves += [
                ServeRow(
                    "charger",
                    homes[i].settlement_id,
                    nodes[j],
                    _at(lists, i, j),
                    round(100 * needs.charges_in_peak_hour(s, homes[i].residents)),
                )
                for i in mine
            ]
            points.append(SiteRow("charger", nodes[j], island, "new", needs.stages(s)[0], load=round(100 * arrivals), functions=("public",), chargers=count,
                                  power_kw=power, cost_fen=fen(count * s.whole("charger_cny_year"))))  # fmt: skip
        if wanted > spare:
            notes.append((f"{s.islands[island].name_en}: chargers draw {wanted} kW at most, the grid spares {spare} kW: they must be throttled or the grid raised",
                          f"{s.islands[island].name_zh}:充电最大 {wanted} kW,电网余量 {spare} kW,须限功率或增容"))  # fmt: skip
    return points, serves


def shore_power(ground: Ground, ferry: FerryPlan | None) -> list[SiteRow]:
    """Power at quays for battery vessels: what those alongside at once, and overnight, may draw."""
    if ferry is None:
        return []
    s, at = ground.scenario, defaultdict(list)
    for rotation in ferry.rotations:
        fleet = s.vessel_fleet(rotation.vessel)
        if fleet.battery_kwh <= 0:
            continue
        trips = rotation.sailings
        for earlier, later in pairwise(trips):
            at[earlier.ports[-1]].append((earlier.arrives, later.departs, math.ceil(s.ports[earlier.ports[-1]].charging_kw)))
        at[trips[-1].ports[-1]].append((trips[-1].arrives, 24 * 60 + trips[0].departs, math.ceil(s.ports[trips[-1].ports[-1]].charging_kw)))
    rows = []
    for port, stays in sorted(at.items()):
        power = most_at_once(stays)
        if power and s.ports[port].island_id in ground.islands:
            rows.append(SiteRow("charger", port, s.ports[port].island_id, "existing", 0, functions=("shore power",), power_kw=power))
    return rows


def shared(ground: Ground, certificates: Certificates) -> tuple[list[SiteRow], list[ServeRow]]:
    """Stations of shared vehicles within a walk of most trips; vehicles for their trips, docks for their vehicles."""
    s = ground.scenario
    points, serves = _covering(ground, "shared", frozenset(), s.whole("shared_points"), s.whole("transfer_walk_min"), True, certificates)
    done = []
    for p in points:
        vehicles = -(-p.load // s.whole("shared_turnover"))
        done.append(
            replace(
                p,
                functions=("shared vehicles",),
                vehicles=vehicles,
                docks=math.ceil(vehicles * s.number("shared_docks_per_vehicle") - 1e-9),
            )
        )
    return done, serves


def drives(ground: Ground, serves: list[ServeRow]) -> dict[str, dict[str, int]]:
    """Seconds from each quay over the settlement's main logistics point to its door."""
    s = ground.scenario
    quays = [p for p in s.ports if s.ports[p].island_id in ground.islands]
    main: dict[str, ServeRow] = {}
    for v in serves:
        if v.kind == "logistics" and v.amount > getattr(main.get(v.settlement_id), "amount", 0):
            main[v.settlement_id] = v
    points = sorted({v.node for v in main.values()})
    lists = node_lists(ground.net, points, quays)
    way = {p: {quays[j]: int(d) for j, d in zip(*lists.at(k), strict=True)} for k, p in enumerate(points)}
    return {h: {q: d + v.seconds for q, d in way[v.node].items()} for h, v in sorted(main.items())}


def _deck(ground: Ground, ferry: FerryPlan, notes: Notes) -> None:
    """Whether the day's boats can carry the parcels of an island."""
    room = promise.deck_parcels(ground.scenario, ferry)
    for island in sorted(ground.islands):
        wanted = sum(needs.parcels(ground.scenario, h) for h in ground.homes if h.island_id == island)
        can = sum(v for p, v in room.items() if ground.scenario.ports[p].island_id == island)
        if can < wanted:
            name = ground.scenario.islands[island]
            notes.append(
                (
                    f"{name.name_en}: {wanted} parcels a day, the plan's boats have space for {can} (cargo space and vehicle places as recorded)",
                    f"{name.name_zh}:日均包裹 {wanted} 件,船舶可载 {can} 件(按所录货舱与车位)",
                )
            )

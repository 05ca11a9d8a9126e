"""Logistics points: sizes and who is served where at least cost, or for the worst-off island or season first; functions, staff, deck."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from islandflow.errors import BadInput, Fault
from islandflow.ferry.plan import FerryPlan
from islandflow.result import Status
from islandflow.scenario.entities import Scenario
from islandflow.siting import needs, promise
from islandflow.siting.lists import DistanceLists, IntArray, lists_from_rows
from islandflow.siting.network import node_lists
from islandflow.siting.problem import SitingProblem
from islandflow.siting.siteplan import Certificate, ServeRow, SiteRow
from islandflow.siting.wish import SiteWish
from islandflow.units import fen
from solvers.siting.contract import SitingResult
from solvers.siting.fair import worst_share
from solvers.siting.ground import Certificates, Ground, Notes, middle, nearest_seconds, way
from solvers.siting.methods import solve_siting

Points = tuple[list[SiteRow], list[ServeRow]]


def logistics(ground: Ground, wish: SiteWish, certificates: Certificates, notes: Notes) -> Points:
    """Points, sizes and who is served where; everyone inside ``door_min`` where a road allows it."""
    found = needs.candidates(ground.scenario, "logistics", ground.islands)
    nodes = [n for n in found.nodes if n not in found.forbidden]
    _tell_lost(ground, nodes, notes)
    _refuse_fewer_than_stand(wish, len(found.existing))
    if wish.goal == "cost":
        points, serves, result = cheapest(ground, nodes, found.existing, wish.points)
        certificates.certify("logistics", result)
    else:
        points, serves = _fair(ground, wish, nodes, found.existing, certificates, notes)
        if not points:
            return [], []
    if not points:
        notes.append((f"logistics: {result.reason or result.status}", f"物流点:{result.reason_zh or result.status}"))
        return [], []
    return [equipped(ground, p, points) for p in points], serves


def _refuse_fewer_than_stand(wish: SiteWish, standing: int) -> None:
    """BadInput if fewer points are wished for than stand today: those always stay."""
    if 0 < wish.points < standing:
        words = (f"is below the {standing} points that stand today and stay", f"少于现有并保留的 {standing} 个点")
        raise BadInput([Fault("site", 0, "points", str(wish.points), *words, f"write {standing} or more", f"请写 {standing} 或更大")])


def parcels_reachable(ground: Ground, secs: DistanceLists) -> IntArray:
    """Parcels a day of each settlement; 0 for one that no road joins to a candidate."""
    weight = np.array([needs.parcels(ground.scenario, h) for h in ground.homes], dtype=np.int64)
    return np.where(np.isfinite(nearest_seconds(secs)), weight, 0)


def _tell_lost(ground: Ground, nodes: Sequence[str], notes: Notes) -> None:
    limit = ground.scenario.whole("door_min")
    near = nearest_seconds(node_lists(ground.net, ground.names, nodes))
    for h, d in zip(ground.homes, near, strict=True):
        if needs.parcels(ground.scenario, h) and d > limit * 60:
            notes.append(
                (
                    f"{h.settlement_id} {h.name_en}: no point can be within {limit} min by road",
                    f"{h.name_zh}:道路条件下无法在 {limit} 分钟内到户",
                )
            )


def cheapest(
    ground: Ground, nodes: Sequence[str], standing: Iterable[str], most: int, reach: Sequence[str] = (), budget: int = 0
) -> tuple[list[SiteRow], list[ServeRow], SitingResult]:
    """Least yearly cost of points, sizes and last mile among ``nodes``.

    budget: fen a year that the points may cost (0 = no limit). Those beyond the limit of every node of ``reach`` (``nodes``, if not said) are served all the same, by what is nearest.
    """
    s = ground.scenario
    secs = node_lists(ground.net, ground.names, nodes)
    weight = parcels_reachable(ground, node_lists(ground.net, ground.names, reach or nodes))
    limit, cost = s.whole("door_min") * 60, fen_a_second(s)
    near = nearest_seconds(secs)
    rows: list[tuple[IntArray, IntArray]] = []
    for i in range(len(ground.homes)):
        sites, d = secs.at(i)
        keep = d <= max(limit, near[i] if np.isfinite(near[i]) else 0)
        rows.append((sites[keep], d[keep] * cost))
    base = fen(s.whole("point_cny_year"))
    fixed = frozenset(nodes.index(n) for n in standing)
    problem = SitingProblem(
        lists_from_rows(rows, len(nodes)), weight, "charge", most, site_cost=np.full(len(nodes), base),
        sizes=needs.sizes(s), existing=fixed, budget=budget,
    )  # fmt: skip
    result = solve_siting(problem, ground.spend(0.5))
    if result.plan is None:
        return [], [], result
    plan, served, points = result.plan, [], []
    load: dict[int, int] = defaultdict(int)
    for i, j, amount in plan.split:
        load[j] += amount
        served.append(ServeRow("logistics", ground.names[i], nodes[j], way(secs, i, j), amount))
    for j, k in zip(plan.opened, plan.size, strict=True):
        size = problem.sizes[k]
        status = "existing" if j in fixed else "new"
        points.append(
            SiteRow("logistics", nodes[j], ground.island_of(nodes[j]), status, 0, size.capacity, load[j], cost_fen=base + size.cost)
        )
    return points, served, result


def _fair(ground: Ground, wish: SiteWish, nodes: list[str], standing: frozenset[str], certificates: Certificates, notes: Notes) -> Points:
    """The worst-off island or season first: which points, proven; then sizes and flows at least cost among these."""
    s = ground.scenario
    most = wish.points or len(cheapest(ground, nodes, standing, 0)[0])
    secs = node_lists(ground.net, ground.names, nodes)
    views, weight = views_of(ground, wish)
    limit = s.whole("door_min") * 60
    # whom no point can reach in time cannot be inside the circle either; they are served by what is nearest
    far = nearest_seconds(secs) > limit
    problem = SitingProblem(
        secs, np.where(far, 0, weight), "cover-most", most, middle(ground) * 60,
        existing=frozenset(nodes.index(n) for n in standing), views=views, worst=limit,
    )  # fmt: skip
    result = solve_siting(problem, ground.spend(0.4))
    part = wish.goal.replace("-", " ")
    if result.plan is None:
        certificates.certify(part, result)
        notes.append((f"logistics: {result.reason or result.status}", f"物流点:{result.reason_zh or result.status}"))
        return [], []
    _, bound, _ = worst_share(problem, ground.spend(0.1).clock())
    covered = result.plan.serves >= 0
    worst = min((10_000 * int(v[covered].sum()) // int(v.sum()) for v in views if v.sum()), default=10_000)
    most_of_worst = max(worst, math.floor(10_000 * bound + 1e-6))
    status: Status = "optimal" if worst == most_of_worst else "feasible"
    gap = (most_of_worst - worst) / worst if worst else (0.0 if worst == most_of_worst else None)
    certificates.append(Certificate(part, status, worst, most_of_worst, gap, "share of the worst-off inside, 1/10000"))
    certificates.certify("people inside", result, f"at most {most} points")
    chosen = [nodes[j] for j in result.plan.opened]
    points, serves, sized = cheapest(ground, chosen, chosen, 0, nodes)
    certificates.certify("logistics", sized, "the chosen points alone")
    if not points:
        notes.append((f"logistics: {sized.reason or sized.status}", f"物流点:{sized.reason_zh or sized.status}"))
    return [replace(p, status="existing" if p.node in standing else "new") for p in points], serves


def views_of(ground: Ground, wish: SiteWish) -> tuple[IntArray, IntArray]:
    """(views, settlements) people by island or by season, and the weight of what counts after the worst-off: residents, or people and days."""
    residents = np.array([h.residents for h in ground.homes], dtype=np.int64)
    if wish.goal == "worst-island":
        islands = sorted(ground.islands)
        here = np.array([h.island_id for h in ground.homes])
        return np.array([residents * (here == i) for i in islands]), residents
    seasons = needs.seasons(ground.scenario)
    views = np.array([[needs.people_in(season, h) for h in ground.homes] for season in seasons], dtype=np.int64)
    return views, (views * np.array([[season.days] for season in seasons])).sum(axis=0)


def fen_a_second(s: Scenario) -> int:
    """Fen a year for one parcel a day, per second of driving."""
    return round(s.number("door_cny_parcel_min") * 100 * 365 / 60)


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


def tell_deck(ground: Ground, ferry: FerryPlan, notes: Notes) -> None:
    """Whether the day's boats can carry the parcels of an island."""
    room = promise.deck_parcels(ground.scenario, ferry)
    for island in sorted(ground.islands):
        wanted = sum(needs.parcels(ground.scenario, h) for h in ground.homes if h.island_id == island)
        can = sum(v for p, v in room.items() if ground.scenario.ports[p].island_id == island)
        if can < wanted:
            name = ground.scenario.islands[island]
            notes.append(
                (
                    f"{name.name_en}: {wanted:,} parcels a day, the plan's boats have space for {can:,} (cargo space and vehicle places as recorded)",
                    f"{name.name_zh}:日均包裹 {wanted:,} 件,船舶可载 {can:,} 件(按所录货舱与车位)",
                )
            )

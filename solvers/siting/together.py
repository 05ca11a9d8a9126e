"""Several kinds of point under one yearly budget: one model with sizes, most residents served, proven by HiGHS.

Every parcel must be served, as it is without a budget; what is left goes to whatever kind brings most residents inside its reach.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np

from islandflow.ferry.plan import FerryPlan
from islandflow.result import Status
from islandflow.siting import needs
from islandflow.siting.lists import DistanceLists, IntArray
from islandflow.siting.network import node_lists
from islandflow.siting.power import grid_spares, vessels_by_island
from islandflow.siting.queue import mean_wait
from islandflow.siting.siteplan import Certificate, ServeRow, SiteRow
from islandflow.siting.wish import SiteWish
from islandflow.units import fen
from solvers.siting.charging import charging_site
from solvers.siting.ground import Certificates, Ground, Notes, middle, nearest_seconds, way
from solvers.siting.logistics import Points, cheapest, equipped, parcels_reachable
from solvers.siting.rows import Outcome, Rows
from solvers.siting.walked import quays_in_use, with_interchange, with_vehicles

STEPS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128)  # numbers of chargers that a site may have


@dataclass
class Kind:
    """A kind of point in the model: its nodes, which stand, ways; columns of open sites, served settlements and assignments."""

    name: str
    nodes: list[str]
    standing: frozenset[str]
    lists: DistanceLists
    seconds: int
    opened: list[int] = field(default_factory=list)
    served: dict[int, int] = field(default_factory=dict)
    flows: dict[tuple[int, int], int] = field(default_factory=dict)

    def near(self, client: int) -> list[int]:
        """Sites within reach of a settlement."""
        sites, seconds = self.lists.at(client)
        return [int(j) for j in sites[seconds <= self.seconds]]


def together(ground: Ground, wish: SiteWish, ferry: FerryPlan | None, certificates: Certificates, notes: Notes) -> Points:
    """Points of all kinds that the budget pays for, and whom they serve."""
    s, rows, paid = ground.scenario, Rows(), dict[int, float]()
    kinds = {name: _kind(ground, name) for name in needs.KINDS}
    for kind in kinds.values():
        kind.opened = [rows.column(0.0, float(n in kind.standing), 1.0, True) for n in kind.nodes]
    parcels = _parcels(ground, kinds["logistics"], rows, paid)
    _reached(ground, kinds["logistics"], rows, np.array([h.residents for h in ground.homes]) * (parcels > 0))
    _reached(ground, kinds["transfer"], rows, np.array([h.residents for h in ground.homes]))
    paid |= dict.fromkeys(kinds["transfer"].opened, float(fen(s.whole("transfer_cny_year"))))
    _assigned(ground, kinds["charger"], rows)
    _charging(ground, kinds["charger"], ferry, rows, paid)
    _assigned(ground, kinds["shared"], rows)
    _vehicles(ground, kinds["shared"], rows, paid)
    rows.row(list(paid), list(paid.values()), -np.inf, float(fen(wish.budget_yuan)))
    found = rows.solve(ground.spend(0.5).clock())
    if found.values is None:
        return _nothing(found, certificates, notes)
    opened = {k.name: [k.nodes[j] for j, c in enumerate(k.opened) if found.values[c] > 0.5] for k in kinds.values()}
    points, serves = _walked(ground, ferry, kinds, opened["transfer"])
    for name in ("charger", "shared"):
        more, served = _sited(ground, kinds[name], found)
        points, serves = points + more, serves + served
    left = max(1, fen(wish.budget_yuan) - sum(p.cost_fen for p in points))
    more, served, result = cheapest(ground, opened["logistics"], opened["logistics"], 0, kinds["logistics"].nodes, left)
    if not more:
        notes.append((f"logistics: {result.reason or result.status}", f"物流点:{result.reason_zh or result.status}"))
        return [], []
    status = kinds["logistics"].standing
    more = [replace(equipped(ground, p, more), status="existing" if p.node in status else "new") for p in more]
    value = _value(ground, kinds, more + points, served + serves)
    bound = int(np.floor(-found.bound + 1e-6)) if np.isfinite(found.bound) else 4 * sum(h.residents for h in ground.homes)
    bound = max(value, bound)
    proof: Status = "optimal" if value == bound else "feasible"
    certificates.append(
        Certificate("budget", proof, value, bound, (bound - value) / value if value else None, f"CNY {wish.budget_yuan} a year")
    )
    certificates.certify("logistics", result, "the chosen points alone, within what the budget leaves")
    return more + points, served + serves


def _kind(ground: Ground, name: str) -> Kind:
    """Candidates and ways of a kind; a quay in use is a transfer point that stands."""
    s = ground.scenario
    found = needs.candidates(s, name, ground.islands)
    quays = quays_in_use(ground) if name == "transfer" else frozenset()
    nodes = [n for n in dict.fromkeys([*found.nodes, *sorted(quays)]) if n not in found.forbidden or n in quays]
    minutes = {"logistics": middle(ground), "charger": s.whole("charger_drive_min")}.get(name, s.whole("transfer_walk_min"))
    lists = node_lists(ground.net, ground.names, nodes, name in needs.WALKED)
    return Kind(name, nodes, frozenset(found.existing) | quays, lists, minutes * 60)


def _parcels(ground: Ground, kind: Kind, rows: Rows, paid: dict[int, float]) -> IntArray:
    """Every parcel served inside ``door_min`` where a road allows it, within the size of its point; parcels by settlement."""
    s = ground.scenario
    weight, limit, near = parcels_reachable(ground, kind.lists), s.whole("door_min") * 60, nearest_seconds(kind.lists)
    load: list[list[int]] = [[] for _ in kind.nodes]
    for i in np.flatnonzero(weight > 0):
        sites, seconds = kind.lists.at(int(i))
        mine = []
        for j in sites[seconds <= max(limit, near[i])]:
            mine.append(rows.column(0.0, high=float(weight[i])))
            rows.row([mine[-1], kind.opened[j]], [1.0, -float(weight[i])], -np.inf, 0.0)
            load[j].append(mine[-1])
        rows.row(mine, [1.0] * len(mine), float(weight[i]), float(weight[i]))
    for j, opened in enumerate(kind.opened):
        sizes = [rows.column(0.0, whole=True) for _ in needs.sizes(s)]
        paid |= {opened: float(fen(s.whole("point_cny_year")))} | {c: float(z.cost) for c, z in zip(sizes, needs.sizes(s), strict=True)}
        rows.row([*sizes, opened], [1.0] * len(sizes) + [-1.0], 0.0, 0.0)
        rows.row([*load[j], *sizes], [1.0] * len(load[j]) + [-float(z.capacity) for z in needs.sizes(s)], -np.inf, 0.0)
    return weight


def _reached(ground: Ground, kind: Kind, rows: Rows, weight: IntArray) -> None:
    """A settlement counts once an open site is within reach."""
    for i in np.flatnonzero(weight > 0):
        near = kind.near(int(i))
        if near:
            kind.served[int(i)] = rows.column(-float(weight[i]))
            rows.row([*(kind.opened[j] for j in near), kind.served[int(i)]], [1.0] * len(near) + [-1.0], 0.0)


def _assigned(ground: Ground, kind: Kind, rows: Rows) -> None:
    """A settlement counts once it is one site's."""
    for i, h in enumerate(ground.homes):
        wanted = needs.shared_trips(ground.scenario, h) if kind.name == "shared" else _hundredths(ground, h.residents)
        near = kind.near(i) if h.residents and wanted else []
        for j in near:
            kind.flows[i, j] = rows.column(-float(h.residents), whole=True)
            rows.row([kind.flows[i, j], kind.opened[j]], [1.0, -1.0], -np.inf, 0.0)
        if near:
            rows.row([kind.flows[i, j] for j in near], [1.0] * len(near), -np.inf, 1.0)


def _hundredths(ground: Ground, residents: int) -> int:
    return round(100 * needs.charges_in_peak_hour(ground.scenario, residents))


def people_for(ground: Ground, chargers: int, most: int) -> int:
    """Most residents whose cars so many chargers serve within the promised mean wait."""
    s, low, high = ground.scenario, 0, most
    while low < high:
        middle_of = (low + high + 1) // 2
        fits = mean_wait(chargers, needs.charges_in_peak_hour(s, middle_of), s.whole("charge_min")) <= s.whole("charger_wait_min")
        low, high = (middle_of, high) if fits else (low, middle_of - 1)
    return low


def _charging(ground: Ground, kind: Kind, ferry: FerryPlan | None, rows: Rows, paid: dict[int, float]) -> None:
    """Chargers in steps, as many as the queue needs, within what the island's grid spares beside the vessels."""
    s, ships = ground.scenario, vessels_by_island(ground.scenario, ferry)
    people = {i: sum(h.residents for h in ground.homes if h.island_id == i) for i in ground.islands}
    power: dict[str, list[tuple[int, float]]] = {i: [] for i in ground.islands}
    for j, opened in enumerate(kind.opened):
        island = ground.island_of(kind.nodes[j])
        mine = [(i, c) for (i, k), c in kind.flows.items() if k == j]
        catchment = sum(ground.homes[i].residents for i, _ in mine)
        steps: list[tuple[int, int]] = []
        for n in STEPS:
            steps.append((n, people_for(ground, n, max(people[island], 1))))
            if steps[-1][1] >= catchment:
                break
        sizes = [rows.column(0.0, whole=True) for _ in steps]
        rows.row([*sizes, opened], [1.0] * len(sizes) + [-1.0], 0.0, 0.0)
        rows.row(
            [*(c for _, c in mine), *sizes],
            [*(float(ground.homes[i].residents) for i, _ in mine), *(-float(p) for _, p in steps)],
            -np.inf,
            0.0,
        )
        for column, (n, _) in zip(sizes, steps, strict=True):
            paid[column] = float(fen(n * s.whole("charger_cny_year")))
            power[island].append((column, float(math.ceil(n * s.number("charger_kw")))))
    for island, columns in power.items():
        standing = sum(ground.island_of(n) == island for n in kind.standing) * math.ceil(s.number("charger_kw"))
        spare = max(0, grid_spares(s, island) - max(ships.get(island, [0])), standing)
        if columns:
            rows.row([c for c, _ in columns], [kw for _, kw in columns], -np.inf, float(spare))


def _vehicles(ground: Ground, kind: Kind, rows: Rows, paid: dict[int, float]) -> None:
    """Whole vehicles for the trips of a station."""
    s = ground.scenario
    for j in range(len(kind.nodes)):
        mine = [(i, c) for (i, k), c in kind.flows.items() if k == j]
        trips = [float(needs.shared_trips(s, ground.homes[i])) for i, _ in mine]
        if mine:
            count = rows.column(0.0, high=float(-(-sum(trips) // s.whole("shared_turnover"))), whole=True)
            rows.row([*(c for _, c in mine), count], [*trips, -float(s.whole("shared_turnover"))], -np.inf, 0.0)
            paid[count] = float(fen(s.whole("shared_cny_year")))


def _walked(ground: Ground, ferry: FerryPlan | None, kinds: dict[str, Kind], opened: list[str]) -> Points:
    """Transfer points that stand or are somebody's nearest, and whom they serve."""
    kind, first = kinds["transfer"], needs.stages(ground.scenario)[0]
    serves = []
    for i, h in enumerate(ground.homes):
        near = [j for j in kind.near(i) if kind.nodes[j] in opened]
        if near and h.residents:
            serves.append(ServeRow(kind.name, h.settlement_id, kind.nodes[near[0]], way(kind.lists, i, near[0]), h.residents))
    used = {v.node for v in serves}
    rows = [
        SiteRow(kind.name, n, ground.island_of(n), "existing" if n in kind.standing else "new", 0 if n in kind.standing else first,
                load=sum(v.amount for v in serves if v.node == n))
        for n in opened if n in kind.standing or n in used
    ]  # fmt: skip
    return [with_interchange(ground, ferry, p) for p in rows], serves


def _sited(ground: Ground, kind: Kind, found: Outcome) -> Points:
    """Charging sites or stations with what they serve."""
    assert found.values is not None
    s, first, serves = ground.scenario, needs.stages(ground.scenario)[0], list[ServeRow]()
    for (i, j), c in sorted(kind.flows.items()):
        if found.values[c] > 0.5:
            h = ground.homes[i]
            amount = needs.shared_trips(s, h) if kind.name == "shared" else _hundredths(ground, h.residents)
            serves.append(ServeRow(kind.name, h.settlement_id, kind.nodes[j], way(kind.lists, i, j), amount))
    points = []
    for n in kind.nodes:
        mine, stands = [v for v in serves if v.node == n], n in kind.standing
        if not mine and not stands:
            continue
        if kind.name == "charger":
            people = sum(s.settlements[v.settlement_id].residents for v in mine)
            points.append(charging_site(ground, n, needs.charges_in_peak_hour(s, people), stands))
        else:
            load = sum(v.amount for v in mine)
            row = SiteRow(kind.name, n, ground.island_of(n), "existing" if stands else "new", 0 if stands else first, load=load)
            points.append(with_vehicles(ground, row))
    return points, serves


def _value(ground: Ground, kinds: dict[str, Kind], points: list[SiteRow], serves: list[ServeRow]) -> int:
    """Residents served by each kind within its reach, all kinds added."""
    total = 0
    for kind in kinds.values():
        stands = {p.node for p in points if p.kind == kind.name}
        mine = {v.settlement_id for v in serves if v.kind == kind.name and v.amount}
        total += sum(
            h.residents for i, h in enumerate(ground.homes) if h.settlement_id in mine and any(kind.nodes[j] in stands for j in kind.near(i))
        )  # fmt: skip
    return total


def _nothing(found: Outcome, certificates: Certificates, notes: Notes) -> Points:
    """No plan: proven impossible, or not found in time."""
    if found.impossible:
        words = ("the budget does not pay for what stands and for serving every parcel", "预算不足以维持现有点并服务全部包裹")
        certificates.append(Certificate("budget", "infeasible", None, None, None, words[0]))
    else:
        words = ("no plan within the budget was found in the time given", "限时内未找到预算内方案")
        certificates.append(Certificate("budget", "no_solution", None, None, None, words[0]))
    notes.append(words)
    return [], []

"""The 5-10-30 circles before and after, the roads that widen them, and what more points would bring."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from islandflow.result import Status
from islandflow.siting import needs
from islandflow.siting.network import RoadNet, node_lists, road_net, seconds
from islandflow.siting.problem import SitingProblem
from islandflow.siting.siteplan import Certificate, CircleRow, CurveRow, SiteRow, UpgradeRow
from islandflow.units import fen
from solvers.siting.ground import Certificates, Ground, middle, nearest_seconds
from solvers.siting.methods import solve_siting
from solvers.siting.upgrades import NEVER, RoadChoice, choose_upgrades


def circle_rows(ground: Ground, points: list[SiteRow], upgrades: Sequence[UpgradeRow]) -> list[CircleRow]:
    """Every settlement, kind and threshold: inside today, in the plan, and with the upgraded roads too."""
    rows = []
    better = road_net(ground.scenario, {u.road_id for u in upgrades}) if upgrades else ground.net
    for kind in needs.KINDS:
        mine = [p for p in points if p.kind == kind and "shore power" not in p.functions]
        every, today = [p.node for p in mine], [p.node for p in mine if p.status == "existing"]
        far = [_far(ground, net, nodes, kind) for net, nodes in ((ground.net, today), (ground.net, every), (better, every))]
        for minutes in needs.circles(ground.scenario):
            for k, h in enumerate(ground.homes):
                within = [0 <= d[k] <= minutes * 60 for d in far]
                rows.append(
                    CircleRow(kind, h.settlement_id, h.island_id, minutes, h.residents, within[0], within[1], far[0][k], far[1][k], within[2], far[2][k])
                )  # fmt: skip
    return rows


def _far(ground: Ground, net: RoadNet, nodes: list[str], kind: str) -> list[int]:
    """Seconds from each settlement to the nearest of the nodes, -1 where none can be reached."""
    if not nodes:
        return [-1] * len(ground.homes)
    found = nearest_seconds(node_lists(net, ground.names, nodes, kind in needs.WALKED))
    return [int(d) if np.isfinite(d) else -1 for d in found]


def improve_roads(ground: Ground, points: list[SiteRow], certificates: Certificates) -> list[UpgradeRow]:
    """Roads of each island whose upgrade, within its budget, brings most residents inside the logistics circles; proven by part."""
    s, rows = ground.scenario, []
    nodes = {p.node for p in points if p.kind == "logistics"}
    for island in sorted(ground.islands):
        roads = [r for r in s.roads.values() if r.island_id == island]
        here = [n for n in nodes if ground.island_of(n) == island]
        if not here or not any(r.upgrade_km_h > r.speed_km_h for r in roads):
            continue
        found = choose_upgrades(road_choice(ground, island, here), ground.spend(0.05).clock())
        status: Status = "optimal" if found.gain == found.bound else "feasible"
        gap = (found.bound - found.gain) / found.gain if found.gain else (0.0 if not found.bound else None)
        certificates.append(Certificate(f"upgrades {island}", status, found.gain, found.bound, gap))
        for k, people in zip(found.chosen, found.gains, strict=True):
            rows.append(UpgradeRow(roads[k].road_id, island, fen(roads[k].upgrade_cost_yuan), people))
    return rows


def road_choice(ground: Ground, island: str, points: list[str]) -> RoadChoice:
    """An island's roads and their upgrades as plain numbers, roads in the scenario's order."""
    s, number = ground.scenario, ground.net.number
    roads = [r for r in s.roads.values() if r.island_id == island]
    homes = [h for h in ground.homes if h.island_id == island]
    now = [seconds(r.length_m, r.speed_km_h) if r.speed_km_h > 0 else NEVER for r in roads]
    then = [seconds(r.length_m, r.upgrade_km_h) if r.upgrade_km_h > r.speed_km_h else t for r, t in zip(roads, now, strict=True)]
    return RoadChoice(
        tuple((number[r.from_node], number[r.to_node]) for r in roads), tuple(now), tuple(then), tuple(fen(r.upgrade_cost_yuan) for r in roads),
        tuple(number[h.settlement_id] for h in homes), tuple(h.residents for h in homes), tuple(sorted(number[n] for n in points)),
        tuple(m * 60 for m in needs.circles(s)), fen(s.number("upgrade_budget_cny")),
    )  # fmt: skip


def curve(ground: Ground, certificates: Certificates) -> list[CurveRow]:
    """Cost against people inside the middle circle, from what stands today up to everyone (or nobody more)."""
    s, found = ground.scenario, needs.candidates(ground.scenario, "logistics", ground.islands)
    nodes = [n for n in found.nodes if n not in found.forbidden]
    lists = node_lists(ground.net, ground.names, nodes)
    weight = np.array([h.residents for h in ground.homes], dtype=np.int64)
    existing = frozenset(nodes.index(n) for n in found.existing)
    price = fen(s.whole("point_cny_year")) + needs.sizes(s)[0].cost
    rows: list[CurveRow] = []
    for count in range(max(1, len(existing)), len(nodes) + 1):
        if rows and not ground.clock.left():
            break
        problem = SitingProblem(lists, weight, "cover-most", count, middle(ground) * 60, existing=existing)
        result = solve_siting(problem, ground.spend(0.02))
        if result.objective is None or (rows and result.objective <= rows[-1].covered):
            break
        certificates.certify(f"curve {count}", result)
        opened = tuple(nodes[j] for j in result.plan.opened) if result.plan else ()
        rows.append(CurveRow(count, count * price, result.objective, int(weight.sum()), result.status == "optimal", opened))
    return rows

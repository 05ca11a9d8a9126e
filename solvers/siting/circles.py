"""The 5-10-30 circles before and after, the roads that widen them, and what more points would bring."""

from __future__ import annotations

import numpy as np

from islandflow.scenario.entities import Settlement
from islandflow.siting import needs
from islandflow.siting.network import node_lists, road_net
from islandflow.siting.problem import SitingProblem
from islandflow.siting.siteplan import CircleRow, CurveRow, SiteRow, UpgradeRow
from islandflow.units import fen
from solvers.siting.ground import Ground, middle, nearest_seconds
from solvers.siting.methods import solve_siting


def circle_rows(ground: Ground, points: list[SiteRow]) -> list[CircleRow]:
    """Every settlement, kind and threshold: inside today, inside in the plan."""
    rows = []
    for kind in needs.KINDS:
        mine = [p for p in points if p.kind == kind and "shore power" not in p.functions]
        on_foot = kind in ("transfer", "shared")
        both = []
        for some in ([p.node for p in mine if p.status == "existing"], [p.node for p in mine]):
            both.append(
                nearest_seconds(node_lists(ground.net, ground.names, some, on_foot)) if some else np.full(len(ground.homes), np.inf)
            )
        for minutes in needs.circles(ground.scenario):
            for h, before, after in zip(ground.homes, *both, strict=True):
                rows.append(
                    CircleRow(
                        kind, h.settlement_id, h.island_id, minutes, h.residents, bool(before <= minutes * 60), bool(after <= minutes * 60),
                        int(before) if np.isfinite(before) else -1, int(after) if np.isfinite(after) else -1,
                    )
                )  # fmt: skip
    return rows


def improve_roads(ground: Ground, points: list[SiteRow]) -> list[UpgradeRow]:
    """Upgrades one by one, most people into the smallest circle per yuan first, while the island's budget lasts (no proof is claimed)."""
    s, rows = ground.scenario, []
    nodes = [p.node for p in points if p.kind == "logistics"]
    radius = needs.circles(s)[0] * 60
    for island in sorted(ground.islands):
        homes = [h for h in ground.homes if h.island_id == island]
        roads = [r for r in s.roads.values() if r.island_id == island and r.upgrade_km_h > r.speed_km_h]
        left = fen(s.number("upgrade_budget_cny"))
        done: list[str] = []
        people = np.array([h.residents for h in homes])
        if not nodes or not roads:
            continue

        def inside(chosen: list[str], homes: list[Settlement] = homes, people: np.ndarray = people) -> int:
            far = nearest_seconds(node_lists(road_net(s, chosen), [h.settlement_id for h in homes], nodes))
            return int(people[far <= radius].sum())

        now = inside(done)
        while now < people.sum():
            can = [r for r in roads if r.road_id not in done and fen(r.upgrade_cost_yuan) <= left]
            gains = [(inside([*done, r.road_id]) - now, r) for r in can]
            best = max(gains, key=lambda g: (g[0] / max(1, fen(g[1].upgrade_cost_yuan)), g[1].road_id), default=None)
            if best is None or best[0] <= 0:
                break
            gain, road = best
            done.append(road.road_id)
            left -= fen(road.upgrade_cost_yuan)
            now += gain
            rows.append(UpgradeRow(road.road_id, island, fen(road.upgrade_cost_yuan), gain))
    return rows


def curve(ground: Ground) -> list[CurveRow]:
    """Cost against people inside the middle circle, from what stands today up to everyone (or nobody more)."""
    s, found = ground.scenario, needs.candidates(ground.scenario, "logistics", ground.islands)
    nodes = [n for n in found.nodes if n not in found.forbidden]
    lists = node_lists(ground.net, ground.names, nodes)
    weight = np.array([h.residents for h in ground.homes], dtype=np.int64)
    existing = frozenset(nodes.index(n) for n in found.existing)
    price = fen(s.whole("point_cny_year")) + needs.sizes(s)[0].cost
    rows: list[CurveRow] = []
    for count in range(max(1, len(existing)), len(nodes) + 1):
        problem = SitingProblem(lists, weight, "cover-most", count, middle(ground) * 60, existing=existing)
        result = solve_siting(problem, ground.spend(0.02))
        if result.objective is None or (rows and result.objective <= rows[-1].covered):
            break
        rows.append(CurveRow(count, count * price, result.objective, int(weight.sum()), result.status == "optimal"))
    return rows

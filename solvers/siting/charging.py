"""Chargers: public ones within a drive of everyone, as many as the queue needs and the grid allows; shore power for battery vessels."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from islandflow.ferry.plan import FerryPlan
from islandflow.siting import needs
from islandflow.siting.network import node_lists
from islandflow.siting.power import grid_spares, shared_power, stays_at, vessels_by_island
from islandflow.siting.problem import SitingProblem
from islandflow.siting.queue import chargers_needed, most_at_once
from islandflow.siting.siteplan import ServeRow, SiteRow
from islandflow.units import fen
from solvers.siting.contract import impossible
from solvers.siting.ground import Certificates, Ground, Notes, nearest_seconds, way
from solvers.siting.methods import solve_siting


def chargers(ground: Ground, ferry: FerryPlan | None, certificates: Certificates, notes: Notes) -> tuple[list[SiteRow], list[ServeRow]]:
    """Fewest charging sites within ``charger_drive_min`` of everyone a road brings there; what stands today stays."""
    s = ground.scenario
    points: list[SiteRow] = []
    serves: list[ServeRow] = []
    ships = vessels_by_island(s, ferry)
    radius = s.whole("charger_drive_min") * 60
    for island in sorted(ground.islands):
        found = needs.candidates(s, "charger", {island})
        nodes = [n for n in found.nodes if n not in found.forbidden]
        homes = [h for h in ground.homes if h.island_id == island]
        if not nodes:
            certificates.certify(
                f"charger {island}", impossible(ground.spend(0.01).clock(), ground.settings, "", "no candidate is left", "没有候选点")
            )
            continue
        lists = node_lists(ground.net, [h.settlement_id for h in homes], nodes)
        weight = np.array([h.residents for h in homes], dtype=np.int64) * (nearest_seconds(lists) <= radius)
        fixed = frozenset(nodes.index(n) for n in found.existing)
        result = solve_siting(SitingProblem(lists, weight, "cover-all", radius=radius, existing=fixed), ground.spend(0.01))
        certificates.certify(f"charger {island}", result)
        if result.plan is None:
            continue
        here = []
        for j in result.plan.opened:
            mine = [homes[i] for i in range(len(homes)) if result.plan.serves[i] == j and weight[i]]
            if mine or j in fixed:
                arrivals = needs.charges_in_peak_hour(s, sum(h.residents for h in mine))
                here.append((charging_site(ground, nodes[j], arrivals, j in fixed), arrivals))
        for i, h in enumerate(homes):
            if weight[i]:
                j = int(result.plan.serves[i])
                serves.append(
                    ServeRow(
                        "charger", h.settlement_id, nodes[j], way(lists, i, j), round(100 * needs.charges_in_peak_hour(s, h.residents))
                    )
                )
        points += within_grid(ground, island, here, max(ships.get(island, [0])), notes)
    return points, serves


def charging_site(ground: Ground, node: str, arrivals: float, standing: bool) -> SiteRow:
    """A site for so many cars in the busiest hour, at full power: chargers by the queue, at least one."""
    s = ground.scenario
    count = max(1, chargers_needed(arrivals, s.whole("charge_min"), s.whole("charger_wait_min")))
    power = math.ceil(count * s.number("charger_kw"))
    return SiteRow(
        "charger", node, ground.island_of(node), "existing" if standing else "new", 0 if standing else needs.stages(s)[0], load=round(100 * arrivals),
        functions=("public",), chargers=count, power_kw=power, managed_kw=power, cost_fen=fen(count * s.whole("charger_cny_year")),
    )  # fmt: skip


def within_grid(ground: Ground, island: str, sites: list[tuple[SiteRow, float]], ships: int, notes: Notes) -> list[SiteRow]:
    """The sites (with their arrivals), their power shared out where the grid spares less than they draw; told where no sharing helps."""
    s, name = ground.scenario, ground.scenario.islands[island]
    spare, wanted = max(0, grid_spares(s, island) - ships), sum(p.power_kw for p, _ in sites)
    if wanted <= spare:
        return [p for p, _ in sites]
    shared = []
    for p, arrivals in sites:
        found = shared_power(
            arrivals, spare * p.power_kw // wanted, s.whole("charge_min"), s.number("charger_kw"), s.whole("charge_longest_min"),
            s.whole("charger_wait_min"),
        )  # fmt: skip
        if found is None:
            notes.append((f"{name.name_en}: chargers draw {wanted} kW at most, the grid spares {spare} kW: raise it by {wanted - spare} kW",
                          f"{name.name_zh}:充电最大 {wanted} kW,电网余量 {spare} kW,须增容 {wanted - spare} kW"))  # fmt: skip
            return [p for p, _ in sites]
        cost = fen(found.chargers * s.whole("charger_cny_year"))
        power = math.ceil(found.chargers * s.number("charger_kw"))
        shared.append((replace(p, chargers=found.chargers, power_kw=power, managed_kw=found.kw, cost_fen=cost), found.minutes))
    longest = max(minutes for _, minutes in shared)
    notes.append((f"{name.name_en}: chargers share {sum(p.managed_kw for p, _ in shared)} kW of {spare} kW that the grid spares; a charge then takes {longest} min at most",
                  f"{name.name_zh}:充电桩限功率共用 {sum(p.managed_kw for p, _ in shared)} kW(电网余量 {spare} kW),单次充电最长 {longest} 分钟"))  # fmt: skip
    return [p for p, _ in shared]


def shore_power(ground: Ground, ferry: FerryPlan | None) -> list[SiteRow]:
    """Power at quays for battery vessels: what those alongside at once, and overnight, may draw."""
    rows = []
    for port, stays in sorted(stays_at(ground.scenario, ferry).items()) if ferry is not None else ():
        power, island = most_at_once(stays), ground.scenario.ports[port].island_id
        if power and island in ground.islands:
            rows.append(SiteRow("charger", port, island, "existing", 0, functions=("shore power",), power_kw=power, managed_kw=power))
    return rows

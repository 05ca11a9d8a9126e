"""What is reached on foot: bus–boat transfer points and stations of shared vehicles."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from islandflow.ferry.plan import FerryPlan
from islandflow.siting import needs, promise
from islandflow.siting.lists import IntArray
from islandflow.siting.network import node_lists
from islandflow.siting.problem import SitingProblem
from islandflow.siting.siteplan import ServeRow, SiteRow
from islandflow.units import fen
from solvers.siting.ground import Certificates, Ground, way
from solvers.siting.methods import solve_siting


def quays_in_use(ground: Ground) -> frozenset[str]:
    """Ports of the islands that a line calls at."""
    s = ground.scenario
    return frozenset(p for line in s.lines.values() for p in line.calls if s.ports[p].island_id in ground.islands)


def transfer(ground: Ground, ferry: FerryPlan | None, certificates: Certificates) -> tuple[list[SiteRow], list[ServeRow]]:
    """Bus–boat transfer points: every quay in use, and the stops that bring most people (the old count more) within a walk."""
    s = ground.scenario
    points, serves = _covering(
        ground, "transfer", quays_in_use(ground), s.whole("transfer_points"), s.whole("transfer_walk_min"), certificates
    )
    return [with_interchange(ground, ferry, p) for p in points], serves


def with_interchange(ground: Ground, ferry: FerryPlan | None, point: SiteRow) -> SiteRow:
    """Functions, a day's passengers, parking and cost of a transfer point."""
    s, quay = ground.scenario, point.node in ground.scenario.ports
    spaces = promise.pickup_spaces(s, ferry, point.node) if ferry is not None and quay else 0
    people = promise.passengers_at(ferry, point.node) if ferry is not None and quay else 0
    functions = ("interchange", "shelter", *(("quay",) if quay else ()), *(("pick-up parking",) if spaces else ()))
    return replace(point, functions=functions, parking=spaces, passengers=people, cost_fen=fen(s.whole("transfer_cny_year")))


def shared(ground: Ground, certificates: Certificates) -> tuple[list[SiteRow], list[ServeRow]]:
    """Stations of shared vehicles within a walk of most trips; vehicles for their trips, docks for their vehicles."""
    s = ground.scenario
    points, serves = _covering(ground, "shared", frozenset(), s.whole("shared_points"), s.whole("transfer_walk_min"), certificates)
    return [with_vehicles(ground, p) for p in points], serves


def with_vehicles(ground: Ground, point: SiteRow) -> SiteRow:
    """Vehicles, docks and cost of a station for its trips."""
    s = ground.scenario
    vehicles = -(-point.load // s.whole("shared_turnover"))
    docks = math.ceil(vehicles * s.number("shared_docks_per_vehicle") - 1e-9)
    return replace(
        point, functions=("shared vehicles",), vehicles=vehicles, docks=docks, cost_fen=fen(vehicles * s.whole("shared_cny_year"))
    )


def walk_weight(ground: Ground, kind: str) -> IntArray:
    """Trips of a settlement for shared vehicles; residents, the old counted more, for transfer points."""
    s = ground.scenario
    if kind == "shared":
        return np.array([needs.shared_trips(s, h) for h in ground.homes], dtype=np.int64)
    extra = s.whole("elderly_weight") - 1 if kind == "transfer" else 0
    return np.array([h.residents + extra * needs.old_people(h) for h in ground.homes], dtype=np.int64)


def _covering(
    ground: Ground, kind: str, standing: frozenset[str], more: int, minutes: int, certificates: Certificates
) -> tuple[list[SiteRow], list[ServeRow]]:
    """Island by island: what stands, and at most ``more`` new points that reach most weight within ``minutes``."""
    points: list[SiteRow] = []
    serves: list[ServeRow] = []
    weight = walk_weight(ground, kind)
    for island in sorted(ground.islands):
        found = needs.candidates(ground.scenario, kind, {island})
        nodes = list(dict.fromkeys([*found.nodes, *(n for n in standing if ground.island_of(n) == island)]))
        fixed = frozenset(nodes.index(n) for n in nodes if n in standing or n in found.existing)
        homes = [i for i, h in enumerate(ground.homes) if h.island_id == island]
        lists = node_lists(ground.net, [ground.names[i] for i in homes], nodes, True)
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
        certificates.certify(f"{kind} {island}", result)
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
                serves.append(ServeRow(kind, home.settlement_id, nodes[j], way(lists, i, j), amount))
    return [replace(p, load=sum(v.amount for v in serves if v.node == p.node)) for p in points], serves

"""Staged plans: what is built this year, in three, in five; each stage only adds to the one before."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from islandflow.result import Status
from islandflow.siting import needs
from islandflow.siting.lists import IntArray
from islandflow.siting.network import node_lists
from islandflow.siting.problem import SitingProblem
from islandflow.siting.siteplan import Certificate, SiteRow, StageRow
from solvers.siting.contract import SitingResult
from solvers.siting.ground import Certificates, Ground, middle
from solvers.siting.methods import solve_siting


def reach_of(ground: Ground, kind: str) -> tuple[int, bool]:
    """Minutes that a kind of point is wanted within, and whether on foot."""
    s = ground.scenario
    if kind == "logistics":
        return middle(ground), False
    return (s.whole("charger_drive_min"), False) if kind == "charger" else (s.whole("transfer_walk_min"), True)


def staged(ground: Ground, points: list[SiteRow], certificates: Certificates) -> tuple[list[SiteRow], list[StageRow]]:
    """The points with the year that builds each, and what stands when each year ends; shore power stands as the boats need it."""
    done, rows = [p for p in points if "shore power" in p.functions], list[StageRow]()
    for kind in needs.KINDS:
        mine = [p for p in points if p.kind == kind and "shore power" not in p.functions]
        if mine:
            built, told = _stages(ground, kind, mine, certificates)
            done += built
            rows += told
    order = {(p.kind, p.node, p.functions): k for k, p in enumerate(points)}
    return sorted(done, key=lambda p: order[p.kind, p.node, p.functions]), rows


def _stages(ground: Ground, kind: str, points: list[SiteRow], certificates: Certificates) -> tuple[list[SiteRow], list[StageRow]]:
    """Years in equal parts; each part is the choice that brings most residents inside, given what stands by then."""
    minutes, on_foot = reach_of(ground, kind)
    lists = node_lists(ground.net, ground.names, [p.node for p in points], on_foot)
    weight = np.array([h.residents for h in ground.homes], dtype=np.int64)
    years, built = needs.stages(ground.scenario), {k for k, p in enumerate(points) if p.status == "existing"}
    year, new = dict.fromkeys(built, 0), len(points) - len(built)

    def row(when: int, added: int, proven: bool) -> StageRow:
        problem = SitingProblem(lists, weight, "cover-most", 1, minutes * 60)
        cost = sum(points[k].cost_fen for k in built)
        return StageRow(kind, when, len(built), added, cost, minutes, inside(problem, built), int(weight.sum()), proven)

    rows = [row(0, 0, True)]
    for n, when in enumerate(years, start=1):
        count = len(points) - new + -(-new * n // len(years))
        if count == len(built):
            rows.append(row(when, 0, True))
            continue
        problem = SitingProblem(lists, weight, "cover-most", count, minutes * 60, existing=frozenset(built))
        result = solve_siting(problem, ground.spend(0.02))
        chosen = (set(result.plan.opened) if result.plan else set()) | built
        # what covers nobody more is built all the same, the most loaded first: the plan has it
        rest = sorted(set(range(len(points))) - chosen, key=lambda k: (-points[k].load, k))
        chosen |= set(rest[: max(0, count - len(chosen))])
        year |= dict.fromkeys(chosen - built, when)
        added = len(chosen - built)
        built |= chosen
        rows.append(row(when, added, result.status == "optimal"))
        certificates.append(_certificate(f"stage {kind} {when}", rows[-1].covered, result))
    return [replace(p, year=year.get(k, years[-1])) for k, p in enumerate(points)], rows


def _certificate(part: str, covered: int, result: SitingResult) -> Certificate:
    """What is proven of a stage; its plan may have more inside than was asked for, where all the rest is built too."""
    bound = None if result.bound is None else max(result.bound, covered)
    status: Status = "optimal" if bound == covered else "feasible"
    return Certificate(part, status, covered, bound, None if bound is None or not covered else (bound - covered) / covered)


def inside(problem: SitingProblem, opened: set[int]) -> int:
    """Weight inside the radius of these sites."""
    lists = problem.lists
    hit = (lists.distance <= problem.radius) & np.isin(lists.site, list(opened))
    covered: IntArray = np.unique(lists.owner()[hit])
    return int(problem.weight[covered].sum())

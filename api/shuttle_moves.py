"""Sailings moved for the buses: both plans made together, and what is written of it beside the buses' own folder."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from api.service import write_plan
from islandflow.ferry.audit import count_money
from islandflow.ferry.folder import PlanFolder, write_csv
from islandflow.ferry.plan import FerryPlan
from islandflow.network.running import Distances
from islandflow.network.sea import SeaNetwork, build_network
from islandflow.result import gap_of
from islandflow.scenario.entities import Scenario
from islandflow.shuttle.island import Island
from islandflow.shuttle.moves import MOVES, WHO, move_rows, shifts_between, who_rows
from islandflow.units import fen
from solvers.shuttle.islands import Tell
from solvers.shuttle.moving import Limits, Told
from solvers.shuttle.moving_plan import Together, bus_people, plan_together


@dataclass(frozen=True)
class Moving:
    """Most minutes that a sailing may move, and yuan by which either side may become dearer while both together gain."""

    minutes: int = 20
    ferry_yuan: float = 0.0
    bus_yuan: float = 0.0
    lang: str = "zh"


def move_together(
    facts: Scenario, source: PlanFolder, islands: Sequence[Island], moving: Moving, seconds: float, seed: int, going: Callable[[], bool], tell: Tell | None
) -> MovedPair:  # fmt: skip
    """Both plans; how far it is stands on standard error."""
    network = build_network(facts)
    limits = Limits(facts.whole("grid_min"), moving.minutes, ferry_fen=fen(moving.ferry_yuan), bus_fen=fen(moving.bus_yuan))
    words = ("轮", "调整航次", "轮渡", "短驳", "元") if moving.lang == "zh" else ("round", "sailings moved", "ferry", "buses", "yuan")

    def told(now: Told) -> None:
        print(f"{words[0]} {now.round}  {words[1]} {now.moved}  {words[2]} {now.ferry / 100:+,.0f}  {words[3]} {now.bus / 100:+,.0f} {words[4]}", file=sys.stderr)

    found = plan_together(facts, network, source.plan, islands, limits, seconds, seed, going, tell, told if tell is not None else lambda now: None)
    return MovedPair(facts, network, source, moving, limits, found)


@dataclass(frozen=True)
class MovedPair:
    """Both plans with the facts they stand on and the ferry plan folder they began from."""

    facts: Scenario
    network: SeaNetwork
    source: PlanFolder
    moving: Moving
    limits: Limits
    found: Together

    def told(self) -> dict[str, Any]:
        """What plan.json of the shuttles says about the moves; fen. ``standing``: no sailing moved; ``moved``: the same buses fitted to the
        moved boats; ``searched``: these searched on."""
        start, moved = self.found.start, self.found.moved
        return {
            "sailings": len(shifts_between(start.ferry.plan, moved.ferry.plan)), "most_minutes": self.moving.minutes, "grid_min": self.limits.step,
            "may_rise_fen": {"ferry": self.limits.ferry_fen, "buses": self.limits.bus_fen},
            "standing": {"ferry": start.ferry.fen, "buses": start.bus_fen}, "moved": {"ferry": moved.ferry.fen, "buses": moved.bus_fen},
            "searched": {"ferry": moved.ferry.fen, "buses": self.found.shuttles.objective}, "ferry_clean": moved.ferry.report.clean,
        }  # fmt: skip

    def write(self, folder: Path, lang: str) -> None:
        """``ferry`` as a whole plan folder, ``moves.csv`` and ``who.csv``."""
        start, moved = self.found.start, self.found.moved
        write_plan(self.facts, self.network, moved.ferry.plan, folder / "ferry", lang, self.info(), None)
        was, now = bus_people(start, {n: d.plan for n, d in start.days.items()}), bus_people(moved, self.found.shuttles.days)
        buses = {s: (was[s], now[s]) for s in was.keys() & now.keys()}
        write_csv(folder / "moves.csv", move_rows(start.ferry.plan, moved.ferry.plan, self.facts, self.network, buses), MOVES)
        write_csv(folder / "who.csv", who_rows(start.ferry.plan, moved.ferry.plan, self.facts, self.network), WHO)

    def info(self) -> dict[str, Any]:
        """plan.json of the moved ferry plan. The bound is that of the plan it began from: it holds over every candidate of the same
        scenario, and a moved sailing is one of them."""
        info, judged = self.source.info, self.found.moved.ferry
        bound, floor = info["bound"], info.get("unavoidable")
        if self.source.scenario.digest != self.facts.digest:
            bound = floor = None  # a bound of other facts proves nothing here
        proven = bound is not None and judged.report.clean
        return {
            **{k: v for k, v in info.items() if k not in ("run", "plan_version")},
            "status": ("optimal" if bound == judged.fen else "feasible") if judged.report.clean else "no_solution",
            "objective": judged.fen, "bound": bound, "gap": gap_of(judged.fen, bound) if proven else None,
            "gap_net": gap_of(judged.fen - floor, bound - floor) if proven and floor is not None else None, "unavoidable": floor,
            "clusters": self._parts() if bound is not None else [],
            "stage1": {**info["stage1"], "violations": len(judged.report.unmet)}, "scenario_hash": self.facts.digest,
            "moved_for_buses": {
                "sailings": self.told()["sailings"], "objective_before": self.found.start.ferry.fen,
                "bound_of": "the plan before the moves: it holds over all candidates of the scenario, and moved sailings are candidates" if bound is not None else None,
            },
        }  # fmt: skip

    def _parts(self) -> list[dict[str, Any]]:
        """Parts of the archipelago with what each costs now; their bounds stay."""
        parts = []
        for part in self.source.info.get("clusters") or []:
            ports = frozenset(part["ports"])
            change = self._cost(self.found.ferry, ports) - self._cost(self.found.start.ferry.plan, ports)
            plan = part["plan"] + change
            parts.append({**part, "plan": plan, "gap": gap_of(plan, part["bound"]) if part["bound"] <= plan else None})
        return parts

    def _cost(self, plan: FerryPlan, ports: frozenset[str]) -> int:
        """Fen of a part's sailings and people; those of other parts count as left, alike before and after."""
        mine = tuple(s for s in plan.sailings if ports & set(s.ports))
        ids = {s.id for s in mine}
        own = replace(plan, sailings=mine, boardings=tuple(b for b in plan.boardings if b.rides[0].sailing in ids))
        network: Distances = self.network
        return count_money(self.facts, own, network).objective

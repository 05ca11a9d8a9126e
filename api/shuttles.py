"""What both doors do with buses that meet the boats: plan, audit, write the folder, read it back."""

from __future__ import annotations

import resource
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

from api.service import refuse_target, versions
from api.shuttle_lines import audited_lines, planned_lines, told_lines, write_lines
from api.shuttle_moves import MovedPair, Moving, move_together
from api.siting import refuse_foreign_plan
from islandflow.ferry.folder import copy_scenario, read_plan, write_aside, write_csv, write_json
from islandflow.ferry.plan import FerryPlan
from islandflow.result import gap_of
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import read_scenario
from islandflow.shuttle.audit import audit_day
from islandflow.shuttle.folder import KIND, ShuttleFolder, read_shuttle_folder
from islandflow.shuttle.island import Island, chosen_islands, island_day
from islandflow.shuttle.medical import medical_transfers
from islandflow.shuttle.plan import DayPlan
from islandflow.shuttle.shuttleplan import ShuttlePlan
from islandflow.shuttle.tables import COLUMNS, rows_of
from islandflow.units import clock
from islandflow.violation import Violation
from solvers.shuttle.islands import Tell, plan_islands


class Stop:
    """Becomes true at the first interrupt; a second one leaves at once, with nothing written."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self, _: int, __: FrameType | None) -> None:
        if self.asked:
            sys.exit(130)
        self.asked = True


@contextmanager
def stoppable() -> Iterator[Stop]:
    """While inside, an interrupt or a termination signal is kept, not raised."""
    stop = Stop()
    previous = {s: signal.signal(s, stop) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def plan_shuttles(
    path: Path, ferry_folder: Path, island: str, seconds: float, seed: int, out: Path, lang: str, tell: Tell | None = None, moving: Moving | None = None
) -> ShuttleFolder:  # fmt: skip
    """Plans the buses of a scenario on a ferry plan and writes their folder; with ``moving`` sailings may move where both gain.

    BadInput if scenario, ferry plan, island or target are unfit. An interrupt ends the search early, and what has been found by then
    is judged and written.
    """
    began = time.monotonic()
    refuse_target(out)
    facts = read_scenario(path)
    source = read_plan(ferry_folder)
    ferry = source.plan
    refuse_foreign_plan(facts, ferry, ferry_folder)
    islands = [island_day(facts, ferry, name) for name in chosen_islands(facts, island)]
    with stoppable() as stop:
        pair = None if moving is None else move_together(facts, source, islands, moving, max(1.0, seconds - (time.monotonic() - began)), seed, lambda: not stop.asked, tell)
        if pair is not None:
            ferry, islands = pair.found.ferry, list(pair.found.islands)
        lines = planned_lines(facts, ferry, island, seconds, lambda: not stop.asked)
        left = max(1.0, seconds - (time.monotonic() - began))
        found = plan_islands(ferry.service, islands, left, seed, lambda: not stop.asked, tell) if pair is None else pair.found.shuttles
        found = replace(found, lines=lines)
        info = _info(found, seconds, seed, facts.digest, island) | {"stopped_by": "interrupt" if stop.asked else "time limit"}
        _write(facts, ferry, ferry_folder, islands, found, info, began, out, lang, pair)
    return read_shuttle_folder(out)


def audit_shuttles(islands: Sequence[Island], plan: ShuttlePlan) -> list[tuple[str, Violation]]:
    """(island, violation) of every island's day."""
    proofs = {p.island_id: p for p in plan.proofs}
    none = DayPlan(())
    return [
        (i.island_id, v)
        for i in islands
        for v in audit_day(i.day, plan.days.get(i.island_id, none), proofs[i.island_id].objective if i.island_id in proofs else None).violations
    ]


def audit_shuttle_folder(folder: Path) -> tuple[ShuttleFolder, list[tuple[str, Violation]]]:
    """Judges a folder from its own scenario and ferry timetable alone."""
    found = read_shuttle_folder(folder)
    islands = [island_day(found.scenario, found.ferry, name) for name in found.plan.days]
    return found, audit_shuttles(islands, found.plan) + audited_lines(found.scenario, found.ferry, found.plan.lines)


def _write(
    facts: Scenario, ferry: FerryPlan, source: Path, islands: Sequence[Island], plan: ShuttlePlan, info: dict[str, Any], began: float, out: Path, lang: str, pair: MovedPair | None
) -> None:  # fmt: skip
    from islandflow.views.shuttle_page import write_cards, write_shuttle_report  # noqa: PLC0415

    if pair is not None:
        info = info | {"moves": pair.told()}
    violations = [{"island_id": name, **asdict(v)} for name, v in [*audit_shuttles(islands, plan), *audited_lines(facts, ferry, plan.lines)]]
    tables = [rows_of(i, plan.days[i.island_id]) for i in islands]
    medical = [{"island_id": i.island_id, **_clocks(asdict(t))} for i in islands for t in medical_transfers(facts, ferry, i)]

    def fill(folder: Path) -> None:
        copy_scenario(facts, folder / "scenario")
        if pair is not None:
            pair.write(folder, lang)
        else:
            (folder / "ferry").mkdir()
            for name in ("timetable.csv", "passengers.csv"):
                shutil.copy(source / name, folder / "ferry" / name)
        write_json(folder / "audit.json", {"clean": not violations, "violations": violations})
        for name, columns in COLUMNS.items():
            write_csv(folder / f"{name}.csv", [row for rows in tables for row in rows[name]], columns)
        write_lines(folder, facts, ferry, plan.lines)
        write_csv(folder / "medical.csv", medical, list(medical[0]) if medical else ["island_id", "settlement_id"])
        run = {"seconds": round(time.monotonic() - began, 1), "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
               "started": datetime.now().astimezone().isoformat(timespec="seconds")}  # fmt: skip
        write_json(folder / "plan.json", {**info, "run": run})
        made = read_shuttle_folder(folder)
        write_shuttle_report(made, folder / "report.html", lang)
        write_cards(made, folder / "cards.html", lang)

    write_aside(out, fill)


def _clocks(row: dict[str, Any]) -> dict[str, Any]:
    return {k: clock(v) if k in ("leaves", "boards", "arrives", "home") and v is not None else v for k, v in row.items()}


def _info(plan: ShuttlePlan, seconds: float, seed: int, digest: str, island: str) -> dict[str, Any]:
    told = [p.status for p in plan.proofs] + [p.status for _, p in plan.lines.values()]
    status = "optimal" if all(s == "optimal" for s in told) else "feasible"
    return {
        "kind": KIND, "status": status, "service": plan.service, "objective": plan.objective, "bound": plan.bound, "gap": gap_of(plan.objective, plan.bound),
        "gap_net": gap_of(plan.objective - plan.floor, plan.bound - plan.floor), "unavoidable": plan.floor, "islands": [asdict(p) for p in plan.proofs],
        **told_lines(plan.lines),
        "candidates": sum(p.candidates for p in plan.proofs) + sum(p.candidates for _, p in plan.lines.values()), "seed": seed, "solver": "islandflow", "settings": {"time_limit": seconds, "seed": seed, "island": island},
        "versions": versions(), "scenario_hash": digest,
    }  # fmt: skip

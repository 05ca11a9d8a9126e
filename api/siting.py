"""What both doors do with service points: plan, audit, write the folder, read it back."""

from __future__ import annotations

import os
import resource
import signal
import time
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

from api.service import refuse_target, versions
from islandflow.errors import BadInput, Fault
from islandflow.ferry.folder import (
    PASSENGERS,
    TIMETABLE,
    copy_scenario,
    passenger_rows,
    read_plan,
    timetable_rows,
    write_aside,
    write_csv,
    write_json,
)
from islandflow.ferry.plan import FerryPlan
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import read_scenario
from islandflow.siting.facts_audit import audit_sites
from islandflow.siting.folder import FERRY, TABLES, SiteFolder, columns_of, geojson, read_site_folder, rows_of, workbook
from islandflow.siting.fragile import fragile_roads
from islandflow.siting.siteplan import SitePlan
from islandflow.siting.wish import SiteWish
from islandflow.views.siting_page import write_site_report
from solvers.siting.archipelago import Tell, plan_sites
from solvers.siting.contract import Halt, SitingSettings


def site_scenario(
    path: Path, ferry_folder: Path | None, wish: SiteWish, settings: SitingSettings, out: Path, lang: str, tell: Tell | None = None
) -> SiteFolder:
    """Plans the service points of a scenario and writes their folder.

    BadInput if scenario, ferry plan, wish or target are unfit. An interrupt or a termination signal ends the search early, and what
    has been found by then is judged and written; a second one leaves at once, with nothing written.
    """
    began = time.monotonic()
    refuse_target(out)
    facts = read_scenario(path)
    ferry = read_plan(ferry_folder).plan if ferry_folder is not None else None
    if ferry is not None:
        refuse_foreign_plan(facts, ferry, ferry_folder)
    halt = settings.halt or Halt()
    previous = {s: signal.signal(s, _stopper(halt)) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        found = plan_sites(facts, wish, ferry, SitingSettings(settings.seconds, settings.seed, halt=halt), tell)
        _write(facts, found, ferry, settings, halt.stopped, began, out, lang)
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    return read_site_folder(out)


def _stopper(halt: Halt) -> Any:
    def stop(_: int, __: FrameType | None) -> None:
        if halt.stopped:
            os._exit(130)  # a solver's thread may run: only this ends at once; the target is untouched
        halt.stopped = True

    return stop


def _write(
    facts: Scenario, found: SitePlan, ferry: FerryPlan | None, settings: SitingSettings, stopped: bool, began: float, out: Path, lang: str
) -> None:
    violations = audit_sites(facts, found, ferry)
    fragile = fragile_roads(facts, {c.island_id for c in found.circles})
    info = _info(found, settings, facts.digest, began) | {
        "stopped_by": "interrupt" if stopped else "",
        "service": ferry.service if ferry is not None else "",
    }
    told = [asdict(v) for v in violations]

    def fill(folder: Path) -> None:
        copy_scenario(facts, folder / "scenario")
        write_json(folder / "plan.json", info)
        if ferry is not None:
            _copy_ferry(facts, ferry, folder / FERRY)
        write_json(folder / "audit.json", {"clean": not violations, "violations": told})
        for table in TABLES:
            write_csv(folder / f"{table}.csv", rows_of(found, table), columns_of(table))
        write_csv(folder / "fragile.csv", [asdict(f) for f in fragile], ("what", "kind", "island_id", "people", "detour_min"))
        write_json(folder / "sites.geojson", geojson(facts, found))
        workbook(found, folder / "sites.xlsx")
        write_site_report(facts, found, info, told, fragile, folder / "report.html", lang)

    write_aside(out, fill)


def _copy_ferry(facts: Scenario, ferry: FerryPlan, folder: Path) -> None:
    """Sailings and passengers that the points were planned with: the folder is judged from itself alone."""
    folder.mkdir()
    day = (("timetable", timetable_rows(facts, ferry), TIMETABLE), ("passengers", passenger_rows(ferry), PASSENGERS))
    for name, rows, columns in day:
        write_csv(folder / f"{name}.csv", rows, columns)


def _info(plan: SitePlan, settings: SitingSettings, digest: str, began: float) -> dict[str, Any]:
    # what was asked for decides: under another goal the cost is proven for the chosen points alone
    part = "budget" if plan.wish.budget_yuan else {"cost": "logistics"}.get(plan.wish.goal, "people inside")
    main = next((c for c in plan.certificates if c.part == part), None)
    return {
        "kind": "siting", "status": main.status if main else "no_solution", "part": part, "island": plan.island, "wish": asdict(plan.wish), "objective": main.objective if main else None,
        "bound": main.bound if main else None, "gap": main.gap if main else None,
        "parts": [{"part": c.part, "status": c.status, "objective": c.objective, "bound": c.bound} for c in plan.certificates],
        "notes": [list(n) for n in plan.notes], "seed": settings.seed, "solver": "islandflow", "settings": {"seconds": settings.seconds, "seed": settings.seed, **asdict(plan.wish)},
        "versions": versions(), "scenario_hash": digest,
        "run": {"seconds": round(time.monotonic() - began, 1), "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                "started": datetime.now().astimezone().isoformat(timespec="seconds")},
    }  # fmt: skip


def refuse_foreign_plan(facts: Scenario, ferry: FerryPlan, folder: Path | None) -> None:
    """BadInput if the ferry plan is of another scenario: vessels or ports that this one does not know."""
    vessels = {v for fleet in facts.fleets.values() for v in fleet.vessel_ids()}
    strange = sorted({s.vessel for s in ferry.sailings} - vessels) + sorted({p for s in ferry.sailings for p in s.ports} - set(facts.ports))
    if strange:
        words = ("is not in the scenario", "不在方案数据中", "give a plan of this scenario", "请给出本方案的轮渡方案")
        raise BadInput([Fault(str(folder), 0, "", strange[0], *words)])

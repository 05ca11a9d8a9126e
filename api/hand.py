"""A timetable made by hand: judged, and on demand made a plan folder like any other."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from api.service import refuse_target, versions, write_plan
from islandflow.ferry.audit import AuditReport, audit_plan
from islandflow.ferry.folder import PlanFolder, read_plan
from islandflow.ferry.hand import read_hand_timetable
from islandflow.ferry.plan import FerryPlan
from islandflow.network.sea import build_network
from islandflow.passengers.groups import passenger_groups
from islandflow.passengers.seating import seat_passengers
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import read_scenario

SOLVER = "as-run"


def audit_timetable(path: Path, file: Path, service: str) -> tuple[Scenario, FerryPlan, AuditReport]:
    """Audits a timetable made by hand: its passengers are seated by us. BadInput with every fault of scenario, service or timetable."""
    scenario = read_scenario(path)
    plan = read_hand_timetable(scenario, file, service)
    seated = FerryPlan(service, plan.sailings, seat_passengers(scenario, service, plan.sailings))
    return scenario, seated, audit_plan(scenario, seated, build_network(scenario))


def write_timetable(path: Path, file: Path, service: str, out: Path, lang: str) -> PlanFolder:
    """The same as a plan folder with its report; BadInput also if ``out`` exists and is no plan folder."""
    refuse_target(out)
    scenario, plan, report = audit_timetable(path, file, service)
    write_plan(scenario, build_network(scenario), plan, out, lang, _info(scenario, plan, report, file), None)
    return read_plan(out)


def estimated_sailings(file: Path) -> int:
    """Sailings of a timetable that can be read whose times its column ``basis`` calls estimated; 0 without that column."""
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as source:
        return len({row["sailing"] for row in csv.DictReader(source) if (row.get("basis") or "").startswith("estimated")})


def _info(scenario: Scenario, plan: FerryPlan, report: AuditReport, file: Path) -> dict[str, Any]:
    """What plan.json says: nobody searched, so there is neither bound nor gap; and nothing that breaks a rule is called feasible."""
    return {
        "status": "feasible" if report.clean else "no_solution", "service": plan.service, "objective": report.money.objective, "bound": None,
        "gap": None, "gap_net": None, "unavoidable": None, "clusters": [], "candidates": None, "patterns": None,
        "groups": len(passenger_groups(scenario, plan.service)),
        "stage1": {"violations": len(report.unmet), "bound": None, "proven": False},
        "seed": None, "solver": SOLVER, "timetable": file.name, "timetable_estimated": estimated_sailings(file), "stopped_by": "finished", "settings": {}, "versions": versions(),
        "scenario_hash": scenario.digest, "cluster": None, "cut_from": None,
    }  # fmt: skip

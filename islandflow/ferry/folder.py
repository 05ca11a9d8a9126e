"""The plan folder: everything a plan is, in files; written aside, then renamed."""

from __future__ import annotations

import csv
import ctypes
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from islandflow.errors import BadInput, Fault
from islandflow.ferry.audit.facts import defect, known_fleet
from islandflow.ferry.hand import ARRIVES, DEPARTS, NEEDED, read_hand_timetable
from islandflow.ferry.plan import Boarding, Call, FerryPlan, Ride, Sailing
from islandflow.ferry.records import RECORDS, read_record
from islandflow.ferry.rows import cell, read_rows
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import near, read_scenario
from islandflow.scenario.table import Column
from islandflow.units import clock

Row = dict[str, Any]
Names = tuple[str, ...]
TIMETABLE = ("sailing", "line", "vessel", "operator", "class", "call", "port", "arrives", "departs", "days")
PASSENGERS = ("from_place", "to_place", "segment", "wanted", "people", "sailing1", "board1", "alight1", "sailing2", "board2", "alight2")
ROTATIONS = ("vessel", "fleet", "overnight_port", "crews", "sequence", "sailing", "from_port", "to_port", "departs", "arrives")
# columns of the other tables, and those of them that hold numbers
TABLES: Mapping[str, tuple[Names, Names]] = {
    "trace": (("seconds", "phase", "plan_fen", "bound_fen"), ("seconds", "plan_fen", "bound_fen")),
    "loads": (
        ("sailing", "leg", "from_port", "to_port", "departs", "arrives", "people", "seats", "vehicles", "vehicle_deck"),
        ("leg", "people", "seats", "vehicles", "vehicle_deck"),
    ),
    "obligations": (
        ("obligation_id", "port", "serves_port", "rule", "required", "found", "amount", "unit", "met", "remedy_en", "remedy_zh"),
        ("amount",),
    ),
    "money": (
        ("line", "operator", "sailings", "vessel_hours", "fuel_l", "co2_kg", "cost_yuan", "revenue_yuan", "subsidy_yuan"),
        ("sailings", "vessel_hours", "fuel_l", "co2_kg", "cost_yuan", "revenue_yuan", "subsidy_yuan"),
    ),
}
AT_FDCWD, RENAME_EXCHANGE = -100, 2  # linux/fcntl.h, linux/fs.h
WANTED = Column("wanted", "clock", "期望开航", "time of day")
PEOPLE = Column("people", "integer", "人数", "people", "person")


@dataclass(frozen=True)
class PlanFolder:
    """A plan as read from its folder."""

    folder: Path
    scenario: Scenario
    plan: FerryPlan
    info: Row
    metrics: Row
    audit: Row
    trace: list[Row]
    loads: list[Row]
    obligations: list[Row]
    money: list[Row]


def timetable_rows(scenario: Scenario, plan: FerryPlan) -> list[Row]:
    """One row a call, sailings in the order of the plan."""
    rows = []
    for sailing in plan.sailings:
        fleet = scenario.vessel_fleet(sailing.vessel)
        line = scenario.lines.get(sailing.line)
        for number, call in enumerate(sailing.calls, start=1):
            rows.append({
                "sailing": sailing.id, "line": sailing.line, "vessel": sailing.vessel, "operator": fleet.operator, "class": fleet.vessel_class,
                "call": number, "port": call.port, "arrives": "" if call.arrives is None else clock(call.arrives),
                "departs": "" if call.departs is None else clock(call.departs), "days": line.days if line else "1234567",
            })  # fmt: skip
    return rows


def passenger_rows(plan: FerryPlan) -> list[Row]:
    """One row a boarding."""
    rows = []
    for b in plan.boardings:
        row: Row = {"from_place": b.from_place, "to_place": b.to_place, "segment": b.segment, "wanted": clock(b.wanted), "people": b.people}
        for n, ride in enumerate(b.rides, start=1):
            row |= {f"sailing{n}": ride.sailing, f"board{n}": ride.board, f"alight{n}": ride.alight}
        rows.append(row)
    return rows


def read_timetable(file: Path, service: str) -> FerryPlan:
    """The sailings of a timetable.csv; BadInput with every fault of form. What it says is judged by the audit, not here."""
    faults: list[Fault] = []
    plan = _timetable(file, service, faults)
    _refuse(faults)
    return plan


def read_seated_timetable(folder: Path, service: str) -> FerryPlan:
    """timetable.csv and passengers.csv of a folder; BadInput with every fault of form."""
    faults: list[Fault] = []
    plan = _timetable(folder / "timetable.csv", service, faults)
    boardings = _boardings(folder / "passengers.csv", faults)
    _refuse(faults)
    return FerryPlan(service, plan.sailings, boardings)


def _timetable(file: Path, service: str, faults: list[Fault]) -> FerryPlan:
    calls: dict[str, list[Call]] = {}
    heads: dict[str, tuple[str, str]] = {}
    for number, row in read_rows(file, NEEDED, faults):
        arrives, departs = (cell(kind, file.name, number, row, faults) for kind in (ARRIVES, DEPARTS))
        calls.setdefault(row["sailing"], []).append(Call(row["port"], arrives, departs))
        heads.setdefault(row["sailing"], (row["line"], row["vessel"]))
    return FerryPlan(service, tuple(Sailing(s, *heads[s], tuple(c)) for s, c in calls.items()))


def _boardings(file: Path, faults: list[Fault]) -> tuple[Boarding, ...]:
    found = []
    for number, row in read_rows(file, PASSENGERS, faults):
        told = len(faults)
        wanted, people = (cell(kind, file.name, number, row, faults) for kind in (WANTED, PEOPLE))
        rides = []
        for n in ("1", "2"):
            if row[f"sailing{n}"]:
                board, alight = (cell(number_of(f"{end}{n}"), file.name, number, row, faults) for end in ("board", "alight"))
                rides.append(Ride(row[f"sailing{n}"], board or 0, alight or 0))
        if len(faults) == told:
            found.append(Boarding(row["from_place"], row["to_place"], row["segment"], wanted or 0, people or 0, tuple(rides)))
    return tuple(found)


def read_day(folder: Path, service: str) -> FerryPlan:
    """Sailings and passengers of a folder that holds timetable.csv and passengers.csv alone; BadInput with every fault of form."""
    faults: list[Fault] = []
    plan = _timetable(folder / "timetable.csv", service, faults)
    plan = FerryPlan(plan.service, plan.sailings, _boardings(folder / "passengers.csv", faults))
    _refuse(faults)
    return plan


def number_of(column: str) -> Column:
    """The number of a call in passengers.csv."""
    return Column(column, "integer", "挂靠序号", "number of the call")


def read_plan(folder: Path | str) -> PlanFolder:
    """A plan folder; BadInput with every fault if it is none, if a file of it is damaged or its scenario is at fault."""
    folder = Path(folder)
    faults: list[Fault] = []
    if not (folder / "plan.json").is_file():
        remedy = ("give a folder that plan has written", "请给出 plan 写出的文件夹")
        raise BadInput([Fault(str(folder), 0, "", "", "is no plan folder: plan.json is missing", "不是方案文件夹:缺少 plan.json", *remedy)])
    info, metrics, audit = (read_record(folder / f"{name}.json", shape, faults) for name, shape in RECORDS.items())
    plan = _timetable(folder / "timetable.csv", str(info.get("service")), faults)
    plan = FerryPlan(plan.service, plan.sailings, _boardings(folder / "passengers.csv", faults))
    tables = {name: _table(folder / f"{name}.csv", *TABLES[name], faults) for name in ("trace", "loads", "obligations", "money")}
    try:
        scenario = read_scenario(folder / "scenario")
    except BadInput as bad:
        raise BadInput([*faults, *bad.faults]) from None
    if info and plan.service not in scenario.services:
        remedy = near(plan.service, list(scenario.services))
        faults.append(Fault("plan.json", 0, "service", plan.service, "is no service pattern of its scenario", "不是本方案的时期", *remedy))
    for row in tables["loads"]:
        for end in ("from_port", "to_port"):
            if row[end] not in scenario.ports:
                remedy = near(row[end], list(scenario.ports))
                faults.append(Fault("loads.csv", 0, end, row[end][:60], "is no port of its scenario", "不是本方案的港口", *remedy))
    _refuse(faults)
    return PlanFolder(folder, scenario, plan, info, metrics, audit, **tables)


def refuse_unshowable(found: PlanFolder) -> None:
    """BadInput if the timetable names a port or vessel that is none, or lacks a time: such a plan can be judged, but not drawn."""
    if any(defect(found.scenario, s) or known_fleet(found.scenario, s.vessel) is None for s in found.plan.sailings):
        read_hand_timetable(found.scenario, found.folder / "timetable.csv", found.plan.service)


def _table(file: Path, columns: Sequence[str], numbers: Sequence[str], faults: list[Fault]) -> list[Row]:
    rows: list[Row] = []
    for number, row in read_rows(file, columns, faults):
        for name in numbers:
            cell(Column(name, "number", "数", "number", required=False), file.name, number, row, faults)
        rows.append(dict(row))
    return rows


def _refuse(faults: list[Fault]) -> None:
    wrong = [f for f in faults if not f.warning]
    if wrong:
        raise BadInput(wrong)


def write_csv(file: Path, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """A table with the given columns, also when it has no rows."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, lineterminator="\n", restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def write_json(file: Path, content: object) -> None:
    """JSON that people can read."""
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=False) + "\n", encoding="utf-8")


def aside(target: Path) -> Path:
    """A new folder beside ``target``; OSError if there can be none."""
    return Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))


def write_aside(target: Path, fill: Callable[[Path], None]) -> None:
    """Fills a folder beside ``target`` and puts it in its place in one step; what was there is kept until then."""
    target.parent.mkdir(parents=True, exist_ok=True)
    made = aside(target)
    try:
        fill(made)
        made.chmod(0o755)
        put_in_place(made, target)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def put_in_place(made: Path, target: Path) -> None:
    """Gives a folder the name ``target``; a folder that has the name is exchanged for it, so that there is always one, then removed."""
    if not target.exists():
        os.replace(made, target)
        return
    if exchange(made, target):
        return  # what was there now lies aside, and goes with it
    old = target.with_name(f".{target.name}-old-{os.getpid()}")
    os.replace(target, old)
    os.replace(made, target)
    shutil.rmtree(old, ignore_errors=True)


def exchange(one: Path, other: Path) -> bool:
    """Swaps two names at once where the system can (Linux 3.15, glibc 2.28); False where it cannot."""
    try:
        swap = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(swap(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0)


def copy_scenario(scenario: Scenario, target: Path) -> None:
    """The source files of a scenario."""
    if scenario.folder is None:
        raise ValueError("the scenario was not read from a folder")
    target.mkdir(parents=True, exist_ok=True)
    for file in sorted(scenario.folder.iterdir()):
        if file.suffix in {".csv", ".toml", ".json", ".geojson"} and file.is_file():
            shutil.copy(file, target / file.name)

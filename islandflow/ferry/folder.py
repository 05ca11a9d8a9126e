"""The plan folder: everything a plan is, in files; written aside, then renamed."""

from __future__ import annotations

import csv
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from islandflow.errors import BadInput, Fault
from islandflow.ferry.plan import Boarding, Call, FerryPlan, Ride, Sailing
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import read_scenario
from islandflow.units import clock, minutes

Row = dict[str, Any]
TIMETABLE = ("sailing", "line", "vessel", "operator", "class", "call", "port", "arrives", "departs", "days")
PASSENGERS = ("from_place", "to_place", "segment", "wanted", "people", "sailing1", "board1", "alight1", "sailing2", "board2", "alight2")


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
    """The sailings of a timetable.csv, made by us or by hand; BadInput with every fault (columns sailing, line, vessel, port, arrives, departs)."""
    faults: list[Fault] = []
    try:
        with file.open(encoding="utf-8-sig", newline="") as source:
            table = csv.DictReader(source)
            rows, header = list(table), table.fieldnames or ()
    except (OSError, UnicodeDecodeError, csv.Error):
        raise BadInput(
            [Fault(file.name, 0, "", "", "cannot be read", "无法读取", "give a CSV file in UTF-8", "请给出 UTF-8 的 CSV 文件")]
        ) from None
    needed = {"sailing", "line", "vessel", "port", "arrives", "departs"}
    lacking = sorted(needed - set(header))
    if lacking:
        raise BadInput([Fault(file.name, 1, c, "", "column is missing", "缺少该列", "add it", "请补充该列") for c in lacking])
    calls: dict[str, list[Call]] = {}
    heads: dict[str, tuple[str, str]] = {}
    for number, row in enumerate(rows, start=2):
        times: dict[str, int | None] = {}
        for column in ("arrives", "departs"):
            text = (row[column] or "").strip().replace("\uff1a", ":")
            try:
                times[column] = minutes(text) if text else None
            except ValueError:
                faults.append(
                    Fault(
                        file.name,
                        number,
                        column,
                        text[:40],
                        "is no time of day HH:MM",
                        "不是 HH:MM 时刻",
                        "write for example 07:30",
                        "请写如 07:30",
                    )
                )
                times[column] = None
        calls.setdefault(row["sailing"], []).append(Call(row["port"], times["arrives"], times["departs"]))
        heads.setdefault(row["sailing"], (row["line"], row["vessel"]))
    if faults:
        raise BadInput(faults)
    return FerryPlan(service, tuple(Sailing(s, *heads[s], tuple(c)) for s, c in calls.items()))


def read_boardings(file: Path) -> tuple[Boarding, ...]:
    """The rows of passengers.csv."""
    found = []
    with file.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            rides = tuple(Ride(row[f"sailing{n}"], int(row[f"board{n}"]), int(row[f"alight{n}"])) for n in (1, 2) if row[f"sailing{n}"])
            found.append(Boarding(row["from_place"], row["to_place"], row["segment"], minutes(row["wanted"]), int(row["people"]), rides))
    return tuple(found)


def read_plan(folder: Path | str) -> PlanFolder:
    """A plan folder; BadInput if it is none or its scenario is at fault."""
    folder = Path(folder)
    try:
        info = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        scenario = read_scenario(folder / "scenario")
        plan = read_timetable(folder / "timetable.csv", str(info["service"]))
        plan = FerryPlan(plan.service, plan.sailings, read_boardings(folder / "passengers.csv"))
        return PlanFolder(
            folder, scenario, plan, info, json.loads((folder / "metrics.json").read_text(encoding="utf-8")),
            json.loads((folder / "audit.json").read_text(encoding="utf-8")),
            *(_rows(folder / f"{name}.csv") for name in ("trace", "loads", "obligations", "money")),
        )  # fmt: skip
    except (OSError, ValueError, KeyError) as error:
        raise BadInput(
            [
                Fault(
                    str(folder),
                    0,
                    "",
                    "",
                    f"is no plan folder ({type(error).__name__})",
                    "不是方案文件夹",
                    "give a folder that plan has written",
                    "请给出 plan 写出的文件夹",
                )
            ]
        ) from None


def _rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as source:
        return [dict(r) for r in csv.DictReader(source)]


def write_csv(file: Path, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """A table with the given columns, also when it has no rows."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, lineterminator="\n", restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def write_json(file: Path, content: object) -> None:
    """JSON that people can read."""
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=False) + "\n", encoding="utf-8")


def write_aside(target: Path, fill: Callable[[Path], None]) -> None:
    """Fills a folder beside ``target`` and puts it in its place in one step; what was there is kept until then."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        fill(aside)
        old = target.with_name(f".{target.name}-old-{os.getpid()}")
        if target.exists():
            os.replace(target, old)
        os.replace(aside, target)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def copy_scenario(scenario: Scenario, target: Path) -> None:
    """The source files of a scenario."""
    if scenario.folder is None:
        raise ValueError("the scenario was not read from a folder")
    target.mkdir(parents=True, exist_ok=True)
    for file in sorted(scenario.folder.iterdir()):
        if file.suffix in {".csv", ".toml", ".json", ".geojson"} and file.is_file():
            shutil.copy(file, target / file.name)

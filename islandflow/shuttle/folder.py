"""The folder of a shuttle plan: tables that people read, the ferry timetable it meets, and the whole plan read back for the audit."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from islandflow.errors import BadInput, Fault
from islandflow.ferry.folder import read_seated_timetable
from islandflow.ferry.plan import FerryPlan
from islandflow.ferry.rows import Cells, cell, read_rows
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import near, read_scenario
from islandflow.scenario.table import Column
from islandflow.shuttle.lines_folder import read_lines
from islandflow.shuttle.moves import MOVES, MOVES_TEXT, WHO
from islandflow.shuttle.plan import Charge, DayPlan, Halt, Load, Rest, Run, Unserved
from islandflow.shuttle.shuttleplan import IslandProof, ShuttlePlan
from islandflow.shuttle.tables import COLUMNS

Row = dict[str, Any]
KIND = "shuttle"


@dataclass(frozen=True)
class ShuttleFolder:
    """The folder of a shuttle plan, read whole."""

    folder: Path
    scenario: Scenario
    ferry: FerryPlan
    plan: ShuttlePlan
    info: Row
    audit: Row
    moves: tuple[Row, ...] = ()
    who: tuple[Row, ...] = ()


def read_shuttle_folder(folder: Path | str) -> ShuttleFolder:
    """A folder that `shuttle` wrote; BadInput with every fault if it is none or damaged."""
    folder = Path(folder)
    info, audit, proofs = _said(folder)
    service = str(info["service"])
    faults: list[Fault] = []
    try:
        lines = read_lines(folder, info.get("lines", []), faults)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _no_folder(folder, error) from None
    scenario = read_scenario(folder / "scenario")
    ferry = read_seated_timetable(folder / "ferry", service)
    days = _days(folder, [p.island_id for p in proofs], faults)
    moves, who = (_numbered(folder / f"{name}.csv", columns, faults) for name, columns in (("moves", MOVES), ("who", WHO)))
    if faults:
        raise BadInput(faults)
    return ShuttleFolder(folder, scenario, ferry, ShuttlePlan(service, days, proofs, lines), info, audit, moves, who)


def read_shuttle_days(folder: Path) -> tuple[str, dict[str, DayPlan]]:
    """Service pattern and days by island, without the scenario and ferry timetable that lie in the folder; BadInput as above."""
    info, _, proofs = _said(folder)
    faults: list[Fault] = []
    days = _days(folder, [p.island_id for p in proofs], faults)
    if faults:
        raise BadInput(faults)
    return str(info["service"]), days


def _said(folder: Path) -> tuple[Row, Row, tuple[IslandProof, ...]]:
    """What plan.json and audit.json say, and the proofs of the islands; BadInput if it is no folder of shuttles."""
    try:
        info = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        audit = json.loads((folder / "audit.json").read_text(encoding="utf-8"))
        if info["kind"] != KIND:
            raise ValueError("kind")
        str(info["service"])
        return info, audit, tuple(IslandProof(**p) for p in info["islands"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _no_folder(folder, error) from None


def _no_folder(folder: Path, error: Exception) -> BadInput:
    words = (f"is no folder of a shuttle plan ({type(error).__name__})", "不是短驳方案文件夹", "give a folder that shuttle has written", "请给出 shuttle 写出的文件夹")
    return BadInput([Fault(str(folder), 0, "", "", *words)])


def _numbered(file: Path, columns: tuple[str, ...], faults: list[Fault]) -> tuple[Row, ...]:
    """Rows of a table of moved sailings, its numbers as such; none where no sailing was to move."""
    if not file.is_file():
        return ()
    found = []
    for number, row in read_rows(file, columns, faults):
        kept: Row = {c: row[c] for c in columns}
        for c in columns:
            if c not in MOVES_TEXT:
                kept[c] = cell(Column(c, "integer", c, c), file.name, number, row, faults) or 0
        found.append(kept)
    return tuple(found)


def _days(folder: Path, islands: list[str], faults: list[Fault]) -> dict[str, DayPlan]:
    """Days by island, from runs, halts, loads, charges, rests and unserved."""
    tables = {name: _Table(folder / f"{name}.csv", COLUMNS[name], islands, faults) for name in ("runs", "halts", "loads", "charges", "rests", "unserved")}
    halts: dict[tuple[str, str], list[tuple[int, Halt]]] = defaultdict(list)
    loads: dict[tuple[str, str], list[Load]] = defaultdict(list)
    for t, row in tables["halts"]:
        halts[row["island_id"], row["run"]].append((t("halt", "integer"), Halt(row["stop"], t("minute", "clock"))))
    for t, row in tables["loads"]:
        loads[row["island_id"], row["run"]].append(Load(row["party"], t("people", "integer")))
    found: dict[str, list[list[Any]]] = {i: [[], [], [], []] for i in islands}
    for t, row in tables["runs"]:
        key = (row["island_id"], row["run"])
        if row["kind"] not in ("out", "in"):
            t.say("kind", row["kind"], *near(row["kind"], ["out", "in"]))
            continue
        stops = tuple(h for _, h in sorted(halts[key], key=lambda x: x[0]))
        found[key[0]][0].append(Run(row["run"], row["vehicle"], "out" if row["kind"] == "out" else "in", row["quay"], t("begins", "clock"), t("ends", "clock"), stops, tuple(loads[key])))  # fmt: skip
    for t, row in tables["charges"]:
        found[row["island_id"]][1].append(Charge(row["vehicle"], row["charger"], t("begins", "clock"), t("ends", "clock"), t("units", "integer")))
    for t, row in tables["rests"]:
        found[row["island_id"]][2].append(Rest(row["vehicle"], row["node"], t("begins", "clock"), t("ends", "clock")))
    for t, row in tables["unserved"]:
        found[row["island_id"]][3].append(Unserved(row["party"], t("people", "integer"), row["binds"]))
    known = {(i, r.run_id) for i, lists in found.items() for r in lists[0]}
    for name, keys in (("halts", halts), ("loads", loads)):
        for _, run in sorted(set(keys) - known):
            faults.append(Fault(f"{name}.csv", 0, "run", run, "is no run of runs.csv", "不在 runs.csv 中", "keep the tables together", "请保持各表一致"))
    return {i: DayPlan(*(tuple(x) for x in lists)) for i, lists in found.items()}


class _Row:
    """Reads the cells of one row by their kind."""

    def __init__(self, file: str, number: int, row: Cells, faults: list[Fault]) -> None:
        self.file, self.number, self.row, self.faults = file, number, row, faults

    def __call__(self, column: str, kind: Any) -> int:
        return cell(Column(column, kind, column, column), self.file, self.number, self.row, self.faults) or 0

    def say(self, column: str, value: str, remedy_en: str, remedy_zh: str) -> None:
        """A fault of a cell."""
        self.faults.append(Fault(self.file, self.number, column, value[:40], "is not allowed here", "取值无效", remedy_en, remedy_zh))


class _Table(list[tuple[_Row, Cells]]):
    """Rows of a table whose island is known."""

    def __init__(self, file: Path, columns: tuple[str, ...], islands: list[str], faults: list[Fault]) -> None:
        super().__init__()
        for number, row in read_rows(file, columns, faults):
            reader = _Row(file.name, number, row, faults)
            if row["island_id"] in islands:
                self.append((reader, row))
            else:
                reader.say("island_id", row["island_id"], *near(row["island_id"], islands))

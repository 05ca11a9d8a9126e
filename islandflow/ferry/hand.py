"""Reads a timetable made by hand: a row a call; forgiving on form, strict on meaning, every fault at once with its place and remedy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from islandflow.errors import BadInput, Fault
from islandflow.ferry.plan import Call, FerryPlan, Sailing
from islandflow.ferry.rows import cell, read_rows
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import near
from islandflow.scenario.table import Column

NEEDED = ("sailing", "line", "vessel", "port", "arrives", "departs")
GENERATED = "+"
ARRIVES = Column("arrives", "clock", "到达", "time of day", required=False)
DEPARTS = Column("departs", "clock", "开航", "time of day", required=False)
NUMBER = Column("call", "integer", "挂靠序号", "number of the call", required=False, low=1, high=100)
BOAT = ("write it as FLEET_ID-01, a vessel of the table vessels", "请写 船组编号-01,取自 vessels 表")


@dataclass(frozen=True)
class _Row:
    """A row as read: its line in the file, what names it, and the call."""

    number: int
    sailing: str
    line: str
    vessel: str
    order: int
    call: Call


def read_hand_timetable(scenario: Scenario, file: Path, service: str) -> FerryPlan:
    """The sailings of a timetable made by hand; BadInput with every fault.

    Columns ``sailing line vessel port arrives departs``, a row a call, in order of call or with a column ``call``; other columns
    are not read. ``line`` is a line of the scenario, or ``+`` for one that is none.
    """
    faults: list[Fault] = []
    if service not in scenario.services:
        remedy = near(service, list(scenario.services))
        faults.append(Fault("--service", 0, "", service, "is no service pattern of this scenario", "不是本方案的时期", *remedy))
    rows = _rows(file, scenario, faults)
    sailings = tuple(_sailings(file.name, rows, faults))
    wrong = [f for f in faults if not f.warning]
    if wrong:
        raise BadInput(wrong)
    return FerryPlan(service, sailings)


def _rows(file: Path, scenario: Scenario, faults: list[Fault]) -> list[_Row]:
    told = len(faults)
    lines = read_rows(file, NEEDED, faults)
    if not lines and not any(not f.warning for f in faults[told:]):
        remedy = (f"write {','.join(NEEDED)} and a row a call", f"请写表头 {','.join(NEEDED)},每次挂靠一行")
        faults.append(Fault(file.name, 0, "", "", "has no rows", "没有数据行", *remedy))
    vessels = [v for fleet in scenario.fleets.values() for v in fleet.vessel_ids()]
    known = {"line": [*scenario.lines, GENERATED], "vessel": vessels, "port": list(scenario.ports)}
    sets = {name: frozenset(ids) for name, ids in known.items()}
    rows = []
    for number, row in lines:
        if not row["sailing"]:
            remedy = ("give each sailing a name of its own", "请为每个航次取唯一编号")
            faults.append(Fault(file.name, number, "sailing", "", "is empty", "为空", *remedy))
        for column, ids in known.items():
            if row[column] not in sets[column]:
                remedy = BOAT if column == "vessel" and not row[column] else near(row[column], ids)
                what = (
                    f"is no {column} of this scenario",
                    {"line": "不是本方案的航线", "vessel": "船队中没有这艘船", "port": "不是本方案的港口"}[column],
                )
                faults.append(Fault(file.name, number, column, row[column][:60], *what, *remedy))
        arrives, departs, order = (cell(kind, file.name, number, row, faults) for kind in (ARRIVES, DEPARTS, NUMBER))
        rows.append(_Row(number, row["sailing"], row["line"], row["vessel"], order or 0, Call(row["port"], arrives, departs)))
    return rows


def _sailings(file: str, rows: list[_Row], faults: list[Fault]) -> list[Sailing]:
    """Rows gathered by sailing, in order of first appearance; what does not fit together is told."""
    gathered: dict[str, list[_Row]] = {}
    for row in rows:
        gathered.setdefault(row.sailing, []).append(row)
    told = {(f.row, f.column) for f in faults}
    found = []
    for name, mine in gathered.items():
        for row in mine[1:]:
            for column in ("line", "vessel"):
                if getattr(row, column) != getattr(mine[0], column):
                    what = (f"is another {column} than in row {mine[0].number}", f"与第 {mine[0].number} 行不同")
                    remedy = (f"one sailing, one {column}", "同一航次请写相同的值")
                    faults.append(Fault(file, row.number, column, getattr(row, column), *what, *remedy))
        if all(row.order for row in mine):
            _twice(file, mine, faults)
            mine = sorted(mine, key=lambda row: row.order)
        if len(mine) < 2:
            remedy = ("add a row for the port of arrival", "请补充到达港一行")
            faults.append(Fault(file, mine[0].number, "sailing", name, "calls at one port only", "只挂靠一个港口", *remedy))
        for position, row in enumerate(mine):
            for column, time, wanted in (
                ("arrives", row.call.arrives, position > 0),
                ("departs", row.call.departs, position < len(mine) - 1),
            ):
                if wanted and time is None and len(mine) > 1 and (row.number, column) not in told:
                    remedy = (
                        "write HH:MM; only the first call has no arrival, only the last no departure",
                        "请写 HH:MM;仅首港无到达、末港无开航",
                    )
                    faults.append(Fault(file, row.number, column, "", "a time is missing", "缺少时刻", *remedy))
        found.append(Sailing(name, mine[0].line, mine[0].vessel, tuple(row.call for row in mine)))
    return found


def _twice(file: str, mine: list[_Row], faults: list[Fault]) -> None:
    seen: dict[int, int] = {}
    for row in mine:
        if row.order in seen:
            what = (f"stands in row {seen[row.order]} already", f"与第 {seen[row.order]} 行重复")
            faults.append(
                Fault(
                    file,
                    row.number,
                    "call",
                    str(row.order),
                    *what,
                    "number the calls 1, 2, …; two sailings need two names",
                    "请按 1、2… 编号;不同航次请用不同编号",
                )
            )
        seen.setdefault(row.order, row.number)

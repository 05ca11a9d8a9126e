"""Lines read back from the folder of a shuttle plan; a folder without them holds none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from islandflow.errors import Fault
from islandflow.ferry.rows import Cells, cell, read_rows
from islandflow.scenario.reader import near
from islandflow.scenario.table import Column
from islandflow.shuttle.lines_plan import Line, LinesPlan, LinesProof, LineTrip, Riders
from islandflow.shuttle.lines_tables import LINE_COLUMNS

Found = dict[str, tuple[list[Line], list[LineTrip], list[Riders]]]
SIGNS = {"direction": ("out", "back"), "boat": ("yes", "no")}


def read_lines(folder: Path, told: list[dict[str, Any]], faults: list[Fault]) -> dict[str, tuple[LinesPlan, LinesProof]]:
    """Plan and proof by island; ``told`` is what plan.json says of lines. TypeError if that is damaged; faults of the tables are added."""
    proofs = [LinesProof(**p) for p in told]
    found: Found = {p.island_id: ([], [], []) for p in proofs}
    if not proofs:
        return {}
    for row in _table(folder, "lines", found, faults):
        number = {name: row(name, "integer") for name in ("headway_min", "departures")}
        first, back = row("first_out", "clock"), row("first_back", "clock")
        calls = tuple(c for c in row.text("calls").split(";") if c)
        found[row.island][0].append(Line(row.text("line"), row.text("fleet"), calls, number["headway_min"], number["departures"], first, back, _reserved(row)))
    for row in _table(folder, "line_trips", found, faults):
        departs, arrives = row("departs", "clock"), row("arrives", "clock")
        found[row.island][1].append(LineTrip(row.text("vehicle"), row.text("line"), row.text("direction") == "back", departs, arrives, row.text("charger"), row("wh", "integer")))
    for row in _table(folder, "line_riders", found, faults):
        names = (row.text("line"), row.text("boards"), row.text("alights"))
        found[row.island][2].append(Riders(row.text("origin"), row.text("goal"), row.text("boat") == "yes", *names, row("people", "integer")))
    return {p.island_id: (LinesPlan(tuple(lines), tuple(trips), tuple(riders)), p) for p in proofs for lines, trips, riders in [found[p.island_id]]}


class _Row:
    """One row whose island is known."""

    def __init__(self, file: str, number: int, cells: Cells, faults: list[Fault]) -> None:
        self.file, self.number, self.cells, self.faults = file, number, cells, faults
        self.island = cells["island_id"]

    def __call__(self, column: str, kind: Any) -> int:
        return cell(Column(column, kind, column, column), self.file, self.number, self.cells, self.faults) or 0

    def text(self, column: str) -> str:
        """A cell as it stands."""
        return self.cells[column].strip()

    def say(self, column: str, remedy_en: str, remedy_zh: str) -> None:
        """A fault of a cell."""
        self.faults.append(Fault(self.file, self.number, column, self.cells[column][:40], "is not allowed here", "取值无效", remedy_en, remedy_zh))


def _table(folder: Path, name: str, islands: Found, faults: list[Fault]) -> list[_Row]:
    rows = []
    for number, cells in read_rows(folder / f"{name}.csv", LINE_COLUMNS[name], faults):
        row, told = _Row(f"{name}.csv", number, cells, faults), len(faults)
        if row.island not in islands:
            row.say("island_id", *near(row.island, list(islands)))
        for column, known in SIGNS.items():
            if column in cells and cells[column] not in known:
                row.say(column, *near(cells[column], list(known)))
        if len(faults) == told:
            rows.append(row)
    return rows


def _reserved(row: _Row) -> tuple[tuple[str, int], ...]:
    found = []
    for part in row.text("reserved").split(";"):
        name, _, count = part.partition(":")
        if part and count.isdigit():
            found.append((name, int(count)))
        elif part:
            row.say("reserved", "write CHARGER:NUMBER", "请写 充电站:数量")
    return tuple(found)

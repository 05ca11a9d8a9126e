"""Scenario and plan as Excel workbooks; the sheets are the tables of the schema."""

from __future__ import annotations

import csv
import os
import shutil
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from islandflow.errors import BadInput, Fault
from islandflow.exchange.look import cell_name
from islandflow.exchange.sheets import Lines, csv_text, read_book, write_book
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import decode, near, read_scenario
from islandflow.scenario.schema import TABLES

HEAD, COASTLINE = "scenario", "coastline"
CHUNK = 30_000  # characters; an Excel cell holds 32,767
TIMETABLE_COLUMNS = ("sailing", "line", "vessel", "port", "arrives", "departs")


def export_scenario(folder: str | Path, xlsx: str | Path) -> None:
    """A scenario folder as a workbook; BadInput if the folder is none. The coastline goes into a hidden sheet."""
    scenario = read_scenario(folder)
    source = Path(folder)
    head = tomllib.loads((source / "scenario.toml").read_text(encoding="utf-8-sig"))
    sheets: dict[str, Lines] = {HEAD: [["key", "value"], *([k, _plain(v)] for k, v in head.items())]}
    for table in TABLES:
        if (source / f"{table.name}.csv").is_file():
            sheets[table.name] = _csv_lines(source / f"{table.name}.csv")
    if scenario.coastline is not None:
        text = scenario.coastline.read_text(encoding="utf-8-sig")
        # each piece ends in a mark, so that no blank at a cut is lost
        sheets[COASTLINE] = [["part"], *([text[i : i + CHUNK] + "|"] for i in range(0, len(text), CHUNK))]
    write_book(Path(xlsx), sheets, hidden=(COASTLINE,))


def import_scenario(xlsx: str | Path, folder: str | Path) -> Scenario:
    """A workbook as a scenario folder, checked before it appears; BadInput names faults as ``ports!D12``."""
    file, goal = Path(xlsx), Path(folder)
    wrong: list[Fault] = []
    with _new_folder(goal) as aside:
        sheets = read_book(file, wrong)
        _known_sheets(sheets)
        for table in TABLES:
            if table.name in sheets:
                (aside / f"{table.name}.csv").write_text(csv_text(sheets[table.name]), encoding="utf-8", newline="")
        head = _head(sheets.get(HEAD, []))
        (aside / "scenario.toml").write_text(_toml(head), encoding="utf-8", newline="")
        if COASTLINE in sheets:
            text = "".join(row[0].removesuffix("|") for row in sheets[COASTLINE][1:] if row)
            (aside / _file_name(head)).write_text(text, encoding="utf-8", newline="")
        try:
            read_scenario(aside)
        except BadInput as bad:
            wrong += [_placed(fault, sheets) for fault in bad.faults]
        if wrong:
            raise BadInput(_once(wrong))
    return read_scenario(goal)


def import_plan(xlsx: str | Path, folder: str | Path) -> Path:
    """The timetable of a plan's workbook as ``timetable.csv`` in a new folder, to be judged anew; BadInput if there is none.

    The other sheets of a plan are what follows from its timetable: whoever changes sailings has them reckoned again by the audit.
    """
    with _new_folder(Path(folder)) as aside:
        (aside / "timetable.csv").write_text(import_timetable(xlsx), encoding="utf-8", newline="")
    return Path(folder) / "timetable.csv"


def holds_plan(xlsx: str | Path) -> bool:
    """Whether a workbook is that of a plan: a timetable and no head of a scenario. BadInput if it cannot be read."""
    names = read_book(Path(xlsx), [])
    return "timetable" in names and HEAD not in names


@contextmanager
def _new_folder(goal: Path) -> Iterator[Path]:
    """A folder to fill aside that takes its name only when all went well; BadInput if the name is taken."""
    if goal.exists() and (not goal.is_dir() or any(goal.iterdir())):
        raise BadInput([Fault(str(goal), 0, "", "", "exists already", "已存在", "name a new folder", "请指定新文件夹")])
    goal.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".import-", dir=goal.parent))
    try:
        yield aside
        os.chmod(aside, 0o755)
        with suppress(FileNotFoundError):
            goal.rmdir()
        aside.rename(goal)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _once(faults: list[Fault]) -> list[Fault]:
    """The first fault of each cell: an Excel error is told as such, not as an empty cell as well."""
    cells: dict[object, Fault] = {}
    for fault in faults:
        cells.setdefault(fault.file if "!" in fault.file else fault, fault)
    return list(cells.values())


def export_plan(plan_folder: str | Path, xlsx: str | Path) -> None:
    """Every CSV table of a plan folder as a sheet; BadInput if there is none."""
    source = Path(plan_folder)
    tables = sorted(source.glob("*.csv"))
    if not tables:
        raise BadInput([Fault(str(source), 0, "", "", "holds no table of a plan", "没有方案表", "name a plan folder", "请指定方案文件夹")])
    write_book(Path(xlsx), {file.stem: _csv_lines(file) for file in tables})


def import_timetable(xlsx: str | Path) -> str:
    """The sheet ``timetable`` (or the only sheet) of a workbook as CSV text; BadInput if its columns are not there."""
    file = Path(xlsx)
    sheets = read_book(file)
    name = "timetable" if "timetable" in sheets else next(iter(sheets)) if len(sheets) == 1 else ""
    if not name:
        raise BadInput([Fault(file.name, 0, "", "", "has no sheet timetable", "没有 timetable 工作表", *near("timetable", list(sheets)))])
    lines = sheets[name]
    header = [c.strip() for c in lines[0]] if lines else []
    lacking = [c for c in TIMETABLE_COLUMNS if c not in header]
    if lacking:
        raise BadInput([Fault(name, 0, c, "", "column is missing", "缺少该列", f"add the column {c}", f"请添加 {c} 列") for c in lacking])
    return csv_text(lines)


def _csv_lines(file: Path) -> Lines:
    faults: list[Fault] = []
    text = decode(file.name, file.read_bytes(), faults)
    try:
        lines = list(csv.reader((text or "").splitlines(keepends=True)))
    except csv.Error as error:
        faults.append(Fault(file.name, 0, "", "", f"is no CSV: {error}", f"不是 CSV:{error}", "save it as CSV", "请另存为 CSV"))
    wrong = [f for f in faults if not f.warning]
    if wrong:
        raise BadInput(wrong)
    return [row for row in lines if row]


def _plain(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _known_sheets(sheets: Mapping[str, Lines]) -> None:
    known = [HEAD, COASTLINE, *(t.name for t in TABLES)]
    faults = [
        Fault(name, 0, "", "", "is no sheet of a scenario", "不是场景工作表", *near(name, known))
        for name, lines in sheets.items()
        if name not in known and any(any(row) for row in lines)
    ]
    if faults:
        raise BadInput(faults)


def _head(lines: Lines) -> dict[str, str]:
    return {row[0].strip(): row[1].strip() if len(row) > 1 else "" for row in lines[1:] if row and row[0].strip()}


def _toml(head: Mapping[str, str]) -> str:
    rows = []
    for key, value in head.items():
        word = value.lower()
        whole = key == "format" and value.isascii() and value.isdigit()
        flag = key == "estimated" and word in ("true", "false", "yes", "no")
        text = str(int(value)) if whole else ("true" if word in ("true", "yes") else "false") if flag else _quoted(value)
        rows.append(f"{key if key.isascii() and key.isidentifier() else _quoted(key)} = {text}\n")
    return "".join(rows)


def _quoted(text: str) -> str:
    return '"' + "".join(f"\\u{ord(c):04x}" if ord(c) < 32 or ord(c) == 127 or c in '"\\' else c for c in text) + '"'


def _file_name(head: Mapping[str, str]) -> str:
    """The coastline's file name, never a path: the workbook comes from anywhere."""
    name = head.get("coastline", "")
    return name if name and Path(name).name == name and name not in (".", "..") and "\\" not in name else "coastline.geojson"


def _placed(fault: Fault, sheets: Mapping[str, Lines]) -> Fault:
    """The fault with its place in the workbook instead of the file's."""
    name = HEAD if fault.file == "scenario.toml" else fault.file.removesuffix(".csv")
    lines = sheets.get(name, [])
    if name == HEAD:
        row = next((n for n, cells in enumerate(lines, 1) if cells and cells[0].strip() == fault.column), 0)
        return replace(fault, file=f"{HEAD}!{cell_name(row, 2)}" if row else HEAD, row=0)
    header = [c.strip() for c in lines[0]] if lines else []
    column = header.index(fault.column) + 1 if fault.column in header else 1
    return replace(fault, file=f"{name}!{cell_name(fault.row, column)}" if fault.row else name, row=0)

"""A look into a workbook before it is read: how far its cells reach, which hold an Excel error, which are merged.

The compiled reader lays a sheet out as a rectangle from its first to its last cell, gives an error as an empty cell, and a merged range
as one value among empty cells. A single cell in the last corner would fill any memory; the other two would be lost in silence.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from islandflow.errors import BadInput, Fault

LARGEST_UNPACKED = 512 * 1024 * 1024  # bytes; a small archive may unpack to gigabytes
LARGEST_SHEET = 4_000_000  # cells of the rectangle: 200,000 rows of 20 columns
MOST_TOLD = 50  # faults of a sheet
_REF = re.compile(r"([A-Z]{1,3})(\d{1,7})\Z")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def look(file: Path) -> list[Fault]:
    """Faults of single cells; BadInput if the file is no .xlsx workbook or too large to be read at all."""
    with zipfile.ZipFile(file) as archive:
        if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
            raise BadInput(
                [Fault(file.name, 0, "", "", "unpacks to more than the limit", "解压后超过上限", "split the workbook", "请拆分工作簿")]
            )
        faults: list[Fault] = []
        for name, part in _parts(archive):
            with archive.open(part) as source:
                faults += _sheet(name, source)
        return faults


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name and part of each worksheet. KeyError where the archive is no workbook."""
    targets = {}
    with archive.open("xl/_rels/workbook.xml.rels") as source:
        for node in ElementTree.parse(source).getroot():
            targets[node.get("Id")] = posixpath.normpath(posixpath.join("/xl", node.get("Target", "")))[1:]
    with archive.open("xl/workbook.xml") as source:
        for node in ElementTree.parse(source).getroot().iter():
            target = targets.get(node.get(_RELATION)) if _plain(node.tag) == "sheet" else None
            if target in archive.namelist():
                yield node.get("name", ""), str(target)


def _sheet(name: str, source: IO[bytes]) -> list[Fault]:
    faults: list[Fault] = []
    row = column = 0
    last_row = last_column = 0
    for event, node in ElementTree.iterparse(source, ("start", "end")):
        tag = _plain(node.tag)
        if event == "start" and tag == "row":
            row, column = int(node.get("r", row + 1)), 0
        elif event == "end" and tag == "c":
            row, column = _place(node.get("r", ""), row, column)
            if len(node):
                last_row, last_column = max(last_row, row), max(last_column, column)
                _bounded(name, last_row, last_column)
            if node.get("t") == "e" and len(faults) < MOST_TOLD:
                faults.append(_error(f"{name}!{cell_name(row, column)}", "".join(v.text or "" for v in node if _plain(v.tag) == "v")))
            node.clear()
        elif event == "end" and tag == "row":
            node.clear()
        elif event == "end" and tag == "mergeCell" and len(faults) < MOST_TOLD:
            faults.append(_merged(f"{name}!{node.get('ref', '')}"))
    return faults


def _bounded(name: str, row: int, column: int) -> None:
    """Counted from A1, where a table begins."""
    if row * column > LARGEST_SHEET:
        raise BadInput([Fault(
            f"{name}!{cell_name(row, column)}", 0, "", "", f"makes the sheet larger than {LARGEST_SHEET:,} cells", f"使工作表超过 {LARGEST_SHEET:,} 格",
            "delete what lies beyond the table", "请删除表格以外的内容",
        )])  # fmt: skip


def _error(place: str, value: str) -> Fault:
    return Fault(
        place, 0, "", value, "is an Excel error", "是 Excel 错误值", "mend the formula or write the value", "请修正公式或直接填写数值"
    )


def _merged(place: str) -> Fault:
    return Fault(place, 0, "", "", "are merged cells", "是合并单元格", "unmerge them and fill in each cell", "请取消合并并逐格填写")


def _place(ref: str, row: int, column: int) -> tuple[int, int]:
    """Row and column of a cell; one without a reference stands right of the one before."""
    found = _REF.match(ref)
    if not found:
        return row, column + 1
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return int(found[2]), number


def cell_name(row: int, column: int) -> str:
    """``D12`` for row 12, column 4 (both from 1)."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def _plain(tag: str) -> str:
    return tag.rpartition("}")[2]

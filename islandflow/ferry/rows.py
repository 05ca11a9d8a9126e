"""Rows of a table that belongs to a plan, ours or made by hand: forgiving on form, every fault with its place."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from islandflow.errors import Fault
from islandflow.scenario.cells import BadCell, read_cell, tidy
from islandflow.scenario.reader import MOST_ROWS, decode
from islandflow.scenario.table import Column

Cells = dict[str, str]


def read_rows(file: Path, needed: Sequence[str], faults: list[Fault]) -> list[tuple[int, Cells]]:
    """Rows with their line in the file, cells tidied; none if the file or its header is at fault. Other columns are kept as they are."""
    lines = _lines(file, faults)
    if lines is None:
        return []
    if not any(text.strip() for line in lines for text in line):
        remedy = (f"write {','.join(needed)} and rows", f"请写表头 {','.join(needed)} 和数据行")
        faults.append(Fault(file.name, 0, "", "", "has no rows", "没有数据行", *remedy))
        return []
    header = [tidy(text) for text in lines[0]]
    wrong = [Fault(file.name, 1, c, "", "column is missing", "缺少该列", "add it", "请补充该列") for c in needed if c not in header]
    wrong += [
        Fault(file.name, 1, c, "", "stands twice", "重复", "keep one", "请只保留一列") for c in dict.fromkeys(needed) if header.count(c) > 1
    ]
    if len(lines) - 1 > MOST_ROWS:
        what = (f"rows are more than {MOST_ROWS}", f"行超过上限 {MOST_ROWS}")
        wrong.append(Fault(file.name, MOST_ROWS + 2, "", str(len(lines) - 1), *what, "split the table", "请拆分表"))
    if wrong:
        faults += wrong
        return []
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        if not any(text.strip() for text in cells):
            continue
        if len(cells) == len(header):
            rows.append((number, {name: tidy(text) for name, text in zip(header, cells, strict=True)}))
            continue
        what = (f"fields where the header has {len(header)}", f"个字段,表头为 {len(header)} 个")
        remedy = ("quote cells that hold commas", "含逗号的单元格请加引号")
        faults.append(Fault(file.name, number, "", str(len(cells)), *what, *remedy))
    return rows


def cell(kind: Column, file: str, number: int, row: Cells, faults: list[Fault]) -> int | None:
    """The whole number or minute in the column that ``kind`` names; None, and a fault, if it is none."""
    text = row.get(kind.name, "")
    try:
        value = read_cell(kind, text)
    except BadCell as bad:
        faults.append(Fault(file, number, kind.name, text[:40], bad.en, bad.zh, bad.remedy_en, bad.remedy_zh))
        return None
    return value if isinstance(value, int) else None


def _lines(file: Path, faults: list[Fault]) -> list[list[str]] | None:
    try:
        raw = file.read_bytes()
    except OSError:
        faults.append(Fault(file.name, 0, "", "", "cannot be read", "无法读取", "give a CSV file", "请给出 CSV 文件"))
        return None
    text = decode(file.name, raw, faults)
    if text is None:
        return None
    try:
        return list(csv.reader(io.StringIO(text, newline=""), strict=False))
    except csv.Error as error:
        faults.append(Fault(file.name, 0, "", "", f"is no CSV: {error}", f"不是 CSV:{error}", "save it as CSV", "请另存为 CSV"))
        return None

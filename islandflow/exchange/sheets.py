"""Excel cells as table text and back: formulas are never written, dates and times are read as a person sees them."""

from __future__ import annotations

import csv
import io
import math
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from islandflow.errors import BadInput, Fault
from islandflow.exchange.look import look

Lines = list[list[str]]
WIDEST, LONGEST_NAME = 48, 31


def write_book(file: Path, sheets: Mapping[str, Sequence[Sequence[str]]], hidden: Sequence[str] = ()) -> None:
    """Write a workbook: one sheet a table, first line a frozen bold header with filters. Written aside, then renamed."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(suffix=".xlsx", dir=file.parent)
    os.close(handle)
    try:
        with xlsxwriter.Workbook(aside, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            head = book.add_format({"bold": True, "bottom": 1})
            # a mark that keeps Excel from turning =1+1 into a formula when the cell is edited
            quoted = book.add_format({"quote_prefix": True})
            for name, lines in sheets.items():
                sheet = book.add_worksheet(name[:LONGEST_NAME])
                _fill(sheet, lines, head, quoted)
                if name in hidden:
                    sheet.hide()
        os.chmod(aside, 0o644)
        os.replace(aside, file)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(aside)


def _fill(sheet: Any, lines: Sequence[Sequence[str]], head: Any, quoted: Any) -> None:
    for r, cells in enumerate(lines):
        for c, text in enumerate(cells):
            if r == 0:
                sheet.write_string(r, c, text, head)
            elif (number := plain_number(text)) is not None:
                sheet.write_number(r, c, number)
            elif text:
                sheet.write_string(r, c, text, quoted if text[0] in "=+-@" else None)
    if lines and lines[0]:
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(lines) - 1, 1), len(lines[0]) - 1)
        for c in range(len(lines[0])):
            widths = [sum(2 if ord(ch) > 0x2E7F else 1 for ch in cells[c]) for cells in lines[:500] if c < len(cells)]
            sheet.set_column(c, c, min(max(widths) + 3, WIDEST))


def plain_number(text: str) -> float | None:
    """The number of a text that Excel would give back unchanged; None for all else (007, 1234567890123456, 0.50, +5)."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and number_text(value) == text and len(text) <= 15 else None


def number_text(value: float) -> str:
    """A number as a person writes it: 3, not 3.0."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def read_book(file: Path, faults: list[Fault] | None = None) -> dict[str, Lines]:
    """Cells of all sheets as text, row by row from A1; BadInput if the file is no workbook.

    Cells that cannot be read for what they are (Excel errors, merged ranges) are added to ``faults``; without that list they are refused.
    """
    try:
        found = look(file)
        if found and faults is None:
            raise BadInput(found)
        (faults if faults is not None else []).extend(found)
        book = CalamineWorkbook.from_path(file)
        return {name: _from_a1(book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names}
    except (BadInput, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - the reader is compiled; its panics are no Exception
        cause = type(error).__name__
        en, zh = f"is no Excel workbook ({cause})", f"不是 Excel 工作簿({cause})"
        raise BadInput([Fault(file.name, 0, "", "", en, zh, "save it as .xlsx, without a password", "请另存为不加密的 .xlsx")]) from None


def _from_a1(rows: Sequence[Sequence[object]]) -> Lines:
    return [[cell_text(value) for value in row] for row in rows]


def cell_text(value: object) -> str:
    """A cell's value as the text a table would hold."""
    for kind, reader in _TEXTS:
        if isinstance(value, kind):
            return reader(value)
    return " ".join(str(value).split("\n")) if value is not None else ""


def _moment(value: datetime) -> str:
    return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")


def _span(value: timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")


_TEXTS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, lambda v: "yes" if v else "no"),
    (int, str),
    (float, number_text),
    (datetime, _moment),
    (date, lambda v: v.isoformat()),
    (time, lambda v: v.strftime("%H:%M" if not v.second else "%H:%M:%S")),
    (timedelta, _span),
)


def csv_text(lines: Lines) -> str:
    """Lines of cells as CSV; trailing empty cells beyond the header are left out, so each sheet row stays one line."""
    width = max((i for i, name in enumerate(lines[0], 1) if name.strip()), default=0) if lines else 0
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for cells in lines:
        rest = [c for c in cells[width:] if c.strip()]
        full = [*cells[:width], *rest]
        writer.writerow(full + [""] * (width - len(full)) if any(c.strip() for c in full) else [])
    return out.getvalue()

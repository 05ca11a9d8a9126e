"""Damaged workbooks: each refused with sheet and cell (or the file), a remedy in both languages, exit code 2, and nothing written."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from api.cli import main
from islandflow.errors import BadInput, visible
from islandflow.exchange.excel import export_scenario, import_scenario
from islandflow.exchange.sheets import Lines, read_book
from islandflow.scenario.reader import read_scenario

Book = Any  # xlsxwriter has no types
Change = Callable[["Draft"], None]


class Draft:
    """The toy's workbook while it is written: cells are put over what the tables say."""

    def __init__(self, book: Book, sheets: Mapping[str, Lines]) -> None:
        self.book, self.sheets = book, sheets
        self.kinds = {name: book.add_format({"num_format": name}) for name in ("yyyy-mm-dd", "hh:mm", "0%", "General")}

    def at(self, sheet: str, column: str, row: int = 2) -> tuple[Any, int, int]:
        """The sheet, and row and column from 0."""
        return self.book.get_worksheet_by_name(sheet), row - 1, self.sheets[sheet][0].index(column)

    def put(self, sheet: str, column: str, value: object, kind: str = "General", row: int = 2) -> None:
        found, r, c = self.at(sheet, column, row)
        how = {str: found.write_string, bool: found.write_boolean, int: found.write_number, float: found.write_number}
        how.get(type(value), found.write_datetime)(r, c, value, self.kinds[kind])


@pytest.fixture
def make(copy: Path, tmp_path: Path) -> Callable[..., Path]:
    """Writes the toy's workbook anew with a change, and the options of the writer."""
    export_scenario(copy, tmp_path / "toy.xlsx")
    sheets = read_book(tmp_path / "toy.xlsx")

    def made(change: Change, without: str = "", **options: object) -> Path:
        with xlsxwriter.Workbook(tmp_path / "bad.xlsx", {"strings_to_formulas": False, **options}) as book:
            for name, lines in sheets.items():
                if name == without:
                    continue
                sheet = book.add_worksheet(name)
                for r, cells in enumerate(lines):
                    for c, text in enumerate(cells):
                        sheet.write_string(r, c, text)
            change(Draft(book, sheets))
        return tmp_path / "bad.xlsx"

    return made


def formula(sheet: str, column: str, shown: str) -> Change:
    def change(draft: Draft) -> None:
        found, r, c = draft.at(sheet, column)
        found.write_formula(r, c, "=1/0", None, shown)

    return change


def merged(sheet: str, first: tuple[int, int], last: tuple[int, int]) -> Change:
    return lambda draft: draft.book.get_worksheet_by_name(sheet).merge_range(*first, *last, "x")


def put(sheet: str, column: str, value: object, kind: str = "General") -> Change:
    return lambda draft: draft.put(sheet, column, value, kind)


def far(row: int, column: int) -> Change:
    return lambda draft: draft.book.get_worksheet_by_name("ports").write_string(row, column, "x")


BOOKS: dict[str, tuple[Change, str, str]] = {
    "an error where a value is needed": (formula("ports", "berths", "#REF!"), "ports!L2", "#REF!"),
    "an error where none is needed": (formula("obligations", "largest_gap_min", "#DIV/0!"), "obligations!G2", "#DIV/0!"),
    "an error in a name": (formula("islands", "county", "#N/A"), "islands!D2", "#N/A"),
    "a formula never computed": (formula("ports", "berths", ""), "ports!L2", "empty"),
    "merged cells of a column": (merged("ports", (1, 5), (3, 5)), "ports!F2:F4", "unmerge"),
    "a merged header": (merged("ports", (0, 1), (0, 3)), "ports!B1:D1", "unmerge"),
    "true for a number": (put("ports", "berths", True), "ports!L2", "no number"),
    "text for a number": (put("vessels", "seats", "sixty"), "vessels!I2", "no number"),
    "half a berth": (put("ports", "berths", 1.5), "ports!L2", "no whole number"),
    "negative seats": (put("vessels", "seats", -60), "vessels!I2", "outside"),
    "a share for per cent": (put("obligations", "resident_seats_percent", 0.2, "0%"), "obligations!I2", "write 20"),
    "a date in general format": (put("calendar", "date", 46207), "calendar!A2", "write 2026-07-04"),
    "a time in general format": (put("ports", "opens", 0.25), "ports!J2", "write 06:00"),
    "a date for a time": (put("ports", "opens", datetime(2026, 7, 4, 6)), "ports!J2", "no time of day"),
    "an id that Excel made a date": (put("ports", "port_id", date(2026, 3, 4), "yyyy-mm-dd"), "line_patterns!C2", "hub"),
    "a blank of no width in an id": (put("ports", "port_id", "hub\u200b"), "ports!A2", "hub<U+200B>"),
    "a mark in an id": (put("ports", "port_id", "\ufeffhub"), "ports!A2", "<U+FEFF>hub"),
    "text that runs backwards": (put("ports", "name_zh", "枢\u202e纽"), "ports!B2", "<U+202E>"),
    "a hidden hyphen": (put("operators", "name_en", "Is\u00adles"), "operators!C2", "<U+00AD>"),
    "a hidden mark in the header": (lambda d: d.put("ports", "berths", "berths\u200b", row=1), "ports!L1", "did you mean berths"),
    "a cell in the last corner": (far(1_048_575, 16_383), "ports!XFD1048576", "4,000,000"),
    "a cell far to the right": (far(1000, 16_383), "ports!XFD1001", "delete what lies beyond"),
    "an unknown sheet": (lambda d: d.book.add_worksheet("obligation").write_string(0, 0, "x"), "obligation", "obligations"),
    "an unknown port": (put("line_patterns", "calls", "hub;nowhere"), "line_patterns!C2", "nowhere"),
    "a port twice": (lambda d: d.put("ports", "port_id", "hub", row=3), "ports!A3", "hub"),
    "half past twenty-four": (put("ports", "closes", "25:10"), "ports!K2", "no time of day"),
}  # fmt: skip


def refused(file: Path, target: Path) -> list[str]:
    """What an import says, in English; that it says it in Chinese and with a remedy too, and writes nothing."""
    before = sorted(target.parent.rglob("*"))
    with pytest.raises(BadInput) as caught:
        import_scenario(file, target)
    assert all(f.en and f.zh and f.remedy_en and f.remedy_zh for f in caught.value.faults)
    assert sorted(target.parent.rglob("*")) == before
    return [f.text("en") for f in caught.value.faults]


@pytest.mark.parametrize("kind", BOOKS)
def test_a_damaged_book_is_refused_with_its_cell(make: Callable[..., Path], tmp_path: Path, kind: str) -> None:
    change, place, words = BOOKS[kind]
    told = refused(make(change), tmp_path / "out")
    assert any(t.startswith((f"{place}:", f"{place} ")) and words in t for t in told), told


@pytest.mark.parametrize("sheet", ["ports", "settings", "vessels"])
def test_a_missing_sheet_is_named(make: Callable[..., Path], tmp_path: Path, sheet: str) -> None:
    assert any(t.startswith(f"{sheet}:") for t in refused(make(lambda _: None, without=sheet), tmp_path / "out"))


def test_all_faults_of_a_book_are_told_at_once_and_each_cell_once(make: Callable[..., Path], tmp_path: Path) -> None:
    def change(draft: Draft) -> None:
        for kind in ("an error where a value is needed", "merged cells of a column", "negative seats"):
            BOOKS[kind][0](draft)

    told = refused(make(change), tmp_path / "out")
    places = [t.split(":", 1)[0].split(" ")[0] for t in told]
    assert {"ports!L2", "vessels!I2"} <= set(places)
    assert any(t.startswith("ports!F2:F4") for t in told)
    assert places.count("ports!L2") == 1


def cut(part: float) -> Callable[[bytes], bytes]:
    return lambda data: data[: int(len(data) * part)]


def without_part(name: str, text: str | None = None) -> Callable[[bytes], bytes]:
    """The archive without one of its parts, or with another text in it."""

    def change(data: bytes) -> bytes:
        import io

        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for part in old.namelist():
                if part != name:
                    new.writestr(part, old.read(part))
                elif text is not None:
                    new.writestr(part, text)
        return out.getvalue()

    return change


LAUGHS = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "{}">]><worksheet><sheetData><row><c><v>&b;</v></c></row></sheetData></worksheet>'
FILES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut after a few bytes": cut(0.01),
    "cut in half": cut(0.5),
    "cut at its end": cut(0.99),
    "text with that name": lambda _: b"port_id,name_zh\n",
    "a zip of something else": without_part("xl/workbook.xml"),
    "without its relations": without_part("xl/_rels/workbook.xml.rels"),
    "a sheet that is no XML": without_part("xl/worksheets/sheet1.xml", "no XML"),
    "a password, or the format before 2007": lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000),
    "noise": lambda data: bytes(b ^ 0x55 for b in data),
}


@pytest.mark.parametrize("kind", FILES)
def test_what_is_no_workbook_is_refused(make: Callable[..., Path], tmp_path: Path, kind: str) -> None:
    file = make(lambda _: None)
    file.write_bytes(FILES[kind](file.read_bytes()))
    assert refused(file, tmp_path / "out")[0].startswith("bad.xlsx: is no Excel workbook")


def test_a_bomb_of_entities_does_not_go_off(make: Callable[..., Path], tmp_path: Path) -> None:
    file = make(lambda _: None)
    bomb = LAUGHS.format("&a;" * 100_000)
    file.write_bytes(without_part("xl/worksheets/sheet1.xml", bomb)(file.read_bytes()))
    assert refused(file, tmp_path / "out")


def test_the_terminal_says_it_with_exit_code_2(
    make: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for kind, (change, place, _) in BOOKS.items():
        file = make(change)
        for lang in ("zh", "en"):
            monkeypatch.setattr(sys, "argv", ["islandflow", "excel", "import", str(file), str(tmp_path / "out"), "--lang", lang])
            with pytest.raises(SystemExit) as left:
                main()
            assert left.value.code == 2
            assert place in capsys.readouterr().err, kind
    assert not (tmp_path / "out").exists()


def test_what_a_person_would_read_right_is_read(make: Callable[..., Path], copy: Path, tmp_path: Path) -> None:
    """Real dates and times, also counted from 1904; numbers as text; blanks around; hidden sheets and rows; empty formatted cells."""

    def change(draft: Draft) -> None:
        draft.put("calendar", "date", date(2026, 7, 4), "yyyy-mm-dd")
        draft.put("ports", "opens", time(6, 0), "hh:mm")
        draft.put("ports", "berths", 2.0)
        draft.put("ports", "port_id", " hub\u00a0")
        sheet = draft.book.get_worksheet_by_name("ports")
        sheet.set_row(2, None, None, {"hidden": True})
        draft.book.get_worksheet_by_name("vessels").hide()
        for row in range(5, 40):
            sheet.write_blank(row, 3, None, draft.kinds["0%"])

    plain = read_scenario(copy)
    for number, options in enumerate(({}, {"date_1904": True})):
        read = import_scenario(make(change, **options), tmp_path / f"out{number}")
        assert (read.ports, read.calendar, read.fleets) == (plain.ports, plain.calendar, plain.fleets)


def test_invisible_characters_are_shown_by_number() -> None:
    assert visible("港 a\u3000b") == "港 a\u3000b"
    assert visible("a\u200bb\x1b[31m\u202e") == "a<U+200B>b<U+001B>[31m<U+202E>"

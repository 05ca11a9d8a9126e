"""Excel out and in: the same scenario, faults by cell, no formula ever."""

from __future__ import annotations

import json
import zipfile
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from islandflow.errors import BadInput
from islandflow.exchange.excel import export_plan, export_scenario, holds_plan, import_plan, import_scenario, import_timetable
from islandflow.exchange.look import cell_name
from islandflow.exchange.sheets import Lines, cell_text, plain_number, read_book, write_book
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import read_scenario

COAST = {"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"name": "x " * 30_000},
     "geometry": {"type": "Polygon", "coordinates": [[[122.0, 30.2], [122.1, 30.2], [122.1, 30.3], [122.0, 30.2]]]}}]}  # fmt: skip


def same(a: Scenario, b: Scenario) -> bool:
    """Equal in every fact; where the files lie is no fact."""
    return replace(a, folder=None, digest="", coastline=None) == replace(b, folder=None, digest="", coastline=None)


def change(file: Path, sheet: str, row: int, column: str, value: str) -> None:
    """Puts a text into a cell of a workbook."""
    sheets = read_book(file)
    sheets[sheet][row - 1][sheets[sheet][0].index(column)] = value
    write_book(file, sheets)


@pytest.fixture
def book(copy: Path, tmp_path: Path) -> Path:
    export_scenario(copy, tmp_path / "toy.xlsx")
    return tmp_path / "toy.xlsx"


def test_round_trip_is_the_same_scenario(copy: Path, book: Path, tmp_path: Path) -> None:
    got = import_scenario(book, tmp_path / "again")
    assert same(got, read_scenario(copy))
    assert not [p.name for p in tmp_path.iterdir() if p.name.startswith(".import-")]


def test_a_coastline_longer_than_a_cell_comes_back_whole(copy: Path, tmp_path: Path) -> None:
    (copy / "coast.geojson").write_text(json.dumps(COAST), encoding="utf-8")
    with (copy / "scenario.toml").open("a", encoding="utf-8") as toml:
        toml.write('\ncoastline = "coast.geojson"\n')
    export_scenario(copy, tmp_path / "toy.xlsx")
    import_scenario(tmp_path / "toy.xlsx", tmp_path / "again")
    assert (tmp_path / "again" / "coast.geojson").read_bytes() == (copy / "coast.geojson").read_bytes()


@pytest.mark.parametrize(("sheet", "row", "column", "value", "place"), [
    ("ports", 3, "berths", "两个", "ports!L3"), ("vessels", 2, "seats", "-1", "vessels!I2"), ("demand", 4, "profile", "none", "demand!F4"),
])  # fmt: skip
def test_faults_carry_sheet_and_cell(book: Path, tmp_path: Path, sheet: str, row: int, column: str, value: str, place: str) -> None:
    change(book, sheet, row, column, value)
    with pytest.raises(BadInput) as caught:
        import_scenario(book, tmp_path / "again")
    found = {(f.file, f.row, f.column) for f in caught.value.faults}
    assert (place, 0, column) in found
    assert all(f.remedy_en and f.remedy_zh for f in caught.value.faults)
    assert not (tmp_path / "again").exists()


def test_a_fault_of_the_first_sheet_and_an_unknown_sheet_are_named(book: Path, tmp_path: Path) -> None:
    sheets = read_book(book)
    row = next(n for n, cells in enumerate(sheets["scenario"], 1) if cells[0] == "format")
    change(book, "scenario", row, "value", "nine")
    with pytest.raises(BadInput) as caught:
        import_scenario(book, tmp_path / "again")
    assert f"scenario!B{row}" in {f.file for f in caught.value.faults}
    write_book(book, sheets | {"obligation": [["port"], ["hub"]]})
    with pytest.raises(BadInput, match="obligations"):
        import_scenario(book, tmp_path / "again")


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-x", "@SUM(A1)", '=HYPERLINK("http://x")', "http://x.example"])
def test_no_text_becomes_a_formula_or_a_link(tmp_path: Path, text: str) -> None:
    write_book(tmp_path / "x.xlsx", {"a": [["name"], [text]]})
    assert read_book(tmp_path / "x.xlsx")["a"] == [["name"], [text]]
    with zipfile.ZipFile(tmp_path / "x.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet


def test_cells_read_as_a_person_sees_them() -> None:
    assert [cell_text(v) for v in (True, 3.0, 0.25, "", time(7, 30), timedelta(hours=3), date(2026, 7, 4), datetime(2026, 7, 4))] == [
        "yes", "3", "0.25", "", "07:30", "03:00", "2026-07-04", "2026-07-04",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["007", "0.50", "+5", "1e5", "nan", "inf", "1234567890123456", "", "1_0", "１"])
def test_text_that_excel_would_change_stays_text(text: str) -> None:
    assert plain_number(text) is None


@pytest.mark.parametrize(("column", "name"), [(1, "A12"), (26, "Z12"), (27, "AA12"), (703, "AAA12")])
def test_cell_names(column: int, name: str) -> None:
    assert cell_name(12, column) == name


def test_a_target_that_exists_is_not_overwritten(copy: Path, book: Path) -> None:
    before = (copy / "ports.csv").read_bytes()
    with pytest.raises(BadInput):
        import_scenario(book, copy)
    assert (copy / "ports.csv").read_bytes() == before


def test_plan_tables_become_sheets_and_the_timetable_comes_back(tmp_path: Path) -> None:
    plan = tmp_path / "plan"
    plan.mkdir()
    text = "sailing,line,vessel,call,port,arrives,departs\ns1,+,big-01,1,hub,,07:30\ns1,+,big-01,2,near-t,08:00,\n"
    (plan / "timetable.csv").write_text(text, encoding="utf-8")
    (plan / "loads.csv").write_text("sailing,people\ns1,12\n", encoding="utf-8")
    export_plan(plan, tmp_path / "plan.xlsx")
    assert set(read_book(tmp_path / "plan.xlsx")) == {"loads", "timetable"}
    assert import_timetable(tmp_path / "plan.xlsx") == text
    assert holds_plan(tmp_path / "plan.xlsx")
    assert import_plan(tmp_path / "plan.xlsx", tmp_path / "back").read_text(encoding="utf-8") == text
    with pytest.raises(BadInput):
        import_plan(tmp_path / "plan.xlsx", tmp_path / "back")


def test_a_scenario_is_no_plan_and_nothing_is_left_of_a_book_that_is_neither(book: Path, tmp_path: Path) -> None:
    assert not holds_plan(book)
    with pytest.raises(BadInput):
        import_plan(book, tmp_path / "back")
    assert not list(tmp_path.glob("*back*"))
    assert not list(tmp_path.glob(".import-*"))


def test_what_is_no_workbook_or_no_timetable_is_refused(book: Path, tmp_path: Path) -> None:
    for bad in (b"", b"PK\x03\x04nonsense", b"sailing,line\n"):
        (tmp_path / "bad.xlsx").write_bytes(bad)
        with pytest.raises(BadInput):
            import_timetable(tmp_path / "bad.xlsx")
    for missing in (tmp_path / "none.xlsx", book):
        with pytest.raises(BadInput):
            import_timetable(missing)
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput):
        export_plan(tmp_path / "empty", tmp_path / "p.xlsx")


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)
CELLS = st.lists(st.lists(TEXT, min_size=2, max_size=2), min_size=1, max_size=4)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=CELLS)
def test_any_text_survives_a_workbook(tmp_path: Path, cells: Lines) -> None:
    lines = [["a", "b"], *cells]
    write_book(tmp_path / "x.xlsx", {"t": lines})
    got = read_book(tmp_path / "x.xlsx")["t"]
    trimmed = [row for row in got if any(row)]
    assert trimmed == [row for row in lines if any(row)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(min_size=1, max_size=40), where=st.floats(0, 1))
def test_a_damaged_workbook_never_raises_anything_but_bad_input(book: Path, tmp_path: Path, noise: bytes, where: float) -> None:
    data = book.read_bytes()
    at = int(where * len(data))
    (tmp_path / "bad.xlsx").write_bytes(data[:at] + noise + data[at + len(noise) :])
    with suppress(BadInput):
        read_book(tmp_path / "bad.xlsx")

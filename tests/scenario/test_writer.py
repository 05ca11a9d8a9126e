"""Tables written are the tables read."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from islandflow.scenario.cells import read_cell
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import check_scenario, read_scenario
from islandflow.scenario.schema import TABLES
from islandflow.scenario.table import Column, Kind
from islandflow.scenario.writer import cell_text, write_scenario, write_scenario_tables

ROOT = Path(__file__).resolve().parents[2]


def test_tables_written_again_are_the_same_scenario(copy: Path) -> None:
    before = read_scenario(copy)
    tables = {}
    for table in TABLES:
        file = copy / f"{table.name}.csv"
        if file.exists():
            with file.open(encoding="utf-8", newline="") as source:
                tables[table.name] = list(csv.DictReader(source))
            file.unlink()
    write_scenario_tables(tables, copy)
    after = read_scenario(copy)
    assert (after.ports, after.fleets, after.demand, after.settings) == (before.ports, before.fleets, before.demand, before.settings)


def test_unknown_tables_and_columns_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        write_scenario_tables({"prots": []}, tmp_path / "new")
    with pytest.raises(ValueError, match="seets"):
        write_scenario_tables({"islands": [], "vessels": [{"seets": "3"}]}, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_provenance_comes_last(tmp_path: Path) -> None:
    write_scenario_tables({"operators": [{"src_note": "by phone", "operator_id": "a", "name_zh": "甲", "name_en": "A, B"}]}, tmp_path)
    assert (tmp_path / "operators.csv").read_text(encoding="utf-8") == 'operator_id,name_zh,name_en,src_note\na,甲,"A, B",by phone\n'


@pytest.mark.parametrize("name", ["toy", "zhoushan"])
def test_facts_written_are_the_facts_read(tmp_path: Path, name: str) -> None:
    before = read_scenario(ROOT / "data" / name)
    write_scenario(before, tmp_path / "new")
    assert check_scenario(tmp_path / "new") == []
    after = read_scenario(tmp_path / "new")
    assert replace(after, folder=before.folder, coastline=before.coastline, digest=before.digest) == before
    assert said(after) == said(before)


def said(scenario: Scenario) -> list[tuple[str, tuple[str, ...], str, str]]:
    """Provenance cell by cell, the empty ones apart."""
    return sorted((t, key, c, v) for t, rows in scenario.provenance.items() for key, row in rows.items() for c, v in row.items() if v)


NUMBER = Column("x", "number", "数", "a number")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_read_as_it_was_written(value: float) -> None:
    assert read_cell(NUMBER, cell_text(NUMBER, value)) == value


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("clock", 1460, "24:20"),
        ("yesno", False, "no"),
        ("ids", ("a", "b"), "a;b"),
        ("ids", (), ""),
        ("integer", 0, "0"),
        ("clock", None, ""),
    ],
)
def test_a_value_becomes_the_text_of_its_kind(kind: Kind, value: object, text: str) -> None:
    assert cell_text(Column("x", kind, "", ""), value) == text


def test_a_name_with_quotes_survives_the_head(toy: Scenario, tmp_path: Path) -> None:
    write_scenario(replace(toy, name_en='the "three" \\ isles'), tmp_path)
    assert read_scenario(tmp_path).name_en == 'the "three" \\ isles'

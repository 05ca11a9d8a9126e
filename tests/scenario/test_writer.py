"""Tables written are the tables read."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from islandflow.scenario.reader import read_scenario
from islandflow.scenario.schema import TABLES
from islandflow.scenario.writer import write_scenario_tables


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

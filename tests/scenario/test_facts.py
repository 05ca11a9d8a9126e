"""Every table of the schema has its place in a scenario, and every column a field of the same name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import pytest

from islandflow.scenario.entities import Scenario
from islandflow.scenario.facts import FACTS, RENAMED
from islandflow.scenario.schema import SETTINGS_TABLE, TABLES, table


def test_every_table_has_its_place_and_no_place_is_taken_twice() -> None:
    assert set(FACTS) == {t.name for t in TABLES} - {SETTINGS_TABLE.name}
    held = [kept.field for kept in FACTS.values()]
    assert len(set(held)) == len(held)
    assert set(held) <= {f.name for f in fields(Scenario)}


@pytest.mark.parametrize("name", FACTS)
def test_every_column_is_a_field(name: str, toy: Scenario) -> None:
    kept = FACTS[name]
    assert {RENAMED.get(c.name, c.name) for c in table(name).columns} == {f.name for f in fields(kept.make)}  # type: ignore[arg-type]
    facts = getattr(toy, kept.field)
    assert isinstance(facts, Mapping) == bool(kept.key)
    if kept.key:
        assert table(name).key == (kept.key,)
        assert all(getattr(fact, kept.key) == ident for ident, fact in facts.items())

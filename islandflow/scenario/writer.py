"""Scenario tables as CSV files, from rows of text or from the facts themselves."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from islandflow.scenario.entities import Scenario, Setting
from islandflow.scenario.facts import FACTS, RENAMED
from islandflow.scenario.parameters import SETTINGS
from islandflow.scenario.schema import TABLES, table
from islandflow.scenario.table import PROVENANCE_PREFIX, Column, Table
from islandflow.units import clock


def write_scenario_tables(tables: Mapping[str, Sequence[Mapping[str, str]]], folder: str | Path) -> None:
    """Write each table as ``NAME.csv`` (UTF-8, LF): columns in the order of the schema, then ``src_`` columns.

    Optional columns that no row fills are left out. KeyError for a table, ValueError for a column that the schema does not know;
    then nothing is written.
    """
    target = Path(folder)
    texts = {name: table_text(table(name), rows) for name, rows in tables.items()}
    target.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        aside = target / f".{name}.csv.new"
        aside.write_text(text, encoding="utf-8", newline="")
        os.replace(aside, target / f"{name}.csv")


def table_text(kind: Table, rows: Sequence[Mapping[str, str]]) -> str:
    """One table as CSV text."""
    unknown = [name for row in rows for name in row if name not in kind.names and not name.startswith(PROVENANCE_PREFIX)]
    if unknown:
        raise ValueError(f"{kind.name} has no column {unknown[0]}")
    filled = dict.fromkeys(name for row in rows for name, value in row.items() if value != "")
    columns = [c.name for c in kind.columns if c.required or c.name in kind.key or c.name in filled]
    columns += [name for name in filled if name.startswith(PROVENANCE_PREFIX)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row.get(name, "") for name in columns] for row in rows)
    return out.getvalue()


def write_scenario(scenario: Scenario, folder: str | Path) -> None:
    """Write the facts of a scenario so that reading the folder gives the same facts, provenance included.

    Empty optional tables are left out. The coastline is copied; sea paths are not (they are a cache of the network).
    """
    target = Path(folder)
    tables = {kind.name: _rows(scenario, kind) for kind in TABLES}
    write_scenario_tables({name: rows for name, rows in tables.items() if rows or table(name).required}, target)
    head = {"format": 1, "name_zh": scenario.name_zh, "name_en": scenario.name_en, "attribution": scenario.attribution}
    more: dict[str, object] = {"estimated": scenario.estimated}
    if scenario.coastline is not None:
        more["coastline"] = scenario.coastline.name
        shutil.copy(scenario.coastline, target / scenario.coastline.name)
    # a JSON string is a TOML string, and so are its numbers and truth values
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in {**head, **more}.items()]
    (target / "scenario.toml").write_text("".join(lines), encoding="utf-8", newline="")


def _rows(scenario: Scenario, kind: Table) -> list[dict[str, str]]:
    if kind.name == "settings":
        return [_setting(scenario, found) for found in scenario.settings.values() if found.source != "default"]
    facts: Any = getattr(scenario, FACTS[kind.name].field)
    found: Iterable[Any] = facts.values() if isinstance(facts, Mapping) else facts
    rows = []
    for fact in found:
        values = {c.name: getattr(fact, RENAMED.get(c.name, c.name)) for c in kind.columns}
        row = {c.name: cell_text(c, values[c.name]) for c in kind.columns}
        rows.append(row | _said(scenario, kind.name, tuple(str(values[k]) for k in kind.key)))
    return rows


def _setting(scenario: Scenario, found: Setting) -> dict[str, str]:
    column = next(c for c in SETTINGS if c.name == found.setting)
    row = {"setting": found.setting, "value": cell_text(column, found.value), "source": found.source}
    return row | _said(scenario, "settings", (found.setting,))


def _said(scenario: Scenario, name: str, key: tuple[str, ...]) -> dict[str, str]:
    return dict(scenario.provenance.get(name, {}).get(key, {}))


def cell_text(column: Column, value: Any) -> str:
    """A value as the text that is read as that value; nothing for None."""
    if value is None:
        return ""
    if column.kind in ("ids", "services"):
        return ";".join(value)
    if column.kind in ("clock", "duration"):
        return clock(value)
    if column.kind == "yesno":
        return "yes" if value else "no"
    if column.kind == "number":
        return str(int(value)) if value == int(value) else repr(value)
    return str(value)

"""Scenario tables as CSV files."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from islandflow.scenario.schema import PROVENANCE_PREFIX, Table, table


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

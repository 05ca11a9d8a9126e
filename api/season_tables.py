"""The tables and the report of a season folder, written from its plans; may be written anew at any time."""

from __future__ import annotations

import os
from pathlib import Path

from islandflow.ferry.folder import write_csv, write_json
from islandflow.season.folder import SeasonFolder, read_season
from islandflow.season.tables import SeasonTables, season_tables
from islandflow.views.season import write_season_report


def finish(out: Path, lang: str) -> SeasonFolder:
    """Writes every table as CSV, ``metrics.json`` and ``report.html`` into the season folder, each in one step."""
    season = read_season(out)
    tables = season_tables(season)
    write_tables(out, tables)
    half = out / ".report.html"
    write_season_report(season, tables, half, lang)
    os.replace(half, out / "report.html")
    return season


def write_tables(out: Path, tables: SeasonTables) -> None:
    """The CSV tables and the totals."""
    for name, rows in tables.rows.items():
        half = out / f".{name}.csv"
        write_csv(half, rows, list(dict.fromkeys(key for row in rows for key in row)))
        os.replace(half, out / f"{name}.csv")
    half = out / ".metrics.json"
    write_json(half, tables.totals)
    os.replace(half, out / "metrics.json")

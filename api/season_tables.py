"""The tables and the report of a season folder, written from its plans; may be written anew at any time."""

from __future__ import annotations

import os
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from islandflow.ferry.folder import write_csv, write_json
from islandflow.network.sea import build_network
from islandflow.season.fleet import fleet_rows
from islandflow.season.folder import SeasonFolder, read_season
from islandflow.season.tables import SeasonTables, season_tables
from islandflow.views.season import write_season_report
from solvers.season.docks import dock_rows
from solvers.season.nights import moves, night_rows


def finish(out: Path, lang: str) -> tuple[SeasonFolder, SeasonTables]:
    """Writes every table as CSV, ``metrics.json`` and ``report.html`` into the season folder, each in one step."""
    season = read_season(out)
    tables = season_tables(season)
    tables = replace(tables, rows={**tables.rows, **fleet_tables(season)})
    write_tables(out, tables)
    half = out / ".report.html"
    write_season_report(season, tables, half, lang)
    os.replace(half, out / "report.html")
    return season, tables


def fleet_tables(season: SeasonFolder) -> dict[str, list[dict[str, Any]]]:
    """The fleet over the year: vessels by pattern, moves between nights, vessels too many at a port, dry-dock weeks."""
    scenario, plans, year = season.scenario, season.plans, season.year
    found, crowded = moves(scenario, plans, year, build_network(scenario))
    return {
        "fleet": fleet_rows(scenario, plans, year.by_service()), "nights": night_rows(found), "moves": [asdict(m) for m in found],
        "crowded": [{"port": port, "date": day, "over": over} for (port, day), over in crowded.items()],
        "docks": dock_rows(scenario, plans, year),
    }  # fmt: skip



def write_tables(out: Path, tables: SeasonTables) -> None:
    """The CSV tables and the totals."""
    for name, rows in tables.rows.items():
        half = out / f".{name}.csv"
        write_csv(half, rows, list(dict.fromkeys(key for row in rows for key in row)))
        os.replace(half, out / f"{name}.csv")
    half = out / ".metrics.json"
    write_json(half, tables.totals)
    os.replace(half, out / "metrics.json")

"""The tables of a season folder, computed from its plans alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from islandflow.ferry.folder import PlanFolder
from islandflow.network.sea import build_network
from islandflow.scenario.schema import RESIDENT_SEGMENTS
from islandflow.season.calendar import calendar_rows
from islandflow.season.clusters import pattern_curve
from islandflow.season.coupling import read_coupling, society_yuan
from islandflow.season.folder import CORE_CURVE, FORECAST, SeasonFolder
from islandflow.season.hops import hop_line_rows, hop_rows
from islandflow.season.indicators import beneficiary_rows, island_rows
from islandflow.season.prices import price_rows, read_prices
from islandflow.season.residents import peak_rows
from islandflow.season.visitors import Forecast, read_forecast
from islandflow.season.year import frequency_rows, month_rows, year_totals
from islandflow.units import clock

Row = dict[str, Any]


@dataclass(frozen=True)
class SeasonTables:
    """Rows by table name, each table's columns being the keys of its first row; ``totals`` of the year."""

    rows: Mapping[str, list[Row]]
    totals: Row


def season_tables(season: SeasonFolder) -> SeasonTables:
    """Every table of the season."""
    scenario, plans, year = season.scenario, season.plans, season.year
    network, days = build_network(scenario), year.by_service()
    islands = island_rows(scenario, plans, network)
    rows = {
        "calendar": calendar_rows(year),
        "patterns": pattern_rows(season),
        "frequency": frequency_rows(scenario, plans, year),
        "months": month_rows(scenario, plans, year),
        "core": core_rows(plans),
        "residents": peak_rows(scenario, plans),
        "hop_lines": hop_line_rows(scenario, plans, days),
        "hops": hop_rows(scenario, plans, network),
        "islands": islands,
        "beneficiaries": beneficiary_rows(islands, days),
        "core_curve": core_curve_rows(season.folder),
        "coupling": read_coupling(season.folder),
        "pattern_curve": pattern_curve(scenario, plans, year, kept_forecast(season)),
        "prices": price_rows(scenario, read_prices(season.folder), days),
    }
    return SeasonTables(rows, year_totals(plans, year))


def core_curve_rows(folder: Path) -> list[Row]:
    """The curve that `core-curve` left in the season folder; none if it was not asked for."""
    file = folder / CORE_CURVE
    rows: list[Row] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
    return rows


def kept_forecast(season: SeasonFolder) -> Forecast:
    """The forecast that the season was planned with; empty if there was none."""
    file = season.folder / FORECAST
    return read_forecast(file, season.scenario) if file.is_file() else {}


def pattern_rows(season: SeasonFolder) -> list[Row]:
    """A row a service pattern: what runs, who is served, what it costs, how good it is proven to be, what it keeps of the core."""
    days = season.year.by_service()
    found = []
    for service, folder in season.plans.items():
        m, info, audit = folder.metrics, folder.info, folder.audit
        people = [m["segments"][s] for s in RESIDENT_SEGMENTS]
        core = [w for w in audit.get("wishes", []) if w["kind"] == "core"]
        found.append({
            "service": service, "dates": days.get(service, 0), "sailings": m["sailings"], "vessels": m["vessels"],
            "people_wanted": m["people_wanted"], "people_served": m["people_served"], "people_left": m["people_left"],
            "residents_wanted": sum(r["wanted"] for r in people), "residents_left": sum(r["left"] for r in people),
            "cost_yuan": m["cost_yuan"], "revenue_yuan": m["revenue_yuan"], "subsidy_yuan": m["subsidy_yuan"], "objective_yuan": m["objective_yuan"],
            "society_yuan": society_yuan(folder),
            "bound_yuan": None if info["bound"] is None else info["bound"] / 100, "gap": info["gap"], "gap_net": info["gap_net"],
            "obligations": m["obligations"], "obligations_unmet": m["obligations_unmet"], "violations": m["violations"],
            "core": sum(w["least"] for w in core), "core_kept": sum(min(w["least"], w["runs"]) for w in core),
            "core_yuan": sum(w["cost_fen"] for w in core) / 100, "status": info["status"], "solver": info["solver"],
            "seconds": info["run"]["seconds"], "peak_mb": info["run"]["peak_mb"],
        })  # fmt: skip
    return found


def core_rows(plans: Mapping[str, PlanFolder]) -> list[Row]:
    """A row a core departure: in which patterns it runs (sailings found), ``kept`` of how many."""
    found: dict[str, Row] = {}
    asked = [s for s, p in plans.items() if any(w["kind"] == "core" for w in p.audit.get("wishes", []))]
    for service in asked:
        for w in plans[service].audit["wishes"]:
            if w["kind"] != "core":
                continue
            row = found.setdefault(w["wish_id"], {
                "from_port": w["from_port"], "to_port": w["to_port"], "departs": clock(w["leaves_from"]), "sailings": w["least"], "kept_in": 0,
                "of": len(asked), **dict.fromkeys(asked, 0),
            })  # fmt: skip
            row[service] = w["runs"]
            row["kept_in"] += w["runs"] >= w["least"]
    return list(found.values())

"""`islandflow coupling SEASON ALONE...`: what the core timetable of a season costs, beside the same patterns planned alone."""

from __future__ import annotations

from pathlib import Path

from api.language import DEFAULT_LANG, Lang
from api.season_tables import finish
from islandflow.ferry.folder import PlanFolder, write_json
from islandflow.season.coupling import FILE, coupling_rows
from islandflow.season.folder import plans_of, read_season


def coupling(season: Path, alone: list[Path], lang: Lang = DEFAULT_LANG) -> None:
    """The price of coupling: a season beside plans of the same patterns made alone (`season --no-core`, or plan folders)."""
    found = read_season(season)
    plans: dict[str, PlanFolder] = {}
    for folder in alone:
        plans |= plans_of(folder)
    rows = coupling_rows(found.plans, plans, found.year.by_service())
    write_json(season / FILE, rows)
    finish(season, lang)
    for r in rows:
        share = "" if r["share"] is None else f" ({r['share']:+.1%})"
        most = "-" if r["at_most_yuan"] is None else f"{r['at_most_yuan']:,.0f}"
        print(f"{r['service']:<22} {r['alone_yuan']:>14,.0f} -> {r['season_yuan']:>14,.0f}  {r['coupling_yuan']:>+12,.0f} CNY a day{share}, proven at most {most}")
    print(str(season / "report.html"))

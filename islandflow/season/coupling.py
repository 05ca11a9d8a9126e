"""What one core timetable and the hop lines cost: a season beside the same patterns planned alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from islandflow.errors import BadInput, Fault
from islandflow.ferry.folder import PlanFolder
from islandflow.season.compare import unfair

Row = dict[str, Any]
FILE = "coupling.json"


def coupling_rows(season: Mapping[str, PlanFolder], alone: Mapping[str, PlanFolder], days: Mapping[str, int]) -> list[Row]:
    """A row a pattern that both have, yuan of a day. Society's cost is counted without the price of wishes on either side.

    ``coupling_yuan`` is the difference of two plans, so it also holds what either search left undone and may be negative; ``at_most_yuan`` is
    proven: the best timetable planned alone costs the bound of ``alone`` at least. None where that plan has no bound. BadInput if the two share
    no pattern or their facts differ: then the difference would not be the coupling's.
    """
    shared = [s for s in season if s in alone]
    if not shared:
        what = ("share no service pattern with the season", "与季节方案没有共同的时期")
        raise BadInput([Fault("coupling", 0, "", "", *what, f"the season has {', '.join(season)}", f"季节方案有:{'、'.join(season)}")])
    other = unfair([(season[s], alone[s]) for s in shared])
    if other:
        what = (f"were planned on other facts ({', '.join(other)})", f"所依据的数据不同({'、'.join(other)})")
        raise BadInput([Fault("coupling", 0, "", "", *what, "plan both from the same scenario", "请用同一方案数据编制")])
    return [_row(s, season[s], alone[s], days.get(s, 0)) for s in shared]


def read_coupling(folder: Path) -> list[Row]:
    """The rows kept in a season folder; none if nothing was compared."""
    file = folder / FILE
    rows: list[Row] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
    return rows


def society_yuan(plan: PlanFolder) -> float:
    """What a day costs society, without the price of wishes that are not granted."""
    return round(float(plan.metrics["objective_yuan"]) - float(plan.metrics.get("wishes_yuan", 0)), 2)


def _row(service: str, season: PlanFolder, alone: PlanFolder, dates: int) -> Row:
    one, two = society_yuan(season), society_yuan(alone)
    bound = alone.info["bound"]
    return {
        "service": service, "dates": dates, "season_yuan": one, "alone_yuan": two, "coupling_yuan": round(one - two, 2),
        "share": round((one - two) / two, 5) if two else None, "at_most_yuan": None if bound is None else round(one - bound / 100, 2),
        "gap_season": season.info["gap"], "gap_alone": alone.info["gap"],
        "seconds_season": season.info["run"]["seconds"], "seconds_alone": alone.info["run"]["seconds"],
    }  # fmt: skip

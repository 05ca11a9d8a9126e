"""The season folder: a plan folder a service pattern, the calendar, tables of the year, a report; ``season.json`` says how far it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from islandflow.errors import BadInput, Fault
from islandflow.ferry.folder import PlanFolder, read_plan
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import read_scenario
from islandflow.season.calendar import Year, year_of

Row = dict[str, Any]
HEAD = "season.json"
PLANS = "plans"
FORECAST = "forecast.csv"
CORE_CURVE = "core_curve.json"


@dataclass(frozen=True)
class SeasonFolder:
    """A season as read: its scenario, what ``season.json`` says, and the plans by service pattern in the order of the scenario."""

    folder: Path
    scenario: Scenario
    info: Row
    plans: Mapping[str, PlanFolder]

    @property
    def year(self) -> Year:
        """The year that the season is reckoned for."""
        return year_of(self.scenario, int(self.info["year"]))

    @property
    def complete(self) -> bool:
        """Whether every service pattern asked for has its plan."""
        return bool(self.info["state"] == "complete")


def is_season(folder: Path) -> bool:
    """Whether a folder holds a season, finished or not."""
    return (folder / HEAD).is_file()


def read_head(folder: Path) -> Row:
    """What ``season.json`` says; BadInput if it is none."""
    try:
        found: Row = json.loads((folder / HEAD).read_text(encoding="utf-8"))
        found["state"], found["year"], found["services"]
    except (OSError, ValueError, KeyError) as error:
        what = (f"is no season folder ({type(error).__name__})", "不是季节方案文件夹")
        remedy = ("give a folder that season has written", "请给出 season 写出的文件夹")
        raise BadInput([Fault(str(folder), 0, "", "", *what, *remedy)]) from None
    return found


def read_season(folder: Path | str) -> SeasonFolder:
    """A season folder with the plans that are there; BadInput if it is none or a plan in it is damaged."""
    folder = Path(folder)
    info = read_head(folder)
    scenario = read_scenario(folder / "scenario")
    done = [s for s in scenario.services if (folder / PLANS / s / "plan.json").is_file()]
    return SeasonFolder(folder, scenario, info, {s: read_plan(folder / PLANS / s) for s in done})


def plans_of(place: Path) -> dict[str, PlanFolder]:
    """The plans of a season folder, or the one plan of a plan folder, by service pattern; BadInput if it is neither."""
    if is_season(place):
        return dict(read_season(place).plans)
    found = read_plan(place)
    return {found.plan.service: found}

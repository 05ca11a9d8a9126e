"""Families that a ferry plan folder may hold beside its timetable: by folder name, how one is read, listed and drawn.

A further family is one line of ``FAMILIES``. Each lies in a folder of that name, with a plan.json of its own, and is judged by an audit
of its own; the doors show whatever stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from islandflow.scenario.entities import Scenario
from islandflow.shuttle import folder as shuttle
from islandflow.shuttle.lines_tables import LINE_COLUMNS
from islandflow.shuttle.tables import COLUMNS as SHUTTLE_TABLES
from islandflow.siting import folder as siting
from islandflow.views import shuttle_lines as line_views
from islandflow.views import siting_page
from islandflow.views.gallery import UnknownView
from islandflow.views.names import plain_island
from islandflow.views.view import View


class Held(Protocol):
    """What every family's folder is read as."""

    @property
    def folder(self) -> Path:
        """Where it lies."""

    @property
    def scenario(self) -> Scenario:
        """The facts it was made from."""

    @property
    def info(self) -> dict[str, Any]:
        """Its plan.json: ``status objective bound gap`` and what else it says."""

    @property
    def audit(self) -> dict[str, Any]:
        """Its audit.json: ``clean violations``."""


@dataclass(frozen=True)
class Family:
    """``name`` in Chinese and English; ``tables`` are CSV files of the folder, the first is what a list of the family shows.

    ``read`` raises BadInput for a folder that is none; ``names`` are the views it has data for, ``draw`` makes one of them, ``opens`` is
    the one that every folder has and a reader sees first.
    """

    name: tuple[str, str]
    read: Callable[[Path], Held]
    tables: tuple[str, ...]
    names: Callable[[Any], tuple[str, ...]]
    draw: Callable[[Any, str, str], View]
    opens: str

    def show(self, found: Held, name: str, lang: str) -> View:
        """The view of that name in a language, zh or en; UnknownView if this folder has none."""
        known = self.names(found)
        if name not in known:
            raise UnknownView(name, known)
        return self.draw(found, name, lang)


FAMILIES: Mapping[str, Family] = {
    "sites": Family(
        ("设施选址", "service points"), siting.read_site_folder, (*siting.TABLES, "fragile"), lambda found: siting_page.view_names(found.plan),
        lambda found, name, lang: siting_page.view_of(found.scenario, found.plan, name, lang), "map",
    ),
    "shuttles": Family(
        ("短驳接驳", "shuttles"), shuttle.read_shuttle_folder, (*SHUTTLE_TABLES, "medical", *LINE_COLUMNS), line_views.names_with_lines,
        lambda found, name, lang: line_views.view_with_lines(found, name, lang), "map",
    ),
}  # fmt: skip


def held(plan: Path) -> tuple[str, ...]:
    """The families that a plan folder holds."""
    return tuple(name for name in FAMILIES if (plan / name / "plan.json").is_file())


# short names of views for links and menus, Chinese and English; a name may have an island's id behind a dash
LABELS: Mapping[str, tuple[str, str]] = {
    "map": ("地图", "map"), "serves": ("服务关系", "who serves whom"), "circles": ("服务圈", "circles"), "walk": ("步行圈", "on foot"),
    "curve": ("成本与覆盖", "cost and coverage"), "promise": ("送达承诺", "promise"), "vehicles": ("车辆", "vehicles"), "connections": ("接驳", "connections"),
    "minutes": ("到达时间", "minutes"), "reach": ("可达性", "reach"), "stages": ("分期建设", "stages"), "power": ("充电负荷", "charging"),
    "lines": ("线路", "lines"), "departures": ("发车时刻", "departures"), "linebuses": ("线路车辆", "buses of lines"), "within": ("步行可达", "within a walk"),
    "stops": ("站点", "stops"), "medical": ("就医", "medical"), "left": ("滞留", "left behind"),
}  # fmt: skip


def label(found: Held, name: str, lang: str) -> str:
    """What a link to a view says; the name itself where no words are known."""
    plain, _, island = name.partition("-")
    words = LABELS[plain][lang == "en"] if plain in LABELS else name
    where = plain_island(found.scenario, island, lang) if plain in LABELS and island in found.scenario.islands else ""
    return f"{where} {words}".strip()

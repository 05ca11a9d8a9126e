"""The folder of a siting plan: tables that people read, and the whole plan read back for the audit."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

import xlsxwriter

from islandflow.errors import BadInput, Fault
from islandflow.ferry.folder import read_day
from islandflow.ferry.plan import FerryPlan
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import read_scenario
from islandflow.siting import siteplan as sp
from islandflow.siting.wish import SiteWish

T = TypeVar("T")
FERRY = "ferry"  # sub-folder with the sailings and passengers that the points were planned with
Row = dict[str, Any]
TABLES = {
    "sites": sp.SiteRow, "assignment": sp.ServeRow, "circles": sp.CircleRow, "upgrades": sp.UpgradeRow, "promises": sp.PromiseRow,
    "curve": sp.CurveRow, "stages": sp.StageRow, "power": sp.PowerRow, "certificates": sp.Certificate,
}  # fmt: skip
ATTRIBUTES = {
    "sites": "sites",
    "assignment": "serves",
    "circles": "circles",
    "upgrades": "upgrades",
    "promises": "promises",
    "curve": "curve",
    "stages": "stages",
    "power": "power",
    "certificates": "certificates",
}


def rows_of(plan: sp.SitePlan, table: str) -> list[Row]:
    """The rows of a table as they are written: lists joined by ;, yes and no in words, nothing for None."""
    return [{k: _text(v) for k, v in asdict(row).items()} for row in getattr(plan, ATTRIBUTES[table])]


def columns_of(table: str) -> list[str]:
    """Columns of a table in the order of the file."""
    return [f.name for f in fields(TABLES[table])]


def _text(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ";".join(map(str, value))
    return "" if value is None else value


@dataclass(frozen=True)
class SiteFolder:
    """The folder of a siting plan, read whole."""

    folder: Path
    scenario: Scenario
    plan: sp.SitePlan
    info: Row
    audit: Row
    ferry: FerryPlan | None = None


def read_site_folder(folder: Path) -> SiteFolder:
    """A folder that `site` wrote; BadInput if it is none."""
    try:
        info = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        if info.get("kind") != "siting":
            raise ValueError("kind")
        notes = [(str(en), str(zh)) for en, zh in info["notes"]]
        plan = read_site_plan(folder, SiteWish(**info["wish"]), notes)
        judged = json.loads((folder / "audit.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        words = (
            f"is no folder of a siting plan ({type(error).__name__})",
            "不是选址方案文件夹",
            "give a folder that site has written",
            "请给出 site 写出的文件夹",
        )
        raise BadInput([Fault(str(folder), 0, "", "", *words)]) from None
    ferry = read_day(folder / FERRY, str(info.get("service"))) if (folder / FERRY).is_dir() else None
    return SiteFolder(folder, read_scenario(folder / "scenario"), plan, info, judged, ferry)


def read_site_plan(folder: Path, wish: SiteWish, notes: Sequence[tuple[str, str]] = ()) -> sp.SitePlan:
    """The plan of a folder; ValueError or OSError if its tables cannot be read."""
    found: dict[str, Any] = {ATTRIBUTES[name]: tuple(_read(folder / f"{name}.csv", kind)) for name, kind in TABLES.items()}
    return sp.SitePlan(island=wish.island, notes=tuple(notes), wish=wish, **found)


def _read(file: Path, kind: type[T]) -> list[T]:
    with file.open(encoding="utf-8", newline="") as source:
        return [kind(**{f.name: _value(str(f.type), row[f.name]) for f in fields(kind)}) for row in csv.DictReader(source)]  # type: ignore[arg-type]


def _value(kind: str, text: str) -> object:
    if kind == "bool":
        return text == "yes"
    if kind.startswith("tuple"):
        return tuple(x for x in text.split(";") if x)
    if "None" in kind and text == "":
        return None
    if kind.startswith("int"):
        return int(text)
    return float(text) if kind.startswith("float") else text


def geojson(scenario: Scenario, plan: sp.SitePlan) -> Row:
    """Points, settlements and roads as GeoJSON; ``synthetic`` on everything that is invented."""
    at = {s.settlement_id: (s.lon, s.lat) for s in scenario.settlements.values()} | {
        p.port_id: (p.lon, p.lat) for p in scenario.ports.values()
    }
    islands = {plan.island} if plan.island else {s.island_id for s in scenario.settlements.values()}
    inside: dict[str, dict[str, bool]] = {}
    for c in plan.circles:
        inside.setdefault(c.settlement_id, {})[f"{c.kind}_{c.minutes}_before"] = c.before
        inside[c.settlement_id][f"{c.kind}_{c.minutes}_after"] = c.after

    def feature(kind: str, shape: Row, properties: Row) -> Row:
        return {"type": "Feature", "geometry": shape, "properties": {"what": kind, **properties}}

    found = [feature("site", {"type": "Point", "coordinates": at[s.node]}, {k: _text(v) for k, v in asdict(s).items()}) for s in plan.sites]
    found += [
        feature("settlement", {"type": "Point", "coordinates": at[s.settlement_id]},
                {"id": s.settlement_id, "name_zh": s.name_zh, "name_en": s.name_en, "residents": s.residents, "synthetic": s.synthetic, **inside.get(s.settlement_id, {})})
        for s in scenario.settlements.values() if s.island_id in islands
    ]  # fmt: skip
    upgraded = {u.road_id for u in plan.upgrades}
    found += [
        feature("road", {"type": "LineString", "coordinates": [(r.from_lon, r.from_lat), (r.to_lon, r.to_lat)]},
                {"id": r.road_id, "kind": r.kind, "speed_km_h": r.speed_km_h, "upgrade": r.road_id in upgraded, "synthetic": r.synthetic})
        for r in scenario.roads.values() if r.island_id in islands
    ]  # fmt: skip
    return {"type": "FeatureCollection", "features": found}


def workbook(plan: sp.SitePlan, path: Path) -> None:
    """All tables as an Excel workbook, a sheet each."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bottom": 1})
    for table in TABLES:
        sheet = book.add_worksheet(table)
        columns = columns_of(table)
        sheet.write_row(0, 0, columns, head)
        sheet.freeze_panes(1, 0)
        for n, row in enumerate(rows_of(plan, table), start=1):
            sheet.write_row(n, 0, [row[c] for c in columns])
        sheet.autofit()
    book.close()

"""The terminal's door to siting: ``islandflow site SCENARIO [PLAN]`` and ``islandflow site-audit FOLDER``."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from api.language import DEFAULT_LANG, Lang
from islandflow.errors import BadInput, Fault
from islandflow.siting.siteplan import SitePlan


def site(
    scenario: Path,
    plan: Annotated[Path | None, typer.Argument(help="folder of a ferry plan: promise by hour, shore power, parking")] = None,
    island: Annotated[str, typer.Option(help="one island alone; default all that have settlements")] = "",
    goal: Annotated[str, typer.Option(help="cost, or first the worst-off: worst-island, worst-season")] = "cost",
    points: Annotated[int, typer.Option(help="logistics points in all at most; 0: as many as it takes")] = 0,
    budget: Annotated[int, typer.Option(help="yuan a year for points of all kinds together; 0: each kind on its own")] = 0,
    target: Annotated[Path, typer.Option("--out", help="folder to write")] = Path("out/sites"),
    time_limit: Annotated[float, typer.Option(help="seconds for all parts")] = 120,
    seed: Annotated[int, typer.Option()] = 1,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """Places logistics points, transfer points, chargers and shared vehicles, with proof, audit and report."""
    from api.siting import site_scenario
    from islandflow.siting.wish import SiteWish
    from solvers.siting.contract import SitingSettings

    if time_limit <= 0:
        raise ValueError("--time-limit: write more than 0 seconds")
    found = site_scenario(
        scenario, plan, SiteWish(island, goal, points, budget), SitingSettings(seconds=time_limit, seed=seed), target, lang
    )
    _say(found.plan, found.info, len(found.audit["violations"]), target, lang)
    if found.audit["violations"] or not any(p.kind == "logistics" for p in found.plan.sites):
        raise typer.Exit(1)


def roads_import(source: Path, scenario: Path, lang: Lang = DEFAULT_LANG) -> None:
    """Roads of a GeoJSON file or an OpenStreetMap extract into roads.csv of a scenario; the former table is kept as roads.csv.old."""
    from islandflow.exchange.roads import lines_of_geojson, lines_of_osm, road_rows
    from islandflow.scenario.reader import read_scenario
    from islandflow.scenario.writer import write_scenario_tables

    if not scenario.is_dir():
        words = ("is no folder of tables", "不是数据表文件夹", "give the folder of a scenario", "请给出方案数据文件夹")
        raise BadInput([Fault(str(scenario), 0, "", "", *words)])
    facts = read_scenario(scenario)
    lines = lines_of_geojson(source) if source.suffix.lower() in (".json", ".geojson") else lines_of_osm(source)
    rows, lost = road_rows(lines, facts, f"imported from {source.name}")
    if not rows:
        words = (
            "holds no road on an island of the scenario",
            "没有位于方案岛屿上的道路",
            "give roads of these islands",
            "请给出这些岛的道路",
        )
        raise BadInput([Fault(source.name, 0, "", "", *words)])
    with TemporaryDirectory() as aside:  # judged there first: a stop or a fault leaves the scenario as it was
        trial = Path(aside) / scenario.resolve().name
        shutil.copytree(scenario, trial)
        write_scenario_tables({"roads": rows}, trial)
        read_scenario(trial)
    table = scenario / "roads.csv"
    if table.is_file():
        shutil.copyfile(table, scenario / "roads.csv.old")
    write_scenario_tables({"roads": rows}, scenario)
    for name in lost:
        print(f"! {name} {'附近没有道路' if lang == 'zh' else 'is near no road'}", file=sys.stderr)
    print(f"{len(rows)} {'条道路' if lang == 'zh' else 'roads'}")


def _say(plan: SitePlan, info: dict[str, Any], wrong: int, target: Path, lang: str) -> None:
    from islandflow.views.siting_page import inside

    zh = lang == "zh"
    for minutes in sorted({c.minutes for c in plan.circles}):
        before, after, people = inside(plan, "logistics", minutes)
        print(
            f"{minutes} 分钟圈:{before:,} → {after:,} / {people:,} 人,受益 {after - before:,}"
            if zh
            else f"{minutes} min: {before:,} -> {after:,} of {people:,} residents, {after - before:,} gain"
        )
    for kind in ("logistics", "transfer", "charger", "shared"):
        mine = [p for p in plan.sites if p.kind == kind]
        print(f"{kind}: {len(mine)} ({sum(p.status == 'new' for p in mine)} {'新建' if zh else 'new'})")
    gap = "-" if info["gap"] is None else f"{info['gap']:.2%}"
    print(
        f"{'状态' if zh else 'status'} {info['status']}, {'差距' if zh else 'gap'} {gap}, {'审计违规' if zh else 'violations'} {wrong}, {info['run']['seconds']} s"
    )
    for note in plan.notes:
        print(f"! {note[1] if zh else note[0]}", file=sys.stderr)
    print("≈ 道路为合成数据" if zh else "≈ roads are synthetic where the scenario says so")
    print(f"{'报告' if zh else 'report'}: {target / 'report.html'}")


def site_audit(folder: Path, lang: Lang = DEFAULT_LANG) -> None:
    """Judges a folder that `site` wrote, from its own scenario alone."""
    from islandflow.siting.facts_audit import audit_sites
    from islandflow.siting.folder import read_site_folder

    found = read_site_folder(folder)
    violations = audit_sites(found.scenario, found.plan, found.ferry)
    for v in violations:
        print(f"✗ {v.rule} {v.where}: {v.amount} {v.unit} {v.note_zh if lang == 'zh' else v.note}")
    print(f"violations {len(violations)}")
    if violations:
        raise typer.Exit(1)

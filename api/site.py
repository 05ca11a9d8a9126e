"""The terminal's door to siting: ``islandflow site SCENARIO [PLAN]`` and ``islandflow site-audit FOLDER``."""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from islandflow.errors import BadInput, Fault
from islandflow.ferry.plan import FerryPlan
from islandflow.scenario.entities import Scenario
from islandflow.siting.siteplan import SitePlan


def site(
    scenario: Path,
    plan: Annotated[Path | None, typer.Argument(help="folder of a ferry plan: promise by hour, shore power, parking")] = None,
    island: Annotated[str, typer.Option(help="one island alone; default all that have settlements")] = "",
    target: Annotated[Path, typer.Option("--out", help="folder to write")] = Path("out/sites"),
    time_limit: Annotated[float, typer.Option(help="seconds for all parts")] = 120,
    seed: Annotated[int, typer.Option()] = 1,
    lang: Annotated[str, typer.Option("--lang", help="zh or en")] = "en",
) -> None:
    """Places logistics points, transfer points, chargers and shared vehicles, with proof, audit and report."""
    from api.service import refuse_target, versions
    from islandflow.ferry.folder import copy_scenario, read_plan, write_aside, write_csv, write_json
    from islandflow.scenario.reader import read_scenario
    from islandflow.siting.facts_audit import audit_sites
    from islandflow.siting.folder import TABLES, columns_of, geojson, rows_of, workbook
    from islandflow.siting.fragile import fragile_roads
    from islandflow.views.siting_page import write_site_report
    from solvers.siting.archipelago import plan_sites
    from solvers.siting.contract import SitingSettings

    if lang not in ("zh", "en"):
        raise typer.BadParameter("zh or en")
    began = time.monotonic()
    refuse_target(target)
    facts = read_scenario(scenario)
    ferry = read_plan(plan).plan if plan is not None else None
    if ferry is not None:
        _fits(facts, ferry, plan)
    settings = SitingSettings(seconds=time_limit, seed=seed)
    found = plan_sites(facts, island, ferry, settings)
    violations = audit_sites(facts, found)
    fragile = fragile_roads(facts, {c.island_id for c in found.circles})
    info = _info(found, settings, facts.digest, versions(), began)
    told = [asdict(v) for v in violations]

    def fill(folder: Path) -> None:
        copy_scenario(facts, folder / "scenario")
        write_json(folder / "plan.json", info)
        write_json(folder / "audit.json", {"clean": not violations, "violations": told})
        for table in TABLES:
            write_csv(folder / f"{table}.csv", rows_of(found, table), columns_of(table))
        write_csv(folder / "fragile.csv", [asdict(f) for f in fragile], ("what", "kind", "island_id", "people", "detour_min"))
        write_json(folder / "sites.geojson", geojson(facts, found))
        workbook(found, folder / "sites.xlsx")
        write_site_report(facts, found, info, told, fragile, folder / "report.html", lang)

    write_aside(target, fill)
    _say(found, info, len(violations), target, lang)
    if violations or not any(p.kind == "logistics" for p in found.sites):
        raise typer.Exit(1)


def roads_import(source: Path, scenario: Path, lang: Annotated[str, typer.Option("--lang", help="zh or en")] = "en") -> None:
    """Roads of a GeoJSON file or an OpenStreetMap extract into roads.csv of a scenario; the former table is kept as roads.csv.old."""
    from islandflow.exchange.roads import lines_of_geojson, lines_of_osm, road_rows
    from islandflow.scenario.reader import read_scenario
    from islandflow.scenario.writer import write_scenario_tables

    facts = read_scenario(scenario)
    lines = lines_of_geojson(source) if source.suffix in (".json", ".geojson") else lines_of_osm(source)
    rows, lost = road_rows(lines, facts, f"imported from {source.name}")
    if not rows:
        raise BadInput(
            [
                Fault(
                    source.name,
                    0,
                    "",
                    "",
                    "holds no road on an island of the scenario",
                    "没有位于方案岛屿上的道路",
                    "give roads of these islands",
                    "请给出这些岛的道路",
                )
            ]
        )
    table = scenario / "roads.csv"
    before = table.read_bytes() if table.is_file() else None
    write_scenario_tables({"roads": rows}, scenario)
    try:
        read_scenario(scenario)
    except BadInput:
        table.unlink() if before is None else table.write_bytes(before)
        raise
    if before is not None:
        (scenario / "roads.csv.old").write_bytes(before)
    for name in lost:
        print(f"! {name} {'附近没有道路' if lang == 'zh' else 'is near no road'}", file=sys.stderr)
    print(f"{len(rows)} {'条道路' if lang == 'zh' else 'roads'}")


def _fits(facts: Scenario, ferry: FerryPlan, folder: Path | None) -> None:
    """BadInput if the ferry plan is of another scenario: vessels or ports that this one does not know."""
    vessels = {v for fleet in facts.fleets.values() for v in fleet.vessel_ids()}
    strange = sorted({s.vessel for s in ferry.sailings} - vessels) + sorted({p for s in ferry.sailings for p in s.ports} - set(facts.ports))
    if strange:
        raise BadInput(
            [
                Fault(
                    str(folder),
                    0,
                    "",
                    strange[0],
                    "is not in the scenario",
                    "不在方案数据中",
                    "give a plan of this scenario",
                    "请给出本方案的轮渡方案",
                )
            ]
        )


def _info(plan: SitePlan, settings: Any, digest: str, versions: dict[str, str], began: float) -> dict[str, Any]:
    main = next((c for c in plan.certificates if c.part == "logistics"), None)
    return {
        "kind": "siting", "status": main.status if main else "no_solution", "island": plan.island, "objective": main.objective if main else None,
        "bound": main.bound if main else None, "gap": main.gap if main else None,
        "parts": [{"part": c.part, "status": c.status, "objective": c.objective, "bound": c.bound} for c in plan.certificates],
        "notes": [list(n) for n in plan.notes], "seed": settings.seed, "solver": "islandflow", "settings": asdict(settings), "versions": versions, "scenario_hash": digest,
        "run": {"seconds": round(time.monotonic() - began, 1), "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                "started": datetime.now().astimezone().isoformat(timespec="seconds")},
    }  # fmt: skip


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


def site_audit(folder: Path, lang: Annotated[str, typer.Option("--lang", help="zh or en")] = "en") -> None:
    """Judges a folder that `site` wrote, from its own scenario alone."""
    from islandflow.scenario.reader import read_scenario
    from islandflow.siting.facts_audit import audit_sites
    from islandflow.siting.folder import read_site_plan

    try:
        info = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        if info.get("kind") != "siting":
            raise ValueError("kind")
        plan = read_site_plan(folder, str(info["island"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(
            [
                Fault(
                    str(folder),
                    0,
                    "",
                    "",
                    f"is no folder of a siting plan ({type(error).__name__})",
                    "不是选址方案文件夹",
                    "give a folder that site has written",
                    "请给出 site 写出的文件夹",
                )
            ]
        ) from None
    violations = audit_sites(read_scenario(folder / "scenario"), plan)
    for v in violations:
        print(f"✗ {v.rule} {v.where}: {v.amount} {v.unit} {v.note_zh if lang == 'zh' else v.note}")
    print(f"violations {len(violations)}")
    if violations:
        raise typer.Exit(1)

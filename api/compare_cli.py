"""`islandflow compare A B` and `islandflow retime PLAN`: a plan beside another, and today's timetable at its best."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from api.language import DEFAULT_LANG, Lang
from api.options import solving
from islandflow.ferry.folder import write_aside, write_json
from solvers.contract import Settings, Watch


def compare(
    a: Path,
    b: Path,
    target: Annotated[Path, typer.Option("--out", help="folder to write: page, Excel, JSON")] = Path("out/compare"),
    lang: Lang = DEFAULT_LANG,
) -> None:
    """Compares two plan folders, or two season folders: sailings, people, money, obligations."""
    from api.cli import out
    from islandflow.errors import BadInput, Fault
    from islandflow.exchange.sheets import write_book
    from islandflow.season.compare import compare as side_by_side
    from islandflow.season.folder import plans_of
    from islandflow.views.compare import comparison_sheets, write_comparison

    if target.exists() and not (target / "comparison.json").is_file() and (not target.is_dir() or any(target.iterdir())):
        what = ("exists and is no comparison", "已存在且不是比较结果")
        raise BadInput([Fault("--out", 0, "", str(target), *what, "name another folder", "请另选文件夹")])
    found = side_by_side(plans_of(a), plans_of(b), (a.name, b.name))

    def fill(folder: Path) -> None:
        write_json(folder / "comparison.json", {"a": found.names[0], "b": found.names[1], "services": found.services, "unfair": found.unfair, "retimed": found.retimed, **found.rows})
        write_book(folder / "comparison.xlsx", comparison_sheets(found, lang))
        write_comparison(found, folder / "report.html", lang)

    write_aside(target, fill)
    for row in found.rows["whole"]:
        if row["figure"] in ("sailings", "people_left", "mean_door_to_door_min", "vessel_hours", "cost_yuan", "subsidy_yuan", "society_yuan"):
            share = "" if row["share"] is None else f" ({row['share']:+.1%})"
            one, two = ("-" if row[side] is None else f"{row[side]:,.1f}" for side in ("a", "b"))
            print(f"{row['service']:<22} {row['figure']:<22} {one:>14} -> {two:>14}{share}")
    out.print(str(target / "report.html"))


@solving
def retime(
    plan: Path,
    target: Annotated[Path, typer.Option("--out", help="plan folder to write")] = Path("out/retimed"),
    lang: Lang = DEFAULT_LANG,
    *,
    settings: Settings,
) -> None:
    """A timetable at its best under its own lines, vessels and frequencies: what it is fair to compare a plan with."""
    from api.cli import STARTED, _progress, summary
    from api.service import plan_scenario
    from islandflow.ferry.folder import read_plan
    from islandflow.network.derive import write_derived
    from islandflow.season.retime import own_frequencies

    found = read_plan(plan)
    with tempfile.TemporaryDirectory() as folder:
        write_derived(own_frequencies(found.scenario, found.plan), found.scenario, Path(folder) / "scenario")
        watch = Watch(settings.time_limit, STARTED, _progress(lang))
        result, made = plan_scenario(Path(folder) / "scenario", found.plan.service, settings, watch, target, lang, what_if=())
    if made is None:
        print(result.status, file=sys.stderr)
        raise typer.Exit(1)
    info = {**made.info, "retimed": str(plan.name)}
    half = target / ".plan.json"
    write_json(half, info)
    os.replace(half, target / "plan.json")
    summary(info, made.metrics, made.audit, lang)

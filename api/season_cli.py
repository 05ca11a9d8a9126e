"""`islandflow season`: the options, the live lines, the summary."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from api.language import DEFAULT_LANG, Lang
from api.options import solving, what_if
from islandflow.season.folder import SeasonFolder
from islandflow.season.tables import SeasonTables
from islandflow.views.season_case import SeasonCase
from solvers.contract import Settings


@solving
@what_if
def season(
    scenario: Path,
    target: Annotated[Path, typer.Option("--out", help="season folder to write; an unfinished one is resumed")] = Path("out/season"),
    service: Annotated[list[str] | None, typer.Option(help="only this service pattern, may be repeated")] = None,
    cluster: Annotated[str, typer.Option(help="one cluster alone, or the lines between two ports as FROM-TO")] = "",
    year: Annotated[int, typer.Option(help="year of the calendar; 0 = the first official one")] = 0,
    pool: Annotated[int, typer.Option(help="service patterns at once; 0 = cores over workers")] = 0,
    scheduler: Annotated[str, typer.Option(help="address of a Dask scheduler, tcp://…")] = "",
    core: Annotated[bool, typer.Option("--core/--no-core", help="keep a core timetable all year")] = True,
    core_from: Annotated[str, typer.Option(help="pattern whose departures become the core; empty = chosen")] = "",
    clock_face: Annotated[int, typer.Option(help="round the core to multiples of so many minutes")] = 0,
    prices: Annotated[float, typer.Option(help="seconds a pattern for the prices of the obligations; 0 = none")] = 10,
    quiet: Annotated[bool, typer.Option("--quiet")] = False,
    lang: Lang = DEFAULT_LANG,
    *,
    settings: Settings,
    said: tuple[str, ...],
) -> None:
    """Plans every service pattern of a scenario, one core timetable for all, and writes a season folder with its report."""
    from api.season import Ask, plan_season
    from solvers.season.pool import DaskPool, LocalPool, at_once

    if clock_face < 0 or clock_face > 60:  # noqa: PLR2004
        raise ValueError("--clock-face: write minutes from 0 to 60")
    ask = Ask(settings, tuple(service or ()), core, core_from, clock_face, cluster, year, lang, said, prices)
    where: Any = DaskPool(scheduler) if scheduler else LocalPool(pool or at_once(settings.workers))
    found, tables, lacking = plan_season(scenario, target, ask, where, _teller(lang, quiet, settings))
    if lacking or tables is None:
        for name, reason in lacking.items():
            if name:
                print(f"{name}: {reason}", file=sys.stderr)
        print("未完成;用同一命令可继续" if lang == "zh" else "not finished; the same command goes on from here", file=sys.stderr)
        raise typer.Exit(1)
    summary(found, tables, lang)


def _teller(lang: str, quiet: bool, settings: Settings) -> Any:
    begun, said = time.monotonic(), dict[str, float]()

    def hear(name: str, step: Mapping[str, Any]) -> None:
        now = time.monotonic()
        final = step["phase"] in ("kept", "resumed")
        if quiet or (not final and now - said.get(name, -1e9) < 30):  # noqa: PLR2004
            return
        said[name] = now
        words = {"kept": ("完成", "done"), "resumed": ("已有", "already there")}
        text = words[step["phase"]][lang != "zh"] if final else step["phase"]
        gap = f"  {step['gap']:.1%}" if step.get("gap") is not None else ""
        print(f"{now - begun:7.1f} s  {name:<22} {text}{gap}", file=sys.stderr, flush=True)

    return hear


def summary(found: SeasonFolder, tables: SeasonTables, lang: str) -> None:
    """A finished season: its result, a row a pattern, a row a line."""
    from api.cli import out
    from islandflow.views.season import numbers, title

    case = SeasonCase(found, tables, lang)
    out.print(title(case))
    for label, value, note in numbers(case):
        out.print(f"  {label}: {value} ({note})")
    for r in case.rows("patterns"):
        gap = "-" if r["gap"] is None else f"{r['gap']:.1%}"
        print(f"  {r['service']:<22} {r['dates']:>4} d {r['sailings']:>6} sailings  left {r['people_left']:>6}  {gap:>6}  core {r['core_kept']}/{r['core']}")
    rows = case.rows("frequency")
    _by_line(case, lang)
    off, peak = (sum(r[k] or 0 for r in rows) for k in ("off_peak", "peak"))
    print(f"旺季日均 {peak:,.0f} 班,淡季 {off:,.0f} 班" if lang == "zh" else f"sailings a day: {peak:,.0f} at peak, {off:,.0f} off peak", end="")
    print(f" ({peak / off:.2f} x)" if off and peak else "")
    print(str(found.folder / "report.html"))


def _by_line(case: SeasonCase, lang: str) -> None:
    """Sailings a day of every line that runs: mean off peak, mean at peak, and their ratio."""
    print("航线:淡季日均、旺季日均(班)、旺/淡" if lang == "zh" else "line: sailings a day off peak, at peak, peak over off peak")
    for r in case.rows("frequency"):
        if r["off_peak"] or r["peak"]:
            off, peak = ("-" if r[k] is None else f"{r[k]:.1f}" for k in ("off_peak", "peak"))
            ratio = "-" if r["peak_over_off_peak"] is None else f"{r['peak_over_off_peak']:.2f}"
            print(f"  {r['line']:<6} {off:>7} {peak:>7} {ratio:>6}")

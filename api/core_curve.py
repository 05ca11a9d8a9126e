"""`islandflow core-curve SEASON`: one pattern of a season planned again at several prices of a changed core departure."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from api.language import DEFAULT_LANG, Lang
from api.options import solving
from api.season_tables import finish
from islandflow.errors import BadInput, Fault
from islandflow.ferry.folder import PlanFolder, read_plan, write_aside, write_json
from islandflow.network.derive import write_derived
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import near
from islandflow.season.folder import CORE_CURVE, SeasonFolder, read_season
from solvers.contract import Settings
from solvers.season.jobs import Job, pack, unpack
from solvers.season.pool import LocalPool, Pool, at_once

Row = dict[str, Any]


@solving
def core_curve(
    season: Path,
    service: Annotated[str, typer.Option(help="service pattern; empty = the peak pattern with most dates")] = "",
    prices: Annotated[str, typer.Option(help="yuan of a core departure that does not run, separated by commas")] = "0,200,1000,5000",
    lang: Lang = DEFAULT_LANG,
    *,
    settings: Settings,
) -> None:
    """Plans a pattern of a season again at several prices of a changed core departure: what does a core cost."""
    found = read_season(season)
    chosen = _service(found, service)
    rows = curve(found, chosen, _prices(prices), settings, LocalPool(at_once(settings.workers)))
    write_json(season / CORE_CURVE, rows)
    finish(season, lang)
    for r in rows:
        gap = "-" if r["gap"] is None else f"{r['gap']:.1%}"
        print(f"{r['price_yuan']:>10,.0f} CNY  changed {r['changed']:>5}/{r['core']:<5} society {r['society_yuan']:>14,.0f}  gap {gap}")
    print(str(season / "report.html"))


def curve(season: SeasonFolder, service: str, prices: Sequence[float], settings: Settings, pool: Pool) -> list[Row]:
    """A row a price: core departures asked and changed, society's cost without the price of changes, fleet cost, bound less that price."""
    scenario = season.plans[service].scenario
    rows = []
    with tempfile.TemporaryDirectory() as place:
        jobs = []
        for price in prices:
            home = Path(place) / f"{price:g}"
            write_derived(_priced(scenario, price), scenario, home)
            jobs.append(Job(f"{price:g}", {"service": service, "settings": asdict(settings), "lang": "en"}, pack(home)))
        for outcome in pool.run(jobs, threading.Event(), lambda *_: None):
            if outcome.folder is None:
                raise ValueError(f"--prices {outcome.name}: {outcome.message}")
            data = outcome.folder
            write_aside(Path(place) / "plan", lambda folder, data=data: unpack(data, folder))  # type: ignore[misc]
            rows.append(_row(read_plan(Path(place) / "plan"), float(outcome.name)))
    return sorted(rows, key=lambda r: r["price_yuan"])


def _priced(scenario: Scenario, price: float) -> Scenario:
    return replace(scenario, wishes={k: replace(w, price_yuan=price) if w.kind == "core" else w for k, w in scenario.wishes.items()})


def _row(plan: PlanFolder, price: float) -> Row:
    core = [w for w in plan.audit["wishes"] if w["kind"] == "core"]
    changed = sum(max(0, w["least"] - w["runs"]) for w in core)
    paid, bound = sum(w["cost_fen"] for w in core) / 100, plan.info["bound"]
    return {
        "service": plan.plan.service, "price_yuan": price, "core": sum(w["least"] for w in core), "changed": changed,
        "society_yuan": round(plan.metrics["objective_yuan"] - paid, 2), "fleet_yuan": plan.metrics["cost_yuan"],
        "bound_yuan": None if bound is None else round(bound / 100 - paid, 2), "gap": plan.info["gap"], "status": plan.info["status"],
    }  # fmt: skip


def _service(season: SeasonFolder, asked: str) -> str:
    known = [s for s, p in season.plans.items() if any(w.kind == "core" for w in p.scenario.wishes.values())]
    if asked in known:
        return asked
    if asked or not known:
        what = ("is no pattern of this season that is planned around a core", "不是本季节方案中按骨干编制的时期")
        remedy = near(asked, known) if known else ("plan the season with a core", "请先按骨干编制季节方案")
        raise BadInput([Fault("--service", 0, "", asked, *what, *remedy)])
    days = season.year.by_service()
    return max(known, key=lambda s: (season.scenario.services[s].peak, days.get(s, 0)))


def _prices(text: str) -> list[float]:
    try:
        found = sorted({float(part) for part in text.split(",")})
    except ValueError:
        found = []
    if not found or found[0] < 0 or found[-1] > 1e9:  # noqa: PLR2004
        raise ValueError(f"--prices {text}: write yuan separated by commas, for example 0,200,1000")
    return found

"""`islandflow explain PLAN`: why a sailing runs, or why there is none, in a table or as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table as Grid

from api.conflict_words import Conflicts, conflict_rows, conflicts_of
from api.language import DEFAULT_LANG, Lang
from api.missing_words import missing_rows
from islandflow.ferry.explain import Loss, without_sailing
from islandflow.ferry.missing import Missing, missing_sailing
from islandflow.scenario.entities import Scenario
from islandflow.units import clock, minutes
from solvers.contract import BadSetting

WIDE = 400  # columns of a table that no terminal shows


def explain(
    path: Annotated[Path, typer.Argument(metavar="PLAN")],
    sailing: Annotated[str, typer.Option("--sailing", help="id of a sailing of the plan: whom it serves, what would be lost")] = "",
    missing: Annotated[
        tuple[str, str, str] | None,
        typer.Option("--missing", metavar="FROM TO HH:MM", help="ports or places: why no boat leaves then, what it would cost"),
    ] = None,
    conflicts: Annotated[bool, typer.Option("--conflicts", help="which unmet obligations cannot be met together, and the cheapest remedy")] = False,
    time_limit: Annotated[float, typer.Option(help="seconds for --conflicts")] = 120,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table; money in fen")] = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """Why a sailing runs, or why there is none: one of --sailing, --missing and --conflicts."""
    from islandflow.ferry.folder import read_plan
    from islandflow.network.sea import build_network

    if bool(sailing) + (missing is not None) + conflicts != 1:
        options = "--sailing --missing --conflicts"
        raise BadSetting(f"explain: give one of {options}", f"explain:请在 {options} 中给出一项")
    minute = _minute(missing[2]) if missing else 0
    found = read_plan(path)
    scenario, network = found.scenario, build_network(found.scenario)
    answer: Loss | Missing | Conflicts
    if conflicts:
        answer = conflicts_of(found, network, time_limit)
        lines = conflict_rows(scenario, answer, zh=lang == "zh")
    elif missing:
        answer = missing_sailing(scenario, found.plan, network, missing[0], missing[1], minute)
        lines = missing_rows(scenario, answer, zh=lang == "zh") if not as_json else []
    else:
        answer = without_sailing(scenario, found.plan, network, sailing)
        lines = rows(scenario, answer, zh=lang == "zh") if not as_json else []
    if as_json:
        print(json.dumps(answer.as_json(), ensure_ascii=False, indent=1))
        return
    grid = Grid(show_header=False, box=None, padding=(0, 2, 0, 0))
    for row in lines:
        grid.add_row(*row)
    # off a terminal nothing is wrapped
    Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else WIDE).print(grid)


def _minute(text: str) -> int:
    try:
        return minutes(text)
    except ValueError:
        raise BadSetting(f"--missing {text}: is no time; write HH:MM", f"--missing {text}:不是时刻;请写 HH:MM") from None


def rows(scenario: Scenario, loss: Loss, *, zh: bool) -> list[tuple[str, str]]:
    """What the table says, a line each."""
    names = {p.port_id: p.name_zh if zh else p.name_en for p in scenario.ports.values()}
    places = {p.place_id: p.name_zh if zh else p.name_en for p in scenario.places.values()}
    s = loss.sailing
    way = " – ".join(names[p] for p in s.ports)

    def yuan(fen: int) -> str:
        return f"{fen / 100:+,.0f} 元" if zh else f"CNY {fen / 100:+,.0f}"

    found = [("航次" if zh else "sailing", f"{s.id} {clock(s.departs)}–{clock(s.arrives)} {way} ({s.vessel})")]
    found += [
        ("乘客" if zh else "aboard", f"{a.people:,} {places[a.from_place]} → {places[a.to_place]} ({a.segment})") for a in loss.aboard[:8]
    ]
    rest = sum(a.people for a in loss.aboard[8:])
    if rest:
        found.append(("", f"{rest:,} 其他" if zh else f"{rest:,} others"))
    found += [
        ("若停开:滞留" if zh else "without it: left behind", f"{loss.left:+,} {'人' if zh else 'people'}"),
        ("改乘他船" if zh else "travel otherwise", f"{loss.elsewhere:,}"),
        ("他人多用时间" if zh else "more time for others", f"{loss.minutes:+,} {'分钟' if zh else 'min'}"),
        ("出行时间代价" if zh else "price of travel time", yuan(loss.travellers_fen)),
        ("滞留代价" if zh else "price of those left", yuan(loss.left_behind_fen)),
        ("运营成本" if zh else "running cost", yuan(loss.running_fen)),
        ("合计" if zh else "total cost", yuan(loss.total_fen)),
    ]
    found += [
        (
            "民生保障破坏" if zh else "obligation broken",
            f"{o.obligation_id} {o.rule}: {o.found} ({o.required}) → {o.remedy_zh if zh else o.remedy_en}",
        )
        for o in loss.broken
    ]
    if loss.vessel_needed_at:
        at, goes = names[loss.vessel_waits_at], names[loss.vessel_needed_at]
        found.append(
            (
                "船舶" if zh else "vessel",
                f"停在 {at},下一航次在 {goes}:须另行调船" if zh else f"stays at {at}, sails next from {goes}: it needs another way there",
            )
        )
    return found

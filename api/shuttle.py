"""The terminal's door to buses that meet the boats: ``islandflow shuttle SCENARIO PLAN`` and ``islandflow shuttle-audit FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.language import DEFAULT_LANG, Lang
from islandflow.shuttle.shuttleplan import IslandProof

MOST_MINUTES = 120


def shuttle(
    scenario: Path,
    plan: Annotated[Path, typer.Argument(help="folder of a ferry plan, whose boats the buses meet")],
    island: Annotated[str, typer.Option(help="one island alone; default all that have vehicles")] = "",
    target: Annotated[Path, typer.Option("--out", help="folder to write")] = Path("out/shuttles"),
    time_limit: Annotated[float, typer.Option(help="seconds for all islands")] = 180,
    seed: Annotated[int, typer.Option()] = 1,
    lang: Lang = DEFAULT_LANG,
    move_ferries: Annotated[bool, typer.Option("--move-ferries", help="sailings may leave earlier or later where ferry and buses both gain")] = False,
    most_minutes: Annotated[int, typer.Option(help="with --move-ferries: most minutes from where a sailing stands")] = 20,
    ferry_may_rise: Annotated[float, typer.Option(help="with --move-ferries: yuan a day by which the ferry side may become dearer while both together gain")] = 0.0,
    buses_may_rise: Annotated[float, typer.Option(help="the same of the buses")] = 0.0,
) -> None:
    """Plans the buses of the islands on a ferry timetable: those that meet the boats and lines by the clock, with a certified gap, audit, report and cards for the stops."""
    from api.shuttle_lines import said_lines
    from api.shuttle_moves import Moving
    from api.shuttles import plan_shuttles

    if time_limit <= 0:
        raise ValueError("--time-limit: write more than 0 seconds")
    if not 1 <= most_minutes <= MOST_MINUTES:
        raise ValueError(f"--most-minutes: write 1 to {MOST_MINUTES}")
    if ferry_may_rise < 0 or buses_may_rise < 0:
        raise ValueError("--ferry-may-rise and --buses-may-rise: write 0 yuan or more")
    moving = Moving(most_minutes, ferry_may_rise, buses_may_rise, lang) if move_ferries else None
    zh = lang == "zh"

    def tell(name: str, proof: IslandProof) -> None:
        gap = (proof.objective - proof.bound) / proof.objective if proof.objective else 0.0
        words = ("方案", "下界", "差距", "元") if zh else ("plan", "bound", "gap", "yuan")
        print(f"{name:<12} {words[0]} {proof.objective / 100:,.0f}  {words[1]} {proof.bound / 100:,.0f} {words[3]}  {words[2]} {gap:.1%}  {proof.seconds:.0f} s", file=sys.stderr)  # fmt: skip

    found = plan_shuttles(scenario, plan, island, time_limit, seed, target, lang, tell, moving)
    wrong = found.audit["violations"]
    taken = sum(x.people for d in found.plan.days.values() for r in d.runs for x in r.loads)
    left = sum(u.people for d in found.plan.days.values() for u in d.unserved)
    vehicles = sum(len(d.vehicles) for d in found.plan.days.values())
    for line in said_lines(found.plan.lines, zh):
        print(line)
    gap = "-" if found.info["gap"] is None else f"{found.info['gap']:.1%}"
    print(f"{taken:,} 人接送,{left} 人未接送,{vehicles} 辆车" if zh else f"{taken:,} people taken, {left} not, {vehicles} vehicles")
    moves = found.info.get("moves")
    if moves:
        ferry, bus = (moves["searched"][k] - moves["standing"][k] for k in ("ferry", "buses"))
        if zh:
            print(f"调整 {moves['sailings']} 个航次:轮渡 {ferry / 100:+,.0f} 元,短驳 {bus / 100:+,.0f} 元;轮渡方案 {target / 'ferry'}")
        else:
            print(f"{moves['sailings']} sailings moved: ferry {ferry / 100:+,.0f} yuan, buses {bus / 100:+,.0f} yuan; ferry plan {target / 'ferry'}")
    print(f"{'差距' if zh else 'gap'} {gap}, {'审计违规' if zh else 'violations'} {len(wrong)}, {found.info['run']['seconds']} s")
    print("≈ 道路、车辆与充电桩为合成数据" if zh else "≈ roads, vehicles and chargers are synthetic where the scenario says so")
    print(f"{'报告' if zh else 'report'}: {target / 'report.html'}")
    if wrong:
        raise typer.Exit(1)


def shuttle_audit(folder: Path, lang: Lang = DEFAULT_LANG) -> None:
    """Judges a folder that `shuttle` wrote, from its own scenario and ferry timetable alone."""
    from api.shuttles import audit_shuttle_folder

    _, violations = audit_shuttle_folder(folder)
    for island, v in violations:
        print(f"✗ {island} {v.rule} {v.where}: {v.amount} {v.unit} {v.note_zh if lang == 'zh' else v.note}")
    print(f"violations {len(violations)}")
    if violations:
        raise typer.Exit(1)

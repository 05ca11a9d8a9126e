"""What both doors do with lines by the clock: plan them beside the buses that meet the boats, audit them, write their tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from islandflow.ferry.folder import write_csv
from islandflow.ferry.plan import FerryPlan
from islandflow.scenario.entities import Scenario
from islandflow.shuttle.lines_audit import audit_lines
from islandflow.shuttle.lines_facts import islands_with_lines, lines_day
from islandflow.shuttle.lines_plan import LinesPlan, LinesProof
from islandflow.shuttle.lines_tables import LINE_COLUMNS, line_rows
from islandflow.views.shuttle_lines_words import counted
from islandflow.violation import Violation
from solvers.shuttle.lines import solve_lines

Planned = Mapping[str, tuple[LinesPlan, LinesProof]]
SHARE, MOST_SECONDS = 0.25, 60.0  # of the time, where buses that meet the boats want the rest


def planned_lines(facts: Scenario, ferry: FerryPlan, island: str, seconds: float, going: Callable[[], bool]) -> dict[str, tuple[LinesPlan, LinesProof]]:
    """Lines of the island asked for, or of all that have vehicles for them, in a quarter of the time at most."""
    names = islands_with_lines(facts, island)
    each = min(MOST_SECONDS, SHARE * seconds) / max(1, len(names))
    return {name: solve_lines(lines_day(facts, ferry, name), each, going) for name in names}


def audited_lines(facts: Scenario, ferry: FerryPlan, lines: Planned) -> list[tuple[str, Violation]]:
    """(island, violation) of every island's lines."""
    return [(name, v) for name, (plan, proof) in lines.items() for v in audit_lines(lines_day(facts, ferry, name), plan, proof.objective).violations]


def write_lines(folder: Path, facts: Scenario, ferry: FerryPlan, lines: Planned) -> None:
    """The tables of lines, empty ones too."""
    rows = [line_rows(lines_day(facts, ferry, name), plan) for name, (plan, _) in lines.items()]
    for name, columns in LINE_COLUMNS.items():
        write_csv(folder / f"{name}.csv", [row for found in rows for row in found[name]], columns)


def told_lines(lines: Planned) -> dict[str, Any]:
    """What plan.json says of lines."""
    return {"lines": [asdict(proof) for _, proof in lines.values()]} if lines else {}


def said_lines(lines: Planned, zh: bool) -> list[str]:
    """A line of the terminal for every island."""
    found = []
    for name, (plan, p) in lines.items():
        vehicles, people = len({t.vehicle for t in plan.trips}), sum(r.people for r in plan.riders)
        gap = (p.objective - p.bound) / p.objective if p.objective else 0.0
        if zh:
            found.append(f"{name}:{len(plan.lines)} 条线路,{vehicles} 辆车,{people:,} 人次 ≈,衔接船班 {p.met}/{p.boats},差距 {gap:.1%}")
        else:
            found.append(f"{name}: {counted(len(plan.lines), 'line')}, {counted(vehicles, 'vehicle')}, {people:,} trips ≈, {p.met} of {p.boats} boats met, gap {gap:.1%}")
    return found

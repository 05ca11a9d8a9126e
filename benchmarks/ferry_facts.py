"""What the common columns cannot hold of a ferry case, kept in a second table beside, and what cannot be true of both together."""

from __future__ import annotations

import csv
import io
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from statistics import median

from benchmarks.harness import OURS

Row = Mapping[str, str]


@dataclass(frozen=True)
class Facts:
    """A row of the table beside. Money in fen, gaps as fractions, None = not known.

    ``first_plan_seconds``: from the start of the process to the first plan whose audit is clean, the libraries' loading included.
    ``obligations_met`` of ``obligations`` rules; ``missing_bound``: so many cannot be met by any plan, as the solver claims.
    ``audit``: clean, broken, or empty without a plan; ``proves``: whether the solver may say optimal or infeasible at all.
    """

    case: str
    solver: str
    gap_net: float | None
    first_plan_seconds: float | None
    obligations_met: int | None
    obligations: int | None
    missing_bound: int | None
    audit: str
    proves: str
    stopped_by: str
    ports: int
    vessels: int
    patterns: int
    candidates: int
    groups: int
    people: int
    problem_seconds: float
    error: str = ""


NAMES = tuple(f.name for f in fields(Facts))


def facts_path(out: Path) -> Path:
    """``ferry.csv`` → ``ferry.facts.csv``."""
    return out.with_suffix(".facts.csv")


def traces_folder(out: Path) -> Path:
    """``ferry.csv`` → ``ferry.traces``."""
    return out.with_suffix(".traces")


def read_facts(path: Path) -> dict[tuple[str, str], dict[str, str]]:
    """Rows by case and solver; empty if there is no file yet."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as source:
        return {(r["case"], r["solver"]): r for r in csv.DictReader(source)}


def keep_facts(path: Path, facts: Facts) -> None:
    """Adds a row, or puts it in the place of an earlier one of that case and solver (its run had been cut off)."""
    rows: dict[tuple[str, str], Mapping[str, object]] = dict(read_facts(path))
    rows[facts.case, facts.solver] = {k: "" if v is None else f"{v:.6g}" if isinstance(v, float) else v for k, v in asdict(facts).items()}
    write_table(path, NAMES, rows.values())


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Writes a table whole or not at all."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.new")
    aside.write_text(text.getvalue(), encoding="utf-8", newline="")
    os.replace(aside, path)


def doubtful(rows: Iterable[Row], facts: Mapping[tuple[str, str], Row]) -> list[str]:
    """What cannot be true, a line each: failures, audits that are not clean, statuses that claim too much, bounds above any plan."""
    found = []
    of_case: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        of_case[row["case"]].append(row)
        known = facts.get((row["case"], row["solver"]), {})
        name = f"{row['case']} {row['solver']}"
        if row["status"] == "error":
            found.append(f"{name}: {known.get('error') or 'crashed'}")
        if row["value"] and not known:
            found.append(f"{name}: has a value but no row in the table of facts")
        if known.get("audit") == "broken":
            found.append(f"{name}: the audit is not clean")
        if row["status"] in ("optimal", "infeasible") and known.get("proves") != "yes":
            found.append(f"{name}: status {row['status']}, but this solver proves nothing")
        if row["status"] == "optimal" and not _stage_one(known):
            found.append(f"{name}: status optimal, but more obligations may be met")
    for case, mine in of_case.items():
        found += _beyond(case, mine, facts)
    return found


def _stage_one(known: Row) -> bool:
    return bool(known.get("obligations")) and int(known["obligations"]) - int(known["obligations_met"]) <= int(known["missing_bound"] or 0)


def _beyond(case: str, rows: Sequence[Row], facts: Mapping[tuple[str, str], Row]) -> list[str]:
    """Bounds above, and infeasibility beside, the plan of another solver that meets every obligation."""
    whole = {}
    for row in rows:
        known = facts.get((case, row["solver"]), {})
        if row["value"] and known.get("audit") == "clean" and known["obligations_met"] == known["obligations"]:
            whole[row["solver"]] = float(row["value"])
    found = []
    for row in rows:
        for other, value in whole.items():
            if row["status"] == "infeasible":
                found.append(f"{case} {row['solver']}: status infeasible, but {other} has a plan")
            if row["bound"] and other != row["solver"] and float(row["bound"]) > value * (1 + 1e-6):
                found.append(f"{case} {row['solver']}: bound {row['bound']} is above the plan of {other}, {value:.10g}")
    return found


def duels(rows: Iterable[Row], facts: Mapping[tuple[str, str], Row]) -> list[str]:
    """How our plans compare with each exact model's, by size: the median over the seeds, cost over cost; obligations first."""
    by_size: dict[tuple[int, str], list[float]] = defaultdict(list)
    values = {(r["case"], r["solver"]): r for r in rows if r["case"].startswith("duel-")}
    for (case, solver), row in values.items():
        ours = values.get((case, OURS))
        if solver != OURS and ours is not None:
            by_size[int(case.split("-")[1]), solver].append(_worse(ours, row, facts))
    return [
        f"duel of {size} ports, {OURS} beside {solver}, {len(found)} seeds: median {_told(median(found))}, worst {_told(max(found))}"
        for (size, solver), found in sorted(by_size.items())
    ]


def _told(share: float) -> str:
    if abs(share) == float("inf"):
        return "it has no plan as good in obligations" if share < 0 else "ours has no plan as good in obligations"
    return f"{100 * share:+.3f} %"


def _worse(ours: Row, theirs: Row, facts: Mapping[tuple[str, str], Row]) -> float:
    """Share by which our plan is dearer; infinite where it meets fewer obligations or there is none, minus infinite the other way."""
    inf = float("inf")
    met = [int(facts.get((r["case"], r["solver"]), {}).get("obligations_met") or -1) if r["value"] else -1 for r in (ours, theirs)]
    if met[0] != met[1]:
        return inf if met[0] < met[1] else -inf
    if met[0] < 0:
        return 0.0
    return float(ours["value"]) / float(theirs["value"]) - 1

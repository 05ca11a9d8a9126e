"""What every benchmark shares: the command line, one row a case and competitor, resuming, peak memory, and who claims too much.

A benchmark names its cases and competitors and calls :func:`main`::

    def cases(folder: Path) -> Iterable[Case]: ...
    COMPETITORS = {"islandflow": ours, "peer-name": theirs}    # module-level functions (case, options) -> Outcome
    if __name__ == "__main__":
        sys.exit(main("siting", cases, COMPETITORS))

Each competitor runs alone in a fresh process, so that ``peak_mb`` is its own (the solvers it starts included) and a crash costs one row.
"""

from __future__ import annotations

import argparse
import csv
import fnmatch
import io
import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

COLUMNS = ("case", "solver", "value", "bound", "gap", "known", "seconds", "peak_mb", "status", "cores", "versions")
OURS = "islandflow"
LIBRARIES = ("numpy", "numba", "highspy", "ortools", "pulp", "scipy", "spopt", "pyvrp")
GRACE_SHARE, GRACE_SECONDS = 0.5, 60.0  # a competitor that runs so much over its limit is stopped
POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Case:
    """One instance. ``known`` is a published value; ``proven`` says that it is the optimum, not only the best anyone found.

    ``maximise`` turns the sense round; ``facts`` is whatever the competitors need (picklable: paths, sizes, seeds).
    """

    name: str
    facts: Any = None
    known: float | None = None
    proven: bool = True
    maximise: bool = False


@dataclass(frozen=True)
class Options:
    """The command line. ``seconds`` is for each case and competitor; ``memory_mb`` the most a competitor may take."""

    instances: Path
    seconds: float
    seed: int
    out: Path
    cases: str = "*"
    solvers: tuple[str, ...] = ("*",)
    memory_mb: int = 8192


@dataclass(frozen=True)
class Outcome:
    """What a competitor says: status, value and bound. ``seconds`` None = measured around the call.

    status: optimal, feasible, infeasible, no_solution; the harness adds memory (did not fit) and error (crashed).
    """

    status: str
    value: float | None = None
    bound: float | None = None
    seconds: float | None = None


Competitor = Callable[[Case, Options], Outcome]
Cases = Callable[[Path], Iterable[Case]]


def gap_of(value: float | None, bound: float | None) -> float | None:
    """|value - bound| / value, a fraction; None without both; 0 where both are 0."""
    if value is None or bound is None:
        return None
    if value == 0:
        return 0.0 if bound == 0 else None
    return abs(value - bound) / abs(value)


def doubts(case: Case, row: Mapping[str, str], tolerance: float = 1e-6) -> list[str]:
    """What cannot be true of a row: beside a known value, or within itself. Empty if nothing contradicts."""
    sense = -1.0 if case.maximise else 1.0
    value, bound = (sense * float(row[k]) if row[k] else None for k in ("value", "bound"))
    known = None if case.known is None else sense * case.known
    found: list[str] = []

    def below(a: float, b: float) -> bool:
        return a < b - tolerance * max(1.0, abs(a), abs(b))

    if value is not None and bound is not None and below(value, bound):
        found.append(f"bound {row['bound']} is beyond the value {row['value']}")
    if known is not None and case.proven and value is not None and below(value, known):
        found.append(f"value {row['value']} is better than the proven optimum {case.known:g}")
    if known is not None and bound is not None and below(known, bound):
        found.append(f"bound {row['bound']} is beyond the known value {case.known:g}")
    if row["status"] == "optimal":
        if value is None or bound is None or below(bound, value):
            found.append("status optimal, but value and bound do not meet")
        if known is not None and value is not None and below(known, value):
            found.append(f"status optimal, but {case.known:g} is known")
    if row["status"] == "infeasible" and known is not None:
        found.append(f"status infeasible, but {case.known:g} is known")
    return found


def versions() -> str:
    """Python and the libraries that are installed, with their versions."""
    parts = ["python " + ".".join(map(str, sys.version_info[:3]))]
    for name in LIBRARIES:
        try:
            parts.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return "; ".join(parts)


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def read_rows(path: Path) -> list[dict[str, str]]:
    """Rows of an earlier run. A last line that was cut off is taken away, so that its case runs again."""
    if not path.is_file():
        return []
    text = path.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        path.write_text(whole, encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(whole)))
    if rows and tuple(rows[0]) != COLUMNS:
        raise ValueError(f"--out {path}: has other columns; name another file")
    return rows


def append_row(path: Path, row: Mapping[str, str]) -> None:
    """Adds one row, the header before the first; one write, on disk when this returns."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8", newline="") as out:
        if out.tell() == 0:
            writer.writeheader()
        writer.writerow(row)
        out.write(text.getvalue())
        out.flush()
        os.fsync(out.fileno())


def run(name: str, competitor: Competitor, case: Case, options: Options) -> dict[str, str]:
    """One competitor on one case in a process of its own; the row, whatever happens."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(theirs, competitor, case, options))
    began = time.monotonic()
    process.start()
    theirs.close()
    status, peak = "", 0.0
    latest = began + options.seconds * (1 + GRACE_SHARE) + GRACE_SECONDS
    while not mine.poll(POLL_SECONDS) and process.is_alive():
        peak = max(peak, _tree_mb(process.pid or 0))
        if peak > options.memory_mb or time.monotonic() > latest:
            status = "memory" if peak > options.memory_mb else "no_solution"
            break
    message: tuple[Outcome, float, float] | None = None
    if not status:
        try:
            message = mine.recv()
        except EOFError:
            status = "error"
    if message is None:
        _end(process.pid or 0)
    process.join()
    outcome, seconds, own = message or (Outcome(status), time.monotonic() - began, peak)
    return _row(name, case, outcome, seconds if outcome.seconds is None else outcome.seconds, max(own, peak))


def _row(name: str, case: Case, outcome: Outcome, seconds: float, peak: float) -> dict[str, str]:
    gap = gap_of(outcome.value, outcome.bound)

    def text(number: float | None) -> str:
        return "" if number is None else f"{number:.10g}"

    values = (case.name, name, text(outcome.value), text(outcome.bound), "" if gap is None else f"{gap:.6g}", text(case.known))
    return dict(zip(COLUMNS, (*values, f"{seconds:.2f}", f"{peak:.0f}", outcome.status, str(cores()), versions()), strict=True))


def _child(pipe: Connection, competitor: Competitor, case: Case, options: Options) -> None:
    began = time.monotonic()
    try:
        outcome = competitor(case, options)
    except MemoryError:
        outcome = Outcome("memory")
    seconds = time.monotonic() - began
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    pipe.send((outcome, seconds, peak))
    pipe.close()


def _family(pid: int) -> list[int]:
    """A process and all that it started."""
    found, i = [pid], 0
    while i < len(found):
        try:
            for task in Path(f"/proc/{found[i]}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            pass
        i += 1
    return found


def _tree_mb(pid: int) -> float:
    """Memory of a process and all that it started, MB; 0 where the system does not tell."""
    page, total = resource.getpagesize(), 0
    for member in _family(pid):
        try:
            total += int(Path(f"/proc/{member}/statm").read_text().split()[1]) * page
        except (OSError, IndexError):
            continue
    return total / 2**20


def _end(pid: int) -> None:
    for member in reversed(_family(pid)):
        try:
            os.kill(member, 9)
        except ProcessLookupError:
            continue


def options_from(name: str, words: Sequence[str] | None = None) -> Options:
    """Reads the command line; SystemExit 2 for a wrong word."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{name}")
    parser.add_argument("--instances", type=Path, required=True, help="folder of the instances")
    parser.add_argument("--seconds", type=float, required=True, help="for each case and solver")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="CSV file; rows are appended, cases already there are not run again")
    parser.add_argument("--cases", default="*", help="GLOB on the column case")
    parser.add_argument("--solvers", default="*", help="names or GLOBs, separated by commas")
    parser.add_argument("--memory-mb", type=int, default=8192, help="a competitor that takes more gets the status memory")
    given = parser.parse_args(words)
    if given.seconds <= 0:
        parser.error("--seconds: more than 0 is needed")
    if not given.instances.is_dir():
        parser.error(f"--instances {given.instances}: is no folder")
    solvers = tuple(s.strip() for s in given.solvers.split(",") if s.strip())
    return Options(given.instances, given.seconds, given.seed, given.out, given.cases, solvers, given.memory_mb)


def chosen(names: Iterable[str], patterns: Sequence[str]) -> list[str]:
    """Names that a pattern matches, in their own order; ValueError for a pattern that matches none."""
    known = list(names)
    for pattern in patterns:
        if not any(fnmatch.fnmatchcase(n, pattern) for n in known):
            raise ValueError(f"--solvers {pattern}: known are {', '.join(known)}")
    return [n for n in known if any(fnmatch.fnmatchcase(n, p) for p in patterns)]


def main(name: str, cases: Cases, competitors: Mapping[str, Competitor], words: Sequence[str] | None = None) -> int:
    """Runs what is not in the file yet. 0, 1 if a row cannot be true, 2 for wrong words.

    A peer's own claim of optimality is its affair and told as a notice; a value beyond a proven optimum is an error of ours
    whoever found it, because every value is counted by our own evaluation.
    """
    options = options_from(name, words)
    try:
        solvers = chosen(competitors, options.solvers)
        done = {(r["case"], r["solver"]): r for r in read_rows(options.out)}
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    wanted = [c for c in cases(options.instances) if fnmatch.fnmatchcase(c.name, options.cases)]
    if not wanted:
        print(f"--cases {options.cases}: no case of that name in {options.instances}", file=sys.stderr)
        return 2
    wrong = False
    for case in wanted:
        for solver in solvers:
            row = done.get((case.name, solver))
            if row is None:
                row = run(solver, competitors[solver], case, options)
                append_row(options.out, row)
                print("  ".join(row[c] or "-" for c in COLUMNS[:9]), flush=True)
            for doubt in doubts(case, row):
                ours = solver == OURS or solver.startswith(OURS + "-") or doubt.startswith("value")
                wrong |= ours
                print(f"{'ERROR' if ours else 'notice'} {case.name} {solver}: {doubt}", file=sys.stderr, flush=True)
    return int(wrong)

"""One ferry case and solver: the scenario, the search, an audit of our own, and the facts beside."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from api.alone import alone
from benchmarks.archipelago import write_archipelago
from benchmarks.ferry_facts import Facts, facts_path, keep_facts, traces_folder, write_table
from benchmarks.harness import Case, Options, Outcome
from islandflow.ferry.audit import AuditReport, audit_plan
from islandflow.ferry.plan import FerryPlan
from islandflow.ferry.problem import FerryProblem
from islandflow.network.sea import build_network
from islandflow.result import Result
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import read_scenario
from solvers.contract import Settings, Watch, registered, solve


@dataclass(frozen=True)
class Ferry:
    """Which scenario: that of the folder, one ``part`` of it alone, or a synthetic one of ``ports`` and the seed ``archipelago``."""

    service: str
    part: str = ""
    ports: int = 0
    archipelago: int = 0


@contextmanager
def scenario_of(ferry: Ferry, folder: Path) -> Iterator[Scenario]:
    """The scenario of a case, in a folder that lasts as long as the context."""
    if not ferry.ports:
        with alone(read_scenario(folder), ferry.part) as found:
            yield found
        return
    with tempfile.TemporaryDirectory() as made:
        yield write_archipelago(ferry.ports, ferry.archipelago, Path(made) / "scenario")


def process_age() -> float:
    """Seconds since this process was started; 0 where the system does not tell."""
    try:
        started = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
        return max(0.0, float(Path("/proc/uptime").read_text().split()[0]) - started)
    except (OSError, ValueError, IndexError):
        return 0.0


def solve_case(case: Case, options: Options, *, solver: str, name: str) -> Outcome:
    """Runs one solver; value is what the audit counts, in fen, never what the solver says. Time counts from the process's start."""
    watch = Watch(options.seconds, begun=time.monotonic() - process_age())
    first: list[tuple[float, FerryPlan]] = []

    def keep(plan: FerryPlan, _: int) -> None:
        if not first:
            first.append((watch.seconds(), plan))

    watch.keep = keep
    with scenario_of(case.facts, options.instances) as scenario:
        network = build_network(scenario)
        problem = FerryProblem.from_scenario(scenario, case.facts.service, network)
        built = watch.seconds()
        result, error = None, ""
        try:
            result = solve(problem, Settings(solver=solver, time_limit=options.seconds, seed=options.seed), watch)
        except (ValueError, RuntimeError, AssertionError) as defect:
            error = f"{type(defect).__name__}: {defect}"
        seconds = watch.seconds()
        report = audit_plan(scenario, result.plan, network) if result and result.plan else None
        if result and result.plan and not first:
            first.append((seconds, result.plan))
        clean = [at for at, plan in first if audit_plan(scenario, plan, network).clean]
    error = error or _contradiction(result, report)
    write_table(traces_folder(options.out) / f"{case.name}-{name}.csv", ("seconds", "phase", "plan", "bound"), map(asdict, watch.trace))
    keep_facts(
        facts_path(options.out),
        Facts(
            case.name, name, result.gap_net if result and not error else None, clean[0] if clean else None,
            len(report.obligations) - len(report.unmet) if report else None, len(report.obligations) if report else None,
            result.missing_bound if result else None, "" if report is None else "clean" if report.clean else "broken",
            "yes" if registered()[solver].proves else "no", result.stopped_by if result else "", len(scenario.ports),
            sum(c.count for c in problem.circuits), len(problem.patterns), problem.candidates, len(problem.size), problem.people, built, error,
        ),
    )  # fmt: skip
    value = report.money.objective if report else None
    status = "error" if error or result is None else result.status
    return Outcome(status, value, result.bound if result else None, seconds)


def _contradiction(result: Result | None, report: AuditReport | None) -> str:
    """What the audit counts otherwise than the solver, or a bound above the plan, to the fen; empty if nothing is wrong."""
    if result is None or report is None:
        return ""
    if result.objective != report.money.objective:
        return f"the solver says {result.objective} fen, the audit {report.money.objective}"
    if result.missing != len(report.unmet):
        return f"the solver says {result.missing} obligations are not met, the audit {len(report.unmet)}"
    if result.bound is not None and result.bound > report.money.objective:
        return f"bound {result.bound} above plan {report.money.objective}"
    return ""

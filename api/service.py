"""What both doors do: plan, audit, write a plan folder."""

from __future__ import annotations

import json
import resource
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import islandflow
from api.alone import alone
from api.ready import Overtaken, Ready
from islandflow.errors import BadInput, Fault
from islandflow.ferry.audit import AuditReport, audit_plan
from islandflow.ferry.folder import (
    PASSENGERS,
    ROTATIONS,
    TABLES,
    TIMETABLE,
    PlanFolder,
    aside,
    copy_scenario,
    passenger_rows,
    read_plan,
    timetable_rows,
    write_aside,
    write_csv,
    write_json,
)  # fmt: skip
from islandflow.ferry.metrics import load_rows, measure, money_rows, rotation_rows
from islandflow.ferry.plan import FerryPlan
from islandflow.ferry.problem import FerryProblem
from islandflow.network.sea import SeaNetwork, build_network
from islandflow.passengers.published import version_of
from islandflow.result import Result, Step, gap_of
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import near, read_scenario
from islandflow.season.whatif import change_of
from islandflow.views.report import write_report
from solvers.contract import Settings, Watch, solve

LIBRARIES = ("numpy", "numba", "ortools", "highspy", "pulp", "plotly", "scipy", "shapely")


def plan_scenario(
    path: Path,
    service: str,
    settings: Settings,
    watch: Watch,
    out: Path,
    lang: str,
    *,
    cluster: str = "",
    what_if: Sequence[str] = (),
    kept: Callable[[], None] | None = None,
) -> tuple[Result, PlanFolder | None]:
    """Plans one service pattern, of one cluster alone if it is named, changed by ``what_if``, and writes its folder.

    BadInput if scenario, service pattern, cluster or target are unfit. An interrupt or a termination signal ends the search, and
    the best plan is written. With ``kept`` (whom an impatient caller gives) each better plan lies ready on disk, so that within two
    seconds of an interrupt one is in place; ``kept`` is called then, and the report follows.
    """
    refuse_target(out)
    whole = read_scenario(path)
    with alone(whole, cluster, change_of(what_if) if what_if else None) as scenario:
        part = {"cluster": cluster or None, "cut_from": whole.digest if cluster or what_if else None, "what_if": list(what_if)}
        return _plan(scenario, service, settings, watch, out, lang, part, kept)


def _plan(
    scenario: Scenario,
    service: str,
    settings: Settings,
    watch: Watch,
    out: Path,
    lang: str,
    part: Mapping[str, Any],
    kept: Callable[[], None] | None,
) -> tuple[Result, PlanFolder | None]:
    if service not in scenario.services:
        remedy = near(service, list(scenario.services))
        raise BadInput([Fault("--service", 0, "", service, "is no service pattern of this scenario", "不是本方案的时期", *remedy)])
    network = build_network(scenario)
    problem = FerryProblem.from_scenario(scenario, service, network)
    watch.tell("problem", None, None)
    ready = None if kept is None else _ready(scenario, problem, settings, watch, out, lang, part, kept)
    previous = {s: signal.signal(s, _stopper(watch, ready)) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        result = solve(problem, settings, watch)
        if result.plan is None:
            return result, None
        info = {**_info(scenario, problem, settings, result), **part}
        late = ready is not None and watch.stopped
        with suppress(Overtaken):
            write_plan(scenario, network, result.plan, out, lang, info, result, report=not late, last=ready.claim if ready else None)
            if kept is not None:
                kept()
            if late:
                add_report(out, network, lang)
    finally:
        if ready is not None:
            ready.finish()
        for number, handler in previous.items():
            signal.signal(number, handler)
    return result, read_plan(out)


def _ready(
    scenario: Scenario, problem: FerryProblem, settings: Settings, watch: Watch, out: Path, lang: str, part: Mapping[str, Any], kept: Callable[[], None]
) -> Ready:  # fmt: skip
    """Keeps the best plan of a search on disk; what is proven of it is what the search has told by then."""
    network = problem.network
    best: list[Result] = []

    def info() -> dict[str, Any]:
        bound = next((s.bound for s in reversed(watch.trace) if s.bound is not None), None)
        last = best[-1]
        if last.missing or bound is None or bound > (last.objective or 0):
            bound = None  # whether the rules that are open could be met is not known yet
        now = replace(last, bound=bound, seconds=watch.seconds(), trace=tuple(watch.trace))
        return {**_info(scenario, problem, settings, now), **part, "gap_net": None, "unavoidable": None}

    def write(plan: FerryPlan, objective: int, folder: Path) -> None:
        missing = len(audit_plan(scenario, plan, network).unmet)
        best[:] = [Result("feasible", plan, objective, None, 0, watch.seconds(), settings.seed, settings.solver, "asked", missing, trace=tuple(watch.trace))]
        write_plan(scenario, network, plan, folder, lang, info(), best[-1], report=False)

    def freshen(folder: Path) -> None:
        told = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        write_json(folder / "plan.json", {**told, **info(), "run": {**told["run"], "seconds": round(watch.seconds(), 1)}})
        write_csv(folder / "trace.csv", _trace_rows(watch.trace), TABLES["trace"][0])

    ready = Ready(out, write, freshen, kept, lambda: add_report(out, network, lang))
    watch.keep = ready.keep
    return ready


def refuse_target(out: Path) -> None:
    """BadInput if ``out`` exists and is anything but a plan folder, since nothing of a user's is ever replaced, or if it cannot be written.

    Asked before anything is computed: a plan that took minutes must not be lost for a folder.
    """
    try:
        if out.exists() and not (out / "plan.json").is_file() and not (out.is_dir() and not any(out.iterdir())):
            remedy = ("name another folder", "请另选文件夹")
            raise BadInput([Fault("--out", 0, "", str(out), "exists and is no plan folder", "已存在且不是方案文件夹", *remedy)])
        out.parent.mkdir(parents=True, exist_ok=True)
        aside(out).rmdir()
    except OSError as error:
        cause = error.strerror or type(error).__name__
        remedy = ("name a folder that can be written", "请指定可写的文件夹")
        raise BadInput([Fault("--out", 0, "", str(out)[:200], f"cannot be written ({cause})", f"无法写入({cause})", *remedy)]) from None


def _stopper(watch: Watch, ready: Ready | None) -> Any:
    def stop(_: int, __: FrameType | None) -> None:
        if watch.stopped:
            sys.exit(130)
        watch.stopped = True
        if ready is not None:
            ready.stop()

    return stop


def _info(scenario: Scenario, problem: FerryProblem, settings: Settings, result: Result) -> dict[str, Any]:
    return {
        "status": result.status, "service": problem.service, "objective": result.objective, "bound": result.bound, "gap": result.gap,
        "gap_net": result.gap_net, "unavoidable": result.floor, "clusters": [
            {"name": " + ".join(p.clusters), "clusters": p.clusters, "ports": p.ports, "plan": p.plan, "bound": p.bound,
             "gap": gap_of(p.plan, p.bound), "certified": True}
            for p in result.parts
        ],
        "candidates": problem.candidates, "patterns": len(problem.patterns), "groups": len(problem.size),
        "stage1": {"violations": result.missing, "bound": result.missing_bound, "proven": result.missing == result.missing_bound},
        "seed": result.seed, "solver": result.solver, "stopped_by": result.stopped_by, "settings": asdict(settings),
        "versions": versions(), "scenario_hash": scenario.digest,
    }  # fmt: skip


def versions() -> dict[str, str]:
    """Versions of ourselves and of the libraries that results depend on."""
    found = {"islandflow": islandflow.__version__, "python": ".".join(map(str, sys.version_info[:3]))}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "-"
    return found


def write_plan(
    scenario: Scenario,
    network: SeaNetwork,
    plan: FerryPlan,
    out: Path,
    lang: str,
    info: Mapping[str, Any],
    result: Result | None,
    *,
    report: bool = True,
    last: Callable[[], None] | None = None,
) -> AuditReport:
    """Audits a plan and writes its folder, with its report page unless that comes later; ``last`` is called before it takes its place."""
    judged = audit_plan(scenario, plan, network)
    run = {
        "seconds": round(result.seconds, 1) if result else 0,
        "peak_mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) // 1024,
        "started": datetime.now().astimezone().isoformat(timespec="seconds"),
    }

    def fill(folder: Path) -> None:
        copy_scenario(scenario, folder / "scenario")
        write_json(folder / "plan.json", {**info, "plan_version": version_of({plan.service: _Planned(scenario, plan)}), "run": run})
        write_csv(folder / "timetable.csv", timetable_rows(scenario, plan), TIMETABLE)
        write_csv(folder / "passengers.csv", passenger_rows(plan), PASSENGERS)
        write_csv(folder / "rotations.csv", rotation_rows(scenario, plan), ROTATIONS)
        rows: dict[str, list[dict[str, Any]]] = {
            "trace": _trace_rows(result.trace if result else ()), "loads": load_rows(scenario, plan, network), "obligations": [asdict(o) for o in judged.obligations],
            "money": money_rows(scenario, plan, network),
        }  # fmt: skip
        for name, (columns, _) in TABLES.items():
            write_csv(folder / f"{name}.csv", rows[name], columns)
        write_json(folder / "metrics.json", measure(scenario, plan, judged, network))
        write_json(folder / "audit.json", judged.as_json())
        if report:
            write_report(read_plan(folder), network, folder / "report.html", lang)
        if last is not None:
            last()

    write_aside(out, fill)
    return judged


class _Planned(NamedTuple):
    scenario: Scenario
    plan: FerryPlan


def _trace_rows(trace: Sequence[Step]) -> list[dict[str, Any]]:
    return [{"seconds": s.seconds, "phase": s.phase, "plan_fen": s.plan, "bound_fen": s.bound} for s in trace]


def add_report(out: Path, network: SeaNetwork, lang: str) -> None:
    """The report page of a plan folder that was written without it."""
    half = out / ".report.html"
    write_report(read_plan(out), network, half, lang)
    half.replace(out / "report.html")


def audit_folder(folder: Path) -> tuple[PlanFolder, AuditReport]:
    """Audits a plan folder from its own files alone."""
    found = read_plan(folder)
    return found, audit_plan(found.scenario, found.plan, build_network(found.scenario))

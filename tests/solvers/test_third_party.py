"""A researcher's own solver, offered by a package under the entry point, plans the toy from the terminal; what it claims is checked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from islandflow.ferry.audit import audit_plan
from islandflow.ferry.plan import FerryPlan
from islandflow.ferry.problem import FerryProblem
from islandflow.result import Result
from solvers.contract import Settings, Watch
from solvers.guests import UnfitGuest, guest, held

ROOT = Path(__file__).resolve().parent.parent.parent
SOLVER = '''
from islandflow.ferry.audit import audit_plan
from islandflow.ferry.plan import Call, FerryPlan, Sailing
from islandflow.passengers.seating import seat_passengers
from islandflow.result import Result


def there_and_back(problem, settings, watch):
    """One boat, once there and back over its first line; whoever fits rides."""
    first = problem.patterns[0]
    circuit = problem.circuits[first.circuit]
    home = next(p for p in problem.patterns if p.circuit == first.circuit and p.calls == first.calls[::-1])
    sailings, leaves = [], 480
    for number, pattern in enumerate((first, home)):
        times = [leaves + m for m in pattern.departs], [leaves + m for m in pattern.arrives]
        calls = [Call(pattern.calls[0], None, times[0][0])]
        calls += [Call(p, a, d) for p, a, d in zip(pattern.calls[1:-1], times[1], times[0][1:])]
        calls.append(Call(pattern.calls[-1], times[1][-1], None))
        sailings.append(Sailing(f"S{number}", pattern.line, circuit.vessel_ids()[0], tuple(calls)))
        leaves = times[1][-1] + 60
    boardings = seat_passengers(problem.scenario, problem.service, tuple(sailings))
    plan = FerryPlan(problem.service, tuple(sailings), boardings)
    cost = audit_plan(problem.scenario, plan, problem.network).money.objective
    return Result("feasible", plan, cost, None, 0, watch.seconds(), settings.seed, "there-and-back", "finished")
'''


def package(folder: Path, code: str, target: str = "there_and_back") -> Path:
    """A package as pip would lay it down."""
    info = folder / "sample_solver-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "sample_solver.py").write_text(code, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sample-solver\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[islandflow.ferry_solvers]\nthere-and-back = sample_solver:{target}\n", encoding="utf-8")
    return folder


def command(site: Path | None, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(site or "")}
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *words], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=100, check=False
    )


def test_a_package_of_its_own_offers_a_solver(tmp_path: Path) -> None:
    words = ("plan", "data/toy", "--solver", "there-and-back", "--out", str(tmp_path / "out"), "--lang", "en")
    without = command(None, *words)
    assert (without.returncode, (tmp_path / "out").exists()) == (2, False)
    assert "unknown solver 'there-and-back'" in without.stderr
    site = package(tmp_path / "site", SOLVER)
    done = command(site, *words)
    assert done.returncode == 0, done.stderr
    plan = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
    assert (plan["solver"], plan["bound"], plan["gap"]) == ("there-and-back", None, None)
    audit = json.loads((tmp_path / "out" / "audit.json").read_text(encoding="utf-8"))
    assert audit["clean"]
    assert any(not o["met"] and o["remedy_zh"] for o in audit["obligations"])
    metrics = json.loads((tmp_path / "out" / "metrics.json").read_text(encoding="utf-8"))
    assert (metrics["sailings"], metrics["vessels"]) == (2, 1)
    assert 0 < metrics["people_served"] < metrics["people_wanted"]
    assert "there-and-back" in command(site, "solvers").stdout


@pytest.mark.slow
def test_a_package_that_cannot_be_loaded_harms_nobody_else(tmp_path: Path) -> None:
    site = package(tmp_path / "site", "import no_such_module_anywhere\n")
    out = str(tmp_path / "out")
    bad = command(site, "plan", "data/toy", "--solver", "there-and-back", "--out", out, "--lang", "zh")
    assert (bad.returncode, Path(out).exists()) == (2, False)
    assert "--solver there-and-back:所在软件包无法加载(ModuleNotFoundError" in bad.stderr
    assert "Traceback" not in bad.stderr
    assert command(site, "plan", "data/toy", "--solver", "greedy", "--iterations", "2", "--out", out).returncode == 0


def entry(answer: Callable[[FerryProblem], object], monkeypatch: pytest.MonkeyPatch) -> EntryPoint:
    """An entry point whose solver answers so."""
    monkeypatch.setattr(EntryPoint, "load", lambda _: lambda problem, settings, watch: answer(problem))
    return EntryPoint("sample", "sample_solver:solve", "islandflow.ferry_solvers")


@pytest.fixture
def honest(toy_problem: FerryProblem) -> Result:
    """Nobody sails."""
    plan = FerryPlan(toy_problem.service, ())
    cost = audit_plan(toy_problem.scenario, plan, toy_problem.network).money.objective
    unmet = len(audit_plan(toy_problem.scenario, plan, toy_problem.network).unmet)
    return Result("feasible", plan, cost, cost // 2, 0, 1.0, 1, "sample", "finished", unmet, 0)


def test_an_honest_answer_stands(toy_problem: FerryProblem, honest: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    assert guest(entry(lambda _: honest, monkeypatch))(toy_problem, Settings(), Watch(9)) == honest
    proven = replace(honest, status="optimal", bound=honest.objective)
    assert held(proven, toy_problem) == proven


def test_false_claims_are_held_to_the_audit(toy_problem: FerryProblem, honest: Result) -> None:
    cheap = held(replace(honest, objective=1, bound=1, status="optimal", missing=0), toy_problem)
    assert (cheap.objective, cheap.bound, cheap.status, cheap.missing) == (honest.objective, 1, "feasible", honest.missing)
    assert [s.phase for s in cheap.trace] == ["claimed plan 1", "claimed optimal"]
    above = held(replace(honest, bound=(honest.objective or 0) + 1), toy_problem)
    assert (above.bound, above.gap, [s.phase for s in above.trace]) == (None, None, [f"claimed bound {(honest.objective or 0) + 1}"])
    nothing = held(replace(honest, plan=None, status="infeasible"), toy_problem)
    assert (nothing.status, nothing.plan, nothing.objective) == ("no_solution", None, None)
    elsewhere = held(replace(honest, plan=FerryPlan("winter-weekday", ())), toy_problem)
    assert (elsewhere.status, elsewhere.plan) == ("no_solution", None)


def test_what_is_no_result_is_refused(toy_problem: FerryProblem, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnfitGuest, match="answers with NoneType instead of a Result"):
        guest(entry(lambda _: None, monkeypatch))(toy_problem, Settings(), Watch(9))

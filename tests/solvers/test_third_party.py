"""A researcher's own solver, offered by a package under the entry point, plans the toy from the terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SOLVER = '''
from islandflow.ferry.audit import audit_plan
from islandflow.ferry.plan import FerryPlan
from islandflow.result import Result


def stay_at_home(problem, settings, watch):
    """Nobody sails."""
    plan = FerryPlan(problem.service, ())
    cost = audit_plan(problem.scenario, plan, problem.network).money.objective
    return Result("feasible", plan, cost, None, 0, watch.seconds(), settings.seed, "stay-at-home", "finished")
'''


def test_a_package_of_its_own_offers_a_solver(tmp_path: Path) -> None:
    package = tmp_path / "site"
    info = package / "sample_solver-1.0.dist-info"
    info.mkdir(parents=True)
    (package / "sample_solver.py").write_text(SOLVER, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sample-solver\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[islandflow.ferry_solvers]\nstay-at-home = sample_solver:stay_at_home\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(package)}
    words = [
        sys.executable,
        "-m",
        "api.cli",
        "plan",
        "data/toy",
        "--solver",
        "stay-at-home",
        "--out",
        str(tmp_path / "out"),
        "--lang",
        "en",
    ]
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    plan = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
    assert plan["solver"] == "stay-at-home"
    assert plan["bound"] is None
    assert plan["gap"] is None
    audit = json.loads((tmp_path / "out" / "audit.json").read_text(encoding="utf-8"))
    assert audit["clean"]
    assert any(not o["met"] and o["remedy_zh"] for o in audit["obligations"])

"""The child of a worker: `python -m api.solve SPEC` plans one scenario, tells its progress as JSON lines, and writes the plan folder."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any, TextIO

from api.lifeline import die_with_parent

EVERY_S = 0.5  # between two lines of the same phase
lines: TextIO = sys.stdout


def tell(kind: str, **data: Any) -> None:
    """One line."""
    print(json.dumps({"kind": kind, "data": data}, ensure_ascii=False), file=lines, flush=True)


def lines_alone() -> TextIO:
    """The stream of lines. What a library says on standard output goes to standard error from now on, so that no word of it is taken for a line."""
    kept = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return kept


def main() -> int:
    """0 with a plan folder, 1 without one; the last line of output says why."""
    begun = time.monotonic()
    die_with_parent()
    os.nice(int(os.environ.get("ISLANDFLOW_NICE", "10")))  # people who read come before machines that plan
    spec = json.loads(sys.argv[1])
    from api.service import plan_scenario
    from islandflow.errors import BadInput
    from islandflow.result import Step, gap_of
    from solvers.contract import Settings, Watch

    said: dict[str, Any] = {"at": -1e9, "phase": ""}

    def progress(step: Step, left: float) -> None:
        phase = step.phase.split(",")[0]
        if phase == said["phase"] and step.seconds - said["at"] < EVERY_S:
            return
        said["at"], said["phase"] = step.seconds, phase
        gap = gap_of(step.plan, step.bound) if step.plan is not None and step.bound is not None and step.bound <= step.plan else None
        tell("progress", seconds=step.seconds, phase=step.phase, plan=step.plan, bound=step.bound, gap=gap, left=round(left, 1))

    try:
        settings = Settings().changed(spec["settings"])
        watch = Watch(settings.time_limit, begun, progress)
        out = Path(spec["out"])
        lang, cluster = spec.get("lang", "zh"), spec.get("cluster", "")
        result, _ = plan_scenario(
            Path(spec["scenario"]), spec["service"], settings, watch, out, lang, cluster=cluster, kept=lambda: tell("kept")
        )
    except BadInput as bad:
        tell("failed", message="; ".join(f.text("en") for f in bad.faults[:5]))
        return 1
    except ValueError as error:
        tell("failed", message=str(error)[:300])
        return 1
    if result.plan is None:
        tell("failed", message=f"{result.status}: {result.stopped_by}")
        return 1
    tell("done", status=result.status)
    return 0


if __name__ == "__main__":
    lines = lines_alone()
    code = main()
    if threading.active_count() > 1:
        sys.stdout.flush()
        os._exit(code)  # a solver's idle threads must not hold the exit up
    sys.exit(code)

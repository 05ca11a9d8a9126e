"""A child that judges a timetable: `python -m api.judge SCENARIO TIMETABLE SERVICE` prints the audit, or the faults, as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from api.hand import audit_timetable
from api.lifeline import die_with_parent
from api.problems import fault_json
from islandflow.errors import BadInput, Fault
from islandflow.scenario.reader import near, read_scenario


def main() -> None:
    """Always 0: a faulty file is an answer too."""
    die_with_parent()
    path, file, service = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    try:
        scenario = read_scenario(path)
        if service not in scenario.services:
            raise BadInput(
                [Fault("service", 0, "", service[:60], "is no service pattern", "不是时期", *near(service, list(scenario.services)))]
            )
        _, plan, report = audit_timetable(path, file, service)
        print(
            json.dumps(
                {"service": service, "sailings": len(plan.sailings), "clean": report.clean, "audit": report.as_json()}, ensure_ascii=False
            )
        )
    except BadInput as bad:
        print(json.dumps({"faults": [fault_json(f) for f in bad.faults if not f.warning]}, ensure_ascii=False))


if __name__ == "__main__":
    main()

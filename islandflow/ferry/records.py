"""What the JSON files of a plan folder must hold to be read back: shapes, not meaning; a damaged file is told with the place in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from islandflow.errors import Fault
from islandflow.scenario.schema import SEGMENTS

Row = dict[str, Any]
NUMBER, NOTHING = (int, float), type(None)
SEGMENT = dict.fromkeys(("wanted", "served", "left", "transfers"), NUMBER)
CHECK = dict.fromkeys(("obligation_id", "port", "serves_port", "rule", "required", "found", "unit", "remedy_en", "remedy_zh"), str)
PLAN = {
    "status": str, "service": str, "solver": str, "objective": (int, NOTHING), "bound": (int, NOTHING), "gap": (*NUMBER, NOTHING),
    "gap_net": (*NUMBER, NOTHING), "seed": (int, NOTHING), "stage1": {"proven": bool}, "run": {"seconds": NUMBER, "peak_mb": NUMBER},
    "settings": {}, "versions": {},
}  # fmt: skip
METRICS = {
    **dict.fromkeys(("sailings", "vessels", "vessels_available", "people_wanted", "people_served", "people_left", "vessel_hours", "fuel_l", "co2_kg", "cost_yuan", "revenue_yuan", "subsidy_yuan"), NUMBER),
    **dict.fromkeys(("transfer_share", "mean_shift_min", "mean_door_to_door_min"), (*NUMBER, NOTHING)),
    "segments": dict.fromkeys(SEGMENTS, SEGMENT),
}  # fmt: skip
AUDIT = {
    "clean": bool, "objective_fen": int, "money_fen": dict.fromkeys(("objective", "travellers", "left_behind"), int),
    "violations": [{"rule": str, "where": str, "amount": NUMBER, "unit": str, "note": str, "note_zh": str}],
    "obligations": [{**CHECK, "amount": NUMBER, "met": bool}],
}  # fmt: skip
RECORDS: Mapping[str, object] = {"plan": PLAN, "metrics": METRICS, "audit": AUDIT}


def read_record(file: Path, shape: object, faults: list[Fault]) -> Row:
    """The object of a JSON file if it has this shape; else a fault with the place in it, and nothing."""
    remedy = ("plan or audit anew", "请重新编制或审计")
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        cause = type(error).__name__
        faults.append(Fault(file.name, 0, "", "", f"cannot be read as JSON ({cause})", f"不是可读的 JSON({cause})", *remedy))
        return {}
    wrong = _misfit(found, shape)
    if wrong is not None:
        faults.append(Fault(file.name, 0, wrong, "", "is missing or of another kind", "缺失或类型不符", *remedy))
        return {}
    return dict(found)


def _misfit(value: object, shape: Any) -> str | None:
    """Where a value is not of this shape: a dotted path, empty for the value itself; None where it fits."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return ""
        parts = ((name, value.get(name, ...), part) for name, part in shape.items())
    elif isinstance(shape, list):
        if not isinstance(value, list):
            return ""
        parts = ((str(n), part, shape[0]) for n, part in enumerate(value))
    else:
        kinds = shape if isinstance(shape, tuple) else (shape,)
        fits = isinstance(value, kinds) and (not isinstance(value, bool) or bool in kinds)
        return None if fits else ""
    for name, part, expected in parts:
        wrong = _misfit(part, expected)
        if wrong is not None:
            return f"{name}.{wrong}".rstrip(".")
    return None

"""Fares and settings of data/zhoushan: what the facts say, and least squares where they say nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from build_zhoushan_choices import EXTRA_SETTINGS

from islandflow.scenario.parameters import SETTINGS

Row = dict[str, str]
Facts = Mapping[str, list[Row]]


def fares(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Fares between the ends of a line, by speed. The first line of a pair counts; a vehicle's fare is that of the first that has one."""
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for line in lines:
        calls = line["calls"].split(";")
        a, b, speed = calls[0], calls[-1], _speed(line)
        if not line["src_fare_cny_est"]:
            continue
        row = rows.setdefault((min(a, b), max(a, b), speed), {
            "from_port": a, "to_port": b, "speed": speed, "fare_yuan": line["src_fare_cny_est"], "vehicle_fare_yuan": "",
            "src_line": line["line_id"], "src_fare_source": line["src_fare_source"] or "estimated",
        })  # fmt: skip
        row["vehicle_fare_yuan"] = row["vehicle_fare_yuan"] or line["src_vehicle_fare_cny_est"]
    return list(rows.values())


def _speed(line: Mapping[str, Any]) -> str:
    return "fast" if line["src_vessel_type"] == "fast" else "normal"


def settings(facts: Facts, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The settings of the facts that the schema knows, those it asks for besides, and fares fitted to the line table."""
    given = {r["setting"]: (r["value"], r["source"]) for r in facts["settings_suggested"]}
    nm, fare, vehicle = "src_sea_distance_nm_computed", "src_fare_cny_est", "src_vehicle_fare_cny_est"
    fitted: dict[str, tuple[str, str]] = {}
    for speed in ("fast", "normal"):
        at = [(float(r[nm]), float(r[fare])) for r in lines if _speed(r) == speed and not r["src_fare_cny"]]
        fitted |= _fit(at, f"fare_base_{speed}_yuan", f"fare_nm_{speed}_yuan", f"the {len(at)} {speed} lines without a documented fare")
    at = [(float(r[nm]), float(r[vehicle])) for r in lines if r[vehicle]]
    fitted |= _fit(at, "vehicle_fare_base_yuan", "vehicle_fare_nm_yuan", f"the {len(at)} vehicle lines")
    found = fitted | EXTRA_SETTINGS | given
    return [{"setting": c.name, "value": found[c.name][0], "source": found[c.name][1]} for c in SETTINGS if c.name in found]


def _fit(at: list[tuple[float, float]], base: str, slope: str, what: str) -> dict[str, tuple[str, str]]:
    """Least squares of fare on nautical miles."""
    mx, my = sum(x for x, _ in at) / len(at), sum(y for _, y in at) / len(at)
    b = sum((x - mx) * (y - my) for x, y in at) / sum((x - mx) ** 2 for x, _ in at)
    source = f"estimated: least squares over {what}"
    return {base: (f"{my - b * mx:.1f}", source), slope: (f"{b:.2f}", source)}

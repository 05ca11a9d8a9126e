"""Whoever cancels a plan has the best one at once: seconds from the request until the plan is told as cancelled, with its timetable.

    python -m benchmarks.cancel --instances SCENARIO --seconds 60 --seed 1 --out FILE.csv [--times 5] [--service summer-weekend]

Starts `islandflow serve`, uploads the scenario, and starts plans one after the other; each is cancelled at a random moment within so many
seconds after its first timetable. One row with the longest wait as value; status 1 if one waits more than 2 s, has no timetable, costs
more than the last plan that was told, or is not found clean by the audit.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from benchmarks.harness import append_row, cores, versions
from benchmarks.server import served

LIMIT_S = 2.0


def archive(scenario: Path) -> bytes:
    """The tables of a scenario as an upload."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as found:
        for file in sorted(f for f in scenario.iterdir() if f.suffix in (".csv", ".toml", ".json", ".geojson")):
            found.write(file, file.name)
    return out.getvalue()


def once(client: httpx.Client, body: dict[str, Any], pause: float) -> tuple[float, str]:
    """Seconds until a plan was cancelled, and what is wrong with it (empty if nothing is)."""
    plan = client.post("/plans", json=body).json()["id"]
    last = None
    with client.stream("GET", f"/plans/{plan}/events", timeout=600) as answer:
        until = float("inf")
        for line in answer.iter_lines():
            event = json.loads(line[5:]) if line.startswith("data:") else {}
            if event.get("plan"):
                last = event["plan"]
                until = min(until, time.monotonic() + pause)
            if time.monotonic() > until:
                break
    begun = time.monotonic()
    client.post(f"/plans/{plan}/cancel")
    while (found := client.get(f"/plans/{plan}").json())["status"] in ("queued", "running"):
        time.sleep(0.02)
    took = time.monotonic() - begun
    wrong = []
    if found["status"] != "cancelled" or not found["hasPlan"]:
        wrong.append(f"status {found['status']}, timetable {found['hasPlan']}: {found['message']}")
    else:
        if last is not None and found["objectiveFen"] > last:
            wrong.append(f"{found['objectiveFen']} fen kept, {last} told")
        if not client.get(f"/plans/{plan}/audit").json()["audit"]["clean"]:
            wrong.append("audit not clean")
    return took, "; ".join(wrong)


def main(arguments: Sequence[str] | None = None) -> int:
    """Cancels plans; 1 if one comes late or is not whole."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cancel")
    parser.add_argument("--instances", type=Path, required=True, help="scenario folder")
    parser.add_argument("--service", default="summer-weekend")
    parser.add_argument("--seconds", type=float, default=60, help="latest moment after the first timetable")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args(arguments)
    rng = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as home, served(Path(home) / "server", Path(home) / "none") as base, httpx.Client(base_url=base, timeout=60) as client:
        scenario = client.post("/scenarios", files={"file": ("scenario.zip", archive(given.instances), "application/zip")}).json()["id"]
        body = {"scenario": scenario, "service": given.service, "settings": {"time_limit": 600, "workers": given.workers}}
        waits, faults = [], []
        for number in range(given.times):
            pause = rng.uniform(0, given.seconds)
            took, wrong = once(client, body, pause)
            waits.append(took)
            faults += [wrong] if wrong else []
            print(f"{number + 1}: {pause:5.1f} s after the first timetable, {took:.2f} s until it was kept {wrong}", flush=True)
    append_row(given.out, {
        "case": f"{given.instances.name} x {given.times}", "solver": "islandflow", "value": f"{max(waits):.2f}", "bound": "", "gap": "", "known": "",
        "seconds": f"{given.seconds:g}", "peak_mb": "", "status": "error" if faults else "feasible", "cores": str(cores()), "versions": versions(),
    })  # fmt: skip
    print(f"longest wait {max(waits):.2f} s, {len(faults)} at fault")
    return int(bool(faults) or max(waits) > LIMIT_S)


if __name__ == "__main__":
    sys.exit(main())

"""The tables of a shuttle plan: runs, halts, loads, charging, breaks, who is left, boats with their buses, cards of the stops."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Any

from islandflow.shuttle import day as facts
from islandflow.shuttle.island import Island
from islandflow.shuttle.plan import DayPlan, Run
from islandflow.units import clock

Row = dict[str, Any]
COLUMNS: dict[str, tuple[str, ...]] = {
    "runs": ("island_id", "run", "vehicle", "kind", "quay", "begins", "ends", "people", "metres"),
    "halts": ("island_id", "run", "halt", "stop", "minute"),
    "loads": ("island_id", "run", "party", "boat", "stop", "people", "wait_min", "ride_min"),
    "charges": ("island_id", "vehicle", "charger", "begins", "ends", "units"),
    "rests": ("island_id", "vehicle", "node", "begins", "ends"),
    "unserved": ("island_id", "party", "stop", "boat", "people", "binds"),
    "boats": ("island_id", "boat", "sailing", "quay", "kind", "minute", "late_min", "aboard", "walk", "riders", "taken", "left"),
    "cards": ("island_id", "stop", "direction", "at_stop", "quay", "at_quay", "boat_minute", "sailing", "run", "people"),
}


def rows_of(island: Island, plan: DayPlan) -> dict[str, list[Row]]:
    """Rows of every table of one island."""
    name, day = island.island_id, island.day
    calls, parties = {c.call_id: c for c in day.calls}, {p.party_id: p for p in day.parties}
    found: dict[str, list[Row]] = {table: [] for table in COLUMNS}
    taken: dict[str, int] = defaultdict(int)
    for run in plan.runs:
        found["runs"].append({"island_id": name, "run": run.run_id, "vehicle": run.vehicle, "kind": run.kind, "quay": run.quay, "begins": clock(run.begins),
                              "ends": clock(run.ends), "people": sum(x.people for x in run.loads), "metres": run_metres(island, run)})  # fmt: skip
        at = {h.stop: h.minute for h in run.halts}
        found["halts"] += [
            {"island_id": name, "run": run.run_id, "halt": n, "stop": h.stop, "minute": clock(h.minute)} for n, h in enumerate(run.halts, start=1)
        ]
        for x in run.loads:
            party = parties[x.party]
            call = calls[party.call]
            ready = facts.ready(call, day.rules)
            wait, ride = (run.begins - ready, at[party.stop] - run.begins) if run.kind == "out" else (ready - run.ends, run.ends - at[party.stop])
            taken[party.call] += x.people
            found["loads"].append({"island_id": name, "run": run.run_id, "party": x.party, "boat": party.call, "stop": party.stop, "people": x.people,
                                   "wait_min": wait, "ride_min": ride})  # fmt: skip
            quay = run.begins if run.kind == "out" else run.ends
            found["cards"].append({"island_id": name, "stop": party.stop, "direction": "home" if run.kind == "out" else "boat", "at_stop": clock(at[party.stop]),
                                   "quay": run.quay, "at_quay": clock(quay), "boat_minute": clock(call.minute), "sailing": call.sailing, "run": run.run_id, "people": x.people})  # fmt: skip
    found["charges"] = [{"island_id": name, "vehicle": c.vehicle, "charger": c.charger, "begins": clock(c.begins), "ends": clock(c.ends), "units": c.units} for c in plan.charges]  # fmt: skip
    found["rests"] = [{"island_id": name, "vehicle": r.vehicle, "node": r.node, "begins": clock(r.begins), "ends": clock(r.ends)} for r in plan.rests]
    found["unserved"] = [{"island_id": name, "party": u.party, "stop": parties[u.party].stop, "boat": parties[u.party].call, "people": u.people, "binds": u.binds} for u in plan.unserved]  # fmt: skip
    riders: dict[str, int] = defaultdict(int)
    for p in day.parties:
        riders[p.call] += p.people
    for c in day.calls:
        aboard, walk = island.people[c.call_id]
        found["boats"].append({"island_id": name, "boat": c.call_id, "sailing": c.sailing, "quay": c.quay, "kind": c.kind, "minute": clock(c.minute), "late_min": c.late_min,
                               "aboard": aboard, "walk": walk, "riders": riders[c.call_id], "taken": taken[c.call_id], "left": riders[c.call_id] - taken[c.call_id]})  # fmt: skip
    found["cards"].sort(key=lambda r: (r["stop"], r["direction"], r["at_stop"], r["sailing"]))
    return found


def run_metres(island: Island, run: Run) -> int:
    """Length of a run."""
    nodes = [run.quay, *(h.stop for h in run.halts)] if run.kind == "out" else [*(h.stop for h in run.halts), run.quay]
    at = {n: k for k, n in enumerate(island.day.nodes)}
    return sum(int(island.day.metres[at[a], at[b]]) for a, b in pairwise(nodes))


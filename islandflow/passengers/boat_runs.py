"""Runs that meet boats, read from the tables of a shuttle plan as timed bus trips."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from islandflow.errors import BadInput, Fault
from islandflow.ferry.rows import cell, read_rows
from islandflow.passengers.bus_trips import BusTrip, Halt, Meeting
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import near
from islandflow.scenario.table import Column
from islandflow.shuttle.folder import read_shuttle_days
from islandflow.shuttle.plan import Run
from islandflow.shuttle.tables import COLUMNS

LATE = (Column("minute", "clock", "minute", "minute"), Column("late_min", "integer", "late_min", "late_min", "min"))


def boat_runs(folder: Path, scenario: Scenario, service: str) -> tuple[tuple[str, ...], tuple[BusTrip, ...]]:
    """Islands that are served, and their runs. A run from a quay is boarded there alone, one to a quay is left there alone, as it was planned."""
    pattern, days = read_shuttle_days(folder)
    faults: list[Fault] = []
    if pattern != service:
        words = (f"is for {pattern}, the plan for {service}", f"属于 {pattern},方案为 {service}", "plan the shuttles again", "请重新编制短驳")
        faults.append(Fault("plan.json", 0, "service", pattern, *words))
    met = _meetings(folder, scenario, faults)
    known = [*scenario.settlements, *scenario.ports]
    for table, column in (("runs", "quay"), ("halts", "stop")):
        for number, row in read_rows(folder / f"{table}.csv", COLUMNS[table], faults):
            if row[column] not in known:
                words = ("is no settlement or port of the plan", "不是方案的居民点或港口", *near(row[column], known))
                faults.append(Fault(f"{table}.csv", number, column, row[column][:40], *words))
    trips = []
    for island, day in days.items():
        boats = _boats(folder, island, faults)
        for run in day.runs:
            trips += _trip(scenario, island, run, [met[m] for m in boats.get(run.run_id, ()) if m in met], faults)
    if faults:
        raise BadInput(faults)
    return tuple(days), tuple(trips)


def _trip(scenario: Scenario, island: str, run: Run, meets: Sequence[Meeting], faults: list[Fault]) -> list[BusTrip]:
    if run.kind == "out":
        halts = (Halt(run.quay, None, run.begins), *(Halt(h.stop, h.minute, None) for h in run.halts))
    else:
        halts = (*(Halt(h.stop, None, h.minute) for h in run.halts), Halt(run.quay, run.ends, None))
    fleet = scenario.shuttle_fleets.get(run.vehicle.rpartition("-")[0])
    try:
        return [
            BusTrip(f"{island}.{run.run_id}", run.vehicle, halts, fleet.seats if fleet else 0, sum(x.people for x in run.loads), meets=tuple(meets))
        ]
    except ValueError:
        words = ("has halts that no bus can drive", "停站时刻不可能", "plan the shuttles again", "请重新编制短驳")
        faults.append(Fault("runs.csv", 0, "run", run.run_id, *words))
        return []


def _meetings(folder: Path, scenario: Scenario, faults: list[Fault]) -> dict[tuple[str, str], Meeting]:
    """By (island, call): the landings that buses wait for."""
    found = {}
    alight = scenario.whole("shuttle_alight_min")
    for number, row in read_rows(folder / "boats.csv", COLUMNS["boats"], faults):
        minute, late = (cell(kind, "boats.csv", number, row, faults) for kind in LATE)
        if row["kind"] == "lands" and minute is not None and late is not None:
            found[row["island_id"], row["boat"]] = Meeting(row["sailing"], minute + alight, late)
    return found


def _boats(folder: Path, island: str, faults: list[Fault]) -> dict[str, list[tuple[str, str]]]:
    """By run of an island: (island, call) of those whose people it takes."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for _, row in read_rows(folder / "loads.csv", COLUMNS["loads"], faults):
        if row["island_id"] == island and (island, row["boat"]) not in found[row["run"]]:
            found[row["run"]].append((island, row["boat"]))
    return found

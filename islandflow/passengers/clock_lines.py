"""Lines by the clock inside an island, read from two tables of the folder as timed bus trips that take and leave people at every stop."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from islandflow.errors import BadInput, Fault
from islandflow.ferry.rows import cell, read_rows
from islandflow.passengers.bus_trips import BusTrip, Halt
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import near
from islandflow.scenario.table import Column

TIMETABLE = ("island_id", "line", "direction", "call", "stop", "first")
TRIPS = ("island_id", "vehicle", "line", "direction", "departs")
CALL = Column("call", "integer", "call", "call")
FIRST, DEPARTS = Column("first", "clock", "first", "first"), Column("departs", "clock", "departs", "departs")
Way = tuple[str, str, str]  # island, line, direction


def clock_lines(folder: Path, scenario: Scenario, service: str) -> tuple[tuple[str, ...], tuple[BusTrip, ...]]:
    """Islands with lines, and every trip of their vehicles; none where there are no such tables. BadInput with every fault.

    ``line_timetable.csv`` has the minute at which the first bus leaves each stop, ``line_trips.csv`` when each vehicle leaves the first stop.
    A bus is told to come when it leaves: its stop of a minute is nobody's gain.
    """
    if not (folder / "line_timetable.csv").is_file():
        return (), ()
    faults: list[Fault] = []
    stops = _stops(folder, scenario, faults)
    trips = []
    count: dict[Way, int] = defaultdict(int)
    for number, row in read_rows(folder / "line_trips.csv", TRIPS, faults):
        departs = cell(DEPARTS, "line_trips.csv", number, row, faults)
        way = (row["island_id"], row["line"], row["direction"])
        if way not in stops:
            known = [line for island, line, direction in stops if (island, direction) == (way[0], way[2])]
            words = ("is not in line_timetable.csv", "不在 line_timetable.csv 中", *near(row["line"], known))
            faults.append(Fault("line_trips.csv", number, "line", row["line"][:40], *words))
        elif departs is not None:
            count[way] += 1
            island, line, direction = way
            begins = stops[way][0][1]
            at = [(stop, departs + minute - begins) for stop, minute in stops[way]]
            last = len(at) - 1
            halts = tuple(Halt(stop, None if k == 0 else minute, None if k == last else minute) for k, (stop, minute) in enumerate(at))
            fleet = scenario.shuttle_fleets.get(row["vehicle"].rpartition("-")[0])
            try:
                trips.append(BusTrip(f"{island}.{line}.{direction}.{count[way]:03d}", row["vehicle"], halts, fleet.seats if fleet else 0, line=line))
            except ValueError:
                words = ("has stops that no bus can drive", "停站时刻不可能", "plan the lines again", "请重新编制线路")
                faults.append(Fault("line_timetable.csv", 0, "line", line, *words))
    if faults:
        raise BadInput(faults)
    return tuple(dict.fromkeys(island for island, _, _ in stops)), tuple(trips)


def _stops(folder: Path, scenario: Scenario, faults: list[Fault]) -> dict[Way, list[tuple[str, int]]]:
    """By line and direction: the stops in order, with the minute at which the first bus leaves them."""
    found: dict[Way, list[tuple[int, str, int]]] = defaultdict(list)
    known = [*scenario.settlements, *scenario.ports]
    for number, row in read_rows(folder / "line_timetable.csv", TIMETABLE, faults):
        call, first = (cell(kind, "line_timetable.csv", number, row, faults) for kind in (CALL, FIRST))
        if row["stop"] not in known:
            words = ("is no settlement or port of the plan", "不是方案的居民点或港口", *near(row["stop"], known))
            faults.append(Fault("line_timetable.csv", number, "stop", row["stop"][:40], *words))
        elif call is not None and first is not None:
            found[row["island_id"], row["line"], row["direction"]].append((call, row["stop"], first))
    return {way: [(stop, minute) for _, stop, minute in sorted(rows)] for way, rows in found.items()}

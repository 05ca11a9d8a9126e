"""Timed buses as journeys see them: trips with their halts, whoever planned them.

Runs that meet boats are read from the ``shuttles`` folder of a plan; another kind of timed bus is one more function of ``SOURCES``.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from islandflow.errors import BadInput, Fault
from islandflow.ferry.rows import cell, read_rows
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import near
from islandflow.scenario.table import Column
from islandflow.shuttle.folder import read_shuttle_days
from islandflow.shuttle.plan import Run
from islandflow.shuttle.tables import COLUMNS

FOLDER = "shuttles"
LATE = (Column("minute", "clock", "minute", "minute"), Column("late_min", "integer", "late_min", "late_min", "min"))


@dataclass(frozen=True)
class Halt:
    """A settlement or port where a bus stops; minutes after midnight. Nobody gets off without ``arrives``, nobody on without ``departs``."""

    node: str
    arrives: int | None
    departs: int | None


@dataclass(frozen=True)
class Meeting:
    """A landing whose people a bus takes: it can leave with them at ``ready``, and waits if the boat is ``late_min`` late at most."""

    sailing: str
    ready: int
    late_min: int


@dataclass(frozen=True)
class BusTrip:
    """A vehicle's way over its halts. ``trip`` is an id of its own among all buses of a plan; ``line`` empty for a run that meets a boat;
    ``people`` planned on board in all; ``fare_fen`` a ride. ValueError for halts that a bus cannot drive."""

    trip: str
    vehicle: str
    halts: tuple[Halt, ...]
    seats: int = 0
    people: int = 0
    line: str = ""
    fare_fen: int = 0
    meets: tuple[Meeting, ...] = ()

    def __post_init__(self) -> None:
        """Times must be known and rise by a minute at least from halt to halt."""
        if len(self.halts) < 2 or self.halts[0].departs is None or self.halts[-1].arrives is None:
            raise ValueError(f"{self.trip}: a bus leaves a first halt and arrives at a last")
        for a, b in self.legs():
            if b[0] <= a[1] or a[1] < a[0]:
                raise ValueError(f"{self.trip}: a bus is at its next halt a minute later at least")

    def times(self) -> list[tuple[int, int]]:
        """Minutes at which the bus comes to and leaves each halt; the same where only one is known."""
        found = []
        for h in self.halts:
            comes, goes = (h.departs if h.arrives is None else h.arrives), (h.arrives if h.departs is None else h.departs)
            if comes is None or goes is None:
                raise ValueError(f"{self.trip}: no minute at {h.node}")
            found.append((comes, goes))
        return found

    def legs(self) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """Times at each halt and at the next."""
        return list(pairwise(self.times()))

    def rides(self) -> list[tuple[int, int, int, int]]:
        """(board, alight, departs, arrives) of every ride that is offered; halts from 0."""
        return [
            (i, j, a.departs, b.arrives)
            for i, a in enumerate(self.halts)
            for j, b in enumerate(self.halts[i + 1 :], start=i + 1)
            if a.departs is not None and b.arrives is not None and a.node != b.node
        ]


@dataclass(frozen=True)
class Buses:
    """The timed buses of a plan, and the islands that they serve."""

    islands: tuple[str, ...]
    trips: tuple[BusTrip, ...]

    @property
    def version(self) -> str:
        """Eight hexadecimal digits of every halt of every trip."""
        digest = hashlib.sha256(repr(self.islands).encode())
        for t in self.trips:
            digest.update(f"{t.trip} {t.line} {t.vehicle} {t.fare_fen} {t.halts}\n".encode())
        return digest.hexdigest()[:8]


Source = Callable[[Path, Scenario, str], Buses]


def read_buses(plan: Path, scenario: Scenario, service: str) -> Buses | None:
    """The buses that a plan's folder holds; None if it holds none. BadInput with every fault: damage, another service pattern, halts that
    the plan's scenario does not know."""
    folder = plan / FOLDER
    if not (folder / "plan.json").is_file():
        return None
    found = [source(folder, scenario, service) for source in SOURCES]
    trips = tuple(sorted((t for x in found for t in x.trips), key=lambda t: (t.times()[0], t.trip)))
    return Buses(tuple(dict.fromkeys(i for x in found for i in x.islands)), trips)


def boat_buses(folder: Path, scenario: Scenario, service: str) -> Buses:
    """Runs that meet boats. A run from a quay is boarded there alone, one to a quay is left there alone, as it was planned."""
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
    return Buses(tuple(days), tuple(trips))


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


SOURCES: tuple[Source, ...] = (boat_buses,)


def waiting(trips: Sequence[BusTrip], delays: Mapping[str, int]) -> tuple[BusTrip, ...]:
    """The trips of a day on which sailings land ``delays`` minutes late: a bus waits for a boat as long as its plan has room for, no longer."""
    found = []
    for t in trips:
        leaves = t.times()[0][1]
        late = max((m.ready + delays.get(m.sailing, 0) - leaves for m in t.meets if delays.get(m.sailing, 0) <= m.late_min), default=0)
        found.append(later(t, late) if late > 0 else t)
    return tuple(found)


def later(trip: BusTrip, minutes: int) -> BusTrip:
    """The trip put off."""
    halts = (Halt(h.node, *(None if x is None else x + minutes for x in (h.arrives, h.departs))) for h in trip.halts)
    return replace(trip, halts=tuple(halts))

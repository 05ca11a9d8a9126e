"""What a plan of lines is: lines with headway and minutes, the trips of every vehicle with their charging, and who rides where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A line by the clock: a bus leaves the first call at ``first_out`` and every ``headway`` minutes after, ``departures`` in all, and the
    last call at ``first_back`` in the same way. ``reserved``: (charger, how many) that are its own all day."""

    line_id: str
    fleet_id: str
    calls: tuple[str, ...]
    headway: int
    departures: int
    first_out: int
    first_back: int
    reserved: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class LineTrip:
    """A vehicle's way along a line, ``back`` from its last call to its first; at its end a charger may give ``wh`` until the next trip."""

    vehicle: str
    line: str
    back: bool
    departs: int
    arrives: int
    charger: str = ""
    wh: int = 0


@dataclass(frozen=True)
class Riders:
    """``people`` a day of one origin and goal on a line, from stop ``boards`` to stop ``alights``."""

    origin: str
    goal: str
    boat: bool
    line: str
    boards: str
    alights: str
    people: int


@dataclass(frozen=True)
class LinesPlan:
    """Everything that is decided about an island's lines."""

    lines: tuple[Line, ...] = ()
    trips: tuple[LineTrip, ...] = ()
    riders: tuple[Riders, ...] = ()


@dataclass(frozen=True)
class LinesMoney:
    """Objective of a plan in fen, and what it is made of; people and their minutes beside it. ``near``: residents and guests with a stop
    within walking distance; ``far``: the others. ``wait_half_min`` counts half minutes."""

    vehicles_fen: int
    ways_fen: int
    people_fen: int
    unserved_fen: int
    far_fen: int
    served: int
    unserved: int
    near: int
    far: int
    walk_min: int
    wait_half_min: int
    ride_min: int
    metres: int

    @property
    def objective(self) -> int:
        """All of it, fen."""
        return self.vehicles_fen + self.ways_fen + self.people_fen + self.unserved_fen + self.far_fen


@dataclass(frozen=True)
class LinesProof:
    """Outcome of one island, fen: ``lines`` in the pool, ``candidates`` lines with a headway, a fleet and a number of vehicles, over all of
    which the bound is valid; ``boats`` that call at the quays of lines, of which ``met``."""

    island_id: str
    status: str
    objective: int
    bound: int
    floor: int
    lines: int
    candidates: int
    boats: int
    met: int
    seconds: float


Lines = Mapping[str, tuple[LinesPlan, LinesProof]]  # by island

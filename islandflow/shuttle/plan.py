"""What a plan of an island day is: runs of named vehicles, charging, breaks, and who is not taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Halt:
    """A stop of a run: people get off at ``minute`` (a run from the quay) or are fetched by ``minute``, when the vehicle leaves it."""

    stop: str
    minute: int


@dataclass(frozen=True)
class Load:
    """``people`` of a party on a run."""

    party: str
    people: int


@dataclass(frozen=True)
class Run:
    """A vehicle's way from a quay to stops (``out``) or from stops to a quay (``in``).

    begins: leaving the quay, or coming to the first stop; ends: leaving the last stop, or being at the quay.
    """

    run_id: str
    vehicle: str
    kind: Literal["out", "in"]
    quay: str
    begins: int
    ends: int
    halts: tuple[Halt, ...]
    loads: tuple[Load, ...]


@dataclass(frozen=True)
class Charge:
    """A vehicle at a charger from ``begins`` to ``ends``, both on the grid of blocks; ``units`` of energy gained."""

    vehicle: str
    charger: str
    begins: int
    ends: int
    units: int


@dataclass(frozen=True)
class Rest:
    """A driver's break at a node."""

    vehicle: str
    node: str
    begins: int
    ends: int


@dataclass(frozen=True)
class Unserved:
    """People of a party who are not taken; ``binds`` names what stands in the way."""

    party: str
    people: int
    binds: str = ""


@dataclass(frozen=True)
class DayPlan:
    """Everything that is decided about an island day."""

    runs: tuple[Run, ...]
    charges: tuple[Charge, ...] = ()
    rests: tuple[Rest, ...] = ()
    unserved: tuple[Unserved, ...] = ()

    @property
    def vehicles(self) -> tuple[str, ...]:
        """Vehicles in service."""
        return tuple(sorted({r.vehicle for r in self.runs}))


@dataclass(frozen=True)
class DayMoney:
    """Objective of a day in fen, and what it is made of; people and their minutes beside it."""

    vehicles_fen: int
    ways_fen: int
    people_fen: int
    unserved_fen: int
    served: int
    unserved: int
    wait_min: int
    ride_min: int
    metres: int
    charges: int = 0
    floor_fen: int = field(default=0)

    @property
    def objective(self) -> int:
        """All of it, fen."""
        return self.vehicles_fen + self.ways_fen + self.people_fen + self.unserved_fen

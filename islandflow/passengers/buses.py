"""The timed buses of a plan, from the ``shuttles`` folder beside its timetable: runs that meet boats, and lines by the clock.

Another kind of timed bus is one more function of ``SOURCES``, which gives the islands it serves and its trips.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from islandflow.passengers.boat_runs import boat_runs
from islandflow.passengers.bus_trips import BusTrip
from islandflow.passengers.clock_lines import clock_lines
from islandflow.scenario.entities import Scenario

FOLDER = "shuttles"


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


Source = Callable[[Path, Scenario, str], tuple[tuple[str, ...], tuple[BusTrip, ...]]]
SOURCES: tuple[Source, ...] = (boat_runs, clock_lines)


def read_buses(plan: Path, scenario: Scenario, service: str) -> Buses | None:
    """The buses that a plan's folder holds; None if it holds none. BadInput with every fault: damage, another service pattern, halts that
    the plan's scenario does not know."""
    folder = plan / FOLDER
    if not (folder / "plan.json").is_file():
        return None
    found = [source(folder, scenario, service) for source in SOURCES]
    trips = tuple(sorted((t for _, some in found for t in some), key=lambda t: (t.times()[0], t.trip)))
    return Buses(tuple(dict.fromkeys(i for islands, _ in found for i in islands)), trips)

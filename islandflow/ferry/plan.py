"""What a ferry plan is: sailings of named vessels, and who rides which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Call:
    """A call of a sailing; minutes after midnight. The first call has no arrival, the last no departure."""

    port: str
    arrives: int | None
    departs: int | None


@dataclass(frozen=True)
class Sailing:
    """One boat trip. ``line`` is a line id of the scenario or ``+`` for a generated pattern."""

    id: str
    line: str
    vessel: str
    calls: tuple[Call, ...]

    @property
    def ports(self) -> tuple[str, ...]:
        """Ports in order of call."""
        return tuple(c.port for c in self.calls)

    @property
    def departs(self) -> int:
        """Minute of the first departure."""
        return _known(self.calls[0].departs)

    @property
    def arrives(self) -> int:
        """Minute of the last arrival."""
        return _known(self.calls[-1].arrives)

    def legs(self) -> Iterator[tuple[str, str, int, int]]:
        """(from port, to port, departs, arrives) of each leg."""
        for a, b in pairwise(self.calls):
            yield a.port, b.port, _known(a.departs), _known(b.arrives)


def _known(minute: int | None) -> int:
    if minute is None:
        raise ValueError("a sailing leaves every call but the last and arrives at every call but the first")
    return minute


@dataclass(frozen=True)
class Ride:
    """A stretch of a journey on one sailing: call numbers of boarding and alighting."""

    sailing: str
    board: int
    alight: int


@dataclass(frozen=True)
class Boarding:
    """``people`` of one passenger group (from, to, segment, wanted minute) who travel the same way: one or two rides."""

    from_place: str
    to_place: str
    segment: str
    wanted: int
    people: int
    rides: tuple[Ride, ...]

    @property
    def group(self) -> tuple[str, str, str, int]:
        """Key of the passenger group."""
        return (self.from_place, self.to_place, self.segment, self.wanted)


@dataclass(frozen=True)
class Rotation:
    """A named vessel's day, sailings in order of departure."""

    vessel: str
    sailings: tuple[Sailing, ...]


@dataclass(frozen=True)
class FerryPlan:
    """A timetable of one service pattern with its vessels, and the seating of the passengers."""

    service: str
    sailings: tuple[Sailing, ...]
    boardings: tuple[Boarding, ...] = ()

    @property
    def rotations(self) -> tuple[Rotation, ...]:
        """Days of the vessels that sail, by vessel id."""
        days: dict[str, list[Sailing]] = defaultdict(list)
        for sailing in self.sailings:
            days[sailing.vessel].append(sailing)
        return tuple(Rotation(vessel, tuple(sorted(days[vessel], key=lambda s: (s.departs, s.arrives, s.id)))) for vessel in sorted(days))

    def by_id(self) -> Mapping[str, Sailing]:
        """Sailings by id."""
        return {s.id: s for s in self.sailings}

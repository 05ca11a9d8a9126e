"""Timed buses as journeys see them: trips with their halts, whoever planned them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise


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
    ``people`` planned on board in all, None if nobody has counted them; ``fare_fen`` a ride. ValueError for halts that a bus cannot drive."""

    trip: str
    vehicle: str
    halts: tuple[Halt, ...]
    seats: int = 0
    people: int | None = None
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

"""What a trip is: moves, visits and nights in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from islandflow.passengers.journeys import Journey


@dataclass(frozen=True)
class Move:
    """A journey of a day, from node to node; minutes of that day."""

    day: date
    from_node: str
    to_node: str
    journey: Journey


@dataclass(frozen=True)
class Visit:
    """A stop that is seen: come at ``arrives``, seen from ``begins`` on, left at ``leaves`` (by boat, or to bed)."""

    day: date
    place: str
    arrives: int
    begins: int
    leaves: int


@dataclass(frozen=True)
class Night:
    """A night after a day; ``price_fen`` a person."""

    day: date
    place: str
    price_fen: int


Step = Move | Visit | Night


@dataclass(frozen=True)
class Itinerary:
    """A trip. ``worth`` of what is seen; ``spent_fen`` of the whole party."""

    steps: tuple[Step, ...]
    worth: int
    spent_fen: int

    @property
    def places(self) -> tuple[str, ...]:
        """What is seen, in order."""
        return tuple(s.place for s in self.steps if isinstance(s, Visit))

    @property
    def moves(self) -> tuple[Move, ...]:
        """The journeys in order."""
        return tuple(s for s in self.steps if isinstance(s, Move))

    @property
    def home_at(self) -> tuple[date, int]:
        """Date and minute of the arrival at home."""
        last = self.moves[-1]
        return last.day, last.journey.arrives

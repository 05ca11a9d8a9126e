"""What a shuttle plan is: a plan of each island's day and what has been proven about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from islandflow.shuttle.lines_plan import LinesPlan, LinesProof
from islandflow.shuttle.plan import DayPlan


@dataclass(frozen=True)
class IslandProof:
    """Outcome of one island, fen; ``candidates`` runs that the bound is valid over; ``floor``: what no plan can avoid."""

    island_id: str
    status: str
    objective: int
    bound: int
    floor: int
    candidates: int
    seconds: float


@dataclass(frozen=True)
class ShuttlePlan:
    """Days by island, in the order planned, on the ferry plan of ``service``; ``lines`` by the clock, by island, with what is proven of them."""

    service: str
    days: Mapping[str, DayPlan]
    proofs: tuple[IslandProof, ...]
    lines: Mapping[str, tuple[LinesPlan, LinesProof]] = field(default_factory=dict)

    @property
    def objective(self) -> int:
        """Fen of all islands, buses that meet boats and lines."""
        return sum(p.objective for p in self.proofs) + sum(p.objective for _, p in self.lines.values())

    @property
    def bound(self) -> int:
        """Fen that no plan of these islands goes below."""
        return sum(p.bound for p in self.proofs) + sum(p.bound for _, p in self.lines.values())

    @property
    def floor(self) -> int:
        """Fen that cannot be avoided."""
        return sum(p.floor for p in self.proofs) + sum(p.floor for _, p in self.lines.values())

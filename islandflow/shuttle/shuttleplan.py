"""What a shuttle plan is: a plan of each island's day and what has been proven about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
    """Days by island, in the order planned, on the ferry plan of ``service``."""

    service: str
    days: Mapping[str, DayPlan]
    proofs: tuple[IslandProof, ...]

    @property
    def objective(self) -> int:
        """Fen of all islands."""
        return sum(p.objective for p in self.proofs)

    @property
    def bound(self) -> int:
        """Fen that no plan of these islands goes below."""
        return sum(p.bound for p in self.proofs)

    @property
    def floor(self) -> int:
        """Fen that cannot be avoided."""
        return sum(p.floor for p in self.proofs)

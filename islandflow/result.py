"""What a solve returns: status, plan, objective, bound, gap, trace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from islandflow.ferry.plan import FerryPlan

Status = Literal["optimal", "feasible", "infeasible", "no_solution"]


@dataclass(frozen=True)
class Step:
    """One line of the trace: seconds since the start of the command, phase, plan and bound in fen (None = none yet)."""

    seconds: float
    phase: str
    plan: int | None
    bound: int | None


@dataclass(frozen=True)
class PartGap:
    """A part of the archipelago that shares no passenger with the rest: clusters it holds lines of, busiest ports first, fen."""

    clusters: tuple[str, ...]
    ports: tuple[str, ...]
    plan: int
    bound: int


@dataclass(frozen=True)
class Result:
    """Outcome of a solve. Money in fen. ``missing`` is stage 1: obligation rows not met; ``missing_bound`` its own bound."""

    status: Status
    plan: FerryPlan | None
    objective: int | None
    bound: int | None
    floor: int
    seconds: float
    seed: int
    solver: str
    stopped_by: str
    missing: int = 0
    missing_bound: int = 0
    trace: tuple[Step, ...] = ()
    parts: tuple[PartGap, ...] = ()

    @property
    def gap(self) -> float | None:
        """(plan - bound) / plan, a fraction; None without plan or bound."""
        return gap_of(self.objective, self.bound)

    @property
    def gap_net(self) -> float | None:
        """The gap with each group's cheapest conceivable cost (``floor``) taken off both sides."""
        if self.objective is None or self.bound is None:
            return None
        return gap_of(self.objective - self.floor, self.bound - self.floor)


def gap_of(plan: int | None, bound: int | None) -> float | None:
    """(plan - bound) / plan; 0 for a plan that costs nothing; ValueError if the bound is above the plan: a defect, never a result."""
    if plan is None or bound is None:
        return None
    if bound > plan:
        raise ValueError(f"bound {bound} above plan {plan}")
    return (plan - bound) / plan if plan > 0 else 0.0

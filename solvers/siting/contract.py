"""What every siting method takes and gives back."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

import numpy as np

from islandflow.result import Status
from islandflow.siting.lists import FloatArray, IntArray
from islandflow.siting.plan import NOBODY, SitingPlan
from islandflow.siting.problem import SitingProblem


@dataclass
class Halt:
    """Set by whoever wants the end: an interrupt, a caller that cancels."""

    stopped: bool = False


@dataclass(frozen=True)
class SitingSettings:
    """``seconds`` from the start of the call; ``seed`` of every random choice; ``prove`` False stops after search and first bound;
    ``stop_gap`` (a fraction) is good enough; ``halt`` ends it early, with the best plan found."""

    seconds: float = 60.0
    seed: int = 1
    prove: bool = True
    stop_gap: float = 0.0
    halt: Halt | None = None

    def __post_init__(self) -> None:
        """ValueError for a value out of range."""
        if self.seconds <= 0 or self.stop_gap < 0:
            raise ValueError("seconds > 0 and stop_gap >= 0 are needed")

    def clock(self) -> Clock:
        """A clock that starts now."""
        return Clock(self.seconds, halt=self.halt)


@dataclass
class Clock:
    """Seconds since the start and seconds left."""

    limit: float
    begun: float = field(default_factory=time.monotonic)
    halt: Halt | None = None

    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self.begun

    def left(self) -> float:
        """Until the limit, never below 0; 0 once a stop was asked for."""
        return 0.0 if self.halt is not None and self.halt.stopped else max(0.0, self.limit - self.seconds())


@dataclass(frozen=True)
class SitingStep:
    """One line of the trace."""

    seconds: float
    phase: str
    plan: int | None
    bound: int | None


@dataclass(frozen=True)
class SitingResult:
    """Outcome. Whole units of the goal; ``reason`` says in both languages why there is no plan."""

    status: Status
    plan: SitingPlan | None
    objective: int | None
    bound: int | None
    seconds: float
    seed: int
    solver: str
    maximise: bool = False
    trace: tuple[SitingStep, ...] = ()
    reason: str = ""
    reason_zh: str = ""

    @property
    def gap(self) -> float | None:
        """|plan - bound| / plan, a fraction; ValueError if the bound is on the wrong side: a defect, never a result."""
        if self.objective is None or self.bound is None:
            return None
        over = self.bound - self.objective if self.maximise else self.objective - self.bound
        if over < 0:
            raise ValueError(f"bound {self.bound} is beyond the plan {self.objective}")
        return over / self.objective if self.objective else (0.0 if over == 0 else math.inf)


def judged(
    plan: SitingPlan | None, objective: int | None, bound: int | None, clock: Clock, settings: SitingSettings, solver: str,
    maximise: bool = False, trace: tuple[SitingStep, ...] = (),
) -> SitingResult:  # fmt: skip
    """A result whose status follows from plan and bound alone: optimal only where they meet."""
    status: Status = "no_solution" if plan is None else "optimal" if bound is not None and bound == objective else "feasible"
    return SitingResult(status, plan, objective, bound, clock.seconds(), settings.seed, solver, maximise, trace)


def impossible(clock: Clock, settings: SitingSettings, solver: str, en: str, zh: str, maximise: bool = False) -> SitingResult:
    """A proof that there is no plan."""
    return SitingResult("infeasible", None, None, None, clock.seconds(), settings.seed, solver, maximise, (), en, zh)


def down(bound: float) -> int:
    """A bound on a whole number from below, from a float that may be a little too high: the next whole number above, carefully."""
    return math.ceil(bound - 1e-6 - 1e-10 * abs(bound))


def nearest_plan(problem: SitingProblem, opened: IntArray | list[int], radius: int | None = None) -> SitingPlan:
    """Everyone at the nearest open site of their list, or NOBODY."""
    lists = problem.lists
    is_open = np.zeros(lists.sites, bool)
    is_open[list(opened)] = True
    hit = is_open[lists.site] if radius is None else is_open[lists.site] & (lists.distance <= radius)
    serves = np.full(lists.clients, NOBODY, np.int64)
    entries = np.flatnonzero(hit)[::-1]
    serves[lists.owner()[entries]] = lists.site[entries]  # the last write is the first, nearest entry
    return SitingPlan(tuple(int(j) for j in np.flatnonzero(is_open)), serves)


def nearest_distance(problem: SitingProblem, opened: IntArray | list[int]) -> FloatArray:
    """(clients,) distance to the nearest open site of the list; inf where there is none."""
    lists = problem.lists
    is_open = np.zeros(lists.sites, bool)
    is_open[list(opened)] = True
    found = np.full(lists.clients, np.inf)
    entries = np.flatnonzero(is_open[lists.site])[::-1]
    found[lists.owner()[entries]] = lists.distance[entries]
    return found

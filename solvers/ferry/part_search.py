"""One part of the archipelago worked on: its bound, its search, or both at once by a proof where it is small."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from islandflow.ferry.problem.parts import Part
from solvers.contract import Settings, Watch
from solvers.ferry.anneal import Annealer
from solvers.ferry.coverage import coverage
from solvers.ferry.fleet_search import FleetSearch
from solvers.ferry.fleet_state import Quays
from solvers.ferry.lagrangian import RATE, Lagrangian
from solvers.ferry.monolith import prove
from solvers.ferry.tables import tables

KAPPA = 1.25  # multiple of the bound's prices at which a first timetable is made
ENOUGH = 1500  # rounds of a climb: three times as many raised the bound of a part of the archipelago by 0.014 %
TOLD = 0.02  # share of the search between two timetables that are told
Spent = Callable[[], float]


@dataclass(frozen=True)
class News:
    """What a part has to say: its number, best bound and floor in fen, cost as its search sees it, vessels' days (None = no change)."""

    part: int
    bound: int | None
    floor: int
    cost: int | None = None
    missing: int = 0
    days: list[tuple[str, list[int]]] | None = None


class PartSearch:
    """State of the work on one part; ``tell`` hears every better bound and timetable."""

    def __init__(self, number: int, part: Part, settings: Settings, others: Quays, tell: Callable[[News], None]) -> None:
        self.number, self.problem, self.settings, self.others, self.tell = number, part.problem, settings, others, tell
        self.t = tables(self.problem)
        self.lagrangian = Lagrangian(self.problem, self.t, coverage(self.problem))
        self.cover = coverage(self.problem, day_trips=True)
        self.search: FleetSearch | None = None
        self.annealer: Annealer | None = None
        self.best: tuple[int, int] | None = None
        self.proven = False

    def report(self) -> None:
        """Says the bound at hand: at first what nobody can avoid."""
        self._say()

    def prove(self, watch: Watch, seconds: float, largest: int) -> None:
        """An exact model of a part of at most ``largest`` candidates times groups: plan and bound at once, if it ends in time."""
        if self.problem.candidates * len(self.problem.size) > largest:
            return
        alone = self.settings.changed({"workers": 1})
        free = prove(self.problem, alone, watch.part(seconds))
        if free is not None and free.bound is not None:
            self.lagrangian.best = max(free.bound, self.lagrangian.best)
        # a bound may not rely on berths that others hold in one timetable; a plan must leave them alone
        dealt = bool(self.others.taken.any() or self.others.taken_long.any() or self.others.moored.any())
        found = prove(self.problem, alone, watch.part(seconds), self.others) if dealt else free
        if found is None or found.x is None:
            return
        self.proven = found.objective == self.lagrangian.best
        self.best = (found.missing, found.objective)
        self._say(found.objective, found.missing, found.days)

    def climb(self, spent: Spent, rate: float = RATE) -> None:
        """Raises the bound."""
        self.lagrangian.climb(spent, rate, lambda bound, _: self._say() if self.lagrangian.rounds % 20 == 0 else None, ENOUGH)
        self._say()

    def fill(self, stop: Callable[[], bool]) -> None:
        """A first timetable at the prices of the bound."""
        self.search = FleetSearch(self.problem, self.t, self.cover, self.settings.seed, self.others)
        self.search.guide(self.lagrangian.prices[0], self.lagrangian.split)
        self.search.fill_guided(KAPPA, stop)
        self._plan()

    def improve(self, spent: Spent) -> None:
        """Anneals the timetable at hand until ``spent()`` is 1."""
        if self.search is None:
            return
        found = self.annealer = Annealer(self.problem, self.t, self.cover, self.settings.seed, self.others)
        found.guide(self.lagrangian.prices[0], self.lagrangian.split)
        found.load(dict(self.search.days()))
        said = 0.0

        def better(share: float) -> None:
            nonlocal said
            if share - said > TOLD:
                said = share
                self._plan()

        found.run(self.settings.heat, self.settings.ruin_vessels, spent, better)
        self._plan()

    def _plan(self) -> None:
        if self.proven or (self.search is None and self.annealer is None):
            return
        at_work = self.annealer
        if at_work is not None:
            cost, missing, days = at_work.cost, at_work.missing, at_work.days
        elif self.search is not None:
            cost, missing, days = self.search.cost(), self.search.missing(), self.search.days
        # fewer obligations open come first, as everywhere; the two searches count a row open at prices of their own
        if self.best is None or (missing, cost) < self.best:
            self.best = (missing, cost)
            self._say(cost, missing, days())

    def _say(self, cost: int | None = None, missing: int = 0, days: list[tuple[str, list[int]]] | None = None) -> None:
        self.tell(News(self.number, self.lagrangian.best, self.lagrangian.floor, cost, missing, days))

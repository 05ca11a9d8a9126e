"""One part of the archipelago worked on: its bound, its search, or both at once by a proof where it is small."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from islandflow.ferry.problem.parts import Part
from solvers.contract import Settings, Watch
from solvers.ferry.coverage import coverage
from solvers.ferry.fleet_search import FleetSearch
from solvers.ferry.fleet_state import Quays
from solvers.ferry.lagrangian import RATE, Lagrangian
from solvers.ferry.monolith import prove
from solvers.ferry.tables import tables

KAPPAS = (1.03, 1.08, 1.15, 1.25, 1.5, 2.0)  # multiples of the bound's prices tried for a first timetable
SETTLE = 25  # moves after a vessel more or less, before the change is judged
DEEP = 0.5  # share of the moves that belong to such changes
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
        self.best: int | None = None
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
        self.best = found.objective
        self._say(found.objective, found.missing, found.days)

    def climb(self, spent: Spent, rate: float = RATE) -> None:
        """Raises the bound."""
        self.lagrangian.climb(spent, rate, lambda bound, _: self._say() if self.lagrangian.rounds % 20 == 0 else None)
        self._say()

    def fill(self, stop: Callable[[], bool]) -> None:
        """A first timetable at the prices of the bound: the best of several."""
        for kappa in KAPPAS:
            if stop():
                break
            found = FleetSearch(self.problem, self.t, self.cover, self.settings.seed, self.others)
            found.guide(self.lagrangian.prices[0])
            found.fill_guided(kappa, stop)
            if self.search is None or found.cost() < self.search.cost():
                self.search = found
        self._plan()

    def improve(self, spent: Spent) -> None:
        """Searches from the timetable at hand until ``spent()`` is 1."""
        search = self.search
        if search is None:
            return
        search.guide(self.lagrangian.prices[0])
        current = best = search.cost()
        saved, said, heat = None, 0.0, self.settings.heat * max(1, best)
        while (share := spent()) < 1.0:
            before = search.snapshot()
            if search.random.random() < DEEP / SETTLE:
                cost = self._shake(spent)
                limit = float(current)
            else:
                search.move(self.settings.ruin_vessels)
                cost = search.cost()
                limit = current + heat * (1 - share) * search.random.random()
            if cost < limit:
                current = cost
                if cost < best:
                    best, saved = cost, search.snapshot()
                    if share - said > 0.02:  # noqa: PLR2004
                        said = share
                        self._plan()
            else:
                search.restore(before)
        if saved is not None:
            search.restore(saved)
        self._plan()

    def _shake(self, spent: Spent) -> int:
        """A vessel more or less, then moves near it that only get better; the cost in the end."""
        search = self.search
        assert search is not None
        touched = search.shake()
        current = search.cost()
        for _ in range(SETTLE):
            if spent() >= 1.0:
                break
            before = search.snapshot()
            search.move(self.settings.ruin_vessels, touched)
            cost = search.cost()
            if cost < current:
                current = cost
            else:
                search.restore(before)
        return current

    def _plan(self) -> None:
        if self.search is not None and not self.proven:
            cost, missing = self.search.cost(), self.search.missing()
            if self.best is None or cost < self.best:
                self.best = cost
                self._say(cost, missing, self.search.days())

    def _say(self, cost: int | None = None, missing: int = 0, days: list[tuple[str, list[int]]] | None = None) -> None:
        self.tell(News(self.number, self.lagrangian.best, self.lagrangian.floor, cost, missing, days))

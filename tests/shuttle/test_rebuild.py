"""Runs taken out and people put back: every plan on the way is one that the audit knows to the fen, and nothing is left of a change undone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.island_day import Recipe, make_day, tiny
from islandflow.shuttle.audit import audit_day
from islandflow.shuttle.day import IslandDay
from islandflow.shuttle.problem import day_problem
from solvers.shuttle import rebuild_moves as moves
from solvers.shuttle.fleet import Candidates, candidates, fleets_of
from solvers.shuttle.rebuild import Rebuild
from solvers.shuttle.rebuild_state import CHARGES, COST, COUNT, DIRTY, LEFT_FEN, ROWS, TOTAL, State
from solvers.shuttle.search import Search
from solvers.shuttle.writing import plan_of

SMALL = Recipe(seed=7, stops=5, quays=2, boats=5, people=150, vehicles=6, chargers=2)


def small(seed: int, battery_wh: int | None = None) -> IslandDay:
    """A day of ten boat calls; with a battery of that size, if one is given."""
    day = make_day(replace(SMALL, seed=seed))
    return day if battery_wh is None else replace(day, buses=tuple(replace(b, battery_wh=battery_wh) for b in day.buses))


def ready(day: IslandDay) -> tuple[Candidates, Rebuild]:
    """A search that begins with days one by one."""
    found = candidates(day_problem(day))
    search = Search(found, fleets_of(found), 1)
    search.start(lambda: True)
    rebuild = Rebuild(found, search.fleets, 1)
    rebuild.load(search.best.days)
    return found, rebuild


def shown(s: State) -> list[object]:
    """All of a state that means something."""
    vehicles = [
        [s.run[v, : s.vehicle[v, COUNT]].tolist(), [s.load[v, j, : s.run[v, j, ROWS]].tolist() for j in range(s.vehicle[v, COUNT])], s.vehicle[v, :DIRTY].tolist(),
         s.charge[v, : s.vehicle[v, CHARGES]].tolist() if s.vehicle[v, COUNT] else []] for v in range(len(s.vehicle))
    ]  # fmt: skip
    return [vehicles, s.used.tolist(), s.left.tolist(), int(s.counter[TOTAL])]


@pytest.mark.parametrize(("seed", "battery_wh"), [(1, None), (2, None), (3, 20_000), (4, 12_000), (5, 30_000)])
def test_every_best_plan_is_clean_and_costs_what_the_audit_counts(seed: int, battery_wh: int | None) -> None:
    day = small(seed, battery_wh)
    found, rebuild = ready(day)
    totals = [rebuild.total]
    for _ in range(12):
        moves.search(rebuild.f, rebuild.now, rebuild.kept, rebuild.best, rebuild.desk, 40, 2000.0)
        days = rebuild.days()
        assert audit_day(day, plan_of(found, days), rebuild.total).violations == ()
        assert sum(d.cost for d in days) + int(rebuild.best.left.sum()) * day.rules.unserved_fen == rebuild.total
        # the days are as the exact search knows them: it can count and change them
        assert all(rebuild.fleets[d.fleet].trimmed(d, found.people).cost == d.cost for d in days)
        totals.append(rebuild.total)
    assert totals == sorted(totals, reverse=True)
    assert totals[-1] < totals[0]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_change_that_is_not_kept_leaves_nothing_behind(seed: int) -> None:
    _, rebuild = ready(small(seed, 20_000))
    s, kept = rebuild.now, rebuild.kept
    moves.search(rebuild.f, s, kept, rebuild.best, rebuild.desk, 300, 3000.0)
    assert shown(s) == shown(kept)
    for _ in range(50):  # taken out and not put back
        before = shown(kept)
        moves.ruin(rebuild.f, s, rebuild.desk)
        assert shown(s) != before or not (s.vehicle[:, DIRTY] > 0).any()
        moves.passed(kept, s, False)
        assert shown(s) == before
    busy = s.vehicle[:, COUNT] > 0
    assert int(s.vehicle[busy, COST].sum()) + int(s.left.sum()) * int(rebuild.f.rule[LEFT_FEN]) == s.counter[TOTAL]
    assert (s.used <= rebuild.f.site[:, 1:]).all()


@pytest.mark.parametrize("seed", range(1, 7))
def test_tiny_days_are_searched_to_the_best_that_days_found_exactly_give(seed: int) -> None:
    """Not worse than the exact days, one by one, that it began with; the best of all plans is held in test_every_plan."""
    found, rebuild = ready(tiny(seed))
    first = rebuild.total
    rebuild.run(iter(np.linspace(0.0, 1.0, 20)).__next__, lambda: True)
    assert rebuild.total <= first
    assert audit_day(tiny(seed), plan_of(found, rebuild.days()), rebuild.total).violations == ()

"""Everybody on a timetable with moved sailings seated anew, from where they sit: whoever finds a cheaper way with room takes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from islandflow.ferry.plan import FerryPlan
from islandflow.passengers.seating import PASSES, Seating, seating_on
from islandflow.scenario.entities import Scenario
from solvers.ferry.best_seating import seat_best

Rides = tuple[tuple[int, int, int], ...]  # sailing, board, alight; numbers from 0


def seated_again(scenario: Scenario, plan: FerryPlan, best: bool = False) -> FerryPlan:
    """The plan with its people seated anew; ``best``: at least cost by a linear model, where people on a tie may change boats.

    Who can no longer travel as planned, since a change is missed or the boat leaves too far from the wished minute, chooses first among
    the free seats. Nobody else moves unless it costs less in all.
    """
    seating = seating_on(scenario, plan.service, plan.sailings)
    _put(seating, plan)
    seating.fill(seating.order)
    for _ in range(PASSES):
        if not seating.improve():
            break
    if best:
        seat_best(seating)
    return FerryPlan(plan.service, plan.sailings, seating.boardings())


def _put(seating: Seating, plan: FerryPlan) -> None:
    """Seats everybody as the plan says, where that is still a way of travelling."""
    number = {s.id: n for n, s in enumerate(plan.sailings)}
    taken: dict[tuple[str, str, str, int], dict[Rides, int]] = defaultdict(lambda: defaultdict(int))
    for b in plan.boardings:
        taken[b.group][tuple((number[r.sailing], r.board - 1, r.alight - 1) for r in b.rides)] += b.people
    for n, wish in enumerate(seating.wishes):
        mine: Mapping[Rides, int] = taken.get(wish.group.key, {})
        if not mine:
            continue
        for way, offer in enumerate(wish.ways):
            people = mine.get(tuple(seating.offers.rides(offer)))
            if people:
                seating.move(n, None, way, min(people, wish.waiting, seating.space(wish, way)))

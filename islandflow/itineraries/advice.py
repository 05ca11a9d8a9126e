"""What a party should know of its trip: the next boat if one is missed, and the last way home."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from islandflow.itineraries.plan import Itinerary, Move, Night, Visit
from islandflow.itineraries.wish import Wish
from islandflow.passengers.journeys import Journey, JourneyLeg, Rules, earliest_arrival, pareto_journeys
from islandflow.passengers.running_day import RunningDay


@dataclass(frozen=True)
class Missed:
    """If the boat of ``leg`` is missed at its quay: the journey that then arrives first (None: there is none that day), and whether the
    rest of the trip can go on as planned."""

    move: Move
    leg: JourneyLeg
    instead: Journey | None
    keeps: bool


def if_missed(wish: Wish, trip: Itinerary, days: Mapping[date, RunningDay]) -> tuple[Missed, ...]:
    """Every boat of a trip, in order. Whoever missed one stands at the quay already and needs no check-in."""
    found = []
    for number, step in enumerate(trip.steps):
        if not isinstance(step, Move):
            continue
        day = days[step.day]
        for leg in step.journey.legs:
            if leg.mode != "boat":
                continue
            rules = Rules(0, day.scenario.whole("minimum_transfer_min"))
            instead = earliest_arrival(day, leg.from_node, step.to_node, leg.departs + 1, rules)
            found.append(Missed(step, leg, instead, instead is not None and instead.arrives <= _latest(wish, trip, number)))
    return tuple(found)


def _latest(wish: Wish, trip: Itinerary, number: int) -> int:
    """The last minute at which the end of a move may be reached so that all that follows stays as it is."""
    following = trip.steps[number + 1] if number + 1 < len(trip.steps) else None
    if isinstance(following, Visit):
        stop = next(s for s in wish.stops if s.place == following.place)
        return min(stop.closes, following.leaves - wish.rest) - stop.shortest
    if isinstance(following, Night):
        return wish.night_by
    return wish.home_by if following is None else following.journey.departs


def last_way_home(wish: Wish, trip: Itinerary, days: Mapping[date, RunningDay]) -> Journey | None:
    """The latest journey from where the last move begins that is still home in time."""
    last = trip.moves[-1]
    ways = pareto_journeys(days[last.day], last.from_node, wish.home, last.journey.departs, wish.home_by)
    return max(ways, key=lambda j: (j.departs, -j.arrives), default=None)

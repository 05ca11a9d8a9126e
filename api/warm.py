"""What callers ask for first is computed, and kernels are compiled, when the server starts: nobody waits for it."""

from __future__ import annotations

from contextlib import suppress

from api.routes.figures import answer
from api.state import State
from islandflow.itineraries.problem import ItineraryProblem
from islandflow.itineraries.wish import Stop, Wish
from islandflow.passengers.journeys import earliest_arrival, pareto_journeys
from islandflow.views.gallery import NAMES
from solvers.itineraries.trips import several_trips


def warm(state: State) -> None:
    """The views of the newest publication, a journey and a trip on its first date; what fails here is told to who asks for it."""
    for row in state.history()[:1]:
        with suppress(Exception):
            found = state.published(row["effective"])
            day = found.running(found.calendar[0].date)
            if day is not None and day.sailings:
                ports = day.sailings[0].ports
                earliest_arrival(day, ports[0], ports[-1], 0)
                pareto_journeys(day, ports[0], ports[-1])
                place = day.scenario.ports[ports[-1]].place_id
                wish = Wish(ports[0], ports[0], (found.calendar[0].date,), (Stop(place, 1),))
                several_trips(ItineraryProblem.of(wish, [day]), 1, 0.05)
        for ident in row["plans"][:2]:
            for lang in ("zh", "en"):
                for view in NAMES:
                    with suppress(Exception):
                        answer(state, ident, view, lang, "", "")

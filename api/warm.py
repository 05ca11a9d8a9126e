"""What callers ask for first is computed, and kernels are compiled, when the server starts: nobody waits for it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from starlette.concurrency import run_in_threadpool

from api.routes.figures import drawn
from api.state import State
from api.thinker import Thinker
from islandflow.itineraries.problem import ItineraryProblem
from islandflow.itineraries.wish import Stop, Wish
from islandflow.passengers.journeys import earliest_arrival, pareto_journeys, pareto_ways
from islandflow.views.gallery import NAMES
from solvers.itineraries.trips import several_trips

DAYS = 3  # dates of the newest publication whose ways are searched beforehand


async def warm(state: State, thinker: Thinker) -> None:
    """The boats of the newest publication and its views; what fails here is told to who asks for it."""
    with suppress(Exception):
        history = await run_in_threadpool(state.history)
        for row in history[:1]:
            await run_in_threadpool(journeys, state, row["effective"])
            await thinker.think(("warm", "trips"), trips, row["effective"])
            for ident in row["plans"][:2]:
                attempt = (await run_in_threadpool(state.row, ident))["attempt"]
                for lang in ("zh", "en"):
                    for view in NAMES:
                        key = ("figure", ident, attempt, view, lang, "", "")
                        state.figures.put(key, await thinker.think(key, drawn, ident, view, lang, "", ""))


def dates(state: State, effective: date) -> list[date]:
    """The first dates that a publication serves, from today on or from when it holds."""
    return [d.date for d in state.published(effective).calendar if d.date >= effective][:DAYS]


def journeys(state: State, effective: date) -> None:
    """The boats of those dates, and a journey, so that its kernels are compiled."""
    for day in dates(state, effective):
        live = state.day(day)
        if live is not None and live.live.sailings:
            ports = live.live.sailings[0].ports
            earliest_arrival(live.ways, ports[0], ports[-1], 0)
            pareto_journeys(live.ways, ports[0], ports[-1])


def trips(state: State, effective: date) -> None:
    """All ways of those dates, and a trip."""
    for day in dates(state, effective):
        live = state.day(day)
        if live is not None and live.live.sailings:
            boat = live.live.sailings[0]
            start, place = boat.ports[0], live.published.scenario.ports[boat.ports[-1]].place_id
            wish = Wish(start, start, (day,), (Stop(place, 1),))
            several_trips(ItineraryProblem.of(wish, [live.live]), 1, 0.05)
            for node in live.published.land.nodes:
                pareto_ways(live.live, node)

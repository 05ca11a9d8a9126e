"""Journeys from place to place on what is published, with its timed buses, cancelled sailings left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.problems import Problem
from api.replies import Day, Lang, asked_day, at_hand, known, name, reply
from api.schemas import PROBLEMS, JourneysShape
from api.state import LiveDay, iso, minute_of
from islandflow.passengers.journeys import END_OF_DAY, Journey, Rules, earliest_arrival, journeys_via, pareto_journeys
from islandflow.passengers.published import Published
from islandflow.passengers.running_day import RunningDay
from islandflow.scenario.entities import Scenario

router = APIRouter(tags=["tourism"], responses=PROBLEMS)
Row = dict[str, Any]
Place = Annotated[str, Query(max_length=64, description="id of a place, port or settlement")]
Clock = Annotated[str, Query(max_length=5, pattern=r"^(\d{1,2}:\d{2})?$", description="HH:MM")]


@router.get("/journeys", operation_id="findJourneys", summary="How to get from place to place", response_model=JourneysShape)
async def journeys(
    request: Request,
    start: Annotated[str, Query(alias="from", max_length=64, description="id of a place, port or settlement", examples=["banshengdong"])],
    end: Annotated[str, Query(alias="to", max_length=64, description="id of a place, port or settlement", examples=["putuoshan-t"])],
    day: Day = None,
    depart_after: Clock = "",
    arrive_by: Clock = "",
    via: Annotated[list[str], Query(max_length=4, description="places to visit on the way, in order")] = [],  # noqa: B006
    stay: Annotated[int, Query(ge=0, le=1440, description="minutes at each via")] = 60,
    mode: Annotated[
        str, Query(pattern="^(pareto|earliest)$", description="all that no other beats, or the one that arrives first")
    ] = "pareto",
    check_in: Annotated[int | None, Query(ge=0, le=120, description="minutes at the quay before the first boat")] = None,
    transfer: Annotated[int | None, Query(ge=0, le=240, description="least minutes between two boats")] = None,
    most_boats: Annotated[int, Query(ge=1, le=6)] = 4,
    lang: Lang = "zh",
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> Response:
    """By ferry, timed bus, land link and walk. Pareto over departure, arrival, boats (then buses) and fare; with `arrive_by` the latest are told.

    Where the plan tells an island's buses (`busIslands`), its settlements are places to ask for, and a bus leg has its `trip` and `vehicle`.
    """
    on = asked_day(day)
    state = await at_hand(request, on)
    found, live = state.published(on), state.day(on)
    unknown_nodes(found, live, (start, end, *via))
    body: Row = {
        "planVersion": found.version,
        "date": f"{on}",
        "served": live is not None,
        "nextServed": None,
        "estimated": found.scenario.estimated,
        "busIslands": list(live.buses.islands) if live is not None and live.buses is not None else [],
    }
    if live is None:
        later = state.next_served(on)
        return reply(body | {"nextServed": f"{later}" if later else None, "journeys": []})
    asked = Asked(start, end, tuple(via), depart_after, arrive_by, stay, mode, check_in, transfer, most_boats, limit)
    return reply(body | {"journeys": [journey_json(w, found.scenario, on, lang, live.ways) for w in journeys_of(live, asked)]})


@dataclass(frozen=True)
class Asked:
    """A question as both doors, interface and page, put it; times as HH:MM, empty for none."""

    start: str
    end: str
    via: tuple[str, ...] = ()
    depart_after: str = ""
    arrive_by: str = ""
    stay: int = 60
    mode: str = "pareto"
    check_in: int | None = None
    transfer: int | None = None
    most_boats: int = 4
    limit: int = 20


def journeys_of(live: LiveDay, asked: Asked) -> tuple[Journey, ...]:
    """The journeys of a day. Problem 422 for times that are none and for what does not go together."""
    ways, rules = live.ways, replace(Rules.of(live.ways), most_boats=asked.most_boats)
    if asked.check_in is not None:  # who needs so long at the quay needs it after a bus too
        rules = replace(rules, check_in=asked.check_in, to_boat=asked.check_in)
    if asked.transfer is not None:
        rules = replace(rules, transfer=asked.transfer)
    depart = minute_of(asked.depart_after) if asked.depart_after else 0
    arrive = minute_of(asked.arrive_by) if asked.arrive_by else END_OF_DAY
    if asked.mode == "earliest":
        if asked.via or asked.arrive_by:
            raise Problem(422, "mode", "mode=earliest takes neither via nor arrive_by", "mode=earliest 不能与 via 或 arrive_by 同用")
        first = earliest_arrival(ways, asked.start, asked.end, depart, rules)
        return (first,) if first else ()
    if asked.via:
        found = journeys_via(ways, [asked.start, *asked.via, asked.end], asked.stay, depart, arrive, rules)
    else:
        most = -asked.limit if asked.arrive_by else asked.limit
        found = pareto_journeys(ways, asked.start, asked.end, depart, arrive, rules, most=most)
    return found[-asked.limit :] if asked.arrive_by else found[: asked.limit]


def unknown_nodes(found: Published, live: LiveDay | None, nodes: Sequence[str]) -> None:
    """Problem 404 for an id that is no port, place or settlement whose buses run."""
    land = live.ways.land if live is not None else found.land
    homes = () if live is not None else found.scenario.settlements
    for node in nodes:
        if node not in land.index and node not in homes:
            known(node, list(land.index), "place", "地点")


def journey_json(way: Journey, scenario: Scenario, day: date, lang: str, ways: RunningDay | None = None) -> Row:
    """A journey as callers see it; with ``ways``, the day it was found on, its buses tell their seats."""
    buses = ways.bus_of if ways is not None else {}

    def room(trip: str) -> Row:
        bus = buses.get(trip)
        return {"seats": bus.seats or None if bus else None, "planned": bus.people if bus else None}

    return {
        "departs": iso(day, way.departs), "arrives": iso(day, way.arrives), "minutes": way.arrives - way.departs, "boats": way.boats,
        "buses": way.buses, "transfers": way.transfers, "fareFen": way.fare_fen,
        "legs": [
            {"mode": x.mode, "fromId": x.from_node, "fromName": node_name(scenario, x.from_node, lang), "toId": x.to_node,
             "toName": node_name(scenario, x.to_node, lang), "departs": iso(day, x.departs), "arrives": iso(day, x.arrives), "fareFen": x.fare_fen,
             **({"sailing": None, "line": x.line or None, "vessel": None, "headwayMin": None, "trip": x.sailing, "vehicle": x.vessel,
                 **room(x.sailing)} if x.mode == "bus" else
                {"sailing": x.sailing or None, "line": x.line or None, "vessel": x.vessel or None, "headwayMin": x.headway_min or None}),
             "estimated": x.mode != "boat"}
            for x in way.legs
        ],
    }  # fmt: skip


def node_name(scenario: Scenario, node: str, lang: str) -> str:
    """The name of a port, place or settlement."""
    thing = scenario.ports.get(node) or scenario.places.get(node) or scenario.settlements[node]
    return name(thing, lang)

"""Journeys from place to place on what is published, cancelled sailings left out."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.problems import Problem
from api.replies import Day, Lang, asked_day, at_hand, known, name, reply
from api.schemas import PROBLEMS, JourneysShape
from api.state import iso, minute_of
from islandflow.passengers.journeys import END_OF_DAY, Journey, Rules, earliest_arrival, journeys_via, pareto_journeys
from islandflow.scenario.entities import Scenario

router = APIRouter(tags=["tourism"], responses=PROBLEMS)
Row = dict[str, Any]
Place = Annotated[str, Query(max_length=64, description="id of a place or port")]
Clock = Annotated[str, Query(max_length=5, pattern=r"^(\d{1,2}:\d{2})?$", description="HH:MM")]


@router.get("/journeys", operation_id="findJourneys", summary="How to get from place to place", response_model=JourneysShape)
async def journeys(
    request: Request,
    start: Annotated[str, Query(alias="from", max_length=64, description="id of a place or port", examples=["banshengdong"])],
    end: Annotated[str, Query(alias="to", max_length=64, description="id of a place or port", examples=["putuoshan-t"])],
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
    """By ferry, land link and walk. Pareto over departure, arrival, boats and fare; with `arrive_by` the latest ones are told."""
    on = asked_day(day)
    state = await at_hand(request, on)
    found, live = state.published(on), state.day(on)
    for node in (start, end, *via):
        if node not in found.land.index:
            known(node, found.land.nodes, "place", "地点")
    body: Row = {
        "planVersion": found.version,
        "date": f"{on}",
        "served": live is not None,
        "nextServed": None,
        "estimated": found.scenario.estimated,
    }
    if live is None:
        later = state.next_served(on)
        return reply(body | {"nextServed": f"{later}" if later else None, "journeys": []})
    usual = Rules.of(live.live)
    rules = Rules(usual.check_in if check_in is None else check_in, usual.transfer if transfer is None else transfer, most_boats)
    depart = minute_of(depart_after) if depart_after else 0
    arrive = minute_of(arrive_by) if arrive_by else END_OF_DAY
    if mode == "earliest":
        if via or arrive_by:
            raise Problem(422, "mode", "mode=earliest takes neither via nor arrive_by", "mode=earliest 不能与 via 或 arrive_by 同用")
        first = earliest_arrival(live.live, start, end, depart, rules)
        ways: tuple[Journey, ...] = (first,) if first else ()
    elif via:
        ways = journeys_via(live.live, [start, *via, end], stay, depart, arrive, rules)
    else:
        ways = pareto_journeys(live.live, start, end, depart, arrive, rules, most=-limit if arrive_by else limit)
    shown = ways[-limit:] if arrive_by else ways[:limit]
    return reply(body | {"journeys": [journey_json(w, found.scenario, on, lang) for w in shown]})


def journey_json(way: Journey, scenario: Scenario, day: date, lang: str) -> Row:
    """A journey as callers see it."""
    return {
        "departs": iso(day, way.departs), "arrives": iso(day, way.arrives), "minutes": way.arrives - way.departs, "boats": way.boats,
        "transfers": way.transfers, "fareFen": way.fare_fen,
        "legs": [
            {"mode": x.mode, "fromId": x.from_node, "fromName": node_name(scenario, x.from_node, lang), "toId": x.to_node,
             "toName": node_name(scenario, x.to_node, lang), "departs": iso(day, x.departs), "arrives": iso(day, x.arrives), "fareFen": x.fare_fen,
             "sailing": x.sailing or None, "line": x.line or None, "vessel": x.vessel or None, "headwayMin": x.headway_min or None,
             "estimated": x.mode != "boat"}
            for x in way.legs
        ],
    }  # fmt: skip


def node_name(scenario: Scenario, node: str, lang: str) -> str:
    """The name of a port or place."""
    return name(scenario.ports[node] if node in scenario.ports else scenario.places[node], lang)

"""Island-hopping trips on what is published: the best, others that differ, and what to do if a boat is missed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Hashable
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response

from api.problems import Problem
from api.replies import Lang, asked_day, at_hand, known, reply, thought
from api.routes.journeys import journey_json, node_name
from api.schemas import PROBLEMS, ItinerariesShape, ItineraryRequest
from api.state import LiveDay, State, iso, minute_of
from islandflow.itineraries.advice import if_missed, last_way_home
from islandflow.itineraries.audit import audit_itinerary
from islandflow.itineraries.plan import Itinerary, Move, Visit
from islandflow.itineraries.problem import ItineraryProblem
from islandflow.itineraries.sights import default_beds, default_stops, place_of
from islandflow.itineraries.wish import BadWish, Stop, Wish
from islandflow.passengers.running_day import RunningDay
from islandflow.scenario.entities import Scenario
from solvers.itineraries.trips import Found, best_trip, several_trips

router = APIRouter(tags=["tourism"], responses=PROBLEMS)
PACES = {"slow": (2, 60), "normal": (3, 30), "brisk": (5, 10)}
LEFT_OUT, SECONDS, GLANCE = 5, 0.35, 0.02  # a stop left out is looked at for so long
Row = dict[str, Any]


@router.post("/itineraries", operation_id="findItineraries", summary="Hop from island to island", response_model=ItinerariesShape)
async def itineraries(request: Request, body: ItineraryRequest, lang: Lang = "zh") -> Response:
    """One to three days on the published timetable: the trip of most worth and others that see other places. Home in time is a promise.

    Status `optimal` means proven: no trip is worth more. Every boat says what to do if it is missed.
    """
    dates = dates_of(body)
    state = await at_hand(request, *dates)
    found = state.published(dates[0])
    lives = [state.day(d) for d in dates]
    if any(x is None for x in lives):
        later = state.next_served(dates[0])
        base = {"planVersion": found.version, "date": f"{dates[0]}", "served": False, "nextServed": f"{later}" if later else None}
        return reply(base | {"estimated": found.scenario.estimated, "status": None, "bound": None, "trips": [], "leftOut": []})
    live = [x for x in lives if x is not None]
    if any(x.published is not found for x in live):
        raise Problem(422, "two-publications", "these dates lie in two publications; ask for each", "所选日期属于两次发布,请分别查询")
    text, tongue = body.model_dump_json(), "en" if lang == "en" else "zh"
    key = ("trip", tuple(x.key for x in live), tongue, hashlib.blake2b(text.encode(), digest_size=16).digest())
    answer: bytes = await thought(request, state.answers, key, trips, text, tongue, key[1])
    return Response(answer, media_type="application/json")


def dates_of(body: ItineraryRequest) -> tuple[date, ...]:
    """The dates of a trip. Problem 422 for one that no calendar has."""
    return tuple(asked_day(body.date + timedelta(days=n)) for n in range(body.days))


def trips(state: State, text: str, lang: str, key: Hashable) -> bytes:
    """The answer to a wish on days that are all served, as JSON; ``key`` is what the asking process knows of its boats."""
    body = ItineraryRequest.model_validate_json(text)
    lives = [state.day(d) for d in dates_of(body)]
    if key != tuple(x.key if x else None for x in lives):  # something was published or cancelled a moment ago
        state.changed()
        lives = [state.day(d) for d in dates_of(body)]
    live = [x for x in lives if x is not None]
    if len(live) < body.days:
        raise Problem(503, "busy", "what is published changes just now; ask again", "发布内容正在变更,请重试", {"Retry-After": "1"})
    found = live[0].published
    base: Row = {"planVersion": found.version, "date": f"{body.date}", "served": True, "nextServed": None, "estimated": found.scenario.estimated}
    return json.dumps(base | _answer(body, live, lang), ensure_ascii=False, separators=(",", ":")).encode()


def _answer(body: ItineraryRequest, live: list[LiveDay], lang: str) -> Row:
    scenario = live[0].published.scenario
    wish, estimated = wish_of(body, live[0])
    days = [x.live for x in live]
    problem = ItineraryProblem.of(wish, days)
    found = several_trips(problem, body.alternatives, SECONDS)
    by_date = dict(zip(wish.dates, days, strict=True))
    told = []
    for f in found:
        if f.trip is None or not f.trip.places:
            continue
        broken = audit_itinerary(wish, f.trip, by_date)
        if broken:
            raise RuntimeError(f"a trip breaks {broken[0]}")
        told.append(_trip(wish, f, by_date, scenario, lang) | {"stopsEstimated": estimated})
    first = found[0]
    return {"status": first.status, "bound": first.bound, "trips": told, "leftOut": _left_out(problem, first, scenario, lang)}


def wish_of(body: ItineraryRequest, live: LiveDay) -> tuple[Wish, bool]:
    """The wish of a request, and whether its stops are estimates of ours. Problem 404 for unknown places, 422 for what cannot be."""
    scenario, land = live.published.scenario, live.published.land
    home = body.home or body.start
    islands = {i: place for i in scenario.islands if (place := place_of(scenario, i, live.plan.plan.service)) is not None}

    def at(node: str) -> str:
        return node if node in land.index else islands.get(node, node)

    for node in (body.start, home, *(at(s.place) for s in body.stops), *map(at, body.beds or {})):
        if node not in land.index:
            known(node, [*land.nodes, *islands], "place", "地点")
    try:
        stops = tuple(
            Stop(at(s.place), s.worth, minute_of(s.opens), minute_of(s.closes), s.shortest, s.longest, s.fee_fen) for s in body.stops
        ) or default_stops(scenario, live.plan.plan.service)
        beds = default_beds(scenario, stops, body.bed_fen) if body.beds is None else {at(place): price for place, price in body.beds.items()}
        visits, rest = PACES[body.pace]
        dates = tuple(body.date + timedelta(days=n) for n in range(body.days))
        wish = Wish(
            body.start, home, dates, stops, minute_of(body.leave_after), minute_of(body.home_by), body.party, body.budget_fen, visits, rest,
            beds if body.days > 1 else {}, minute_of(body.morning), minute_of(body.night_by),
        )  # fmt: skip
    except ValueError as error:
        raise Problem(422, "wish", str(error), f"需求有误:{error.zh if isinstance(error, BadWish) else error}") from None
    return wish, not body.stops


def _trip(wish: Wish, found: Found, days: dict[date, RunningDay], scenario: Scenario, lang: str) -> Row:
    trip = found.trip
    assert trip is not None
    missed = {(m.move.day, m.leg.sailing): m for m in if_missed(wish, trip, days)}
    steps: list[Row] = []
    for step in trip.steps:
        if isinstance(step, Move):
            journey = journey_json(step.journey, scenario, step.day, lang)
            for leg in journey["legs"]:
                m = missed.get((step.day, leg["sailing"]))
                if m is not None:
                    leg["ifMissed"] = {
                        "keepsTheTrip": m.keeps, "lastBoat": m.instead is None or m.instead.boats == 0,
                        "instead": None if m.instead is None else journey_json(m.instead, scenario, step.day, lang),
                    }  # fmt: skip
            steps.append({"kind": "move", "date": f"{step.day}", "from": step.from_node, "to": step.to_node, "journey": journey})
        elif isinstance(step, Visit):
            steps.append({"kind": "visit", "date": f"{step.day}", "place": step.place, "name": node_name(scenario, step.place, lang), "arrives": iso(step.day, step.arrives),
                          "begins": iso(step.day, step.begins), "leaves": iso(step.day, step.leaves), "worth": next(s.worth for s in wish.stops if s.place == step.place)})  # fmt: skip
        else:
            steps.append(
                {
                    "kind": "night",
                    "date": f"{step.day}",
                    "place": step.place,
                    "name": node_name(scenario, step.place, lang),
                    "priceFen": step.price_fen,
                }
            )
    day, minute = trip.home_at
    last = last_way_home(wish, trip, days)
    return {
        "worth": trip.worth, "spentFen": trip.spent_fen, "party": wish.party, "homeAt": iso(day, minute), "homeBy": iso(day, wish.home_by), "proven": found.status == "optimal",
        "why": _why(wish, found, trip, scenario, lang), "lastWayHome": None if last is None else journey_json(last, scenario, day, lang), "steps": steps,
    }  # fmt: skip


def _why(wish: Wish, found: Found, trip: Itinerary, scenario: Scenario, lang: str) -> str:
    """One sentence: what it sees, what it costs, how long the day's last spare is, and how sure it is that nothing is better."""
    names = [node_name(scenario, p, lang) for p in trip.places]
    spare = wish.home_by - trip.home_at[1]
    days = len(wish.dates)
    if lang == "zh":
        sure = "已证明在所给条件下没有价值更高的行程" if found.status == "optimal" else f"价值至多还能提高 {found.bound - trip.worth}"
        return f"{days} 天看 {len(names)} 处:{'、'.join(names)};合计 {trip.spent_fen / 100:,.0f} 元({wish.party} 人),比最晚到家时刻早 {spare} 分钟;{sure}。"
    sure = (
        "proven: no trip under these wishes is worth more"
        if found.status == "optimal"
        else f"at most {found.bound - trip.worth} more worth is possible"
    )
    return f"{len(names)} places in {days} day(s): {', '.join(names)}; CNY {trip.spent_fen / 100:,.0f} for {wish.party}, home {spare} min before the deadline; {sure}."


def _left_out(problem: ItineraryProblem, first: Found, scenario: Scenario, lang: str) -> list[Row]:
    """The most worthy stops that the best trip does not see, and why."""
    seen = set(first.trip.places) if first.trip else set()
    rows: list[Row] = []
    for stop in sorted(problem.wish.stops, key=lambda s: (-s.worth, s.place)):
        if stop.place in seen or len(rows) == LEFT_OUT:
            continue
        others = [s.place for s in problem.wish.stops if s.place != stop.place]
        alone = best_trip(problem, GLANCE, others)
        possible = alone.trip is not None and bool(alone.trip.places)
        zh, en = (
            ("可以到达,但会挤掉价值更高的组合", "within reach, but it would cost stops that are worth more together") if possible
            else ("在所给条件下乘船往返来不及,或超出预算", "cannot be reached and left again in time or within the budget")
        )  # fmt: skip
        rows.append(
            {
                "place": stop.place,
                "name": node_name(scenario, stop.place, lang),
                "worth": stop.worth,
                "reachable": possible,
                "why": en if lang == "en" else zh,
            }
        )
    return rows

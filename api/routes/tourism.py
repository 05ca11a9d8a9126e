"""What sails: islands, ports, lines, calendar, boards, seats, fares, notices, forecasts. All on what is published."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from api import tables
from api.problems import Problem
from api.replies import Cursor, Day, Lang, Limit, asked_day, at_hand, known, moment, name, page, reply, state_of
from api.schemas import PROBLEMS, BoardShape, ForecastRequest, NoticeRequest, SeatsRequest, Served
from api.security import needs
from api.state import LiveDay, State, Stop, iso, minute_of, today
from islandflow.ferry.metrics import FAST_KN, fare_fen
from islandflow.passengers.published import Published

router = APIRouter(tags=["tourism"], responses=PROBLEMS)
MOST_ID = 2**31  # ids are whole numbers of the database
Row = dict[str, Any]


def current(request: Request) -> Published:
    """What is published today, or else what will be first."""
    known_state = state_of(request)
    if known_state.publication(today()) is None:
        later = [p for p in known_state.history() if not p["withdrawn"]]
        if later:
            return known_state.published(max(p["effective"] for p in later))
    return known_state.published(today())


def listed(found: Published, rows: list[Row], limit: int, cursor: str) -> Response:
    """A page with the version."""
    items, more = page(rows, limit, cursor)
    return reply({"planVersion": found.version, "items": items, "next": more})


@router.get("/islands", operation_id="listIslands", summary="Islands", response_model=Served)
def islands(request: Request, lang: Lang = "zh", limit: Limit = 200, cursor: Cursor = "") -> Response:
    """With their ports that boats call at."""
    found = current(request)
    served = {p for f in found.plans.values() for s in f.plan.sailings for p in s.ports}
    rows = [
        {"id": i.island_id, "name": name(i, lang), "nameZh": i.name_zh, "nameEn": i.name_en, "lat": i.lat, "lon": i.lon, "kind": i.kind,
         "ports": [p.port_id for p in found.scenario.ports.values() if p.island_id == i.island_id and p.port_id in served]}
        for i in found.scenario.islands.values()
    ]  # fmt: skip
    return listed(found, rows, limit, cursor)


@router.get("/ports", operation_id="listPorts", summary="Ports", response_model=Served)
def ports(request: Request, lang: Lang = "zh", limit: Limit = 200, cursor: Cursor = "") -> Response:
    """With their place and island, and whether boats of the published plans call there."""
    found = current(request)
    served = {p for f in found.plans.values() for s in f.plan.sailings for p in s.ports}
    rows = [
        {"id": p.port_id, "name": name(p, lang), "nameZh": p.name_zh, "nameEn": p.name_en, "island": p.island_id, "place": p.place_id, "lat": p.lat,
         "lon": p.lon, "served": p.port_id in served}
        for p in found.scenario.ports.values()
    ]  # fmt: skip
    return listed(found, rows, limit, cursor)


@router.get("/places", operation_id="listPlaces", summary="Places people start and end at", response_model=Served)
def places(request: Request, lang: Lang = "zh", limit: Limit = 200, cursor: Cursor = "") -> Response:
    """Settlements and gateways; journeys take their ids, and those of ports. A settlement that is no place of its own is one where buses run."""
    found = current(request)
    rows = [
        {"id": p.place_id, "name": name(p, lang), "island": p.island_id, "kind": p.kind, "lat": p.lat, "lon": p.lon}
        for p in found.scenario.places.values()
    ]
    rows += [
        {"id": s.settlement_id, "name": name(s, lang), "island": s.island_id, "kind": "settlement", "lat": s.lat, "lon": s.lon}
        for s in found.scenario.settlements.values()
        if not s.place_id and s.settlement_id not in found.scenario.places
    ]
    return listed(found, rows, limit, cursor)


@router.get("/lines", operation_id="listLines", summary="Lines", response_model=Served)
def lines(request: Request, lang: Lang = "zh", limit: Limit = 200, cursor: Cursor = "") -> Response:
    """With calls, operator, weekdays and sailings by service pattern; `+` are patterns that no line of today has."""
    found = current(request)
    count: dict[tuple[str, str], int] = {}
    for service, plan in found.plans.items():
        for s in plan.plan.sailings:
            count[s.line, service] = count.get((s.line, service), 0) + 1
    rows = [
        {"id": x.line_id, "calls": list(x.calls), "names": [name(found.scenario.ports[p], lang) for p in x.calls], "operator": x.operator,
         "operatorName": name(found.scenario.operators[x.operator], lang), "days": x.days, "crossingMin": x.crossing_min,
         "sailings": {s: count.get((x.line_id, s), 0) for s in found.plans}}
        for x in found.scenario.lines.values()
    ]  # fmt: skip
    return listed(found, rows, limit, cursor)


@router.get("/calendar", operation_id="getCalendar", summary="Which date runs which service pattern", response_model=Served)
def calendar(
    request: Request, first: Annotated[date | None, Query(alias="from", examples=["2026-07-01"])] = None,
    last: Annotated[date | None, Query(alias="to", examples=["2026-07-31"])] = None, lang: Lang = "zh", limit: Limit = 500, cursor: Cursor = "",
) -> Response:  # fmt: skip
    """Every date of the calendar, and whether a plan is published for its pattern on that date."""
    state, found = state_of(request), current(request)
    rows = []
    for d in found.scenario.calendar:
        if (first and d.date < first) or (last and d.date > last):
            continue
        service = found.scenario.services[d.service]
        held = state.publication(d.date)
        there = held is not None and d.service in state.published(d.date).plans
        rows.append(
            {
                "date": f"{d.date}",
                "service": d.service,
                "name": name(service, lang),
                "day": d.day,
                "provisional": d.provisional,
                "published": there,
            }
        )
    return listed(found, rows, limit, cursor)


@router.get("/ports/{port}/departures", operation_id="listDepartures", summary="Departures of a port", response_model=BoardShape)
async def departures(
    request: Request, port: str, day: Day = None, after: Annotated[str, Query(max_length=5, description="HH:MM", examples=["08:00"])] = "",
    lang: Lang = "zh", limit: Limit = 50, cursor: Cursor = "",
) -> Response:  # fmt: skip
    """In order of planned time; planned and expected apart, cancelled sailings stay on the board."""
    return await board(request, port, day, after, lang, limit, cursor, 0)


@router.get("/ports/{port}/arrivals", operation_id="listArrivals", summary="Arrivals of a port", response_model=BoardShape)
async def arrivals(
    request: Request, port: str, day: Day = None, after: Annotated[str, Query(max_length=5, description="HH:MM", examples=["08:00"])] = "",
    lang: Lang = "zh", limit: Limit = 50, cursor: Cursor = "",
) -> Response:  # fmt: skip
    """As departures, by arrival."""
    return await board(request, port, day, after, lang, limit, cursor, 1)


async def board(request: Request, port: str, day: date | None, after: str, lang: str, limit: int, cursor: str, side: int) -> Response:
    """Departures (side 0) or arrivals (side 1)."""
    on = asked_day(day)
    state = await at_hand(request, on)
    found = state.published(on)
    known(port, list(found.scenario.ports), "port", "港口")
    live = state.day(on)
    first = minute_of(after) if after else 0
    body: Row = {
        "planVersion": found.version,
        "port": port,
        "name": name(found.scenario.ports[port], lang),
        "date": f"{on}",
        "served": live is not None,
    }
    if live is None:
        later = state.next_served(on)
        return reply(body | {"nextServed": f"{later}" if later else None, "items": [], "next": None})
    stops = [s for s in live.stops[port][side] if ((s.departs, s.arrives)[side] or 0) >= first]
    shown, more = page(stops, limit, cursor)
    return reply(body | {"nextServed": None, "items": [board_item(live, s, side, lang) for s in shown], "next": more})


def board_item(live: LiveDay, stop: Stop, side: int, lang: str) -> Row:
    """A line of a board."""
    s, scenario = stop.sailing, live.published.scenario
    fleet = scenario.vessel_fleet(s.vessel)
    status, delay = expectation(live, s.id)
    minute = (stop.departs, stop.arrives)[side]
    assert minute is not None
    ends = (s.ports[-1], s.ports[0])
    part = s.calls[stop.number :] if side == 0 else s.calls[: stop.number - 1]
    return {
        "sailing": s.id, "line": s.line, "vessel": s.vessel, "operator": fleet.operator, "vesselClass": fleet.vessel_class,
        "toId": ends[0], "toName": name(scenario.ports[ends[0]], lang), "fromId": ends[1], "fromName": name(scenario.ports[ends[1]], lang),
        "planned": iso(live.day, minute), "expected": None if status == "cancelled" else iso(live.day, minute + delay), "status": status,
        "calls": [{"port": c.port, "name": name(scenario.ports[c.port], lang), "planned": iso(live.day, _minute(c, side))} for c in part],
    }  # fmt: skip


def _minute(call: Any, side: int) -> int:
    first, second = (call.arrives, call.departs) if side == 0 else (call.departs, call.arrives)
    return int(first if first is not None else second)


def expectation(live: LiveDay, sailing: str) -> tuple[str, int]:
    """Status and delay of a sailing, from the notices."""
    notice = live.notice.get(sailing)
    if notice is None:
        return "planned", 0
    return str(notice["kind"]), int(notice["delay_min"])


@router.get("/seats", operation_id="listSeats", summary="Seats by sailing: planned load, and what was sold", response_model=Served)
def seats(
    request: Request, day: Day = None, sailing: Annotated[str, Query(max_length=64)] = "", limit: Limit = 200, cursor: Cursor = "",
) -> Response:  # fmt: skip
    """`plannedLoad` is the fullest leg of the plan, an estimate; `sold` and `quota` are what a ticket system pushed in."""
    state, on = state_of(request), asked_day(day)
    found, live = state.published(on), state.day(on)
    if live is None:
        return listed(found, [], limit, cursor)
    sold = {r["sailing"]: r for r in state.store.of_date(tables.seats, on)}
    if sailing:
        known(sailing, [s.id for s in live.planned.sailings], "sailing", "航次")
    rows = []
    for s in live.planned.sailings:
        if sailing and s.id != sailing:
            continue
        legs = live.loads.get(s.id, [])
        pushed = sold.get(s.id)
        seats_of = found.scenario.vessel_fleet(s.vessel).seats
        planned = max((int(float(x["people"] or 0)) for x in legs), default=0)
        rows.append({
            "sailing": s.id, "departs": iso(on, s.departs), "seats": seats_of, "plannedLoad": planned, "plannedLoadEstimated": True,
            "sold": pushed["sold"] if pushed else None, "quota": pushed["quota"] if pushed else None,
            "left": max(0, min(seats_of, seats_of if pushed["quota"] is None else pushed["quota"]) - pushed["sold"]) if pushed else None,
            "source": pushed["source"] if pushed else None, "updated": moment(pushed["updated"]) if pushed else None,
        })  # fmt: skip
    return listed(found, rows, limit, cursor)


@router.put(
    "/seats", operation_id="pushSeats", summary="Push in sold seats and quotas", status_code=204, dependencies=[Depends(needs("plan"))]
)
def push_seats(request: Request, body: SeatsRequest) -> Response:
    """All or none; a sailing that does not run on its date is refused."""
    state = state_of(request)
    for row in body.seats:
        _must_sail(state, row.date, row.sailing)
    state.store.put(tables.seats, [r.model_dump() | {"source": body.source} for r in body.seats])
    return Response(status_code=204)


def _must_sail(state: State, day: date, sailing: str) -> None:
    live = state.day(asked_day(day))
    if live is None or sailing not in {s.id for s in live.planned.sailings}:
        raise Problem(422, "no-sailing", f"sailing {sailing} does not run on {day}", f"航次 {sailing} 在 {day} 不开行")


@router.get("/fares", operation_id="listFares", summary="Fares between two ports", response_model=Served)
def fares(
    request: Request, start: Annotated[str, Query(alias="from", max_length=64, examples=["wugongzhi"])],
    end: Annotated[str, Query(alias="to", max_length=64, examples=["putuoshan-t"])],
) -> Response:  # fmt: skip
    """By vessel class that sails between them without a change, in fen; `source` says whether it is listed or estimated from distance."""
    found = current(request)
    for port in (start, end):
        known(port, list(found.scenario.ports), "port", "港口")
    classes: dict[str, Row] = {}
    for plan in found.plans.values():
        for s in plan.plan.sailings:
            ports = s.ports
            if start in ports and end in ports[ports.index(start) + 1 :]:
                fleet = found.scenario.vessel_fleet(s.vessel)
                if fleet.vessel_class not in classes:
                    speed = "fast" if fleet.speed_kn >= FAST_KN else "normal"
                    stated = any(f.speed == speed and {f.from_port, f.to_port} == {start, end} for f in found.scenario.fares)
                    classes[fleet.vessel_class] = {
                        "vesselClass": fleet.vessel_class, "speed": speed, "fareFen": fare_fen(found.scenario, found.network, fleet, (start, end), vehicle=False),
                        "vehicleFareFen": fare_fen(found.scenario, found.network, fleet, (start, end), vehicle=True) if fleet.vehicle_deck else None,
                        "source": "listed" if stated else "estimated",
                    }  # fmt: skip
    return reply({"planVersion": found.version, "items": [classes[c] for c in sorted(classes)], "next": None})


@router.get("/notices", operation_id="listNotices", summary="Cancelled and late sailings", response_model=Served)
def notices(
    request: Request, first: Annotated[date | None, Query(alias="from")] = None, last: Annotated[date | None, Query(alias="to")] = None,
    lang: Lang = "zh", limit: Limit = 200, cursor: Cursor = "",
) -> Response:  # fmt: skip
    """From today on if no date is given."""
    rows = [notice_json(n, lang) for n in state_of(request).store.notices(first or (None if last else today()), last)]
    return listed(current(request), rows, limit, cursor)


def notice_json(notice: Row, lang: str) -> Row:
    """A notice as callers see it."""
    return {
        "id": notice["id"], "date": f"{notice['date']}", "sailing": notice["sailing"], "kind": notice["kind"], "delayMin": notice["delay_min"],
        "text": notice["text_en"] if lang == "en" else notice["text_zh"], "created": moment(notice["created"]),
    }  # fmt: skip


@router.get("/notices/{ident}", operation_id="getNotice", summary="One notice")
def notice(request: Request, ident: int, lang: Lang = "zh") -> Response:
    """404 once it has been taken back."""
    found = state_of(request).store.notice(ident) if 0 < ident < MOST_ID else None
    if found is None:
        raise no_notice(ident)
    return reply({"planVersion": current(request).version} | notice_json(found, lang))


def no_notice(ident: int) -> Problem:
    """There is none, or none any more."""
    return Problem(404, "no-notice", f"there is no notice {ident}", f"没有公告 {ident}")


@router.post(
    "/notices",
    operation_id="addNotice",
    summary="Tell that a sailing is cancelled or late",
    status_code=201,
    dependencies=[Depends(needs("plan"))],
)
def add_notice(request: Request, body: NoticeRequest) -> Response:
    """Boards show it, journeys and itineraries no longer use a cancelled sailing, within a second."""
    state = state_of(request)
    _must_sail(state, body.date, body.sailing)
    row = body.model_dump()
    if body.kind == "cancelled":
        row["delay_min"] = 0
    ident = state.store.add_notice(row)
    state.changed()
    return reply({"id": ident, "planVersion": state.published(body.date).version}, 201, {"Location": f"/notices/{ident}"})


@router.delete(
    "/notices/{ident}", operation_id="withdrawNotice", summary="Take a notice back", status_code=204, dependencies=[Depends(needs("plan"))]
)
def withdraw_notice(request: Request, ident: int) -> Response:
    """The sailing runs as planned again."""
    if not 0 < ident < MOST_ID or not state_of(request).store.withdraw_notice(ident):
        raise no_notice(ident)
    state_of(request).changed()
    return Response(status_code=204)


@router.get("/forecasts", operation_id="listForecasts", summary="Visitor forecasts that were pushed in", response_model=Served)
def forecasts(request: Request, day: Day = None, limit: Limit = 200, cursor: Cursor = "") -> Response:
    """By place, on one date."""
    on = asked_day(day)
    rows = [
        {"date": f"{r['date']}", "place": r["place"], "visitors": r["visitors"], "source": r["source"], "updated": moment(r["updated"])}
        for r in state_of(request).store.of_date(tables.forecasts, on)
    ]
    return listed(current(request), rows, limit, cursor)


@router.put(
    "/forecasts", operation_id="pushForecasts", summary="Push in visitor forecasts", status_code=204, dependencies=[Depends(needs("plan"))]
)
def push_forecasts(request: Request, body: ForecastRequest) -> Response:
    """All or none; places must exist. They are kept and shown; no plan changes by itself."""
    found = current(request)
    for row in body.forecasts:
        if row.place not in found.scenario.places and row.place not in found.scenario.islands:
            raise Problem(422, "no-place", f"there is no place or island {row.place}", f"没有地点或岛屿 {row.place}")
    state_of(request).store.put(tables.forecasts, [r.model_dump() | {"source": body.source} for r in body.forecasts])
    return Response(status_code=204)

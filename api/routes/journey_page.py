"""The page that asks how to get from place to place, and tells each journey as a boarding card."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.replies import Day, asked_day, at_hand, name
from api.routes.journeys import Asked, journeys_of, node_name, unknown_nodes
from api.routes.pages import told
from api.routes.tourism import expectation
from api.state import LiveDay
from api.web.render import page_lang, render
from islandflow.passengers.journeys import Journey, JourneyLeg
from islandflow.passengers.land import LandWays
from islandflow.passengers.roads import node_of
from islandflow.scenario.entities import Scenario
from islandflow.views.typography import fullwidth

router = APIRouter(include_in_schema=False)
Row = dict[str, Any]
Clock = Annotated[str, Query(max_length=5, pattern=r"^(\d{1,2}:\d{2})?$")]
SHOWN = 12
KINDS = {"boat": ("船", "boat"), "bus": ("车", "bus"), "land": ("陆路", "by land"), "walk": ("步行", "on foot")}


@router.get("/journeys/page")
async def journeys_page(
    request: Request,
    start: Annotated[str, Query(alias="from", max_length=64)] = "",
    end: Annotated[str, Query(alias="to", max_length=64)] = "",
    day: Day = None,
    depart_after: Clock = "",
    arrive_by: Clock = "",
) -> Response:
    """Ways by boat, bus, land and on foot; without from and to, the question alone."""
    on, lang = asked_day(day), page_lang(request)
    state = await at_hand(request, on)
    found, live = state.published(on), state.day(on)
    if start or end:
        unknown_nodes(found, live, [x for x in (start, end) if x])
    ways: tuple[Journey, ...] = ()
    if live is not None and start and end:
        ways = journeys_of(live, Asked(start, end, depart_after=depart_after, arrive_by=arrive_by, limit=SHOWN))
    land = live.ways.land if live is not None else found.land
    later = state.next_served(on) if live is None else None
    text = render(
        "journeys.html.j2", request, lang, title=_title(found.scenario, start, end, ways, live, on, lang), day=on, start=_choice(found.scenario, start), end=_choice(found.scenario, end),
        depart_after=depart_after, arrive_by=arrive_by, places=_places(found.scenario, land, lang), cards=[card(w, live, lang) for w in ways if live],
        asked=bool(start and end), live=live, next_date=later, estimated=found.scenario.estimated, version=found.version,
        buses=[name(found.scenario.islands[i], lang) for i in live.buses.islands if i in found.scenario.islands] if live and live.buses else [],
    )  # fmt: skip
    return Response(text, media_type="text/html; charset=utf-8", headers={"Vary": "Accept-Language"})


def _title(scenario: Scenario, start: str, end: str, ways: tuple[Journey, ...], live: LiveDay | None, on: date, lang: str) -> str:
    """The answer in one sentence."""
    zh = lang == "zh"
    if not (start and end):
        return "怎么走" if zh else "How to get there"
    ends = f"{node_name(scenario, start, lang)} → {node_name(scenario, end, lang)}"
    if live is None:
        return fullwidth(f"{on} 没有已发布的班次") if zh else f"No sailings are published for {on}"
    if not ways:
        return fullwidth(f"{ends}:这一天没有走法") if zh else f"{ends}: no way on this date"
    first = min(ways, key=lambda w: w.arrives)
    if zh:
        return fullwidth(f"{ends}:{len(ways)} 种走法,最早 {told(first.arrives, lang)} 到")
    return f"{ends}: {len(ways)} {'way' if len(ways) == 1 else 'ways'}, the earliest there at {told(first.arrives, lang)}"


def _choice(scenario: Scenario, node: str) -> str:
    """What the form shows as chosen: a quay goes by its port, a settlement by its place."""
    return next((p.port_id for p in scenario.ports.values() if p.place_id == node), node_of(scenario, node))


def _places(scenario: Scenario, land: LandWays, lang: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Names to choose from by island: ports, then places and settlements that are no quay."""
    quays = {p.place_id for p in scenario.ports.values()}
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for node in land.nodes:
        if node not in quays:
            thing = scenario.ports.get(node) or scenario.places.get(node) or scenario.settlements[node]
            found[thing.island_id].append((node, name(thing, lang)))
    return [(name(scenario.islands[i], lang) if i in scenario.islands else i, rows) for i, rows in found.items()]


def card(way: Journey, live: LiveDay, lang: str) -> Row:
    """A journey as a boarding card."""
    zh, scenario = lang == "zh", live.published.scenario
    minutes = way.arrives - way.departs
    counts = [(way.boats, "程船", "boat", "boats"), (way.buses, "程车", "bus", "buses")]
    rides = [f"{n} {c}" if zh else f"{n} {one if n == 1 else more}" for n, c, one, more in counts if n]
    lasts = f"{minutes // 60} 小时 {minutes % 60} 分" if zh else f"{minutes // 60} h {minutes % 60:02d} min"
    if minutes < 60:
        lasts = f"{minutes} 分" if zh else f"{minutes} min"
    fare = f"{way.fare_fen / 100:g}\u00a0元" if zh else f"CNY\u00a0{way.fare_fen / 100:g}"
    return {
        "departs": told(way.departs, lang), "arrives": told(way.arrives, lang), "lasts": lasts, "fare": fare,
        "rides": "、".join(rides) if zh else ", ".join(rides), "legs": [_leg(scenario, live, leg, lang) for leg in way.legs],
    }  # fmt: skip


def _leg(scenario: Scenario, live: LiveDay, leg: JourneyLeg, lang: str) -> Row:
    zh = lang == "zh"
    notes: list[str] = []
    if leg.mode == "boat":
        fleet = scenario.vessel_fleet(leg.vessel)
        notes = [leg.sailing, fleet.name_zh if zh else fleet.name_en]
        _, late = expectation(live, leg.sailing)
        if late:
            notes.append(f"晚点 {late} 分" if zh else f"{late} min late")
    elif leg.mode == "bus":
        bus = live.ways.bus_of[leg.sailing]
        van = scenario.shuttle_fleets.get(leg.vessel.rpartition("-")[0])
        notes = [*([leg.line] if leg.line else []), leg.vessel, *([van.name_zh if zh else van.name_en] if van else [])]
        if bus.seats:
            full = ("(计划满座)", " (planned full)") if (bus.people or 0) >= bus.seats else ("", "")
            some = "" if bus.people is None else f"计划 {bus.people} 人," if zh else f"{bus.people} planned, "
            notes.append(f"≈ {some}{bus.seats} 座{full[0]}" if zh else f"≈ {some}{bus.seats} seats{full[1]}")
    else:
        minutes = leg.arrives - leg.departs
        notes = [f"≈ {minutes} 分" if zh else f"≈ {minutes} min"]
        if leg.headway_min:
            notes.append(f"约每 {leg.headway_min} 分一班" if zh else f"about every {leg.headway_min} min")
    return {
        "mode": leg.mode, "kind": KINDS[leg.mode][not zh], "departs": told(leg.departs, lang), "arrives": told(leg.arrives, lang),
        "from": node_name(scenario, leg.from_node, lang), "to": node_name(scenario, leg.to_node, lang),
        "note": fullwidth(" · ".join(notes)) if zh else " · ".join(notes),
    }  # fmt: skip


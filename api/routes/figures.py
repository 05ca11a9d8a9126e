"""Plotly views of plans, as JSON and as pages with the table behind them; the feed."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from plotly.offline import get_plotlyjs
from pydantic import AfterValidator
from starlette.concurrency import run_in_threadpool

from api.middleware import matches
from api.problems import Problem
from api.replies import Day, asked_day, at_hand, state_of, thought
from api.replies import name as name_of
from api.schemas import PROBLEMS, FigureShape
from api.security import needs
from api.state import State, bus_stamp
from api.web.render import render
from islandflow.exchange.gtfs import gtfs_zip
from islandflow.passengers.published import version_of
from islandflow.scenario.entities import Scenario
from islandflow.views.gallery import LABELS, NAMES, UnknownView, show
from islandflow.views.names import port_name

router = APIRouter(responses=PROBLEMS)
FOREVER = "public, max-age=31536000, immutable"
Lang = Annotated[str, Query(pattern="^(zh|en|zh-CN)$", description="language: zh or en"), AfterValidator(lambda x: x[:2])]
Filter = Annotated[str, Query(max_length=64)]
Name = Annotated[str, Path(examples=["timetable"], description=", ".join(NAMES))]


def drawn(state: State, ident: str, name: str, lang: str, line: str, port: str) -> tuple[bytes, bytes, str]:
    """A view as JSON, plain and gzipped, and its tag. Problem 404 for a view that is none."""
    plan = state.plan(ident)
    try:
        view = show(name, plan, state.network(plan), lang=lang, line=line, port=port).as_json()
    except UnknownView as unknown:
        raise Problem(404, "no-view", unknown.fault.text("en"), unknown.fault.text("zh")) from None
    return packed({"planVersion": version_of({plan.plan.service: plan}), **view})


def packed(view: dict[str, Any]) -> tuple[bytes, bytes, str]:
    """JSON, the same gzipped, and its tag."""
    body = json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode()
    return body, gzip.compress(body, 5, mtime=0), f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


async def answer(request: Request, ident: str, name: str, lang: str, line: str, port: str) -> tuple[bytes, bytes, str]:
    """`drawn`, once for each question."""
    state = state_of(request)
    row = await run_in_threadpool(state.row, ident)
    key = ("figure", ident, row["attempt"], name, lang, line, port)
    found: tuple[bytes, bytes, str] = await thought(request, state.figures, key, drawn, ident, name, lang, line, port)
    return found


def sent(request: Request, answer: tuple[bytes, bytes, str]) -> Response:
    """A view as an answer: gzipped where the browser takes it, 304 where it has it."""
    body, small, tag = answer
    headers = {"ETag": tag, "Vary": "Accept, Accept-Encoding", "Cache-Control": "no-cache"}
    if matches(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(small, headers=headers | {"Content-Encoding": "gzip"}, media_type="application/json")
    return Response(body, headers=headers, media_type="application/json")


@router.get(
    "/plans/{ident}/figures/{name}",
    operation_id="getFigure",
    summary="A view of a plan",
    tags=["views"],
    response_model=FigureShape,
    dependencies=[Depends(needs("read"))],
)
async def figure(request: Request, ident: str, name: Name, lang: Lang = "zh", line: Filter = "", port: Filter = "") -> Response:
    """timetable, vessels, berths, loads, map, gap, frequency, left-behind: Plotly `figure` {data, layout}, the sentence, and the table behind it.

    `line` is a line id or a cluster, `port` a port id. A browser that asks for text/html gets the page.
    """
    if "text/html" in request.headers.get("accept", ""):
        return await figure_page(request, ident, name, lang, line, port)
    return sent(request, await answer(request, ident, name, lang, line, port))


@router.get(
    "/plans/{ident}/figures/{name}/page",
    operation_id="getFigurePage",
    summary="A view as a page",
    tags=["views"],
    dependencies=[Depends(needs("read"))],
)
async def figure_page(request: Request, ident: str, name: Name, lang: Lang = "zh", line: Filter = "", port: Filter = "") -> Response:
    """The chart, its sentence, and its table, which is there without any script."""
    body, _, _ = await answer(request, ident, name, lang, line, port)

    def page() -> Response:
        plan = state_of(request).plan(ident)
        asked = {"line": line, "port": port}

        def about(facts: Scenario) -> tuple[str, ...]:
            where = port_name(facts, port, lang) if port in facts.ports else port
            return name_of(facts.services[plan.plan.service], lang), line, where

        return as_page(request, lang, json.loads(body), f"/plans/{ident}", [(n, LABELS[n][lang == "en"]) for n in NAMES], plan.scenario, about(plan.scenario), asked)

    return await run_in_threadpool(page)


def as_page(
    request: Request, lang: str, view: dict[str, Any], root: str, names: Sequence[tuple[str, str]], scenario: Scenario, about: Sequence[str], asked: dict[str, str]
) -> Response:  # fmt: skip
    """A view as a page: ``root`` is the address above ``/figures``, ``names`` the views with their labels, ``about`` what it is of, ``asked`` the query that its sisters share."""
    query = urlencode({"lang": lang, **{k: v for k, v in asked.items() if v}})
    text = render(
        "figure.html.j2", request, lang, view=view, root=root, names=names, query=query, scenario=scenario, about=[x for x in about if x]
    )
    return Response(text, media_type="text/html; charset=utf-8", headers={"Vary": "Accept"})


@router.get("/static/plotly-{version}.min.js", include_in_schema=False)
def plotly(request: Request, version: str) -> Response:
    """plotly.js of the installed package."""
    from plotly import __version__

    if version != __version__:
        raise Problem(404, "no-script", "there is no such script", "没有该脚本")
    small: bytes = state_of(request).answers.get("plotly.js", lambda: gzip.compress(get_plotlyjs().encode(), 6, mtime=0))
    headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(gzip.decompress(small), media_type="text/javascript", headers=headers)
    return Response(small, media_type="text/javascript", headers=headers | {"Content-Encoding": "gzip"})


@router.get("/feeds/gtfs.zip", operation_id="getGtfs", summary="The published plan as GTFS", tags=["tourism"], response_class=Response)
async def gtfs(request: Request, day: Day = None) -> Response:
    """route_type 4 and, for a plan with timed buses, 3; exact dates, blocks, transfers, fares, shapes, translations; the same bytes for the same plan."""
    on = asked_day(day)
    state = await at_hand(request, on)
    found = state.published(on)
    key = ("gtfs", found.version, *(bus_stamp(p) for p in found.plans.values()))
    version, data = await thought(request, state.answers, key, feed, on)
    headers = {"Content-Disposition": f'attachment; filename="gtfs-{version}.zip"', "X-Plan-Version": version}
    return Response(data, media_type="application/zip", headers=headers)


def feed(state: State, day: date) -> tuple[str, bytes]:
    """Version and feed of what is published for a date."""
    found = state.published(day)
    buses = {service: b for service, plan in found.plans.items() if (b := state.buses_of(plan)) is not None}
    return found.version, gtfs_zip(found, buses=buses)

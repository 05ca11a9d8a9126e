"""Plotly views of plans, as JSON and as pages with the table behind them; the feed."""

from __future__ import annotations

import gzip
import hashlib
import json
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from plotly.offline import get_plotlyjs

from api.middleware import matches
from api.problems import Problem
from api.replies import Day, asked_day, state_of
from api.schemas import PROBLEMS, FigureShape
from api.security import needs
from api.state import State
from api.web.render import render
from islandflow.exchange.gtfs import gtfs_zip
from islandflow.passengers.published import version_of
from islandflow.views.gallery import NAMES, UnknownView, show

router = APIRouter(responses=PROBLEMS)
FOREVER = "public, max-age=31536000, immutable"
Lang = Annotated[str, Query(pattern="^(zh|en)$", description="zh or en")]
Filter = Annotated[str, Query(max_length=64)]
Name = Annotated[str, Path(examples=["timetable"], description=", ".join(NAMES))]


def answer(state: State, ident: str, name: str, lang: str, line: str, port: str) -> tuple[bytes, bytes, str]:
    """A view as JSON, plain and gzipped, and its tag; computed once for each question."""
    plan = state.plan(ident)
    row = state.store.plan(ident)
    assert row is not None

    def make() -> tuple[bytes, bytes, str]:
        view = show(name, plan, state.network(plan), lang=lang, line=line, port=port).as_json()
        body = json.dumps(
            {"planVersion": version_of({plan.plan.service: plan}), **view}, ensure_ascii=False, separators=(",", ":")
        ).encode()
        return body, gzip.compress(body, 5, mtime=0), f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'

    try:
        return state.figures.get(("figure", ident, row["attempt"], name, lang, line, port), make)
    except UnknownView as unknown:
        raise Problem(404, "no-view", unknown.fault.text("en"), unknown.fault.text("zh")) from None


@router.get(
    "/plans/{ident}/figures/{name}",
    operation_id="getFigure",
    summary="A view of a plan",
    tags=["views"],
    response_model=FigureShape,
    dependencies=[Depends(needs("read"))],
)
def figure(request: Request, ident: str, name: Name, lang: Lang = "zh", line: Filter = "", port: Filter = "") -> Response:
    """timetable, vessels, berths, loads, map, gap, frequency, left-behind: Plotly `figure` {data, layout}, the sentence, and the table behind it.

    `line` is a line id or a cluster, `port` a port id. A browser that asks for text/html gets the page.
    """
    if "text/html" in request.headers.get("accept", ""):
        return figure_page(request, ident, name, lang, line, port)
    body, packed, tag = answer(state_of(request), ident, name, lang, line, port)
    headers = {"ETag": tag, "Vary": "Accept, Accept-Encoding", "Cache-Control": "no-cache"}
    if matches(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, headers=headers | {"Content-Encoding": "gzip"}, media_type="application/json")
    return Response(body, headers=headers, media_type="application/json")


@router.get(
    "/plans/{ident}/figures/{name}/page",
    operation_id="getFigurePage",
    summary="A view as a page",
    tags=["views"],
    dependencies=[Depends(needs("read"))],
)
def figure_page(request: Request, ident: str, name: Name, lang: Lang = "zh", line: Filter = "", port: Filter = "") -> Response:
    """The chart, its sentence, and its table, which is there without any script."""
    state = state_of(request)
    body, _, _ = answer(state, ident, name, lang, line, port)
    plan = state.plan(ident)
    text = render(
        "figure.html.j2",
        request,
        lang,
        view=json.loads(body),
        ident=ident,
        names=NAMES,
        line=line,
        port=port,
        scenario=plan.scenario,
        plan=plan,
    )
    return Response(text, media_type="text/html; charset=utf-8", headers={"Vary": "Accept"})


@router.get("/static/plotly-{version}.min.js", include_in_schema=False)
def plotly(request: Request, version: str) -> Response:
    """plotly.js of the installed package."""
    from plotly import __version__

    if version != __version__:
        raise Problem(404, "no-script", "there is no such script", "没有该脚本")
    packed: bytes = state_of(request).answers.get("plotly.js", lambda: gzip.compress(get_plotlyjs().encode(), 6, mtime=0))
    headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(gzip.decompress(packed), media_type="text/javascript", headers=headers)
    return Response(packed, media_type="text/javascript", headers=headers | {"Content-Encoding": "gzip"})


@router.get("/feeds/gtfs.zip", operation_id="getGtfs", summary="The published plan as GTFS", tags=["tourism"], response_class=Response)
def gtfs(request: Request, day: Day = None) -> Response:
    """route_type 4, exact dates, blocks, transfers, fares, shapes, translations; the same bytes for the same plan."""
    state, on = state_of(request), asked_day(day)
    found = state.published(on)
    data: bytes = state.answers.get(("gtfs", found.version), lambda: gtfs_zip(found))
    headers = {"Content-Disposition": f'attachment; filename="gtfs-{found.version}.zip"', "X-Plan-Version": found.version}
    return Response(data, media_type="application/zip", headers=headers)

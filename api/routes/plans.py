"""Plans: start, follow, cancel, read, compare; the audit of a timetable handed in."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import json
import re
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Hashable
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Header, Query, Request, Response, UploadFile
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from api.problems import Problem
from api.replies import Cursor, Limit, known, moment, page, reply, state_of, thought
from api.schemas import PLAIN, PROBLEMS, CompareShape, Listed, PlanRequest, PlanShape
from api.security import Caller, needs
from api.state import State
from api.store import FINAL
from islandflow.passengers.published import version_of
from islandflow.result import gap_of
from islandflow.scenario.reader import read_scenario
from islandflow.season.compare import compare as side_by_side
from solvers.contract import BadSetting, UnknownName, preset, registered

router = APIRouter(prefix="/plans", tags=["planning"], responses=PROBLEMS)
audits = APIRouter(tags=["planning"], responses=PROBLEMS)
TABLES = ("timetable", "rotations", "loads", "obligations", "money", "passengers", "trace")
POLL_S, AUDIT_S = 0.25, 120
MOST_STREAMS, MOST_EVENTS = 100, 2**31 - 1  # who follows plans asks the database four times a second
KEY = re.compile(r"[\x21-\x7e]{1,128}")
Row = dict[str, Any]
Reader = Depends(needs("read"))
Sort = Annotated[str, Query(alias="format", pattern="^(json|csv)$")]


def shown(row: Row) -> Row:
    """A plan as callers see it."""
    plan, bound = row["objective"], row["bound"]
    return {
        "id": row["id"], "scenario": row["scenario"], "service": row["service"], "status": row["status"], "hasPlan": row["has_plan"],
        "created": moment(row["created"]), "started": moment(row["started"]), "finished": moment(row["finished"]), "objectiveFen": plan, "boundFen": bound,
        "gap": gap_of(plan, bound), "message": row["message"], "attempt": row["attempt"], "settings": json.loads(row["settings"]),
    }  # fmt: skip


def latest(state: State, row: Row) -> Row | None:
    """The last progress of a plan that runs: seconds, phase, plan and bound in fen, gap; None where there is none."""
    found = state.store.last_event(row["id"], "progress") if row["status"] == "running" else None
    return None if found is None else dict(json.loads(found["data"]))


def row_of(request: Request, ident: str) -> Row:
    """The row of a plan. Problem 404."""
    found = state_of(request).store.plan(ident)
    if found is None:
        raise Problem(404, "no-plan", f"there is no plan {ident[:40]}", f"没有方案 {ident[:40]}")
    return found


@router.get("", operation_id="listPlans", summary="All plans, the newest first", response_model=Listed, dependencies=[Reader])
def listed(
    request: Request, limit: Limit = 50, cursor: Cursor = "",
    status: Annotated[str, Query(pattern="^(queued|running|succeeded|failed|cancelled|)$", description="only plans of that status")] = "",
) -> Response:  # fmt: skip
    """Plans with status, cost, bound and gap."""
    items, more = page(state_of(request).store.plans(status), limit, cursor)
    return reply({"items": [shown(r) for r in items], "next": more})


@router.post("", operation_id="startPlan", summary="Start a plan", status_code=202, response_model=PlanShape)
def start(
    request: Request, body: PlanRequest, caller: Annotated[Caller, Depends(needs("plan"))],
    idempotency_key: Annotated[str, Header(max_length=128, description="the same key starts one plan, however often it is sent")] = "",
) -> Response:  # fmt: skip
    """Queues a plan of one service pattern; 202 with Location. Unknown settings, solvers and service patterns are refused at once."""
    known_state = state_of(request)
    row = known_state.store.scenario(body.scenario)
    if row is None:
        raise Problem(
            422, "no-scenario", f"there is no scenario {body.scenario[:40]}; upload it first", f"没有方案数据 {body.scenario[:40]},请先上传"
        )
    scenario = known_state.networks.get(("scenario", body.scenario), lambda: read_scenario(row["folder"]))
    if body.service not in scenario.services:
        names = ", ".join(scenario.services)
        raise Problem(
            422,
            "no-service",
            f"{body.service[:40]} is no service pattern of this scenario; known: {names}",
            f"「{body.service[:40]}」不是时期;已知:{names}",
        )
    try:
        settings = preset(body.preset).changed(body.settings)
        if settings.solver not in registered():
            raise UnknownName("solver", settings.solver, sorted(registered()))
    except BadSetting as error:
        raise Problem(422, "settings", error.en, error.zh) from None
    if settings.time_limit > known_state.settings.longest_solve_s:
        most = known_state.settings.longest_solve_s
        raise Problem(422, "settings", f"time_limit may be {most} s at most here", f"time_limit 最多 {most} 秒")
    if idempotency_key and not KEY.fullmatch(idempotency_key):
        raise Problem(422, "idempotency-key", "write printable ASCII without blanks", "请使用不含空格的可打印 ASCII 字符")
    ident = uuid.uuid4().hex[:16]
    text = json.dumps({**vars(preset(body.preset)), **body.settings}, sort_keys=True)
    text = json.dumps({k: getattr(settings, k) for k in json.loads(text)}, sort_keys=True)
    new = {"id": ident, "scenario": body.scenario, "service": body.service, "settings": text, "status": "queued",
           "folder": str((known_state.settings.plans / ident).resolve()), "attempt": 0, "worker": "", "beat": 0, "cancel": False, "has_plan": False, "message": ""}  # fmt: skip
    asked = hashlib.sha256(body.model_dump_json().encode()).hexdigest()
    try:
        ident, fresh = known_state.store.add_plan(new, caller.key, idempotency_key, asked)
    except ValueError:
        raise Problem(422, "idempotency-key", "this key was used for another request", "该幂等键已用于其他请求") from None
    if fresh:
        request.app.state.jobs.enqueue(ident)
    return reply(shown(row_of(request, ident)), 202, {"Location": f"/plans/{ident}", "Retry-After": "2"})


@router.get("/compare", operation_id="comparePlans", summary="Two plans side by side", response_model=CompareShape, dependencies=[Reader])
async def compare(
    request: Request, a: Annotated[str, Query(max_length=64, description="id of a plan")], b: Annotated[str, Query(max_length=64, description="id of another")],
) -> Response:  # fmt: skip
    """As `islandflow compare`: figures of the whole, by group of travellers, line, operator and port, obligations gained and lost, sailings
    added, dropped and retimed; each with a, b and change. `unfair` names facts that differ, so that not all of it is the timetable's.

    422 if the two are of different service patterns: a winter day is not better or worse than a summer day.
    """
    state = state_of(request)
    one, two = [await run_in_threadpool(state.row, x) for x in (a, b)]
    key = ("compare", a, one["attempt"], b, two["attempt"])
    found: bytes = await thought(request, state.answers, key, compared, a, b)
    return Response(found, media_type="application/json")


def compared(state: State, a: str, b: str) -> bytes:
    """The comparison of two plans as JSON; BadInput if they are of different service patterns."""
    one, two = ({f.plan.service: f} for f in (state.plan(a), state.plan(b)))
    found = side_by_side(one, two, (a, b))
    same = one[found.services[0]].scenario.digest == two[found.services[0]].scenario.digest
    body = {"a": a, "b": b, "planVersions": [version_of(one), version_of(two)], "service": found.services[0], "sameScenario": same, "unfair": found.unfair, "retimed": found.retimed}
    return json.dumps(body | dict(found.rows), ensure_ascii=False, separators=(",", ":")).encode()


@router.get("/{ident}", operation_id="getPlan", summary="A plan and how far it is", response_model=PlanShape, dependencies=[Reader])
def one(request: Request, ident: str) -> Response:
    """Status, cost and bound in fen, gap as a fraction; the latest progress while it runs."""
    row = row_of(request, ident)
    body = shown(row) | {"progress": latest(state_of(request), row)}
    if row["has_plan"]:
        info = state_of(request).info(ident)
        body |= {"planVersion": info["plan_version"], "info": {k: v for k, v in info.items() if k not in ("settings", "plan_version")}}
    return reply(body)


@router.post(
    "/{ident}/cancel",
    operation_id="cancelPlan",
    summary="End a plan early and keep the best found",
    status_code=202,
    dependencies=[Depends(needs("plan"))],
)
def cancel(request: Request, ident: str) -> Response:
    """A queued plan is cancelled at once; a running one stops searching and writes the best timetable it has. 409 if it has ended."""
    row = row_of(request, ident)
    if row["status"] in FINAL:
        raise Problem(409, "ended", f"plan {ident} has {row['status']}", f"方案 {ident} 已结束({row['status']})")
    state_of(request).store.cancel(ident)
    return reply(shown(row_of(request, ident)), 202, {"Location": f"/plans/{ident}"})


@router.get(
    "/{ident}/events",
    operation_id="followPlan",
    summary="Progress as server-sent events",
    dependencies=[Reader],
    response_class=StreamingResponse,
)
def events(
    request: Request, ident: str, last_event_id: Annotated[str, Header(max_length=20, description="go on after this event")] = "",
    after: Annotated[int, Query(ge=0, le=MOST_EVENTS, description="as Last-Event-ID, for callers that set no headers")] = 0,
) -> Response:  # fmt: skip
    """Events `progress` (seconds, phase, plan and bound in fen, gap) and `status`; ends after the last. Numbers have no gaps."""
    row_of(request, ident)
    first = min(MOST_EVENTS, int(last_event_id)) if last_event_id.isascii() and last_event_id.isdigit() else after
    if request.app.state.streams >= MOST_STREAMS:
        raise Problem(503, "busy", "too many follow plans already; ask again", "同时关注方案的连接过多,请稍后再试", {"Retry-After": "5"})
    return StreamingResponse(
        _stream(request, ident, first), media_type="text/event-stream", headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    )


async def _stream(request: Request, ident: str, seq: int) -> AsyncIterator[str]:
    request.app.state.streams += 1
    try:
        async for text in _events(request, ident, seq):
            yield text
    finally:
        request.app.state.streams -= 1


async def _events(request: Request, ident: str, seq: int) -> AsyncIterator[str]:
    store = state_of(request).store
    yield "retry: 1000\n\n"
    quiet = 0.0
    while not request.app.state.closing and not await request.is_disconnected():
        row = await run_in_threadpool(store.plan, ident)  # before the events: an ended plan has no later ones
        found = await run_in_threadpool(store.events, ident, seq)
        for e in found:
            seq = e["seq"]
            yield f"id: {seq}\nevent: {e['kind']}\ndata: {e['data']}\n\n"
        if not found and (row is None or row["status"] in FINAL):
            return
        quiet = 0.0 if found else quiet + POLL_S
        if quiet >= 15:
            quiet = 0.0
            yield ": still here\n\n"
        await asyncio.sleep(POLL_S)


@router.get("/{ident}/metrics", operation_id="getPlanMetrics", summary="Metrics of a plan", dependencies=[Reader])
def metrics(request: Request, ident: str) -> Response:
    """People, minutes, loads, fuel and money; see docs/metrics."""
    plan = state_of(request).plan(ident)
    return reply({"planVersion": version_of({plan.plan.service: plan}), "metrics": plan.metrics})


@router.get("/{ident}/audit", operation_id="getPlanAudit", summary="Audit of a plan", dependencies=[Reader])
def audit(request: Request, ident: str) -> Response:
    """Violations, every obligation rule with its remedy, money; made by an audit that shares nothing with the solver."""
    plan = state_of(request).plan(ident)
    return reply({"planVersion": version_of({plan.plan.service: plan}), "audit": plan.audit})


@router.get(
    "/{ident}/tables/{table}",
    operation_id="getPlanTable",
    summary="A table of the plan folder",
    response_model=Listed,
    dependencies=[Reader],
)
def table(
    request: Request, ident: str, table: str, limit: Limit = 200, cursor: Cursor = "",
    form: Sort = "json",
) -> Response:  # fmt: skip
    """timetable, rotations, loads, obligations, money, passengers, trace. JSON or the whole CSV."""
    known(table, TABLES, "table", "表")
    plan = state_of(request).plan(ident)
    found = plan.folder / f"{table}.csv"
    return table_of(request, found, f"{ident}-{table}", (ident, table), version_of({plan.plan.service: plan}), limit, cursor, form)


def table_of(
    request: Request, file: Path, name: str, key: Hashable, version: str, limit: int, cursor: str, form: str
) -> Response:  # fmt: skip
    """A page of a CSV file as JSON, its rows kept by ``key``, or the whole file under a ``name``. Problem 404 if there is none."""
    if not file.is_file():
        raise Problem(404, "no-table", f"this plan has no {file.stem}", f"该方案没有 {file.stem} 表")
    if form == "csv":
        headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "X-Plan-Version": version}
        return Response(file.read_bytes(), media_type="text/csv; charset=utf-8", headers=headers)
    items, more = page(rows_of(request, file, key), limit, cursor)
    return reply({"planVersion": version, "items": items, "next": more})


def rows_of(request: Request, file: Path, key: Hashable) -> list[Row]:
    """The rows of a CSV file, kept by ``key``."""
    return state_of(request).answers.get(("table", key), lambda: _rows(file))


@router.get(
    "/{ident}/{short}", operation_id="getPlanPart", summary="Short names of the tables", response_model=Listed, dependencies=[Reader]
)
def part(request: Request, ident: str, short: str, limit: Limit = 200, cursor: Cursor = "") -> Response:
    """/plans/ID/timetable, rotations, loads, obligations, money, passengers, trace."""
    return table(request, ident, short, limit, cursor, "json")


def _rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as source:
        return [dict(r) for r in csv.DictReader(source)]


@audits.post("/audits", operation_id="auditTimetable", summary="Judge a timetable handed in", dependencies=[Depends(needs("plan"))])
async def audit_timetable(
    request: Request, scenario: Annotated[str, Form(max_length=64, pattern=PLAIN)], service: Annotated[str, Form(max_length=64, pattern=PLAIN)],
    file: Annotated[UploadFile, File(description="timetable.csv: sailing, line, vessel, port, arrives, departs")],
) -> Response:  # fmt: skip
    """The bureau's own timetable, seated and audited by us: violations, obligations, money. Faults of the file as 422."""
    row = await run_in_threadpool(state_of(request).store.scenario, scenario)
    if row is None:
        raise Problem(422, "no-scenario", f"there is no scenario {scenario[:40]}", f"没有方案数据 {scenario[:40]}")
    with tempfile.TemporaryDirectory() as home:
        given = Path(home) / "timetable.csv"
        given.write_bytes(await file.read())
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "api.judge",
            row["folder"],
            str(given),
            service,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            out, _ = await asyncio.wait_for(child.communicate(), AUDIT_S)
        except TimeoutError:
            child.kill()
            raise Problem(422, "too-long", f"the audit took more than {AUDIT_S} s", f"审计超过 {AUDIT_S} 秒") from None
    try:
        body = json.loads(out)
    except ValueError:
        raise RuntimeError(f"the audit ended with {child.returncode}") from None
    if "faults" in body:
        first = body["faults"][0]
        raise Problem(
            422,
            "faults",
            f"{len(body['faults'])} fault(s): {first['message']}",
            f"{len(body['faults'])} 处错误:{first['messageZh']}",
            faults=body["faults"],
        )
    return reply(body, 200)

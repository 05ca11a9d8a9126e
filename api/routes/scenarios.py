"""Scenarios: list, upload, what they hold."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Request, Response, UploadFile
from starlette.concurrency import run_in_threadpool

from api.problems import Problem, fault_json
from api.replies import Cursor, Limit, moment, page, reply, state_of
from api.schemas import PROBLEMS, Listed
from api.security import needs
from api.uploads import keep_scenario
from islandflow.scenario.reader import read_scenario

router = APIRouter(prefix="/scenarios", tags=["planning"], responses=PROBLEMS)
Row = dict[str, Any]


def shown(row: Row) -> Row:
    """A scenario as callers see it."""
    return {"id": row["id"], "digest": row["digest"], "nameZh": row["name_zh"], "nameEn": row["name_en"], "created": moment(row["created"])}


@router.get(
    "",
    operation_id="listScenarios",
    summary="All scenarios, the newest first",
    response_model=Listed,
    dependencies=[Depends(needs("read"))],
)
def listed(request: Request, limit: Limit = 50, cursor: Cursor = "") -> Response:
    """A scenario's id is the beginning of its hash: the same tables are the same scenario."""
    items, more = page(state_of(request).store.scenarios(), limit, cursor)
    return reply({"items": [shown(r) for r in items], "next": more})


@router.post("", operation_id="uploadScenario", summary="Upload a scenario", status_code=201, dependencies=[Depends(needs("plan"))])
async def upload(request: Request, file: Annotated[UploadFile, File(description="zip of the tables, or xlsx workbook")]) -> Response:
    """Checked like `islandflow check`: all faults at once, with file (or sheet), row, column, value and remedy. 200 if it was known."""
    known = state_of(request)
    row, new = await run_in_threadpool(keep_scenario, known.settings, known.store, await file.read())
    body = shown(row) | {"warnings": [fault_json(f) for f in row["warnings"]]}
    return reply(body, 201 if new else 200, {"Location": f"/scenarios/{row['id']}"})


@router.get("/{ident}", operation_id="getScenario", summary="What a scenario holds", dependencies=[Depends(needs("read"))])
def one(request: Request, ident: str) -> Response:
    """Its names, sizes and service patterns."""
    known = state_of(request)
    row = known.store.scenario(ident)
    if row is None:
        raise Problem(404, "no-scenario", f"there is no scenario {ident[:40]}", f"没有方案数据 {ident[:40]}")
    scenario = known.networks.get(("scenario", ident), lambda: read_scenario(row["folder"]))
    sizes = {
        k: len(getattr(scenario, k))
        for k in ("islands", "places", "ports", "operators", "fleets", "lines", "demand", "obligations", "calendar")
    }
    services = [{"id": s.service, "nameZh": s.name_zh, "nameEn": s.name_en, "peak": s.peak} for s in scenario.services.values()]
    return reply(shown(row) | {"sizes": sizes, "services": services, "estimated": scenario.estimated, "attribution": scenario.attribution})

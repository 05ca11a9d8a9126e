"""Publishing with an effective date, history, rolling back; and API keys."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from api.problems import Problem
from api.replies import Cursor, Limit, asked_day, moment, page, reply, state_of
from api.schemas import PROBLEMS, KeyRequest, Listed, PublishRequest
from api.security import needs, new_key
from api.state import CHINA
from islandflow.passengers.published import published

router = APIRouter(tags=["planning"], responses=PROBLEMS)
Row = dict[str, Any]


def shown(row: Row) -> Row:
    """A publication as callers see it."""
    return {"id": row["id"], "planVersion": row["version"], "plans": row["plans"], "effectiveFrom": f"{row['effective']}", "created": moment(row["created"]),
            "note": row["note"], "withdrawn": moment(row["withdrawn"])}  # fmt: skip


@router.get(
    "/publications",
    operation_id="listPublications",
    summary="History of what was published",
    response_model=Listed,
    dependencies=[Depends(needs("read"))],
)
def listed(request: Request, limit: Limit = 50, cursor: Cursor = "") -> Response:
    """The newest first; on a date the newest counts that has begun and was not taken back."""
    items, more = page(state_of(request).store.publications(), limit, cursor)
    return reply({"items": [shown(r) for r in items], "next": more})


@router.post(
    "/publications", operation_id="publish", summary="Publish plans from a date on", status_code=201, dependencies=[Depends(needs("plan"))]
)
def publish(request: Request, body: PublishRequest) -> Response:
    """One plan, or the plans of a season (one a service pattern, one scenario). A lone plan serves only the dates of its pattern.

    Refused are plans without a timetable (409), plans whose audit is not clean, of several scenarios, or two of one pattern (422).
    """
    known, first = state_of(request), asked_day(body.effective_from)
    folders = [known.plan(i) for i in dict.fromkeys(body.plans)]
    if any(not f.audit["clean"] for f in folders):
        raise Problem(422, "not-clean", "a plan with audit violations is not published", "审计有违规的方案不能发布")
    if len({f.scenario.digest for f in folders}) > 1:
        raise Problem(422, "scenarios", "these plans were made from different scenarios", "这些方案来自不同的数据")
    by = {f.plan.service: f for f in folders}
    if len(by) < len(folders):
        raise Problem(422, "patterns", "two of these plans are for the same service pattern", "其中两个方案属于同一时期")
    version = published(by).version
    ident = known.store.publish(version, list(dict.fromkeys(body.plans)), first, body.note)
    known.changed()
    return reply(next(shown(r) for r in known.store.publications() if r["id"] == ident), 201, {"Location": f"/publications/{ident}"})


@router.get("/publications/{ident}", operation_id="getPublication", summary="One publication", dependencies=[Depends(needs("read"))])
def one(request: Request, ident: int) -> Response:
    """Its plans, version and effective date."""
    found = next((shown(r) for r in state_of(request).store.publications() if r["id"] == ident), None)
    if found is None:
        raise Problem(404, "no-publication", f"there is no publication {ident}", f"没有发布 {ident}")
    return reply(found)


@router.post(
    "/publications/{ident}/rollback", operation_id="rollBack", summary="Take a publication back", dependencies=[Depends(needs("plan"))]
)
def rollback(request: Request, ident: int) -> Response:
    """What was published before it counts again. 409 if it was taken back already."""
    known = state_of(request)
    found = next((r for r in known.store.publications() if r["id"] == ident), None)
    if found is None:
        raise Problem(404, "no-publication", f"there is no publication {ident}", f"没有发布 {ident}")
    if not known.store.withdraw(ident):
        raise Problem(409, "withdrawn", f"publication {ident} was taken back already", f"发布 {ident} 已撤回")
    known.changed()
    return reply(next(shown(r) for r in known.store.publications() if r["id"] == ident))


@router.get("/keys", operation_id="listKeys", summary="API keys, without their secrets", dependencies=[Depends(needs("admin"))])
def keys(request: Request) -> Response:
    """Names, scopes and expiry."""
    found = state_of(request).store.keys()
    rows = [k | {"created": moment(k["created"]), "expires": moment(k["expires"])} for k in found]
    return reply({"items": rows, "next": None}, headers={"Cache-Control": "no-store"})


@router.post("/keys", operation_id="addKey", summary="A new API key", status_code=201, dependencies=[Depends(needs("admin"))])
def add_key(request: Request, body: KeyRequest) -> Response:
    """The secret is told once, here; the server keeps only its hash. It expires at the end of the day (in China) of `expires`."""
    expires = datetime.combine(body.expires, time(23, 59, 59), CHINA).astimezone(UTC).isoformat() if body.expires else ""
    ident, secret = new_key(state_of(request).store, body.name, body.scope, expires)
    return reply(
        {"id": ident, "name": body.name, "scope": body.scope, "expires": moment(expires), "secret": secret},
        201,
        {"Cache-Control": "no-store"},
    )


@router.delete("/keys/{ident}", operation_id="revokeKey", summary="End an API key", status_code=204, dependencies=[Depends(needs("admin"))])
def revoke(request: Request, ident: str) -> Response:
    """It is refused within seconds."""
    if not state_of(request).store.revoke_key(ident):
        raise Problem(404, "no-key-of-that-id", "there is no key of that id", "没有该密钥")
    request.app.state.doorkeeper.forget()
    return Response(status_code=204)

"""Whether the server lives, is ready, and what it has done."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from prometheus_client.core import CollectorRegistry

from api.problems import Problem
from api.replies import reply, state_of
from api.security import needs

router = APIRouter(tags=["server"])


@router.get("/healthz", operation_id="health", summary="The server lives")
async def health() -> Response:
    """Always ok while the process answers."""
    return reply({"status": "ok"}, headers={"Cache-Control": "no-store"})


@router.get("/readyz", operation_id="ready", summary="The server can do its work")
def ready(request: Request) -> Response:
    """503 while the database does not answer."""
    try:
        state_of(request).store.ready()
    except Exception as error:
        raise Problem(503, "not-ready", f"the database does not answer ({type(error).__name__})", "数据库无响应") from None
    return reply({"status": "ready"}, headers={"Cache-Control": "no-store"})


@router.get("/metrics", operation_id="metrics", summary="Counters for Prometheus", dependencies=[Depends(needs("read"))])
def metrics(request: Request) -> Response:
    """Requests by route and status, their times, and plans by status."""
    plans = CollectorRegistry()
    gauge = Gauge("islandflow_plans", "plans by status", ["status"], registry=plans)
    for status in ("queued", "running", "succeeded", "failed", "cancelled"):
        gauge.labels(status).set(len(state_of(request).store.plans(status)))
    text = generate_latest(request.app.state.counters.registry) + generate_latest(plans)
    return Response(text, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})

"""The application: routes, errors, gate, and what it starts and stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware

import islandflow
from api.jobs import Jobs
from api.logs import set_up_logs
from api.middleware import Counters, Gate
from api.problems import install_problems
from api.routes import families, figures, health, itineraries, journey_page, journeys, pages, plans, publications, scenarios, tourism
from api.security import Doorkeeper
from api.settings import ServerSettings, server_settings
from api.state import State
from api.store import Store, open_database, upgrade
from api.thinker import Thinker
from api.warm import warm

ABOUT = """Three callers: the bureau starts and reads plans, tourism systems ask what sails and how to get from island to island, researchers
fetch figures and tables. Times are ISO 8601 with +08:00, money is fen, every answer on what is published carries `planVersion`.
Errors are problem+json with a stable `code`. Lists come in pages: pass `next` as `cursor`. A GET has an ETag."""


def create_app(settings: ServerSettings | None = None) -> FastAPI:
    """An application with its database brought up to date. It runs no solves: a worker does (`python -m api.worker`)."""
    settings = settings or server_settings()
    set_up_logs()
    settings.home.mkdir(parents=True, exist_ok=True)
    upgrade(settings.url)
    store = Store(open_database(settings.url))

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        thinker: Thinker = app.state.thinker
        if settings.thinking:
            thinker.open()
        warming = asyncio.create_task(warm(app.state.known, thinker))
        yield
        app.state.closing = True
        warming.cancel()
        thinker.close()
        store.engine.dispose()

    app = FastAPI(
        title="IslandFlow",
        version=islandflow.__version__,
        description=ABOUT,
        lifespan=life,
        redoc_url=None,
        docs_url=None,
        openapi_url="/openapi.json",
    )
    app.state.settings, app.state.store = settings, store
    app.state.known, app.state.doorkeeper = State(settings, store), Doorkeeper(settings, store)
    app.state.thinker = Thinker(settings, app.state.known)
    app.state.jobs, app.state.counters, app.state.closing, app.state.streams = Jobs(settings, store), Counters(), False, 0
    install_problems(app)
    for part in (health, scenarios, figures, families, plans, publications, tourism, journeys, journey_page, itineraries, pages):
        app.include_router(part.router)
    app.include_router(plans.audits)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=4)
    app.add_middleware(
        CORSMiddleware, allow_origins=list(settings.origins), allow_methods=["GET", "POST"], max_age=3600,
        allow_headers=["Content-Type", "X-Api-Key", "Authorization", "If-None-Match", "Idempotency-Key", "Last-Event-ID", "X-Request-Id"],
        expose_headers=["ETag", "Location", "Retry-After", "X-Request-Id", "X-Plan-Version"],
    )  # fmt: skip
    app.add_middleware(Gate, settings=settings, counters=app.state.counters, doorkeeper=app.state.doorkeeper)
    return app

"""`islandflow serve`: the server, its worker, and the demo's plan; backup and restore; API keys."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.settings import ServerSettings, server_settings

if TYPE_CHECKING:
    from api.store import Store
    from islandflow.ferry.folder import PlanFolder

LOOPBACK = ("127.0.0.1", "localhost", "::1")
LONGEST_PAUSE_S = 30.0


def serve(
    port: Annotated[int, typer.Option(help="port to listen on")] = 8000,
    host: Annotated[str, typer.Option(help="address to listen on; beyond the loopback API keys are needed")] = "127.0.0.1",
    home: Annotated[Path | None, typer.Option(help="folder of database, queue, scenarios and plans")] = None,
    demo: Annotated[Path | None, typer.Option(help="plan or season folder shown when nothing is published")] = None,
    worker: Annotated[bool, typer.Option(help="start a worker that plans")] = True,
) -> None:
    """Serves API, timetables and figures on this machine."""
    import uvicorn

    from api.app import create_app
    from api.logs import logger

    changes: dict[str, Any] = {k: v for k, v in {"home": home, "demo": demo}.items() if v is not None} | {"thinking": True}
    # a thread that computes gives way to one that answers after a millisecond, not after five
    sys.setswitchinterval(0.001)
    settings = server_settings(**changes)
    if "ISLANDFLOW_AUTH" not in os.environ:
        settings = replace(settings, auth="local" if host in LOOPBACK else "keys")
    app = create_app(settings)
    shown = show_demo(settings, app.state.store)
    if shown:
        logger().info("demo", plan=shown)
    stopping = threading.Event()
    if worker:
        threading.Thread(target=keep_worker, args=(settings, stopping), daemon=True).start()
    print(f"http://{host}:{port}/", file=sys.stderr, flush=True)
    try:
        uvicorn.run(
            app,
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=3,
            timeout_keep_alive=20,
        )
    finally:
        stopping.set()
        time.sleep(0.1)


def keep_worker(settings: ServerSettings, stopping: threading.Event) -> None:
    """Starts the worker, and again if it ends; the pause doubles while it does not stay."""
    pause = 0.5
    while not stopping.is_set():
        begun = time.monotonic()
        child = subprocess.Popen(
            [sys.executable, "-m", "api.worker"], env={**os.environ, **settings.environment(), "ISLANDFLOW_OWNED": "1"}
        )
        while child.poll() is None and not stopping.wait(0.2):
            pass
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
            return
        pause = 0.5 if time.monotonic() - begun > 60 else min(LONGEST_PAUSE_S, 2 * pause)
        stopping.wait(pause)


def show_demo(settings: ServerSettings, store: Store) -> str:
    """Takes the plan or season in the demo folder in and publishes it, if nothing is published yet; its id, empty if there is none.

    What was put beside the demo's timetable later (service points, shuttles) is taken in too.
    """
    from api.state import today
    from islandflow.errors import BadInput
    from islandflow.passengers.published import read_published
    from islandflow.views.families import FAMILIES

    published = bool(store.publications())
    beside = [f for kind in FAMILIES for f in settings.demo.glob(f"**/{kind}/plan.json")]
    if not settings.demo.is_dir() or (published and not beside):
        return ""
    try:
        found = read_published(settings.demo)
    except BadInput:
        return ""
    idents = {service: f"demo-{found.version[:8]}-{service}"[:40] for service in found.plans}
    if not published:
        for service, plan in found.plans.items():
            take_in(settings, store, idents[service], plan)
        store.publish(found.version, list(idents.values()), min(today(), min(d.date for d in found.calendar)), "demo")
    for service, plan in found.plans.items():
        if store.plan(idents[service]) is not None:
            bring_families(plan.folder, settings.plans / idents[service])
    return "" if published else ", ".join(idents.values())


def take_in(settings: ServerSettings, store: Store, ident: str, plan: PlanFolder) -> None:
    """Copies a plan folder into the home folder and keeps it as a plan that has succeeded."""
    from api.jobs import outcome

    settings.plans.mkdir(parents=True, exist_ok=True)
    folder = settings.plans / ident
    if not folder.exists():
        # a copy: a demo planned anew must not change under a server that shows it
        half = folder.with_name(f".{ident}-copy-{os.getpid()}")
        shutil.copytree(plan.folder, half)
        os.replace(half, folder)
    scenario = plan.scenario
    store.add_scenario({"id": scenario.digest[:12], "digest": scenario.digest, "name_zh": scenario.name_zh, "name_en": scenario.name_en,
                        "folder": str((folder / "scenario").resolve())})  # fmt: skip
    if store.plan(ident) is None:
        store.add_plan({"id": ident, "scenario": scenario.digest[:12], "service": plan.plan.service, "settings": json.dumps(plan.info.get("settings", {})),
                        "status": "succeeded", "folder": str(folder.resolve()), "attempt": 1, "worker": "", "beat": 0, "cancel": False, **outcome(folder)})  # fmt: skip


def bring_families(source: Path, target: Path) -> None:
    """Copies what a plan folder holds of other families where the copy has none or an older one."""
    from islandflow.ferry.folder import write_aside
    from islandflow.views.families import held

    for name in held(source):
        there = target / name / "plan.json"
        if not there.is_file() or there.read_bytes() != (source / name / "plan.json").read_bytes():
            write_aside(target / name, partial(shutil.copytree, source / name, dirs_exist_ok=True))


def publish(
    folder: Annotated[Path, typer.Argument(help="plan folder or season folder")],
    first: Annotated[str, typer.Option("--from", help="first date, YYYY-MM-DD; today if it is not given")] = "",
    note: Annotated[str, typer.Option(help="kept with the publication")] = "",
    home: Annotated[Path | None, typer.Option(help="folder of the server")] = None,
) -> None:
    """Publishes a plan, or a season whole (a plan a service pattern), on a server that may be running."""
    from api.state import today
    from api.store import Store, open_database, upgrade
    from islandflow.errors import BadInput, Fault
    from islandflow.passengers.published import read_published

    try:
        effective = date.fromisoformat(first) if first else today()
    except ValueError:
        raise BadInput([Fault("--from", 0, "", first[:40], "is no date", "不是日期", "write for example 2026-07-01", "请写如 2026-07-01")]) from None
    found = read_published(folder)
    unclean = [service for service, plan in found.plans.items() if not plan.audit["clean"]]
    if unclean:
        words = ("has audit violations and is not published", "审计有违规,不能发布", "plan it again", "请重新编制")
        raise BadInput([Fault(str(folder), 0, "", service, *words) for service in unclean])
    settings = _settings(home)
    settings.home.mkdir(parents=True, exist_ok=True)
    upgrade(settings.url)
    store = Store(open_database(settings.url))
    idents = {service: f"{found.version[:8]}-{service}"[:40] for service in found.plans}
    for service, plan in found.plans.items():
        take_in(settings, store, idents[service], plan)
        bring_families(plan.folder, settings.plans / idents[service])
    ident = store.publish(found.version, list(idents.values()), effective, note)
    print(f"{ident} {found.version} {effective} {' '.join(idents.values())}")


def backup(
    target: Annotated[Path, typer.Argument(help="new folder or .tar.gz to write")], home: Annotated[Path | None, typer.Option()] = None
) -> None:
    """Writes a consistent copy of the server's database, scenarios and plans, also while it runs (SQLite)."""
    from api.backup import write_backup

    print(write_backup(_settings(home), target))


def restore(
    source: Annotated[Path, typer.Argument(help="what backup wrote")], home: Annotated[Path, typer.Option(help="new folder of the server")]
) -> None:
    """Lays a backup out as a new home folder; refuses one that is there."""
    from api.backup import read_backup

    print(read_backup(source, home))


def key(
    name: Annotated[str, typer.Argument(help="who it is for")],
    scope: Annotated[str, typer.Option(help="read, plan or admin")] = "read",
    home: Annotated[Path | None, typer.Option()] = None,
) -> None:
    """Makes an API key and prints its secret once."""
    from api.security import new_key
    from api.store import Store, open_database, upgrade

    settings = _settings(home)
    upgrade(settings.url)
    ident, secret = new_key(Store(open_database(settings.url)), name, scope)
    print(f"{ident} {secret}")


def _settings(home: Path | None) -> ServerSettings:
    return server_settings() if home is None else server_settings(home=home)


def register(app: typer.Typer) -> None:
    """Adds the commands of the server."""
    app.command()(serve)
    server = typer.Typer(no_args_is_help=True, help="Backup, restore and API keys of the server. 服务器维护")
    server.command()(backup)
    server.command()(restore)
    server.command()(key)
    server.command()(publish)
    app.add_typer(server, name="server")

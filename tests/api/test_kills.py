"""Twenty-five kills -9 of worker and server, during solves and publishes: nothing is lost and nothing runs twice."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.settings import ServerSettings
from api.store import Store, open_database
from tests.api.server import QUICK, toy_zip

pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("ISLANDFLOW_KILLS", "25"))
POSTGRES = os.environ.get("ISLANDFLOW_TEST_POSTGRES", "")


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


class Server:
    """`islandflow serve` as a process of its own, to be killed and started again."""

    def __init__(self, home: Path, url: str, demo: Path) -> None:
        self.home, self.url, self.demo, self.port = home, url, demo, free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.log = (home.parent / "server.log").open("ab")

    def start(self) -> None:
        environment = {
            **os.environ,
            "ISLANDFLOW_DATABASE_URL": self.url,
            "ISLANDFLOW_HOME": str(self.home),
            "ISLANDFLOW_DEMO": str(self.demo),
        }
        command = [sys.executable, "-m", "api.cli", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=environment, stdout=self.log, stderr=self.log)
        for _ in range(300):
            with suppress(httpx.HTTPError):
                if httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=2).status_code == 200:
                    return
            time.sleep(0.1)
        raise AssertionError("the server does not start")

    def worker(self) -> int | None:
        """The process id of the worker."""
        assert self.process is not None
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                with suppress(OSError):
                    if b"api.worker" in Path(f"/proc/{child}/cmdline").read_bytes():
                        return int(child)
        return None

    def kill(self, what: str) -> bool:
        assert self.process is not None
        pid = self.process.pid if what == "server" else self.worker()
        if pid is None:
            return False
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        if what == "server":
            self.process.wait()
            self.start()
        return True

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Asks until there is an answer, as a client with an idempotency key may."""
        for _ in range(400):
            try:
                return httpx.request(method, f"http://127.0.0.1:{self.port}{path}", timeout=10, **more)
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError("no answer")


@contextmanager
def running(home: Path, url: str, demo: Path | None = None) -> Iterator[Server]:
    server = Server(home, url, demo or home / "none")
    server.start()
    try:
        yield server
    finally:
        if server.process and server.process.poll() is None:
            server.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                server.process.wait(10)
            server.process.kill()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_kills_lose_nothing_and_run_nothing_twice(tmp_path: Path, kind: str) -> None:
    if kind == "postgresql" and not POSTGRES:
        pytest.skip("ISLANDFLOW_TEST_POSTGRES names no database")
    rng = random.Random(1)
    with running(tmp_path / "home", POSTGRES if kind == "postgresql" else "") as server:
        scenario = server.ask("POST", "/scenarios", files={"file": ("t.zip", toy_zip(), "application/zip")}).json()["id"]
        plans: list[str] = []
        published: Counter[tuple[str, str]] = Counter()
        killed = 0

        def plan_another() -> None:
            body = {"scenario": scenario, "service": "summer-weekend", "settings": QUICK | {"seed": len(plans)}}
            plans.append(server.ask("POST", "/plans", json=body, headers={"Idempotency-Key": f"key-{len(plans)}"}).json()["id"])

        # one plan is there before the first kill, so that publishing is interrupted too
        plan_another()
        begin = time.monotonic()
        while server.ask("GET", f"/plans/{plans[0]}").json()["status"] != "succeeded":
            assert time.monotonic() - begin < 300  # noqa: PLR2004
            time.sleep(0.5)
        while killed < KILLS:
            if len(plans) < 3 + killed // 2:
                plan_another()
            done = [p["id"] for p in server.ask("GET", "/plans?status=succeeded&limit=500").json()["items"]]
            if done and rng.random() < 0.6:
                ident, first = rng.choice(done), f"2026-07-{rng.randint(1, 28):02d}"
                if rng.random() < 0.4:  # the kill meets the publishing itself
                    with suppress(httpx.HTTPError):
                        httpx.post(
                            f"http://127.0.0.1:{server.port}/publications", json={"plans": [ident], "effectiveFrom": first}, timeout=0.02
                        )
                else:
                    answer = server.ask("POST", "/publications", json={"plans": [ident], "effectiveFrom": first})
                    assert answer.status_code == 201, answer.text
                    published[ident, first] += 1
            time.sleep(rng.uniform(0.1, 2.5))
            killed += server.kill(rng.choice(["worker", "worker", "server"]))
        ended, deadline = 0, 0.0
        while True:
            found = {p["id"]: p for p in server.ask("GET", "/plans?limit=500").json()["items"]}
            told_ended = sum(p["status"] == "succeeded" for p in found.values())
            if told_ended == len(found):
                break
            if told_ended > ended or not deadline:  # a busy machine may be slow with each; one that is lost never ends
                ended, deadline = told_ended, time.monotonic() + 300
            assert time.monotonic() < deadline, Counter(p["status"] for p in found.values())
            time.sleep(0.5)
        assert set(found) == set(plans)
        history = server.ask("GET", "/publications?limit=500").json()["items"]
    told = Counter((p["plans"][0], p["effectiveFrom"]) for p in history)
    assert all(told[key] for key in published)  # what was acknowledged is there
    store = Store(open_database(ServerSettings(home=tmp_path / "home", database_url=POSTGRES if kind == "postgresql" else "").url))
    again = 0
    for plan in plans:
        events = store.events(plan)
        assert [e["seq"] for e in events] == list(range(1, len(events) + 1))
        status = [json.loads(e["data"])["status"] for e in events if e["kind"] == "status"]
        assert status.count("succeeded") == 1
        assert status[-1] == "succeeded"
        # a plan is started again only after its worker was lost
        assert status.count("running") == 1 + status.count("queued")
        again += status.count("queued")
        row = store.plan(plan)
        assert row is not None
        folder = Path(row["folder"])
        assert (folder / "plan.json").is_file()
        assert list(folder.parent.glob(f".{folder.name}-*")) == []
    assert again > 0  # some kills did meet a solve
    assert published or KILLS < 10  # noqa: PLR2004  (and publishing went on between them)


def test_a_server_that_is_stopped_and_started_runs_its_plan_for_its_whole_time(tmp_path: Path) -> None:
    with running(tmp_path / "home", "") as server:
        scenario = server.ask("POST", "/scenarios", files={"file": ("t.zip", toy_zip(), "application/zip")}).json()["id"]
        body = {"scenario": scenario, "service": "summer-weekend", "settings": {"time_limit": 12, "workers": 1}}
        plan = server.ask("POST", "/plans", json=body).json()["id"]
        while server.ask("GET", f"/plans/{plan}").json()["status"] != "running":
            time.sleep(0.1)
        time.sleep(1)
        assert server.process is not None
        server.process.terminate()
        server.process.wait(20)
        server.start()
        deadline = time.monotonic() + 60
        while (found := server.ask("GET", f"/plans/{plan}").json())["status"] != "succeeded":
            assert time.monotonic() < deadline, found
            time.sleep(0.2)
        assert found["attempt"] == 2
        assert found["info"]["stopped_by"] != "asked"

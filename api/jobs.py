"""Planning jobs: a queue that carries plan ids, a worker that runs each solve in a child process.

The database is the truth, the queue only a bell: a plan is claimed by one conditional update, so a bell rung twice runs nothing twice,
and a plan whose worker died is put back and rung again, so nothing is lost. The child dies with its worker.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

from huey import Huey, PostgresHuey, SqliteHuey

from api.settings import ServerSettings
from api.store import Store

HOST = "".join(c for c in socket.gethostname() if c.isalnum() or c in "-.")[:24]
LEASE_S = 12  # a worker that has not said a word for so long is gone
POLL_S, BEAT_S, SWEEP_S, STOP_S = 0.1, 2.0, 2.0, 25.0
Row = dict[str, Any]


def make_queue(settings: ServerSettings) -> Huey:
    """The queue: a file beside the database, or PostgreSQL where the database is PostgreSQL."""
    if settings.url.startswith("postgresql"):
        return PostgresHuey("islandflow", dsn=settings.url.replace("postgresql+psycopg://", "postgresql://"), results=False)
    settings.home.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("islandflow", filename=str(settings.home / "queue.db"), results=False, fsync=True)


class Jobs:
    """Rings the bell for plans, and runs them where a worker listens."""

    def __init__(self, settings: ServerSettings, store: Store) -> None:
        self.settings, self.store = settings, store
        self.huey = make_queue(settings)
        self.ring = self.huey.task(name="solve")(self.run)
        self.worker = f"{HOST}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
        self.closing = threading.Event()

    def enqueue(self, plan: str) -> None:
        """Tells the workers that a plan waits."""
        self.ring(plan)

    def sweep(self) -> int:
        """Puts plans of dead workers back, or ends them as what they had become; rings for all that wait. How many were found dead."""
        lost = [row for row in self.store.running() if self.gone(row)]
        for row in lost:
            if (Path(row["folder"]) / "plan.json").is_file():
                # the child had finished its folder when its worker was killed: nothing is to be run again
                self.store.finish(row["id"], row["worker"], "cancelled" if row["cancel"] else "succeeded", **outcome(Path(row["folder"])))
            else:
                self.store.requeue(row["id"], row["worker"])
            folder = Path(row["folder"])
            for half in folder.parent.glob(f".{folder.name}-*"):  # what its child had begun to write
                shutil.rmtree(half, ignore_errors=True)
        if not self.huey.pending_count():  # bells that are still to be heard need no second one
            for row in self.store.plans("queued"):
                self.enqueue(row["id"])
        return len(lost)

    def gone(self, row: Row) -> bool:
        """Whether the worker of a running plan is no more: silent for too long, or of this machine and ended."""
        host, _, rest = row["worker"].partition(":")
        pid = rest.partition(":")[0]
        dead = host == HOST and pid.isdigit() and int(pid) != os.getpid() and not alive(int(pid))
        return dead or row["beat"] < time.time() - LEASE_S

    def run(self, plan: str) -> None:
        """Runs a plan if it still waits: claims it, follows its child, tells events, and ends it."""
        if self.closing.is_set() or not self.store.claim(plan, self.worker):
            return
        row = self.store.plan(plan)
        assert row is not None
        scenario = self.store.scenario(row["scenario"])
        assert scenario is not None
        spec = {"scenario": scenario["folder"], "service": row["service"], "settings": json.loads(row["settings"]), "out": row["folder"]}
        child = subprocess.Popen(
            [sys.executable, "-m", "api.solve", json.dumps(spec)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )  # fmt: skip
        try:
            last, errors = self._follow(plan, Path(row["folder"]), child)
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
        self._end(plan, Path(row["folder"]), child.returncode, last, errors)

    def _follow(self, plan: str, folder: Path, child: subprocess.Popen[str]) -> tuple[Row, str]:
        """Passes the child's lines on until it ends; its last word and its errors."""
        lines: queue.Queue[str | None] = queue.Queue()
        errors: list[str] = []
        assert child.stdout is not None
        assert child.stderr is not None
        threading.Thread(target=_pump, args=(child.stdout, lines.put), daemon=True).start()
        threading.Thread(target=_pump, args=(child.stderr, errors.append), daemon=True).start()
        last: Row = {}
        beaten = asked = 0.0
        ended = False
        begun = time.monotonic()
        while True:
            try:
                line = lines.get(timeout=POLL_S)
            except queue.Empty:
                line = ""
            if line is None:
                child.wait()
                return last, "".join(e for e in errors if e)[-2000:]
            if line:
                last = json.loads(line)
                if last["kind"] == "progress":
                    self.store.add_event(plan, "progress", last["data"])
                elif last["kind"] == "kept" and asked and self.store.cancel_asked(plan):
                    # the timetable is on disk: who cancelled need not wait for the report
                    ended = self.store.finish(plan, self.worker, "cancelled", **outcome(folder))
            if ended:
                continue
            moment = time.monotonic()
            if moment - beaten > BEAT_S:
                beaten = moment
                if self.store.beat(plan, self.worker) is None:
                    child.kill()  # the plan was given to another worker: this one must not write
                    continue
            if self.closing.is_set() and not asked:
                child.kill()  # the server stops: the plan is run again by whoever starts next, for its whole time
                continue
            stop = self.store.cancel_asked(plan) or moment - begun > self.settings.longest_solve_s
            if stop and not asked:
                asked = moment
                hurry(child.pid)
                child.send_signal(signal.SIGTERM)
            if asked and moment - asked > STOP_S:
                child.kill()

    def _end(self, plan: str, folder: Path, code: int, last: Row, errors: str) -> None:
        written = (folder / "plan.json").is_file()
        asked = self.store.cancel_asked(plan)
        if self.closing.is_set() and not asked and not written:
            self.store.requeue(plan, self.worker)
            return
        facts = outcome(folder) if written else {"message": _reason(last, errors, code)}
        self.store.finish(plan, self.worker, "cancelled" if asked else "succeeded" if written else "failed", **facts)


def hurry(pid: int) -> None:
    """Somebody waits for a process now: all its threads get the usual priority. Who may not raise one leaves it."""
    tasks = Path(f"/proc/{pid}/task")
    with suppress(OSError):
        for task in [int(t.name) for t in tasks.iterdir()] if tasks.is_dir() else [pid]:
            os.setpriority(os.PRIO_PROCESS, task, 0)


def alive(pid: int) -> bool:
    """Whether a process of this machine runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    stat = Path(f"/proc/{pid}/stat")
    # who was killed and not yet waited for is dead all the same
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


def outcome(folder: Path) -> Row:
    """What the database keeps of a plan folder."""
    info = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    return {"has_plan": True, "objective": info["objective"], "bound": info["bound"], "message": ""}


def _reason(last: Row, errors: str, code: int) -> str:
    if last.get("kind") == "failed":
        return str(last["data"]["message"])
    return f"the solve ended with {code} and without a plan" + (f": {errors.strip().splitlines()[-1][:200]}" if errors.strip() else "")


def _pump(source: Any, put: Any) -> None:
    for line in source:
        put(line)
    put(None)

"""A season on a Dask cluster: scheduler and two workers as processes of their own, one killed midway; the same season comes out."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.test_season import COMMAND, ROOT, run, timetables

pytest.importorskip("distributed", reason="islandflow[cluster] is not installed")
SERVICES = ("winter-weekday", "summer-weekend")
SEASON = ["data/toy", *(w for s in SERVICES for w in ("--service", s)), "--no-core", "--iterations", "4", "--workers", "1", "--prices", "0", "--lang", "en"]
SPAWNED = "--port 0 --host 127.0.0.1 --no-dashboard"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def spawn(program: str, *words: str, said: Path) -> subprocess.Popen[bytes]:
    with said.open("wb") as out:
        return subprocess.Popen([sys.executable, "-m", f"distributed.cli.{program}", *words], cwd=ROOT, env=ENVIRONMENT, stdout=out, stderr=out)


def wait_for(what: str, said: Path, seconds: float = 90) -> str:
    """The first words of a log that match; fails with the log if they do not come."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := re.search(what, said.read_text(errors="replace")):
            return found.group(1)
        time.sleep(0.1)
    raise AssertionError(said.read_text(errors="replace")[-2000:])


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]], list[Path]]]:
    """Address of the scheduler, the two workers and their logs; all of them are ended afterwards."""
    begun = [spawn("dask_scheduler", *SPAWNED.split(), said=tmp_path / "scheduler.log")]
    try:
        address = wait_for(r"Scheduler at:\s+(tcp://\S+)", tmp_path / "scheduler.log")
        logs = [tmp_path / f"worker{n}.log" for n in (1, 2)]
        for n, log in enumerate(logs):
            words = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--name", f"w{n}", "--local-directory", str(tmp_path / f"w{n}")]
            begun.append(spawn("dask_worker", address, *words, said=log))
        for log in logs:
            wait_for(r"(Registered to)", log)
        yield address, begun[1:], logs
    finally:
        for process in begun:
            process.kill()
            process.wait()


def children(process: subprocess.Popen[bytes]) -> list[int]:
    """Ids of the processes that a worker has begun."""
    found = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    every = [int(c) for task in Path(f"/proc/{process.pid}/task").iterdir() for c in (task / "children").read_text().split()]
    return every if found.exists() else []


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to see that a worker is at work")
def test_a_worker_killed_midway_changes_nothing(cluster: tuple[str, list[subprocess.Popen[bytes]], list[Path]], tmp_path: Path) -> None:
    address, workers, _ = cluster
    out = tmp_path / "cluster"
    season = subprocess.Popen([*COMMAND, *SEASON, "--scheduler", address, "--out", str(out)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 120
    while not children(workers[0]) and time.monotonic() < until and season.poll() is None:
        time.sleep(0.05)
    orphans = children(workers[0])
    assert orphans, "the worker never had a job"
    os.kill(workers[0].pid, signal.SIGKILL)
    workers[0].wait()
    said, told = season.communicate(timeout=600)
    assert season.returncode == 0, told
    assert {p.name for p in (out / "plans").iterdir()} == set(SERVICES)
    # the planning process of a worker that is killed ends with it
    assert not [pid for pid in orphans if Path(f"/proc/{pid}").exists() and "api.solve" in Path(f"/proc/{pid}/cmdline").read_text()]
    alone = run(*SEASON, "--pool", "1", "--out", str(tmp_path / "alone"))
    assert alone.returncode == 0, alone.stderr
    assert timetables(out) == timetables(tmp_path / "alone")
    assert len(timetables(out)) == 2 * len(SERVICES)
    assert said.splitlines()[-1].endswith("report.html")


@pytest.mark.slow
def test_an_address_where_nobody_answers_is_told_at_once(tmp_path: Path) -> None:
    done = run(*SEASON, "--scheduler", "tcp://127.0.0.1:9", "--out", str(tmp_path / "none"))
    assert done.returncode == 2
    assert "no scheduler answers there" in done.stderr
    assert not (tmp_path / "none").exists()

"""A plan that is asked to stop, or killed: the best plan is kept, a plan of before stays whole, and nothing runs on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.service import audit_folder

ROOT = Path(__file__).resolve().parents[2]
WORDS = ("plan", "data/zhoushan", "--service", "summer-weekend", "--cluster", "putuo-south", "--time-limit", "300", "--lang", "en", "--out")


def start(out: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-m", "api.cli", *WORDS, str(out)], cwd=ROOT, stderr=subprocess.PIPE, text=True)


def searching(process: subprocess.Popen[str]) -> list[int]:
    """Waits until the search runs for a second; its processes."""
    assert process.stderr is not None
    while "search" not in process.stderr.readline():
        assert process.poll() is None
    time.sleep(1)
    return list(_below(process.pid))


def _below(parent: int) -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent and fields[0] != "Z":
            pid = int(entry.parent.name)
            yield pid
            yield from _below(pid)


def gone(pids: list[int], seconds: float = 20) -> bool:
    """Whether processes end soon by themselves."""
    until = time.monotonic() + seconds
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < until:
        time.sleep(0.1)
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_writes_the_best_plan(tmp_path: Path, number: int) -> None:
    process = start(tmp_path / "plan")
    helpers = searching(process)
    os.kill(process.pid, number)
    assert process.wait(timeout=90) == 0
    assert json.loads((tmp_path / "plan" / "plan.json").read_text(encoding="utf-8"))["stopped_by"] == "asked"
    assert audit_folder(tmp_path / "plan")[1].clean
    assert [p.name for p in tmp_path.iterdir()] == ["plan"]
    assert gone(helpers)


@pytest.mark.slow
def test_killed_it_leaves_what_was_there_and_nothing_half_written(tmp_path: Path) -> None:
    """A kill cannot be heard: this plan is lost, the one of before is not."""
    first = start(tmp_path / "plan")
    searching(first)
    os.kill(first.pid, signal.SIGTERM)
    assert first.wait(timeout=90) == 0
    before = contents(tmp_path / "plan")
    second = start(tmp_path / "plan")
    helpers = searching(second)
    assert helpers
    os.kill(second.pid, signal.SIGKILL)
    second.wait(timeout=20)
    assert contents(tmp_path / "plan") == before
    assert [p.name for p in tmp_path.iterdir()] == ["plan"]
    assert gone(helpers)


def test_an_interrupt_while_the_libraries_load_leaves_no_trace() -> None:
    words = [sys.executable, "-c", "import api, signal; signal.raise_signal(signal.SIGINT)"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")
    wrong = subprocess.run([sys.executable, "-c", "import api; 1 / 0"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert "ZeroDivisionError" in wrong.stderr

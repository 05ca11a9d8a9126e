"""One job of a season: a scenario and a service pattern in, a plan folder out; packed, so that it may travel to another machine."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHILD = "api.solve"  # the program that plans one service pattern: `python -m api.solve SPEC`
STAMP = (1980, 1, 1, 0, 0, 0)  # equal folders are equal bytes
Hear = Callable[[str, Mapping[str, Any]], None]


@dataclass(frozen=True)
class Job:
    """What to plan: ``spec`` (service, settings, lang) and the scenario folder, packed."""

    name: str
    spec: Mapping[str, Any]
    scenario: bytes


@dataclass(frozen=True)
class Outcome:
    """A packed plan folder, or None and why."""

    name: str
    folder: bytes | None
    message: str = ""


def pack(folder: Path) -> bytes:
    """A folder as bytes; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for file in sorted(p for p in folder.rglob("*") if p.is_file()):
            target.writestr(zipfile.ZipInfo(file.relative_to(folder).as_posix(), STAMP), file.read_bytes(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def unpack(data: bytes, folder: Path) -> None:
    """The files of a packed folder into an existing one."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        source.extractall(folder)


def run_job(job: Job, stop: threading.Event | None = None, hear: Hear | None = None) -> Outcome:
    """Plans in a process of its own, on whatever machine this runs; ``stop`` asks for the best plan so far.

    The child ends when this process does, also when it is killed.
    """
    with tempfile.TemporaryDirectory(prefix="islandflow-") as place:
        home = Path(place)
        (home / "scenario").mkdir()
        unpack(job.scenario, home / "scenario")
        spec = {**job.spec, "scenario": str(home / "scenario"), "out": str(home / "plan")}
        # a session of its own: an interrupt at the terminal is the parent's affair
        child = subprocess.Popen(
            [sys.executable, "-m", CHILD, json.dumps(spec)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            start_new_session=True,
        )  # fmt: skip
        ended = threading.Event()
        if stop is not None:
            threading.Thread(target=_end_when, args=(child, stop, ended), daemon=True).start()
        message = ""
        assert child.stdout is not None
        for line in child.stdout:
            said = json.loads(line)
            if said["kind"] == "failed":
                message = said["data"]["message"]
            elif hear is not None and said["kind"] == "progress":
                hear(job.name, said["data"])
        code = child.wait()
        ended.set()
        if not (home / "plan" / "plan.json").is_file():
            return Outcome(job.name, None, message or f"the planning process ended with status {code}")
        return Outcome(job.name, pack(home / "plan"))


def _end_when(child: subprocess.Popen[str], stop: threading.Event, ended: threading.Event) -> None:
    while not ended.is_set():
        if stop.wait(0.2):
            child.terminate()
            return

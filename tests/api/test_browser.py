"""The pages in a real browser that reaches nothing but the server: both languages, laptop and phone, no word on the console."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.test_kills import Server, running

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]
SHOTS = os.environ.get("ISLANDFLOW_SHOTS", "")


@pytest.fixture(scope="module")
def zhoushan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A server with a plan of Zhoushan, and the plan's id."""
    folder = tmp_path_factory.mktemp("browser")
    command = [
        sys.executable,
        "-m",
        "api.cli",
        "plan",
        "data/zhoushan",
        "--iterations",
        "3",
        "--set",
        "workers=1",
        "--quiet",
        "--out",
        str(folder / "demo"),
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with running(folder / "home", "", folder / "demo") as server:
        yield server, server.ask("GET", "/plans").json()["items"][0]["id"]


PAGES = (
    "/", "/?date=2026-07-04", "/timetables/ports/banshengdong?date=2026-07-04", "/timetables/lines/D01?date=2026-07-04", "/docs",
    *(f"/plans/PLAN/figures/{n}/page" for n in ("timetable", "vessels", "berths", "loads", "map", "gap", "frequency", "left-behind")),
)  # fmt: skip


@pytest.mark.parametrize("size", ["1366,768", "390,844"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages_draw_without_a_word_on_the_console(zhoushan: tuple[Server, str], tmp_path: Path, lang: str, size: str) -> None:
    server, plan = zhoushan
    for number, path in enumerate(PAGES):
        path = path.replace("PLAN", plan)
        url = f"http://127.0.0.1:{server.port}{path}{'&' if '?' in path else '?'}lang={lang}"
        shot = [f"--screenshot={SHOTS}/{number:02d}-{lang}-{size.partition(',')[0]}.png"] if SHOTS else ["--dump-dom"]
        words = [
            str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", f"--user-data-dir={tmp_path / 'profile'}",
            f"--window-size={size}", "--hide-scrollbars", "--virtual-time-budget=8000", "--enable-logging=stderr", *shot, url,
        ]  # fmt: skip
        done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
        assert "CONSOLE" not in done.stderr, (path, [x for x in done.stderr.splitlines() if "CONSOLE" in x][:3])
        if not SHOTS:
            assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}"' in done.stdout
            if "/figures/" in path:
                assert "main-svg" in done.stdout, path

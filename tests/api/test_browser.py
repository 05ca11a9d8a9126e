"""The pages in a real browser that reaches nothing but the server: both languages, laptop and phone, no word on the console."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.chromium import browser
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


VIEWS = ("timetable", "vessels", "berths", "loads", "map", "gap", "frequency", "left-behind")
PAGES = (
    "/", "/?date=2026-07-04", "/?date=2026-07-07", "/timetables/ports/banshengdong?date=2026-07-04", "/timetables/lines/D01?date=2026-07-04", "/docs", "/docs/problems",
    "/journeys/page?date=2026-07-04", "/journeys/page?date=2026-07-04&from=taohua-01&to=banshengdong&depart_after=07:00",
    *(f"/plans/PLAN/figures/{n}/page" for n in VIEWS),
)  # fmt: skip


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["laptop", "phone"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages_draw_without_a_word_on_the_console(zhoushan: tuple[Server, str], tmp_path: Path, lang: str, size: tuple[int, int]) -> None:
    server, plan = zhoushan
    with browser(str(CHROMIUM), tmp_path / "profile") as page:
        page.size(*size)
        for number, path in enumerate(PAGES):
            path = path.replace("PLAN", plan)
            page.open(f"http://127.0.0.1:{server.port}{path}{'&' if '?' in path else '?'}lang={lang}")
            if SHOTS:
                page.picture(Path(SHOTS) / f"{number:02d}-{lang}-{size[0]}.png")
            assert page.said == [], path
            assert page.value("document.documentElement.lang") == ("zh-CN" if lang == "zh" else "en")
            assert page.value("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} is wider than the screen"
            assert page.value("!!document.querySelector('.main-svg')") == ("/figures/" in path), path


def test_the_browser_hears_what_a_page_says_and_sees_what_is_too_wide(tmp_path: Path) -> None:
    (tmp_path / "loud.html").write_text("<meta name=viewport content='width=device-width'><p style='width:900px'>x<script>console.error('loud'); nothing()</script>")
    with browser(str(CHROMIUM), tmp_path / "profile") as page:
        page.size(390, 844)
        page.open(f"file://{tmp_path}/loud.html")
        assert len(page.said) == 2
        assert page.value("document.documentElement.scrollWidth") > 390

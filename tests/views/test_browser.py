"""The report in a real browser without network: drawn, both languages, nothing on the console."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from api.service import plan_scenario
from solvers.contract import Settings, Watch

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
@pytest.mark.parametrize(("lang", "scenario"), [("zh", "toy"), ("en", "toy"), ("zh", "zhoushan")])
def test_the_report_draws_without_a_word_on_the_console(tmp_path: Path, lang: str, scenario: str) -> None:
    plan_scenario(ROOT / "data" / scenario, "summer-weekend", Settings(iterations=3, workers=1), Watch(100), tmp_path / "out", lang)
    words = [
        str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={tmp_path / 'profile'}",
        "--window-size=1366,768", "--virtual-time-budget=9000", "--enable-logging=stderr", "--dump-dom", (tmp_path / "out" / "report.html").as_uri(),
    ]  # fmt: skip
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert "CONSOLE" not in done.stderr
    assert f'<html lang="{lang}"' in done.stdout
    assert "main-svg" in done.stdout

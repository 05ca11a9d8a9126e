"""The siting report in a real browser without network: drawn, in the language asked for, nothing on the console."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_siting_report_draws_without_a_word_on_the_console(tmp_path: Path, lang: str) -> None:
    out = tmp_path / "sites"
    command = [sys.executable, "-m", "api.cli", "site", "data/zhoushan", "--island", "taohua", "--out", str(out), "--lang", lang]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    words = [
        str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={tmp_path / 'profile'}",
        "--window-size=1366,768", "--virtual-time-budget=9000", "--enable-logging=stderr", "--dump-dom", (out / "report.html").as_uri(),
    ]  # fmt: skip
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert "CONSOLE" not in done.stderr
    assert f'<html lang="{lang}"' in done.stdout
    assert "main-svg" in done.stdout
    assert ("合成" if lang == "zh" else "synthetic") in done.stdout

"""The report in a real browser without network: drawn at 1366x768, both languages, Chinese glyphs, nothing on the console."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from api.service import plan_scenario
from solvers.contract import Settings, Watch

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]
# draws every chart, switches the language there and back, then writes what a person would see into the title
PROBE = """
<script>
addEventListener("load", () => setTimeout(async () => {
  const report = {errors: window.faults, wide: [], charts: {}, tables: {}, glyphs: 0, titles: []};
  const pause = () => new Promise(done => setTimeout(done, 60));
  for (const turn of [0, 1]) {
    const main = document.querySelector("main:not([hidden])"), lang = main.dataset.lang;
    report.titles.push([lang, document.documentElement.lang, document.title]);
    for (const box of main.querySelectorAll(".figure")) { draw(box); await pause(); }
    report.charts[lang] = [...main.querySelectorAll(".figure")].map(b => b.querySelectorAll(".main-svg").length > 0);
    report.tables[lang] = [...main.querySelectorAll("section")].map(s => s.querySelectorAll("details.behind tbody tr").length);
    if (document.documentElement.scrollWidth > innerWidth) report.wide.push(lang + " " + document.documentElement.scrollWidth);
    main.querySelector("button[data-to]").click();
    await pause();
  }
  const pen = (text) => { const c = document.createElement("canvas"); c.width = c.height = 40; const g = c.getContext("2d");
    g.font = "30px " + getComputedStyle(document.body).fontFamily; g.fillText(text, 2, 32); return c.toDataURL(); };
  report.glyphs = new Set(["舟", "山", "班", "岛", "\\u{10FFFF}"].map(pen)).size;
  const out = document.createElement("pre"); out.id = "probe"; out.textContent = JSON.stringify(report); document.body.append(out);
}, 50));
</script>
"""
CATCH = '<script>window.faults = []; addEventListener("error", e => window.faults.push(String(e.message)));</script>'


@pytest.fixture(scope="module", params=["toy", "zhoushan"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("browser") / "out"
    plan_scenario(ROOT / "data" / request.param, "summer-weekend", Settings(iterations=3, workers=1), Watch(100), out, "zh")
    return out / "report.html"


def opened(page: Path, width: int = 1366, height: int = 768) -> subprocess.CompletedProcess[str]:
    """Chromium's DOM and console for a page, without network."""
    words = [
        str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={page.parent / 'profile'}",
        f"--window-size={width},{height}", "--virtual-time-budget=20000", "--enable-logging=stderr", "--dump-dom", page.as_uri(),
    ]  # fmt: skip
    return subprocess.run(words, capture_output=True, text=True, timeout=150, check=False)


def probed(page: Path, width: int = 1366, height: int = 768) -> dict[str, object]:
    """What the probe saw in a copy of the page."""
    import json

    html = page.read_text(encoding="utf-8").replace("<head>", "<head>" + CATCH, 1)
    copy = page.with_name(f"probe-{width}.html")
    copy.write_text(html.replace("</body>", PROBE + "</body>"), encoding="utf-8")
    done = opened(copy, width, height)
    assert "CONSOLE" not in done.stderr
    found = re.search(r'<pre id="probe">(.*?)</pre>', done.stdout, flags=re.DOTALL)
    assert found is not None, done.stderr[-2000:]
    seen: dict[str, object] = json.loads(found.group(1).replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&"))
    return seen


def test_the_report_draws_without_a_word_on_the_console(report: Path) -> None:
    done = opened(report)
    assert "CONSOLE" not in done.stderr
    assert '<html lang="zh"' in done.stdout
    assert "main-svg" in done.stdout


def test_every_chart_is_drawn_with_its_table_in_both_languages(report: Path) -> None:
    seen = probed(report)
    assert seen["errors"] == []
    assert seen["wide"] == []  # nothing makes the page scroll sideways
    for lang in ("zh", "en"):
        charts, tables = seen["charts"][lang], seen["tables"][lang]  # type: ignore[index]
        assert len(charts) == len(tables) >= 8
        assert all(charts)
        assert all(rows > 0 for rows in tables)


def test_the_switch_changes_language_and_title(report: Path) -> None:
    titles = probed(report)["titles"]
    assert [t[:2] for t in titles] == [["zh", "zh"], ["en", "en"]]  # type: ignore[attr-defined]
    assert "夏季周末" in titles[0][2]  # type: ignore[index]
    assert "Summer weekend" in titles[1][2]  # type: ignore[index]


def test_chinese_characters_have_glyphs_of_their_own(report: Path) -> None:
    assert probed(report)["glyphs"] == 5  # four characters and the box of one that no font has


def test_a_phone_does_not_scroll_sideways(report: Path) -> None:
    assert probed(report, 500, 900)["wide"] == []

"""The report: both languages, nothing from outside, names of users never run."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from api.service import plan_scenario
from solvers.contract import Settings, Watch

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    base = tmp_path_factory.mktemp("report")
    shutil.copytree(ROOT / "data" / "toy", base / "toy")
    ports = (base / "toy" / "ports.csv").read_text(encoding="utf-8")
    (base / "toy" / "ports.csv").write_text(
        ports.replace("枢纽港", "<script>alert(1)</script>").replace(",Hub,", ",</script><b>Hub,"), encoding="utf-8"
    )
    plan_scenario(base / "toy", "summer-weekend", Settings(iterations=5, workers=1), Watch(60), base / "out", "zh")
    return (base / "out" / "report.html").read_text(encoding="utf-8")


def test_nothing_comes_from_outside(page: str) -> None:
    assert not re.search(r"<(script|link|img|iframe)[^>]+(src|href)=[\"']?(https?:)?//", page)


def test_both_languages_open_on_the_answer(page: str) -> None:
    assert "可证明距最优不超过" in page
    assert "No timetable can be more than" in page
    assert page.index("<h1>") < page.index("<section>")


def test_names_are_shown_not_run(page: str) -> None:
    assert "<script>alert(1)" not in page
    assert "</script><b>Hub" not in page


def test_no_chart_can_be_sent_away(page: str) -> None:
    assert "showSendToCloud: false" in page

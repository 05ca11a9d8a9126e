"""The report: both languages, nothing from outside, names of users never run, names instead of ids, a table behind each chart."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from api.service import plan_scenario
from islandflow.ferry.folder import PlanFolder, read_plan
from islandflow.network.sea import SeaNetwork
from islandflow.views.report import cell_text, write_report
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
    plan_scenario(base / "toy", "summer-weekend", Settings(solver="greedy", iterations=5, workers=1), Watch(60), base / "out", "zh")
    return (base / "out" / "report.html").read_text(encoding="utf-8")


class Text(HTMLParser):
    """Texts of the page of one language, settings left out, and how often each element occurs."""

    def __init__(self, html: str, lang: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.count: dict[str, int] = {}
        body = html[html.index(f'<main lang="{lang}"') :]
        self.feed(body[: body.index("</main>")])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.count[tag] = self.count.get(tag, 0) + 1

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_nothing_comes_from_outside(page: str) -> None:
    assert not re.search(r"<(script|link|img|iframe)[^>]+(src|href)=[\"']?(https?:)?//", page)


def test_both_languages_open_on_the_answer(page: str) -> None:
    assert "可证明距最优不超过" in page
    assert "No timetable can be more than" in page
    assert page.index("<h1>") < page.index('<div class="numbers">') < page.index('<dl class="answer">') < page.index("<section")


def test_names_are_shown_not_run(page: str) -> None:
    assert "<script>alert(1)" not in page
    assert "</script><b>Hub" not in page


def test_no_chart_can_be_sent_away(page: str) -> None:
    assert "showSendToCloud: false" in page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_chart_has_its_sentence_and_its_table(hand: PlanFolder, lang: str) -> None:
    html = (hand.folder / "report.html").read_text(encoding="utf-8")
    body = html[html.index(f'<main lang="{lang}"') :]
    sections = body[: body.index("</main>")].split("<section")[1:]
    assert len(sections) == 7  # the gap has no trace in a day made by hand
    for section in sections:
        assert re.search(r"<p>[^<]{8,}</p>", section)
        assert section.index('class="figure') < section.index("<details") < section.index("<table") < section.index("<td")


def test_the_chinese_page_speaks_chinese_and_the_english_one_english(hand: PlanFolder) -> None:
    html = (hand.folder / "report.html").read_text(encoding="utf-8")
    zh, en = (" ".join(Text(html, lang).texts) for lang in ("zh", "en"))
    foreign = {w.lower() for w in re.findall("[A-Za-z]{3,}", zh)}
    assert foreign == {"islandflow", "english", "set", "made"}  # the house, the switch, --set, and the attribution "made up"
    assert set(re.findall("[\u4e00-\u9fff]+", en)) == {"中文"}


def test_no_id_stands_where_there_is_a_name(hand: PlanFolder) -> None:
    html = (hand.folder / "report.html").read_text(encoding="utf-8")
    for lang in ("zh", "en"):
        text = " ".join(Text(html, lang).texts)
        for name in ("near-t", "far-t", "big-01", "small-01", "isles", "sailings-each-way", "hub-quay"):
            assert name not in text


def test_plans_of_other_days_stand_beside(hand: PlanFolder, toy_network: SeaNetwork, tmp_path: Path) -> None:
    plan_scenario(ROOT / "data" / "toy", "winter-weekday", Settings(iterations=2, workers=1), Watch(60), tmp_path / "winter", "en")
    write_report(hand, toy_network, tmp_path / "both.html", "en", [read_plan(tmp_path / "winter")])
    text = (tmp_path / "both.html").read_text(encoding="utf-8")
    assert "winter weekday planned" in text
    assert "winter weekend today ≈" in text


@pytest.mark.parametrize(("value", "key", "said"), [
    (1234, "people", "1,234"), (0.314, "load", "31.4 %"), (None, "gap", ""), ("07:30", "departs", "07:30"), (1234567.89, "cost_yuan", "1,234,568"),
    (2.5, "x", "2.5"), (17.25, "seconds", "17.25"), (0, "left", "0"),
])  # fmt: skip
def test_cells_read_as_people_write(value: str | float | None, key: str, said: str) -> None:
    assert cell_text(value, key) == said

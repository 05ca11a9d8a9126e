"""The answer names who has no boat and what would make one possible, in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.cli import summary
from islandflow.ferry.folder import PlanFolder
from islandflow.network.sea import SeaNetwork
from islandflow.scenario.entities import LandLink
from islandflow.views.answer import paragraphs
from islandflow.views.boatless import boatless_sentence, boatless_table
from islandflow.views.gallery import show
from islandflow.views.report import write_report
from islandflow.views.view import Case


def stripped(hand: PlanFolder, island: str = "far-quay") -> PlanFolder:
    """The day by hand without the sailings and travellers of the far island."""
    sailings = tuple(s for s in hand.plan.sailings if "far-t" not in s.ports)
    boardings = tuple(b for b in hand.plan.boardings if island not in (b.from_place, b.to_place))
    kept = {s.id for s in sailings}
    boardings = tuple(b for b in boardings if all(r.sailing in kept for r in b.rides))
    return replace(hand, plan=replace(hand.plan, sailings=sailings, boardings=boardings))


def told(folder: PlanFolder, network: SeaNetwork, lang: str) -> str:
    case = Case(folder, network, lang)
    return " ".join([boatless_sentence(case), *(str(cell) for row in boatless_table(case).rows for cell in row)])


def test_nobody_is_without_a_boat(hand: PlanFolder, toy_network: SeaNetwork) -> None:
    assert told(hand, toy_network, "en") == "Nobody: from every place where people want to travel, some do."
    assert told(hand, toy_network, "zh").startswith("没有")


@pytest.mark.parametrize(("lang", "words"), [
    ("zh", ("远岛（58 人次）", "L2 枢纽港–远岛港、L3 枢纽港–近岛港–远岛港 可以开行", "专派一艘小船走 L2 往返一趟", "延长计算时间")),
    ("en", ("Far Island (58 trips wanted)", "L2 Hub – Far, L3 Hub – Near – Far could sail; none of them does", "(Small boat) on L2", "A longer search")),
])  # fmt: skip
def test_an_island_without_a_boat_is_named_with_what_could_sail(
    hand: PlanFolder, toy_network: SeaNetwork, lang: str, words: tuple[str, ...]
) -> None:
    folder = stripped(hand)
    text = told(folder, toy_network, lang)
    assert [w for w in words if w not in text] == []
    heading = {"zh": "无船可乘", "en": "Without any boat"}[lang]
    assert dict(paragraphs(Case(folder, toy_network, lang)))[heading] in text
    proven = replace(folder, info=folder.info | {"status": "optimal"})
    assert words[-1] not in told(proven, toy_network, lang)  # nothing longer to search


def test_no_candidate_line_and_no_obligation_are_said(hand: PlanFolder, toy_network: SeaNetwork) -> None:
    folder = stripped(hand)
    lines = {"L1": folder.scenario.lines["L1"], "L2": replace(folder.scenario.lines["L2"], periods=("golden-week",))}
    barred = replace(folder, scenario=replace(folder.scenario, lines=lines))
    assert "没有候选航线停靠远岛港：L2 枢纽港–远岛港 本时期不开" in told(barred, toy_network, "zh")
    assert "No candidate line calls at Far: L2 Hub – Far does not run in this service pattern" in told(barred, toy_network, "en")
    none = replace(folder, scenario=replace(folder.scenario, lines={"L1": lines["L1"]}))
    assert "add one to line_patterns.csv" in told(none, toy_network, "en")
    free = replace(folder, audit=folder.audit | {"obligations": []}, scenario=replace(folder.scenario, obligations={}))
    assert "obligations.csv" in told(free, toy_network, "en")
    links = (*folder.scenario.land_links, LandLink("far-quay", "hub", 25))
    assert "By land it is 25 min to Hub quay." in told(
        replace(folder, scenario=replace(folder.scenario, land_links=links)), toy_network, "en"
    )


def test_boats_that_take_nobody_are_said(hand: PlanFolder, toy_network: SeaNetwork) -> None:
    boardings = tuple(b for b in hand.plan.boardings if "far-quay" not in (b.from_place, b.to_place))
    folder = replace(hand, plan=replace(hand.plan, boardings=boardings))
    assert "sailings go where they want to, but none within the 240 min" in told(folder, toy_network, "en")
    assert "直达,但不在可改的".replace(",", "，") in told(folder, toy_network, "zh")


def test_report_and_terminal_tell_it(hand: PlanFolder, toy_network: SeaNetwork, tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    write_report(stripped(hand), toy_network, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "无船可乘的地方" in page
    assert "Places without any boat" in page
    metrics = hand.metrics | {"without_boat": [{"name_zh": "远岛", "name_en": "Far Island", "wanted": 58}]}
    for lang, said in (("zh", "远岛 (58)"), ("en", "Far Island (58)")):
        summary(hand.info | {"run": {"seconds": 1, "peak_mb": 1}}, metrics, hand.audit, lang)
        assert said in capsys.readouterr().out
    assert hand.metrics["without_boat"] == []


def test_the_map_rings_where_nobody_gets_a_boat(hand: PlanFolder, toy_network: SeaNetwork) -> None:
    lost, none = (show("map", folder, toy_network, lang="en") for folder in (stripped(hand), hand))
    rings = [t for t in lost.figure.data if t.name == "without any boat"]
    assert [(list(t.x), list(t.y)) for t in rings] == [([122.2], [30.05])]  # Far
    assert "A ring marks" in lost.sentence
    assert not [t for t in none.figure.data if t.name == "without any boat"]
    assert "ring" not in none.sentence

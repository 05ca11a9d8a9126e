"""What a report claims: proven only where it is, and in words that name what is compared."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from api.service import write_plan
from islandflow.ferry.folder import PlanFolder, read_plan
from islandflow.ferry.plan import FerryPlan
from islandflow.network.sea import SeaNetwork
from islandflow.passengers.seating import seat_passengers
from islandflow.views.answer import certificate, cluster_rows, numbers, paragraphs, proof_of, title
from islandflow.views.typography import fullwidth
from islandflow.views.view import Case
from islandflow.views.words import audit_text

STAGE1 = {"violations": 0, "bound": 0, "proven": True}


def told(hand: PlanFolder, **info: Any) -> PlanFolder:
    """The day by hand with other claims in its plan.json."""
    value = hand.audit["objective_fen"]
    bound = info.pop("bound", value * 95 // 100)
    gap = None if bound is None else (value - bound) / value
    known = {"bound": bound, "gap": gap, "gap_net": None, "candidates": 1234, "stage1": STAGE1, "objective": value}
    return replace(hand, info=hand.info | known | info)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("claims", "certified", "optimal"), [
    ({}, True, False),
    ({"stage1": {"violations": 1, "bound": 0, "proven": False}}, False, False),
    ({"bound": None}, False, False),
    ({"status": "optimal"}, True, True),
])  # fmt: skip
def test_only_what_is_proven_is_called_so(
    hand: PlanFolder, toy_network: SeaNetwork, lang: str, claims: dict[str, Any], certified: bool, optimal: bool
) -> None:
    folder = told(hand, **claims)
    case = Case(folder, toy_network, lang)
    proof = proof_of(folder)
    assert (proof.certified, proof.optimal) == (certified, optimal)
    text = title(case) + certificate(case) + " ".join(x for row in numbers(case) for x in row)
    sure = {"zh": ("可证明", "已证明", "这是证明"), "en": ("proven within", "is proven", "proven:", "proven optimal")}[lang]
    said = any(w in text.replace("has not been proven", "").replace("未作证明", "") for w in sure)
    assert said == certified
    assert (("最优" if lang == "zh" else "optimal") in title(case).replace("距最优", "")) == optimal


def test_a_violation_takes_the_certificate_away(hand: PlanFolder, toy_network: SeaNetwork) -> None:
    folder = told(hand)
    dirty = replace(folder, audit=folder.audit | {"clean": False})
    assert not proof_of(dirty).certified
    assert "audit found violations" in certificate(Case(dirty, toy_network, "en"))


@pytest.mark.parametrize(("gap", "said"), [(0.048, "4.8"), (0.0480001, "4.9"), (0.0, "0.0"), (0.00001, "0.1"), (0.1, "10.0")])
def test_a_gap_is_rounded_up_never_down(hand: PlanFolder, gap: float, said: str) -> None:
    assert proof_of(replace(hand, info=hand.info | {"gap": gap, "stage1": STAGE1})).rounded == said


def test_gaps_by_cluster_are_shown_with_their_certificate(hand: PlanFolder) -> None:
    clusters = [
        {"name": "toy", "plan": 1_000_000, "bound": 900_000, "gap": 0.1, "certified": True},
        {"name": "L1", "plan": 500_000, "bound": 400_000, "gap": 0.2001, "certified": False},
        {"name": "toy", "ports": ["hub", "near-t", "far-t"], "plan": 500_000, "bound": 500_000, "gap": 0.0, "certified": True},
    ]
    assert cluster_rows(hand.scenario, hand.info | {"clusters": clusters}, "en") == [
        ("Near Island and Far Island", "CNY 10,000", "CNY 9,000", "10.0 %", "proven"),
        ("L1 Hub – Near", "CNY 5,000", "CNY 4,000", "20.1 %", "not proven"),
        ("Hub, Near and others", "CNY 5,000", "CNY 5,000", "0.0 %", "proven"),
    ]
    assert cluster_rows(hand.scenario, {"clusters": []}, "en") == []


@pytest.fixture(scope="module")
def short(hand: PlanFolder, toy_network: SeaNetwork, tmp_path_factory: pytest.TempPathFactory) -> PlanFolder:
    """The day without its last boat home to the near island: obligations are unmet."""
    sailings = tuple(s for s in hand.plan.sailings if s.id not in ("S07", "S09"))
    plan = FerryPlan(hand.plan.service, sailings, seat_passengers(hand.scenario, hand.plan.service, sailings))
    folder = tmp_path_factory.mktemp("short") / "plan"
    write_plan(hand.scenario, toy_network, plan, folder, "zh", hand.info, None)
    return read_plan(folder)


def test_an_unmet_obligation_is_named_with_its_remedy_in_both_languages(short: PlanFolder, toy_network: SeaNetwork) -> None:
    unmet = [o for o in short.audit["obligations"] if not o["met"]]
    assert unmet
    page = (short.folder / "report.html").read_text(encoding="utf-8")
    assert "未满足的民生保障" in page
    for lang in ("zh", "en"):
        for o in unmet:
            assert audit_text(short.scenario, o[f"remedy_{lang}"], lang) in page.replace("&#39;", "'")
        duties = dict(paragraphs(Case(short, toy_network, lang)))["民生保障" if lang == "zh" else "Obligations"]
        assert str(len(unmet)) in duties


@pytest.mark.parametrize(("text", "zh"), [
    ("by 09:00", "09:00 前"),
    ("not before 16:00", "不早于 16:00"),
    ("there by 11:30, 02:00 ashore", "11:30 前到达，在外停留 02:00"),
    ("there 05:20, home 22:10", "05:20 到达，22:10 返程"),
    ("600 min near-t→hub", "600 分钟 近岛港→枢纽港"),
    ("15 min, 07:05-07:20", "15 分钟（07:05-07:20）"),
    ("2 near-t→hub", "2 班 近岛港→枢纽港"),
    ("3 denied", "3 人无座"),
    ("20 %", "20 %"),
    ("-", "无"),
])  # fmt: skip
def test_what_the_audit_finds_is_said_in_chinese(hand: PlanFolder, text: str, zh: str) -> None:
    assert audit_text(hand.scenario, text, "zh") == fullwidth(zh)


def test_every_check_of_the_audit_has_chinese_words(short: PlanFolder) -> None:
    for o in short.audit["obligations"]:
        for text in (o["required"], o["found"], o["remedy_zh"]):
            assert not re.search("[a-z]{3}", audit_text(short.scenario, text, "zh")), text


def test_marks_are_full_width_beside_chinese_only() -> None:
    comma, colon, opens, closes = "\uff0c", "\uff1a", "\uff08", "\uff09"
    assert fullwidth("周末:1,785 班,07:30 开(约 5 %)") == f"周末{colon}1,785 班{comma}07:30 开{opens}约 5 %{closes}"
    assert fullwidth("CNY 1,785 (net), 07:30") == "CNY 1,785 (net), 07:30"

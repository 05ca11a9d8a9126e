"""The price of coupling: differences of two plans by hand, the proven limit, and facts that must not differ."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from islandflow.errors import BadInput
from islandflow.ferry.folder import PlanFolder, write_json
from islandflow.season.coupling import FILE, coupling_rows, read_coupling, society_yuan
from islandflow.season.folder import SeasonFolder
from islandflow.season.tables import season_tables
from islandflow.views.season import paragraphs, sections
from islandflow.views.season_case import SeasonCase

SERVICE = "summer-weekend"


def planned(plan: PlanFolder, objective: float, wishes: float, bound_fen: int | None) -> PlanFolder:
    info: dict[str, Any] = {**plan.info, "bound": bound_fen, "run": {"seconds": 60.0}}
    return replace(plan, info=info, metrics={**plan.metrics, "objective_yuan": objective, "wishes_yuan": wishes})


def test_the_price_is_the_difference_without_wishes_and_the_limit_is_that_to_the_bound(season: SeasonFolder) -> None:
    one = planned(season.plans[SERVICE], 1_600.0, 500.0, None)
    two = planned(season.plans[SERVICE], 1_000.0, 0.0, 90_000)
    (row,) = coupling_rows({SERVICE: one}, {SERVICE: two}, {SERVICE: 33})
    assert (row["season_yuan"], row["alone_yuan"], row["coupling_yuan"], row["share"]) == (1100.0, 1000.0, 100.0, 0.1)
    assert row["at_most_yuan"] == 200.0
    assert row["dates"] == 33
    assert society_yuan(one) == 1100.0


def test_without_a_bound_nothing_is_proven_and_a_gain_is_told_as_it_is(season: SeasonFolder) -> None:
    one, two = (planned(season.plans[SERVICE], yuan, 0.0, None) for yuan in (900.0, 1000.0))
    (row,) = coupling_rows({SERVICE: one}, {SERVICE: two}, {})
    assert (row["coupling_yuan"], row["at_most_yuan"], row["dates"]) == (-100.0, None, 0)


def test_patterns_that_only_one_side_has_are_left_out_and_none_in_common_is_refused(season: SeasonFolder) -> None:
    plans = {s: planned(p, 1.0, 0.0, None) for s, p in season.plans.items()}
    rows = coupling_rows(plans, {SERVICE: plans[SERVICE]}, {})
    assert [r["service"] for r in rows] == [SERVICE]
    with pytest.raises(BadInput, match="share no service pattern"):
        coupling_rows({SERVICE: plans[SERVICE]}, {"winter-weekday": plans["winter-weekday"]}, {})


def test_other_facts_are_refused_by_name(season: SeasonFolder) -> None:
    plan = planned(season.plans[SERVICE], 1.0, 0.0, None)
    other = replace(plan, scenario=replace(plan.scenario, demand=()))
    with pytest.raises(BadInput, match="demand"):
        coupling_rows({SERVICE: plan}, {SERVICE: other}, {})


@pytest.mark.parametrize(("lang", "words", "heading"), [("en", "more over 33 dates", "The price of coupling"), ("zh", "合计社会总成本多", "时期联编的代价")])
def test_the_report_tells_it_in_both_languages(season: SeasonFolder, lang: str, words: str, heading: str) -> None:
    one, two = planned(season.plans[SERVICE], 1_600.0, 500.0, None), planned(season.plans[SERVICE], 1_000.0, 0.0, 90_000)
    write_json(season.folder / FILE, coupling_rows({SERVICE: one}, {SERVICE: two}, {SERVICE: 33}))
    try:
        case = SeasonCase(season, season_tables(season), lang)
        assert read_coupling(season.folder)
        assert any(words in text for _, text in paragraphs(case))
        assert heading in [s.title for s in sections(case)]
    finally:
        (season.folder / FILE).unlink()
    assert read_coupling(season.folder) == []

"""Two plans side by side: what was added, dropped and moved, to the minute; facts that differ are named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from islandflow.errors import BadInput
from islandflow.ferry.plan import Call, FerryPlan, Sailing
from islandflow.scenario.entities import Scenario
from islandflow.season.compare import changes, compare
from islandflow.season.folder import SeasonFolder, plans_of
from islandflow.season.retime import own_frequencies
from islandflow.views.compare import comparison_sheets, write_comparison
from tests.views.conftest import day_by_hand


def at(*minutes: int) -> FerryPlan:
    sailings = (Sailing(f"S{n}", "L1", "small-01", (Call("hub", None, m), Call("near-t", m + 30, None))) for n, m in enumerate(minutes))
    return FerryPlan("summer-weekend", tuple(sailings))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ((480,), (480,), []),
        ((480,), (540,), [("retimed", 60)]),
        ((480,), (541,), [("dropped", None), ("added", None)]),
        ((480, 490), (485, 490), [("retimed", 5)]),
        ((480,), (480, 480), [("added", None)]),
        ((480, 600), (590,), [("retimed", -10), ("dropped", None)]),
    ],
)
def test_equal_minutes_first_then_the_nearest_within_an_hour(before: tuple[int, ...], after: tuple[int, ...], told: list[object]) -> None:
    assert [(r["change"], r["minutes"]) for r in changes("summer-weekend", at(*before), at(*after))] == told


def test_a_plan_beside_itself_differs_in_nothing(season: SeasonFolder) -> None:
    found = compare(season.plans, plans_of(season.folder), ("a", "b"))
    assert found.services == ("winter-weekday", "summer-weekend")
    assert not found.rows["changes"]
    assert not found.unfair
    assert all(r["change"] in (0, None) for r in found.rows["whole"] + found.rows["groups"])
    assert {r["state"] for r in found.rows["obligations"]} <= {"open"}


def test_what_differs_is_counted_and_facts_that_differ_are_named(season: SeasonFolder) -> None:
    one, two = season.plans["winter-weekday"], season.plans["summer-weekend"]
    poorer = replace(two, plan=FerryPlan("winter-weekday", two.plan.sailings), scenario=replace(two.scenario, demand=()))
    found = compare({"winter-weekday": one}, {"winter-weekday": poorer}, ("a", "b"))
    assert sorted(r["before"] for r in found.rows["changes"]) == ["08:00", "10:00"]
    assert found.unfair == ("demand",)
    sailings = next(r for r in found.rows["whole"] if r["figure"] == "sailings")
    assert (sailings["a"], sailings["b"], sailings["change"], sailings["share"]) == (9, 7, -2, -0.2222)
    line = next(r for r in found.rows["lines"] if r["line"] == "L1")
    assert (line["sailings_a"], line["sailings_b"]) == (5, 3)
    hub = next(r for r in found.rows["ports"] if r["port"] == "hub")
    assert (hub["departures_a"], hub["departures_b"]) == (4, 3)


def test_plans_of_different_patterns_cannot_be_compared(season: SeasonFolder) -> None:
    plans = season.plans
    with pytest.raises(BadInput, match="no service pattern"):
        compare({"winter-weekday": plans["winter-weekday"]}, {"summer-weekend": plans["summer-weekend"]}, ("a", "b"))


def test_retimed_means_own_vessels_own_lines_own_counts(toy: Scenario) -> None:
    plan = FerryPlan("summer-weekend", tuple(s for s in day_by_hand() if s.vessel == "small-01"))
    made = own_frequencies(toy, plan)
    assert {k: f.count for k, f in made.fleets.items()} == {"big": 0, "small": 1}
    assert {(w.line, w.from_port, w.least) for w in made.wishes.values()} == {
        ("L1", "near-t", 1), ("L2", "hub", 1), ("L2", "far-t", 1), ("L3", "hub", 1),
    }  # fmt: skip
    assert made.whole("chains_per_fleet") == 0


def test_a_retimed_side_is_named_and_shares_are_read_in_per_cent(season: SeasonFolder, tmp_path: Path) -> None:
    plans = dict(season.plans)
    retimed = {s: replace(p, info={**p.info, "retimed": "as-run"}) for s, p in plans.items()}
    found = compare(retimed, plans, ("a", "b"))
    assert found.retimed == "A"
    for lang, words in (("en", "0 people more a day (sum of 2 patterns)"), ("zh", "多运 0 人次/天")):
        write_comparison(found, tmp_path / "page.html", lang)
        page = (tmp_path / "page.html").read_text(encoding="utf-8")
        assert words in page
    factor = plans["winter-weekday"].metrics["load_factor"]
    assert f"{100 * factor:.1f} %" in page


def test_the_workbook_holds_numbers_and_words_of_the_reader(season: SeasonFolder) -> None:
    one, two = (season.plans[s] for s in ("winter-weekday", "summer-weekend"))
    other = replace(two, plan=FerryPlan("winter-weekday", two.plan.sailings))
    sheets = comparison_sheets(compare({"winter-weekday": one}, {"winter-weekday": other}, ("a", "b")), "zh")
    assert list(sheets) == ["总体", "各类乘客", "民生保障", "航线", "经营人", "港口", "航次变化"]
    assert next(r for r in sheets["总体"] if r[1] == "航次")[2:5] == ["9", "7", "-2"]
    line = next(r for r in sheets["航线"] if r[1].startswith("L1"))
    assert line[2:5] == ["5", "3", "-2"]
    assert not [cell for rows in sheets.values() for row in rows for cell in row if cell.endswith(".0")]

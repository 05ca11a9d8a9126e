"""What if, word by word: what changes, by how much, and what is refused with the nearest known name."""

from __future__ import annotations

import pytest

from islandflow.errors import BadInput
from islandflow.scenario.entities import Scenario
from islandflow.season.folder import SeasonFolder
from islandflow.season.whatif import change_of


def test_a_vessel_fewer_a_fleet_fewer(toy: Scenario) -> None:
    assert change_of(["without: small-01"])(toy).fleets["small"].count == 0
    assert change_of(["without: big"])(toy).fleets["big"].count == 0
    assert change_of(["without: big-01"])(toy).fleets["small"] == toy.fleets["small"]


@pytest.mark.parametrize(("words", "visitor", "resident"), [("visitors=+30%", 1.3, 1), ("resident=-50%", 1, 0.5), ("all=+10%", 1.1, 1.1)])
def test_demand_of_a_group(toy: Scenario, words: str, visitor: float, resident: float) -> None:
    changed = change_of([f"demand: {words}"])(toy)
    for old, new in zip(toy.demand, changed.demand, strict=True):
        factor = {"visitor": visitor, "resident": resident}.get(old.segment)
        if factor is not None:
            assert new.trips == pytest.approx(old.trips * factor)


def test_more_vessels_and_dearer_fuel(toy: Scenario) -> None:
    changed = change_of(["add: 2 launch at far-t", "fuel: +40%"])(toy)
    added = changed.fleets["added-launch-far-t"]
    assert (added.count, added.home_port, added.seats, added.operator) == (2, "far-t", 30, "isles")
    assert changed.number("marine_diesel_cny_l") == pytest.approx(8.4)


def test_departures_are_kept_from_a_plan_in_its_own_period(toy: Scenario, season: SeasonFolder) -> None:
    plan = season.plans["summer-weekend"].folder
    made = change_of([f"keep: lines=L1,L2 {plan}"])(toy).wishes
    assert len(made) == 5
    assert {w.periods for w in made.values()} == {("summer-weekend",)}
    assert {w.price_yuan for w in made.values()} == {100_000}
    both = change_of([f"keep: lines=L1 {season.folder}"])(toy).wishes
    assert {w.periods for w in both.values()} == {("summer-weekend",), ("winter-weekday",)}


def test_every_fault_is_told_at_once(toy: Scenario, season: SeasonFolder) -> None:
    said = ["without: smal-01", "demand: visitor=30", "demand: gulls=+1%", "add: 2 lanch at far", "add: boats", "fuel: dear",
            f"keep: lines=L9 {season.plans['summer-weekend'].folder}", "keep: L1 x"]  # fmt: skip
    with pytest.raises(BadInput) as refused:
        change_of(said)(toy)
    texts = [f.text("en") for f in refused.value.faults]
    assert len(texts) == 9
    assert "small-01" in texts[0]
    assert any("launch" in t for t in texts)
    assert all(f.text("zh") for f in refused.value.faults)

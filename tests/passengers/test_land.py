"""Ways on land: links before walks, the quickest before the cheapest, every link told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from islandflow.passengers.land import NEVER, land_ways
from islandflow.scenario.entities import LandLink, Place, Scenario
from tests.ferry.builders import port, tiny


def village(metres: float) -> Scenario:
    """A village so far north of port A, on its island."""
    scenario = tiny(ports=[port("A"), port("B")])
    spot = Place("village", "村", "village", "isle-A", 30.0 + metres / 111_195, 122.0, "settlement")
    return replace(scenario, places={**scenario.places, "village": spot})


@pytest.mark.parametrize(("metres", "minutes"), [(900, 15), (1199, 20), (1201, NEVER)])
def test_walks_are_estimated_up_to_their_longest(metres: float, minutes: int) -> None:
    land = land_ways(village(metres))  # 4.8 km/h and a detour of 1.3: 16.25 minutes a straight kilometre
    a, b = land.index["village"], land.index["A"]
    assert land.minutes[a, b] == land.minutes[b, a] == minutes
    if minutes < NEVER:
        assert [leg.mode for leg in land.legs(a, b)] == ["walk"]
    else:
        with pytest.raises(ValueError, match="no way on land"):
            land.legs(a, b)


def test_a_link_of_the_scenario_wins_over_a_walk() -> None:
    scenario = replace(village(900), land_links=(LandLink("village", "A", 40, 3.0, 20),))
    land = land_ways(scenario)
    (leg,) = land.legs(land.index["A"], land.index["village"])
    assert (leg.mode, leg.minutes, leg.headway_min) == ("land", 40, 20)


def test_equally_quick_ways_are_chosen_by_fare() -> None:
    links = (LandLink("A", "B", 10, 9.0), LandLink("A", "c", 4, 1.0), LandLink("c", "B", 6, 2.0))
    land = land_ways(tiny(land_links=links))
    a, b = land.index["A"], land.index["B"]
    assert (land.minutes[a, b], land.fare_fen[a, b]) == (10, 300)
    assert [(leg.from_node, leg.to_node) for leg in land.legs(a, b)] == [("A", "c"), ("c", "B")]

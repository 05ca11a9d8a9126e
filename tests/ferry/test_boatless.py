"""Who has no boat at all: the toy's islands with and without the sailings that serve them, one traveller deciding."""

from __future__ import annotations

from dataclasses import replace

import pytest

from islandflow.ferry.boatless import Boatless, without_boat
from islandflow.ferry.plan import Call, FerryPlan, Sailing
from islandflow.network.sea import SeaNetwork
from islandflow.passengers.seating import seat_passengers
from islandflow.scenario.entities import LandLink, Scenario

SERVICE = "summer-weekend"
TO_NEAR = (
    Sailing("S1", "L1", "big-01", (Call("hub", None, 480), Call("near-t", 513, None))),
    Sailing("S2", "L1", "big-01", (Call("near-t", None, 600), Call("hub", 633, None))),
)
TO_FAR = (
    Sailing("S3", "L2", "small-01", (Call("hub", None, 480), Call("far-t", 530, None))),
    Sailing("S4", "L2", "small-01", (Call("far-t", None, 540), Call("hub", 590, None))),
)


def planned(toy: Scenario, *sailings: Sailing) -> FerryPlan:
    return FerryPlan(SERVICE, sailings, seat_passengers(toy, SERVICE, sailings))


def only(found: tuple[Boatless, ...]) -> Boatless:
    assert len(found) == 1
    return found[0]


def test_everybody_has_a_boat(toy: Scenario, toy_network: SeaNetwork) -> None:
    assert without_boat(toy, planned(toy, *TO_NEAR, *TO_FAR), toy_network) == ()


def test_an_island_at_which_no_boat_calls(toy: Scenario, toy_network: SeaNetwork) -> None:
    far = only(without_boat(toy, planned(toy, *TO_NEAR), toy_network))
    assert (far.island, far.places, far.whole, far.ports) == ("far", ("far-quay",), True, ("far-t",))
    # 10 + 10 residents, 16 + 16 visitors to and from the hub, 6 visitors from Near
    assert (far.wanted, far.residents) == (58, 20)
    assert (far.joins, far.lines, far.hindered, far.obligations) == (0, ("L2", "L3"), (), ("far",))
    assert far.left_fen == 20 * toy.number("left_behind_resident_cny") * 100 + 38 * toy.number("left_behind_visitor_cny") * 100
    assert far.cheapest is not None
    assert far.cheapest[:2] == ("L2", "small")


def test_the_price_of_a_boat_of_its_own_is_a_day_and_two_crossings(toy: Scenario, toy_network: SeaNetwork) -> None:
    """By hand: 1,500 yuan a day, twice 50 min of 60 l/h with their carbon, twice 30 yuan of dues."""
    far = only(without_boat(toy, planned(toy, *TO_NEAR), toy_network))
    a_litre = toy.number("marine_diesel_cny_l") + toy.number("co2_kg_per_l_diesel") * toy.number("carbon_price_cny_t") / 1000
    assert far.cheapest is not None
    assert far.cheapest[2] == pytest.approx(100 * (1500 + 2 * (50 / 60 * 60 * a_litre + 30)), abs=1)


def test_one_traveller_is_enough(toy: Scenario, toy_network: SeaNetwork) -> None:
    """Nobody is told once one person travels, and all of them while none does although the boats sail."""
    plan = planned(toy, *TO_NEAR, *TO_FAR)
    there = [b for b in plan.boardings if "far-quay" in (b.from_place, b.to_place)]
    rest = tuple(b for b in plan.boardings if b not in there)
    assert without_boat(toy, replace(plan, boardings=(*rest, replace(there[0], people=1))), toy_network) == ()
    far = only(without_boat(toy, replace(plan, boardings=rest), toy_network))
    assert (far.island, far.joins) == ("far", 2)
    ghost = replace(there[0], rides=(replace(there[0].rides[0], sailing="none such"),))
    assert only(without_boat(toy, replace(plan, boardings=(*rest, ghost)), toy_network)) == far


def test_why_no_line_can_call(toy: Scenario, toy_network: SeaNetwork) -> None:
    lines = {
        "L1": toy.lines["L1"],
        "L2": replace(toy.lines["L2"], periods=("golden-week",)),
        "L3": replace(toy.lines["L3"], classes=("none-of-these",)),
    }
    far = only(without_boat(replace(toy, lines=lines), planned(toy, *TO_NEAR), toy_network))
    assert (far.lines, far.cheapest) == ((), None)
    assert far.hindered == (("L2", "period"), ("L3", "vessels"))
    never = only(without_boat(replace(toy, lines={"L1": toy.lines["L1"]}), planned(toy, *TO_NEAR), toy_network))
    assert (never.lines, never.hindered) == ((), ())


def test_two_islands_and_no_mainland_beside_them(toy: Scenario, toy_network: SeaNetwork) -> None:
    found = without_boat(toy, planned(toy), toy_network)
    assert [b.island for b in found] == ["near", "far"]  # most trips first; the hub's people are counted there
    assert [b.places for b in found] == [("near-quay", "village"), ("far-quay",)]


def test_a_place_of_an_island_that_others_leave(toy: Scenario, toy_network: SeaNetwork) -> None:
    plan = planned(toy, *TO_NEAR, *TO_FAR)
    rest = tuple(b for b in plan.boardings if "village" not in (b.from_place, b.to_place))
    village = only(without_boat(toy, replace(plan, boardings=rest), toy_network))
    assert (village.places, village.whole, village.wanted, village.residents) == (("village",), False, 24, 24)


def test_a_way_on_land_is_told(toy: Scenario, toy_network: SeaNetwork) -> None:
    bridged = replace(toy, land_links=(*toy.land_links, LandLink("far-quay", "hub", 25)))
    plan = planned(bridged, *TO_NEAR)
    assert without_boat(bridged, plan, toy_network) == ()  # by the bridge to the hub, and on from there
    plan = replace(plan, boardings=tuple(b for b in plan.boardings if "far-quay" not in (b.from_place, b.to_place)))
    far = only(without_boat(bridged, plan, toy_network))
    assert far.overland == ("hub-quay", 25)
    assert only(without_boat(toy, planned(toy, *TO_NEAR), toy_network)).overland is None

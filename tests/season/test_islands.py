"""Islanders by hand: hours at the seat, day return at its limit and one past it, hospital, people counted; prices of obligations."""

from __future__ import annotations

from dataclasses import replace

import pytest

from islandflow.ferry.plan import FerryPlan
from islandflow.network.sea import SeaNetwork
from islandflow.passengers.land import land_ways
from islandflow.scenario.entities import Facility, LandLink, Scenario
from islandflow.season.folder import SeasonFolder
from islandflow.season.indicators import Row, beneficiary_rows, communities, island_rows
from islandflow.season.prices import keep_prices, price_rows, read_prices, residents
from islandflow.season.whatif import change_of
from islandflow.units import clock
from solvers.season.prices import service_prices
from tests.season.test_hops import boat


@pytest.fixture
def facts(toy: Scenario) -> Scenario:
    """The toy with a county: its seat is the hub, the only hospital stands there too."""
    islands = {k: replace(v, county="isles" if k != "main" else "") for k, v in toy.islands.items()}
    made = [Facility("seat", "seat", "isles", "hub"), Facility("hospital", "hospital", "", "hub")]
    return replace(toy, islands=islands, facilities={f.facility_id: f for f in made})


def row(facts: Scenario, network: SeaNetwork, season: SeasonFolder, *calls: tuple[str, tuple[str, str], tuple[str, str]]) -> Row:
    """Indicators of the near island on the boats given by name and two calls."""
    sailings = tuple(boat(name, "L1", a, b) for name, a, b in calls)
    folder = replace(season.plans["summer-weekend"], plan=FerryPlan("summer-weekend", sailings))
    return next(r for r in island_rows(facts, {"summer-weekend": folder}, network) if r["island_id"] == "near")


def test_islands_with_a_road_to_their_seat_are_no_communities(facts: Scenario) -> None:
    assert [c.island.island_id for c in communities(facts, land_ways(facts))] == ["near", "far"]
    bridged = replace(facts, land_links=(*facts.land_links, LandLink("near-t", "hub", 20)))
    assert [c.island.island_id for c in communities(bridged, land_ways(bridged))] == ["far"]
    # without a table of seats the obligation says where people go
    assert [(c.port, c.seat) for c in communities(replace(facts, facilities={}), land_ways(facts))] == [("near-t", "hub"), ("far-t", "hub")]


@pytest.mark.parametrize(("home", "possible"), [(690, True), (689, False)])
def test_a_day_return_at_its_limit_and_one_past_it(facts: Scenario, toy_network: SeaNetwork, season: SeasonFolder, home: int, possible: bool) -> None:
    check_in = facts.whole("check_in_min")
    out = ("A", ("near-t", "08:00"), ("hub", "08:30"))
    found = row(facts, toy_network, season, out, ("B", ("hub", clock(home + check_in)), ("near-t", clock(home + 60))))
    assert (found["seat_min"], found["day_return"]) == (home - 510, possible)
    assert (found["first_out"], found["last_back"]) == (clock(480 - check_in), clock(home))
    assert found["operating_day_min"] == home - 480 + check_in
    assert (found["out"], found["back"], found["changes"], found["island_min"]) == (1, 1, 0, None)


def test_a_way_two_hours_longer_than_the_quickest_counts_and_one_past_it_does_not(facts: Scenario, toy_network: SeaNetwork, season: SeasonFolder) -> None:
    quick = ("A", ("near-t", "12:00"), ("hub", "12:30"))
    for leaves, first in ((480, 480), (479, 720)):
        minutes = 30 + facts.whole("check_in_min") + 120
        late = ("B", ("near-t", clock(leaves)), ("hub", clock(480 - facts.whole("check_in_min") + minutes)))
        assert row(facts, toy_network, season, quick, late)["first_out"] == clock(first - facts.whole("check_in_min"))


def test_a_hospital_wants_a_morning_and_time(facts: Scenario, toy_network: SeaNetwork, season: SeasonFolder) -> None:
    by, stay = facts.whole("medical_arrival_by"), facts.whole("medical_hours_ashore")
    at = by + stay + facts.whole("check_in_min")
    for arrives, leaves, reached in ((by, at, True), (by + 1, at + 1, False), (by, at - 1, False)):
        boats = (("A", ("near-t", clock(arrives - 30)), ("hub", clock(arrives))), ("B", ("hub", clock(leaves)), ("near-t", clock(leaves + 30))))
        assert row(facts, toy_network, season, *boats)["hospital"] == reached
    here = Facility("clinic", "hospital", "", "near-t")
    own = replace(facts, facilities={**facts.facilities, "clinic": here})
    assert row(own, toy_network, season)["hospital"]
    assert row(own, toy_network, season)["own_hospital"]


def test_people_are_counted_by_pattern(facts: Scenario, toy_network: SeaNetwork, season: SeasonFolder) -> None:
    rows = island_rows(facts, season.plans, toy_network)
    assert len(rows) == 4
    found = {r["service"]: r for r in beneficiary_rows(rows, season.year.by_service())}
    assert found["winter-weekday"]["residents"] == 1200
    assert found["winter-weekday"]["day_return"] == sum(r["residents"] for r in rows if r["day_return"] and r["service"] == "winter-weekday")
    assert found["summer-weekend"]["dates"] == 2


def test_prices_are_kept_summed_over_the_year_and_shared(facts: Scenario, season: SeasonFolder) -> None:
    keep_prices(season.folder, {"winter-weekday": {"far": {"last-boat": 12_000, "day-return": 3_000}}})
    rows = {r["obligation_id"]: r for r in price_rows(facts, read_prices(season.folder), {"winter-weekday": 20})}
    (season.folder / "prices.json").unlink()
    assert read_prices(season.folder) == {}
    assert (rows["far"]["winter-weekday"], rows["far"]["year_yuan"], rows["far"]["yuan_per_resident"]) == (150, 3000, 10)
    assert (rows["near"]["year_yuan"], rows["near"]["residents"]) == (0, 900)
    assert residents(facts, replace(facts.obligations["far"], either_port="near-t")) == 1200


def test_what_nobody_needs_to_ask_for_is_cheaper_than_what_is_dear(toy: Scenario) -> None:
    plain = service_prices(toy, "summer-weekend", 60, rounds=200)
    assert set(plain) == {"near", "far"}
    assert all(fen >= 0 for rules in plain.values() for fen in rules.values())
    more = replace(toy.obligations["far"], sailings_each_way=6)
    dear = service_prices(replace(toy, obligations={**toy.obligations, "far": more}), "summer-weekend", 60, rounds=200)
    assert dear["far"]["sailings-each-way"] > plain["far"]["sailings-each-way"] + 10_000


def test_an_obligation_may_be_dropped_to_see_its_price(toy: Scenario) -> None:
    assert list(change_of(["drop: far"])(toy).obligations) == ["near"]

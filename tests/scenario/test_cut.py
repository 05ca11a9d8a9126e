"""A cluster alone keeps what is its own and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from islandflow.errors import BadInput
from islandflow.scenario.cut import cut_to_cluster
from islandflow.scenario.entities import Demand, LandLink, Road, Scenario, Settlement, Site


@pytest.fixture
def two(toy: Scenario) -> Scenario:
    """The toy with a second cluster: a line from the hub to another port, a boat, demand and an obligation of its own."""
    other = replace(toy.ports["far-t"], port_id="other-t", place_id="other-quay", cluster="other")
    place = replace(toy.places["far-quay"], place_id="other-quay")
    line = replace(toy.lines["L2"], line_id="X1", calls=("hub", "other-t"), cluster="other")
    fleet = replace(toy.fleets["small"], fleet_id="x", cluster="other", home_port="other-t")
    duty = replace(toy.obligations["far"], obligation_id="other", port="other-t")
    trip = replace(toy.demand[0], from_place="other-quay", to_place="hub-quay")
    across = replace(toy.demand[0], from_place="other-quay", to_place="near-quay")
    return replace(
        toy,
        ports={**toy.ports, "other-t": other},
        places={**toy.places, "other-quay": place},
        lines={**toy.lines, "X1": line},
        fleets={**toy.fleets, "x": fleet},
        obligations={**toy.obligations, "other": duty},
        demand=(*toy.demand, trip, across),
    )


def test_a_scenario_of_one_cluster_stays_whole(toy: Scenario) -> None:
    assert replace(cut_to_cluster(toy, "toy"), digest=toy.digest) == toy


def test_each_cluster_gets_its_own(toy: Scenario, two: Scenario) -> None:
    mine, other = cut_to_cluster(two, "toy"), cut_to_cluster(two, "other")
    assert replace(mine, digest=toy.digest) == toy
    assert set(other.ports) == {"hub", "other-t"}
    assert set(other.places) == {"hub-quay", "other-quay"}
    assert (set(other.lines), set(other.fleets), set(other.obligations)) == ({"X1"}, {"x"}, {"other"})
    assert [(d.from_place, d.to_place) for d in other.demand] == [("other-quay", "hub-quay")]
    assert not other.land_links
    assert not other.sea_legs
    assert other.settings == two.settings


@pytest.mark.parametrize(("minutes", "owners"), [(11, {"toy"}), (10, {"toy", "other"}), (9, {"other"})])
def test_a_settlement_between_two_clusters_travels_from_the_nearer(two: Scenario, minutes: int, owners: set[str]) -> None:
    assert [link.minutes for link in two.land_links if "village" in (link.from_node, link.to_node)] == [10]
    shared = replace(two, land_links=(*two.land_links, LandLink("village", "other-t", minutes)))
    held = {c for c in ("toy", "other") if any(d.from_place == "village" for d in cut_to_cluster(shared, c).demand)}
    assert held == owners


def test_the_lines_between_two_ports_alone(two: Scenario) -> None:
    lone = cut_to_cluster(two, "hub-near")
    assert (set(lone.lines), set(lone.ports), set(lone.fleets)) == ({"L1"}, {"hub", "near-t"}, {"big", "small"})
    assert set(lone.obligations) == {"near"}
    assert {d.to_place for d in lone.demand if d.from_place == "hub-quay"} <= {"near-quay", "village"}
    for name in ("near-hub", "hub-near-t", "near-t-hub"):
        assert replace(cut_to_cluster(two, name), digest="") == replace(lone, digest="")


def test_a_home_port_without_a_line_is_kept_but_brings_no_demand(two: Scenario) -> None:
    fleets = {**two.fleets, "x": replace(two.fleets["x"], home_port="near-t")}
    other = cut_to_cluster(replace(two, fleets=fleets), "other")
    assert set(other.ports) == {"hub", "other-t", "near-t"}
    assert all("near-quay" not in (d.from_place, d.to_place) for d in other.demand)


def test_demand_that_no_vessel_could_carry_is_left_out(two: Scenario) -> None:
    none = {**two.fleets, "x": replace(two.fleets["x"], count=0)}
    demand: tuple[Demand, ...] = cut_to_cluster(replace(two, fleets=none), "other").demand
    assert demand == ()


def test_an_unknown_cluster_names_the_nearest(toy: Scenario) -> None:
    with pytest.raises(BadInput, match="toy") as caught:
        cut_to_cluster(toy, "toyy")
    assert caught.value.faults[0].remedy_zh


def test_settlements_roads_and_sites_go_with_their_islands(two: Scenario) -> None:
    def home(name: str, island: str, place: str) -> Settlement:
        return Settlement(name, name, name, island, place, 30.0, 122.0, 1)

    far = replace(two.ports["other-t"], island_id="main")  # so that the island far is of the toy alone
    homes = [home("a", "far", "far-quay"), home("b", "far", ""), home("c", "main", "near-quay"), home("d", "main", "other-quay")]
    roads = [
        Road(f"{x}-{y}", i, x, y, 30.0, 122.0, 30.01, 122.0, 1200, "lane", 20.0) for x, y, i in (("a", "b", "far"), ("c", "d", "main"))
    ]
    sites = [Site(f"at-{n}", n, "logistics", "possible") for n in ("a", "d", "other-t", "near-t")]
    joined = replace(
        two,
        ports={**two.ports, "other-t": far},
        places={**two.places, "other-quay": replace(two.places["other-quay"], island_id="main")},
        settlements={h.settlement_id: h for h in homes},
        roads={r.road_id: r for r in roads},
        sites={s.site_id: s for s in sites},
    )
    other = cut_to_cluster(joined, "other")
    assert (set(other.settlements), set(other.roads), set(other.sites)) == ({"d"}, {"c-d"}, {"at-d", "at-other-t"})
    mine = cut_to_cluster(joined, "toy")
    assert (set(mine.settlements), set(mine.roads), set(mine.sites)) == ({"a", "b", "c"}, {"a-b", "c-d"}, {"at-a", "at-near-t"})

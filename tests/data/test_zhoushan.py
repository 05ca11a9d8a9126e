"""The archipelago as shipped: readable, complete, and true to the documented totals."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from islandflow.network.running import eligible_lines, fleet_ports, runs_on
from islandflow.network.sea import CACHE, build_network, distance_check, key_of
from islandflow.passengers.access import joined, land_access, line_stretches
from islandflow.scenario.reader import check_scenario, read_scenario
from islandflow.scenario.schema import SERVICES

FOLDER = Path(__file__).resolve().parents[2] / "data" / "zhoushan"
# boardings a day, both ways; the documented ones are the winter weekday, golden week and the Putuoshan share of Spring Festival
BOARDINGS = {
    "winter-weekday": 85_000,
    "winter-weekend": 91_252,
    "spring-autumn-weekday": 84_742,
    "spring-autumn-weekend": 119_480,
    "summer-weekday": 101_458,
    "summer-weekend": 132_538,
    "golden-week": 219_000,
    "spring-festival": 236_556,
    "pilgrimage": 132_954,
}
# "over 190,000" at Spring Festival: the facts scale whole numbers to 189,998
PUTUOSHAN = {"winter-weekday": 42_000, "golden-week": 120_800, "spring-festival": 189_998}


@pytest.fixture(scope="module")
def zhoushan():
    return read_scenario(FOLDER)


@pytest.fixture(scope="module")
def network(zhoushan):
    return build_network(zhoushan)


def people(scenario, service, at=None):
    """Boardings of a service pattern, of all or of journeys with an end at a quay."""
    access, lines = land_access(scenario), line_stretches(scenario, service)
    return sum(
        d.trips * (1 if joined(access, lines, d.from_place, d.to_place) else 2)
        for d in scenario.demand
        if d.service == service and d.segment != "vehicle" and (at is None or at in (d.from_place, d.to_place))
    )


def test_the_scenario_has_no_fault_and_no_warning():
    assert check_scenario(FOLDER) == []


def test_it_says_that_it_is_estimated_and_names_the_coastline_s_owner(zhoushan):
    assert zhoushan.estimated
    assert "OpenStreetMap" in zhoushan.attribution
    assert "ODbL" in zhoushan.attribution


@pytest.mark.parametrize("service", SERVICES)
def test_boardings_are_those_of_the_facts(zhoushan, service):
    assert people(zhoushan, service) == BOARDINGS[service]


@pytest.mark.parametrize(("service", "expected"), PUTUOSHAN.items())
def test_boardings_at_putuoshan_are_the_documented_ones(zhoushan, service, expected):
    assert people(zhoushan, service, "putuoshan-t-quay") == expected


def test_all_nine_services_have_dates_demand_and_names(zhoushan):
    assert tuple(zhoushan.services) == SERVICES
    assert {d.service for d in zhoushan.calendar} == set(SERVICES)
    assert {d.service for d in zhoushan.demand} == set(SERVICES)


def test_demand_is_whole_and_symmetric(zhoushan):
    trips = {(d.from_place, d.to_place, d.segment, d.service): d.trips for d in zhoushan.demand}
    assert all(n == int(n) > 0 for n in trips.values())
    assert all(trips[b, a, segment, service] == n for (a, b, segment, service), n in trips.items())


def ways(scenario, service, decks):
    """Ordered pairs of ports that a boat with a fleet joins; with a vehicle deck if asked."""
    found = set()
    for fleet in scenario.fleets.values():
        if fleet.count and (fleet.vehicle_deck or not decks):
            for line in eligible_lines(scenario, fleet, service):
                found |= {(a, b) for a in line.calls for b in line.calls if a != b}
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_every_journey_has_a_boat_that_a_fleet_can_sail(zhoushan, service):
    access = land_access(zhoushan)
    lines = line_stretches(zhoushan, service)
    for decks in (False, True):
        boats = ways(zhoushan, service, decks)
        onward = defaultdict(set)
        for a, b in boats:
            onward[a].add(b)
        for d in zhoushan.demand:
            if d.service != service or (d.segment == "vehicle") != decks:
                continue
            near, far = access.ports[d.from_place], access.ports[d.to_place]
            direct = any((a, b) in boats for a in near for b in far)
            change = any(b in onward[q] for a in near for p in onward[a] for q in access.change[p] for b in far)
            assert direct or (change and not joined(access, lines, d.from_place, d.to_place)), (d, decks)


@pytest.mark.parametrize("service", SERVICES)
def test_every_obligation_has_a_line_and_a_fleet(zhoushan, service):
    boats = ways(zhoushan, service, False)
    unserved = [o.obligation_id for o in zhoushan.obligations.values() if not any((p, o.serves_port) in boats for p in o.island_ports)]
    assert unserved == []


def test_every_fleet_has_a_line_at_its_home_port_in_every_service(zhoushan):
    for fleet in zhoushan.fleets.values():
        for service in SERVICES:
            assert fleet.home_port in fleet_ports(zhoushan, fleet, service), (fleet.fleet_id, service)


def test_every_line_that_may_run_has_a_vessel(zhoushan):
    sailed = {
        line.line_id
        for fleet in zhoushan.fleets.values() if fleet.count
        for service in SERVICES for line in eligible_lines(zhoushan, fleet, service)
    }  # fmt: skip
    assert sailed == set(zhoushan.lines)
    assert all(runs_on(zhoushan, line, s) for line in zhoushan.lines.values() for s in SERVICES)


def test_classes_fit_the_ports_of_their_lines(zhoushan):
    length = {f.vessel_class: f.length_m for f in zhoushan.fleets.values()}
    for line in zhoushan.lines.values():
        for port in line.calls:
            for vessel_class in line.classes:
                assert length[vessel_class] <= zhoushan.ports[port].longest_vessel_m, (line.line_id, port, vessel_class)


def test_a_line_is_sailed_within_its_time_by_all_its_classes(zhoushan, network):
    """Three minutes a leg for berthing left, no stated crossing asks a class for more than 8 % above its service speed."""
    speed = {f.vessel_class: f.speed_kn for f in zhoushan.fleets.values()}
    for row in distance_check(zhoushan, network):
        line = zhoushan.lines[row.line_id]
        for vessel_class in line.classes:
            under_way = line.crossing_min - 3 * (len(line.calls) - 1)
            assert row.computed_nm / speed[vessel_class] * 60 <= under_way * 1.08, (row, vessel_class)


def test_moorings_take_the_boats_based_there(zhoushan):
    based = defaultdict(int)
    for fleet in zhoushan.fleets.values():
        based[fleet.home_port] += fleet.count
    assert all(n <= zhoushan.ports[p].overnight_moorings for p, n in based.items())
    assert sum(based.values()) == 150


def test_profiles_add_to_exactly_one(zhoushan):
    total = defaultdict(int)
    for row in zhoushan.profiles:
        total[row.profile] += round(row.share * 1_000_000)
    assert set(total.values()) == {1_000_000}
    assert {d.profile for d in zhoushan.demand} <= set(total)


def test_every_line_has_a_documented_distance_and_none_is_below_the_great_circle(zhoushan, network):
    rows = distance_check(zhoushan, network)
    assert [r.line_id for r in rows] == list(zhoushan.lines)
    for row in rows:
        assert row.documented_nm is not None
        assert row.computed_nm >= row.great_circle_nm
        # grid figures run 1-3 % long; on the shortest legs they are rounded, or below the great circle
        assert abs(row.computed_nm - row.documented_nm) <= max(0.3, 0.035 * row.documented_nm), row


def test_the_shipped_sea_paths_are_those_of_these_ports(zhoushan):
    text = (FOLDER / CACHE).read_text(encoding="utf-8")
    assert f'"key":"{key_of(zhoushan)}"' in text
    assert len(text) < 3_000_000


def test_every_pair_of_ports_is_joined_by_water(zhoushan, network):
    assert all(network.nm(a, b) < float("inf") for line in zhoushan.lines.values() for a in line.calls for b in line.calls)


@pytest.mark.slow
def test_building_from_the_facts_gives_the_folder_as_shipped(tmp_path):
    """Every table, the coastline, the settings and the sea paths, which an empty cache makes it compute anew."""
    built, script = tmp_path / "zhoushan", FOLDER.parent / "build_zhoushan.py"
    words = [sys.executable, str(script), str(FOLDER.parent / "facts"), str(built)]
    nowhere = {name: str(tmp_path / "cache") for name in ("XDG_CACHE_HOME", "HOME")}
    subprocess.run(words, check=True, capture_output=True, env=os.environ | nowhere, timeout=240)
    shipped = {file.name: file.read_bytes() for file in FOLDER.iterdir() if file.is_file()}
    made = {file.name: file.read_bytes() for file in built.iterdir()}
    assert sorted(made) == sorted(shipped)
    assert [name for name in shipped if made[name] != shipped[name]] == []


def test_no_two_lines_of_one_operator_have_the_same_calls_and_classes(zhoushan):
    """G15 and G15Q differ by the call at Qushan."""
    found = [(line.operator, line.calls, line.classes) for line in zhoushan.lines.values()]
    assert len(found) == len(set(found))
    assert zhoushan.lines["G15"].calls == ("lizhushan", "sanjiang")
    assert zhoushan.lines["G15Q"].calls == ("lizhushan", "qushan-t", "sanjiang")

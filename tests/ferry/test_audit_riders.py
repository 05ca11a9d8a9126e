"""Rules of passengers: exact to the person and the minute."""

from __future__ import annotations

from dataclasses import replace

import pytest

from islandflow.scenario.entities import LandLink
from islandflow.units import clock
from tests.ferry.builders import audit, board, changed, ride, round_trip, sail, tiny, told, wish

# H to C goes by A-B and a change at B: no line goes through
CHANGE = [
    sail("S1", "H 08:00, 08:30 A 08:30, 09:00 B", "boat-01"),
    sail("S2", "B 12:00, 12:30 A 12:30, 13:00 H", "boat-01"),
    sail("T1", "B 09:15, 09:45 C", "boat-02"),
    sail("T2", "C 12:00, 12:30 B", "boat-02"),
]


@pytest.mark.parametrize(("people", "over"), [(10, 0), (11, 1), (25, 15)])
def test_seats_hold_the_people(people, over):
    report = audit(tiny(demand=(wish("HA", 30),)), round_trip(), board("HA", people, ride("S1")))
    assert told(report) == ([("seats", over, "person")] if over else [])


@pytest.mark.parametrize(("people", "over"), [(2, 0), (3, 1)])
def test_the_deck_holds_the_vehicles(people, over):
    scenario = tiny(demand=(wish("HA", 30, segment="vehicle"),))
    report = audit(scenario, round_trip(), board("HA", people, ride("S1"), segment="vehicle"))
    assert told(report) == ([("vehicle-deck", over, "vehicle")] if over else [])


def test_seats_are_counted_leg_by_leg():
    scenario = tiny(demand=(wish("HA", 10), wish("AB", 10), wish("HB", 1)))
    full = [board("HA", 10, ride("S1", 1, 2)), board("AB", 10, ride("S1", 2, 3))]
    assert audit(scenario, CHANGE, *full).clean
    assert told(audit(scenario, CHANGE, *full, board("HB", 1, ride("S1", 1, 3)))) == [("seats", 1, "person")] * 2


@pytest.mark.parametrize(("people", "over"), [(7, 0), (8, 1)])
def test_no_more_travel_than_want_to(people, over):
    report = audit(tiny(demand=(wish("HA", 7),)), round_trip(), board("HA", people, ride("S1")))
    assert told(report) == ([("group-size", over, "person")] if over else [])


def test_a_group_may_be_split_but_not_grow():
    scenario, sailings = tiny(demand=(wish("HA", 7),)), [*round_trip(), *round_trip("09:20-09:50", "10:00-10:30", prefix="T")]
    parts = [board("HA", 4, ride("S1")), board("HA", 3, ride("T1"))]
    assert audit(scenario, sailings, *parts).clean
    assert told(audit(scenario, sailings, *parts, board("HA", 2, ride("T1")))) == [("group-size", 2, "person")]


def test_a_group_that_nobody_asked_for_is_named():
    assert told(audit(tiny(), round_trip(), board("HA", 2, ride("S1")))) == [("group-size", 2, "person")]


@pytest.mark.parametrize(("people", "amount"), [(0, 1), (-3, 4)])
def test_a_boarding_has_people(people, amount):
    report = audit(tiny(demand=(wish("HA", 7),)), round_trip(), board("HA", people, ride("S1")))
    assert told(report) == [("group-size", amount, "person")]


@pytest.mark.parametrize(
    "rides",
    [(), (ride("no-such"),), (ride("S1", 0, 2),), (ride("S1", 2, 2),), (ride("S1", 1, 3),), (ride("S1", 2, 1),), (ride("S2"),)],
    ids=["none", "unknown sailing", "call 0", "same call", "past the last call", "backwards", "wrong way"],
)
def test_a_ride_is_real(rides):
    report = audit(tiny(demand=(wish("HA", 7),)), round_trip(), board("HA", 3, *rides))
    assert told(report) == [("ride", 3, "person")]
    assert report.money.left_behind == 7 * 600_00


def test_places_are_reached_by_one_land_link():
    scenario = tiny(demand=(wish("HB", 3),))
    walk = [board("HB", 3, ride("S1"))]
    assert told(audit(scenario, round_trip(), *walk)) == [("ride", 3, "person")]
    scenario = replace(scenario, land_links=(LandLink("A", "b", 20),), lines={"HA": scenario.lines["HA"]})
    assert audit(scenario, round_trip(), *walk).clean


@pytest.mark.parametrize(("leaves", "off"), [("09:15", 0), ("09:14", 1), ("09:00", 15), ("11:30", 0), ("11:31", 1)])
def test_a_change_takes_its_time(leaves, off):
    hour, minute = leaves.split(":")
    arrives = clock(int(hour) * 60 + int(minute) + 30)
    sailings = [*CHANGE[:2], sail("T1", f"B {leaves}, {arrives} C", "boat-02"), sail("T2", "C 14:00, 14:30 B", "boat-02")]
    report = audit(tiny(demand=(wish("HC", 3),)), sailings, board("HC", 3, ride("S1", 1, 3), ride("T1")))
    assert told(report) == ([("transfer-time", off, "min")] if off else [])


# five minutes' walk from B to C, where the second boat leaves
@pytest.mark.parametrize(("leaves", "off"), [("09:20-09:50", 0), ("09:19-09:49", 1)])
def test_the_walk_between_quays_is_no_time_to_change(leaves, off):
    scenario = tiny(demand=(wish("HA", 3),), land_links=(LandLink("C", "B", 5),), settings={"detour_limit": 9})
    lines = dict(scenario.lines) | {"CA": replace(scenario.lines["BC"], line_id="CA", calls=("C", "A"), crossing_min=30)}
    del lines["HA"], lines["HAB"]
    lines["HB"] = replace(lines["BC"], line_id="HB", calls=("H", "B"), crossing_min=45)
    departs, arrives = leaves.split("-")
    sailings = [
        sail("S1", "H 08:15, 09:00 B", "boat-01", "HB"), sail("S2", "B 12:00, 12:45 H", "boat-01", "HB"),
        sail("T1", f"C {departs}, {arrives} A", "boat-02", "CA"), sail("T2", "A 12:00, 12:30 C", "boat-02", "CA"),
    ]  # fmt: skip
    report = audit(replace(scenario, lines=lines), sailings, board("HA", 3, ride("S1"), ride("T1")))
    assert told(report) == ([("transfer-time", off, "min")] if off else [])


# wanted 08:30, window four hours
@pytest.mark.parametrize(("minute", "off"), [(750, 0), (751, 1), (270, 0), (269, 1)])
def test_nobody_is_shifted_out_of_the_window(minute, off):
    sailings = round_trip(f"{clock(minute)}-{clock(minute + 30)}", "13:30-14:00")
    scenario = tiny(demand=(wish("HA", 3),))
    for port in "HA":
        scenario = changed(scenario, "ports", port, opens=0)
    report = audit(scenario, sailings, board("HA", 3, ride("S1")))
    assert told(report) == ([("shift-window", off, "min")] if off else [])


def test_one_change_at_most():
    more = [sail("U1", "C 10:00, 10:30 B", "boat-03"), sail("U2", "B 12:15, 12:45 C", "boat-03")]
    scenario = changed(tiny(demand=(wish("HB", 2),)), "lines", "HAB", calls=("H", "A"))
    sailings = [replace(s, line="+") if len(s.calls) == 3 else s for s in CHANGE]
    report = audit(scenario, [*sailings, *more], board("HB", 2, ride("S1", 1, 3), ride("T1"), ride("U1")))
    assert ("transfers", 1, "ride") in told(report)
    assert {v.rule for v in report.violations} == {"transfers"}


def test_nobody_changes_where_a_line_goes_through():
    sailings = [*round_trip(), *[s for s in CHANGE if s.id == "S1"][:0]]
    sailings += [sail("T1", "A 08:45, 09:10 B", "boat-02"), sail("T2", "B 12:00, 12:25 A", "boat-02")]
    boarding = board("HB", 2, ride("S1"), ride("T1"))
    assert told(audit(tiny(demand=(wish("HB", 2),)), sailings, boarding)) == [("transfers", 2, "person")]


def test_the_second_boat_is_another():
    sailings = [sail("S1", "H 08:00, 08:30 A 08:45, 09:30 B"), sail("S2", "B 12:00, 12:30 A 12:30, 13:00 H")]
    scenario = changed(tiny(demand=(wish("HB", 2),)), "lines", "HAB", calls=("A", "B"), crossing_min=25)
    sailings = [replace(s, line="+") for s in sailings]
    assert told(audit(scenario, sailings, board("HB", 2, ride("S1", 1, 2), ride("S1", 2, 3)))) == [("ride", 2, "person")]

"""Berths by the minute and moorings by the night, exact at the limit."""

from __future__ import annotations

import pytest

from tests.ferry.builders import audit, changed, round_trip, sail, tiny, told


def trips(*leaves: str) -> list:
    """Round trips of boats 1, 2, ... that leave H at these times; they come back far apart."""
    found = []
    for number, out in enumerate(leaves, start=1):
        begin = int(out[:2]) * 60 + int(out[3:])
        home = 600 + 100 * number
        times = [f"{m // 60:02d}:{m % 60:02d}" for m in (begin, begin + 30 * 1 + 20 * number, home, home + 30)]
        found += round_trip(f"{times[0]}-{times[1]}", f"{times[2]}-{times[3]}", f"boat-{number:02d}", f"V{number}-")
    return found


# a boat is alongside five minutes before it leaves
@pytest.mark.parametrize(("leaves", "over"), [(("08:00", "08:05"), 0), (("08:00", "08:04"), 1), (("08:00", "08:00"), 1)])
def test_one_berth_takes_one_boat(leaves, over):
    report = audit(changed(tiny(), "ports", "H", berths=1), trips(*leaves))
    assert told(report) == ([("berths", over, "boat")] if over else [])


@pytest.mark.parametrize(("berths", "over"), [(3, 0), (2, 1), (1, 2)])
def test_berths_count_boats_too_many(berths, over):
    report = audit(changed(tiny(), "ports", "H", berths=berths), trips("08:00", "08:00", "08:00"))
    assert told(report) == ([("berths", over, "boat")] if over else [])


def test_one_boat_takes_one_berth_however_short_it_lies():
    scenario = changed(changed(tiny(settings={"berth_min": 9}), "ports", "A", berths=1), "fleets", "boat", turnaround_min=10)
    assert audit(scenario, round_trip()).clean


# boat 1 arrives at A at 08:50, boat 2 calls there between H and B
@pytest.mark.parametrize(("call", "over"), [("08:49", 0), ("08:50", 1), ("08:54", 1), ("08:55", 0)])
def test_a_call_between_takes_a_berth_for_a_minute(call, over):
    through = [
        sail("T1", f"H 08:10, {call} A {call}, 09:30 B", "boat-02"),
        sail("T2", "B 12:30, 13:05 A 13:05, 13:40 H", "boat-02"),
    ]
    report = audit(changed(tiny(), "ports", "A", berths=1), [*trips("08:00"), *through])
    assert told(report) == ([("berths", over, "boat")] if over else [])


@pytest.mark.parametrize(("length", "over"), [(60.0, 0), (60.1, 1)])
def test_long_vessels_lie_at_long_berths(length, over):
    scenario = tiny()
    for name in "HA":
        scenario = changed(scenario, "ports", name, long_berths=1 if name == "H" else 3, longest_vessel_m=100.0)
    report = audit(changed(scenario, "fleets", "boat", length_m=length), trips("08:00", "08:00"))
    assert told(report) == ([("long-berths", over, "boat")] if over else [])


def test_all_berths_are_long_where_nothing_is_said():
    scenario = changed(tiny(), "fleets", "boat", length_m=60.0)
    scenario = changed(changed(scenario, "ports", "H", longest_vessel_m=100.0), "ports", "A", longest_vessel_m=100.0)
    assert audit(changed(scenario, "fleets", "boat", length_m=90.0), trips("08:00", "08:00")).clean


@pytest.mark.parametrize(("moorings", "over"), [(2, 0), (1, 1), (0, 2)])
def test_moorings_hold_the_boats_that_begin_there(moorings, over):
    report = audit(changed(tiny(), "ports", "H", overnight_moorings=moorings), trips("08:00", "09:00"))
    assert told(report) == ([("moorings", over, "vessel")] if over else [])

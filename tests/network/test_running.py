"""Which lines a fleet may sail and how long it takes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from islandflow.network.running import NO_WAY_MIN, eligible_lines, fleet_ports, largest_remainder, leg_minutes
from tests.ferry.builders import SEA, SERVICE, Miles, changed, fleet, line, port, tiny


def ask(scenario, calls, name="+"):
    return leg_minutes(scenario, SEA, scenario.fleets["boat"], name, tuple(calls), SERVICE)


def test_lines_of_the_owner_the_class_the_cluster_and_the_period():
    lines = [
        line("yes", "HA", 30), line("other operator", "HA", 30, operator="other"), line("other class", "HA", 30, classes=("x",)),
        line("other cluster", "HA", 30, cluster="x"), line("other period", "HA", 30, periods=("golden-week",)),
        line("this period", "HB", 30, periods=(SERVICE,)), line("Sundays", "HC", 30, days="7"),
    ]  # fmt: skip
    scenario = tiny(lines=lines)
    assert [found.line_id for found in eligible_lines(scenario, fleet(), SERVICE)] == ["yes", "this period"]
    chartered = fleet(charter_to=("other",))
    assert [found.line_id for found in eligible_lines(scenario, chartered, SERVICE)] == ["yes", "other operator", "this period"]
    assert fleet_ports(scenario, fleet(), SERVICE) == {"H", "A", "B"}


def test_every_day_runs_where_the_calendar_is_silent():
    scenario = tiny(lines=[line("Sundays", "HC", 30, days="7")], calendar=())
    assert fleet_ports(scenario, fleet(), SERVICE) == {"H", "C"}


def test_a_line_takes_its_crossing_time_both_ways():
    lines = [line("slow", "HA", 33), line("fast", "AH", 27)]
    for calls in ("HA", "AH"):
        assert ask(tiny(lines=lines), calls) == (27,)


def test_a_crossing_is_split_by_computed_time():
    # 25 + 5 and 20 + 5 minutes computed, 60 given: 32.7 and 27.3
    scenario = changed(tiny(), "lines", "HAB", crossing_min=60)
    assert ask(scenario, "HAB") == (33, 27)
    assert ask(scenario, "BAH") == (27, 33)


def test_other_calls_take_a_direct_line_or_distance_over_speed():
    # H-A by its line, A-C and C-B: 6 nm and 5 nm at 12 knots and 5 minutes
    scenario = changed(tiny(), "lines", "HA", crossing_min=40)
    assert ask(scenario, "HAC") == (40, 35)
    assert ask(tiny(lines=[line("HA", "HA", 30)]), "BC") == (30,)
    assert ask(scenario, "HB") == (45,)


@pytest.mark.parametrize(("knots", "minutes"), [(12.0, 35), (11.99, 36), (12.01, 35), (7.2, 55)])
def test_minutes_are_rounded_up(knots, minutes):
    assert ask(changed(tiny(), "fleets", "boat", speed_kn=knots), "AC") == (minutes,)


def test_a_hair_of_a_float_is_no_minute():
    assert 1.7 / 10.2 * 60 > 10  # by the machine; by hand it is 10
    scenario = changed(tiny(), "fleets", "boat", speed_kn=10.2)
    assert leg_minutes(scenario, Miles({("A", "C"): 1.7}), scenario.fleets["boat"], "+", ("A", "C"), SERVICE) == (15,)


def test_no_water_no_way():
    scenario = tiny(ports=[port("H"), port("Z")], lines=[line("x", "HZ", 30)])
    assert ask(scenario, "HZ") == (30,)  # the line says so
    assert ask(replace(scenario, lines={}), "HZ") == (NO_WAY_MIN,)


@given(st.integers(0, 2000), st.lists(st.floats(0, 500), min_size=1, max_size=6))
def test_a_split_is_whole_and_exact(total, weights):
    parts = largest_remainder(total, weights)
    assert sum(parts) == total
    assert all(part >= 0 for part in parts)


def test_a_split_of_nothing_is_even():
    assert largest_remainder(5, [0, 0]) == (3, 2)
    assert largest_remainder(5, []) == ()

"""Rules of vessels and sailings: one fact is broken, that rule is named with its amount, and nothing that still holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from islandflow.ferry.audit import audit_plan
from islandflow.ferry.plan import Call, Sailing
from islandflow.units import clock
from tests.ferry.builders import Miles, audit, changed, fleet, line, plan, port, round_trip, sail, tiny, told

LOOP = ["H 08:00, 08:30 A 08:30, 08:55 B 08:55, 09:40 H"]


def test_a_good_plan_is_clean():
    report = audit(tiny(), round_trip())
    assert report.clean
    assert told(report) == []


def test_an_empty_plan_is_clean_and_costs_nothing():
    report = audit(tiny(), [])
    assert report.clean
    assert report.money.objective == 0


def test_an_unknown_service_pattern_is_refused():
    with pytest.raises(KeyError):
        audit(tiny(), [], service="winter-weekend")


@pytest.mark.parametrize("vessel", ["boat-04", "boat-00", "ship-01", "boat"])
def test_a_vessel_exists(vessel):
    assert told(audit(tiny(), round_trip(vessel=vessel))) == [("vessel-exists", 2, "sailing")]


def test_the_last_vessel_of_a_row_exists():
    assert audit(tiny(), round_trip(vessel="boat-03")).clean


def test_a_vessel_sails_for_its_owner():
    scenario = changed(tiny(), "lines", "HA", operator="other")
    assert told(audit(scenario, round_trip())) == [("operator", 1, "sailing")] * 2


def test_a_charter_makes_it_possible():
    scenario = changed(changed(tiny(), "lines", "HA", operator="other"), "fleets", "boat", charter_to=("other",))
    assert audit(scenario, round_trip()).clean


@pytest.mark.parametrize(
    "facts", [{"classes": ("other",)}, {"cluster": "far"}, {"periods": ("golden-week",)}], ids=["class", "cluster", "period"]
)
def test_a_vessel_sails_only_lines_that_fit(facts):
    scenario = changed(tiny(), "lines", "HA", **facts)
    if "classes" in facts:  # no line is left that says how fast this class crosses; 25 minutes and a manoeuvre take as long
        assert scenario.lines["HA"].crossing_min == 30
    assert told(audit(scenario, round_trip())) == [("line-allowed", 1, "sailing")] * 2


def test_calls_are_those_of_the_line():
    sailings = [sail("S1", "H 08:00, 08:45 B", line="HA"), sail("S2", "B 09:00, 09:45 H", line="HA")]
    assert told(audit(tiny(), sailings)) == [("line-allowed", 1, "sailing")] * 2


def test_an_unknown_line_is_named():
    sailings = [replace(s, line="no-such-line") for s in round_trip()]
    assert told(audit(tiny(), sailings)) == [("line-allowed", 1, "sailing")] * 2


@pytest.mark.parametrize(("setting", "told_amounts"), [(5.0, []), (4.999, [2]), (4.0, [1852])])
def test_a_generated_leg_keeps_to_the_longest_leg(setting, told_amounts):
    scenario = tiny(settings={"longest_leg_nm": setting})
    sailings = [replace(s, line="+") for s in round_trip()]
    assert told(audit(scenario, sailings)) == [("line-allowed", a, "m") for a in told_amounts for _ in sailings]


# H-A-B is 9 nm, H-B 8 nm
@pytest.mark.parametrize(("limit", "over"), [(1.125, 0), (1.124, 15), (1.0, 1852)])
def test_a_chain_keeps_to_the_detour_limit(limit, over):
    scenario = tiny(settings={"detour_limit": limit})
    sailings = [
        sail("S1", "H 08:00, 08:30 A 08:30, 09:00 B", line="+"),
        sail("S2", "B 09:15, 09:45 A 09:45, 10:15 H", line="+"),
    ]
    assert told(audit(scenario, sailings)) == [("line-allowed", over, "m")] * (2 if over else 0)


def test_a_line_of_the_scenario_has_no_detour_limit():
    sailings = [sail("S1", "H 08:00, 08:30 A 08:30, 09:00 B"), sail("S2", "B 09:15, 09:45 A 09:45, 10:15 H")]
    assert audit(tiny(settings={"detour_limit": 1.0, "longest_leg_nm": 1.0}), sailings).clean


@pytest.mark.parametrize(("service", "wrong"), [("golden-week", []), ("summer-weekday", [("line-allowed", 1, "sailing")])])
def test_loops_run_in_their_periods(service, wrong):
    # 17 nm against twice 8 nm
    assert told(audit(tiny(), [sail("S1", LOOP[0])], service=service)) == wrong


@pytest.mark.parametrize(("limit", "over"), [(17 / 16, 0), (1.0, 1852)])
def test_a_loop_keeps_to_the_detour_limit(limit, over):
    report = audit(tiny(settings={"detour_limit": limit}), [sail("S1", LOOP[0])], service="golden-week")
    assert told(report) == ([("line-allowed", over, "m")] if over else [])


def test_a_generated_pattern_has_four_calls_at_most():
    lines = [line("ALL", "HABCD", 200)]
    ports = [port(p) for p in "HABCD"]
    sea = Miles({(a, b): 5.0 for a in "ABCDH" for b in "ABCDH" if a < b})
    scenario = tiny(lines=lines, ports=ports, settings={"detour_limit": 10})
    out = sail("S1", "H 08:00, 09:30 A 09:30, 10:30 B 10:30, 11:30 C 11:30, 12:30 D")
    home = sail("S2", "D 13:00, 14:00 C 14:00, 15:00 B 15:00, 16:00 A 16:00, 17:30 H")
    assert told(audit_plan(scenario, plan([out, home]), sea)) == [("line-allowed", 1, "call")] * 2


def test_no_port_is_called_at_twice():
    assert told(audit(tiny(), [sail("S1", "H 08:00, 08:30 A 08:30, 09:00 H")])) == [("line-allowed", 1, "call")]


def test_generated_calls_are_ports_of_the_fleet():
    scenario = tiny(lines=[line("HA", "HA", 30)])
    sailings = [sail("S1", "H 08:00, 08:45 B"), sail("S2", "B 09:00, 09:45 H")]
    assert told(audit(scenario, sailings)) == [("line-allowed", 1, "call")] * 2


def test_a_generated_leg_needs_water():
    scenario = tiny(ports=[port(p) for p in "HABD"], lines=[line("HA", "HA", 30), line("AD", "AD", 30)])
    sailings = [sail("S1", "H 08:00, 09:00 D"), sail("S2", "D 09:15, 10:15 H")]
    assert {v.rule for v in audit(scenario, sailings).violations} == {"line-allowed", "running-time"}


def test_a_sailing_has_ports_and_times():
    one_call = Sailing("S1", "HA", "boat-01", (Call("H", None, 480),))
    nowhere = Sailing("S2", "HA", "boat-02", (Call("H", None, 480), Call("X", 510, None)))
    timeless = Sailing("S3", "HA", "boat-03", (Call("H", None, 480), Call("A", None, None)))
    assert told(audit(tiny(), [one_call, nowhere, timeless])) == [("line-allowed", 1, "sailing")] * 3


def test_an_id_is_used_once():
    first, second = round_trip()
    assert told(audit(tiny(), [first, replace(second, id="S1")])) == [("line-allowed", 1, "sailing")]


@pytest.mark.parametrize(("length", "over"), [(60.0, 0), (60.01, 1), (61.5, 150)])
def test_a_port_takes_vessels_up_to_its_length(length, over):
    report = audit(changed(changed(tiny(), "fleets", "boat", length_m=length), "ports", "H", longest_vessel_m=100.0), round_trip())
    assert told(report) == ([("vessel-length", over, "cm")] * 2 if over else [])


@pytest.mark.parametrize(("arrives", "short"), [(510, 0), (509, 1), (490, 20), (511, 0)])
def test_no_leg_is_faster_than_its_line(arrives, short):
    report = audit(tiny(), round_trip(out=f"08:00-{clock(arrives)}", home="09:00-09:30"))
    assert told(report) == ([("running-time", short, "min")] if short else [])


def test_a_call_is_not_left_before_it_is_reached():
    sailings = [sail("S1", "H 08:00, 08:40 A 08:38, 09:10 B"), sail("S2", "B 09:20, 09:50 A 09:50, 10:25 H")]
    assert told(audit(tiny(), sailings)) == [("running-time", 2, "min")]


@pytest.mark.parametrize(("opens", "closes", "out"), [(480, 1320, 0), (481, 1320, 1), (500, 1320, 20), (360, 550, 0), (360, 549, 1)])
def test_ports_keep_their_hours(opens, closes, out):
    report = audit(changed(tiny(), "ports", "H", opens=opens, closes=closes), round_trip())
    assert told(report) == ([("port-hours", out, "min")] if out else [])


@pytest.mark.parametrize(("home", "short"), [("08:40-09:10", 0), ("08:39-09:09", 1), ("08:30-09:00", 10)])
def test_turnaround_is_exact_to_the_minute(home, short):
    assert told(audit(tiny(), round_trip(home=home))) == ([("turnaround", short, "min")] if short else [])


def test_a_vessel_is_not_in_two_places():
    sailings = [*round_trip(), *round_trip("08:55-09:25", "09:35-10:05", prefix="T")]
    assert told(audit(tiny(), sailings)) == [("turnaround", 25, "min")]


def test_a_vessel_leaves_from_where_it_is():
    out, home = round_trip()
    away = sail("S2", "B 08:50, 09:35 H")
    assert told(audit(tiny(), [out, away])) == [("position", 1, "sailing")]
    assert audit(tiny(), [out, home]).clean


def test_a_vessel_ends_where_it_began():
    assert told(audit(tiny(), round_trip()[:1])) == [("overnight", 1, "vessel")]


# two shifts of two hours: 08:00 to 12:00
@pytest.mark.parametrize(("home", "over"), [("11:30-12:00", 0), ("11:31-12:01", 1), ("12:30-13:00", 60)])
def test_a_day_is_no_longer_than_two_shifts(home, over):
    report = audit(tiny(settings={"crew_day_max_h": 2.0}), round_trip(home=home))
    assert told(report) == ([("crew-day", over, "min")] if over else [])


# the service pattern has a Monday alone
@pytest.mark.parametrize(("days", "wrong"), [("1", 0), ("135", 0), ("67", 2)])
def test_a_line_runs_on_its_days(days, wrong):
    report = audit(changed(tiny(), "lines", "HA", days=days), round_trip())
    assert told(report) == [("departures-on-days", 1, "sailing")] * wrong


def test_a_vessel_of_another_row_counts_by_its_own_facts():
    slow = fleet("slow", speed_kn=6.0, vessel_class="s")
    scenario = tiny(fleets=[fleet(), slow], lines=[line("HA", "HA", 30, classes=("k",)), line("HAs", "HA", 55, classes=("s",))])
    fast = [replace(s, line="HAs") for s in round_trip(vessel="slow-01")]
    assert told(audit(scenario, fast)) == [("running-time", 25, "min")] * 2

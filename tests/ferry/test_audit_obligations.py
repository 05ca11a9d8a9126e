"""Obligations: met at the limit, broken one past it, with a remedy; an unmet one leaves the audit clean."""

from __future__ import annotations

from typing import Any

import pytest

from islandflow.scenario.entities import Obligation
from tests.ferry.builders import audit, board, changed, ride, round_trip, sail, tiny, wish


def check(sailings, *boardings, demand=(), settings=None, **duty: Any):
    """The checks of one obligation of island A, which is served from H."""
    scenario = tiny(obligations=[Obligation("A", "A", "H", **duty)], demand=demand, settings=settings or {})
    report = audit(scenario, sailings, *boardings)
    assert report.clean
    for found in report.obligations:
        assert found.met == (found.amount == 0)
        assert bool(found.remedy_en) == bool(found.remedy_zh) == (not found.met)
    return report.obligations


def amounts(*args: Any, **duty: Any) -> list[tuple[str, int, str]]:
    return [(c.rule, c.amount, c.unit) for c in check(*args, **duty)]


# leaves A at 08:40, reaches H at 09:10; back from H at 15:00, A 15:30
DAY = [
    sail("S1", "A 08:40, 09:10 H"),
    sail("S2", "H 15:00, 15:30 A"),
]


def test_every_rule_is_listed_met_or_not():
    duty = {
        "sailings_each_way": 1, "first_arrival_by": 600, "last_boat_not_before": 800, "largest_gap_min": 900, "hours_ashore": 60,
        "medical_trip": True, "resident_seats_percent": 10.0,
    }  # fmt: skip
    rules = [c.rule for c in check(DAY, **duty)]
    assert rules == [
        "sailings-each-way", "sailings-each-way", "first-arrival", "last-boat", "largest-gap", "largest-gap", "day-return",
        "medical-trip", "resident-seats",
    ]  # fmt: skip
    assert [c.met for c in check(DAY, **duty)] == [True] * 9
    assert check([], **{}) == ()


@pytest.mark.parametrize(("least", "short"), [(1, 0), (2, 1), (4, 3)])
def test_sailings_each_way(least, short):
    assert amounts(DAY, sailings_each_way=least) == [("sailings-each-way", short, "sailing")] * 2


def test_the_remedy_names_the_way():
    out, back = check([DAY[0], sail("S3", "H 09:20, 09:50 A")], sailings_each_way=2)
    assert out.remedy_en == "one more sailing A→H"
    assert back.remedy_zh == "再开 1 班 H→A"


def test_a_sailing_counts_once_and_calls_between_count():
    duty = Obligation("B", "B", "H", sailings_each_way=1)
    through = [sail("S1", "H 08:00, 08:30 A 08:30, 09:00 B"), sail("S2", "B 09:15, 09:45 A 09:45, 10:15 H")]
    assert all(c.met for c in audit(tiny(obligations=[duty]), through).obligations)


def test_a_bridged_port_counts():
    sailings = [sail("S1", "H 08:00, 08:30 A 08:30, 09:00 B"), sail("S2", "B 09:15, 09:45 A 09:45, 10:15 H")]
    scenario = tiny(obligations=[Obligation("C", "C", "H", either_port="B", sailings_each_way=1)])
    assert all(c.met for c in audit(scenario, sailings).obligations)
    assert not any(c.met for c in audit(changed(scenario, "obligations", "C", either_port=""), sailings).obligations)


def test_a_sailing_that_calls_at_both_bridged_ports_counts_once():
    sailings = [sail("S1", "H 08:00, 08:30 A 08:30, 09:00 B"), sail("S2", "B 09:15, 09:45 A 09:45, 10:15 H")]
    scenario = tiny(obligations=[Obligation("A", "A", "H", either_port="B", sailings_each_way=2)])
    assert [c.amount for c in audit(scenario, sailings).obligations] == [1, 1]


@pytest.mark.parametrize(("by", "late"), [(550, 0), (549, 1), (525, 25)])
def test_first_arrival(by, late):
    assert amounts(DAY, first_arrival_by=by) == [("first-arrival", late, "min")]


def test_the_remedy_of_a_late_arrival_is_in_minutes():
    (found,) = check(DAY, first_arrival_by=525)
    assert found.remedy_en == "an arrival at H by 08:45: sail 25 min earlier"
    assert (found.required, found.found) == ("by 08:45", "09:10")


@pytest.mark.parametrize(("least", "early"), [(900, 0), (901, 1), (930, 30)])
def test_last_boat(least, early):
    assert amounts(DAY, last_boat_not_before=least) == [("last-boat", early, "min")]


# window 07:00 to 18:00; out 08:40 (560 min to the end), home 15:00 (480 min from the start)
@pytest.mark.parametrize(("most", "over"), [(560, (0, 0)), (559, (1, 0)), (480, (80, 0)), (479, (81, 1))])
def test_largest_gap(most, over):
    assert amounts(DAY, largest_gap_min=most) == [("largest-gap", n, "min") for n in over]


def test_departures_outside_the_window_close_no_gap():
    early = [sail("S1", "A 06:30, 07:00 H"), sail("S2", "H 18:01, 18:31 A")]
    assert amounts(early, largest_gap_min=660) == [("largest-gap", 0, "min")] * 2
    assert amounts(early, largest_gap_min=659) == [("largest-gap", 1, "min")] * 2


def test_the_remedy_of_a_gap_says_where():
    assert check(DAY, largest_gap_min=500)[0].remedy_en == "one more sailing A→H within 08:40-18:00"


# ashore from 09:10 to 15:00
@pytest.mark.parametrize(("stay", "short"), [(350, 0), (351, 1), (400, 50)])
def test_day_return(stay, short):
    assert amounts(DAY, hours_ashore=stay) == [("day-return", short, "min")]


@pytest.mark.parametrize(("by", "stay", "short"), [(550, 350, 0), (549, 350, 1), (550, 351, 1), (540, 360, 10), (540, 361, 11)])
def test_medical_trip(by, stay, short):
    settings = {"medical_arrival_by": by, "medical_hours_ashore": stay}
    assert amounts(DAY, settings=settings, medical_trip=True) == [("medical-trip", short, "min")]


@pytest.mark.parametrize(
    ("duty", "rule", "missing"),
    [
        ({"first_arrival_by": 600}, "first-arrival", 1),
        ({"last_boat_not_before": 600}, "last-boat", 1),
        ({"hours_ashore": 60}, "day-return", 2),
        ({"hours_ashore": 0}, "day-return", 2),
        ({"medical_trip": True}, "medical-trip", 2),
    ],
)
def test_without_any_boat_sailings_are_missing(duty, rule, missing):
    assert amounts([], **duty) == [(rule, missing, "sailing")]


def test_the_remedy_says_when_no_vessel_may_sail_there():
    scenario = tiny(obligations=[Obligation("C", "C", "H", sailings_each_way=1)])
    assert "add a vessel" not in audit(scenario, []).obligations[0].remedy_en  # boats of the fleet call at both
    without = changed(scenario, "fleets", "boat", count=0)
    assert audit(without, []).obligations[0].remedy_en == (
        "one more sailing C→H; no vessel of the scenario may sail C-H: add a vessel or a charter"
    )


# ten seats, 40 % kept: visitors may take six
@pytest.mark.parametrize(("visitors", "left", "denied"), [(6, 5, 0), (7, 5, 1), (10, 5, 4), (10, 2, 2), (10, 0, 0)])
def test_resident_seats(visitors, left, denied):
    demand = (wish("AH", 20, segment="visitor"), wish("AH", left))
    boardings = [board("AH", visitors, ride("S1"), segment="visitor")]
    found = check(DAY, *boardings, demand=demand, resident_seats_percent=40.0)
    assert [(c.rule, c.amount, c.unit) for c in found] == [("resident-seats", denied, "person")]


def test_a_share_of_a_seat_is_not_kept():
    demand = (wish("AH", 20, segment="visitor"), wish("AH", 5))
    found = check(DAY, board("AH", 9, ride("S1"), segment="visitor"), demand=demand, resident_seats_percent=19.0)
    assert found[0].met
    found = check(DAY, board("AH", 10, ride("S1"), segment="visitor"), demand=demand, resident_seats_percent=19.0)
    assert found[0].amount == 1


def test_residents_beyond_the_window_are_not_denied():
    demand = (wish("AH", 20, segment="visitor"), wish("AH", 5, hour=13))
    assert check(DAY, board("AH", 10, ride("S1"), segment="visitor"), demand=demand, resident_seats_percent=40.0)[0].met


def test_a_broken_obligation_leaves_the_audit_clean():
    report = audit(tiny(obligations=[Obligation("B", "B", "H", sailings_each_way=1)]), round_trip())
    assert report.clean
    assert len(report.unmet) == 2
    assert report.as_json()["clean"] is True

"""Metrics and tables of a plan, against sums made by hand."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from islandflow.ferry.audit import audit_plan
from islandflow.ferry.metrics import fare_fen, load_rows, measure, money_rows, obligation_rows, rotation_rows, shares
from islandflow.scenario.entities import Fare, Obligation
from tests.ferry.builders import SEA, board, changed, plan, ride, round_trip, sail, tiny, wish

DEMAND = (wish("HA", 6), wish("HA", 8, segment="visitor"), wish("HA", 2, segment="vehicle"))
SEATED = [
    board("HA", 6, ride("S1")),
    board("HA", 4, ride("S1"), segment="visitor"),
    board("HA", 1, ride("S1"), segment="vehicle"),
]


def test_people_minutes_and_loads():
    scenario, made = tiny(demand=DEMAND), plan(round_trip(), *SEATED)
    found = measure(scenario, made, audit_plan(scenario, made, SEA), SEA)
    assert json.loads(json.dumps(found)) == found
    assert (found["sailings"], found["vessels"], found["vessels_available"]) == (2, 1, 3)
    assert (found["people_wanted"], found["people_served"], found["people_left"]) == (14, 10, 4)
    assert found["served_share"] == round(10 / 14, 4)
    assert found["load_factor"] == 0.5  # full out, empty home
    assert (found["mean_shift_min"], found["mean_door_to_door_min"], found["transfer_share"]) == (30, 30, 0)
    assert found["segments"]["vehicle"]["left"] == 1
    assert found["segments"]["visitor"] == {
        "wanted": 8, "served": 4, "left": 4, "transfers": 0,
        "mean_shift_min": 30, "mean_transfer_wait_min": None, "mean_door_to_door_min": 30,
    }  # fmt: skip
    assert (found["vessel_hours"], found["fuel_l"], found["power_kwh"]) == (1.0, 100.0, 60.0)
    assert found["co2_kg"] == round(268 + 34.8, 1)


def test_money_by_line_adds_up_to_the_plan():
    scenario = tiny(demand=DEMAND)
    made = plan([*round_trip(), sail("T1", "H 09:20, 10:05 B"), sail("T2", "B 20:00, 20:45 H")], *SEATED)
    money = audit_plan(scenario, made, SEA).money
    rows = money_rows(scenario, made, SEA)
    assert [(r["line"], r["operator"], r["sailings"]) for r in rows] == [("HA", "op", 2), ("+", "op", 2)]
    # day and second crew 7000 yuan over 30, 30, 45, 45 minutes under way
    assert [r["cost_yuan"] for r in rows] == [3635.26, 5372.88]
    assert sum(round(r["cost_yuan"] * 100) for r in rows) == money.sailings + money.vessel_days + money.second_crews
    # ten people at 6 + 5 nm x 2.2, a vehicle at 50 + 5 x 7
    assert [r["revenue_yuan"] for r in rows] == [10 * 17 + 85, 0]
    assert [r["subsidy_yuan"] for r in rows] == [3380.26, rows[1]["cost_yuan"]]
    found = measure(scenario, made, audit_plan(scenario, made, SEA), SEA)
    assert found["cost_yuan"] == round(sum(r["cost_yuan"] for r in rows), 2)
    assert found["subsidy_yuan"] == round(sum(r["subsidy_yuan"] for r in rows), 2)


def test_a_line_that_earns_more_needs_no_subsidy():
    scenario = tiny(demand=DEMAND, fares=(Fare("A", "H", "normal", 10_000.0),))
    assert money_rows(scenario, plan(round_trip(), *SEATED), SEA)[0]["subsidy_yuan"] == 0


def test_a_chartered_boat_earns_for_the_operator_of_the_line():
    scenario = changed(changed(tiny(), "lines", "HA", operator="other"), "fleets", "boat", charter_to=("other",))
    assert money_rows(scenario, plan(round_trip()), SEA)[0]["operator"] == "other"


@pytest.mark.parametrize(("knots", "person", "vehicle"), [(19.9, 2000, 6600), (20.0, 3100, 8500)])
def test_fares_are_by_pair_and_speed(knots, person, vehicle):
    # listed for normal boats, A to H; fast boats at 15 + 5 nm x 3.2, a vehicle at 50 + 5 x 7
    scenario = tiny(fares=(Fare("A", "H", "normal", 20.0, 66.0),))
    fleet = replace(scenario.fleets["boat"], speed_kn=knots)
    for pair in (("A", "H"), ("H", "A")):
        assert fare_fen(scenario, SEA, fleet, pair, vehicle=False) == person
        assert fare_fen(scenario, SEA, fleet, pair, vehicle=True) == vehicle


def test_a_vehicle_without_a_listed_fare_pays_by_distance():
    scenario = tiny(fares=(Fare("A", "H", "normal", 20.0),))
    assert fare_fen(scenario, SEA, scenario.fleets["boat"], ("H", "A"), vehicle=True) == 85_00


def test_loads_are_leg_by_leg():
    sailings = [sail("S1", "H 08:00, 08:30 A 08:32, 09:00 B"), sail("S2", "B 09:15, 09:45 A 09:45, 10:15 H")]
    scenario = tiny(demand=(wish("HA", 3), wish("HB", 4)))
    rows = load_rows(scenario, plan(sailings, board("HA", 3, ride("S1", 1, 2)), board("HB", 4, ride("S1", 1, 3))), SEA)
    assert [r["people"] for r in rows] == [7, 4, 0, 0]
    assert rows[1] == {
        "sailing": "S1", "leg": 2, "from_port": "A", "to_port": "B", "departs": "08:32", "arrives": "09:00",
        "people": 4, "seats": 10, "vehicles": 0, "vehicle_deck": 2,
    }  # fmt: skip


def test_rotations_are_days_in_order():
    rows = rotation_rows(tiny(), plan(reversed(round_trip(home="16:40-17:10"))))
    assert [(r["sequence"], r["sailing"]) for r in rows] == [(1, "S1"), (2, "S2")]
    assert rows[0] == {
        "vessel": "boat-01", "fleet": "boat", "overnight_port": "H", "crews": 1, "sequence": 1, "sailing": "S1",
        "from_port": "H", "to_port": "A", "departs": "08:00", "arrives": "08:30",
    }  # fmt: skip


def test_obligations_are_rows_too():
    scenario = tiny(obligations=[Obligation("A", "A", "H", sailings_each_way=2)])
    rows = obligation_rows(audit_plan(scenario, plan(round_trip()), SEA))
    assert [(r["obligation_id"], r["amount"], r["met"]) for r in rows] == [("A", 1, "no")] * 2
    assert rows[0]["remedy_en"] == "one more sailing A→H"


def test_nothing_is_measured_on_an_empty_plan():
    scenario, made = tiny(demand=DEMAND), plan([])
    found = measure(scenario, made, audit_plan(scenario, made, SEA), SEA)
    assert found["load_factor"] is None
    assert found["mean_shift_min"] is None
    assert found["people_left"] == 14
    assert money_rows(scenario, made, SEA) == []


@given(st.integers(0, 10**9), st.lists(st.integers(0, 1500), min_size=1, max_size=40))
def test_shares_add_up_and_are_fair(total, weights):
    parts = shares(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    if whole:
        assert all(abs(part * whole - total * w) < whole for part, w in zip(parts, weights, strict=True))

"""Money to the fen, against sums made by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from islandflow.ferry.problem.duties import sailing_fen
from islandflow.scenario.entities import LandLink
from tests.ferry.builders import audit, board, changed, ride, round_trip, sail, tiny, told, wish

# 0.5 h x (100 l x (6 + 2.68 x 0.09) + 60 kW x (0.8 + 0.58 x 0.09)) + 80 = 312.06 + 25.566 + 80 yuan
HALF_AN_HOUR = 41763


def test_a_sailing_pays_fuel_power_carbon_and_dues():
    money = audit(tiny(), round_trip()).money
    assert money.sailings == 2 * HALF_AN_HOUR
    assert money.vessel_days == 5000_00
    assert money.second_crews == money.travellers == money.left_behind == 0
    assert money.objective == 2 * HALF_AN_HOUR + 5000_00


def test_dues_are_paid_by_the_leg_and_energy_by_the_minute():
    sailings = [sail("S1", "H 08:00, 08:30 A 08:30, 08:55 B"), sail("S2", "B 09:05, 09:35 A 09:35, 10:05 H")]
    # 55 min and 60 min: 55/60 x 675.252 + 160 = 778.981; 675.252 + 160 = 835.252
    assert audit(tiny(), sailings).money.sailings == 77898 + 83525


def test_half_a_fen_goes_up():
    free = {"carbon_price_cny_t": 0, "marine_diesel_cny_l": 0.01, "electricity_cny_kwh": 0}
    scenario = changed(tiny(settings=free), "fleets", "boat", fuel_l_per_h=1.0, call_cost_yuan=0.0)
    # 30 min x 1 l/h x 0.01 yuan = half a fen
    assert audit(scenario, round_trip()).money.sailings == 2


@pytest.mark.parametrize("minutes", [1, 7, 30, 55, 61, 120])
@pytest.mark.parametrize("fuel", [0.0, 33.3, 150.0])
def test_problem_and_audit_reckon_alike(minutes, fuel):
    scenario = changed(tiny(), "fleets", "boat", fuel_l_per_h=fuel, call_cost_yuan=80.5)
    end = 480 + minutes
    money = audit(scenario, [sail("S1", f"H 08:00, {end // 60:02d}:{end % 60:02d} A")]).money
    assert money.sailings == sailing_fen(scenario, scenario.fleets["boat"], minutes, 1)


# crew windows 05:00-17:00, 08:00-20:00, 10:30-22:30
@pytest.mark.parametrize(
    ("out", "home", "crews"),
    [
        ("06:00-06:30", "16:30-17:00", 1), ("06:00-06:30", "16:31-17:01", 2), ("08:00-08:30", "19:30-20:00", 1),
        ("07:59-08:29", "19:30-20:00", 2), ("10:30-11:00", "21:30-22:00", 1), ("10:29-10:59", "19:31-20:01", 2),
    ],
)  # fmt: skip
def test_a_day_outside_every_window_needs_a_second_crew(out, home, crews):
    report = audit(tiny(), round_trip(out, home))
    assert report.clean
    assert report.money.second_crews == (crews - 1) * 4 * 500_00


def test_a_vessel_day_is_paid_once_a_vessel():
    sailings = [*round_trip(), *round_trip("10:00-10:30", "11:00-11:30", prefix="T")]
    sailings += round_trip("12:00-12:30", "13:00-13:30", "boat-02", "U")
    assert audit(tiny(), sailings).money.vessel_days == 2 * 5000_00


def test_a_traveller_pays_time_and_shift():
    # wanted 08:30, boards 08:00: 30 min on the boat and half of 30 min, 45 min at 25 yuan an hour = 18.75 yuan
    report = audit(tiny(demand=(wish("HA", 5),)), round_trip(), board("HA", 3, ride("S1")))
    assert report.money.travellers == 3 * 1875
    assert report.money.left_behind == 2 * 600_00


def test_land_counts_as_time_on_the_way():
    scenario = tiny(demand=(wish("HB", 3, segment="visitor"),), land_links=(LandLink("A", "b", 20),))
    report = audit(scenario, round_trip(), board("HB", 3, ride("S1"), segment="visitor"))
    # 50 min and 15 of shift at 35 yuan an hour = 37.9166.. yuan each
    assert report.money.travellers == 3 * 3792


def test_a_change_costs_its_wait_and_its_penalty():
    scenario = tiny(demand=(wish("HC", 2, segment="medical"),), settings={"waiting_share": 0.8})
    sailings = [
        sail("S1", "H 08:30, 09:00 A 09:00, 09:25 B"), sail("S2", "B 12:00, 12:30 A 12:30, 13:00 H"),
        sail("T1", "B 09:50, 10:20 C", "boat-02"), sail("T2", "C 12:00, 12:30 B", "boat-02"),
    ]  # fmt: skip
    report = audit(scenario, sailings, board("HC", 2, ride("S1", 1, 3), ride("T1"), segment="medical"))
    assert report.clean
    # 55 + 30 min of boats, 0.8 x 25 min of waiting, 15 min for the change: 120 min at 60 yuan an hour
    assert report.money.travellers == 2 * 120_00


def test_who_does_not_travel_is_left_behind_by_segment():
    people = [("resident", 600), ("commuter", 600), ("medical", 1000), ("visitor", 300), ("vehicle", 500)]
    for segment, yuan in people:
        assert audit(tiny(demand=(wish("HA", 4, segment=segment),)), []).money.left_behind == 4 * yuan * 100


def test_a_broken_plan_is_still_priced():
    out, home = round_trip()
    report = audit(tiny(), [out, replace(home, vessel="ghost-01")])
    assert ("vessel-exists", 1, "sailing") in told(report)
    assert report.money.sailings == HALF_AN_HOUR

"""What every synthetic archipelago has in common: boats, settings, hours. Typical values, all estimated; none belongs to a real place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BoatClass:
    """A kind of vessel: seats, vehicles on deck, length in m, knots, litres an hour, crew, yuan a day, minutes to turn round."""

    name: str
    name_zh: str
    name_en: str
    seats: int
    deck: int
    length_m: float
    speed_kn: float
    fuel_l_per_h: float
    crew: int
    day_cost_yuan: float
    turnaround_min: int
    wind_bft: int
    wave_m: float


VILLAGE = BoatClass("village-boat", "村际船", "village boat", 80, 0, 22, 10, 50, 3, 2910, 10, 6, 1.5)
CONVENTIONAL = BoatClass("conventional", "普通客船", "conventional ship", 200, 0, 38, 12.5, 190, 7, 7790, 10, 8, 2.5)
FAST = BoatClass("fast-cat", "高速双体船", "fast catamaran", 250, 0, 42, 26, 465, 7, 13790, 10, 6, 1.8)
ROPAX = BoatClass("ropax", "车客渡船", "vehicle ferry", 373, 28, 67, 12, 380, 12, 19890, 20, 8, 2.0)
CLASSES = (CONVENTIONAL, FAST, ROPAX, VILLAGE)

SETTINGS: dict[str, object] = {
    "value_of_time_resident_cny_h": 25.0, "value_of_time_commuter_cny_h": 30.0, "value_of_time_medical_cny_h": 60.0,
    "value_of_time_visitor_cny_h": 35.0, "value_of_time_vehicle_cny_h": 60.0, "left_behind_resident_cny": 600.0,
    "left_behind_commuter_cny": 600.0, "left_behind_medical_cny": 1000.0, "left_behind_visitor_cny": 300.0,
    "left_behind_vehicle_cny": 500.0, "shift_penalty_share": 0.5, "waiting_share": 1.0, "transfer_penalty_min": 15,
    "minimum_transfer_min": 15, "marine_diesel_cny_l": 6.0, "electricity_cny_kwh": 0.8, "co2_kg_per_l_diesel": 2.68,
    "co2_kg_per_kwh": 0.58, "carbon_price_cny_t": 90.0, "second_crew_day_cny_per_head": 500.0, "manoeuvre_min_per_call": 6,
    "fare_base_fast_yuan": 15.0, "fare_nm_fast_yuan": 3.0, "fare_base_normal_yuan": 6.0, "fare_nm_normal_yuan": 2.0,
    "vehicle_fare_base_yuan": 50.0, "vehicle_fare_nm_yuan": 7.0,
}  # fmt: skip

# percent of a day's trips by hour from 06:00 to 21:00; each row adds to 100
FIRST_HOUR = 6
PROFILES: dict[str, tuple[int, ...]] = {
    "resident-in": (4, 12, 17, 14, 9, 6, 6, 5, 6, 6, 6, 4, 3, 1, 1),
    "resident-out": (1, 3, 5, 7, 9, 9, 8, 8, 10, 12, 12, 9, 4, 2, 1),
    "commuter-in": (20, 34, 22, 8, 3, 3, 2, 2, 2, 2, 1, 1, 0, 0, 0),
    "commuter-out": (0, 1, 2, 2, 3, 4, 4, 5, 9, 22, 28, 14, 4, 1, 1),
    "medical-in": (15, 35, 30, 10, 5, 3, 2, 0, 0, 0, 0, 0, 0, 0, 0),
    "medical-out": (0, 0, 0, 5, 14, 15, 12, 16, 20, 12, 6, 0, 0, 0, 0),
    "visitor-out": (4, 14, 22, 18, 12, 8, 6, 5, 4, 3, 2, 1, 1, 0, 0),
    "visitor-in": (0, 1, 3, 6, 10, 12, 10, 10, 13, 15, 11, 5, 2, 1, 1),
    "vehicle-both": (5, 10, 13, 11, 9, 7, 6, 7, 8, 9, 8, 4, 2, 1, 0),
    "morning-only": (25, 40, 25, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
}

"""The settings of a scenario: names, types, units, ranges and defaults of the rows of the table ``settings``."""

from __future__ import annotations

from islandflow.scenario.schema import SEGMENTS
from islandflow.scenario.siting_parameters import SITING_SETTINGS
from islandflow.scenario.table import Column


def _money(name: str, zh: str, en: str, unit: str = "yuan") -> Column:
    return Column(name, "number", zh, en, unit, low=0)


SETTINGS: tuple[Column, ...] = (
    *(_money(f"value_of_time_{s}_cny_h", f"时间价值:{s}", f"value of time, {s}", "yuan/h") for s in SEGMENTS),
    *(_money(f"left_behind_{s}_cny", f"滞留代价:{s}", f"price of one {s} left behind") for s in SEGMENTS),
    Column("shift_penalty_share", "number", "改时权重", "a minute earlier or later than wanted, in minutes of time", low=0, high=10),
    Column("waiting_share", "number", "候船权重", "a minute waiting in a transfer, in minutes of time", low=0, high=10),
    Column("transfer_penalty_min", "integer", "换乘惩罚", "a transfer counts as so many minutes", "min", low=0, high=600),
    Column(
        "shift_window_min",
        "integer",
        "可改时范围",
        "farthest from the wanted departure that anyone travels",
        "min",
        low=0,
        high=1440,
        required=False,
        default=240,
    ),
    Column(
        "longest_transfer_wait_min",
        "integer",
        "最长候船",
        "longest wait in a transfer",
        "min",
        low=0,
        high=1440,
        required=False,
        default=150,
    ),
    Column("minimum_transfer_min", "integer", "最短换乘", "shortest time from arrival to the next departure", "min", low=0, high=240),
    Column(
        "core_change_cny",
        "number",
        "骨干班次变动代价",
        "price of dropping or moving a departure of the core timetable on one day",
        "yuan",
        low=0,
        required=False,
        default=500.0,
    ),
    _money("marine_diesel_cny_l", "船用柴油", "marine diesel", "yuan/l"),
    _money("electricity_cny_kwh", "电价", "electricity", "yuan/kWh"),
    Column("co2_kg_per_l_diesel", "number", "柴油排放", "CO2 of diesel", "kg/l", low=0),
    Column("co2_kg_per_kwh", "number", "电力排放", "CO2 of electricity", "kg/kWh", low=0),
    _money("carbon_price_cny_t", "碳价", "price of CO2", "yuan/t"),
    Column(
        "crew_shifts",
        "text",
        "船员班次",
        "windows in which one crew works, HH:MM-HH:MM separated by ; ; a longer day needs a second crew",
        required=False,
        default="05:00-17:00;08:00-20:00;10:30-22:30",
    ),
    Column("crew_day_max_h", "number", "船员日工时上限", "longest crew shift", "h", low=1, high=24, required=False, default=12.0),
    _money("second_crew_day_cny_per_head", "第二班船员", "a second crew, per head and day", "yuan"),
    Column(
        "berth_min",
        "integer",
        "占泊时间",
        "minutes alongside before a departure and after an arrival",
        "min",
        low=0,
        high=120,
        required=False,
        default=5,
    ),
    Column("long_vessel_m", "number", "长船界限", "a vessel longer than this needs a long berth", "m", low=0, required=False, default=60.0),
    Column("manoeuvre_min_per_call", "integer", "操纵时间", "berthing allowance of each leg", "min", low=0, high=60),
    Column("grid_min", "integer", "时间格", "grid of departures", "min", low=1, high=60, required=False, default=5),
    Column(
        "departures_per_slot",
        "integer",
        "同时格最多班次",
        "most departures of one pattern by one fleet in a slot",
        low=1,
        high=20,
        required=False,
        default=4,
    ),
    Column("detour_limit", "number", "绕行上限", "length of a chain over the direct distance", low=1, high=10, required=False, default=1.5),
    Column("longest_leg_nm", "number", "最长航段", "longest leg of a generated pattern", "nm", low=0, required=False, default=32.0),
    Column(
        "chains_per_fleet",
        "integer",
        "每船组串联线",
        "generated chains and loops kept per fleet, most demand first",
        low=0,
        high=500,
        required=False,
        default=24,
    ),
    Column(
        "medical_arrival_by", "clock", "就医最晚到达", "a medical trip reaches the hospital side by", "clock", required=False, default=690
    ),
    Column("medical_hours_ashore", "duration", "就医停留", "time at the hospital side", "h:mm", required=False, default=120),
    Column(
        "largest_gap_window", "text", "最大间隔时段", "largest_gap_min counts between these hours", required=False, default="07:00-18:00"
    ),
    _money("fare_base_fast_yuan", "快船起步价", "fare of a fast boat where no fare is given: base"),
    _money("fare_nm_fast_yuan", "快船里程价", "fare of a fast boat: per nm", "yuan/nm"),
    _money("fare_base_normal_yuan", "慢船起步价", "fare of a normal boat: base"),
    _money("fare_nm_normal_yuan", "慢船里程价", "fare of a normal boat: per nm", "yuan/nm"),
    _money("vehicle_fare_base_yuan", "车辆起步价", "fare of a vehicle: base"),
    _money("vehicle_fare_nm_yuan", "车辆里程价", "fare of a vehicle: per nm", "yuan/nm"),
    Column(
        "check_in_min",
        "integer",
        "检票时间",
        "be at the quay so long before the first boat",
        "min",
        low=0,
        high=120,
        required=False,
        default=10,
    ),
    Column("walk_detour", "number", "步行绕行系数", "walking distance over the straight line", low=1, high=3, required=False, default=1.3),
    Column(
        "longest_walk_m",
        "integer",
        "最长步行",
        "longest walk between places and ports of an island, straight",
        "m",
        low=0,
        high=5000,
        required=False,
        default=1200,
    ),
    Column("most_rows", "integer", "行数上限", "most rows of one table", "row", low=1, required=False, default=200_000),
    *SITING_SETTINGS,
)

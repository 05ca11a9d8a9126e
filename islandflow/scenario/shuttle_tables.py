"""The optional tables of the islands' buses: vehicles and chargers, and trips inside an island."""

from __future__ import annotations

from islandflow.scenario.table import NAMES, SYNTHETIC, Column, Table

BOATS, LINES = "boats", "lines"


def _use(zh: str, en: str) -> Column:
    return Column("use", "choice", zh, en, required=False, default=BOATS, choices=(BOATS, LINES))


SHUTTLE_FLEETS = Table(
    "shuttle_fleets",
    ("fleet_id",),
    "短驳车队",
    "like vehicles of an island that meet the boats or run lines; every vehicle begins and ends its day, fully charged, at its base",
    (
        Column("fleet_id", "id", "车队编号", "id of the fleet; vehicles are called ID-01, ID-02"),
        *NAMES,
        Column("island_id", "id", "所在岛屿", "island", refers="islands"),
        Column("base", "id", "车场", "settlement or port of that island where the vehicles stand at night", refers="road_nodes"),
        Column("count", "integer", "车辆数", "vehicles", "vehicle", low=1, high=500),
        Column("seats", "integer", "座位", "seats", "person", low=1, high=200),
        Column("battery_kwh", "number", "电池容量", "battery", "kWh", low=1, high=1000),
        Column("kwh_per_km", "number", "每公里能耗", "consumption", "kWh/km", low=0.01, high=10),
        Column("day_cost_yuan", "number", "车日成本", "a vehicle in service a day: driver and vehicle", "yuan/day", low=0),
        Column("km_cost_yuan", "number", "里程成本", "a kilometre: energy, tyres, repairs", "yuan/km", low=0),
        _use("用途", "boats: meets the boats; lines: runs lines by a timetable of the clock"),
        SYNTHETIC,
    ),
    required=False,
)
BUS_CHARGERS = Table(
    "bus_chargers",
    ("charger_id",),
    "短驳充电桩",
    "chargers that the vehicles of shuttle_fleets may use during the day",
    (
        Column("charger_id", "id", "充电站编号", "id of the site"),
        Column("node", "id", "路网节点", "settlement or port where they stand", refers="road_nodes"),
        Column("count", "integer", "充电桩数", "chargers", "charger", low=1, high=100),
        Column("power_kw", "number", "功率", "power of each", "kW", low=1, high=1000),
        _use("用途", "whose vehicles charge there: those that meet boats, or those of lines"),
        SYNTHETIC,
    ),
    required=False,
)
ISLAND_TRIPS = Table(
    "island_trips",
    ("from_node", "to_node"),
    "岛内出行",
    "people a day who go from one settlement or quay of an island to another and would take a bus that suits them; without rows of an island they are estimated",
    (
        Column("from_node", "id", "起点", "settlement or port", refers="road_nodes"),
        Column("to_node", "id", "终点", "settlement or port of the same island", refers="road_nodes"),
        Column("people", "integer", "人次", "people a day in this direction", "person", low=0, high=1_000_000),
        SYNTHETIC,
    ),
    required=False,
)

"""The optional tables of buses that meet the boats: vehicles and chargers of the islands."""

from __future__ import annotations

from islandflow.scenario.table import NAMES, SYNTHETIC, Column, Table

SHUTTLE_FLEETS = Table(
    "shuttle_fleets",
    ("fleet_id",),
    "短驳车队",
    "like vehicles of an island that meet the boats; every vehicle begins and ends its day, fully charged, at its base",
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
        SYNTHETIC,
    ),
    required=False,
)

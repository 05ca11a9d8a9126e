"""Tables of what is promised, wished for and paid: obligations, wishes, fares."""

from __future__ import annotations

from islandflow.scenario.table import Column, Table

OBLIGATIONS = Table(
    "obligations",
    ("obligation_id",),
    "民生保障",
    "lifeline rules that must hold every day",
    (
        Column("obligation_id", "id", "编号", "id of the obligation"),
        Column("port", "id", "岛港", "island port that is protected", refers="ports"),
        Column("serves_port", "id", "对岸港", "port it must be joined with (county seat side)", refers="ports"),
        Column("either_port", "id", "替代港", "port bridged with it: a call at either counts", required=False, default="", refers="ports"),
        Column(
            "sailings_each_way",
            "integer",
            "每日班次",
            "direct sailings a day each way, at least",
            "sailing/day",
            required=False,
            default=0,
            low=0,
        ),
        Column("first_arrival_by", "clock", "首班到达不晚于", "an arrival at serves_port no later than", "clock", required=False),
        Column("last_boat_not_before", "clock", "末班返岛不早于", "a boat home from serves_port no earlier than", "clock", required=False),
        Column(
            "largest_gap_min",
            "integer",
            "最大间隔",
            "largest gap between departures inside the setting's window",
            "min",
            required=False,
            low=1,
        ),
        Column("hours_ashore", "duration", "当日往返停留", "minutes possible ashore on a day return", "h:mm", required=False),
        Column(
            "resident_seats_percent",
            "number",
            "居民留座",
            "seats kept for residents until no resident wants them",
            "%",
            required=False,
            default=0.0,
            low=0,
            high=100,
        ),
        Column(
            "release_min",
            "integer",
            "留座释放",
            "minutes before departure at which kept seats are open to all; empty = never",
            "min",
            required=False,
            default=None,
            low=0,
            high=1440,
        ),
        Column(
            "cargo_sailings",
            "integer",
            "货运班次",
            "sailings a day each way with room for cargo, at least",
            "sailing/day",
            required=False,
            default=0,
            low=0,
        ),
        Column("cargo_m3", "number", "货舱下限", "hold of such a sailing, at least", "m3", required=False, default=0.0, low=0),
        Column("medical_trip", "yesno", "就医往返", "hospital reached in the morning and home the same day", required=False, default=False),
        Column(
            "days_per_week", "integer", "每周天数", "days a week on which it must hold", "day", required=False, default=7, low=1, high=7
        ),
    ),
    required=False,
)
WISHES = Table(
    "wishes",
    ("wish_id",),
    "班次愿望",
    "departures worth keeping or offering: each one that does not run costs its price; obligations come before all of them",
    (
        Column("wish_id", "id", "编号", "id of the wish"),
        Column(
            "kind", "choice", "类型", "core timetable, hop line, kept from another plan, or other", choices=("core", "hop", "keep", "other")
        ),
        Column("line", "id", "航线", "only sailings of this line count; empty = any", required=False, default="", refers="line_patterns"),
        Column("from_port", "id", "起港", "port of departure", refers="ports"),
        Column("to_port", "id", "讫港", "port reached without a change", refers="ports"),
        Column("leaves_from", "clock", "最早开航", "earliest departure that counts", "clock"),
        Column("leaves_until", "clock", "最晚开航", "latest departure that counts", "clock"),
        Column("least", "integer", "班次", "sailings wished for", "sailing", required=False, default=1, low=1, high=1000),
        Column("price_yuan", "number", "缺一班的代价", "price of each sailing that does not run", "yuan", low=0),
        Column("periods", "services", "适用时期", "service patterns in which it counts; empty = all", required=False, default=()),
    ),
    required=False,
)
FARES = Table(
    "fares",
    ("from_port", "to_port", "speed"),
    "票价",
    "fares by pair of ports (both directions) and speed of boat",
    (
        Column("from_port", "id", "起港", "port", refers="ports"),
        Column("to_port", "id", "讫港", "port", refers="ports"),
        Column("speed", "choice", "船速", "fast boats (20 kn and above) or normal", choices=("fast", "normal")),
        Column("fare_yuan", "number", "客票", "fare of a person", "yuan", low=0),
        Column("vehicle_fare_yuan", "number", "车票", "fare of a vehicle", "yuan", required=False, low=0),
    ),
    required=False,
)

"""The optional tables of the islands' inside: settlements, roads, and where service points may stand."""

from __future__ import annotations

from islandflow.scenario.table import LAT, LON, NAMES, SYNTHETIC, Column, Table

SETTLEMENTS = Table(
    "settlements",
    ("settlement_id",),
    "居民点",
    "where people live and stay: villages, communities, town centres; also a node of the road network",
    (
        Column("settlement_id", "id", "居民点编号", "id of the settlement; roads name it as a node"),
        *NAMES,
        Column("island_id", "id", "所在岛屿", "island", refers="islands"),
        Column(
            "place_id",
            "id",
            "出行点",
            "the same settlement in places, where demand begins and ends; empty = none",
            required=False,
            default="",
            refers="places",
        ),
        LAT,
        LON,
        Column("residents", "integer", "居民", "residents", "person", low=0),
        Column("beds", "integer", "床位", "lodging beds", "bed", required=False, default=0, low=0),
        Column(
            "elderly_share",
            "number",
            "老年人比例",
            "share of residents aged 60 and over",
            "share",
            required=False,
            default=0.0,
            low=0,
            high=1,
        ),
        SYNTHETIC,
    ),
    required=False,
)
ROADS = Table(
    "roads",
    ("road_id",),
    "道路",
    "stretches of road between nodes, passable both ways; a node is a settlement, a port or a junction",
    (
        Column("road_id", "id", "道路编号", "id of the stretch"),
        Column("island_id", "id", "所在岛屿", "island; of a bridge, the island at from_node", refers="islands"),
        Column("from_node", "id", "起点", "settlement, port, or the id of a junction (any id used by roads alone)"),
        Column("to_node", "id", "终点", "settlement, port or junction"),
        Column("from_lat", "number", "起点纬度", "latitude of from_node", "degree", low=-90, high=90),
        Column("from_lon", "number", "起点经度", "longitude of from_node", "degree", low=-180, high=180),
        Column("to_lat", "number", "终点纬度", "latitude of to_node", "degree", low=-90, high=90),
        Column("to_lon", "number", "终点经度", "longitude of to_node", "degree", low=-180, high=180),
        Column("length_m", "integer", "长度", "length along the road", "m", low=1, high=100_000),
        Column("kind", "choice", "类型", "main road, local road, lane, or bridge", choices=("main", "local", "lane", "bridge")),
        Column("speed_km_h", "number", "车速", "usual speed of a small vehicle; 0 = on foot only", "km/h", low=0, high=120),
        Column(
            "upgrade_km_h",
            "number",
            "改造后车速",
            "speed after a possible upgrade; 0 = none foreseen",
            "km/h",
            required=False,
            default=0.0,
            low=0,
            high=120,
        ),
        Column("upgrade_cost_yuan", "number", "改造费用", "cost of that upgrade", "yuan", required=False, default=0.0, low=0),
        Column("spot", "text", "安全隐患", "road-safety spot or missing sign on this stretch, in words", required=False, default=""),
        SYNTHETIC,
    ),
    required=False,
)
SITES = Table(
    "sites",
    ("site_id",),
    "候选设施点",
    "places where service points may, must or must not stand; without rows every settlement and port is a candidate of every kind",
    (
        Column("site_id", "id", "设施点编号", "id of the site"),
        Column("node", "id", "路网节点", "settlement or port where it stands", refers="road_nodes"),
        Column(
            "kind",
            "choice",
            "设施类型",
            "logistics, transfer, charger or shared vehicles",
            choices=("logistics", "transfer", "charger", "shared"),
        ),
        Column("status", "choice", "状态", "existing, possible or forbidden", choices=("existing", "possible", "forbidden")),
        SYNTHETIC,
    ),
    required=False,
)

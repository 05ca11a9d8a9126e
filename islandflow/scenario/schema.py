"""The tables of a scenario, described once; reader, validation, Excel and docs read this table."""

from __future__ import annotations

from islandflow.scenario.service_tables import FARES, OBLIGATIONS, WISHES
from islandflow.scenario.shuttle_tables import BUS_CHARGERS, ISLAND_TRIPS, SHUTTLE_FLEETS
from islandflow.scenario.siting_tables import ROADS, SETTLEMENTS, SITES
from islandflow.scenario.table import LAT, LON, NAMES, Column, Table
from islandflow.scenario.year_tables import FACILITIES, HOPS

SERVICES = (
    "winter-weekday",
    "winter-weekend",
    "spring-autumn-weekday",
    "spring-autumn-weekend",
    "summer-weekday",
    "summer-weekend",
    "golden-week",
    "spring-festival",
    "pilgrimage",
)
SEGMENTS = ("resident", "commuter", "medical", "visitor", "vehicle")
EXPOSURES = {"sheltered": "遮蔽", "open": "开阔", "outer": "外海"}  # of ports and legs, ever rougher
RESIDENT_SEGMENTS = ("resident", "commuter", "medical")


ISLANDS = Table(
    "islands",
    ("island_id",),
    "岛屿",
    "islands and the mainland shores",
    (
        Column("island_id", "id", "岛屿编号", "id of the island"),
        *NAMES,
        Column("county", "text", "县区", "county", required=False, default=""),
        LAT,
        LON,
        Column("residents", "integer", "常住人口", "residents", "person", required=False, default=0, low=0),
        Column(
            "kind",
            "choice",
            "类型",
            "island or mainland shore",
            required=False,
            default="island",
            choices=("island", "mainland", "industrial"),
        ),
    ),
)
PLACES = Table(
    "places",
    ("place_id",),
    "出行点",
    "places where people start and end: harbours, settlements, gateways",
    (
        Column("place_id", "id", "出行点编号", "id of the place"),
        *NAMES,
        Column("island_id", "id", "所在岛屿", "island; empty for a far gateway", required=False, default="", refers="islands"),
        LAT,
        LON,
        Column("kind", "choice", "类型", "kind of place", choices=("harbour", "settlement", "gateway")),
        Column("residents", "integer", "居民", "residents", "person", required=False, default=0, low=0),
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
    ),
)
PORTS = Table(
    "ports",
    ("port_id",),
    "港口",
    "ports where boats call",
    (
        Column("port_id", "id", "港口编号", "id of the port"),
        *NAMES,
        Column("island_id", "id", "所在岛屿", "island", refers="islands"),
        Column("place_id", "id", "港口出行点", "the place at the quay: no walk between the two", refers="places"),
        Column("cluster", "text", "组团", "cluster of islands the port belongs to"),
        Column(
            "role",
            "choice",
            "层级",
            "rank: gateway to the mainland side, hub of an island group, or port",
            choices=("gateway", "hub", "port"),
        ),
        LAT,
        LON,
        Column("opens", "clock", "开放时间", "first minute a boat may be alongside", "clock"),
        Column("closes", "clock", "关闭时间", "last minute a boat may arrive or leave", "clock"),
        Column("berths", "integer", "泊位数", "boats alongside at once", "boat", low=1),
        Column(
            "long_berths",
            "integer",
            "大泊位数",
            "of these, berths for boats longer than the setting long_vessel_m; empty = all",
            "boat",
            required=False,
            default=None,
            low=0,
        ),
        Column("longest_vessel_m", "number", "最大船长", "longest boat the port takes", "m", low=0),
        Column("overnight_moorings", "integer", "过夜泊位", "boats that may lie overnight", "boat", low=0),
        Column("charging_kw", "number", "充电功率", "shore charging for battery boats", "kW", required=False, default=0.0, low=0),
        Column(
            "exposure",
            "choice",
            "海况",
            "exposure of the approaches",
            required=False,
            default="sheltered",
            choices=tuple(EXPOSURES),
        ),
        Column(
            "tide_windows",
            "text",
            "可靠泊潮时",
            "HH:MM-HH:MM separated by ; in which boats arrive and leave; empty = at any tide",
            required=False,
            default="",
        ),
        Column(
            "quiet_hours",
            "text",
            "夜间安静时段",
            "HH:MM-HH:MM separated by ; in which only quiet boats arrive or leave (22:00-06:00 passes midnight)",
            required=False,
            default="",
        ),
    ),
)
SEA_LEGS = Table(
    "sea_legs",
    ("from_port", "to_port"),
    "海上距离",
    "sea distances that override the computed ones (both directions)",
    (
        Column("from_port", "id", "起港", "port", refers="ports"),
        Column("to_port", "id", "讫港", "port", refers="ports"),
        Column("nm", "number", "海里", "distance by sea; not below the great circle", "nm", low=0, high=2000),
    ),
    required=False,
)
LAND_LINKS = Table(
    "land_links",
    ("from_node", "to_node"),
    "陆路接驳",
    "roads, bridges, coaches and walks joining places and ports (both directions)",
    (
        Column("from_node", "id", "起点", "port or place", refers="nodes"),
        Column("to_node", "id", "终点", "port or place", refers="nodes"),
        Column("minutes", "integer", "分钟", "time on the way, waiting for the bus included", "min", low=0, high=1440),
        Column("fare_yuan", "number", "票价", "fare", "yuan", required=False, default=0.0, low=0),
        Column("headway_min", "integer", "班距", "headway; 0 = at any time", "min", required=False, default=0, low=0),
    ),
    required=False,
)
OPERATORS = Table(
    "operators",
    ("operator_id",),
    "经营人",
    "companies that own vessels and run lines",
    (Column("operator_id", "id", "经营人编号", "id of the operator"), *NAMES),
)
VESSELS = Table(
    "vessels",
    ("fleet_id",),
    "船舶",
    "the fleet: a row is a number of like vessels of one operator at one home port",
    (
        Column("fleet_id", "id", "船组编号", "id of the row; named vessels are FLEET_ID-01, -02, ..."),
        *NAMES,
        Column("class", "id", "船型", "vessel class"),
        Column("operator", "id", "经营人", "owner; sails only its own lines unless chartered", refers="operators"),
        Column("charter_to", "ids", "租给", "operators that may use it too", required=False, default=(), refers="operators"),
        Column("cluster", "text", "组团", "cluster whose lines it sails"),
        Column("count", "integer", "艘数", "number of vessels", "vessel", low=0, high=1000),
        Column("home_port", "id", "母港", "home port", refers="ports"),
        Column("seats", "integer", "客位", "seats", "person", low=1),
        Column("vehicle_deck", "integer", "车位", "vehicles carried", "vehicle", required=False, default=0, low=0),
        Column("cargo_m3", "number", "货舱", "cargo space", "m3", required=False, default=0.0, low=0),
        Column("length_m", "number", "船长", "length over all", "m", low=1, high=400),
        Column("speed_kn", "number", "航速", "service speed", "kn", low=1, high=60),
        Column("fuel_l_per_h", "number", "油耗", "fuel under way", "l/h", required=False, default=0.0, low=0),
        Column("power_kw", "number", "电耗", "electric power under way (battery boats)", "kW", required=False, default=0.0, low=0),
        Column("battery_kwh", "number", "电池", "usable battery", "kWh", required=False, default=0.0, low=0),
        Column("crew", "integer", "船员", "crew of one shift", "person", low=1),
        Column("day_cost_yuan", "number", "日固定成本", "cost of a day in service, first crew included", "yuan/day", low=0),
        Column("call_cost_yuan", "number", "靠泊费", "port dues of each arrival", "yuan", low=0),
        Column("turnaround_min", "integer", "周转时间", "from arrival to the next departure", "min", low=0, high=600),
        Column("wind_limit_bft", "integer", "风力限制", "sails up to this wind", "Beaufort", required=False, default=12, low=0, high=12),
        Column("wave_limit_m", "number", "浪高限制", "sails up to this wave height", "m", required=False, default=99.0, low=0),
        Column("quiet", "yesno", "安静船舶", "may arrive and leave in a port's quiet hours", required=False, default=False),
        Column("second_crew", "yesno", "可派第二班船员", "a second crew may be had for a longer day", required=False, default=True),
        Column("visibility_limit_m", "integer", "能见度限制", "sails down to this visibility", "m", required=False, default=0, low=0),
        Column("periods", "services", "租用时期", "service patterns in which the vessels are there (a seasonal charter, its price in day_cost_yuan); empty = all", required=False, default=()),
    ),
)
LINE_PATTERNS = Table(
    "line_patterns",
    ("line_id",),
    "航线",
    "lines of the scenario: ordered calls, sailed both ways",
    (
        Column("line_id", "id", "航线编号", "id of the line"),
        Column("operator", "id", "经营人", "operator", refers="operators"),
        Column("calls", "ids", "挂靠港", "ports in order of call, separated by ;", refers="ports"),
        Column("cluster", "text", "组团", "cluster of islands the line belongs to"),
        Column("classes", "ids", "可用船型", "vessel classes that sail it in crossing_min"),
        Column("crossing_min", "integer", "航行时间", "first departure to last arrival, calls included", "min", low=1, high=1440),
        Column("kind", "choice", "类型", "ordinary line or island-hopping line", required=False, default="line", choices=("line", "hop")),
        Column("days", "days", "开航日", "days of running, 1 = Monday ... 7 = Sunday", required=False, default="1234567"),
        Column("periods", "services", "运行时期", "service patterns in which it may run; empty = all", required=False, default=()),
        Column(
            "today_offpeak",
            "number",
            "现状淡季班次",
            "sailings a day each way today, off-peak",
            "sailing/day",
            required=False,
            default=0.0,
            low=0,
            high=2000,
        ),
        Column(
            "today_peak",
            "number",
            "现状旺季班次",
            "sailings a day each way today, peak",
            "sailing/day",
            required=False,
            default=0.0,
            low=0,
            high=2000,
        ),
    ),
)
SERVICE_PATTERNS = Table(
    "service_patterns",
    ("service",),
    "运行图时期",
    "day types of the year",
    (
        Column("service", "service", "时期", "service pattern"),
        *NAMES,
        Column("peak", "yesno", "旺季", "today's peak frequencies apply"),
        Column("hop_lines", "yesno", "跳岛航线", "loops and hop lines may run"),
        *(
            Column(
                f"wind_{sea}_bft",
                "integer",
                f"风力:{zh}",
                f"wind that is reckoned with, {sea} waters",
                "Beaufort",
                required=False,
                default=0,
                low=0,
                high=12,
            )
            for sea, zh in EXPOSURES.items()
        ),
        *(
            Column(
                f"wave_{sea}_m",
                "number",
                f"浪高:{zh}",
                f"waves that are reckoned with, {sea} waters",
                "m",
                required=False,
                default=0.0,
                low=0,
            )
            for sea, zh in EXPOSURES.items()
        ),
        Column(
            "visibility_m", "integer", "能见度", "visibility that is reckoned with; empty = clear", "m", required=False, default=None, low=0
        ),
    ),
)
CALENDAR = Table(
    "calendar",
    ("date",),
    "日历",
    "which date runs which service pattern",
    (
        Column("date", "date", "日期", "date"),
        Column("service", "service", "时期", "service pattern", refers="service_patterns"),
        Column("day", "text", "说明", "workday, weekend, holiday or festival in words", required=False, default=""),
        Column("provisional", "yesno", "暂定", "not yet official", required=False, default=False),
    ),
)
DEMAND = Table(
    "demand",
    ("from_place", "to_place", "segment", "service"),
    "出行需求",
    "trips a day from place to place",
    (
        Column("from_place", "id", "起点", "place", refers="places"),
        Column("to_place", "id", "终点", "place", refers="places"),
        Column("segment", "choice", "人群", "group of travellers (vehicle = vehicles with their driver)", choices=SEGMENTS),
        Column("service", "service", "时期", "service pattern", refers="service_patterns"),
        Column("trips", "number", "日出行量", "trips a day in this direction", "trip/day", low=0, high=1_000_000),
        Column("profile", "id", "时间分布", "time profile", refers="time_profiles"),
    ),
)
TIME_PROFILES = Table(
    "time_profiles",
    ("profile", "hour"),
    "时间分布",
    "share of a day's trips by hour of wanted departure",
    (
        Column("profile", "id", "分布编号", "id of the profile"),
        Column("hour", "clock", "起始时刻", "start of the hour", "clock"),
        Column("share", "number", "比例", "share of the day; shares of a profile add to 1", "share", low=0, high=1),
    ),
)
SETTINGS_TABLE = Table(
    "settings",
    ("setting",),
    "参数",
    "weights, prices and choices, each with its source",
    (
        Column("setting", "id", "参数", "name of the setting"),
        Column("value", "text", "值", "value, read by the setting's own type"),
        Column("source", "text", "来源", "where the value comes from", required=False, default=""),
    ),
)

TABLES: tuple[Table, ...] = (
    ISLANDS,
    PLACES,
    PORTS,
    SEA_LEGS,
    LAND_LINKS,
    OPERATORS,
    VESSELS,
    LINE_PATTERNS,
    SERVICE_PATTERNS,
    CALENDAR,
    DEMAND,
    TIME_PROFILES,
    OBLIGATIONS,
    WISHES,
    HOPS,
    FACILITIES,
    FARES,
    SETTLEMENTS,
    ROADS,
    SITES,
    SHUTTLE_FLEETS,
    BUS_CHARGERS,
    ISLAND_TRIPS,
    SETTINGS_TABLE,
)


def table(name: str) -> Table:
    """The table of that name; KeyError if there is none."""
    for found in TABLES:
        if found.name == name:
            return found
    raise KeyError(name)

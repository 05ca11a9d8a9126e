"""What no single cell can tell: ids that must exist, tables that must fit together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Set
from itertools import pairwise

from islandflow.errors import Fault
from islandflow.scenario.entities import Setting
from islandflow.scenario.line_parameters import check_lines
from islandflow.scenario.roads import check_roads
from islandflow.scenario.schema import TABLES
from islandflow.sphere import At, great_circle
from islandflow.units import clock, minutes, spans

Rows = Mapping[str, list[tuple[int, dict[str, object]]]]
Ids = Mapping[str, list[str] | None]
Near = Callable[[str, list[str]], tuple[str, str]]
MOST_CALLS = 20
FASTEST_KN = 60  # the upper limit of a vessel's speed in the schema: what seems faster is a wrong unit or a wrong position
ROUNDED_NM = 0.05  # sea miles are stated in tenths


def validate(tables: Rows, ids: Ids, complete: Set[str], settings: Mapping[str, Setting], faults: list[Fault], near: Near) -> None:
    """Adds the faults and warnings of the tables together to ``faults``.

    ``ids`` by table, also of rows that could not be read whole; None of a table that could not be read: then it is not said that a name
    is missing from it. ``complete`` are tables without a fault of their own: only of these is said what they lack as a whole.
    """
    keys = dict(ids)
    keys["nodes"] = _both(ids["ports"], ids["places"])
    keys["road_nodes"] = _both(ids["settlements"], ids["ports"])
    known = {name: set(found) for name, found in keys.items() if found is not None}
    for table in TABLES:
        for column in table.columns:
            if column.refers not in known:
                continue
            for row, values in tables[table.name]:
                given = values.get(column.name)
                for name in given if isinstance(given, tuple) else (given,):
                    if name not in (None, "") and name not in known[column.refers]:
                        remedy = near(str(name), keys[column.refers] or [])
                        faults.append(
                            Fault(
                                f"{table.name}.csv",
                                row,
                                column.name,
                                str(name),
                                f"is not in {column.refers}",
                                f"不在 {column.refers} 中",
                                *remedy,
                            )
                        )
    _ports(tables, known.get("places", set()), "vessels" in complete, faults)
    _lines(tables, "vessels" in complete, faults, near)
    _ways(tables, faults)
    if "time_profiles" in complete:
        _profiles(tables, faults)
    _rest(tables, faults)
    check_roads(tables, faults)
    _shifts(settings, faults)
    check_lines(settings, faults)
    _trips(tables, faults)


def _say(
    faults: list[Fault], place: tuple[str, int, str, object], en: str, zh: str, remedy: tuple[str, str], warning: bool = False
) -> None:
    file, row, column, value = place
    faults.append(Fault(f"{file}.csv", row, column, str(value), en, zh, *remedy, warning=warning))


def _both(some: list[str] | None, others: list[str] | None) -> list[str] | None:
    return None if some is None or others is None else some + others


def _ports(tables: Rows, places: set[str], fleet_known: bool, faults: list[Fault]) -> None:
    based: dict[str, int] = defaultdict(int)
    for _, v in tables["vessels"]:
        based[str(v["home_port"])] += int(str(v["count"]))
    for row, v in tables["ports"]:
        if int(str(v["closes"])) <= int(str(v["opens"])):
            _say(
                faults,
                ("ports", row, "closes", clock(int(str(v["closes"])))),
                "closes before it opens",
                "关闭早于开放",
                ("write a later time", "请写更晚的时刻"),
            )
        if v["long_berths"] is not None and int(str(v["long_berths"])) > int(str(v["berths"])):
            _say(
                faults,
                ("ports", row, "long_berths", v["long_berths"]),
                "more than berths",
                "超过泊位数",
                ("write berths at most", "不超过泊位数"),
            )
        for column in ("tide_windows", "quiet_hours"):
            try:
                spans(str(v[column]))
            except ValueError:
                what = ("are no hours", "不是时段")
                _say(faults, ("ports", row, column, v[column]), *what, ("write HH:MM-HH:MM;…", "请写 HH:MM-HH:MM;…"))
        if v["port_id"] in places:
            _say(
                faults,
                ("ports", row, "port_id", v["port_id"]),
                "is a place too",
                "与出行点编号相同",
                ("give the place another id", "请为出行点另取编号"),
            )
        if fleet_known and based[str(v["port_id"])] > int(str(v["overnight_moorings"])):
            remedy = (f"{based[str(v['port_id'])]} are based there", f"母港船舶 {based[str(v['port_id'])]} 艘")
            _say(
                faults,
                ("ports", row, "overnight_moorings", v["overnight_moorings"]),
                "moorings for fewer than are based there",
                "少于母港船舶数",
                remedy,
                True,
            )


def _lines(tables: Rows, fleet_known: bool, faults: list[Fault], near: Near) -> None:
    fleets = [v for _, v in tables["vessels"]]
    classes = sorted({str(f["class"]) for f in fleets})
    spots = _spots(tables)
    for row, v in tables["line_patterns"]:
        calls = v["calls"]
        assert isinstance(calls, tuple)
        if len(calls) < 2:
            _say(
                faults,
                ("line_patterns", row, "calls", ";".join(calls)),
                "is fewer than two calls",
                "少于两个挂靠港",
                ("name both ends", "请写明两端"),
            )
        if any(a == b for a, b in pairwise(calls)):
            _say(
                faults,
                ("line_patterns", row, "calls", ";".join(calls)),
                "calls twice in a row at one port",
                "连续挂靠同一港",
                ("name it once", "请只写一次"),
            )
        for name in _tuple(v["classes"]):
            if fleet_known and name not in classes:
                what = ("is no class of vessels", "不是 vessels 表的船型")
                _say(faults, ("line_patterns", row, "classes", name), *what, near(name, classes), True)
        if len(calls) > MOST_CALLS:
            what = (f"calls are more than {MOST_CALLS}", f"次挂靠超过 {MOST_CALLS} 次")
            _say(faults, ("line_patterns", row, "calls", len(calls)), *what, ("split the line", "请拆分航线"))
        elif all(port in spots for port in calls):
            nm = sum(great_circle(spots[a], spots[b]) for a, b in pairwise(calls))
            if nm * 60 > FASTEST_KN * int(str(v["crossing_min"])):
                what = (f"minutes for {nm:.1f} nm are more than {FASTEST_KN} kn", f"分钟行驶 {nm:.1f} 海里,超过 {FASTEST_KN} 节")
                remedy = ("write the minutes of the whole crossing, or mend the ports' positions", "请写全程分钟数,或修正港口经纬度")
                _say(faults, ("line_patterns", row, "crossing_min", v["crossing_min"]), *what, remedy)
        mine = [f for f in fleets if _may(f, v) and f["cluster"] == v["cluster"] and f["class"] in _tuple(v["classes"])]
        if fleet_known and not any(int(str(f["count"])) for f in mine):
            _say(
                faults, ("line_patterns", row, "classes", ";".join(_tuple(v["classes"]))), "no vessel of its operator can sail this line",
                "经营人没有可用船舶", ("add a vessel or a charter", "请增加船舶或租船"), True,
            )  # fmt: skip


def _ways(tables: Rows, faults: list[Fault]) -> None:
    """Ways that hold in both directions: two ends, told once, and by sea no shorter than the great circle."""
    spots = _spots(tables)
    for table, ends in (
        ("sea_legs", ("from_port", "to_port")),
        ("land_links", ("from_node", "to_node")),
        ("fares", ("from_port", "to_port", "speed")),
    ):
        first: dict[tuple[object, ...], int] = {}
        for row, v in tables[table]:
            a, b = str(v[ends[0]]), str(v[ends[1]])
            if a == b:
                _say(faults, (table, row, ends[1], b), "is where the way begins", "与起点相同", ("name another end", "请写另一端"))
            key = (min(a, b), max(a, b), *(v[e] for e in ends[2:]))
            if key in first:
                en, zh = f"is told in row {first[key]} already, in the other direction", f"与第 {first[key]} 行方向相反而重复"
                _say(faults, (table, row, ends[0], a), en, zh, ("keep one, it holds both ways", "双向有效,请只保留一行"))
            first.setdefault(key, row)
            if table == "sea_legs" and a in spots and b in spots:
                straight = great_circle(spots[a], spots[b])
                if float(str(v["nm"])) < straight - ROUNDED_NM:
                    what = (f"is below the great circle of {straight:.2f} nm", f"短于大圆距离 {straight:.2f} 海里")
                    remedy = ("write nautical miles by sea, or mend the ports' positions", "请写海上海里数,或修正港口经纬度")
                    _say(faults, ("sea_legs", row, "nm", v["nm"]), *what, remedy)


def _spots(tables: Rows) -> dict[str, At]:
    return {str(v["port_id"]): At(float(str(v["lat"])), float(str(v["lon"]))) for _, v in tables["ports"]}


def _tuple(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _may(fleet: dict[str, object], line: dict[str, object]) -> bool:
    return line["operator"] == fleet["operator"] or line["operator"] in _tuple(fleet["charter_to"])


def _profiles(tables: Rows, faults: list[Fault]) -> None:
    total: dict[str, float] = defaultdict(float)
    first: dict[str, int] = {}
    for row, v in tables["time_profiles"]:
        total[str(v["profile"])] += float(str(v["share"]))
        first.setdefault(str(v["profile"]), row)
    for name, share in total.items():
        if abs(share - 1) > 0.001:
            _say(faults, ("time_profiles", first[name], "share", f"{share:.4f}"), f"is the sum of {name}, not 1", f"为 {name} 之和,应为 1",
                 ("let the shares add to 1", "请使各时段之和为 1"))  # fmt: skip


def _rest(tables: Rows, faults: list[Fault]) -> None:
    for row, v in tables["demand"]:
        if v["from_place"] == v["to_place"]:
            _say(
                faults,
                ("demand", row, "to_place", v["to_place"]),
                "is where the trip starts",
                "与起点相同",
                ("name another place", "请写另一地点"),
            )
    for row, v in tables["obligations"]:
        if v["port"] == v["serves_port"]:
            _say(
                faults,
                ("obligations", row, "serves_port", v["serves_port"]),
                "is the port itself",
                "与岛港相同",
                ("name the other side", "请写对岸港"),
            )
    for row, v in tables["wishes"]:
        if v["from_port"] == v["to_port"]:
            _say(faults, ("wishes", row, "to_port", v["to_port"]), "is where it starts", "与起港相同", ("name another port", "请写另一港口"))
        if int(str(v["leaves_until"])) < int(str(v["leaves_from"])):
            what = ("is before leaves_from", "早于最早开航")
            _say(faults, ("wishes", row, "leaves_until", clock(int(str(v["leaves_until"])))), *what, ("write a later time", "请写更晚的时刻"))
    longest = {str(v["port_id"]): float(str(v["longest_vessel_m"])) for _, v in tables["ports"]}
    for row, v in tables["vessels"]:
        if float(str(v["length_m"])) > longest.get(str(v["home_port"]), 1e9) and int(str(v["count"])):
            _say(
                faults,
                ("vessels", row, "length_m", v["length_m"]),
                "is too long for its home port",
                "超过母港最大船长",
                ("name another home port", "请改母港"),
            )


def _trips(tables: Rows, faults: list[Fault]) -> None:
    """A trip inside an island stays on it, and vehicles stand on the island where they drive."""
    keys = {"settlements": "settlement_id", "ports": "port_id"}
    island = {str(v[key]): v["island_id"] for name, key in keys.items() for _, v in tables[name]}
    for row, v in tables["island_trips"]:
        begins, ends = str(v["from_node"]), str(v["to_node"])
        if begins == ends or (begins in island and ends in island and island[begins] != island[ends]):
            what = ("is where it starts", "与起点相同") if begins == ends else ("is on another island", "在另一岛上")
            _say(faults, ("island_trips", row, "to_node", ends), *what, ("name another node of that island", "请写该岛的另一节点"))
    for row, v in tables["shuttle_fleets"]:
        base = str(v["base"])
        if base in island and island[base] != v["island_id"]:
            what = ("is not on the island of the fleet", "不在车队所在岛上")
            _say(faults, ("shuttle_fleets", row, "base", base), *what, ("name a settlement or port of that island", "请写该岛的居民点或港口"))


def _shifts(settings: Mapping[str, Setting], faults: list[Fault]) -> None:
    try:
        for part in str(settings["crew_shifts"].value).split(";"):
            begins, _, ends = part.partition("-")
            longest = float(str(settings["crew_day_max_h"].value)) * 60
            if not 0 < minutes(ends) - minutes(begins) <= longest:
                raise ValueError
    except ValueError:
        remedy = ("write HH:MM-HH:MM;…, none longer than crew_day_max_h", "请写 HH:MM-HH:MM;…,且不超过 crew_day_max_h")
        _say(faults, ("settings", 0, "crew_shifts", settings["crew_shifts"].value), "are no crew shifts", "不是船员班次", remedy)
    try:
        begins, _, ends = str(settings["largest_gap_window"].value).partition("-")
        if minutes(ends) <= minutes(begins):
            raise ValueError
    except ValueError:
        _say(
            faults,
            ("settings", 0, "largest_gap_window", settings["largest_gap_window"].value),
            "is no window",
            "不是时段",
            ("write 07:00-18:00", "请写如 07:00-18:00"),
        )

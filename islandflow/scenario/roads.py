"""Checks of the road tables: ends that differ, nodes at one place only, upgrades that say what they bring."""

from __future__ import annotations

import math
from collections.abc import Mapping

from islandflow.errors import Fault

Rows = Mapping[str, list[tuple[int, dict[str, object]]]]
SAME_PLACE_M = 50.0
SHORTER_M = 20.0  # coordinates are rounded: so much may a road seem shorter than the straight line
METRES_A_DEGREE = 111_320.0


def straight_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Metres between two near points."""
    return METRES_A_DEGREE * math.hypot(lat1 - lat2, (lon1 - lon2) * math.cos(math.radians((lat1 + lat2) / 2)))


def check_roads(tables: Rows, faults: list[Fault]) -> None:
    """Adds the faults and warnings of settlements, roads and sites."""

    def say(table: str, row: int, column: str, value: object, en: str, zh: str, remedy: tuple[str, str], warning: bool = False) -> None:
        faults.append(Fault(f"{table}.csv", row, column, str(value), en, zh, *remedy, warning=warning))

    at: dict[str, tuple[float, float]] = {}
    for table, key in (("settlements", "settlement_id"), ("ports", "port_id")):
        for _, v in tables[table]:
            if table == "settlements" and v[key] in at:
                continue
            if table == "ports" and v[key] in at:
                say(
                    "settlements",
                    0,
                    "settlement_id",
                    v[key],
                    "is a port too",
                    "与港口编号相同",
                    ("give the settlement another id", "请为居民点另取编号"),
                )
            at[str(v[key])] = _point(v, "lat", "lon")
    fixed = dict(at)
    seen: set[frozenset[object]] = set()
    for row, v in tables["roads"]:
        if v["from_node"] == v["to_node"]:
            say("roads", row, "to_node", v["to_node"], "is where the road starts", "与起点相同", ("name another node", "请写另一节点"))
            continue
        ends = [_point(v, "from_lat", "from_lon"), _point(v, "to_lat", "to_lon")]
        for node, point, column in ((v["from_node"], ends[0], "from_lat"), (v["to_node"], ends[1], "to_lat")):
            known = at.setdefault(str(node), point)
            off = straight_m(*known, *point)
            # a port may stand at the quay, its road end at the gate
            if off > (SAME_PLACE_M if node not in fixed else 10 * SAME_PLACE_M):
                say(
                    "roads",
                    row,
                    column,
                    f"{off:.0f} m",
                    f"away from where {node} is elsewhere",
                    f"偏离节点 {node} 的其他位置",
                    ("give a node one place", "请统一该节点坐标"),
                )
        straight = straight_m(*ends[0], *ends[1])
        if float(str(v["length_m"])) < straight - SHORTER_M:
            say(
                "roads",
                row,
                "length_m",
                v["length_m"],
                f"is less than the straight line, {straight:.0f} m",
                f"短于直线距离 {straight:.0f} m",
                ("write the length along the road", "请写沿路长度"),
            )
        pair = frozenset((v["from_node"], v["to_node"]))
        if pair in seen:
            say(
                "roads",
                row,
                "to_node",
                v["to_node"],
                "is joined with from_node in another row",
                "与起点在另一行已相连",
                ("keep the quicker one", "请保留较快的一条"),
                True,
            )
        seen.add(pair)
        if (float(str(v["upgrade_km_h"])) > 0) != (float(str(v["upgrade_cost_yuan"])) > 0):
            say(
                "roads",
                row,
                "upgrade_cost_yuan",
                v["upgrade_cost_yuan"],
                "and upgrade_km_h belong together",
                "与改造后车速须同时填写",
                ("fill in both or neither", "请同时填写或都留空"),
            )
    used = {str(v[c]) for _, v in tables["roads"] for c in ("from_node", "to_node")}
    if tables["roads"]:
        for row, v in tables["settlements"]:
            if v["settlement_id"] not in used:
                say(
                    "settlements",
                    row,
                    "settlement_id",
                    v["settlement_id"],
                    "is on no road",
                    "不在任何道路上",
                    ("add a road to it", "请补充通达道路"),
                    True,
                )


def _point(values: dict[str, object], lat: str, lon: str) -> tuple[float, float]:
    return float(str(values[lat])), float(str(values[lon]))

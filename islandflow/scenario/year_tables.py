"""The optional tables of a year's plan: island-hopping trips that the report answers for, and where county seats and hospitals stand."""

from __future__ import annotations

from islandflow.scenario.table import NAMES, Column, Table

HOPS = Table(
    "hops",
    ("hop_id",),
    "跳岛产品",
    "island-hopping trips that a season's report answers for: which of them a day or two days allow, and how long one is ashore",
    (
        Column("hop_id", "id", "编号", "id of the trip"),
        *NAMES,
        Column("from_port", "id", "起港", "port where it begins", refers="ports"),
        Column("stops", "ids", "上岛港口", "ports of the islands to be visited, in any order, separated by ;", refers="ports"),
        Column("to_port", "id", "讫港", "port where it ends", refers="ports"),
    ),
    required=False,
)
FACILITIES = Table(
    "facilities",
    ("facility_id",),
    "县城与医院",
    "county seats and hospitals that islanders go to",
    (
        Column("facility_id", "id", "编号", "id of the facility"),
        Column("kind", "choice", "类型", "county seat or hospital", choices=("seat", "hospital")),
        Column("county", "text", "县区", "of a seat: the county of the islands whose seat it is", required=False, default=""),
        Column("node", "id", "地点", "port or place where it is", refers="nodes"),
    ),
    required=False,
)

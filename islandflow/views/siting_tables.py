"""Tables of a siting plan as people read them: names for ids, minutes for seconds, yuan for fen, in either language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from islandflow.scenario.entities import Scenario
from islandflow.siting.folder import columns_of, rows_of
from islandflow.siting.siteplan import SitePlan
from islandflow.units import clock
from islandflow.views.siting_words import COLUMNS, VALUES, said
from islandflow.views.typography import fullwidth
from islandflow.views.view import Table

Row = Mapping[str, Any]
PLACES = ("node", "settlement_id", "island_id")


def name_of(scenario: Scenario, key: str, lang: str) -> str:
    """Name of a settlement, port or island; the id itself where there is none."""
    for known in (scenario.settlements, scenario.ports, scenario.islands):
        if key in known:
            return str(known[key].name_zh if lang == "zh" else known[key].name_en)
    return key


def table_of(scenario: Scenario, rows: Sequence[Row], columns: Sequence[str], lang: str) -> Table:
    """A table with headings and cells in the reader's language; settlements keep their id beside the name, names occur twice."""
    heads = tuple((c, fullwidth(said(COLUMNS, c, lang)) if lang == "zh" else said(COLUMNS, c, lang)) for c in columns)
    return Table(heads, tuple(tuple(_cell(scenario, c, row.get(c), lang) for c in columns) for row in rows))


def plan_table(scenario: Scenario, plan: SitePlan, table: str, lang: str, island: str = "", kind: str = "") -> Table:
    """A table of the folder, of one island or kind where it has such a column and one is asked for."""
    asked = {"island_id": island, "kind": kind}
    at = {s.settlement_id: s.island_id for s in scenario.settlements.values()}
    rows = []
    for row in rows_of(plan, table):
        known = {"island_id": at.get(str(row["settlement_id"]), "")} if "settlement_id" in row else {}
        if all(not want or (row | known).get(key, want) == want for key, want in asked.items()):
            rows.append(row)
    return table_of(scenario, rows, columns_of(table), lang)


def _cell(scenario: Scenario, column: str, value: Any, lang: str) -> Any:
    if value is None or value == "":
        return None
    if column in PLACES:
        name = name_of(scenario, str(value), lang)
        return name if column == "island_id" or name == value else f"{name} · {value}"
    if column == "nodes":
        return ("、" if lang == "zh" else ", ").join(name_of(scenario, n, lang) for n in str(value).split(";"))
    if column.startswith("seconds"):
        return None if value < 0 else round(value / 60, 1)
    if column.endswith("_fen"):
        return round(value / 100)
    if column in ("ordered", "at_door"):
        return clock(value) if value >= 0 else None
    if column == "hour":
        return clock(60 * value)
    if column == "gap":
        return f"{value:.2%}"
    if column == "part":
        first, _, rest = str(value).partition(" ")
        words = " ".join(said(VALUES, w, lang) if w in VALUES else name_of(scenario, w, lang) for w in rest.split()) if rest else ""
        return said(VALUES, str(value), lang) if value in VALUES else f"{said(VALUES, first, lang)} {words}".strip()
    if isinstance(value, str):
        return (", " if lang != "zh" else "、").join(said(VALUES, v, lang) for v in value.split(";"))
    return value

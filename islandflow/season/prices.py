"""What every obligation costs and how many people it is for, from the prices that a bound pays for its rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from islandflow.ferry.folder import write_json
from islandflow.scenario.entities import Obligation, Scenario

Row = dict[str, Any]
Prices = Mapping[str, Mapping[str, Mapping[str, int]]]  # service pattern -> obligation -> rule -> fen a day
FILE = "prices.json"


def read_prices(folder: Path) -> Prices:
    """The prices kept in a season folder; empty if there are none or the file is damaged: they can be had anew."""
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def keep_prices(folder: Path, prices: Prices) -> None:
    """Writes the prices in one step."""
    half = folder / f".{FILE}"
    write_json(half, prices)
    half.replace(folder / FILE)


def price_rows(scenario: Scenario, prices: Prices, days: Mapping[str, int]) -> list[Row]:
    """A row an obligation: residents, yuan a day by pattern, yuan over the dates that were priced, and a resident's share of it."""
    rows = []
    for duty in scenario.obligations.values() if prices else ():
        yuan = {s: sum(found.get(duty.obligation_id, {}).values()) / 100 for s, found in prices.items()}
        whole = round(sum(days.get(s, 0) * y for s, y in yuan.items()), 2)
        people = residents(scenario, duty)
        rows.append({
            "obligation_id": duty.obligation_id, "port": duty.port, "serves_port": duty.serves_port, "residents": people, **yuan,
            "year_yuan": whole, "yuan_per_resident": round(whole / people, 2) if people else None,
        })  # fmt: skip
    return rows


def residents(scenario: Scenario, duty: Obligation) -> int:
    """Residents of the islands whose ports the obligation protects."""
    islands = {scenario.ports[p].island_id for p in duty.island_ports}
    return sum(scenario.islands[i].residents for i in islands)

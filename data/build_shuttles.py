"""Adds vehicles and chargers of the islands' buses to data/zhoushan: ``python data/build_shuttles.py [SCENARIO]``; the same bytes every time.

**Synthetic**: today's community buses of the islands were not at hand. Sizes follow the fullest boats of a summer weekend; batteries
and consumption are those of common electric minibuses and 8-metre buses; costs are estimated. Every row says so. Two islands have vehicles
for lines too, as many as a community bus of their size might have; the settings of lines are written at their defaults.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

from islandflow.scenario.line_parameters import LINE_SETTINGS  # noqa: E402
from islandflow.scenario.siting_parameters import SITING_SETTINGS  # noqa: E402
from islandflow.scenario.writer import cell_text, write_scenario_tables  # noqa: E402

NOTE = "synthetic: today's vehicles were not at hand; sized by the fullest boats of a summer weekend (data/build_shuttles.py)"
MINI, BUS = (18, 65.0, 0.35, 520, 0.9), (33, 130.0, 0.6, 700, 1.5)  # seats, kWh, kWh/km, yuan a day, yuan a km
NAMES = {18: ("18座纯电小巴", "electric minibus, 18 seats"), 33: ("33座纯电公交", "electric bus, 33 seats")}
FLEETS = (
    ("taohua", "maocaowu", 6, 4),
    ("qushan", "qushan-t", 6, 6),
    ("daishan", "yanwoshan", 4, 4),
    ("daishan", "zhuyu", 4, 2),
)  # island, base, minibuses, buses
CHARGERS = (("maocaowu", 3), ("taohua-02", 1), ("qushan-t", 3), ("qushan-14", 1), ("yanwoshan", 3), ("zhuyu", 2), ("daishan-08", 1))
CHARGER_KW = 60
LINES = (("taohua", "maocaowu", 4, 0), ("qushan", "qushan-t", 4, 6))  # as FLEETS, vehicles that run lines by the clock
LINE_CHARGERS = (("maocaowu", 2), ("taohua-02", 1), ("qushan-t", 2), ("qushan-01", 2), ("qushan-14", 1))
LINES_NOTE = "synthetic: no record of today's island buses was at hand; as many as a community bus of the island might have (data/build_shuttles.py)"


def main(target: Path) -> None:
    """Writes shuttle_fleets.csv and bus_chargers.csv into a scenario folder, and the settings of lines."""
    fleets = [
        {
            "fleet_id": f"{base}-{word}{'-lines' if use == 'lines' else ''}", "name_zh": NAMES[seats][0], "name_en": NAMES[seats][1], "island_id": island, "base": base, "count": str(count),
            "seats": str(seats), "battery_kwh": f"{kwh:g}", "kwh_per_km": f"{per_km:g}", "day_cost_yuan": str(day), "km_cost_yuan": f"{km:g}",
            "use": use, "synthetic": "yes", "src_note": note,
        }
        for use, rows, note in (("boats", FLEETS, NOTE), ("lines", LINES, LINES_NOTE))
        for island, base, minis, large in rows
        for word, count, (seats, kwh, per_km, day, km) in (("mini", minis, MINI), ("bus", large, BUS))
        if count
    ]  # fmt: skip
    chargers = [
        {"charger_id": f"{prefix}-{node}", "node": node, "count": str(count), "power_kw": str(CHARGER_KW), "use": use, "synthetic": "yes", "src_note": note}
        for use, prefix, rows, note in (("boats", "charge", CHARGERS, NOTE), ("lines", "line-charge", LINE_CHARGERS, LINES_NOTE))
        for node, count in rows
    ]
    _settings(target)
    write_scenario_tables({"shuttle_fleets": fleets, "bus_chargers": chargers}, target)


def _settings(target: Path) -> None:
    """Writes the settings of lines at their defaults, before those of siting, so that a planner sees and changes them."""
    with (target / "settings.csv").open(encoding="utf-8-sig", newline="") as opened:
        rows = [r for r in csv.DictReader(opened) if r["setting"] not in {c.name for c in LINE_SETTINGS}]
    siting = {c.name for c in SITING_SETTINGS}
    own = [{"setting": c.name, "value": cell_text(c, c.default), "source": "estimated"} for c in LINE_SETTINGS]
    write_scenario_tables({"settings": [r for r in rows if r["setting"] not in siting] + own + [r for r in rows if r["setting"] in siting]}, target)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "zhoushan")

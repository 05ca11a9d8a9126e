"""Adds vehicles and chargers that meet the boats to data/zhoushan: ``python data/build_shuttles.py [SCENARIO]``; the same bytes every time.

**Synthetic**: today's community buses of the islands were not at hand. Sizes follow the fullest boats of a summer weekend; batteries
and consumption are those of common electric minibuses and 8-metre buses; costs are estimated. Every row says so.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

from islandflow.scenario.writer import write_scenario_tables  # noqa: E402

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


def main(target: Path) -> None:
    """Writes shuttle_fleets.csv and bus_chargers.csv into a scenario folder."""
    fleets = [
        {
            "fleet_id": f"{base}-{word}", "name_zh": NAMES[seats][0], "name_en": NAMES[seats][1], "island_id": island, "base": base, "count": str(count),
            "seats": str(seats), "battery_kwh": f"{kwh:g}", "kwh_per_km": f"{per_km:g}", "day_cost_yuan": str(day), "km_cost_yuan": f"{km:g}",
            "synthetic": "yes", "src_note": NOTE,
        }
        for island, base, minis, large in FLEETS
        for word, count, (seats, kwh, per_km, day, km) in (("mini", minis, MINI), ("bus", large, BUS))
    ]  # fmt: skip
    chargers = [
        {"charger_id": f"charge-{node}", "node": node, "count": str(count), "power_kw": str(CHARGER_KW), "synthetic": "yes", "src_note": NOTE}
        for node, count in CHARGERS
    ]
    write_scenario_tables({"shuttle_fleets": fleets, "bus_chargers": chargers}, target)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "zhoushan")

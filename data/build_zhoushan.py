"""Builds data/zhoushan from the facts collected in data/facts: ``python data/build_zhoushan.py [FACTS [TARGET]]``.

README.md says what each table was made of, what is estimated and what was changed against the facts. The sea paths are computed at
the end (some seconds), and the finished scenario is read back: a demand that no boat can carry, or a service pattern whose
boardings differ from the facts, stops the script. Settlements, roads and sites are then added by ``build_roads.py``, buses by ``build_shuttles.py``; today's
timetables are made by ``build_as_run.py`` from the finished folder. The result is the same byte for byte for the same facts.
"""

from __future__ import annotations

import csv
import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from build_roads import main as add_roads  # noqa: E402
from build_shuttles import main as add_shuttles  # noqa: E402
from build_zhoushan_choices import (  # noqa: E402
    BATTERY,
    CHARGING_KW,
    CLASSES,
    DAYS,
    DAYS_NOTE,
    FACILITIES,
    HOP_LINES,
    HOPS,
    LINK_DETOUR,
    LINK_KM_H,
    OPEN_PORTS,
    OPERATORS,
    OUTER,
    PEAK,
    ROLES,
    SEASON,
    SERVICE_NAMES,
    SOME_SAILINGS,
    SPLIT,
    WHAT_IF,
)
from build_zhoushan_demand import build_demand, check_demand  # noqa: E402
from build_zhoushan_money import fares, settings  # noqa: E402

from islandflow.network.sea import build_network, write_cache  # noqa: E402
from islandflow.scenario.parameters import SETTINGS  # noqa: E402
from islandflow.scenario.reader import read_scenario  # noqa: E402
from islandflow.scenario.schema import SERVICES  # noqa: E402

Row = dict[str, str]
Facts = Mapping[str, list[Row]]


def main(folder: Path, target: Path) -> None:
    """Reads the facts, writes all tables, the coastline, ``scenario.toml`` and the sea paths, then reads everything back."""
    facts = {file.stem: read(file) for file in sorted(folder.glob("*.csv"))}
    target.mkdir(parents=True, exist_ok=True)
    lines = line_patterns(facts)
    fleet = vessels(facts)
    tables: dict[str, list[dict[str, Any]]] = {
        "islands": islands(facts),
        "places": places(facts),
        "ports": ports(facts, lines, fleet),
        "operators": operators(facts),
        "vessels": fleet,
        "line_patterns": lines,
        "land_links": land_links(facts),
        "service_patterns": services(),
        "calendar": calendar(facts),
        "time_profiles": profiles(facts),
        "obligations": obligations(facts),
        "hops": [dict(zip(("hop_id", "name_zh", "name_en", "from_port", "stops", "to_port", "src_source"), h, strict=True)) for h in HOPS],
        "facilities": [dict(zip(("facility_id", "kind", "county", "node", "src_source"), c, strict=True)) for c in FACILITIES],
        "fares": fares(lines),
        "settings": settings(facts, lines),
    }
    tables["demand"], notes = build_demand(facts, tables)
    for name, rows in tables.items():
        write(target / f"{name}.csv", rows)
    (target / "coastline.geojson").unlink(missing_ok=True)  # it may be a read-only copy
    (target / "coastline.geojson").write_bytes((folder / "coastline_simplified.geojson").read_bytes())
    (target / "scenario.toml").write_text(
        'format = 1\nname_zh = "舟山群岛"\nname_en = "Zhoushan archipelago"\n'
        'attribution = "© OpenStreetMap contributors, ODbL 1.0"\ncoastline = "coastline.geojson"\nestimated = true\n',
        encoding="utf-8",
    )
    scenario = read_scenario(target)
    check_demand(scenario, facts["demand_anchor"])
    network = build_network(scenario)
    write_cache(scenario, network)
    add_roads(target)
    add_shuttles(target)
    for note in notes:
        print(note)
    unknown = sorted({r["setting"] for r in facts["settings_suggested"]} - {c.name for c in SETTINGS})
    print("settings not taken over:", ", ".join(unknown))
    print("ports moved to the water (m):", dict(network.moved))


def read(file: Path) -> list[Row]:
    """The rows of a table of facts as text."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def write(file: Path, rows: list[dict[str, Any]]) -> None:
    """One table as CSV (UTF-8, LF); columns in order of first appearance, provenance last."""
    columns = sorted(dict.fromkeys(c for r in rows for c in r), key=lambda c: c.startswith("src_"))
    with file.open("w", encoding="utf-8", newline="") as opened:
        out = csv.DictWriter(opened, columns, lineterminator="\n", restval="")
        out.writeheader()
        out.writerows(rows)


def provenance(row: Row, used: Iterable[str]) -> Row:
    """The columns of the facts that no column of the table takes over, as ``src_``."""
    return {f"src_{k}": " ".join(v.split()) for k, v in row.items() if k not in used}


def islands(facts: Facts) -> list[dict[str, Any]]:
    """Islands and shores."""
    same = ("island_id", "name_zh", "name_en", "county", "lat", "lon")
    kinds = {"island": "island", "mainland": "mainland"}
    return [
        {k: r[k] for k in same}
        | {"residents": r["residents_est_2020s"] or "0", "kind": kinds.get(r["kind"], "industrial")}
        | provenance(r, (*same, "residents_est_2020s"))
        for r in facts["islands"]
    ]


def places(facts: Facts) -> list[dict[str, Any]]:
    """A quay for every port, then the settlements and the gateways."""
    same = ("name_zh", "name_en", "lat", "lon")
    empty = {"residents": 0, "beds": 0, "elderly_share": 0}
    known = {r["island_id"] for r in facts["islands"]}
    rows: list[dict[str, Any]] = []
    for r in facts["ports"]:
        rows.append({"place_id": f"{r['port_id']}-quay", "island_id": r["island_id"], "kind": "harbour"} | {k: r[k] for k in same} | empty)
    for r in facts["settlements"]:
        numbers = {"residents": r["residents_est"], "beds": r["lodging_beds_est"], "elderly_share": r["elderly_share_est"]}
        used = ("settlement_id", "island_id", *same, "residents_est", "lodging_beds_est", "elderly_share_est")
        ids = {"place_id": r["settlement_id"], "island_id": r["island_id"], "kind": "settlement"}
        rows.append(ids | {k: r[k] for k in same} | numbers | provenance(r, used))
    for r in facts["gateways"]:
        island = r["place_id"] if r["place_id"] in known else ""
        ids = {"place_id": r["place_id"], "island_id": island, "kind": "gateway"}
        rows.append(ids | {k: r[k] for k in same} | empty | provenance(r, ("place_id", *same)))
    order = ("place_id", "name_zh", "name_en", "island_id", "lat", "lon", "kind")
    return [{k: row[k] for k in order} | row for row in rows]


def line_patterns(facts: Facts) -> list[dict[str, Any]]:
    """Lines that sail today at all. A line of which only some sailings make the call between (G15 at Qushan) is one without it and one
    with it, the second named by SPLIT; each has half of the sailings."""
    used = ("line_id", "operator_id", "cluster", "vessel_ids", "crossing_min")
    rows = []
    for r in facts["lines"]:
        off, peak = float(r["sailings_per_day_each_way_offpeak"] or 0), float(r["sailings_per_day_each_way_peak"] or 0)
        if not off and not peak:
            continue
        line = r["line_id"]
        ends, between = (r["from_port"], r["to_port"]), filter(None, r["via_ports"].split(";"))
        some = r["via_note"] == SOME_SAILINGS
        row = {
            "line_id": line,
            "operator": r["operator_id"],
            "calls": ";".join(ends if some else (ends[0], *between, ends[1])),
            "cluster": r["cluster"],
            "classes": ";".join(filter(None, (r["vessel_ids"], WHAT_IF.get(line, "")))),
            "crossing_min": r["crossing_min"],
            "kind": "hop" if line in HOP_LINES else "line",
            "days": DAYS.get(line, "1234567"),
            "periods": "" if off else ";".join(SEASON),
            "today_offpeak": f"{off:g}",
            "today_peak": f"{peak:g}",
            **provenance(r, used),
            "src_days_note": DAYS_NOTE.get(line, ""),
            "src_periods_note": "" if off else "no sailing off-peak: May to October, that is the day types of that season",
            "src_split_note": "",
            "src_classes_note": f"{WHAT_IF[line]} added for what-if: fast enough for crossing_min" if line in WHAT_IF else "",
        }
        rows.append(row)
        if some:
            other, where = SPLIT[line]
            row |= {"today_offpeak": f"{off / 2:g}", "today_peak": f"{peak / 2:g}"}
            row["src_split_note"] = f"estimated: half of the {peak:g} sailings a day call at {where} ({other}), half do not ({line})"
            rows.append(row | {"line_id": other, "calls": ";".join((ends[0], *between, ends[1]))})
    return rows


def operators(facts: Facts) -> list[dict[str, Any]]:
    """Companies; who runs a line is partly recalled."""
    said: dict[str, str] = {}
    for r in facts["lines"]:
        said.setdefault(r["operator_id"], r["operator"])
    used = sorted({r["operator_id"] for r in facts["lines"]} | {r["operator"] for r in facts["fleet"]})
    return [{"operator_id": o, "name_zh": OPERATORS[o][0], "name_en": OPERATORS[o][1], "src_operator": said.get(o, "")} for o in used]


def vessels(facts: Facts) -> list[dict[str, Any]]:
    """The rows of the fleet, each with the facts of its class."""
    classes = {r["vessel_id"]: r for r in facts["vessels"]}
    price = {r["setting"]: float(r["value"]) for r in facts["settings_suggested"] if r["setting"] != "largest_gap_window"}
    names = [f"{r['operator']}-{r['class']}-{r['home_port']}" for r in facts["fleet"]]
    used = {"operator", "class", "cluster", "count", "home_port", "charter_to", "seats_per_vessel", "seats_total"}
    used_class = {
        "vessel_id", "class", "pax", "cars", "speed_kn", "crew", "loa_m_est", "fuel_l_per_h_service", "ops_wind_limit_model",
        "ops_wave_limit_m_model", "ops_visibility_limit_m_model", "mode",
    }  # fmt: skip
    rows: list[dict[str, Any]] = []
    for name, r in zip(names, facts["fleet"], strict=True):
        v = classes[r["class"]]
        cars = int(v["cars"] or 0)
        power, battery = BATTERY.get(r["class"], (0, 0))
        day = float(v["price_mcny_est"]) * 1e6 * price["vessel_day_share_of_capital"]
        day += int(v["crew"]) * price["crew_cny_h_per_head"] * price["crew_day_max_h"]
        zh, en = CLASSES[r["class"]]
        rows.append({
            "fleet_id": name if names.count(name) == 1 else f"{name}-{r['cluster']}",
            "name_zh": zh,
            "name_en": en,
            "class": r["class"],
            "operator": r["operator"],
            "charter_to": r["charter_to"],
            "cluster": r["cluster"],
            "count": r["count"],
            "home_port": r["home_port"],
            "seats": v["pax"],
            "vehicle_deck": cars,
            "cargo_m3": 0,
            "length_m": v["loa_m_est"],
            "speed_kn": v["speed_kn"],
            "fuel_l_per_h": v["fuel_l_per_h_service"] or 0,
            "power_kw": power,
            "battery_kwh": battery,
            "crew": v["crew"],
            "day_cost_yuan": f"{day:.2f}",
            "call_cost_yuan": f"{price['port_call_cny']:g}",
            "turnaround_min": f"{price['turnaround_ropax_min' if cars else 'turnaround_passenger_min']:g}",
            "wind_limit_bft": v["ops_wind_limit_model"],
            "wave_limit_m": v["ops_wave_limit_m_model"],
            "visibility_limit_m": v["ops_visibility_limit_m_model"],
            **provenance(r, used),
            **{f"src_class_{k.removeprefix('src_')}": value for k, value in provenance(v, used_class).items()},
            "src_class_kind": v["class"],
        })  # fmt: skip
    return rows


def ports(facts: Facts, lines: list[dict[str, Any]], fleet: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Ports with their facilities; an estimate that today's lines or fleet contradict is raised and marked."""
    length = {f["class"]: float(f["length_m"]) for f in fleet}
    longest: dict[str, tuple[float, str]] = defaultdict(lambda: (0.0, ""))
    for line in lines:
        for port in line["calls"].split(";"):
            for name in line["classes"].split(";"):
                longest[port] = max(longest[port], (length[name], f"{line['line_id']} may be sailed by {name}"))
    based: dict[str, int] = defaultdict(int)
    for f in fleet:
        based[f["home_port"]] += int(f["count"])
        if int(f["count"]):
            longest[f["home_port"]] = max(longest[f["home_port"]], (length[f["class"]], f"home port of {f['fleet_id']}"))
    clusters = {r["port_id"]: r for r in facts["clusters"]}
    facilities = {r["port_id"]: r for r in facts["port_facilities"]}
    same = ("name_zh", "name_en", "island_id", "lat", "lon")
    rows = []
    for r in facts["ports"]:
        port = r["port_id"]
        c, f = clusters[port], facilities[port]
        limit, moorings = float(f["longest_vessel_m_est"]), int(f["overnight_moorings_est"])
        island = c["role"] != "mainland-side gateway"
        exposure = "open" if port in OPEN_PORTS else "outer" if c["cluster"] in OUTER and island else "sheltered"
        rows.append({
            "port_id": port,
            "name_zh": r["name_zh"],
            "name_en": r["name_en"],
            "island_id": r["island_id"],
            "place_id": f"{port}-quay",
            "cluster": c["cluster"],
            "role": ROLES[c["role"]],
            "lat": r["lat"],
            "lon": r["lon"],
            "opens": f["opens"],
            "closes": f["closes"],
            "berths": f["berths_est"],
            "long_berths": "",
            "longest_vessel_m": f"{max(limit, longest[port][0]):g}",
            "overnight_moorings": max(moorings, based[port]),
            "charging_kw": CHARGING_KW if f["shore_power_est"] == "yes" else 0,
            "exposure": exposure,
            "src_longest_note": f"raised from {limit:g}: {longest[port][1]}" if longest[port][0] > limit else "",
            "src_moorings_note": f"raised from {moorings}: boats based there" if based[port] > moorings else "",
            "src_exposure": "estimated by cluster",
            "src_also_served_by": c["also_served_by"],
            "src_cluster_basis": c["basis"],
            "src_facilities": f["source"],
            **provenance(r, ("port_id", *same)),
        })  # fmt: skip
    return rows


def land_links(facts: Facts) -> list[dict[str, Any]]:
    """The links of the facts whose ends exist, and a road from each settlement to the nearest port of its island."""
    nodes = {r["port_id"] for r in facts["ports"]} | {r["place_id"] for r in facts["gateways"]}
    used = ("from_node", "to_node", "minutes_est", "fare_cny_est", "headway_min_est")
    rows: list[dict[str, Any]] = []
    for r in facts["land_links"]:
        a, b = r["from_node"].removeprefix("place:"), r["to_node"].removeprefix("place:")
        if {a, b} <= nodes:
            given = {"minutes": r["minutes_est"], "fare_yuan": r["fare_cny_est"], "headway_min": r["headway_min_est"]}
            rows.append({"from_node": a, "to_node": b} | given | provenance(r, used))
    for r in facts["settlements"]:
        near = [(_km(r, p), p["port_id"]) for p in facts["ports"] if p["island_id"] == r["island_id"]]
        if near:
            km, port = min(near)
            minutes = max(1, round(km * LINK_DETOUR / LINK_KM_H * 60))
            rows.append({"from_node": r["settlement_id"], "to_node": port, "minutes": minutes, "fare_yuan": 0, "headway_min": 0,
                         "src_note": "estimated: 1.4 x the straight line at 25 km/h"})  # fmt: skip
    return rows


def _km(a: Row, b: Row) -> float:
    north = (float(b["lat"]) - float(a["lat"])) * 110.87
    east = (float(b["lon"]) - float(a["lon"])) * 111.32 * math.cos(math.radians(float(a["lat"])))
    return math.hypot(north, east)


def calendar(facts: Facts) -> list[dict[str, Any]]:
    """Which date runs which service pattern."""
    names = {"date": "date", "service": "service_pattern", "day": "day", "provisional": "provisional"}
    return [{k: r[v] for k, v in names.items()} for r in facts["calendar"]]


def services() -> list[dict[str, Any]]:
    """The nine day types."""
    return [
        {
            "service": s,
            "name_zh": SERVICE_NAMES[s],
            "name_en": s.replace("-", " "),
            "peak": "yes" if s in PEAK else "no",
            "hop_lines": "yes" if s in SEASON else "no",
        }
        for s in SERVICES
    ]


def profiles(facts: Facts) -> list[dict[str, Any]]:
    """Profiles towards and from the hub, their mean for trips between equals; vehicles travel when residents do."""
    share: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for r in facts["time_profile"]:
        share[r["segment"], r["direction"]][r["hour_from"]] = float(r["share"])
    rows = []
    for segment in ("resident", "commuter", "medical", "visitor", "vehicle"):
        source = "resident" if segment == "vehicle" else segment
        there, back = share[source, "to_hub"], share[source, "from_hub"]
        mean = {h: (there[h] / sum(there.values()) + back[h] / sum(back.values())) / 2 for h in there}
        for name, table in (("to_hub", there), ("from_hub", back), ("between", mean)):
            note = "estimated" if segment != "vehicle" else "estimated: as residents"
            rows += [{"profile": f"{segment}-{name}", "hour": h, "share": s, "src_source": note} for h, s in _shares(table)]
    return rows


def _shares(table: Mapping[str, float], parts: int = 1_000_000) -> list[tuple[str, str]]:
    """Shares that add to exactly 1: millionths by largest remainder."""
    total = sum(table.values())
    wish = {h: x / total * parts for h, x in table.items()}
    whole = {h: math.floor(w + 1e-9) for h, w in wish.items()}
    for h in sorted(wish, key=lambda h: whole[h] - wish[h])[: parts - sum(whole.values())]:
        whole[h] += 1
    return [(h, f"{n / parts:.6f}") for h, n in whole.items()]


def obligations(facts: Facts) -> list[dict[str, Any]]:
    """The suggested lifeline rules, one an island."""
    names = {
        "obligation_id": "island_id",
        "port": "port_id",
        "serves_port": "serves_port",
        "either_port": "either_port",
        "sailings_each_way": "sailings_each_way_min",
        "first_arrival_by": "first_arrival_by",
        "last_boat_not_before": "last_boat_back_not_before",
        "largest_gap_min": "largest_gap_min",
        "hours_ashore": "hours_ashore_day_return",
        "resident_seats_percent": "resident_seats_percent_peak",
        "medical_trip": "medical_day_trip",
        "days_per_week": "days_per_week_min",
    }
    return [{k: r[v] for k, v in names.items()} | provenance(r, names.values()) for r in facts["obligations_suggested"]]


if __name__ == "__main__":
    if len(sys.argv) > 3:
        sys.exit(__doc__)
    given = [Path(word) for word in sys.argv[1:]]
    main(given[0] if given else HERE / "facts", given[1] if len(given) > 1 else HERE / "zhoushan")

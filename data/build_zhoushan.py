"""Builds data/zhoushan from the folder of facts: `python data/build_zhoushan.py FACTS [TARGET]`. What was done stands in README.md."""

from __future__ import annotations

import csv
import math
import shutil
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

SERVICES = ["winter-weekday", "winter-weekend", "spring-autumn-weekday", "spring-autumn-weekend", "summer-weekday", "summer-weekend",
            "golden-week", "spring-festival", "pilgrimage"]  # fmt: skip
SUMMER = "summer-weekday;summer-weekend;spring-autumn-weekend;golden-week"
NAMES = {
    "winter-weekday": "冬季平日", "winter-weekend": "冬季周末", "spring-autumn-weekday": "春秋平日", "spring-autumn-weekend": "春秋周末",
    "summer-weekday": "夏季平日", "summer-weekend": "夏季周末", "golden-week": "黄金周", "spring-festival": "春节", "pilgrimage": "香会期",
}  # fmt: skip
# (outer port, port of change, port beyond, share of visitors, share of residents) whose boat legs belong to one journey; estimated
JOURNEYS = [
    ("qingbang-t", "miaozihu-t", "banshengdong", 0.8, 0.5), ("dongfushan-t", "miaozihu-t", "banshengdong", 0.8, 0.5),
    ("huangxing-t", "miaozihu-t", "banshengdong", 0.8, 0.5), ("gangnan", "changtu-t", "zhuyu", 0.5, 0.2),
    ("xuanshan-t", "taimen", "duntou", 0.5, 0.2), ("huni-t", "xiazhi-t", "duntou", 0.6, 0.4), ("fodu-t", "daao", "duntou", 0.6, 0.4),
    ("xiaoqushan-t", "qushan-t", "yanwoshan", 0.5, 0.3), ("huangzeshan-t", "qushan-t", "yanwoshan", 0.5, 0.3),
    ("huanglong-t", "xiaocaiyuan", "shenjiawan", 0.6, 0.3), ("jinping-t", "xiaocaiyuan", "shenjiawan", 0.5, 0.2),
    ("lvhua-t", "xiaocaiyuan", "shenjiawan", 0.6, 0.3),
]  # fmt: skip
CHANGE_AT = {"xiaocaiyuan": "lizhushan"}  # the boat onward leaves from a port that a land link joins
EXTRA_SETTINGS = {
    "left_behind_commuter_cny": ("600", "estimated: as a resident"),
    "value_of_time_vehicle_cny_h": ("60", "estimated: driver and vehicle"), "left_behind_vehicle_cny": ("500", "estimated"),
    "manoeuvre_min_per_call": ("6", "model allowance of the line table"),
    "fare_base_fast_yuan": ("15", "estimated: fitted by eye to the fares of the line table"), "fare_nm_fast_yuan": ("3.2", "estimated, as above"),
    "fare_base_normal_yuan": ("6", "estimated, as above"), "fare_nm_normal_yuan": ("2.2", "estimated, as above"),
    "vehicle_fare_base_yuan": ("50", "estimated, as above"), "vehicle_fare_nm_yuan": ("7", "estimated, as above"),
    "shift_window_min": ("240", "choice"), "crew_shifts": ("05:00-17:00;08:00-20:00;10:30-22:30", "estimated: shifts of 12 h"),
}  # fmt: skip


class Facts:
    """The tables of facts as text."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def rows(self, name: str) -> list[dict[str, str]]:
        """Rows of a table."""
        with (self.folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))


def main(facts_folder: Path, target: Path) -> None:
    """Writes all tables."""
    facts = Facts(facts_folder)
    target.mkdir(parents=True, exist_ok=True)
    ports = {r["port_id"]: r for r in facts.rows("ports")}
    clusters = {r["port_id"]: r for r in facts.rows("clusters")}
    islands(facts, target)
    places(facts, ports, target)
    lines = line_patterns(facts, target)
    fleet = vessels(facts, target)
    port_table(facts, ports, clusters, lines, fleet, target)
    land_links(facts, ports, target)
    settings = {r["setting"]: r for r in facts.rows("settings_suggested")}
    write_settings(settings, target)
    services(target)
    calendar(facts, target)
    profiles(facts, target)
    obligations(facts, target)
    fares(lines, target)
    demand(facts, clusters, lines, settings, target)
    shutil.copy(facts_folder / "coastline_simplified.geojson", target / "coastline.geojson")
    (target / "scenario.toml").write_text(
        'format = 1\nname_zh = "舟山群岛"\nname_en = "Zhoushan archipelago"\n'
        'attribution = "© OpenStreetMap contributors, ODbL 1.0"\ncoastline = "coastline.geojson"\nestimated = true\n',
        encoding="utf-8",
    )


def write(target: Path, name: str, rows: list[dict[str, Any]]) -> None:
    """One table; the columns of the first row come first."""
    columns = list(dict.fromkeys(c for r in rows for c in r))
    with (target / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, columns, lineterminator="\n", restval="")
        out.writeheader()
        out.writerows(rows)


def kept(row: dict[str, str], *used: str) -> dict[str, str]:
    """All columns of the facts that are not taken over under the same meaning, as provenance."""
    return {f"src_{k}": " ".join(v.split()) for k, v in row.items() if k not in used and k}


def islands(facts: Facts, target: Path) -> None:
    """Islands and shores."""
    kinds = {"island": "island"}
    rows = [
        {
            "island_id": r["island_id"], "name_zh": r["name_zh"], "name_en": r["name_en"], "county": r["county"], "lat": r["lat"], "lon": r["lon"],
            "residents": r["residents_est_2020s"] or "0", "kind": kinds.get(r["kind"], "mainland" if "mainland" in r["island_id"] else "industrial"),
            **kept(r, "island_id", "name_zh", "name_en", "county", "lat", "lon", "residents_est_2020s"),
        }
        for r in facts.rows("islands")
    ]  # fmt: skip
    write(target, "islands", rows)


def places(facts: Facts, ports: dict[str, dict[str, str]], target: Path) -> None:
    """A quay for every port, the settlements, the gateways."""
    rows: list[dict[str, Any]] = [
        {"place_id": f"{p}-quay", "name_zh": r["name_zh"], "name_en": r["name_en"], "island_id": r["island_id"], "lat": r["lat"], "lon": r["lon"],
         "kind": "harbour", "residents": 0, "beds": 0, "elderly_share": 0} for p, r in ports.items()
    ]  # fmt: skip
    for r in facts.rows("settlements"):
        rows.append(
            {"place_id": r["settlement_id"], "name_zh": r["name_zh"], "name_en": r["name_en"], "island_id": r["island_id"], "lat": r["lat"],
             "lon": r["lon"], "kind": "settlement", "residents": r["residents_est"], "beds": r["lodging_beds_est"],
             "elderly_share": r["elderly_share_est"], "src_source": r["source"], "src_confidence": r["confidence"],
             "src_moved_to_land_m": r["moved_to_land_m"]}
        )  # fmt: skip
    for r in facts.rows("gateways"):
        rows.append({"place_id": r["place_id"], "name_zh": r["name_zh"], "name_en": r["name_en"], "island_id": "", "lat": r["lat"], "lon": r["lon"],
                     "kind": "gateway", "residents": 0, "beds": 0, "elderly_share": 0, "src_kind": r["kind"]})  # fmt: skip
    write(target, "places", rows)


def line_patterns(facts: Facts, target: Path) -> list[dict[str, Any]]:
    """Lines that sail today at all; the two that wait for a season carry their periods."""
    rows = []
    for r in facts.rows("lines"):
        if not float(r["sailings_per_day_each_way_peak"] or 0):
            continue
        off = float(r["sailings_per_day_each_way_offpeak"] or 0)
        hop = r["line_id"] in {"G05", "G06", "G12"}
        days = {"G13": "1357", "G18": "25"}.get(r["line_id"], "1234567")
        rows.append({
            "line_id": r["line_id"], "operator": r["operator_id"], "calls": ";".join([r["from_port"], *filter(None, r["via_ports"].split(";")), r["to_port"]]),
            "cluster": r["cluster"], "classes": r["vessel_ids"], "crossing_min": r["crossing_min"], "kind": "hop" if hop else "line", "days": days,
            "periods": SUMMER if hop or off == 0 else "", "today_offpeak": r["sailings_per_day_each_way_offpeak"],
            "today_peak": r["sailings_per_day_each_way_peak"], **kept(r, "line_id", "operator_id", "crossing_min", "cluster", "vessel_ids"),
        })  # fmt: skip
    write(target, "line_patterns", rows)
    names = {r["operator_id"]: r["operator"] for r in facts.rows("lines")} | {r["operator"]: r["operator"] for r in facts.rows("fleet")}
    zh = {r["operator_id"]: r["operator"].partition("(")[0].strip().split("/")[0] for r in facts.rows("lines")}
    write(
        target,
        "operators",
        [{"operator_id": o, "name_zh": zh.get(o, o), "name_en": o.replace("-", " ").capitalize()} for o in sorted(names)],
    )
    return rows


def vessels(facts: Facts, target: Path) -> list[dict[str, Any]]:
    """The fleet rows joined with the facts of their class."""
    classes = {r["vessel_id"]: r for r in facts.rows("vessels")}
    s = {r["setting"]: r["value"] for r in facts.rows("settings_suggested")}
    rows: list[dict[str, Any]] = []
    for r in facts.rows("fleet"):
        v = classes[r["class"]]
        battery = r["class"] == "battery-conv"
        cars = int(float(v["cars"] or 0))
        day = float(v["price_mcny_est"]) * 1e6 * float(s["vessel_day_share_of_capital"])
        day += float(v["crew"]) * float(s["crew_cny_h_per_head"]) * float(s["crew_day_max_h"])
        charter = [c for c in r["charter_to"].split(";") if c]
        if (r["operator"], r["class"], r["home_port"]) == ("liuheng", "strait-ropax67", "changzhi-t") and "putuo-islands" not in charter:
            charter.append("putuo-islands")
        if (r["operator"], r["class"], r["cluster"]) == ("putuo-islands", "putuo-conv", "putuo-inner") and "haixing" not in charter:
            charter.append("haixing")
        rows.append({
            "fleet_id": f"{r['operator']}-{r['class']}-{r['home_port']}-{r['cluster']}" if any(
                x["operator"] == r["operator"] and x["class"] == r["class"] and x["home_port"] == r["home_port"] and x is not r
                for x in facts.rows("fleet") if x != r) else f"{r['operator']}-{r['class']}-{r['home_port']}",
            "name_zh": v["example_name"] or v["class"], "name_en": v["class"], "class": r["class"], "operator": r["operator"], "charter_to": ";".join(charter),
            "cluster": r["cluster"], "count": r["count"], "home_port": r["home_port"], "seats": v["pax"], "vehicle_deck": cars,
            "cargo_m3": 0, "length_m": v["loa_m_est"], "speed_kn": v["speed_kn"], "fuel_l_per_h": v["fuel_l_per_h_service"] or 0,
            "power_kw": 350 if battery else 0, "battery_kwh": 1200 if battery else 0, "crew": v["crew"], "day_cost_yuan": f"{day:.2f}",
            "call_cost_yuan": s["port_call_cny"], "turnaround_min": s["turnaround_ropax_min"] if cars else s["turnaround_passenger_min"],
            "wind_limit_bft": v["ops_wind_limit_model"] or 12, "wave_limit_m": v["ops_wave_limit_m_model"] or 99,
            "visibility_limit_m": v["ops_visibility_limit_m_model"] or 0, "src_counts_source": r["counts_source"], "src_notes": r["notes"],
            "src_documented_pool": r["documented_pool"], "src_class_source": v["source"], "src_confidence_facts": v["confidence_facts"],
            "src_confidence_estimates": v["confidence_estimates"], "src_price_mcny_est": v["price_mcny_est"], "src_year": v["year"],
        })  # fmt: skip
    write(target, "vessels", rows)
    return rows


def port_table(
    facts: Facts, ports: dict[str, Any], clusters: dict[str, Any], lines: list[dict[str, Any]], fleet: list[dict[str, Any]], target: Path
) -> None:
    """Ports with their facilities; limits that contradict today's lines are raised and marked."""
    longest: dict[str, float] = defaultdict(float)
    length = {f["class"]: float(f["length_m"]) for f in fleet}
    for line in lines:
        shortest = min(length[c] for c in line["classes"].split(";") if c in length)
        for p in line["calls"].split(";"):
            longest[p] = max(longest[p], shortest)
    based: dict[str, int] = defaultdict(int)
    for f in fleet:
        based[f["home_port"]] += int(f["count"])
        if int(f["count"]):
            longest[f["home_port"]] = max(longest[f["home_port"]], float(f["length_m"]))
    role = {"mainland-side gateway": "gateway", "island hub": "hub", "island port": "port"}
    rows = []
    for r in facts.rows("port_facilities"):
        p = r["port_id"]
        limit = float(r["longest_vessel_m_est"])
        note = f"raised from {limit:g}: today's line or home fleet is longer" if longest[p] > limit else ""
        outer = clusters[p]["cluster"] in {"shengsi", "dongji"} and clusters[p]["role"] != "mainland-side gateway"
        rows.append({
            "port_id": p, "name_zh": ports[p]["name_zh"], "name_en": ports[p]["name_en"], "island_id": ports[p]["island_id"], "place_id": f"{p}-quay",
            "cluster": clusters[p]["cluster"], "role": role[clusters[p]["role"]], "lat": ports[p]["lat"], "lon": ports[p]["lon"],
            "opens": r["opens"], "closes": r["closes"], "berths": r["berths_est"], "long_berths": "", "longest_vessel_m": max(limit, longest[p]),
            "overnight_moorings": max(int(r["overnight_moorings_est"]), based[p]), "charging_kw": 600 if r["shore_power_est"] == "yes" else 0,
            "exposure": "outer" if outer else "sheltered", "src_longest_note": note, "src_facilities": r["source"],
            **kept(ports[p], "port_id", "name_zh", "name_en", "island_id", "lat", "lon"),
        })  # fmt: skip
    write(target, "ports", rows)


def land_links(facts: Facts, ports: dict[str, dict[str, str]], target: Path) -> None:
    """Documented links, and a road from each settlement to the nearest port of its island (25 km/h, 1.4 x the straight line)."""
    rows: list[dict[str, Any]] = [
        {"from_node": r["from_node"].removeprefix("place:"), "to_node": r["to_node"].removeprefix("place:"), "minutes": r["minutes_est"],
         "fare_yuan": r["fare_cny_est"], "headway_min": r["headway_min_est"], "src_note": r["note"]} for r in facts.rows("land_links")
    ]  # fmt: skip
    for r in facts.rows("settlements"):
        near = [
            (math.hypot((float(p["lat"]) - float(r["lat"])) * 110.87, (float(p["lon"]) - float(r["lon"])) * 96.4), name)
            for name, p in ports.items() if p["island_id"] == r["island_id"]
        ]  # fmt: skip
        if near:
            km, name = min(near)
            rows.append({"from_node": r["settlement_id"], "to_node": name, "minutes": max(1, round(km * 1.4 / 25 * 60)), "fare_yuan": 0,
                         "headway_min": 0, "src_note": "estimated: 1.4 x the straight line at 25 km/h"})  # fmt: skip
    write(target, "land_links", rows)


def write_settings(settings: dict[str, dict[str, str]], target: Path) -> None:
    """Settings that the ferry model knows; the others wait for their families."""
    import islandflow.scenario.schema as schema

    known = [c.name for c in schema.SETTINGS]
    rows = [{"setting": n, "value": settings[n]["value"], "source": settings[n]["source"]} for n in known if n in settings]
    rows += [{"setting": n, "value": v, "source": why} for n, (v, why) in EXTRA_SETTINGS.items() if n not in settings]
    write(target, "settings", rows)


def services(target: Path) -> None:
    """The nine day types."""
    peak = {"golden-week", "spring-festival", "pilgrimage", "summer-weekday", "summer-weekend", "spring-autumn-weekend"}
    rows = [{"service": s, "name_zh": NAMES[s], "name_en": s.replace("-", " "), "peak": "yes" if s in peak else "no",
             "hop_lines": "yes" if s in SUMMER.split(";") else "no"} for s in SERVICES]  # fmt: skip
    write(target, "service_patterns", rows)


def calendar(facts: Facts, target: Path) -> None:
    """Dates."""
    write(target, "calendar", [{"date": r["date"], "service": r["service_pattern"], "day": r["day"], "provisional": r["provisional"]}
                               for r in facts.rows("calendar")])  # fmt: skip


def profiles(facts: Facts, target: Path) -> None:
    """Profiles towards and from the hub, and their mean for trips between equals."""
    share: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for r in facts.rows("time_profile"):
        share[r["segment"], r["direction"]][r["hour_from"]] = float(r["share"])
    for d in ("to_hub", "from_hub"):
        share["vehicle", d] = share["resident", d]
    rows = []
    for segment in ("resident", "commuter", "medical", "visitor", "vehicle"):
        both = [share[segment, d] for d in ("to_hub", "from_hub")]
        for name, table in (("to_hub", both[0]), ("from_hub", both[1]), ("between", {h: (both[0][h] + both[1][h]) / 2 for h in both[0]})):
            total = sum(table.values())
            rows += [
                {"profile": f"{segment}-{name}", "hour": h, "share": f"{x / total:.6f}", "src_source": "estimated"}
                for h, x in table.items()
            ]
    write(target, "time_profiles", rows)


def obligations(facts: Facts, target: Path) -> None:
    """The suggested lifeline rules."""
    rows = [{
        "obligation_id": r["island_id"], "port": r["port_id"], "serves_port": r["serves_port"], "either_port": r["either_port"],
        "sailings_each_way": r["sailings_each_way_min"], "first_arrival_by": r["first_arrival_by"], "last_boat_not_before": r["last_boat_back_not_before"],
        "largest_gap_min": r["largest_gap_min"], "hours_ashore": r["hours_ashore_day_return"], "resident_seats_percent": r["resident_seats_percent_peak"],
        "medical_trip": r["medical_day_trip"], "days_per_week": r["days_per_week_min"], "src_source": r["source"],
    } for r in facts.rows("obligations_suggested")]  # fmt: skip
    write(target, "obligations", rows)


def fares(lines: list[dict[str, Any]], target: Path) -> None:
    """Fares end to end, the first line of a pair and speed counts."""
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for line in lines:
        calls = line["calls"].split(";")
        a, b = sorted((calls[0], calls[-1]))
        speed = "fast" if line["src_vessel_type"] == "fast" else "normal"
        if line["src_fare_cny_est"]:
            rows.setdefault((a, b, speed), {"from_port": a, "to_port": b, "speed": speed, "fare_yuan": line["src_fare_cny_est"],
                                            "vehicle_fare_yuan": line["src_vehicle_fare_cny_est"], "src_line": line["line_id"]})  # fmt: skip
    write(target, "fares", list(rows.values()))


def demand(facts: Facts, clusters: dict[str, Any], lines: list[dict[str, Any]], settings: dict[str, Any], target: Path) -> None:
    """Boat legs of the anchors as journeys, both ways, by segment; every service pattern keeps its total of boardings."""
    rank = {"mainland-side gateway": 3, "island hub": 2, "island port": 1}
    commuter, medical = float(settings["commuter_share_of_residents"]["value"]), float(settings["medical_share_of_residents"]["value"])
    rows = []
    for service in SERVICES:
        legs = {(r["origin_port"], r["dest_port"]): {"r": int(r["resident_each_way"]), "v": int(r["visitor_each_way"]), "c": int(float(r["vehicle_each_way_est"] or 0))}
                for r in facts.rows("demand_anchor") if r["pattern"] == service}  # fmt: skip
        trips: dict[tuple[str, str], dict[str, int]] = {}
        for outer, change, beyond, visitors, residents in JOURNEYS:
            first = _leg(legs, outer, change)
            second = _leg(legs, CHANGE_AT.get(change, change), beyond)
            if first is None or second is None:
                continue
            n = {"v": min(int(visitors * first["v"]), second["v"]), "r": min(int(residents * first["r"]), second["r"]), "c": 0}
            for kind in ("v", "r"):
                first[kind] -= n[kind]
                second[kind] -= n[kind]
            trips[outer, beyond] = n
        for pair, n in legs.items():
            have = trips.setdefault(pair, {"v": 0, "r": 0, "c": 0})
            for kind in n:
                have[kind] += n[kind]
        for (a, b), n in trips.items():
            for x, y in ((a, b), (b, a)):
                way = (
                    "to_hub"
                    if rank[clusters[x]["role"]] < rank[clusters[y]["role"]]
                    else "from_hub"
                    if rank[clusters[x]["role"]] > rank[clusters[y]["role"]]
                    else "between"
                )
                patients, working = round(n["r"] * medical), round(n["r"] * commuter)
                for segment, q in (
                    ("resident", n["r"] - patients - working),
                    ("commuter", working),
                    ("medical", patients),
                    ("visitor", n["v"]),
                    ("vehicle", n["c"]),
                ):
                    if q > 0:
                        rows.append({"from_place": f"{x}-quay", "to_place": f"{y}-quay", "segment": segment, "service": service, "trips": q,
                                     "profile": f"{segment}-{way}", "src_status": "estimated"})  # fmt: skip
    write(target, "demand", rows)


def _leg(legs: dict[tuple[str, str], dict[str, int]], a: str, b: str) -> dict[str, int] | None:
    return legs.get((a, b)) or legs.get((b, a))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).resolve().parent / "zhoushan")

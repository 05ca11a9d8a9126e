"""A published plan as a GTFS feed: one zip, the same bytes for the same plan.

A route is a line and a vessel class (fare and crossing differ by class); a service is a service pattern, with its weekdays where a
line does not sail daily; dates are exact and stand in calendar_dates.txt. A block is a vessel's day; passengers leave the boat at
the end of a sailing, which transfers.txt says of every pair of sailings that follow in a block. Land links and walks between ports
are transfers of that time plus the minimum transfer time. The timed buses of a plan are rows of `gtfs_buses`.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from islandflow.exchange.gtfs_buses import bus_digest, bus_rows
from islandflow.ferry.metrics import fare_fen
from islandflow.ferry.plan import Sailing
from islandflow.passengers.buses import Buses
from islandflow.passengers.published import Published
from islandflow.scenario.entities import Fleet, Scenario
from islandflow.units import clock

Row = dict[str, object]
FERRY = 4
URL = "https://islandflow.example/"  # a feed must name one; the operator gives its own
ZONE = "Asia/Shanghai"
LONGEST_TRANSFER_MIN = 540  # longer ones are left out: nobody changes boats so, and some readers hold 32,767 seconds at most
ALWAYS = "1234567"
COLUMNS: dict[str, tuple[str, ...]] = {
    "agency": ("agency_id", "agency_name", "agency_url", "agency_timezone", "agency_lang"),
    "stops": ("stop_id", "stop_name", "stop_lat", "stop_lon", "zone_id", "location_type"),
    "routes": ("route_id", "agency_id", "route_short_name", "route_long_name", "route_desc", "route_type"),
    "trips": ("route_id", "service_id", "trip_id", "trip_headsign", "direction_id", "block_id", "shape_id", "wheelchair_accessible", "cars_allowed"),
    "stop_times": ("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence", "pickup_type", "drop_off_type", "timepoint"),
    "calendar_dates": ("service_id", "date", "exception_type"),
    "shapes": ("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"),
    "fare_attributes": ("fare_id", "price", "currency_type", "payment_method", "transfers", "agency_id"),
    "fare_rules": ("fare_id", "route_id", "origin_id", "destination_id"),
    "transfers": ("from_stop_id", "to_stop_id", "from_trip_id", "to_trip_id", "transfer_type", "min_transfer_time"),
    "translations": ("table_name", "field_name", "language", "translation", "record_id", "field_value"),
    "feed_info": ("feed_publisher_name", "feed_publisher_url", "feed_lang", "default_lang", "feed_start_date", "feed_end_date", "feed_version", "feed_contact_url"),
}  # fmt: skip


@dataclass(frozen=True)
class Trip:
    """A sailing with the names the feed gives it."""

    sailing: Sailing
    fleet: Fleet
    pattern: str
    days: str

    @property
    def trip_id(self) -> str:
        """Unique over all service patterns."""
        return f"{self.pattern}.{self.sailing.id}"

    @property
    def service_id(self) -> str:
        """The pattern, and the weekdays where the line does not sail daily."""
        return self.pattern if self.days == ALWAYS else f"{self.pattern}.{self.days}"

    @property
    def forward(self) -> bool:
        """Whether the sailing runs in the direction its route is named by."""
        return self.sailing.ports <= self.sailing.ports[::-1]

    @property
    def route_id(self) -> str:
        """Line (or the ports of a generated pattern) and vessel class."""
        line = self.sailing.line
        name = line if line != "+" else "+" + "-".join(min(self.sailing.ports, self.sailing.ports[::-1]))
        return f"{name}.{self.fleet.vessel_class}"


def gtfs_zip(published: Published, url: str = URL, buses: Mapping[str, Buses] | None = None) -> bytes:
    """The feed, with the timed buses of each service pattern. Times are of the service day and may pass 24:00:00."""
    return packed(gtfs_tables(published, url, buses))


def packed(tables: Mapping[str, Sequence[Row]]) -> bytes:
    """Tables as a zip: the same rows, the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, rows in tables.items():
            text = io.StringIO()
            writer = csv.DictWriter(text, COLUMNS[name], lineterminator="\r\n", restval="")
            writer.writeheader()
            writer.writerows(rows)
            entry = zipfile.ZipInfo(f"{name}.txt", (1980, 1, 1, 0, 0, 0))  # a fixed date: the same plan, the same bytes
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, text.getvalue().encode(), compresslevel=6)
    return out.getvalue()


def gtfs_tables(published: Published, url: str = URL, buses: Mapping[str, Buses] | None = None) -> dict[str, list[Row]]:
    """The rows of every file of the feed, in a fixed order."""
    found = _boat_tables(published, url)
    if not buses:
        return found
    served = [str(r["stop_id"]) for r in found["stops"]]
    more = bus_rows(published, buses, served, url, ZONE, lambda pattern: _dates(published, pattern, ALWAYS), LONGEST_TRANSFER_MIN)
    for name, rows in more.items():
        # a date or a name that the boats have too stands there once
        known = {_key(name, r) for r in found[name]}
        found[name] += [r for r in rows if _key(name, r) is None or _key(name, r) not in known]
    found["calendar_dates"].sort(key=lambda r: (str(r["service_id"]), str(r["date"])))
    every = sorted(str(r["date"]) for r in found["calendar_dates"])
    (info,) = found["feed_info"]
    info |= {"feed_version": f"{published.version}.{bus_digest(buses)}"}
    if every:
        info |= {"feed_start_date": every[0], "feed_end_date": every[-1]}
    return found


def _key(table: str, row: Row) -> tuple[object, ...] | None:
    """What may stand in a table once; None where rows of boats and buses never meet."""
    keys = {"calendar_dates": ("service_id", "date"), "translations": ("table_name", "field_name", "language", "record_id", "field_value")}
    return tuple(row[k] for k in keys[table]) if table in keys else None


def _boat_tables(published: Published, url: str) -> dict[str, list[Row]]:
    """The feed of the boats."""
    scenario = published.scenario
    trips = _trips(published)
    served = sorted({p for t in trips for p in t.sailing.ports}, key=list(scenario.ports).index)
    dates = {(t.service_id, d) for t in trips for d in _dates(published, t.pattern, t.days)}
    every = sorted(d for _, d in dates)
    attributes, rules = _fares(published, trips)
    return {
        "agency": [
            {"agency_id": o.operator_id, "agency_name": o.name_zh, "agency_url": url, "agency_timezone": ZONE, "agency_lang": "zh"}
            for o in scenario.operators.values()
            if any(_agency(scenario, t) == o.operator_id for t in trips)
        ],
        "stops": [
            {"stop_id": p, "stop_name": scenario.ports[p].name_zh, "stop_lat": f"{scenario.ports[p].lat:.6f}",
             "stop_lon": f"{scenario.ports[p].lon:.6f}", "zone_id": p, "location_type": 0}
            for p in served
        ],
        "routes": [_route(scenario, t) for t in _routes(trips)],
        "trips": [_trip(scenario, t) for t in trips],
        "stop_times": [row for t in trips for row in _stop_times(t)],
        "calendar_dates": [{"service_id": s, "date": d, "exception_type": 1} for s, d in sorted(dates)],
        "shapes": list(_shapes(published, trips)),
        "fare_attributes": attributes,
        "fare_rules": rules,
        "transfers": [*_land_transfers(published, served), *_block_transfers(published, {t.trip_id: t for t in trips})],
        "translations": list(_translations(scenario, trips, served)),
        "feed_info": [{
            "feed_publisher_name": scenario.name_zh + (" ≈ 含估计数据" if scenario.estimated else ""), "feed_publisher_url": url, "feed_lang": "zh",
            "default_lang": "zh", "feed_start_date": every[0] if every else "", "feed_end_date": every[-1] if every else "",
            "feed_version": published.version, "feed_contact_url": url,
        }],
    }  # fmt: skip


def _trips(published: Published) -> list[Trip]:
    """Sailings that run on some date of the calendar."""
    found = []
    for pattern in sorted(published.plans):
        for s in published.plans[pattern].plan.sailings:
            line = published.scenario.lines.get(s.line)
            days = line.days if line else ALWAYS
            if _dates(published, pattern, days):
                found.append(Trip(s, published.scenario.vessel_fleet(s.vessel), pattern, days))
    return found


def _dates(published: Published, pattern: str, days: str) -> list[str]:
    return [f"{d.date:%Y%m%d}" for d in published.calendar if d.service == pattern and str(d.date.isoweekday()) in days]


def _routes(trips: Sequence[Trip]) -> list[Trip]:
    """One trip of every route, in the order of the routes' ids."""
    first: dict[str, Trip] = {}
    for t in trips:
        first.setdefault(t.route_id, t)
    return [first[r] for r in sorted(first)]


def _agency(scenario: Scenario, t: Trip) -> str:
    line = scenario.lines.get(t.sailing.line)
    return line.operator if line else t.fleet.operator


def _long(scenario: Scenario, t: Trip, lang: str) -> str:
    """Calls and vessel class: two classes of a line are two routes."""
    line = scenario.lines.get(t.sailing.line)
    calls = line.calls if line else min(t.sailing.ports, t.sailing.ports[::-1])
    return " – ".join(_name(scenario, p, lang) for p in calls) + f" · {t.fleet.name_zh if lang == 'zh' else t.fleet.name_en}"


def _desc(scenario: Scenario, lang: str) -> str:
    if lang == "zh":
        return "方案班次" + ("(≈ 含估计数据)" if scenario.estimated else "")
    return "planned sailings" + (" (≈ rests on estimates)" if scenario.estimated else "")


def _name(scenario: Scenario, port: str, lang: str) -> str:
    return scenario.ports[port].name_zh if lang == "zh" else scenario.ports[port].name_en


def _route(scenario: Scenario, t: Trip) -> Row:
    line = t.sailing.line if t.sailing.line != "+" else ""
    return {
        "route_id": t.route_id, "agency_id": _agency(scenario, t), "route_short_name": line, "route_long_name": _long(scenario, t, "zh"),
        "route_desc": _desc(scenario, "zh"), "route_type": FERRY,
    }  # fmt: skip


def _trip(scenario: Scenario, t: Trip) -> Row:
    return {
        "route_id": t.route_id, "service_id": t.service_id, "trip_id": t.trip_id, "trip_headsign": scenario.ports[t.sailing.ports[-1]].name_zh,
        "direction_id": 0 if t.forward else 1, "block_id": f"{t.pattern}.{t.sailing.vessel}", "shape_id": "-".join(t.sailing.ports),
        "wheelchair_accessible": 0, "cars_allowed": 1 if t.fleet.vehicle_deck else 2,
    }  # fmt: skip


def _stop_times(t: Trip) -> Iterator[Row]:
    for number, call in enumerate(t.sailing.calls, start=1):
        arrives = call.arrives if call.arrives is not None else call.departs
        departs = call.departs if call.departs is not None else call.arrives
        assert arrives is not None
        assert departs is not None
        yield {"trip_id": t.trip_id, "arrival_time": f"{clock(arrives)}:00", "departure_time": f"{clock(departs)}:00", "stop_id": call.port,
               "stop_sequence": number, "pickup_type": int(call.departs is None), "drop_off_type": int(call.arrives is None), "timepoint": 1}  # fmt: skip


def _shapes(published: Published, trips: Iterable[Trip]) -> Iterator[Row]:
    for ports in sorted({t.sailing.ports for t in trips}):
        points: list[tuple[float, float]] = []
        for a, b in pairwise(ports):
            points += [p for p in published.network.path(a, b) if not points or p != points[-1]]
        for number, (lon, lat) in enumerate(points, start=1):
            yield {"shape_id": "-".join(ports), "shape_pt_lat": f"{lat:.5f}", "shape_pt_lon": f"{lon:.5f}", "shape_pt_sequence": number}


def _fares(published: Published, trips: Sequence[Trip]) -> tuple[list[Row], list[Row]]:
    """Fares of people from port to port of every route; a fare is a price of an operator, paid aboard, without transfers."""
    scenario, network = published.scenario, published.network
    rules: dict[tuple[str, str, str], tuple[int, str]] = {}
    for t in trips:
        for i, a in enumerate(t.sailing.ports):
            for b in t.sailing.ports[i + 1 :]:
                if a != b and (t.route_id, a, b) not in rules:
                    rules[t.route_id, a, b] = (fare_fen(scenario, network, t.fleet, (a, b), vehicle=False), _agency(scenario, t))
    prices = sorted(set(rules.values()), key=lambda x: (x[1], x[0]))
    return [
        {"fare_id": f"{agency}.{price}", "price": f"{price / 100:.2f}", "currency_type": "CNY", "payment_method": 1, "transfers": 0, "agency_id": agency}
        for price, agency in prices
    ], [
        {"fare_id": f"{agency}.{price}", "route_id": route, "origin_id": a, "destination_id": b} for (route, a, b), (price, agency) in sorted(rules.items())
    ]  # fmt: skip


def _land_transfers(published: Published, served: Sequence[str]) -> Iterator[Row]:
    least = published.scenario.whole("minimum_transfer_min")
    for a in served:
        for b in served:
            minutes = int(published.land.minutes[published.land.index[a], published.land.index[b]])
            if minutes + least <= LONGEST_TRANSFER_MIN:
                yield {"from_stop_id": a, "to_stop_id": b, "transfer_type": 2, "min_transfer_time": 60 * (minutes + least)}


def _block_transfers(published: Published, trips: dict[str, Trip]) -> Iterator[Row]:
    for pattern in sorted(published.plans):
        for rotation in published.plans[pattern].plan.rotations:
            for one, two in pairwise(rotation.sailings):
                a, b = f"{pattern}.{one.id}", f"{pattern}.{two.id}"
                if a in trips and b in trips and one.ports[-1] == two.ports[0]:
                    yield {
                        "from_stop_id": one.ports[-1],
                        "to_stop_id": two.ports[0],
                        "from_trip_id": a,
                        "to_trip_id": b,
                        "transfer_type": 5,
                    }


def _translations(scenario: Scenario, trips: Sequence[Trip], served: Sequence[str]) -> Iterator[Row]:
    used = {_agency(scenario, t) for t in trips}
    for o in scenario.operators.values():
        if o.operator_id in used:
            yield _word("agency", "agency_name", o.name_en, record=o.operator_id)
    for p in served:
        yield _word("stops", "stop_name", scenario.ports[p].name_en, record=p)
    for t in _routes(trips):
        yield _word("routes", "route_long_name", _long(scenario, t, "en"), record=t.route_id)
        yield _word("routes", "route_desc", _desc(scenario, "en"), record=t.route_id)
    for port in sorted({t.sailing.ports[-1] for t in trips}):
        yield _word("trips", "trip_headsign", scenario.ports[port].name_en, value=scenario.ports[port].name_zh)


def _word(table: str, column: str, text: str, record: str = "", value: str = "") -> Row:
    return {"table_name": table, "field_name": column, "language": "en", "translation": text, "record_id": record, "field_value": value}

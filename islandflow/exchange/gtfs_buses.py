"""The timed buses of a plan as rows of the feed: routes of type 3, with stops of their own at settlements and quays.

A quay's bus stop is not its boat stop, because the time between two rides depends on what one leaves and what one boards: from a boat or
bus to a bus ``shuttle_alight_min``, from a bus to a boat ``shuttle_board_min``, each with the way on land. Where a bus was planned for
boarding or alighting alone, the other is not offered. Buses have no blocks: nobody stays aboard from one run to the next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from islandflow.passengers.bus_trips import BusTrip
from islandflow.passengers.buses import Buses
from islandflow.passengers.land import NEVER, land_ways
from islandflow.passengers.published import Published
from islandflow.scenario.entities import Scenario
from islandflow.units import clock

Row = dict[str, object]
BUS = 3


@dataclass(frozen=True)
class Run:
    """A bus trip of a service pattern with the names the feed gives it. ``anchor`` is its line, or the quay whose boats it meets; ``inward``
    whether it ends there."""

    pattern: str
    trip: BusTrip
    island: str
    anchor: str
    inward: bool

    @property
    def trip_id(self) -> str:
        """Unique over all service patterns, and unlike that of any sailing."""
        return f"{self.pattern}.bus.{self.trip.trip}"

    @property
    def route_id(self) -> str:
        """Unlike that of any line of boats."""
        return f"bus.{self.island}.{self.anchor}"


def bus_digest(buses: Mapping[str, Buses]) -> str:
    """What the feed's version says of the buses; empty for none."""
    text = " ".join(f"{pattern} {buses[pattern].version}" for pattern in sorted(buses))
    return hashlib.sha256(text.encode()).hexdigest()[:8] if text else ""


def bus_rows(
    published: Published, buses: Mapping[str, Buses], served: Sequence[str], url: str, zone: str, dates: Callable[[str], list[str]], longest: int
) -> dict[str, list[Row]]:
    """Rows to add, by file. ``served`` are the ports with a boat stop, ``dates`` those of a pattern, ``longest`` the longest transfer in minutes."""
    scenario = published.scenario
    runs = [_run(scenario, p, t) for p in sorted(buses) if dates(p) for t in buses[p].trips]
    nodes = list(dict.fromkeys(h.node for r in runs for h in r.trip.halts))
    nodes.sort(key=[*scenario.ports, *scenario.settlements].index)
    routes: dict[str, Run] = {}
    for r in runs:
        routes.setdefault(r.route_id, r)
    islands = sorted({r.island for r in runs})
    first = [routes[r] for r in sorted(routes)]
    found: dict[str, list[Row]] = {
        "agency": [
            {"agency_id": f"buses.{i}", "agency_name": f"{_island_name(scenario, i, 'zh')}接驳车", "agency_url": url, "agency_timezone": zone, "agency_lang": "zh"}
            for i in islands
        ],
        "stops": [{"stop_id": f"bus.{n}", "stop_name": _name(scenario, n, "zh"), **_spot(scenario, n), "location_type": 0} for n in nodes],
        "routes": [
            {"route_id": r.route_id, "agency_id": f"buses.{r.island}", "route_short_name": r.trip.line, "route_long_name": _long(scenario, r, "zh"),
             "route_desc": _desc("zh"), "route_type": BUS}
            for r in first
        ],
        "trips": [
            {"route_id": r.route_id, "service_id": r.pattern, "trip_id": r.trip_id, "trip_headsign": _name(scenario, r.trip.halts[-1].node, "zh"),
             "direction_id": int(r.inward), "wheelchair_accessible": 0, "cars_allowed": 2}
            for r in runs
        ],
        "stop_times": [row for r in runs for row in _stop_times(r)],
        "calendar_dates": [{"service_id": p, "date": d, "exception_type": 1} for p in sorted({r.pattern for r in runs}) for d in dates(p)],
        "transfers": list(_transfers(published, buses, served, nodes, longest)),
        "translations": [
            *(_word("agency", "agency_name", f"{_island_name(scenario, i, 'en')} buses", record=f"buses.{i}") for i in islands),
            *(_word("stops", "stop_name", _name(scenario, n, "en"), record=f"bus.{n}") for n in nodes),
            *(_word("routes", "route_long_name", _long(scenario, r, "en"), record=r.route_id) for r in first),
            *(_word("routes", "route_desc", _desc("en"), record=r.route_id) for r in first),
            *(_word("trips", "trip_headsign", _name(scenario, n, "en"), value=_name(scenario, n, "zh")) for n in nodes
              if any(r.trip.halts[-1].node == n for r in runs)),
        ],
    }  # fmt: skip
    return found | _fares(first, runs)


def _fares(first: Sequence[Run], runs: Sequence[Run]) -> dict[str, list[Row]]:
    """A fare a route where rides have one; fares that nobody knows are left out."""
    paid = {r.route_id: max(x.trip.fare_fen for x in runs if x.route_id == r.route_id) for r in first}
    kinds = sorted({(f"buses.{r.island}", paid[r.route_id]) for r in first if paid[r.route_id]})
    return {
        "fare_attributes": [
            {"fare_id": f"{agency}.{price}", "price": f"{price / 100:.2f}", "currency_type": "CNY", "payment_method": 0, "transfers": 0, "agency_id": agency}
            for agency, price in kinds
        ],
        "fare_rules": [{"fare_id": f"buses.{r.island}.{paid[r.route_id]}", "route_id": r.route_id} for r in first if paid[r.route_id]],
    }  # fmt: skip


def _stop_times(r: Run) -> Iterator[Row]:
    for number, (halt, (comes, goes)) in enumerate(zip(r.trip.halts, r.trip.times(), strict=True), start=1):
        yield {"trip_id": r.trip_id, "arrival_time": f"{clock(comes)}:00", "departure_time": f"{clock(goes)}:00", "stop_id": f"bus.{halt.node}",
               "stop_sequence": number, "pickup_type": int(halt.departs is None), "drop_off_type": int(halt.arrives is None), "timepoint": 1}  # fmt: skip


def _transfers(published: Published, buses: Mapping[str, Buses], served: Sequence[str], nodes: Sequence[str], longest: int) -> Iterator[Row]:
    """From each boat or bus stop to each bus stop, and from each bus stop to each boat stop that a way on land joins."""
    scenario = published.scenario
    land = land_ways(scenario, tuple(dict.fromkeys(i for p in sorted(buses) for i in buses[p].islands)))
    to_bus, to_boat = scenario.whole("shuttle_alight_min"), scenario.whole("shuttle_board_min")
    stops = [(p, p, to_boat) for p in served] + [(f"bus.{n}", n, to_bus) for n in nodes]
    for k, (a, start, _) in enumerate(stops):
        for m, (b, end, wait) in enumerate(stops):
            minutes = int(land.minutes[land.index[start], land.index[end]])
            if max(k, m) >= len(served) and minutes < NEVER and minutes + wait <= longest:
                yield {"from_stop_id": a, "to_stop_id": b, "transfer_type": 2, "min_transfer_time": 60 * (minutes + wait)}


def _run(scenario: Scenario, pattern: str, trip: BusTrip) -> Run:
    first, last = trip.halts[0].node, trip.halts[-1].node
    inward = first not in scenario.ports and last in scenario.ports
    island = scenario.ports[first].island_id if first in scenario.ports else scenario.settlements[first].island_id
    return Run(pattern, trip, island, trip.line or (last if inward else first), inward)


def _island_name(scenario: Scenario, island: str, lang: str) -> str:
    known = scenario.islands.get(island)
    return island if known is None else known.name_zh if lang == "zh" else known.name_en


def _name(scenario: Scenario, node: str, lang: str) -> str:
    thing = scenario.ports.get(node) or scenario.settlements.get(node)
    return node if thing is None else thing.name_zh if lang == "zh" else thing.name_en


def _spot(scenario: Scenario, node: str) -> Row:
    thing = scenario.ports.get(node) or scenario.settlements[node]
    return {"stop_lat": f"{thing.lat:.6f}", "stop_lon": f"{thing.lon:.6f}"}


def _long(scenario: Scenario, r: Run, lang: str) -> str:
    if r.trip.line:
        return " – ".join(_name(scenario, h.node, lang) for h in (r.trip.halts[0], r.trip.halts[-1]))
    quay = _name(scenario, r.anchor, lang)
    return f"{quay} 接驳车" if lang == "zh" else f"Buses that meet the boats of {quay}"


def _desc(lang: str) -> str:
    return "方案车次(≈ 含估计数据)" if lang == "zh" else "planned buses (≈ rests on estimates)"


def _word(table: str, column: str, text: str, record: str = "", value: str = "") -> Row:
    return {"table_name": table, "field_name": column, "language": "en", "translation": text, "record_id": record, "field_value": value}

"""The demand of data/zhoushan: boat legs of the facts turned into journeys, by segment and both ways.

The facts count *boardings*: a person who changes boats counts once on each. A journey with a change therefore takes its people from both
legs, and each service pattern keeps its total of boardings to the person.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from islandflow.passengers.access import joined, land_access, line_stretches
from islandflow.scenario.entities import Scenario
from islandflow.scenario.schema import SERVICES

Row = dict[str, str]
Pair = tuple[str, str]

# outer port, port of arrival, port of departure onward, port beyond, share of visitors, share of residents; all shares estimated
JOURNEYS = (
    ("qingbang-t", "miaozihu-t", "miaozihu-t", "banshengdong", 0.8, 0.5),
    ("dongfushan-t", "miaozihu-t", "miaozihu-t", "banshengdong", 0.8, 0.5),
    ("huangxing-t", "miaozihu-t", "miaozihu-t", "banshengdong", 0.8, 0.5),
    ("gangnan", "changtu-t", "changtu-t", "zhuyu", 0.5, 0.2),
    ("xuanshan-t", "taimen", "taimen", "duntou", 0.5, 0.2),
    ("huni-t", "xiazhi-t", "xiazhi-t", "duntou", 0.6, 0.4),
    ("fodu-t", "daao", "daao", "duntou", 0.6, 0.4),
    ("xiaoqushan-t", "qushan-t", "qushan-t", "yanwoshan", 0.5, 0.3),
    ("huangzeshan-t", "qushan-t", "qushan-t", "yanwoshan", 0.5, 0.3),
    ("huaniao-t", "xiaocaiyuan", "lizhushan", "shenjiawan", 0.5, 0.3),
    ("lvhua-t", "xiaocaiyuan", "lizhushan", "shenjiawan", 0.6, 0.3),
    ("jinping-t", "xiaocaiyuan", "lizhushan", "shenjiawan", 0.5, 0.2),
    ("huanglong-t", "xiaocaiyuan", "lizhushan", "shenjiawan", 0.6, 0.3),
    ("bixia-t", "shengshan-t", "shengshan-t", "xiaocaiyuan", 0.3, 0.4),
)
# the place where a share of a pair's visitors begins or ends: pair of ports, place, share; estimated
BEYOND = {
    ("shenjiawan", "lizhushan"): ("shanghai-nanpu", 0.4),
    ("wugongzhi", "putuoshan-t"): ("putuoshan-airport", 0.05),
}
RANK = {"port": 1, "hub": 2, "gateway": 3}
PEOPLE = ("resident", "visitor")


@dataclass
class Flow:
    """People and vehicles a day each way between two ports."""

    resident: int = 0
    visitor: int = 0
    vehicle: int = 0
    source: Row = field(default_factory=dict)

    def take(self, kind: str, number: int) -> None:
        """Takes ``number`` off; never below 0."""
        left = getattr(self, kind) - number
        assert left >= 0, (kind, number, self)
        setattr(self, kind, left)

    def add(self, kind: str, number: int) -> None:
        """Adds ``number``."""
        setattr(self, kind, getattr(self, kind) + number)


class Ways:
    """Which ports are joined by a boat of one service pattern, from the tables just built."""

    def __init__(self, tables: Mapping[str, list[dict[str, Any]]], service: str) -> None:
        ports = {r["port_id"] for r in tables["ports"]}
        cars = {r["class"] for r in tables["vessels"] if int(r["vehicle_deck"])}
        self.near: dict[str, set[str]] = {p: {p} for p in ports}
        for link in tables["land_links"]:
            a, b = link["from_node"], link["to_node"]
            if {a, b} <= ports:
                self.near[a].add(b)
                self.near[b].add(a)
        self.boats: set[Pair] = set()
        self.decks: set[Pair] = set()
        for line in tables["line_patterns"]:
            if line["periods"] and service not in line["periods"].split(";"):
                continue
            calls = line["calls"].split(";")
            pairs = {(a, b) for a in calls for b in calls if a != b}
            self.boats |= pairs
            if cars & set(line["classes"].split(";")):
                self.decks |= pairs

    def direct(self, a: str, b: str, boats: set[Pair] | None = None) -> bool:
        """Whether one boat, with a land link at either end, joins two ports."""
        boats = self.boats if boats is None else boats
        return any((x, y) in boats for x in self.near[a] for y in self.near[b])

    def changes(self, a: str, b: str, boats: set[Pair]) -> Iterator[tuple[Pair, Pair]]:
        """Pairs of boat legs, one change between them, that join two ports."""
        for x in sorted(self.near[a]):
            for p in sorted(p for start, p in boats if start == x):
                for q in sorted(self.near[p]):
                    for y in sorted(self.near[b]):
                        if (q, y) in boats and q != x and p != y:
                            yield (x, p), (q, y)


def build_demand(facts: Mapping[str, list[Row]], tables: Mapping[str, list[dict[str, Any]]]) -> tuple[list[dict[str, Any]], list[str]]:
    """Rows of the table ``demand``, and notes in words: totals, what changed boats, what was dropped."""
    shares = {r["setting"]: float(r["value"]) for r in facts["settings_suggested"] if r["setting"].endswith("_share_of_residents")}
    rank = {r["port_id"]: RANK[r["role"]] for r in tables["ports"]}
    rows: list[dict[str, Any]] = []
    notes: list[str] = []
    for service in SERVICES:
        ways = Ways(tables, service)
        anchors = [r for r in facts["demand_anchor"] if r["pattern"] == service]
        legs = {(r["origin_port"], r["dest_port"]): _flow(r) for r in anchors}
        flows = dict(legs)
        changed = _split(legs, flows, ways) + _wishes(legs, flows, ways, notes, service)
        people = sum(2 * (f.resident + f.visitor) * (1 if ways.direct(a, b) else 2) for (a, b), f in flows.items())
        said = sum(2 * int(r["pax_per_day_each_way"]) for r in anchors)
        notes.append(f"{service}: {said} boardings in the facts, {people} built, {changed} people a day each way change boats")
        for pair, flow in flows.items():
            rows += _rows(pair, flow, service, rank, shares)
    return rows, notes


def _flow(r: Row) -> Flow:
    return Flow(int(r["resident_each_way"]), int(r["visitor_each_way"]), int(r["vehicle_each_way_est"] or 0), r)


def _leg(legs: Mapping[Pair, Flow], a: str, b: str) -> Flow | None:
    return legs.get((a, b)) or legs.get((b, a))


def _split(legs: dict[Pair, Flow], flows: dict[Pair, Flow], ways: Ways) -> int:
    """Makes journeys of the list; people each way who change."""
    changed = 0
    for outer, arrive, depart, beyond, visitors, residents in JOURNEYS:
        first, second = _leg(legs, outer, arrive), _leg(legs, depart, beyond)
        if first is None or second is None or ways.direct(outer, beyond):
            continue
        journey = _leg(flows, outer, beyond)
        if journey is None:
            journey = flows[outer, beyond] = Flow(source={"method_id": f"journey via {arrive}", "status": "estimated"})
        for kind, share in (("visitor", visitors), ("resident", residents)):
            number = min(math.floor(share * getattr(first, kind) + 0.5), getattr(second, kind))
            first.take(kind, number)
            second.take(kind, number)
            journey.add(kind, number)
            changed += number
    return changed


def _wishes(legs: dict[Pair, Flow], flows: dict[Pair, Flow], ways: Ways, notes: list[str], service: str) -> int:
    """Pairs of the facts whose direct line does not sail in this service pattern: one boarding there, two with the change.

    The second boarding comes off the larger leg of the way; people whom no way serves are dropped.
    """
    changed = 0
    for (a, b), wish in legs.items():
        direct = ways.direct(a, b)
        if not direct:
            number = {kind: int(wish.source[f"{kind}_each_way"]) for kind in PEOPLE}  # without those whom _split added
            found = [(x, y) for one, two in ways.changes(a, b, ways.boats) if (x := _leg(legs, *one)) and (y := _leg(legs, *two))]
            for kind in PEOPLE:
                if found:
                    way = max(found, key=lambda legs: min(leg.resident + leg.visitor for leg in legs))
                    max(way, key=lambda leg: leg.resident + leg.visitor).take(kind, number[kind])
                    changed += number[kind]
                else:
                    wish.take(kind, number[kind])
            if not found:
                notes.append(f"{service}: dropped {a}-{b}, {number} each way: no way with at most one change")
        by_deck = ways.direct(a, b, ways.decks) or (not direct and any(True for _ in ways.changes(a, b, ways.decks)))
        if wish.vehicle and not by_deck:
            notes.append(f"{service}: dropped {a}-{b}, {wish.vehicle} vehicles each way: no vehicle deck on that way")
            wish.vehicle = 0
    return changed


def _rows(pair: Pair, flow: Flow, service: str, rank: Mapping[str, int], shares: Mapping[str, float]) -> Iterator[dict[str, Any]]:
    a, b = pair
    medical = math.floor(flow.resident * shares["medical_share_of_residents"] + 0.5)
    commuter = math.floor(flow.resident * shares["commuter_share_of_residents"] + 0.5)
    place, share = BEYOND.get(pair, ("", 0.0))
    far = math.floor(flow.visitor * share + 0.5)
    parts = (
        ("resident", f"{a}-quay", flow.resident - commuter - medical),
        ("commuter", f"{a}-quay", commuter),
        ("medical", f"{a}-quay", medical),
        ("visitor", f"{a}-quay", flow.visitor - far),
        ("visitor", place, far),
        ("vehicle", f"{a}-quay", flow.vehicle),
    )
    words = {f"src_{k}": flow.source.get(k, "") for k in ("line_ids", "method_id", "status", "confidence")}
    for segment, start, number in parts:
        if not number:
            continue
        out = "to_hub" if rank[a] < rank[b] else "from_hub" if rank[a] > rank[b] else "between"
        back = {"to_hub": "from_hub", "from_hub": "to_hub", "between": "between"}[out]
        for x, y, way in ((start, f"{b}-quay", out), (f"{b}-quay", start, back)):
            yield {
                "from_place": x,
                "to_place": y,
                "segment": segment,
                "service": service,
                "trips": number,
                "profile": f"{segment}-{way}",
                **words,
            }


def boardings(scenario: Scenario, service: str) -> int:
    """People on boats a day, each boat counted, in a service pattern: two where no line joins the two places, else one."""
    access, lines = land_access(scenario), line_stretches(scenario, service)
    return sum(
        int(d.trips) * (1 if joined(access, lines, d.from_place, d.to_place) else 2)
        for d in scenario.demand
        if d.service == service and d.segment != "vehicle"
    )


def check_demand(scenario: Scenario, anchors: Sequence[Row]) -> None:
    """Stops with a message if the boardings of a service pattern differ from the facts."""
    said: dict[str, int] = defaultdict(int)
    for r in anchors:
        said[r["pattern"]] += 2 * int(r["pax_per_day_each_way"])
    wrong = [f"{s}: {boardings(scenario, s)} instead of {said[s]}" for s in SERVICES if boardings(scenario, s) != said[s]]
    if wrong:
        raise SystemExit("boardings differ from the facts: " + "; ".join(wrong))

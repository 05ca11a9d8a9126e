"""Two plans side by side in the words of the trade: sailings added, dropped, retimed; who gains and who loses."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from islandflow.errors import BadInput, Fault
from islandflow.ferry.folder import PlanFolder
from islandflow.ferry.plan import FerryPlan
from islandflow.scenario.schema import SEGMENTS
from islandflow.units import clock

Row = dict[str, Any]
NEAR = 60  # minutes within which a departure counts as moved, not as dropped and another added
GENERATED = "+"
OF_ALL = ("sailings", "vessels", "second_crews", "people_wanted", "people_served", "people_left", "mean_shift_min", "mean_door_to_door_min", "transfer_share",
          "load_factor", "vessel_hours", "fuel_l", "co2_kg", "cost_yuan", "revenue_yuan", "subsidy_yuan", "travellers_yuan", "left_behind_yuan", "society_yuan")  # fmt: skip
OF_LINES = ("sailings", "vessel_hours", "fuel_l", "co2_kg", "cost_yuan", "revenue_yuan", "subsidy_yuan")
OF_GROUPS = ("wanted", "served", "left", "transfers", "mean_shift_min", "mean_transfer_wait_min", "mean_door_to_door_min")


@dataclass(frozen=True)
class Comparison:
    """``rows`` by table name, each with its service pattern; ``unfair`` names what differs besides the timetable itself, ``retimed`` the sides (A, B) that are a
    timetable retimed to its best."""

    names: tuple[str, str]
    services: tuple[str, ...]
    rows: Mapping[str, list[Row]]
    unfair: tuple[str, ...]
    first: Mapping[str, PlanFolder]
    retimed: str = ""


def compare(a: Mapping[str, PlanFolder], b: Mapping[str, PlanFolder], names: tuple[str, str]) -> Comparison:
    """Compares what both have; BadInput if they share no service pattern."""
    services = tuple(s for s in a if s in b)
    if not services:
        what = ("share no service pattern", "没有共同的时期")
        remedy = (f"A has {', '.join(a)}; B has {', '.join(b)}", f"A:{'、'.join(a)};B:{'、'.join(b)}")
        raise BadInput([Fault("compare", 0, "", "", *what, *remedy)])
    rows: dict[str, list[Row]] = defaultdict(list)
    for service in services:
        one, two = a[service], b[service]
        rows["whole"] += [_both(service, "figure", k, _figure(one, k), _figure(two, k)) for k in OF_ALL]
        rows["groups"] += [
            _both(service, "group", f"{s}:{k}", one.metrics["segments"][s][k], two.metrics["segments"][s][k])
            for s in SEGMENTS for k in OF_GROUPS if one.metrics["segments"][s]["wanted"] or two.metrics["segments"][s]["wanted"]
        ]  # fmt: skip
        rows["lines"] += _money(service, one, two, "line")
        rows["operators"] += _money(service, one, two, "operator")
        rows["ports"] += _ports(service, one, two)
        rows["obligations"] += _obligations(service, one, two)
        rows["changes"] += changes(service, one.plan, two.plan)
    retimed = [side for side, plans in (("A", a), ("B", b)) if any("retimed" in plans[s].info for s in services)]
    return Comparison(names, services, dict(rows), unfair([(a[s], b[s]) for s in services]), {s: a[s] for s in services}, ", ".join(retimed))


def changes(service: str, one: FerryPlan, two: FerryPlan) -> list[Row]:
    """Departures by pair of ports that were added, dropped or moved; equal minutes match first, then the nearest within an hour."""
    rows = []
    left, right = _departures(one), _departures(two)
    for pair in sorted(set(left) | set(right)):
        old, new = Counter(left.get(pair, ())), Counter(right.get(pair, ()))
        both = old & new
        gone, come = sorted((old - both).elements()), sorted((new - both).elements())
        for away, x, y in sorted((abs(x - y), x, y) for x in set(gone) for y in set(come)):
            while away <= NEAR and x in gone and y in come:
                gone.remove(x)
                come.remove(y)
                rows.append(_change(service, "retimed", pair, x, y))
        rows += [_change(service, "dropped", pair, x, None) for x in gone]
        rows += [_change(service, "added", pair, None, y) for y in come]
    return rows


def _departures(plan: FerryPlan) -> dict[tuple[str, ...], list[int]]:
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for sailing in plan.sailings:
        found[sailing.ports].append(sailing.departs)
    return found


def _change(service: str, kind: str, ports: tuple[str, ...], before: int | None, after: int | None) -> Row:
    return {"service": service, "change": kind, "ports": ";".join(ports), "before": "" if before is None else clock(before),
            "after": "" if after is None else clock(after), "minutes": None if before is None or after is None else after - before}  # fmt: skip


def _figure(folder: PlanFolder, key: str) -> float | None:
    """A figure of the whole; society's cost is without the price of wishes, which two plans need not share."""
    m = folder.metrics
    if key == "society_yuan":
        return round(float(m["objective_yuan"]) - float(m.get("wishes_yuan", 0)), 2)
    found: float | None = m[key]
    return found


def _both(service: str, head: str, name: str, a: float | None, b: float | None) -> Row:
    change = None if a is None or b is None else round(b - a, 4)
    share = None if change is None or not a else round(change / a, 4)
    return {"service": service, head: name, "a": a, "b": b, "change": change, "share": share}


def _money(service: str, one: PlanFolder, two: PlanFolder, head: str) -> list[Row]:
    sums: tuple[dict[str, Counter[str]], ...] = (defaultdict(Counter), defaultdict(Counter))
    for folder, found in zip((one, two), sums, strict=True):
        for row in folder.money:
            for key in OF_LINES:
                found[row[head]][key] += float(row[key])  # type: ignore[assignment]
    rows = []
    for name in sorted({*sums[0], *sums[1]}):
        row = {"service": service, head: name}
        for key in OF_LINES:
            x, y = (round(s[name][key], 2) for s in sums)
            row |= {f"{key}_a": x, f"{key}_b": y, f"{key}_change": round(y - x, 2)}
        rows.append(row)
    return rows


def _ports(service: str, one: PlanFolder, two: PlanFolder) -> list[Row]:
    """Departures, people who board, and how far from the wanted minute, by port."""
    rows = []
    counted = [_port_counts(folder.plan) for folder in (one, two)]
    for port in one.scenario.ports:
        if any(c[port]["departures"] for c in counted):
            row: Row = {"service": service, "port": port}
            for key in ("departures", "boarding", "waiting_min"):
                x, y = (c[port][key] for c in counted)
                row |= {f"{key}_a": x, f"{key}_b": y, f"{key}_change": round(y - x, 2)}
            rows.append(row)
    return rows


def _port_counts(plan: FerryPlan) -> dict[str, Row]:
    found: dict[str, Row] = defaultdict(lambda: {"departures": 0, "boarding": 0, "shift": 0, "first": 0, "waiting_min": 0.0})
    sailings = plan.by_id()
    for sailing in plan.sailings:
        for call in sailing.calls[:-1]:
            found[call.port]["departures"] += 1
    for b in plan.boardings:
        if b.segment == "vehicle":
            continue
        for n, ride in enumerate(b.rides):
            call = sailings[ride.sailing].calls[ride.board - 1]
            row = found[call.port]
            row["boarding"] += b.people
            if n == 0:
                row["first"] += b.people
                row["shift"] += b.people * abs((call.departs or 0) - b.wanted)
    for row in found.values():
        row["waiting_min"] = round(row["shift"] / row["first"], 1) if row["first"] else 0.0
    return found


def _obligations(service: str, one: PlanFolder, two: PlanFolder) -> list[Row]:
    """Rules whose state differs, and those that neither meets."""
    rows = []
    # both directions of a rule stand in the same order in either audit
    known = defaultdict(list)
    for o in two.audit["obligations"]:
        known[o["obligation_id"], o["rule"], o["required"]].append(o)
    for o in one.audit["obligations"]:
        others = known.get((o["obligation_id"], o["rule"], o["required"]), [])
        if not others:
            continue
        p = others.pop(0)
        if o["met"] and p["met"]:
            continue
        state = "gained" if p["met"] else "lost" if o["met"] else "open"
        rows.append({"service": service, "obligation_id": o["obligation_id"], "port": o["port"], "rule": o["rule"], "required": o["required"],
                     "a": o["found"], "b": p["found"], "state": state, "remedy_en": p["remedy_en"], "remedy_zh": p["remedy_zh"]})  # fmt: skip
    return rows


def unfair(pairs: Sequence[tuple[PlanFolder, PlanFolder]]) -> tuple[str, ...]:
    """Which facts differ between the two scenarios: then a difference is not the timetable's alone."""
    found = set()
    for one, two in pairs:
        x, y = one.scenario, two.scenario
        found |= {name for name in ("demand", "obligations", "lines", "ports", "fares", "land_links") if getattr(x, name) != getattr(y, name)}
        if {k: v for k, v in x.fleets.items() if v.count} != {k: v for k, v in y.fleets.items() if v.count}:
            found.add("fleets")
        if {k: v.value for k, v in x.settings.items()} != {k: v.value for k, v in y.settings.items()}:
            found.add("settings")
    return tuple(sorted(found))

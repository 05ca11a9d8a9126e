"""The audit of chargers and of what the boats bring: queues, power by hour, shore power, traffic at quays, the promise by hour."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from islandflow.ferry.plan import FerryPlan
from islandflow.siting.facts_ways import Facts, decimal
from islandflow.violation import Violation

DAY = 1440


def _mean_wait(count: int, arrivals: float, minutes: float) -> float:
    """Mean wait by the sum form of Erlang C, minutes."""
    load = arrivals * minutes / 60
    if load <= 0:
        return 0.0
    tail = load**count / math.factorial(count) * count / (count - load)
    return tail / (sum(load**k / math.factorial(k) for k in range(count)) + tail) * minutes / (count - load)


def chargers(facts: Facts) -> Iterator[Violation]:
    """Public chargers keep the promised mean wait at the power they may draw; their power is what their number makes."""
    s = facts.scenario
    people: dict[str, int] = defaultdict(int)
    for v in facts.plan.serves:
        if v.kind == "charger":
            people[v.node] += s.settlements[v.settlement_id].residents
    for p in facts.plan.sites:
        if p.kind != "charger" or "public" not in p.functions:
            if p.chargers or (p.kind != "charger" and (p.power_kw or p.managed_kw)):
                yield Violation(
                    "charger-power", f"{p.kind} {p.node}", p.chargers + p.power_kw, "kW", "has no public charger", "不应有充电桩"
                )
            continue
        power = math.ceil(p.chargers * s.number("charger_kw"))
        if p.power_kw != power or not 0 < p.managed_kw <= power:
            yield Violation(
                "charger-power",
                p.node,
                abs(power - p.power_kw),
                "kW",
                f"{p.chargers} chargers have {power} kW",
                f"{p.chargers} 桩共 {power} kW",
            )
            continue
        minutes = max(s.whole("charge_min"), math.ceil(s.whole("charge_min") * s.number("charger_kw") * p.chargers / p.managed_kw - 1e-9))
        if minutes > s.whole("charge_longest_min") and p.managed_kw < power:
            yield Violation(
                "charge-too-long",
                p.node,
                minutes - s.whole("charge_longest_min"),
                "min",
                f"a charge takes {minutes} min",
                f"单次充电 {minutes} 分钟",
            )
        arrivals = facts.cars(people[p.node])
        if p.chargers <= arrivals * minutes / 60:
            yield Violation(
                "charger-queue",
                p.node,
                math.ceil(arrivals * minutes / 60 - p.chargers) or 1,
                "charger",
                "the queue grows for ever",
                "排队无限增长",
            )
            continue
        wait = _mean_wait(p.chargers, arrivals, minutes)
        if wait > s.whole("charger_wait_min") + 1e-6:
            yield Violation("charger-wait", p.node, math.ceil(wait), "min", f"mean wait {wait:.1f} min", f"平均等待 {wait:.1f} 分钟")


def _stays(facts: Facts) -> dict[str, list[tuple[int, int, int]]]:
    """Battery vessels alongside by port: minutes of arrival and departure, kW of the port."""
    found: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for rotation in facts.ferry.rotations if facts.ferry is not None else ():
        if facts.scenario.vessel_fleet(rotation.vessel).battery_kwh > 0:
            first, last = rotation.sailings[0], rotation.sailings[-1]
            ends = [(a.ports[-1], a.arrives, b.departs) for a, b in pairwise(rotation.sailings)] + [
                (last.ports[-1], last.arrives, DAY + first.departs)
            ]
            for port, begin, end in ends:
                found[port].append((begin, end, math.ceil(facts.scenario.ports[port].charging_kw)))
    return found


def _at_once(stays: list[tuple[int, int, int]], begin: int, end: int) -> int:
    """Most power of stays at any moment of [begin, end)."""
    moments = {begin, *(b for b, _, _ in stays if begin <= b < end)}
    return max((sum(kw for b, e, kw in stays if b <= t < e) for t in moments), default=0)


def power_hours(facts: Facts) -> Iterator[Violation]:
    """Every hour of every island: expected and possible load, vessels alongside, what the grid spares, what is missing."""
    s = facts.scenario
    rows = {(r.island_id, r.hour): r for r in facts.plan.power}
    wanted = {(i, h) for i in facts.islands for h in range(24)}
    for island, hour in sorted(wanted ^ set(rows)):
        yield Violation("power-hour", f"{island} {hour}:00", 1, "row", "rows do not fit the islands and hours", "行与岛屿、时段不符")
    if len(rows) != len(facts.plan.power):
        yield Violation("power-hour", "", len(facts.plan.power) - len(rows), "row", "a row stands twice", "行重复")
    profile = [int(x) for x in str(s.setting("charge_profile")).split(";")]
    stays: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for port, known in _stays(facts).items():
        stays[s.ports[port].island_id] += [*known, *((b - DAY, e - DAY, kw) for b, e, kw in known)]
    each = s.whole("charge_min") * s.number("charger_kw") / 60
    for (island, hour), r in rows.items():
        if (island, hour) not in wanted:
            continue
        mine = [p for p in facts.points("charger") if p.island_id == island]
        spare = int(
            decimal(s.number("grid_kw_resident"))
            * facts.residents([h.settlement_id for h in s.settlements.values() if h.island_id == island])
        )
        drawn = math.ceil(sum(min(p.managed_kw, p.load * profile[hour] / 10_000 * each) for p in mine) - 1e-9)
        most = sum(p.managed_kw for p in mine) if profile[hour] else 0
        ships = _at_once(stays[island], hour * 60, hour * 60 + 60)
        real = (drawn, most, ships, spare, max(0, most + ships - spare))
        told = (r.public_kw, r.most_kw, r.vessels_kw, r.grid_kw, r.short_kw)
        for what, a, b in zip(("public", "most", "vessels", "grid", "short"), real, told, strict=True):
            if a != b:
                yield Violation("power-hour", f"{island} {hour}:00 {what}", abs(a - b), "kW", f"{a} kW", f"应为 {a} kW")


def ferry_day(facts: Facts) -> Iterator[Violation]:
    """Shore power, passengers and parking at quays, and the promise by hour, from the sailings."""
    s, stays = facts.scenario, _stays(facts)
    shore = {p.node: p for p in facts.plan.sites if "shore power" in p.functions}
    for port in sorted({*shore, *(p for p in stays if s.ports[p].island_id in facts.islands)}):
        known = stays.get(port, [])
        real = _at_once([*known, *((b - DAY, e - DAY, kw) for b, e, kw in known)], 0, DAY)
        told = shore[port].power_kw if port in shore else 0
        if real != told or (port in shore and shore[port].managed_kw != told):
            yield Violation("shore-power", port, abs(real - told), "kW", f"vessels draw {real} kW at most", f"船舶最大 {real} kW")
    for p in facts.plan.sites:
        people, places = (
            _quay(facts.ferry, facts, p.node) if p.kind == "transfer" and p.node in s.ports and facts.ferry is not None else (0, 0)
        )
        if (p.passengers, p.parking) != (people, places):
            yield Violation(
                "quay",
                p.node,
                abs(p.passengers - people) + abs(p.parking - places),
                "unit",
                f"{people} passengers, {places} places",
                f"{people} 人次,{places} 车位",
            )
    yield from _promises(facts)


def _quay(ferry: FerryPlan, facts: Facts, port: str) -> tuple[int, int]:
    """Passengers on and off boats in a day, and places for the cars that pick up: the fullest window of the day."""
    s, at = facts.scenario, {x.id: x for x in ferry.sailings}
    traffic = 0
    ashore: dict[int, int] = defaultdict(int)
    for b in ferry.boardings:
        if b.segment == "vehicle":
            continue
        for ride in b.rides:
            calls = at[ride.sailing].calls if ride.sailing in at else ()
            here = [k for k in (ride.board, ride.alight) if 0 < k <= len(calls) and calls[k - 1].port == port]
            traffic += b.people * len(here)
            if ride == b.rides[-1] and ride.alight in here:
                ashore[calls[ride.alight - 1].arrives or 0] += b.people
    window = s.whole("pickup_stop_min")
    most = max((sum(n for m, n in ashore.items() if t <= m < t + window) for t in ashore), default=0)
    return traffic, -int(-most * s.number("pickup_share") // s.number("pickup_people_car"))


def _promises(facts: Facts) -> Iterator[Violation]:
    """Order by the hour, at the door: the earliest way over the sailings, found by repeated passes over all of them."""
    if facts.ferry is None:
        if facts.plan.promises:
            yield Violation("promise", "", len(facts.plan.promises), "row", "there is no ferry plan to promise by", "没有轮渡方案可依据")
        return
    s = facts.scenario
    main: dict[str, tuple[int, str, int]] = {}
    for v in facts.plan.serves:
        if v.kind == "logistics" and v.amount > main.get(v.settlement_id, (0, "", 0))[0]:
            main[v.settlement_id] = (v.amount, v.node, v.seconds)
    told = {(r.settlement_id, r.ordered): r for r in facts.plan.promises}
    hours = sorted({r.ordered for r in facts.plan.promises})
    for home, hour in sorted({(h, t) for h in main for t in hours} ^ set(told)):
        yield Violation("promise", f"{home} {hour // 60}:00", 1, "row", "rows do not fit the settlements served", "行与居民点不符")
    if len(told) != len(facts.plan.promises):
        yield Violation("promise", "", len(facts.plan.promises) - len(told), "row", "a row stands twice", "行重复")
    quays = [q for q in s.ports if s.ports[q].island_id in facts.islands]
    for hour in hours:
        arrives = _arrivals(facts, hour + s.whole("parcel_cutoff_min"))
        for home, (_, point, last) in main.items():
            ways = [(arrives[q] + s.whole("parcel_handling_min") - (-(d + last) // 60)) for q in quays
                    if q in arrives and (d := facts.ways.between(point, q, False)) is not None]  # fmt: skip
            real, row = min(ways, default=-1), told.get((home, hour))
            if row is not None and row.at_door != real:
                yield Violation(
                    "promise",
                    f"{home} {hour // 60}:00",
                    abs(row.at_door - real),
                    "min",
                    f"at the door at minute {real}",
                    f"应为第 {real} 分钟",
                )


def _arrivals(facts: Facts, ready: int) -> dict[str, int]:
    """Earliest minute of parcels at each port that are at the gateways at ``ready``."""
    s, change = facts.scenario, facts.scenario.whole("parcel_change_min")
    at = {p.port_id: ready for p in s.ports.values() if p.role == "gateway"}
    free = dict.fromkeys(at, ready)  # from when parcels can be put aboard there
    moved = True
    while moved:
        moved = False
        for sailing in facts.ferry.sailings if facts.ferry is not None else ():
            aboard = False
            for call in sailing.calls:
                if aboard and call.arrives is not None and call.arrives < at.get(call.port, 10**9):
                    at[call.port], free[call.port] = call.arrives, call.arrives + change
                    moved = True
                if call.departs is not None and free.get(call.port, 10**9) <= call.departs:
                    aboard = True
    return at

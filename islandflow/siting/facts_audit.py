"""Judges a plan of service points from the scenario alone: ways, amounts, sizes, money, circles and queues are all counted anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from islandflow.ferry.plan import FerryPlan
from islandflow.scenario.entities import Scenario
from islandflow.siting.facts_energy import chargers, ferry_day, power_hours
from islandflow.siting.facts_money import budget, claims, money, objectives
from islandflow.siting.facts_stages import curve, stages, upgrades
from islandflow.siting.facts_ways import DRIVEN, WALKED, Facts
from islandflow.siting.siteplan import SitePlan, SiteRow
from islandflow.violation import Violation


def audit_sites(scenario: Scenario, plan: SitePlan, ferry: FerryPlan | None = None) -> tuple[Violation, ...]:
    """All that is wrong with a plan; nothing here comes from the problem that was solved.

    ferry: the ferry plan that the points were planned with; without one there is no promise, shore power or quay traffic.
    """
    unknown = tuple(_unknown(scenario, plan))
    if unknown:
        return unknown
    facts = Facts(scenario, plan, ferry)
    rules = (
        _places, _serves, _parcels, _loads, _equipment, _walked, money, objectives, claims, budget, _circles, chargers, power_hours, ferry_day,
        stages, curve, upgrades,
    )  # fmt: skip
    return tuple(v for rule in rules for v in rule(facts))


def _unknown(scenario: Scenario, plan: SitePlan) -> Iterator[Violation]:
    """Ids that the scenario does not know: nothing else can be judged then."""
    nodes = set(scenario.settlements) | set(scenario.ports)
    named = (
        (
            "settlement",
            {v.settlement_id for table in (plan.serves, plan.circles, plan.promises) for v in table} - set(scenario.settlements),
        ),
        ("node", {*(p.node for p in plan.sites), *(n for r in plan.curve for n in r.nodes)} - nodes),
        ("road", {u.road_id for u in plan.upgrades} - set(scenario.roads)),
        (
            "island",
            {*([plan.island] if plan.island else ()), *(r.island_id for t in (plan.power, plan.upgrades) for r in t)}
            - set(scenario.islands),
        ),
        ("kind", {r.kind for t in (plan.sites, plan.serves, plan.circles, plan.stages) for r in t} - {*DRIVEN, *WALKED}),
    )
    for table, unknown in named:
        for name in sorted(unknown):
            yield Violation("unknown-id", name, 1, table, f"no {table} of this scenario", "方案中没有该编号")


def _places(facts: Facts) -> Iterator[Violation]:
    """A point stands once, at a settlement or port, on its island, where the scenario allows it; those that exist stay."""
    where = {p.port_id: p.island_id for p in facts.scenario.ports.values()} | {
        s.settlement_id: s.island_id for s in facts.scenario.settlements.values()
    }
    only = {kind for (kind, _), status in facts.status.items() if status == "possible"}
    quays = {p for line in facts.scenario.lines.values() for p in line.calls}
    seen: set[tuple[str, str, bool]] = set()
    for p in facts.plan.sites:
        at, key = f"{p.kind} {p.node}", (p.kind, p.node, "shore power" in p.functions)
        if key in seen:
            yield Violation("site-twice", at, 1, "site", "stands twice in the plan", "在方案中重复")
        seen.add(key)
        if where.get(p.node) != p.island_id:
            yield Violation("site-place", at, 1, "site", f"is not on {p.island_id}", "不在所写岛上")
        elif p.island_id not in facts.islands:
            yield Violation("site-place", at, 1, "site", "is on no island of the plan", "不在方案范围内的岛上")
        if facts.status.get((p.kind, p.node)) == "forbidden" and not (p.kind == "transfer" and p.node in quays):
            yield Violation("forbidden-site", at, 1, "site", "the scenario forbids it", "方案禁止")
        if key[2]:
            continue
        stands = facts.status.get((p.kind, p.node)) == "existing" or (p.kind == "transfer" and p.node in quays)
        if (p.status == "existing") != stands or p.status not in ("existing", "new"):
            yield Violation(
                "site-status", at, 1, "site", f"{p.status}: it {'stands' if stands else 'does not stand'} today", "现状与新建不符"
            )
        if p.kind in only and (p.kind, p.node) not in facts.status and not stands:
            yield Violation("no-candidate", at, 1, "site", "is none of the scenario's possible sites", "不在候选点之列")
    for (kind, node), what in facts.status.items():
        if what == "existing" and where[node] in facts.islands and (kind, node, False) not in seen:
            yield Violation("existing-site-lost", f"{kind} {node}", 1, "site", "stands today and is not in the plan", "现有点未保留")


def _serves(facts: Facts) -> Iterator[Violation]:
    """Who is served is served by a point of the plan, over the shortest way, inside the promised minutes where a road allows it."""
    s, ways = facts.scenario, facts.ways
    points = defaultdict(set)
    for p in facts.plan.sites:
        points[p.kind].add(p.node)
    limits = {"logistics": s.whole("door_min"), "transfer": s.whole("transfer_walk_min"), "shared": s.whole("transfer_walk_min"),
              "charger": s.whole("charger_drive_min")}  # fmt: skip
    everywhere = {n for n in (*s.settlements, *s.ports) if facts.status.get(("logistics", n)) != "forbidden"}
    only = {n for (kind, n), status in facts.status.items() if kind == "logistics" and status in ("possible", "existing")}
    if any(kind == "logistics" and status == "possible" for (kind, _), status in facts.status.items()):
        everywhere &= only
    seen: set[tuple[str, str, str]] = set()
    for v in facts.plan.serves:
        at = f"{v.kind} {v.settlement_id}"
        key = (v.kind, v.settlement_id, v.node)
        if key in seen or v.amount < 0 or s.settlements[v.settlement_id].island_id not in facts.islands:
            yield Violation("served-twice", at, v.amount, "unit", f"a second or strange row for {v.node}", "重复或无效的服务行")
        seen.add(key)
        if v.node not in points[v.kind]:
            yield Violation("served-by-no-point", at, v.amount, "unit", f"{v.node} is no point of the plan", "不是方案内的点")
            continue
        real = ways.between(v.settlement_id, v.node, v.kind in WALKED)
        if real is None or real != v.seconds:
            yield Violation("way", at, abs((real or 0) - v.seconds), "s", f"{v.node}: {real} s by road", f"{v.node}:道路用时 {real} 秒")
            continue
        over = real - limits[v.kind] * 60
        if over > 0:
            possible = ways.nearest(v.settlement_id, everywhere, False)
            if v.kind != "logistics" or (possible is not None and possible <= limits[v.kind] * 60):
                yield Violation("too-far", at, over, "s", f"more than {limits[v.kind]} min", f"超过 {limits[v.kind]} 分钟")


def _parcels(facts: Facts) -> Iterator[Violation]:
    """Every parcel of every settlement on a road is served, none twice."""
    if not facts.points("logistics"):
        return
    given: dict[str, int] = defaultdict(int)
    for v in facts.plan.serves:
        if v.kind == "logistics":
            given[v.settlement_id] += v.amount
    nodes = set(facts.scenario.settlements) | set(facts.scenario.ports)
    nodes -= {n for (kind, n), status in facts.status.items() if kind == "logistics" and status == "forbidden"}
    for h in facts.homes:
        name = h.settlement_id
        wanted = facts.wanted("parcels", name) if facts.ways.nearest(name, nodes, False) is not None else 0
        if given[name] != wanted:
            yield Violation("parcels", name, abs(wanted - given[name]), "parcel", f"{wanted} are wanted", f"需求 {wanted} 件")


def _loads(facts: Facts) -> Iterator[Violation]:
    """A point's load is what it serves; a logistics point's is within its capacity."""
    load: dict[tuple[str, str], int] = defaultdict(int)
    for p in facts.plan.sites:
        more = p.capacity if p.kind != "logistics" else 0
        more += p.load if "shore power" in p.functions else 0
        if more:
            yield Violation("capacity", f"{p.kind} {p.node}", more, "unit", "has none", "不应有容量或服务量")
    for v in facts.plan.serves:
        load[v.kind, v.node] += facts.residents([v.settlement_id]) if v.kind == "charger" else v.amount
    for kind in (*DRIVEN, *WALKED):
        for p in facts.points(kind):
            real = round(100 * facts.cars(load[kind, p.node])) if kind == "charger" else load[kind, p.node]
            if real != p.load:
                yield Violation("load", f"{kind} {p.node}", abs(real - p.load), "unit", f"serves {real}", f"实际服务 {real}")
            if kind == "logistics" and p.load > p.capacity:
                yield Violation("capacity", p.node, p.load - p.capacity, "parcel", f"holds {p.capacity}", f"容量 {p.capacity}")


def _equipment(facts: Facts) -> Iterator[Violation]:
    """Functions, staff, vehicles and stock follow from load, quays and residents by the settings' thresholds."""
    s, points = facts.scenario, facts.points("logistics")
    stores: dict[str, int] = defaultdict(int)
    for p in facts.plan.sites:
        if not _functions_fit(p):
            yield Violation("functions", f"{p.kind} {p.node}", len(p.functions), "", "are not those of such a point", "与类型不符")
        if p.kind != "logistics" and (p.staff or p.stock_kg):
            yield Violation(
                "equipment", f"{p.kind} {p.node}", p.staff + p.stock_kg, "unit", "has no staff and no stock", "不应有人员或储备"
            )
    for p in points:
        quays = [q for q, port in s.ports.items() if port.island_id == p.island_id]
        near = facts.ways.nearest(p.node, quays, False)
        people = facts.residents([h.settlement_id for h in facts.homes if h.island_id == p.island_id])
        stores[p.island_id] += "emergency-stock" in p.functions
        wanted = {
            "staff": (p.staff, max(1, -(-p.load // s.whole("parcels_per_staff")))),
            "vehicles": (p.vehicles, -(-p.load // s.whole("parcels_per_van"))),
            "lockers": (int("lockers" in p.functions), int(p.load >= s.whole("lockers_from_parcels"))),
            "cold-chain": (int("cold-chain" in p.functions), int(near is not None and near <= s.whole("cold_chain_quay_min") * 60)),
            "stock": (p.stock_kg, _up(s.number("emergency_kg_resident") * people) if "emergency-stock" in p.functions else 0),
            "pick-up": (len({"pick-up", "sending"} & set(p.functions)), 2),
        }
        for what, (told, real) in wanted.items():
            if told != real:
                yield Violation("equipment", f"{p.node} {what}", abs(real - told), "unit", f"{real} by the settings", f"按参数应为 {real}")
    for island in sorted({p.island_id for p in points}):
        if stores[island] != 1:
            yield Violation("emergency-stock", island, abs(stores[island] - 1), "site", "one point of an island keeps it", "每岛一个点储备")


def _functions_fit(p: SiteRow) -> bool:
    """Each function once, of the kind's own; those that follow from a number go with that number."""
    quay = {"quay"} if "quay" in p.functions else set()
    may = {
        "logistics": {"pick-up", "sending", *({"lockers", "cold-chain", "emergency-stock"} & set(p.functions))},
        "transfer": {"interchange", "shelter", *quay, *({"pick-up parking"} if p.parking else ())},
        "charger": {"public"} if p.chargers else {"shore power"},
        "shared": {"shared vehicles"},
    }
    return set(p.functions) == may[p.kind] and len(set(p.functions)) == len(p.functions)


def _up(number: float) -> int:
    return -int(-number // 1)


def _walked(facts: Facts) -> Iterator[Violation]:
    """Shared vehicles for their trips, docks for their vehicles; everyone within a walk of a point is served by the nearest kind of it."""
    s = facts.scenario
    for p in facts.points("transfer"):
        if ("quay" in p.functions) != (p.node in s.ports):
            yield Violation("functions", f"transfer {p.node}", 1, "", "a quay is a quay", "码头功能不符")
    for p in facts.plan.sites:
        vehicles = -(-p.load // s.whole("shared_turnover")) if p.kind == "shared" else 0
        docks = _up(vehicles * s.number("shared_docks_per_vehicle") - 1e-9) if p.kind == "shared" else 0
        if p.kind == "shared" and p.vehicles != vehicles:
            yield Violation(
                "shared-vehicles", p.node, abs(vehicles - p.vehicles), "vehicle", f"{vehicles} are needed", f"需要 {vehicles} 辆"
            )
        if p.docks != docks:
            yield Violation("shared-docks", f"{p.kind} {p.node}", abs(docks - p.docks), "dock", f"{docks} are needed", f"需要 {docks} 个")
        if p.kind in ("transfer", "charger") and p.vehicles:
            yield Violation("equipment", f"{p.kind} {p.node} vehicles", p.vehicles, "vehicle", "has none", "不应有车辆")
    for v in facts.plan.serves:
        amounts = {"transfer": facts.residents([v.settlement_id]), "shared": facts.wanted("trips", v.settlement_id),
                   "charger": round(100 * facts.cars(facts.residents([v.settlement_id])))}  # fmt: skip
        if v.kind in amounts and v.amount != amounts[v.kind]:
            real = amounts[v.kind]
            yield Violation("amount", f"{v.kind} {v.settlement_id}", abs(real - v.amount), "unit", f"{real} are wanted", f"需求 {real}")


def _circles(facts: Facts) -> Iterator[Violation]:
    """Circles before, after and with the upgraded roads, from the points alone, for every settlement and threshold."""
    wanted = {(k, s.settlement_id, m) for k in (*DRIVEN, *WALKED) for s in facts.homes for m in facts.circles()}
    given = [(c.kind, c.settlement_id, c.minutes) for c in facts.plan.circles]
    for kind, home, minutes in sorted(wanted ^ set(given)):
        yield Violation("circle-missing", f"{kind} {home} {minutes}", 1, "row", "rows do not fit the settlements", "行与居民点不符")
    if len(given) != len(set(given)):
        yield Violation("circle-missing", "", len(given) - len(set(given)), "row", "a row stands twice", "行重复")
    sets = {
        (kind, after): {p.node for p in facts.points(kind) if after or p.status == "existing"}
        for kind in (*DRIVEN, *WALKED)
        for after in (False, True)
    }
    for c in facts.plan.circles:
        at, lives = f"{c.kind} {c.settlement_id} {c.minutes} min", facts.scenario.settlements[c.settlement_id]
        told = (
            (facts.ways, False, c.before, c.seconds_before),
            (facts.ways, True, c.after, c.seconds_after),
            (facts.better, True, c.upgraded, c.seconds_upgraded),
        )
        for ways, after, inside, seconds in told:
            real = ways.nearest(c.settlement_id, sets[c.kind, after], c.kind in WALKED)
            if (-1 if real is None else real) != seconds or inside != (real is not None and real <= c.minutes * 60):
                yield Violation("circle", at, c.residents, "person", f"nearest point {real} s", f"最近点 {real} 秒")
        if c.residents != lives.residents or c.island_id != lives.island_id:
            yield Violation(
                "beneficiaries", c.settlement_id, abs(c.residents - lives.residents), "person", "residents or island differ", "居民或岛不符"
            )

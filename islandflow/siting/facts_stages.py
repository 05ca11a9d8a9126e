"""The audit of stages, of the curve of cost against coverage, and of road upgrades."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from islandflow.siting.facts_ways import DRIVEN, WALKED, Facts, Ways, fen_of
from islandflow.violation import Violation


def stages(facts: Facts) -> Iterator[Violation]:
    """What stands today is of year 0, all else of a stage; each stage has what the one before had, and counts are what they say."""
    s = facts.scenario
    years = [int(y) for y in str(s.setting("stage_years")).split(";")]
    for p in facts.plan.sites:
        if (p.status == "existing") != (p.year == 0) or (p.year and p.year not in years):
            yield Violation("stage", f"{p.kind} {p.node}", p.year, "year", "is no stage", "不是分期年份")
    told = {(r.kind, r.year): r for r in facts.plan.stages}
    kinds = [k for k in (*DRIVEN, *WALKED) if facts.points(k)]
    for kind, year in sorted({(k, y) for k in kinds for y in (0, *years)} ^ set(told)):
        yield Violation("stage", f"{kind} {year}", 1, "row", "rows do not fit kinds and years", "行与类型、年份不符")
    if len(told) != len(facts.plan.stages):
        yield Violation("stage", "", len(facts.plan.stages) - len(told), "row", "a row stands twice", "行重复")
    proofs = {c.part: c for c in facts.plan.certificates}
    for kind in kinds:
        minutes = {"logistics": facts.middle(), "charger": s.whole("charger_drive_min")}.get(kind, s.whole("transfer_walk_min"))
        for before, year in zip((-1, 0, *years), (0, *years), strict=False):
            row = told.get((kind, year))
            if row is None:
                continue
            stand = [p for p in facts.points(kind) if p.year <= year]
            added = sum(p.year > before for p in stand) if year else 0
            covered = facts.residents(facts.covered({p.node for p in stand}, minutes, kind in WALKED))
            real = (
                len(stand),
                added,
                sum(p.cost_fen for p in stand),
                minutes,
                covered,
                facts.residents([h.settlement_id for h in facts.homes]),
            )
            for what, a, b in zip(
                ("points", "added", "cost_fen", "minutes", "covered", "people"),
                real,
                (row.points, row.added, row.cost_fen, row.minutes, row.covered, row.people),
                strict=True,
            ):
                if a != b:
                    yield Violation("stage-count", f"{kind} {year} {what}", abs(a - b), "unit", f"is {a}", f"应为 {a}")
            proof = proofs.get(f"stage {kind} {year}")
            if row.proven != (proof is None or proof.status == "optimal") or (proof is None and added):
                yield Violation("claim", f"stage {kind} {year}", 1, "row", "proven and certificate do not agree", "证明标记与证书不符")


def curve(facts: Facts) -> Iterator[Violation]:
    """Each row's points are so many, hold what stands today and nothing forbidden, and have so many inside."""
    s = facts.scenario
    each = 100 * (s.whole("point_cny_year") + int(str(s.setting("point_sizes")).split(";")[0].partition(":")[2]))
    where = {p.port_id: p.island_id for p in s.ports.values()} | {h.settlement_id: h.island_id for h in s.settlements.values()}
    standing = {n for (k, n), status in facts.status.items() if (k, status) == ("logistics", "existing") and where[n] in facts.islands}
    proofs = {c.part: c for c in facts.plan.certificates}
    people, last = facts.residents([h.settlement_id for h in facts.homes]), -1
    for r in facts.plan.curve:
        covered = facts.residents(facts.covered(r.nodes, facts.middle(), False))
        wrong = [n for n in r.nodes if facts.status.get(("logistics", n)) == "forbidden" or where[n] not in facts.islands]
        if len(set(r.nodes)) > r.points or r.points < 1 or not standing <= set(r.nodes) or wrong or covered <= last:
            yield Violation("curve", f"{r.points}", len(r.nodes), "site", "points do not fit the row", "点与行不符")
        for what, a, b in (("cost_fen", r.points * each, r.cost_fen), ("covered", covered, r.covered), ("people", people, r.people)):
            if a != b:
                yield Violation("curve", f"{r.points} {what}", abs(a - b), "unit", f"is {a}", f"应为 {a}")
        last = covered
        proof = proofs.get(f"curve {r.points}")
        if proof is None or r.proven != (proof.status == "optimal"):
            yield Violation("claim", f"curve {r.points}", 1, "row", "proven and certificate do not agree", "证明标记与证书不符")


def upgrades(facts: Facts) -> Iterator[Violation]:
    """Upgrades keep each island's budget, cost what the road says, and bring the people they name, one after another."""
    spent: dict[str, int] = defaultdict(int)
    done: dict[str, list[str]] = defaultdict(list)
    for u in facts.plan.upgrades:
        road = facts.scenario.roads[u.road_id]
        real = fen_of(road.upgrade_cost_yuan)
        spent[u.island_id] += real
        if real != u.cost_fen:
            yield Violation("upgrade-cost", u.road_id, abs(real - u.cost_fen), "fen")
        if (
            road.island_id != u.island_id
            or u.island_id not in facts.islands
            or road.upgrade_km_h <= road.speed_km_h
            or u.road_id in done[u.island_id]
        ):
            yield Violation(
                "upgrade", u.road_id, 1, "road", "cannot be upgraded, is of another island, or stands twice", "不可改造、不在该岛或重复"
            )
            continue
        gain = _entered(facts, u.island_id, [*done[u.island_id], u.road_id]) - _entered(facts, u.island_id, done[u.island_id])
        done[u.island_id].append(u.road_id)
        if gain != u.people:
            yield Violation(
                "upgrade-people", u.road_id, abs(gain - u.people), "person", f"{gain} enter a circle by it", f"因此进圈 {gain} 人"
            )
    for island, fen in spent.items():
        over = fen - fen_of(facts.scenario.number("upgrade_budget_cny"))
        if over > 0:
            yield Violation("upgrade-budget", island, over, "fen", "above the budget", "超过预算")


def _entered(facts: Facts, island: str, roads: list[str]) -> int:
    """Residents of an island inside the logistics circles with these roads upgraded, each circle counted."""
    ways, nodes = Ways(facts.scenario, set(roads)), {p.node for p in facts.points("logistics")}
    far = [(h.residents, ways.nearest(h.settlement_id, nodes, False)) for h in facts.homes if h.island_id == island]
    return sum(people for people, d in far for m in facts.circles() if d is not None and d <= m * 60)

"""The audit of money and proof: what points cost, what each certified part comes to, and whether a claim fits its own figures."""

from __future__ import annotations

from collections.abc import Iterator

from islandflow.siting.facts_ways import Facts, decimal, half_up
from islandflow.siting.siteplan import SiteRow
from islandflow.violation import Violation


def _cost(facts: Facts, p: SiteRow) -> int | None:
    """Fen a year of a point; None for a size that there is not."""
    s = facts.scenario
    if p.kind == "logistics":
        sizes = {int(a): int(b) for a, _, b in (part.partition(":") for part in str(s.setting("point_sizes")).split(";"))}
        return 100 * (s.whole("point_cny_year") + sizes[p.capacity]) if p.capacity in sizes else None
    if p.kind == "transfer":
        return 100 * s.whole("transfer_cny_year")
    if p.kind == "shared":
        return 100 * p.vehicles * s.whole("shared_cny_year")
    return 0 if "shore power" in p.functions else 100 * p.chargers * s.whole("charger_cny_year")


def money(facts: Facts) -> Iterator[Violation]:
    """Every point costs what its kind, size and number say."""
    for p in facts.plan.sites:
        real = _cost(facts, p)
        if real is None or real != p.cost_fen:
            yield Violation(
                "cost", f"{p.kind} {p.node}", abs(p.cost_fen - (real or 0)), "fen", f"costs {real} fen a year", f"年费 {real} 分"
            )


def budget(facts: Facts) -> Iterator[Violation]:
    """Where a budget was given, all points together keep it."""
    most = 100 * facts.plan.wish.budget_yuan
    total = sum(p.cost_fen for p in facts.plan.sites)
    if most and total > most:
        yield Violation("budget", "", total - most, "fen", f"the points come to {total} fen a year", f"各点年费合计 {total} 分")
    points, wish = facts.points("logistics"), facts.plan.wish
    standing = sum(p.status == "existing" for p in points)
    if wish.points and len(points) > max(wish.points, standing):
        yield Violation(
            "points",
            "logistics",
            len(points) - max(wish.points, standing),
            "site",
            f"{wish.points} were asked for",
            f"要求不超过 {wish.points} 个",
        )


def objectives(facts: Facts) -> Iterator[Violation]:
    """What each certified part comes to."""
    for c in facts.plan.certificates:
        real = _objective(facts, c.part)
        if c.objective is not None and real is not None and c.objective != real:
            yield Violation("objective", c.part, abs(c.objective - real), "unit", f"comes to {real}", f"实为 {real}")
        if real is None:
            yield Violation("unknown-id", c.part, 1, "part", "no part of a plan", "没有该部分")


def _objective(facts: Facts, part: str) -> int | None:
    """The value of a part by its name, None if there is no such part."""
    plan, s = facts.plan, facts.scenario
    first, _, rest = part.partition(" ")
    if part == "logistics":
        each = round(s.number("door_cny_parcel_min") * 100 * 365 / 60)
        total = sum(p.cost_fen for p in facts.points("logistics"))
        return total + sum(v.amount * v.seconds * each for v in plan.serves if v.kind == "logistics")
    if part in ("worst island", "worst season", "people inside"):
        return _fair(facts, part)
    if part == "budget":
        return _served(facts)
    if first in ("transfer", "shared"):
        return sum(_weight(facts, first, h) for h in _near(facts, first) if s.settlements[h].island_id == rest)
    if first == "charger":
        return sum(p.island_id == rest for p in facts.points("charger"))
    if first == "upgrades":
        return sum(u.people for u in plan.upgrades if u.island_id == rest)
    if first == "curve":
        return next((r.covered for r in plan.curve if str(r.points) == rest), None)
    if first == "stage":
        kind, _, year = rest.partition(" ")
        return next((r.covered for r in plan.stages if (r.kind, str(r.year)) == (kind, year)), None)
    return None


def _near(facts: Facts, kind: str) -> list[str]:
    """Settlements inside the reach that a kind of point is wanted within."""
    s = facts.scenario
    minutes = {"logistics": facts.middle(), "charger": s.whole("charger_drive_min")}.get(kind, s.whole("transfer_walk_min"))
    return facts.covered({p.node for p in facts.points(kind)}, minutes, kind not in ("logistics", "charger"))


def _weight(facts: Facts, kind: str, home: str) -> int:
    """What a settlement counts for a kind on foot: trips, or residents with the old counted more."""
    if kind == "shared":
        return facts.wanted("trips", home)
    h = facts.scenario.settlements[home]
    return h.residents + (facts.scenario.whole("elderly_weight") - 1) * half_up(decimal(h.elderly_share) * h.residents)


def _fair(facts: Facts, part: str) -> int:
    """Worst-off share in ten-thousandths, or all people inside (people and days of all seasons, where seasons are compared)."""
    inside = set(_near(facts, "logistics"))
    groups: list[dict[str, int]] = []
    days = [1]
    if facts.plan.wish.goal == "worst-season":
        days = []
        for season in str(facts.scenario.setting("site_seasons")).split(";"):
            _, length, people, beds = (x.strip() for x in season.split(":"))
            days.append(int(length))
            groups.append(
                {h.settlement_id: half_up(decimal(float(people)) * h.residents + decimal(float(beds)) * h.beds) for h in facts.homes}
            )
    else:
        groups = [{h.settlement_id: h.residents for h in facts.homes if h.island_id == i} for i in sorted(facts.islands)]
        days = [1] * len(groups)
    if part == "people inside":
        return sum(d * n for d, group in zip(days, groups, strict=True) for h, n in group.items() if h in inside)
    shares = [10_000 * sum(n for h, n in group.items() if h in inside) // sum(group.values()) for group in groups if sum(group.values())]
    return min(shares, default=10_000)


def _served(facts: Facts) -> int:
    """Residents served by each kind within its reach, all kinds added."""
    rows = {(v.kind, v.settlement_id) for v in facts.plan.serves if v.amount}
    kinds = {kind: set(_near(facts, kind)) for kind in ("logistics", "transfer", "charger", "shared")}
    return sum(facts.residents([h]) for kind, h in rows if h in kinds[kind])


def claims(facts: Facts) -> Iterator[Violation]:
    """A status fits its plan and bound, a gap is what they say."""
    for c in facts.plan.certificates:
        if c.objective is None or c.bound is None:
            if c.status == "optimal":
                yield Violation("claim", c.part, 1, "unit", "called optimal without plan or bound", "无方案或界却称最优")
            continue
        apart = abs(c.objective - c.bound)
        if (c.status == "optimal") != (apart == 0):
            yield Violation(
                "claim",
                c.part,
                apart,
                "unit",
                f"called {c.status}, plan and bound differ by {apart}",
                f"称 {c.status},方案与界相差 {apart}",
            )
        gap = apart / c.objective if c.objective else (0.0 if not apart else None)
        if c.gap is not None and (gap is None or abs(c.gap - gap) > 1e-9 * max(1.0, gap)):  # noqa: PLR2004
            yield Violation("claim", c.part, apart, "unit", f"the gap is {gap}", f"差距应为 {gap}")

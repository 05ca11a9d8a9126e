"""The report page of a siting plan: one file, no network, both languages, the answer first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import plotly.graph_objects as go

from islandflow.scenario.entities import Scenario
from islandflow.siting.folder import ATTRIBUTES
from islandflow.siting.folder import TABLES as FILES
from islandflow.siting.fragile import Fragile
from islandflow.siting.siteplan import SitePlan
from islandflow.views import siting, siting_reach
from islandflow.views.page import write_page
from islandflow.views.siting_tables import plan_table, table_of
from islandflow.views.siting_words import KINDS, TABLES, VIEWS, Words, said
from islandflow.views.style import money
from islandflow.views.typography import fullwidth
from islandflow.views.view import Table, View
from islandflow.views.words import HEADINGS, word

Row = dict[str, Any]
SAID: dict[str, Words] = {
    "answer": {"proof": ("可证程度", "How good"), "audit": ("审计", "The audit"), "notes": ("不足", "Shortfalls"), "stages": ("分期", "Stages")},
    "page": {
        "estimated": (
            "≈ 道路为合成数据(按真实海岸线生成,非实测),现有点亦为合成;人口、床位、位置与单价多为估计。",
            "≈ Roads are synthetic (drawn on the real coastline, not surveyed), so are today's points; people, beds, positions and prices are largely estimates.",
        ),
        "clean": ("审计无违规。", "The audit finds no violation."),
        "broken": ("审计违规 {} 条,见下。", "The audit finds {} violations, listed below."),
    },
}  # fmt: skip


def write_site_report(
    scenario: Scenario,
    plan: SitePlan,
    info: Row,
    violations: Sequence[Mapping[str, Any]],
    fragile: Sequence[Fragile],
    path: Path,
    lang: str,
) -> None:
    """Writes the page; ``lang`` is the language it opens in."""
    pages = {code: _page(scenario, plan, info, violations, fragile, code) for code in ("zh", "en")}
    write_page(path, pages, {c: _words(c) for c in ("zh", "en")}, lang, _cell)


def _cell(value: object, column: str) -> str:
    """A cell as it is printed; years, ids and nothing stay as they are."""
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) and column != "year" else str(value)


def _words(lang: str) -> dict[str, str]:
    """Headings of the page: those of every report, then those of siting."""
    own = {key: fullwidth(said(TABLES, key, lang)) if lang == "zh" else said(TABLES, key, lang) for key in TABLES}
    return {**{key: word(HEADINGS, key, lang) for key in HEADINGS}, **own, "estimated": _say("page", "estimated", lang)}


def _say(group: str, key: str, lang: str) -> str:
    text = said(SAID[group], key, lang)
    return fullwidth(text) if lang == "zh" else text


# by view: how it is drawn, the table behind it, the kind that the table is of ("" = all)
DRAWN: Mapping[str, tuple[Callable[[Scenario, SitePlan, str], go.Figure], str, str]] = {
    "map": (siting.site_map, "sites", ""),
    "serves": (siting.serves_map, "assignment", ""),
    "minutes": (siting_reach.minutes_map, "circles", "logistics"),
    "reach": (siting_reach.reach_figure, "circles", "logistics"),
    "circles": (siting.circles_figure, "circles", "logistics"),
    "walk": (lambda scenario, plan, lang: siting.circles_figure(scenario, plan, lang, "transfer"), "circles", "transfer"),
    "stages": (lambda _, plan, lang: siting_reach.stages_figure(plan, lang), "stages", ""),
    "curve": (lambda _, plan, lang: siting.curve_figure(plan, lang), "curve", ""),
    "power": (siting_reach.power_figure, "power", ""),
    "promise": (siting.promise_figure, "promises", ""),
}
LONGEST = 2000  # rows of a table on the page; the folder's CSV and Excel have all


def view_names(plan: SitePlan) -> tuple[str, ...]:
    """Every view that the plan has data for."""
    has = {"promise": plan.promises, "stages": plan.stages, "power": plan.power, "curve": plan.curve}
    return tuple(name for name in DRAWN if has.get(name, True))


def view_of(scenario: Scenario, plan: SitePlan, name: str, lang: str) -> View:
    """A view by its name: figure, sentence, and the table behind it."""
    draw, table, kind = DRAWN[name]
    zh_title, en_title, zh, en = VIEWS[name]
    title, sentence = (fullwidth(zh_title), fullwidth(zh)) if lang == "zh" else (en_title, en)
    return View(name, title, sentence, draw(scenario, plan, lang), _rows(scenario, plan, table, lang, kind))


def _rows(scenario: Scenario, plan: SitePlan, table: str, lang: str, kind: str = "") -> Table:
    found = plan_table(scenario, plan, table, lang, kind=kind)
    return Table(found.columns, found.rows[:LONGEST])


def inside(plan: SitePlan, kind: str, minutes: int) -> tuple[int, int, int]:
    """Residents inside before, after, and all."""
    rows = [c for c in plan.circles if c.kind == kind and c.minutes == minutes]
    return sum(c.residents for c in rows if c.before), sum(c.residents for c in rows if c.after), sum(c.residents for c in rows)


def _page(
    scenario: Scenario, plan: SitePlan, info: Row, violations: Sequence[Mapping[str, Any]], fragile: Sequence[Fragile], lang: str
) -> Row:
    zh = lang == "zh"
    figures = [view_of(scenario, plan, name, lang) for name in view_names(plan)]
    behind = {DRAWN[v.name][1] for v in figures}
    notes = [[fullwidth(n[1]) if zh else n[0]] for n in plan.notes]
    tables = [("notes", Table((("note", ""),), tuple(tuple(n) for n in notes)))] if notes else []
    tables += [
        (name, _rows(scenario, plan, name, lang))
        for name in FILES
        if name not in behind and (name == "certificates" or getattr(plan, ATTRIBUTES[name]))
    ]
    tables.append(
        ("fragile", table_of(scenario, [asdict(f) for f in fragile[:200]], ("what", "kind", "island_id", "people", "detour_min"), lang))
    )
    islands = {c.island_id for c in plan.circles}
    spots = [asdict(r) for r in scenario.roads.values() if r.spot and r.island_id in islands]
    if spots:
        tables.append(("spots", table_of(scenario, spots, ("road_id", "island_id", "spot"), lang)))
    told = [{**v, "note": v["note_zh" if zh else "note"]} for v in violations]
    nothing = Table((), ())
    return {
        "title": _title(scenario, plan, lang), "paragraphs": _answer(scenario, plan, info, len(violations), lang), "name": _where(scenario, plan, lang),
        "unmet": nothing, "violations": table_of(scenario, told, ("rule", "where", "amount", "unit", "note"), lang), "clusters": nothing,
        "segments": nothing, "board": "", "estimated": True, "attribution": scenario.attribution, "numbers": _numbers(plan, lang),
        "figures": figures, "tables": tables, "info": info,
    }  # fmt: skip


def _where(scenario: Scenario, plan: SitePlan, lang: str) -> str:
    place = scenario.islands[plan.island] if plan.island else scenario
    return place.name_zh if lang == "zh" else place.name_en


def middle(plan: SitePlan) -> int:
    """The threshold in the middle."""
    found = sorted({c.minutes for c in plan.circles})
    return found[len(found) // 2]


def _title(scenario: Scenario, plan: SitePlan, lang: str) -> str:
    minutes = middle(plan)
    before, after, people = inside(plan, "logistics", minutes)
    points = [p for p in plan.sites if p.kind == "logistics"]
    new, share, where = sum(p.status == "new" for p in points), f"{after / max(1, people):.1%}", _where(scenario, plan, lang)
    if lang == "zh":
        return fullwidth(f"{where}:{len(points)} 个物流服务点(新建 {new}),{minutes} 分钟圈内 {after:,} 人({share}),现状 {before:,} 人")
    return f"{where}: {len(points)} logistics points ({new} new), {after:,} people ({share}) inside {minutes} minutes, {before:,} before"


def _answer(scenario: Scenario, plan: SitePlan, info: Row, wrong: int, lang: str) -> list[tuple[str, str]]:
    """How good, the audit, what each stage brings, what falls short."""
    zh = lang == "zh"
    audit = _say("page", "broken", lang).format(wrong) if wrong else _say("page", "clean", lang)
    found = [(_say("answer", "proof", lang), _proof(scenario, plan, info, wrong, lang)), (_say("answer", "audit", lang), audit)]
    rows = [r for r in plan.stages if r.kind == "logistics"]
    if rows:
        parts = [
            (f"第 {r.year} 年末 {r.points} 点、{r.covered:,} 人" if zh else f"year {r.year}: {r.points} points, {r.covered:,} people")
            for r in rows
            if r.year
        ]
        text = ("物流点只增不减:" + ";".join(parts) + "。") if zh else ("logistics points, only ever more: " + "; ".join(parts) + ".")
        found.append((_say("answer", "stages", lang), fullwidth(text) if zh else text))
    if plan.notes:
        text = ("共 {} 条,首条:{}" if zh else "{} in all, the first: {}").format(len(plan.notes), plan.notes[0][1 if zh else 0])
        found.append((_say("answer", "notes", lang), fullwidth(text) if zh else text))
    return found


def _proof(scenario: Scenario, plan: SitePlan, info: Row, wrong: int, lang: str) -> str:
    zh, gap, wish = lang == "zh", info["gap"], plan.wish
    if gap is None or wrong:
        return "方案的优劣尚未证明。" if zh else "How good the plan is has not been proven."
    worst = next((c for c in plan.certificates if c.part.startswith("worst")), None)
    proven = (sum(c.status == "optimal" for c in plan.certificates), len(plan.certificates))
    if wish.budget_yuan:
        text = (
            f"年预算 {wish.budget_yuan:,} 元内,各类服务人次距最多不超过 {gap:.1%}"
            if zh
            else f"Within CNY {wish.budget_yuan:,} a year no choice serves more by over {gap:.1%}"
        )
    elif worst is not None:
        text = (f"最差{'岛' if wish.goal == 'worst-island' else '季'}圈内比例 {(worst.objective or 0) / 100:.2f} %,上限 {(worst.bound or 0) / 100:.2f} %" if zh else
                f"The worst-off {wish.goal.removeprefix('worst-')} has {(worst.objective or 0) / 100:.2f} % inside, {(worst.bound or 0) / 100:.2f} % at most")  # fmt: skip
    elif gap == 0:
        text = (
            "物流点的年总成本已证明最低(在所给候选点与道路下)"
            if zh
            else "No choice of logistics points costs less a year (with these candidates and roads)"
        )
    else:
        text = f"物流点年总成本距最低不超过 {gap:.1%}" if zh else f"No choice of logistics points costs less by more than {gap:.1%}"
    text += f";{proven[1]} 个部分中 {proven[0]} 个已证明最优。" if zh else f"; {proven[0]} of {proven[1]} parts are proven optimal."
    return fullwidth(text) if zh else text


def _numbers(plan: SitePlan, lang: str) -> list[tuple[str, str, str]]:
    """Five numbers with unit and comparison."""
    zh = lang == "zh"
    found = []
    for minutes in sorted({c.minutes for c in plan.circles})[:3]:
        before, after, _ = inside(plan, "logistics", minutes)
        note = f"现状 {before:,},受益 {after - before:,}" if zh else f"today {before:,}, {after - before:,} gain"
        found.append((f"{minutes} 分钟圈内居民" if zh else f"inside {minutes} minutes", f"{after:,}", fullwidth(note) if zh else note))
    cost = {kind: sum(p.cost_fen for p in plan.sites if p.kind == kind) for kind in KINDS}
    note = f"全部设施 {money(sum(cost.values()), lang)}" if zh else f"{money(sum(cost.values()), lang)} with all kinds"
    found.append(("物流点年费" if zh else "logistics points a year", money(cost["logistics"], lang), note))
    public = [p for p in plan.sites if p.chargers]
    power = f"最大 {sum(p.managed_kw for p in public):,} kW" if zh else f"{sum(p.managed_kw for p in public):,} kW at most"
    found.append(("公共充电桩" if zh else "public chargers", f"{sum(p.chargers for p in public):,}", power))
    return found

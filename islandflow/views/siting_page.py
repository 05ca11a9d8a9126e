"""The report page of a siting plan: one file, no network, both languages, the answer first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import plotly.graph_objects as go

from islandflow.scenario.entities import Scenario
from islandflow.siting.folder import columns_of, rows_of
from islandflow.siting.fragile import Fragile
from islandflow.siting.siteplan import SitePlan
from islandflow.views import siting
from islandflow.views.page import write_page
from islandflow.views.style import money
from islandflow.views.view import Cell, Table, View
from islandflow.views.words import HEADINGS, word

Row = dict[str, Any]
WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "paragraphs": ("可证程度", "审计"), "clean": "审计无违规。", "broken": "审计违规 {} 条,见下。", "estimated": "≈ 道路为合成数据(按真实海岸线生成,非实测),现有点亦为合成;人口、床位、位置与单价多为估计。",
        "map": ("设施与服务圈", "方块为物流服务点;点击图例可显示换乘点、充电点、共享车站。空心红圈为圈外居民点。道路为合成数据(虚线)≈。"),
        "serves": ("谁服务谁", "每条线连接居民点与其物流服务点,线宽为日包裹量。"),
        "circles": ("5-10-30 服务圈:前后对比", "各岛居民在车行服务圈内的比例;斜线为现状,实心为方案。"),
        "walk": ("换乘步行圈:前后对比", "各岛居民步行到换乘点的比例。"),
        "curve": ("成本与覆盖", "每多建一个物流点,圈内人口增加多少;空心点未证明最优。"),
        "promise": ("逐时送达承诺", "按此时刻下单,包裹到户的时刻;空白为当日不达。"),
        "tables": {"sites": "设施点", "assignment": "服务关系", "circles": "服务圈", "upgrades": "道路改造", "promises": "送达承诺", "curve": "成本覆盖", "certificates": "证明"},
        "violations": ["规则", "位置", "数值", "单位", "说明"],
        "fragile": ("薄弱道路", ["道路或节点", "类型", "岛", "受影响人数", "绕行分钟"]), "spots": ("道路安全隐患(合成 ≈)", ["道路", "岛", "隐患"]), "notes": ("说明与不足", [""]),
    },
    "en": {
        "paragraphs": ("How good", "The audit"), "clean": "The audit finds no violation.", "broken": "The audit finds {} violations, listed below.", "estimated": "≈ Roads are synthetic (drawn on the real coastline, not surveyed), so are today's points; people, beds, positions and prices are largely estimates.",
        "map": ("Points and circles", "Squares are logistics points; the legend shows transfer points, chargers and shared vehicles. Open red rings are settlements outside. Roads are synthetic (dotted) ≈."),
        "serves": ("Who serves whom", "A stroke joins a settlement with its logistics point, as wide as its parcels a day."),
        "circles": ("The 5-10-30 circles, before and after", "Share of each island's residents inside the circles by car; hatched today, solid in the plan."),
        "walk": ("Transfer points on foot, before and after", "Share of each island's residents within a walk of a transfer point."),
        "curve": ("Cost against coverage", "What each further logistics point brings; an open mark is not proven best."),
        "promise": ("Promise by hour", "Ordered by this hour, at the door at that time; empty: not that day."),
        "tables": {"sites": "Points", "assignment": "Who serves whom", "circles": "Circles", "upgrades": "Road upgrades", "promises": "Promises", "curve": "Cost and coverage", "certificates": "Certificates"},
        "violations": ["rule", "where", "amount", "unit", "note"],
        "fragile": ("Fragile roads", ["road or node", "kind", "island", "people", "detour, min"]), "spots": ("Road-safety spots (synthetic ≈)", ["road", "island", "spot"]), "notes": ("Notes and shortfalls", [""]),
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
    write_page(path, pages, {c: _words(c) for c in WORDS}, lang, lambda value, _: f"{value:,}" if isinstance(value, int) else str(value))


def _words(lang: str) -> dict[str, str]:
    """Headings of the page: those of every report, then those of siting."""
    own = WORDS[lang]
    return {**{key: word(HEADINGS, key, lang) for key in HEADINGS}, **own["tables"], "estimated": own["estimated"]} | {
        key: own[key][0] for key in ("fragile", "spots", "notes")
    }


# by view: how it is drawn, and the table behind it
DRAWN: Mapping[str, tuple[Callable[[Scenario, SitePlan, str], go.Figure], str]] = {
    "map": (siting.site_map, "sites"),
    "serves": (siting.serves_map, "assignment"),
    "circles": (siting.circles_figure, "circles"),
    "walk": (lambda scenario, plan, lang: siting.circles_figure(scenario, plan, lang, "transfer"), "circles"),
    "curve": (lambda _, plan, lang: siting.curve_figure(plan, lang), "curve"),
    "promise": (siting.promise_figure, "promises"),
}


def view_names(plan: SitePlan) -> tuple[str, ...]:
    """Every view that the plan has data for."""
    return tuple(name for name in DRAWN if name != "promise" or plan.promises)


def view_of(scenario: Scenario, plan: SitePlan, name: str, lang: str) -> View:
    """A view by its name: figure, sentence, and the table behind it."""
    draw, table = DRAWN[name]
    title, sentence = WORDS[lang][name]
    return View(name, title, sentence, draw(scenario, plan, lang), _rows(plan, table, name))


def inside(plan: SitePlan, kind: str, minutes: int) -> tuple[int, int, int]:
    """Residents inside before, after, and all."""
    rows = [c for c in plan.circles if c.kind == kind and c.minutes == minutes]
    return sum(c.residents for c in rows if c.before), sum(c.residents for c in rows if c.after), sum(c.residents for c in rows)


def _page(
    scenario: Scenario, plan: SitePlan, info: Row, violations: Sequence[Mapping[str, Any]], fragile: Sequence[Fragile], lang: str
) -> Row:
    zh, words = lang == "zh", WORDS[lang]
    thresholds = sorted({c.minutes for c in plan.circles})
    middle = thresholds[len(thresholds) // 2]
    before, after, people = inside(plan, "logistics", middle)
    points = [p for p in plan.sites if p.kind == "logistics"]
    new = sum(p.status == "new" for p in points)
    cost = sum(p.cost_fen for p in points)
    where = (
        (scenario.islands[plan.island].name_zh if zh else scenario.islands[plan.island].name_en)
        if plan.island
        else (scenario.name_zh if zh else scenario.name_en)
    )
    share = f"{after / max(1, people):.1%}"
    if zh:
        title = f"{where}:{len(points)} 个物流服务点(新建 {new}),{after:,} 人({share})在 {middle} 分钟圈内,原为 {before:,} 人"
    else:
        title = (
            f"{where}: {len(points)} logistics points ({new} new), {after:,} people ({share}) inside {middle} minutes, {before:,} before"
        )
    gap = info["gap"]
    if gap is None or violations:
        proof = "物流点方案的优劣尚未证明。" if zh else "How good the logistics plan is has not been proven."
    elif gap == 0:
        proof = (
            "物流点的年总成本已证明最低(在所给候选点与道路下)。"
            if zh
            else "No choice of logistics points costs less a year (with these candidates and roads)."
        )
    else:
        proof = f"物流点年总成本距最低不超过 {gap:.1%}。" if zh else f"No choice of logistics points costs less by more than {gap:.1%}."
    numbers = [
        (f"{m} " + ("分钟圈内居民" if zh else "minutes: residents"), f"{inside(plan, 'logistics', m)[1]:,}", (f"现状 {inside(plan, 'logistics', m)[0]:,}" if zh else f"today {inside(plan, 'logistics', m)[0]:,}"))
        for m in thresholds[:3]
    ]  # fmt: skip
    numbers.append(
        (
            "物流点年费" if zh else "points a year",
            money(cost, lang),
            (f"含末端配送 {money(info['objective'] or 0, lang)}" if zh else f"{money(info['objective'] or 0, lang)} with the last mile"),
        )
    )
    chargers = sum(p.chargers for p in plan.sites)
    numbers.append(
        (
            "充电桩" if zh else "public chargers",
            f"{chargers}",
            (
                f"峰值 {sum(p.power_kw for p in plan.sites if p.chargers):,} kW"
                if zh
                else f"{sum(p.power_kw for p in plan.sites if p.chargers):,} kW at most"
            ),
        )
    )
    figures = [view_of(scenario, plan, name, lang) for name in view_names(plan)]
    tables = [("notes", _table(words["notes"][1], [[n[1] if zh else n[0]] for n in plan.notes]))] if plan.notes else []
    tables += [(name, _rows(plan, name)) for name in words["tables"] if name not in {DRAWN[v.name][1] for v in figures}]
    people_at = [[f.what, f.kind, f.island_id, f.people, "" if f.detour_min is None else f.detour_min] for f in fragile[:200]]
    tables.append(("fragile", _table(words["fragile"][1], people_at)))
    islands = {c.island_id for c in plan.circles}
    spots = [[r.road_id, r.island_id, r.spot] for r in scenario.roads.values() if r.spot and r.island_id in islands]
    if spots:
        tables.append(("spots", _table(words["spots"][1], spots)))
    told = [[v["rule"], v["where"], v["amount"], v["unit"], v["note_zh" if zh else "note"]] for v in violations]
    audited = words["broken"].format(len(violations)) if violations else words["clean"]
    nothing = Table((), ())
    return {
        "title": title, "paragraphs": list(zip(words["paragraphs"], (proof, audited), strict=True)), "name": where, "unmet": nothing,
        "violations": _table(words["violations"], told), "clusters": nothing, "segments": nothing, "board": "", "estimated": True,
        "attribution": scenario.attribution, "numbers": numbers, "figures": figures, "tables": tables, "info": info,
    }  # fmt: skip


def _table(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Table:
    return Table(tuple((head, head) for head in heads), tuple(tuple(row) for row in rows))


def _rows(plan: SitePlan, table: str, view: str = "") -> Table:
    """At most 2,000 rows of a table of the folder; of the circles, those that the view shows."""
    kind = {"circles": "logistics", "walk": "transfer"}.get(view)
    rows = [list(row.values()) for row in rows_of(plan, table) if kind is None or row["kind"] == kind]
    return _table(columns_of(table), rows[:2000])

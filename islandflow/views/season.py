"""The report of a season: what a meeting decides on, the answer first."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from islandflow.season.folder import SeasonFolder
from islandflow.season.tables import SeasonTables
from islandflow.views.frequency import days_text
from islandflow.views.page import write_page
from islandflow.views.report import cell_text
from islandflow.views.season_case import Row, SeasonCase, Section
from islandflow.views.season_coupling import coupling_sections, coupling_words
from islandflow.views.season_curves import curve_views
from islandflow.views.season_figures import calendar_view, frequency_view, months_view
from islandflow.views.season_fleet import dock_table, fleet_sections, fleet_words
from islandflow.views.season_hops import hop_sections, hop_trips, hop_words
from islandflow.views.season_islands import island_table, islander_sections, islander_words, price_words
from islandflow.views.style import money, percent
from islandflow.views.view import Cell, Table
from islandflow.views.words import HEADINGS, RULES, UNITS, audit_text, word

EMPTY = Table((), ())
DAILY = "1234567"
WORDS = {
    "zh": {"core": "骨干班次逐条", "trips": "跳岛行程逐条", "docks": "坞修安排", "islands": "各岛各时期指标", "estimated": "≈ 需求、船队与泊位数据多为估计值，不是统计数字；来源见数据说明。"},
    "en": {"core": "Core departures, one by one", "trips": "Trips over islands, one by one", "docks": "Dry docks, one by one", "islands": "Indicators of every island in every pattern", "estimated": "≈ Demand, fleet and berths are largely estimates, not statistics; see the notes on the data."},
}  # fmt: skip


def write_season_report(season: SeasonFolder, tables: SeasonTables, path: Path, lang: str) -> None:
    """Writes the page; ``lang`` is the language it opens in."""
    pages = {code: _page(SeasonCase(season, tables, code)) for code in ("zh", "en")}
    words = {code: {**{key: word(HEADINGS, key, code) for key in HEADINGS}, **WORDS[code]} for code in pages}
    write_page(path, pages, words, lang, cell_text)


def _page(case: SeasonCase) -> Row:
    scenario = case.scenario
    return {
        "title": title(case), "name": scenario.name_zh if case.lang == "zh" else scenario.name_en, "numbers": numbers(case),
        "paragraphs": paragraphs(case), "violations": EMPTY, "unmet": _unmet(case), "clusters": EMPTY, "segments": EMPTY,
        "sections": sections(case), "estimated": scenario.estimated, "attribution": scenario.attribution,
        "figures": [*(view(case) for view in (calendar_view, frequency_view, months_view)), *curve_views(case)], "tables": _tables(case), "board": "",
        "info": {"settings": _settings(case), "versions": case.season.info["versions"]},
    }  # fmt: skip


def _tables(case: SeasonCase) -> list[tuple[str, Table]]:
    """Tables shown closed, those that have rows."""
    found = [("core", _core(case)), ("islands", island_table(case)), ("trips", hop_trips(case)), ("docks", dock_table(case))]
    return [(name, table) for name, table in found if name == "core" or table.rows]


def title(case: SeasonCase) -> str:
    """The result in one sentence."""
    total, rows = case.tables.totals, case.rows("patterns")
    unmet, every = sum(r["obligations_unmet"] for r in rows), sum(r["obligations"] for r in rows)
    duties = case.say("民生保障全部满足", "every obligation met") if not unmet else case.say(f"民生保障 {unmet} / {every} 条未满足", f"{unmet} of {every} obligation rules unmet")
    return case.say(
        f"{total['year']} 年季节方案:{len(rows)} 张时刻表,全年 {total['sailings']:,.0f} 班,运送 {_people(total['people_served'], 'zh')},{duties}",
        f"Season {total['year']}: {len(rows)} timetables, {total['sailings']:,.0f} sailings and {_people(total['people_served'], 'en')} in the year, {duties}",
    )


def _people(trips: float, lang: str) -> str:
    """Trips of a year, in tens of thousands or millions where there are many."""
    if lang == "zh":
        return f"{trips / 10_000:,.0f} 万人次" if trips >= 1_000_000 else f"{trips:,.0f} 人次"  # noqa: PLR2004
    return f"{trips / 1e6:,.1f} million trips" if trips >= 1_000_000 else f"{trips:,.0f} trips"  # noqa: PLR2004


def numbers(case: SeasonCase) -> list[tuple[str, str, str]]:
    """Five numbers with their unit and comparison."""
    total, rows = case.tables.totals, case.rows("patterns")
    left = sum(r["dates"] * r["residents_left"] for r in rows)
    wanted = sum(r["dates"] * r["residents_wanted"] for r in rows)
    met, every = sum(r["obligations"] - r["obligations_unmet"] for r in rows), sum(r["obligations"] for r in rows)
    gaps = [r["gap"] for r in rows if r["gap"] is not None]
    core, kept = sum(r["core"] for r in rows), sum(r["core_kept"] for r in rows)
    return [
        (case.say("成行 / 欲行", "served / wanted"), percent(total["people_served"] / total["people_wanted"]) if total["people_wanted"] else "–",
         case.say(f"居民滞留 {left:,} / {wanted:,} 人次", f"residents left: {left:,} of {wanted:,} trips")),
        (case.say("船队成本", "fleet cost"), money(total["cost_yuan"] * 100, case.lang),
         case.say(f"票款 {money(total['revenue_yuan'] * 100, 'zh')}", f"fares {money(total['revenue_yuan'] * 100, 'en')}")),
        (case.say("民生保障", "obligations"), f"{met:,} / {every:,}", case.say("各时期逐条", "rules, over all patterns")),
        (case.say("骨干班次保持", "core kept"), percent(kept / core) if core else "–",
         case.say(f"{core:,} 项次中保持 {kept:,}", f"{kept:,} of {core:,} departures") if core else case.say("未设骨干", "no core")),
        (case.say("与下界差距", "gap to the bound"), f"{_up(min(gaps))}–{_up(max(gaps))} %" if gaps else "–", case.say("各时期,已证明", "over the patterns, proven")),
    ]  # fmt: skip


def _up(gap: float) -> str:
    return f"{math.ceil(round(gap * 1000, 6)) / 10:.1f}"


def paragraphs(case: SeasonCase) -> list[tuple[str, str]]:
    """(heading, sentences): what runs, the core, residents on peak days, money, what is not covered."""
    found = [(case.say("运行安排", "What runs"), _runs(case)), (case.say("骨干时刻表", "The core"), _core_words(case))]
    if coupled := coupling_words(case):
        found.append((case.say("联编代价", "Price of coupling"), coupled))
    if case.rows("residents"):
        found.append((case.say("旺季居民", "Residents at peak"), _residents_words(case)))
    for heading, text in ((("受益人群", "Islanders"), islander_words(case)), (("保障的代价", "Price of obligations"), price_words(case))):
        if text:
            found.append((case.say(*heading), text))
    found.append((case.say("成本", "What it costs"), _costs(case)))
    if hops := hop_words(case):
        found.append((case.say("跳岛", "Island-hopping"), hops))
    if fleet := fleet_words(case):
        found.append((case.say("船队", "The fleet"), fleet))
    if case.season.info["what_if"]:
        found.append((case.say("假设", "What if"), "; ".join(case.season.info["what_if"])))
    return found


def _runs(case: SeasonCase) -> str:
    total, rows = case.tables.totals, case.rows("patterns")
    few, many = min(rows, key=lambda r: r["sailings"]), max(rows, key=lambda r: r["sailings"])
    text = case.say(
        f"最疏的是{case.service(few['service'])}({few['sailings']:,} 班),最密的是{case.service(many['service'])}({many['sailings']:,} 班)。"
        f"日历覆盖 {total['dates']} 天。",
        f"Sparsest is the {case.service(few['service'])} ({few['sailings']:,} sailings a day), densest the {case.service(many['service'])} ({many['sailings']:,}). "
        f"The calendar covers {total['dates']} dates.",
    )
    named = [f"{x.line_id} ({days_text(x.days, case.lang)})" for x in case.scenario.lines.values() if x.days != DAILY]
    if named:
        text += case.say(f"隔日航线只在所列日子开航:{'、'.join(named)}。", f" Lines of alternate days run on theirs alone: {', '.join(named)}.")
    if total["dates_without"]:
        text += case.say(f"另有 {total['dates_without']} 天的时期未编制时刻表。", f" {total['dates_without']} dates run a pattern that was not planned.")
    return text


def _core_words(case: SeasonCase) -> str:
    rows, origin = case.rows("patterns"), case.season.info["core_from"]
    if not origin:
        return case.say("未要求全年骨干时刻表。", "No core timetable was asked for.")
    asked = [r for r in rows if r["core"]]
    always = sum(r["kept_in"] == r["of"] for r in case.rows("core"))
    paid = sum(r["dates"] * r["core_yuan"] for r in asked)
    price = case.scenario.number("core_change_cny")
    return case.say(
        f"骨干取自{case.service(origin)}的 {len(case.rows('core')):,} 个开航时刻(高频航线不计,旅客随到随走);其中 {always:,} 个在所有时期都开行,旺季在其上加密。"
        f"取消或移动一个骨干班次计 {price:,.0f} 元/天,全年共 {money(paid * 100, 'zh')}。",
        f"The core is {len(case.rows('core')):,} departures of the {case.service(origin)} (frequent lines are left out: nobody needs their minutes); {always:,} of them run in every pattern, "
        f"peak patterns add to them. Dropping or moving one counts CNY {price:,.0f} a day, {money(paid * 100, 'en')} in the year.",
    )


def _residents_words(case: SeasonCase) -> str:
    rows = case.rows("residents")
    wanted = sum(r["residents_wanted"] for r in rows)
    shares = [sum(r[k] for r in rows) / wanted if wanted else 1.0 for k in ("residents_planned", "residents_with_kept", "residents_without_kept")]
    visitors = sum(r["visitors_wanted"] for r in rows)
    lost = sum(r["visitors_without_kept"] - r["visitors_with_kept"] for r in rows)
    return case.say(
        f"旺季各时期合计,居民成行 {percent(shares[0])}(按方案安排);若游客提前订满、居民后到:留座时 {percent(shares[1])},不留座时 {percent(shares[2])},"
        f"留座使游客少 {lost:,} 人({percent(lost / visitors if visitors else 0)})。",
        f"Over the peak patterns {percent(shares[0])} of residents travel as planned. If visitors book ahead and residents come late: {percent(shares[1])} with kept seats, "
        f"{percent(shares[2])} without; kept seats cost {lost:,} visitors ({percent(lost / visitors if visitors else 0)}).",
    )


def _costs(case: SeasonCase) -> str:
    t = case.tables.totals
    society = t["objective_yuan"] - t["wishes_yuan"]  # the price of departures that do not run is asked for, nobody pays it
    cost, fares, subsidy, whole = (money(yuan * 100, case.lang) for yuan in (t["cost_yuan"], t["revenue_yuan"], t["subsidy_yuan"], society))
    return case.say(
        f"全年船队成本 {cost},票款 {fares},亏损航线需补贴 {subsidy};社会总成本(含旅客时间与滞留){whole}。燃油 {t['fuel_l'] / 1000:,.0f} 千升,二氧化碳 {t['co2_kg'] / 1000:,.0f} 吨。",
        f"The fleet costs {cost} a year, fares bring {fares}, lines that lose need {subsidy}; society pays {whole}, travellers' time and those left behind included. "
        f"Fuel {t['fuel_l'] / 1000:,.0f} m³, CO₂ {t['co2_kg'] / 1000:,.0f} t.",
    )


def sections(case: SeasonCase) -> list[Section]:
    """Tables shown open."""
    found = [_patterns(case), *coupling_sections(case)]
    if case.rows("residents"):
        found.append(_residents(case))
    return found + islander_sections(case) + hop_sections(case) + fleet_sections(case)


def _patterns(case: SeasonCase) -> Section:
    heads = {
        "service": ("时期", "pattern"), "dates": ("天数", "dates"), "sailings": ("班次", "sailings"), "vessels": ("船", "vessels"),
        "people_served": ("成行", "served"), "people_left": ("滞留", "left"), "residents_left": ("其中居民", "of them residents"),
        "cost_yuan": ("船队成本(元)", "fleet, CNY"), "revenue_yuan": ("票款(元)", "fares, CNY"), "society_yuan": ("社会总成本(元)", "society, CNY"),
        "gap": ("差距", "gap"), "duties": ("保障", "obligations"), "kept": ("骨干", "core"), "violations": ("违规", "violations"),
    }  # fmt: skip
    rows = [
        {**r, "duties": f"{r['obligations'] - r['obligations_unmet']}/{r['obligations']}", "kept": f"{r['core_kept']}/{r['core']}" if r["core"] else "–"}
        for r in case.rows("patterns")
    ]
    return Section(
        case.say("各时期", "The patterns"),
        case.say("每个时期一张时刻表,均经独立审计;差距为可证明的上限,未开行的骨干与跳岛愿望按其价计入差距,不计入社会总成本。",
                 "A timetable a pattern, each judged by the independent audit; a gap is a proven limit. It counts the price of core departures and hop sailings that do not run, society's cost does not."),
        case.table(rows, heads, {"service": case.service}), any(r["violations"] for r in rows),
    )  # fmt: skip


def _residents(case: SeasonCase) -> Section:
    heads = {
        "service": ("旺季时期", "peak pattern"), "residents_wanted": ("居民欲行≈", "residents wanting ≈"), "residents_planned": ("按方案成行", "as planned"),
        "residents_with_kept": ("游客先订,留座", "visitors first, kept seats"), "residents_without_kept": ("游客先订,不留座", "visitors first, no kept seats"),
        "visitors_wanted": ("游客欲行≈", "visitors wanting ≈"), "visitors_planned": ("按方案", "as planned"), "visitors_with_kept": ("先订,留座", "first, kept seats"),
        "visitors_without_kept": ("先订,不留座", "first, no kept seats"), "kept_seats": ("留座数", "seats kept"),
    }  # fmt: skip
    return Section(
        case.say("旺季居民是否上得了船", "Do residents get aboard on peak days"),
        case.say("同一张时刻表,三种售票方式;居民含通勤和就医。", "The same timetable sold in three ways; residents include commuters and patients."),
        case.table(case.rows("residents"), heads, {"service": case.service}),
    )  # fmt: skip


def _unmet(case: SeasonCase) -> Table:
    heads = {"service": ("时期", "pattern"), "port": ("港口", "port"), "rule": ("规则", "rule"), "required": ("要求", "required"), "found": ("本方案", "found"),
             "short": ("相差", "short by"), "remedy": ("解决办法", "what would make it possible")}  # fmt: skip
    rows = []
    for service, folder in case.season.plans.items():
        for o in folder.audit["obligations"]:
            if not o["met"]:
                texts = {k: audit_text(case.scenario, o[k], case.lang) for k in ("required", "found")}
                rows.append({
                    "service": case.service(service), "port": case.port(o["port"]), "rule": word(RULES, o["rule"], case.lang), **texts,
                    "short": f"{o['amount']:,} {word(UNITS, o['unit'], case.lang)}", "remedy": audit_text(case.scenario, o[f"remedy_{case.lang}"], case.lang),
                })  # fmt: skip
    return case.table(rows, heads)


def _core(case: SeasonCase) -> Table:
    heads: dict[str, tuple[str, str]] = {
        "from_port": ("起港", "from"), "to_port": ("讫港", "to"), "departs": ("开航", "departs"), "sailings": ("班次", "sailings"),
        "kept": ("保持", "kept in"), **{s: names for s, names in case.services().items() if any(s in r for r in case.rows("core"))},
    }  # fmt: skip
    rows = [{**r, "kept": f"{r['kept_in']}/{r['of']}"} for r in case.rows("core")]
    mark = dict.fromkeys(case.season.plans, _mark)
    return case.table(rows, heads, {"from_port": case.port, "to_port": case.port, **mark})


def _mark(runs: Any) -> Cell:
    return None if runs is None else "✓" if runs else "–"


def _settings(case: SeasonCase) -> Row:
    key = case.season.info["key"]
    return {**key["settings"], "core_from": case.season.info["core_from"], "core_change_cny": case.scenario.number("core_change_cny"), "cluster": key["cluster"]}

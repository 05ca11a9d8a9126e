"""Hop lines and trips over islands in the report of a season."""

from __future__ import annotations

from typing import Any

from islandflow.views.names import way_name
from islandflow.views.season_case import Row, SeasonCase, Section
from islandflow.views.style import money
from islandflow.views.view import Cell


def hop_words(case: SeasonCase) -> str:
    """What hop lines run, what they cost and earn, and what they make possible; empty where there is nothing to tell."""
    lines, trips = case.rows("hop_lines"), case.rows("hops")
    run = [r for r in lines if r["sailings"]]
    if not lines and not trips:
        return ""
    text = case.say("没有可开行的跳岛航线。", "No hop line may run.") if not lines else ""
    if lines:
        cost, fares = (money(sum(r["dates"] * r[k] for r in run) * 100, case.lang) for k in ("cost_yuan", "revenue_yuan"))
        number = len({r["line"] for r in run})
        text = case.say(
            f"{len({r['line'] for r in lines})} 条跳岛航线中 {number} 条在其时期开行,均经独立审计;全年成本 {cost},票款 {fares}。",
            f"{number} of {len({r['line'] for r in lines})} hop lines run in their periods, all audited; they cost {cost} a year and earn {fares}.",
        )
    new = [r for r in trips if r["possible"] and not r["without_hops"]]
    longer = [r for r in trips if r["without_hops"] and r.get("by_hop_line") and r["shortest_ashore_min"] > (r["shortest_without_hops_min"] or 0)]
    one, two = (sum(r["possible"] and r["days"] == d for r in trips) for d in (1, 2))
    whole = len(trips) // 2
    if trips:
        text += " " * (case.lang == "en") + case.say(
            f"{whole} 项(产品 × 时期)跳岛行程中,一日可行 {one} 项,两日可行 {two} 项;其中 {len(new)} 项靠跳岛班次才可行,{len(longer)} 项因此在岛时间更长。",
            f"Of {whole} trips (products by patterns) {one} can be made in a day and {two} in two days; {len(new)} only because of hop sailings, {len(longer)} have longer hours ashore through them.",
        )
    return text


def hop_sections(case: SeasonCase) -> list[Section]:
    """Two tables: the hop lines, and the trips."""
    found = []
    if case.rows("hop_lines"):
        heads = {
            "line": ("跳岛航线", "hop line"), "service": ("时期", "pattern"), "dates": ("天数", "dates"), "sailings": ("班次/天", "sailings a day"),
            "departures": ("开航", "departures"), "granted": ("愿望", "wishes granted"), "people": ("乘客/天", "people a day"),
            "cost_yuan": ("成本(元/天)", "cost, CNY a day"), "revenue_yuan": ("票款(元/天)", "fares, CNY a day"),
        }  # fmt: skip
        rows = [{**r, "granted": f"{r['granted']}/{r['wished']}"} for r in case.rows("hop_lines")]
        found.append(Section(
            case.say("跳岛航线", "Hop lines"),
            case.say("只在方案写明的时期开行,与正常班次一起编制;愿望是上午去、下午回各一班,民生保障优先。",
                     "They run in the periods that the scenario names only and are planned with all other boats; wished for is one out in the morning and one home in the afternoon, after all obligations."),
            case.table(rows, heads, {"line": case.line, "service": case.service, "departures": lambda text: _departures(case, text)}),
        ))  # fmt: skip
    if case.rows("hops"):
        heads = {
            "hop_id": ("产品", "trip"), "service": ("时期", "pattern"), "days": ("天数", "days"), "possible": ("可行", "possible"),
            "without": ("无跳岛班次时", "without hop sailings"), "order": ("上岛顺序", "order"), "times": ("出发–返回", "leave – back"),
            "ashore": ("各岛停留", "ashore at each"), "boats": ("船次", "boats"), "fare_yuan": ("票价(元)≈", "fares, CNY ≈"), "lines": ("航线", "lines"),
        }  # fmt: skip
        rows = [_trip(case, r) for r in case.rows("hops")]
        found.append(Section(
            case.say("一日、两日可跳哪些岛", "Which islands a day or two days allow"),
            case.say("各岛停留时间中最短者尽量长的走法;每岛至少一小时。两日行程在一岛过夜,该岛计 07:00–19:00。列出的是当天时刻表,不含余座。",
                     "The way whose shortest stay is longest, an hour at least on every island. Two days spend the night on one of them, where 07:00–19:00 counts. It is the timetable's answer: seats left are not asked."),
            case.table(rows, heads, {"service": case.service}),
        ))  # fmt: skip
    return found


def _trip(case: SeasonCase, row: Row) -> Row:
    hop = case.scenario.hops[row["hop_id"]]
    name = hop.name_zh if case.lang == "zh" else hop.name_en
    bare = row.get("shortest_without_hops_min")
    if not row["possible"]:
        return {**row, "hop_id": name, "possible": "–", "without": "–"}
    same = bare == row["shortest_ashore_min"]
    without = case.say("不可行", "not possible") if not row["without_hops"] else case.say("相同", "the same") if same else _hours(bare)
    return {
        **row, "hop_id": name, "possible": "✓", "without": without, "times": f"{row['departs']}–{row['returns']}",
        "order": way_name(case.scenario, tuple(row["order"].split(";")), case.lang),
        "ashore": " · ".join(_hours(int(m)) for m in row["ashore_min"].split(";")),
        "lines": " ".join(x if x in case.scenario.lines else case.say("新", "new") for x in row["lines"].split(";")),
    }  # fmt: skip


def _hours(minutes: int | None) -> str:
    return "–" if minutes is None else f"{minutes // 60}:{minutes % 60:02d}"


def _departures(case: SeasonCase, text: Any) -> Cell:
    return ", ".join(f"{case.port(port)} {at}" for port, _, at in (part.partition(":") for part in str(text).split()))

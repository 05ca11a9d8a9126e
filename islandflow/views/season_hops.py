"""Hop lines and trips over islands in the report of a season."""

from __future__ import annotations

from typing import Any

from islandflow.views.names import way_name
from islandflow.views.season_case import Row, SeasonCase, Section
from islandflow.views.style import money
from islandflow.views.view import Cell, Table


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
    """Two tables: the hop lines that run, and the shortest stay of every trip by pattern."""
    found = []
    if rows := case.rows("hop_lines"):
        idle = sorted({(r["line"], case.service(r["service"])) for r in rows if not r["sailings"]})
        said = "; ".join(f"{line} ({', '.join(s for x, s in idle if x == line)})" for line in dict.fromkeys(x for x, _ in idle))
        text = case.say("只在方案写明的时期开行,与正常班次一起编制;愿望是上午去、下午回各一班,民生保障优先。",
                        "They run in the periods that the scenario names only and are planned with all other boats; wished for is one out in the morning and one home in the afternoon, after all obligations.")  # fmt: skip
        if idle:
            text += case.say(f"未开行:{said}。", f" Not run: {said}.")
        heads = {
            "line": ("跳岛航线", "hop line"), "service": ("时期", "pattern"), "dates": ("天数", "dates"), "sailings": ("班次/天", "sailings a day"),
            "departures": ("开航", "departures"), "granted": ("愿望", "wishes granted"), "people": ("乘客/天", "people a day"),
            "cost_yuan": ("成本(元/天)", "cost, CNY a day"), "revenue_yuan": ("票款(元/天)", "fares, CNY a day"),
        }  # fmt: skip
        run = sorted((r for r in rows if r["sailings"]), key=lambda r: str(r["line"]))
        shown = [{**r, "granted": f"{r['granted']}/{r['wished']}"} for r in run]
        how = {"line": case.line, "service": case.service, "departures": lambda text: _departures(case, text)}
        found.append(Section(case.say("跳岛航线", "Hop lines"), text, case.table(shown, heads, how)))
    if rows := case.rows("hops"):
        heads = {"hop_id": ("产品", "trip"), "days": ("天数", "days"), **case.services()}
        cells: dict[tuple[str, int], Row] = {}
        for r in rows:
            cells.setdefault((r["hop_id"], r["days"]), {"hop_id": _name(case, r["hop_id"]), "days": r["days"]})[r["service"]] = _cell(r)
        found.append(Section(
            case.say("一日、两日可跳哪些岛", "Which islands a day or two days allow"),
            case.say("各格为停留最短的岛上的小时数(每岛至少一小时),– 为不可行;◆ 只因跳岛班次才可行,▲ 因跳岛班次停留更长。两日行程在一岛过夜。只看时刻表,不问余座;逐条见下方表格。",
                     "Hours ashore at the island with the shortest stay, an hour at least; – not possible; ◆ possible through hop sailings alone, ▲ longer through them. Two days have a night on one of the islands. "
                     "The timetable's answer: seats left are not asked. Orders, times and fares stand in the table below."),
            case.table(list(cells.values()), heads),
        ))  # fmt: skip
    return found


def hop_trips(case: SeasonCase) -> Table:
    """Every trip with its order, times, stays, fare and lines."""
    heads = {
        "hop_id": ("产品", "trip"), "service": ("时期", "pattern"), "days": ("天数", "days"), "possible": ("可行", "possible"),
        "without": ("无跳岛班次时", "without hop sailings"), "order": ("上岛顺序", "order"), "times": ("出发–返回", "leave – back"),
        "ashore": ("各岛停留", "ashore at each"), "boats": ("船次", "boats"), "fare_yuan": ("票价(元)≈", "fares, CNY ≈"), "lines": ("航线", "lines"),
    }  # fmt: skip
    return case.table([_trip(case, r) for r in case.rows("hops")], heads, {"service": case.service})


def _name(case: SeasonCase, hop_id: str) -> str:
    hop = case.scenario.hops[hop_id]
    return hop.name_zh if case.lang == "zh" else hop.name_en


def _cell(row: Row) -> str:
    if not row["possible"]:
        return "–"
    bare = row["shortest_without_hops_min"]
    mark = " ◆" if not row["without_hops"] else " ▲" if row["by_hop_line"] and row["shortest_ashore_min"] > (bare or 0) else ""
    return _hours(row["shortest_ashore_min"]) + mark


def _trip(case: SeasonCase, row: Row) -> Row:
    name = _name(case, row["hop_id"])
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

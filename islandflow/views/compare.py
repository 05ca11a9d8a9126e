"""The page of a comparison: what changes, for whom, at what cost; one file, both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import plotly.graph_objects as go

from islandflow.season.compare import Comparison
from islandflow.views.names import line_name, operator_name, service_name, short_port, way_name
from islandflow.views.page import write_page
from islandflow.views.report import cell_text
from islandflow.views.season_case import Section
from islandflow.views.style import ACCENT, QUIET, framed
from islandflow.views.typography import fullwidth
from islandflow.views.view import Cell, Table, View
from islandflow.views.words import HEADINGS, RULES, SEGMENTS, audit_text, word

Row = dict[str, Any]
EMPTY = Table((), ())
RATIOS = ("transfer_share", "load_factor")
FIGURES = {
    "sailings": ("航次", "sailings"), "vessels": ("用船", "vessels used"), "second_crews": ("第二班船员", "second crews"), "people_wanted": ("欲行≈", "wanted ≈"),
    "people_served": ("成行", "served"), "people_left": ("滞留", "left behind"), "mean_shift_min": ("平均改时(分)", "mean shift, min"),
    "mean_door_to_door_min": ("平均全程(分)", "mean door to door, min"), "transfer_share": ("换乘比例", "share who change"), "load_factor": ("满载率", "load factor"),
    "vessel_hours": ("船时", "vessel-hours"), "fuel_l": ("燃油(升)", "fuel, l"), "co2_kg": ("二氧化碳(千克)", "CO₂, kg"), "cost_yuan": ("船队成本(元)", "fleet, CNY"),
    "revenue_yuan": ("票款(元)", "fares, CNY"), "subsidy_yuan": ("补贴(元)", "subsidy, CNY"), "travellers_yuan": ("旅客时间(元)", "travellers' time, CNY"),
    "left_behind_yuan": ("滞留代价(元)", "left behind, CNY"), "society_yuan": ("社会总成本(元)", "society, CNY"), "wanted": ("欲行≈", "wanted ≈"), "served": ("成行", "served"),
    "left": ("滞留", "left behind"), "transfers": ("换乘", "change boats"), "mean_transfer_wait_min": ("换乘候船(分)", "wait at a change, min"),
}  # fmt: skip
STATES = {"gained": ("新满足", "gained"), "lost": ("失去", "lost"), "open": ("均未满足", "met by neither")}
KINDS = {"added": ("新增", "added"), "dropped": ("取消", "dropped"), "retimed": ("改时", "retimed")}
TABLES = {"lines": ("分航线", "By line"), "operators": ("分经营人", "By operator"), "ports": ("分港口", "By port"), "changes": ("航次增减与改时", "Sailings added, dropped, retimed")}
FACTS = {"demand": ("需求", "demand"), "obligations": ("民生保障", "obligations"), "lines": ("航线", "lines"), "ports": ("港口", "ports"), "fares": ("票价", "fares"),
         "land_links": ("陆路", "land links"), "fleets": ("船队", "fleet"), "settings": ("参数", "settings")}  # fmt: skip


def write_comparison(found: Comparison, path: Path, lang: str) -> None:
    """Writes the page; ``lang`` is the language it opens in."""
    pages = {code: _Page(found, code).page() for code in ("zh", "en")}
    words = {code: {**{k: word(HEADINGS, k, code) for k in HEADINGS}, **{k: word(TABLES, k, code) for k in TABLES}} for code in pages}
    write_page(path, pages, words, lang, cell_text)


def comparison_sheets(found: Comparison, lang: str) -> dict[str, list[list[str]]]:
    """The tables of the page as sheets of a workbook, headings and names in the reader's language; numbers as Excel reads them."""
    page = _Page(found, lang)
    tables = {"whole": page.whole().table, "groups": page.groups().table, "obligations": page.obligations().table, **{k: page.table(k) for k in TABLES}}
    names = {"whole": ("总体", "whole"), "groups": ("各类乘客", "travellers"), "obligations": ("民生保障", "obligations"), "lines": ("航线", "lines"),
             "operators": ("经营人", "operators"), "ports": ("港口", "ports"), "changes": ("航次变化", "changes")}  # fmt: skip
    return {
        word(names, key, lang): [[label for _, label in table.columns], *([_text(cell) for cell in row] for row in table.rows)] for key, table in tables.items()
    }


def _text(cell: Cell) -> str:
    """A cell as text that is read back as the same number."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def _shares(row: Row) -> Row:
    """A figure that is a share, in per cent, its change in points."""
    if row["figure"] not in RATIOS:
        return row
    return {**row, **{k: None if row[k] is None else f"{100 * row[k]:.1f} %" for k in ("a", "b", "change")}}


class _Page:
    def __init__(self, found: Comparison, lang: str) -> None:
        self.found, self.lang = found, lang
        self.scenario = next(iter(found.first.values())).scenario

    def say(self, zh: str, en: str) -> str:
        return fullwidth(zh) if self.lang == "zh" else en

    def sums(self, key: str) -> tuple[float, float]:
        rows = [r for r in self.found.rows["whole"] if r["figure"] == key]
        return sum(r["a"] or 0 for r in rows), sum(r["b"] or 0 for r in rows)

    def page(self) -> Row:
        name = self.scenario.name_zh if self.lang == "zh" else self.scenario.name_en
        return {
            "title": self.title(), "name": name, "numbers": self.numbers(), "paragraphs": self.paragraphs(), "violations": EMPTY, "unmet": EMPTY, "clusters": EMPTY,
            "segments": EMPTY, "sections": [self.whole(), self.groups(), self.obligations()], "estimated": self.scenario.estimated,
            "attribution": self.scenario.attribution, "figures": [self.figure()], "tables": [(k, self.table(k)) for k in TABLES], "board": "",
            "info": {"settings": {"A": self.found.names[0], "B": self.found.names[1]}, "versions": {}},
        }  # fmt: skip

    def title(self) -> str:
        x, y = self.sums("society_yuan")
        share = abs(y - x) / x * 100 if x else 0.0
        way = ("低", "less") if y <= x else ("高", "more")
        served = self.sums("people_served")
        more, number = served[1] - served[0], len(self.found.services)
        people = self.say(f"{'多' if more >= 0 else '少'}运 {abs(more):,.0f} 人次/天", f"carries {abs(more):,.0f} people {'more' if more >= 0 else 'fewer'} a day")
        of = service_name(self.scenario, self.found.services[0], self.lang) if number == 1 else self.say(f"{number} 个时期合计", f"sum of {number} patterns")
        return self.say(f"B 比 A 社会总成本{way[0]} {share:.1f} %,{people}({of})", f"B costs society {share:.1f} % {way[1]} than A and {people} ({of})")

    def numbers(self) -> list[tuple[str, str, str]]:
        found = []
        for key in ("people_left", "cost_yuan", "subsidy_yuan", "vessel_hours", "co2_kg"):
            x, y = self.sums(key)
            share = f"{(y - x) / x * 100:+.1f} %" if x else "–"
            found.append((word(FIGURES, key, self.lang), share, f"A {x:,.0f} → B {y:,.0f}"))
        return found

    def paragraphs(self) -> list[tuple[str, str]]:
        a, b = self.found.names
        count = {k: sum(r["change"] == k for r in self.found.rows["changes"]) for k in KINDS}
        state = {k: sum(r["state"] == k for r in self.found.rows["obligations"]) for k in STATES}
        found = [
            (self.say("比较对象", "What is compared"), f"A = {a}; B = {b}"),
            (self.say("航次", "Sailings"), self.say(f"新增 {count['added']:,} 班,取消 {count['dropped']:,} 班,改时 {count['retimed']:,} 班(同一挂靠,60 分钟以内)。",
                      f"{count['added']:,} added, {count['dropped']:,} dropped, {count['retimed']:,} retimed (same calls, within 60 min).")),
            (self.say("民生保障", "Obligations"), self.say(f"B 新满足 {state['gained']} 条,失去 {state['lost']} 条,均未满足 {state['open']} 条。",
                      f"B meets {state['gained']} rules that A does not, misses {state['lost']} that A meets; {state['open']} are met by neither.")),
        ]  # fmt: skip
        if self.found.retimed:
            found.append((self.say("公平比较", "A fair side"), self.say(f"{self.found.retimed} 是现行时刻表在自身船舶、航线和班次下的最优改时,因此船队与参数按设计不同。",
                          f"{self.found.retimed} is a timetable retimed to its best under its own vessels, lines and sailings; that its fleet and settings differ is meant.")))  # fmt: skip
        if self.found.unfair:
            names = ", ".join(word(FACTS, k, self.lang) for k in self.found.unfair)
            found.append((self.say("注意", "Mind"), self.say(f"两者的事实不同:{names};差别不全是时刻表带来的。", f"The two differ in {names} as well: not all of the difference is the timetable's.")))  # fmt: skip
        else:
            found.append((self.say("公平", "Fair"), self.say("需求、船队、规则与参数相同。", "Same demand, fleet, rules and settings.")))
        return found

    def build(self, rows: list[Row], heads: dict[str, tuple[str, str]]) -> Table:
        columns = tuple((k, self.say(*words)) for k, words in heads.items())
        return Table(columns, tuple(tuple(self.cell(k, r.get(k)) for k in heads) for r in rows))

    def cell(self, key: str, value: Any) -> Any:
        s, lang = self.scenario, self.lang
        if value is None:
            return None
        if key == "service":
            return service_name(s, value, lang)
        if key == "line":
            return line_name(s, value, lang)
        if key == "operator":
            return operator_name(s, value, lang)
        if key == "port":
            return short_port(s, value, lang)
        if key == "ports":
            return way_name(s, tuple(value.split(";")), lang)
        named = {"figure": FIGURES, "rule": RULES, "state": STATES}.get(key) or (KINDS if value in KINDS else None)
        if named is not None:
            return word(named, value, lang)
        if key == "group":
            who, _, what = value.partition(":")
            return f"{word(SEGMENTS, who, lang)} · {word(FIGURES, what, lang)}"
        return audit_text(s, value, lang) if key in ("a", "b", "required", "remedy_en", "remedy_zh") and isinstance(value, str) else value

    def sides(self) -> dict[str, tuple[str, str]]:
        return {"a": ("A", "A"), "b": ("B", "B"), "change": ("变化", "change"), "share": ("变化比例", "change, share")}

    def whole(self) -> Section:
        heads = {"service": ("时期", "pattern"), "figure": ("指标", "figure"), **self.sides()}
        return Section(self.say("总体", "The whole"), self.say("一天的数,B 减 A;社会总成本不含愿望班次的代价。", "Figures of a day, B less A; society's cost leaves the price of wishes out."),
                       self.build([_shares(r) for r in self.found.rows["whole"]], heads))  # fmt: skip

    def groups(self) -> Section:
        heads = {"service": ("时期", "pattern"), "group": ("人群", "group"), **self.sides()}
        return Section(self.say("各类乘客", "By kind of traveller"), self.say("谁受益,谁受损。", "Who gains and who loses."), self.build(self.found.rows["groups"], heads))

    def obligations(self) -> Section:
        heads = {"service": ("时期", "pattern"), "port": ("港口", "port"), "rule": ("规则", "rule"), "required": ("要求", "required"), "a": ("A", "A"), "b": ("B", "B"),
                 "state": ("变化", "change"), f"remedy_{self.lang}": ("解决办法", "what would make it possible")}  # fmt: skip
        rows = self.found.rows["obligations"]
        text = self.say("状态不同或均未满足的规则。", "Rules whose state differs, or that neither meets.") if rows else self.say("全部规则两者都满足。", "Both meet every rule.")
        return Section(self.say("民生保障", "Obligations"), text, self.build(rows, heads), any(r["state"] == "lost" for r in rows))

    def table(self, name: str) -> Table:
        rows = self.found.rows[name]
        heads: dict[str, tuple[str, str]] = {"service": ("时期", "pattern")}
        if name == "changes":
            heads |= {"change": ("变化", "change"), "ports": ("挂靠", "calls"), "before": ("原", "before"), "after": ("新", "after"), "minutes": ("分钟", "minutes")}
            return self.build(rows, heads)
        heads[name[:-1]] = {"lines": ("航线", "line"), "operators": ("经营人", "operator"), "ports": ("港口", "port")}[name]
        words = {**FIGURES, "departures": ("开航", "departures"), "boarding": ("上船", "boarding"), "waiting_min": ("平均改时(分)", "mean shift, min")}
        for key in dict.fromkeys(k.rpartition("_")[0] for r in rows for k in r if k.endswith(("_a", "_b", "_change"))):
            zh, en = words[key]
            heads |= {f"{key}_a": (f"{zh} A", f"{en} A"), f"{key}_b": (f"{zh} B", f"{en} B"), f"{key}_change": (f"{zh} ±", f"{en} ±")}
        return self.build(rows, heads)

    def figure(self) -> View:
        """Departures by hour of both plans."""
        hours = list(range(5, 24))
        count = {k: [0] * len(hours) for k in ("dropped", "added")}
        for row in self.found.rows["changes"]:
            for kind, column in (("dropped", "before"), ("added", "after")):
                if row["change"] == kind and 5 <= int(row[column][:2]) < 24:  # noqa: PLR2004
                    count[kind][int(row[column][:2]) - 5] += 1
        figure = go.Figure([
            go.Bar(x=[f"{h:02d}:00" for h in hours], y=[n if kind == "added" else -n for n in count[kind]], name=word(KINDS, kind, self.lang),
                   marker={"color": colour, "pattern": {"shape": shape}})
            for kind, colour, shape in (("added", ACCENT, ""), ("dropped", QUIET, "/"))
        ])  # fmt: skip
        figure.update_layout(barmode="relative", yaxis={"title": self.say("班", "sailings")})
        framed(figure, 300)
        heads = {"hour": ("时", "hour"), "added": ("新增", "added"), "dropped": ("取消", "dropped")}
        rows = [{"hour": f"{h:02d}:00", "added": count["added"][i], "dropped": count["dropped"][i]} for i, h in enumerate(hours)]
        return View("changes", self.say("按钟点的增减", "Added and dropped by hour"), self.say("向上为 B 新增,向下为取消;改时的不计。", "Up: added by B; down: dropped; retimed ones are not counted."),
                    figure, self.build(rows, heads))  # fmt: skip

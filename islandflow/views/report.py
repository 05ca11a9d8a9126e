"""The report page: one file, no network, Chinese and English, the answer first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from islandflow.ferry.folder import PlanFolder
from islandflow.network.sea import SeaNetwork
from islandflow.views import answer
from islandflow.views.board import board_text
from islandflow.views.boatless import boatless_table
from islandflow.views.gallery import show
from islandflow.views.names import line_name, operator_name, short_port
from islandflow.views.page import write_page
from islandflow.views.style import percent
from islandflow.views.timetable import groups
from islandflow.views.view import Case, Cell, Column, Table, View
from islandflow.views.words import HEADINGS, RULES, SEGMENTS, UNITS, audit_text, word

SHARES = frozenset({"load", "share", "gap"})
PLAIN = frozenset({"seconds", "nm", "headway_out", "headway_back"})
Row = dict[str, Any]


def write_report(folder: PlanFolder, network: SeaNetwork, path: Path, lang: str = "zh", others: Sequence[PlanFolder] = ()) -> None:
    """Writes the page; ``lang`` is the language it opens in, ``others`` are plans for other service patterns shown beside it."""
    pages = {code: _page(Case(folder, network, code, others=others)) for code in ("zh", "en")}
    words = {code: {key: word(HEADINGS, key, code) for key in HEADINGS} for code in pages}
    write_page(path, pages, words, lang, cell_text)


def cell_text(value: Cell, key: str) -> str:
    """A cell as a person reads it: thousands separated, shares in percent, nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if key in SHARES:
        return percent(value)
    if key in PLAIN:
        return f"{value:g}"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}" if abs(value) < 1000 else f"{value:,.0f}"


def _page(case: Case) -> Row:
    folder, scenario, lang = case.folder, case.scenario, case.lang
    return {
        "title": answer.title(case), "name": scenario.name_zh if lang == "zh" else scenario.name_en, "numbers": answer.numbers(case),
        "paragraphs": answer.paragraphs(case), "unmet": _unmet(case), "boatless": boatless_table(case), "violations": _violations(case), "clusters": _clusters(case),
        "segments": _segments(case), "estimated": scenario.estimated, "attribution": scenario.attribution, "figures": _figures(case),
        "tables": [("duties", _duties(case)), ("money", _money(case))], "board": board_text(scenario, folder.plan, lang), "info": folder.info,
    }  # fmt: skip


def _figures(case: Case) -> list[View]:
    folder = case.folder

    def ask(name: str, line: str = "") -> View:
        return show(name, folder, case.network, lang=case.lang, line=line, others=case.others)

    found: list[View] = []
    if folder.plan.sailings:
        found = [ask("map"), *(ask("timetable", line) for line in groups(folder))]
        found += [ask(name) for name in ("frequency", "loads", "left-behind", "vessels", "berths")]
    return [*found, ask("gap")] if folder.trace else found


def _unmet(case: Case) -> Table:
    heads = {"port": ("港口", "port"), "rule": ("规则", "rule"), "required": ("要求", "required"), "found": ("本方案", "found"),
             "short": ("相差", "short by"), "remedy": ("解决办法", "what would make it possible")}  # fmt: skip
    rows = []
    for o in case.folder.audit["obligations"]:
        if not o["met"]:
            required, found, remedy = (_said(case, text) for text in (o["required"], o["found"], o[f"remedy_{case.lang}"]))
            short = f"{o['amount']:,} {word(UNITS, o['unit'], case.lang)}"
            rows.append(
                (short_port(case.scenario, o["port"], case.lang), word(RULES, o["rule"], case.lang), required, found, short, remedy)
            )
    return Table(case.columns(heads), tuple(rows))


def _violations(case: Case, most: int = 60) -> Table:
    heads = {"rule": ("规则", "rule"), "where": ("位置", "where"), "amount": ("数量", "amount"), "note": ("说明", "note")}
    rows = []
    for v in case.folder.audit["violations"][:most]:
        amount = f"{v['amount']:,} {word(UNITS, v['unit'], case.lang)}"
        note = v["note_zh"] if case.lang == "zh" else v["note"]
        rows.append((word(RULES, v["rule"], case.lang), _said(case, v["where"]), amount, _said(case, note)))
    return Table(case.columns(heads), tuple(rows))


def _said(case: Case, text: str) -> str:
    return audit_text(case.scenario, text, case.lang)


def _clusters(case: Case) -> Table:
    heads = {
        "name": ("片区", "part"),
        "plan": ("方案", "plan"),
        "bound": ("下界", "bound"),
        "gap": ("差距", "gap"),
        "certified": ("证明", "certificate"),
    }
    return Table(case.columns(heads), tuple(answer.cluster_rows(case.scenario, case.folder.info, case.lang)))


def _segments(case: Case) -> Table:
    heads = {"segment": ("类别", "kind"), "wanted": ("欲行≈", "wanted ≈"), "served": ("成行", "served"), "left": ("滞留", "left behind"),
             "transfers": ("换乘", "change boats"), "shift": ("平均改时(分)", "mean shift, min"), "door": ("平均全程(分)", "mean trip, min")}  # fmt: skip
    rows = []
    for name, r in case.folder.metrics["segments"].items():
        if r["wanted"]:
            rows.append(
                (
                    word(SEGMENTS, name, case.lang),
                    r["wanted"],
                    r["served"],
                    r["left"],
                    r["transfers"],
                    r["mean_shift_min"],
                    r["mean_door_to_door_min"],
                )
            )
    return Table(case.columns(heads), tuple(rows))


def _duties(case: Case) -> Table:
    heads = {
        "port": ("港口", "port"),
        "rule": ("规则", "rule"),
        "required": ("要求", "required"),
        "found": ("本方案", "found"),
        "met": ("满足", "met"),
    }
    rows = []
    for o in case.folder.audit["obligations"]:
        name, rule = short_port(case.scenario, o["port"], case.lang), word(RULES, o["rule"], case.lang)
        rows.append((name, rule, _said(case, o["required"]), _said(case, o["found"]), "✓" if o["met"] else "✗"))
    return Table(case.columns(heads), tuple(rows))


def _money(case: Case) -> Table:
    heads: dict[str, tuple[str, str]] = {
        "line": ("航线", "line"), "operator": ("经营人", "operator"), "sailings": ("航次", "sailings"), "vessel_hours": ("船时", "vessel hours"),
        "cost_yuan": ("成本(元)", "cost, yuan"), "revenue_yuan": ("票款(元)", "fares, yuan"), "subsidy_yuan": ("补贴(元)", "subsidy, yuan"),
    }  # fmt: skip
    columns: tuple[Column, ...] = case.columns(heads)
    rows: list[tuple[Cell, ...]] = []
    for r in case.folder.money:
        names = (line_name(case.scenario, r["line"], case.lang), operator_name(case.scenario, r["operator"], case.lang))
        rows.append((*names, int(r["sailings"]), *(float(r[key]) for key in list(heads)[3:])))
    return Table(columns, tuple(rows))

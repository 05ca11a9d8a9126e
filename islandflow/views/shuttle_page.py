"""The report page of a shuttle plan and the cards of its stops: one file each, no network, both languages, the answer first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape

from islandflow.shuttle.folder import ShuttleFolder
from islandflow.shuttle.island import islands_with_buses
from islandflow.views.page import TEMPLATES, write_page
from islandflow.views.shuttle import NAMES, Ashore, show
from islandflow.views.shuttle_lines import all_line_views
from islandflow.views.shuttle_lines_page import gaps_apart, line_cards, line_numbers, line_paragraphs, line_sections, lines_title
from islandflow.views.shuttle_moves import sections as moved_sections
from islandflow.views.shuttle_words import BINDS
from islandflow.views.style import money, percent
from islandflow.views.typography import fullwidth
from islandflow.views.view import Cell, Table
from islandflow.views.words import HEADINGS, word

Row = dict[str, Any]
ESTIMATED = (
    "≈ 道路、车辆、充电桩为合成数据，乘车比例、能耗与成本为估计；船班与乘客来自轮渡方案。",
    "≈ Roads, vehicles and chargers are synthetic; the share who ride, consumption and costs are estimates; boats and people are those of the ferry plan.",
)
ISLANDS = ("各岛", "By island")


def write_shuttle_report(folder: ShuttleFolder, path: Path, lang: str) -> None:
    """Writes the page; ``lang`` is the language it opens in."""
    words = {c: {**{k: word(HEADINGS, k, c) for k in HEADINGS}, "estimated": ESTIMATED[c != "zh"], "clusters": ISLANDS[c != "zh"]} for c in ("zh", "en")}
    pages = {code: _page(folder, code) for code in ("zh", "en")}
    write_page(path, pages, words, lang, lambda value, _: f"{value:,}" if isinstance(value, int) else "" if value is None else str(value))


def _page(folder: ShuttleFolder, lang: str) -> Row:
    zh = lang == "zh"
    cases = [Ashore(folder, i, lang) for i in folder.plan.days]
    loads = [x for c in cases for x in c.rows["loads"]]
    taken = sum(x["people"] for x in loads)
    unserved = sum(x["people"] for c in cases for x in c.rows["unserved"])
    wait = sum(x["people"] * x["wait_min"] for x in loads) / max(1, taken)
    ride = sum(x["people"] * x["ride_min"] for x in loads) / max(1, taken)
    vehicles = sum(len(c.plan.vehicles) for c in cases)
    available = sum(b.count for c in cases for b in c.island.day.buses)
    service = folder.scenario.services[folder.plan.service]
    gap = folder.info["gap"]
    where = "、".join(c.name for c in cases) if zh else ", ".join(c.name for c in cases)
    if zh:
        title = f"{service.name_zh},{where}:{vehicles} 辆车接送 {taken:,} 人,{unserved} 人未接送,人均等候 {wait:.1f} 分钟"
    else:
        title = f"{service.name_en[:1].upper()}{service.name_en[1:]}, {where}: {vehicles} vehicles take {taken:,} people, {unserved} not taken, {wait:.1f} minutes of waiting a person"
    lines = lines_title(folder, zh)
    if lines and cases:
        title += (";" if zh else "; ") + lines
    elif lines:
        title = f"{service.name_zh}:{lines}" if zh else f"{service.name_en[:1].upper()}{service.name_en[1:]}: {lines}"
    violations = folder.audit["violations"]
    share = f"{taken / max(1, taken + unserved):.1%}"
    metres = sum(r["metres"] for c in cases for r in c.rows["runs"])
    numbers = [
        ("接送" if zh else "taken", f"{taken:,}", (f"占要乘车者 {share}" if zh else f"{share} of those who would ride")),
        ("人均等候" if zh else "waiting", f"{wait:.1f} {'分钟' if zh else 'min'}", (f"乘车 {ride:.0f} 分钟" if zh else f"{ride:.0f} min on board")),
        ("车辆" if zh else "vehicles", f"{vehicles}", (f"可用 {available} 辆 ≈" if zh else f"of {available} ≈")),
        ("日总成本" if zh else "cost of the day", money(folder.plan.objective, lang), ("含乘客时间" if zh else "with people's time")),
        ("可证差距" if zh else "certified gap", "-" if gap is None else percent(gap), (f"净差距 {percent(folder.info['gap_net'] or 0)}" if zh else f"net {percent(folder.info['gap_net'] or 0)}")),
    ]  # fmt: skip
    clean = "审计无违规:无人误船,电量、充电桩、休息与座位均合规。" if zh else "The audit finds no violation: no missed boat; batteries, chargers, breaks and seats hold."
    paragraphs = [
        (("可证程度" if zh else "How good"), _proof(folder, zh)),
        (("审计" if zh else "The audit"), clean if not violations else (f"审计违规 {len(violations)} 条,见下。" if zh else f"{len(violations)} violations, listed below.")),
        (("未接送" if zh else "Not taken"), _why(cases, zh)),
        (("里程" if zh else "On the road"), (f"载客里程 {metres / 1000:,.0f} 公里,充电 {sum(len(c.plan.charges) for c in cases)} 次。" if zh else f"{metres / 1000:,.0f} km with people on board, {sum(len(c.plan.charges) for c in cases)} charges.")),
    ]  # fmt: skip
    if not cases:
        paragraphs, numbers = paragraphs[1:2], line_numbers(folder, zh)
    elif lines:
        paragraphs[0] = (paragraphs[0][0], paragraphs[0][1] + gaps_apart(folder, zh))
    paragraphs += line_paragraphs(folder, zh)
    told = [[v["island_id"], v["rule"], v["where"], v["amount"], v["unit"], v["note_zh" if zh else "note"]] for v in violations]
    heads = ("岛", "规则", "位置", "数值", "单位", "说明") if zh else ("island", "rule", "where", "amount", "unit", "note")
    figures = [replace(show(name, folder, lang=lang, island=c.island_id), name=name) for c in cases for name in NAMES]
    figures += all_line_views(folder, lang)
    nothing = Table((), ())
    return {
        "title": fullwidth(title) if zh else title, "paragraphs": [(a, fullwidth(b) if zh else b) for a, b in paragraphs], "name": where, "unmet": nothing, "violations": _table(heads, told), "clusters": _islands(cases, folder, zh) if cases else nothing, "segments": nothing,
        "board": "", "estimated": True, "attribution": folder.scenario.attribution, "numbers": numbers, "figures": [v for v in figures if v.table.rows or v.name != "left"],
        "tables": [], "info": folder.info, "sections": [*moved_sections(folder, lang), *line_sections(folder, zh)],
    }  # fmt: skip


def _proof(folder: ShuttleFolder, zh: bool) -> str:
    gap = folder.info["gap"]
    if gap is None:
        return "尚无证明。" if zh else "Nothing is proven."
    if gap == 0:
        return "已证明没有更好的方案(在所给车辆、时刻与规则下)。" if zh else "No plan of these vehicles, boats and rules costs less: proven."
    return f"在这些车辆、船班与规则下,任何方案至多再好 {percent(gap)}。" if zh else f"No plan with these vehicles, boats and rules can be more than {percent(gap)} better."


def _why(cases: Sequence[Ashore], zh: bool) -> str:
    binds: dict[str, int] = defaultdict(int)
    for row in (r for c in cases for r in c.rows["unserved"]):
        binds[row["binds"]] += row["people"]
    if not binds:
        return "所有要乘车的人都接送。" if zh else "Everyone who would ride is taken."
    parts = [f"{BINDS[b][0]} {n} 人" if zh else f"{BINDS[b][1]}: {n}" for b, n in sorted(binds.items(), key=lambda x: -x[1]) if b in BINDS]
    return (",".join(parts) + "。") if zh else ", ".join(parts) + "."


def _islands(cases: Sequence[Ashore], folder: ShuttleFolder, zh: bool) -> Table:
    heads = ("岛", "船次", "要乘车", "接送", "车辆", "成本(元)", "下界(元)", "差距") if zh else ("island", "boat calls", "would ride", "taken", "vehicles", "cost, CNY", "bound, CNY", "gap")
    rows = []
    for c, proof in zip(cases, folder.plan.proofs, strict=True):
        taken = sum(x["people"] for x in c.rows["loads"])
        gap = percent((proof.objective - proof.bound) / proof.objective) if proof.objective else "-"
        rows.append([c.name, len(c.island.day.calls), c.island.day.people, taken, len(c.plan.vehicles), proof.objective // 100, proof.bound // 100, gap])
    return _table(heads, rows)


def _table(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Table:
    return Table(tuple((head, head) for head in heads), tuple(tuple(row) for row in rows))


def write_cards(folder: ShuttleFolder, path: Path, lang: str) -> None:
    """A card a stop, to print: when the bus comes for which boat, and when it brings people home; both languages on one sheet."""
    lines, cards = line_cards(folder), []
    for island in dict.fromkeys([*folder.plan.days, *folder.plan.lines]):
        zh, en = Ashore(folder, island, "zh"), Ashore(folder, island, "en")
        rows = zh.rows["cards"] if island in folder.plan.days else []
        for stop in sorted({r["stop"] for r in rows} | {s for i, s in lines if i == island}):
            lists: dict[str, dict[tuple[str, str, str, str], str]] = {"boat": {}, "home": {}}
            for r in rows:
                if r["stop"] == stop:
                    lists[r["direction"]][r["at_stop"], r["quay"], r["at_quay"], r["boat_minute"]] = _far(folder, r["sailing"], r["quay"], r["direction"], lang)
            cards.append({"island": (zh.name, en.name), "stop": (zh.node(stop), en.node(stop)), "lines": lines.get((island, stop), []), "lists": {
                k: [(a, (zh.node(q), en.node(q)), b, m, far) for (a, q, b, m), far in sorted(v.items())] for k, v in lists.items()}})  # fmt: skip
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(default=True, default_for_string=True))
    service = folder.scenario.services[folder.plan.service]
    html = environment.get_template("cards.html.j2").render(cards=cards, lang=lang, service=(service.name_zh, service.name_en), islands=islands_with_buses(folder.scenario))
    path.write_text(html, encoding="utf-8")


def _far(folder: ShuttleFolder, sailing: str, quay: str, direction: str, lang: str) -> str:
    """Where the boat goes, or comes from."""
    found = folder.ferry.by_id()[sailing]
    port = folder.scenario.ports[found.ports[-1] if direction == "boat" else found.ports[0]]
    return "" if port.port_id == quay else port.name_zh if lang == "zh" else port.name_en

"""The report page: one file, no network, Chinese and English, the answer first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from plotly.offline import get_plotlyjs

from islandflow.ferry.folder import PlanFolder
from islandflow.network.sea import SeaNetwork
from islandflow.views.gallery import show
from islandflow.views.style import money, port_name
from islandflow.views.timetable import groups
from islandflow.views.view import View
from islandflow.views.words import CAPTIONS, HEADINGS

TEMPLATES = Path(__file__).parent / "templates"
Row = dict[str, Any]


def write_report(folder: PlanFolder, network: SeaNetwork, path: Path, lang: str = "zh") -> None:
    """Writes the page; ``lang`` is the language it opens in."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(default=True, default_for_string=True))
    pages = {code: _page(folder, network, code) for code in ("zh", "en")}
    figures = {code: [json.loads(v.figure.to_json()) for v in page["figures"]] for code, page in pages.items()}
    html = environment.get_template("report.html.j2").render(
        pages=pages, opens="en" if lang == "en" else "zh", words=HEADINGS, plotly=get_plotlyjs(),
        # a name in a table must not be able to end the script element
        figures=json.dumps(figures, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
    )  # fmt: skip
    path.write_text(html, encoding="utf-8")


def _page(folder: PlanFolder, network: SeaNetwork, lang: str) -> Row:
    m, info, zh = folder.metrics, folder.info, lang == "zh"
    service = folder.scenario.services[folder.plan.service]
    name = service.name_zh if zh else service.name_en
    gap = info.get("gap")
    # nothing is called proven unless the obligations are as well met as they can be, and the audit is clean
    certified = gap is not None and info["stage1"]["proven"] and folder.audit["clean"]
    rounded = None if gap is None or not certified else f"{-(-gap * 1000 // 1) / 10:.1f} %"
    if zh:
        title = f"{name}:{m['sailings']:,} 航次,{m['people_served']:,} 人次" + (f",可证明距最优不超过 {rounded}" if rounded else "")
        proof = f"任何时刻表都不可能比本方案好 {rounded} 以上。" if rounded else "本方案的优劣尚未证明。"
    else:
        title = f"{name}: {m['sailings']:,} sailings, {m['people_served']:,} trips" + (
            f", proven within {rounded} of the best" if rounded else ""
        )
        title = title[0].upper() + title[1:]
        proof = (
            f"No timetable can be more than {rounded} better than this one." if rounded else "How good this plan is has not been proven."
        )
    if info["stage1"]["violations"] and not info["stage1"]["proven"]:
        proof += " 民生保障是否必然不足尚未证明。" if zh else " Whether the obligations must fall short has not been proven."
    net = info.get("gap_net")
    if net is not None:
        proof += f" 去除无法节省的乘船时间后为 {net:.1%}。" if zh else f" Without the time that nobody can save it is {net:.1%}."
    unmet = [
        {**o, "name": port_name(folder.scenario, o["port"], lang), "remedy": o["remedy_zh" if zh else "remedy_en"]}
        for o in folder.audit["obligations"]
        if not o["met"]
    ]
    return {
        "title": title, "proof": proof, "name": folder.scenario.name_zh if zh else folder.scenario.name_en, "unmet": unmet,
        "violations": folder.audit["violations"], "estimated": folder.scenario.estimated, "attribution": folder.scenario.attribution,
        "numbers": _numbers(folder, lang), "figures": _figures(folder, network, lang), "tables": _tables(folder, lang), "info": info,
    }  # fmt: skip


def _numbers(folder: PlanFolder, lang: str) -> list[tuple[str, str, str]]:
    m, info, zh = folder.metrics, folder.info, lang == "zh"
    gap = info.get("gap")
    duties = folder.audit["obligations"]
    met = sum(o["met"] for o in duties)
    left = m["people_left"]
    return [
        ("服务人次" if zh else "served", f"{m['people_served']:,}", f"占 {m['people_wanted']:,} 的 {m['people_served'] / max(1, m['people_wanted']):.1%},{left:,} 人滞留" if zh
         else f"{m['people_served'] / max(1, m['people_wanted']):.1%} of {m['people_wanted']:,}; {left:,} left behind"),
        ("平均改时" if zh else "mean shift", f"{m['mean_shift_min'] or 0:.0f} " + ("分钟" if zh else "min"), "与期望开航时刻之差" if zh else "from the wanted departure"),
        ("船队成本" if zh else "fleet cost", money(m["cost_yuan"] * 100, lang), (f"票款 {money(m['revenue_yuan'] * 100, lang)}" if zh else f"fares {money(m['revenue_yuan'] * 100, lang)}")),
        ("民生保障" if zh else "obligations", f"{met} / {len(duties)}", ("条满足" if zh else "rules met")),
        ("与下界差距" if zh else "gap to the bound", "–" if gap is None else f"{gap:.1%}", (f"总成本 {money(folder.audit['objective_fen'], lang)}" if zh else f"total cost {money(folder.audit['objective_fen'], lang)}")),
    ]  # fmt: skip


def _figures(folder: PlanFolder, network: SeaNetwork, lang: str) -> list[View]:
    found = []
    if folder.plan.sailings:
        found = [show(name, folder, network, lang=lang) for name in ("map", "loads", "frequency", "left-behind", "vessels", "berths")]
        found[1:1] = [show("timetable", folder, network, lang=lang, line=line) for line in groups(folder)]
    return [*found, show("gap", folder, network, lang=lang)] if folder.trace else found


def _tables(folder: PlanFolder, lang: str) -> list[tuple[str, list[str], list[list[str]]]]:
    words = CAPTIONS[lang]
    scenario = folder.scenario
    calls = [
        [
            s.id,
            s.line,
            " → ".join(port_name(scenario, p, lang) for p in s.ports),
            f"{s.departs // 60:02d}:{s.departs % 60:02d}",
            f"{s.arrives // 60:02d}:{s.arrives % 60:02d}",
            s.vessel,
        ]
        for s in folder.plan.sailings
    ]
    duties = [[o["obligation_id"], o["rule"], o["required"], o["found"], "✓" if o["met"] else "✗"] for o in folder.audit["obligations"]]
    money_rows = [
        [str(r[c]) for c in ("line", "operator", "sailings", "vessel_hours", "cost_yuan", "revenue_yuan", "subsidy_yuan")]
        for r in folder.money
    ]
    heads = words["heads"]
    return [(words["all"][0], heads[0], calls), (words["all"][1], heads[1], duties), (words["all"][2], heads[2], money_rows)]

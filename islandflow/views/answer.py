"""The answer a report opens on: what runs, who is served and who has no boat at all, what it costs, how good it is proven to be, which obligations are met."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from islandflow.ferry.folder import PlanFolder
from islandflow.scenario.entities import Scenario
from islandflow.views.boatless import boatless_sentence
from islandflow.views.names import clock_text, cluster_name, line_name, part_name, service_name
from islandflow.views.style import money, percent
from islandflow.views.view import Case
from islandflow.views.words import STATUS, word

Row = dict[str, Any]


@dataclass(frozen=True)
class Proof:
    """What a plan folder lets one claim. ``gap`` is a fraction; ``certified`` only where bound, obligations and audit all hold."""

    gap: float | None
    certified: bool
    optimal: bool

    @property
    def rounded(self) -> str:
        """The gap in percent, rounded up to a tenth: never less than what is proven."""
        return "" if self.gap is None else f"{math.ceil(round(self.gap * 1000, 6)) / 10:.1f}"


def proof_of(folder: PlanFolder) -> Proof:
    """Nothing is called proven unless the obligations are as well met as they can be, and the audit is clean."""
    gap = folder.info.get("gap")
    certified = gap is not None and bool(folder.info["stage1"]["proven"]) and bool(folder.audit["clean"])
    return Proof(gap, certified, certified and folder.info["status"] == "optimal")


def title(case: Case) -> str:
    """The result in one sentence."""
    m, proof = case.folder.metrics, proof_of(case.folder)
    name = service_name(case.scenario, case.folder.plan.service, case.lang)
    name = name[:1].upper() + name[1:]
    if proof.optimal:
        claim = case.say(",已证明最优", ", proven optimal")
    elif proof.certified:
        claim = case.say(f",可证明距最优不超过 {proof.rounded} %", f", proven within {proof.rounded} % of the best")
    else:
        claim = ""
    return case.say(f"{name}:{m['sailings']:,} 班,{m['people_served']:,} 人次{claim}",
                    f"{name}: {m['sailings']:,} sailings, {m['people_served']:,} trips{claim}")  # fmt: skip


def certificate(case: Case) -> str:
    """How good the plan is, in words that can be repeated in a meeting."""
    info, proof = case.folder.info, proof_of(case.folder)
    value = case.folder.audit["objective_fen"]
    if not proof.certified:
        return _no_certificate(case)
    size = f"{info.get('candidates', 0):,}"
    if proof.optimal:
        return case.say(f"在给定的船队、需求和 {size} 个候选航次下,没有任何时刻表的社会总成本低于本方案的 {money(value, 'zh')}:本方案已证明最优,下界与方案相等,分文不差。",
                        f"With this fleet, this demand and {size} candidate sailings, no timetable costs society less than the {money(value, 'en')} of this one: it is proven "
                        "optimal, bound and plan meet to the fen.")  # fmt: skip
    bound = info["bound"]
    text = case.say(
        f"在给定的船队、需求和 {size} 个候选航次下,任何时刻表的社会总成本都不低于 {money(bound, 'zh')};本方案为 {money(value, 'zh')}。"
        f"也就是说,任何时刻表都不可能比本方案好 {proof.rounded} % 以上。这是证明,不是估计;真正的最优可能就是本方案,也可能更省,至多省 {money(value - bound, 'zh')}。",
        f"With this fleet, this demand and {size} candidate sailings, every timetable costs society at least {money(bound, 'en')}; this one costs {money(value, 'en')}. "
        f"No timetable can be more than {proof.rounded} % better than this one. That is proven, not estimated; the best may be this plan itself, or cheaper by at most {money(value - bound, 'en')}.",
    )
    net = info.get("gap_net")
    if net is not None:
        text += case.say(f"若从两边扣除谁也省不掉的成本(如最短乘船时间),差距为 {percent(net)}。",
                         f" With the cost that nobody can avoid (the shortest ride) taken off both sides the gap is {percent(net)}.")  # fmt: skip
    return text


def _no_certificate(case: Case) -> str:
    info, audit = case.folder.info, case.folder.audit
    reasons = []
    if info.get("gap") is None:
        reasons.append(case.say("没有与之比较的下界", "there is no bound to compare it with"))
    if not info["stage1"]["proven"] and info.get("gap") is not None:
        reasons.append(case.say("民生保障能否满足得更好尚未证明", "whether the obligations could be met better has not been proven"))
    if not audit["clean"]:
        reasons.append(case.say("审计发现违规", "the audit found violations"))
    return (
        case.say("本方案的优劣未作证明:", "How good this plan is has not been proven: ")
        + case.say(";", "; ").join(reasons)
        + case.say("。", ".")
    )


def numbers(case: Case) -> list[tuple[str, str, str]]:
    """Five numbers, each with its unit and what to compare it with."""
    m, proof = case.folder.metrics, proof_of(case.folder)
    duties = case.folder.audit["obligations"]
    met = sum(o["met"] for o in duties)
    share = m["people_served"] / max(1, m["people_wanted"])
    return [
        (case.say("成行", "served"), case.say(f"{m['people_served']:,} 人次", f"{m['people_served']:,} trips"),
         case.say(f"≈{m['people_wanted']:,} 的 {percent(share)};滞留 {m['people_left']:,}", f"{percent(share)} of ≈{m['people_wanted']:,} wanted; {m['people_left']:,} left behind")),
        (case.say("平均改时", "mean shift"), f"{m['mean_shift_min'] or 0:.0f} " + case.say("分钟", "min"), case.say("实际开航与期望时刻之差", "between wanted and actual departure")),
        (case.say("船队成本", "fleet cost"), money(m["cost_yuan"] * 100, case.lang),
         case.say(f"票款 {money(m['revenue_yuan'] * 100, 'zh')},需补贴 {money(m['subsidy_yuan'] * 100, 'zh')}",
                  f"fares {money(m['revenue_yuan'] * 100, 'en')}, subsidy {money(m['subsidy_yuan'] * 100, 'en')}")),
        (case.say("民生保障", "obligations"), f"{met} / {len(duties)}", case.say("条满足", "rules met")),
        (case.say("与下界差距", "gap to the bound"), "–" if proof.gap is None else f"{proof.rounded} %",
         _claim(case, proof)),
    ]  # fmt: skip


def _claim(case: Case, proof: Proof) -> str:
    if proof.optimal:
        return case.say("已证明最优", "proven optimal")
    if proof.certified:
        return case.say("已证明:至多还能再省这么多", "proven: no more than this can be saved")
    status = word(STATUS, case.folder.info["status"], case.lang)
    return case.say(f"未作证明({status})", f"not proven ({status})")


def paragraphs(case: Case) -> list[tuple[str, str]]:
    """(heading, sentence): what runs, who is served, who has no boat, what it costs, how good it is, obligations."""
    return [
        (case.say("运行安排", "What runs"), _runs(case)),
        (case.say("服务对象", "Who is served"), _served(case)),
        (case.say("无船可乘", "Without any boat"), boatless_sentence(case)),
        (case.say("成本", "What it costs"), _costs(case)),
        (case.say("质量证明", "How good it is"), certificate(case)),
        (case.say("民生保障", "Obligations"), _duties(case)),
    ]


def _runs(case: Case) -> str:
    m, sailings = case.folder.metrics, case.folder.plan.sailings
    if not sailings:
        return case.say("没有航次。", "No sailings.")
    lines = {s.line for s in sailings if s.line in case.scenario.lines}
    fresh = [s for s in sailings if s.line not in case.scenario.lines]
    ways = len({min(s.ports, s.ports[::-1]) for s in fresh})
    first, last = (clock_text(t, case.lang) for t in (min(s.departs for s in sailings), max(s.arrives for s in sailings)))
    text = case.say(
        f"{m['vessels']} 艘船(共有 {m['vessels_available']} 艘)开行 {m['sailings']:,} 班,{first} 首开,{last} 末到,共 {m['vessel_hours']:,.0f} 船时;"
        f"{len(case.scenario.lines)} 条现有航线中开行 {len(lines)} 条",
        f"{m['vessels']} of {m['vessels_available']} vessels make {m['sailings']:,} sailings from {first} to {last}, {m['vessel_hours']:,.0f} vessel-hours, on {len(lines)} of "
        f"{len(case.scenario.lines)} lines of today",
    )
    if fresh:
        text += case.say(f",另有 {len(fresh)} 班走 {ways} 种新辟航线", f" and {len(fresh)} more on {ways} new patterns")
    return _by_hand(case) + text + case.say("。", ".")


def _by_hand(case: Case) -> str:
    """Said first of a timetable that nobody planned here: whose it is, and how many of its times are estimates."""
    made, guessed = case.folder.info.get("timetable"), case.folder.info.get("timetable_estimated")
    if not made:
        return ""
    text = case.say(f"本时刻表非计算所得,而是照原样评判 {made}。", f"Nobody planned this: the timetable {made} is judged as it stands. ")
    if guessed:
        few = f"{guessed:,} / {len(case.folder.plan.sailings):,}"
        text += case.say(f"≈ 其中 {few} 班的时刻为估计。", f"≈ The times of {few} sailings are estimates. ")
    return text


def _served(case: Case) -> str:
    m = case.folder.metrics
    local = [m["segments"][s] for s in ("resident", "commuter", "medical")]
    wanted, left = sum(r["wanted"] for r in local), sum(r["left"] for r in local)
    cars = m["segments"]["vehicle"]
    transfer = (m["transfer_share"] or 0) * 100
    return case.say(
        f"{m['people_wanted']:,} 人次需求(≈)中 {m['people_served']:,} 人次成行,{m['people_left']:,} 人次滞留;其中居民、通勤和就医 {wanted:,} 人次,滞留 {left:,}。"
        f"平均改时 {m['mean_shift_min'] or 0:.0f} 分钟,{transfer:.1f} % 换乘一次,从开航到终点平均 {m['mean_door_to_door_min'] or 0:.0f} 分钟。"
        f"车辆另计:{cars['wanted']:,} 辆中滞留 {cars['left']:,} 辆。",
        f"Of {m['people_wanted']:,} trips wanted (≈) {m['people_served']:,} are made and {m['people_left']:,} left behind; of {wanted:,} by residents, commuters and patients, {left:,}. "
        f"The mean shift is {m['mean_shift_min'] or 0:.0f} min, {transfer:.1f} % change boats once, a trip takes {m['mean_door_to_door_min'] or 0:.0f} min on average. "
        f"Vehicles apart: {cars['left']:,} of {cars['wanted']:,} left behind.",
    )


def _costs(case: Case) -> str:
    m, audit = case.folder.metrics, case.folder.audit["money_fen"]
    parts = [money(x * 100, case.lang) for x in (m["cost_yuan"], m["revenue_yuan"], m["subsidy_yuan"])]
    text = case.say(
        f"船队成本 {parts[0]},票款 {parts[1]};亏损航线合计需补贴 {parts[2]}",
        f"The fleet costs {parts[0]}, fares bring {parts[1]}; lines that lose need {parts[2]} of subsidy",
    )
    worst = max(case.folder.money, key=lambda r: float(r["subsidy_yuan"]), default=None)
    if worst and float(worst["subsidy_yuan"]) > 0:
        name, most = line_name(case.scenario, worst["line"], case.lang), money(float(worst["subsidy_yuan"]) * 100, case.lang)
        text += case.say(f",最多的是 {name}({most})", f"; the largest is {name} ({most})")
    whole, time, left = (money(audit[k], case.lang) for k in ("objective", "travellers", "left_behind"))
    text += case.say(
        f"。社会总成本 {whole}:船队成本,加旅客时间 {time},加滞留 {left}。",
        f". Society pays {whole}: the fleet, {time} of travellers' time, {left} for those left behind.",
    )
    if audit.get("wishes"):
        lost = money(audit["wishes"], case.lang)
        text += case.say(f"其中未兑现的骨干及愿望班次计 {lost}。", f" In it {lost} for core departures and other wishes that do not run.")
    return text + case.say(
        f"燃油 {m['fuel_l']:,.0f} 升,二氧化碳 {m['co2_kg'] / 1000:,.0f} 吨。",
        f" Fuel {m['fuel_l']:,.0f} l, CO₂ {m['co2_kg'] / 1000:,.0f} t.",
    )


def _duties(case: Case) -> str:
    duties = case.folder.audit["obligations"]
    unmet = [o for o in duties if not o["met"]]
    ports = len({o["obligation_id"] for o in duties})
    clean = case.say("独立审计无违规。", " The independent audit is clean.") if case.folder.audit["clean"] else case.say(
        f"独立审计发现 {len(case.folder.audit['violations'])} 处违规,见下表。", f" The independent audit found {len(case.folder.audit['violations'])} violations, listed below.")  # fmt: skip
    if not duties:
        return case.say("没有民生保障要求。", "No obligations are asked for.") + clean
    if not unmet:
        return (
            case.say(f"{ports} 项民生保障的 {len(duties)} 条规则全部满足。", f"All {len(duties)} rules of {ports} obligations are met.")
            + clean
        )
    text = case.say(
        f"{len(duties)} 条规则中 {len(unmet)} 条未满足,逐条列出并给出解决办法。",
        f"{len(unmet)} of {len(duties)} rules are not met; each is listed with its remedy.",
    )
    if case.folder.info["stage1"]["proven"] and case.folder.audit["clean"]:
        text += case.say("已证明现有船队无法满足更多。", " It is proven that no timetable of this fleet meets more.")
    return text + clean


def cluster_rows(scenario: Scenario, info: Row, lang: str) -> list[tuple[str, str, str, str, str]]:
    """Plan, bound, gap and certificate of each part; empty where the plan names none."""
    rows = []
    for c in info.get("clusters") or []:
        if c.get("ports"):
            name = part_name(scenario, c["ports"], lang)
        else:
            name = line_name(scenario, c["name"], lang) if c["name"] in scenario.lines else cluster_name(scenario, c["name"], lang)
        sure = ("已证明" if lang == "zh" else "proven") if c["certified"] else ("未证明" if lang == "zh" else "not proven")
        rows.append((name, money(c["plan"], lang), money(c["bound"], lang), f"{math.ceil(round(c['gap'] * 1000, 6)) / 10:.1f} %", sure))
    return rows

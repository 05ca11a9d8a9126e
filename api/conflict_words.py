"""The answer to `explain PLAN --conflicts`: obligations that cannot be met together and what would set them free, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from islandflow.ferry.folder import PlanFolder
from islandflow.ferry.problem import FerryProblem
from islandflow.network.sea import SeaNetwork
from islandflow.scenario.entities import Scenario
from islandflow.views.names import ids_named
from islandflow.views.words import RULES, audit_text, word
from solvers.contract import BadSetting, Watch
from solvers.ferry.conflicts import Finding, Rule, conflicts
from solvers.ferry.relief import Remedy, remedies

Rows = list[tuple[str, str]]
SHARE = 0.5  # of the time for finding the conflicts; the rest for their remedies
SHOWN = 5  # remedies of a conflict


@dataclass(frozen=True)
class Conflicts:
    """Unmet rules as the audit tells them, findings, the remedies of each, and rules that no timetable decides."""

    unmet: tuple[dict[str, object], ...]
    findings: tuple[Finding, ...]
    remedies: tuple[tuple[Remedy, ...], ...]
    apart: tuple[Rule, ...]

    def as_json(self) -> dict[str, object]:
        """Plain values for JSON."""
        return asdict(self)


def conflicts_of(folder: PlanFolder, network: SeaNetwork, seconds: float) -> Conflicts:
    """The conflicts behind the unmet obligations of a plan, within so many seconds."""
    if not 0 < seconds < 1e7:  # noqa: PLR2004
        raise BadSetting("--time-limit: give seconds above 0", "--time-limit:请给出大于 0 的秒数")
    unmet = tuple(dict(o) for o in folder.audit["obligations"] if not o["met"])
    rules = [(str(o["obligation_id"]), str(o["rule"])) for o in unmet]
    watch = Watch(seconds)
    problem = FerryProblem.from_scenario(folder.scenario, folder.plan.service, network)
    found = conflicts(problem, rules, watch.part(SHARE * watch.left()))
    relief = tuple(remedies(problem, f.core.rules, watch) if f.core else () for f in found)
    told = {r for f in found for r in f.unmet}
    return Conflicts(unmet, found, relief, tuple(r for r in dict.fromkeys(rules) if r not in told))


def conflict_rows(scenario: Scenario, answer: Conflicts, *, zh: bool) -> Rows:
    """What the table says, a line each."""
    if not answer.unmet:
        return [("结论" if zh else "answer", "民生保障全部满足,没有冲突" if zh else "every obligation is met: there is no conflict")]
    found: Rows = []
    for finding, relief in zip(answer.findings, answer.remedies, strict=True):
        found += _finding(scenario, answer, finding, relief, zh)
    for rule in answer.apart:
        note = "取决于座位分配,不由时刻表决定" if zh else "depends on who is seated, not on the timetable"
        found.append(("未满足" if zh else "unmet", f"{_rule(rule, zh)}:{note}" if zh else f"{_rule(rule, zh)}: {note}"))
    return found


def _finding(scenario: Scenario, answer: Conflicts, finding: Finding, relief: tuple[Remedy, ...], zh: bool) -> Rows:
    lang = "zh" if zh else "en"
    found = []
    for o in answer.unmet:
        if (o["obligation_id"], o["rule"]) in finding.unmet:
            asked = audit_text(scenario, f"{o['found']} ({o['required']})", lang)
            found.append(("未满足" if zh else "unmet", f"{_rule((str(o['obligation_id']), str(o['rule'])), zh)}: {asked}"))
    if finding.core is None:
        said = (
            ("可以同时满足:已证明存在这样的时刻表,请加长 --time-limit 重新编制", "undecided")
            if zh
            else ("they can be met together: a timetable that does was found; plan again with a longer --time-limit", "undecided")
        )
        unknown = "限时内未能判定,请加长 --time-limit" if zh else "not decided in this time; give a longer --time-limit"
        return [*found, ("结论" if zh else "answer", said[0] if finding.possible else unknown)]
    rules = [_rule(r, zh) for r in finding.core.rules]
    if len(rules) == 1:
        found.append(("无法满足" if zh else "cannot be met", rules[0]))
    else:
        found.append(("不能同时满足" if zh else "cannot be met together", rules[0]))
        found += [("", rule) for rule in rules[1:]]
        if finding.core.irreducible:
            found.append(("", "去掉其中任何一条,其余都可满足(已证明)" if zh else "without any one of them the others can (proven)"))
    found += list(_remedies(scenario, relief, zh))
    return found


def _remedies(scenario: Scenario, relief: tuple[Remedy, ...], zh: bool) -> Iterator[tuple[str, str]]:
    if not relief:
        said = (
            "未找到单项办法:须增加可航行该线的船舶或租船"
            if zh
            else "no single one found: a vessel or a charter that may sail there is needed"
        )
        yield ("办法" if zh else "remedy", said)
    for number, remedy in enumerate(relief[:SHOWN]):
        label = ("最省办法" if zh else "cheapest remedy") if number == 0 else ("或" if zh else "or")
        price = f"{remedy.price_fen / 100:,.0f} 元/日" if zh else f"CNY {remedy.price_fen / 100:,.0f} a day"
        yield label, f"{_words(scenario, remedy, zh)} ({price})"


def _words(scenario: Scenario, remedy: Remedy, zh: bool) -> str:
    fleet, _, port = remedy.where.partition(" ")
    lang = "zh" if zh else "en"
    if remedy.kind in ("vessel", "crew"):
        facts = scenario.fleets[fleet]
        name = f"{facts.name_zh if zh else facts.name_en} ({fleet})"
        if remedy.kind == "crew":
            return f"为 {name} 配第二班船员" if zh else f"a second crew for {name}"
        mooring = ids_named(scenario, (f",并在 {port} 增设一个过夜泊位" if zh else f" and a mooring at {port}") if port else "", lang)
        return (f"增加一艘 {name}" if zh else f"one more {name}") + mooring
    if remedy.kind in ("berth", "mooring"):
        what = {"berth": ("泊位", "berth"), "mooring": ("过夜泊位", "overnight mooring")}[remedy.kind]
        return ids_named(scenario, f"在 {fleet} 增设一个{what[0]}" if zh else f"one more {what[1]} at {fleet}", lang)
    rule = _rule((fleet, port), zh)
    if remedy.kind == "sailing":
        return f"{rule} 减少 {remedy.amount} 班" if zh else f"{rule}: {remedy.amount} fewer"
    return f"{rule} 放宽 {remedy.amount} 分钟" if zh else f"{rule}: {remedy.amount} min easier"


def _rule(rule: Rule, zh: bool) -> str:
    return f"{rule[0]} {word(RULES, rule[1], 'zh' if zh else 'en')}"

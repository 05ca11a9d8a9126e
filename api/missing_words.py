"""The answer to `explain PLAN --missing FROM TO TIME` in words, a line each."""

from __future__ import annotations

from islandflow.ferry.missing import Added, Departure, Missing
from islandflow.scenario.entities import Scenario
from islandflow.units import clock
from islandflow.views.names import ids_named
from islandflow.views.words import RULES, word

Rows = list[tuple[str, str]]
KINDS = {
    "at-hand": ("当日在航", "sails that day already"),
    "laid-up": ("当日停航,须另派", "lies idle that day: one more vessel in service"),
    "more": ("现有船舶都不行,须增加一艘", "no vessel at hand can: one more is needed"),
}
SHOWN = 4  # vessels named of those that a rule keeps away


def missing_rows(scenario: Scenario, answer: Missing, *, zh: bool) -> Rows:
    """What the table says, a line each."""
    places = {p.place_id: p.name_zh if zh else p.name_en for p in scenario.places.values()}
    way = f"{places[answer.from_place]} → {places[answer.to_place]} {clock(answer.minute)}"
    found = [("航次" if zh else "sailing", way)]
    found.append(("此前最近" if zh else "last before", _departure(answer.before, zh)))
    found.append(("此后最近" if zh else "first after", _departure(answer.after, zh)))
    if answer.added is None:
        found.append(("结论" if zh else "answer", "没有船可开,原因如下" if zh else "no vessel may sail it, for these reasons"))
    else:
        found += _added(scenario, answer.added, zh)
    for reason in answer.barred:
        who = ", ".join(reason.who[:SHOWN]) + (f" +{len(reason.who) - SHOWN}" if len(reason.who) > SHOWN else "")
        note = ids_named(scenario, reason.note_zh if zh else reason.note, "zh" if zh else "en")
        found.append((word(RULES, reason.rule, "zh" if zh else "en"), f"{note}:{who}" if zh else f"{note}: {who}"))
    return found


def _departure(found: Departure | None, zh: bool) -> str:
    if found is None:
        return "可改时范围内没有" if zh else "none within the shift window"
    change = "" if len(found.sailings) == 1 else ("(换乘一次)" if zh else " (one change)")
    return f"{clock(found.departs)}–{clock(found.arrives)} {' + '.join(found.sailings)}{change}"


def _added(scenario: Scenario, added: Added, zh: bool) -> Rows:
    names = {p.port_id: p.name_zh if zh else p.name_en for p in scenario.ports.values()}

    def yuan(fen: int) -> str:
        return f"{fen / 100:+,.0f} 元" if zh else f"CNY {fen / 100:+,.0f}"

    found = [("最省的船" if zh else "cheapest vessel", f"{added.vessel} ({KINDS[added.kind][0 if zh else 1]})")]
    for s in added.sailings:
        label = ("加开" if zh else "it would sail") if s is added.sailings[0] else ""
        found.append((label, f"{clock(s.departs)}–{clock(s.arrives)} {' – '.join(names[p] for p in s.ports)}"))
    if added.onward:
        found.append(("换乘" if zh else "change to", added.onward))
    people = "人" if zh else "people"
    found += [
        ("乘客" if zh else "aboard", f"{added.aboard:,} {people}"),
        ("多运" if zh else "more who travel", f"{added.carried:+,} {people}"),
        ("运营成本" if zh else "running cost", yuan(added.running_fen)),
        ("出行时间代价" if zh else "price of travel time", yuan(added.travellers_fen)),
        ("滞留代价" if zh else "price of those left", yuan(added.left_behind_fen)),
        ("合计" if zh else "total cost", yuan(added.total_fen)),
        ("结论" if zh else "answer", _verdict(added, zh)),
    ]
    return found + [
        ("民生保障得以满足" if zh else "obligation met by it", f"{o.obligation_id} {o.rule}: {o.found} ({o.required})") for o in added.met
    ]


def _verdict(added: Added, zh: bool) -> str:
    if added.total_fen > 0:
        return "可以开,但得不偿失,故未开" if zh else "it may run, but costs more than it saves: that is why it does not"
    if added.total_fen < 0:
        return "开行更省:方案尚可改进(差距之内)" if zh else "it would save money: the plan can be improved, within its gap"
    return "开与不开代价相同" if zh else "with it and without it cost the same"

"""Who is left without any boat, in words: by island and place, and what would make a boat possible."""

from __future__ import annotations

from islandflow.ferry.boatless import Boatless, without_boat
from islandflow.views.names import line_name, place_name, plain_island, short_port
from islandflow.views.style import money
from islandflow.views.view import Case, Cell, Table
from islandflow.views.words import word

NAMED = 5
HEADS = {
    "name": ("岛屿或地点", "island or place"), "wanted": ("欲行≈", "wanted ≈"), "residents": ("其中居民", "of them residents"),
    "obligation": ("民生保障", "obligation"), "remedy": ("怎样才能有船", "what would make a boat possible"),
}  # fmt: skip
WHY = {
    "period": ("本时期不开", "does not run in this service pattern"),
    "days": ("本时期的日期都不是开行日", "has no day of running in this service pattern"),
    "vessels": ("没有可用的船(船型、片区、经营人或艘数)", "has no vessel (class, cluster, operator or count)"),
}


def boatless(case: Case) -> tuple[Boatless, ...]:
    """The places of a plan from which nobody travels who wants to."""
    if "boatless" not in case.memory:
        case.memory["boatless"] = without_boat(case.scenario, case.folder.plan, case.network)
    found: tuple[Boatless, ...] = case.memory["boatless"]
    return found


def boatless_sentence(case: Case) -> str:
    """One or two sentences for the answer; names the largest."""
    found = boatless(case)
    if not found:
        return case.say("没有:凡有出行需求的地方,都有人乘船成行。", "Nobody: from every place where people want to travel, some do.")
    names = case.say("、", ", ").join(
        case.say(f"{_name(case, b)}({b.wanted:,} 人次)", f"{_name(case, b)} ({b.wanted:,} trips wanted)") for b in found[:NAMED]
    )
    more = case.say(f"等 {len(found)} 处", f" and {len(found) - NAMED} more") if len(found) > NAMED else ""
    return case.say(
        f"{names}{more}:没有人能乘船成行;怎样才能有船,见下表。",
        f"{names}{more}: nobody from or to there gets a boat. What would make one possible is told below.",
    )


def boatless_table(case: Case) -> Table:
    """A row an island or place: trips wanted, whether an obligation protects it, and the remedy."""
    rows: list[tuple[Cell, ...]] = []
    for b in boatless(case):
        unmet = any(o["obligation_id"] in b.obligations and not o["met"] for o in case.folder.audit["obligations"])
        duty = (
            case.say("无", "none")
            if not b.obligations
            else case.say("有,未满足", "yes, not met")
            if unmet
            else case.say("有,已满足", "yes, met")
        )
        rows.append((_name(case, b), b.wanted, b.residents, duty, _remedy(case, b)))
    return Table(case.columns(HEADS), tuple(rows))


def _name(case: Case, b: Boatless) -> str:
    island = plain_island(case.scenario, b.island, case.lang)
    if b.whole:
        return island
    places = case.say("、", ", ").join(place_name(case.scenario, p, case.lang) for p in b.places)
    return case.say(f"{island}·{places}", f"{places} ({island})") if island else places


def _remedy(case: Case, b: Boatless) -> str:
    ports = _ports(case, b.ports)
    if not b.ports:
        text = case.say(
            "从那里走陆路到不了任何港口:请在 land_links.csv 中补一行。",
            "No port can be reached from there by land: add a row to land_links.csv.",
        )
    elif b.lines:
        text = _possible(case, b)
    else:
        text = _no_candidate(case, b, ports)
    if b.overland:
        place, minutes = b.overland
        there = place_name(case.scenario, place, case.lang)
        text += case.say(f"走陆路到{there} {minutes} 分钟。", f" By land it is {minutes} min to {there}.")
    return text


def _no_candidate(case: Case, b: Boatless, ports: str) -> str:
    if not b.hindered:
        return case.say(f"没有候选航线停靠{ports}:现有航线表中无一经过;请在 line_patterns.csv 中补一条。",
                        f"No candidate line calls at {ports}: no line of the scenario does; add one to line_patterns.csv.")  # fmt: skip
    why = case.say(";", "; ").join(
        f"{line_name(case.scenario, line, case.lang)} {word(WHY, reason, case.lang)}" for line, reason in b.hindered
    )
    return case.say(f"没有候选航线停靠{ports}:{why}。", f"No candidate line calls at {ports}: {why}.")


def _possible(case: Case, b: Boatless) -> str:
    lines = case.say("、", ", ").join(line_name(case.scenario, line, case.lang) for line in b.lines[:NAMED])
    if len(b.lines) > NAMED:
        lines += case.say(f"等 {len(b.lines)} 条", f" and {len(b.lines) - NAMED} more")
    if b.joins:
        window = case.scenario.whole("shift_window_min")
        return case.say(f"有 {b.joins} 班直达,但不在可改的 {window} 分钟内,或没有座位。{lines} 可以增开。",
                        f"{b.joins} sailings go where they want to, but none within the {window} min they would shift with a seat. {lines} could sail more.")  # fmt: skip
    text = case.say(
        f"{lines} 可以开行,但本方案没有开。",
        f"{lines} could sail; {'none of them does' if len(b.lines) > 1 else 'it does not'} in this plan. ",
    )
    if b.cheapest:
        line, fleet, price = b.cheapest
        boat = case.scenario.fleets[fleet]
        text += case.say(
            f"专派一艘{boat.name_zh}走 {line} 往返一趟,当日至少 {money(price, 'zh')};把这些人全部留下,社会总成本中计 {money(b.left_fen, 'zh')}。",
            f"A boat of its own ({boat.name_en}) on {line}, once there and back, costs at least {money(price, 'en')} a day; "
            f"leaving all of them behind counts {money(b.left_fen, 'en')}. ",
        )
        if price < b.left_fen and case.folder.info["status"] != "optimal":
            text += case.say("延长计算时间可能会排上。", "A longer search may find room for it. ")
    return text + _by_duty(case, b)


def _by_duty(case: Case, b: Boatless) -> str:
    duties = [o for o in case.folder.audit["obligations"] if o["obligation_id"] in b.obligations]
    if not duties:
        return case.say(
            "在 obligations.csv 中为该港加一条民生保障,即优先安排。",
            "An obligation for the port (a row in obligations.csv) puts a boat first.",
        )
    if all(o["met"] for o in duties):
        served = _ports(case, tuple(sorted({o["serves_port"] for o in duties})))
        return case.say(f"岛上的民生保障已由去{served}的船满足。", f"The obligation that protects its people is met by boats to {served}.")
    return case.say("民生保障未满足的规则已逐条列出。", "The unmet rules of its obligation are listed.")


def _ports(case: Case, ports: tuple[str, ...]) -> str:
    return case.say("、", ", ").join(short_port(case.scenario, p, case.lang) for p in ports)

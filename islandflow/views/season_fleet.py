"""The fleet over the year in the report of a season: who sails when, who is spare, nights between patterns, dry-dock weeks."""

from __future__ import annotations

from datetime import date

from islandflow.views.names import operator_name
from islandflow.views.season_case import Row, SeasonCase, Section
from islandflow.views.style import money
from islandflow.views.view import Table


def fleet_words(case: SeasonCase) -> str:
    """Spare vessels, moves at night, docks, hired vessels, each in a sentence."""
    fleet, nights, docks = case.rows("fleet"), case.rows("nights"), case.rows("docks")
    if not fleet:
        return ""
    spare, vessels = sum(r["spare"] for r in fleet), sum(r["vessels"] for r in fleet)
    number, nm, yuan = (sum(r[k] for r in nights) for k in ("moves", "nm", "yuan"))
    late = sum(r["too_long"] for r in nights)
    text = case.say(
        f"{vessels} 艘船中,各船型最忙之日合计仍有 {spare} 艘机动。时期更替的夜间共调船 {number:,} 次、{nm:,.0f} 海里,燃料约 {money(yuan * 100, 'zh')}(未计入各时期成本);",
        f"Of {vessels} vessels {spare} are spare even on the busiest day of their kind. When one pattern follows another vessels are sent {number:,} times in the year, {nm:,.0f} nm, "
        f"for about {money(yuan * 100, 'en')} of fuel (not in the patterns' costs); ",
    )
    text += case.say("每次都来得及。", "every move fits into its night.") if not late else case.say(f"其中 {late} 次夜间来不及。", f"{late} of them do not fit into the night.")
    crowd = case.rows("crowded")
    if crowd:
        ports = list(dict.fromkeys(r["port"] for r in sorted(crowd, key=lambda r: -r["over"])))
        named = [case.port(p) for p in ports[:4]]
        text += case.say(f"机动船留在原处时,{len(ports)} 个港口有的夜晚超过过夜泊位({'、'.join(named)}等)。",
                         f" With spare vessels left where they are, {len(ports)} ports have nights with more vessels than moorings ({', '.join(named)}).")  # fmt: skip
    if docks:
        missed = sum(r["people_missed"] for r in docks)
        free = sum(r["vessels"] for r in docks if not r["people_missed"])
        text += case.say(f"坞修:{free} 艘可在不缺船的周进坞,其余在影响最小的周,涉及约 {missed:,.0f} 人次。",
                         f" Dry dock: {free} vessels go in weeks in which they are not missed, the others where they hurt least, about {missed:,.0f} trips in all.")  # fmt: skip
    hired = [r for r in fleet if r["hired_for"]]
    for r in hired:
        text += case.say(f"租船 {r['class']}:全年 {r['vessel_days']:,} 船日,{money(r['hire_yuan'] * 100, 'zh')}。", f" Hired {r['class']}: {r['vessel_days']:,} vessel-days, {money(r['hire_yuan'] * 100, 'en')}.")
    return text


def fleet_sections(case: SeasonCase) -> list[Section]:
    """Vessels by pattern with their dock weeks, and the nights between patterns."""
    if not case.rows("fleet"):
        return []
    heads = {"group": ("船组", "vessels alike"), "vessels": ("艘", "vessels"), **case.services(), "spare": ("最忙日机动", "spare on the busiest day"), "vessel_days": ("全年船日", "vessel-days"),
             "docks": ("进坞周(艘)", "in dock from (vessels)"), "missed": ("缺船涉及人次≈", "trips missed ≈")}  # fmt: skip
    found = [Section(
        case.say("全年船队", "The fleet over the year"),
        case.say("各时期在航艘数;坞修每船每年一次,先用机动船,再取乘客最少的周(缺船所载人次为上限,部分旅客会改乘他船)。",
                 "Vessels at work by pattern. Every vessel is docked once a year, spare ones first, then where fewest people ride (trips of missing vessels are an upper limit: others would take some of them)."),
        case.table([_group(case, r) for r in case.rows("fleet")], heads),
    )]  # fmt: skip
    if case.rows("nights"):
        heads = {"before": ("前一日", "evening of"), "after": ("次日", "morning of"), "nights": ("夜数", "nights"), "moves": ("调船次数", "moves"), "nm": ("海里", "nm"),
                 "longest_min": ("最长(分)", "longest, min"), "too_long": ("来不及", "too long"), "yuan": ("燃料(元)", "fuel, CNY")}  # fmt: skip
        rows = sorted(case.rows("nights"), key=lambda r: -r["moves"])
        how = {k: lambda s: case.service(s) if s else case.say("母港", "home port") for k in ("before", "after")}
        found.append(Section(
            case.say("时期更替时的夜间调船", "Moves at night between patterns"),
            case.say("同型船可互换;每夜以海里最少的调动使每船到达次日始发港。", "Vessels alike may change places; every night the fewest miles bring a vessel to each port where one begins."),
            case.table(rows, heads, how), any(r["too_long"] for r in rows),
        ))  # fmt: skip
    return found


def dock_table(case: SeasonCase) -> Table:
    """Docks, one by one."""
    heads = {"group": ("船组", "vessels alike"), "from": ("自", "from"), "weeks": ("周", "weeks"), "vessels": ("艘", "vessels"), "spare": ("当周机动", "spare then"),
             "people_missed": ("缺船涉及人次≈", "trips missed ≈"), "proven": ("已证明最优", "proven best")}  # fmt: skip
    return case.table([{**r, "group": _label(case, r["group"])} for r in case.rows("docks")], heads)


def _group(case: SeasonCase, row: Row) -> Row:
    docks = [r for r in case.rows("docks") if r["group"] == row["group"]]
    weeks = ", ".join(f"{_day(case, r['from'])} ({r['vessels']})" for r in docks)
    return {**row, "group": _label(case, row["group"]), "docks": weeks, "missed": sum(r["people_missed"] for r in docks)}


def _day(case: SeasonCase, iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.month}-{day.day:02d}" if case.lang == "zh" else f"{day.day}/{day.month}"


def _label(case: SeasonCase, group: str) -> str:
    fleet = case.scenario.fleets[group]
    kind = fleet.name_zh if case.lang == "zh" else fleet.name_en
    return f"{kind} · {operator_name(case.scenario, fleet.operator, case.lang)} · {case.port(fleet.home_port)}"

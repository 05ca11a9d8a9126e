"""What coupling the patterns costs, in the report of a season."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from islandflow.views.season_case import SeasonCase, Section
from islandflow.views.style import money, percent
from islandflow.views.view import Cell


def coupling_words(case: SeasonCase) -> str:
    """The price of one core and of the hop lines over the dates that were compared; empty where nothing was."""
    rows = case.rows("coupling")
    if not rows:
        return ""
    dates = sum(r["dates"] for r in rows)
    more, whole = (sum(r["dates"] * r[k] for r in rows) for k in ("coupling_yuan", "alone_yuan"))
    share = f"{100 * more / whole:+.1f} %" if whole else "–"
    text = case.say(
        f"与各时期单独编制(无骨干、无跳岛愿望)相比,{len(rows)} 个时期、{dates} 天合计社会总成本{'多' if more >= 0 else '少'} {money(abs(more) * 100, 'zh')}({share})。",
        f"Beside the same patterns planned alone, without core or wishes for hop lines, society pays {money(abs(more) * 100, 'en')} {'more' if more >= 0 else 'less'} over {dates} dates "
        f"of {len(rows)} patterns ({share}).",
    )
    proven = [r for r in rows if r["at_most_yuan"] is not None]
    if len(proven) == len(rows):
        most = sum(r["dates"] * r["at_most_yuan"] for r in rows)
        text += case.say(
            f"可证明:比任何单独编制的方案最多多 {money(most * 100, 'zh')}。", f" Proven: at most {money(most * 100, 'en')} more than any timetables planned alone.")  # fmt: skip
    if more < 0:
        text += case.say("差额为负,说明两边搜索的余地大于骨干的代价。", " A negative difference says that what the searches left undone outweighs the price of the core.")
    return text


def coupling_sections(case: SeasonCase) -> list[Section]:
    """A row a pattern that was compared."""
    rows = case.rows("coupling")
    if not rows:
        return []
    heads = {
        "service": ("时期", "pattern"), "dates": ("天数", "dates"), "season_yuan": ("季节方案(元/天)", "in the season, CNY a day"), "alone_yuan": ("单独编制(元/天)", "alone, CNY a day"),
        "coupling_yuan": ("差额(元/天)", "price of coupling, CNY a day"), "share": ("占比", "share"), "at_most_yuan": ("可证明最多(元/天)", "proven at most, CNY a day"),
        "gap_season": ("季节方案差距", "gap in the season"), "gap_alone": ("单独差距", "gap alone"),
        "seconds_season": ("季节方案用时(秒)", "seconds in the season"), "seconds_alone": ("单独用时(秒)", "seconds alone"),
    }  # fmt: skip
    told: dict[str, Callable[[Any], Cell]] = {
        "service": case.service, "share": lambda v: None if v is None else f"{100 * v:+.1f} %",
        **dict.fromkeys(("gap_season", "gap_alone"), lambda v: None if v is None else percent(v)), **dict.fromkeys(("seconds_season", "seconds_alone"), round),
    }  # fmt: skip
    return [Section(
        case.say("时期联编的代价", "The price of coupling"),
        case.say("同一时期两张时刻表的社会总成本之差(均不含愿望代价):一张围绕全年骨干并开行跳岛航线,一张单独编制。差额含两次搜索各自的余地;最后的上限由单独编制的下界证明。",
                 "Society's cost of two timetables of a pattern, the price of wishes left out: one around the core of the year and with hop lines, one planned alone. The difference holds what either search "
                 "left undone; the limit is proven by the bound of the one planned alone."),
        case.table(rows, heads, told),
    )]  # fmt: skip

"""Words of the views in both languages: headings, rules, segments, and the audit's short texts in Chinese."""

from __future__ import annotations

import re

from islandflow.scenario.entities import Scenario
from islandflow.views.names import ids_named
from islandflow.views.typography import fullwidth

Words = dict[str, tuple[str, str]]  # key -> (zh, en)

HEADINGS: Words = {
    "other": ("English", "中文"),
    "answer": ("结论", "The answer"),
    "unmet": ("未满足的民生保障", "Obligations not met"),
    "boatless": ("无船可乘的地方", "Places without any boat"),
    "violations": ("审计违规", "Audit violations"),
    "charts": ("图表", "Charts"),
    "behind": ("查看数据表", "The table behind the chart"),
    "open": ("展开", "Open"),
    "rows": ("行", "rows"),
    "board": ("码头公告时刻表", "The timetable as on the notice board"),
    "duties": ("民生保障逐条", "Obligations, rule by rule"),
    "money": ("分航线成本与收入", "Cost and revenue by line"),
    "segments": ("各类乘客", "By kind of traveller"),
    "clusters": ("分片区差距", "Gap of each part"),
    "settings": ("参数与版本(参数名与 --set 相同)", "Settings and versions (names as for --set)"),
    "estimated": (
        "≈ 需求、船队与泊位数据多为估计值，不是统计数字；来源见数据说明。",
        "≈ Demand, fleet and berths are largely estimates, not statistics; see the notes on the data.",
    ),
    "skip": ("跳到图表", "Skip to the charts"),
}
SEGMENTS: Words = {
    "resident": ("居民", "residents"),
    "commuter": ("通勤", "commuters"),
    "medical": ("就医", "medical trips"),
    "visitor": ("游客", "visitors"),
    "vehicle": ("车辆(辆)", "vehicles"),
}
RULES: Words = {
    "sailings-each-way": ("每日往返班次", "sailings each way"),
    "first-arrival": ("首班到达", "first arrival"),
    "last-boat": ("末班返岛", "last boat home"),
    "largest-gap": ("最大间隔", "largest gap"),
    "day-return": ("当日往返", "day return"),
    "medical-trip": ("当日就医", "medical trip"),
    "resident-seats": ("居民留座", "seats kept for residents"),
    "line-allowed": ("航线许可", "line not allowed"),
    "operator": ("经营人", "operator"),
    "running-time": ("航行时间", "running time"),
    "turnaround": ("周转时间", "turnaround"),
    "position": ("船位衔接", "vessel is elsewhere"),
    "overnight": ("过夜港", "overnight port"),
    "crew-day": ("船员工作日", "crew day"),
    "port-hours": ("港口开放时间", "port hours"),
    "vessel-length": ("船长限制", "vessel length"),
    "vessel-exists": ("船舶不存在", "no such vessel"),
    "departures-on-days": ("开行日", "days of running"),
    "moorings": ("过夜泊位", "overnight moorings"),
    "berths": ("泊位", "berths"),
    "long-berths": ("长泊位", "long berths"),
    "ride": ("乘船区段", "ride"),
    "transfers": ("换乘次数", "transfers"),
    "transfer-time": ("换乘时间", "transfer time"),
    "shift-window": ("改时范围", "shift window"),
    "group-size": ("人数", "group size"),
    "seats": ("座位", "seats"),
    "vehicle-deck": ("车位", "vehicle deck"),
    "weather": ("风浪限制", "wind and waves"),
    "visibility": ("能见度", "visibility"),
    "tide": ("潮时", "tide"),
    "night-quiet": ("夜间安静", "quiet hours"),
    "battery-range": ("续航", "battery range"),
    "charging": ("充电", "charging"),
    "cargo-sailings": ("货运班次", "sailings with room for cargo"),
}
UNITS: Words = {
    "min": ("分钟", "min"), "sailing": ("班", "sailings"), "person": ("人", "people"), "vehicle": ("辆", "vehicles"), "vessel": ("艘", "vessels"),
    "boat": ("艘", "boats"), "m": ("米", "m"), "cm": ("厘米", "cm"), "call": ("次挂靠", "calls"), "ride": ("程", "rides"),
    "bft": ("级风", "Bft"), "kwh": ("千瓦时", "kWh"),
}  # fmt: skip
STATUS: Words = {
    "optimal": ("最优", "optimal"), "feasible": ("可行", "feasible"), "infeasible": ("无解", "infeasible"), "no_solution": ("未得解", "no solution"),
}  # fmt: skip
# the audit writes what is required and found in English alone
_CHINESE = (
    (re.compile(r"there by (\d+:\d\d), (\d+:\d\d) ashore"), r"\1 前到达,在外停留 \2"),
    (re.compile(r"there (\d+:\d\d), home (\d+:\d\d)"), r"\1 到达,\2 返程"),
    (re.compile(r"not before (\d+:\d\d)"), r"不早于 \1"),
    (re.compile(r"by (\d+:\d\d)"), r"\1 前"),
    (re.compile(r"(\d+:\d\d) ashore"), r"在外停留 \1"),
    (re.compile(r"(\d+) min, (\d+:\d\d-\d+:\d\d)"), r"\1 分钟(\2)"),
    (re.compile(r"(\d+) min "), r"\1 分钟 "),
    (re.compile(r"(\d+) denied"), r"\1 人无座"),
    (re.compile(r"^(\d+) (?=\S+→)"), r"\1 班 "),
    (re.compile(r"^-$"), "无"),
)


def word(table: Words, key: str, lang: str) -> str:
    """The word of a key; the key itself where a third party brought it."""
    zh, en = table.get(key, (key, key))
    return fullwidth(zh) if lang == "zh" else en


def in_chinese(text: str) -> str:
    """What the audit requires or finds, in Chinese; ids of ports stay."""
    for pattern, chinese in _CHINESE:
        text = pattern.sub(chinese, text)
    return text


def audit_text(scenario: Scenario, text: str, lang: str) -> str:
    """What the audit requires, finds or advises, in the reader's language and with names for ports."""
    named = ids_named(scenario, in_chinese(text) if lang == "zh" else text, lang)
    return fullwidth(named) if lang == "zh" else named

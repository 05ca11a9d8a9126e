"""Words of the views of lines in both languages: column heads, directions, why a trip is left."""

from __future__ import annotations

from islandflow.views.shuttle_words import Words

LINE_HEADS: Words = {
    "line": ("线路", "line"), "fleet": ("车队", "fleet"), "headway_min": ("间隔(分)", "headway, min"), "vehicles": ("车辆", "vehicles"), "departures": ("每向班次", "departures each way"),
    "first_out": ("首班去程", "first bus out"), "first_back": ("首班返程", "first bus back"), "minutes": ("单程(分)", "one way, min"), "metres": ("单程(米)", "one way, m"), "calls": ("停靠", "calls"),
    "reserved": ("专用充电桩", "chargers of its own"), "people": ("人次 ≈", "trips ≈"), "direction": ("开往", "towards"), "call": ("序", "call"), "stop": ("站点", "stop"),
    "first": ("首班", "first"), "last": ("末班", "last"), "past_hour": ("发车", "leaves"), "hours": ("每几小时", "every … hours"),
    "vehicle": ("车辆", "vehicle"), "departs": ("发", "departs"), "arrives": ("到", "arrives"), "charger": ("充电站", "charger"), "wh": ("充电(Wh)", "charged, Wh"),
    "settlement": ("居民点", "settlement"), "residents": ("居民", "residents"), "guests": ("住客 ≈", "guests ≈"), "quay_min": ("步行到码头(分)", "walk to a quay, min"), "stop_min": ("步行到车站(分)", "walk to a stop, min"),
    "before": ("以前", "before"), "after": ("现在", "after"), "origin": ("起点", "from"), "goal": ("终点", "to"), "binds": ("原因", "why"), "boat": ("乘船", "by boat"),
    "yes": ("是", "yes"), "no": ("否", "no"),
}  # fmt: skip
LINE_LEFT: Words = {
    "far": ("步行范围内无站", "no stop within a walk"), "change": ("须换乘", "would have to change"), "price": ("不值", "costs more than it is worth"), "seats": ("高峰满座", "full in the busiest hour"),
}  # fmt: skip
LINES_ESTIMATED = (
    "≈ 岛内出行量按居民与床位估计;线路车辆与充电桩为合成数据;居民点按一点计步行。",
    "≈ Trips inside the island are estimated from residents and beds; vehicles and chargers of lines are synthetic; a settlement counts as one point for walking.",
)


def every(past_hour: str, hours: int, zh: bool) -> str:
    """The minutes as people remember them: every hour at :05 and :35."""
    marks = " ".join(f":{m}" for m in past_hour.split(";"))
    if zh:
        return f"每{'' if hours == 1 else '两' if hours == 2 else hours}小时 {marks}"  # noqa: PLR2004
    return f"every {'hour' if hours == 1 else f'{hours} hours'} {marks}"


def counted(n: int, what: str) -> str:
    """English: 1 line, 2 lines."""
    return f"{n:,} {what}" if n == 1 else f"{n:,} {what}s"


def line_name(line: str, zh: bool) -> str:
    """L2 as people call it."""
    number = line.removeprefix("L")
    return f"{number}\u00a0路" if zh else f"Line\u00a0{number}"  # never broken in a narrow cell

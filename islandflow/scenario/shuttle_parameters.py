"""The settings of buses that meet the boats: who rides, waits, rides, charging, breaks, prices. All have defaults (estimates)."""

from __future__ import annotations

from islandflow.scenario.table import Column


def whole_setting(name: str, zh: str, en: str, unit: str, default: int, low: float = 0, high: float | None = None) -> Column:
    """A whole number with a default."""
    return Column(name, "integer", zh, en, unit, required=False, default=default, low=low, high=high)


def number_setting(name: str, zh: str, en: str, unit: str, default: float, low: float = 0, high: float | None = None) -> Column:
    """A number with a default."""
    return Column(name, "number", zh, en, unit, required=False, default=default, low=low, high=high)


def clock_setting(name: str, zh: str, en: str, default: int) -> Column:
    """A time of day with a default."""
    return Column(name, "clock", zh, en, "clock", required=False, default=default)


SHUTTLE_SETTINGS: tuple[Column, ...] = (
    number_setting("shuttle_share", "短驳比例", "share of the people of a boat who come or go by bus; the rest walk or are driven", "share", 0.5, 0, 1),
    number_setting("shuttle_walk_min", "步行到码头", "who lives within so many minutes' walk of the quay walks", "min", 10),
    number_setting("shuttle_speed_share", "短驳车速系数", "speed of a bus over the usual speed of the road", "share", 0.85, 0.1, 1),
    whole_setting("shuttle_late_min", "船晚点裕度", "a boat may land so late and its people still reach their bus", "min", 10, 0, 120),
    whole_setting("shuttle_alight_min", "下船时间", "from landing until people sit in the bus", "min", 4, 0, 60),
    whole_setting("shuttle_board_min", "上船提前量", "people are at the quay so long before departure", "min", 10, 0, 120),
    whole_setting("shuttle_wait_min", "码头最长等候", "wait at the quay at most, beyond alighting or boarding time", "min", 30, 0, 240),
    whole_setting("shuttle_step_min", "发车间隔步长", "departures are considered every so many minutes of wait", "min", 5, 1, 60),
    number_setting("shuttle_ride_share", "乘车绕行上限", "ride over the direct ride at most", "share", 1.5, 1, 5),
    whole_setting("shuttle_ride_extra_min", "乘车绕行裕度", "or so many minutes more than the direct ride, if that is more", "min", 10, 0, 120),
    whole_setting("shuttle_dwell_min", "停站时间", "stop of a bus", "min", 1, 0, 30),
    whole_setting("shuttle_stops", "每程站数", "stops of a run at most", "stop", 3, 1, 6),
    whole_setting("charge_block_min", "充电时段", "chargers are taken for whole blocks of so many minutes", "min", 10, 1, 120),
    whole_setting("battery_reserve_percent", "电量储备", "share of the battery that is never used", "%", 15, 0, 90),
    whole_setting("driver_break_min", "司机休息", "break of a driver; 0 = none", "min", 30, 0, 240),
    clock_setting("driver_break_from", "休息时段起", "the break lies after", 630),
    clock_setting("driver_break_to", "休息时段止", "and before, unless the day is over by then", 840),
    clock_setting("shuttle_opens", "短驳开始", "vehicles leave their base from", 300),
    clock_setting("shuttle_closes", "短驳结束", "and are back by", 1320),
    number_setting("shuttle_value_cny_h", "乘客时间价值", "an hour of a passenger", "yuan/h", 25.0),
    number_setting("shuttle_wait_weight", "等候权重", "a minute of waiting counts so many minutes on board", "", 1.5, 0, 10),
    number_setting("shuttle_unserved_cny", "未接送代价", "price of one person who is not taken (a shared taxi)", "yuan", 40.0),
)

"""The settings of lines by the clock inside an island: walking, headways, pool of lines, trips, prices. All have defaults (estimates)."""

from __future__ import annotations

from collections.abc import Mapping

from islandflow.errors import Fault
from islandflow.scenario.entities import Setting
from islandflow.scenario.shuttle_parameters import clock_setting, number_setting, whole_setting
from islandflow.scenario.table import Column

HEADWAYS = (10, 15, 20, 30, 60, 120)  # minutes after which a departure stands at the same minute of every hour, or of every other
LINE_SETTINGS: tuple[Column, ...] = (
    whole_setting("lines_walk_min", "步行到站", "people walk so far to a stop of a line", "min", 10, 0, 60),
    number_setting("lines_walk_weight", "步行权重", "a minute of walking counts so many minutes on board", "", 2.0, 0, 10),
    whole_setting("lines_stop_wait_min", "站台等候", "of half a headway people stand at the stop for so long at most; the rest they wait elsewhere", "min", 10, 0, 60),
    number_setting("lines_home_weight", "在家等候权重", "a minute of waiting elsewhere counts so many minutes on board", "", 0.5, 0, 10),
    clock_setting("lines_first", "首班", "the first bus of a line leaves within a headway (an hour at most) after", 360),
    clock_setting("lines_last", "末班", "the service of a line goes on until about", 1260),
    Column("lines_headways", "text", "发车间隔", "headways of lines, minutes separated by ;", "min", required=False, default="10;15;20;30;60;120"),
    whole_setting("lines_layover_min", "折返停站", "a bus stands at a terminus for at least", "min", 5, 0, 60),
    whole_setting("lines_plug_min", "插拔充电", "minutes of a layover that are lost to plugging in and out", "min", 2, 0, 30),
    number_setting("lines_detour", "线路绕行上限", "length of a line over the quickest way between its termini", "", 1.4, 1, 3),
    whole_setting("lines_termini", "起讫居民点数", "largest settlements where a line may begin, beside the quays", "settlement", 6, 0, 40),
    whole_setting("lines_pool", "备选线路数", "lines of the pool at most: those that join most people a kilometre, and one for every settlement", "line", 500, 1, 5000),
    number_setting("lines_trips_resident", "居民乘车出行", "trips a resident and day inside the island that would take a bus that suits them", "trip", 0.10, 0, 5),
    number_setting("lines_trips_bed", "游客乘车出行", "the same for a lodging bed that is taken", "trip", 0.20, 0, 5),
    number_setting("lines_boat_share", "船客乘车比例", "share of the people of a boat, beyond those who walk or are met by a bus, who would take a line", "share", 0.3, 0, 1),
    whole_setting("lines_peak_percent", "高峰小时系数", "share of a day's trips in the busiest hour", "%", 12, 1, 100),
    number_setting("lines_unserved_cny", "无车代价", "price of one trip that no line takes (a shared taxi)", "yuan", 20.0),
    number_setting("lines_far_cny", "离站代价", "price of a person and day who lives farther from every stop than lines_walk_min", "yuan", 0.5),
    whole_setting("lines_meet_min", "接船等候", "a boat counts as met by a line if its people wait at most so long, beyond boarding or alighting time", "min", 15, 0, 60),
)  # fmt: skip


def headways_of(text: str) -> tuple[int, ...]:
    """Headways by minutes, rising; ValueError for one that no clock repeats or for none at all."""
    found = tuple(sorted({int(part) for part in text.split(";") if part.strip()}))
    if not found or any(h not in HEADWAYS for h in found):
        raise ValueError(text)
    return found


def check_lines(settings: Mapping[str, Setting], faults: list[Fault]) -> None:
    """Adds the faults of the settings of lines together."""
    given = str(settings["lines_headways"].value)
    try:
        headways_of(given)
    except ValueError:
        some = ";".join(str(h) for h in HEADWAYS)
        words = ("are no headways of a clock", "不是整点制间隔", f"write some of {some}", f"请从 {some} 中选")
        faults.append(Fault("settings.csv", 0, "lines_headways", given[:40], *words))
    first, last = settings["lines_first"].value, settings["lines_last"].value
    if isinstance(first, int) and isinstance(last, int) and last - first < HEADWAYS[-1]:
        words = ("is less than two hours after lines_first", "距首班不足两小时", "write a later time", "请写更晚的时刻")
        faults.append(Fault("settings.csv", 0, "lines_last", f"{last // 60:02d}:{last % 60:02d}", *words))

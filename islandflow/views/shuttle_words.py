"""Words of the shuttle views in both languages: column heads, directions, what binds."""

from __future__ import annotations

Words = dict[str, tuple[str, str]]  # key -> (zh, en)

HEADS: Words = {
    "run": ("车次", "run"), "vehicle": ("车辆", "vehicle"), "kind": ("方向", "direction"), "quay": ("码头", "quay"), "begins": ("起", "begins"), "ends": ("讫", "ends"),
    "people": ("人数", "people"), "metres": ("里程(米)", "metres"), "halt": ("序", "halt"), "stop": ("站点", "stop"), "minute": ("时刻", "time"), "party": ("乘客组", "party"),
    "boat": ("船", "boat"), "wait_min": ("等候(分)", "wait, min"), "ride_min": ("乘车(分)", "ride, min"), "charger": ("充电站", "charger"), "units": ("电量(kWh)", "kWh"),
    "node": ("地点", "where"), "binds": ("原因", "what binds"), "sailing": ("航次", "sailing"), "late_min": ("晚点裕度(分)", "late margin, min"), "aboard": ("船上本岛人数", "aboard"),
    "walk": ("步行", "walk"), "riders": ("乘车", "would ride"), "taken": ("已接送", "taken"), "left": ("未接送", "not taken"), "direction": ("方向", "direction"),
    "at_stop": ("本站时刻", "at the stop"), "at_quay": ("码头时刻", "at the quay"), "boat_minute": ("船时", "boat"),
    "kind:out": ("接船", "from a boat"), "kind:in": ("赶船", "to a boat"), "kind:lands": ("到港", "lands"), "kind:leaves": ("离港", "leaves"),
    "direction:boat": ("去赶船", "to a boat"), "direction:home": ("下船回家", "home"),
    "medical:settlement": ("居民点", "settlement"), "medical:hospital": ("就医港", "hospital side"), "medical:quay": ("上船码头", "quay"), "medical:leaves": ("最晚出门", "leave home"),
    "medical:boards": ("上船", "boat leaves"), "medical:arrives": ("到达", "arrives"), "medical:sailing": ("航次", "sailing"), "medical:home": ("返家", "home again"),
    "medical:usual": ("通常(分)", "usual, min"), "medical:worst": ("最久(分)", "longest, min"), "medical:without": ("无船钟点", "hours without a boat"), "medical:obligation": ("保障条款", "obligation"),
}  # fmt: skip
BINDS: Words = {
    "seats": ("座位已满", "seats"), "ride": ("乘车时限或站数", "ride time or stops"), "battery": ("电量", "battery"), "charging": ("充电桩/充电", "charging"), "vehicles": ("车辆都在他处", "vehicles are elsewhere"),
    "hours": ("末班船晚于收车", "last boat is too late"), "price": ("加车不值", "a further vehicle costs more"), "road": ("无路", "no road"),
}  # fmt: skip

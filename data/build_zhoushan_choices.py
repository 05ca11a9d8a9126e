"""What data/zhoushan adds to the facts or reads into them: names, classes, roles and the suggested settings, each marked as estimated."""

from __future__ import annotations

SEASON = ("summer-weekday", "summer-weekend", "spring-autumn-weekend", "golden-week")  # the day types that May to October consists of
PEAK = {*SEASON, "spring-festival", "pilgrimage"}
SERVICE_NAMES = {
    "winter-weekday": "冬季平日",
    "winter-weekend": "冬季周末",
    "spring-autumn-weekday": "春秋平日",
    "spring-autumn-weekend": "春秋周末",
    "summer-weekday": "夏季平日",
    "summer-weekend": "夏季周末",
    "golden-week": "黄金周",
    "spring-festival": "春节",
    "pilgrimage": "香会期",
}
WHAT_IF = {"P01": "battery-conv"}  # none in service, and no line of the facts names it
HOP_LINES = {"G05", "G06", "G12"}
# G13 sails every second day; G18 two days a week: one inside the week and one at its end, so that every day type has a boat
DAYS = {"G13": "1357", "G18": "26"}
DAYS_NOTE = {
    "G13": "estimated: every second day is documented (S67), which days is not",
    "G18": "estimated: 0.3 sailings a day = two days a week",
}
SOME_SAILINGS = "only some sailings call here"  # the facts' word for a call between that is not made every time
SPLIT = {"G15": ("G15Q", "Qushan")}  # the line that makes it, and where
ROLES = {"mainland-side gateway": "gateway", "island hub": "hub", "island port": "port"}
OUTER = {"dongji", "shengsi"}  # clusters whose island ports lie in the open sea
OPEN_PORTS = {
    "shenjiawan", "dayang-t", "tanhu-t", "yanwoshan", "qushan-t", "wanliang", "shulanghu-t", "huangzeshan-t", "xiaoqushan-t",
    "luojiashan-t",
}  # fmt: skip
OPERATORS = {
    "haihua": ("舟山海华客运", "Haihua"),
    "haixing": ("舟山海星轮船", "Haixing"),
    "putuoshan-tour": ("普陀山旅游船", "Putuoshan tour boats"),
    "putuo-islands": ("普陀岛际客运", "Putuo inter-island"),
    "liuheng": ("六横运输总公司", "Liuheng"),
    "zhitou": ("宁波峙头", "Zhitou (Ningbo)"),
    "strait": ("舟山海峡轮渡集团", "Strait Ferry"),
    "dinghai-islands": ("定海岛际渡运", "Dinghai inter-island"),
    "penglai": ("岱山蓬莱客运轮船", "Penglai"),
    "shengsi": ("嵊泗县客运轮船", "Shengsi"),
    "dongji-village": ("东极村际船", "Dongji village boats"),
}
CLASSES = {
    "liuheng1": ("六横1型常规客船", "Liuheng 1 passenger ship"),
    "shengxiang7": ("嵊翔7型小客船", "Shengxiang 7 small passenger ship"),
    "shengxiang16": ("嵊翔16型客船", "Shengxiang 16 passenger ship"),
    "zhupu-conv": ("朱普线常规客船", "Putuoshan shuttle"),
    "haihua-electric45": ("海华45米电力推进客船", "Haihua 45 m diesel-electric ship"),
    "business-boat": ("新海华商务快艇", "business launch"),
    "haixing-dongji": ("东极轮", "Dongji passenger ship"),
    "putuo-banshengdong": ("半升洞线常规客船", "Banshengdong passenger ship"),
    "hsc-cat": ("高速双体客船", "fast catamaran"),
    "hsc-small": ("小型高速客船", "small fast boat"),
    "penglai-ropax82": ("蓬莱82米客滚船", "Penglai 82 m ro-pax"),
    "xdnh-ropax84": ("小岛你好84米客滚船", "Hello Small Island 84 m ro-pax"),
    "strait-ropax67": ("海峡67米客滚船", "Strait 67 m ro-pax"),
    "zhouqiao6": ("舟桥6型客滚船", "Zhouqiao 6 ro-pax"),
    "tongda3": ("通达3型客滚船", "Tongda 3 ro-pax"),
    "small-ropax": ("小型车客渡船", "small vehicle ferry"),
    "village-boat": ("村际小客船", "village boat"),
    "putuo-conv": ("普陀岛际常规客船", "Putuo inter-island passenger ship"),
    "outer-conv15": ("外海常规客船", "outer sea passenger ship"),
    "shengsi-hsc": ("嵊泗高速双体客船", "Shengsi fast catamaran"),
    "battery-conv": ("电池动力双体客船", "battery catamaran"),
}
BATTERY = {"battery-conv": (350, 1200)}  # kW under way, usable kWh; estimated, for what-if
CHARGING_KW = 600  # where shore power is estimated to exist; as stated for battery-conv
LINK_DETOUR, LINK_KM_H = 1.4, 25.0  # from a settlement to its port
EXTRA_SETTINGS = {
    "value_of_time_vehicle_cny_h": ("60", "estimated: driver and vehicle"),
    "left_behind_commuter_cny": ("600", "estimated: as a resident"),
    "left_behind_vehicle_cny": ("500", "estimated: between a visitor and a resident"),
    "manoeuvre_min_per_call": ("6", "model allowance of the line table"),
    "shift_window_min": ("240", "choice"),
    "core_headway_min": ("20", "choice"),
    "hop_sailing_cny": ("5000", "estimated"),
    "keep_change_cny": ("100000", "choice: far above what a sailing costs"),
    "longest_transfer_wait_min": ("150", "choice"),
    "crew_shifts": ("05:00-17:00;08:00-20:00;10:30-22:30", "estimated: shifts of 12 h"),
    "berth_min": ("5", "estimated"),
    "long_vessel_m": ("60", "estimated; no port states its long berths, so all berths take long vessels"),
    "longest_leg_nm": ("32", "choice: generated patterns; lines of the scenario may be longer"),
    "medical_arrival_by": ("11:30", "estimated: before the morning's consultations end"),
    "medical_hours_ashore": ("2:00", "estimated"),
}
# trips over islands that are or were sold: id, names, from, stops, to, source
HOPS = (
    ("gouqi-huaniao", "枸杞—花鸟一日", "Gouqi to Huaniao and back", "gouqi-t", "huaniao-t", "gouqi-t",
     "S66: trial line of May 2020, one boat a day, 08:30 out, 13:30 back, about 1 h"),
    ("shengsi-through", "沈家湾—泗礁—枸杞—花鸟一票多岛", "Shenjiawan, Sijiao, Gouqi, Huaniao: one ticket, several islands", "shenjiawan",
     "lizhushan;gouqi-t;huaniao-t", "shenjiawan", "S42 S42b S57: one ticket, several islands, May Day 2024; one hop sailing on 2024-06-08"),
    ("dongji-islands", "东极:庙子湖—青浜—东福山", "Dongji: Miaozihu, Qingbang, Dongfushan", "banshengdong",
     "miaozihu-t;qingbang-t;dongfushan-t", "banshengdong", "S13: chain with changes at Miaozihu"),
    ("golden-triangle", "普陀山—桃花—半升洞", "Putuoshan, Taohua, Banshengdong", "putuoshan-t", "maocaowu", "banshengdong",
     "S12: via-chain boat; S69: golden triangle"),
)  # fmt: skip
# county seats and larger hospitals: id, kind, county, port nearest to it, note
FACILITIES = (
    ("seat-putuo", "seat", "Putuo", "banshengdong", "recalled: Shenjiamen and Donggang"),
    ("seat-dinghai", "seat", "Dinghai", "dinghai", "recalled"),
    ("seat-daishan", "seat", "Daishan", "gaoting", "S32: Gaoting"),
    ("seat-shengsi", "seat", "Shengsi", "xiaocaiyuan", "S25: Caiyuan; of its two ports the nearer one is estimated"),
    ("hospital-putuo", "hospital", "", "banshengdong", "recalled"),
    ("hospital-dinghai", "hospital", "", "dinghai", "recalled: tertiary hospital on the main island"),
    ("hospital-daishan", "hospital", "", "gaoting", "recalled: county hospital"),
    ("hospital-shengsi", "hospital", "", "xiaocaiyuan", "recalled: county hospital"),
    ("hospital-liuheng", "hospital", "", "daao", "recalled: level 2"),
    ("hospital-qushan", "hospital", "", "qushan-t", "recalled: level 2"),
)

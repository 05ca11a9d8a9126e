"""Words of the views in both languages."""

from __future__ import annotations

from typing import Any

CAPTIONS: dict[str, dict[str, Any]] = {
    "zh": {
        "map": ("客流地图", "线越粗,乘客越多;红色叉号为民生保障未满足的港口。"),
        "headway": ("高频航线发班", "每刻钟的发班数,上为去程,下为回程。"),
        "timetable": ("运行线图", "横轴为时刻,纵轴为港口(按离枢纽的海上距离);一条线是一个航次的一段,悬停可见船名与客数。"),
        "loads": ("航段满载率", "每小时的座位利用率;圆点表示超过 95 %。"),
        "frequency": ("各航线班次", "柱为方案,横线为现状(估计);“+”类生成航线不在其中。"),
        "vessels": ("船舶运用", "每行一艘船,名称后为过夜港;空白为周转或停泊。"),
        "berths": ("泊位占用", "颜色越深,泊位越满。"),
        "gap": ("差距轨迹", "实线为方案,虚线为下界,其间是尚未证明的部分。"),
        "all": ("全部航次", "民生保障逐条", "分航线成本与收入(元)"),
        "heads": [
            ["航次", "航线", "挂靠", "开航", "到达", "船舶"], ["岛", "规则", "要求", "结果", "满足"],
            ["航线", "经营人", "航次", "船时", "成本", "票款", "补贴"],
        ],
    },
    "en": {
        "map": ("Flows", "The wider a path, the more people; a red cross marks a port whose obligation is not met."),
        "headway": ("Departures of the frequent line", "Departures a quarter hour, out above and back below."),
        "timetable": ("String-line timetable", "Time across, ports down by sea distance from the hub; a stroke is a leg, hover for vessel and load."),
        "loads": ("Load by leg and hour", "Share of seats taken; a dot marks more than 95 %."),
        "frequency": ("Sailings by line", "Bars are planned, dashes today's (estimates); generated patterns are not shown."),
        "vessels": ("Vessels", "A row a vessel, its overnight port behind the name; white is turnaround or lying idle."),
        "berths": ("Berths", "The darker, the fuller."),
        "gap": ("Gap trace", "Plan above, bound below; what lies between is not yet proven."),
        "all": ("All sailings", "Obligations, rule by rule", "Cost and revenue by line (yuan)"),
        "heads": [
            ["sailing", "line", "calls", "departs", "arrives", "vessel"], ["island", "rule", "required", "found", "met"],
            ["line", "operator", "sailings", "vessel hours", "cost", "fares", "subsidy"],
        ],
    },
}  # fmt: skip
HEADINGS = {
    "zh": {"other": "English", "unmet": "未满足的民生保障", "allmet": "全部民生保障均已满足。", "violations": "审计违规", "clean": "独立审计:无违规。",
           "remedy": "解决办法", "settings": "参数与版本", "estimated": "≈ 需求、船队与泊位数据多为估计,见数据说明。", "certificate": "证明"},
    "en": {"other": "中文", "unmet": "Obligations not met", "allmet": "All obligations are met.", "violations": "Audit violations", "clean": "Independent audit: clean.",
           "remedy": "what would make it possible", "settings": "Settings and versions",
           "estimated": "≈ Demand, fleet and berths are largely estimates; see the notes on the data.", "certificate": "Certificate"},
}  # fmt: skip

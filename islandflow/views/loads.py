"""Loads by leg and hour."""

from __future__ import annotations

from collections import Counter

import plotly.graph_objects as go

from islandflow.units import minutes
from islandflow.views.names import short_port
from islandflow.views.style import WHITE_TO_ACCENT, framed, number
from islandflow.views.view import Case, Cell, Table, View

SHOWN, FULL = 36, 0.95
HEADS = {
    "from": ("起", "from"), "to": ("讫", "to"), "hour": ("开航时段", "hour of departure"), "sailings": ("航次", "sailings"),
    "people": ("人数", "people"), "seats": ("座位", "seats"), "load": ("满载率", "load"), "full": ("超过 95 %", "over 95 %"),
}  # fmt: skip
Leg = tuple[str, str]


def loads(case: Case) -> View:
    """Seats taken by leg and hour; hours over 95 % are marked with a dot."""
    asked = {s.id for s in case.sailings}
    people: Counter[tuple[Leg, int]] = Counter()
    seats: Counter[tuple[Leg, int]] = Counter()
    boats: Counter[tuple[Leg, int]] = Counter()
    total: Counter[Leg] = Counter()
    for row in case.folder.loads:
        leg, hour = (row["from_port"], row["to_port"]), minutes(row["departs"]) // 60
        if row["sailing"] not in asked or (case.port and case.port not in leg):
            continue
        people[leg, hour] += number(row, "people")
        seats[leg, hour] += number(row, "seats")
        boats[leg, hour] += 1
        total[leg] += number(row, "people")
    load = {key: people[key] / seats[key] for key in seats if seats[key]}
    legs = sorted(total, key=lambda leg: (-total[leg], leg))
    rows: list[tuple[Cell, ...]] = [
        (*(short_port(case.scenario, p, case.lang) for p in leg), f"{hour:02d}:00", boats[leg, hour], people[leg, hour], seats[leg, hour],
         round(load[leg, hour], 3) if (leg, hour) in load else None, "●" if load.get((leg, hour), 0) > FULL else "")
        for leg in legs for hour in sorted(h for which, h in boats if which == leg)
    ]  # fmt: skip
    full = sum(v > FULL for v in load.values())
    sentence = case.say(
        f"每小时座位利用率;圆点表示超过 95 %,共 {full} 处。图中为客流最大的 {min(SHOWN, len(legs))} 个航段,全部 {len(legs)} 个在表中。",
        f"Share of seats taken in the hour; a dot marks more than 95 %, {full} times. Drawn are the {min(SHOWN, len(legs))} legs with most people, all {len(legs)} are in the table.",
    )
    return View(
        "loads",
        case.say("航段满载率", "Load by leg and hour"),
        sentence,
        _figure(case, legs[:SHOWN], load),
        Table(case.columns(HEADS), tuple(rows)),
    )


def _figure(case: Case, legs: list[Leg], load: dict[tuple[Leg, int], float]) -> go.Figure:
    span = list(range(5, 23))
    names = [" → ".join(short_port(case.scenario, p, case.lang) for p in leg) for leg in legs]
    z = [[load.get((leg, h)) for h in span] for leg in legs]
    text = [["●" if v is not None and v > FULL else "" for v in row] for row in z]
    figure = go.Figure(go.Heatmap(
        x=[f"{h:02d}" for h in span], y=names, z=z, zmin=0, zmax=1, text=text, texttemplate="%{text}", colorscale=WHITE_TO_ACCENT, xgap=1, ygap=1,
        hovertemplate="%{y} %{x}:00 %{z:.0%}<extra></extra>", colorbar={"tickformat": ".0%", "thickness": 10}, hoverongaps=False,
    ))  # fmt: skip
    figure.update_xaxes(title=case.say("开航时(点)", "hour of departure"), type="category")
    figure.update_yaxes(autorange="reversed", tickfont={"size": 11})
    return framed(figure, 110 + 18 * len(legs))

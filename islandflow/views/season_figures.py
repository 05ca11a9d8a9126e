"""Pictures of a year: the calendar, sailings by line and pattern, sailings by line and month."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from islandflow.views.frequency import PALE
from islandflow.views.season_case import Row, SeasonCase
from islandflow.views.style import INK, OKABE_ITO, framed
from islandflow.views.view import View

COLOURS = (*OKABE_ITO[:7], "#5b6b75", "#F0E442")
SIGNS = "ABCDEFGHI"
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def month_name(case: SeasonCase, month: int) -> str:
    """Month 1 to 12 in words."""
    return f"{month} 月" if case.lang == "zh" else MONTHS_EN[month - 1]


def calendar_view(case: SeasonCase) -> View:
    """Months down, days across, a colour and a letter a pattern; holidays and festivals by a ring."""
    year, order = case.season.year, list(case.scenario.services)
    z: list[list[int | None]] = [[None] * 31 for _ in range(12)]
    text, hover = [[""] * 31 for _ in range(12)], [[""] * 31 for _ in range(12)]
    feast: list[tuple[int, str]] = []
    for day in year.days:
        m, d, n = day.date.month - 1, day.date.day, order.index(day.service)
        z[m][d - 1], text[m][d - 1] = n, SIGNS[n]
        hover[m][d - 1] = f"{day.date.isoformat()} {case.service(day.service)} {day.day}"
        if day.day.startswith(("holiday", "make-up")):
            feast.append((d, month_name(case, m + 1)))
    steps = [(i / 9, COLOURS[i]) for i in range(9) for _ in (0,)]
    scale = [[edge, colour] for i, (at, colour) in enumerate(steps) for edge in (at, (i + 1) / 9)]
    months = [month_name(case, m) for m in range(1, 13)]
    figure = go.Figure(go.Heatmap(
        x=list(range(1, 32)), y=months, z=z, text=text, texttemplate="%{text}", customdata=hover, hovertemplate="%{customdata}<extra></extra>",
        colorscale=scale, zmin=-0.5, zmax=8.5, showscale=False, xgap=2, ygap=2, opacity=0.75, textfont={"size": 11, "color": "#000000"},
    ))  # fmt: skip
    figure.add_trace(go.Scatter(
        x=[d for d, _ in feast], y=[m for _, m in feast], mode="markers", hoverinfo="skip", name=case.say("节假日及调休", "holiday or make-up day"),
        marker={"symbol": "circle-open", "size": 20, "color": INK, "line": {"width": 1.5}},
    ))  # fmt: skip
    for n, service in enumerate(order):
        figure.add_trace(go.Scatter(x=[None], y=[None], mode="markers", name=f"{SIGNS[n]} {case.service(service)}",
                                    marker={"symbol": "square", "size": 12, "color": COLOURS[n], "opacity": 0.75}))  # fmt: skip
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_xaxes(dtick=1, showgrid=False, range=[0.4, 31.6])
    framed(figure, 430)
    heads = {"date": ("日期", "date"), "weekday": ("星期", "weekday"), "service": ("时期", "service pattern"), "day": ("说明", "day"),
             "provisional": ("暂定", "provisional")}  # fmt: skip
    table = case.table(case.rows("calendar"), heads, {"service": case.service})
    official = case.say("已公布", "official")
    state = case.say("暂定,以公布为准", "provisional: not yet official") if year.provisional else official
    lacking = case.say(f",缺 {len(year.missing)} 天", f"; {len(year.missing)} dates are missing") if year.missing else ""
    sentence = case.say(f"{year.number} 年每天只运行一种时刻表({state}){lacking};圆圈为节假日和调休上班日。",
                        f"Every date of {year.number} runs one timetable ({state}){lacking}. Rings are holidays and make-up workdays.")  # fmt: skip
    return View("calendar", case.say(f"{year.number} 年运行图日历", f"Calendar of {year.number}"), sentence, figure, table)


def frequency_view(case: SeasonCase) -> View:
    """Sailings a day by line and pattern, both ways; the last columns are the means off peak and at peak and their ratio."""
    rows = [r for r in case.rows("frequency") if any(r.get(s) for s in case.season.plans)]
    heads = {"line": ("航线", "line"), **case.services(), "off_peak": ("淡季均值", "mean off peak"), "peak": ("旺季均值", "mean at peak"),
             "peak_over_off_peak": ("旺 / 淡", "peak / off peak")}  # fmt: skip
    table = case.table(rows, heads, {"line": case.line})
    figure = _heat(case, rows, [*case.season.plans, "off_peak", "peak"], [heads[k][case.lang != "zh"] for k in (*case.season.plans, "off_peak", "peak")])
    figure.add_vline(x=len(case.season.plans) - 0.5, line={"color": INK, "width": 2})
    both = [sum(r[k] or 0 for r in rows) for k in ("off_peak", "peak")]
    ratio = f"{both[1] / both[0]:.2f}" if both[0] else "–"
    sentence = case.say(f"每日航次(往返合计)。全部航线合计:淡季日均 {both[0]:,.0f} 班,旺季日均 {both[1]:,.0f} 班,旺季为淡季的 {ratio} 倍。",
                        f"Sailings a day, both ways together. All lines: {both[0]:,.0f} a day off peak, {both[1]:,.0f} at peak, {ratio} times as many.")  # fmt: skip
    return View("frequency", case.say("疏密:各航线各时期班次", "Dense and sparse: sailings by line and pattern"), sentence, figure, table)


def months_view(case: SeasonCase) -> View:
    """Sailings of the year by line and month."""
    rows = [r for r in case.rows("months") if r["year"]]
    keys = [f"{m:02d}" for m in range(1, 13)]
    heads = {"line": ("航线", "line"), **{k: (f"{int(k)} 月", MONTHS_EN[int(k) - 1]) for k in keys}, "year": ("全年", "year")}
    figure = _heat(case, rows, keys, [month_name(case, int(k)) for k in keys])
    whole = sum(r["year"] for r in rows)
    busiest = max(keys, key=lambda k: sum(r[k] for r in rows)) if rows else "01"
    sentence = case.say(f"全年 {whole:,} 班,最多的是 {int(busiest)} 月({sum(r[busiest] for r in rows):,} 班)。隔日航线只计其开航日。",
                        f"{whole:,} sailings in the year, most in {MONTHS_EN[int(busiest) - 1]} ({sum(r[busiest] for r in rows):,}). Lines of alternate days count on their days alone.")  # fmt: skip
    return View("months", case.say("各航线各月班次", "Sailings by line and month"), sentence, figure, case.table(rows, heads, {"line": case.line}))


def _heat(case: SeasonCase, rows: Sequence[Row], keys: Sequence[str], labels: Sequence[str]) -> go.Figure:
    """Numbers in cells, shaded on a root scale: ten and three hundred are both to be seen."""
    values = [[float(r.get(k) or 0) for k in keys] for r in rows]
    text = [[f"{v:,.0f}" if v >= 10 else f"{v:g}" if v else "" for v in row] for row in values]
    shade = [[math.sqrt(v) for v in row] for row in values]
    top = sorted(v for row in shade for v in row)[int(0.97 * max(0, len(rows) * len(keys) - 1))] if rows else 1
    figure = go.Figure(go.Heatmap(
        x=[label.replace(" ", "<br>") if len(label) > 8 else label for label in labels], y=[case.line(r["line"]) for r in rows], z=shade, text=text, texttemplate="%{text}", textfont={"size": 11}, colorscale=PALE,
        zmin=0, zmax=max(1.0, top), showscale=False, xgap=1, ygap=1, hovertemplate="%{y}<br>%{x}: %{text}<extra></extra>",
    ))  # fmt: skip
    figure.update_yaxes(autorange="reversed", tickfont={"size": 11}, showgrid=False)
    figure.update_xaxes(side="top", tickfont={"size": 11}, tickangle=0, showgrid=False)
    framed(figure, 140 + 18 * len(rows))
    figure.update_layout(margin={"t": 92})
    return figure

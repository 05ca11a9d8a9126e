"""Two curves of a season: how many timetables the year is worth, and what changing the core costs."""

from __future__ import annotations

import plotly.graph_objects as go

from islandflow.views.season_case import SeasonCase
from islandflow.views.style import ACCENT, INK, QUIET, framed, money
from islandflow.views.view import View


def curve_views(case: SeasonCase) -> list[View]:
    """The curves that there are rows for."""
    return [make(case) for name, make in (("pattern_curve", pattern_view), ("core_curve", core_view)) if case.rows(name)]


def pattern_view(case: SeasonCase) -> View:
    """Yuan of demand planned wrong against the number of timetables; the calendar's own patterns as a mark."""
    rows = [r for r in case.rows("pattern_curve") if r["timetables"] != "own"]
    own = next(r for r in case.rows("pattern_curve") if r["timetables"] == "own")
    scale = 1e4 if case.lang == "zh" else 1e6
    figure = go.Figure([
        go.Scatter(x=[r["clusters"] for r in rows], y=[r["yuan"] / scale for r in rows], mode="lines+markers", name=case.say("重新聚类", "dates clustered anew"), line={"color": ACCENT}),
        go.Scatter(x=[own["clusters"]], y=[own["yuan"] / scale], mode="markers", name=case.say("日历现有时期", "the calendar's patterns"),
                   marker={"symbol": "x", "size": 11, "color": INK}),
    ])  # fmt: skip
    figure.update_layout(xaxis={"title": case.say("时刻表张数", "number of timetables"), "dtick": 1}, yaxis={"title": case.say("万元/年", "million CNY a year"), "rangemode": "tozero"})
    framed(figure, 300)
    one, last = rows[0]["yuan"], rows[-1]["yuan"]
    enough = next((r for r in rows if one - r["yuan"] >= 0.9 * (one - last)), rows[-1])
    sentence = case.say(
        f"按各日到岛人数(≈)聚类,每类按均值编制:一张时刻表全年错配约 {money(one * 100, 'zh')};{enough['clusters']} 张可省去其中可省部分的九成,剩 {money(enough['yuan'] * 100, 'zh')}。人多于均值按滞留计,少于均值按船队人均成本计。",
        f"Dates clustered by the people who come to each island (≈), each cluster planned for its mean: one timetable for all would misplace about {money(one * 100, 'en')} a year; "
        f"{enough['clusters']} save nine tenths of what more timetables can save and leave {money(enough['yuan'] * 100, 'en')}. People above the mean count as left behind, below it at the fleet's cost a person.",
    )
    heads = {"timetables": ("张数", "timetables"), "clusters": ("类", "clusters"), "too_few": ("少计人次", "trips too few"), "too_many": ("多计人次", "trips too many"),
             "share": ("少计比例", "share too few"), "yuan": ("元/年", "CNY a year"), "joined": ("合并的时期", "patterns joined")}  # fmt: skip
    how = {"timetables": lambda v: case.say("现有时期", "as in the calendar") if v == "own" else v,
           "joined": lambda v: "; ".join(" + ".join(case.service(s) for s in part.split("+")) for part in str(v).split("; ") if part)}  # fmt: skip
    return View("pattern-curve", case.say("一年值得编几张时刻表", "How many timetables a year is worth"), sentence, figure, case.table(case.rows("pattern_curve"), heads, how))


def core_view(case: SeasonCase) -> View:
    """Society's cost of a day against core departures that are changed, a point a price."""
    rows = sorted(case.rows("core_curve"), key=lambda r: r["changed"])
    service, least = case.service(rows[0]["service"]), min(r["society_yuan"] for r in rows)
    figure = go.Figure(go.Scatter(
        x=[r["changed"] for r in rows], y=[r["society_yuan"] for r in rows], mode="lines+markers+text", text=[f"{r['price_yuan']:,.0f}" for r in rows], textposition="top center",
        line={"color": ACCENT}, marker={"color": ACCENT}, error_y={"type": "data", "symmetric": False, "array": [0] * len(rows), "arrayminus": [r["society_yuan"] - (r["bound_yuan"] or r["society_yuan"]) for r in rows], "color": QUIET},
    ))  # fmt: skip
    figure.update_layout(xaxis={"title": case.say("改动的骨干班次(班/天)", "core departures changed a day")}, yaxis={"title": case.say("社会总成本(元/天)", "society's cost, CNY a day")})
    framed(figure, 320)
    most, few = max(rows, key=lambda r: r["changed"]), min(rows, key=lambda r: r["changed"])
    sentence = case.say(
        f"{service}:每个点为一个变动代价(元/班,标在点上)。全随需求改动 {most['changed']} 班时 {most['society_yuan']:,.0f} 元/天,只改 {few['changed']} 班时 {few['society_yuan']:,.0f} 元/天;最低 {least:,.0f} 元。灰线向下至可证明的下界(含愿望代价)。",
        f"{service}: a point a price of a change (CNY each, at the point). With {most['changed']} departures changed a day costs {most['society_yuan']:,.0f}, with {few['changed']} changed {few['society_yuan']:,.0f}; "
        f"least {least:,.0f}. The grey line goes down to what is proven at that price.",
    )
    heads = {"price_yuan": ("每班变动代价(元)", "price of a change, CNY"), "core": ("骨干班次", "core departures"), "changed": ("改动", "changed"),
             "society_yuan": ("社会总成本(元/天)", "society, CNY a day"), "fleet_yuan": ("船队成本", "fleet"), "bound_yuan": ("下界减愿望代价", "bound less price of changes"), "gap": ("差距", "gap")}  # fmt: skip
    return View("core-curve", case.say("改动骨干班次值多少", "What changing the core is worth"), sentence, figure, case.table(rows, heads))

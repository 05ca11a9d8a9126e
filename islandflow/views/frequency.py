"""Frequency by line and service pattern: planned where there is a plan, today's elsewhere, each labelled."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass

import plotly.graph_objects as go

from islandflow.ferry.folder import PlanFolder
from islandflow.scenario.entities import LinePattern
from islandflow.views.names import line_name, operator_name, service_name, way_name
from islandflow.views.style import INK, framed
from islandflow.views.view import Case, Cell, Table, View

Key = tuple[str, str, str]  # line, first port, last port
PALE = [[0, "#ffffff"], [1, "#56B4E9"]]  # dark figures stay readable on its darkest end
DAYS_ZH = "一二三四五六日"
DAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class _Heading:
    """A column of the heat map: a service pattern as planned (``folder``) or as today (None)."""

    service: str
    folder: PlanFolder | None
    own: bool = False


def frequency(case: Case) -> View:
    """Sailings each way by line and service pattern. Own plan first, beside today's of the same day; then the other patterns."""
    heads = _headings(case)
    lines = [x for x in case.scenario.lines.values() if _asked(case, x)]
    counts = [_counts(h.folder) if h.folder else None for h in heads]
    values = [[_each_way(case, line, h, c) for h, c in zip(heads, counts, strict=True)] for line in lines]
    fresh = _fresh(case, heads)
    rows: list[tuple[Cell, ...]] = [
        (x.line_id, way_name(case.scenario, x.calls, case.lang), operator_name(case.scenario, x.operator, case.lang), days_text(x.days, case.lang), *row)
        for x, row in zip(lines, values, strict=True)
    ]  # fmt: skip
    rows += [(case.say("新", "new"), name, "", days_text("1234567", case.lang), *row) for name, row in fresh]
    labels = [line_name(case.scenario, x.line_id, case.lang) for x in lines]
    if fresh:  # one row in the picture; each of them in the table
        labels.append(case.say(f"新辟航线 {len(fresh)} 种合计", f"{len(fresh)} new patterns together"))
        values.append([sum(float(row[n] or 0) for _, row in fresh) if h.folder else None for n, h in enumerate(heads)])
    figure = _figure(case, heads, labels, values)
    fixed = {"line": ("航线", "line"), "calls": ("挂靠", "calls"), "operator": ("经营人", "operator"), "days": ("开行日", "days")}
    columns = (*case.columns(fixed), *((f"{h.service}:{'plan' if h.folder else 'today'}", _label(case, h, " ")) for h in heads))
    sentence = _sentence(case, sum(h.folder is not None and not h.own for h in heads), bool(fresh))
    return View(
        "frequency", case.say("各航线、各时期班次", "Frequency by line and service pattern"), sentence, figure, Table(columns, tuple(rows))
    )


def _sentence(case: Case, beside: int, fresh: bool) -> str:
    text = case.say("每日每向航次(往返平均)。首列为本方案", "Sailings a day each way (mean of both). The first column is this plan")
    if beside:
        text += case.say(
            f";标“计划”的 {beside} 列来自其他时期的方案", f"; columns marked “planned” ({beside}) come from plans of other days"
        )
    text += case.say(
        ";标“现状≈”的列为航线表所列今日班次(估计);空白为该时期不开行。",
        "; those marked \"today ≈\" are today's figures of the line table (estimates); blank where a line does not run.",
    )
    if fresh:
        text += case.say(
            "为 0 的航线可能已由末行的新辟航线代替。", " A line with 0 may be replaced by one of the new patterns in the last row."
        )
    return text


def days_text(days: str, lang: str) -> str:
    """Days of running in words: daily, or the days of the week."""
    if days == "1234567":
        return "每日" if lang == "zh" else "daily"
    return "周" + "、".join(DAYS_ZH[int(d) - 1] for d in days) if lang == "zh" else ", ".join(DAYS_EN[int(d) - 1] for d in days)


def _asked(case: Case, line: LinePattern) -> bool:
    return (not case.line or case.line in (line.line_id, line.cluster)) and (not case.port or case.port in line.calls)


def _headings(case: Case) -> list[_Heading]:
    own = case.folder.plan.service
    plans = {f.plan.service: f for f in case.others if f.plan.service != own}
    rest = [_Heading(s, plans.get(s)) for s in case.scenario.services if s != own]
    return [_Heading(own, case.folder, True), _Heading(own, None), *rest]


def _counts(folder: PlanFolder) -> Counter[Key]:
    return Counter((s.line, s.ports[0], s.ports[-1]) for s in folder.plan.sailings)


def _each_way(case: Case, line: LinePattern, head: _Heading, counts: Counter[Key] | None) -> Cell:
    if not line.runs_in(head.service):
        return None
    if counts is None:
        return _whole(line.today_peak if case.scenario.services[head.service].peak else line.today_offpeak)
    a, b = line.calls[0], line.calls[-1]
    return counts[line.line_id, a, b] if a == b else _whole((counts[line.line_id, a, b] + counts[line.line_id, b, a]) / 2)


def _whole(value: float) -> Cell:
    return int(value) if value == int(value) else value


def _fresh(case: Case, heads: list[_Heading]) -> list[tuple[str, list[Cell]]]:
    """Patterns that no line of today has: calls in words, and sailings each way where there is a plan."""
    found: dict[tuple[str, ...], dict[int, float]] = defaultdict(dict)
    for n, head in enumerate(heads):
        for s in head.folder.plan.sailings if head.folder else ():
            if s.line not in case.scenario.lines and case.asked(s):
                way = min(s.ports, s.ports[::-1])
                found[way][n] = found[way].get(n, 0) + (1 if s.ports[0] == s.ports[-1] else 0.5)
    order = sorted(found, key=lambda w: (-sum(found[w].values()), w))
    return [
        (way_name(case.scenario, w, case.lang), [_whole(found[w].get(n, 0.0)) if h.folder else None for n, h in enumerate(heads)])
        for w in order
    ]


def _label(case: Case, head: _Heading, gap: str) -> str:
    """Service pattern and where the figure comes from; word under word where a line break parts them, for columns are narrow."""
    name = service_name(case.scenario, head.service, case.lang)
    name = name.replace(" ", gap) if case.lang == "en" else name
    if head.own:
        return name + gap + case.say("本方案", "this plan")
    return name + gap + (case.say("计划", "planned") if head.folder else case.say("现状≈", "today ≈"))


def _figure(case: Case, heads: list[_Heading], labels: list[str], values: list[list[Cell]]) -> go.Figure:
    """Numbers in cells, shaded on a root scale: ten a day and three hundred a day are both to be seen."""
    z = [[None if v is None else math.sqrt(float(v)) for v in row] for row in values]
    text = [["" if v is None else f"{float(v):g}" for v in row] for row in values]
    figure = go.Figure(go.Heatmap(
        x=[_label(case, h, "<br>") for h in heads], y=labels, z=z, text=text, texttemplate="%{text}", textfont={"size": 11}, colorscale=PALE,
        zmin=0, zmax=12, showscale=False, xgap=1, ygap=1, hoverongaps=False, hovertemplate="%{y}<br>%{x}: %{text}<extra></extra>",
    ))  # fmt: skip
    figure.add_vline(x=0.5, line={"color": INK, "width": 2})
    figure.update_yaxes(autorange="reversed", tickfont={"size": 11}, showgrid=False)
    figure.update_xaxes(side="top", tickfont={"size": 11}, tickangle=0, showgrid=False)
    framed(figure, 120 + 18 * len(labels))
    figure.update_layout(margin={"t": 78 + 14 * max((_label(case, h, "<br>").count("<br>") - 1 for h in heads), default=0)})
    return figure

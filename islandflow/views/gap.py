"""Gap trace: plan and bound against seconds; what lies between is not yet proven."""

from __future__ import annotations

import plotly.graph_objects as go

from islandflow.views.style import ACCENT, INK, framed
from islandflow.views.typography import fullwidth
from islandflow.views.view import Case, Cell, Table, View

HEADS = {
    "seconds": ("秒", "seconds"), "phase": ("阶段", "phase"), "plan_yuan": ("方案(元)", "plan, yuan"), "bound_yuan": ("下界(元)", "bound, yuan"),
    "gap": ("差距", "gap"),
}  # fmt: skip
PHASES = {
    "problem": "建立问题", "first plan": "初始方案", "bound": "下界", "search": "搜索", "finished": "完成", "model": "建模", "obligations": "民生保障",
    "pricing": "定价", "columns": "列生成", "round": "轮", "polish": "改进",
}  # fmt: skip


def phase_name(phase: str, lang: str) -> str:
    """A phase of a solver in the reader's language; a third party's own phase as it names it."""
    kind, comma, rest = phase.partition(",")
    if lang != "zh" or kind not in PHASES:
        return phase
    word, _, number = rest.strip().partition(" ")
    return fullwidth(PHASES[kind] + (f",第 {number} {PHASES[word]}" if comma and word in PHASES else comma + rest))


def gap(case: Case) -> View:
    """Plan and bound over time, the certified band between them shaded."""
    rows: list[tuple[Cell, ...]] = []
    for step in case.folder.trace:
        plan = float(step["plan_fen"]) / 100 if step["plan_fen"] else None
        bound = float(step["bound_fen"]) / 100 if step["bound_fen"] else None
        share = round((plan - bound) / plan, 4) if plan and bound is not None else None
        rows.append((float(step["seconds"]), phase_name(str(step["phase"]), case.lang), plan, bound, share))
    plans = [(float(str(r[0])), float(str(r[2]))) for r in rows if r[2] is not None]
    bounds = [(float(str(r[0])), float(str(r[3]))) for r in rows if r[3] is not None and float(str(r[3])) > 0]
    scale = 1e4 if case.lang == "zh" else 1e6
    figure = go.Figure()
    both = [(float(str(r[0])), float(str(r[2])), float(str(r[3]))) for r in rows if r[2] is not None and r[3] is not None and float(str(r[3])) > 0]
    edge = _stairs([(s, plan) for s, plan, _ in both]) + _stairs([(s, bound) for s, _, bound in both])[::-1]
    figure.add_trace(go.Scatter(
        x=[p[0] for p in edge], y=[p[1] / scale for p in edge], fill="toself", fillcolor="rgba(0,114,178,0.12)", line={"width": 0}, mode="lines",
        hoverinfo="skip", showlegend=False,
    ))  # fmt: skip
    for points, name, line in (
        (bounds, case.say("下界", "bound"), {"color": INK, "dash": "dash", "shape": "hv"}),
        (plans, case.say("方案", "plan"), {"color": ACCENT, "shape": "hv"}),
    ):
        figure.add_trace(go.Scatter(x=[p[0] for p in points], y=[p[1] / scale for p in points], name=name, line=line, mode="lines+markers", marker={"size": 4}))  # fmt: skip
    figure.update_xaxes(title=case.say("命令开始后的秒数", "seconds since the command began"), rangemode="tozero")
    figure.update_yaxes(title=case.say("万元", "million CNY"))
    sentence = case.say("实线为方案,虚线为下界,二者之间是尚未证明的部分。", "Plan above, bound below; what lies between is not yet proven.")
    if not bounds:
        sentence = case.say("没有下界,因此未作证明。", "There is no bound, hence no proof.")
    return View("gap", case.say("差距轨迹", "Gap trace"), sentence, framed(figure, 300), Table(case.columns(HEADS), tuple(rows)))


def _stairs(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Points with the corners of a line that holds its value until the next one."""
    corners = [(x, points[n][1]) for n, (x, _) in enumerate(points[1:])]
    return [p for n, point in enumerate(points) for p in ([corners[n - 1], point] if n else [point])]

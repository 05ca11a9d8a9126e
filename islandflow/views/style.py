"""Colours, axes and numbers of all views."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from islandflow.scenario.entities import Scenario
from islandflow.views.names import port_name

INK, GRID, ACCENT, BROKEN, SECOND, QUIET = "#22313f", "#e3e6e8", "#0072B2", "#B00020", "#E69F00", "#9aa5ad"
OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8C6D1F", "#000000")
DASHES = ("solid", "dash", "dot", "dashdot")
HATCHES = ("", "/", "x", ".")
FONT = "Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"
WHITE_TO_ACCENT = [[0, "#ffffff"], [1, ACCENT]]
__all__ = ["ACCENT", "BROKEN", "FONT", "GRID", "INK", "framed", "hours", "money", "number", "operator_signs", "port_name"]


def operator_signs(scenario: Scenario, operator: str) -> tuple[str, str, str]:
    """Colour, dash and hatch of an operator, the same in every chart: no two of the first 32 share all three."""
    known = list(scenario.operators)
    n = known.index(operator) if operator in known else len(known)
    return OKABE_ITO[n % 8], DASHES[(n + n // 8) % 4], HATCHES[n // 8 % 4]


def framed(figure: go.Figure, height: int) -> go.Figure:
    """White ground, thin grey grid, one ink."""
    figure.update_layout(
        height=height, template="plotly_white", font={"family": FONT, "size": 12, "color": INK}, margin={"l": 8, "r": 8, "t": 28, "b": 32},
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0}, hoverlabel={"font": {"family": FONT}}, dragmode=False,
    )  # fmt: skip
    figure.update_xaxes(gridcolor=GRID, zeroline=False, automargin=True)
    figure.update_yaxes(gridcolor=GRID, zeroline=False, automargin=True)
    return figure


def hours(figure: go.Figure, lang: str, first: int = 300, last: int = 1380) -> go.Figure:
    """Time of day across, in minutes, from the hour before ``first`` to the hour after ``last``."""
    begin, end = min(300, first) // 60, -(-max(1380, last) // 60)
    text = [f"{h:02d}:00" if h < 24 else (f"次日{h - 24:02d}:00" if lang == "zh" else f"+{h - 24:02d}:00") for h in range(begin, end + 1)]
    figure.update_xaxes(
        tickvals=[h * 60 for h in range(begin, end + 1)], ticktext=text, tickfont={"size": 11}, range=[begin * 60 - 10, end * 60 + 10],
        title="时刻" if lang == "zh" else "time of day",
    )  # fmt: skip
    return figure


def money(fen: float, lang: str) -> str:
    """12.4 万元, CNY 124,000."""
    return f"{fen / 1e6:,.1f} 万元" if lang == "zh" else f"CNY {fen / 100:,.0f}"


def number(row: dict[str, Any], key: str) -> int:
    """A whole number of a CSV row."""
    return int(float(row[key] or 0))

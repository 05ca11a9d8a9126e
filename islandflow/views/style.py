"""Colours, names and numbers of all views."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from islandflow.scenario.entities import Scenario

INK, GRID, ACCENT, BROKEN = "#22313f", "#e3e6e8", "#0072B2", "#B00020"
OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8C6D1F", "#000000")
FONT = "Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"


def port_name(scenario: Scenario, port: str, lang: str) -> str:
    """Name of a port in the reader's language."""
    found = scenario.ports[port]
    return found.name_zh.partition("(")[0].partition("(")[0] if lang == "zh" else found.name_en


def framed(figure: go.Figure, height: int) -> go.Figure:
    """White ground, thin grey grid, one ink."""
    figure.update_layout(
        height=height, template="plotly_white", font={"family": FONT, "size": 12, "color": INK}, margin={"l": 8, "r": 8, "t": 24, "b": 32},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"}, hoverlabel={"font": {"family": FONT}},
    )  # fmt: skip
    figure.update_xaxes(gridcolor=GRID, zeroline=False, automargin=True)
    figure.update_yaxes(gridcolor=GRID, zeroline=False, automargin=True)
    return figure


def hours(figure: go.Figure, lang: str) -> go.Figure:
    """Time of day across, in minutes."""
    figure.update_xaxes(
        tickvals=[h * 60 for h in range(5, 24)], ticktext=[f"{h:02d}:00" for h in range(5, 24)], range=[290, 1390], title="时刻" if lang == "zh" else "time of day",
    )  # fmt: skip
    return figure


def money(fen: float, lang: str) -> str:
    """12.4 万元, CNY 124,000."""
    return f"{fen / 1e6:,.1f} 万元" if lang == "zh" else f"CNY {fen / 100:,.0f}"


def number(row: dict[str, Any], key: str) -> int:
    """A whole number of a CSV row."""
    return int(float(row[key] or 0))

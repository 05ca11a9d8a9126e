"""The ground that island maps are drawn on: coastline and roads."""

from __future__ import annotations

import json
from collections.abc import Collection

import plotly.graph_objects as go

from islandflow.scenario.entities import Scenario
from islandflow.views.style import ACCENT


def base_map(scenario: Scenario, islands: Collection[str], lang: str, upgraded: Collection[str] = ()) -> go.Figure:
    """Coastline, roads (synthetic ones dashed and named so), upgraded roads in the accent."""
    figure = go.Figure()
    homes = [s for s in scenario.settlements.values() if s.island_id in islands]
    x, y = [s.lon for s in homes], [s.lat for s in homes]
    box = (min(x) - 0.05, max(x) + 0.05, min(y) - 0.04, max(y) + 0.04)
    wide = box[3] - box[2] + box[1] - box[0]  # a wide page shows more of the sea on either side
    if scenario.coastline is not None:
        lon: list[float | None] = []
        lat: list[float | None] = []
        for feature in json.loads(scenario.coastline.read_text(encoding="utf-8"))["features"]:
            ring = feature["geometry"]["coordinates"][0]
            if any(box[0] - wide < p[0] < box[1] + wide and box[2] < p[1] < box[3] for p in ring):
                lon += [round(p[0], 4) for p in ring] + [None]
                lat += [round(p[1], 4) for p in ring] + [None]
        figure.add_trace(go.Scatter(x=lon, y=lat, fill="toself", fillcolor="#f1efe9", line={"color": "#b9b4a8", "width": 0.6}, mode="lines", hoverinfo="skip", showlegend=False))  # fmt: skip
    words = {"zh": ("道路", "道路(合成 ≈)", "改造道路"), "en": ("road", "road (synthetic ≈)", "upgraded road")}[lang]
    for name, roads, style in (
        (words[0], [r for r in scenario.roads.values() if not r.synthetic and r.road_id not in upgraded], {"color": "#9aa5ad", "width": 1}),
        (
            words[1],
            [r for r in scenario.roads.values() if r.synthetic and r.road_id not in upgraded],
            {"color": "#9aa5ad", "width": 1, "dash": "dot"},
        ),
        (words[2], [r for r in scenario.roads.values() if r.road_id in upgraded], {"color": ACCENT, "width": 3}),
    ):
        mine = [r for r in roads if r.island_id in islands]
        if mine:
            lon = [v for r in mine for v in (r.from_lon, r.to_lon, None)]
            lat = [v for r in mine for v in (r.from_lat, r.to_lat, None)]
            figure.add_trace(go.Scatter(x=lon, y=lat, mode="lines", line=style, name=name, hoverinfo="skip"))
    figure.update_xaxes(range=box[:2], showgrid=False, showticklabels=False)
    figure.update_yaxes(range=box[2:], showgrid=False, showticklabels=False, scaleanchor="x", scaleratio=1.16)
    return figure

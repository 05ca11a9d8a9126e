"""The map: coastline, sea paths as wide as their passengers, ports."""

from __future__ import annotations

import json
from collections import Counter

import plotly.graph_objects as go

from islandflow.views.boatless import boatless
from islandflow.views.names import plain_island, short_port
from islandflow.views.style import ACCENT, BROKEN, INK, framed, number
from islandflow.views.view import Case, Cell, Table, View

DRAWN = 140
STRETCH = 1.16  # a degree of latitude over one of longitude, at 30 degrees north
HEIGHT = 700  # pixels of the map at most
Box = tuple[float, float, float, float]  # west, east, south, north
NAMED_FROM = 1500  # residents from which an island is named on the map
HEADS = {
    "from": ("港口", "port"), "to": ("港口", "port"), "people_there": ("去程人数", "people there"), "people_back": ("回程人数", "people back"),
    "sailings": ("双向航次", "sailings both ways"), "nm": ("海里", "nautical miles"),
}  # fmt: skip


def seamap(case: Case) -> View:
    """Flows on sea paths; ports of broken obligations stand out."""
    people: Counter[tuple[str, str]] = Counter()
    boats: Counter[tuple[str, str]] = Counter()
    asked = {s.id for s in case.sailings}
    for row in case.folder.loads:
        if row["sailing"] in asked:
            people[row["from_port"], row["to_port"]] += number(row, "people")
            boats[row["from_port"], row["to_port"]] += 1
    pairs = sorted({(min(p), max(p)) for p in boats}, key=lambda p: (-(people[p] + people[p[::-1]]), p))
    rows: list[tuple[Cell, ...]] = [
        (*(short_port(case.scenario, p, case.lang) for p in pair), people[pair], people[pair[::-1]], boats[pair] + boats[pair[::-1]],
         round(case.network.nm(*pair), 1)) for pair in pairs
    ]  # fmt: skip
    broken = {o["port"] for o in case.folder.audit["obligations"] if not o["met"]}
    figure = go.Figure()
    _coast(case, figure)
    _flows(case, figure, {p: people[p] + people[p[::-1]] for p in pairs[:DRAWN]})
    _ports(case, figure, broken)
    lost = _without_boat(case, figure)
    _islands(case, figure)
    if pairs:
        first = "–".join(short_port(case.scenario, p, case.lang) for p in pairs[0])
        most = people[pairs[0]] + people[pairs[0][::-1]]
        sentence = case.say(
            f"线越粗,乘客越多;最忙的是{first},双向 {most:,} 人。",
            f"The wider a path, the more people; busiest is {first} with {most:,} both ways. ",
        )
    else:
        sentence = case.say("没有航次。", "No sailings. ")
    sentence += case.say("红色叉号为民生保障未满足的港口。", "A red cross marks a port whose obligation is not met.") if broken else ""
    sentence += case.say("圆圈为无船可乘之处。", " A ring marks where nobody gets a boat.") if lost else ""
    return View(
        "map", case.say("客流地图", "Flows on the map"), sentence.strip(), _range(case, figure), Table(case.columns(HEADS), tuple(rows))
    )


def _coast(case: Case, figure: go.Figure) -> None:
    if case.scenario.coastline is None:
        return
    x: list[float | None] = []
    y: list[float | None] = []
    for feature in json.loads(case.scenario.coastline.read_text(encoding="utf-8"))["features"]:
        shape = feature["geometry"]
        for ring in [shape["coordinates"][0]] if shape["type"] == "Polygon" else [p[0] for p in shape["coordinates"]]:
            x += [round(p[0], 4) for p in ring] + [None]
            y += [round(p[1], 4) for p in ring] + [None]
    figure.add_trace(go.Scatter(x=x, y=y, fill="toself", fillcolor="#f1efe9", line={"color": "#b9b4a8", "width": 0.6}, hoverinfo="skip", showlegend=False,
                                mode="lines"))  # fmt: skip


def _flows(case: Case, figure: go.Figure, flow: dict[tuple[str, str], int]) -> None:
    top = max(flow.values(), default=1) or 1
    for (a, b), people in flow.items():
        points = case.network.path(a, b)
        tip = f"{short_port(case.scenario, a, case.lang)} – {short_port(case.scenario, b, case.lang)}: {people:,}"
        figure.add_trace(go.Scatter(
            x=[round(p[0], 4) for p in points], y=[round(p[1], 4) for p in points], mode="lines", showlegend=False, opacity=0.6, text=tip, hoverinfo="text",
            line={"color": ACCENT, "width": round(1 + 9 * (people / top) ** 0.5, 1)},
        ))  # fmt: skip


def _ports(case: Case, figure: go.Figure, broken: set[str]) -> None:
    calls = Counter(p for s in case.sailings for p in s.ports)
    most = max(calls.values(), default=1)
    for wrong, colour, symbol, name in (
        (False, INK, "circle", case.say("港口(越大,挂靠越多)", "port (larger with more calls)")),
        (True, BROKEN, "x", case.say("民生保障未满足", "obligation not met")),
    ):
        ports = [p for p in case.scenario.ports.values() if (p.port_id in broken) == wrong]
        if ports:
            figure.add_trace(go.Scatter(
                x=[p.lon for p in ports], y=[p.lat for p in ports], mode="markers", name=name, hoverinfo="text",
                marker={"size": [round((9 if wrong else 4) + 8 * (calls[p.port_id] / most) ** 0.5, 1) for p in ports], "color": colour, "symbol": symbol},
                text=[f"{short_port(case.scenario, p.port_id, case.lang)}: {calls[p.port_id]} " + case.say("次挂靠", "calls") for p in ports],
            ))  # fmt: skip


def _without_boat(case: Case, figure: go.Figure) -> bool:
    """A ring round the ports of places from which nobody travels who wants to; whether there are some."""
    found = [(b, case.scenario.ports[p]) for b in boatless(case) for p in b.ports]
    ports = [p for b, p in found if p.place_id in b.places or (b.whole and p.island_id == b.island)]
    if ports:
        figure.add_trace(go.Scatter(
            x=[p.lon for p in ports], y=[p.lat for p in ports], mode="markers", name=case.say("无船可乘", "without any boat"), hoverinfo="text",
            marker={"size": 15, "color": INK, "symbol": "circle-open", "line": {"width": 2}},
            text=[f"{short_port(case.scenario, p.port_id, case.lang)}: " + case.say("无船可乘", "without any boat") for p in ports],
        ))  # fmt: skip
    return bool(ports)


def _islands(case: Case, figure: go.Figure) -> None:
    """Names of islands, the most peopled first, clear of ports and of each other; else clear of each other, or not at all."""
    lon, lat = _window(case)
    degree = (lat[1] - lat[0]) / _height(lon, lat)  # of latitude, a pixel
    named = [
        i for i in case.scenario.islands.values() if i.kind == "island" and (i.residents >= NAMED_FROM or case.scenario.coastline is None)
    ]
    called = {p for s in case.sailings for p in s.ports}
    dots = [_box(case.scenario.ports[p].lon, case.scenario.ports[p].lat, 10 * degree * STRETCH, 10 * degree) for p in called]
    names: list[Box] = []
    shown: list[str] = []
    for island in sorted(named, key=lambda i: (-i.residents, i.island_id)):
        text = plain_island(case.scenario, island.island_id, case.lang)
        wide, high = (11.5 if case.lang == "zh" else 6.5) * len(text) * degree * STRETCH, 13 * degree
        aside, above = wide / 2 + 8 * degree * STRETCH, 14 * degree
        spots = [(0.0, 0.0), (0.0, above), (0.0, -above), (aside, 0.0), (-aside, 0.0)]
        boxes = [_box(island.lon + dx, island.lat + dy, wide, high) for dx, dy in spots]
        free = [box for box in boxes if not _covers(box, names + dots)] or [box for box in boxes if not _covers(box, names)]
        if free:
            names.append(free[0])
            shown.append(text)
    x, y = [(box[0] + box[1]) / 2 for box in names], [(box[2] + box[3]) / 2 for box in names]
    font = {"size": 11, "color": "#5b5647"}
    figure.add_trace(go.Scatter(x=x, y=y, mode="text", text=shown, textfont=font, hoverinfo="skip", showlegend=False))


def _box(x: float, y: float, wide: float, high: float) -> Box:
    return x - wide / 2, x + wide / 2, y - high / 2, y + high / 2


def _covers(box: Box, others: list[Box]) -> bool:
    return any(box[0] < o[1] and o[0] < box[1] and box[2] < o[3] and o[2] < box[3] for o in others)


def _height(lon: tuple[float, float], lat: tuple[float, float]) -> int:
    """Pixels of the map: as the window is wide and tall, within what a laptop shows."""
    return round(min(HEIGHT, max(300, 800 * STRETCH * (lat[1] - lat[0]) / (lon[1] - lon[0]))))


def _window(case: Case) -> tuple[tuple[float, float], tuple[float, float]]:
    """Longitudes and latitudes of the ports called at, with a margin."""
    called = {p for s in case.sailings for p in s.ports} or set(case.scenario.ports)
    lon = [case.scenario.ports[p].lon for p in called]
    lat = [case.scenario.ports[p].lat for p in called]
    return (min(lon) - 0.1, max(lon) + 0.1), (min(lat) - 0.08, max(lat) + 0.08)


def _range(case: Case, figure: go.Figure) -> go.Figure:
    lon, lat = _window(case)
    figure.update_xaxes(range=lon, showgrid=False, showticklabels=False)
    figure.update_yaxes(range=lat, showgrid=False, showticklabels=False, scaleanchor="x", scaleratio=STRETCH)
    return framed(figure, _height(lon, lat) + 80)

"""Views of lines by the clock: map with headways, minutes past the hour at every stop, vehicles' day, people within a walk of a stop.

They stand beside those of the buses that meet the boats: ``names_with_lines`` lists all views of a folder, ``view_with_lines`` draws one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

import plotly.graph_objects as go

from islandflow.shuttle.folder import ShuttleFolder
from islandflow.shuttle.lines_audit import LinesBook, lines_money
from islandflow.shuttle.lines_day import LinesDay
from islandflow.shuttle.lines_facts import lines_day
from islandflow.shuttle.lines_plan import Line, LinesMoney, LinesPlan, LinesProof
from islandflow.shuttle.lines_tables import LINE_COLUMNS, line_rows
from islandflow.shuttle.tables import Row
from islandflow.units import clock
from islandflow.views import shuttle
from islandflow.views.gallery import UnknownView
from islandflow.views.landmap import base_map
from islandflow.views.shuttle import Ashore, node_spots
from islandflow.views.shuttle_lines_words import LINE_HEADS, LINE_LEFT, counted, every, line_name
from islandflow.views.style import DASHES, INK, OKABE_ITO, QUIET, framed, hours
from islandflow.views.view import Cell, Table, View

HOUR = 60


class OnLines(Ashore):
    """One island with lines, and the reader's language."""

    @cached_property
    def day(self) -> LinesDay:
        """The facts."""
        return lines_day(self.folder.scenario, self.folder.ferry, self.island_id)

    @property
    def lines(self) -> LinesPlan:
        """What is planned."""
        return self.folder.plan.lines[self.island_id][0]

    @property
    def proof(self) -> LinesProof:
        """What is proven."""
        return self.folder.plan.lines[self.island_id][1]

    @cached_property
    def told(self) -> dict[str, list[Row]]:
        """The tables of lines."""
        return line_rows(self.day, self.lines)

    @cached_property
    def money(self) -> LinesMoney:
        """Fen and minutes, counted from the plan."""
        return lines_money(LinesBook(self.day, self.lines))

    @cached_property
    def near(self) -> tuple[int, int, int]:
        """People within a walk of a quay, of a quay or stop, and all."""
        rows = self.told["line_coverage"]
        count = [sum(r["residents"] + r["guests"] for r in rows if key == "all" or r[key] == "yes") for key in ("before", "after", "all")]
        return count[0], count[1], count[2]

    def line(self, line: str) -> str:
        """A line by the name people use."""
        return line_name(line, self.lang == "zh")

    def sign(self, line: str) -> tuple[str, str]:
        """Colour and dash of a line."""
        n = [x.line_id for x in self.lines.lines].index(line)
        return OKABE_ITO[n % len(OKABE_ITO)], DASHES[n // len(OKABE_ITO) % len(DASHES)]

    def ends(self, line: Line) -> str:
        """From where to where."""
        return f"{self.node(line.calls[0])} – {self.node(line.calls[-1])}"

    def lines_table(self, name: str, leave: tuple[str, ...] = ()) -> Table:
        """A table of the folder with names for ids."""
        columns = tuple((c, self.say(*LINE_HEADS[c])) for c in LINE_COLUMNS[name] if c not in ("island_id", *leave))
        return Table(columns, tuple(tuple(self.lines_cell(row, c) for c, _ in columns) for row in self.told[name]))

    def lines_cell(self, row: Row, column: str) -> Cell:
        """A value as people read it."""
        value, zh = row[column], self.lang == "zh"
        if column == "calls":
            return " · ".join(self.node(n) for n in value.split(";"))
        if column in ("stop", "settlement", "origin", "goal"):
            return self.node(value)
        if column == "line":
            return self.line(value)
        if column == "direction":
            calls = next(x.calls for x in self.lines.lines if x.line_id == row["line"])
            return self.node(calls[-1] if value == "out" else calls[0])
        if column == "past_hour":
            return every(value, row["hours"], zh)
        if column == "fleet":
            fleet = self.folder.scenario.shuttle_fleets[value]
            return fleet.name_zh if zh else fleet.name_en
        if column in ("before", "after", "boat"):
            return self.say(*LINE_HEADS[value])
        if column == "charger" and value:
            return self.node(self.folder.scenario.bus_chargers[value].node)
        if column == "reserved":
            parts = (part.partition(":") for part in value.split(";") if part)
            return ", ".join(f"{self.node(self.folder.scenario.bus_chargers[c].node)} × {n}" for c, _, n in parts)
        found: Cell = self.say(*LINE_LEFT[value]) if column == "binds" else value
        return found


def line_map(case: OnLines) -> View:
    """Lines over the roads, the first ones widest where they share one; stops, and settlements without."""
    figure, at = base_map(case.folder.scenario, {case.island_id}, case.lang), node_spots(case)
    many = len(case.lines.lines)
    for n, x in enumerate(case.lines.lines):
        lon: list[float | None] = []
        lat: list[float | None] = []
        for a, b in pairwise(x.calls):
            for node in case.day.ways.paths[a, b]:
                lon.append(at[node][0])
                lat.append(at[node][1])
        colour, dash = case.sign(x.line_id)
        minutes = case.say(f"每 {x.headway} 分钟", f"every {x.headway} min")
        figure.add_trace(go.Scatter(x=lon, y=lat, mode="lines", line={"color": colour, "width": 3 + 3 * min(3, many - 1 - n), "dash": dash}, name=f"{case.line(x.line_id)} {minutes}", hoverinfo="name"))  # fmt: skip
    served = {c for x in case.lines.lines for c in x.calls}
    for nodes, place, marker, name in (
        (sorted(served), "top center", {"color": "#ffffff", "size": 10, "line": {"color": INK, "width": 2}}, case.say("车站", "stops")),
        (sorted({h.node for h in case.day.homes} - served), "bottom center", {"color": QUIET, "size": 9, "symbol": "x-thin", "line": {"color": QUIET, "width": 2}}, case.say("无站居民点", "settlements without a stop")),
    ):  # fmt: skip
        if nodes:
            figure.add_trace(go.Scatter(
                x=[at[s][0] for s in nodes], y=[at[s][1] for s in nodes], mode="markers+text", text=[case.node(s) for s in nodes], textposition=place, textfont={"size": 11},
                marker=marker, hovertext=[case.node(s) for s in nodes], hoverinfo="text", name=name,
            ))  # fmt: skip
    figure = framed(figure, 560)
    figure.update_layout(legend={"orientation": "h", "y": -0.02, "yanchor": "top"}, margin={"l": 8, "r": 8, "t": 24, "b": 8})
    vehicles = len({t.vehicle for t in case.lines.trips})
    title = case.say(f"{case.name}:{many} 条定时线路,{vehicles} 辆车,≈ {case.money.served:,} 人次", f"{case.name}: {counted(many, 'line')} by the clock, {counted(vehicles, 'vehicle')}, ≈ {case.money.served:,} trips")
    sentence = case.say("线路沿道路走,每条一色;共用道路处先画的较宽。× 为没有车站的居民点。出行量为估计 ≈,道路为合成数据 ≈。",
                        "Lines follow the roads, one colour each; where they share a road the first is drawn wider. × marks settlements where no line calls. Trips are estimated ≈, roads synthetic ≈.")  # fmt: skip
    return View("lines", title, sentence, figure, case.lines_table("lines"))


def departures(case: OnLines) -> View:
    """The hour as a strip: at which minutes a bus leaves each stop."""
    figure, names = go.Figure(), list[str]()
    for x in case.lines.lines:
        rows = [r for r in case.told["line_timetable"] if r["line"] == x.line_id]
        marks: list[tuple[int, str, str]] = []
        for row in rows:
            calls = x.calls if row["direction"] == "out" else x.calls[::-1]
            if row["call"] == len(calls):
                continue
            label = f"{case.line(x.line_id)} → {case.node(calls[-1])} · {case.node(row['stop'])}"
            names.append(label)
            marks += [(int(m), label, f"{label}<br>{every(row['past_hour'], row['hours'], case.lang == 'zh')}<br>{row['first']}–{row['last']}") for m in row["past_hour"].split(";")]
        figure.add_trace(go.Scatter(
            x=[m for m, _, _ in marks], y=[label for _, label, _ in marks], text=[f":{m:02d}" for m, _, _ in marks], textposition="middle right", textfont={"size": 11}, mode="markers+text",
            marker={"color": case.sign(x.line_id)[0], "size": 9, "symbol": ("circle", "square", "diamond", "triangle-up")[case.lines.lines.index(x) % 4]}, hovertext=[t for _, _, t in marks], hoverinfo="text",
            name=f"{case.line(x.line_id)} {case.ends(x)}",
        ))  # fmt: skip
    figure = framed(figure, 130 + 19 * len(names))
    figure.update_xaxes(range=[-1, 64], tickvals=list(range(0, 61, 10)), ticktext=[f":{m % HOUR:02d}" for m in range(0, 61, 10)], title=case.say("每小时的分钟", "minutes past the hour"))
    figure.update_yaxes(categoryorder="array", categoryarray=names[::-1], tickfont={"size": 11})
    p = case.proof
    title = case.say(f"{case.name}:整点制发车,衔接 {p.met} / {p.boats} 个船次", f"{case.name}: departures by the clock, {p.met} of {p.boats} boat calls met")
    wait = case.day.rules.meet_min
    sentence = case.say(f"每行一站一方向;全天每小时同一分钟发车(间隔两小时者隔小时)。分钟选在最多船班可衔接处:下船后或上船前多等不超过 {wait} 分钟。",
                        f"A row a stop and direction; a bus leaves at these minutes of every hour all day (of every other hour where so said). The minutes are those that meet most boats: nobody of a boat met waits more than {wait} minutes beyond boarding or alighting.")  # fmt: skip
    return View("departures", title, sentence, figure, case.lines_table("line_timetable", ("hours", "call", "headway_min")))


def linebuses(case: OnLines) -> View:
    """A row a vehicle: out, back, charging at the ends."""
    figure, order = go.Figure(), sorted({t.vehicle for t in case.lines.trips})
    label = {v: case.vehicle(v) for v in order}
    later = {a: b.departs for a, b in pairwise(case.lines.trips) if a.vehicle == b.vehicle}
    bars: dict[str, list[tuple[str, int, int, str]]] = {k: [] for k in ("out", "back", "charge")}
    for t in case.lines.trips:
        calls = next(x.calls for x in case.lines.lines if x.line_id == t.line)
        begins, ends = (calls[-1], calls[0]) if t.back else (calls[0], calls[-1])
        tip = f"{case.line(t.line)} {clock(t.departs)} {case.node(begins)} → {clock(t.arrives)} {case.node(ends)}"
        bars["back" if t.back else "out"].append((label[t.vehicle], t.departs, t.arrives, tip))
        if t.wh:
            bars["charge"].append((label[t.vehicle], t.arrives, later[t], f"{clock(t.arrives)}–{clock(later[t])} · {case.node(ends)} · +{t.wh / 1000:.1f} kWh"))
    for kind, (zh, en), colour, hatch in (
        ("out", ("去程", "out"), OKABE_ITO[0], ""), ("back", ("返程", "back"), OKABE_ITO[4], "/"), ("charge", ("充电", "charging"), OKABE_ITO[2], "x"),
    ):  # fmt: skip
        mine = bars[kind]
        if mine:
            figure.add_trace(go.Bar(
                y=[b[0] for b in mine], base=[b[1] for b in mine], x=[b[2] - b[1] for b in mine], orientation="h", customdata=[b[3] for b in mine], hovertemplate="%{customdata}<extra></extra>",
                name=case.say(zh, en), marker={"color": colour, "pattern": {"shape": hatch, "size": 4, "fgcolor": "#ffffff"}, "line": {"width": 0.4, "color": "#fff"}},
            ))  # fmt: skip
    figure.update_layout(barmode="overlay", bargap=0.35)
    figure.update_yaxes(categoryorder="array", categoryarray=[label[v] for v in reversed(order)], tickfont={"size": 11})
    hours(framed(figure, 150 + 24 * len(order)), case.lang)
    title = case.say(f"{case.name}:线路上 {len(order)} 辆车的一天", f"{case.name}: the day of {counted(len(order), 'vehicle')} on lines")
    sentence = case.say("每行一辆车:蓝为去程,浅蓝斜纹为返程,绿叉纹为折返时充电,空白为停站。", "A row a vehicle: blue out, pale blue hatched back, green crossed charging between trips, white standing.")
    return View("linebuses", title, sentence, figure, case.lines_table("line_trips"))


def within(case: OnLines) -> View:
    """People by settlement: within a walk of a quay, of a stop, of neither."""
    figure, rows = go.Figure(), sorted(case.told["line_coverage"], key=lambda r: r["residents"] + r["guests"])
    kinds = (("quay", case.say("码头步行可达(以前)", "within a walk of a quay (before)"), INK, ""), ("stop", case.say("因线路而可达", "within a walk of a stop now"), OKABE_ITO[0], "/"),
             ("far", case.say("仍不可达", "still too far"), "#d5dade", "."))  # fmt: skip
    for kind, name, colour, hatch in kinds:
        mine = [r["residents"] + r["guests"] if kind == ("quay" if r["before"] == "yes" else "stop" if r["after"] == "yes" else "far") else 0 for r in rows]
        figure.add_trace(go.Bar(y=[case.node(r["settlement"]) for r in rows], x=mine, orientation="h", name=name, marker={"color": colour, "pattern": {"shape": hatch, "size": 4, "fgcolor": "#ffffff" if kind != "far" else "#777777"}}))  # fmt: skip
    figure.update_layout(barmode="stack")
    figure.update_xaxes(title=case.say("居民与住客", "residents and guests"))
    before, after, everyone = case.near
    minutes = case.day.rules.walk_min
    title = case.say(f"{case.name}:步行 {minutes} 分钟内有站或码头的人从 {before:,} 增至 {after:,}(共 {everyone:,})", f"{case.name}: people within {minutes} minutes' walk of a stop or quay, {before:,} before and {after:,} now, of {everyone:,}")
    sentence = case.say("居民点按一点计;以前只有码头,数据中没有现有公交线路。住客按季节估计 ≈。", "A settlement counts as one point; before, there are the quays alone, since the scenario knows no lines of today. Guests are estimated by season ≈.")
    return View("within", title, sentence, framed(figure, 130 + 22 * len(rows)), case.lines_table("line_coverage"))


LINE_VIEWS: Mapping[str, Callable[[OnLines], View]] = {"lines": line_map, "departures": departures, "linebuses": linebuses, "within": within}


def names_with_lines(folder: ShuttleFolder) -> tuple[str, ...]:
    """Views of a folder: those of its buses that meet boats, then those of its lines; ``NAME-ISLAND`` for all islands but the first of each.

    Where there are lines alone, ``map`` is theirs.
    """
    first, others = next(iter(folder.plan.lines), ""), list(folder.plan.lines)[1:]
    own = (*LINE_VIEWS, *(f"{name}-{island}" for island in others for name in LINE_VIEWS)) if first else ()
    return (*(shuttle.view_names(folder) if folder.plan.days else ("map",)), *own)


def view_with_lines(folder: ShuttleFolder, name: str, lang: str) -> View:
    """A view by a name of `names_with_lines`; UnknownView for another."""
    plain, _, island = name.partition("-")
    if plain == "map" and not folder.plan.days:
        plain = "lines"
    if plain not in LINE_VIEWS:
        return shuttle.view_of(folder, name, lang)
    if island not in ("", *folder.plan.lines) or not folder.plan.lines:
        raise UnknownView(name, names_with_lines(folder))
    return replace(LINE_VIEWS[plain](OnLines(folder, island or next(iter(folder.plan.lines)), lang)), name=name)


def all_line_views(folder: ShuttleFolder, lang: str) -> list[View]:
    """Every view of lines, island by island."""
    return [draw(OnLines(folder, island, lang)) for island in folder.plan.lines for draw in LINE_VIEWS.values()]


__all__ = ["LINE_VIEWS", "OnLines", "all_line_views", "names_with_lines", "view_with_lines"]

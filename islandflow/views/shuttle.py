"""Views of a shuttle plan by name: map on roads, vehicles with charging, boats and their buses, stops, medical transfers, who is left.

from islandflow.views.shuttle import NAMES, show
view = show("vehicles", folder, lang="en", island="taohua")
view.as_json()  # name, title, sentence, figure {data, layout}, table {columns, rows}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import plotly.graph_objects as go

from islandflow.errors import BadInput, Fault
from islandflow.scenario.reader import near
from islandflow.shuttle import day as facts
from islandflow.shuttle.folder import ShuttleFolder
from islandflow.shuttle.island import Island, island_day
from islandflow.shuttle.medical import medical_transfers
from islandflow.shuttle.plan import DayPlan
from islandflow.shuttle.tables import COLUMNS, Row, rows_of
from islandflow.units import clock, minutes
from islandflow.views.gallery import UnknownView
from islandflow.views.landmap import base_map
from islandflow.views.names import short_port
from islandflow.views.shuttle_words import BINDS, HEADS
from islandflow.views.style import ACCENT, INK, OKABE_ITO, QUIET, framed, hours
from islandflow.views.typography import fullwidth
from islandflow.views.view import Cell, Table, View

OUT, IN, CHARGE, REST = OKABE_ITO[0], OKABE_ITO[5], OKABE_ITO[2], OKABE_ITO[3]
LATE = 10**6  # after every minute of a day


@dataclass(frozen=True)
class Ashore:
    """One island of a shuttle plan, and the reader's language."""

    folder: ShuttleFolder
    island_id: str
    lang: str

    @cached_property
    def island(self) -> Island:
        """The facts of the island's day."""
        return island_day(self.folder.scenario, self.folder.ferry, self.island_id)

    @property
    def plan(self) -> DayPlan:
        """What is planned."""
        return self.folder.plan.days[self.island_id]

    @cached_property
    def rows(self) -> dict[str, list[Row]]:
        """The tables of the island."""
        return rows_of(self.island, self.plan)

    def say(self, zh: str, en: str) -> str:
        """The text of the reader's language."""
        return fullwidth(zh) if self.lang == "zh" else en

    def node(self, node: str) -> str:
        """Name of a settlement or port."""
        if node in self.folder.scenario.ports:
            return short_port(self.folder.scenario, node, self.lang)
        found = self.folder.scenario.settlements.get(node)
        return node if found is None else _short(found.name_zh if self.lang == "zh" else found.name_en)

    def vehicle(self, vehicle: str) -> str:
        """Short name of a vehicle: number and seats of its fleet."""
        fleet = self.folder.scenario.shuttle_fleets[vehicle.rpartition("-")[0]]
        return f"{vehicle} · {fleet.seats} {self.say('座', 'seats')}"

    @property
    def name(self) -> str:
        """The island."""
        found = self.folder.scenario.islands[self.island_id]
        return _short(found.name_zh if self.lang == "zh" else found.name_en)

    def table(self, name: str) -> Table:
        """A table of the folder with names for ids."""
        columns = tuple((c, self.say(*HEADS[c])) for c in COLUMNS[name] if c != "island_id")
        return Table(columns, tuple(tuple(self.cell(c, row[c]) for c, _ in columns) for row in self.rows[name]))

    def cell(self, column: str, value: Cell) -> Cell:
        """A value as people read it."""
        if column in ("stop", "quay", "node"):
            return self.node(str(value))
        if column in ("kind", "direction"):
            return self.say(*HEADS[f"{column}:{value}"])
        return self.say(*BINDS[str(value)]) if column == "binds" and value in BINDS else value


def _short(name: str) -> str:
    """A name without what stands behind it in brackets."""
    return name.split("(")[0].split("\uff08")[0].strip()


def route_map(case: Ashore) -> View:
    """Roads with buses on them, as wide as their people; stops by people, quays, chargers."""
    figure = base_map(case.folder.scenario, {case.island_id}, case.lang)
    spots = node_spots(case)
    load: dict[tuple[str, str], int] = {}
    for run in case.plan.runs:
        stops = [h.stop for h in run.halts]
        nodes = [run.quay, *stops] if run.kind == "out" else [*stops, run.quay]
        ride, at = {x.party: x.people for x in run.loads}, {p.party_id: p.stop for p in case.island.day.parties}
        for k, (a, b) in enumerate(pairwise(nodes)):
            on = sum(n for p, n in ride.items() if (at[p] in nodes[k + 1 :] if run.kind == "out" else at[p] in nodes[: k + 1]))
            path = case.island.ways.paths[a, b]
            for c, d in pairwise(path):
                load[min(c, d), max(c, d)] = load.get((min(c, d), max(c, d)), 0) + on
    top = max(load.values(), default=1)
    for (a, b), people in sorted(load.items()):
        if people:
            figure.add_trace(go.Scatter(x=[spots[a][0], spots[b][0]], y=[spots[a][1], spots[b][1]], mode="lines", line={"color": ACCENT, "width": 1.5 + 7 * people / top}, opacity=0.75, hoverinfo="skip", showlegend=False))  # fmt: skip
    served: dict[str, int] = {}
    for row in case.rows["loads"]:
        served[row["stop"]] = served.get(row["stop"], 0) + row["people"]
    stops = sorted(served)
    figure.add_trace(go.Scatter(
        x=[spots[s][0] for s in stops], y=[spots[s][1] for s in stops], mode="markers+text", text=[case.node(s) for s in stops], textposition="top center",
        textfont={"size": 11}, marker={"color": INK, "size": [7 + 0.35 * served[s] ** 0.5 for s in stops]}, hovertext=[f"{case.node(s)}: {served[s]:,}" for s in stops], hoverinfo="text",
        name=case.say("站点(大小为人数)", "stops, by people"),
    ))  # fmt: skip
    for nodes, symbol, colour, name in (
        (sorted({c.quay for c in case.island.day.calls}), "square", IN, case.say("码头", "quays")),
        (sorted({c.node for c in case.island.day.chargers}), "diamond", CHARGE, case.say("充电站 ≈", "chargers ≈")),
    ):
        figure.add_trace(go.Scatter(x=[spots[n][0] for n in nodes], y=[spots[n][1] for n in nodes], mode="markers", marker={"symbol": symbol, "size": 12, "color": colour, "line": {"color": "#fff", "width": 1}}, hovertext=[case.node(n) for n in nodes], hoverinfo="text", name=name))  # fmt: skip
    figure = framed(figure, 560)
    figure.update_layout(legend={"orientation": "h", "y": -0.02, "yanchor": "top"}, margin={"l": 8, "r": 8, "t": 24, "b": 8})
    people = sum(r["people"] for r in case.rows["runs"])
    title = case.say(f"{case.name}:{len(case.plan.runs)} 程短驳,{people:,} 人", f"{case.name}: {len(case.plan.runs)} runs, {people:,} people")
    return View("map", title, case.say("线越宽,车上的人越多;点越大,该站的人越多。道路为合成数据(虚线)≈。", "The wider a road, the more people ride on it; the larger a stop, the more people it has. Roads are synthetic (dotted) ≈."), figure, case.table("runs"))  # fmt: skip


def node_spots(case: Ashore) -> dict[str, tuple[float, float]]:
    """Where nodes are, (lon, lat)."""
    found: dict[str, tuple[float, float]] = {}
    for road in case.folder.scenario.roads.values():
        if road.island_id == case.island_id:
            found[road.from_node], found[road.to_node] = (road.from_lon, road.from_lat), (road.to_lon, road.to_lat)
    for settlement in case.folder.scenario.settlements.values():
        found[settlement.settlement_id] = (settlement.lon, settlement.lat)
    for port in case.folder.scenario.ports.values():
        found[port.port_id] = (port.lon, port.lat)
    return found


def vehicles(case: Ashore) -> View:
    """A row a vehicle: runs from and to the boats, driving empty, charging, breaks."""
    bars: dict[str, list[tuple[str, int, int, str]]] = {k: [] for k in ("out", "in", "empty", "charge", "rest")}
    order = list(case.plan.vehicles)
    label = {v: case.vehicle(v) for v in order}
    people = {r.run_id: sum(x.people for x in r.loads) for r in case.plan.runs}
    events: dict[str, list[tuple[int, int, str, str]]] = {v: [] for v in order}
    for r in case.plan.runs:
        ends = r.ends + (case.island.day.rules.dwell_min if r.kind == "in" else 0)
        way = " → ".join(case.node(n) for n in ([r.quay, *(h.stop for h in r.halts)] if r.kind == "out" else [*(h.stop for h in r.halts), r.quay]))
        bars[r.kind].append((label[r.vehicle], r.begins, ends, f"{r.run_id} {clock(r.begins)}–{clock(r.ends)} · {people[r.run_id]}<br>{way}"))
        start, end = (r.quay, r.halts[-1].stop) if r.kind == "out" else (r.halts[0].stop, r.quay)
        events[r.vehicle].append((r.begins, ends, start, end))
    sites = {c.charger_id: c.node for c in case.island.day.chargers}
    for c in case.plan.charges:
        bars["charge"].append(
            (label[c.vehicle], c.begins, c.ends, f"{clock(c.begins)}–{clock(c.ends)} · {case.node(sites[c.charger])} · +{c.units} kWh")
        )
        events[c.vehicle].append((c.begins, c.ends, sites[c.charger], sites[c.charger]))
    for s in case.plan.rests:
        bars["rest"].append((label[s.vehicle], s.begins, s.ends, f"{clock(s.begins)}–{clock(s.ends)} · {case.node(s.node)}"))
        events[s.vehicle].append((s.begins, s.ends, s.node, s.node))
    for v, mine in events.items():
        before, free = home_of(case, v), None
        for begins, ends, start, end in [*sorted(mine), (LATE, LATE, home_of(case, v), "")]:
            if start != before:
                empty = int(case.island.day.minutes[case.island.day.number(before), case.island.day.number(start)])
                leaves = begins - empty if begins < LATE else (free or 0)
                bars["empty"].append((label[v], leaves, leaves + empty, f"{case.node(before)} → {case.node(start)}"))
            before, free = end, ends
    figure = go.Figure()
    for kind, (zh, en), colour, hatch in (
        ("empty", ("空驶", "driving empty"), "#d5dade", ""), ("out", ("接船送人", "from a boat"), OUT, ""), ("in", ("送人赶船", "to a boat"), IN, "/"),
        ("charge", ("充电", "charging"), CHARGE, "x"), ("rest", ("休息", "break"), REST, "."),
    ):  # fmt: skip
        figure.add_trace(go.Bar(
            y=[b[0] for b in bars[kind]], base=[b[1] for b in bars[kind]], x=[b[2] - b[1] for b in bars[kind]], orientation="h", customdata=[b[3] for b in bars[kind]],
            hovertemplate="%{customdata}<extra></extra>", name=case.say(zh, en), marker={"color": colour, "pattern": {"shape": hatch, "size": 4, "fgcolor": "#ffffff"}, "line": {"width": 0.4, "color": "#fff"}},
        ))  # fmt: skip
    figure.update_layout(barmode="overlay", bargap=0.3)
    figure.update_yaxes(categoryorder="array", categoryarray=[label[v] for v in reversed(order)], tickfont={"size": 11})
    hours(framed(figure, 150 + 20 * len(order)), case.lang)
    title = case.say(f"{case.name}:{len(order)} 辆车的一天", f"{case.name}: the day of {len(order)} vehicles")
    sentence = case.say("每行一辆车;蓝为接船送人,橙斜纹为送人赶船,绿叉纹为充电,浅灰为空驶,空白为等候。", "A row a vehicle: blue meets boats, orange hatched brings people to boats, green crossed charges, pale grey drives empty, white waits.")  # fmt: skip
    return View("vehicles", title, sentence, figure, case.table("charges"))


def home_of(case: Ashore, vehicle: str) -> str:
    """Where a vehicle begins and ends its day."""
    return next(b.base for b in case.island.day.buses if vehicle in facts.vehicle_ids(b))


def connections(case: Ashore) -> View:
    """Boats above, buses below, a stroke for the people who change between them."""
    figure, quays = go.Figure(), sorted({c.quay for c in case.island.day.calls})
    runs = {r.run_id: r for r in case.plan.runs}
    boats = {r["boat"]: r for r in case.rows["boats"]}
    links: dict[tuple[str, str], int] = {}
    for load in case.rows["loads"]:
        links[load["boat"], load["run"]] = links.get((load["boat"], load["run"]), 0) + load["people"]
    lane = {q: 2.6 * (len(quays) - 1 - n) for n, q in enumerate(quays)}
    for kind, (zh, en), colour, dash in (("lands", ("下船 → 上车", "boat → bus"), OUT, "solid"), ("leaves", ("下车 → 上船", "bus → boat"), IN, "dash")):
        x: list[float | None] = []
        y: list[float | None] = []
        tips: list[str] = []
        for (boat, run), people in sorted(links.items()):
            row, r = boats[boat], runs[run]
            if row["kind"] == kind:
                at = r.begins if r.kind == "out" else r.ends
                x += [minutes(row["minute"]), at, None]
                y += [lane[row["quay"]] + 1, lane[row["quay"]], None]
                tips += [f"{row['sailing']} {row['minute']} · {run} {clock(at)} · {people}"] * 2 + [""]
        figure.add_trace(go.Scatter(x=x, y=y, mode="lines", line={"color": colour, "dash": dash, "width": 1.4}, text=tips, hoverinfo="text", name=case.say(zh, en)))
        mine = [r for r in boats.values() if r["kind"] == kind]
        figure.add_trace(go.Scatter(
            x=[minutes(r["minute"]) for r in mine], y=[lane[r["quay"]] + 1 for r in mine], mode="markers", showlegend=False, hoverinfo="text",
            text=[f"{r['sailing']} {r['minute']} · {r['taken']}/{r['riders']}" for r in mine], marker={"symbol": "triangle-down" if kind == "lands" else "triangle-up", "size": 9, "color": colour},
        ))  # fmt: skip
    figure.add_trace(go.Scatter(
        x=[r.begins if r.kind == "out" else r.ends for r in runs.values()], y=[lane[r.quay] for r in runs.values()], mode="markers", name=case.say("车", "bus"), hoverinfo="text",
        text=[f"{r.run_id} {clock(r.begins)}–{clock(r.ends)}" for r in runs.values()], marker={"symbol": "square", "size": 6, "color": INK},
    ))  # fmt: skip
    ticks = [(lane[q] + up, f"{case.node(q)} · {case.say(*words)}") for q in quays for up, words in ((1, ("船", "boat")), (0, ("车", "bus")))]
    hours(framed(figure, 140 + 120 * len(quays)), case.lang)
    figure.update_yaxes(tickvals=[t for t, _ in ticks], ticktext=[t for _, t in ticks], range=[-0.5, max(lane.values(), default=0) + 1.5], showgrid=False)
    late = case.island.day.calls[0].late_min if case.island.day.calls else 0
    waits = [(r["wait_min"], r["people"]) for r in case.rows["loads"]]
    mean = sum(w * n for w, n in waits) / max(1, sum(n for _, n in waits))
    title = case.say(f"{case.name}:船车接驳,人均等候 {mean:.1f} 分钟", f"{case.name}: boats and buses, {mean:.1f} minutes of waiting a person")
    sentence = case.say(f"上行为船(▼到、▲开),下行为车;斜线为换乘的人,越斜等得越久。船晚点 {max(late, *(c.late_min for c in case.island.day.calls), 0)} 分钟以内无人误车。",
                        f"Boats above (▼ landing, ▲ leaving), buses below; a stroke is people who change, the more it slants the longer they wait. A boat up to {max(late, *(c.late_min for c in case.island.day.calls), 0)} minutes late strands nobody.")  # fmt: skip
    return View("connections", title, sentence, figure, case.table("boats"))


def stops(case: Ashore) -> View:
    """When buses call at each stop: to a boat, or home from one."""
    figure, rows = go.Figure(), case.rows["cards"]
    names = sorted({r["stop"] for r in rows}, key=lambda s: sum(r["people"] for r in rows if r["stop"] == s))
    for direction, (zh, en), colour, symbol in (("boat", ("去赶船", "to a boat"), IN, "triangle-up"), ("home", ("下船回家", "home from a boat"), OUT, "triangle-down")):
        mine = [r for r in rows if r["direction"] == direction]
        figure.add_trace(go.Scatter(
            x=[minutes(r["at_stop"]) for r in mine], y=[case.node(r["stop"]) for r in mine], mode="markers", name=case.say(zh, en), hoverinfo="text",
            text=[f"{case.node(r['stop'])} {r['at_stop']} · {case.node(r['quay'])} {r['at_quay']} · {r['sailing']} {r['boat_minute']} · {r['people']}" for r in mine],
            marker={"symbol": symbol, "color": colour, "size": [6 + r["people"] ** 0.5 for r in mine], "opacity": 0.85},
        ))  # fmt: skip
    hours(framed(figure, 120 + 24 * len(names)), case.lang)
    figure.update_yaxes(categoryorder="array", categoryarray=[case.node(n) for n in names])
    title = case.say(f"{case.name}:各站的车", f"{case.name}: buses at each stop")
    return View("stops", title, case.say("▲ 去赶船,▼ 下船回家;越大人越多。可打印的乘客卡片在 cards.html。", "▲ to a boat, ▼ home from one; larger means more people. Cards to print are in cards.html."), figure, case.table("cards"))  # fmt: skip


def medical(case: Ashore) -> View:
    """Minutes from a call for help to the hospital side, by settlement."""
    rows = medical_transfers(case.folder.scenario, case.folder.ferry, case.island)
    figure = go.Figure()
    names = [case.node(r.settlement_id) for r in rows]
    figure.add_trace(go.Bar(y=names, x=[r.usual for r in rows], orientation="h", marker={"color": ACCENT}, name=case.say("通常(中位)", "usual (median)")))
    worst = [r for r in rows if r.worst is not None]
    figure.add_trace(go.Scatter(y=[case.node(r.settlement_id) for r in worst], x=[r.worst for r in worst], mode="markers", marker={"symbol": "diamond", "size": 9, "color": IN}, name=case.say("最久", "longest")))  # fmt: skip
    figure.update_xaxes(title=case.say("分钟", "minutes"), rangemode="tozero")
    figure.update_yaxes(autorange="reversed")
    keys = ("settlement", "hospital", "quay", "leaves", "boards", "arrives", "sailing", "home", "usual", "worst", "without", "obligation")
    cells = [
        (case.node(r.settlement_id), case.node(r.hospital_port), case.node(r.quay), *(None if m is None else clock(m) for m in (r.leaves, r.boards, r.arrives)), r.sailing, None if r.home is None else clock(r.home), r.usual, r.worst, r.without, r.obligation)
        for r in rows
    ]  # fmt: skip
    columns = tuple((k, case.say(*HEADS[f"medical:{k}"])) for k in keys)
    if rows:
        sentence = case.say(f"6–20 时每个整点呼叫(有船的钟点),到 {case.node(rows[0].hospital_port)} 所需分钟:家 → 车 → 船;表中为当日就医的最晚出门时刻与返家时刻。", f"Minutes from a call at each full hour, 6 to 20 h, that a boat still serves, to {case.node(rows[0].hospital_port)}: home, car, boat; the table has the latest leave for a day's medical trip and the return.")  # fmt: skip
    else:
        sentence = case.say("本岛没有要求出岛就医的保障条款。", "No obligation asks for a medical trip off this island.")
    return View("medical", case.say(f"{case.name}:就医转运", f"{case.name}: medical transfers"), sentence, framed(figure, 110 + 26 * len(rows)), Table(columns, tuple(cells)))


def left(case: Ashore) -> View:
    """Who is not taken, by stop and by what binds."""
    figure, rows = go.Figure(), case.rows["unserved"]
    names = sorted({r["stop"] for r in rows})
    for n, (bind, words) in enumerate((b, w) for b, w in BINDS.items() if any(r["binds"] == b for r in rows)):
        mine = {s: sum(r["people"] for r in rows if r["stop"] == s and r["binds"] == bind) for s in names}
        figure.add_trace(go.Bar(y=[case.node(s) for s in names], x=list(mine.values()), orientation="h", name=case.say(*words), marker={"color": OKABE_ITO[n % 8] if n else QUIET, "pattern": {"shape": ("", "/", "x", ".")[n % 4]}}))  # fmt: skip
    figure.update_layout(barmode="stack")
    figure.update_xaxes(title=case.say("人", "people"))
    total = sum(r["people"] for r in rows)
    title = case.say(f"{case.name}:{total} 人未接送,因何", f"{case.name}: {total} people not taken, and why")
    return View("left", title, case.say("按站点与原因;其代价已计入目标。", "By stop and by what binds; their price is in the objective."), framed(figure, 120 + 24 * len(names)), case.table("unserved"))  # fmt: skip


VIEWS: Mapping[str, Callable[[Ashore], View]] = {"map": route_map, "vehicles": vehicles, "connections": connections, "stops": stops, "medical": medical, "left": left}
NAMES: tuple[str, ...] = tuple(VIEWS)


def show(name: str, folder: ShuttleFolder, *, lang: str = "zh", island: str = "") -> View:
    """The view of that name; the first island of the plan if none is named. UnknownView for a name that is none (a door's 404),
    BadInput for a language or island that the plan does not have (a door's 422)."""
    if name not in VIEWS:
        raise UnknownView(name, NAMES)
    faults = []
    if lang not in ("zh", "en"):
        faults.append(Fault("figures", 0, "lang", lang[:40], "is no language of the views", "不是可用语言", "write zh or en", "请写 zh 或 en"))
    if not folder.plan.days or (island and island not in folder.plan.days):
        remedy = near(island, list(folder.plan.days))
        faults.append(Fault("figures", 0, "island", island[:40], "is no island of this plan", "不是本方案的岛", *remedy))
    if faults:
        raise BadInput(faults)
    return VIEWS[name](Ashore(folder, island or next(iter(folder.plan.days)), lang))


def view_names(folder: ShuttleFolder) -> tuple[str, ...]:
    """Views of a folder: plain names for its first island, ``NAME-ISLAND`` for the others."""
    _, *others = folder.plan.days
    return (*NAMES, *(f"{name}-{island}" for island in others for name in NAMES))


def view_of(folder: ShuttleFolder, name: str, lang: str) -> View:
    """A view by a name of `view_names`; UnknownView for another."""
    plain, _, island = name.partition("-")
    return replace(show(plain, folder, lang=lang, island=island), name=name)

"""Who is left behind: people by pairs of islands and places, vehicles apart."""

from __future__ import annotations

from collections import Counter, defaultdict

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from islandflow.passengers.groups import passenger_groups
from islandflow.views.names import place_name, plain_island
from islandflow.views.style import ACCENT, SECOND, framed, percent
from islandflow.views.view import Case, Cell, Table, View

SHOWN = 18
KINDS = {"people": ("人", "people"), "vehicles": ("车", "vehicles")}
HEADS = {
    "kind": ("类别", "kind"), "from_island": ("起岛", "from island"), "to_island": ("讫岛", "to island"), "from": ("起点", "from"), "to": ("终点", "to"),
    "wanted": ("欲行", "wanted"), "served": ("成行", "served"), "left": ("滞留", "left behind"), "share": ("滞留比例", "share left"),
    "residents": ("其中居民", "of them residents"),
}  # fmt: skip
Pair = tuple[str, str, str]  # kind, from place, to place


def left_behind(case: Case) -> View:
    """People and vehicles who find no seat within the time they would shift, by pair."""
    wanted, served, residents = _counts(case)
    left = {pair: n - served[pair] for pair, n in wanted.items() if n > served[pair]}
    order = sorted(left, key=lambda p: (p[0] != "people", -left[p], p))
    rows: list[tuple[Cell, ...]] = []
    for kind, a, b in order:
        pair, n = (kind, a, b), left[kind, a, b]
        rows.append((
            case.say(*KINDS[kind]), _island(case, a), _island(case, b), place_name(case.scenario, a, case.lang), place_name(case.scenario, b, case.lang),
            wanted[pair], served[pair], n, round(n / wanted[pair], 3), residents[pair],
        ))  # fmt: skip
    total = {kind: (sum(n for p, n in left.items() if p[0] == kind), sum(n for p, n in wanted.items() if p[0] == kind)) for kind in KINDS}
    return View(
        "left-behind",
        case.say("滞留", "Left behind"),
        _sentence(case, total, left, wanted),
        _figure(case, left),
        Table(case.columns(HEADS), tuple(rows)),
    )


def _counts(case: Case) -> tuple[Counter[Pair], Counter[Pair], Counter[Pair]]:
    """Wanted, served, and residents left, by kind and pair of places."""
    wanted: Counter[Pair] = Counter()
    served: Counter[Pair] = Counter()
    seated: Counter[tuple[str, str, str, int]] = Counter()
    for b in case.folder.plan.boardings:
        seated[b.group] += b.people
    near = _places(case)
    residents: Counter[Pair] = Counter()
    for group in passenger_groups(case.scenario, case.folder.plan.service):
        if near is not None and not near & {group.from_place, group.to_place}:
            continue
        pair = ("vehicles" if group.segment == "vehicle" else "people", group.from_place, group.to_place)
        wanted[pair] += group.size
        served[pair] += min(group.size, seated[group.key])
        if group.segment in ("resident", "commuter", "medical"):
            residents[pair] += max(0, group.size - seated[group.key])
    return wanted, served, residents


def _places(case: Case) -> set[str] | None:
    """Places on the islands asked about; None for all."""
    if not case.port and not case.line:
        return None
    if case.port:
        ports = {case.port}
    else:
        ports = {p for x in case.scenario.lines.values() if case.line in (x.line_id, x.cluster) for p in x.calls}
        ports |= {p for s in case.sailings for p in s.ports}
        ports = {p for p in ports if case.scenario.ports[p].role != "gateway"} or ports
    islands = {case.scenario.ports[p].island_id for p in ports}
    return {x.place_id for x in case.scenario.places.values() if x.island_id in islands} | {case.scenario.ports[p].place_id for p in ports}


def _island(case: Case, place: str) -> str:
    found = case.scenario.places[place]
    return plain_island(case.scenario, found.island_id, case.lang) or place_name(case.scenario, place, case.lang)


def _sentence(case: Case, total: dict[str, tuple[int, int]], left: dict[Pair, int], wanted_by: Counter[Pair]) -> str:
    (people, wanted), (vehicles, cars) = total["people"], total["vehicles"]
    if not people and not vehicles:
        return case.say("无人滞留,无车滞留。", "Nobody and no vehicle is left behind.")
    text = case.say(
        f"{wanted:,} 人中 {people:,} 人({percent(people / max(1, wanted))})在可接受的时段内没有座位;{cars:,} 辆车中 {vehicles:,} 辆({percent(vehicles / max(1, cars))})没有车位,另计。",
        f"{people:,} of {wanted:,} people ({percent(people / max(1, wanted))}) find no seat within the time they would shift; apart from them {vehicles:,} of {cars:,} vehicles "
        f"({percent(vehicles / max(1, cars))}) find no deck space.",
    )
    for kind, zh, en in (("people", "人最多的", "Most people"), ("vehicles", "车最多的", "Most vehicles")):
        pairs = _by_island(case, left, kind)
        if pairs:
            name, n = next(iter(pairs.items()))
            text += case.say(f"{zh}是{name}({n:,})。", f" {en}: {name} ({n:,}).")
    nobody = [pair for pair, n in left.items() if n == wanted_by[pair] and pair[0] == "people"]
    if nobody:
        lost = sum(left[pair] for pair in nobody)
        text += case.say(
            f"{len(nobody)} 对起讫点({lost:,} 人)全部滞留。",
            f" Of {len(nobody)} pairs of places ({lost:,} people) nobody is served.",
        )
    return text


def _by_island(case: Case, left: dict[Pair, int], kind: str) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for (which, a, b), n in left.items():
        if which == kind:
            found[f"{_island(case, a)} → {_island(case, b)}"] += n
    return dict(sorted(found.items(), key=lambda i: -i[1]))


def _figure(case: Case, left: dict[Pair, int]) -> go.Figure:
    titles = {
        "people": case.say("滞留人数(按岛对)", "people left behind, by pair of islands"),
        "vehicles": case.say("滞留车辆(按岛对)", "vehicles left behind, by pair of islands"),
    }
    groups = {kind: dict(list(_by_island(case, left, kind).items())[:SHOWN]) for kind in KINDS}
    kinds = [kind for kind in KINDS if groups[kind]]
    if not kinds:
        return framed(go.Figure().add_annotation(text=case.say("无人滞留", "nobody is left behind"), showarrow=False), 120)
    figure = make_subplots(rows=1, cols=len(kinds), subplot_titles=[titles[kind] for kind in kinds], horizontal_spacing=0.22)
    for n, kind in enumerate(kinds, start=1):
        colour, hatch = {"people": (ACCENT, ""), "vehicles": (SECOND, "/")}[kind]
        figure.add_trace(go.Bar(
            x=list(groups[kind].values()), y=list(groups[kind]), orientation="h", marker={"color": colour, "pattern": {"shape": hatch, "size": 5}}, showlegend=False,
            text=[f"{v:,}" for v in groups[kind].values()], textposition="outside", cliponaxis=False, name=case.say(*KINDS[kind]),
            hovertemplate="%{y}: %{x:,}<extra></extra>",
        ), row=1, col=n)  # fmt: skip
    figure.update_yaxes(autorange="reversed", tickfont={"size": 11})
    figure.update_xaxes(rangemode="tozero")
    return framed(figure, 110 + 20 * max(4, *(len(g) for g in groups.values())))

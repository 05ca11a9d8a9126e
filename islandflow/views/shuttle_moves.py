"""The part of a shuttle report that tells which sailings were moved, what that brings both sides, and who is better or worse off."""

from __future__ import annotations

from typing import Any

from islandflow.shuttle.folder import ShuttleFolder
from islandflow.views.names import short_port
from islandflow.views.style import money, percent
from islandflow.views.typography import fullwidth
from islandflow.views.view import Cell, Table

SEGMENTS = {"resident": ("居民", "residents"), "commuter": ("通勤", "commuters"), "medical": ("就医", "medical"), "visitor": ("游客", "visitors"), "vehicle": ("车辆", "vehicles")}
MOVES_HEADS = (
    ("航次", "sailing"), ("航线", "line"), ("船", "vessel"), ("自", "from"), ("至", "to"), ("原开航", "left at"), ("现开航", "leaves at"), ("分钟", "minutes"),
    ("船上人数", "aboard"), ("更近期望", "nearer their wish"), ("更远期望", "farther"), ("轮渡旅客(元)", "ferry passengers, CNY"), ("乘车人数", "bus riders"),
    ("原候车(人·分)", "waited, person-min"), ("现候车(人·分)", "wait, person-min"), ("乘车人(元)", "bus riders, CNY"),
)  # fmt: skip
WHO_HEADS = (
    ("旅客", "passengers"), ("出发岛", "from island"), ("人数", "people"), ("变好", "better off"), ("变差", "worse off"), ("原滞留", "left before"), ("现滞留", "left now"),
    ("合计(元)", "in all, CNY"), ("变差最多一人(元)", "the most one person loses, CNY"),
)  # fmt: skip


def sections(folder: ShuttleFolder, lang: str) -> list[dict[str, Any]]:
    """Title, sentence and table of the moved sailings and of the people; nothing where no sailing was to move."""
    told = folder.info.get("moves")
    if not told:
        return []
    zh = lang == "zh"
    found = [
        {"title": "调整的航次" if zh else "Sailings moved", "sentence": _sentence(folder, told, zh), "table": _moves(folder, lang), "bad": not told["ferry_clean"]},
        {"title": "谁受益、谁受损(全群岛)" if zh else "Who gains and who loses, in the whole archipelago", "sentence": _people(folder, zh), "table": _who(folder, lang), "bad": False},
    ]
    return [{**s, "title": fullwidth(str(s["title"])), "sentence": fullwidth(str(s["sentence"]))} for s in found] if zh else found


def _sentence(folder: ShuttleFolder, told: dict[str, Any], zh: bool) -> str:
    lang = "zh" if zh else "en"
    ferry, bus = (told["moved"][k] - told["standing"][k] for k in ("ferry", "buses"))
    further = told["searched"]["buses"] - told["moved"]["buses"]
    whole = told["standing"]["buses"]
    share = percent(-(bus) / whole) if whole else "-"
    if not told["sailings"]:
        return "没有一处调整能让两方都受益,航班保持原样。" if zh else "No move gains on both sides: every sailing stays where it was."
    if zh:
        return f"调整 {told['sailings']} 个航次(至多 {told['most_minutes']} 分钟):轮渡一方成本 {_signed(ferry, lang)},短驳一方 {_signed(bus, lang)}({share}),此后再搜索短驳又 {_signed(further, lang)}。新船期经轮渡审计,见 ferry 文件夹;下界不变,因为候选航次不变。≈ 短驳数据为合成。"
    return f"{told['sailings']} sailings move by at most {told['most_minutes']} minutes: the ferry side's cost changes by {_signed(ferry, lang)}, the buses' by {_signed(bus, lang)} ({share} less); searching the buses on, without a move, brings {_signed(further, lang)} more. The new timetable has passed the ferry audit and lies in the folder ferry; its bound stays, since the candidates are the same. ≈ The buses' facts are synthetic."


def _signed(fen: int, lang: str) -> str:
    return ("+" if fen > 0 else "−" if fen < 0 else "") + money(abs(fen), lang)


def _people(folder: ShuttleFolder, zh: bool) -> str:
    better, worse = (sum(r[k] for r in folder.who) for k in ("better", "worse"))
    most = max((r["most_worse_fen"] for r in folder.who), default=0)
    left = sum(r["left_now"] - r["left_was"] for r in folder.who)
    if zh:
        return f"{better:,} 人变好,{worse:,} 人变差,变差最多的一人多付相当于 {most / 100:.1f} 元的时间;滞留人数变化 {left:+d}。按目标的时间价值计;同组旅客从最省者起逐一对比。"
    return f"{better:,} people are better off, {worse:,} worse; whoever loses most loses time worth CNY {most / 100:.1f}; {left:+d} people are left behind. In time as the objective prices it; people of a group are compared one by one, the best off first."


def _moves(folder: ShuttleFolder, lang: str) -> Table:
    heads = MOVES_HEADS
    rows: list[list[Cell]] = []
    for r in folder.moves:
        ports = [short_port(folder.scenario, r[k], lang) for k in ("from_port", "to_port")]
        rows.append([r["sailing"], r["line"], r["vessel"], *ports, r["was"], r["now"], r["minutes"], r["aboard"], r["nearer"], r["farther"], round(r["ferry_fen"] / 100),
                     r["bus_people"], r["bus_wait_was"], r["bus_wait_now"], round(r["bus_fen"] / 100)])  # fmt: skip
    return _table(heads, rows, lang)


def _who(folder: ShuttleFolder, lang: str) -> Table:
    rows: list[list[Cell]] = []
    for r in folder.who:
        island = folder.scenario.islands.get(r["from_island"])
        name = r["from_island"] if island is None else island.name_zh if lang == "zh" else island.name_en
        rows.append([SEGMENTS.get(r["segment"], (r["segment"], r["segment"]))[lang != "zh"], name, r["people"], r["better"], r["worse"], r["left_was"], r["left_now"], round(r["fen"] / 100), round(r["most_worse_fen"] / 100, 1)])  # fmt: skip
    return _table(WHO_HEADS, rows, lang)


def _table(heads: tuple[tuple[str, str], ...], rows: list[list[Cell]], lang: str) -> Table:
    names = [fullwidth(zh) if lang == "zh" else en for zh, en in heads]
    return Table(tuple((n, n) for n in names), tuple(tuple(r) for r in rows))

"""What the report and the cards of a shuttle plan say of lines by the clock."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from islandflow.shuttle.folder import ShuttleFolder
from islandflow.views.shuttle_lines import OnLines
from islandflow.views.shuttle_lines_words import LINE_LEFT, LINES_ESTIMATED, counted, every
from islandflow.views.style import money, percent
from islandflow.views.typography import fullwidth

Row = dict[str, Any]


def cases_of(folder: ShuttleFolder, lang: str) -> list[OnLines]:
    """The islands with lines."""
    return [OnLines(folder, island, lang) for island in folder.plan.lines]


def line_paragraphs(folder: ShuttleFolder, zh: bool) -> list[tuple[str, str]]:
    """Lines in a few sentences for the top of the report; nothing where there are none."""
    found = []
    for case in cases_of(folder, "zh" if zh else "en"):
        m, p, (before, after, everyone) = case.money, case.proof, case.near
        vehicles, n = len({t.vehicle for t in case.lines.trips}), len(case.lines.lines)
        gap = (p.objective - p.bound) / p.objective if p.objective else 0.0
        wait, ride = m.wait_half_min / 2 / max(1, m.served), m.ride_min / max(1, m.served)
        walk, minutes = m.walk_min / max(1, m.served), case.day.rules.walk_min
        if zh:
            proven = "已证明没有更好的选择" if p.status == "optimal" else f"任何选择至多再好 {percent(gap)}"
            said = (f"{n} 条线路、{vehicles} 辆车,全天每小时同一分钟发车,载 ≈ {m.served:,} 人次(另 {m.unserved:,} 人次未载);人均步行 {walk:.0f}、等候 {wait:.0f}(半个间隔)、乘车 {ride:.0f} 分钟。"
                    f"步行 {minutes} 分钟内有站或码头的人 {before:,} → {after:,}(共 {everyone:,})。衔接所到码头的船次 {p.met} / {p.boats}(全岛 {len(case.day.boats)})。日成本 {money(p.objective, 'zh')}(含乘客时间);{proven}(备选线路 {p.lines} 条,方案 {p.candidates} 个)。")  # fmt: skip
        else:
            proven = "no choice is better: proven" if p.status == "optimal" else f"no choice can be more than {percent(gap)} better"
            said = (f"{counted(n, 'line')} with {counted(vehicles, 'vehicle')}: buses leave at the same minutes of every hour all day; they carry ≈ {m.served:,} trips ({m.unserved:,} are left); a trip walks {walk:.0f}, waits {wait:.0f} (half a headway) and rides {ride:.0f} minutes. "
                    f"Within {minutes} minutes' walk of a stop or quay: {before:,} people before, {after:,} now, of {everyone:,}. Boat calls met at the quays of the lines: {p.met} of {p.boats} ({len(case.day.boats)} on the island). Cost of the day {money(p.objective, 'en')} with people's time; {proven} ({p.lines} lines in the pool, {p.candidates} options).")  # fmt: skip
        found.append((f"{case.name}线路" if zh else f"Lines, {case.name}", said))
    if found:
        found.append(("线路估计" if zh else "Lines, estimates", LINES_ESTIMATED[0 if zh else 1]))
    return found


def gaps_apart(folder: ShuttleFolder, zh: bool) -> str:
    """The gap of buses that meet boats and that of lines, since the one of the whole plan mixes them."""
    boats = sum(p.objective for p in folder.plan.proofs), sum(p.bound for p in folder.plan.proofs)
    lines = [sum(getattr(p, k) for _, p in folder.plan.lines.values()) for k in ("objective", "bound")]
    apart = [percent((o - b) / o) if o else "-" for o, b in (boats, (lines[0], lines[1]))]
    return f"分开看:接船班车差距 {apart[0]},定时线路差距 {apart[1]}。" if zh else f" Apart: {apart[0]} for the buses that meet boats, {apart[1]} for the lines."


def line_sections(folder: ShuttleFolder, zh: bool) -> list[Row]:
    """Tables of lines and headways, of minutes at the stops, and of who is left, by island."""
    found: list[Row] = []
    for case in cases_of(folder, "zh" if zh else "en"):
        left: dict[str, int] = defaultdict(int)
        for r in case.told["line_left"]:
            left[r["binds"]] += r["people"]
        parts = [f"{LINE_LEFT[b][0 if zh else 1]} {n:,}" for b, n in sorted(left.items(), key=lambda x: -x[1])]
        why = (("未载的人次:" if zh else "Trips left: ") + ("、" if zh else "; ").join(parts) + ("。" if zh else ".")) if parts else ("所有人次都有车。" if zh else "Every trip has a bus.")
        found.append({"title": f"{case.name}:线路与间隔" if zh else f"{case.name}: lines and headways", "sentence": why, "table": case.lines_table("lines", ("departures", "metres")), "bad": False})
        found.append({
            "title": f"{case.name}:各站时刻(好记)" if zh else f"{case.name}: minutes at the stops, easy to remember",
            "sentence": "记住分钟即可,全天不变;每个方向最后一站为到达时刻。" if zh else "Remember the minutes: they hold all day. At the last stop of a direction they are arrivals.", "table": case.lines_table("line_timetable", ("hours", "call", "headway_min")), "bad": False,
        })  # fmt: skip
    return [{**s, "title": fullwidth(s["title"]), "sentence": fullwidth(s["sentence"])} if zh else s for s in found]


def lines_title(folder: ShuttleFolder, zh: bool) -> str:
    """What the title says of lines: nothing where there are none."""
    cases = cases_of(folder, "zh" if zh else "en")
    if not cases:
        return ""
    lines, vehicles = sum(len(c.lines.lines) for c in cases), len({t.vehicle for c in cases for t in c.lines.trips})
    before, after = (sum(c.near[k] for c in cases) for k in (0, 1))
    if zh:
        return f"{lines} 条整点制线路({vehicles} 辆车)使步行可到车站或码头的人从 {before:,} 增至 {after:,}"
    return f"{counted(lines, 'line')} by the clock ({counted(vehicles, 'vehicle')}) bring those within a walk of a stop or quay from {before:,} to {after:,}"


def line_numbers(folder: ShuttleFolder, zh: bool) -> list[tuple[str, str, str]]:
    """The five numbers of a report that has lines alone."""
    cases = cases_of(folder, "zh" if zh else "en")
    served, unserved = (sum(getattr(c.money, k) for c in cases) for k in ("served", "unserved"))
    wait = sum(c.money.wait_half_min for c in cases) / 2 / max(1, served)
    before, after, everyone = (sum(c.near[k] for c in cases) for k in range(3))
    vehicles, available = len({t.vehicle for c in cases for t in c.lines.trips}), sum(b.count for c in cases for b in c.day.buses)
    met, boats = sum(c.proof.met for c in cases), sum(c.proof.boats for c in cases)
    gap = folder.info["gap"]
    return [
        ("载客 ≈" if zh else "trips ≈", f"{served:,}", f"占意愿 {served / max(1, served + unserved):.0%}" if zh else f"{served / max(1, served + unserved):.0%} of those who would ride"),
        ("人均等候" if zh else "waiting", f"{wait:.0f} {'分钟' if zh else 'min'}", "半个间隔" if zh else "half a headway"),
        ("车辆" if zh else "vehicles", f"{vehicles}", f"可用 {available} 辆 ≈" if zh else f"of {available} ≈"),
        ("步行可达" if zh else "within a walk", f"{after:,}", f"以前 {before:,},共 {everyone:,}" if zh else f"{before:,} before, of {everyone:,}"),
        ("可证差距" if zh else "certified gap", "-" if gap is None else percent(gap), f"衔接船班 {met}/{boats}" if zh else f"{met} of {boats} boat calls met"),
    ]  # fmt: skip


def line_cards(folder: ShuttleFolder) -> dict[tuple[str, str], list[tuple[str, str, str, str, str, str, str, str]]]:
    """(island, stop) -> lines there: name and towards in both languages, minutes in both, first, last."""
    found: dict[tuple[str, str], list[tuple[str, str, str, str, str, str, str, str]]] = defaultdict(list)
    for zh, en in zip(cases_of(folder, "zh"), cases_of(folder, "en"), strict=True):
        for row in zh.told["line_timetable"]:
            calls = next(x.calls for x in zh.lines.lines if x.line_id == row["line"])
            goal = calls[-1] if row["direction"] == "out" else calls[0]
            if row["stop"] != goal:
                words = (every(row["past_hour"], row["hours"], True), every(row["past_hour"], row["hours"], False))
                found[zh.island_id, row["stop"]].append((zh.line(row["line"]), en.line(row["line"]), zh.node(goal), en.node(goal), *words, row["first"], row["last"]))
    return dict(found)

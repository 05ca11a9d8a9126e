"""Pages for people: home, and the timetable of a line or a port as it hangs at a quay."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response

from api.codes import CODES
from api.problems import Problem
from api.replies import Day, asked_day, known, name, state_of
from api.routes.plans import latest
from api.routes.plans import shown as plan_shown
from api.routes.tourism import expectation
from api.state import LiveDay
from api.web.render import HERE, page_lang, render
from islandflow.ferry.plan import Sailing
from islandflow.scenario.entities import Scenario
from islandflow.units import clock
from islandflow.views.families import FAMILIES, held
from islandflow.views.gallery import LABELS, NAMES
from islandflow.views.style import money, port_name
from islandflow.views.typography import fullwidth

router = APIRouter(include_in_schema=False)
STATIC = {"site.css": "text/css; charset=utf-8", "figure.js": "text/javascript; charset=utf-8"}
DAY_NAMES = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
STATUSES = {"queued": ("排队", "queued"), "running": ("编制中", "running"), "succeeded": ("完成", "done"), "failed": ("失败", "failed"),
            "cancelled": ("已提前结束", "ended early")}  # fmt: skip
Row = dict[str, Any]


@router.get("/static/{file}")
def static(file: str) -> Response:
    """Style and script of the pages."""
    if file not in STATIC:
        raise Problem(404, "not-found", "there is nothing at this address", "此地址没有内容")
    return Response((HERE / "static" / file).read_bytes(), media_type=STATIC[file], headers={"Cache-Control": "public, max-age=300"})


@router.get("/")
def home(request: Request, day: Day = None) -> Response:
    """What runs on a date (today), and what is being planned."""
    state, lang = state_of(request), page_lang(request)
    asked = on = asked_day(day)
    live = _try(request, on)
    if live is None and day is None and (later := _served(request, on)):
        on, live = later, _try(request, later)  # nothing runs today: the boats that run next are shown, and the page says so
    later = _served(request, on) if live is None else None
    values: Row = {
        "live": live,
        "day": on,
        "instead": None if on == asked else asked,
        "next_date": later,
        "notices": [_told_notice(n, live, lang) for n in state.notices(on)],
        "views": [(view, LABELS[view][lang == "en"]) for view in NAMES],
        "statuses": {status: words[lang == "en"] for status, words in STATUSES.items()},
        "title": _title(live, on, lang),
    }
    if live is not None:
        scenario = live.published.scenario
        values |= {"service": name(scenario.services[live.plan.plan.service], lang), "estimated": scenario.estimated, "lines": _lines(live, lang),
                   "ports": _ports(live, lang)}  # fmt: skip
    values["plans"] = _plans(request, lang)
    return _html(render("home.html.j2", request, lang, **values))


def _try(request: Request, on: date) -> LiveDay | None:
    try:
        return state_of(request).day(on)
    except Problem:
        return None


def _served(request: Request, on: date) -> date | None:
    """The next date with boats; if a season is over, its last."""
    state = state_of(request)
    if later := state.next_served(on):
        return later
    begun = [p["effective"] for p in state.history() if not p["withdrawn"]]
    if not begun:
        return None
    if later := state.next_served(max(on, min(begun))):
        return later
    try:
        return max((d.date for d in state.published(on).calendar if d.date < on), default=None)
    except Problem:
        return None


def _title(live: LiveDay | None, on: date, lang: str) -> str:
    if live is None:
        return fullwidth(f"{on}:没有已发布的班次") if lang == "zh" else f"{on}: no published sailings"
    cancelled = sum(n["kind"] == "cancelled" for n in live.notice.values())
    boats, ships = len(live.planned.sailings), len({s.vessel for s in live.planned.sailings})
    if lang == "zh":
        return fullwidth(f"{on} {DAY_NAMES[lang][on.weekday()]}:{boats:,} 航次,{ships} 艘船" + (f",{cancelled} 航次停航" if cancelled else ""))
    return f"{DAY_NAMES[lang][on.weekday()]} {on}: {boats:,} sailings by {ships} vessels" + (f", {cancelled} cancelled" if cancelled else "")


def _told_notice(notice: Row, live: LiveDay | None, lang: str) -> Row:
    """A notice with the boat that it is about, as a passenger knows it: when and where from, where to."""
    sailing = next((s for s in live.planned.sailings if s.id == notice["sailing"]), None) if live else None
    if sailing is None or live is None:
        return {**notice, "boat": ""}
    ends = " → ".join(port_name(live.published.scenario, p, lang) for p in (sailing.ports[0], sailing.ports[-1]))
    return {**notice, "boat": f"{told(sailing.departs, lang)} {ends}"}


def _ports(live: LiveDay, lang: str) -> list[Row]:
    rows = []
    for port, (departures, _) in live.stops.items():
        times = [s.departs for s in departures if s.departs is not None]
        if times:
            rows.append(
                {
                    "id": port,
                    "name": port_name(live.published.scenario, port, lang),
                    "count": len(times),
                    "first": told(times[0], lang),
                    "last": told(times[-1], lang),
                }
            )
    return sorted(rows, key=lambda r: (-r["count"], r["id"]))


def _lines(live: LiveDay, lang: str) -> list[Row]:
    count: dict[str, int] = defaultdict(int)
    for s in live.planned.sailings:
        count[s.line] += 1
    scenario = live.published.scenario
    rows = []
    for line, sailings in sorted(count.items(), key=lambda x: (x[0] not in scenario.lines, x[0])):
        known_line = scenario.lines.get(line)
        text = (
            " – ".join(port_name(scenario, p, lang) for p in (known_line.calls[0], known_line.calls[-1]))
            if known_line
            else ("新航线" if lang == "zh" else "New lines")
        )
        rows.append({"id": line, "name": text, "count": sailings})
    return rows


def _plans(request: Request, lang: str) -> list[Row] | None:
    caller = request.app.state.doorkeeper.caller(request)
    if "read" not in caller.scopes:
        return None
    rows = []
    for row in state_of(request).store.plans(limit=12):
        p = plan_shown(row)
        rows.append(
            {
                **p,
                "families": [(name, FAMILIES[name].opens, FAMILIES[name].name[lang == "en"]) for name in held(Path(row["folder"]))] if row["has_plan"] else [],
                **_standing(p, latest(state_of(request), row), lang),
            }
        )
    return rows


def _standing(plan: Row, progress: Row | None, lang: str) -> Row:
    """Cost and gap of a plan; of one that runs, as last told."""
    cost, gap = (plan["objectiveFen"], plan["gap"]) if progress is None else (progress.get("plan"), progress.get("gap"))
    return {"cost": "–" if cost is None else money(cost, lang), "gap": "–" if gap is None else f"{gap:.1%}"}


@router.get("/timetables/lines/{line}")
def line_page(request: Request, line: str, day: Day = None) -> Response:
    """A line, a block a direction."""
    live, lang = _live(request, day), page_lang(request)
    scenario = live.published.scenario
    known(line, [*scenario.lines, "+"], "line", "航线")
    found = [s for s in live.planned.sailings if s.line == line]
    ways: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for s in found:
        ways[s.ports[0], s.ports[-1]].append(_row(live, s, 0, len(s.calls) - 1, lang))
    blocks = [
        {"title": " → ".join(port_name(scenario, p, lang) for p in pair), "rows": rows}
        for pair, rows in sorted(ways.items(), key=lambda x: (-len(x[1]), x[0]))
    ]
    known_line = scenario.lines.get(line)
    title = (
        " – ".join(port_name(scenario, p, lang) for p in known_line.calls) if known_line else ("新航线" if lang == "zh" else "New lines")
    )
    return _timetable(
        request,
        live,
        lang,
        f"{line} {title}" if line != "+" else title,
        len(found),
        blocks,
        _days(known_line.days if known_line else "1234567", lang),
    )


@router.get("/timetables/ports/{port}")
def port_page(request: Request, port: str, day: Day = None) -> Response:
    """Departures of a port, a block a destination of the sailing."""
    live, lang = _live(request, day), page_lang(request)
    scenario = live.published.scenario
    known(port, list(scenario.ports), "port", "港口")
    ways: dict[str, list[Row]] = defaultdict(list)
    for stop in live.stops[port][0]:
        s, i = stop.sailing, stop.number - 1
        for end in dict.fromkeys(s.ports[i + 1 :]):
            if end != port:
                ways[end].append(
                    _row(
                        live,
                        s,
                        i,
                        len(s.ports) - 1 - s.ports[::-1].index(end) if s.ports.count(end) == 1 else s.ports.index(end, i + 1),
                        lang,
                    )
                )
    blocks = [
        {"title": f"→ {port_name(scenario, end, lang)}", "rows": rows}
        for end, rows in sorted(ways.items(), key=lambda x: (-len(x[1]), x[0]))
    ]
    return _timetable(request, live, lang, port_name(scenario, port, lang), len(live.stops[port][0]), blocks, "")


def _live(request: Request, day: date | None) -> LiveDay:
    state, on = state_of(request), asked_day(day)
    live = state.day(on)
    if live is None:
        later = state.next_served(on)
        raise Problem(
            404,
            "not-served",
            f"no boats are published for {on}" + (f"; the next date is {later}" if later else ""),
            f"{on} 没有已发布的班次" + (f";最近日期 {later}" if later else ""),
        )
    return live


def _row(live: LiveDay, s: Sailing, i: int, j: int, lang: str) -> Row:
    scenario = live.published.scenario
    status, delay = expectation(live, s.id)
    departs, arrives = s.calls[i].departs, s.calls[j].arrives
    assert departs is not None
    assert arrives is not None
    notes = [told(departs + delay, lang) + (" 预计" if lang == "zh" else " expected")] if delay else []
    if status == "cancelled":
        notes.append("停航" if lang == "zh" else "cancelled")
    line = scenario.lines.get(s.line)
    if line is not None and line.days != "1234567":
        notes.append(_days(line.days, lang))
    between = [port_name(scenario, p, lang) for p in s.ports[i + 1 : j]]
    fleet = scenario.vessel_fleet(s.vessel)
    ends = f"{s.id}" + (
        ("经 " if lang == "zh" else "via ").join(["  ", "、".join(between) if lang == "zh" else ", ".join(between)]) if between else ""
    )
    vessel = (fleet.name_zh if lang == "zh" else fleet.name_en) + (
        (" · 载车" if lang == "zh" else " · vehicles") if fleet.vehicle_deck else ""
    )
    return {
        "time": told(departs, lang),
        "there": told(arrives, lang),
        "ends": ends,
        "vessel": vessel,
        "note": "; ".join(notes),
        "status": status,
    }


def _timetable(request: Request, live: LiveDay, lang: str, title: str, count: int, blocks: list[Row], running: str) -> Response:
    zh, day = lang == "zh", live.day
    scenario: Scenario = live.published.scenario
    heads = ("开航", "到达", "航次", "船型", "备注") if zh else ("departs", "arrives", "sailing", "vessel", "notes")
    text = render(
        "timetable.html.j2", request, lang, title=title, day=day, weekday=DAY_NAMES[lang][day.weekday()], service=name(scenario.services[live.plan.plan.service], lang),
        summary=f"{count:,} 班" if zh else f"{count:,} departures", version=live.version, estimated=scenario.estimated, blocks=blocks, heads=heads, running=running,
    )  # fmt: skip
    return _html(text)


def _days(days: str, lang: str) -> str:
    if days == "1234567":
        return "每日开行。" if lang == "zh" else "Runs daily."
    names = [DAY_NAMES[lang][int(d) - 1] for d in days]
    return "、".join(names) + "开行" if lang == "zh" else "runs on " + ", ".join(names)


def told(minute: int, lang: str) -> str:
    """A time as a timetable prints it; past midnight says so."""
    if minute < 1440:
        return clock(minute)
    return ("次日 " if lang == "zh" else "next day ") + clock(minute - 1440)


def _html(text: str) -> Response:
    return Response(text, media_type="text/html; charset=utf-8", headers={"Vary": "Accept-Language"})


@router.get("/docs/problems")
def problems(request: Request) -> Response:
    """What the codes of errors mean; the address that every error points to."""
    return _html(render("problems.html.j2", request, page_lang(request), codes=CODES))


@router.get("/docs")
def docs(request: Request) -> Response:
    """The interface in short: every operation of openapi.json."""
    found = request.app.openapi()
    rows = [
        {
            "method": method.upper(),
            "path": path,
            "summary": operation.get("summary", ""),
            "id": operation.get("operationId", ""),
            "about": operation.get("description", ""),
        }
        for path, methods in found["paths"].items()
        for method, operation in methods.items()
    ]
    return _html(
        render("docs.html.j2", request, page_lang(request), rows=rows, about=found["info"]["description"], version=found["info"]["version"])
    )

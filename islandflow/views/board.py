"""The timetable as a notice board at the pier shows it: by line and direction, departures in rows, plain text."""

from __future__ import annotations

import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from islandflow.ferry.plan import FerryPlan, Sailing
from islandflow.scenario.entities import Scenario
from islandflow.views.frequency import days_text
from islandflow.views.names import clock_text, operator_name, service_name, short_port
from islandflow.views.typography import fullwidth

FREQUENT = 30  # departures one way from which a board gives minutes under the hour
WIDEST = 14  # cells of a column's heading before it goes on in a second row
Key = tuple[str, tuple[str, ...]]


def board_text(scenario: Scenario, plan: FerryPlan, lang: str, line: str = "", port: str = "") -> str:
    """The whole timetable, or that of a line or a port, as text; at most 80 cells wide for lines of up to four calls."""
    zh = lang == "zh"
    service = service_name(scenario, plan.service, lang)
    name = scenario.name_zh if zh else scenario.name_en
    head = f"{name} {service} 时刻表" if zh else f"{name}: timetable, {service}"
    parts = [head, "=" * width(head)]
    for (number, calls), sailings in _directions(scenario, plan, line, port):
        parts += ["", *_direction(scenario, number, calls, sailings, lang)]
    parts.append("")
    parts.append(fullwidth("“车”:可载车辆;“×2”:同一时刻两班。") if zh else "v: takes vehicles; ×2: two sailings at that minute.")
    if scenario.estimated:
        parts.append(
            fullwidth("≈ 本时刻表据估计的需求与船队编制,并非正式公布。")
            if zh
            else "≈ Planned on estimated demand and fleet; not an official timetable."
        )
    return "\n".join(x.rstrip() for x in parts) + "\n"


def _directions(scenario: Scenario, plan: FerryPlan, line: str, port: str) -> Iterator[tuple[Key, list[Sailing]]]:
    """Lines in the order of the scenario, outward before homeward; new patterns last, the way back after the way out."""
    order = {name: n for n, name in enumerate(scenario.lines)}

    def rank(s: Sailing) -> tuple[int, tuple[str, ...], bool, int, str]:
        known = scenario.lines.get(s.line)
        out = s.ports == known.calls if known else _outward(scenario, s.ports)
        return order.get(s.line, len(order)), min(s.ports, s.ports[::-1]), not out, s.departs, s.id

    asked = [s for s in plan.sailings if (not line or s.line == line) and (not port or port in s.ports)]
    for key, found in groupby(sorted(asked, key=rank), key=lambda s: (s.line, s.ports)):
        yield key, list(found)


def _outward(scenario: Scenario, calls: Sequence[str]) -> bool:
    gates = [scenario.ports[p].role == "gateway" for p in (calls[0], calls[-1])]
    return gates[0] > gates[1] or (gates[0] == gates[1] and calls[0] <= calls[-1])


def _direction(scenario: Scenario, number: str, calls: tuple[str, ...], sailings: list[Sailing], lang: str) -> list[str]:
    zh, known = lang == "zh", scenario.lines.get(number)
    way = " → ".join(short_port(scenario, p, lang) for p in calls)
    operators = dict.fromkeys(operator_name(scenario, scenario.vessel_fleet(s.vessel).operator, lang) for s in sailings)
    days = days_text(known.days if known else "1234567", lang)
    count = f"{len(sailings)} 班" if zh else f"{len(sailings)} sailing{'s' if len(sailings) > 1 else ''}"
    title = f"{number if known else ('新辟' if zh else 'new')}  {way}"
    about = f"    {('、' if zh else ', ').join(operators)} · {days} · {count}"
    rule = "-" * min(78, max(width(title), width(about)))
    if len(calls) == 2 and len(sailings) > FREQUENT:
        return [title, about, rule, *_by_hour(sailings, lang)]
    return [title, about, rule, *_by_row(scenario, calls, sailings, lang)]


def _by_hour(sailings: list[Sailing], lang: str) -> list[str]:
    """Minutes of departure under each hour, and how long the way is."""
    lines = []
    for hour, found in groupby(sailings, key=lambda s: s.departs // 60):
        times = Counter(s.departs % 60 for s in found)
        minutes = " ".join(f"{m:02d}" if n == 1 else f"{m:02d}×{n}" for m, n in times.items())
        label = clock_text(hour * 60, lang).replace(":00", "")
        lines += textwrap.wrap(minutes, 66, initial_indent=f"  {label} | ", subsequent_indent="     | ")
    took = sorted({s.arrives - s.departs for s in sailings})
    span = f"{took[0]}" if len(took) == 1 else f"{took[0]}–{took[-1]}"
    return [*lines, f"  航行 {span} 分钟" if lang == "zh" else f"  {span} min on the way"]


def _by_row(scenario: Scenario, calls: tuple[str, ...], sailings: list[Sailing], lang: str) -> list[str]:
    """A row a departure: leaving times, the arrival at the last call, type of vessel, whether it takes vehicles."""
    zh = lang == "zh"
    heads = [_wrapped(short_port(scenario, p, lang)) for p in calls]
    for n, head in enumerate(heads):
        head.append(("到" if zh else "arr.") if n == len(heads) - 1 else ("开" if zh else "dep."))
    rows = []
    for s in sailings:
        fleet = scenario.vessel_fleet(s.vessel)
        times = [clock_text(t or 0, lang) for t in [*(c.departs for c in s.calls[:-1]), s.calls[-1].arrives]]
        rows.append([*times, fleet.name_zh if zh else fleet.name_en, ("车" if zh else "v") if fleet.vehicle_deck else ""])
    heads += [["船型" if zh else "vessel"], [""]]
    tall = max(len(h) for h in heads)
    table = [[([""] * (tall - len(h)) + h)[n] for h in heads] for n in range(tall)] + rows
    widths = [max(width(row[n]) for row in table) for n in range(len(heads))]
    return ["  " + "  ".join(padded(cell, w) for cell, w in zip(row, widths, strict=True)) for row in table]


def _wrapped(name: str) -> list[str]:
    if width(name) <= WIDEST:
        return [name]
    return textwrap.wrap(name, WIDEST if name.isascii() else WIDEST // 2)


def width(text: str) -> int:
    """Cells of a terminal that a text takes: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def padded(text: str, cells: int) -> str:
    """A text filled with blanks to so many cells."""
    return text + " " * (cells - width(text))

"""The core timetable: departures that a traveller may rely on all year, as wishes with a price; and hop lines in their periods."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from islandflow.ferry.plan import FerryPlan
from islandflow.scenario.entities import Scenario, Wish
from islandflow.season.calendar import Year
from islandflow.units import clock

Departure = tuple[str, str, int]  # first port, last port, minute


def base_service(scenario: Scenario, year: Year) -> str:
    """The pattern whose timetable becomes the core: of those off peak the one that runs on most dates."""
    days = year.by_service()
    order = list(scenario.services)
    plain = [s for s in order if not scenario.services[s].peak] or order
    return max(plain, key=lambda s: (days.get(s, 0), -order.index(s)))


def core_departures(scenario: Scenario, plan: FerryPlan) -> Counter[Departure]:
    """Departures of a plan that are worth printing once for the year, and how many leave at the same minute.

    Left out: seasonal lines, round trips, and pairs of ports whose boats leave so often that a headway is all one needs
    (setting ``core_headway_min``: first to last departure over the number of intervals).
    """
    found: Counter[Departure] = Counter()
    minutes: dict[tuple[str, str], list[int]] = defaultdict(list)
    for sailing in plan.sailings:
        line = scenario.lines.get(sailing.line)
        a, b = sailing.ports[0], sailing.ports[-1]
        if a == b or (line is not None and line.periods):
            continue
        minutes[a, b].append(sailing.departs)
        found[a, b, sailing.departs] += 1
    least = scenario.number("core_headway_min")
    often = {pair for pair, at in minutes.items() if len(at) > 1 and (max(at) - min(at)) / (len(at) - 1) < least}
    return Counter({key: n for key, n in found.items() if key[:2] not in often})


def core_wishes(departures: Counter[Departure], price_yuan: float, clock_face: int = 0) -> tuple[Wish, ...]:
    """A wish for every core departure; with ``clock_face`` minutes are rounded to multiples of it, and what then falls together is one."""
    counted: Counter[Departure] = Counter()
    for (a, b, minute), n in departures.items():
        key = (a, b, (minute + clock_face // 2) // clock_face * clock_face) if clock_face else (a, b, minute)
        counted[key] = max(counted[key], n) if clock_face else counted[key] + n
    return tuple(
        Wish(f"core:{a}:{b}:{clock(m).replace(':', '')}", "core", a, b, m, m, price_yuan, least=n) for (a, b, m), n in sorted(counted.items())
    )


def hop_wishes(scenario: Scenario) -> tuple[Wish, ...]:
    """Of every hop line, in the periods that the scenario names, a sailing out by ``hop_out_by`` and one home from ``hop_back_from`` on.

    A round trip is wished for twice instead, once before and once after: who leaves the first may go on with the second.
    """
    price = scenario.number("hop_sailing_cny")
    morning, afternoon = (0, scenario.whole("hop_out_by")), (scenario.whole("hop_back_from"), 1440)
    opened = tuple(s.service for s in scenario.services.values() if s.hop_lines)
    found = []
    for line in scenario.lines.values():
        periods = tuple(s for s in opened if line.runs_in(s))
        if line.kind != "hop" or not periods or price <= 0:
            continue
        first, last = line.calls[0], line.calls[-1]
        ways = [(first, last), (last, first)] if first != last else [(first, line.calls[1])] * 2
        for name, (a, b), hours in zip(("out", "home"), ways, (morning, afternoon), strict=True):
            found.append(Wish(f"hop:{line.line_id}:{name}", "hop", a, b, *hours, price, line.line_id, periods=periods))
    return tuple(found)


def with_wishes(scenario: Scenario, wishes: Sequence[Wish]) -> Scenario:
    """The scenario with more wishes; one of the same id is replaced."""
    return replace(scenario, wishes={**scenario.wishes, **{w.wish_id: w for w in wishes}})

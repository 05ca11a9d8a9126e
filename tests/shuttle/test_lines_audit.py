"""The audit of lines: a clean plan is clean; one fact broken names its rule and the amount; silent at the limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from islandflow.shuttle.day import ChargingSite
from islandflow.shuttle.lines_audit import audit_lines
from islandflow.shuttle.lines_day import LineRules, LinesDay
from islandflow.shuttle.lines_plan import LinesPlan
from solvers.shuttle.lines import solve_lines
from tests.shuttle.line_days import BUS, island

DAY = island(
    {("quay", "farm"): 60, ("farm", "quay"): 60, ("inn", "farm"): 10}, rules=LineRules(headways=(60,)),
    buses=(replace(BUS, battery_wh=50_000),), chargers=(ChargingSite("c", "farm", 1, 60_000),),
)  # fmt: skip
PLAN, PROOF = solve_lines(DAY, 20)
Change = Callable[[LinesPlan], LinesPlan]


def told(plan: LinesPlan, day: LinesDay = DAY) -> dict[str, int]:
    """Amount by rule, the first of each."""
    found: dict[str, int] = {}
    for v in audit_lines(day, plan).violations:
        found.setdefault(v.rule, v.amount)
        assert v.note
        assert v.note_zh
    return found


def line(**what: object) -> Change:
    return lambda p: replace(p, lines=(replace(p.lines[0], **what), *p.lines[1:]))  # type: ignore[arg-type]


def trip(n: int, **what: object) -> Change:
    return lambda p: replace(p, trips=(*p.trips[:n], replace(p.trips[n], **what), *p.trips[n + 1 :]))  # type: ignore[arg-type]


def riders(**what: object) -> Change:
    return lambda p: replace(p, riders=(replace(p.riders[0], **what), *p.riders[1:]))  # type: ignore[arg-type]


def test_a_plan_is_clean_and_its_money_is_counted_anew() -> None:
    found = audit_lines(DAY, PLAN, PROOF.objective)
    assert found.clean
    assert found.money is not None
    assert found.money.objective == PROOF.objective
    assert found.money.served + found.money.unserved == DAY.people
    assert (found.money.near, found.money.far) == (200, 0)
    assert found.on_the_road == {"bus": 1}
    assert [v.amount for v in audit_lines(DAY, PLAN, PROOF.objective + 7).violations] == [7]


FIRST = PLAN.trips[0]
BREAKS: dict[str, tuple[Change, str, int]] = {
    "an hour without its bus": (lambda p: replace(p, trips=p.trips[:-1]), "clock-face", 1),
    "a bus a minute late": (trip(0, departs=FIRST.departs + 1, arrives=FIRST.arrives + 1), "clock-face", 1),
    "a trip too quick": (trip(0, arrives=FIRST.arrives - 2), "running-time", 2),
    "no headway of the clock": (line(headway=45), "headway", 45),
    "a day too short": (line(departures=13), "all-day", 2),
    "the first bus too late": (line(first_out=420), "first-bus", 1),
    "more people than there are": (riders(people=61), "people", 1),
    "nobody": (riders(people=0), "people", 0),
    "more energy than the minutes give": (trip(next(n for n, t in enumerate(PLAN.trips) if t.wh), wh=10**6), "charge", 10**6 - next(t.wh for t in PLAN.trips if t.wh)),
    "a charger that is not its own": (line(reserved=()), "charger", 1),
    "a place that the vehicle is not at": (trip(1, back=FIRST.back), "place", 1),
    "another vehicle": (trip(1, vehicle="bus-09"), "unknown-id", 1),
    "a stop left out": (line(calls=(PLAN.lines[0].calls[0], PLAN.lines[0].calls[-1])), "skipped", 1),
}  # fmt: skip


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_fact_names_its_rule_and_the_amount(name: str) -> None:
    change, rule, amount = BREAKS[name]
    found = told(change(PLAN if name != "a stop left out" else replace(PLAN, riders=())))
    assert found.get(rule) == amount, found


@pytest.mark.parametrize(("percent", "over"), [(100, 0), (99, 65)])
def test_the_detour_is_exact(percent: int, over: int) -> None:
    # the line is the quickest way itself, 6.5 km; 99 % of it are 6,435 m
    assert told(PLAN, replace(DAY, rules=replace(DAY.rules, detour_percent=percent))).get("detour", 0) == over


def test_the_layover_is_exact() -> None:
    stands = min(b.departs - a.arrives for a, b in zip(PLAN.trips, PLAN.trips[1:], strict=False) if a.vehicle == b.vehicle)
    for layover, short in ((stands, 0), (stands + 1, 1)):
        assert told(PLAN, replace(DAY, rules=replace(DAY.rules, layover_min=layover))).get("layover", 0) == short


def test_seats_are_those_of_the_busiest_hour() -> None:
    # 70 of a day's people on the last section, 12 % of them in an hour: 8.4 for a bus an hour; eight seats are enough for 66
    for seats, over in ((9, 0), (8, 4)):
        assert told(PLAN, replace(DAY, buses=(replace(DAY.buses[0], seats=seats),), rules=replace(DAY.rules, peak_percent=12))).get("seats", 0) == over


@pytest.mark.parametrize(("minutes", "people"), [(10, 0), (11, 10)])
def test_walking_is_exact(minutes: int, people: int) -> None:
    walk, k, j = DAY.ways.walk.copy(), DAY.number["inn"], DAY.number["quay"]
    walk[k, j] = walk[j, k] = minutes
    moved = replace(PLAN, riders=tuple(replace(r, boards="quay") if r.origin == "inn" else r for r in PLAN.riders))
    assert told(moved, replace(DAY, ways=replace(DAY.ways, walk=walk))).get("walk", 0) == people


def test_energy_is_exact_to_the_watt_hour() -> None:
    least = next(wh for wh in range(50_000, 0, -500) if "battery" in told(PLAN, replace(DAY, buses=(replace(DAY.buses[0], battery_wh=wh),))))
    assert "battery" not in told(PLAN, replace(DAY, buses=(replace(DAY.buses[0], battery_wh=least + 500),)))


def test_chargers_are_not_promised_twice() -> None:
    other = replace(PLAN.lines[0], line_id="L9")
    found = told(replace(PLAN, lines=(*PLAN.lines, other)))
    assert found["chargers"] == 1
    assert found["clock-face"] == 1  # and the other line's buses do not run

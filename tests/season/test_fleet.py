"""The fleet over the year by hand: spare and hired vessels, moves at night with the fewest miles, dry docks against every choice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from islandflow.errors import BadInput
from islandflow.ferry.audit import audit_plan
from islandflow.ferry.folder import PlanFolder
from islandflow.ferry.plan import FerryPlan
from islandflow.ferry.problem import FerryProblem
from islandflow.network.sea import SeaNetwork
from islandflow.scenario.entities import CalendarDay, Scenario
from islandflow.season.calendar import Year
from islandflow.season.fleet import fleet_rows, groups
from islandflow.season.folder import SeasonFolder
from islandflow.season.whatif import change_of
from solvers.season.docks import Weeks, best_docks, missed, weeks_of
from solvers.season.nights import moves, night_rows
from tests.season.test_hops import boat


def year(*services: str) -> Year:
    return Year(2026, tuple(CalendarDay(date(2026, 1, 5) + timedelta(days=n), s) for n, s in enumerate(services)))


@pytest.fixture
def plans(season: SeasonFolder) -> dict[str, PlanFolder]:
    """In winter the small boat begins at the near island, its home; in summer at the hub."""
    winter = (boat("A", "L1", ("near-t", "07:00"), ("hub", "07:30")), boat("B", "L1", ("hub", "17:00"), ("near-t", "17:30")))
    summer = (boat("A", "L1", ("hub", "07:00"), ("near-t", "07:30")), boat("B", "L1", ("near-t", "20:00"), ("hub", "20:30")))
    made = {}
    for service, sailings in (("winter-weekday", winter), ("summer-weekend", summer)):
        made[service] = replace(season.plans[service], plan=FerryPlan(service, sailings))
    return made


def test_vessels_used_spare_and_hired(toy: Scenario, plans: dict[str, PlanFolder]) -> None:
    hired = replace(toy, fleets={**toy.fleets, "small": replace(toy.fleets["small"], periods=("summer-weekend",))})
    rows = {r["group"]: r for r in fleet_rows(hired, plans, {"winter-weekday": 10, "summer-weekend": 4})}
    assert (rows["big"]["spare"], rows["big"]["hire_yuan"]) == (1, None)
    assert (rows["small"]["vessel_days"], rows["small"]["hire_yuan"]) == (14, 14 * 1500)
    other_home = replace(toy.fleets["small"], fleet_id="small2", home_port="far-t")
    assert [g.count for g in groups(replace(toy, fleets={**toy.fleets, "small2": other_home}))] == [1, 2]


def test_a_vessel_is_moved_when_it_begins_elsewhere_and_only_then(toy: Scenario, toy_network: SeaNetwork, plans: dict[str, PlanFolder]) -> None:
    found, crowded = moves(toy, plans, year("winter-weekday", "winter-weekday", "summer-weekend", "winter-weekday"), toy_network)
    assert [(m.before, m.after, m.from_port, m.to_port, m.nm) for m in found] == [
        ("winter-weekday", "summer-weekend", "near-t", "hub", 7), ("summer-weekend", "winter-weekday", "hub", "near-t", 7),
    ]  # fmt: skip
    # 7 nm at 18 kn, 60 l an hour at 6 yuan
    assert [(m.minutes, m.yuan, m.short) for m in found] == [(23, 138.0, 0)] * 2
    assert [(r["nights"], r["moves"], r["too_long"]) for r in night_rows(found)] == [(1, 1, 0)] * 2
    assert not crowded


def test_a_night_is_too_short_by_the_minute(toy: Scenario, toy_network: SeaNetwork, plans: dict[str, PlanFolder]) -> None:
    # in at 17:30 and out at 7:00 the next day: 13.5 h less 23 min and two manoeuvres
    spare = 1440 - 1050 + 420 - 23 - 2 * toy.whole("manoeuvre_min_per_call")
    for over in (0, 1):
        at = 17 * 60 + 30 + spare + over
        late = (boat("A", "L1", ("near-t", "07:00"), ("hub", "07:30")), boat("B", "L1", ("hub", "17:00"), ("near-t", f"{at // 60:02d}:{at % 60:02d}")))
        changed = {**plans, "winter-weekday": replace(plans["winter-weekday"], plan=FerryPlan("winter-weekday", late))}
        found, _ = moves(toy, changed, year("winter-weekday", "summer-weekend"), toy_network)
        assert [m.short for m in found] == [over]


def test_a_port_with_more_vessels_than_moorings_is_told(toy: Scenario, toy_network: SeaNetwork, plans: dict[str, PlanFolder]) -> None:
    full = replace(toy, ports={**toy.ports, "hub": replace(toy.ports["hub"], overnight_moorings=1)})
    _, crowded = moves(full, plans, year("winter-weekday", "summer-weekend"), toy_network)
    assert crowded == Counter({("hub", "2026-01-06"): 1})


def test_spare_weeks_first_then_where_fewest_ride(toy: Scenario, plans: dict[str, PlanFolder]) -> None:
    days = year(*["winter-weekday"] * 7, *["summer-weekend"] * 7)
    asked, mondays = weeks_of(toy, plans, days)
    assert mondays == [date(2026, 1, 5), date(2026, 1, 12)]
    assert {w.group: w.spare for w in asked} == {"big": (1, 1), "small": (0, 0)}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 2), st.lists(st.integers(0, 2), min_size=4, max_size=4), st.lists(st.integers(0, 9), min_size=4, max_size=4)),
                min_size=1, max_size=2), st.integers(1, 2), st.integers(1, 3))  # fmt: skip
def test_docks_are_as_good_as_the_best_of_every_choice(drawn: list[tuple[int, list[int], list[int]]], length: int, places: int) -> None:
    asked = [Weeks(str(i), n, tuple(min(s, n) for s in spare), tuple(map(float, people))) for i, (n, spare, people) in enumerate(drawn)]
    starts, best = range(4 - length + 1), None
    for choice in product(*(starts for g in asked for _ in range(g.vessels))):
        away = [Counter[int]() for _ in asked]
        left = list(choice)
        for i, g in enumerate(asked):
            for _ in range(g.vessels):
                first = left.pop(0)
                away[i].update(range(first, first + length))
        if any(sum(a[w] for a in away) > places for w in range(4)):
            continue
        if any(a[w] > max(g.spare[w], 1, g.vessels // 2) for a, g in zip(away, asked, strict=True) for w in range(4)):
            continue
        cost = sum(max(0, a[w] - g.spare[w]) * g.people[w] for a, g in zip(away, asked, strict=True) for w in range(4))
        best = cost if best is None else min(best, cost)
    if places * (4 // length) < sum(g.vessels for g in asked):
        with pytest.raises(ValueError, match="too few"):
            best_docks(asked, length, places)
        return
    docks, found, proven = best_docks(asked, length, places)
    if best is None:
        assert not docks
        return
    assert proven
    assert sum(d.vessels for d in docks) == sum(g.vessels for g in asked)
    # of plans that cost the same the quiet one is taken: worth a ten-thousandth of a person
    assert found == missed(asked, docks, length)
    assert found == pytest.approx(best, abs=0.01)


def test_a_hired_vessel_is_there_in_its_periods_alone(toy: Scenario, toy_network: SeaNetwork) -> None:
    made = change_of(["add: 1 launch at near-t for 900 in summer-weekend,golden-week"])(toy)
    name = "added-launch-near-t-summer-weekend-golden-week"
    fleet = made.fleets[name]
    assert (fleet.count, fleet.day_cost_yuan, fleet.periods) == (1, 900, ("summer-weekend", "golden-week"))
    for service, there in (("summer-weekend", True), ("winter-weekday", False)):
        problem = FerryProblem.from_scenario(made, service, toy_network)
        assert (f"{name}-01" in [v for c in problem.circuits for v in c.vessel_ids()]) == there
        sailing = replace(boat("A", "L1", ("near-t", "07:00"), ("hub", "07:30")), vessel=f"{name}-01")
        told = [v for v in audit_plan(made, FerryPlan(service, (sailing,)), toy_network).violations if v.rule == "vessel-exists"]
        assert [v.amount for v in told] == ([] if there else [1])


def test_a_charter_for_an_unknown_pattern_is_refused(toy: Scenario) -> None:
    with pytest.raises(BadInput, match="golden-week"):
        change_of(["add: 1 launch at near-t for 900 in golden-weak"])(toy)

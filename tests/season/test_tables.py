"""The tables of a season, by hand: core kept, sailings by line and month, sums of the year, seats kept on peak days."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from islandflow.ferry.plan import FerryPlan
from islandflow.passengers.seating import book_ahead
from islandflow.scenario.entities import Scenario, Setting
from islandflow.season.core import base_service, core_departures, core_wishes, hop_wishes
from islandflow.season.folder import SeasonFolder
from islandflow.season.residents import kept_seats
from islandflow.season.tables import season_tables
from islandflow.season.year import frequency_rows, month_rows, year_totals
from tests.views.conftest import day_by_hand


def test_the_core_leaves_out_what_needs_no_timetable(toy: Scenario) -> None:
    plan = FerryPlan("winter-weekday", day_by_hand())
    found = core_departures(toy, plan)
    assert found["near-t", "hub", 420] == 1
    assert sum(found.values()) == 9
    # hub to near leaves at 8:00 and 17:00: nine hours apart
    often = replace(toy, settings={**toy.settings, "core_headway_min": Setting("core_headway_min", 541)})
    assert not [k for k in core_departures(often, plan) if k[:2] == ("hub", "near-t")]
    seasonal = replace(toy, lines={**toy.lines, "L1": replace(toy.lines["L1"], periods=("summer-weekend",))})
    assert sum(core_departures(seasonal, plan).values()) == 4


def test_a_clock_face_rounds_and_merges() -> None:
    departures = Counter({("a", "b", 425): 1, ("a", "b", 430): 2, ("a", "b", 446): 1})
    assert [(w.leaves_from, w.least) for w in core_wishes(departures, 1.0)] == [(425, 1), (430, 2), (446, 1)]
    assert [(w.leaves_from, w.least) for w in core_wishes(departures, 1.0, 30)] == [(420, 2), (450, 1)]


def test_the_core_comes_from_the_quiet_pattern_with_most_dates(toy: Scenario, season: SeasonFolder) -> None:
    assert base_service(toy, season.year) == "winter-weekday"


def test_hop_lines_are_wished_for_in_their_periods_alone_out_in_the_morning_home_in_the_afternoon(toy: Scenario) -> None:
    hop = replace(toy.lines["L3"], line_id="H1", kind="hop", periods=("golden-week", "winter-weekday"))
    opened = {k: replace(v, hop_lines=k in ("golden-week", "summer-weekend")) for k, v in toy.services.items()}
    made = hop_wishes(replace(toy, lines={**toy.lines, "H1": hop}, services=opened))
    assert [(w.line, w.from_port, w.to_port, w.leaves_from, w.leaves_until, w.periods) for w in made] == [
        ("H1", "hub", "far-t", 0, 720, ("golden-week",)),
        ("H1", "far-t", "hub", 780, 1440, ("golden-week",)),
    ]
    assert not hop_wishes(replace(toy, lines={**toy.lines, "H1": hop}))
    ring = replace(hop, calls=("hub", "near-t", "far-t", "hub"))
    made = hop_wishes(replace(toy, lines={**toy.lines, "H1": ring}, services=opened))
    assert [(w.from_port, w.to_port, w.leaves_from, w.leaves_until) for w in made] == [("hub", "near-t", 0, 720), ("hub", "near-t", 780, 1440)]


def test_what_is_missing_of_the_core_is_named_and_paid(season: SeasonFolder) -> None:
    tables = season_tables(season)
    rows = {r["service"]: r for r in tables.rows["patterns"]}
    assert (rows["winter-weekday"]["core"], rows["winter-weekday"]["core_kept"], rows["winter-weekday"]["core_yuan"]) == (9, 9, 0)
    assert (rows["summer-weekend"]["core_kept"], rows["summer-weekend"]["core_yuan"]) == (7, 1000)
    missing = [r["departs"] for r in tables.rows["core"] if r["kept_in"] < r["of"]]
    assert sorted(missing) == ["08:00", "10:00"]


def test_sailings_by_line_month_and_peak(season: SeasonFolder) -> None:
    frequency = {r["line"]: r for r in frequency_rows(season.scenario, season.plans, season.year)}
    assert (frequency["L1"]["off_peak"], frequency["L1"]["peak"], frequency["L1"]["peak_over_off_peak"]) == (5, 3, 0.6)
    assert (frequency["+"]["off_peak"], frequency["+"]["peak"]) == (1, 1)
    months = {r["line"]: r for r in month_rows(season.scenario, season.plans, season.year)}
    # one Wednesday in January, a Saturday and a Sunday in July
    assert (months["L1"]["01"], months["L1"]["07"], months["L1"]["year"]) == (5, 6, 11)
    named = replace(season.scenario, lines={**season.scenario.lines, "L1": replace(season.scenario.lines["L1"], days="6")})
    months = {r["line"]: r for r in month_rows(named, season.plans, season.year)}
    assert (months["L1"]["01"], months["L1"]["07"]) == (0, 3)


def test_the_year_is_the_sum_of_its_dates(season: SeasonFolder) -> None:
    total = year_totals(season.plans, season.year)
    day = {s: p.metrics["sailings"] for s, p in season.plans.items()}
    assert total["sailings"] == day["winter-weekday"] + 2 * day["summer-weekend"] == 9 + 14
    assert (total["dates"], total["dates_without"]) == (3, 0)
    alone = year_totals({"summer-weekend": season.plans["summer-weekend"]}, season.year)
    assert (alone["dates"], alone["dates_without"]) == (2, 1)


def test_kept_seats_bring_late_residents_aboard(season: SeasonFolder) -> None:
    scenario, folder = season.scenario, season.plans["summer-weekend"]
    kept = kept_seats(scenario, folder.plan)
    assert kept["S01"] == 6  # a fifth of 30
    assert "S03" not in kept  # the far island keeps none
    crowd = replace(
        scenario, demand=tuple(replace(d, trips=d.trips * (30 if d.segment == "visitor" else 1)) for d in scenario.demand)
    )
    guarded = book_ahead(crowd, "summer-weekend", folder.plan.sailings, kept)
    free = book_ahead(crowd, "summer-weekend", folder.plan.sailings, {})
    assert guarded["resident"] > free["resident"]
    assert guarded["visitor"] < free["visitor"]
    seats = sum(scenario.vessel_fleet(s.vessel).seats * (len(s.calls) - 1) for s in folder.plan.sailings)
    assert sum(n for s, n in guarded.items() if s != "vehicle") <= seats

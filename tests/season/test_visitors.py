"""Visitors: a forecast scales what it names and nothing else, an answer to a timetable is signed and bounded, dates are clustered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from islandflow.errors import BadInput
from islandflow.ferry.plan import FerryPlan
from islandflow.scenario.entities import Scenario, Setting
from islandflow.season.clusters import day_demands, pattern_curve
from islandflow.season.folder import SeasonFolder
from islandflow.season.visitors import answered_demand, forecast_demand, read_forecast, visitor_cost, visitors_by_island
from islandflow.season.whatif import change_of


def table(folder: Path, *rows: str) -> Path:
    file = folder / "visitors.csv"
    file.write_text("\n".join(["date,island_id,visitors", *rows]) + "\n", encoding="utf-8")
    return file


def test_a_pattern_becomes_the_mean_of_its_forecast_dates(toy: Scenario, tmp_path: Path) -> None:
    # far island: 16 visitors from the hub and 0 from the near one count 22 with the 6 that come from there
    base = visitors_by_island(toy)
    assert base["summer-weekend", "far"] == 22
    made = change_of([f"forecast: {table(tmp_path, '2026-07-04,far,33', '2026-07-05,far,55')}"])(toy)
    for old, new in zip(toy.demand, made.demand, strict=True):
        ends = {toy.places[p].island_id for p in (old.from_place, old.to_place)}
        touched = old.segment == "visitor" and old.service == "summer-weekend" and "far" in ends
        assert new.trips == pytest.approx(old.trips * (2 if touched else 1))
    # between two islands that are both forecast: the geometric mean
    both = forecast_demand(toy, {date(2026, 7, 4): {"far": 88, "near": 40}})
    pair = next(i for i, d in enumerate(toy.demand) if d.service == "summer-weekend" and d.from_place == "near-quay" and d.to_place == "far-quay")
    assert both.demand[pair].trips == pytest.approx(toy.demand[pair].trips * (4 * 40 / base["summer-weekend", "near"]) ** 0.5)


def test_every_fault_of_a_forecast_is_told_at_once(toy: Scenario, tmp_path: Path) -> None:
    file = table(tmp_path, "2026-07-04,fra,1", "2026-13-04,far,1", "2026-07-06,far,1", "2026-07-05,far,many", "2026-07-04,far,5", "2026-07-04,far,6")
    with pytest.raises(BadInput) as refused:
        read_forecast(file, toy)
    assert [(f.row, f.column) for f in refused.value.faults] == [(2, "island_id"), (3, "date"), (4, "date"), (5, "visitors"), (7, "date")]
    assert "far" in refused.value.faults[0].text("zh")
    nobody = replace(toy, demand=tuple(d for d in toy.demand if d.segment != "visitor"))
    with pytest.raises(BadInput, match="nothing to scale"):
        read_forecast(table(tmp_path, "2026-07-04,far,5"), nobody)


def test_visitors_answer_to_a_worse_timetable_residents_do_not(toy: Scenario, season: SeasonFolder) -> None:
    good = season.plans["summer-weekend"]
    none = replace(good, plan=FerryPlan("summer-weekend", ()))
    price = round(100 * toy.number("left_behind_visitor_cny"))
    assert set(visitor_cost(none).values()) == {price}
    made = answered_demand(toy, {"summer-weekend": good}, {"summer-weekend": none})
    for old, new in zip(toy.demand, made.demand, strict=True):
        if old.segment != "visitor" or old.service != "summer-weekend":
            assert new.trips == old.trips
            continue
        cost = visitor_cost(good)[old.from_place, old.to_place]
        assert new.trips == pytest.approx(old.trips * max(0.5, (price / cost) ** toy.number("visitor_elasticity")))
    assert sum(d.trips for d in made.demand) < sum(d.trips for d in toy.demand)
    back = answered_demand(toy, {"summer-weekend": none}, {"summer-weekend": good})
    assert max(n.trips / o.trips for o, n in zip(toy.demand, back.demand, strict=True)) <= 2
    stiff = replace(toy, settings={**toy.settings, "visitor_elasticity": Setting("visitor_elasticity", 0.0)})
    assert answered_demand(stiff, {"summer-weekend": good}, {"summer-weekend": none}).demand == toy.demand


def test_more_timetables_misplace_less_and_the_calendar_s_own_misplace_nothing(season: SeasonFolder) -> None:
    rows = pattern_curve(season.scenario, season.plans, season.year, {})
    assert [r["timetables"] for r in rows] == ["1", "2", "own"]
    assert (rows[-1]["yuan"], rows[1]["yuan"]) == (0, 0)
    _, demand = day_demands(season.scenario, season.year, {})
    # one winter day and two of summer: against the mean of the three
    by_hand = abs(demand - demand.mean(axis=0)).sum() / 2
    assert rows[0]["too_few"] == rows[0]["too_many"] == round(by_hand)
    assert rows[0]["joined"] == "summer-weekend+winter-weekday"


def test_a_forecast_that_varies_makes_dates_differ_inside_a_pattern(season: SeasonFolder) -> None:
    forecast = {date(2026, 7, 4): {"far": 100}, date(2026, 7, 5): {"far": 20}}
    rows = pattern_curve(season.scenario, season.plans, season.year, forecast)
    assert [r["timetables"] for r in rows] == ["1", "2", "3", "own"]
    own = rows[-1]
    assert (own["too_few"], own["too_many"]) == (40, 40)
    seat = sum(float(p.metrics["cost_yuan"]) for p in season.plans.values()) / sum(p.metrics["people_served"] for p in season.plans.values())
    assert own["yuan"] == round(40 * season.scenario.number("left_behind_visitor_cny") + 40 * seat)
    assert [r["yuan"] for r in rows[:3]] == sorted((r["yuan"] for r in rows[:3]), reverse=True)

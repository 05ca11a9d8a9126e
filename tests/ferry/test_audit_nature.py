"""Sea, tide, night and batteries: each rule silent at its limit and exact one past it, in the audit and among the candidates."""

from __future__ import annotations

from typing import Any

import pytest

from islandflow.errors import BadInput
from islandflow.ferry.problem import FerryProblem
from islandflow.ferry.problem.needs import needs
from islandflow.scenario.entities import Obligation, Scenario, ServicePattern
from islandflow.units import minutes, spans
from tests.ferry.builders import SEA, SERVICE, audit, board, fleet, port, ride, round_trip, sail, tiny, told, wish


def day(**facts: Any) -> dict[str, ServicePattern]:
    return {SERVICE: ServicePattern(SERVICE, SERVICE, SERVICE, True, False, **facts)}


def problem(scenario: Scenario) -> FerryProblem:
    return FerryProblem.from_scenario(scenario, SERVICE, SEA)  # type: ignore[arg-type]


def leaving(scenario: Scenario, *ports: str) -> set[int]:
    """Minutes at which some candidate sails these calls."""
    p = problem(scenario)
    return {p.minute(c) for c in range(p.candidates) if p.patterns[p.pattern_of(c)].calls == ports}


@pytest.mark.parametrize(("wind", "over"), [(6, 0), (7, 1), (9, 3)])
def test_wind_up_to_the_limit_of_the_class(wind: int, over: int) -> None:
    scenario = tiny(services=day(wind_sheltered_bft=wind), fleets=[fleet(wind_limit_bft=6)])
    assert told(audit(scenario, round_trip())) == [("weather", over, "bft")] * (2 if over else 0)
    assert bool(problem(scenario).candidates) == (over == 0)


@pytest.mark.parametrize(("wave", "over"), [(1.5, 0), (1.51, 1), (2.0, 50)])
def test_waves_up_to_the_limit_of_the_class(wave: float, over: int) -> None:
    scenario = tiny(services=day(wave_sheltered_m=wave), fleets=[fleet(wave_limit_m=1.5)])
    assert told(audit(scenario, round_trip())) == [("weather", over, "cm")] * (2 if over else 0)
    assert bool(problem(scenario).candidates) == (over == 0)


def test_a_leg_is_as_exposed_as_its_rougher_end() -> None:
    ports = [port("H"), port("A"), port("B", exposure="outer"), port("C", exposure="open")]
    scenario = tiny(services=day(wind_outer_bft=8, wind_open_bft=6), fleets=[fleet(wind_limit_bft=7)], ports=ports)
    report = audit(scenario, [sail("S1", "H 08:00, 08:30 A 08:30, 08:55 B"), sail("S2", "B 09:05, 09:30 A 09:30, 10:00 H")])
    assert [(v.rule, v.where) for v in report.violations] == [("weather", "S1 A-B"), ("weather", "S2 B-A")]
    calls = {p.calls for p in problem(scenario).patterns}
    assert ("H", "A") in calls
    assert not any("B" in c for c in calls)


@pytest.mark.parametrize(("seen", "short"), [(None, 0), (500, 0), (499, 1)])
def test_visibility_down_to_the_limit_of_the_class(seen: int | None, short: int) -> None:
    scenario = tiny(services=day(visibility_m=seen), fleets=[fleet(visibility_limit_m=500)])
    assert told(audit(scenario, round_trip())) == [("visibility", short, "m")] * (2 if short else 0)
    assert bool(problem(scenario).candidates) == (short == 0)


@pytest.mark.parametrize(("window", "off"), [("08:30-08:40", []), ("08:31-08:40", [1]), ("08:00-08:29;08:50-09:00", [1, 10])])
def test_arrivals_and_departures_lie_in_a_tide_window(window: str, off: list[int]) -> None:
    scenario = tiny(ports=[port("A", tide_windows=window), *(port(p) for p in "HBC")])
    assert told(audit(scenario, round_trip())) == [("tide", n, "min") for n in off]


def test_candidates_keep_both_tides_of_a_day() -> None:
    scenario = tiny(ports=[port("A", tide_windows="08:00-09:00;20:00-21:00"), *(port(p) for p in "HBC")], settings={"grid_min": 15})
    assert leaving(scenario, "H", "A") == {minutes(t) for t in ("07:30", "07:45", "08:00", "08:15", "08:30", "19:30", "19:45", "20:00", "20:15", "20:30")}
    assert leaving(scenario, "A", "H") == {minutes(t) for t in ("08:00", "08:15", "08:30", "08:45", "09:00", "20:00", "20:15", "20:30", "20:45", "21:00")}


@pytest.mark.parametrize(("quiet", "inside"), [("22:00-08:00", 0), ("22:00-08:01", 1), ("09:10-10:00", 0), ("09:09-10:00", 1)])
def test_quiet_hours_bind_between_their_ends(quiet: str, inside: int) -> None:
    scenario = tiny(ports=[port("H", quiet_hours=quiet), *(port(p) for p in "ABC")])
    assert told(audit(scenario, round_trip())) == [("night-quiet", inside, "min")] * (1 if inside else 0)
    whispering = tiny(ports=[port("H", quiet_hours=quiet), *(port(p) for p in "ABC")], fleets=[fleet(quiet=True)])
    assert told(audit(whispering, round_trip())) == []


def test_only_quiet_boats_are_candidates_in_quiet_hours() -> None:
    ports = [port("H", quiet_hours="19:00-07:00"), *(port(p) for p in "ABC")]
    assert max(leaving(tiny(ports=ports), "H", "A")) == minutes("19:00")
    assert min(leaving(tiny(ports=ports), "H", "A")) == minutes("07:00")
    assert min(leaving(tiny(ports=ports), "A", "H")) == minutes("06:30")
    assert max(leaving(tiny(ports=ports, fleets=[fleet(quiet=True)]), "H", "A")) > minutes("19:00")


def charged(battery: float = 30.0, kw: float = 180.0, **at_a: Any) -> Scenario:
    """Half an hour at 60 kW takes 30 kWh; 180 kW give them back in ten minutes."""
    facts = {"charging_kw": kw} | at_a
    return tiny(ports=[port("H", charging_kw=kw), port("A", **facts), port("B"), port("C")], fleets=[fleet(battery_kwh=battery)])


@pytest.mark.parametrize(("battery", "over"), [(30.0, 0), (29.9, 1), (20.0, 10)])
def test_a_sailing_takes_one_filling_at_most(battery: float, over: int) -> None:
    assert told(audit(charged(battery), round_trip())) == [("battery-range", over, "kwh")] * (2 if over else 0)
    assert bool(leaving(charged(battery), "H", "A")) == (over == 0)


def test_a_battery_boat_ends_at_a_charger() -> None:
    assert told(audit(charged(charging_kw=0.0), round_trip())) == [("battery-range", 1, "call")] * 2
    assert leaving(charged(charging_kw=0.0), "H", "A") == set()
    # a boat with fuel needs none
    assert told(audit(tiny(), round_trip())) == []


@pytest.mark.parametrize(("kw", "short"), [(180.0, 0), (179.0, 1), (90.0, 10)])
def test_what_a_sailing_took_is_charged_before_the_next(kw: float, short: int) -> None:
    # round_trip lies at A for ten minutes, the turnaround of the class
    assert told(audit(charged(kw=kw), round_trip())) == [("charging", short, "min")] * (1 if short else 0)


@pytest.mark.parametrize(("kw", "slots"), [(180.0, 8), (179.0, 9), (90.0, 10)])
def test_the_next_departure_waits_for_the_battery(kw: float, slots: int) -> None:
    p = problem(charged(kw=kw))
    assert {int(p.block[r]) for r, x in enumerate(p.patterns) if x.calls == ("H", "A")} == {slots}  # of five minutes


@pytest.mark.parametrize(("text", "found"), [("", ()), ("06:00-07:30", ((360, 450),)), ("22:00-06:00", ((1320, 1800), (-120, 360)))])
def test_spans_pass_midnight(text: str, found: tuple[tuple[int, int], ...]) -> None:
    assert spans(text) == found


@pytest.mark.parametrize("text", ["06:00", "06:00-06:00", "six-seven", "06:00-07:00;x"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"06:00|six|x|^$"):
        spans(text)


# HA leaves at 06:00 at the earliest and arrives at 22:00 at the latest: sixteen hours
@pytest.mark.parametrize(("hours", "refused"), [(8.0, False), (7.9, True)])
def test_a_day_that_two_crews_could_not_work_is_refused(hours: float, refused: bool) -> None:
    scenario = tiny(settings={"crew_day_max_h": hours, "crew_shifts": "06:00-12:00"})
    one_crew = tiny(settings={"crew_day_max_h": hours, "crew_shifts": "06:00-12:00"}, fleets=[fleet(second_crew=False)])
    if refused:
        with pytest.raises(BadInput, match="crew_day_max_h"):
            problem(scenario)
    else:
        assert problem(scenario).candidates
    assert problem(one_crew).candidates


# 08:00 to 12:00 is the only window
@pytest.mark.parametrize(("home", "beyond"), [("11:30-12:00", 0), ("11:31-12:01", 1)])
def test_a_vessel_without_a_second_crew_stays_in_one_window(home: str, beyond: int) -> None:
    scenario = tiny(settings={"crew_shifts": "08:00-12:00"}, fleets=[fleet(second_crew=False)])
    assert told(audit(scenario, round_trip(home=home))) == ([("crew-day", beyond, "min")] if beyond else [])


@pytest.mark.parametrize(("hold", "short"), [(12.0, 0), (11.9, 1)])
def test_cargo_asks_for_sailings_with_a_hold(hold: float, short: int) -> None:
    duty = Obligation("o", "A", "H", cargo_sailings=1, cargo_m3=12.0)
    scenario = tiny(obligations=[duty], fleets=[fleet(cargo_m3=hold)])
    assert [(o.rule, o.amount) for o in audit(scenario, round_trip()).obligations] == [("cargo-sailings", short)] * 2
    assert [n.met_by(p, 480) for n in needs(scenario, SERVICE)[:1] for p in problem(scenario).patterns if p.calls == ("A", "H")] == [not short]


@pytest.mark.parametrize(("release", "denied"), [(None, 1), (30, 1), (31, 0)])
def test_kept_seats_are_open_to_all_once_they_are_released(release: int | None, denied: int) -> None:
    # a resident wants to leave at 08:30 and stays behind while ten visitors sit on all seats of the boat at 09:00
    duty = Obligation("o", "A", "H", resident_seats_percent=10.0, release_min=release)
    scenario = tiny(obligations=[duty], demand=(wish("HA", 1), wish("HA", 10, hour=9, segment="visitor")))
    boat = [sail("S1", "H 09:00, 09:30 A"), sail("S2", "A 09:40, 10:10 H")]
    report = audit(scenario, boat, board("HA", 10, ride("S1"), hour=9, segment="visitor"))
    assert [(o.rule, o.amount) for o in report.obligations] == [("resident-seats", denied)]

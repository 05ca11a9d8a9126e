"""Why there is no sailing: vessels tried on the tiny archipelago, counted by hand."""

from __future__ import annotations

import pytest

from islandflow.ferry.missing import Missing, missing_sailing
from islandflow.scenario.entities import Obligation, Scenario
from islandflow.units import minutes
from tests.ferry.builders import SEA, fleet, plan, port, round_trip, sail, tiny, wish


def ask(scenario: Scenario, sailings: list, ends: str, at: str) -> Missing:  # type: ignore[type-arg]
    return missing_sailing(scenario, plan(sailings), SEA, ends[0], ends[1], minutes(at))


def test_a_vessel_at_hand_sails_there_and_back() -> None:
    found = ask(tiny(demand=(wish("HA", 12, hour=10),)), round_trip(), "HA", "10:30")
    assert found.added is not None
    assert (found.added.vessel, found.added.kind) == ("boat-01", "at-hand")
    assert [(s.ports, s.departs, s.arrives) for s in found.added.sailings] == [(("H", "A"), 630, 660), (("A", "H"), 670, 700)]
    # twelve want to leave at 10:30; ten of them rode at 08:00 before, two were left
    assert (found.added.aboard, found.added.carried) == (10, 2)
    assert found.added.left_behind_fen == -2 * 600_00
    # eight ride as wanted, at no shift of two hours and a half at half of 25 yuan; two ride early as before; two more pay half an hour
    assert found.added.total_fen == found.added.running_fen + found.added.travellers_fen + found.added.left_behind_fen
    assert found.barred == ()


def test_a_vessel_away_comes_first() -> None:
    # boat-01 lies at A between 09:00 and 11:00, so a sailing from H needs a way there and back to A
    sailings = [sail("S1", "H 08:30, 09:00 A"), sail("S2", "A 11:00, 11:30 H")]
    found = ask(tiny(fleets=[fleet(count=1)]), sailings, "HA", "09:50")
    assert found.added is not None
    assert [(s.ports, s.departs) for s in found.added.sailings] == [(("A", "H"), 550), (("H", "A"), 590)]


@pytest.mark.parametrize(("at", "kind"), [("09:50", "at-hand"), ("09:49", "laid-up")])
def test_the_turnaround_decides_between_the_vessel_at_hand_and_another(at: str, kind: str) -> None:
    sailings = [sail("S1", "H 08:30, 09:00 A"), sail("S2", "A 11:00, 11:30 H")]
    found = ask(tiny(fleets=[fleet(count=2, day_cost_yuan=50.0)]), sailings, "HA", at)
    assert found.added is not None
    assert found.added.kind == kind


def test_an_idle_vessel_costs_its_day() -> None:
    found = ask(tiny(fleets=[fleet(fuel_l_per_h=0.0, power_kw=0.0)]), [], "HA", "08:00")
    assert found.added is not None
    assert found.added.kind == "laid-up"
    assert found.added.running_fen == 5000_00 + 2 * 80_00


def test_where_every_vessel_is_busy_one_more_is_costed_and_the_reason_is_told() -> None:
    found = ask(tiny(fleets=[fleet(count=1)]), round_trip(), "HA", "08:10")
    assert found.added is not None
    assert (found.added.vessel, found.added.kind) == ("boat-02", "more")
    assert [(b.rule, b.who) for b in found.barred] == [("turnaround", ("boat-01",))]


def test_one_more_vessel_needs_a_mooring() -> None:
    tight = [port("H", overnight_moorings=1), *(port(p, overnight_moorings=0) for p in "ABC")]
    found = ask(tiny(fleets=[fleet(count=1)], ports=tight), round_trip(), "HA", "08:10")
    assert found.added is None
    assert {b.rule for b in found.barred} == {"turnaround", "moorings"}


@pytest.mark.parametrize(("at", "rule"), [("21:30", None), ("21:31", "port-hours")])
def test_port_hours_forbid_from_the_first_minute_past_them(at: str, rule: str | None) -> None:
    # the boat comes from A and stays at A: no way back is needed after closing time
    sailings = [sail("S0", "A 08:00, 08:30 H")]
    found = ask(tiny(), sailings, "HA", at)
    assert (found.added is None) == (rule is not None)
    assert [b.rule for b in found.barred if b.rule == "port-hours"] == ([rule] if rule else [])


def test_no_line_of_any_fleet_calls_there() -> None:
    found = ask(tiny(ports=[port(p) for p in "HABCD"]), round_trip(), "HD", "10:00")
    assert found.added is None
    assert [b.rule for b in found.barred] == ["line-allowed"]
    assert "D" in found.barred[0].note


def test_a_berth_that_is_taken_is_told() -> None:
    ports = [port("H", berths=1), *(port(p) for p in "ABC")]
    sailings = [*round_trip(), sail("X1", "H 10:00, 10:30 A", "boat-02"), sail("X2", "A 10:40, 11:10 H", "boat-02")]
    found = ask(tiny(ports=ports), sailings, "HA", "10:02")
    assert found.added is None
    assert "berths" in {b.rule for b in found.barred}


def test_nearest_departures_before_and_after() -> None:
    found = ask(tiny(), [*round_trip(), sail("T1", "H 12:00, 12:30 A", "boat-02")], "HA", "09:00")
    assert found.before is not None
    assert found.after is not None
    assert (found.before.departs, found.before.sailings) == (480, ("S1",))
    assert (found.after.departs, found.after.sailings) == (720, ("T1",))
    at_it = ask(tiny(), round_trip(), "HA", "08:00")
    assert at_it.before is not None
    assert at_it.before.departs == 480


def test_where_only_a_change_joins_the_places_a_sailing_to_the_boat_onward_is_costed() -> None:
    # H and C share no line, and the fleet's generated pair H-C is longer than any leg may be
    scenario = tiny(settings={"longest_leg_nm": 8.5}, demand=(wish("HC", 4, hour=10),))
    onward = [sail("S1", "B 12:00, 12:30 C", "boat-02"), sail("S2", "C 12:40, 13:10 B", "boat-02")]
    found = ask(scenario, onward, "HC", "10:30")
    assert found.added is not None
    assert found.added.onward == "S1"
    assert next(s for s in found.added.sailings if s.id == "missing").ports == ("H", "B")
    assert (found.added.aboard, found.added.carried) == (4, 4)


def test_an_obligation_that_it_would_meet_is_named() -> None:
    scenario = tiny(obligations=[Obligation("o", "A", "H", last_boat_not_before=900)])
    found = ask(scenario, round_trip(), "HA", "15:00")
    assert found.added is not None
    assert [o.rule for o in found.added.met] == ["last-boat"]
    assert ask(scenario, round_trip(), "HA", "14:59").added.met == ()  # type: ignore[union-attr]


@pytest.mark.parametrize(("ends", "said"), [(("H", "X"), "--missing X"), (("H", "h"), "same place")])
def test_what_is_no_place_is_refused(ends: tuple[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        missing_sailing(tiny(), plan(round_trip()), SEA, *ends, 600)

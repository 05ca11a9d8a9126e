"""What a sailing is worth: counted by hand on the tiny archipelago."""

from __future__ import annotations

import pytest

from islandflow.ferry.explain import without_sailing
from islandflow.scenario.entities import Obligation
from tests.ferry.builders import SEA, board, plan, ride, round_trip, sail, tiny, wish


def test_who_finds_no_seat_elsewhere_is_left_and_who_does_waits_longer() -> None:
    # twelve want to leave at 08:30; boats of ten seats at 08:30 and, much too late, 09:30
    scenario = tiny(demand=(wish("HA", 12),))
    first = sail("S1", "H 08:30, 09:00 A", "boat-01")
    second = sail("S2", "H 09:30, 10:00 A", "boat-02")
    found = plan([first, second], board("HA", 10, ride("S1")), board("HA", 2, ride("S2")))
    loss = without_sailing(scenario, found, SEA, "S1")
    assert [(a.from_place, a.to_place, a.people) for a in loss.aboard] == [("h", "a", 10)]
    assert (loss.left, loss.elsewhere) == (2, 8)
    assert loss.left_behind_fen == 2 * 600_00
    # eight more pay the hour's shift at half of 25 yuan, and two pay no ride of 25 * 30 / 60 any more
    assert loss.travellers_fen == 8 * 1250 - 2 * 1250
    assert loss.total_fen == loss.travellers_fen + loss.left_behind_fen + loss.running_fen
    assert loss.running_fen < 0


def test_minutes_are_of_groups_of_whom_as_many_travel() -> None:
    scenario = tiny(demand=(wish("HA", 5),))
    found = plan([sail("S1", "H 08:30, 09:00 A"), sail("S2", "H 09:30, 10:00 A", "boat-02")], board("HA", 5, ride("S1")))
    loss = without_sailing(scenario, found, SEA, "S1")
    assert (loss.left, loss.elsewhere, loss.minutes) == (0, 5, 5 * 60)


@pytest.mark.parametrize(("least", "broken"), [(1, 0), (2, 1)])
def test_an_obligation_is_named_only_where_the_sailing_is_needed(least: int, broken: int) -> None:
    scenario = tiny(obligations=[Obligation("o", "A", "H", sailings_each_way=least)])
    two = [*round_trip(), *round_trip("10:00-10:30", "10:40-11:10", prefix="T")]
    loss = without_sailing(scenario, plan(two), SEA, "S1")
    assert len(loss.broken) == broken


def test_the_vessel_lacks_a_way_where_the_ports_differ() -> None:
    loss = without_sailing(tiny(), plan(round_trip()), SEA, "S1")
    assert (loss.vessel_waits_at, loss.vessel_needed_at) == ("H", "A")
    last = without_sailing(tiny(), plan(round_trip()), SEA, "S2")
    assert (last.vessel_waits_at, last.vessel_needed_at) == ("", "")


def test_an_unknown_sailing_is_refused() -> None:
    with pytest.raises(ValueError, match="--sailing S9"):
        without_sailing(tiny(), plan(round_trip()), SEA, "S9")

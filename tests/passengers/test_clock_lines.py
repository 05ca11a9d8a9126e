"""Lines by the clock as journeys take them: every vehicle's trip with its minutes, boarded and left at every stop; faults all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from islandflow.errors import BadInput
from islandflow.passengers.bus_trips import Halt
from islandflow.passengers.clock_lines import clock_lines
from islandflow.passengers.journeys import Rules, earliest_arrival
from tests.ferry.builders import SERVICE, sail
from tests.passengers.bus_days import village_sea, with_buses

SEA = village_sea({"AV": 3000, "VW": 3000})
RULES = Rules(10, 15, to_bus=4, to_boat=10)
TIMETABLE = """island_id,line,direction,call,stop,first,last,headway_min,past_hour,hours
isle-A,K1,out,2,V,08:08,20:08,20,08;28;48,1
isle-A,K1,out,1,A,08:00,20:00,20,00;20;40,1
isle-A,K1,out,3,W,08:15,20:15,20,15;35;55,1
isle-A,K1,back,1,W,08:20,20:20,20,00;20;40,1
isle-A,K1,back,2,A,08:40,20:40,20,00;20;40,1
"""
TRIPS = """island_id,vehicle,line,direction,departs,arrives,charger,wh
isle-A,van-01,K1,out,08:00,08:15,,0
isle-A,van-01,K1,back,08:20,08:40,,0
isle-A,van-01,K1,out,08:40,08:55,,0
"""


def written(folder: Path, timetable: str = TIMETABLE, trips: str = TRIPS) -> Path:
    (folder / "line_timetable.csv").write_text(timetable, encoding="utf-8")
    (folder / "line_trips.csv").write_text(trips, encoding="utf-8")
    return folder


def test_every_trip_has_its_minutes(tmp_path: Path) -> None:
    islands, trips = clock_lines(written(tmp_path), SEA, SERVICE)
    assert islands == ("isle-A",)
    assert [(t.trip, t.vehicle, t.line, t.people) for t in trips] == [
        ("isle-A.K1.out.001", "van-01", "K1", None), ("isle-A.K1.back.001", "van-01", "K1", None), ("isle-A.K1.out.002", "van-01", "K1", None)
    ]  # fmt: skip
    assert trips[2].halts == (Halt("A", None, 520), Halt("V", 528, 528), Halt("W", 535, None))


def test_a_line_joins_villages_and_boats(tmp_path: Path) -> None:
    day = with_buses(SEA, [sail("S1", "H 08:00, 08:30 A")], clock_lines(written(tmp_path), SEA, SERVICE)[1])
    found = earliest_arrival(day, "H", "W", 0, RULES)
    assert found is not None
    assert (found.arrives, found.boats, found.buses, found.legs[-1].line) == (535, 1, 1, "K1")
    between = earliest_arrival(day, "V", "W", 489, RULES)
    assert between is not None
    assert (between.departs, between.arrives) == (528, 535)


def test_a_folder_without_lines_has_none(tmp_path: Path) -> None:
    assert clock_lines(tmp_path, SEA, SERVICE) == ((), ())


def test_a_folder_whose_lines_are_empty_has_none(tmp_path: Path) -> None:
    assert clock_lines(written(tmp_path, TIMETABLE.splitlines()[0] + "\n", TRIPS.splitlines()[0] + "\n"), SEA, SERVICE) == ((), ())


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as bad:
        clock_lines(written(tmp_path, TIMETABLE.replace(",V,", ",Q,"), TRIPS.replace("08:20", "8h20").replace("K1,out,08:40", "K2,out,08:40")), SEA, SERVICE)
    assert [(f.file, f.row, f.column, f.value) for f in bad.value.faults] == [
        ("line_timetable.csv", 2, "stop", "Q"), ("line_trips.csv", 3, "departs", "8h20"), ("line_trips.csv", 4, "line", "K2")
    ]  # fmt: skip


def test_stops_that_no_bus_can_drive_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="K1"):
        clock_lines(written(tmp_path, TIMETABLE.replace("V,08:08", "V,08:00")), SEA, SERVICE)


def test_a_missing_table_is_told(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "line_trips.csv").unlink()
    with pytest.raises(BadInput, match="line_trips"):
        clock_lines(tmp_path, SEA, SERVICE)

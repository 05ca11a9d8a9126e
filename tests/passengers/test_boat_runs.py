"""Runs that meet boats, read from tables written by hand: halts, people, the boats that are waited for, faults all at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from islandflow.errors import BadInput
from islandflow.passengers.boat_runs import boat_runs
from islandflow.passengers.bus_trips import Halt, Meeting
from islandflow.passengers.buses import read_buses
from islandflow.shuttle.tables import COLUMNS
from tests.ferry.builders import SERVICE
from tests.passengers.bus_days import village_sea

SEA = village_sea({"AV": 3000, "VW": 3000})
ROWS = {
    "runs": ("isle-A,R001,van-01,out,A,08:34,08:51,7,6000", "isle-A,R002,van-01,in,A,09:00,09:20,5,6000"),
    "halts": ("isle-A,R001,1,V,08:44", "isle-A,R001,2,W,08:50", "isle-A,R002,1,V,09:08"),
    "loads": ("isle-A,R001,S1-A-in-V,S1-A-in,V,4,0,10", "isle-A,R001,S1-A-in-W,S1-A-in,W,3,0,16", "isle-A,R002,S2-A-out-V,S2-A-out,V,5,0,12"),
    "boats": ("isle-A,S1-A-in,S1,A,lands,08:30,10,9,0,7,7,0", "isle-A,S2-A-out,S2,A,leaves,09:30,0,9,0,5,5,0"),
}  # fmt: skip


def written(plan: Path, service: str = SERVICE) -> Path:
    folder = plan / "shuttles"
    folder.mkdir()
    proof = {"island_id": "isle-A", "status": "feasible", "objective": 2, "bound": 1, "floor": 0, "candidates": 1, "seconds": 1.0}
    (folder / "plan.json").write_text(json.dumps({"kind": "shuttle", "service": service, "islands": [proof]}), encoding="utf-8")
    (folder / "audit.json").write_text("{}", encoding="utf-8")
    for name, columns in COLUMNS.items():
        (folder / f"{name}.csv").write_text("\n".join([",".join(columns), *ROWS.get(name, ())]) + "\n", encoding="utf-8")
    return folder


def test_every_run_has_its_halts_people_and_boats(tmp_path: Path) -> None:
    islands, (out, home) = boat_runs(written(tmp_path), SEA, SERVICE)
    assert islands == ("isle-A",)
    assert (out.trip, out.vehicle, out.people, out.meets) == ("isle-A.R001", "van-01", 7, (Meeting("S1", 514, 10),))
    assert out.halts == (Halt("A", None, 514), Halt("V", 524, None), Halt("W", 530, None))
    assert (home.halts, home.people, home.meets) == ((Halt("V", None, 548), Halt("A", 560, None)), 5, ())


def test_the_buses_of_a_plan_have_a_version(tmp_path: Path) -> None:
    assert read_buses(tmp_path, SEA, SERVICE) is None
    folder = written(tmp_path)
    found = read_buses(tmp_path, SEA, SERVICE)
    assert found is not None
    assert (found.islands, [t.trip for t in found.trips]) == (("isle-A",), ["isle-A.R001", "isle-A.R002"])
    (folder / "halts.csv").write_text((folder / "halts.csv").read_text(encoding="utf-8").replace("08:44", "08:45"), encoding="utf-8")
    other = read_buses(tmp_path, SEA, SERVICE)
    assert other is not None
    assert other.version != found.version


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    folder = written(tmp_path, "golden-week")
    for name, a, b in (("halts", ",W,", ",Q,"), ("runs", ",in,A,", ",in,Z,"), ("boats", "08:30", "8h30")):
        file = folder / f"{name}.csv"
        file.write_text(file.read_text(encoding="utf-8").replace(a, b), encoding="utf-8")
    with pytest.raises(BadInput) as bad:
        boat_runs(folder, SEA, SERVICE)
    assert [(f.file, f.row, f.column, f.value) for f in bad.value.faults] == [
        ("plan.json", 0, "service", "golden-week"), ("boats.csv", 2, "minute", "8h30"), ("runs.csv", 3, "quay", "Z"), ("halts.csv", 3, "stop", "Q"),
    ]  # fmt: skip
    assert all(f.zh and f.remedy_zh for f in bad.value.faults)


def test_a_run_that_no_bus_can_drive_is_refused(tmp_path: Path) -> None:
    folder = written(tmp_path)
    (folder / "halts.csv").write_text((folder / "halts.csv").read_text(encoding="utf-8").replace("08:50", "08:44"), encoding="utf-8")
    with pytest.raises(BadInput, match="R001"):
        boat_runs(folder, SEA, SERVICE)

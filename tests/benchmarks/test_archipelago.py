"""Synthetic archipelagos: clean, the same for a seed, in proportion, with everything a solver must cope with."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.archipelago import LEAST, MOST, SERVICE, archipelago, main, write_archipelago
from benchmarks.archipelago_layout import HUB_FROM, LEAST_NM, cluster_sizes
from islandflow.ferry.problem import FerryProblem
from islandflow.ferry.problem.parts import split
from islandflow.network.sea import build_network
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import check_scenario
from islandflow.sphere import great_circle


def problem_of(scenario: Scenario) -> FerryProblem:
    return FerryProblem.from_scenario(scenario, SERVICE, build_network(scenario))


@pytest.mark.parametrize(("ports", "seed"), [(4, 1), (4, 9), (5, 2), (8, 1), (8, 2), (8, 3), (16, 2), (24, 3), (25, 1), (50, 1), (200, 1)])
def test_an_archipelago_is_clean_and_can_be_planned(ports: int, seed: int, tmp_path: Path) -> None:
    made = archipelago(ports, seed)
    read = write_archipelago(ports, seed, tmp_path)
    assert check_scenario(tmp_path) == []  # no warning either
    for name in ("islands", "places", "ports", "land_links", "operators", "fleets", "lines", "demand", "profiles", "obligations", "fares",
                 "settings", "services", "calendar"):  # fmt: skip
        assert getattr(read, name) == getattr(made, name), name
    assert len(read.ports) == ports
    assert read.estimated
    found = problem_of(read)
    assert found.candidates > 100 * ports
    assert len(found.needs) > 0
    served = {int(o) for o in found.rides.market}
    assert served == set(range(len(found.markets)))  # nobody is asked for whom no boat could carry
    lines = {p.line for p in found.patterns}
    assert {key for key in read.lines if key not in lines} == set()  # every line fits its boats, hours and ports


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    first, again, other = (tmp_path / name for name in ("first", "again", "other"))
    for folder, seed in ((first, 1), (again, 1), (other, 2)):
        assert main(["--ports", "16", "--seed", str(seed), "--out", str(folder)]) == 0
    names = sorted(p.name for p in first.iterdir())
    assert "vessels.csv" in names
    assert names == sorted(p.name for p in again.iterdir())
    assert all((first / n).read_bytes() == (again / n).read_bytes() for n in names)
    assert (first / "demand.csv").read_bytes() != (other / "demand.csv").read_bytes()


def test_proportions_of_the_real_archipelago(zhoushan: Scenario) -> None:
    """At the size of the real one the synthetic one is within a third of it, the shuttle's crowd aside."""
    made = archipelago(len(zhoushan.ports), 1)
    shuttle = {"wugongzhi-quay", "putuoshan-t-quay"}
    trips = [
        sum(d.trips for d in s.demand if d.service == SERVICE and {d.from_place, d.to_place} != shuttle) for s in (zhoushan, made)
    ]  # fmt: skip
    vessels = [sum(f.count for f in s.fleets.values()) for s in (zhoushan, made)]
    candidates = [problem_of(s).candidates for s in (zhoushan, made)]
    lines = [len(s.lines) for s in (zhoushan, made)]
    for real, synthetic in (trips, vessels, candidates, lines):
        assert 0.67 < synthetic / real < 1.5


@pytest.mark.parametrize("seed", range(1, 6))
def test_what_a_solver_must_cope_with(seed: int) -> None:
    made = archipelago(25, seed)
    rows = {(d.from_place, d.to_place, d.segment) for d in made.demand}
    one_way = [d for d in made.demand if d.profile == "morning-only"]
    assert one_way
    assert all((d.to_place, d.from_place, d.segment) not in rows for d in one_way)
    assert all(d.hour < 600 for d in made.profiles if d.profile == "morning-only" and d.share > 0)
    assert {d.segment for d in made.demand} == {"resident", "commuter", "medical", "visitor", "vehicle"}
    assert any(m.change for m in problem_of(made).markets)
    assert len(split(problem_of(made))) == 1  # two clusters that exchange passengers
    assert {o.medical_trip for o in made.obligations.values()} == {True, False}
    ports = list(made.ports.values())
    assert min(great_circle(a, b) for a in ports for b in ports if a.port_id < b.port_id) > LEAST_NM * 0.99


def test_sizes_at_the_limit_and_one_past_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for ports in (LEAST - 1, MOST + 1):
        with pytest.raises(ValueError, match="4 to 200"):
            archipelago(ports, 1)
        assert main(["--ports", str(ports), "--out", str(tmp_path / "new")]) == 2
    (tmp_path / "mine.txt").write_text("keep")
    assert main(["--ports", "4", "--out", str(tmp_path)]) == 2
    assert "not empty" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]
    assert [p.role for p in archipelago(HUB_FROM - 1, 1).ports.values()].count("hub") == 0
    assert [p.role for p in archipelago(HUB_FROM, 1).ports.values()].count("hub") == 1


def test_clusters_are_even() -> None:
    for ports in range(LEAST, MOST + 1):
        sizes = cluster_sizes(ports)
        assert sum(sizes) == ports
        assert max(sizes) - min(sizes) <= 1
        assert max(sizes) <= 13

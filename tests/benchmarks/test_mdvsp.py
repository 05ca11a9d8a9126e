"""The mdvsp benchmark: its format, and three competitors that must agree on an instance made here."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.harness import Case, Options
from benchmarks.mdvsp import COMPETITORS, cases, read_trips

# two depots with one and two vehicles, three trips; 0 can be followed by 2, 1 by nothing
SMALL = """2\t3\t1\t2
-1 -1 10 30 10
-1 -1 40 12 40
10 40 -1 -1 5
30 11 -1 -1 -1
10 40 -1 -1 -1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "small.inp").write_text(SMALL)
    (tmp_path / "known_values.csv").write_text("instance,depots,trips,best_known,lower_bound\nsmall,2,3,48,48\n")
    return tmp_path


def test_the_matrix_is_read_depots_first(folder: Path) -> None:
    trips = read_trips(folder / "small.inp")
    assert (trips.count, trips.depots, trips.limits) == (3, 2, (((0,), 1), ((1,), 2)))
    assert trips.cost(0, (0, 2)) == 10 + 5 + 10
    assert trips.cost(1, (1,)) == 12 + 11
    assert trips.cost(0, (0, 1)) == float("inf")


@pytest.mark.parametrize("name", sorted(COMPETITORS))
def test_all_competitors_find_the_best_days(folder: Path, name: str) -> None:
    case = next(iter(cases(folder)))
    assert case == Case("small", str(folder / "small.inp"), 48.0, proven=True)
    outcome = COMPETITORS[name](case, Options(folder, 10, 1, folder / "out.csv"))
    assert (outcome.status, outcome.value) == ("optimal", 48.0)
    assert outcome.bound == pytest.approx(48.0)

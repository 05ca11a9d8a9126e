"""The harness: rows as promised, resuming, memory, crashes, and rows that cannot be true."""

from __future__ import annotations

import csv
import os
import time
from pathlib import Path

import pytest

from benchmarks.harness import COLUMNS, Case, Options, Outcome, doubts, main


def exact(case: Case, options: Options) -> Outcome:
    return Outcome("optimal", case.facts, case.facts)


def liar(case: Case, options: Options) -> Outcome:
    return Outcome("optimal", case.facts + 1, case.facts)


def crash(case: Case, options: Options) -> Outcome:
    os._exit(7)


def glutton(case: Case, options: Options) -> Outcome:
    hoard = [bytearray(b"x" * 2**20) for _ in range(600)]
    time.sleep(5)
    return Outcome("feasible", len(hoard))


def cases(folder: Path) -> list[Case]:
    return [Case("one", 5.0, known=5.0), Case("two", 7.0, known=7.0)]


WORDS = ["--seconds", "5", "--seed", "1"]


def call(tmp_path: Path, competitors: dict, *more: str) -> tuple[int, list[dict[str, str]]]:
    out = tmp_path / "out.csv"
    code = main("toy", cases, competitors, [*WORDS, "--instances", str(tmp_path), "--out", str(out), *more])
    with out.open() as source:
        return code, list(csv.DictReader(source))


def test_rows_are_written_and_never_run_twice(tmp_path: Path) -> None:
    code, rows = call(tmp_path, {"islandflow": exact}, "--cases", "one")
    assert code == 0
    assert [tuple(r) for r in rows] == [COLUMNS]
    text = (tmp_path / "out.csv").read_text()
    (tmp_path / "out.csv").write_text(text + "two,islandf")  # stopped in the middle of a line
    code, rows = call(tmp_path, {"islandflow": exact})
    assert code == 0
    assert [(r["case"], r["value"], r["gap"], r["known"], r["status"]) for r in rows] == [
        ("one", "5", "0", "5", "optimal"),
        ("two", "7", "0", "7", "optimal"),
    ]
    assert (tmp_path / "out.csv").read_text().startswith(text)


def test_our_false_claim_ends_with_one_a_peers_does_not(tmp_path: Path) -> None:
    assert call(tmp_path, {"peer": liar})[0] == 0
    assert call(tmp_path, {"islandflow-x": liar})[0] == 1
    assert call(tmp_path, {"islandflow-x": liar})[0] == 1  # told again when nothing is left to run


def test_a_crash_and_too_much_memory_each_give_a_row(tmp_path: Path) -> None:
    rows = call(tmp_path, {"crash": crash, "glutton": glutton}, "--cases", "one", "--memory-mb", "300")[1]
    assert [r["status"] for r in rows] == ["error", "memory"]


def test_wrong_words_end_with_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = [*WORDS, "--instances", str(tmp_path), "--out", str(tmp_path / "o.csv")]
    assert main("toy", cases, {"islandflow": exact}, [*base, "--solvers", "gurobi"]) == 2
    assert main("toy", cases, {"islandflow": exact}, [*base, "--cases", "three"]) == 2
    assert "three" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("value", "bound", "status", "maximise", "count"),
    [("5", "5", "optimal", False, 0), ("5", "4.9", "optimal", False, 1), ("4", "4", "optimal", False, 1), ("6", "5.1", "feasible", False, 1),
     ("6", "5", "feasible", False, 0), ("5", "6", "feasible", False, 2), ("", "", "infeasible", False, 1), ("4", "6", "feasible", True, 0),
     ("4", "4.5", "feasible", True, 1), ("6", "6", "feasible", True, 1), ("", "", "memory", False, 0)],
)  # fmt: skip
def test_what_cannot_be_true_is_told(value: str, bound: str, status: str, maximise: bool, count: int) -> None:
    row = dict.fromkeys(COLUMNS, "") | {"value": value, "bound": bound, "status": status}
    assert len(doubts(Case("x", known=5.0, maximise=maximise), row)) == count

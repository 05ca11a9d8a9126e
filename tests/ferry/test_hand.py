"""A timetable made by hand: forgiving on form, strict on meaning, every fault with its row, its column and a remedy in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from islandflow.errors import BadInput, Fault
from islandflow.ferry.hand import read_hand_timetable
from islandflow.scenario.entities import Scenario

GOOD = (Path(__file__).resolve().parents[2] / "data" / "toy" / "as_run" / "summer-weekend.csv").read_text(encoding="utf-8")
SERVICE = "summer-weekend"
Change = Callable[[str], str]


def swap(old: str, new: str) -> Change:
    """The timetable with the first ``old`` replaced, which must be there."""

    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


def read(toy: Scenario, tmp_path: Path, raw: bytes, service: str = SERVICE) -> list[Fault]:
    """The faults of a timetable; none if it is read."""
    file = tmp_path / "today.csv"
    file.write_bytes(raw)
    try:
        read_hand_timetable(toy, file, service)
    except BadInput as bad:
        return bad.faults
    return []


def test_the_toy_s_timetable_is_read(toy: Scenario, tmp_path: Path) -> None:
    (tmp_path / "today.csv").write_text(GOOD, encoding="utf-8")
    plan = read_hand_timetable(toy, tmp_path / "today.csv", SERVICE)
    assert [(s.id, s.line, s.vessel) for s in plan.sailings[:2]] == [("N1", "L1", "small-01"), ("N2", "L1", "small-01")]
    assert [(s.ports, s.departs, s.arrives) for s in plan.sailings[:1]] == [(("near-t", "hub"), 420, 450)]
    assert len(plan.sailings) == 10


WIDE = {ord(c): ord(c) + 0xFEE0 for c in "0123456789:"}  # full-width


@pytest.mark.parametrize(
    "raw",
    [
        GOOD.encode("utf-8-sig"),
        GOOD.replace("\n", "\r\n").encode(),
        re.sub(r"\d\d:\d\d", lambda m: m[0].translate(WIDE), GOOD).encode(),
        GOOD.replace(",07:", ",7:").encode(),
        (GOOD.replace("departs\n", "departs,班次\n", 1).replace("\nN", ",早班\nN").replace("\nF", ",早班\nF").rstrip("\n") + ",早班\n")
        .replace("班次,早班", "班次").encode("gbk"),
        (GOOD + "\n,,,,,\n").encode(),
        ("call," + GOOD.replace("\nN1,L1,small-01,near-t,,07:00\nN1,L1,small-01,hub,07:30,", "\n2,N1,L1,small-01,hub,07:30,\n1,N1,L1,small-01,near-t,,07:00")
         .replace("\nN", "\n,N").replace("\nF", "\n,F").rstrip("\n") + "\n").encode(),
    ],
    ids=["bom", "crlf", "wide", "7:30", "gbk and another column", "empty rows", "calls numbered"],
)  # fmt: skip
def test_form_is_forgiven(toy: Scenario, tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "good.csv").write_text(GOOD, encoding="utf-8")
    (tmp_path / "today.csv").write_bytes(raw)
    assert read_hand_timetable(toy, tmp_path / "today.csv", SERVICE) == read_hand_timetable(toy, tmp_path / "good.csv", SERVICE)


FAULTS: list[tuple[Change, int, str, str]] = [
    (swap("07:00", "25:10"), 2, "departs", "25:10"),
    (swap("07:30", "7.30"), 3, "arrives", "7.30"),
    (swap("07:30", ""), 3, "arrives", "a time is missing"),
    (swap("07:00", ""), 2, "departs", "a time is missing"),
    (swap("N1,L1,small-01,hub", "N1,L1,small-01,hubb"), 3, "port", "did you mean hub?"),
    (swap("N1,L1,small-01,near-t", "N1,L1,small-02,near-t"), 2, "vessel", "did you mean small-01?"),
    (swap("F1,L2,big-01,hub", "F1,L2,,hub"), 14, "vessel", "FLEET_ID-01"),
    (swap("N1,L1", "N1,L9"), 2, "line", "known: L1, L2"),
    (swap("N1,L1,small-01,hub", "N1,L2,small-01,hub"), 3, "line", "another line than in row 2"),
    (swap("F2,L2,big-01,hub", "F2,L2,small-01,hub"), 17, "vessel", "another vessel than in row 16"),
    (swap("N1,L1,small-01,hub,07:30,\n", ""), 2, "sailing", "calls at one port only"),
    (swap("N1,", ","), 2, "sailing", "is empty"),
    (swap("N1,L1,small-01,near-t,,07:00", "N1,L1,small-01,near-t,,07:00,x"), 2, "", "fields where the header has 6"),
    (swap("arrives,departs", "arrives"), 1, "departs", "column is missing"),
    (swap("line,vessel", "line,line"), 1, "line", "stands twice"),
    (lambda text: text.splitlines()[0] + "\n", 0, "", "has no rows"),
    (lambda _: "", 0, "", "has no rows"),
    (lambda text: text + "N9,L1,small-01,hub,,18:00\n" * 200_001, 200_002, "", "rows are more than 200000"),
    (lambda text: text.replace("sailing,", "call,sailing,").replace("\nN", "\n1,N").replace("\nF", "\n1,F"), 3, "call", "stands in row 2 already"),
    (lambda text: text.replace("sailing,", "call,sailing,").replace("\nN", "\nx,N").replace("\nF", "\nx,F"), 2, "call", "no number"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "row", "column", "hint"), FAULTS)
def test_a_fault_is_refused_with_its_place(toy: Scenario, tmp_path: Path, change: Change, row: int, column: str, hint: str) -> None:
    faults = read(toy, tmp_path, change(GOOD).encode())
    found = next(f for f in faults if (f.row, f.column) == (row, column))
    assert found.file == "today.csv"
    assert hint in found.text("en")
    assert found.remedy_zh
    assert found.zh


@pytest.mark.parametrize(("raw", "hint"), [(b"\x00\x01", "binary"), (b"\xff\xfe\x81", "neither UTF-8 nor GBK")])
def test_what_is_no_text_is_refused(toy: Scenario, tmp_path: Path, raw: bytes, hint: str) -> None:
    assert [hint in f.text("en") for f in read(toy, tmp_path, raw)] == [True]


def test_a_missing_file_and_an_unknown_service_are_told_together(toy: Scenario, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read_hand_timetable(toy, tmp_path / "no.csv", "summer-weekends")
    assert [(f.file, f.remedy_en) for f in caught.value.faults] == [
        ("--service", "did you mean summer-weekend?"),
        ("no.csv", "give a CSV file"),
    ]


def test_all_faults_are_told_at_once(toy: Scenario, tmp_path: Path) -> None:
    faults = read(toy, tmp_path, GOOD.replace("07:00", "7 o'clock").replace("far-t", "fern").encode())
    assert {f.column for f in faults} == {"departs", "port"}
    assert len([f for f in faults if f.column == "port"]) == 4

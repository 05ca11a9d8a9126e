"""Damaged input is refused with its place and a remedy in both languages, and nothing else happens."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from islandflow.errors import BadInput
from islandflow.scenario.reader import check_scenario, read_scenario


def cell(file: str, row: int, column: str, value: str) -> Callable[[Path], None]:
    """Puts a value into a cell (row = line of the file)."""

    def damage(folder: Path) -> None:
        with (folder / file).open(encoding="utf-8", newline="") as source:
            lines = list(csv.reader(source))
        lines[row - 1][lines[0].index(column)] = value
        with (folder / file).open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(lines)

    return damage


def raw(file: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Changes the bytes of a file."""
    return lambda folder: (folder / file).write_bytes(change((folder / file).read_bytes())) and None


CELLS = [
    ("ports.csv", 2, "berths", "两个"), ("ports.csv", 2, "berths", "-1"), ("ports.csv", 2, "berths", "0"), ("ports.csv", 2, "berths", "1.5"),
    ("ports.csv", 2, "berths", "NaN"), ("ports.csv", 2, "berths", "inf"), ("ports.csv", 2, "berths", ""), ("ports.csv", 2, "opens", "25:61"),
    ("ports.csv", 2, "closes", "25:10"), ("ports.csv", 2, "opens", "6"), ("ports.csv", 2, "opens", "06:0"), ("ports.csv", 2, "closes", "05:00"), ("ports.csv", 2, "lat", "95"),
    ("ports.csv", 2, "lat", "30°"), ("ports.csv", 2, "lon", "181"), ("ports.csv", 2, "role", "harbor"), ("ports.csv", 2, "island_id", "mian"),
    ("ports.csv", 2, "place_id", "nowhere"), ("ports.csv", 2, "port_id", "../../etc"), ("ports.csv", 2, "port_id", "a b"),
    ("ports.csv", 2, "longest_vessel_m", "50m"), ("ports.csv", 3, "port_id", "hub"), ("ports.csv", 2, "name_zh", "a\x07b"),
    ("vessels.csv", 2, "seats", "-60"), ("vessels.csv", 2, "seats", "sixty"), ("vessels.csv", 2, "speed_kn", "16kn"), ("vessels.csv", 2, "speed_kn", "0"),
    ("vessels.csv", 2, "speed_kn", "500"), ("vessels.csv", 2, "operator", "isle"), ("vessels.csv", 2, "home_port", "hubb"), ("vessels.csv", 2, "length_m", "60"),
    ("vessels.csv", 2, "count", "1e99"), ("vessels.csv", 2, "crew", "0"), ("vessels.csv", 3, "fleet_id", "big"), ("vessels.csv", 2, "day_cost_yuan", "1_000"),
    ("line_patterns.csv", 2, "calls", "hub"), ("line_patterns.csv", 2, "calls", "hub;hub"), ("line_patterns.csv", 2, "calls", "hub;nowhere"),
    ("line_patterns.csv", 2, "crossing_min", "0"), ("line_patterns.csv", 2, "days", "128"), ("line_patterns.csv", 2, "days", "11"),
    ("service_patterns.csv", 2, "service", "sumer"), ("service_patterns.csv", 2, "peak", "maybe"), ("calendar.csv", 2, "date", "2026-02-30"),
    ("calendar.csv", 3, "date", "2026-07-04"), ("calendar.csv", 2, "service", "weekday"), ("demand.csv", 2, "trips", "-1"), ("demand.csv", 2, "trips", "many"),
    ("demand.csv", 2, "from_place", "near"), ("demand.csv", 2, "to_place", "near-quay"), ("demand.csv", 2, "segment", "tourist"), ("demand.csv", 2, "profile", "out2"),
    ("time_profiles.csv", 2, "share", "0.9"), ("time_profiles.csv", 2, "share", "2"), ("obligations.csv", 2, "serves_port", "near-t"),
    ("obligations.csv", 2, "resident_seats_percent", "120"), ("obligations.csv", 2, "first_arrival_by", "9am"), ("land_links.csv", 2, "to_node", "nearly"),
    ("settings.csv", 2, "setting", "value_of_time"), ("settings.csv", 2, "value", "cheap"), ("sea_legs.csv", 2, "nm", "-7"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "row", "column", "value"), CELLS)
def test_a_wrong_cell_is_named_with_its_place(copy: Path, file: str, row: int, column: str, value: str) -> None:
    cell(file, row, column, value)(copy)
    faults = [f for f in check_scenario(copy) if not f.warning]
    assert faults
    own = [f for f in faults if f.file == file and (f.row == row or f.row == 0 or file == "time_profiles.csv")]
    assert own, [f.text("en") for f in faults]
    assert all(f.remedy_en and f.remedy_zh and f.en and f.zh for f in faults)
    with pytest.raises(BadInput):
        read_scenario(copy)


FILES = {
    "missing table": ("ports.csv", lambda f: (f / "ports.csv").unlink()),
    "missing toml": ("scenario.toml", lambda f: (f / "scenario.toml").unlink()),
    "broken toml": ("scenario.toml", raw("scenario.toml", lambda b: b + b"\nformat =")),
    "unknown toml key": ("scenario.toml", raw("scenario.toml", lambda b: b + b'\ncolour = "red"\n')),
    "later format": ("scenario.toml", raw("scenario.toml", lambda b: b.replace(b"format = 1", b"format = 9"))),
    "wrong toml type": ("scenario.toml", raw("scenario.toml", lambda b: b.replace(b"estimated = true", b'estimated = "yes"'))),
    "coastline missing": ("scenario.toml", raw("scenario.toml", lambda b: b + b'\ncoastline = "coast.geojson"\n')),
    "coastline a path": ("scenario.toml", raw("scenario.toml", lambda b: b + b'\ncoastline = "../x.geojson"\n')),
    "binary noise": ("ports.csv", raw("ports.csv", lambda b: bytes(range(256)) * 4)),
    "neither UTF-8 nor GBK": ("ports.csv", raw("ports.csv", lambda b: b + b"\xff\xff\xff\n")),
    "empty file": ("ports.csv", raw("ports.csv", lambda b: b"")),
    "header alone": ("ports.csv", raw("ports.csv", lambda b: b.splitlines(keepends=True)[0])),
    "ragged row": ("ports.csv", raw("ports.csv", lambda b: b.replace(b",2,50,2", b",2,50,2,9,9"))),
    "unknown column": ("ports.csv", raw("ports.csv", lambda b: b.replace(b"berths", b"bertsh", 1))),
    "required column missing": ("ports.csv", raw("ports.csv", lambda b: b.replace(b"longest_vessel_m", b"src_longest", 1))),
    "coastline no GeoJSON": (
        "scenario.toml",
        lambda f: ((f / "c.json").write_text('{"features": 5}'), raw("scenario.toml", lambda b: b + b'\ncoastline = "c.json"\n')(f)),
    ),
    "too many rows": ("demand.csv", raw("settings.csv", lambda b: b + b"most_rows,5,test\n")),
    "column twice": ("ports.csv", raw("ports.csv", lambda b: b.replace(b"name_en", b"name_zh", 1))),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_damaged_file_is_named(copy: Path, kind: str) -> None:
    file, damage = FILES[kind]
    damage(copy)
    faults = [f for f in check_scenario(copy) if not f.warning]
    assert any(f.file == file for f in faults), [f.text("en") for f in faults]


def test_all_faults_are_told_at_once(copy: Path) -> None:
    cell("ports.csv", 2, "berths", "x")(copy)
    cell("vessels.csv", 2, "seats", "-1")(copy)
    cell("demand.csv", 3, "profile", "none")(copy)
    assert {"ports.csv", "vessels.csv", "demand.csv"} <= {f.file for f in check_scenario(copy)}


def test_a_file_or_nothing_instead_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    for path in (tmp_path / "x", tmp_path / "y"):
        with pytest.raises(BadInput):
            read_scenario(path)


def test_a_message_names_the_nearest_known_name(copy: Path) -> None:
    cell("vessels.csv", 2, "home_port", "hubb")(copy)
    assert any("hub?" in f.text("en") and "第 2 行" in f.text("zh") for f in check_scenario(copy))


def test_form_is_forgiven(copy: Path) -> None:
    ports = (copy / "ports.csv").read_text(encoding="utf-8")
    wide = ports.replace("06:00", "\uff16\uff1a\uff10\uff10", 1).replace("\n", "\r\n")
    (copy / "ports.csv").write_bytes(b"\xef\xbb\xbf" + wide.encode())
    assert read_scenario(copy).ports["hub"].opens == 360
    assert not check_scenario(copy)


def test_gbk_is_read_with_a_notice(copy: Path) -> None:
    text = (copy / "ports.csv").read_text(encoding="utf-8")
    (copy / "ports.csv").write_bytes(text.encode("gbk"))
    assert [f.warning for f in check_scenario(copy)] == [True]
    assert read_scenario(copy).ports["hub"].name_zh == "枢纽港"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    noise=st.binary(max_size=60), where=st.floats(0, 1), file=st.sampled_from(["ports.csv", "demand.csv", "settings.csv", "scenario.toml"])
)
def test_noise_never_ends_in_anything_but_faults(copy: Path, noise: bytes, where: float, file: str) -> None:
    before = (copy / file).read_bytes()
    at = int(where * len(before))
    (copy / file).write_bytes(before[:at] + noise + before[at:])
    try:
        check_scenario(copy)
    finally:
        (copy / file).write_bytes(before)

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
from islandflow.scenario.schema import TABLES


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
    ("sea_legs.csv", 2, "nm", "6.1"), ("sea_legs.csv", 2, "nm", "1e9"), ("sea_legs.csv", 2, "nm", "inf"), ("sea_legs.csv", 2, "to_port", "hub"),
    ("land_links.csv", 2, "to_node", "village"), ("land_links.csv", 2, "minutes", "100000"), ("line_patterns.csv", 2, "crossing_min", "1"),
     ("line_patterns.csv", 2, "calls", ";".join(["hub", "near-t"] * 11)), ("line_patterns.csv", 2, "calls", "hub,near-t"),
    ("vessels.csv", 2, "day_cost_yuan", "3200元"), ("vessels.csv", 2, "day_cost_yuan", "3,200"),
    ("vessels.csv", 2, "seats", "1e12"), ("vessels.csv", 2, "count", "1000000"), ("ports.csv", 2, "opens", "06:00:30"), ("ports.csv", 2, "opens", "6:00 AM"),
    ("ports.csv", 2, "opens", "-06:00"), ("ports.csv", 2, "port_id", "=1+1"), ("ports.csv", 2, "port_id", "🚢"), ("calendar.csv", 2, "date", "04/07/2026"),
    ("calendar.csv", 2, "date", "2026年7月4日"), ("obligations.csv", 2, "hours_ashore", "99:00"), ("obligations.csv", 2, "resident_seats_percent", "20%"),
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
    "fields by tab": ("ports.csv", raw("ports.csv", lambda b: b.replace(b",", b"\t"))),
    "fields by semicolon": ("ports.csv", raw("ports.csv", lambda b: b.replace(b",", b";"))),
    "UTF-16": ("ports.csv", raw("ports.csv", lambda b: b.decode().encode("utf-16"))),
    "a huge field": ("ports.csv", raw("ports.csv", lambda b: b.replace(b"Hub", b"H" * 200_000, 1))),
    "a quote that stays open": ("ports.csv", raw("ports.csv", lambda b: b.replace(b"hub,", b'"hub,', 1))),
    "blank column name": ("ports.csv", raw("ports.csv", lambda b: b.replace(b"name_en", b"", 1))),
    "only a mark": ("ports.csv", raw("ports.csv", lambda b: b"\xef\xbb\xbf\n\n")),
    "a table that is a folder": ("ports.csv", lambda f: ((f / "ports.csv").unlink(), (f / "ports.csv").mkdir())),
    "a table under another name": ("obligation.csv", lambda f: (f / "obligations.csv").rename(f / "obligation.csv")),
    "one way told twice": ("sea_legs.csv", raw("sea_legs.csv", lambda b: b.rstrip() + b"\nnear-t,hub,9\n")),
    "toml nested deep": ("scenario.toml", raw("scenario.toml", lambda b: b + b"\nx = " + b"[" * 5000 + b"]" * 5000)),
    "true for a number": ("scenario.toml", raw("scenario.toml", lambda b: b.replace(b"format = 1", b"format = true"))),
    "column twice": ("ports.csv", raw("ports.csv", lambda b: b.replace(b"name_en", b"name_zh", 1))),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_damaged_file_is_named(copy: Path, kind: str) -> None:
    file, damage = FILES[kind]
    damage(copy)
    faults = [f for f in check_scenario(copy) if not f.warning]
    assert any(f.file == file for f in faults), [f.text("en") for f in faults]


def with_coast(folder: Path, text: str) -> None:
    (folder / "c.geojson").write_text(text, encoding="utf-8")
    raw("scenario.toml", lambda b: b + b'\ncoastline = "c.geojson"\n')(folder)


def feature(kind: str, coordinates: str) -> str:
    return f'{{"features": [{{"type": "Feature", "properties": {{}}, "geometry": {{"type": "{kind}", "coordinates": {coordinates}}}}}]}}'


RING = "[[122.4, 30], [122.5, 30.1], [122.6, 30], [122.4, 30]]"


@pytest.mark.parametrize("text", [
    "[" * 100_000, '{"features": ' + "[" * 5000 + "]" * 5000 + "}", "[1]", '{"features": []}', '{"features": [5]}', '{"features": [{"geometry": 1}]}',
    '{"features": [{"properties": {}}]}', feature("Point", "[122, 30]"), feature("Polygon", "[]"), feature("Polygon", "null"), feature("MultiPolygon", "3"),
    feature("Polygon", "[[[122, 30], [123, 30]]]"), feature("Polygon", f"[{RING.replace('122.4', 'NaN')}]"),
    feature("Polygon", f"[{RING.replace('122.4', 'null')}]"), feature("Polygon", f"[{RING.replace('30.1', '95')}]"),
])  # fmt: skip
def test_a_coastline_that_is_none_is_refused(copy: Path, text: str) -> None:
    with_coast(copy, text)
    faults = check_scenario(copy)
    assert faults
    assert {f.file for f in faults} <= {"scenario.toml", "c.geojson"}
    assert not any(f.warning for f in faults)


@pytest.mark.parametrize("text", [feature("Polygon", f"[{RING}]"), feature("MultiPolygon", f"[[{RING}]]")])
def test_a_sound_coastline_is_read(copy: Path, text: str) -> None:
    with_coast(copy, text)
    assert not check_scenario(copy)


@pytest.mark.parametrize("damage", [
    cell("ports.csv", 2, "berths", "two"), cell("ports.csv", 2, "port_id", "a b"), cell("islands.csv", 2, "residents", "-1"),
    cell("vessels.csv", 2, "seats", "-60"), cell("time_profiles.csv", 2, "hour", "30:00"), cell("demand.csv", 2, "trips", "many"),
    lambda f: (f / "ports.csv").unlink(), raw("ports.csv", lambda b: b""), raw("ports.csv", lambda b: b.replace(b",2,50,2", b",2,50", 1)),
    raw("service_patterns.csv", lambda b: b"\x00"), raw("vessels.csv", lambda b: b.splitlines(keepends=True)[0]),
])  # fmt: skip
def test_one_fault_is_told_once_not_wherever_the_row_is_named(copy: Path, damage: Callable[[Path], None]) -> None:
    damage(copy)
    assert len(check_scenario(copy)) == 1


def test_a_limit_of_the_sea_is_exact(copy: Path) -> None:
    """Hub and Near lie 6.24 nm apart, and miles are stated in tenths; 60 knots make 6.24 nm in 6.24 minutes."""
    for column, file, good, bad in (("nm", "sea_legs.csv", "6.2", "6.1"), ("crossing_min", "line_patterns.csv", "7", "6")):
        cell(file, 2, column, bad)(copy)
        assert [f.column for f in check_scenario(copy)] == [column]
        cell(file, 2, column, good)(copy)
        assert not check_scenario(copy)


def test_a_class_that_no_vessel_is_of_is_noticed(copy: Path) -> None:
    """No fault: who sells the last boat of a class may plan what is left."""
    cell("line_patterns.csv", 2, "classes", "car-fery;launch")(copy)
    assert [(f.warning, f.value, f.remedy_en) for f in check_scenario(copy)] == [(True, "car-fery", "did you mean car-ferry?")]


def test_a_table_that_nobody_reads_is_noticed(copy: Path) -> None:
    (copy / "notes.csv").write_text("x\n")
    assert [(f.file, f.warning) for f in check_scenario(copy)] == [("notes.csv", True)]


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


def test_form_is_forgiven_in_every_table(copy: Path) -> None:
    """Byte order mark, CRLF, full-width digits and colons, blanks around, an hour of one digit: the same scenario, not a word."""
    wide = str.maketrans({str(n): chr(0xFF10 + n) for n in range(10)} | {":": "\uff1a", ";": "\uff1b", "-": "\uff0d"})
    plain = read_scenario(copy)
    for table in TABLES:
        file = copy / f"{table.name}.csv"
        if not file.is_file():
            continue
        with file.open(encoding="utf-8", newline="") as source:
            header, *lines = list(csv.reader(source))
        kinds = {c.name: c.kind for c in table.columns}
        for line in lines:
            for n, name in enumerate(header):
                if kinds.get(name) == "clock":
                    line[n] = line[n].removeprefix("0")
                if kinds.get(name) in ("integer", "number", "clock", "duration", "date", "days"):
                    line[n] = f" {line[n].translate(wide)} "
        text = "".join(",".join(f'"{x}"' for x in line) + "\r\n" for line in [header, *lines])
        file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert not check_scenario(copy)
    read = read_scenario(copy)
    for field in ("islands", "places", "ports", "sea_legs", "land_links", "operators", "fleets", "lines", "services", "calendar", "demand",
                  "profiles", "obligations", "fares", "settings"):  # fmt: skip
        assert getattr(read, field) == getattr(plain, field), field


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

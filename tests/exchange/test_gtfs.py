"""The feed, read by programs that are not ours: a validator for its form, gtfs-kit for its dates."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from islandflow.exchange.gtfs import gtfs_tables, gtfs_zip
from islandflow.passengers.published import Published, version_of
from islandflow.scenario.entities import Scenario
from tests.passengers.plans import SATURDAY, SUNDAY, TUESDAY, plan_folder, toy_published

MONDAY = date(2026, 7, 6)


@pytest.fixture(scope="module")
def feed(toy: Scenario) -> Published:
    return toy_published(toy)


def rows(archive: bytes, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        return list(csv.DictReader(io.TextIOWrapper(found.open(f"{name}.txt"), encoding="utf-8", newline="")))


def test_a_validator_finds_no_error(feed: Published, tmp_path: Path) -> None:
    guru = pytest.importorskip("gtfs_guru", reason="gtfs-guru is not installed")
    file = tmp_path / "gtfs.zip"
    file.write_bytes(gtfs_zip(feed))
    assert [(n.code, n.file, n.row) for n in guru.validate(str(file)).errors()] == []


def test_the_validator_would_find_one(feed: Published, tmp_path: Path) -> None:
    guru = pytest.importorskip("gtfs_guru", reason="gtfs-guru is not installed")
    file = tmp_path / "gtfs.zip"
    with zipfile.ZipFile(io.BytesIO(gtfs_zip(feed))) as good, zipfile.ZipFile(file, "w") as bad:
        for name in good.namelist():
            bad.writestr(name, good.read(name).replace(b"08:30:00", b"07:30:00"))
    assert guru.validate(str(file)).errors()


def test_dates_agree_with_gtfs_kit(feed: Published, tmp_path: Path) -> None:
    kit = pytest.importorskip("gtfs_kit", reason="gtfs-kit is not installed")
    file = tmp_path / "gtfs.zip"
    file.write_bytes(gtfs_zip(feed))
    theirs = kit.read_feed(file, dist_units="km")
    for day in (SATURDAY, SUNDAY, MONDAY, TUESDAY):
        running = feed.running(day)
        ours = sorted(s.id for s in running.sailings) if running else []
        found = theirs.get_trips(date=f"{day:%Y%m%d}")
        assert sorted(t.partition(".")[2] for t in found["trip_id"]) == ours
    assert len(theirs.get_trips(date="20260704")) == 5
    assert len(theirs.get_trips(date="20260705")) == 4  # L2 sails on Tuesdays and Saturdays


def test_the_same_plan_gives_the_same_bytes(toy: Scenario, feed: Published) -> None:
    assert gtfs_zip(toy_published(toy)) == gtfs_zip(feed)


def test_a_changed_minute_changes_the_version(toy: Scenario) -> None:
    plan = feed_plan = toy_published(toy).plans
    moved = {k: plan_folder(v.scenario, k, v.plan.sailings[:-1]) for k, v in plan.items()}
    assert version_of(moved) != version_of(feed_plan)


def test_times_pass_midnight_and_blocks_follow_vessels(feed: Published) -> None:
    archive = gtfs_zip(feed)
    assert {r["route_type"] for r in rows(archive, "routes")} == {"4"}
    assert "24:20:00" in {r["arrival_time"] for r in rows(archive, "stop_times")}
    blocks = {r["trip_id"]: r["block_id"] for r in rows(archive, "trips")}
    assert blocks["summer-weekend.S1"] == blocks["summer-weekend.S2"] != blocks["summer-weekend.S3"]
    aboard = [(r["from_trip_id"], r["to_trip_id"]) for r in rows(archive, "transfers") if r["transfer_type"] == "5"]
    assert ("summer-weekend.S1", "summer-weekend.S2") in aboard


def test_transfers_hold_the_land_and_the_minimum_time(feed: Published) -> None:
    least = feed.scenario.whole("minimum_transfer_min")
    found = {
        (r["from_stop_id"], r["to_stop_id"]): r["min_transfer_time"] for r in gtfs_tables(feed)["transfers"] if r["transfer_type"] == 2
    }
    assert found["hub", "hub"] == 60 * least
    assert ("hub", "near-t") not in found


def test_every_name_has_its_english(feed: Published) -> None:
    archive = gtfs_zip(feed)
    english = {(r["table_name"], r["record_id"] or r["field_value"]) for r in rows(archive, "translations")}
    assert {("stops", r["stop_id"]) for r in rows(archive, "stops")} <= english
    assert {("routes", r["route_id"]) for r in rows(archive, "routes")} <= english
    assert {("agency", r["agency_id"]) for r in rows(archive, "agency")} <= english
    assert {("trips", r["trip_headsign"]) for r in rows(archive, "trips")} <= english

"""Timed buses in the feed: valid, boarded where they were planned to be, times between boat and bus kept, the same bytes for the same plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from islandflow.exchange.gtfs import gtfs_tables, gtfs_zip
from islandflow.passengers.bus_trips import BusTrip, Halt, later
from islandflow.passengers.buses import Buses
from islandflow.passengers.published import Published, published
from islandflow.scenario.entities import Road, Scenario, Settlement
from tests.exchange.test_gtfs import rows
from tests.passengers.plans import plan_folder, toy_published

OUT = BusTrip("near.R001", "van-01", (Halt("near-t", None, 514), Halt("beach", 524, None), Halt("village", 530, None)), 12, 7)
IN = BusTrip("near.R002", "van-01", (Halt("beach", None, 550), Halt("near-t", 560, None)), 12, 5)
LINE = BusTrip("near.K1.01", "bus-01", (Halt("near-t", None, 600), Halt("beach", 606, 607), Halt("village", 615, None)), line="K1", fare_fen=200)
BUSES = {"summer-weekend": Buses(("near",), (OUT, IN, LINE))}


@pytest.fixture(scope="module")
def feed(toy: Scenario) -> Published:
    homes = (Settlement("beach", "沙滩", "Beach", "near", "", 29.98, 122.14, 100), Settlement("village", "山村", "Hill village", "near", "village", 30.01, 122.13, 400))
    road = Road("r2", "near", "near-t", "beach", 30.0, 122.12, 29.98, 122.14, 1600, "local", 30.0)
    boats = toy_published(replace(toy, settlements={s.settlement_id: s for s in homes}, roads={"r2": road}))
    return published({k: plan_folder(boats.scenario, k, v.plan.sailings) for k, v in boats.plans.items()})


def test_a_validator_finds_no_error(feed: Published, tmp_path: Path) -> None:
    guru = pytest.importorskip("gtfs_guru", reason="gtfs-guru is not installed")
    file = tmp_path / "gtfs.zip"
    file.write_bytes(gtfs_zip(feed, buses=BUSES))
    assert [(n.code, n.file, n.row) for n in guru.validate(str(file)).errors()] == []


def test_the_same_buses_give_the_same_bytes_and_others_another_version(feed: Published) -> None:
    assert gtfs_zip(feed, buses=BUSES) == gtfs_zip(feed, buses={"summer-weekend": Buses(("near",), (OUT, IN, LINE))})
    versions = [rows(gtfs_zip(feed, buses=b), "feed_info")[0]["feed_version"] for b in (None, BUSES, _moved())]
    assert len(set(versions)) == 3
    assert all(v.startswith(feed.version) for v in versions)


def _moved() -> Mapping[str, Buses]:
    return {"summer-weekend": Buses(("near",), (later(OUT, 1), IN, LINE))}


def test_without_buses_the_feed_is_that_of_the_boats(feed: Published) -> None:
    assert gtfs_zip(feed, buses={}) == gtfs_zip(feed)
    with_them = gtfs_tables(feed, buses=BUSES)
    for name, boats in gtfs_tables(feed).items():
        if name != "feed_info":
            assert all(r in with_them[name] for r in boats), name


def test_people_board_and_alight_where_it_was_planned(feed: Published) -> None:
    archive = gtfs_zip(feed, buses=BUSES)
    assert {r["route_id"]: r["route_type"] for r in rows(archive, "routes") if r["route_id"].startswith("bus.")} == {"bus.near.near-t": "3", "bus.near.K1": "3"}
    trips = {r["trip_id"]: r for r in rows(archive, "trips")}
    assert (trips["summer-weekend.bus.near.R001"]["route_id"], trips["summer-weekend.bus.near.R002"]["route_id"]) == ("bus.near.near-t",) * 2
    assert (trips["summer-weekend.bus.near.R001"]["direction_id"], trips["summer-weekend.bus.near.R002"]["direction_id"]) == ("0", "1")
    times = [r for r in rows(archive, "stop_times") if ".bus." in r["trip_id"]]
    told = {(r["trip_id"].rpartition("near.")[2], r["stop_id"]): (r["arrival_time"], r["departure_time"], r["pickup_type"], r["drop_off_type"]) for r in times}
    assert told["R001", "bus.near-t"] == ("08:34:00", "08:34:00", "0", "1")
    assert told["R001", "bus.beach"] == ("08:44:00", "08:44:00", "1", "0")
    assert told["R002", "bus.beach"] == ("09:10:00", "09:10:00", "0", "1")
    assert told["K1.01", "bus.beach"] == ("10:06:00", "10:07:00", "0", "0")


def test_transfers_hold_the_time_between_boat_and_bus(feed: Published) -> None:
    """4 minutes from the boat to the bus, 10 from the bus to the boat, 20 minutes' walk to the beach besides."""
    found = {(r["from_stop_id"], r["to_stop_id"]): r["min_transfer_time"] for r in gtfs_tables(feed, buses=BUSES)["transfers"] if r["transfer_type"] == 2}
    assert found["near-t", "bus.near-t"] == 60 * 4
    assert found["bus.near-t", "near-t"] == 60 * 10
    assert found["bus.beach", "bus.beach"] == 60 * 4
    assert found["bus.beach", "near-t"] == 60 * (20 + 10)
    assert ("hub", "bus.beach") not in found
    assert found["near-t", "near-t"] == 60 * feed.scenario.whole("minimum_transfer_min")


def test_only_fares_that_are_known_are_told(feed: Published) -> None:
    archive = gtfs_zip(feed, buses=BUSES)
    assert [(r["fare_id"], r["route_id"]) for r in rows(archive, "fare_rules") if r["route_id"].startswith("bus.")] == [("buses.near.200", "bus.near.K1")]


def test_every_name_has_its_english_once(feed: Published) -> None:
    archive = gtfs_zip(feed, buses=BUSES)
    keys = [(r["table_name"], r["field_name"], r["record_id"] or r["field_value"]) for r in rows(archive, "translations")]
    assert len(keys) == len(set(keys))
    named = {(t, k) for t, _, k in keys}
    for table, column in (("stops", "stop_id"), ("routes", "route_id"), ("agency", "agency_id"), ("trips", "trip_headsign")):
        assert {(table, r[column]) for r in rows(archive, table)} <= named


def test_dates_agree_with_gtfs_kit(feed: Published, tmp_path: Path) -> None:
    kit = pytest.importorskip("gtfs_kit", reason="gtfs-kit is not installed")
    file = tmp_path / "gtfs.zip"
    file.write_bytes(gtfs_zip(feed, buses=BUSES))
    theirs = kit.read_feed(file, dist_units="km")
    for day in feed.calendar:
        found = [t for t in theirs.get_trips(date=f"{day.date:%Y%m%d}")["trip_id"] if ".bus." in t]
        assert len(found) == (3 if day.service == "summer-weekend" else 0)

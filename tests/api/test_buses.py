"""Journeys with the buses of a published plan, through interface and page: settlements by id, both languages, notices, damage."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.schemas import JourneysShape
from api.serve import bring_families, take_in
from islandflow.passengers.published import read_published
from tests.api.server import SATURDAY, client_of
from tests.shuttle.conftest import village_ferry, village_scenario  # noqa: F401  (fixtures)
from tests.shuttle.test_folder import folder  # noqa: F401  (a fixture: shuttles of the near island)

pytestmark = pytest.mark.slow  # a plan and its shuttles are made for it
Row = dict[str, Any]


@pytest.fixture(scope="module")
def plan(village_ferry: Path, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811
    both = tmp_path_factory.mktemp("both") / "plan"
    shutil.copytree(village_ferry, both)
    shutil.copytree(folder, both / "shuttles")
    return both


def served(home: Path, plan: Path) -> TestClient:
    """A server that has published the plan."""
    client = client_of(home)
    settings, store = client.app.state.settings, client.app.state.store  # type: ignore[attr-defined]
    found = read_published(plan)
    for service, one in found.plans.items():
        take_in(settings, store, f"plan-{service}", one)
        bring_families(one.folder, settings.plans / f"plan-{service}")
    store.publish(found.version, [f"plan-{s}" for s in found.plans], found.calendar[0].date, "")
    return client


@pytest.fixture(scope="module")
def server(plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with served(tmp_path_factory.mktemp("home"), plan) as client:
        yield client


def journeys(client: TestClient, **asked: Any) -> list[Row]:
    answer = client.get("/journeys", params={"date": SATURDAY, "lang": "en", **asked})
    assert answer.status_code == 200, answer.text
    JourneysShape.model_validate(answer.json())
    found: list[Row] = answer.json()["journeys"]
    return found


def test_a_settlement_is_a_place_to_ask_for(server: TestClient) -> None:
    found = journeys(server, **{"from": "beach", "to": "hub", "limit": 50})
    ridden = [j for j in found if j["buses"]]
    assert ridden
    (bus,) = [x for x in ridden[0]["legs"] if x["mode"] == "bus"]
    assert (bus["fromId"], bus["fromName"], bus["toId"]) == ("beach", "Beach", "near-t")
    assert bus["trip"].startswith("near.")
    assert bus["vehicle"].startswith("van-")
    assert (bus["seats"], bus["estimated"], bus["sailing"]) == (12, True, None)
    assert 0 < bus["planned"] <= 12
    boat = next(x for x in ridden[0]["legs"] if x["mode"] == "boat")
    assert bus["arrives"] < boat["departs"]
    assert ridden[0]["transfers"] == ridden[0]["boats"] + ridden[0]["buses"] - 1
    assert server.get("/journeys", params={"date": SATURDAY, "from": "beach", "to": "hub"}).json()["busIslands"] == ["near"]


def test_names_are_in_both_languages(server: TestClient) -> None:
    zh = [x["fromName"] for j in journeys(server, **{"from": "beach", "to": "hub", "lang": "zh"}) for x in j["legs"] if x["mode"] == "bus"]
    assert set(zh) == {"沙滩"}


def test_arrive_by_and_earliest_agree(server: TestClient) -> None:
    found = journeys(server, **{"from": "hub", "to": "beach", "limit": 200})
    first = journeys(server, **{"from": "hub", "to": "beach", "mode": "earliest"})
    assert first[0]["arrives"] == min(j["arrives"] for j in found)
    by = found[len(found) // 2]["arrives"]
    latest = journeys(server, **{"from": "hub", "to": "beach", "arrive_by": by[11:16], "limit": 200})
    assert [j for j in found if j["arrives"] <= by] == latest


def test_who_needs_longer_at_the_quay_misses_the_boat_after_a_bus_too(server: TestClient) -> None:
    usual = [j for j in journeys(server, **{"from": "beach", "to": "hub", "limit": 200}) if j["buses"]]
    slow = [j for j in journeys(server, **{"from": "beach", "to": "hub", "limit": 200, "check_in": 60}) if j["buses"]]
    assert len(slow) < len(usual)


def test_places_tell_the_settlements(server: TestClient) -> None:
    rows = {r["id"]: r for r in server.get("/places", params={"lang": "en"}).json()["items"]}
    assert rows["beach"] == {"id": "beach", "name": "Beach", "island": "near", "kind": "settlement", "lat": 29.98, "lon": 122.14}
    assert [r for r in rows if r == "village"] == ["village"]


def test_an_unknown_settlement_is_told_with_the_nearest(server: TestClient) -> None:
    answer = server.get("/journeys", params={"date": SATURDAY, "from": "beech", "to": "hub"})
    assert answer.status_code == 404
    assert "beach" in answer.json()["detail"]


def test_itineraries_and_boards_know_no_bus(server: TestClient) -> None:
    """Trips of visitors rest on boats and land links, as before."""
    wish = {"start": "hub", "date": SATURDAY, "days": 1, "stops": [{"place": "village", "worth": 5, "shortest": 30}]}
    told = server.post("/itineraries", json=wish)
    assert told.status_code == 200
    assert "bus" not in {x["mode"] for t in told.json()["trips"] for s in t["steps"] if s["kind"] == "move" for x in s["journey"]["legs"]}


def test_a_bus_waits_for_a_late_boat(server: TestClient) -> None:
    way = next(j for j in journeys(server, **{"from": "hub", "to": "beach", "limit": 200}) if j["buses"] and j["boats"] == 1)
    boat, bus = (next(x for x in way["legs"] if x["mode"] == m) for m in ("boat", "bus"))
    answer = server.post("/notices", json={"date": SATURDAY, "sailing": boat["sailing"], "kind": "delayed", "delayMin": 10})
    assert answer.status_code == 201, answer.text
    late = [j for j in journeys(server, **{"from": "hub", "to": "beach", "limit": 200}) if any(x["sailing"] == boat["sailing"] for x in j["legs"])]
    assert any(x.get("trip") == bus["trip"] for j in late for x in j["legs"])
    assert server.delete(f"/notices/{answer.json()['id']}").status_code in (200, 204)


def test_buses_put_there_later_are_seen_and_damaged_ones_left_out(plan: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    shutil.copytree(plan, bare, ignore=shutil.ignore_patterns("shuttles"))
    with served(tmp_path / "home", bare) as client:
        assert client.get("/journeys", params={"date": SATURDAY, "from": "beach", "to": "hub"}).status_code == 404
        target = next((tmp_path / "home").glob("**/plans/plan-*")) / "shuttles"
        target.mkdir()
        shutil.copy2(plan / "shuttles" / "plan.json", target)  # somebody copies by hand, and the server looks meanwhile
        assert client.get("/journeys", params={"date": SATURDAY, "from": "village", "to": "hub"}).json()["busIslands"] == []
        shutil.copytree(plan / "shuttles", target, dirs_exist_ok=True)
        assert any(j["buses"] for j in journeys(client, **{"from": "beach", "to": "hub"}))
        (target / "plan.json").write_text("{", encoding="utf-8")
        assert client.get("/journeys", params={"date": SATURDAY, "from": "village", "to": "hub"}).json()["busIslands"] == []


def test_the_feed_has_the_buses(server: TestClient) -> None:
    answer = server.get("/feeds/gtfs.zip", params={"date": SATURDAY})
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert "bus.near.near-t" in archive.read("routes.txt").decode()
        assert "bus.beach" in archive.read("stops.txt").decode()
    assert server.get("/feeds/gtfs.zip", params={"date": SATURDAY}).content == answer.content


@pytest.mark.parametrize(("lang", "words"), [("zh", ("沙滩", "van-0", "计划", "程车", "接驳车")), ("en", ("Beach", "van-0", "planned", "bus", "Islands whose buses"))])
def test_the_page_shows_the_bus_as_a_leg(server: TestClient, lang: str, words: tuple[str, ...]) -> None:
    page = server.get("/journeys/page", params={"date": SATURDAY, "from": "beach", "to": "hub", "lang": lang})
    assert page.status_code == 200
    assert all(w in page.text for w in words), page.text
    assert '<li class="bus">' in page.text
    assert '<option value="beach" selected>' in page.text


def test_the_page_without_a_question_asks(server: TestClient) -> None:
    for params in ({}, {"date": SATURDAY}, {"date": SATURDAY, "from": "beach"}):
        page = server.get("/journeys/page", params={"lang": "en", **params})
        assert page.status_code == 200
        assert "How to get there" in page.text
    assert server.get("/journeys/page", params={"from": "beech", "to": "hub", "date": SATURDAY}).status_code == 404
    none = server.get("/journeys/page", params={"from": "hub", "to": "far-t", "date": SATURDAY, "arrive_by": "00:10", "lang": "zh"})
    assert "没有走法" in none.text

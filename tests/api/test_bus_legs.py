"""Journeys with buses at both doors, on the three islands in memory: legs, names, the page, the feed. `test_buses.py` does it from a planned folder."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.schemas import JourneysShape
from islandflow.passengers.published import Published
from tests.api.server import SATURDAY, client_of
from tests.exchange.test_gtfs_buses import BUSES, feed  # noqa: F401  (a fixture: the toy with two villages on the near island)


@pytest.fixture
def client(feed: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:  # noqa: F811
    with client_of(tmp_path) as found:
        state = found.app.state.known  # type: ignore[attr-defined]
        monkeypatch.setattr(state, "published", lambda day: feed)
        monkeypatch.setattr(state, "buses_of", lambda plan: BUSES.get(plan.plan.service))
        yield found


def asked(client: TestClient, **query: Any) -> dict[str, Any]:
    answer = client.get("/journeys", params={"date": SATURDAY, "lang": "en", **query})
    assert answer.status_code == 200, answer.text
    JourneysShape.model_validate(answer.json())
    found: dict[str, Any] = answer.json()
    return found


def test_a_bus_leg_says_what_one_needs_to_find_it(client: TestClient) -> None:
    found = asked(client, **{"from": "hub", "to": "beach"})
    assert found["busIslands"] == ["near"]
    (way, *_) = found["journeys"]
    boat, bus = way["legs"]
    assert (boat["mode"], boat["sailing"], "trip" in boat) == ("boat", "S1", False)
    assert bus == {
        "mode": "bus", "fromId": "near-t", "fromName": "Near", "toId": "beach", "toName": "Beach", "departs": "2026-07-04T08:34+08:00",
        "arrives": "2026-07-04T08:44+08:00", "fareFen": 0, "sailing": None, "line": None, "vessel": None, "headwayMin": None, "trip": "near.R001",
        "vehicle": "van-01", "seats": 12, "planned": 7, "estimated": True,
    }  # fmt: skip
    assert (way["boats"], way["buses"], way["transfers"]) == (1, 1, 1)


def test_a_line_has_its_name_and_no_planned_people(client: TestClient) -> None:
    found = asked(client, **{"from": "beach", "to": "village", "depart_after": "10:00"})
    (bus,) = next(j for j in found["journeys"] if j["buses"])["legs"]
    assert (bus["line"], bus["planned"], bus["seats"], bus["fareFen"]) == ("K1", None, None, 200)


def test_a_day_of_another_pattern_has_no_bus(client: TestClient) -> None:
    assert asked(client, **{"from": "hub", "to": "village", "date": "2026-07-07"})["busIslands"] == []
    assert client.get("/journeys", params={"date": "2026-07-07", "from": "hub", "to": "beach"}).status_code == 404
    assert asked(client, **{"from": "hub", "to": "beach", "date": "2027-05-05"})["served"] is False


@pytest.mark.parametrize(("lang", "words"), [("zh", ("沙滩", "van-01", "计划 7 人", "1 程船、1 程车")), ("en", ("Beach", "van-01", "7 planned, 12 seats", "1 boat, 1 bus"))])
def test_the_page_shows_the_bus_as_a_leg(client: TestClient, lang: str, words: tuple[str, ...]) -> None:
    page = client.get("/journeys/page", params={"date": SATURDAY, "from": "hub", "to": "beach", "lang": lang})
    assert page.status_code == 200
    assert [w for w in words if w not in page.text] == []
    assert '<li class="bus">' in page.text
    assert '<option value="beach" selected>' in page.text


def test_the_feed_has_the_buses(client: TestClient) -> None:
    answer = client.get("/feeds/gtfs.zip", params={"date": SATURDAY})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert "bus.near.near-t" in archive.read("routes.txt").decode()

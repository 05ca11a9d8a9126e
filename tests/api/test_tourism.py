"""Boards, journeys, calendar, seats, fares and notices on what is published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.schemas import BoardShape, FigureShape, ItinerariesShape, JourneysShape
from tests.api.server import SATURDAY, WINTER, client_of, planned, publish, uploaded


@pytest.fixture
def own(tmp_path: Path) -> Iterator[TestClient]:
    """A server that a test may change."""
    with client_of(tmp_path) as client:
        publish(client, planned(client, uploaded(client)))
        yield client


def departures(client: TestClient, port: str = "hub", **query: object) -> list[dict[str, object]]:
    found = client.get(f"/ports/{port}/departures", params={"date": SATURDAY, "limit": 500, **query}).json()
    BoardShape.model_validate(found)
    items: list[dict[str, object]] = found["items"]
    return items


def test_a_board_holds_every_departure_of_the_plan(server: TestClient, plan: str) -> None:
    rows = server.get(f"/plans/{plan}/timetable", params={"limit": 500}).json()["items"]
    planned_times = sorted((f"{SATURDAY}T{r['departs']}+08:00", r["sailing"]) for r in rows if r["port"] == "hub" and r["departs"])
    assert sorted((d["planned"], d["sailing"]) for d in departures(server)) == planned_times
    arrivals = server.get("/ports/hub/arrivals", params={"date": SATURDAY, "limit": 500}).json()["items"]
    assert len(arrivals) == sum(r["port"] == "hub" and bool(r["arrives"]) for r in rows)


def test_after_and_cursors_cut_a_board_without_losing_a_boat(server: TestClient) -> None:
    whole = departures(server)
    middle = str(whole[len(whole) // 2]["planned"])[11:16]
    assert departures(server, after=middle) == [d for d in whole if str(d["planned"])[11:16] >= middle]
    got: list[object] = []
    cursor = ""
    while True:
        found = server.get("/ports/hub/departures", params={"date": SATURDAY, "limit": 2, "cursor": cursor}).json()
        got += found["items"]
        cursor = found["next"]
        if not cursor:
            break
    assert got == whole
    assert server.get("/ports/hub/departures", params={"date": SATURDAY, "cursor": "!!"}).json()["code"] == "cursor"


def test_names_come_in_the_language_asked_for(server: TestClient) -> None:
    zh, en = (server.get("/ports/hub/departures", params={"date": SATURDAY, "lang": x}).json()["name"] for x in ("zh", "en"))
    assert (zh, en) == ("枢纽港", "Hub")


def test_journeys_are_those_of_the_search(server: TestClient) -> None:
    found = server.get("/journeys", params={"from": "village", "to": "hub-quay", "date": SATURDAY}).json()
    shape = JourneysShape.model_validate(found)
    assert shape.journeys
    for j in shape.journeys:
        assert [x.mode for x in j.legs][:2] == ["land", "boat"]
        assert (j.legs[0].departs, j.legs[-1].arrives) == (j.departs, j.arrives)
    first = server.get("/journeys", params={"from": "village", "to": "hub-quay", "date": SATURDAY, "mode": "earliest"}).json()["journeys"]
    assert first[0]["arrives"] == min(j.arrives for j in shape.journeys)
    late = server.get("/journeys", params={"from": "village", "to": "hub-quay", "date": SATURDAY, "arrive_by": "12:00"}).json()["journeys"]
    assert all(j["arrives"] <= f"{SATURDAY}T12:00" for j in late)
    via = server.get("/journeys", params={"from": "hub", "to": "hub", "via": "near-t", "stay": 30, "date": SATURDAY}).json()["journeys"]
    assert via[0]["boats"] >= 2


def test_unknown_places_name_the_nearest(server: TestClient) -> None:
    found = server.get("/journeys", params={"from": "vilage", "to": "hub"}).json()
    assert (found["status"], found["code"]) == (404, "no-place")
    assert "village" in found["detail"]
    assert "village" in found["detailZh"]


def test_a_cancelled_sailing_stays_on_the_board_and_leaves_the_journeys(own: TestClient) -> None:
    way = own.get("/journeys", params={"from": "hub", "to": "near-t", "date": SATURDAY, "mode": "earliest"}).json()["journeys"][0]
    sailing = way["legs"][0]["sailing"]
    body = {"date": SATURDAY, "sailing": sailing, "kind": "cancelled", "textEn": "fog"}
    notice = own.post("/notices", json=body)
    assert notice.status_code == 201
    (item,) = [d for d in departures(own) if d["sailing"] == sailing]
    assert (item["status"], item["expected"]) == ("cancelled", None)
    leaves = str(item["planned"])[11:16]
    assert re.search(rf"{leaves} \S.* → .*{sailing}", own.get("/", params={"date": SATURDAY, "lang": "en"}).text)  # which boat, in a passenger's words
    after = own.get("/journeys", params={"from": "hub", "to": "near-t", "date": SATURDAY, "mode": "earliest"}).json()["journeys"]
    assert all(leg["sailing"] != sailing for j in after for leg in j["legs"])
    assert own.get("/notices", params={"from": SATURDAY, "to": SATURDAY, "lang": "en"}).json()["items"][0]["text"] == "fog"
    assert own.get(notice.headers["location"], params={"lang": "en"}).json()["text"] == "fog"
    assert own.delete(notice.headers["location"]).status_code == 204
    assert own.get(notice.headers["location"]).json()["code"] == "no-notice"
    assert own.get("/journeys", params={"from": "hub", "to": "near-t", "date": SATURDAY, "mode": "earliest"}).json()["journeys"] == [way]
    assert own.delete(notice.headers["location"]).status_code == 404


def test_a_late_sailing_is_planned_and_expected_apart(own: TestClient) -> None:
    sailing = str(departures(own)[0]["sailing"])
    own.post("/notices", json={"date": SATURDAY, "sailing": sailing, "kind": "delayed", "delayMin": 25})
    (item,) = [d for d in departures(own) if d["sailing"] == sailing]
    planned_at, expected = str(item["planned"]), str(item["expected"])
    assert int(expected[14:16]) - int(planned_at[14:16]) + 60 * (int(expected[11:13]) - int(planned_at[11:13])) == 25
    assert own.post("/notices", json={"date": WINTER, "sailing": sailing, "kind": "cancelled"}).json()["code"] == "no-sailing"


def test_seats_are_planned_until_a_ticket_system_says_more(own: TestClient) -> None:
    first = own.get("/seats", params={"date": SATURDAY, "limit": 1}).json()["items"][0]
    assert first["sold"] is None
    assert first["plannedLoadEstimated"] is True
    pushed = {"source": "tickets", "seats": [{"date": SATURDAY, "sailing": first["sailing"], "sold": 7, "quota": 10}]}
    assert own.put("/seats", json=pushed).status_code == 204
    assert own.put("/seats", json=pushed).status_code == 204
    now = own.get("/seats", params={"date": SATURDAY, "sailing": first["sailing"]}).json()["items"][0]
    assert (now["sold"], now["quota"], now["left"], now["source"]) == (7, 10, 3, "tickets")
    assert (
        own.put("/seats", json={"source": "x", "seats": [{"date": SATURDAY, "sailing": "S9999", "sold": 1}]}).json()["code"] == "no-sailing"
    )


def test_forecasts_are_kept(own: TestClient) -> None:
    rows = {"source": "office", "forecasts": [{"date": SATURDAY, "place": "far", "visitors": 120}]}
    assert own.put("/forecasts", json=rows).status_code == 204
    assert own.get("/forecasts", params={"date": SATURDAY}).json()["items"][0]["visitors"] == 120


def test_calendar_fares_lines_islands(server: TestClient) -> None:
    days = {d["date"]: d for d in server.get("/calendar").json()["items"]}
    assert days[SATURDAY]["published"] is True
    assert days[WINTER]["service"] == "winter-weekday"
    fares = server.get("/fares", params={"from": "hub", "to": "near-t"}).json()["items"]
    assert all(f["source"] == "estimated" and f["fareFen"] > 0 for f in fares)
    assert {x["id"] for x in server.get("/lines").json()["items"]} == {"L1", "L2", "L3"}
    near = next(i for i in server.get("/islands").json()["items"] if i["id"] == "near")
    assert near["ports"] == ["near-t"]
    assert {p["id"] for p in server.get("/places").json()["items"]} >= {"village", "hub-quay"}


def test_every_view_comes_as_json_and_as_a_page(server: TestClient, plan: str) -> None:
    from islandflow.views.gallery import NAMES

    for name in NAMES:
        for lang in ("zh", "en"):
            answer = server.get(f"/plans/{plan}/figures/{name}", params={"lang": lang})
            shape = FigureShape.model_validate(answer.json())
            assert shape.figure["data"] or not shape.table["rows"]
            again = server.get(f"/plans/{plan}/figures/{name}", params={"lang": lang}, headers={"If-None-Match": answer.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")
            page = server.get(f"/plans/{plan}/figures/{name}/page", params={"lang": lang}).text
            assert shape.title in page
            assert "<table>" in page
            assert "http" not in page.replace("hreflang", "")
    assert server.get(f"/plans/{plan}/figures/nothing").json()["code"] == "no-view"
    assert server.get(f"/plans/{plan}/figures/map", params={"port": "hubb"}).json()["code"] == "faults"


def test_the_feed_is_the_published_plan(server: TestClient) -> None:
    one, two = (server.get("/feeds/gtfs.zip", params={"date": SATURDAY}) for _ in range(2))
    assert one.content == two.content
    assert one.content.startswith(b"PK")
    assert one.headers["x-plan-version"] == server.get("/ports").json()["planVersion"]


def test_timetable_pages_show_every_boat(server: TestClient) -> None:
    for lang in ("zh", "en"):
        page = server.get("/timetables/ports/hub", params={"date": SATURDAY, "lang": lang}).text
        for item in departures(server):
            assert str(item["planned"])[11:16] in page
        assert server.get("/timetables/lines/L1", params={"date": SATURDAY, "lang": lang}).status_code == 200
        home = server.get("/", params={"date": SATURDAY, "lang": lang}).text
        assert f"/timetables/ports/hub?date={SATURDAY}" in home.replace("&amp;", "&")
        for text in (page, home):
            assert f'type="date" name="date" value="{SATURDAY}"' in text
            assert "date=2026-07-03" in text  # the day before
            assert "date=2026-07-05" in text
    assert server.get("/timetables/ports/hub", params={"date": "2026-07-06"}).json()["code"] == "not-served"


def test_trips_keep_their_promise_and_say_what_to_do_if_a_boat_is_missed(server: TestClient) -> None:
    stops = [{"place": "near-quay", "worth": 5, "shortest": 60}, {"place": "far-quay", "worth": 3, "shortest": 60}]
    body = {"start": "hub-quay", "date": SATURDAY, "stops": stops, "homeBy": "19:30", "party": 2}
    found = server.post("/itineraries", json=body, params={"lang": "en"}).json()
    ItinerariesShape.model_validate(found)
    assert found["status"] == "optimal"
    trip = found["trips"][0]
    assert trip["worth"] == found["bound"]
    assert trip["proven"] is True
    assert trip["homeAt"] <= f"{SATURDAY}T19:30+08:00"
    boats = [leg for s in trip["steps"] if s["kind"] == "move" for leg in s["journey"]["legs"] if leg["mode"] == "boat"]
    assert boats
    for leg in boats:
        instead = leg["ifMissed"]["instead"]
        assert instead is None or instead["legs"][0]["departs"] > leg["departs"]
    assert "no trip" in trip["why"]
    again = server.post("/itineraries", json=body, params={"lang": "en"}).json()
    assert again == found


def test_a_trip_without_stops_takes_the_islands_and_says_that_they_are_estimates(server: TestClient) -> None:
    found = server.post("/itineraries", json={"start": "hub-quay", "date": SATURDAY, "days": 2}).json()
    assert found["trips"][0]["stopsEstimated"] is True
    assert any(s["kind"] == "night" for t in found["trips"] for s in t["steps"]) or found["trips"][0]["worth"] == found["bound"]
    assert server.post("/itineraries", json={"start": "hub-quay", "date": "2026-07-06"}).json()["served"] is False
    assert server.post("/itineraries", json={"start": "nowhere", "date": SATURDAY}).json()["code"] == "no-place"
    wrong = {"start": "hub-quay", "date": SATURDAY, "stops": [{"place": "near-quay", "worth": 1, "opens": "25:99"}]}
    assert server.post("/itineraries", json=wrong).json()["code"] == "time"
    twice = {"start": "hub-quay", "date": SATURDAY, "stops": [{"place": "near-quay", "worth": 1}] * 2}
    assert server.post("/itineraries", json=twice).json()["code"] == "wish"

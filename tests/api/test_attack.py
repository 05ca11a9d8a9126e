"""What a caller may send to break something: addresses, headers, texts and dates as odd as they come are answered, never with a 5xx."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.codes import CODES
from tests.api.server import QUICK, SATURDAY, client_of, uploaded

API = Path(__file__).resolve().parents[2] / "api"


@pytest.mark.parametrize(
    "path",
    [
        "/plans/%00", "/plans/a%00b/timetable", "/plans/compare?a=%00&b=%00", "/scenarios/%00", "/ports/%00/departures", "/islands?cursor=%00", "/plans?status=%00",
        "/plans/%F0%9F%9A%A2", "/plans/%ED%A0%80", "/plans/%FF%FE", "/plans/..%2f..%2fetc%2fpasswd", "/static/..%2f..%2fsettings.py", "/static/site.css%00.png",
        "/plans/" + "x" * 5000, "/ports/" + "%E6%B8%AF" * 500 + "/departures", "/journeys?from=" + "a" * 64 + "&to=%EF%BC%90", "/islands?cursor=" + "9" * 200,
        "/islands?cursor=LTE", "/islands?cursor=%F0%9F%9A%A2", "/islands?limit=99999999999999999999", "/calendar?from=0001-01-01&to=9999-12-31",
        "/notices?from=0001-01-01&to=9999-12-31", "/forecasts?date=9999-12-31", "/seats?date=0001-01-01", f"/journeys?from=hub&to=near-t&date={SATURDAY}&depart_after=99:99",
        f"/journeys?from=hub&to=near-t&date={SATURDAY}&arrive_by=47:59&via=hub&via=near-t&stay=1440", "/ports/hub/departures?date=2026-02-30", "/ports/hub/departures?after=%2B7:00",
        "/publications/99999999999999999999999", "/publications/-1", "/timetables/ports/hub?date=9999-12-31", "/timetables/lines/%2B?date=2026-07-04", "/?date=9999-12-31", "/?lang=%00",
    ],
)  # fmt: skip
def test_odd_addresses_are_answered(server: TestClient, path: str) -> None:
    answer = server.get(path)
    assert answer.status_code < 500, answer.text[:300]
    if answer.status_code >= 400:
        assert answer.json()["code"] in CODES


@pytest.mark.parametrize("seq", ["99999999999999999999", "-1", "１２", "0x10", "", "1e3"])
def test_any_last_event_id_is_taken(server: TestClient, plan: str, seq: str) -> None:
    answer = server.get(f"/plans/{plan}/events", headers={"Last-Event-ID": seq.encode()})
    assert answer.status_code == 200
    assert answer.text.startswith("retry:")
    assert server.get(f"/plans/{plan}/events", params={"after": 10**30}).status_code == 422


@pytest.mark.parametrize("body", [
    {"start": "hub", "date": "9999-12-31", "days": 3}, {"start": "hub", "date": SATURDAY, "stops": [{"place": "\u0000", "worth": 1}]},
    {"start": "🚢", "date": SATURDAY}, {"start": "hub", "date": SATURDAY, "homeBy": "٠٩:٠٠"}, {"start": "hub", "date": SATURDAY, "leaveAfter": "23:59", "homeBy": "00:00"},
    {"start": "hub", "date": SATURDAY, "stops": [{"place": "near-t", "worth": 1, "opens": "24:00", "closes": "00:00"}]}, {"start": "hub", "date": SATURDAY, "beds": {"nowhere": 1}},
])  # fmt: skip
def test_odd_wishes_are_answered(server: TestClient, body: dict[str, object]) -> None:
    answer = server.post("/itineraries", json=body)
    assert answer.status_code < 500, answer.text[:300]


@pytest.mark.parametrize(("query", "why"), [
    ("lang=fr", "query.lang: 格式应为 ^(zh|en|zh-CN)$"), ("limit=0", "query.limit: 应不小于 1"), ("limit=501", "query.limit: 应不大于 500"), ("limit=x", "query.limit: 应为整数"),
    ("date=2026-02-30", "query.date: 应为日期,如 2026-07-04"), ("cursor=" + "a" * 201, "query.cursor: 最多 200 个字符"),
])  # fmt: skip
def test_a_query_is_refused_in_both_languages(server: TestClient, query: str, why: str) -> None:
    found = server.get(f"/ports/hub/departures?{query}").json()
    assert found["detailZh"] == f"请求参数有误:{why}"
    assert found["errors"][0]["messageZh"] in why
    assert found["errors"][0]["message"] in found["detail"]


def test_a_body_is_refused_in_both_languages_with_every_fault(server: TestClient) -> None:
    found = server.post("/itineraries", json={"start": "hub", "days": 9, "budget": 1, "stops": [{"place": "x"}]}).json()
    told = {f["where"]: f["messageZh"] for f in found["errors"]}
    assert told == {"body.date": "缺少此项", "body.days": "应不大于 3", "body.budget": "没有此项,请核对名称", "body.stops.0.worth": "缺少此项"}


def test_a_wish_that_cannot_be_is_refused_in_both_languages(server: TestClient) -> None:
    for stop, zh in (({"worth": 1}, "每处只能列一次"), ({"worth": 1, "shortest": 60, "longest": 30}, "最长停留 30 分短于最短停留 60 分")):
        found = server.post("/itineraries", json={"start": "hub", "date": SATURDAY, "stops": [{"place": "near-t", **stop}] * 2}).json()
        assert (found["status"], found["code"]) == (422, "wish")
        assert zh in found["detailZh"]
        assert not set("每处最长") & set(found["detail"])


@pytest.mark.parametrize("day", ["1900-01-01", "1999-12-31", "2101-01-01", "9999-12-31"])
def test_nothing_is_published_for_a_date_that_no_calendar_has(server: TestClient, plan: str, day: str) -> None:
    before = server.get("/publications").json()
    answer = server.post("/publications", json={"plans": [plan], "effectiveFrom": day})
    assert (answer.status_code, answer.json()["code"]) == (422, "date")
    assert server.get("/publications").json() == before


def test_texts_that_no_database_takes_are_refused(server: TestClient, plan: str) -> None:
    head = {"Content-Type": "application/json"}
    for raw in (b'{"plans": ["\\ud800"]}', b'{"plans": ["\\u0000"]}', b'{"plans": ["x"], "note": "\\u0000"}', b"\xff\xfe", b"[" * 100_000, b'{"plans": 1e999}', b"null", b""):
        answer = server.post("/publications", content=raw, headers=head)
        assert 400 <= answer.status_code < 500, raw[:30]
        assert answer.headers["content-type"] == "application/problem+json"
    for service in ("a\u0000b", "\u202e", "x" * 65):
        form = {"scenario": "none", "service": service}
        assert server.post("/audits", data=form, files={"file": ("t.csv", b"a,b\n")}).status_code == 422


def test_a_timetable_handed_in_as_anything_is_faults_not_a_crash(server: TestClient) -> None:
    scenario = server.get("/scenarios").json()["items"][0]["id"]
    form = {"scenario": scenario, "service": "summer-weekend"}
    for content in (b"", b"\x00" * 1000, b"PK\x03\x04", b"sailing,line,vessel,port,arrives,departs\n\xff\xfe", b"sailing\n" + b"x," * 100_000):
        answer = server.post("/audits", data=form, files={"file": ("../../t.csv", content)})
        assert (answer.status_code, answer.json()["code"]) == (422, "faults"), answer.text[:200]


def test_the_head_alone_is_that_of_the_answer(server: TestClient) -> None:
    whole = server.get("/islands")
    head = server.head("/islands")
    assert (head.status_code, head.headers["etag"]) == (200, whole.headers["etag"])
    assert server.head("/islands", headers={"If-None-Match": whole.headers["etag"]}).status_code == 304
    assert server.head("/nothing").status_code == 404


def test_one_key_sent_by_many_at_once_starts_one_plan(tmp_path: Path) -> None:
    with client_of(tmp_path) as client:
        body = {"scenario": uploaded(client), "service": "summer-weekend", "settings": QUICK}
        found: list[str] = []

        def send() -> None:
            answer = client.post("/plans", json=body, headers={"Idempotency-Key": "same"})
            found.append(answer.headers.get("location", str(answer.status_code)))

        threads = [threading.Thread(target=send) for _ in range(12)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        assert len(set(found)) == 1, set(found)
        assert found[0].startswith("/plans/")
        assert len(client.get("/plans").json()["items"]) == 1


def test_who_follows_plans_by_the_hundred_is_told_to_come_again(server: TestClient, plan: str) -> None:
    state = server.app.state  # type: ignore[attr-defined]
    from api.routes.plans import MOST_STREAMS

    state.streams = MOST_STREAMS
    try:
        answer = server.get(f"/plans/{plan}/events")
        assert (answer.status_code, answer.json()["code"]) == (503, "busy")
        assert int(answer.headers["retry-after"]) > 0
    finally:
        state.streams = 0
    assert server.get(f"/plans/{plan}/events").status_code == 200
    assert state.streams == 0  # whoever has gone is not counted


def test_every_code_of_an_error_is_explained(server: TestClient) -> None:
    text = "\n".join(f.read_text(encoding="utf-8") for f in API.rglob("*.py") if f.name != "codes.py")
    found = set(re.findall(r'[pP]roblem\(\s*\d{3},\s*"([a-z-]+)"', text))
    found |= {f"no-{what}" for what in re.findall(r'known\([^"]*"([a-z]+)"', text)} | {f"foreign-{x}" for x in ("host", "origin")}
    assert found <= set(CODES), found - set(CODES)
    for lang, number in (("zh", 0), ("en", 1)):
        page = server.get("/docs/problems", params={"lang": lang}).text
        for code in CODES:
            assert f'id="{code}"' in page
        assert CODES["ended"][number][:20] in page
    address = server.get("/plans/none").json()["type"]
    assert server.get(address.partition("#")[0]).status_code == 200


def test_moments_have_the_zone_of_the_islands(server: TestClient, plan: str) -> None:
    found = server.get(f"/plans/{plan}").json()
    rows = [found["created"], found["started"], found["finished"], server.get("/scenarios").json()["items"][0]["created"], server.get("/publications").json()["items"][0]["created"]]
    assert all(x.endswith("+08:00") for x in rows), rows

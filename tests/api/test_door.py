"""The door itself: problems, keys and scopes, limits, uploads, headers, OpenAPI, backup."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from fastapi.testclient import TestClient

from api.backup import read_backup, write_backup
from api.security import RateLimit, new_key
from api.settings import ServerSettings, server_settings
from api.store import open_database, upgrade
from api.tables import metadata
from tests.api.server import SATURDAY, client_of, planned, publish, toy_zip, uploaded

ROOT = Path(__file__).resolve().parents[2]


def keyed(tmp_path: Path, **settings: object) -> tuple[TestClient, dict[str, dict[str, str]]]:
    """A server that asks for keys, and the headers of one key of each scope."""
    client = client_of(tmp_path, auth="keys", **settings)
    store = client.app.state.store  # type: ignore[attr-defined]
    return client, {s: {"Authorization": f"Bearer {new_key(store, s, s)[1]}"} for s in ("read", "plan", "admin")}


def test_scopes_401_and_403_apart(tmp_path: Path) -> None:
    client, keys = keyed(tmp_path)
    with client:
        assert (client.get("/plans").status_code, client.get("/plans", headers=keys["read"]).status_code) == (401, 200)
        assert client.get("/plans").headers["www-authenticate"] == "Bearer"
        assert client.post("/plans", json={}, headers=keys["read"]).status_code == 403
        assert client.get("/keys", headers=keys["plan"]).json()["code"] == "scope"
        assert client.get("/plans", headers={"X-Api-Key": "isf_wrong"}).json()["code"] == "key"
        assert client.get("/islands").json()["code"] == "nothing-published"  # the tourism side asks for no key
        assert client.get("/plans", headers=keys["read"]).headers["cache-control"] == "private, no-cache"


def test_keys_expire_and_are_revoked_and_never_told_again(tmp_path: Path) -> None:
    client, keys = keyed(tmp_path)
    with client:
        old = client.post("/keys", json={"name": "old", "scope": "read", "expires": "2020-01-01"}, headers=keys["admin"]).json()
        assert client.get("/plans", headers={"X-Api-Key": old["secret"]}).json()["code"] == "key-expired"
        new = client.post("/keys", json={"name": "new", "scope": "read"}, headers=keys["admin"]).json()
        assert client.get("/plans", headers={"X-Api-Key": new["secret"]}).status_code == 200
        assert client.delete(f"/keys/{new['id']}", headers=keys["admin"]).status_code == 204
        assert client.get("/plans", headers={"X-Api-Key": new["secret"]}).status_code == 401
        listed = client.get("/keys", headers=keys["admin"]).text
        assert new["secret"] not in listed
    assert new["secret"].encode() not in (tmp_path / "islandflow.db").read_bytes()


@pytest.mark.parametrize(("asked", "allowed"), [(3, 3), (4, 3)])
def test_the_rate_limit_is_exact(asked: int, allowed: int) -> None:
    limit = RateLimit(rate=60, burst=3)
    assert sum(limit.wait("a", 100.0) == 0 for _ in range(asked)) == allowed
    assert limit.wait("b", 100.0) == 0
    assert limit.wait("a", 101.0) == 0 if asked == 4 else True


def test_too_many_requests_are_told_when_to_come_back(tmp_path: Path) -> None:
    client, _ = keyed(tmp_path, rate=6, burst=2)
    with client:
        answers = [client.get("/lines") for _ in range(3)]
        assert [a.status_code for a in answers] == [404, 404, 429]
        assert int(answers[2].headers["retry-after"]) >= 1
        assert client.get("/healthz").status_code == 200


def test_guessing_keys_does_not_evade_the_rate_limit(tmp_path: Path) -> None:
    client, keys = keyed(tmp_path, rate=6, burst=3)
    with client:
        guesses = [client.get("/plans", headers={"X-Api-Key": f"isf_{n}"}).status_code for n in range(5)]
        assert guesses == [401, 401, 401, 429, 429]
    client, keys = keyed(tmp_path / "other", rate=6, burst=3)
    with client:
        known = [client.get("/plans", headers=keys["read"]).status_code for _ in range(5)]
        # the first comes by address, then the key has a bucket of its own
        assert known == [200, 200, 200, 200, 429]


def test_a_local_server_takes_no_requests_from_foreign_pages(server: TestClient) -> None:
    assert server.get("/healthz", headers={"Host": "evil.example"}).json()["code"] == "foreign-host"
    assert server.post("/plans", json={}, headers={"Origin": "http://evil.example"}).json()["code"] == "foreign-origin"
    assert server.get("/islands", headers={"Origin": "http://elsewhere.example"}).headers["access-control-allow-origin"] == "*"


def test_a_large_body_is_refused_stated_or_not(tmp_path: Path) -> None:
    with client_of(tmp_path, body_mb=1) as client:
        for content in (b"x" * 1_000_001, iter([b"x" * 600_000, b"x" * 600_000])):
            answer = client.post("/plans", content=content, headers={"Content-Type": "application/json"})
            assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_headers_ids_and_etags(server: TestClient) -> None:
    answer = server.get("/islands", headers={"X-Request-Id": "abc-1"})
    assert answer.headers["x-request-id"] == "abc-1"
    assert len(server.get("/islands", headers={"X-Request-Id": "bad id\x7f"}).headers["x-request-id"]) == 32
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    again = server.get("/islands", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert server.get("/places", headers={"Accept-Encoding": "gzip"}).status_code == 200


def test_metrics_and_probes(server: TestClient) -> None:
    server.get("/islands")
    text = server.get("/metrics").text
    assert 'islandflow_requests_total{method="GET",route="/islands",status="200"}' in text
    assert 'islandflow_plans{status="succeeded"} 2.0' in text
    assert server.get("/readyz").json() == {"status": "ready"}


@pytest.mark.parametrize(
    "path", ["/nothing", "/plans/none", "/scenarios/none", "/publications/99", "/ports/none/departures", "/static/none.js"]
)
def test_all_errors_are_problems(server: TestClient, path: str) -> None:
    answer = server.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "code", "detail", "detailZh"} <= answer.json().keys()


def test_an_upload_is_known_by_its_hash(tmp_path: Path) -> None:
    with client_of(tmp_path) as client:
        beside = io.BytesIO(toy_zip("toy/"))
        with zipfile.ZipFile(beside, "a") as archive:  # as whoever packs the whole folder sends it
            archive.writestr("toy/as_run/summer-weekend.csv", (ROOT / "data" / "toy" / "as_run" / "summer-weekend.csv").read_bytes())
        given = [toy_zip(), toy_zip("toy/"), beside.getvalue()]
        answers = [client.post("/scenarios", files={"file": ("t.zip", data, "application/zip")}) for data in given]
        assert [a.status_code for a in answers] == [201, 200, 200]
        assert answers[0].json()["id"] == answers[1].json()["id"]
        found = client.get(f"/scenarios/{answers[0].json()['id']}").json()
        assert found["sizes"]["ports"] == 3
        assert found["estimated"] is True


def test_a_workbook_is_the_same_scenario(tmp_path: Path) -> None:
    from islandflow.exchange.excel import export_scenario

    book = tmp_path / "toy.xlsx"
    export_scenario(ROOT / "data" / "toy", book)
    with client_of(tmp_path / "home") as client:
        answer = client.post("/scenarios", files={"file": ("toy.xlsx", book.read_bytes(), "application/octet-stream")})
        assert answer.status_code == 201, answer.text
        assert client.get(f"/scenarios/{answer.json()['id']}").json()["sizes"]["ports"] == 3


def test_faults_of_an_upload_are_those_of_check(tmp_path: Path) -> None:
    from islandflow.scenario.reader import check_scenario
    from tests.api.server import TOY

    ports = (TOY / "ports.csv").read_bytes().replace(b",2,50,", "，两个,50,".encode().replace("，".encode(), b","))
    with client_of(tmp_path) as client:
        answer = client.post("/scenarios", files={"file": ("t.zip", toy_zip(ports=ports), "application/zip")})
        found = answer.json()
        assert (answer.status_code, found["code"]) == (422, "faults")
        assert (found["faults"][0]["file"], found["faults"][0]["column"], found["faults"][0]["value"]) == ("ports.csv", "berths", "两个")
        assert client.get("/scenarios").json()["items"] == []
    folder = tmp_path / "same"
    folder.mkdir()
    with zipfile.ZipFile(io.BytesIO(toy_zip(ports=ports))) as archive:
        archive.extractall(folder)
    assert [f["message"] for f in found["faults"]] == [f.text("en") for f in check_scenario(folder)]


def _zip(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


def _link() -> zipfile.ZipInfo:
    found = zipfile.ZipInfo("ports.csv")
    found.external_attr = (stat.S_IFLNK | 0o777) << 16
    return found


def _spoilt(mark: bytes, **at: bytes) -> bytes:
    """An archive with some bytes of its directory changed, by their place after the last ``mark``."""
    data = bytearray(_zip(("ports.csv", b"x")))
    begin = data.rindex(mark)
    for place, value in at.items():
        data[begin + int(place[1:]) : begin + int(place[1:]) + len(value)] = value
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"hello", 422, "no-archive"),
        (b"PK\x03\x04broken", 422, "no-archive"),
        (_spoilt(b"PK\x01\x02", _6=b"\x63"), 422, "no-archive"),  # a version of the format that is not known
        (_spoilt(b"PK\x01\x02", _9=b"\x08", _46=b"\xff"), 422, "no-archive"),  # a name that says it is UTF-8 and is not
        (_spoilt(b"PK\x05\x06", _16=b"\xff\xff"), 422, "no-archive"),  # a member said to lie before the file
        (_zip(("../ports.csv", b"x")), 422, "archive-path"),
        (_zip(("/etc/ports.csv", b"x")), 422, "archive-path"),
        (_zip(("a\\ports.csv", b"x")), 422, "archive-path"),
        (_zip(("a/b/ports.csv", b"x")), 422, "archive-path"),
        (_zip(("run.sh", b"x")), 422, "archive-file"),
        (_zip((_link(), b"/etc/passwd")), 422, "archive-file"),
        (_zip(("a/ports.csv", b"x"), ("b/ports.csv", b"x")), 422, "archive-file"),
        (_zip(("ports.csv", b"0" * 3_000_000)), 413, "archive-too-large"),
        (_zip(*((f"{n}.csv", b"") for n in range(65))), 413, "archive-too-large"),
        (_zip(("ports.csv", b"x")), 422, "faults"),
        (_zip(("xl/workbook.xml", b"0" * 3_000_000)), 413, "archive-too-large"),
    ],
)
def test_hostile_uploads_are_refused_and_leave_nothing(tmp_path: Path, data: bytes, status: int, code: str) -> None:
    with client_of(tmp_path, zip_mb=2) as client:
        answer = client.post("/scenarios", files={"file": ("t.zip", data, "application/zip")})
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert list((tmp_path / "scenarios").glob("**/*")) == []
    assert not (tmp_path.parent / "ports.csv").exists()


def test_an_archive_that_lies_about_its_size_is_stopped(tmp_path: Path) -> None:
    data = bytearray(_zip(("ports.csv", b"0" * 3_000_000)))
    central = data.rindex(b"PK\x01\x02")
    data[central + 24 : central + 28] = (10).to_bytes(4, "little")  # the stated size
    with client_of(tmp_path, zip_mb=2) as client:
        answer = client.post("/scenarios", files={"file": ("t.zip", bytes(data), "application/zip")})
        assert answer.status_code in (413, 422)
    assert list((tmp_path / "scenarios").glob("**/*")) == []


def test_a_timetable_handed_in_is_judged(server: TestClient, plan: str) -> None:
    scenario = server.get("/scenarios").json()["items"][0]["id"]
    table = server.get(f"/plans/{plan}/tables/timetable", params={"format": "csv"}).content
    given = {"scenario": scenario, "service": "summer-weekend"}
    found = server.post("/audits", data=given, files={"file": ("t.csv", table)}).json()
    assert found["clean"] is True
    wrong = server.post("/audits", data=given, files={"file": ("t.csv", table.replace(b":00,", b":xx,", 1))})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "faults")
    assert server.post("/audits", data=given | {"service": "x"}, files={"file": ("t.csv", table)}).json()["code"] == "faults"


def test_the_committed_openapi_is_what_the_server_says(server: TestClient) -> None:
    said = server.get("/openapi.json").json()
    assert json.loads((ROOT / "openapi.json").read_text(encoding="utf-8")) == said, "run python -m api.openapi"
    operations = [o for path in said["paths"].values() for o in path.values()]
    idents = [o["operationId"] for o in operations]
    assert len(set(idents)) == len(idents)
    assert all(o["summary"] and o["description"] for o in operations)
    assert not any("_" in i for i in idents)


def test_migrations_make_the_tables(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'm.db'}"
    upgrade(url)
    upgrade(url)  # a second time changes nothing
    with open_database(url).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


@pytest.mark.slow
def test_a_backup_is_restored_elsewhere(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with client_of(home) as client:
        publish(client, planned(client, uploaded(client)))
        board = client.get("/ports/hub/departures", params={"date": SATURDAY}).json()
        file = write_backup(ServerSettings(home=home), tmp_path / "b.tar.gz")
        with pytest.raises(ValueError, match="exists already"):
            write_backup(ServerSettings(home=home), file)
    home.rename(tmp_path / "gone")
    with client_of(read_backup(file, tmp_path / "new")) as client:
        assert client.get("/ports/hub/departures", params={"date": SATURDAY}).json() == board
    with pytest.raises(ValueError, match="is no backup"):
        read_backup(ROOT / "openapi.json", tmp_path / "other")


@pytest.mark.parametrize(("name", "value"), [("ISLANDFLOW_RATE", "many"), ("ISLANDFLOW_AUTH", "none"), ("ISLANDFLOW_BODY_MB", "0")])
def test_server_settings_are_checked(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name.split("_")[1] if name == "ISLANDFLOW_AUTH" else "ISLANDFLOW|server limits"):
        server_settings({name: value})

"""Planning through the door: start, follow, cancel, repeat, publish, roll back."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
import threading
import time
from pathlib import Path
from unittest.mock import ANY

import pytest
from fastapi.testclient import TestClient

from api.serve import take_in
from api.tables import plans as plan_table
from islandflow.ferry.folder import read_plan, write_csv
from islandflow.season.compare import compare
from islandflow.season.folder import plans_of
from islandflow.units import clock, minutes
from tests.api.server import QUICK, SATURDAY, client_of, planned, publish, uploaded


def test_a_plan_runs_to_its_end_and_can_be_read(server: TestClient, plan: str) -> None:
    found = server.get(f"/plans/{plan}").json()
    assert found["status"] == "succeeded"
    assert found["hasPlan"] is True
    assert 0 <= found["gap"] < 1
    assert found["settings"]["iterations"] == 3
    for part in ("timetable", "rotations", "loads", "money"):
        rows = server.get(f"/plans/{plan}/{part}").json()
        assert rows["items"]
        assert rows["planVersion"] == found["planVersion"]
    assert server.get(f"/plans/{plan}/audit").json()["audit"]["clean"] is True
    assert server.get(f"/plans/{plan}/metrics").json()["metrics"]["service"] == "summer-weekend"
    assert server.get(f"/plans/{plan}/sites").json()["code"] == "no-sites"
    csv = server.get(f"/plans/{plan}/tables/timetable", params={"format": "csv"})
    assert csv.text.startswith("sailing,line,vessel")


def test_events_have_no_gap_and_resume_after_the_last_seen(server: TestClient, plan: str) -> None:
    whole = _events(server.get(f"/plans/{plan}/events").text)
    assert [e[0] for e in whole] == list(range(1, len(whole) + 1))
    assert [e[1] for e in whole][-1] == "status"
    assert json.loads(whole[-1][2])["status"] == "succeeded"
    assert any(e[1] == "progress" and json.loads(e[2])["plan"] for e in whole)
    assert _events(server.get(f"/plans/{plan}/events", headers={"Last-Event-ID": str(len(whole) - 1)}).text) == whole[-1:]


def _events(text: str) -> list[tuple[int, str, str]]:
    blocks = [dict(line.split(": ", 1) for line in b.splitlines()) for b in text.split("\n\n") if b.startswith("id")]
    return [(int(b["id"]), b["event"], b["data"]) for b in blocks]


def test_the_same_idempotency_key_starts_one_plan(tmp_path: Path) -> None:
    with client_of(tmp_path) as client:
        body = {"scenario": uploaded(client), "service": "summer-weekend", "settings": QUICK}
        first, second = (client.post("/plans", json=body, headers={"Idempotency-Key": "k1"}) for _ in range(2))
        assert first.headers["location"] == second.headers["location"]
        assert len(client.get("/plans").json()["items"]) == 1
        other = client.post("/plans", json=body | {"service": "winter-weekday"}, headers={"Idempotency-Key": "k1"})
        assert (other.status_code, other.json()["code"]) == (422, "idempotency-key")


def test_a_plan_rung_twice_runs_once(tmp_path: Path) -> None:
    with client_of(tmp_path) as client:
        ident = planned(client, uploaded(client))
        client.app.state.jobs.run(ident)  # type: ignore[attr-defined]
        assert client.get(f"/plans/{ident}").json()["attempt"] == 1


def test_a_queued_plan_is_cancelled_at_once_and_never_runs(tmp_path: Path) -> None:
    with client_of(tmp_path) as client:
        ident = client.post("/plans", json={"scenario": uploaded(client), "service": "summer-weekend", "settings": QUICK}).json()["id"]
        assert client.post(f"/plans/{ident}/cancel").json()["status"] == "cancelled"
        client.app.state.jobs.run(ident)  # type: ignore[attr-defined]
        assert client.get(f"/plans/{ident}").json()["hasPlan"] is False
        assert client.post(f"/plans/{ident}/cancel").status_code == 409
        assert client.get(f"/plans/{ident}/timetable").json()["code"] == "not-ready"


def test_a_plan_of_a_dead_worker_is_put_back_and_one_that_was_done_is_not_run_again(tmp_path: Path) -> None:
    with client_of(tmp_path) as client:
        scenario = uploaded(client)
        done = planned(client, scenario)
        lost = client.post("/plans", json={"scenario": scenario, "service": "winter-weekday", "settings": QUICK}).json()["id"]
        with sqlite3.connect(tmp_path / "islandflow.db") as db:
            db.execute(f"UPDATE {plan_table.name} SET status='running', worker='gone', beat=0")
        jobs = client.app.state.jobs  # type: ignore[attr-defined]
        assert jobs.sweep() == 2
        status = {p["id"]: (p["status"], p["attempt"]) for p in client.get("/plans").json()["items"]}
        assert status == {done: ("succeeded", 1), lost: ("queued", 0)}


def test_two_workers_never_claim_the_same_plan(tmp_path: Path) -> None:
    with client_of(tmp_path) as client:
        ident = client.post("/plans", json={"scenario": uploaded(client), "service": "summer-weekend", "settings": QUICK}).json()["id"]
        store = client.app.state.store  # type: ignore[attr-defined]
        assert [store.claim(ident, w) for w in ("a", "b")] == [True, False]
        assert store.beat(ident, "b") is None
        assert store.finish(ident, "b", "failed") is False


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"settings": {"sede": 1}}, "settings"), ({"settings": {"solver": "gredy"}}, "settings"), ({"settings": {"time_limit": 3601}}, "settings"),
        ({"service": "summer"}, "no-service"), ({"scenario": "nowhere"}, "no-scenario"), ({"preset": "slow"}, "invalid"), ({"more": 1}, "invalid"),
    ],
)  # fmt: skip
def test_unknown_settings_are_refused_at_once(server: TestClient, body: dict[str, object], code: str) -> None:
    scenario = server.get("/scenarios").json()["items"][0]["id"]
    answer = server.post("/plans", json={"scenario": scenario, "service": "summer-weekend", **body})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.slow
def test_publish_with_a_date_and_roll_back(tmp_path: Path) -> None:
    with client_of(tmp_path) as client:
        scenario = uploaded(client)
        first, second = planned(client, scenario), planned(client, scenario, seed=5, iterations=9)
        one = publish(client, first, first="2026-01-01")
        two = publish(client, second, first="2026-07-05")

        def version(day: str) -> str:
            return str(client.get("/ports/hub/departures", params={"date": day}).json()["planVersion"])

        assert version("2026-07-04") == one["planVersion"]
        assert version("2026-07-05") == two["planVersion"]
        assert publish(client, second, first="2026-07-05")["id"] == two["id"]  # the same again is the same publication
        assert client.post(f"/publications/{two['id']}/rollback").status_code == 200
        assert version("2026-07-05") == one["planVersion"]
        assert client.post(f"/publications/{two['id']}/rollback").status_code == 409
        assert client.get("/ports/hub/departures", params={"date": "2025-12-31"}).json()["code"] == "nothing-published"


def test_a_lone_plan_serves_only_the_dates_of_its_pattern(tmp_path: Path) -> None:
    with client_of(tmp_path) as client:
        publish(client, planned(client, uploaded(client)))
        winter = client.get("/ports/hub/departures", params={"date": "2026-01-07"}).json()
        assert (winter["served"], winter["items"], winter["nextServed"]) == (False, [], SATURDAY)
        assert client.get("/ports/hub/departures", params={"date": SATURDAY}).json()["items"]


@pytest.mark.slow
def test_a_season_must_be_of_one_scenario_and_one_plan_a_pattern(server: TestClient, tmp_path: Path) -> None:
    with client_of(tmp_path) as client:
        scenario = uploaded(client)
        twins = [planned(client, scenario), planned(client, scenario, seed=3)]
        answer = client.post("/publications", json={"plans": twins})
        assert (answer.status_code, answer.json()["code"]) == (422, "patterns")


def test_compare_says_what_the_terminal_says(server: TestClient, plan: str, tmp_path: Path) -> None:
    """The same plan with every boat of one line five minutes later."""
    made, late = Path(server.app.state.store.plan(plan)["folder"]), tmp_path / "late"  # type: ignore[attr-defined]
    shutil.copytree(made, late)
    with (made / "timetable.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    first = rows[0]
    moved = [r | {k: later(r[k]) for k in ("arrives", "departs")} if r["sailing"] == first["sailing"] else r for r in rows]
    write_csv(late / "timetable.csv", moved, list(first))
    with client_of(tmp_path / "home") as client:
        for ident, folder in (("a", made), ("b", late)):
            take_in(client.app.state.settings, client.app.state.store, ident, read_plan(folder))  # type: ignore[attr-defined]
        found = client.get("/plans/compare", params={"a": "a", "b": "b"}).json()
    change = {"service": "summer-weekend", "change": "retimed", "ports": ANY, "before": first["departs"], "after": later(first["departs"]), "minutes": 5}
    assert found["changes"] == [change]
    assert (found["sameScenario"], found["unfair"]) == (True, [])
    assert found["planVersions"][0] != found["planVersions"][1]
    terminal = compare(plans_of(made), plans_of(late), ("a", "b"))
    assert {k: found[k] for k in terminal.rows} == json.loads(json.dumps(dict(terminal.rows)))


def later(clock_text: str) -> str:
    """Five minutes later."""
    return clock(minutes(clock_text) + 5) if clock_text else ""


def test_plans_of_two_patterns_are_not_compared(server: TestClient, plan: str) -> None:
    winter = next(p["id"] for p in server.get("/plans").json()["items"] if p["service"] == "winter-weekday")
    answer = server.get("/plans/compare", params={"a": winter, "b": plan})
    assert (answer.status_code, answer.json()["code"]) == (422, "faults")
    assert server.get("/plans/compare", params={"a": "none", "b": plan}).status_code == 404


@pytest.mark.slow
def test_cancel_keeps_the_best_plan_within_two_seconds(tmp_path: Path) -> None:
    with client_of(tmp_path) as client:
        body = {"scenario": uploaded(client), "service": "summer-weekend", "settings": {"time_limit": 60, "workers": 1}}
        ident = client.post("/plans", json=body).json()["id"]
        thread = threading.Thread(target=client.app.state.jobs.run, args=(ident,))  # type: ignore[attr-defined]
        thread.start()
        store = client.app.state.store  # type: ignore[attr-defined]
        while not any(json.loads(e["data"]).get("plan") for e in store.events(ident)):
            time.sleep(0.1)
        begun = time.monotonic()
        client.post(f"/plans/{ident}/cancel")
        while client.get(f"/plans/{ident}").json()["status"] == "running":
            time.sleep(0.02)
        took = time.monotonic() - begun
        found = client.get(f"/plans/{ident}").json()
        assert (found["status"], found["hasPlan"]) == ("cancelled", True)
        assert took <= 2
        thread.join()
        assert (tmp_path / "plans" / ident / "report.html").is_file()

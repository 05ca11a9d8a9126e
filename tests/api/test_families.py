"""What a plan folder holds beside its timetable: told, listed and drawn for every family of the registry, and shown with the demo."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.serve import show_demo
from api.settings import ServerSettings
from api.siting import site_scenario
from islandflow.siting.wish import SiteWish
from islandflow.views.families import FAMILIES, held
from solvers.siting.contract import SitingSettings
from tests.api.server import client_of
from tests.siting.conftest import folder as settled  # noqa: F401  (a fixture: the three islands with homes and roads)


@pytest.fixture(scope="module")
def sited(server: TestClient, settled: Path) -> str:  # noqa: F811
    """The winter plan, with service points beside its timetable."""
    ident = str(next(p["id"] for p in server.get("/plans").json()["items"] if p["service"] == "winter-weekday"))
    folder = Path(server.app.state.store.plan(ident)["folder"])  # type: ignore[attr-defined]
    site_scenario(settled, folder, SiteWish(""), SitingSettings(seconds=5, seed=1), folder / "sites", "en")
    return ident


def test_a_plan_tells_of_its_service_points(server: TestClient, sited: str) -> None:
    found = server.get(f"/plans/{sited}/sites", params={"limit": 2}).json()
    assert found["planVersion"] == server.get(f"/plans/{sited}").json()["planVersion"]
    assert (found["family"], found["clean"], found["violations"]) == ("sites", True, [])
    assert found["status"] in ("optimal", "feasible")
    assert found["boundFen"] <= found["objectiveFen"]
    assert len(found["items"]) == 2
    assert found["next"]
    for table in found["tables"]:
        rows = server.get(f"/plans/{sited}/sites/tables/{table}", params={"limit": 500})
        assert rows.status_code == 200, table
        whole = server.get(f"/plans/{sited}/sites/tables/{table}", params={"format": "csv"}).text
        assert len(whole.splitlines()) - 1 == len(rows.json()["items"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_view_of_a_family_is_json_and_page(server: TestClient, sited: str, lang: str) -> None:
    for name in server.get(f"/plans/{sited}/sites").json()["figures"]:
        url = f"/plans/{sited}/sites/figures/{name}"
        view = server.get(url, params={"lang": lang})
        assert view.json()["figure"]["data"], name
        assert server.get(url, params={"lang": lang}, headers={"If-None-Match": view.headers["etag"]}).status_code == 304
        for page in (server.get(f"{url}/page", params={"lang": lang}), server.get(url, params={"lang": lang}, headers={"Accept": "text/html"})):
            assert page.headers["content-type"].startswith("text/html")
            assert view.json()["title"] in page.text
            assert f"/plans/{sited}/sites/figures/" in page.text


def test_a_plan_without_them_and_a_view_that_is_none_are_not_found(server: TestClient, plan: str, sited: str) -> None:
    assert server.get(f"/plans/{plan}/sites").json()["code"] == "no-sites"
    assert server.get(f"/plans/{plan}/sites/figures/map").status_code == 404
    assert server.get(f"/plans/{sited}/sites/figures/mpa").json()["code"] == "no-view"
    assert server.get(f"/plans/{sited}/sites/tables/trace").json()["code"] == "no-table"


def test_every_family_has_its_routes_described(server: TestClient) -> None:
    paths = server.get("/openapi.json").json()["paths"]
    for family in FAMILIES:
        for tail in ("", "/tables/{table}", "/figures/{name}", "/figures/{name}/page"):
            assert paths[f"/plans/{{ident}}/{family}{tail}"]["get"]["description"]


def test_service_points_made_anew_are_shown_anew(server: TestClient, sited: str) -> None:
    folder = Path(server.app.state.store.plan(sited)["folder"]) / "sites"  # type: ignore[attr-defined]
    before = folder.joinpath("plan.json").read_text(encoding="utf-8")
    try:
        folder.joinpath("plan.json").write_text(json.dumps(json.loads(before) | {"status": "feasible", "gap": 0.5}), encoding="utf-8")
        assert server.get(f"/plans/{sited}/sites").json()["gap"] == 0.5
    finally:
        folder.joinpath("plan.json").write_text(before, encoding="utf-8")


def test_a_damaged_folder_is_told_without_saying_where_it_lies(server: TestClient, sited: str) -> None:
    folder = Path(server.app.state.store.plan(sited)["folder"]) / "sites"  # type: ignore[attr-defined]
    before = folder.joinpath("plan.json").read_text(encoding="utf-8")
    try:
        folder.joinpath("plan.json").write_text('{"kind": "siting"}', encoding="utf-8")
        for tail in ("", "/figures/map", "/figures/map/page", "/tables/sites"):
            answer = server.get(f"/plans/{sited}/sites{tail}")
            assert (answer.status_code, answer.json()["code"]) == (409, "damaged")
            assert str(folder.parent.parent) not in answer.text
    finally:
        folder.joinpath("plan.json").write_text(before, encoding="utf-8")


def test_the_demo_shows_them_though_they_were_made_after_it_was_published(server: TestClient, sited: str, tmp_path: Path) -> None:
    made, demo, home = Path(server.app.state.store.plan(sited)["folder"]), tmp_path / "demo", tmp_path / "home"  # type: ignore[attr-defined]
    shutil.copytree(made, demo, ignore=shutil.ignore_patterns("sites"))
    settings = ServerSettings(home=home, demo=demo)
    with client_of(home) as client:
        ident = show_demo(settings, client.app.state.store)  # type: ignore[attr-defined]
        assert client.get(f"/plans/{ident}/sites").status_code == 404
        shutil.copytree(made / "sites", demo / "sites")
        assert show_demo(settings, client.app.state.store) == ""  # type: ignore[attr-defined]
        assert client.get(f"/plans/{ident}/sites").json()["items"]
        assert held(home / "plans" / ident) == ("sites",)
        assert f"/plans/{ident}/sites/figures/map/page" in client.get("/").text

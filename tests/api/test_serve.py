"""Season folders and the demo: published whole, shown at once, never published twice."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app as cli
from api.serve import show_demo
from api.settings import ServerSettings
from islandflow.errors import BadInput
from islandflow.passengers.published import read_published
from tests.api.server import SATURDAY, WINTER, client_of


@pytest.fixture
def season(server: TestClient, tmp_path: Path) -> Path:
    """A season folder with a plan for two patterns."""
    for plan in server.get("/plans").json()["items"]:
        row = server.app.state.store.plan(plan["id"])  # type: ignore[attr-defined]
        if row["has_plan"]:
            shutil.copytree(row["folder"], tmp_path / "season" / plan["service"], dirs_exist_ok=True)
    return tmp_path / "season"


def test_a_season_serves_the_dates_of_all_its_patterns(season: Path) -> None:
    found = read_published(season)
    assert set(found.plans) == {"summer-weekend", "winter-weekday"}
    assert [f"{d.date}" for d in found.calendar] == [WINTER, SATURDAY, "2026-07-05"]
    assert read_published(season / "summer-weekend").version != found.version


def test_two_plans_of_one_pattern_or_of_two_scenarios_are_no_season(season: Path, tmp_path: Path) -> None:
    shutil.copytree(season / "summer-weekend", season / "again")
    with pytest.raises(BadInput, match="second plan"):
        read_published(season)
    shutil.rmtree(season / "again")
    toml = season / "winter-weekday" / "scenario" / "scenario.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("Three islands", "Other islands"), encoding="utf-8")
    with pytest.raises(BadInput, match="another scenario"):
        read_published(season)
    with pytest.raises(BadInput, match="holds no plan"):
        read_published(tmp_path)


def test_the_demo_is_shown_at_once_and_only_while_nothing_is_published(season: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    settings = ServerSettings(home=home, demo=season)
    with client_of(home) as client:
        store = client.app.state.store  # type: ignore[attr-defined]
        assert len(show_demo(settings, store).split(", ")) == 2
        assert show_demo(settings, store) == ""
        client.app.state.known.changed()  # type: ignore[attr-defined]
        for day in (SATURDAY, WINTER):
            assert client.get("/ports/hub/departures", params={"date": day}).json()["items"]
        home_page = client.get("/", params={"lang": "en"}).text
        assert "sailings by" in home_page
        shutil.rmtree(season)  # the server has a copy of its own
        plan = client.get("/plans").json()["items"][0]["id"]
        assert client.get(f"/plans/{plan}/figures/loads").status_code == 200
    assert show_demo(ServerSettings(home=home, demo=tmp_path / "none"), store) == ""


def test_keys_backup_and_restore_from_the_terminal(tmp_path: Path) -> None:
    runner = CliRunner()
    home = tmp_path / "home"
    made = runner.invoke(cli, ["server", "key", "bureau", "--scope", "plan", "--home", str(home)])
    assert made.exit_code == 0
    secret = made.stdout.split()[-1]
    with client_of(home, auth="keys") as client:
        assert client.get("/plans", headers={"Authorization": f"Bearer {secret}"}).status_code == 200
    assert runner.invoke(cli, ["server", "backup", str(tmp_path / "b.tar.gz"), "--home", str(home)]).exit_code == 0
    assert runner.invoke(cli, ["server", "restore", str(tmp_path / "b.tar.gz"), "--home", str(tmp_path / "new")]).exit_code == 0
    with client_of(tmp_path / "new", auth="keys") as client:
        assert client.get("/plans", headers={"Authorization": f"Bearer {secret}"}).status_code == 200


def test_the_versions_of_a_plan_stand_in_its_answer(server: TestClient, plan: str) -> None:
    info = server.get(f"/plans/{plan}").json()["info"]
    assert info["versions"]["islandflow"]
    assert json.dumps(info)


def test_a_season_folder_is_published_whole_on_a_server_that_runs(season: Path, tmp_path: Path) -> None:
    home, runner = tmp_path / "home", CliRunner()
    with client_of(home) as client:
        assert runner.invoke(cli, ["server", "publish", str(season), "--from", "2026-01-01", "--home", str(home)]).exit_code == 0
        client.app.state.known.changed()  # type: ignore[attr-defined]
        for day in (SATURDAY, WINTER):
            assert client.get("/ports/hub/departures", params={"date": day}).json()["items"]
        assert len(client.get("/publications").json()["items"]) == 1
        # the same again is the same publication
        assert runner.invoke(cli, ["server", "publish", str(season), "--from", "2026-01-01", "--home", str(home)]).exit_code == 0
        assert len(client.get("/publications").json()["items"]) == 1


@pytest.mark.parametrize(("words", "said"), [(["--from", "soon"], "--from"), (["--from", "2026-02-30"], "--from")])
def test_what_cannot_be_published_is_refused(season: Path, tmp_path: Path, words: list[str], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        CliRunner().invoke(cli, ["server", "publish", str(season), *words, "--home", str(tmp_path / "h")], standalone_mode=False, catch_exceptions=False)


def test_a_plan_with_violations_is_not_published_from_a_folder(season: Path, tmp_path: Path) -> None:
    audit = season / "winter-weekday" / "audit.json"
    audit.write_text(json.dumps(json.loads(audit.read_text(encoding="utf-8")) | {"clean": False}), encoding="utf-8")
    with pytest.raises(BadInput, match="winter-weekday"):
        CliRunner().invoke(cli, ["server", "publish", str(season), "--home", str(tmp_path / "h")], standalone_mode=False, catch_exceptions=False)

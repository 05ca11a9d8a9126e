"""One server with two published plans for all tests that only read it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.api.server import client_of, planned, publish, uploaded


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    client = client_of(tmp_path_factory.mktemp("server"))
    with client:
        scenario = uploaded(client)
        plans = [planned(client, scenario, s) for s in ("summer-weekend", "winter-weekday")]
        publish(client, *plans)
        yield client


@pytest.fixture(scope="session")
def plan(server: TestClient) -> str:
    """The id of the summer plan."""
    return next(p["id"] for p in server.get("/plans").json()["items"] if p["service"] == "summer-weekend")

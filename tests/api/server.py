"""A server on the three islands for tests: the application in this process, a worker's run where a test asks for it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import ServerSettings

TOY = Path(__file__).resolve().parents[2] / "data" / "toy"
SATURDAY, WINTER = "2026-07-04", "2026-01-07"
QUICK = {"iterations": 3, "workers": 1}


def toy_zip(inside: str = "", **changed: bytes) -> bytes:
    """The toy scenario as an upload; a keyword replaces a table."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(f for f in TOY.iterdir() if f.is_file()):
            archive.writestr(inside + file.name, changed.get(file.stem, file.read_bytes()))
    return out.getvalue()


def client_of(home: Path, **settings: Any) -> TestClient:
    """A client of a fresh application."""
    made = ServerSettings(home=home, demo=home / "none", **{"hosts": ("testserver",), **settings})
    return TestClient(create_app(made), raise_server_exceptions=False)


def uploaded(client: TestClient, headers: dict[str, str] | None = None) -> str:
    """The id of the toy scenario on a server."""
    answer = client.post("/scenarios", files={"file": ("toy.zip", toy_zip(), "application/zip")}, headers=headers)
    assert answer.status_code in (200, 201), answer.text
    return str(answer.json()["id"])


def planned(client: TestClient, scenario: str, service: str = "summer-weekend", **settings: Any) -> str:
    """The id of a plan that a worker has run to its end in a child process."""
    answer = client.post("/plans", json={"scenario": scenario, "service": service, "preset": "quick", "settings": QUICK | settings})
    assert answer.status_code == 202, answer.text
    ident = str(answer.json()["id"])
    jobs = client.app.state.jobs  # type: ignore[attr-defined]
    jobs.run(ident)
    return ident


def publish(client: TestClient, *plans: str, first: str = "2026-01-01") -> dict[str, Any]:
    """Publishes plans."""
    answer = client.post("/publications", json={"plans": list(plans), "effectiveFrom": first})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found

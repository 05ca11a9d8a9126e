"""Schemathesis: calls made from openapi.json, as odd as they come; no 5xx, and answers as promised. 2,000 calls in all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.server import client_of, planned, publish, uploaded

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
pytestmark = pytest.mark.slow
CALLS = int(os.environ.get("ISLANDFLOW_CALLS", "2000"))


def test_two_thousand_calls_and_no_5xx(tmp_path: Path) -> None:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st

    with client_of(tmp_path) as client:
        scenario = uploaded(client)
        plan = planned(client, scenario)
        publish(client, plan)
        schema = schemathesis.openapi.from_asgi("/openapi.json", client.app)
        operations = [o.ok() for o in schema.get_all_operations()]
        each = CALLS // len(operations) + 1
        counts: dict[int, int] = {}
        real = {"ident": plan, "port": "hub", "table": "timetable", "short": "loads", "name": "map"}

        for operation in operations:

            @settings(max_examples=each, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
                      suppress_health_check=list(HealthCheck))  # fmt: skip
            @given(case=operation.as_strategy(), names=st.booleans())
            def call(case: Any, names: bool) -> None:
                if names:  # half of the calls are about things that exist
                    case.path_parameters = {k: real.get(k, v) for k, v in (case.path_parameters or {}).items()}
                answer = _send(client, case)
                counts[answer.status_code] = counts.get(answer.status_code, 0) + 1
                assert answer.status_code < 500 or answer.json().get("code") == "not-ready", (case.method, case.path, answer.text[:400])
                if answer.status_code >= 400:
                    assert answer.headers["content-type"] == "application/problem+json", (
                        case.method,
                        case.path,
                        answer.status_code,
                        answer.text[:200],
                    )

            call()
        assert sum(counts.values()) >= CALLS
        assert counts[200] > CALLS // 10
        print(counts)


def _send(client: TestClient, case: Any) -> Any:
    found = case.as_transport_kwargs(base_url="http://testserver")
    found.pop("verify", None)
    return client.request(
        found.pop("method"),
        found.pop("url"),
        **{k: v for k, v in found.items() if k in ("headers", "params", "json", "data", "files", "content")},
    )

"""Schemathesis: calls made from openapi.json, as odd as they come; no 5xx, and answers as promised. 2,000 calls in all."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.server import SATURDAY, client_of, planned, publish, uploaded

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
pytestmark = pytest.mark.slow
CALLS = int(os.environ.get("ISLANDFLOW_CALLS", "2000"))


def test_two_thousand_calls_and_no_5xx(tmp_path: Path) -> None:
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from hypothesis import strategies as st

    with client_of(tmp_path) as client:
        scenario = uploaded(client)
        plan = planned(client, scenario)
        publish(client, plan)
        schema = schemathesis.openapi.from_asgi("/openapi.json", client.app)
        operations = [o.ok() for o in schema.get_all_operations()]
        counts: Counter[int] = Counter()
        real = {"ident": plan, "port": "hub", "table": "timetable", "short": "loads", "name": "map"}
        asked = {"date": SATURDAY, "from": "hub", "to": "near-t", "lang": "en", "a": plan, "b": plan}
        number = 0
        while counts.total() < CALLS:
            for operation in operations:
                number += 1

                @seed(number)
                @settings(max_examples=max(4, CALLS // len(operations)), deadline=None, database=None, phases=[Phase.generate],
                          suppress_health_check=list(HealthCheck))  # fmt: skip
                @given(case=operation.as_strategy(), exists=st.booleans())
                def call(case: Any, exists: bool) -> None:
                    if exists:  # half of the calls are about things that are there
                        case.path_parameters = {k: real.get(k, v) for k, v in (case.path_parameters or {}).items()}
                        case.query = {k: asked.get(k, v) for k, v in (case.query or {}).items()}
                    answer = _send(client, case)
                    counts[answer.status_code] += 1
                    assert answer.status_code < 500, (case.method, case.path, answer.text[:400])
                    if answer.status_code >= 400:
                        kind = answer.headers["content-type"]
                        assert kind == "application/problem+json", (case.method, case.path, answer.status_code, answer.text[:200])

                call()
        assert sum(counts.values()) >= CALLS
        assert counts[200] > CALLS // 10


def _send(client: TestClient, case: Any) -> Any:
    found = case.as_transport_kwargs(base_url="http://testserver")
    found.pop("verify", None)
    return client.request(
        found.pop("method"),
        found.pop("url"),
        **{k: v for k, v in found.items() if k in ("headers", "params", "json", "data", "files", "content")},
    )

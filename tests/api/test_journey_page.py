"""The page of journeys: a question in a form, answers as boarding cards, in both languages."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tests.api.server import SATURDAY
from tests.api.test_buses import plan, server  # noqa: F401  (fixtures: a published plan with the buses of the near island)
from tests.shuttle.conftest import village_ferry, village_scenario  # noqa: F401  (fixtures)
from tests.shuttle.test_folder import folder  # noqa: F401  (a fixture)


@pytest.mark.parametrize(("lang", "words"), [("zh", ("沙滩", "van-0", "计划", "程车", "接驳车")), ("en", ("Beach", "van-0", "planned", "bus", "Islands whose buses"))])
def test_the_page_shows_the_bus_as_a_leg(server: TestClient, lang: str, words: tuple[str, ...]) -> None:  # noqa: F811
    page = server.get("/journeys/page", params={"date": SATURDAY, "from": "beach", "to": "hub", "lang": lang})
    assert page.status_code == 200
    assert all(w in page.text for w in words), page.text
    assert '<li class="bus">' in page.text
    assert '<option value="beach" selected>' in page.text


def test_the_page_without_a_question_asks(server: TestClient) -> None:  # noqa: F811
    for params in ({}, {"date": SATURDAY}, {"date": SATURDAY, "from": "beach"}):
        page = server.get("/journeys/page", params={"lang": "en", **params})
        assert page.status_code == 200
        assert "How to get there" in page.text
    assert server.get("/journeys/page", params={"from": "beech", "to": "hub", "date": SATURDAY}).status_code == 404
    none = server.get("/journeys/page", params={"from": "hub", "to": "far-t", "date": SATURDAY, "arrive_by": "00:10", "lang": "zh"})
    assert "没有走法" in none.text

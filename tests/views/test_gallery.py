"""The gallery by name: eight views, each a figure and a table, in both languages."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from islandflow.errors import BadInput
from islandflow.ferry.folder import PlanFolder
from islandflow.network.sea import SeaNetwork
from islandflow.views.gallery import NAMES, UnknownView, choices, show
from islandflow.views.view import View


def column(view: View, key: str) -> list[object]:
    at = [k for k, _ in view.table.columns].index(key)
    return [row[at] for row in view.table.rows]


def test_the_names_are_those_of_the_door() -> None:
    assert NAMES == ("timetable", "vessels", "berths", "loads", "map", "gap", "frequency", "left-behind")


@pytest.mark.parametrize("name", [n for n in NAMES if n != "gap"])
def test_every_view_has_a_figure_and_a_full_table_in_both_languages(hand: PlanFolder, toy_network: SeaNetwork, name: str) -> None:
    zh, en = (show(name, hand, toy_network, lang=lang) for lang in ("zh", "en"))
    for view in (zh, en):
        data = json.loads(json.dumps(view.as_json(), allow_nan=False))
        assert data["name"] == name
        assert data["figure"]["data"]
        assert data["table"]["rows"]
        assert all(len(row) == len(data["table"]["columns"]) for row in data["table"]["rows"])
    assert [k for k, _ in zh.table.columns] == [k for k, _ in en.table.columns]
    assert not re.search("[\u4e00-\u9fff]", json.dumps(en.as_json(), ensure_ascii=False))
    assert re.search("[\u4e00-\u9fff]", zh.title)


def test_a_line_and_a_port_narrow_the_view(hand: PlanFolder, toy_network: SeaNetwork) -> None:
    assert set(column(show("timetable", hand, toy_network, lang="en", line="L2"), "sailing")) == {"S03", "S04"}
    assert set(column(show("timetable", hand, toy_network, lang="en", line="+"), "sailing")) == {"S08"}
    assert set(column(show("vessels", hand, toy_network, lang="en", port="far-t"), "sailing")) >= {"S03", "S04", "S06", "S08"}
    assert column(show("berths", hand, toy_network, lang="en", port="hub"), "port") == ["Hub"]
    assert len(column(show("timetable", hand, toy_network, line="toy"), "sailing")) == 10  # nine sailings, one of two legs


def test_berths_count_a_call_on_the_way(hand: PlanFolder, toy_network: SeaNetwork) -> None:
    view = show("berths", hand, toy_network, lang="en", port="far-t")
    assert column(view, "h16") == [1]
    assert column(view, "h13") == [0]


def test_frequency_says_what_is_planned_and_what_is_todays(hand: PlanFolder, toy_network: SeaNetwork) -> None:
    winter = replace(hand, plan=replace(hand.plan, service="winter-weekday", sailings=hand.plan.sailings[:1]))
    alone, beside = (show("frequency", hand, toy_network, lang="en", others=others) for others in ((), (winter,)))
    assert column(alone, "line") == ["L1", "L2", "L3", "new"]
    assert column(alone, "summer-weekend:plan") == [2.5, 1, 0.5, 0.5]
    assert column(alone, "summer-weekend:today") == [6, 3, 1, None]
    assert column(alone, "winter-weekday:today") == [4, 2, 1, None]
    assert column(beside, "winter-weekday:plan") == [0.5, 0, 0, 0]
    labels = dict(beside.table.columns)
    assert labels["winter-weekday:plan"] == "winter weekday planned"
    assert labels["golden-week:today"] == "golden week today ≈"


def test_left_behind_adds_up_and_keeps_vehicles_apart(hand: PlanFolder, toy_network: SeaNetwork) -> None:
    view = show("left-behind", hand, toy_network, lang="en")
    left = {
        kind: sum(int(str(n)) for k, n in zip(column(view, "kind"), column(view, "left"), strict=True) if k == kind)
        for kind in ("people", "vehicles")
    }
    assert left["people"] == hand.metrics["people_left"] > 0
    assert left["vehicles"] == hand.metrics["segments"]["vehicle"]["left"]


def test_what_is_unknown_is_named_with_its_neighbour(hand: PlanFolder, toy_network: SeaNetwork) -> None:
    with pytest.raises(UnknownView) as unknown:
        show("timetabel", hand, toy_network)
    assert "did you mean timetable?" in unknown.value.fault.text("en")
    with pytest.raises(BadInput) as bad:
        show("map", hand, toy_network, lang="fr", line="L9", port="hubb")
    assert [f.column for f in bad.value.faults] == ["lang", "line", "port"]
    assert choices(hand.scenario) == {"line": ("toy", "L1", "L2", "L3", "+"), "port": ("hub", "near-t", "far-t")}

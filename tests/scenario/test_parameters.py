"""The settings of all parts stand side by side."""

from __future__ import annotations

from islandflow.scenario.parameters import SETTINGS


def test_no_two_settings_share_a_name() -> None:
    names = [column.name for column in SETTINGS]
    assert [name for name in sorted(set(names)) if names.count(name) > 1] == []

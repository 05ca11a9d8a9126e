"""The example of docs/shuttle.md runs, and the page names commands, settings and reasons."""

from __future__ import annotations

import re
from pathlib import Path

from islandflow.scenario.shuttle_parameters import SHUTTLE_SETTINGS
from islandflow.views.shuttle_words import BINDS
from solvers.shuttle.why import BINDS as REASONS

PAGE = (Path(__file__).parents[2] / "docs" / "shuttle.md").read_text(encoding="utf-8")


def test_the_example_runs(capsys) -> None:
    for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(compile(block, "docs/shuttle.md", "exec"), {})
    assert capsys.readouterr().out.split()[:2] == ["True", "True"]


def test_reasons_are_explained_and_shown() -> None:
    assert set(REASONS) == set(BINDS)
    assert all(f"`{r}`" in PAGE for r in REASONS)


def test_settings_that_the_page_names_exist() -> None:
    names = {c.name for c in SHUTTLE_SETTINGS}
    assert {n for n in re.findall(r"`(shuttle_\w+)`", PAGE) if n != "shuttle_fleets"} <= names

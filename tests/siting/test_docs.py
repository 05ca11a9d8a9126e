"""The example of docs/siting.md runs, and the page names what the benchmark and the commands are called."""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.siting import COMPETITORS, GENERATED

PAGE = (Path(__file__).parents[2] / "docs" / "siting.md").read_text(encoding="utf-8")


def test_the_example_runs_and_is_proven(capsys) -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) == 1
    exec(compile(blocks[0], "docs/siting.md", "exec"), {})
    words = capsys.readouterr().out.split()
    assert words[words.index("optimal") + 1] == words[words.index("optimal") + 2]


def test_commands_and_competitors_are_what_the_page_says() -> None:
    from api.cli import app

    names = {c.name or c.callback.__name__ for c in app.registered_commands if c.callback}
    assert {"site", "site-audit", "roads-import"} <= names
    assert all(f"islandflow {n}" in PAGE for n in ("site", "site-audit", "roads-import"))
    assert set(COMPETITORS) == {"islandflow", "spopt-cbc", "highs-textbook"}
    assert {name for name, _ in GENERATED} >= {"cover-100000x1000-p40", "roads-10000-p50", "roads-10000-p500"}

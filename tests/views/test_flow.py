"""The ten lines of the README run as printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize("page", ["README.md"])
def test_the_flow_of_the_readme_runs(page: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), flags=re.DOTALL)
    monkeypatch.chdir(ROOT)
    exec(compile(code, page, "exec"), {})  # noqa: S102
    clean, objective, bound, gap = capsys.readouterr().out.split()
    assert clean == "True"
    assert 0 < int(bound) <= int(objective)
    assert float(gap) == (int(objective) - int(bound)) / int(objective)

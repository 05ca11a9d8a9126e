"""Every kind of damaged table at the terminal: `check` and `plan` name the place in both languages, exit 2, and nothing is written."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from api.cli import main
from tests.scenario.test_damaged import CELLS, FILES, cell

KINDS = {f"{file} {column} {value[:20]!a}": (file, cell(file, row, column, value), column) for file, row, column, value in CELLS}
KINDS |= {kind: (file, damage, "") for kind, (file, damage) in FILES.items()}


def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """Exit code and all that a command of the terminal prints."""
    monkeypatch.setattr(sys, "argv", ["islandflow", *words])
    with pytest.raises(SystemExit) as left:
        main()
    told = capsys.readouterr()
    return int(left.value.code or 0), told.out + told.err


def test_there_are_more_than_sixty_kinds() -> None:
    assert len(KINDS) == len(CELLS) + len(FILES) > 100


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_refused_with_its_place(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    file, damage, column = KINDS[kind]
    damage(copy)
    before = sorted(tmp_path.rglob("*"))
    for lang in ("en", "zh"):
        for words in (("check", str(copy)), ("plan", str(copy), "--quiet", "--time-limit", "5", "--out", str(tmp_path / "out"))):
            code, text = said(monkeypatch, capsys, *words, "--lang", lang)
            assert code == 2
            assert "Traceback" not in text
            own = [line for line in text.splitlines() if line.lstrip("✗! ").startswith(file)]
            assert own, text
            assert not column or any(column in line for line in own), own
    assert sorted(tmp_path.rglob("*")) == before

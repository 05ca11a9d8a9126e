"""Whatever a user types: a sentence in the asked language and exit code 2, before anything is computed, and never a stack trace."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from api import cli
from islandflow.views.words import RULES, UNITS
from tests.conftest import ROOT

TOY = str(ROOT / "data/toy")
PLAN = ("plan", TOY, "--iterations", "1", "--workers", "1", "--quiet")
AUDIT_CODE = ROOT / "islandflow/ferry/audit"


def told(words: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Exit code and what is said on standard error."""
    monkeypatch.setattr(sys, "argv", ["islandflow", *words])
    code: object = 0
    try:
        cli.main()
    except SystemExit as end:
        code = end.code
    assert isinstance(code, int)
    return code, capsys.readouterr().err


BAD = [
    ("--time-limit", "nan"), ("--time-limit", "inf"), ("--time-limit", "-5"), ("--iterations", "-1"), ("--workers", "-1"), ("--workers", "1000000"),
    ("--seed", "-5"), ("--seed", "99999999999999999999"), ("--set", "heats=1"), ("--set", "heat"), ("--set", "heat=nan"), ("--set", "mip_gap=nan"),
    ("--set", "bound_share=2"), ("--set", "iterations=inf"), ("--set", "=1"), ("--set", "seed=1.5"), ("--set", "solver="), ("--set", "workers=true"),
    ("--config", "nowhere.toml"), ("--config", "."), ("--preset", "quik"), ("--solver", "colums"), ("--service", "sumer-weekend"),
    ("--cluster", "toyy"), ("--out", TOY),
]  # fmt: skip


@pytest.mark.parametrize("words", BAD, ids=" ".join)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_word_that_cannot_be_is_refused_in_both_languages(
    words: tuple[str, ...], lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, said = told((*PLAN, "--out", str(tmp_path / "plan"), *words, f"--lang={lang}"), capsys, monkeypatch)
    assert code == 2
    assert bool(re.search("[\u4e00-\u9fff]", said)) == (lang == "zh")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["time_limit = [1]", "x", "[a]\nb = 1", "workers = true", "x = " + "[" * 9000])
def test_a_settings_file_that_cannot_be_read_is_refused(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "s.toml").write_text(text)
    assert told((*PLAN, "--config", str(tmp_path / "s.toml"), "--out", str(tmp_path / "plan")), capsys, monkeypatch)[0] == 2
    assert not (tmp_path / "plan").exists()


WRITERS = [
    (*PLAN, "--out", "{}"), ("audit", TOY, f"{TOY}/as_run/summer-weekend.csv", "--out", "{}"), ("excel", "export", TOY, "{}"),
]  # fmt: skip


@pytest.mark.parametrize("words", WRITERS, ids=["plan", "audit", "excel"])
@pytest.mark.parametrize("name", ["file/below", "l" * 300])
def test_what_cannot_be_written_is_said_before_it_is_made(
    words: tuple[str, ...], name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("mine")
    code, said = told(tuple(w.format(tmp_path / name) for w in words), capsys, monkeypatch)
    assert code == 2
    assert "cannot be" in said
    assert [f.name for f in tmp_path.iterdir()] == ["file"]


def test_an_unknown_language_is_refused(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(("check", TOY, "--lang", "fr"), capsys, monkeypatch)[0] == 2


def test_every_rule_and_unit_of_the_audit_has_words_in_both_languages() -> None:
    code = "".join(f.read_text(encoding="utf-8") for f in AUDIT_CODE.glob("*.py"))
    named = set(re.findall(r'Violation\(\s*"([a-z-]+)"', code)) | set(re.findall(r'_(?:crowded|overfull)\(facts, "([a-z-]+)"', code))
    assert len(named) > 15
    assert named <= set(RULES)
    assert {"min", "cm", "m", "call", "ride", "sailing", "vessel", "boat", "person", "vehicle"} <= set(UNITS)


def test_an_audit_in_chinese_has_no_english_sentence(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["islandflow", "audit", TOY, f"{TOY}/as_run/summer-weekend.csv", "--lang", "zh"])
    with pytest.raises(SystemExit):
        cli.main()
    text = capsys.readouterr().out
    assert "末班返岛" in text
    assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", text)

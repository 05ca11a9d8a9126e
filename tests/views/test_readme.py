"""The README prints data/toy in full: every file, every cell, in the order of the file."""

from __future__ import annotations

import csv
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PRINTED = README[README.index("## The tables of the toy") :]
FILES = sorted((ROOT / "data" / "toy").glob("*.csv"))


def printed(name: str) -> list[list[str]]:
    """The rows of a table of the README, header first, rule left out."""
    after = re.split(rf"^(?:<details><summary><code>|`){re.escape(name)}(?:</code>|`) – ", PRINTED, flags=re.MULTILINE)
    assert len(after) == 2, f"{name} is printed {len(after) - 1} times"
    table = after[1].split("\n\n")[1].splitlines()
    rows = [[cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")] for line in table]
    assert all(set(cell) == {"-"} for cell in rows[1])
    return [rows[0], *rows[2:]]


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_a_printed_table_equals_its_file(file: Path) -> None:
    with file.open(encoding="utf-8", newline="") as source:
        assert printed(file.name) == list(csv.reader(source))


def test_no_file_is_missing_and_none_invented() -> None:
    names = set(re.findall(r"^(?:<details><summary><code>|`)(\w+\.csv)", PRINTED, flags=re.MULTILINE))
    assert names == {f.name for f in FILES}
    toml = re.search(r"```toml\n(.*?)```", PRINTED, flags=re.DOTALL)
    assert toml is not None
    assert tomllib.loads(toml.group(1)) == tomllib.loads((ROOT / "data" / "toy" / "scenario.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "figure"), [("README.md", "docs/pictures/report.png"), ("README.zh-CN.md", "docs/pictures/report.png")])
def test_the_first_screen_says_what_it_is_with_commands_picture_and_result(name: str, figure: str) -> None:
    first = (ROOT / name).read_text(encoding="utf-8").splitlines()[:22]
    text = "\n".join(first)
    assert "make demo" in text
    assert "make test" in text
    assert figure in text
    assert (ROOT / figure).stat().st_size < 400_000

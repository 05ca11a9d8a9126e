"""A ferry plan folder that holds shuttles: the registry finds, reads and draws them."""

from __future__ import annotations

from pathlib import Path

import pytest

from islandflow.views.families import FAMILIES, held
from islandflow.views.gallery import UnknownView
from tests.shuttle.test_folder import folder  # noqa: F401  (the fixture)


def test_the_registry_shows_shuttles(folder: Path) -> None:  # noqa: F811
    family = FAMILIES["shuttles"]
    found = family.read(folder)
    assert all((folder / f"{t}.csv").is_file() for t in family.tables)
    assert family.opens in family.names(found)
    for lang in ("zh", "en"):
        assert {family.show(found, n, lang).name for n in family.names(found)} == set(family.names(found))
    with pytest.raises(UnknownView):
        family.show(found, "map-far", "en")


def test_a_folder_without_holds_none(folder: Path, tmp_path: Path) -> None:  # noqa: F811
    assert held(tmp_path) == ()
    (tmp_path / "shuttles").symlink_to(folder)
    assert held(tmp_path) == ("shuttles",)

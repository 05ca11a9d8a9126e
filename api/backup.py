"""Backup and restore of a server's home folder: database, scenarios, plans. The queue holds nothing that the database does not."""

from __future__ import annotations

import shutil
import sqlite3
import tarfile
import tempfile
from pathlib import Path

from api.settings import ServerSettings

PARTS = ("scenarios", "plans")
DATABASE = "islandflow.db"


def write_backup(settings: ServerSettings, target: Path) -> Path:
    """A .tar.gz. The database first: what it names was on disk before. ValueError on PostgreSQL (use pg_dump) or if the target exists."""
    if not settings.url.startswith("sqlite:///"):
        raise ValueError("--out: the database is PostgreSQL; use pg_dump, and copy the folders scenarios and plans of the home folder")
    if target.exists():
        raise ValueError(f"--out {target}: exists already; name another file")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as aside:
        copy = Path(aside) / DATABASE
        source, goal = sqlite3.connect(settings.url.removeprefix("sqlite:///")), sqlite3.connect(copy)
        try:
            source.backup(goal)
        finally:
            source.close()
            goal.close()
        half = Path(aside) / "backup.tar.gz"
        with tarfile.open(half, "w:gz") as archive:
            archive.add(copy, DATABASE)
            for part in PARTS:
                folder = settings.home / part
                for entry in sorted(folder.iterdir()) if folder.is_dir() else ():
                    if not entry.name.startswith("."):  # half-written ones
                        archive.add(entry, f"{part}/{entry.name}")
        shutil.move(half, target)
    return target


def read_backup(source: Path, home: Path) -> Path:
    """Lays a backup out as a new home folder; folders in the database follow. ValueError if the home exists or the file is no backup."""
    if home.exists():
        raise ValueError(f"--home {home}: exists already; name a new folder")
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent) as aside:
        try:
            with tarfile.open(source, "r:gz") as archive:
                archive.extractall(aside, filter="data")
        except (tarfile.TarError, OSError) as error:
            raise ValueError(f"--source {source}: is no backup ({type(error).__name__})") from None
        database = Path(aside) / DATABASE
        if not database.is_file():
            raise ValueError(f"--source {source}: holds no {DATABASE}")
        connection = sqlite3.connect(database)
        with connection:
            for table in PARTS:
                for ident, folder in connection.execute(f"SELECT id, folder FROM {table}").fetchall():
                    moved = _moved(Path(folder), home.resolve())
                    connection.execute(f"UPDATE {table} SET folder = ? WHERE id = ?", (str(moved), ident))
        connection.close()
        shutil.copytree(aside, home)
    return home


def _moved(folder: Path, home: Path) -> Path:
    """Where a folder of the old home lies in the new one."""
    parts = folder.parts
    at = max((i for i, p in enumerate(parts) if p in PARTS), default=len(parts) - 1)
    return home.joinpath(*parts[at:])

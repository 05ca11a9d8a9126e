"""Uploaded scenarios: a zip of the tables or a workbook, unpacked within limits, checked like `islandflow check`, kept under its hash."""

from __future__ import annotations

import io
import lzma
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from api.problems import Problem
from api.settings import ServerSettings
from api.store import Store
from islandflow.errors import BadInput
from islandflow.exchange.excel import import_scenario
from islandflow.scenario.reader import check_scenario, read_scenario

SUFFIXES = (".csv", ".toml", ".json", ".geojson")
BESIDE = frozenset({"__MACOSX", "as_run"})  # folders beside the tables: leavings of a packer, timetables made by hand
CHUNK = 1 << 16
# what reading a member in memory raises: damage by method of packing (bz2 says OSError), a password or an unknown method (RuntimeError), a
# place before the file (ValueError)
UNREADABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ValueError)


def keep_scenario(settings: ServerSettings, store: Store, data: bytes) -> tuple[dict[str, Any], bool]:
    """Checks an upload and keeps it; its row and whether it is new. BadInput with every fault, Problem for a file that is no upload."""
    if not data.startswith(b"PK"):
        raise Problem(422, "no-archive", "give a zip of the scenario's tables, or an xlsx workbook", "请上传方案表格的 zip 或 xlsx 工作簿")
    settings.scenarios.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".upload-", dir=settings.scenarios))
    try:
        names = measured(data, settings)
        folder = aside / "scenario"
        if "xl/workbook.xml" in names:
            book = aside / "upload.xlsx"
            book.write_bytes(data)
            import_scenario(book, folder)
        else:
            unpack(data, folder, settings)
        faults = check_scenario(folder)
        if any(not f.warning for f in faults):
            raise BadInput(faults)
        scenario = read_scenario(folder)
        row = {"id": scenario.digest[:12], "digest": scenario.digest, "name_zh": scenario.name_zh, "name_en": scenario.name_en,
               "folder": str((settings.scenarios / scenario.digest[:12]).resolve())}  # fmt: skip
        known = store.scenario(row["id"])
        if known is None:
            goal = Path(row["folder"])
            if not goal.exists():
                os.replace(folder, goal)
            store.add_scenario(row)
        found = store.scenario(row["id"])
        assert found is not None
        return found | {"warnings": [f for f in faults if f.warning]}, known is None
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def measured(data: bytes, settings: ServerSettings) -> list[str]:
    """Names in an archive whose stated sizes are within the limits. Problem for what is no archive or too much."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    # what reading the directory raises: damage, a name that says it is UTF-8 and is not (ValueError), a later version of the format
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Problem(422, "no-archive", "this is no readable zip or xlsx file", "不是可读取的 zip 或 xlsx 文件") from None
    if len(entries) > settings.zip_files or sum(e.file_size for e in entries) > settings.zip_mb * 1_000_000:
        raise Problem(
            413,
            "archive-too-large",
            f"an archive may hold {settings.zip_files} files and {settings.zip_mb} MB",
            f"压缩包最多 {settings.zip_files} 个文件、{settings.zip_mb} MB",
        )
    return [e.filename for e in entries]


def unpack(data: bytes, folder: Path, settings: ServerSettings) -> None:
    """The tables of a zip, by their bare names, into a new folder; at most one folder deep. Never writes outside it, nor more than the limit.

    Stated sizes may lie, so what is written is counted too.
    """
    folder.mkdir(parents=True)
    left = settings.zip_mb * 1_000_000
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            path = PurePosixPath(entry.filename)
            if entry.is_dir() or not BESIDE.isdisjoint(path.parts[:-1]) or path.name.startswith("."):
                continue
            if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or len(path.parts) > 2 or ":" in entry.filename:
                raise Problem(
                    422, "archive-path", f"'{entry.filename[:80]}' is no plain file name", f"「{entry.filename[:80]}」不是普通文件名"
                )
            if path.suffix not in SUFFIXES or (entry.external_attr >> 16) & 0o170000 == 0o120000:
                raise Problem(
                    422,
                    "archive-file",
                    f"'{path.name[:80]}' is no table of a scenario; {', '.join(SUFFIXES)} are",
                    f"「{path.name[:80]}」不是方案文件",
                )
            if (folder / path.name).exists():
                raise Problem(422, "archive-file", f"'{path.name[:80]}' stands twice", f"「{path.name[:80]}」重复")
            with (folder / path.name).open("wb") as out:
                for chunk in _chunks(archive, entry):
                    left -= len(chunk)
                    if left < 0:
                        raise Problem(
                            413, "archive-too-large", f"more than {settings.zip_mb} MB when unpacked", f"解压后超过 {settings.zip_mb} MB"
                        )
                    out.write(chunk)


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a file in an archive. Problem for what cannot be unpacked; a fault of our own disk is not the sender's."""
    try:
        with archive.open(entry) as source:
            while chunk := source.read(CHUNK):
                yield chunk
    except UNREADABLE as error:
        name = PurePosixPath(entry.filename).name[:80]
        raise Problem(422, "no-archive", f"'{name}' cannot be unpacked ({type(error).__name__})", f"「{name}」无法解压") from None

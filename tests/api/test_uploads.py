"""Damage in an archive is the sender's and is said so; a full disk is ours and is not blamed on the sender."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from api.problems import Problem
from api.settings import ServerSettings
from api.uploads import measured, unpack

METHODS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
TABLE = b"port_id,name\n" + bytes(str(list(range(4000))), "ascii")


def packed(method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("ports.csv", TABLE)
    return out.getvalue()


@pytest.mark.parametrize("method", METHODS)
def test_a_whole_archive_is_unpacked(tmp_path: Path, method: int) -> None:
    unpack(packed(method), tmp_path / "new", ServerSettings())
    assert (tmp_path / "new" / "ports.csv").read_bytes() == TABLE


@pytest.mark.parametrize("method", METHODS)
def test_damaged_contents_are_a_fault_with_its_name(tmp_path: Path, method: int) -> None:
    data = bytearray(packed(method))
    for at in range(60, 400):
        data[at] ^= 0xFF
    assert measured(bytes(data), ServerSettings()) == ["ports.csv"]
    with pytest.raises(Problem, match=r"ports\.csv") as found:
        unpack(bytes(data), tmp_path / "new", ServerSettings())
    assert found.value.status_code == 422  # noqa: PLR2004


def test_a_disk_that_takes_no_more_is_not_called_a_bad_archive(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(packed(zipfile.ZIP_DEFLATED))
    code = f"""
import resource
from pathlib import Path
from api.settings import ServerSettings
from api.uploads import unpack
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
unpack(Path({str(tmp_path / "a.zip")!r}).read_bytes(), Path({str(tmp_path / "new")!r}), ServerSettings())
"""
    run = subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False)
    assert run.returncode
    assert "OSError" in run.stderr.splitlines()[-1]

"""docs/api.md does what it says: every block is run, in order, against a server with a plan of Zhoushan."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.test_kills import running

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"```(bash|python)\n(.*?)```\n<!-- expect: (.*?) -->", re.DOTALL)
MARK = "=====block====="


@pytest.mark.slow
def test_every_block_of_the_docs_runs(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    blocks = BLOCK.findall(text)
    assert len(blocks) == text.count("```") // 2 >= 10
    demo = tmp_path / "demo"
    command = [
        sys.executable,
        "-m",
        "api.cli",
        "plan",
        "data/zhoushan",
        "--time-limit",
        "20",
        "--set",
        "workers=1",
        "--quiet",
        "--out",
        str(demo),
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with running(tmp_path / "home", "", demo) as server:
        lines = ["set -eu"]
        for kind, code, _ in blocks:
            lines.append(code if kind == "bash" else f"{sys.executable} - <<'PYTHON'\n{code}PYTHON\n")
            lines.append(f"echo; echo {MARK}")
        script = tmp_path / "docs.sh"
        script.write_text("\n".join(lines), encoding="utf-8")
        commands = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "ISLANDFLOW": f"http://127.0.0.1:{server.port}", "ISLANDFLOW_HOME": str(tmp_path / "home"), "PATH": commands}
        done = subprocess.run(["bash", str(script)], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240)
    told = done.stdout.split(MARK)
    assert done.returncode == 0, (len(told), done.stdout[-1500:], done.stderr[-1500:])
    for (_, code, expected), said in zip(blocks, told, strict=False):
        assert expected in said, (code, said[-1500:])


def test_every_operation_group_is_in_the_docs() -> None:
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    for path in (
        "/journeys",
        "/journeys/page",
        "/itineraries",
        "/plans",
        "/publications",
        "/scenarios",
        "/feeds/gtfs.zip",
        "/figures/",
        "/notices",
        "/seats",
        "/audits",
        "/plans/compare",
        "/sites",
    ):
        assert path in text

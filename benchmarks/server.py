"""`islandflow serve` as a process of its own, for benchmarks of what it answers."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STARTS_S = 60.0


@contextmanager
def served(home: Path, demo: Path, **environment: str) -> Iterator[str]:
    """The address of a server that is ready; RuntimeError if it is not within a minute."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    command = [sys.executable, "-m", "api.cli", "serve", "--port", str(port), "--home", str(home), "--demo", str(demo)]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL, env={**os.environ, **environment})
    base = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + STARTS_S
        while True:
            try:
                urllib.request.urlopen(f"{base}/readyz", timeout=2).close()
                break
            except OSError:
                if time.monotonic() > until or server.poll() is not None:
                    raise RuntimeError("the server does not start") from None
                time.sleep(0.1)
        yield base
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()

"""Chromium spoken to through a pipe: a laptop's or a phone's screen, and every word that a page says on its console."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

WORDS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--remote-debugging-pipe",
)  # fmt: skip
SAID = ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")
Row = dict[str, Any]


class Page:
    """One page; ``said`` is what it has told its console since it was opened."""

    def __init__(self, read: int, write: int) -> None:
        self.read, self.write = read, write
        self.rest, self.number, self.session = b"", 0, ""
        self.said: list[Row] = []
        self.loaded = False
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for part in ("Page", "Runtime", "Log"):
            self.ask(f"{part}.enable")

    def ask(self, method: str, **values: Any) -> Row:
        """What a command answers. RuntimeError for one that is refused."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": values} | ({"sessionId": self.session} if self.session else {})
        os.write(self.write, json.dumps(message).encode() + b"\0")
        found: list[Row] = []
        self._until(lambda m: m.get("id") == self.number and found.append(m) is None, method)
        if "error" in found[0]:
            raise RuntimeError(f"{method}: {found[0]['error']}")
        result: Row = found[0]["result"]
        return result

    def _until(self, wanted: Callable[[Row], bool], what: str, seconds: float = 90) -> None:
        end = time.monotonic() + seconds
        while True:
            while b"\0" not in self.rest:
                if not select.select([self.read], [], [], max(0.0, end - time.monotonic()))[0]:
                    raise TimeoutError(what)
                self.rest += os.read(self.read, 1 << 20)
            line, _, self.rest = self.rest.partition(b"\0")
            message = json.loads(line)
            self.loaded |= message.get("method") == "Page.loadEventFired"
            if message.get("method") in SAID:
                self.said.append(message["params"])
            if wanted(message):
                return

    def size(self, width: int, height: int) -> None:
        """A laptop's screen, or a phone's if it is narrow."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)

    def open(self, url: str) -> None:
        """Goes to an address, and waits until it is loaded and its chart is drawn."""
        self.said, self.loaded = [], False
        self.ask("Page.navigate", url=url)
        if not self.loaded:
            self._until(lambda _: self.loaded, url)
        drawn = "!document.getElementById('figure') || !!document.querySelector('.main-svg') || document.getElementById('figure').textContent == '\\u2717'"
        end = time.monotonic() + 90
        while not self.value(drawn):
            if time.monotonic() > end:
                raise TimeoutError(url)
            time.sleep(0.05)

    def value(self, script: str) -> Any:
        """The value of an expression in the page."""
        return self.ask("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    def picture(self, file: Path, *, whole: bool = False) -> None:
        """A PNG of what is seen, or of the whole page."""
        found = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        file.write_bytes(base64.b64decode(found["data"]))


@contextmanager
def browser(program: str, profile: Path) -> Iterator[Page]:
    """A page of a browser that reaches nothing but this machine."""
    low = [fd for pair in (os.pipe(), os.pipe()) for fd in pair]
    ends = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 20) for fd in low]  # out of the way of 3 and 4, which the browser reads and writes
    for fd in low:
        os.close(fd)
    command = ["bash", "-c", f'exec "$@" 3<&{ends[0]} 4>&{ends[3]}', "bash", program, *WORDS, f"--user-data-dir={profile}"]
    process = subprocess.Popen(command, pass_fds=(ends[0], ends[3]), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield Page(ends[2], ends[1])
    finally:
        process.kill()
        process.wait()
        for end in ends:
            os.close(end)

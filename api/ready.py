"""The best plan so far lies ready on disk: whoever asks for the end of a long solve has it within two seconds, on a busy machine too.

Seating and judging the very last timetable of an archipelago takes seconds. Each better plan is therefore written beside its target as
soon as it is known. When the end is asked for, the usual way may still finish; after `PATIENCE_S` the plan that lies ready takes its place.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from islandflow.ferry.folder import put_in_place
from islandflow.ferry.plan import FerryPlan

PATIENCE_S = 0.8  # the usual way brings a newer plan, if it is quick enough


class Overtaken(Exception):
    """Another hand has put the plan in place: what was being written is not needed any more."""


class Ready:
    """``write`` a plan of that cost into a folder, whole but for the report; ``freshen`` what it says of bound and time; ``kept`` is called
    once a plan is in place, and ``report`` writes the report page of the folder that is."""

    def __init__(
        self, out: Path, write: Callable[[FerryPlan, int, Path], None], freshen: Callable[[Path], None], kept: Callable[[], None], report: Callable[[], None]
    ) -> None:  # fmt: skip
        self.out, self.write, self.freshen, self.kept, self.report = out, write, freshen, kept, report
        self.folder = out.with_name(f".{out.name}-ready")
        self.lock, self.done = threading.Lock(), threading.Event()
        self.asked = self.placed = self.overtaken = False

    def keep(self, plan: FerryPlan, objective: int) -> None:
        """Takes a better plan; called by whoever searches."""
        if not self.asked:
            self.write(plan, objective, self.folder)

    def stop(self) -> None:
        """The end was asked for: the plan at hand is put in place unless a newer one is by then."""
        if not self.asked:
            self.asked = True
            timer = threading.Timer(PATIENCE_S, self.overtake)
            timer.daemon = True
            timer.start()

    def claim(self) -> None:
        """Whoever has filled the folder for the target calls this last; Overtaken if it is too late."""
        with self.lock:
            if self.placed:
                raise Overtaken
            self.placed = True

    def overtake(self) -> None:
        """Puts the plan that lies ready in place, if there is one and no other is."""
        try:
            with self.lock:
                if self.placed or not (self.folder / "plan.json").is_file():
                    return
                self.placed = self.overtaken = True
            self.freshen(self.folder)
            put_in_place(self.folder, self.out)
            self.kept()
            self.report()
        finally:
            self.done.set()

    def finish(self) -> None:
        """Waits for whoever has overtaken, and leaves nothing beside the target."""
        if self.overtaken:
            self.done.wait()
        with suppress(OSError):
            shutil.rmtree(self.folder)

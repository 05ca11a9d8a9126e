"""Where the jobs of a season run: processes on this machine, or a Dask cluster; either gives the same plans."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import Any, Protocol

from solvers.season.jobs import Hear, Job, Outcome, run_job


class Pool(Protocol):
    """Runs jobs and hands back outcomes as they come; ``stop`` makes it end soon."""

    def run(self, jobs: Sequence[Job], stop: threading.Event, hear: Hear) -> Iterator[Outcome]:
        """Outcomes in the order in which they are ready."""


class LocalPool:
    """A process a job, so many at once."""

    def __init__(self, at_once: int) -> None:
        self.at_once = max(1, at_once)

    def run(self, jobs: Sequence[Job], stop: threading.Event, hear: Hear) -> Iterator[Outcome]:
        """Outcomes as they come; once stopped no job is begun, and those at work hand in what they have."""
        with ThreadPoolExecutor(self.at_once) as threads:
            waiting = {threads.submit(self._one, job, stop, hear) for job in jobs}
            while waiting:
                done, waiting = wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)

    def _one(self, job: Job, stop: threading.Event, hear: Hear) -> Outcome:
        return Outcome(job.name, None, "not begun") if stop.is_set() else run_job(job, stop, hear)


class DaskPool:
    """The same jobs on the workers of a Dask scheduler; the job of a worker that is lost goes to another one."""

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise ValueError("--scheduler: install islandflow[cluster] first") from None
        try:
            made: Any = Client
            self.client: Any = made(address, timeout="20s", set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise ValueError(f"--scheduler {address}: no scheduler answers there ({type(error).__name__})") from None

    def run(self, jobs: Sequence[Job], stop: threading.Event, hear: Hear) -> Iterator[Outcome]:
        """Outcomes as they come; once stopped, what is not done is given up."""
        from distributed import as_completed

        # a job is never taken for another of the same arguments that ran before
        futures = [self.client.submit(run_job, job, key=f"{job.name}-{os.urandom(6).hex()}", retries=2, pure=False) for job in jobs]
        names = {future.key: job.name for future, job in zip(futures, jobs, strict=True)}
        ready: Any = as_completed
        threading.Thread(target=_give_up_when, args=(stop, futures), daemon=True).start()
        for future in ready(futures, loop=self.client.loop):
            if future.status == "finished":
                yield future.result()
            else:
                reason = "not begun" if future.cancelled() else str(future.exception())[:200]
                yield Outcome(names[future.key], None, reason)

    def close(self) -> None:
        """Leaves the cluster."""
        self.client.close()


def _give_up_when(stop: threading.Event, futures: Sequence[Any]) -> None:
    stop.wait()
    for future in futures:
        future.cancel()


def at_once(workers: int) -> int:
    """How many plans of so many workers this machine can make at once."""
    return max(1, len(os.sched_getaffinity(0)) // workers) if hasattr(os, "sched_getaffinity") else max(1, (os.cpu_count() or 1) // workers)


__all__ = ["DaskPool", "LocalPool", "Pool", "at_once"]

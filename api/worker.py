"""The worker: `python -m api.worker` listens to the queue, sweeps up what a dead worker left, and stops on SIGTERM."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType

from api.jobs import SWEEP_S, Jobs
from api.lifeline import die_with_parent
from api.logs import logger, set_up_logs
from api.settings import server_settings
from api.store import Store, open_database


def main() -> None:
    """Works until told to stop. With ISLANDFLOW_OWNED=1 it dies with the server that started it."""
    if os.environ.get("ISLANDFLOW_OWNED"):
        die_with_parent()
    set_up_logs()
    settings = server_settings()
    jobs = Jobs(settings, Store(open_database(settings.url)))
    consumer = jobs.huey.create_consumer(workers=settings.workers, worker_type="thread", periodic=False, initial_delay=0.05, max_delay=0.5)

    def stop(_: int, __: FrameType | None) -> None:
        jobs.closing.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    logger().info("worker", worker=jobs.worker, solves_at_once=settings.workers)
    consumer.start()
    # huey takes the signals for itself; the worker wants to end its child first
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    while not jobs.closing.is_set():
        try:
            lost = jobs.sweep()
            if lost:
                logger().warning("found lost plans", count=lost)
        except Exception:
            logger().exception("sweep failed")
        jobs.closing.wait(SWEEP_S)
    consumer.stop(graceful=True)
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(timeout=30)


if __name__ == "__main__":
    main()

"""Work on the parts: what is done in which order, in this process or in processes of their own."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.synchronize import Event

from islandflow.ferry.problem.parts import Part
from solvers.contract import Settings, Watch
from solvers.ferry.aside import end_with_parent
from solvers.ferry.fleet import Fleet
from solvers.ferry.fleet_state import Quays
from solvers.ferry.part_search import News, PartSearch

SEATING = 20.0  # seconds between two times at which everybody is seated while the search goes on
TELLING = 2.0  # seconds between two lines of the trace
FOREVER = 1e6  # seconds: with rounds the clock must not matter
SMALL, TINY = 500_000, 20_000  # candidates times groups up to which an exact model is tried; with rounds it must end by itself
PROOF = 0.1  # share of the time in which an exact model must end
LEAST = 0.03
LAST_RATE = 0.01  # first step of the second ascent: the prices are near their best


def work(
    numbers: Sequence[int],
    parts: Sequence[Part],
    settings: Settings,
    others: Sequence[Quays],
    watch: Watch,
    closing: float,
    tell: Callable[[News], None],
) -> None:
    """Works on some parts one after the other: proofs, ascents, searches, and at the end the ascents again."""
    rounds = settings.iterations

    def left() -> float:
        return max(0.0, watch.left() - closing)

    at_work = []
    for n in numbers:
        if watch.stopped:
            return
        at_work.append(PartSearch(n, parts[n], settings, others[n], tell))
        at_work[-1].report()
    for part in at_work:
        part.prove(watch, FOREVER if rounds else PROOF * left() / len(at_work) + 1, TINY if rounds else SMALL)
    open_parts = [p for p in at_work if not p.proven]
    shares = _shares([p.problem.candidates for p in open_parts])
    time_left = left()
    for part, share in zip(open_parts, shares, strict=True):
        part.climb(watch.phase(settings.bound_share * time_left * share, rounds))
    for part in open_parts:
        part.fill(lambda: watch.stopped)
    # who had all the rounds a climb can use gives the rest of the time to the search
    rising = [(p, share) for p, share in zip(open_parts, shares, strict=True) if not p.lagrangian.settled]
    last = 0.25 * settings.bound_share * sum(share for _, share in rising)
    time_left = left() / max(1e-6, 1 - settings.bound_share) * max(0.0, 1 - settings.bound_share - last)
    for part, share in zip(open_parts, shares, strict=True):
        part.improve(watch.phase(time_left * share, 4 * rounds))
    time_left = left()
    for part, share in rising:
        part.climb(watch.phase(time_left * share / sum(s for _, s in rising), max(1, rounds // 4) if rounds else 0), LAST_RATE)


def _shares(candidates: Sequence[int]) -> list[float]:
    """Shares of the time, by candidates; a small part has ``LEAST`` of the whole's weight, or a line of ten boats would get half a second."""
    weights = [max(c + 1, LEAST * sum(candidates)) for c in candidates]
    return [w / sum(weights) for w in weights]


def beside(parts: Sequence[Part], settings: Settings, others: Sequence[Quays], closing: float, fleet: Fleet, watch: Watch) -> None:
    """Bins of parts, a process each; the best plan so far is seated while they work."""
    bins: list[list[int]] = [[] for _ in range(min(settings.workers, len(parts)))]
    for number in range(len(parts)):
        min(bins, key=lambda b: sum(parts[n].problem.candidates for n in b)).append(number)
    context = multiprocessing.get_context("fork")
    stop = context.Event()
    pipes, processes = [], []
    for numbers in bins:
        mine, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_child, args=(numbers, parts, settings, others, watch, closing, stop, theirs))
        process.start()
        theirs.close()
        pipes.append(mine)
        processes.append(process)
    try:
        _listen(pipes, stop, closing, fleet, watch)
    finally:
        for process in processes:
            process.kill()
            process.join()


def _listen(pipes: list[Connection], stop: Event, closing: float, fleet: Fleet, watch: Watch) -> None:
    """Hears the workers until all have ended, or must; seats everybody now and then."""
    seated = told = watch.seconds()
    asked: float | None = None
    while pipes:
        for pipe in wait(pipes, timeout=0.2):
            assert isinstance(pipe, Connection)
            try:
                news = pipe.recv()
                if isinstance(news, BaseException):
                    raise news
                fleet.hear(news)
            except (EOFError, OSError):
                pipes.remove(pipe)
        if watch.stopped and asked is None:
            stop.set()
            asked = watch.seconds()
        if (asked is not None and watch.seconds() - asked > 1) or watch.left() < closing - 2:  # noqa: PLR2004
            break
        if fleet.stale and watch.seconds() - seated > SEATING:
            fleet.seat()
            seated = watch.seconds()
        if watch.seconds() - told > TELLING:
            told = watch.seconds()
            fleet.tell("search")


def _child(
    numbers: Sequence[int],
    parts: Sequence[Part],
    settings: Settings,
    others: Sequence[Quays],
    watch: Watch,
    closing: float,
    stop: Event,
    pipe: Connection,
) -> None:
    # the parent decides when to stop: an interrupt is its own affair, and its word to end is final
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent()
    own = Watch(watch.limit, watch.begun)
    threading.Thread(target=_stop_when, args=(stop, own), daemon=True).start()
    try:
        work(numbers, parts, settings, others, own, closing, pipe.send)
    except BrokenPipeError:
        return
    except Exception as error:  # noqa: BLE001  (said to the parent, which raises it)
        pipe.send(error)
    pipe.close()


def _stop_when(stop: Event, watch: Watch) -> None:
    stop.wait()
    watch.stopped = True

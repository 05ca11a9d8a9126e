"""Readers while a plan is made: an open loop of reads a second against a server, latencies from the moment each was due.

    python -m benchmarks.load --instances PLAN_FOLDER --seconds 30 --seed 1 --out FILE.csv [--rate 100]

Starts `islandflow serve` on the plan folder, starts one solve (one thread, lower priority), and asks: 60 % boards, 30 % journeys, 5 %
itineraries (half of them asked before), 5 % figures. One row with the 99th percentile as value; status 1 if a read fails or p99 > 100 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from benchmarks.harness import append_row, cores, versions
from benchmarks.server import served
from islandflow.passengers.published import Published, read_published

CONNECTIONS, LIMIT_MS = 24, 100.0
VIEWS = ("timetable", "vessels", "berths", "loads", "map", "gap", "frequency", "left-behind")
Ask = tuple[str, str, str, bytes]  # kind, method, path, body


def asks(published: Published, plan: str, count: int, seed: int) -> list[Ask]:
    """A mix of reads."""
    rng = random.Random(seed)
    day = published.calendar[0].date
    ports = sorted({p for f in published.plans.values() for s in f.plan.sailings for p in s.ports})
    trips = [_trip(rng, f"{day}", ports) for _ in range(4)]
    found: list[Ask] = []
    for _ in range(count):
        dice, lang = rng.random(), rng.choice(["zh", "en"])
        if dice < 0.60:
            side = rng.choice(["departures", "arrivals"])
            found.append(
                ("board", "GET", f"/ports/{rng.choice(ports)}/{side}?date={day}&after={rng.randint(5, 18):02d}:00&lang={lang}", b"")
            )
        elif dice < 0.90:
            a, b = rng.sample(ports, 2)
            found.append(
                (
                    "journey",
                    "GET",
                    f"/journeys?from={a}&to={b}&date={day}&depart_after={rng.randint(5, 17):02d}:{rng.randint(0, 59):02d}&lang={lang}",
                    b"",
                )
            )
        elif dice < 0.95:
            found.append(
                ("itinerary", "POST", f"/itineraries?lang={lang}", rng.choice(trips) if rng.random() < 0.5 else _trip(rng, f"{day}", ports))
            )
        else:
            found.append(("figure", "GET", f"/plans/{plan}/figures/{rng.choice(VIEWS)}?lang={lang}", b""))
    return found


def _trip(rng: random.Random, day: str, ports: Sequence[str]) -> bytes:
    return json.dumps(
        {"start": rng.choice(ports), "date": day, "days": 1, "pace": rng.choice(["slow", "normal"]), "party": rng.randint(1, 6)}
    ).encode()


class Client:
    """Keeps connections open; one request at a time on each."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter] | None] = asyncio.Queue()
        for _ in range(CONNECTIONS):
            self.free.put_nowait(None)

    async def ask(self, ask: Ask) -> int:
        """Status of an answer, read to its end."""
        _, method, path, body = ask
        pair = await self.free.get() or await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = pair
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
        if "content-length" in headers:
            await reader.readexactly(int(headers["content-length"]))
        else:
            while size := int((await reader.readline()).strip() or b"0", 16):
                await reader.readexactly(size + 2)
            await reader.readline()
        self.free.put_nowait(pair)
        return int(lines[0].split()[1])


async def measure(port: int, mix: Sequence[Ask], rate: float) -> dict[str, list[tuple[float, int]]]:
    """Milliseconds and status by kind; each read begins when it is due, whatever became of the others."""
    client, found = Client(port), defaultdict(list)
    begun = time.perf_counter()

    async def one(number: int, ask: Ask) -> None:
        due = begun + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        status = await client.ask(ask)
        found[ask[0]].append((1000 * (time.perf_counter() - due), status))

    await asyncio.gather(*(one(n, a) for n, a in enumerate(mix)))
    return dict(found)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which a share lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the load; 1 if a read fails or is too slow."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load")
    parser.add_argument("--instances", type=Path, required=True, help="plan folder or season folder")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rate", type=float, default=100, help="reads a second")
    parser.add_argument("--idle", action="store_true", help="no solve beside")
    given = parser.parse_args(arguments)
    published = read_published(given.instances)
    with tempfile.TemporaryDirectory() as home, served(Path(home) / "server", given.instances, ISLANDFLOW_NICE="19") as base:
        port = int(base.rpartition(":")[2])
        plan = json.load(urllib.request.urlopen(f"{base}/plans"))["items"][0]
        views = [("figure", "GET", f"/plans/{plan['id']}/figures/{view}?lang={lang}", b"") for view in VIEWS for lang in ("zh", "en")]
        asyncio.run(measure(port, views, 4))  # a server draws them when it starts; who asks waits until it has
        if not given.idle:
            body = {"scenario": plan["scenario"], "service": plan["service"], "settings": {"workers": 1, "time_limit": 600}}
            urllib.request.urlopen(urllib.request.Request(f"{base}/plans", json.dumps(body).encode(), {"Content-Type": "application/json"}))
            time.sleep(5)
        asyncio.run(measure(port, asks(published, plan["id"], 100, given.seed + 1), 50))
        result = asyncio.run(measure(port, asks(published, plan["id"], int(given.rate * given.seconds), given.seed), given.rate))
    every = [x for rows in result.values() for x in rows]
    failed = sum(status != 200 for _, status in every)
    for kind, rows in {**result, "all": every}.items():
        took = [ms for ms, _ in rows]
        print(
            f"{kind:<10} {len(rows):>5} reads  median {percentile(took, 0.5):6.1f}  p95 {percentile(took, 0.95):6.1f}  p99 {percentile(took, 0.99):6.1f} ms"
        )
    p99 = percentile([ms for ms, _ in every], 0.99)
    append_row(given.out, {
        "case": f"{given.rate:g} reads/s{' idle' if given.idle else ''}", "solver": "islandflow", "value": f"{p99:.1f}", "bound": "", "gap": "", "known": "",
        "seconds": f"{given.seconds:g}", "peak_mb": "", "status": "feasible" if not failed else "error", "cores": str(cores()), "versions": versions(),
    })  # fmt: skip
    print(f"p99 {p99:.1f} ms at {given.rate:g} reads/s, {failed} failed")
    return int(failed > 0 or p99 > LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())

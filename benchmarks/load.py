"""Loads the service over HTTP on loopback: ``python benchmarks/load.py --workers 1 2``.

50 brokers, each on a connection of its own, ask for pairings only (``POST /api/v1/matches``, with
k = 20 and reasons, every text another one): first so many a second (``--offered``), at random
moments (and what is asked too late counts from the moment at which it was due), then one request
after another. Then comes a working day: pairings, records and lists, and 5 % writes, with memory
taken before, while only pairings are asked for, and at the end of each minute. The clients run in
one process on the same machine and take their share of its cores. Times are in milliseconds.
"""

import argparse
import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
from asking import Request, anything, pairings, queries
from http_client import Client
from service import copied, memory, prepare, serving

BROKERS = 50
SAMPLES = 10
"""Of memory, one a second: every ten seconds the service gives back what is free."""


@dataclass
class Tally:
    """What came back: milliseconds, and how often each status."""

    taken: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def report(self, seconds: float) -> dict[str, Any]:
        """Requests a second, median and tail, errors."""
        p50, p95, p99 = np.percentile(self.taken, (50, 95, 99)).round(1)
        wrong = {str(s): n for s, n in self.statuses.items() if s >= 400}
        rate = round(len(self.taken) / seconds, 1)
        return {"requests/s": rate, "p50": p50, "p95": p95, "p99": p99, "errors": wrong}


def main() -> None:
    """Prepare, then measure with each number of workers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/hongniang-load"))
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seconds", type=float, default=30)
    rates = [80.0, 150.0, 200.0, 250.0]
    parser.add_argument(
        "--offered", type=float, nargs="*", default=rates, help="pairings asked for a second"
    )
    parser.add_argument("--day", type=float, default=600, help="seconds of the mixed load")
    parser.add_argument("--port", type=int, default=8099)
    given = parser.parse_args()
    key = prepare(given.folder / str(given.docs), given.docs)
    for workers in given.workers:
        with (
            copied(given.folder / str(given.docs)) as folder,
            serving(folder, given.port, workers) as pid,
        ):
            print(json.dumps(asyncio.run(_measure(given, key, workers, pid)), indent=2))


async def _measure(given: argparse.Namespace, key: str, workers: int, pid: int) -> dict[str, Any]:
    texts = queries(2000)
    ids = await _ids(given.port, key)
    matching, day = (lambda: pairings(texts)), (lambda: anything(texts, ids))
    await _load(given.port, key, 10, 10, matching)  # every process has loaded everything
    alone = await _load(given.port, key, 1, 10, matching)
    offered = {
        f"{rate:.0f} pairings a second, offered": await _load(
            given.port, key, BROKERS, given.seconds, matching, rate
        )
        for rate in given.offered
    }
    pure = await _load(given.port, key, BROKERS, given.seconds, matching)
    async with asyncio.TaskGroup() as group:
        resident = group.create_task(_memory(pid))
        await _load(given.port, key, BROKERS, SAMPLES + 2, matching)
    async with asyncio.TaskGroup() as group:
        minutes = group.create_task(_minutes(pid, given.day))
        mixed = await _load(given.port, key, BROKERS, given.day, day)
    held = [resident.result(), *minutes.result()]
    return {
        "documents": given.docs,
        "workers": workers,
        "one request alone": alone,
        **offered,
        f"{BROKERS} brokers, pairings only": pure,
        f"{BROKERS} brokers, mixed, {given.day:.0f} s": mixed,
        "memory before and each minute, MB": [round(now) for now in held],
        "growth, %": round(100 * (held[-1] / held[0] - 1), 1),
    }


async def _load(
    port: int,
    key: str,
    brokers: int,
    seconds: float,
    request: Callable[[], Request],
    offered: float = 0.0,
) -> dict[str, Any]:
    """``offered``: requests a second; without, each broker asks as soon as he has his answer."""
    tally, began = Tally(), time.perf_counter()
    gaps = brokers / offered if offered else 0.0
    asking = (_broker(port, key, began + seconds, request, tally, gaps) for _ in range(brokers))
    await asyncio.gather(*asking)
    return tally.report(time.perf_counter() - began)


async def _broker(
    port: int, key: str, end: float, request: Callable[[], Request], tally: Tally, gaps: float
) -> None:
    """``gaps``: seconds between two requests, on average."""
    client = await Client.connect(port, key)
    due = time.perf_counter()
    while True:
        due = due + random.expovariate(1 / gaps) if gaps else time.perf_counter()
        if due >= end:
            break
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        method, path, body = request()
        answer = await client.send(method, path, body)
        tally.taken.append(1000 * (time.perf_counter() - due))
        tally.statuses[answer.status] += 1
    await client.close()


async def _minutes(pid: int, seconds: float) -> list[float]:
    """Megabytes at the end of each minute, and at the end."""
    found, end = [], time.perf_counter() + seconds
    while (left := end - time.perf_counter()) > SAMPLES:
        await asyncio.sleep(min(60.0, left) - SAMPLES)
        found.append(await _memory(pid))
    return found


async def _memory(pid: int) -> float:
    """Megabytes, the mean of ten seconds."""
    found = []
    for _ in range(SAMPLES):
        found.append(memory(pid))
        await asyncio.sleep(1)
    return fmean(found)


async def _ids(port: int, key: str) -> dict[str, list[str]]:
    client = await Client.connect(port, key)
    found = {}
    for kind in ("demands", "achievements"):
        page = json.loads((await client.send("GET", f"/api/v1/{kind}?limit=100")).body)
        found[kind] = [item["id"] for item in page["items"]]
    await client.close()
    return found


if __name__ == "__main__":
    main()

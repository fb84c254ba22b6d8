"""Times what the form asks while somebody types: ``python benchmarks/coach.py --docs 100000``.

The demo demands as they grow, cut at a random place, against the library of ``load.py``. First the
service alone, in this process; then over HTTP on loopback, one request after another. The score by
itself is what is stored with a demand. Times are in milliseconds; in this process also of the
processor alone, which others on the machine do not lengthen.
"""

import argparse
import asyncio
import json
import random
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
from http_client import Client
from matching import stored_demands
from service import prepare, serving

from api.bootstrap import open_workspace
from api.services.coaching import advice
from api.settings import Settings
from matcher.coaching import coach_score

_TEXTS = ("title", "problem", "indicators", "goal")


def main() -> None:
    """Prepare, then measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/hongniang-load"))
    parser.add_argument("--times", type=int, default=500)
    parser.add_argument("--port", type=int, default=8101)
    given = parser.parse_args()
    random.seed(7)
    folder = given.folder / str(given.docs)
    key = prepare(folder, given.docs)
    forms = [half_typed() for _ in range(given.times)]
    demands = list(stored_demands())
    workspace = open_workspace(Settings(data=folder))
    report = {
        "documents": given.docs,
        "score alone": timed(lambda i: coach_score(demands[i % 64]), given.times),
        "score alone, processor": timed(
            lambda i: coach_score(demands[i % 64]), given.times, time.process_time
        ),
        "service": timed(lambda i: advice(workspace, forms[i]), given.times),
        "service, processor": timed(
            lambda i: advice(workspace, forms[i]), given.times, time.process_time
        ),
    }
    workspace.close()
    with serving(folder, given.port, 1):
        report["over HTTP"] = asyncio.run(_asked(given.port, key, forms))
    print(json.dumps(report, indent=2))


def half_typed() -> dict[str, str]:
    """A demand somewhere on its way: all fields but the last one that is begun are finished."""
    demand = asdict(random.choice(list(stored_demands())))
    begun = random.randint(1, len(_TEXTS))
    form = {name: demand[name] for name in _TEXTS[:begun]}
    last = _TEXTS[begun - 1]
    form[last] = form[last][: random.randint(1, len(form[last]))]
    return form | {"organisation": demand["organisation"], "contact": demand["contact"]}


def timed(
    call: Callable[[int], object], times: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, float]:
    """Median and tail of calls, after some that do not count."""
    for i in range(20):
        call(i)
    taken = []
    for i in range(times):
        began = clock()
        call(i)
        taken.append(1000 * (clock() - began))
    return percentiles(taken)


async def _asked(port: int, key: str, forms: list[dict[str, str]]) -> dict[str, float]:
    client = await Client.connect(port, key)
    taken = []
    for form in [*forms[:20], *forms]:
        began = time.perf_counter()
        answer = await client.send("POST", "/api/v1/coach", form)
        taken.append(1000 * (time.perf_counter() - began))
        if answer.status != 200:
            raise RuntimeError(f"status {answer.status}")
    await client.close()
    return percentiles(taken[20:])


def percentiles(taken: list[float]) -> dict[str, float]:
    """p50, p95, p99."""
    return {f"p{p}": round(float(np.percentile(taken, p)), 1) for p in (50, 95, 99)}


if __name__ == "__main__":
    main()

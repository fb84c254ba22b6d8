"""Times the pages that brokers wait for: ``python benchmarks/pages.py --docs 100000``.

Pages of the demo demands against the library of ``load.py``, over HTTP on loopback, one request
after another; then the same application in this process, where the processor time of one page does
not depend on what else the machine does. Times are in milliseconds, weights in kilobytes.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import numpy as np
from http_client import Client
from service import prepare, serving

from api.app import create_app
from api.bootstrap import open_workspace
from api.settings import Settings

_PAGES: dict[str, Callable[[str], str]] = {
    "pairings of a demand": lambda id_: f"/demands/{id_}",
    "narrowed": lambda id_: f"/demands/{id_}?field={quote('新材料')}",
    "twenty": lambda id_: f"/demands/{id_}?k=20",
    "list of demands": lambda _: "/demands",
    "inbox": lambda _: "/inbox",
    "cases": lambda _: "/cases",
    "overview": lambda _: "/overview",
}


def main() -> None:
    """Prepare, then measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/hongniang-load"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--port", type=int, default=8102)
    given = parser.parse_args()
    folder = given.folder / str(given.docs)
    key = prepare(folder, given.docs)
    workspace = open_workspace(Settings(data=folder))
    ids = [record.id for record in workspace.demands.page(64).items]
    report: dict[str, object] = {"documents": given.docs}
    with _client(create_app(workspace), key) as client:
        report["processor"] = {
            name: _alone(lambda id_, page=page: client.get(page(id_)), ids, given.rounds)
            for name, page in _PAGES.items()
        }
    workspace.close()
    with serving(folder, given.port, 1):
        report["over HTTP"] = asyncio.run(_asked(given.port, key, ids, given.rounds))
    print(json.dumps(report, indent=2, ensure_ascii=False))


def _client(app: object, key: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
    from fastapi.testclient import TestClient

    return TestClient(app, headers={"Authorization": f"Bearer {key}"})  # type: ignore[arg-type]


def _alone(ask: Callable[[str], object], ids: list[str], rounds: int) -> dict[str, float]:
    """Processor time of this process; the client's own share, some 2 ms, is in it."""
    for id_ in ids[:20]:
        ask(id_)
    times = []
    for id_ in ids * rounds:
        began = time.process_time()
        response = ask(id_)
        times.append(1e3 * (time.process_time() - began))
        assert response.status_code == 200, response.text  # type: ignore[attr-defined]
    return _figures(times)


async def _asked(port: int, key: str, ids: list[str], rounds: int) -> dict[str, dict[str, float]]:
    client = await Client.connect(port, key)
    found = {}
    for name, page in _PAGES.items():
        times, weights = [], []
        for id_ in [*ids[:20], *ids * rounds]:
            began = time.perf_counter()
            answer = await client.send("GET", page(id_))
            times.append(1e3 * (time.perf_counter() - began))
            weights.append(len(answer.body) / 1e3)
            assert answer.status == 200, answer.body
        found[name] = _figures(times[20:]) | {"weight": round(float(np.median(weights)), 1)}
    await client.close()
    return found


def _figures(times: list[float]) -> dict[str, float]:
    return {f"p{p}": round(float(np.percentile(times, p)), 1) for p in (50, 95)}


if __name__ == "__main__":
    main()

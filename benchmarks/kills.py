"""Servers killed while they write: ``python -m benchmarks.kills --kills 100 --workers 2``.

Four connections add, change, delete and restore records over HTTP until kill −9 comes at a random
moment (of all processes, or first of one of them; some kills hit a server that starts or saves its
indexes). Then a new server starts, and everything that was ever acknowledged is looked for: all of
it in the database, and in an index opened anew, and a sample of each round by search and by
receipt. Before that, how soon a write on one process is found on another is measured.
"""

import argparse
import random
import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path

from api.bootstrap import open_workspace
from api.services.demo import load_demo
from api.services.fitting import fit
from api.settings import Settings
from tests.journey.kills import draft
from tests.journey.rounds import Rounds, broker_key
from tests.journey.running import Running


def main() -> None:
    """Kill, count, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        with closing(open_workspace(settings)) as space:
            load_demo(space)
            fit(space)
        environment = {"HONGNIANG_DATA": folder}
        key = broker_key(settings)
        if options.workers > 1:
            _visibility(environment, key, options.workers)
        _kill(Rounds(settings, environment, options.workers, options.seed, key), options)


def _kill(rounds: Rounds, options: argparse.Namespace) -> None:
    with closing(rounds):
        while rounds.tally.kills < options.kills:
            rounds.play()
            tally = rounds.tally
            print(
                f"{tally.kills} kills, {tally.acknowledged} writes acknowledged, "
                f"{len(tally.lost)} lost (seed {options.seed})",
                flush=True,
            )
    for line in rounds.tally.lost:
        print(line)


def _visibility(environment: dict[str, str], key: str, workers: int) -> None:
    """Seconds from an answer to a write until a search on another process finds it."""
    waited = []
    with Running(environment, workers) as server:
        one, other, *_ = (server.connect_to(worker, key) for worker in server.workers())
        for _ in range(50):
            body = draft("achievements")
            query = {"text": body["title"], "k": 1}
            assert one.ask("POST", "/api/v1/achievements", body).status == 201
            start, found = time.perf_counter(), False
            while not found:
                pairings = other.ask("POST", "/api/v1/matches", query).json["pairings"]
                found = any(p["achievement"]["title"] == body["title"] for p in pairings)
            waited.append(time.perf_counter() - start)
        one.close()
        other.close()
    print(f"found on another process after {statistics.median(waited):.2f} s", end="")
    print(f" (median of {len(waited)}), at most {max(waited):.2f} s", flush=True)


if __name__ == "__main__":
    main()

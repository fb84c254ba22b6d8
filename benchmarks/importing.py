"""A large import, step by step: ``python benchmarks/importing.py --rows 200000``.

The achievements are invented: sentences of the demo data, some 300 characters each, no two alike.
Meanwhile another process reads and writes all the time, and notes how long it had to wait.
"""

import argparse
import json
import multiprocessing
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any, TypeVar

from matching import achievements

from api.bootstrap import open_workspace
from api.files import write_table
from api.security.roles import SYSTEM
from api.services import exporting
from api.services.drafts import AchievementDraft
from api.services.fitting import fit
from api.services.importing import import_file
from api.services.kinds import ACHIEVEMENTS
from api.services.workspace import Workspace
from api.settings import Settings
from matcher import Achievement, values
from matcher.errors import StoreUnavailable

DIFFERENT = 20_000
T = TypeVar("T")


class Steps:
    """A ``Track`` that keeps the time of each step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.memory: dict[str, int] = {}

    def __call__(self, items: Iterable[Any], label: str, total: int) -> Iterator[Any]:  # noqa: ARG002
        began = time.perf_counter()
        yield from items
        passed = time.perf_counter() - began
        self.seconds[label] = round(self.seconds.get(label, 0) + passed, 1)
        self.memory[label] = peak()


def main() -> None:
    """Import and export every format, each in a process of its own, and print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--formats", default="csv,jsonl,xlsx")
    parser.add_argument("--index", action="store_true", help="fit a model first, so that there is")
    options = parser.parse_args()
    report = {}
    with tempfile.TemporaryDirectory(prefix="hongniang-bench-") as home:
        for suffix in options.formats.split(","):
            apart(written, Path(home) / f"rows.{suffix}", options.rows)
            report[suffix] = apart(imported, Path(home), suffix, options.index)
            print(json.dumps({suffix: report[suffix]}, ensure_ascii=False, indent=2), flush=True)


def apart(work: Callable[..., T], *arguments: object) -> T:
    """The result of a function that ran in a process of its own, with a peak of its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def written(path: Path, count: int) -> None:
    """An import file."""
    random.seed(7)
    pool = list(achievements(DIFFERENT))
    labels = ["编号", *(AchievementDraft.labels()[n] for n in NAMES)]
    rows = (row(n, pool[n % len(pool)]) for n in range(count))
    if path.suffix == ".jsonl":
        with path.open("w", encoding="utf-8") as file:
            for cells in rows:
                file.write(json.dumps(dict(zip(labels, cells, strict=True)), ensure_ascii=False))
                file.write("\n")
    else:
        write_table(path, labels, rows)


NAMES = ("title", "abstract", "keywords", "provider", "field", "region", "maturity", "price_min")


def row(number: int, record: Achievement) -> list[Any]:
    """One achievement as a spreadsheet holds it."""
    return [
        f"X-{number:07}",
        f"{record.title[:150]}第{number}型",
        record.abstract[:5000],
        "、".join(word[:50] for word in record.keywords[:20]),
        record.provider or f"虚构大学{number % 50}（示例）",
        record.field or values.FIELDS[number % len(values.FIELDS)],
        record.region or "江苏-苏州",
        number % 9 + 1,
        number % 1000 / 4,
    ]


def imported(home: Path, suffix: str, with_index: bool) -> dict[str, Any]:
    """Import a file into an empty library, and export it again."""
    folder = home / suffix
    space = open_workspace(Settings(data=folder))
    if with_index:
        pool = (row(-n, record) for n, record in enumerate(achievements(2000)))
        seed = home / "seed.csv"
        write_table(seed, ["编号", *(AchievementDraft.labels()[n] for n in NAMES)], pool)
        import_file(space, ACHIEVEMENTS, seed)
        fit(space)
    steps, ended = Steps(), multiprocessing.get_context("spawn").Event()
    waits = multiprocessing.get_context("spawn").Queue()
    other = multiprocessing.get_context("spawn").Process(
        target=bystander, args=(folder, ended, waits), daemon=True
    )
    other.start()
    began = time.perf_counter()
    done = import_file(space, ACHIEVEMENTS, home / f"rows.{suffix}", steps)
    whole = time.perf_counter() - began
    ended.set()
    waited = waits.get()
    other.join()
    return {
        "rows": done.added,
        "duplicates": done.duplicates,
        "file, MB": round((home / f"rows.{suffix}").stat().st_size / 1e6),
        "seconds by step": steps.seconds,
        "whole, s": round(whole, 1),
        "peak memory after each step, MB": steps.memory,
        "longest wait of another process, s": waited,
        "exports": apart(exported, folder) if not with_index else {},
    } | closed(space)


def closed(space: Workspace) -> dict[str, Any]:
    """Close it: nothing more to report."""
    space.close()
    return {}


def exported(folder: Path) -> dict[str, Any]:
    """Seconds and peak memory for each format of an export."""
    space = open_workspace(Settings(data=folder))
    report = {}
    for suffix in (".csv", ".xlsx"):
        began = time.perf_counter()
        with exporting.records(space, ACHIEVEMENTS, suffix, SYSTEM) as path:
            size = path.stat().st_size
        seconds = time.perf_counter() - began
        report[suffix] = {"s": round(seconds, 1), "MB": round(size / 1e6), "peak, MB": peak()}
    space.close()
    return report


def bystander(folder: Path, ended: Event, waits: "Queue[dict[str, float]]") -> None:
    """Read and write again and again, as a server process does."""
    space = open_workspace(Settings(data=folder))
    longest = {"read": 0.0, "write": 0.0}
    while not ended.is_set():
        began = time.perf_counter()
        space.achievements.page(20)
        longest["read"] = max(longest["read"], time.perf_counter() - began)
        began = time.perf_counter()
        with suppress(StoreUnavailable), space.store.writing() as unit:  # gives up after 10 s
            space.store.jobs.forget(unit, datetime(2000, 1, 1, tzinfo=UTC))
        longest["write"] = max(longest["write"], time.perf_counter() - began)
        time.sleep(0.02)
    waits.put({name: round(seconds, 2) for name, seconds in longest.items()})
    space.close()


def peak() -> int:
    """Megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()

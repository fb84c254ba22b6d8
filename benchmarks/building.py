"""Text to a searchable index on disk: ``python benchmarks/building.py --docs 300000``.

Twenty thousand records of some 300 characters, made as in matching.py, come again and again under
new ids. Two processes embed, a third sorts and writes; the model is fitted beforehand.
"""

import argparse
import json
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from matching import achievements

from matcher import Achievement, TfidfRepresentation
from matcher.embedding import embedder
from matcher.index import Batch, SegmentIndex, build_index
from matcher.library import Library, MemoryRecords

DIFFERENT = 20_000


def main() -> None:
    """Build, open, and print rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=int, default=300_000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    random.seed(7)
    records = list(achievements(DIFFERENT))
    representation = TfidfRepresentation().fit(record.texts() for record in records)
    with tempfile.TemporaryDirectory(prefix="hongniang-bench-") as home:
        report = built(Path(home) / "index", representation, records, options)
    print(json.dumps(report, indent=2))


def built(
    folder: Path,
    representation: TfidfRepresentation,
    records: list[Achievement],
    options: argparse.Namespace,
) -> dict[str, Any]:
    """Seconds until the last row was there, until the index was, and to open it."""
    library = Library[Achievement](representation, MemoryRecords())
    began = time.perf_counter()
    embedded = 0.0

    def batches() -> Iterator[Batch]:
        nonlocal embedded
        yield from library.batches(stream(records, options.docs), embed)
        embedded = time.perf_counter() - began

    with embedder(representation, options.workers) as embed:
        build_index(folder, "bench", representation.width, batches())
    whole = time.perf_counter() - began
    began = time.perf_counter()
    SegmentIndex.open(folder, "bench")
    return {
        "records": options.docs,
        "embedded, s": round(embedded, 1),
        "searchable, s": round(whole, 1),
        "records/s": round(options.docs / whole),
        "open, s": round(time.perf_counter() - began, 2),
        "peak memory of this process, mapped files included, MB": peak(),
    }


def stream(records: list[Achievement], count: int) -> Iterator[Achievement]:
    """The records, under a new id each time."""
    for number in range(count):
        yield replace(records[number % len(records)], id=f"a{number:016x}")


def peak() -> int:
    """Megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()

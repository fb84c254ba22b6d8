"""Times text to embedding: ``python benchmarks/embedding.py --docs 20000``.

Records as in ``matching.py``. Figures are records a second, the best of three; the start of the
worker processes is not counted, but given beside.
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Iterable

from matching import achievements, stored_demands

from matcher import TfidfRepresentation
from matcher.embedding import count_terms, embedder


def main() -> None:
    """Count, embed, on one core and on two, and one query."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=int, default=20_000)
    docs = parser.parse_args().docs
    random.seed(7)
    texts = [offer.texts() for offer in achievements(docs)]
    demands = [demand.texts() for demand in stored_demands()]
    representation = TfidfRepresentation().fit(texts[:5000])
    report: dict[str, float] = {
        "characters a record": round(sum(len(t) for r in texts for t in r.values()) / docs),
        "fit, one core": docs / fastest(lambda: count_terms(texts, "rjieba")),
    }
    for workers in (1, 2):
        began = time.perf_counter()
        with embedder(representation, workers) as embed:
            exhaust(embed(texts[: 2048 * workers]))
            report[f"start of {workers}, seconds"] = time.perf_counter() - began
            report[f"embed, {workers} at work"] = docs / fastest(lambda e=embed: exhaust(e(texts)))
    one = fastest(lambda: [representation.transform([texts]) for texts in demands])
    report["one demand, milliseconds"] = 1000 * one / len(demands)
    print(json.dumps({name: round(figure, 2) for name, figure in report.items()}, indent=2))


def exhaust(rows: Iterable[object]) -> None:
    """Take all rows and keep none."""
    for _ in rows:
        pass


def fastest(work: Callable[[], object], times: int = 3) -> float:
    """The shortest time, in seconds."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return min(taken)


if __name__ == "__main__":
    main()

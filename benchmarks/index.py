"""Our index beside its peers: ``python benchmarks/index.py --docs 100000 --terms 54,12``.

Every engine gets the same vectors and queries and runs in processes of its own: one builds and
saves, a fresh one opens and searches. ``rows/s`` is from rows in memory to an index, with whatever
each engine's interface needs in Python. Latency is on one thread; queries are in the engine's own
form before the clock starts. Answers are held against brute force in double precision. A peer
that is not installed (``pip install --group bench``) is skipped with a note.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np
from corpora import topical
from numpy.typing import NDArray
from peers import Answer
from roster import PEERS
from timing import CHECKED, Figures, Task, measured
from vectors import Corpus, read_queries, write_corpus

DEPTH: Final = 10
"""So many of the best are compared with those of brute force."""
TOLERANCE: Final = 1e-5
SINGLE: Final = ("OMP", "OPENBLAS", "MKL", "RAYON")
"""Libraries that may use one thread, told before the processes that measure load them."""
Truth = Mapping[int, NDArray[np.float64]]
"""Number of terms → the products of the checked queries (rows) with all documents."""


def main() -> None:
    """Measure every engine at every size, print tables, write the figures and the picture."""
    options = _options()
    os.environ |= {f"{library}_NUM_THREADS": "1" for library in SINGLE}
    runs = [_run(options, size) for size in options.sizes or [options.docs]]
    report = {"machine": _machine(), "corpus": options.corpus, "k": options.k, "runs": runs}
    options.json.write_text(json.dumps(report, ensure_ascii=False, indent=1), "utf-8")
    if options.plot:
        length = options.terms[0]
        title = f"The {options.k} best for a query of {length} terms, one thread"
        import_module("plot").draw(_lines(runs, length), title, options.plot)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=int, default=100_000)
    parser.add_argument("--sizes", type=_numbers, help="several numbers of documents: 10000,100000")
    parser.add_argument("--terms", type=_numbers, default=[54], help="lengths of queries: 54,12")
    parser.add_argument("--queries", type=int, default=200, help="of each length")
    parser.add_argument("--k", type=int, default=20)
    parser.add_argument("--batch", type=int, default=0, help="demands to match at once, e.g. 10000")
    parser.add_argument("--corpus", choices=("topical", "real"), default="topical")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="for real")
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--patience", type=float, default=120.0, help="seconds a measurement")
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--plot", type=Path)
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def _run(options: argparse.Namespace, documents: int) -> Figures:
    """All engines on one corpus, which lies on disk while they run, not in this process."""
    with tempfile.TemporaryDirectory(prefix="hongniang-bench-") as home:
        folder = Path(home) / "corpus"
        folder.mkdir()
        facts, truth = _prepared(options, documents, folder)
        engines = {}
        for name in options.peers:
            print(f"{documents} documents: {name}", file=sys.stderr)
            with tempfile.TemporaryDirectory(dir=home) as index:
                chosen = (options.terms, options.queries, options.k, options.batch)
                figures = measured(Task(name, folder, Path(index), *chosen, options.patience))
            for length, of_length in figures.get("lengths", {}).items():
                of_length |= _checked(of_length.pop("answers"), truth[length], options.k)
            engines[name] = figures
    run = {**facts, "engines": engines}
    print(import_module("tables").tables(run))
    return run


def _prepared(options: argparse.Namespace, documents: int, folder: Path) -> tuple[Figures, Truth]:
    corpus = _corpus(options, documents)
    write_corpus(folder, corpus)
    frequencies = np.bincount(corpus.rows.indices, minlength=corpus.rows.shape[1])
    asked = {n: read_queries(folder, n)[: options.queries] for n in options.terms}
    facts = {
        "documents": documents,
        "postings": int(corpus.rows.nnz),
        "postings of a query": {
            n: round(float(frequencies[q.indices].sum()) / q.shape[0]) for n, q in asked.items()
        },
    }
    return facts, {n: _products(corpus, n) for n in options.terms}


def _corpus(options: argparse.Namespace, documents: int) -> Corpus:
    queries = max(options.queries, options.batch)
    if options.corpus == "topical":
        return topical(documents, options.terms, queries)
    return import_module("mixture").real(options.data, documents, options.terms, queries)


def _products(corpus: Corpus, length: int) -> NDArray[np.float64]:
    """Brute force in double precision, by parts to spare memory."""
    queries = corpus.queries[length][:CHECKED].astype(np.float64).T.tocsr()
    starts = range(0, corpus.rows.shape[0], 100_000)
    parts = [corpus.rows[a : a + 100_000].astype(np.float64) @ queries for a in starts]
    return np.concatenate([part.toarray() for part in parts]).T


def _checked(answers: Sequence[Answer], truth: NDArray[np.float64], k: int) -> Figures:
    """The greatest error of a score, and how many of the best are among the best in truth."""
    errors, shared = [0.0], []
    for (numbers, scores), products in zip(answers, truth, strict=True):
        best = np.sort(products)[::-1]
        padded = np.pad(scores, (0, k - len(scores)))  # what is missing counts as 0
        errors += [_greatest(padded - best[:k]), _greatest(scores - products[numbers])]
        level = min(DEPTH, np.count_nonzero(best > 0))
        among = products[numbers[:level]] >= best[level - 1] - TOLERANCE
        shared.append(np.count_nonzero(among) / level)
    return {"error": max(errors), "overlap": round(float(np.mean(shared)), 4)}


def _greatest(differences: NDArray[np.floating]) -> float:
    return float(np.max(np.abs(differences), initial=0.0))


def _lines(runs: Sequence[Figures], length: int) -> dict[str, list[tuple[int, float]]]:
    """For the picture: each engine's medians by number of documents."""
    lines: dict[str, list[tuple[int, float]]] = {}
    for run in runs:
        for name, figures in run["engines"].items():
            if "lengths" in figures:
                point = (run["documents"], figures["lengths"][length]["p50"])
                lines.setdefault(name, []).append(point)
    return lines


def _machine() -> dict[str, Any]:
    model = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return {"processor": model, "cores": os.cpu_count(), "python": platform.python_version()}


if __name__ == "__main__":
    main()

"""Times demands against a library of some size: ``python benchmarks/matching.py --docs 100000``.

The library is made of sentences of the demo data, drawn at random with a fixed seed, some 300
characters a record. Times are in milliseconds, for one process.
"""

import argparse
import gc
import json
import platform
import random
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from api.answers import match_answer
from matcher import Achievement, Demand, Filters, Matchmaker, TfidfRepresentation
from matcher.library import MemoryLibrary
from matcher.ranking.features import Question, content_features
from matcher.ranking.overlap import Overlap
from matcher.ranking.side import side
from matcher.text.sentences import sentences
from models.default import default_grader

DEMO = Path(__file__).parent.parent / "demo"


def main() -> None:
    """Build, then time 200 queries of each sort."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=int, default=100_000)
    docs = parser.parse_args().docs
    random.seed(7)
    offers, demands = list(achievements(docs)), list(stored_demands())
    began = time.perf_counter()
    representation = TfidfRepresentation().fit(o.texts() for o in offers[:5000])
    library = MemoryLibrary(representation, offers)
    built = time.perf_counter() - began
    needs = MemoryLibrary(representation, demands)
    plain = Matchmaker(representation, library, needs)
    graded = Matchmaker(representation, library, needs, default_grader())
    rows = [representation.transform([demand.texts()]) for demand in demands]
    questions = [question(representation, library, demand) for demand in demands]
    threadpool_limits(1, user_api="blas")  # as the server does once it has loaded
    gc.freeze()
    narrow = Filters(maturity_min=8, regions=frozenset({"江苏"}))
    report = {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "documents": docs,
        "embed and index, records/s": round(docs / built),
        "terms in a query": round(float(np.mean([row.nnz for row in rows]))),
        "search only, k=20": timed(lambda i: library.index.top_k(rows[i % len(rows)], 20)),
        "search only, 200 candidates": timed(
            lambda i: library.index.top_k(rows[i % len(rows)], 200)
        ),
        "search only, filtered": timed(
            lambda i: library.index.top_k(rows[i % len(rows)], 20, narrow)
        ),
        "features of 200 candidates": timed(
            lambda i: content_features(questions[i % 64]._replace(overlap=again(questions[i % 64])))
        ),
        "match with reasons, k=10": timed(lambda i: plain.match(demands[i % 64], 10)),
        "match with reasons, k=20": timed(lambda i: plain.match(demands[i % 64], 20)),
        "match, graded, with reasons, k=10": timed(lambda i: graded.match(demands[i % 64], 10)),
        "match, graded, with reasons, k=20": timed(lambda i: graded.match(demands[i % 64], 20)),
        "the same, and written as JSON": timed(
            lambda i: match_answer(graded.match(demands[i % 64], 20), None)
        ),
        "resident memory, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(report, ensure_ascii=False, indent=2))


def question(
    representation: TfidfRepresentation, library: MemoryLibrary[Achievement], demand: Demand
) -> Question:
    """A demand with its 200 candidates."""
    query = side(representation, demand.texts())
    hits = library.index.top_k(query.row, 200)
    found = [entry.facets for entry in hits.entries]
    return Question(Overlap.of(representation, query, hits.rows), demand.facets(), found)


def again(asked: Question) -> Overlap:
    """The same overlap with nothing computed yet."""
    return Overlap.of(asked.overlap.representation, asked.overlap.query, asked.overlap.rows)


def timed(call: Callable[[int], object], times: int = 200) -> dict[str, float]:
    """Milliseconds: median, 95th and 99th percentile."""
    taken = []
    for i in range(times):
        began = time.perf_counter()
        call(i)
        taken.append(1000 * (time.perf_counter() - began))
    return {f"p{p}": round(float(np.percentile(taken, p)), 2) for p in (50, 95, 99)}


def achievements(count: int) -> Iterator[Achievement]:
    """Records whose sentences come from different demo achievements."""
    source = [json.loads(line) for line in (DEMO / "achievements.jsonl").open(encoding="utf-8")]
    parts = [s["abstract"][a:b] for s in source for a, b in sentences(s["abstract"])]
    for number in range(count):
        like = random.choice(source)
        text = ""
        while len(text) < 300:
            text += random.choice(parts)
        yield Achievement(
            id=f"a{number:07}",
            title=random.choice(source)["title"],
            abstract=text,
            keywords=tuple(like["keywords"]),
            field=like["field"],
            region=like["region"],
            maturity=like["maturity"],
        )


def stored_demands() -> Iterator[Demand]:
    """The demo demands, as they are."""
    for line in (DEMO / "demands.jsonl").open(encoding="utf-8"):
        values = json.loads(line)
        values["keywords"] = tuple(values["keywords"])
        yield Demand(id=values.pop("external_id"), **values)


if __name__ == "__main__":
    main()

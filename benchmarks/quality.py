"""Ranking quality side by side with peers: ``python benchmarks/quality.py ../shared/data``.

Every engine ranks the same documents for the same queries and is measured by the same function.
The peers get title and text as one text, cut by jieba as it comes, in lower case, without
punctuation; scikit-learn's defaults leave out words of one character as well. A peer that is not
installed (``pip install --group bench``) and a set that is not there are skipped with a note.
"""

import argparse
import json
import logging
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple

import jieba
import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from matcher.errors import EvaluationDataError
from matcher.evaluation.collection import Collection, read_collection
from matcher.evaluation.metrics import Rankings, Report, measure
from matcher.evaluation.run import evaluate
from matcher.representation import FieldTexts

DEPTH: Final = 100
Texts = Mapping[str, FieldTexts]
Candidates = Mapping[str, Iterable[str]] | None
"""Query id → the only documents to rank, all of them. None: the best of the whole collection."""
Rank = Callable[[Texts, Texts, Candidates, int], Rankings]
Score = Callable[[Sequence[str]], NDArray[np.floating]]
"""Words of a query → one score for each document, 0 where no word is shared."""


class Labelled(NamedTuple):
    """How a set is ranked, and the figures that tell."""

    split: str
    judged: bool
    figures: tuple[str, ...]


SETS: Final = {
    "bdci2019": Labelled("train", True, ("ndcg@10", "p@5")),
    "patent-keywords": Labelled("dev", False, ("recall@1", "mrr@10")),
    "patents-known-item": Labelled("dev", False, ("recall@1", "mrr@10")),
    "csl": Labelled("dev", False, ("recall@1", "mrr@10")),
}


def main() -> None:
    """Measure every engine on every set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--json", action="store_true", help="all figures instead of a table")
    options = parser.parse_args()
    jieba.setLogLevel(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="hongniang-jieba-") as private:
        jieba.dt.tmp_dir = private  # its cache would be read from a folder that all can write to
        jieba.initialize()
    reports = {name: compared(options.folder, name) for name in options.sets}
    print(json.dumps(reports, indent=2) if options.json else table(reports))


def compared(folder: Path, name: str) -> dict[str, Report]:
    """The reports of the engines that are there; none where the set is not."""
    reports: dict[str, Report] = {}
    try:
        collection = read_collection(folder / name, SETS[name].split)
        for engine, run in ENGINES.items():
            try:
                reports[engine] = run(collection, SETS[name].judged)
            except ImportError as error:
                print(f"{name}, {engine}: skipped. {error}", file=sys.stderr)
    except EvaluationDataError as error:
        print(f"{name}: skipped. {error}", file=sys.stderr)
    return reports


def table(reports: Mapping[str, Mapping[str, Report]]) -> str:
    """In Markdown: a line for each figure, a column for each engine, differences from the first."""
    lines = ["| set | figure | " + " | ".join(ENGINES) + " |", "|---" * (2 + len(ENGINES)) + "|"]
    for name, runs in reports.items():
        for figure in SETS[name].figures:
            values = [runs.get(engine, {}).get(figure) for engine in ENGINES]
            cells = [cell(values[0], None), *(cell(value, values[0]) for value in values[1:])]
            lines.append(f"| {name} | {figure} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def cell(value: float | None, base: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if base is None else f"{value:.3f} ({value - base:+.3f})"


@cache
def words(text: str) -> tuple[str, ...]:
    return tuple(word for word in jieba.cut(text.lower()) if any(map(str.isalnum, word)))


def cut(fields: FieldTexts) -> tuple[str, ...]:
    return words(f"{fields['title']} {fields['text']}")


def ranker(engine: Callable[[Sequence[Sequence[str]]], Score]) -> Rank:
    """Make an engine that scores all documents rank: best first, equal scores by id.

    Of given candidates, those that share no word come last; without, they are left out.
    """

    def rank(documents: Texts, queries: Texts, candidates: Candidates, depth: int) -> Rankings:
        ids = sorted(documents)
        places = {id_: place for place, id_ in enumerate(ids)}
        score = engine([cut(documents[id_]) for id_ in ids])
        rankings = {}
        for query, fields in queries.items():
            scores = score(cut(fields))
            given = None if candidates is None else sorted(places[c] for c in candidates[query])
            pool = np.flatnonzero(scores) if given is None else np.array(given)
            best = pool[np.argsort(-scores[pool], kind="stable")]
            kept = best[:depth] if given is None else best
            rankings[query] = [(ids[place], float(scores[place])) for place in kept]
        return rankings

    return rank


@ranker
def tfidf(documents: Sequence[Sequence[str]]) -> Score:
    """The textbook: TfidfVectorizer with its defaults, on words joined by spaces."""
    vectorizer = TfidfVectorizer()
    rows = vectorizer.fit_transform(map(" ".join, documents))
    return lambda query: (rows @ vectorizer.transform([" ".join(query)]).T).toarray().ravel()


@ranker
def bm25s(documents: Sequence[Sequence[str]]) -> Score:
    """BM25 with the defaults: Lucene's form, k1 = 1.5, b = 0.75."""
    index = import_module("bm25s").BM25()
    index.index([list(document) for document in documents], show_progress=False)

    def score(query: Sequence[str]) -> NDArray[np.floating]:
        known = [word for word in query if word in index.vocab_dict]
        return np.asarray(index.get_scores(known)) if known else np.zeros(len(documents))

    return score


@ranker
def tantivy(documents: Sequence[Sequence[str]]) -> Score:
    """BM25, k1 = 1.2, b = 0.75. The Python binding has no jieba: words are joined by spaces."""
    engine = import_module("tantivy")
    schema = engine.SchemaBuilder().add_text_field("words", tokenizer_name="whitespace").build()
    index = engine.Index(schema)
    writer = index.writer(heap_size=200_000_000, num_threads=1)
    for document in documents:
        writer.add_document(engine.Document(words=" ".join(document)))
    writer.commit()
    index.reload()
    searcher = index.searcher()
    if searcher.num_segments != 1:
        raise RuntimeError("Numbers of documents are their places within one segment only.")

    def score(query: Sequence[str]) -> NDArray[np.floating]:
        terms = [engine.Query.term_query(schema, "words", word) for word in query]
        either = engine.Query.boolean_query([(engine.Occur.Should, term) for term in terms])
        scores = np.zeros(len(documents))
        for value, address in searcher.search(either, len(documents), count=False).hits:
            scores[address.doc] = value
        return scores

    return score


def peer(rank: Rank, collection: Collection, judged: bool) -> Report:
    candidates = collection.judgements if judged else None
    rankings = rank(collection.documents, collection.queries, candidates, DEPTH)
    return measure(collection.judgements, rankings, judged)


def graded(collection: Collection, judged: bool) -> Report:
    """With the grader that ships; where it learned from these judgements, the figure flatters."""
    with_grader = {"grader": import_module("models.default").default_grader()}
    return evaluate(collection, judged, **with_grader)


ENGINES: Final[Mapping[str, Callable[[Collection, bool], Report]]] = {
    "textbook TF-IDF": partial(peer, tfidf),
    "bm25s": partial(peer, bm25s),
    "tantivy": partial(peer, tantivy),
    "ours": evaluate,
    "ours, graded": graded,
}

if __name__ == "__main__":
    main()

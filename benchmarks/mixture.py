"""Real vectors for benchmarks/index.py: abstracts multiplied by mixing those that are alike."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack
from vectors import Corpus, stacked, weighted

from matcher import TfidfRepresentation
from matcher.text import tokenizer
from matcher.text.sentences import sentences

_SETS: Final = ("patents-known-item/dev", "patent-keywords/dev", "csl/dev")
_DEMANDS: Final = ("bdci2019/train", *_SETS)
_NEIGHBOURS: Final = 20
_AT_ONCE: Final = 4096
Sentences = Sequence[Sequence[str]]
"""Those of one abstract, each cut into terms."""


def real(folder: Path, documents: int, terms: Sequence[int], queries: int, seed: int = 7) -> Corpus:
    """Documents of sentences of an abstract and its neighbours; queries as the sets have them.

    For each number of terms those queries are taken whose number is nearest to it, uncut. Without
    titles, both blocks of an embedding hold the same terms, so each counts twice.
    """
    texts = [texts for name in _SETS for texts in _lines(folder / name / "corpus.jsonl")]
    representation = TfidfRepresentation()
    originals = representation.fit_transform(texts)
    mixed = _mixtures(_cut(texts, representation.segmenter), _near(originals), seed)
    chunks = []
    for start in range(0, documents, _AT_ONCE):
        cut = [next(mixed) for _ in range(min(_AT_ONCE, documents - start))]
        columns = ((representation.columns(some), {"text": len(some)}) for some in cut)
        rows = vstack([representation.row(*one) for one in columns], format="csr")
        chunks.append((rows.data, rows.indices, np.diff(rows.indptr)))
    idf = np.tile(representation.idf_, 2)
    asked = representation.transform(
        q for n in _DEMANDS for q in _lines(folder / n / "queries.jsonl")
    )
    nearest = {length: weighted(_nearest(asked, length, queries, seed), idf) for length in terms}
    return Corpus(stacked(chunks, representation.width), nearest, idf)


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            yield {"title": line.get("title") or "", "text": line.get("text") or ""}


def _cut(texts: Sequence[dict[str, str]], segmenter: str) -> list[Sentences]:
    cut = tokenizer(segmenter)
    return [
        [cut.terms(record["text"][a:b]) for a, b in sentences(record["text"])] for record in texts
    ]


def _near(rows: csr_array) -> NDArray[np.intp]:
    """For each row its neighbours by cosine, itself among them."""
    products = (rows @ rows.T).toarray()
    return np.argpartition(-products, _NEIGHBOURS, axis=1)[:, :_NEIGHBOURS]


def _mixtures(abstracts: Sequence[Sentences], near: NDArray, seed: int) -> Iterator[list[str]]:
    """Without end: as many sentences as some abstract has, from it and one or two neighbours."""
    generator = np.random.default_rng(seed)
    while True:
        chosen = generator.integers(len(abstracts))
        others = generator.choice(near[chosen], generator.integers(1, 3), replace=False)
        pool = [sentence for i in {chosen, *others} for sentence in abstracts[i]]
        picked = generator.permutation(len(pool))[: max(2, len(abstracts[chosen]))]
        terms = [term for i in picked for term in pool[i]]
        if terms:
            yield terms


def _nearest(queries: csr_array, length: int, count: int, seed: int) -> csr_array:
    """So many queries, repeated if there are fewer, whose number of terms is nearest."""
    lengths = np.diff(queries.indptr)
    order = np.random.default_rng(seed).permutation(np.flatnonzero(lengths))
    order = order[np.argsort(np.abs(lengths[order] - length), kind="stable")]
    return csr_array(queries[np.resize(order, count)])

"""Peers of benchmarks/index.py with an index of their own, on disk."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from peers import Answer, Material, Peer
from scipy.sparse import csr_array

_FIELD: Final = "terms"
_AT_ONCE: Final = 2000
_SIXTEEN_BITS: Final = 65_535


class Tantivy(Peer):
    """BM25 with its own scores; a document is its distinct terms, joined by spaces."""

    library = "tantivy"
    exact = False
    note = "BM25, its own scores"

    def build(self, material: Material) -> None:
        schema = self.engine.SchemaBuilder()
        schema.add_text_field(_FIELD, tokenizer_name="whitespace", index_option="freq")
        schema.add_integer_field("number", fast=True)
        index = self.engine.Index(schema.build(), path=str(self.folder))
        writer = index.writer(heap_size=1_000_000_000, num_threads=1)
        for number, (columns, _) in enumerate(_rows(material.rows)):
            text = " ".join(map(str, columns.tolist()))
            writer.add_document(self.engine.Document(**{_FIELD: text, "number": number}))
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        self.index = self.engine.Index.open(str(self.folder))
        self.searcher = self.index.searcher()
        self.note = f"{Tantivy.note}, {self.searcher.num_segments} segments"

    def prepared(self, query: csr_array) -> Any:  # noqa: ANN401
        make, either = self.engine.Query, self.engine.Occur.Should
        terms = [make.term_query(self.index.schema, _FIELD, str(c)) for c in query.indices]
        return make.boolean_query([(either, term) for term in terms])

    def search(self, query: Any) -> Any:  # noqa: ANN401
        return self.searcher.search(query, self.k, count=False)

    def answer(self, found: Any) -> Answer:  # noqa: ANN401
        addresses = [address for _, address in found.hits]
        numbers = self.searcher.fast_field_values("number", addresses)
        return np.array(numbers, np.int64), np.array([score for score, _ in found.hits])


class Bmp(Peer):
    """Block-max pruning over impacts of 8 bits; without compression, terms × blocks bytes.

    Its numbers of terms have 16 bits, and more terms fall on one another in silence. So it gets
    the terms of the queries and, as far as there is room, the commonest of the others.
    """

    library = "bmp"
    exact = False
    note = "impacts of 8 bits, blocks of 32, compressed maxima, 65,535 terms at most"

    def build(self, material: Material) -> None:
        index = self.engine.Indexer(str(self.folder / "index"), 32, True)
        scale, taken = 255.0 / material.rows.data.max(), _taken(material)
        for number, (columns, weights) in enumerate(_rows(material.rows)):
            kept = taken[columns]
            impacts = np.maximum(1, np.rint(weights[kept] * scale)).astype(int).tolist()
            vector = dict(zip(map(str, columns[kept].tolist()), impacts, strict=True))
            index.add_document(str(number), vector)
        index.finish()

    def open(self) -> None:
        self.searcher = self.engine.Searcher(str(self.folder / "index"))

    def prepared(self, query: csr_array) -> dict[str, float]:
        return dict(zip(map(str, query.indices.tolist()), query.data.tolist(), strict=True))

    def search(self, query: dict[str, float]) -> tuple[list[str], list[float]]:
        return self.searcher.search(query, self.k, 1.0, 1.0)

    def answer(self, found: tuple[list[str], list[float]]) -> Answer:
        return np.array(found[0], np.int64), np.array(found[1])


class Qdrant(Peer):
    """Sparse vectors in one optimised segment, without write-ahead log."""

    library = "qdrant_edge"
    note = "sparse float32 index in memory, one segment; its batch is on one thread"

    def build(self, material: Material) -> None:
        qdrant = self.engine
        config = qdrant.EdgeConfig(
            sparse_vectors={_FIELD: qdrant.EdgeSparseVectorParams(full_scan_threshold=0)},
            optimizers=qdrant.EdgeOptimizersConfig(
                default_segment_number=1, indexing_threshold=1, max_segment_size=10**8
            ),
            max_search_threads=1,
            wal_enabled=False,
        )
        shard = qdrant.EdgeShard.create(str(self.folder), config)
        for start in range(0, material.rows.shape[0], _AT_ONCE):
            rows = material.rows[start : start + _AT_ONCE]
            points = [
                qdrant.Point(number, {_FIELD: qdrant.SparseVector(at.tolist(), weights.tolist())})
                for number, (at, weights) in enumerate(_rows(rows), start)
            ]
            shard.update(qdrant.UpdateOperation.upsert_points(points))
        shard.optimize()
        shard.flush()
        shard.close()

    def open(self) -> None:
        self.shard = self.engine.EdgeShard.load(str(self.folder))

    def prepared(self, query: csr_array) -> Any:  # noqa: ANN401
        vector = self.engine.SparseVector(query.indices.tolist(), query.data.tolist())
        nearest = self.engine.Query.Nearest(vector, using=_FIELD)
        return self.engine.QueryRequest(query=nearest, limit=self.k)

    def search(self, query: Any) -> Any:  # noqa: ANN401
        return self.shard.query(query)

    def answer(self, found: Any) -> Answer:  # noqa: ANN401
        return np.array([p.id for p in found], np.int64), np.array([p.score for p in found])

    def many(self, queries: Sequence[Any], threads: int) -> None:  # noqa: ARG002
        """Its own batch: one call, and faster than threads outside, which its binding holds up."""
        self.shard.query_batch(self.engine.QueryBatchRequest(list(queries)))


def _rows(rows: csr_array) -> Iterator[tuple[NDArray[np.integer], NDArray[np.floating]]]:
    for start, end in zip(rows.indptr[:-1], rows.indptr[1:], strict=True):
        yield rows.indices[start:end], rows.data[start:end]


def _taken(material: Material) -> NDArray[np.bool_]:
    """The columns that queries have, then the commonest, so many as 16 bits can number."""
    width = material.rows.shape[1]
    frequencies = np.bincount(material.rows.indices, minlength=width)
    frequencies[material.asked] += material.rows.shape[0]  # before all others
    taken = np.zeros(width, np.bool_)
    taken[np.argsort(-frequencies, kind="stable")[:_SIXTEEN_BITS]] = True
    return taken

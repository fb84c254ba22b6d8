"""Who takes part in benchmarks/index.py: ours, and its peers by name."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from engines import Bmp, Qdrant, Tantivy
from peers import Answer, Material, Peer
from products import Bm25s, LinearKernel, RowProduct, SparseDotTopn
from scipy.sparse import csr_array, vstack


class Ours(Peer):
    """The segment index, asked for ids and scores as the peers are."""

    library = "matcher.index"

    def __init__(self, *arguments: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments)
        self.kind = self.engine.SegmentIndex
        self.note = self.kind.__name__

    def build(self, material: Material) -> None:
        count, width = material.rows.shape
        self.index = self.kind(width)
        self.index.add([self.engine.Entry(f"a{n:08}") for n in range(count)], material.rows)

    def save(self) -> None:
        self.index.save(self.folder / "index", "bench")

    def open(self) -> None:
        self.index = self.kind.open(self.folder / "index", "bench")

    def search(self, query: csr_array) -> Any:  # noqa: ANN401
        self.last = query
        return self.index.snapshot.best(query, self.k)

    def answer(self, found: Any) -> Answer:  # noqa: ANN401
        numbers = np.array([int(id_[1:]) for id_, _ in found], np.int64)
        return numbers, np.array([score for _, score in found])

    def many(self, queries: Sequence[csr_array], threads: int) -> None:
        stacked = csr_array(vstack(queries, format="csr"))
        self.index.snapshot.best_of_many(stacked, self.k, threads)

    def touched(self) -> dict[str, float]:
        found = self.index.snapshot.search(self.last, self.k)
        return {
            "blocks": sum(one.blocks for one in found),
            "postings": sum(one.postings for one in found),
        }


PEERS: Final[Mapping[str, type[Peer]]] = {
    "ours": Ours,
    "scikit-learn": LinearKernel,
    "scipy": RowProduct,
    "sparse_dot_topn": SparseDotTopn,
    "bm25s": Bm25s,
    "tantivy": Tantivy,
    "bmp": Bmp,
    "qdrant": Qdrant,
}

"""Who takes part in benchmarks/index.py: ours, and its peers by name."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from engines import Bmp, Qdrant, Tantivy
from peers import Answer, Material, Peer
from products import Bm25s, LinearKernel, RowProduct, SparseDotTopn
from scipy.sparse import csr_array, vstack


class Ours(Peer):
    """The segment index; before there is one, the exact index on scipy."""

    library = "matcher.index"

    def __init__(self, *arguments: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments)
        self.kind = getattr(self.engine, "SegmentIndex", self.engine.ExactIndex)
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
        return self.index.top_k(query, self.k)

    def answer(self, found: Any) -> Answer:  # noqa: ANN401
        return np.array([int(id_[1:]) for id_ in found.ids], np.int64), found.scores

    def many(self, queries: Sequence[csr_array], threads: int) -> None:
        batch = getattr(self.index, "top_k_many", None)
        if batch is None:
            super().many(queries, threads)
        else:
            batch(csr_array(vstack(queries, format="csr")), self.k, threads=threads)

    def touched(self) -> dict[str, float]:
        counters = getattr(self.index, "counters", None)
        return dict(counters()) if counters else {}


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

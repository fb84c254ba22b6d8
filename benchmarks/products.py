"""Peers of benchmarks/index.py that multiply a query with all postings of its terms."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from peers import Answer, Material, Peer, best
from scipy.sparse import csr_array, csr_matrix, vstack
from vectors import read_matrix, write_matrix


class LinearKernel(Peer):
    """scikit-learn, by the way round that is the faster one."""

    library = "sklearn.metrics.pairwise"
    note = "linear_kernel(rows, query), then argpartition"

    def build(self, material: Material) -> None:
        self.rows = material.rows

    def save(self) -> None:
        write_matrix(self.folder, self.rows)

    def open(self) -> None:
        self.rows = read_matrix(self.folder)

    def search(self, query: csr_array) -> Answer:
        scores = self.engine.linear_kernel(self.rows, query).ravel()
        return best(np.arange(len(scores)), scores, self.k)


class RowProduct(Peer):
    """scipy: a sparse row times the documents transposed, one row of postings a term."""

    library = "scipy.sparse"
    note = "query @ rows.T as CSR, then argpartition"

    def build(self, material: Material) -> None:
        self.postings = csr_array(material.rows.T.tocsr())

    def save(self) -> None:
        write_matrix(self.folder, self.postings)

    def open(self) -> None:
        self.postings = read_matrix(self.folder)

    def search(self, query: csr_array) -> Answer:
        found = query @ self.postings
        return best(found.indices, found.data, self.k)


class SparseDotTopn(RowProduct):
    """The same product, which keeps only the best of each row; made for whole matrices."""

    library = "sparse_dot_topn"
    note = "sp_matmul_topn copies the postings' indices at every call"

    def open(self) -> None:
        self.postings = csr_matrix(read_matrix(self.folder))

    def prepared(self, query: csr_array) -> csr_matrix:
        return csr_matrix(query)

    def search(self, query: csr_matrix, threads: int = 1) -> csr_matrix:
        settings = {"top_n": self.k, "sort": True, "n_threads": threads}
        return self.engine.sp_matmul_topn(query, self.postings, **settings)

    def answer(self, found: csr_matrix) -> Answer:
        return found.indices, found.data

    def many(self, queries: Sequence[csr_matrix], threads: int) -> None:
        self.search(csr_matrix(vstack(queries, format="csr")), threads)


class Bm25s(Peer):
    """Its retrieval over our weights: postings hold idf times weight, as its queries have none."""

    library = "bm25s"
    note = "numba backend, our scores in its index"

    def build(self, material: Material) -> None:
        self.index = self.engine.BM25(backend="numba")
        postings = material.rows.T.tocsr()
        weights = postings.data * np.repeat(material.idf, np.diff(postings.indptr))
        self.index.scores = {
            "data": weights,
            "indices": postings.indices,
            "indptr": postings.indptr,
            "num_docs": postings.shape[1],
        }
        self.index.nonoccurrence_array = None
        self.index.vocab_dict = {str(column): column for column in range(postings.shape[0])}
        np.save(self.folder / "idf.npy", material.idf)

    def save(self) -> None:
        self.index.save(self.folder, show_progress=False)

    def open(self) -> None:
        self.index = self.engine.BM25.load(self.folder, show_progress=False)
        self.idf = np.load(self.folder / "idf.npy")

    def prepared(self, query: csr_array) -> tuple[list[int], float]:
        """Columns, and the factor by which our weights are less than the idf."""
        return query.indices.tolist(), float(query.data[0] / self.idf[query.indices[0]])

    def search(self, query: tuple[list[int], float]) -> tuple[Any, float]:
        return self.index.retrieve([query[0]], k=self.k, show_progress=False), query[1]

    def answer(self, found: tuple[Any, float]) -> Answer:
        results, factor = found
        matched = results.scores[0] > 0
        return results.documents[0][matched], results.scores[0][matched] * factor

    def many(self, queries: Sequence[tuple[list[int], float]], threads: int) -> None:
        columns = [query[0] for query in queries]
        self.index.retrieve(columns, k=self.k, n_threads=threads, show_progress=False)

"""A large index from a stream of rows: on disk from the beginning, in bounded memory.

The rows are spooled to flat files as they come, and sorted into one segment when all are there.
Besides what sorting is given, some 400 bytes a document and 100 a term are held; rows and postings
themselves are mapped from disk.
"""

import shutil
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from matcher.index import store
from matcher.index.documents import Documents
from matcher.index.opening import read_segment
from matcher.index.packing import MEMORY, MOST_DOCUMENTS
from matcher.index.port import Batch, Entry
from matcher.index.reader import Part
from matcher.index.segment import build
from matcher.index.shelf import FolderShelf

_SPOOL: Final = "spool"
_MOST_POSTINGS: Final = np.iinfo(np.int32).max


class Spool:
    """Entries and rows on their way into a segment in ``folder``."""

    def __init__(self, folder: Path, width: int, memory: int) -> None:
        self._folder, self._width, self._memory = folder, width, memory
        shutil.rmtree(folder / _SPOOL, ignore_errors=True)  # an interrupted build begins anew
        self._shelf = FolderShelf(folder / _SPOOL)
        self._documents: list[Documents] = []
        self._ends = [np.zeros(1, dtype=np.int64)]

    def has_room(self, batch: Batch) -> bool:
        """Whether a segment can hold this batch too."""
        documents = sum(map(len, self._documents)) + len(batch[0])
        postings = int(self._ends[-1][-1]) + batch[1].nnz
        return documents <= MOST_DOCUMENTS and postings <= _MOST_POSTINGS

    def add(self, entries: Sequence[Entry], rows: csr_array) -> None:
        """Put a batch on disk; its ids must be new."""
        self._documents.append(Documents.of(entries))
        self._shelf.append("columns", rows.indices.astype(np.int32, copy=False))
        self._shelf.append("weights", rows.data)
        self._ends.append(rows.indptr[1:].astype(np.int64) + self._ends[-1][-1])

    def segment(self) -> tuple[str, Part]:
        """Everything added, as a segment by its name; the spool is removed."""
        arrays = self._shelf.arrays()
        ends = np.concatenate(self._ends).astype(np.int32)
        shape = (len(ends) - 1, self._width)
        rows = csr_array((arrays["weights"], arrays["columns"], ends), shape=shape)
        fill = partial(build, Documents.joined(self._documents), rows, memory=self._memory)
        name = store.write_segment(self._folder, self._width, fill)
        shutil.rmtree(self._folder / _SPOOL)
        return name, Part.of(read_segment(self._folder / name))


def build_index(
    folder: Path, model: str, width: int, batches: Iterable[Batch], memory: int = MEMORY
) -> None:
    """Write an index of all batches to ``folder``, replacing what is there once it is complete.

    No id may come twice, and no weight may be 0. ``memory`` is what sorting may take, in bytes.
    Interrupted, it leaves the old index, and what is left over is removed by the next build.
    """
    parts: dict[str, Part] = {}
    spool = Spool(folder, width, memory)
    for batch in batches:
        if not spool.has_room(batch):
            parts.update([spool.segment()])
            spool = Spool(folder, width, memory)
        spool.add(*batch)
    parts.update([spool.segment()])
    store.commit(folder, model, width, parts)

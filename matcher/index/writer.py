"""The index that changes: immutable segments, replaced as a whole, folded in the background."""

import logging
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from matcher.filters import Filters
from matcher.index import store
from matcher.index.documents import Documents
from matcher.index.opening import read_index, read_segment
from matcher.index.packing import MOST_DOCUMENTS
from matcher.index.policy import Size, to_fold
from matcher.index.port import Entry, Hits
from matcher.index.reader import Part, Snapshot
from matcher.index.segment import Segment

_log = logging.getLogger(__name__)
_AT_ONCE: Final = 8192
"""Documents that are folded by whoever adds to them; more are folded in the background."""


class SegmentIndex:
    """Implements ``Index``. Readers take one snapshot and keep it; writers replace it."""

    def __init__(self, width: int) -> None:
        """An empty index for rows of ``width`` columns."""
        self._snapshot = Snapshot((), width)
        self._writing = threading.RLock()
        self._folding: threading.Thread | None = None
        self._stored: dict[int, Path] = {}  # by key of the part
        self.lacks_days = False
        """Opened from files older than days: what was saved there counts as without end."""

    def __len__(self) -> int:
        return len(self._snapshot)

    def add(self, entries: Sequence[Entry], rows: csr_array) -> None:
        entries, rows = _checked(entries, rows, self._snapshot.width)
        if not entries:
            return
        if len(entries) > MOST_DOCUMENTS:
            self.add(entries[MOST_DOCUMENTS:], rows[MOST_DOCUMENTS:])
            entries, rows = entries[:MOST_DOCUMENTS], rows[:MOST_DOCUMENTS]
        part = Part.of(Segment.of(Documents.of(entries), rows))
        with self._writing:
            before = self._without([entry.id for entry in entries])
            self._replace((*before, part))
            self._fold()

    def remove(self, ids: Collection[str]) -> None:
        with self._writing:
            self._replace(self._without(list(ids)))
            self._fold()

    def top_k(self, query: csr_array, k: int, filters: Filters | None = None) -> Hits:
        return self._snapshot.top_k(query, k, filters)

    @property
    def snapshot(self) -> Snapshot:
        """The state of this moment, which no writer changes."""
        return self._snapshot

    def get(self, ids: Sequence[str]) -> tuple[tuple[Entry, ...], csr_array]:
        return self._snapshot.get(ids)

    def frequencies(self, columns: NDArray[np.int32]) -> NDArray[np.int64]:
        return self._snapshot.frequencies(columns)

    def stamps(self, ids: Sequence[str] | None = None) -> Mapping[str, str]:
        return self._snapshot.stamps(ids)

    def save(self, folder: Path, model: str) -> None:
        with self._writing:
            parts = {}
            for part in self._snapshot.parts:
                path = self._stored.get(part.key)
                if path is None or path.parent != folder or not path.exists():
                    name = store.write_segment(folder, part.segment.width, part.segment.put)
                    path = folder / name
                    part = replace(part, segment=read_segment(path))
                parts[path.name] = part
            store.commit(folder, model, self._snapshot.width, parts)
            self._keep(folder, parts)

    @classmethod
    def open(cls, folder: Path, model: str) -> Self:
        opened = read_index(folder, model)
        index = cls(opened.width)
        index.lacks_days = opened.lacks_days
        index._keep(folder, opened.parts)
        return index

    def adopt(self, folder: Path, model: str) -> None:
        known = {path.name for path in self._stored.values() if path.parent == folder}
        opened = read_index(folder, model, known)
        if opened.lacks_days:  # what is here knows its days, which adopting would lose
            return
        for name, part in opened.parts.items():
            with self._writing:
                self._move(part, folder / name)

    def settle(self) -> None:
        """Wait until nothing is left to fold."""
        while True:
            with self._writing:
                folding = self._folding
            if folding is None:
                return
            folding.join()

    def _keep(self, folder: Path, parts: Mapping[str, Part]) -> None:
        """Let go of what was held in memory, and read it from the folder from now on."""
        self._stored = {part.key: folder / name for name, part in parts.items()}
        self._replace(tuple(parts.values()))

    def _move(self, part: Part, path: Path) -> None:
        """Have this part, which stands at ``path``, hold what is the same in it and in others."""
        saved = Snapshot((part,), self._snapshot.width).stamps()
        here = self._snapshot.stamps(list(saved))
        others = [id_ for id_, stamp in saved.items() if here.get(id_) != stamp]
        part = part.without(part.segment.numbers(others))
        rest = self._without(list(saved.keys() - set(others)))
        self._stored[part.key] = path
        self._replace((*rest, part))

    def _replace(self, parts: Sequence[Part]) -> None:
        kept = tuple(part for part in parts if part.alive.any())
        self._snapshot = Snapshot(kept, self._snapshot.width)
        self._stored = {p.key: self._stored[p.key] for p in kept if p.key in self._stored}

    def _without(self, ids: Sequence[str]) -> tuple[Part, ...]:
        return tuple(part.without(part.segment.numbers(ids)) for part in self._snapshot.parts)

    def _fold(self) -> None:
        """Fold what the policy says, at once if it is little, else on a thread of its own."""
        while self._folding is None and (chosen := self._chosen()):
            if sum(map(len, chosen)) <= _AT_ONCE:
                self._swap(chosen, folded(chosen))
            else:
                self._folding = threading.Thread(
                    target=self._fold_aside, args=(chosen,), name="folding", daemon=True
                )
                self._folding.start()

    def _chosen(self) -> list[Part]:
        parts = self._snapshot.parts
        sizes = [Size(len(part), len(part.segment) - len(part)) for part in parts]
        return [parts[place] for place in to_fold(sizes, MOST_DOCUMENTS)]

    def _fold_aside(self, chosen: Sequence[Part]) -> None:
        try:
            whole = folded(chosen)
        except Exception:
            _log.exception("segments stay as they are")  # until the next change tries again
            with self._writing:
                self._folding = None
            return
        with self._writing:
            self._swap(chosen, whole)
            self._folding = None
            self._fold()

    def _swap(self, chosen: Sequence[Part], whole: Part) -> None:
        """Put one part in the place of several, less what was removed meanwhile."""
        now = {part.key: part for part in self._snapshot.parts}
        for before in chosen:
            whole = whole.without(whole.segment.numbers(_lost(before, now.pop(before.key, None))))
        self._replace([*now.values(), whole])


def folded(parts: Sequence[Part]) -> Part:
    """One part of the living documents of several."""
    documents, rows = zip(*(part.taken() for part in parts), strict=True)
    joined = csr_array(vstack(rows, format="csr", dtype=np.float32))
    return Part.of(Segment.of(Documents.joined(documents), joined))


def _lost(before: Part, after: Part | None) -> list[str]:
    """The ids that were alive and are no longer."""
    lost = before.mask() if after is None else before.mask() & ~after.mask()
    return before.segment.documents.ids.some(np.flatnonzero(lost))


def _checked(
    entries: Sequence[Entry], rows: csr_array, width: int
) -> tuple[Sequence[Entry], csr_array]:
    """Of an id that is given twice the last row, and each column once, with no weights of 0.

    Raises ValueError if the rows do not fit.
    """
    if rows.shape != (len(entries), width):
        raise ValueError(f"rows of shape {rows.shape} for {len(entries)} entries of width {width}")
    last = {entry.id: i for i, entry in enumerate(entries)}
    if len(last) < len(entries):
        kept = sorted(last.values())
        entries, rows = [entries[i] for i in kept], rows[kept]
    if not rows.has_canonical_format:
        rows = rows.copy()
        rows.sum_duplicates()
    if not rows.data.all():
        rows = rows.copy()
        rows.eliminate_zeros()
    return entries, rows

"""A matchmaker on one model bundle that follows the database through its change log."""

import json
import logging
import threading
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from filelock import FileLock, Timeout

from api.observability.metrics import Lag
from api.services.progress import Track, silent
from api.store import Repository, Store
from api.store.changes import Change
from matcher.background import document_shares
from matcher.embedding import embedder
from matcher.engine import Matchmaker
from matcher.errors import IndexDamaged, IndexOutdated
from matcher.files import write_whole
from matcher.index import SegmentIndex, build_index
from matcher.library import Library, stamp
from matcher.resources import Record
from matcher.workers import suitable_workers
from models.bundle import Bundle

_log = logging.getLogger(__name__)
_BATCH: Final = 20_000
"""Records embedded at once when an index is brought up to date."""
_MANY: Final = 50_000
"""Records from which on a new index is made on disk."""
_FEW: Final = 1_000
"""Changes that are applied at once."""
_ENDING: Final = frozenset({"demands", "resources"})
"""Kinds of records that have a last day."""
_POSITION: Final = "position.json"
_WARM: Final = "预热：用于工业废水深度处理的膜材料，出水 COD 不高于 50 mg/L，运行成本降低 30%"
"""Has words, indicators, and terms enough to be a long query."""
R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Position:
    """How far the change log was followed: the id of the database, and a number in its log."""

    database: str
    number: int


class LiveEngine:
    """One bundle at work. Its indexes are a cache: what they lack is in the database."""

    def __init__(
        self, store: Store, bundle: Bundle, folder: Path, memory: int, track: Track = silent
    ) -> None:
        """Open the indexes in ``folder``, or make them, and bring them up to date.

        ``memory``: bytes that sorting a large new index may take.
        """
        self.name = bundle.name
        self._store, self._folder, self._memory = store, folder / bundle.name, memory
        self._applying = threading.Lock()
        self._saving = threading.Lock()
        # Of the process: whichever of its threads saves, and whichever lets go.
        self._saver = FileLock(self._folder / ".saver", timeout=0, thread_local=False)
        now = Position(store.changes.database_id(), store.changes.latest())
        saved = self._saved = self._saved_position(now)
        self.matchmaker = Matchmaker(
            bundle.representation,
            self._library(store.achievements, bundle, saved is None, track),
            self._library(store.demands, bundle, saved is None, track),
            bundle.grader,
            self._library(store.resources, bundle, saved is None, track),
        )
        self._position = saved or now
        while self.catch_up(track=track, most=_BATCH):
            pass
        if self._saved != self._position:
            self.save()  # or the next process would have to catch up again

    def catch_up(self, track: Track = silent, most: int = _FEW) -> int:
        """Apply the next changes, at most ``most``, and return how many there were.

        The records are read now, whatever they were when the change was made: applying a change
        twice, or one that others have overtaken, does no harm.
        """
        with self._applying:
            changes = self._store.changes.after(self._position.number, most)
            engine, store = self.matchmaker, self._store
            _renew(engine.achievements, store.achievements, _ids(changes, "achievements"), track)
            _renew(engine.demands, store.demands, _ids(changes, "demands"), track)
            _renew(engine.resources, store.resources, _ids(changes, "resources"), track)
            if changes:
                self._position = Position(self._position.database, changes[-1].number)
            return len(changes)

    def warm_up(self) -> None:
        """Load what only searches and writes load, so that nobody waits for it."""
        self.matchmaker.match(_WARM)
        self.matchmaker.representation.transform([{"title": _WARM}])
        document_shares()

    def lag(self) -> Lag:
        """How far this engine is behind the database."""
        first = self._store.changes.after(self._position.number, 1)
        if not first:
            return Lag(0, 0.0)
        missing = self._store.changes.latest() - self._position.number
        return Lag(missing, max(0.0, (datetime.now(UTC) - first[0].at).total_seconds()))

    def save(self) -> bool:
        """Write the indexes to disk, so that the next start is quick; whether they are there now.

        One process of several does: the first that asks, for as long as it lives. The others then
        read from there what they hold in memory.
        """
        with self._saving:
            return self._save()

    def leads(self) -> bool:
        """Whether this is the process that saves, and does what one process should do for all."""
        with self._saving:
            return self._is_saver()

    def close(self) -> None:
        """Let another process save from now on. Searches that are under way end well."""
        self._saver.release()

    def _save(self) -> bool:
        position = self._position  # what is written holds this much, or more
        if position == self._saved:
            return True
        if not self._is_saver():
            self._adopt()
            return False
        self.matchmaker.achievements.index.save(self._folder / "achievements", self.name)
        self.matchmaker.demands.index.save(self._folder / "demands", self.name)
        self.matchmaker.resources.index.save(self._folder / "resources", self.name)
        write_whole(self._folder / _POSITION, json.dumps(asdict(position)).encode())
        self._saved = position
        return True

    def _adopt(self) -> None:
        """Share what the process that saves has written, in place of the same held in memory."""
        engine = self.matchmaker
        with suppress(IndexDamaged, IndexOutdated):  # or hold it until there is another
            engine.achievements.index.adopt(self._folder / "achievements", self.name)
            engine.demands.index.adopt(self._folder / "demands", self.name)
            engine.resources.index.adopt(self._folder / "resources", self.name)

    def _is_saver(self) -> bool:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not self._saver.is_locked:
                self._saver.acquire()
        except Timeout:
            return False
        return True

    def _saved_position(self, now: Position) -> Position | None:
        """Where the saved indexes stand, if that says anything about this database."""
        try:
            saved = Position(**json.loads((self._folder / _POSITION).read_bytes()))
            usable = saved.database == now.database and 0 <= saved.number <= now.number
        except (OSError, ValueError, TypeError):
            return None
        return saved if usable else None

    def _library(
        self, table: Repository[R], bundle: Bundle, compare: bool, track: Track
    ) -> Library[R]:
        """One side; compared record by record if nobody knows how far the saved index got."""
        index = self._saved_index(self._folder / table.kind)
        if index is not None and index.lacks_days and table.kind in _ENDING:
            index = None  # what is saved there answers wrongly when asked for days
            self._saved = None
        is_new = index is None
        if is_new and table.findable() >= _MANY:
            index = self._built_index(self._folder / table.kind, table, bundle, track)
        library = Library(bundle.representation, table, index)
        if compare or is_new:
            ids = table.stamps().keys() | library.index.stamps().keys()
            _renew(library, table, ids, track)
        return library

    def _built_index(
        self, folder: Path, table: Repository[R], bundle: Bundle, track: Track
    ) -> SegmentIndex:
        """An index of all records, made on disk: neither records nor rows are held in memory."""
        count, width = table.findable(), bundle.representation.width
        library = Library(bundle.representation, table)
        with embedder(bundle.representation, suitable_workers(count)) as embed:
            batches = library.batches(track(table.all(), "建立索引", count), embed)
            build_index(folder, bundle.name, width, batches, self._memory)
        return SegmentIndex.open(folder, bundle.name)

    def _saved_index(self, folder: Path) -> SegmentIndex | None:
        """What an earlier process saved; an index can always be made anew from the database."""
        for is_last in (False, True):  # the process that saves may tidy up while we open
            try:
                return SegmentIndex.open(folder, self.name) if folder.exists() else None
            except IndexOutdated:
                return None
            except IndexDamaged as reason:
                if is_last:
                    _log.warning("index %s is made anew: %s", folder.name, reason)
        return None


def _ids(changes: Sequence[Change], kind: str) -> set[str]:
    return {change.record_id for change in changes if change.kind == kind}


def _renew(library: Library[R], table: Repository[R], ids: Collection[str], track: Track) -> None:
    """Make the index agree with the table on these records; what agrees already is left alone."""
    if not ids:
        return
    many = len(ids) > _FEW
    found = {} if many else table.get_many(list(ids))
    wanted = table.stamps() if many else {id_: stamp(record) for id_, record in found.items()}
    present = library.index.stamps(None if many else list(ids))
    library.remove([id_ for id_ in ids if id_ in present and id_ not in wanted])
    stale = [id_ for id_ in wanted if id_ in ids and present.get(id_) != wanted[id_]]
    with embedder(library.representation, suitable_workers(len(stale))) as embed:
        for start in range(0, len(stale), _BATCH):
            part = stale[start : start + _BATCH]
            records = table.get_many(part) if many else {id_: found[id_] for id_ in part}
            library.add(track(records.values(), "建立索引", len(part)), embed)

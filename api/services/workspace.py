"""Everything that a use case works with: the store, the models, and the engine wired to both."""

import logging
import threading
from pathlib import Path
from typing import Final, TypeVar

from api.services.progress import Track, silent
from api.store import Database, Repository
from api.store import achievements as achievement_table
from api.store import demands as demand_table
from matcher.embedding import embedder
from matcher.engine import Matchmaker
from matcher.errors import BundleError, IndexDamaged, IndexOutdated
from matcher.index import SegmentIndex, build_index
from matcher.library import Library
from matcher.records import Achievement, Demand
from matcher.workers import suitable_workers
from models.bundle import Bundle
from models.registry import Registry

_log = logging.getLogger(__name__)
_BATCH: Final = 20_000
"""Records embedded at once when an index is brought up to date."""
_MANY: Final = 50_000
"""Records from which on a new index is made on disk."""
R = TypeVar("R", bound=Achievement | Demand)


class Workspace:
    """One data folder, opened. The engine is loaded when it is first needed."""

    def __init__(
        self,
        folder: Path,
        database: Database,
        registry: Registry,
        segmenter: str,
        build_memory: int = 1 << 30,
    ) -> None:
        """``build_memory``: bytes that sorting a large new index may take."""
        self.segmenter = segmenter
        self._build_memory = build_memory
        self.achievements: Repository[Achievement] = achievement_table(database)
        self.demands: Repository[Demand] = demand_table(database)
        self.registry = registry
        self._database = database
        self._indexes = folder / "index"
        self._loading = threading.RLock()
        self._attached: tuple[Matchmaker, str] | None = None
        self._behind = False

    @property
    def place(self) -> str:
        """Which database holds the records, in plain words, without user and password."""
        return self._database.place

    @property
    def matchmaker(self) -> Matchmaker:
        """The engine on the current bundle. Raises BundleError if that cannot be loaded."""
        with self._loading:
            attached = self._attached or self.attach(self.registry.load())
        return attached[0]

    @property
    def ready(self) -> bool:
        """Whether matching works now."""
        try:
            return self.matchmaker is not None
        except BundleError:
            return False

    @property
    def model(self) -> str | None:
        """The name of the bundle at work, if one is."""
        return self._attached[1] if self._attached else None

    def attach(self, bundle: Bundle, track: Track = silent) -> tuple[Matchmaker, str]:
        """Put a bundle to work, its indexes brought up to date with the database."""
        with self._loading:
            self._behind = False
            engine = Matchmaker(
                bundle.representation,
                self._library("achievements", self.achievements, bundle, track),
                self._library("demands", self.demands, bundle, track),
                bundle.grader,
            )
            self._attached = engine, bundle.name
            if self._behind:
                self.save_indexes()  # or the next process would have to catch up again
            return self._attached

    def save_indexes(self) -> None:
        """Write the indexes to disk, so that the next start need not embed everything again."""
        with self._loading:
            if self._attached is not None:
                engine, model = self._attached
                engine.achievements.index.save(self._indexes / "achievements", model)
                engine.demands.index.save(self._indexes / "demands", model)

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def _library(self, name: str, table: Repository[R], bundle: Bundle, track: Track) -> Library[R]:
        index = self._saved_index(self._indexes / name, bundle.name)
        if index is None and table.count() >= _MANY:
            index = self._built_index(self._indexes / name, table, bundle, track)
        library = Library(bundle.representation, table, index)
        wanted, present = table.stamps(), library.index.stamps()
        library.remove(present.keys() - wanted.keys())
        stale = [id_ for id_, stamp in wanted.items() if present.get(id_) != stamp]
        self._behind = self._behind or wanted != present
        with embedder(bundle.representation, suitable_workers(len(stale))) as embed:
            for start in range(0, len(stale), _BATCH):
                ids = stale[start : start + _BATCH]
                records = table.get_many(ids).values()
                library.add(track(records, "建立索引", len(ids)), embed)
        return library

    def _built_index(
        self, folder: Path, table: Repository[R], bundle: Bundle, track: Track
    ) -> SegmentIndex:
        """An index of all records, made on disk: neither records nor rows are held in memory."""
        count, width = table.count(), bundle.representation.width
        library = Library(bundle.representation, table)
        with embedder(bundle.representation, suitable_workers(count)) as embed:
            batches = library.batches(track(table.all(), "建立索引", count), embed)
            build_index(folder, bundle.name, width, batches, self._build_memory)
        return SegmentIndex.open(folder, bundle.name)

    @staticmethod
    def _saved_index(folder: Path, model: str) -> SegmentIndex | None:
        """What an earlier process saved; an index can always be made anew from the database."""
        if not folder.exists():
            return None
        try:
            return SegmentIndex.open(folder, model)
        except IndexOutdated:
            return None
        except IndexDamaged as reason:
            _log.warning("index %s is made anew: %s", folder.name, reason)
            return None

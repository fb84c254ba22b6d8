"""Everything that a use case works with: the store, the models, and the engine wired to both."""

import logging
import shutil
import threading
from pathlib import Path

from api.observability.metrics import Lag
from api.security.tokens import Signing
from api.services.draft_room import MOST, DraftRoom
from api.services.live import LiveEngine
from api.services.progress import Track, silent
from api.services.uploads import LARGEST, Uploads
from api.smtp import Smtp
from api.store import Store
from matcher.engine import Matchmaker
from matcher.errors import BundleError
from models.bundle import Bundle
from models.registry import Registry

_log = logging.getLogger(__name__)


class Workspace:
    """One data folder, opened. The engine is loaded when it is first needed."""

    def __init__(
        self,
        folder: Path,
        store: Store,
        registry: Registry,
        segmenter: str,
        signing: Signing,
        build_memory: int = 1 << 30,
        largest_upload: int = LARGEST,
        smtp: Smtp | None = None,
        most_drafts: int = MOST,
    ) -> None:
        """``build_memory``: bytes that sorting a large new index may take.

        ``largest_upload``: bytes of a file to import. ``smtp``: how letters leave; else none do.
        ``most_drafts``: of people without an account, 0 for any number.
        """
        self.folder = folder
        self.store = store
        self.registry = registry
        self.segmenter = segmenter
        self.signing = signing
        self.smtp = smtp or Smtp()
        self.achievements = store.achievements
        self.demands = store.demands
        self.resources = store.resources
        self.uploads = Uploads(folder / "uploads", largest_upload)
        self.draft_room = DraftRoom(store, most_drafts)
        self._build_memory = build_memory
        self._indexes = folder / "index"
        self._loading = threading.RLock()
        self._live: LiveEngine | None = None
        self._refused: str | None = None

    @property
    def live(self) -> LiveEngine:
        """The engine on the current bundle. Raises BundleError if that cannot be loaded."""
        live = self._live
        if live is None:
            with self._loading:
                live = self._live or self.attach(self.registry.load())
        return live

    @property
    def place(self) -> str:
        """Which database holds the records, in plain words, without user and password."""
        return self.store.database.place

    @property
    def matchmaker(self) -> Matchmaker:
        """What answers now. Raises BundleError if there is nothing to answer with."""
        return self.live.matchmaker

    @property
    def ready(self) -> bool:
        """Whether matching works now."""
        try:
            return self.live is not None
        except BundleError:
            return False

    @property
    def model(self) -> str | None:
        """The name of the bundle at work, if one is."""
        return self._live.name if self._live else None

    def attach(self, bundle: Bundle, track: Track = silent, is_serving: bool = False) -> LiveEngine:
        """Put a bundle to work. Requests are answered with the one before until it is ready."""
        with self._loading:
            before = self._live
            if before is not None and before.name == bundle.name:
                before.close()  # one of the two can save, and it is the new one
            live = LiveEngine(self.store, bundle, self._indexes, self._build_memory, track)
            if is_serving:
                live.warm_up()
            self._live = live
            if before is not None:
                before.close()
            return live

    def catch_up(self) -> None:
        """Make what was just written findable, here and now.

        Without a usable model there is nothing to do, and nothing that people sent is lost.
        """
        try:
            self.live.catch_up()
        except BundleError as reason:
            _log.warning("stored, but not findable yet: %s", reason)

    def follow(self) -> bool:
        """Apply what other processes wrote, and take up the bundle that became current.

        Whether there may be more to do at once. A bundle that cannot be loaded is refused once,
        and the one at work stays.
        """
        if self._live is None:
            return False
        try:
            current = self.registry.newest()
        except BundleError:  # the list is damaged; what was loaded from it is not
            current = self._live.name
        if current not in (self._live.name, self._refused):
            self._take_up(current)
        return self._live.catch_up() > 0

    def lag(self) -> Lag | None:
        """How far the engine at work is behind the database, if one is."""
        return self._live.lag() if self._live else None

    def leads(self) -> bool:
        """Whether this process does what one of several should do for all."""
        return self._live is not None and self._live.leads()

    def save_indexes(self) -> None:
        """Write the indexes to disk, so that the next start need not embed everything again."""
        if self._live is not None:
            self._live.save()

    def forget_indexes(self) -> None:
        """Remove the indexes of all bundles but the current one and the one before."""
        kept = {self.model, *self.registry.recent(2)}
        for path in self._indexes.glob("*"):
            if path.name not in kept:
                shutil.rmtree(path, ignore_errors=True)

    def close(self) -> None:
        """Let go of the engine and the database."""
        if self._live is not None:
            self._live.close()
        self.store.close()

    def _take_up(self, name: str) -> None:
        try:
            self.attach(self.registry.load(name), is_serving=True)
        except BundleError as reason:
            self._refused = name
            _log.warning("model %s is not taken up: %s", name, reason)

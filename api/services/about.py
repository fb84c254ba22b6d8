"""What is running: which program, model and schema, since when, and how much of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version

from api.observability.metrics import Sources
from api.services.workspace import Workspace
from api.store.revision import newest_revision


class About:
    """One running application. Made when it starts; asking builds and loads nothing."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.started = datetime.now(UTC)

    @property
    def version(self) -> str:
        """Of the package."""
        return version("hongniang")

    @property
    def model(self) -> str | None:
        """The bundle at work, if one is."""
        return self._workspace.model

    @property
    def schema(self) -> str:
        """The revision of the database that this program works with."""
        return newest_revision()

    @property
    def sources(self) -> Sources:
        """Where the metrics ask."""
        space = self._workspace
        return Sources(
            sizes=self._sizes,
            model=lambda: self.model,
            lag=lambda: space.lag(),
            jobs=lambda: space.store.jobs.counts(),
        )

    def _sizes(self) -> Mapping[str, int]:
        if self.model is None:
            return {}
        engine = self._workspace.matchmaker
        return {
            "achievements": len(engine.achievements),
            "demands": len(engine.demands),
            "resources": len(engine.resources),
        }

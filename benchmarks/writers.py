"""Writers that want the same rows of PostgreSQL: ``python -m benchmarks.writers --seconds 60``.

Two reviews of five demands at a time, imports that replace twenty, decisions, edits and the survey,
each in a thread of its own, all on the same forty demands. What each has done, and what PostgreSQL
ended (by its SQLSTATE: 40P01 is two that waited for each other), is printed.
"""

import argparse
import logging
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from unittest.mock import patch

from api.bootstrap import open_workspace
from api.security.roles import Actor, Role
from api.services import catalogue, importing
from api.services.decisions import DecisionDraft, decide
from api.services.kinds import DEMANDS
from api.services.reviewing import Verdict, review_many
from api.services.workspace import Workspace
from api.settings import Settings
from api.store import Outlook
from matcher.errors import EditConflict, ReviewConflict, StoreUnavailable
from tests.databases import Server
from tests.unit.rows import demand_row, write_jsonl
from tests.unit.stores import need, need_draft, offer

IDS = [f"d{number:03}" for number in range(40)]
BROKER = Actor(None, "林静", Role.broker)


class Writers:
    """What they do, each with random demands, and the count of it."""

    def __init__(self, space: Workspace, folder: Path, seconds: float) -> None:
        self._space, self._folder = space, folder
        self._end = time.monotonic() + seconds
        self.done: Counter[str] = Counter()
        self.ended: Counter[tuple[str, str]] = Counter()

    def run(self) -> None:
        """All at once, until the time is over."""
        steps = (self.review, self.review, self.reimport, self.decide, self.edit, self.survey)
        threads = [
            threading.Thread(target=self._repeat, args=(step, Random(seed)))
            for seed, step in enumerate(steps)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def review(self, chance: Random) -> None:
        """As a broker with five boxes ticked."""
        seen = self._space.demands.stored_many(chance.sample(IDS, 5))
        versions = {one.record.id: one.version for one in seen}
        review_many(self._space, BROKER, chance.choice(list(Verdict)), versions, "指标不清")

    def reimport(self, chance: Random) -> None:
        """A file with new texts of twenty demands."""
        rows = [
            demand_row(chance.randrange(10**9), external_id=f"X-{id_}")
            for id_ in chance.sample(IDS, 20)
        ]
        importing.import_file(self._space, DEMANDS, write_jsonl(self._folder / "file.jsonl", rows))

    def decide(self, chance: Random) -> None:
        """采纳 or 不合适, with the case that belongs to it."""
        draft = DecisionDraft(verdict=chance.choice(["accepted", "rejected"]), reason="其他")
        decide(self._space, BROKER, chance.choice(IDS), "a1", draft)

    def edit(self, chance: Random) -> None:
        """One demand, by whoever comes last."""
        draft = need_draft(title=f"需求{chance.random()}")
        catalogue.replace(self._space, DEMANDS, chance.choice(IDS), draft)

    def survey(self, chance: Random) -> None:
        """What was found for four demands, new ones first."""
        now = datetime.now(UTC)
        found = sorted(chance.sample(IDS, 4), reverse=True)
        outlooks = [Outlook(id_, "", "", now, None, None, None, 0) for id_ in found]
        self._space.store.outlooks.store(outlooks)

    def _repeat(self, step: Callable[[Random], None], chance: Random) -> None:
        while time.monotonic() < self._end:
            try:
                step(chance)
            except (EditConflict, ReviewConflict):  # somebody was faster, as it may be
                continue
            except StoreUnavailable as error:
                cause = getattr(error.__cause__, "orig", None)
                self.ended[step.__name__, str(getattr(cause, "sqlstate", ""))] += 1
            else:
                self.done[step.__name__] += 1


def main() -> None:
    """Start a server, let them write, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    server = Server()
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(importing, "_index"),  # nothing is searched
        patch.object(Workspace, "catch_up"),
    ):
        settings = Settings(data=Path(folder) / "data", database_url=server.create("writers"))
        with closing(open_workspace(settings)) as space:
            space.demands.save(map(need, IDS), {id_: f"X-{id_}" for id_ in IDS})
            space.achievements.save([offer("a1")])
            writers = Writers(space, Path(folder), options.seconds)
            writers.run()
    server.remove()
    print("done:", dict(writers.done), "ended by PostgreSQL:", dict(writers.ended))


if __name__ == "__main__":
    main()

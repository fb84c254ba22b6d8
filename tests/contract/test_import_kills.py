"""kill -9 in the middle of each step of an import; another process ends what the first began."""

import io
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from api.bootstrap import open_workspace
from api.security.roles import SYSTEM
from api.services import importing, jobs
from api.services.importing import IMPORT, order, run
from api.services.jobs import JobRunner
from api.services.kinds import ACHIEVEMENTS
from api.settings import Settings
from api.store import State
from api.store.tables import JobRow, StagedRow
from tests.unit.rows import achievement_row, write_csv

ROWS = 3500
DIES = """
import os, signal, sys
from pathlib import Path
from api.bootstrap import open_workspace
from api.services import importing
from api.services.importing import IMPORT, run
from api.services.jobs import JobRunner, Work
from api.settings import Settings

step, after = sys.argv[2], int(sys.argv[3])
track = Work.track

def dying(self, items, label, total):
    for number, item in enumerate(track(self, items, label, total)):
        if label == step and number == after:
            os.kill(os.getpid(), signal.SIGKILL)
        yield item

Work.track = dying
if step == "index":
    importing._index = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
JobRunner(open_workspace(Settings(data=Path(sys.argv[1]))), {IMPORT: run}).run_next()
"""


@pytest.mark.parametrize(("step", "after"), [("检查", 2500), ("入库", 2500), ("index", 0)])
def test_what_was_killed_is_taken_up_and_ends_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, after: int
) -> None:
    monkeypatch.setattr(importing, "_index", lambda *_: None)
    space = open_workspace(Settings(data=tmp_path / "data"))
    table = write_csv(tmp_path / "a.csv", [achievement_row(n) for n in range(1, ROWS + 1)])
    job = order(space, ACHIEVEMENTS, "a.csv", io.BytesIO(table.read_bytes()), SYSTEM)
    command = [sys.executable, "-c", DIES, str(tmp_path / "data"), step, str(after)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    dead = subprocess.run(command, env=environment, check=False)
    assert dead.returncode == -signal.SIGKILL
    with space.store.database.reading() as session:
        staged = session.scalar(select(func.count()).select_from(StagedRow))
    assert staged == {"检查": 2000, "入库": ROWS, "index": 0}[step]
    assert space.achievements.count() == (ROWS if step == "index" else 0)
    with space.store.writing() as unit:  # half a minute later
        ago = datetime.now(UTC) - timedelta(seconds=31)
        unit.session.execute(update(JobRow).values(beat_at=ago))
    assert JobRunner(space, {IMPORT: run}).run_next()
    ended = jobs.get(space, job.id)
    assert (ended.state, ended.report["added"]) == (State.done, ROWS)
    assert space.achievements.count() == ROWS
    assert len(space.store.changes.after(0, 10_000)) == ROWS
    assert len(space.store.audit.page(100)) == 1
    space.close()

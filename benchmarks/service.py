"""The service on a data folder of some size: made once, started as its users start it."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from matching import DEMO, achievements

from api.bootstrap import open_workspace
from api.security.roles import SYSTEM, Actor, Role, Scope
from api.services.accounts import add_account
from api.services.fitting import fit
from api.services.importing import import_file
from api.services.keys import add_key
from api.services.kinds import ACHIEVEMENTS, DEMANDS
from api.settings import Settings

_PASSWORD = "a long sentence nobody guesses"


def prepare(folder: Path, docs: int) -> str:
    """A folder with ``docs`` invented achievements and the demo demands; a broker's key."""
    key = folder / "broker.key"
    if key.exists():
        return key.read_text("ascii")
    random.seed(7)
    folder.mkdir(parents=True, exist_ok=True)
    workspace = open_workspace(Settings(data=folder))
    import_file(workspace, ACHIEVEMENTS, _file(folder / "achievements.jsonl", docs))
    import_file(workspace, DEMANDS, DEMO / "demands.jsonl")
    fit(workspace)
    account = add_account(workspace, SYSTEM, "broker", Role.broker, _PASSWORD)
    actor = Actor(account.id, account.name, Role.broker)
    secret = add_key(workspace, actor, "benchmark", list(Scope))[1]
    workspace.close()
    key.write_text(secret, "ascii")
    return secret


def _file(path: Path, docs: int) -> Path:
    """The achievements as a file to import."""
    shown = ("title", "abstract", "keywords", "field", "region", "maturity")
    with path.open("w", encoding="utf-8") as file:
        for record in achievements(docs):
            row = {name: getattr(record, name) for name in shown}
            row |= {"external_id": record.id, "provider": f"示例大学{record.id[-2:]}（虚构）"}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


@contextmanager
def copied(folder: Path) -> Iterator[Path]:
    """The same folder to be written to, so that every run begins with the same data."""
    with TemporaryDirectory(dir=folder.parent) as scratch:
        yield shutil.copytree(folder, Path(scratch, "data"))


@contextmanager
def serving(folder: Path, port: int, workers: int) -> Iterator[int]:
    """The process id of a running service."""
    settings = {
        "HONGNIANG_DATA": str(folder),
        "HONGNIANG_RATE": "0",
        "HONGNIANG_RATE_SUBMISSION": "0",
        "HONGNIANG_LOG_LEVEL": "warning",
    }
    command = [str(Path(sys.executable).with_name("hongniang")), "serve", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--workers", str(workers)],
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError("the service did not start")


def memory(pid: int) -> float:
    """Megabytes of a process and its children; what they share counts once (PSS)."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        if _belongs(int(folder.name), pid):
            lines = (folder / "smaps_rollup").read_text("ascii").splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def _belongs(pid: int, ancestor: int) -> bool:
    while pid > 1:
        if pid == ancestor:
            return True
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[1])
        except OSError:
            return False
    return False

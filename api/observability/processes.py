"""Figures of several processes, added up through files in one folder."""

import os
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Read by prometheus_client when it is imported, and inherited by processes that are started."""


def share(folder: Path) -> None:
    """Let processes started from now on share their figures; called by the one that starts them.

    What earlier processes left is removed. This process keeps its own figures to itself.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.db"):
        file.unlink()
    os.environ[VARIABLE] = str(folder)


def folder() -> Path:
    """Where processes that share their figures keep them."""
    return Path(os.environ[VARIABLE])


def forget(pid: int) -> None:
    """Take back the gauges of a process that ended; what it had counted stays counted."""
    for file in folder().glob(f"*-{pid}"):
        file.unlink(missing_ok=True)
    mark_process_dead(pid)  # type: ignore[no-untyped-call]


def shared() -> CollectorRegistry | None:
    """The figures of all processes, or None if this one is alone."""
    if VARIABLE not in os.environ:
        return None
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry

"""What is prepared for several server processes, by one that ends when it is done.

It needs a few hundred megabytes, which the process that looks after the others would keep.
"""

import signal
import sys
from contextlib import closing
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING

from matcher.errors import WorkersLost

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

    from api.settings import Settings


def prepare_aside(settings: "Settings", demo: bool) -> None:
    """Leave data, model and indexes so that every process finds them; nothing stays open.

    What goes wrong is told there, and ends this process with the same code. Raises WorkersLost if
    the other one was killed.
    """
    child = get_context("spawn").Process(target=_told, args=(settings, demo))
    _start(child)
    try:
        child.join()
    except KeyboardInterrupt:
        child.terminate()
        child.join()
        raise
    if child.exitcode and child.exitcode < 0:
        raise WorkersLost("准备数据和模型的进程意外退出，可能是内存不足，请稍后再试。")
    if child.exitcode:
        sys.exit(child.exitcode)


def _start(child: "BaseProcess") -> None:
    """Deaf to Ctrl+C, which reaches the whole terminal: this process tells it, once."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    child.start()
    signal.signal(signal.SIGINT, before)


def _told(settings: "Settings", demo: bool) -> None:
    """In a process of its own; errors become a sentence and an exit code, as of any command."""
    from api.cli.main import run
    from api.cli.worker import end_with_parent

    signal.signal(signal.SIGTERM, _interrupt)
    end_with_parent()
    run(partial(_prepare, settings, demo))


def _interrupt(*_: object) -> None:
    """Leave in order, undisturbed."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def _prepare(settings: "Settings", demo: bool) -> None:
    from api.bootstrap import open_workspace
    from api.cli.preparing import prepare
    from api.observability.logs import configure

    configure(settings.log_level, settings.log_json)
    with closing(open_workspace(settings)) as workspace:
        prepare(workspace, demo)
        workspace.save_indexes()

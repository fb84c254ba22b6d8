"""One of several server processes, as the supervisor starts it, and starts it again if it dies."""

import logging
import os
import signal
import sys
import threading
from multiprocessing import parent_process
from typing import TYPE_CHECKING

from matcher.errors import HongniangError

if TYPE_CHECKING:
    from fastapi import FastAPI

_log = logging.getLogger(__name__)


def application() -> "FastAPI":
    """The application on a workspace of this process's own, from the settings of all of them.

    What is missing (data, a model) the process that starts the others has seen to.
    """
    from api.app import create_app
    from api.bootstrap import open_workspace
    from api.cli.preparing import settle
    from api.cli.serving import names
    from api.cli.session import settings
    from api.observability.logs import configure
    from matcher import ready

    end_with_parent()
    ready.prepare()
    try:
        given = settings()
        configure(given.log_level, given.log_json)
        workspace = open_workspace(given)
        settle(workspace)
    except HongniangError as reason:  # perhaps the database is away: the next attempt may do
        _log.error("this process cannot serve: %s", reason)
        sys.exit(1)
    return create_app(workspace, names(given), given, carries_out_jobs=True)


def end_with_parent() -> None:
    """Without it nobody would start this process again, or end it; and it would hold the port."""
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

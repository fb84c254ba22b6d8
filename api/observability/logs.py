"""One line for each thing that happened, on standard error, all through the same renderer.

Our modules, the server and the libraries use ``logging``; what is more to say goes into ``extra``.
"""

import logging
import sys
from typing import Final, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from api.observability.masking import masked
from api.observability.traces import trace

_OURS: Final = ("api", "matcher", "models")
_NAME: Final = "hongniang"
_INTERNAL: Final = ("_record", "_from_structlog", "color_message", "message", "asctime", "taskName")


def configure(
    level: str = "info", as_json: bool | None = None, stream: TextIO | None = None
) -> None:
    """Send all logging of this process to ``stream``, standard error unless one is given.

    ``as_json`` is None for text where people read along, on a terminal, and JSON elsewhere.
    ``level`` holds for our own modules and the server. Libraries speak from warnings on: below
    that, some of them write rows of the database and bodies of requests. Calling it again
    replaces what an earlier call set up.
    """
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.set_name(_NAME)
    handler.setFormatter(formatter(not stream.isatty() if as_json is None else as_json))
    root = logging.getLogger()
    root.handlers = [h for h in root.handlers if h.get_name() != _NAME] + [handler]
    wanted = logging.getLevelNamesMapping()[level.upper()]
    root.setLevel(max(wanted, logging.WARNING))
    for name in _OURS:
        logging.getLogger(name).setLevel(wanted)
    logging.getLogger("uvicorn").setLevel(max(wanted, logging.INFO))
    logging.raiseExceptions = False  # a line that cannot be written must not be printed unmasked


def formatter(as_json: bool = True) -> logging.Formatter:
    """Makes one line of a record."""
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        _traced,
        _masked,
    ]
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=before, processors=[last], use_get_message=True
    )


def _traced(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Errors as data instead of printed tracebacks, which quote values."""
    info = event.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = trace(error)
    return event


def _masked(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for name in _INTERNAL:
        event.pop(name, None)
    shown = {
        name: value if name == "error" else masked(value, name) for name, value in event.items()
    }
    first = {name: shown.pop(name) for name in ("time", "level", "event") if name in shown}
    return first | shown

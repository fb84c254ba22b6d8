"""Lines of the log: one renderer for all, and nothing personal in them."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog

from api.observability.logs import configure
from api.observability.masking import MASK, masked, masked_text
from api.observability.traces import trace
from matcher.errors import InvalidInput, StoreUnavailable

Lines = Callable[[], list[dict[str, Any]]]
SECRET = "柔性显示封装工艺"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What the log writes to; afterwards logging is as it was."""
    root = logging.getLogger()
    names = ("api", "matcher", "models", "uvicorn")
    levels = {name: logging.getLogger(name).level for name in names}
    before = root.handlers[:], root.level, logging.raiseExceptions
    yield io.StringIO()
    root.handlers, logging.raiseExceptions = before[0], before[2]
    root.setLevel(before[1])
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def lines(stream: io.StringIO) -> Lines:
    configure("info", as_json=True, stream=stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_says_when_how_grave_what_and_for_which_request(lines: Lines) -> None:
    structlog.contextvars.bind_contextvars(request_id="abcdefgh")
    logging.getLogger("api.somewhere").info("went %s", "well", extra={"route": "/x", "status": 200})
    [line] = lines()
    assert datetime.fromisoformat(line.pop("time")).tzinfo == UTC
    assert line == {
        "level": "info",
        "event": "went well",
        "request_id": "abcdefgh",
        "logger": "api.somewhere",
        "route": "/x",
        "status": 200,
    }


@pytest.mark.parametrize("name", ["uvicorn.error", "sqlalchemy.pool", "api", "matcher.index"])
def test_libraries_and_the_server_speak_through_the_same_renderer(lines: Lines, name: str) -> None:
    logging.getLogger(name).warning("watch out")
    [line] = lines()
    assert (line["logger"], line["level"], line["event"]) == (name, "warning", "watch out")


@pytest.mark.parametrize("level", ["debug", "info"])
@pytest.mark.parametrize("name", ["sqlalchemy.engine.Engine", "python_multipart.multipart"])
def test_what_libraries_tell_below_warnings_is_not_written(
    stream: io.StringIO, name: str, level: str
) -> None:
    configure(level, stream=stream)
    logging.getLogger(name).log(logging.DEBUG, "row %s", SECRET)
    logging.getLogger(name).info("parameters %s", SECRET)
    assert stream.getvalue() == ""


def test_the_level_is_that_of_the_setting(stream: io.StringIO) -> None:
    for level, expected in (("debug", 3), ("info", 2), ("warning", 1), ("error", 0)):
        configure(level, stream=stream)
        log = logging.getLogger("api.x")
        log.debug("a")
        log.info("b")
        log.warning("c")
        assert len(stream.getvalue().splitlines()) == expected
        stream.seek(0)
        stream.truncate()


def test_configuring_again_writes_every_line_once_and_leaves_other_handlers(
    stream: io.StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        configure(stream=stream)
    logging.getLogger("api").info("once")
    assert len(stream.getvalue().splitlines()) == 1
    assert caplog.messages == ["once"]


def test_lines_for_people_are_text(stream: io.StringIO) -> None:
    configure(as_json=False, stream=stream)
    logging.getLogger("api").warning("index is made anew", extra={"phone": "13800138000"})
    assert "index is made anew" in stream.getvalue()
    assert "13800138000" not in stream.getvalue()
    assert not stream.getvalue().startswith("{")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("as_json", [None, True, False])
@pytest.mark.parametrize("kind", [Terminal, io.StringIO])
def test_lines_are_text_on_a_terminal_unless_told_otherwise(
    stream: io.StringIO, kind: type[io.StringIO], as_json: bool | None
) -> None:
    stream = kind()
    configure(as_json=as_json, stream=stream)
    logging.getLogger("api").info("ready")
    expected = kind is io.StringIO if as_json is None else as_json
    assert stream.getvalue().startswith("{") is expected


def test_nobody_can_write_lines_of_his_own(lines: Lines) -> None:
    logging.getLogger("api").info('a\n{"event": "forged"}\r\x1b[31m')
    assert len(lines()) == 1


def test_halves_of_characters_do_not_lose_the_line(stream: io.StringIO) -> None:
    raw = io.BytesIO()
    error = io.TextIOWrapper(raw, "utf-8", errors="backslashreplace")  # as standard error is
    configure(stream=error)
    # Straight to our handler: that of the test runner cannot pass such text on.
    [ours] = [h for h in logging.getLogger().handlers if getattr(h, "stream", None) is error]
    ours.handle(logging.makeLogRecord({"name": "api", "msg": "half \ud800"}))
    error.flush()
    assert b"half" in raw.getvalue()


# Masking


PRIVATE_NAMES = (
    "text title problem indicators goal query phone contact organisation organization password "
    "code receipt receipt_code cookie Set-Cookie authorization X-API-Key token session email "
    "body params client address person"
)


@pytest.mark.parametrize("key", PRIVATE_NAMES.split())
def test_what_is_under_a_private_name_is_masked(key: str) -> None:
    assert masked({key: SECRET, "n": 1}) == {key: MASK, "n": 1}
    assert masked({"deep": [{key: SECRET}]}) == {"deep": [{key: MASK}]}


@pytest.mark.parametrize(
    "private",
    [
        "13800138000",
        "138-0013-8000",
        "138 0013 8000",
        "+86 138 0013 8000",
        "8613800138000",
        "0512-88886666",
        "051288886666",
        "400-123-4567",
        "ABCD-EFGH-IJKL-MNOP-QRST-UV23",
        "ABCDEFGHIJKLMNOPQRSTUV23",
        "abcdefghijklmnopqrstuv23",
        "zhang.san@huaxing.example.com",
        "Bearer abcdef123456",
    ],
)
def test_what_looks_private_is_masked_wherever_it_stands(private: str) -> None:
    for around in ("{}", "电话{}。", "/receipts/{}", "a={}&b", "（{}）"):
        shown = masked_text(around.format(private))
        assert private not in shown
        assert MASK in shown
    assert masked({"event": f"x {private}", "n": (private,)}) == {"event": f"x {MASK}", "n": [MASK]}


@pytest.mark.parametrize(
    "harmless",
    [
        "20261122-132151-123456",
        "2026-11-22T13:21:50.123456Z",
        "3f2b8c1d9e4a4f6b8c1d9e4a4f6b8c1d",
        "GB/T 19001-2016",
        "CAS 7439-93-2",
        "unexpected error at GET /receipts/{code}",
        "/usr/lib/python3.11/site-packages/x.py:1234567",
        "127.0.0.1:8000",
        "数据库正忙，请稍后再试。",
    ],
)
def test_what_is_not_private_stays_readable(harmless: str) -> None:
    assert masked_text(harmless) == harmless


def test_numbers_and_the_keys_of_the_service_itself_stay() -> None:
    kept = {"request_id": "13800138000", "route": "/receipts/{code}", "status": 200, "ok": True}
    assert masked(kept) == kept


# Errors


def _raised(kind: type[Exception], *arguments: object) -> Exception:
    try:
        try:
            int(SECRET)
        except ValueError as cause:
            raise kind(*arguments) from cause
    except Exception as error:
        return error


def test_an_error_is_told_by_kind_and_place_but_not_in_its_words(lines: Lines) -> None:
    logging.getLogger("api").error("failed", exc_info=_raised(InvalidInput, SECRET))
    [line] = lines()
    outer, inner = line["error"]
    assert (outer["kind"], inner["kind"]) == ("matcher.errors.InvalidInput", "ValueError")
    assert outer["frames"][0].endswith("_raised")
    assert "exc_info" not in line
    assert SECRET not in json.dumps(line, ensure_ascii=False)


def test_an_error_of_the_machine_is_told_in_its_words() -> None:
    [outer, _] = trace(_raised(StoreUnavailable, "数据库正忙，请稍后再试。"))
    assert outer["message"] == "数据库正忙，请稍后再试。"
    assert trace(OSError(28, "No space left"))[0]["message"] == "[Errno 28] No space left"
    assert MASK in trace(OSError("13800138000"))[0]["message"]


def test_a_chain_without_end_is_cut() -> None:
    first, second = ValueError(), ValueError()
    first.__cause__, second.__cause__ = second, first
    assert len(trace(first)) == 5

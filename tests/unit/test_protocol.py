"""HTTP as the server speaks it, byte by byte."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from api.cli.protocol import LONGEST_HEAD, Protocol
from api.limits.bodies import WHOLE

PATIENCE = 20.0
TRAILED = (
    b"POST / HTTP/1.1\r\nHost: a\r\nX-Real: yes\r\nTrailer: X-Forwarded-For\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n"
)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with what it was told."""
    request, whole = Request(scope, receive), WHOLE in scope
    body = (await request.body()).decode()
    assert WHOLE in scope
    told = {"headers": dict(request.headers), "body": body, "whole": whole}
    await JSONResponse(told)(scope, receive, send)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(application, http=Protocol, lifespan="off", log_config=None)
        server = uvicorn.Server(config)
        serve = server.serve([listener])
        thread = threading.Thread(target=asyncio.run, args=(serve,))
        listener.listen()
        thread.start()
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join(PATIENCE)


def answered(port: int, *parts: bytes) -> bytes:
    """What the server says until it has closed, or said all."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        for part in parts:
            connection.sendall(part)
        connection.shutdown(socket.SHUT_WR)
        found = b""
        while piece := connection.recv(65536):
            found += piece
        return found


def send_on(connection: socket.socket) -> None:
    for _ in range(1000):
        connection.sendall(b"a" * LONGEST_HEAD)


def test_a_trailer_is_no_header(port: int) -> None:
    head, _, body = answered(port, TRAILED).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    told = json.loads(body)
    assert told["body"] == "abc"
    assert told["headers"]["x-real"] == "yes"
    assert "x-forwarded-for" not in told["headers"]


def test_a_head_without_end_is_refused(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX-Long: ")
        with pytest.raises(ConnectionError):
            send_on(connection)


def test_trailers_without_end_are_cut_off(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        connection.sendall(TRAILED.removesuffix(b"\r\n\r\n"))
        with pytest.raises(ConnectionError):
            send_on(connection)


def test_a_head_that_is_just_too_long_is_told_so(port: int) -> None:
    head = b"GET / HTTP/1.1\r\nHost: a\r\nX-Long: "
    assert answered(port, head, b"a" * LONGEST_HEAD).startswith(b"HTTP/1.1 400")


def test_a_long_body_and_many_requests_on_one_connection_are_no_long_head(port: int) -> None:
    body = b"b" * (3 * LONGEST_HEAD)
    one = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(body)
    found = answered(port, one, body, one, body)
    assert found.count(b"HTTP/1.1 200") == 2


def test_whoever_reads_a_body_is_told_that_all_of_it_is_there(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\n"
    assert b'"whole":true' in answered(port, head + b"ab")
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        connection.sendall(head)
        time.sleep(0.1)  # the application has begun
        connection.sendall(b"ab")
        assert b'"body":"ab","whole":false' in b"".join(iter(lambda: connection.recv(4096), b""))


@pytest.mark.parametrize("head", [b"GET\r\n\r\n", b"GET / HTTP/1.1\r\nA b\r\n\r\n"])
def test_what_is_no_http_is_refused(port: int, head: bytes) -> None:
    assert answered(port, head).startswith(b"HTTP/1.1 400")

"""HEAD, as a real server answers it."""

import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
import uvicorn
from starlette.types import Scope

from api.heads import Heads

BODY = b"the content of a page"


async def page(scope: Scope, receive: Callable, send: Callable) -> None:
    """Answers GET, and nothing else, in two pieces."""
    assert scope["method"] == "GET"
    length = (b"content-length", str(len(BODY)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": BODY[:9], "more_body": True})
    await send({"type": "http.response.body", "body": BODY[9:]})


@pytest.fixture
def port() -> Iterator[int]:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        server = uvicorn.Server(uvicorn.Config(Heads(page), lifespan="off", log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join()


def test_a_head_is_answered_without_content_and_the_connection_goes_on(port: int) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        for method, content in (("HEAD", b""), ("HEAD", b""), ("GET", BODY)):
            connection.request(method, "/")
            answer = connection.getresponse()
            assert (answer.status, answer.read()) == (200, content)
            assert answer.headers["Content-Length"] == str(len(BODY))

"""Limits of requests as middleware around an application of the test's own."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable

import pytest
from fastapi import FastAPI, Request
from starlette.types import ASGIApp, Message, Scope

from api import errors
from api.limits.bodies import WHOLE, Bodies
from api.limits.overload import Overload, takes_turns
from api.limits.patience import Patience
from api.limits.rates import Rates
from api.policy import UNLIMITED, Policy
from tests.unit.asgi import Answer, ask, pieces, scope_of
from tests.unit.test_buckets import Clock


async def echo(scope: Scope, receive: Callable[[], Awaitable], send: Callable) -> None:
    """Answers with the size of the body."""
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(size).encode()})


def policy(**changes: object) -> Policy:
    return UNLIMITED.model_copy(update=changes)


def refusal(answer: Answer, status: int, retry: str | None = None) -> str:
    """The sentence of a refusal in JSON."""
    assert answer.error is None
    assert answer.status == answer.json["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers.get("retry-after") == retry
    sentence: str = answer.json["detail"]
    assert sentence.endswith("。")
    return sentence


API = "/api/v1/matches"
PAGE = "/api/v1/demands"


# How often


def rated(clock: Clock, **changes: object) -> Rates:
    return Rates(echo, policy(**changes), clock)


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("POST", "/demands/new", "submission"),
        ("POST", "/api/v1/drafts", "submission"),
        ("POST", "/demands/d1/edit", "submission"),
        ("PUT", "/api/v1/drafts/ABCD", "requests"),
        ("POST", "/demands/drafts/ABCD", "requests"),
        ("GET", "/demands/new", "requests"),
    ],
)
def test_what_makes_a_draft_counts_as_a_submission_and_saving_it_does_not(
    method: str, path: str, kind: str
) -> None:
    app = rated(Clock(), rate=9, rate_submission=3)
    answer = asyncio.run(ask(app, scope_of(method=method, path=path)))
    assert answer.headers["ratelimit-policy"].startswith(f'"{kind}"')


def test_who_asks_too_often_is_told_how_long_to_wait() -> None:
    clock = Clock()
    app = rated(clock, rate=2)
    first = asyncio.run(ask(app, scope_of(path=API)))
    assert first.headers["ratelimit-policy"] == '"requests";q=2;w=60'
    assert first.headers["ratelimit"] == '"requests";r=1;t=30'
    asyncio.run(ask(app, scope_of(path=API)))
    scope = scope_of(path=API)
    refused = asyncio.run(ask(app, scope))
    assert "30 秒" in refusal(refused, 429, "30")
    assert refused.headers["ratelimit"] == '"requests";r=0;t=60'
    assert scope["state"]["refused"] == "rate-requests"
    assert asyncio.run(ask(app, scope_of(path=API, client="10.1.1.2"))).status == 200
    clock.now += 30
    assert asyncio.run(ask(app, scope_of(path=API))).status == 200


def test_a_page_is_refused_with_a_page() -> None:
    app = rated(Clock(), rate=1)
    asyncio.run(ask(app, scope_of()))
    page = asyncio.run(ask(app, scope_of()))
    assert (page.status, page.headers["retry-after"]) == (429, "60")
    assert page.headers["content-type"].startswith("text/html")
    assert "请 60 秒后再试。" in page.body.decode()


def test_watchers_and_assets_are_not_counted() -> None:
    app = rated(Clock(), rate=1)
    for path in ("/healthz", "/readyz", "/metrics", "/static/style.css", "/api/static/x.js") * 2:
        answer = asyncio.run(ask(app, scope_of(path=path)))
        assert answer.status == 200
        assert "ratelimit" not in answer.headers


@pytest.mark.parametrize("path", ["/login", "/login/"])
def test_logins_are_counted_by_address_whatever_key_comes_along(path: str) -> None:
    app = rated(Clock(), rate=100, rate_login=2)
    statuses = [
        asyncio.run(ask(app, scope_of("POST", path, {"x-api-key": str(n)}))).status
        for n in range(3)
    ]
    assert statuses == [200, 200, 429]
    assert asyncio.run(ask(app, scope_of("GET", path))).status == 200


@pytest.mark.parametrize("path", ["/demands/new", "/api/v1/demands"])
def test_submissions_without_an_account_are_fewer(path: str) -> None:
    app = rated(Clock(), rate=100, rate_submission=1)
    assert asyncio.run(ask(app, scope_of("POST", path))).status == 200
    assert asyncio.run(ask(app, scope_of("POST", path))).status == 429
    assert asyncio.run(ask(app, scope_of("GET", path))).status == 200


@pytest.mark.parametrize(
    ("headers", "times"),
    [
        ({"content-length": "7999"}, 12),
        ({"content-length": "75000"}, 1),
        ({"content-length": "9" * 5000}, 1),
        ({"content-length": "²"}, 1),
        ({"transfer-encoding": "chunked"}, 1),
    ],
)
def test_long_texts_of_visitors_count_as_several_requests(
    headers: dict[str, str], times: int
) -> None:
    app = rated(Clock(), rate=12)
    scopes = [scope_of("POST", "/api/v1/coach", headers) for _ in range(13)]
    statuses = [asyncio.run(ask(app, scope)).status for scope in scopes]
    assert statuses.count(429) == 13 - times


async def for_brokers(scope: Scope, receive: Callable, send: Callable) -> None:
    """Accepts the key "good"."""
    if (b"x-api-key", b"good") in scope["headers"]:
        scope.setdefault("state", {})["role"] = "broker"
    await echo(scope, receive, send)


def test_an_accepted_key_has_a_share_of_its_own() -> None:
    app = Rates(for_brokers, policy(rate=2, rate_submission=1), Clock())
    good = {"x-api-key": "good"}
    paths = [API, API, "/api/v1/demands", API]  # the first is still paid for by the address
    statuses = [asyncio.run(ask(app, scope_of("POST", p, good))).status for p in paths]
    assert statuses == [200, 200, 200, 429]
    assert asyncio.run(ask(app, scope_of("POST", API))).status == 200
    assert asyncio.run(ask(app, scope_of("POST", API))).status == 429


def test_inventing_keys_gains_nothing() -> None:
    app = Rates(for_brokers, policy(rate=3), Clock())
    scopes = [scope_of("POST", API, {"x-api-key": str(n)}) for n in range(5)]
    assert [asyncio.run(ask(app, s)).status for s in scopes] == [200, 200, 200, 429, 429]


# How large and how slow


def test_a_body_arrives_whole() -> None:
    app = Bodies(echo, policy())
    sent = asyncio.run(ask(app, scope_of("POST", API), pieces(b"ab", b"cde")))
    assert sent.body == b"5"


@pytest.mark.parametrize("length", ["1000001", None])
def test_a_body_over_the_setting_is_refused(length: str | None) -> None:
    app = Bodies(echo, policy(max_body=1))
    headers = {"content-length": length} if length else {}
    body = pieces(b"a" * 1_000_000, b"a")
    answer = asyncio.run(ask(app, scope_of("POST", API, headers), body))
    assert "1 MB" in refusal(answer, 413)


def test_a_body_that_the_server_has_is_one_message_and_then_the_client_may_leave() -> None:
    left = {"type": "http.disconnect"}

    async def received(size: int) -> tuple[Answer, list[Message]]:
        told, found = [{"type": "http.request", "body": b"a" * size}, left], []

        async def receive() -> Message:
            return told.pop(0)

        async def twice(scope: Scope, receive: Callable, send: Callable) -> None:
            found.extend([await receive(), await receive()])

        async def given(scope: Scope, _receive: Callable, send: Callable) -> None:
            await Bodies(twice, policy(max_body=1))(scope, receive, send)

        return await ask(given, scope_of("POST", API) | {WHOLE: True}), found

    _, found = asyncio.run(received(1_000_000))
    assert found == [{"type": "http.request", "body": b"a" * 1_000_000}, left]
    answer, found = asyncio.run(received(1_000_001))
    assert ("1 MB" in refusal(answer, 413), found) == (True, [])


def test_files_to_import_may_be_larger() -> None:
    app = Bodies(echo, policy(max_body=1, max_upload=2))
    for path, size, status in (
        ("/api/v1/imports", 2_000_000, 200),
        ("/api/v1/imports", 2_000_001, 413),
        ("/api/v1/matches", 1_000_001, 413),
    ):
        headers = {"content-length": str(size)}
        answer = asyncio.run(ask(app, scope_of("POST", path, headers), pieces(b"a" * size)))
        assert answer.status == status, (path, size)


def uploading() -> FastAPI:
    app = FastAPI()
    errors.register(app)

    @app.post("/api/v1/imports")
    async def imports(request: Request) -> int:
        return len(await request.body())

    return app


def test_a_file_that_says_nothing_of_its_size_is_stopped_at_the_limit() -> None:
    app = Bodies(uploading(), policy(max_upload=1))
    scope = scope_of("POST", "/api/v1/imports")
    answer = asyncio.run(ask(app, scope, pieces(*[b"a" * 100_000] * 11)))
    assert "1 MB" in refusal(answer, 413)


@pytest.mark.parametrize("path", [API, "/api/v1/imports"])
def test_a_body_that_does_not_come_is_answered(path: str) -> None:
    app = Bodies(uploading(), policy(body_timeout=0.05))
    answer = asyncio.run(ask(app, scope_of("POST", path), pieces(b"a", pause=PATIENCE)))
    assert "太慢" in refusal(answer, 408)


PATIENCE = 60.0  # never waited for: what the test is about ends it before


def test_a_body_that_drips_is_answered_too() -> None:
    app = Bodies(echo, policy(body_timeout=0.2))
    drops = pieces(*[b"a"] * 100, pause=0.05)
    assert asyncio.run(ask(app, scope_of("POST", API), drops)).status == 408


def test_a_long_body_has_time_for_its_length() -> None:
    app = Bodies(echo, policy(body_timeout=0.05))
    steady = pieces(*[b"a" * 16_000] * 3, pause=0.03)  # each brings a second with it
    assert asyncio.run(ask(app, scope_of("POST", API), steady)).body == b"48000"


# How many at once


def crowd(app: ASGIApp, number: int, path: str = PAGE) -> list[Answer]:
    async def all_() -> list[Answer]:
        return list(await asyncio.gather(*(ask(app, scope_of(path=path)) for _ in range(number))))

    return asyncio.run(all_())


def busy(**changes: object) -> Overload:
    async def work(scope: Scope, receive: Callable, send: Callable) -> None:
        await asyncio.sleep(0.2)
        await echo(scope, receive, send)

    return Overload(work, policy(**changes))


def statuses(answers: list[Answer]) -> list[int]:
    return [answer.status for answer in answers]


def test_beyond_those_at_work_and_those_waiting_all_are_sent_away() -> None:
    answers = crowd(busy(max_active=2, max_waiting=1, max_wait=PATIENCE), 5)
    assert statuses(answers) == [200, 200, 200, 503, 503]
    assert "请" in refusal(answers[-1], 503, "1")


def test_who_waited_long_enough_is_sent_away() -> None:
    assert statuses(crowd(busy(max_active=1, max_waiting=9, max_wait=0.01), 3)) == [200, 503, 503]


def test_who_has_waited_leaves_room_for_others_to_wait() -> None:
    app = busy(max_active=1, max_waiting=1, max_wait=PATIENCE)

    async def pair() -> list[int]:
        return statuses(list(await asyncio.gather(*(ask(app, scope_of(path=PAGE)) for _ in "ab"))))

    async def twice() -> list[list[int]]:
        return [await pair(), await pair()]

    assert asyncio.run(twice()) == [[200, 200], [200, 200]]


def test_a_place_is_free_again_after_every_kind_of_end() -> None:
    async def fails(scope: Scope, receive: Callable, send: Callable) -> None:
        raise ValueError

    app = Overload(fails, policy(max_active=1, max_waiting=0))
    for _ in range(3):
        assert isinstance(asyncio.run(ask(app, scope_of(path=PAGE))).error, ValueError)


def test_who_does_not_read_an_answer_keeps_no_place() -> None:
    app = Overload(echo, policy(max_active=1, max_waiting=0))

    async def never_read(message: Message) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    async def nothing() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def both() -> Answer:
        unread = asyncio.ensure_future(app(scope_of(path=PAGE), nothing, never_read))
        await asyncio.sleep(0)  # as far as its answer goes
        answer = await ask(app, scope_of(path=PAGE))
        assert not unread.done()
        unread.cancel()
        return answer

    assert asyncio.run(both()).status == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_those_who_watch_are_always_let_in(path: str) -> None:
    assert statuses(crowd(busy(max_active=1, max_waiting=0), 5, path)) == [200] * 5


def test_matches_have_places_of_their_own() -> None:
    app = busy(max_active=1, max_matching=3, max_waiting=0)

    async def both() -> tuple[list[int], list[int]]:
        asked = (ask(app, scope_of(path=path)) for path in [PAGE] * 2 + [API] * 4)
        found = statuses(list(await asyncio.gather(*asked)))
        return found[:2], found[2:]

    assert asyncio.run(both()) == ([200, 503], [200, 200, 200, 503])


@pytest.mark.parametrize(
    ("path", "does"),
    [
        ("/api/v1/matches", True),
        ("/api/v1/demands/需求-1/matches", True),
        ("/api/v1/matches/", False),
        ("/api/v1/demands/matches/review", False),
        ("/matches", False),
        ("/api/v1/demands/a/b/matches", False),
    ],
)
def test_matches_are_told_by_their_addresses(path: str, does: bool) -> None:
    assert takes_turns(path) is does


# How long


def test_a_request_that_takes_too_long_is_answered_and_its_work_ends_by_itself() -> None:
    go, ended = threading.Event(), threading.Event()

    async def slow(scope: Scope, receive: Callable, send: Callable) -> None:
        await asyncio.to_thread(go.wait, PATIENCE)
        await echo(scope, receive, send)
        ended.set()

    async def both() -> tuple[Answer, Answer, Answer]:
        inner = Overload(slow, policy(max_active=1, max_matching=1, max_waiting=0))
        app = Patience(inner, policy(request_timeout=0.05))
        late = await ask(app, scope_of(path=API))
        meanwhile = await ask(app, scope_of(path=API))
        go.set()
        while not ended.is_set():
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.01)
        return late, meanwhile, await ask(app, scope_of(path=API))

    late, meanwhile, after = asyncio.run(both())
    assert "时间过长" in refusal(late, 503, "5")
    assert "太多" in refusal(meanwhile, 503, "1")  # the work that nobody waits for has its place
    assert (after.status, after.body) == (200, b"0")


def test_what_fails_after_its_time_was_up_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def slow(scope: Scope, receive: Callable, send: Callable) -> None:
        await asyncio.sleep(0.1)
        raise ValueError

    async def late() -> Answer:
        answer = await ask(Patience(slow, policy(request_timeout=0.01)), scope_of(path=API))
        await asyncio.sleep(0.2)
        return answer

    with caplog.at_level(logging.ERROR):
        assert asyncio.run(late()).status == 503
    assert "after its time was up" in caplog.text


def test_an_answer_that_has_begun_may_take_its_time() -> None:
    async def download(scope: Scope, receive: Callable, send: Callable) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(0.1)
        await send({"type": "http.response.body", "body": b"late"})

    app = Patience(download, policy(request_timeout=0.02))
    assert asyncio.run(ask(app, scope_of(path=API))).body == b"late"


@pytest.mark.parametrize("kind", [ValueError, TimeoutError])
def test_errors_of_the_application_pass_through(kind: type[Exception]) -> None:
    async def fails(scope: Scope, receive: Callable, send: Callable) -> None:
        raise kind

    answer = asyncio.run(ask(Patience(fails, policy()), scope_of(path=API)))
    assert isinstance(answer.error, kind)

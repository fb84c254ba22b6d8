"""The outbox against a mail server of its own, as it works and as it fails."""

import asyncio
import email
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from api.pages.letters import letter
from api.services import posting
from api.services.mailing import Mailer
from api.services.workspace import Workspace
from api.smtp import Smtp
from api.store import Store
from api.store.digests import Digest
from matcher.errors import MailUnsent, StoreUnavailable
from tests.unit.stores import need, offer
from tests.unit.subscribed import NOW, SMTP, account, digest, found, space_of, subscription

MINUTE = timedelta(minutes=1)


class Postman:
    """What arrived, and how the server answers: by default it takes everything."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.address_reply = self.data_reply = "250 OK"
        self.refusals = 10**6
        self.drops = 0
        self.wait = 0.0

    async def handle_RCPT(self, *given: Any) -> str:  # noqa: N802 - as the library calls it
        _, _, envelope, address, _ = given
        if not self.address_reply.startswith("250") and self.refusals > 0:
            self.refusals -= 1
            return self.address_reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, *given: Any) -> str:  # noqa: N802 - as the library calls it
        server, _, envelope = given
        await asyncio.sleep(self.wait)
        if self.data_reply.startswith("250"):
            self.letters.append(email.message_from_bytes(envelope.content, policy=policy.default))
        if self.drops:
            self.drops -= 1
            server.transport.abort()
        return self.data_reply


@contextmanager
def served(postman: Postman, port: int) -> Iterator[None]:
    controller = Controller(postman, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


@pytest.fixture
def smtp() -> Smtp:
    """Where nobody listens yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return SMTP.model_copy(update={"smtp_port": probe.getsockname()[1]})


@pytest.fixture
def space(store: Store, smtp: Smtp) -> Workspace:
    with store.writing() as unit:
        store.achievements.put(unit, offer("a1", title="铝改性吸附剂 <除氟> & 再生"))
    return space_of(store, smtp)


@pytest.fixture
def postman(smtp: Smtp) -> Iterator[Postman]:
    waiting = Postman()
    with served(waiting, smtp.smtp_port):
        yield waiting


@pytest.fixture
def waiting(store: Store) -> Digest:
    """A digest that is to be mailed."""
    return digest(store, subscription(store, account(store)), found("a1"))


def state(store: Store, made: Digest) -> Digest:
    [current] = store.digests.of(made.subscription_id, 1)
    return current


def test_a_letter_arrives_with_both_parts_and_its_links(
    space: Workspace, postman: Postman, waiting: Digest
) -> None:
    assert Mailer(space, letter).step(NOW)
    [arrived] = postman.letters
    assert arrived["To"] == "lin.jing@kjj.example"
    assert arrived["From"] == "红娘 <hongniang@kjj.example>"
    assert arrived["Subject"] == "红娘订阅：除氟（新增 1 项）"
    assert arrived["Message-ID"] == f"<{waiting.id}@kjj.example>"
    page = f"https://kjj.example/subscriptions/{waiting.subscription_id}"
    assert arrived["List-Unsubscribe"].strip() == f"<{page}>"
    text, html = (part.get_content() for part in arrived.iter_parts())
    for content in (text, html):
        assert "https://kjj.example/achievements/a1" in content
        assert page in content
        assert "较强相关" in content
    assert "铝改性吸附剂 <除氟> & 再生" in text
    assert "铝改性吸附剂 &lt;除氟&gt; &amp; 再生" in html
    sent = state(space.store, waiting)
    assert (sent.mail, sent.error) == ("sent", "")
    assert sent.sent_at is not None


def test_nothing_is_sent_twice_by_however_many(
    space: Workspace, postman: Postman, waiting: Digest
) -> None:
    postman.wait = 0.2
    start = threading.Barrier(4)

    def run() -> None:
        mailer = Mailer(space, letter)
        start.wait()
        mailer.step(NOW)
        mailer.step(NOW)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not Mailer(space, letter).step(NOW + timedelta(days=1))
    assert len(postman.letters) == 1


def test_a_server_that_is_down_is_asked_again_with_growing_pauses(
    space: Workspace, smtp: Smtp, waiting: Digest
) -> None:
    mailer, now = Mailer(space, letter), NOW
    for minutes in (1, 2, 4):
        assert mailer.step(now)
        held = state(space.store, waiting)
        assert held.mail == "waiting"
        assert "邮件服务器" in held.error
        assert held.next_try_at == now + minutes * MINUTE
        assert not mailer.step(now + minutes * MINUTE / 2)
        now += minutes * MINUTE
    up = Postman()
    with served(up, smtp.smtp_port):
        assert mailer.step(now)
    assert len(up.letters) == 1
    assert state(space.store, waiting).mail == "sent"


def test_after_three_days_it_is_given_up_and_the_page_can_say_so(
    space: Workspace, waiting: Digest
) -> None:
    mailer, now = Mailer(space, letter), NOW
    for _ in range(100):
        if not mailer.step(now):
            break
        now = state(space.store, waiting).next_try_at or now
    given_up = state(space.store, waiting)
    assert given_up.mail == "failed"
    assert "三天" in given_up.error
    assert timedelta(days=2) < now - NOW <= timedelta(days=3)


def test_a_refusal_for_now_is_tried_again(
    space: Workspace, postman: Postman, waiting: Digest
) -> None:
    postman.address_reply, postman.refusals = "451 greylisted", 1
    mailer = Mailer(space, letter)
    mailer.step(NOW)
    assert state(space.store, waiting).mail == "waiting"
    mailer.step(NOW + MINUTE)
    assert state(space.store, waiting).mail == "sent"
    assert len(postman.letters) == 1


@pytest.mark.parametrize("reply", ["address_reply", "data_reply"])
def test_a_refusal_for_good_fails_at_once_and_repeats_nothing_of_what_the_server_said(
    space: Workspace, postman: Postman, waiting: Digest, reply: str
) -> None:
    setattr(postman, reply, "550 lin.jing@kjj.example is unknown")
    mailer = Mailer(space, letter)
    mailer.step(NOW)
    failed = state(space.store, waiting)
    assert failed.mail == "failed"
    assert "550" in failed.error
    assert "lin.jing" not in failed.error
    assert not mailer.step(NOW + timedelta(days=1))


def test_a_connection_that_breaks_after_the_letter_leads_to_the_same_letter_again(
    space: Workspace, postman: Postman, waiting: Digest
) -> None:
    """Nobody can know what the server did with it: its Message-ID tells mail systems."""
    postman.drops = 1
    mailer = Mailer(space, letter)
    mailer.step(NOW)
    assert state(space.store, waiting).mail == "waiting"
    mailer.step(NOW + MINUTE)
    assert state(space.store, waiting).mail == "sent"
    assert len({arrived["Message-ID"] for arrived in postman.letters}) == 1


def test_a_server_that_never_answers_is_given_up_in_time(
    space: Workspace, postman: Postman, waiting: Digest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "LONGEST", 0.3)
    postman.wait = 30
    Mailer(space, letter).step(NOW)
    held = state(space.store, waiting)
    assert held.mail == "waiting"
    assert "没有及时回答" in held.error


def test_one_letter_that_fails_keeps_no_other_back(
    space: Workspace, postman: Postman, waiting: Digest, store: Store
) -> None:
    postman.address_reply, postman.refusals = "451 greylisted", 1
    other = digest(store, subscription(store, account(store)), found("a1"))
    mailer = Mailer(space, letter)
    while mailer.step(NOW):
        pass
    assert sorted([state(store, waiting).mail, state(store, other).mail]) == ["sent", "waiting"]


def test_a_letter_that_left_is_noted_before_any_other_leaves(
    space: Workspace, waiting: Digest, monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    sent: list[str] = []
    mailer = Mailer(space, letter, lambda _, made: sent.append(made["Message-ID"]))
    with monkeypatch.context() as away:
        away.setattr(type(store.outbox), "settle", _unavailable)
        for _ in range(2):
            with pytest.raises(StoreUnavailable):
                mailer.step(NOW)
    assert len(sent) == 1
    assert not mailer.step(NOW + timedelta(days=1))  # the claim has long ended, and yet
    assert len(sent) == 1
    assert state(store, waiting).mail == "sent"


def test_a_process_that_dies_while_sending_leaves_the_same_letter_to_others(
    space: Workspace, waiting: Digest
) -> None:
    sent: list[str] = []

    def die(_: Smtp, made: Any) -> None:
        sent.append(made["Message-ID"])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Mailer(space, letter, die).step(NOW)
    other = Mailer(space, letter, lambda _, made: sent.append(made["Message-ID"]))
    assert not other.step(NOW + MINUTE)
    assert other.step(NOW + 11 * MINUTE)
    assert len(sent) == 2
    assert len(set(sent)) == 1


@pytest.mark.parametrize(
    ("owner", "kept"),
    [({"email": None}, {}), ({"disabled_at": NOW}, {}), ({}, {"by_email": False})],
)
def test_nobody_is_written_to_who_does_not_want_it_any_more(
    space: Workspace, store: Store, owner: dict, kept: dict
) -> None:
    made = digest(store, subscription(store, account(store, **owner), **kept), found("a1"))
    sent: list[Any] = []
    assert Mailer(space, letter, lambda _, made: sent.append(made)).step(NOW)
    assert sent == []
    assert state(store, made).mail == "none"


def test_a_letter_leaves_out_what_is_gone_and_hides_what_is_for_brokers(
    space: Workspace, store: Store, postman: Postman
) -> None:
    with store.writing() as unit:
        store.demands.put(unit, need("d1", title="绝密合金热处理", confidentiality="brokers"))
        store.demands.put(unit, need("d2", title="公开的除氟需求"))
        store.demands.put(unit, need("d3", title="待审核的需求"), columns={"state": "pending"})
        store.demands.put(unit, need("d4", title="退回的需求"), columns={"state": "returned"})
    kept = subscription(store, account(store), direction="demands")
    digest(store, kept, found("d1", "d2", "d3", "d4", "d-gone"))
    Mailer(space, letter).step(NOW)
    [arrived] = postman.letters
    for part in arrived.iter_parts():
        content = part.get_content()
        assert content.count("一条仅经理人可见的需求") == 2
        assert "/demands/d1" in content
        assert "公开的除氟需求" in content
        assert all(word not in content for word in ("绝密", "待审核", "退回的", "d-gone"))


def test_a_letter_about_a_confidential_demand_names_it_nowhere(
    space: Workspace, store: Store, postman: Postman
) -> None:
    with store.writing() as unit:
        store.demands.put(unit, need("d1", title="绝密合金热处理", confidentiality="brokers"))
    kept = subscription(store, account(store), name="绝密合金热处理", text=None, record_id="d1")
    digest(store, kept, found("a1"))
    Mailer(space, letter).step(NOW)
    [arrived] = postman.letters
    contents = [part.get_content() for part in arrived.iter_parts()]
    for content in (arrived["Subject"], *contents):
        assert "绝密" not in content
        assert "双方都提到" not in content
    assert "铝改性吸附剂" in contents[0]


def test_a_digest_of_which_nothing_is_left_is_not_mailed(space: Workspace, store: Store) -> None:
    made = digest(store, subscription(store, account(store)), found("a-gone"))
    Mailer(space, letter, lambda *_: pytest.fail("nothing to tell")).step(NOW)
    assert state(store, made).mail == "none"


def test_logs_say_nothing_of_whom_or_of_what(
    space: Workspace, waiting: Digest, caplog: pytest.LogCaptureFixture
) -> None:
    Mailer(space, letter).step(NOW)
    assert waiting.id in caplog.text
    assert all(word not in caplog.text for word in ("lin.jing", "除氟", "kjj"))


def test_greeting_a_server_sends_nothing(smtp: Smtp, postman: Postman) -> None:
    posting.greet(smtp)
    assert postman.letters == []


def test_a_server_without_encryption_gets_nothing_where_it_is_asked_for(
    smtp: Smtp, postman: Postman
) -> None:
    with pytest.raises(MailUnsent):
        posting.greet(smtp.model_copy(update={"smtp_security": "starttls"}))


def _unavailable(*_: object, **__: object) -> None:
    raise StoreUnavailable("数据库连接中断。")

"""Atom feeds: valid, stable, for who knows the address, and never telling what is not public."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from api.security.roles import SYSTEM
from api.services.accounts import set_enabled
from api.services.workspace import Workspace
from api.store.digests import Found
from api.store.subscriptions import Subscription
from tests.unit.stores import need, offer
from tests.unit.subscribed import digest, subscription
from tests.web.people import BROKER, Browser, People

ATOM = "{http://www.w3.org/2005/Atom}"
NASTY = 'a < b & "c" ]]> \x0b<script>\ufffe'


@pytest.fixture(scope="module")
def space(people: People) -> Workspace:
    """With records that are for everybody, for brokers, not yet reviewed, returned."""
    store = people.workspace.store
    with store.writing() as unit:
        store.achievements.put(unit, offer("a-open", title="公开成果" + NASTY.replace("\x0b", "")))
        store.demands.put(unit, need("d-open", title="公开的除氟需求"))
        store.demands.put(unit, need("d-secret", title="绝密合金", confidentiality="brokers"))
        store.demands.put(unit, need("d-new", title="未审核的"), columns={"state": "pending"})
        store.demands.put(unit, need("d-back", title="退回的"), columns={"state": "returned"})
    return people.workspace


@pytest.fixture
def kept(space: Workspace) -> Iterator[Subscription]:
    """A broker's subscription that told of all of these, of one that is gone, and of nothing."""
    yield (made := subscribed(space))
    with space.store.writing() as unit:
        space.store.subscriptions.remove(unit, made.id)


def subscribed(space: Workspace, **changes: str | None) -> Subscription:
    account = space.store.accounts.named(BROKER)
    assert account is not None
    made = subscription(space.store, account, **changes)
    ids = ("a-open", "d-open", "d-secret", "d-new", "d-back", "d-gone")
    found = [Found(id_, 3, rank, f"关于{id_}的理由") for rank, id_ in enumerate(ids)]
    digest(space.store, made, found)
    with space.store.writing() as unit:
        space.store.digests.add(unit, made.id, [Found("a-before", 4, 1, "")], None)
    return made


def address(kept: Subscription) -> str:
    return f"/feeds/{kept.feed}.atom"


def parsed(browser: Browser, kept: Subscription) -> ElementTree.Element:
    response = browser.get(address(kept))
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)


def text(element: ElementTree.Element, name: str) -> str:
    found = element.find(f"{ATOM}{name}")
    assert found is not None
    return found.text or ""


def test_a_feed_has_all_that_atom_asks_for(people: People, kept: Subscription) -> None:
    feed = parsed(people.visitor(), kept)
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 4
    ids = [text(one, "id") for one in (feed, *entries)]
    assert len(set(ids)) == 5
    for one in (feed, *entries):
        assert text(one, "id").startswith("urn:uuid:")
        assert text(one, "title")
        assert re.fullmatch(r"2027-03-03T00:05:00Z", text(one, "updated"))
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == f"http://testserver{address(kept)}"
    [link] = entries[0].findall(f"{ATOM}link")
    assert link.get("href") == "http://testserver/achievements/a-open"
    assert text(entries[0], "title") == '公开成果a < b & "c" ]]> <script>'


def test_titles_that_are_not_for_everybody_are_not_in_it(
    people: People, kept: Subscription
) -> None:
    feed = parsed(people.visitor(), kept)
    titles = [text(entry, "title") for entry in feed.findall(f"{ATOM}entry")][1:]
    assert titles == ["公开的除氟需求", *["一条仅经理人可见的需求"] * 2]
    content = people.visitor().get(address(kept)).text
    for hidden in ("绝密", "未审核", "退回的", "d-back", "d-gone", "a-before", "关于d-secret"):
        assert hidden not in content
    assert "/demands/d-secret" in content


def test_a_feed_that_starts_from_a_confidential_demand_does_not_name_it(
    people: People, space: Workspace
) -> None:
    made = subscribed(space, name="绝密合金", text=None, record_id="d-secret")
    content = people.visitor().get(address(made)).text
    assert "红娘订阅：一条仅经理人可见的需求" in content
    assert "绝密" not in content
    assert "的理由" not in content


def test_what_has_not_changed_is_not_sent_again(
    people: People, space: Workspace, kept: Subscription
) -> None:
    browser = people.visitor()
    first = browser.get(address(kept))
    assert first.headers["cache-control"].startswith("private")
    known = {"If-None-Match": first.headers["etag"]}
    again = browser.get(address(kept), headers=known)
    assert (again.status_code, again.content) == (304, b"")
    before = {text(e, "id") for e in parsed(browser, kept).iter(f"{ATOM}entry")}
    digest(space.store, kept, [Found("a-open-2", 3, 1, "")])
    with space.store.writing() as unit:
        space.store.achievements.put(unit, offer("a-open-2", title="又一项成果"))
    assert browser.get(address(kept), headers=known).status_code == 200
    after = {text(e, "id") for e in parsed(browser, kept).iter(f"{ATOM}entry")}
    assert before < after


def test_a_renewed_address_closes_the_old_one(people: People, kept: Subscription) -> None:
    assert people[BROKER].submit(f"/subscriptions/{kept.id}/feed").status_code == 303
    assert people.visitor().get(address(kept)).status_code == 404
    renewed = people.workspace.store.subscriptions.get(kept.id)
    assert renewed is not None
    assert len(renewed.feed) >= 22  # 128 bits in base 64
    assert people.visitor().get(address(renewed)).status_code == 200


def test_the_feed_of_an_account_that_is_kept_out_is_closed(
    people: People, space: Workspace, kept: Subscription
) -> None:
    account = space.store.accounts.get(kept.account_id)
    assert account is not None
    set_enabled(space, SYSTEM, account, False)
    try:
        assert people.visitor().get(address(kept)).status_code == 404
    finally:
        set_enabled(space, SYSTEM, account, True)
        people._signed_in.pop(BROKER, None)


@pytest.mark.parametrize("secret", ["nobody", "%00", "氟", "x" * 500])
def test_an_address_that_is_none_is_not_there(people: People, secret: str) -> None:
    assert people.visitor().get(f"/feeds/{secret}.atom").status_code == 404

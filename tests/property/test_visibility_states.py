"""Whatever people do in whatever order, each sees what the model says, and of others no trace."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from httpx import Response
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from api.bootstrap import open_workspace
from api.services import catalogue
from api.services.kinds import ACHIEVEMENTS, DEMANDS
from api.services.workspace import Workspace
from tests.databases import Folders
from tests.property.visibility import CONTACT, FIRMS, TOPICS, Kept, Model, People, achievement

VIEWERS = ("visitor", "A", "B", "broker")
people = st.sampled_from(VIEWERS)
topics = st.sampled_from(TOPICS)
places = st.integers(0, 5)
DEMAND_API, ACHIEVEMENT_API = "/api/v1/demands", "/api/v1/achievements"


class Visibility(RuleBasedStateMachine):
    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.people = People(workspace)
        self.model = Model()
        self.turn = 0

    def teardown(self) -> None:
        for id_, kept in self.model.demands.items():
            if not kept.deleted:
                catalogue.remove(self.workspace, DEMANDS, id_)
        for id_, kept in self.model.achievements.items():
            if not kept.deleted:
                catalogue.remove(self.workspace, ACHIEVEMENTS, id_)

    def ask(self, who: str, method: str, address: str, status: int, **options: Any) -> Response:
        """Ask and be answered with this status, or refused if one is shut out."""
        refused = who in self.people.shut_out or who in self.people.disabled
        response = self.people.ask(who, method, address, **options)
        assert response.status_code == (401 if refused else status), response.text
        return response

    def some(self, kept: dict[str, Kept], place: int) -> str:
        return list(kept)[place % len(kept)]

    # Demands

    @rule(who=people, topic=topics, public=st.booleans())
    def submit(self, who: str, topic: str, public: bool) -> None:
        sender = "visitor" if who == "broker" else who
        body = FIRMS[sender].demand(topic, len(self.model.demands), public)
        response = self.people.ask(who, "POST", DEMAND_API, json=body)
        if "Authorization" in self.people.clients[who].headers and self.is_out(who):
            assert response.status_code == 401  # a key that does not hold is no visitor's
            return
        assert response.status_code == 201
        told = response.json()
        owner = who if who in ("A", "B") and not self.is_out(who) else ""
        state = "published" if who == "broker" else "pending"
        assert told["state"] == state
        self.model.demands[told["id"]] = Kept(body, sender, owner, told["receipt"], state=state)

    @precondition(lambda self: self.model.demands)
    @rule(who=people, place=places, topic=topics, public=st.booleans(), behind=st.integers(0, 1))
    def change(self, who: str, place: int, topic: str, public: bool, behind: int) -> None:
        """The text, or who may see it; ``behind`` is by how much the version is outdated."""
        id_ = self.some(self.model.demands, place)
        kept = self.model.demands[id_]
        body = FIRMS[kept.sender].demand(topic, place, public)
        etag = {"If-Match": f'"{kept.version - behind}"'}
        status = self.expected(who, id_, 412 if behind else 200)
        self.ask(who, "PUT", f"{DEMAND_API}/{id_}", status, json=body, headers=etag)
        if status == 200 and not self.is_out(who):
            kept.body, kept.version = body, kept.version + 1
            kept.state = kept.state if who == "broker" else "pending"

    @precondition(lambda self: self.model.demands)
    @rule(who=st.sampled_from([*VIEWERS, "broker", "broker"]), place=places, returns=st.booleans())
    def review(self, who: str, place: int, returns: bool) -> None:
        id_ = self.some(self.model.demands, place)
        kept = self.model.demands[id_]
        body = {"verdict": "return", "note": "指标不清"} if returns else {"verdict": "publish"}
        status = 403 if who != "broker" else 404 if kept.deleted else 200
        etag = {"If-Match": f'"{kept.version}"'}
        self.ask(who, "POST", f"{DEMAND_API}/{id_}/review", status, json=body, headers=etag)
        if status == 200 and not self.is_out(who):
            kept.state, kept.version = "returned" if returns else "published", kept.version + 1

    @precondition(lambda self: self.model.demands)
    @rule(who=people, place=places)
    def delete(self, who: str, place: int) -> None:
        id_ = self.some(self.model.demands, place)
        status = self.expected(who, id_, 204)
        self.ask(who, "DELETE", f"{DEMAND_API}/{id_}", status)
        self.mark(self.model.demands[id_], who, status == 204, deleted=True)

    @precondition(lambda self: self.model.demands)
    @rule(who=people, place=places)
    def restore(self, who: str, place: int) -> None:
        id_ = self.some(self.model.demands, place)
        kept = self.model.demands[id_]
        status = 403 if who != "broker" else 200 if kept.deleted else 404
        self.ask(who, "POST", f"{DEMAND_API}/{id_}/restore", status)
        self.mark(kept, who, status == 200, deleted=False)

    # Achievements

    @rule(who=people, topic=topics)
    def offer(self, who: str, topic: str) -> None:
        body = achievement(topic, len(self.model.achievements))
        status = 201 if who == "broker" else 403
        response = self.ask(who, "POST", ACHIEVEMENT_API, status, json=body)
        if response.status_code == 201:
            self.model.achievements[response.json()["id"]] = Kept(body)

    @precondition(lambda self: self.model.achievements)
    @rule(who=people, place=places, topic=topics, removes=st.booleans())
    def change_offer(self, who: str, place: int, topic: str, removes: bool) -> None:
        id_ = self.some(self.model.achievements, place)
        kept = self.model.achievements[id_]
        body = achievement(topic, place)
        method, good = ("DELETE", 204) if removes else ("PUT", 200)
        status = 403 if who != "broker" else 404 if kept.deleted else good
        etag = {"If-Match": f'"{kept.version}"'}
        more = {} if removes else {"json": body}
        self.ask(who, method, f"{ACHIEVEMENT_API}/{id_}", status, headers=etag, **more)
        self.mark(kept, who, status == good, deleted=removes)
        if status == good and not self.is_out(who):
            kept.body = kept.body if removes else body

    # Accounts

    @rule()
    def sign_out(self) -> None:
        if "A" not in self.people.shut_out | self.people.disabled:
            assert self.people.sign_out().status_code == 303

    @rule(who=st.sampled_from(["B", "broker"]))
    def revoke(self, who: str) -> None:
        self.people.revoke(who)

    @rule(who=st.sampled_from(["A", "B"]))
    def disable(self, who: str) -> None:
        self.people.enable(who, False)

    @rule()
    def let_all_in_again(self) -> None:
        for who in ("A", "B", "broker"):
            if self.is_out(who):
                self.people.enable(who, True)
                self.people.let_in(who)

    # What everybody sees

    @invariant()
    def lists_are_as_the_model_says(self) -> None:
        self.turn += 1
        words = ["", *TOPICS, *FIRMS["A"].traces[1::2], FIRMS["B"].short]
        text = words[self.turn % len(words)]
        for who in ("broker", VIEWERS[self.turn % 3]):
            found, cursor = [], None
            for _ in range(1 + len(self.model.demands) // 3):
                asked = {"q": text, "limit": 3} | ({"cursor": cursor} if cursor else {})
                response = self.ask(who, "GET", DEMAND_API, 200, params=asked)
                self.assert_no_trace(who, response)
                if response.status_code == 401:
                    break
                page = response.json()
                found += [item["id"] for item in page["items"]]
                cursor = page["next_cursor"]
                if cursor is None:
                    break
            if not self.is_out(who):
                expected = self.model.listed(who, text)
                assert (found, page["total"]) == (expected, len(expected))

    @invariant()
    def records_are_as_the_model_says(self) -> None:
        for id_, kept in self.model.demands.items():
            who = VIEWERS[self.turn % len(VIEWERS)]
            self.turn += 1
            status = 200 if self.model.may_read(who, id_) else 404
            response = self.ask(who, "GET", f"{DEMAND_API}/{id_}", status)
            whole = self.model.may_change(who, id_) and not self.is_out(who)
            self.assert_no_trace(who, response, kept.sender if whole else "")
            if whole:
                told = response.json()
                assert {name: told[name] for name in kept.body} == kept.body
                assert response.headers["etag"] == f'"{kept.version}"'

    @invariant()
    def receipts_show_what_their_holder_sent_and_no_more(self) -> None:
        for kept in list(self.model.demands.values())[-2:]:
            page = self.people.ask("visitor", "GET", f"/receipts/{kept.receipt}")
            assert page.status_code == (404 if kept.deleted else 200)
            assert (kept.body["title"] in page.text) is not kept.deleted
            self.assert_no_trace("visitor", page, kept.sender)

    @invariant()
    def pages_are_as_the_model_says(self) -> None:
        listing, mine = (self.people.ask("A", "GET", address) for address in ("/demands", "/"))
        self.assert_no_trace("A", listing)
        self.assert_no_trace("A", mine, "A")
        own = [id_ for id_, kept in self.model.demands.items() if kept.owner == "A"]
        shown = [id_ for id_ in self.model.demands if f"/demands/{id_}" in mine.text]
        living = [id_ for id_ in own if not self.model.demands[id_].deleted]
        assert shown == ([] if self.is_out("A") else living)

    @invariant()
    def matches_hold_only_what_is_there_and_are_for_brokers(self) -> None:
        who = VIEWERS[self.turn % len(VIEWERS)]
        staff = who == "broker"
        for direction, kept in (
            ("demands", self.model.demands),
            ("achievements", self.model.achievements),
        ):
            asked = {"text": "检测难题", "direction": direction, "k": 50}
            response = self.ask(who, "POST", "/api/v1/matches", 200 if staff else 403, json=asked)
            self.assert_no_trace(who, response)
            if response.status_code == 200:
                found = {pairing[direction[:-1]]["id"] for pairing in response.json()["pairings"]}
                twins = {t for pairing in response.json()["pairings"] for t in pairing["twins"]}
                assert found | twins == {id_ for id_, one in kept.items() if one.findable}

    @invariant()
    def achievements_are_as_the_model_says(self) -> None:
        living = [id_ for id_, kept in self.model.achievements.items() if not kept.deleted]
        for who in VIEWERS[self.turn % 2 :: 2]:
            response = self.ask(who, "GET", ACHIEVEMENT_API, 200, params={"limit": 100})
            assert CONTACT not in response.text
            if response.status_code == 200:
                assert [item["id"] for item in response.json()["items"]] == living[::-1]
        for id_, kept in list(self.model.achievements.items())[-1:]:
            for who in ("visitor", "A", "broker"):
                status = 404 if kept.deleted else 200
                response = self.ask(who, "GET", f"{ACHIEVEMENT_API}/{id_}", status)
                is_shown = who == "broker" and response.status_code == 200
                assert (CONTACT in response.text) is is_shown

    def assert_no_trace(self, who: str, response: Response, known: str = "") -> None:
        """Brokers may read everything; others of no firm but the one that is ``known`` to them."""
        if who == "broker" and response.status_code == 200:
            return
        for name, firm in FIRMS.items():
            if name != known:
                assert [trace for trace in firm.traces if trace in response.text] == []

    def is_out(self, who: str) -> bool:
        return who in self.people.shut_out or who in self.people.disabled

    def expected(self, who: str, id_: str, otherwise: int) -> int:
        """What an attempt to change a demand comes to."""
        if not self.model.may_read(who, id_):
            return 404
        return otherwise if self.model.may_change(who, id_) else 403

    def mark(self, kept: Kept, who: str, done: bool, deleted: bool) -> None:
        if done and not self.is_out(who):
            kept.deleted, kept.version = deleted, kept.version + 1


@pytest.fixture
def workspace(folders: Folders, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    opened = open_workspace(folders.settings(tmp_path_factory.mktemp("visibility") / "data"))
    yield opened
    opened.close()


def machine(workspace: Workspace) -> Callable[[], Visibility]:
    return lambda: Visibility(workspace)


def test_everybody_sees_what_the_model_says(workspace: Workspace) -> None:
    # What fails is shown as it was found: to make it shorter would take minutes.
    bounds = settings(max_examples=8, stateful_step_count=15, phases=[Phase.generate])
    run_state_machine_as_test(machine(workspace), settings=bounds)

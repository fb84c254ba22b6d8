"""A POST that is sent again, because its answer was lost, makes nothing twice."""

import threading
from typing import Any

import pytest
from httpx import Response

from api.security.roles import Scope
from tests.web.checks import ACHIEVEMENT, ACHIEVEMENTS, DEMAND, DEMANDS, assert_problem
from tests.web.people import BROKER, ENTERPRISE, OTHER, People, TestClient

INPUT = {DEMANDS: DEMAND, ACHIEVEMENTS: ACHIEVEMENT}
BASES = [DEMANDS, ACHIEVEMENTS]


@pytest.fixture
def key(request: pytest.FixtureRequest) -> str:
    """A header of the test's own."""
    return f"key-{hash(request.node.nodeid):020d}"


def post(client: TestClient, base: str, key: str, **changes: Any) -> Response:
    headers = {"Idempotency-Key": key}
    return client.post(base, json=INPUT[base] | changes, headers=headers)


def count(people: People, base: str) -> int:
    table = people.workspace.demands if base == DEMANDS else people.workspace.achievements
    return table.count()


@pytest.mark.parametrize("base", BASES)
def test_the_same_request_has_the_same_answer_and_makes_one_record(
    people: People, base: str, key: str
) -> None:
    client, before = people.program(BROKER), count(people, base)
    answers = [post(client, base, key) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert answers[0].json() == answers[1].json() == answers[2].json()
    assert ("receipt" in answers[0].json()) == (base == DEMANDS)
    assert count(people, base) == before + 1


def test_the_receipt_that_was_sent_again_leads_to_the_demand(people: People, key: str) -> None:
    post(people.visitor(), DEMANDS, key)
    receipt = post(people.visitor(), DEMANDS, key).json()["receipt"]
    assert DEMAND["title"] in people.visitor().get(f"/receipts/{receipt}").text


@pytest.mark.parametrize("base", BASES)
def test_other_content_under_the_same_key_is_refused(people: People, base: str, key: str) -> None:
    client = people.program(BROKER)
    kept = post(client, base, key).json()
    before = count(people, base)
    response = post(client, base, key, title="另一个名称")
    assert assert_problem(response, 422)["type"] == "/problems/key-reused"
    assert count(people, base) == before
    assert post(client, base, key).json() == kept


def test_the_same_key_of_another_caller_is_another_request(people: People, key: str) -> None:
    callers = [people.program(BROKER), people.program(ENTERPRISE), people.program(OTHER)]
    answers = [post(caller, DEMANDS, key).json() for caller in (*callers, people.visitor())]
    assert len({answer["id"] for answer in answers}) == 4
    assert len({answer["receipt"] for answer in answers}) == 4


def test_the_same_key_at_another_address_is_another_request(people: People, key: str) -> None:
    client = people.program(BROKER)
    assert post(client, DEMANDS, key).status_code == 201
    assert post(client, ACHIEVEMENTS, key).status_code == 201


def test_two_keys_of_one_account_are_one_caller(people: People, key: str) -> None:
    both = people.program(BROKER), people.program(BROKER, Scope.write)
    first, second = (post(client, ACHIEVEMENTS, key).json() for client in both)
    assert first == second


@pytest.mark.parametrize("base", BASES)
def test_two_at_once_make_one_record(people: People, base: str, key: str) -> None:
    before = count(people, base)
    clients = [people.program(BROKER, Scope.write) for _ in range(4)]
    together = threading.Barrier(len(clients))
    answers: list[Response] = []

    def send(client: TestClient) -> None:
        together.wait(30)
        answers.append(post(client, base, key))

    threads = [threading.Thread(target=send, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [answer.status_code for answer in answers] == [201] * len(clients)
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert count(people, base) == before + 1


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("short", ["", "x", "x" * 15, "x" * 201])
def test_a_key_that_is_too_short_or_too_long_is_refused(
    people: People, base: str, short: str
) -> None:
    before = count(people, base)
    assert_problem(post(people.program(BROKER, Scope.write), base, short), 422, "Idempotency-Key")
    assert count(people, base) == before


def test_what_was_refused_may_be_corrected_under_the_same_key(people: People, key: str) -> None:
    client = people.visitor()
    assert_problem(post(client, DEMANDS, key, title=""), 422, "title")
    assert post(client, DEMANDS, key).status_code == 201


def test_without_a_key_two_requests_make_two_records(people: People) -> None:
    client = people.visitor()
    ids = {client.post(DEMANDS, json=DEMAND).json()["id"] for _ in range(2)}
    assert len(ids) == 2

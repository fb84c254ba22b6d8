"""Cases over HTTP: pages and JSON, who may, bad input, and the ledger."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import load_workbook

from api.security.roles import Actor, Role
from api.services import casework
from api.services.case_drafts import Move
from api.services.cases import open_case
from api.services.ledger import LEDGER
from tests.web.people import ADMINISTRATOR, BROKER, ENTERPRISE, Browser, People

HOSTILE = '"><script>alert(1)</script>\u202e=HYPERLINK("http://x")'
SIGN = {"contract_type": "技术开发", "amount": "50", "signed_on": "2026-01-05"}


@pytest.fixture
def broker(people: People) -> Browser:
    return people[BROKER]


def actor(people: People, name: str = BROKER) -> Actor:
    account = people.workspace.store.accounts.named(name)
    assert account is not None
    return Actor(account.id, account.name, Role(account.role))


@pytest.fixture
def case(people: People) -> Iterator[str]:
    """A case of its own for each test, at the first stage."""
    space = people.workspace
    [demand, offer] = space.demands.page(1).items[0], space.achievements.page(1).items[0]
    with space.store.writing() as unit:
        found = open_case(space, unit, actor(people), demand.id, offer.id)
    yield found
    with space.store.writing() as unit:
        space.store.cases.remove(unit, found)


def version_on(browser: Browser, case: str) -> str:
    """The version that the forms of the page carry, which is one."""
    [found] = set(re.findall(r'name="version" value="(\d+)"', browser.get(f"/cases/{case}").text))
    return str(found)


def moved(people: People, case: str, **values: Any) -> None:
    version = casework.line(people.workspace, case).version
    casework.move(people.workspace, actor(people), case, Move(**values), version)


def test_the_board_shows_a_case_and_moves_it_on(people: People, broker: Browser, case: str) -> None:
    page = broker.get("/cases?assignee=me").text
    assert "推进到已联系" in page
    version = version_on(broker, case)
    data = {"version": version, "stage": "contacted", "back": "assignee=me"}
    response = broker.submit(f"/cases/{case}/move", data)
    assert response.status_code == 303
    assert response.headers["location"] == f"/cases?assignee=me#case-{case}"
    again = broker.submit(f"/cases/{case}/move", data)  # the same button, pressed twice
    assert again.status_code == 303
    assert casework.line(people.workspace, case).version == 2


def test_a_button_of_the_board_leads_nowhere_else(broker: Browser, case: str) -> None:
    data = {"version": "1", "stage": "contacted", "back": "//evil.example\r\nX: y"}
    location = broker.submit(f"/cases/{case}/move", data).headers["location"]
    assert location.startswith("/cases?")
    assert "\r" not in location


def test_what_was_typed_stays_when_something_is_wrong(broker: Browser, case: str) -> None:
    data = {
        "version": "1",
        "form": "elsewhere",
        "stage": "signed",
        "amount": "五十",
        "note": "说好了",
    }
    response = broker.submit(f"/cases/{case}/move", data)
    assert response.status_code == 422
    assert 'value="五十"' in response.text
    assert "说好了</textarea>" in response.text
    assert 'id="elsewhere-amount-problem"' in response.text
    whole = {**data, **SIGN}
    assert broker.submit(f"/cases/{case}/move", whole).status_code == 303
    assert "技术开发 50 万元" in broker.get(f"/cases/{case}").text


def test_of_two_who_edit_the_second_is_told_and_keeps_what_was_typed(
    people: People, broker: Browser, case: str
) -> None:
    seen = version_on(broker, case)
    theirs = {"version": seen, "next_step": "送样", "next_date": "2027-01-09"}
    assert people[ADMINISTRATOR].submit(f"/cases/{case}/plan", theirs).status_code == 303
    mine = {"version": seen, "next_step": "回电", "next_date": ""}
    response = broker.submit(f"/cases/{case}/plan", mine)
    assert response.status_code == 412
    assert 'value="回电"' in response.text
    assert "刚被别人改过" in response.text
    fresh = re.findall(r'name="version" value="(\d+)"', response.text)[0]
    assert broker.submit(f"/cases/{case}/plan", mine | {"version": fresh}).status_code == 303
    assert casework.line(people.workspace, case).next_step == "回电"


def test_an_expired_form_keeps_what_was_typed(broker: Browser, case: str) -> None:
    data = {"version": "1", "text": "一段长长的备注", "form_token": "gone"}
    response = broker.post(f"/cases/{case}/note", data=data)
    assert response.status_code == 403
    assert "一段长长的备注</textarea>" in response.text


def test_a_note_that_is_sent_twice_is_there_once(broker: Browser, case: str) -> None:
    page = broker.get(f"/cases/{case}").text
    submission = re.findall(r'name="submission" value="([^"]+)"', page)[0]
    for _ in range(2):
        data = {"version": "1", "submission": submission, "text": "只说一次"}
        assert broker.submit(f"/cases/{case}/note", data).status_code == 303
    assert broker.get(f"/cases/{case}").text.count("只说一次") == 1


def test_hostile_texts_are_shown_as_they_are(people: People, broker: Browser, case: str) -> None:
    version = version_on(broker, case)
    plan = {"version": version, "next_step": HOSTILE, "assignee": BROKER}
    assert broker.submit(f"/cases/{case}/plan", plan).status_code == 303
    broker.submit(f"/cases/{case}/note", {"text": HOSTILE})
    bad = broker.submit(f"/cases/{case}/plan", {"version": "1", "assignee": HOSTILE})
    assert bad.status_code == 422
    pages = [broker.get(p).text for p in ("/cases", "/cases?view=table", f"/cases/{case}")]
    for page in (*pages, bad.text):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page
    rows = list(
        csv.reader(io.StringIO(broker.get("/cases/ledger.csv").text.removeprefix("\ufeff")))
    )
    assert not [cell for row in rows[1:] for cell in row if cell.startswith("=")]


@pytest.mark.parametrize(
    "query",
    [
        "stage=nowhere",
        "view=list",
        "sort=password",
        "page=0",
        "page=10001",
        "since=2027-02-30",
        "field=nothing",
        "overdue=perhaps",
    ],
)
def test_filters_that_do_not_exist_are_refused_calmly(broker: Browser, query: str) -> None:
    response = broker.get(f"/cases?{query}")
    assert response.status_code == 422
    assert response.headers["content-type"].startswith("text/html")


def test_blank_filters_are_none_and_odd_ones_find_nothing(broker: Browser, case: str) -> None:
    blank = "assignee=&stage=&field=&region=&contract_type=&since=&until="
    assert case in broker.get(f"/cases?{blank}").text
    for query in ("assignee=nobody", "region=100%25", "since=9999-12-31", "until=0001-01-01"):
        page = broker.get(f"/cases?{query}")
        assert page.status_code == 200
        assert "没有符合条件的对接单" in page.text


def test_the_table_sorts_and_turns_pages(broker: Browser, case: str) -> None:
    for sort in ("demand", "-since", "due", "-amount", "opened"):
        page = broker.get(f"/cases?view=table&sort={sort}").text
        assert f"/cases/{case}" in page
        assert page.count("aria-sort=") == 1
    assert f"/cases/{case}" not in broker.get("/cases?view=table&page=9").text


@pytest.mark.parametrize("amount", ["1234567.89", "99999999.99", "0.0001", "50"])
def test_an_amount_is_offered_again_to_the_last_digit(
    people: People, broker: Browser, case: str, amount: str
) -> None:
    moved(people, case, stage="signed", **SIGN | {"amount": amount})
    page = broker.get(f"/cases/{case}").text
    assert f'value="{amount}"' in page
    assert f"{float(amount):,.4f}".rstrip("0").rstrip(".") + " 万元" in page


def test_an_enterprise_and_a_visitor_see_no_case(people: People, case: str) -> None:
    for address in ("/cases", f"/cases/{case}", "/cases/ledger.csv", f"/api/v1/cases/{case}"):
        assert people[ENTERPRISE].get(address).status_code == 403
        assert people.visitor().get(address).status_code in (303, 401)


def test_what_is_not_there_is_not_found(broker: Browser) -> None:
    for id_ in ("nobody", "%00", "é"):
        assert broker.get(f"/cases/{id_}").status_code == 404
        assert broker.submit(f"/cases/{id_}/move", {"stage": "contacted"}).status_code == 404
        assert broker.get(f"/api/v1/cases/{id_}").status_code == 404


def test_programs_read_move_note_and_change(people: People, case: str) -> None:
    program = people.program(BROKER)
    place = f"/api/v1/cases/{case}"
    got = program.get(place)
    assert got.headers["etag"] == '"1"'
    tag = {"If-Match": got.headers["etag"]}
    assert program.post(f"{place}/moves", json={"stage": "contacted"}).status_code == 428
    moved = program.post(f"{place}/moves", json={"stage": "contacted"}, headers=tag)
    assert (moved.status_code, moved.json()["stage_name"]) == (200, "已联系")
    stale = program.post(f"{place}/moves", json={"stage": "signed", **SIGN}, headers=tag)
    assert stale.status_code == 412
    tag = {"If-Match": moved.headers["etag"]}
    wrong = program.post(f"{place}/moves", json={"stage": "signed"}, headers=tag)
    assert wrong.status_code == 422
    assert {e["field"] for e in wrong.json()["errors"]} == {"contract_type", "amount", "signed_on"}
    key = {"Idempotency-Key": f"note-of-{case}"}
    for _ in range(2):
        assert program.post(f"{place}/notes", json={"text": "一次"}, headers=key).status_code == 201
    change = {"next_step": "送样", "next_date": "2020-01-01", "released": True}
    changed = program.patch(place, json=change, headers=tag)
    assert changed.status_code == 200
    assert changed.json()["overdue_days"] > 0
    assert [e["kind"] for e in changed.json()["events"]][:3] == ["released", "planned", "noted"]
    assert program.patch(place, json={}, headers=tag).status_code == 422
    listed = program.get("/api/v1/cases?overdue=true&stage=contacted&assignee=me").json()
    assert [item["id"] for item in listed["items"]] == [case]
    assert listed["total"] == 1
    assert program.get("/api/v1/cases?stage=ended").json()["items"] == []
    assert program.get("/api/v1/cases?limit=0").status_code == 422
    assert program.get("/api/v1/cases?cursor=%00").json()["items"] == []


def test_the_ledger_is_a_table_with_days_and_numbers(
    people: People, broker: Browser, case: str, tmp_path: Path
) -> None:
    moved(people, case, stage="signed", **SIGN)
    answer = broker.get("/cases/ledger.xlsx?stage=signed")
    assert re.search(r'filename="ledger-\d{8}\.xlsx"', answer.headers["content-disposition"])
    file = tmp_path / "ledger.xlsx"
    file.write_bytes(answer.content)
    header, *rows = load_workbook(file).get_sheet_by_index(0).to_python()
    assert tuple(header) == LEDGER
    row = dict(zip(LEDGER, next(r for r in rows if r[1] == case), strict=True))
    assert row["合同金额(万元)"] == 50
    assert row["签订日期"] == date(2026, 1, 5)
    assert isinstance(row["推荐日期"], date)
    text = broker.get("/cases/ledger.csv?stage=ended").text
    assert text.removeprefix("\ufeff").strip() == ",".join(LEDGER)
    [line, *_] = people.workspace.store.audit.page(1)
    assert (line.action, line.subject, line.details["rows"]) == ("export", "cases", 0)


def test_what_is_released_is_told_and_can_be_taken_back(
    people: People, broker: Browser, case: str
) -> None:
    for released, words in (("1", "停止公开"), ("0", "向企业公开")):
        version = str(casework.line(people.workspace, case).version)
        data = {"version": version, "released": released}
        assert broker.submit(f"/cases/{case}/release", data).status_code == 303
        assert words in broker.get(f"/cases/{case}").text


def test_a_case_whose_records_were_removed_still_opens(
    people: People, broker: Browser, case: str
) -> None:
    space = people.workspace
    line = casework.line(space, case)
    with space.store.writing() as unit:
        space.demands.delete(unit, line.demand_id)
    page = broker.get(f"/cases/{case}")
    with space.store.writing() as unit:
        space.demands.restore(unit, line.demand_id)
    assert page.status_code == 200
    assert "（已删除）" in page.text
    assert broker.get("/cases").status_code == 200


def test_an_old_case_shows_its_history_in_parts(people: People, broker: Browser, case: str) -> None:
    for number in range(35):
        casework.add_note(people.workspace, actor(people), case, f"第{number}条")
    page = broker.get(f"/cases/{case}").text
    assert "第34条" in page
    assert "第0条" not in page
    [older] = re.findall(r'href="(/cases/[^"]+before=\d+)#history"', page)
    assert "第0条" in broker.get(older).text

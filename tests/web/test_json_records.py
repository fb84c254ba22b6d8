"""Achievements and demands as JSON: kept, changed, listed, removed, and matchable at once."""

import threading
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from api.app import create_app
from api.bootstrap import open_workspace
from api.services.fitting import fit
from api.services.workspace import Workspace
from tests.databases import Folders
from tests.web.checks import (
    ACHIEVEMENT,
    ACHIEVEMENTS,
    DEMAND,
    DEMANDS,
    FIRST,
    MATCHES,
    assert_problem,
)

Copy = tuple[Workspace, TestClient]
BASES = [DEMANDS, ACHIEVEMENTS]
INPUT = {DEMANDS: DEMAND, ACHIEVEMENTS: ACHIEVEMENT}
LOOK_FOR = {DEMANDS: "demands", ACHIEVEMENTS: "achievements"}
NOT_SHOWN = {"organisation", "contact", "phone"}
RARE = "曲率引擎冷凝器"


def add(client: TestClient, base: str, **changes: Any) -> dict[str, Any]:
    response = client.post(base, json=INPUT[base] | changes)
    assert response.status_code == 201, response.text[:500]
    kept: dict[str, Any] = response.json()
    return kept


def put(client: TestClient, base: str, id_: str, body: dict[str, Any]) -> Response:
    """Replace a record that nobody has changed yet."""
    return client.put(f"{base}/{id_}", json=body, headers=FIRST)


def find(client: TestClient, base: str, text: str, k: int = 2) -> list[str]:
    """The ids that a text finds among demands or among achievements."""
    body = {"text": text, "direction": LOOK_FOR[base], "k": k}
    pairings = client.post(MATCHES, json=body).json()["pairings"]
    return [(p["demand"] if base == DEMANDS else p["achievement"])["id"] for p in pairings]


def walk(client: TestClient, base: str, **parameters: Any) -> list[list[dict[str, Any]]]:
    """All pages of a listing."""
    pages, cursor = [], None
    while True:
        asked = parameters | ({"cursor": cursor} if cursor else {})
        answer = client.get(base, params=asked).json()
        pages.append(answer["items"])
        cursor = answer["next_cursor"]
        if cursor is None:
            return pages


# One record


@pytest.mark.parametrize("base", BASES)
def test_what_was_sent_comes_back_without_who_is_behind_it(copy: Copy, base: str) -> None:
    _, client = copy
    kept = add(client, base)
    shown = {name: value for name, value in INPUT[base].items() if name not in NOT_SHOWN}
    assert {name: kept[name] for name in shown} == shown
    assert not NOT_SHOWN & kept.keys()
    response = client.get(f"{base}/{kept['id']}")
    assert response.status_code == 200
    behind = {name: value for name, value in INPUT[base].items() if name in NOT_SHOWN}
    reviewed = {"review_note": None} if base == DEMANDS else {}
    same = {n: v for n, v in kept.items() if n != "receipt"}
    assert response.json() == same | behind | reviewed


def test_a_sparse_record_comes_back_with_the_rest_unknown(copy: Copy) -> None:
    _, client = copy
    sparse = {name: ACHIEVEMENT[name] for name in ("title", "abstract", "provider", "field")}
    kept = client.post(ACHIEVEMENTS, json=sparse).json()
    assert kept["maturity_band"] == "未注明"
    assert kept["keywords"] == kept["ip_kinds"] == kept["cooperation_modes"] == []
    assert kept["price_min"] is kept["price_max"] is kept["region"] is None


@pytest.mark.parametrize("base", BASES)
def test_a_record_is_matchable_in_the_very_next_request(copy: Copy, base: str) -> None:
    _, client = copy
    assert add(client, base, title=RARE)["id"] == find(client, base, RARE)[0]


@pytest.mark.parametrize("base", BASES)
def test_a_new_record_finds_and_is_found_by_the_other_side(copy: Copy, base: str) -> None:
    _, client = copy
    kept = add(client, base)
    other = ACHIEVEMENTS if base == DEMANDS else DEMANDS
    counterpart = add(client, other)
    for start, wanted in ((kept, counterpart), (counterpart, kept)):
        pairings = client.post(MATCHES, json={"id": start["id"], "k": 1}).json()["pairings"]
        ids = [(p["demand"]["id"], p["achievement"]["id"]) for p in pairings]
        assert {start["id"], wanted["id"]} == set(ids[0])


@pytest.mark.parametrize("base", BASES)
def test_a_replaced_record_is_found_by_its_new_words_only(copy: Copy, base: str) -> None:
    _, client = copy
    kept = add(client, base, title=RARE)
    response = put(client, base, kept["id"], INPUT[base] | {"title": "量子隧穿焊机"})
    assert response.status_code == 200
    assert response.json()["id"] == kept["id"]
    assert response.json()["title"] == "量子隧穿焊机"
    now = client.get(f"{base}/{kept['id']}").json()
    alone = NOT_SHOWN | {"state", "review_note"}
    assert {n: v for n, v in now.items() if n not in alone} == response.json()
    assert find(client, base, "量子隧穿焊机")[0] == kept["id"]
    assert kept["id"] not in find(client, base, "曲率引擎")


@pytest.mark.parametrize("base", BASES)
def test_replacing_leaves_nothing_of_the_old_content(copy: Copy, base: str) -> None:
    _, client = copy
    kept = add(client, base)
    optional = {"industry", "maturity", "maturity_min", "budget", "deadline", "price_min"}
    sparse = {name: value for name, value in INPUT[base].items() if name not in optional}
    response = put(client, base, kept["id"], sparse)
    assert response.status_code == 200
    after = response.json()
    assert all(after[name] is None for name in optional & after.keys())


@pytest.mark.parametrize("base", BASES)
def test_a_removed_record_is_gone_everywhere(copy: Copy, base: str) -> None:
    workspace, client = copy
    kept = add(client, base, title=RARE)
    total = client.get(base).json()["total"]
    response = client.delete(f"{base}/{kept['id']}")
    assert (response.status_code, response.content) == (204, b"")
    assert kept["id"] not in find(client, base, RARE, k=10)
    assert client.get(base).json()["total"] == total - 1
    assert kept["id"] not in {item["id"] for page in walk(client, base) for item in page}
    for method, address in (
        ("GET", f"{base}/{kept['id']}"),
        ("GET", f"{base}/{kept['id']}/matches"),
        ("DELETE", f"{base}/{kept['id']}"),
    ):
        assert_problem(client.request(method, address), 404)
    assert_problem(put(client, base, kept["id"], INPUT[base]), 404)
    assert_problem(client.post(MATCHES, json={"id": kept["id"]}), 404)
    assert len(workspace.matchmaker.demands) == len(workspace.demands.stamps())


@pytest.mark.parametrize("base", BASES)
def test_a_refused_replacement_leaves_the_record_as_it_was(copy: Copy, base: str) -> None:
    workspace, client = copy
    kept = add(client, base, title=RARE)
    before = workspace.demands.stamps() | workspace.achievements.stamps()
    wrong = INPUT[base] | {"title": "", "field": "炼金术"}
    assert_problem(put(client, base, kept["id"], wrong), 422, "title", "field")
    assert workspace.demands.stamps() | workspace.achievements.stamps() == before
    assert find(client, base, RARE)[0] == kept["id"]


@pytest.mark.parametrize("base", BASES)
def test_an_id_of_the_other_kind_is_not_found(client: TestClient, base: str) -> None:
    other = ACHIEVEMENTS if base == DEMANDS else DEMANDS
    id_ = client.get(other, params={"limit": 1}).json()["items"][0]["id"]
    assert_problem(client.get(f"{base}/{id_}"), 404)
    assert_problem(client.get(f"{base}/{id_}/matches"), 404)
    assert_problem(client.delete(f"{base}/{id_}"), 404)
    assert_problem(put(client, base, id_, INPUT[base]), 404)


def test_what_was_added_is_still_there_and_found_after_a_restart(
    copy: Copy, folders: Folders, tmp_path: Path
) -> None:
    workspace, client = copy
    kept = add(client, DEMANDS, title=RARE)
    workspace.close()
    reopened = open_workspace(folders.settings(tmp_path / "data"))
    try:
        again = TestClient(create_app(reopened), headers=client.headers)
        assert find(again, DEMANDS, RARE)[0] == kept["id"]
        assert again.get(f"{DEMANDS}/{kept['id']}").json()["title"] == RARE
    finally:
        reopened.close()


def test_text_is_tidied_before_it_is_kept(copy: Copy) -> None:
    _, client = copy
    kept = add(
        client,
        DEMANDS,
        title="  除\u200b氟\x00装置\u3000",
        problem="第一行\r\n第二行\r第三行\n",
        keywords="除氟、 膜 ；除氟,，|结垢",
        maturity_min="TRL 6级",
        deadline="2027年6月3日",
    )
    assert kept["title"] == "除氟装置"
    assert kept["problem"] == "第一行\n第二行\n第三行"
    assert kept["keywords"] == ["除氟", "膜", "结垢"]
    assert kept["maturity_min"] == 6
    assert kept["deadline"] == "2027-06-03"


# Receipts


def test_a_receipt_is_shown_once_and_leads_to_the_demand(copy: Copy) -> None:
    _, client = copy
    kept = add(client, DEMANDS)
    code, id_ = kept["receipt"], kept["id"]
    assert len(code.replace("-", "")) == 24
    later = [
        client.get(f"{DEMANDS}/{id_}"),
        client.get(DEMANDS),
        client.get(f"{DEMANDS}/{id_}/matches"),
        client.post(MATCHES, json={"id": id_}),
        put(client, DEMANDS, id_, DEMAND | {"title": "换了名称的除氟需求"}),
        client.get(f"/demands/{id_}"),
        client.get("/demands"),
        client.get("/"),
    ]
    for response in later:
        assert response.status_code == 200
        assert code not in response.text
        assert code.replace("-", "") not in response.text
        assert '"receipt' not in response.text
    assert "换了名称的除氟需求" in client.get(f"/receipts/{code}").text


def test_every_demand_gets_a_receipt_of_its_own(copy: Copy) -> None:
    _, client = copy
    assert len({add(client, DEMANDS)["receipt"] for _ in range(5)}) == 5


def test_the_receipt_itself_is_not_kept_anywhere(copy: Copy, tmp_path: Path) -> None:
    _, client = copy
    code = add(client, DEMANDS)["receipt"]
    for file in (path for path in tmp_path.rglob("*") if path.is_file()):
        content = file.read_bytes()
        assert code.encode() not in content
        assert code.replace("-", "").encode() not in content


def test_an_achievement_has_no_receipt(copy: Copy) -> None:
    assert "receipt" not in add(copy[1], ACHIEVEMENTS)


# Listings


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("limit", [7, 32, 100])
def test_cursor_pages_show_every_record_once_newest_first(
    client: TestClient, workspace: Workspace, base: str, limit: int
) -> None:
    pages = walk(client, base, limit=limit)
    assert all(len(page) == limit for page in pages[:-1])
    assert 1 <= len(pages[-1]) <= limit
    ids = [item["id"] for page in pages for item in page]
    table = workspace.demands if base == DEMANDS else workspace.achievements
    assert ids == sorted(table.stamps(), reverse=True)
    assert client.get(base, params={"limit": limit}).json()["total"] == len(ids)


def test_a_record_added_while_someone_turns_pages_neither_hides_nor_doubles_one(
    copy: Copy,
) -> None:
    _, client = copy
    first = client.get(DEMANDS, params={"limit": 5}).json()
    new = add(client, DEMANDS)
    second = client.get(DEMANDS, params={"limit": 5, "cursor": first["next_cursor"]}).json()
    ids = [item["id"] for item in first["items"] + second["items"]]
    expected = [i["id"] for i in client.get(DEMANDS, params={"limit": 11}).json()["items"]]
    assert [new["id"], *ids] == expected


def test_the_last_page_may_be_exactly_full(client: TestClient, workspace: Workspace) -> None:
    total = workspace.demands.count()
    assert [len(page) for page in walk(client, DEMANDS, limit=total)] == [total]


@pytest.mark.parametrize("base", BASES)
def test_a_field_narrows_a_listing_and_its_pages(client: TestClient, base: str) -> None:
    everything = [item for page in walk(client, base, limit=100) for item in page]
    narrowed = [i for page in walk(client, base, limit=3, field="新材料") for i in page]
    assert narrowed == [item for item in everything if item["field"] == "新材料"]
    assert 0 < len(narrowed) < len(everything)
    assert client.get(base, params={"field": "新材料"}).json()["total"] == len(narrowed)


@pytest.mark.parametrize("base", BASES)
def test_a_part_of_the_title_narrows_a_listing(client: TestClient, base: str) -> None:
    everything = [item for page in walk(client, base, limit=100) for item in page]
    narrowed = [i for page in walk(client, base, limit=2, q="废水") for i in page]
    assert narrowed == [item for item in everything if "废水" in item["title"]]
    both = client.get(base, params={"q": "废水", "field": "资源与环境"}).json()
    assert both["total"] == sum(item["field"] == "资源与环境" for item in narrowed)


@pytest.mark.parametrize("base", BASES)
def test_an_unknown_field_or_title_lists_nothing(client: TestClient, base: str) -> None:
    for parameters in ({"field": "炼金术"}, {"q": "没有这个名称"}):
        answer = client.get(base, params=parameters).json()
        assert answer == {"items": [], "next_cursor": None, "total": 0}


@pytest.mark.parametrize("q", ["%", "_", "\\", "' OR 1=1 --", '"', "*", "?"])
def test_signs_with_a_meaning_in_sql_are_only_signs(client: TestClient, q: str) -> None:
    everything = [item for page in walk(client, ACHIEVEMENTS, limit=100) for item in page]
    expected = sum(q in item["title"] for item in everything)
    assert expected < len(everything)
    assert client.get(ACHIEVEMENTS, params={"q": q}).json()["total"] == expected


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"),
        ("limit", "101"),
        ("limit", "-1"),
        ("limit", "1.5"),
        ("limit", "x"),
        ("limit", ""),
        ("limit", "9" * 500),
        ("cursor", "z" * 65),
        ("q", "字" * 101),
    ],
)
def test_a_listing_refuses_what_it_cannot_use(
    client: TestClient, base: str, name: str, value: str
) -> None:
    assert_problem(client.get(base, params={name: value}), 422, name)


@pytest.mark.parametrize("base", BASES)
def test_an_empty_cursor_begins_at_the_beginning(client: TestClient, base: str) -> None:
    assert client.get(base, params={"cursor": ""}).json() == client.get(base).json()


def test_the_listings_of_an_empty_library_are_empty(empty: Copy) -> None:
    for base in BASES:
        answer = empty[1].get(base)
        assert answer.json() == {"items": [], "next_cursor": None, "total": 0}


# Health


def test_healthz_answers_even_without_a_model(empty: Copy, client: TestClient) -> None:
    for asked in (client, empty[1]):
        response = asked.get("/healthz")
        assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_readyz_says_that_it_is_ready_and_nothing_else(client: TestClient) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_readyz_is_ready_with_the_model_that_ships_before_any_was_fitted(
    empty: Copy, untrained: Copy
) -> None:
    for workspace, asked in (empty, untrained):
        response = asked.get("/readyz")
        assert (response.status_code, response.json()) == (200, {"status": "ok"})
        assert workspace.model == "default"


def test_readyz_is_503_if_a_file_of_the_model_is_damaged(broken: Copy) -> None:
    assert_problem(broken[1].get("/readyz"), 503)


def test_readyz_is_503_if_the_model_is_damaged(untrained: Copy, tmp_path: Path) -> None:
    models = tmp_path / "data" / "models"
    (models / "broken").mkdir()
    (models / "broken" / "manifest.json").write_text("{", "utf-8")
    (models / "current.json").write_text('["broken"]', "utf-8")
    assert untrained[1].get("/readyz").status_code == 503


# Without a model


def test_what_is_sent_before_a_model_was_fitted_is_found_at_once_and_later(untrained: Copy) -> None:
    workspace, client = untrained
    kept, gone = {}, {}
    for base in BASES:
        kept[base] = add(client, base, title=RARE)["id"]
        gone[base] = add(client, base, title=RARE)["id"]
        assert client.delete(f"{base}/{gone[base]}").status_code == 204
        changed = put(client, base, kept[base], INPUT[base] | {"title": f"{RARE}二型"})
        assert changed.status_code == 200
        assert client.get(f"{base}/{kept[base]}").json()["title"] == f"{RARE}二型"
    for model in ("default", None):
        if model is None:
            fit(workspace)
            model = workspace.registry.current()
        assert client.post(MATCHES, json={"text": RARE}).json()["model"] == model
        for base in BASES:
            assert find(client, base, RARE)[0] == kept[base]
            assert gone[base] not in find(client, base, RARE, k=20)


# Several at once


def test_two_read_while_one_writes(copy: Copy) -> None:
    workspace, client = copy
    before = workspace.demands.count()
    done = threading.Event()
    failures: list[object] = []
    added: list[str] = []

    def write() -> None:
        try:
            for number in range(12):
                kept = add(client, DEMANDS, title=f"{RARE}第{number}型")
                if number % 3 == 2:
                    assert client.delete(f"{DEMANDS}/{kept['id']}").status_code == 204
                else:
                    added.append(kept["id"])
        except Exception as error:
            failures.append(error)
        finally:
            done.set()

    def read() -> None:
        try:
            while True:
                last = done.is_set()
                kept = list(added)
                ids = find(client, DEMANDS, RARE, k=12)
                assert set(kept) <= set(ids)
                assert len(ids) == len(set(ids))
                listed = client.get(DEMANDS, params={"limit": 100}).json()
                assert set(kept) <= {item["id"] for item in listed["items"]}
                assert client.get("/readyz").status_code == 200
                if last:
                    return
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for work in (write, read, read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert not any(thread.is_alive() for thread in threads)
    assert len(added) == 8
    assert set(added) == set(find(client, DEMANDS, RARE, k=8))
    assert workspace.demands.count() == before + 8

"""When something inside is broken: calm answers, and a log that keeps what is confidential."""

import logging
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.bootstrap import open_workspace
from api.services.workspace import Workspace
from tests.databases import Folders
from tests.web.checks import (
    DEMAND,
    DEMANDS,
    FORM,
    GRADE_NAMES,
    MATCHES,
    PRIVATE,
    Page,
    assert_calm_page,
    assert_problem,
    typed_form,
)

Copy = tuple[Workspace, TestClient]
SECRET = "绝密工艺参数三七二十一"


def _logged(caplog: pytest.LogCaptureFixture) -> str:
    """Everything the server logged, tracebacks included; httpx is the client's side."""
    formatter = logging.Formatter("%(name)s %(message)s")
    ours = [r for r in caplog.records if not r.name.startswith(("httpx", "httpcore"))]
    return "\n".join(formatter.format(record) for record in ours)


@pytest.mark.parametrize("address", [MATCHES, DEMANDS])
def test_an_unexpected_error_in_json_is_calm(copy: Copy, address: str) -> None:
    workspace, client = copy
    del workspace.demands
    response = client.post(address, json=DEMAND if address == DEMANDS else {"id": "x"})
    assert_problem(response, 500)


@pytest.mark.parametrize("address", ["/", "/demands", "/demands/x", "/receipts/x"])
def test_an_unexpected_error_on_a_page_is_calm(copy: Copy, address: str) -> None:
    workspace, client = copy
    del workspace.demands
    page = assert_calm_page(client.get(address), 500)
    assert page.all("a", href="/")


def test_an_unexpected_error_is_logged_with_its_traceback(
    copy: Copy, caplog: pytest.LogCaptureFixture
) -> None:
    workspace, client = copy
    del workspace.demands
    client.get("/demands/x")
    assert "Traceback" in _logged(caplog)
    assert "GET /demands/{id}" in _logged(caplog)


def test_the_log_of_an_error_has_no_text_of_the_request(
    copy: Copy, caplog: pytest.LogCaptureFixture
) -> None:
    workspace, client = copy
    del workspace.demands, workspace.achievements
    client.post(DEMANDS, json=DEMAND | {"title": SECRET})
    client.post(MATCHES, json={"id": SECRET})
    client.post(FORM, data=typed_form(title=SECRET))
    client.post("/", data={"text": SECRET})
    client.get("/demands", params={"q": SECRET})
    client.get("/receipts", params={"code": SECRET})
    assert _logged(caplog).count("unexpected error") == 6
    for secret in (SECRET, *PRIVATE):
        assert secret not in _logged(caplog)


def test_the_log_of_an_error_has_no_receipt_code(
    copy: Copy, caplog: pytest.LogCaptureFixture
) -> None:
    workspace, client = copy
    code = client.post(DEMANDS, json=DEMAND).json()["receipt"]
    bare = code.replace("-", "")
    del workspace.demands
    addresses = (f"/receipts/{code}", f"/receipts/{bare.lower()}", f"/receipts?code={code}")
    for address in addresses:
        assert client.get(address).status_code == 500
    for shape in (code, bare, bare.lower()):
        assert shape not in _logged(caplog)


def test_the_log_of_a_broken_database_has_no_text_of_the_request(
    copy: Copy, folders: Folders, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _, client = copy
    folders.drop_table(tmp_path / "data", "demands")
    for address, parameters in ((DEMANDS, {"q": SECRET}), ("/demands", {"q": SECRET})):
        assert client.get(address, params=parameters).status_code in (500, 503)
    assert client.post(DEMANDS, json=DEMAND | {"title": SECRET}).status_code in (500, 503)
    assert client.post(FORM, data=typed_form(title=SECRET)).status_code in (500, 503)
    for secret in (SECRET, *PRIVATE):
        assert secret not in _logged(caplog)


def test_ordinary_work_logs_neither_texts_nor_codes(
    copy: Copy, caplog: pytest.LogCaptureFixture
) -> None:
    _, client = copy
    caplog.set_level(logging.DEBUG)
    kept = client.post(DEMANDS, json=DEMAND | {"title": SECRET}).json()
    client.post(MATCHES, json={"text": SECRET})
    client.get(f"/receipts/{kept['receipt']}")
    client.get("/receipts", params={"code": kept["receipt"]})
    client.get("/receipts/WRONG-CODE")
    client.post(DEMANDS, json=DEMAND | {"title": SECRET, "phone": ""})
    client.post("/", data={"text": SECRET, "field": "炼金术"})
    for secret in (SECRET, kept["receipt"], kept["receipt"].replace("-", ""), *PRIVATE):
        assert secret not in _logged(caplog)


@pytest.mark.parametrize(
    ("method", "address"), [("GET", DEMANDS), ("POST", DEMANDS), ("GET", f"{DEMANDS}/x")]
)
def test_a_broken_database_is_answered_in_the_problem_shape(
    copy: Copy, folders: Folders, tmp_path: Path, method: str, address: str
) -> None:
    _, client = copy
    folders.drop_table(tmp_path / "data", "demands")
    response = client.request(method, address, json=DEMAND if method == "POST" else None)
    assert response.status_code in (500, 503)
    assert_problem(response, response.status_code)


def test_a_broken_database_is_unavailable_for_readers_as_for_writers(
    copy: Copy, folders: Folders, tmp_path: Path
) -> None:
    _, client = copy
    folders.drop_table(tmp_path / "data", "demands")
    assert client.post(DEMANDS, json=DEMAND).status_code == 503
    assert client.get(DEMANDS).status_code == 503


def test_a_broken_database_does_not_show_where_the_server_keeps_it(
    copy: Copy, folders: Folders, tmp_path: Path
) -> None:
    _, client = copy
    folders.drop_table(tmp_path / "data", "demands")
    assert str(tmp_path) not in client.post(DEMANDS, json=DEMAND).text


def test_a_damaged_model_does_not_show_where_the_server_keeps_it(
    untrained: Copy, tmp_path: Path
) -> None:
    _, client = untrained
    (tmp_path / "data" / "models" / "current.json").write_text("{", "utf-8")
    response = client.post(MATCHES, json={"text": "水"})
    assert_problem(response, 503)
    assert str(tmp_path) not in response.text


def test_pages_that_need_no_model_work_with_a_damaged_one(broken: Copy) -> None:
    _, client = broken
    for address in ("/", "/demands", "/achievements", FORM, "/receipts"):
        response = client.get(address)
        assert response.status_code == 200
        Page.of(response)


def test_pages_that_need_a_model_say_so_if_it_is_damaged(broken: Copy) -> None:
    workspace, client = broken
    address = f"/demands/{min(workspace.demands.stamps())}"
    assert "hongniang doctor" in assert_calm_page(client.get(address), 503).text_of("main")
    assert_calm_page(client.post("/", data={"text": "废水"}), 503)


def test_pages_without_a_fitted_model_use_the_one_that_ships(untrained: Copy) -> None:
    workspace, client = untrained
    address = f"/demands/{min(workspace.demands.stamps())}"
    for response in (client.get(address), client.post("/", data={"text": "印染废水"})):
        assert response.status_code == 200
        cards = Page.of(response).cards()
        assert len(cards) == 10
        assert all(card.find("p")[0].find("span")[0].text in GRADE_NAMES for card in cards)


def test_a_form_is_stored_even_with_a_damaged_model(broken: Copy) -> None:
    workspace, client = broken
    before = workspace.demands.count()
    response = client.post(FORM, data=typed_form(title=SECRET))
    assert response.status_code == 303
    assert workspace.demands.count() == before + 1
    assert SECRET in client.get(response.headers["location"]).text


def test_a_form_that_cannot_be_stored_still_shows_all_that_was_typed(
    copy: Copy, folders: Folders, tmp_path: Path
) -> None:
    _, client = copy
    folders.drop_table(tmp_path / "data", "demands")
    response = client.post(FORM, data=typed_form(problem=SECRET))
    assert response.status_code == 503
    assert SECRET in response.text


def test_a_receipt_promises_no_search_while_the_model_is_damaged(broken: Copy) -> None:
    _, client = broken
    location = client.post(FORM, data=typed_form()).headers["location"]
    assert "系统恢复后" in client.get(location).text


def test_a_receipt_promises_a_search_with_the_model_that_ships(untrained: Copy) -> None:
    _, client = untrained
    location = client.post(FORM, data=typed_form()).headers["location"]
    assert "系统恢复后" not in client.get(location).text
    assert "正在为它寻找成果" in client.get(location).text


def test_a_damaged_index_is_made_anew(
    prepared: Path, broker_key: str, folders: Folders, tmp_path: Path
) -> None:
    folder = folders.copy(prepared, tmp_path / "data")
    files = [file for file in (folder / "index").rglob("*") if file.is_file()]
    for file in files:
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    workspace = open_workspace(folders.settings(folder))
    try:
        client = TestClient(
            create_app(workspace),
            raise_server_exceptions=False,
            headers={"Authorization": f"Bearer {broker_key}"},
        )
        response = client.post(MATCHES, json={"text": "印染废水深度处理"})
        assert response.status_code == 200
        assert len(response.json()["pairings"]) == 10
    finally:
        workspace.close()

"""Every page is well-formed, labelled HTML; the reader that says so would see if it were not."""

import re

import pytest
from fastapi.testclient import TestClient

from api.services.workspace import Workspace
from tests.web.checks import DEMAND, DEMANDS, FORM, Page
from tests.web.people import ADMINISTRATOR, BROKER, ENTERPRISE, People

pytestmark = pytest.mark.any_database

SKELETON = (
    '<!doctype html>\n<html lang="zh-Hans"><head><title>t</title></head>'
    "<body><main><h1>h</h1>{}</main></body></html>"
)


@pytest.mark.parametrize(
    ("inside", "flaw"),
    [
        ("<p>a", "closes nothing"),
        ("<p><b>a</p></b>", "closes nothing"),
        ("</div>", "closes nothing"),
        ("<p><ul></ul></p>", "ends the <p>"),
        ('<i id="a"></i><i id="a"></i>', "id a 2 times"),
        ('<label for="x">x</label>', "refers to x"),
        ('<i aria-describedby="x y"></i>', "refers to y"),
        ('<a href="#x">x</a>', "refers to x"),
        ("<input name='x'>", "has no label"),
        ("<label><input name='x'></label>", "has no label"),
        ("<h1>second</h1>", "2 first headings"),
        ("<form><form></form></form>", "<form> inside <form>"),
        ("<p style='x'></p>", "<p style>"),
        ("<p onclick='x'></p>", "<p onclick>"),
        ("<script>x</script>", "content in the page"),
        ("<img src='//elsewhere.example/x'>", "src="),
        ("<a href='https://elsewhere.example'>x</a>", "href="),
        ("<p class='a' class='b'></p>", "class twice"),
    ],
)
def test_the_reader_sees_what_is_wrong(inside: str, flaw: str) -> None:
    assert any(flaw in found for found in Page(SKELETON.format(inside)).flaws())


def test_the_reader_accepts_what_is_right() -> None:
    inside = (
        '<form><label for="a">a</label><input id="a"><label>b <select><option>1</select></label>'
        "</form>"
    )
    assert Page(SKELETON.format(inside.replace("</select>", "</option></select>"))).flaws() == []


@pytest.fixture(scope="module")
def some_ids(workspace: Workspace) -> dict[str, list[str]]:
    return {
        "demands": sorted(workspace.demands.stamps())[::20],
        "achievements": sorted(workspace.achievements.stamps())[::50],
    }


@pytest.mark.parametrize(
    "address",
    [
        "/",
        FORM,
        "/demands",
        "/demands?q=废水&field=新材料",
        "/demands?q=没有",
        "/achievements",
        "/receipts",
        "/receipts?code=WRONG",
        "/receipts/WRONG",
        "/nope",
        "/api/docs",
        "/demands/nobody",
    ],
)
def test_a_page_is_well_formed(client: TestClient, address: str) -> None:
    Page.of(client.get(address))


@pytest.mark.parametrize("kind", ["demands", "achievements"])
def test_record_pages_are_well_formed(
    client: TestClient, some_ids: dict[str, list[str]], kind: str
) -> None:
    for id_ in some_ids[kind]:
        assert Page.of(client.get(f"/{kind}/{id_}")).cards()
    Page.of(client.get(f"/{kind}/{some_ids[kind][0]}", params={"field": "炼金术"}))


def test_answers_and_refusals_are_well_formed(client: TestClient) -> None:
    for given in (
        {"text": "废水"},
        {"text": "光", "direction": "demands"},
        {"text": "qqqqzzzz"},
        {"text": ""},
        {"text": "废水", "field": "炼金术", "provider": "没有"},
    ):
        Page.of(client.post("/", data=given))
    Page.of(client.post(FORM, data={}))
    Page.of(client.post(FORM, data=dict.fromkeys(DEMAND, "<b>")))


def test_a_record_full_of_markup_does_not_break_its_pages(
    copy: tuple[Workspace, TestClient],
) -> None:
    _, client = copy
    nasty = "</h1></main><h1 id='main'>除氟\" ' & <script>alert(1)</script> <!-- "
    fields = ("title", "problem", "indicators", "goal", "region")
    sent = client.post(
        DEMANDS, json=DEMAND | dict.fromkeys(fields, nasty) | {"keywords": [nasty[:50]]}
    )
    id_ = sent.json()["id"]
    for page in (
        Page.of(client.get(f"/demands/{id_}")),
        Page.of(client.get("/")),
        Page.of(client.get("/demands")),
        Page.of(client.post("/", data={"text": "除氟 alert script", "direction": "demands"})),
        Page.of(client.get(f"/receipts/{sent.json()['receipt']}")),
    ):
        assert not any("alert" in (s.text + (s.get("src") or "")) for s in page.all("script"))
        assert "alert(1)" in page.text_of("main")


def test_the_page_that_one_is_on_is_marked_in_the_navigation(client: TestClient) -> None:
    for address in ("/", "/demands", "/achievements", FORM, "/receipts"):
        page = Page.of(client.get(address))
        here = [
            a.get("href")
            for nav in page.all("nav")
            for a in nav.find("a")
            if a.get("aria-current") == "page"
        ]
        assert here == [address]


@pytest.mark.parametrize(
    ("name", "least"), [(None, 5), (ENTERPRISE, 8), (BROKER, 12), (ADMINISTRATOR, 12)]
)
def test_every_link_of_the_navigation_and_of_the_pages_works(
    people: People, name: str | None, least: int
) -> None:
    browser = people[name] if name else people.visitor()
    pages = [Page.of(browser.get(address)) for address in ("/", "/receipts", "/nope")]
    targets = {link.get("href") or "" for page in pages for link in page.all("a")}
    assert len(targets) >= least
    for target in targets:
        if not target.startswith("#"):
            assert browser.get(target).status_code == 200, target


def test_assets_change_their_address_when_they_change(client: TestClient) -> None:
    page = Page.of(client.get("/"))
    files = [style.get("href") or "" for style in page.all("link", rel="stylesheet")]
    files += [script.get("src") or "" for script in page.all("script")]
    assert files[0].startswith("/static/style.css?v=")
    for file in files:
        assert re.fullmatch(r"/static/[\w.-]+\?v=[0-9a-f]{8}", file)
        assert client.get(file).status_code == 200

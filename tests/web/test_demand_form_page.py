"""企业需求填报: nothing that was typed is ever lost, and a receipt follows."""

import re

import pytest
from fastapi.testclient import TestClient

from api.services.workspace import Workspace
from matcher.values import FIELDS, SOLUTION_MODES
from tests.web.checks import (
    DEMAND,
    DEMANDS,
    FIRST,
    FORM,
    MATCHES,
    Page,
    assert_calm_page,
    typed_form,
)

pytestmark = pytest.mark.any_database

Copy = tuple[Workspace, TestClient]
REQUIRED = [
    "title",
    "problem",
    "indicators",
    "goal",
    "keywords",
    "field",
    "region",
    "solution_mode",
    "organisation",
    "contact",
    "phone",
]
TEXTS = [
    "title",
    "problem",
    "indicators",
    "goal",
    "keywords",
    "region",
    "organisation",
    "contact",
    "phone",
    "budget",
]


def refused(client: TestClient, **changes: str) -> Page:
    response = client.post(FORM, data=typed_form(**changes))
    assert response.status_code == 422
    return Page.of(response)


def submitted(client: TestClient, **changes: str) -> str:
    """The address of the receipt."""
    response = client.post(FORM, data=typed_form(**changes))
    assert response.status_code == 303, Page.of(response).text_of("main")
    return str(response.headers["location"])


def assert_problem_beside(page: Page, name: str) -> None:
    """The message stands beside its field, says so to screen readers, and is listed above."""
    message = page.by_id(f"{name}-problem").text
    assert re.search(r"[\u4e00-\u9fff]", message)
    if name != "confidentiality":
        control = page.by_id(name)
        assert control.get("aria-invalid") == "true"
        assert control.get("aria-describedby") == f"{name}-problem"
        assert page.by_id(f"{name}-problem") in control.around[-1].children
    summary = page.one("div", class_="problem", role="alert")
    assert page.one("a", href=f"#{name}").text in summary.text
    assert message in summary.text


# The empty form


def test_the_empty_form_offers_every_field_and_no_problem(client: TestClient) -> None:
    page = Page.of(client.get(FORM))
    for name in DEMAND:
        assert page.value_of(name) in ("", "public")
    assert page.all("p", class_="wrong") == []
    assert page.all("div", class_="problem") == []
    form = page.one("form", class_="long-form")
    assert (form.get("method"), form.get("action")) == ("post", FORM)
    assert page.value_of("submission")


def test_the_choices_are_those_that_will_be_accepted(client: TestClient) -> None:
    page = Page.of(client.get(FORM))
    for name, values in (("field", FIELDS), ("solution_mode", SOLUTION_MODES)):
        assert [o.text for o in page.by_id(name).find("option")][1:] == list(values)
    radios = page.all("input", name="confidentiality")
    assert [radio.get("value") for radio in radios] == ["public", "brokers"]


# What is refused


@pytest.mark.usefixtures("unchanged")
class TestRefused:
    def test_an_empty_form_names_every_required_field(self, client: TestClient) -> None:
        response = client.post(FORM, data={})
        assert response.status_code == 422
        page = Page.of(response)
        for name in REQUIRED:
            assert_problem_beside(page, name)
        assert len(page.all("p", class_="wrong")) == len(REQUIRED)
        assert f"{len(REQUIRED)} 处" in page.one("div", class_="problem").text

    @pytest.mark.parametrize("name", REQUIRED)
    @pytest.mark.parametrize("value", ["", "  \u3000 "])
    def test_one_missing_field_is_the_only_problem(
        self, client: TestClient, name: str, value: str
    ) -> None:
        page = refused(client, **{name: value})
        assert_problem_beside(page, name)
        assert len(page.all("p", class_="wrong")) == 1
        for other, typed in typed_form(**{name: value}).items():
            assert page.value_of(other) == typed

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("title", "字" * 101),
            ("problem", "字" * 501),
            ("indicators", "字" * 501),
            ("goal", "字" * 501),
            ("keywords", "一、二、三、四、五、六"),
            ("keywords", "字" * 51),
            ("keywords", "、，；"),
            ("field", "炼金术"),
            ("industry", "炼金术"),
            ("solution_mode", "祈祷"),
            ("region", "字" * 101),
            ("maturity_min", "10"),
            ("maturity_min", "0"),
            ("maturity_min", "很高"),
            ("maturity_min", "5.5"),
            ("budget", "一百万"),
            ("budget", "-1"),
            ("budget", "nan"),
            ("budget", "1e999"),
            ("budget", "１２Ａ"),
            ("deadline", "明年"),
            ("deadline", "2027-02-30"),
            ("organisation", "字" * 101),
            ("contact", "字" * 101),
            ("phone", "请打给我"),
            ("phone", "12"),
        ],
    )
    def test_a_wrong_value_is_shown_with_its_problem_and_stays(
        self, client: TestClient, name: str, value: str
    ) -> None:
        page = refused(client, **{name: value})
        assert_problem_beside(page, name)
        assert len(page.all("p", class_="wrong")) == 1
        for other, typed in typed_form(**{name: value}).items():
            assert page.value_of(other) == typed

    def test_an_unknown_visibility_is_refused(self, client: TestClient) -> None:
        page = refused(client, confidentiality="everyone")
        assert_problem_beside(page, "confidentiality")

    @pytest.mark.parametrize(
        "value",
        [
            "\"双引号\" '单引号' &amp; &lt; &#39;",
            "<script>alert(1)</script></textarea></form>",
            '" autofocus onfocus="alert(1)',
            "{{7*7}}{% raw %}{{ typed }}",
            "末尾的空白  \u3000",
            "é e\u0301 👩‍🔬 𠮷",
        ],
    )
    def test_what_was_typed_stays_to_the_letter(self, client: TestClient, value: str) -> None:
        page = refused(client, **dict.fromkeys(TEXTS, value), field="")
        for name in TEXTS:
            assert page.value_of(name) == value
        sources = [(script.get("src") or "").partition("?")[0] for script in page.all("script")]
        assert sources == ["/static/steps.js", "/static/form.js", "/static/coach.js"]
        assert [form.get("action") for form in page.all("form")] == ["/logout", FORM]

    @pytest.mark.parametrize(
        "value",
        [
            "第一行\n第二行\n\n第四行",
            "\n以换行开头",
            "\n\n\n",
            "结尾换行\n",
            "  缩进\n\t制表",
        ],
    )
    def test_line_breaks_in_long_texts_stay(self, client: TestClient, value: str) -> None:
        names = ("problem", "indicators", "goal")
        page = refused(client, **dict.fromkeys(names, value), field="")
        assert [page.value_of(name) for name in names] == [value] * 3
        sent = value.replace("\n", "\r\n")  # as browsers do
        shown = refused(client, problem=sent, field="").value_of("problem")
        assert (shown or "").replace("\r\n", "\n") == value

    def test_choices_stay_chosen(self, client: TestClient) -> None:
        page = refused(client, title="", confidentiality="brokers", industry="建筑业")
        assert page.value_of("confidentiality") == "brokers"
        assert page.value_of("industry") == "建筑业"
        assert page.value_of("solution_mode") == "合作研发"

    def test_501_characters_are_too_many_and_500_are_not_named(self, client: TestClient) -> None:
        page = refused(client, problem="水" * 501, goal="水" * 500)
        assert_problem_beside(page, "problem")
        assert "500" in page.by_id("problem-problem").text
        assert page.value_of("problem") == "水" * 501
        assert page.value_of("goal") == "水" * 500

    def test_a_field_sent_twice_counts_once(self, client: TestClient) -> None:
        body = "title=&title=%E6%B0%B4&problem=x"
        response = client.post(
            FORM, content=body, headers={"content-type": "application/x-www-form-urlencoded"}
        )
        assert Page.of(response).value_of("title") == "水"


# What is accepted


def test_a_submission_leads_to_its_receipt_and_is_stored_once(copy: Copy) -> None:
    workspace, client = copy
    before = workspace.demands.stamps()
    location = submitted(client)
    [id_] = workspace.demands.stamps().keys() - before.keys()
    stored = workspace.demands.get(id_)
    assert stored is not None
    for name, value in DEMAND.items():
        kept = getattr(stored, name)
        assert (list(kept) if isinstance(kept, tuple) else kept) == value
    assert re.fullmatch(r"/receipts/(?:[A-Z2-7]{4}-){5}[A-Z2-7]{4}", location)
    for _ in range(2):  # looking at the receipt, or reloading it, sends nothing again
        assert client.get(location).status_code == 200
    assert len(workspace.demands.stamps()) == len(before) + 1


def test_a_submission_is_matchable_in_the_very_next_request(copy: Copy) -> None:
    _, client = copy
    submitted(client, title="曲率引擎冷凝器")
    asked = {"text": "曲率引擎冷凝器", "direction": "demands", "k": 1}
    [found] = client.post(MATCHES, json=asked).json()["pairings"]
    assert found["demand"]["title"] == "曲率引擎冷凝器"
    assert "曲率引擎冷凝器" in client.get("/").text
    page = Page.of(client.post("/", data={"text": "曲率引擎冷凝器", "direction": "demands"}))
    assert "曲率引擎冷凝器" in page.cards()[0].text


@pytest.mark.parametrize(
    "changes",
    [
        {"problem": "水" * 500},
        {"problem": "水" * 500 + "\r\n "},
        {"keywords": "一，二；三|四,五"},
        {"keywords": "一、一、一、一、一、一"},
        {"maturity_min": "TRL6"},
        {"maturity_min": ""},
        {"budget": ""},
        {"budget": "0"},
        {"budget": " 120.5 "},
        {"deadline": "2027/6/3"},
        {"deadline": ""},
        {"industry": ""},
        {"phone": "+86 (512) 9988-7766 转 12"},
        {"phone": "（0512）99887766"},
        {"confidentiality": "brokers"},
        {"colour": "unknown fields of a form are ignored"},
    ],
)
def test_what_people_reasonably_type_is_accepted(
    module_copy: Copy, changes: dict[str, str]
) -> None:
    submitted(module_copy[1], **changes)


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("phone", "０５１２－９９８８７７６６", None),
        ("maturity_min", "６", 6),
        ("budget", "１２０", 120.0),
        ("budget", "1,200", None),
        ("deadline", "２０２７－０６－３０", None),
    ],
)
def test_full_width_digits_are_understood_or_asked_for_again_but_never_misread(
    module_copy: Copy, name: str, typed: str, kept: object
) -> None:
    workspace, client = module_copy
    before = workspace.demands.stamps().keys()
    response = client.post(FORM, data=typed_form(**{name: typed}))
    new = workspace.demands.stamps().keys() - before
    if response.status_code == 422:
        assert_problem_beside(Page.of(response), name)
        assert not new
    else:
        [stored] = workspace.demands.get_many(list(new)).values()
        assert response.status_code == 303
        assert kept is None or getattr(stored, name) == kept


def test_a_multipart_form_is_read_like_any_other(copy: Copy) -> None:
    _, client = copy
    parts = {name: (None, value) for name, value in typed_form().items()}
    response = client.post(FORM, files=parts)
    assert response.status_code == 303


# Receipts


def test_a_receipt_shows_its_code_and_the_demand_but_nobody_behind_it(copy: Copy) -> None:
    _, client = copy
    location = submitted(client, confidentiality="brokers", title="除氟 <b>装置</b>")
    page = Page.of(client.get(location))
    assert page.text_of("code") == location.rpartition("/")[2]
    text = page.text_of("main")
    assert "除氟 <b>装置</b>" in text
    assert "仅经理人可见" in text
    for name in ("organisation", "contact", "phone"):
        assert DEMAND[name] not in page.html


def test_a_code_is_found_in_lower_case_without_hyphens_and_with_blanks(copy: Copy) -> None:
    _, client = copy
    location = submitted(client)
    code = location.rpartition("/")[2]
    bare = code.replace("-", "")
    spellings = (code, code.lower(), bare, bare.lower(), f"  {code} ", code.replace("-", " "))
    for spelling in spellings:
        found = client.get("/receipts", params={"code": spelling})
        assert found.status_code == 303
        page = Page.of(client.get(found.headers["location"]))
        assert page.text_of("code") == code
    for spelling in (code.lower(), bare, bare.lower()):
        assert Page.of(client.get(f"/receipts/{spelling}")).text_of("code") == code


def test_a_wrong_code_is_not_found_and_stays_in_its_field(copy: Copy) -> None:
    _, client = copy
    code = submitted(client).rpartition("/")[2]
    for wrong in ("ABCD", code[:-1], code + "A", code[:-1] + ("A" if code[-1] != "A" else "B")):
        response = client.get("/receipts", params={"code": wrong})
        assert response.status_code == 404
        page = Page.of(response)
        assert page.value_of("code") == wrong
        assert page.by_id("code").get("aria-describedby") == "code-problem"
        assert page.by_id("code-problem").text
        assert_calm_page(client.get(f"/receipts/{wrong}"), 404)


@pytest.mark.parametrize("code", [None, "", "  \u3000 "])
def test_no_code_shows_the_search(client: TestClient, code: str | None) -> None:
    response = client.get("/receipts", params={} if code is None else {"code": code})
    assert response.status_code == 200
    page = Page.of(response)
    assert page.all("p", class_="wrong") == []
    assert page.one("form", action="/receipts").get("method") == "get"


def test_a_receipt_outlives_changes_and_ends_with_the_demand(copy: Copy) -> None:
    workspace, client = copy
    before = workspace.demands.stamps().keys()
    location = submitted(client)
    [id_] = workspace.demands.stamps().keys() - before
    client.put(f"{DEMANDS}/{id_}", json=DEMAND | {"title": "改过的名称"}, headers=FIRST)
    assert "改过的名称" in client.get(location).text
    client.delete(f"{DEMANDS}/{id_}")
    assert_calm_page(client.get(location), 404)

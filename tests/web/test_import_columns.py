"""From a file to its import at the pages: columns are mapped by hand, problems are seen before."""

import io
import re
from typing import Any

import pytest
from httpx import Response

from api.pages.columns import chosen, columns_context, verdict
from api.security.roles import SYSTEM
from api.services import jobs
from api.services.importing import IMPORT, run
from api.services.jobs import JobRunner
from api.services.kinds import DEMANDS
from api.services.preparing import look, prepare
from api.services.previewing import Preview
from api.services.workspace import Workspace
from tests.web.checks import DEMAND
from tests.web.people import ADMINISTRATOR, Browser, People

SCRIPT = "<script>alert(1)</script>"
ODD = "内部号,技术名,介绍,研制方,领域,备注\n"
ROWS = "M-1,新成果,一段简介,虚构大学（示例）,新材料,无\nM-2,又一项,简介,虚构大学（示例）,新材料,\n"
FIELDS = ("external_id", "title", "abstract", "provider", "field", "")
FORM = {f"column-{number}": field for number, field in enumerate(FIELDS)}


@pytest.fixture
def admin(people: People) -> Browser:
    return people[ADMINISTRATOR]


@pytest.fixture
def space(people: People) -> Workspace:
    return people.workspace


def send(browser: Browser, text: str, name: str = "成果.csv", **more: str) -> Response:
    files = {"file": (name, io.BytesIO(text.encode()), "text/csv")}
    return browser.submit("/imports", {"kind": "achievements", **more}, files=files)


def upload(browser: Browser, text: str = ODD + ROWS) -> str:
    sent = send(browser, text)
    assert sent.status_code == 303, sent.text
    return str(sent.headers["location"])


def selected(page: str) -> list[str]:
    """What the selects of a page show."""
    return re.findall(r'<option value="([^"]*)" selected>', page)


def work(space: Workspace) -> None:
    while JobRunner(space, {IMPORT: run}).run_next():
        pass


def test_unknown_columns_are_mapped_checked_and_imported(space: Workspace, admin: Browser) -> None:
    page = upload(admin)
    first = admin.get(page).text
    assert selected(first) == ["", "", "", "", "field", ""]
    assert "成果名称（title）" in first
    again = admin.submit(f"{page}/columns", FORM)
    assert again.headers["location"] == page
    second = admin.get(page).text
    assert selected(second) == list(FIELDS)
    assert "全部 2 行都合要求" in second
    assert 'id="row-2"' in second
    assert admin.submit(f"{page}/start", FORM).headers["location"] == page
    assert "取消导入" in admin.get(page).text
    work(space)
    done = admin.get(page).text
    assert "新增 2 条" in done
    assert "未识别、已忽略的列：备注" in done
    assert space.achievements.by_external_id(["M-1"])["M-1"].title == "新成果"


def test_known_columns_need_one_click_more(space: Workspace, admin: Browser) -> None:
    header = "编号,成果名称,成果简介,完成单位,技术领域,备注\n"
    page = upload(admin, header + ROWS.replace("M-", "N-").replace("大学", "学院"))
    shown = admin.get(page).text
    assert "可以开始导入" in shown
    form = dict(
        re.findall(
            r'<select id="[^"]*" name="(column-\d+)".*?value="([^"]*)" selected', shown, re.S
        )
    )
    assert len(form) == 6
    admin.submit(f"{page}/start", form)
    work(space)
    assert "新增 2 条" in admin.get(page).text


def test_problems_are_told_by_column_and_go_when_the_column_is_ignored(admin: Browser) -> None:
    header = "编号,成果名称,成果简介,完成单位,技术领域,成熟度\n"
    rows = ROWS.replace("M-", "P-").replace(",无\n", f",{SCRIPT}\n")
    page = upload(admin, header + rows)
    shown = admin.get(page).text
    assert "2 行中有 1 行不合要求" in shown
    assert "1 处有问题" in shown
    assert SCRIPT not in shown
    admin.submit(f"{page}/columns", {"column-5": ""})
    assert "可以开始导入" in admin.get(page).text


def test_what_was_chosen_last_for_these_columns_is_proposed(admin: Browser) -> None:
    text = ODD.replace("备注", "说明二") + ROWS
    admin.submit(f"{upload(admin, text)}/columns", FORM)
    again = admin.get(upload(admin, text)).text
    assert "沿用了上次" in again
    assert selected(again) == list(FIELDS)


def test_starting_without_all_columns_says_so_and_keeps_what_was_chosen(admin: Browser) -> None:
    page = upload(admin, ODD.replace("备注", "说明三") + ROWS)
    answer = admin.submit(f"{page}/start", FORM | {"column-3": ""})
    assert answer.status_code == 422
    assert "完成单位（provider）" in answer.text
    assert selected(answer.text) == [*FIELDS[:3], "", *FIELDS[4:]]
    wrong = admin.submit(f"{page}/columns", FORM | {"column-3": SCRIPT})
    assert (wrong.status_code, SCRIPT in wrong.text) == (422, False)


def test_a_start_that_is_sent_twice_imports_once(space: Workspace, admin: Browser) -> None:
    page = upload(
        admin, ODD.replace("备注", "说明四") + ROWS.replace("M-", "T-").replace("大学", "研究所")
    )
    before = len(space.store.jobs.newest(99))
    for _ in range(2):
        assert admin.submit(f"{page}/start", FORM).headers["location"] == page
    work(space)
    assert len(space.store.jobs.newest(99)) == before
    assert admin.submit(f"{page}/columns", {"column-0": ""}).headers["location"] == page
    assert "新增 2 条" in admin.get(page).text
    imports = space.store.audit.page(9, action="import", who=ADMINISTRATOR)
    assert imports[0].details["job"] == page.rpartition("/")[2]


def test_a_file_is_given_up_and_its_page_stays_calm(space: Workspace, admin: Browser) -> None:
    page = upload(admin)
    job = jobs.get(space, page.rpartition("/")[2])
    space.uploads.remove(job.parameters["file"])  # as if another machine had it
    lost = admin.get(page)
    assert (lost.status_code, "重新上传" in lost.text) == (200, True)
    assert admin.submit(f"{page}/start", FORM).status_code == 422
    admin.submit(f"{page}/cancel")
    assert "已取消" in admin.get(page).text


@pytest.mark.parametrize("text", ["", "编号,成果名称\n", '编号\n"', "a,a\n1,2\n"])
def test_a_file_that_cannot_be_read_is_refused_with_the_form(admin: Browser, text: str) -> None:
    answer = send(admin, text)
    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)


def test_headers_and_names_with_scripts_are_only_shown(admin: Browser) -> None:
    page = upload(admin, f"编号,{SCRIPT},{'长' * 150}\n1,{SCRIPT},3\n")
    shown = admin.get(page)
    assert shown.status_code == 200
    assert SCRIPT not in shown.text
    assert "&lt;script&gt;" in shown.text


def test_a_file_with_very_many_columns_can_be_mapped(admin: Browser) -> None:
    many = [f"列{number}" for number in range(150)]
    page = upload(admin, ",".join(["编号", *many]) + "\n" + ",".join(["1"] * 151) + "\n")
    shown = admin.get(page).text
    assert "另有 61 列没有列出" in shown
    form = {f"column-{number}": "" for number in range(90)}
    assert admin.submit(f"{page}/columns", form).status_code == 303


def test_forms_from_elsewhere_start_nothing(space: Workspace, admin: Browser) -> None:
    page = upload(admin)
    for act in ("columns", "start", "cancel"):
        assert admin.post(f"{page}/{act}", data=FORM).status_code == 403
    assert jobs.get(space, page.rpartition("/")[2]).state == "prepared"


def test_a_prepared_file_is_listed_and_does_not_keep_the_page_reloading(admin: Browser) -> None:
    upload(admin)
    listed = admin.get("/imports").text
    assert "待开始" in listed
    assert 'http-equiv="refresh"' not in listed


# The context


def test_numbers_of_columns_are_read_and_nothing_else() -> None:
    typed = {"column-0": "title", "column-x": "a", "column-": "b", "column-١": "c", "form": "d"}
    assert chosen(typed | {"column-9999": "e", "column--1": "f"}) == {0: "title"}


def test_the_verdict_says_how_many_rows_were_looked_at() -> None:
    def seen(**changes: Any) -> Preview:
        given = {"columns": (), "faults": (), "records": (), "troubles": (), "rows": 1000}
        return Preview(**given | {"rows_refused": 0, "more": True} | changes)

    assert verdict(seen()).startswith("前 1,000 行都合要求")
    assert verdict(seen(more=False, rows=7)) == "全部 7 行都合要求，可以开始导入。"
    assert "有 12 行不合要求" in verdict(seen(rows_refused=12))
    assert "先把下面的列对应好" in verdict(seen(faults=("缺少列",)))


def test_a_record_is_shown_with_its_labels_as_it_would_be_kept(space: Workspace) -> None:
    row = DEMAND | {"keywords": "除氟、光伏", "external_id": "D-9", "problem": "长" * 300}
    row |= {"confidentiality": "仅经理人可见", "budget": 120, "maturity_min": "TRL6"}
    lines = ",".join(row) + "\n" + ",".join(str(value) for value in row.values()) + "\n"
    job = prepare(space, DEMANDS, "d.csv", io.BytesIO(lines.encode()), SYSTEM)
    context = columns_context(look(space, job))
    [card] = context.records
    shown = {fact.label: fact.value for fact in card.facts}
    assert (card.number, card.title) == (2, DEMAND["title"])
    assert shown["预算"] == "120 万元"
    assert shown["可接受的最低成熟度"] == "TRL 6"
    assert shown["公开范围"] == "仅经理人可见"
    assert shown["关键词"] == "除氟、光伏"
    assert len(shown["主要问题"]) == 121
    assert context.is_good
    assert context.options[0].name == "忽略"
    assert context.options[1].name == "编号 *"

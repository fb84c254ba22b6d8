"""One demand from the first word to what the enterprise is shown: two people, one table."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.conftest import PageAt
from tests.browser.tabs import NARROW, WIDE
from tests.web.people import BROKER

VAGUE = {
    "#title": "除尘效果不好",
    "#problem": "除尘器效果一直不好，客户和环保都有意见。",
    "#keywords": "除尘、滤袋",
    "#indicators": "效果好一些。",
    "#goal": "解决这个问题。",
    "#organisation": "衡川示例水泥有限公司",
    "#region": "河北-唐山",
    "#contact": "陶工（示例）",
    "#phone": "000-00005678",
}
CHOICES = {"#field": "资源与环境", "#solution_mode": "合作研发"}
CLEAR = {
    "#problem": "窑尾袋除尘器每月停机 2 次换袋，排放在 25 mg/m³ 上下，每次停机损失约 8 万元。",
    "#indicators": "颗粒物排放≤10 mg/m³，滤袋寿命不少于 3 年，阻力不高于 1200 Pa。",
    "#goal": "2027 年 6 月前改造一台窑尾除尘器，连续运行三个月通过第三方检测。",
}
WIDTHS = pytest.mark.parametrize("width", [WIDE, NARROW])
SCRIPTS = pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])


@SCRIPTS
@WIDTHS
def test_from_a_vague_text_to_what_was_released(
    page_at: PageAt, width: int, javascript: bool
) -> None:
    enterprise = page_at(width, javascript=javascript).page
    broker = page_at(width, BROKER, javascript=javascript).page
    title = f"水泥窑尾除尘不达标（{width} {javascript}）"

    code = sent(enterprise, title, javascript)
    returned(broker, title)
    revised(enterprise, code)
    published(broker, title)
    accepted_and_released(broker, title)

    enterprise.goto(f"/receipts/{code}")
    row = enterprise.locator("section", has_text="经理人为您找到的成果").locator("tbody tr")
    assert row.count() == 1
    assert "已联系" in row.inner_text()
    assert "当面谈" not in enterprise.locator("main").inner_text()  # the broker's own note


def sent(page: Page, title: str, javascript: bool) -> str:
    """Vague at first; what the coach says changes with the text. The code of the receipt."""
    page.goto("/demands/new")
    steps = [list(VAGUE)[:3], list(VAGUE)[3:5], list(VAGUE)[5:]]
    for number, fields in enumerate(steps, 1):
        for field in fields:
            page.fill(field, VAGUE[field] if field != "#title" else title)
        for field in ("#field", "#solution_mode")[number - 1 : number]:
            page.select_option(field, label=CHOICES[field])
        if javascript and number < len(steps):
            page.get_by_role("button", name="下一步").click()
    if javascript:
        improved_while_typing(page)
        page.get_by_role("link", name="联系方式").first.click()
    else:
        page.get_by_role("button", name="检查").click()
        assert int(page.locator("#coach [data-total]").inner_text()) < 10
        page.fill("#problem", CLEAR["#problem"])
    page.get_by_role("button", name="提交需求").click()
    page.wait_for_url("**/receipts/*")
    assert "待审核" in page.locator("main").inner_text()
    return page.locator(".code code").inner_text()


def improved_while_typing(page: Page) -> None:
    """The problem is told better, and the coach counts it; then the tab is closed and reopened."""
    score = page.locator("[data-criterion] >> nth=0 >> [data-score]")
    page.locator(".steps a >> nth=0").click()
    page.fill("#problem", VAGUE["#problem"] + "夏天更差。")
    expect(score).to_have_text(re.compile(r"\d"))  # a dash until the first answer is drawn
    before = int(score.inner_text())
    page.fill("#problem", CLEAR["#problem"])
    page.wait_for_function(
        "before => +document.querySelector('[data-score]').textContent > before", arg=before
    )
    with page.expect_response(keeps("水泥窑")):
        page.locator("#kept", has_text="已保存").wait_for()
        page.fill("#keywords", "除尘、滤袋、水泥窑")
    code = page.locator("#kept-code code").inner_text()
    page.goto("about:blank")
    page.goto("/receipts")
    page.get_by_label("回执码").fill(code)
    page.get_by_role("button", name="查询").click()
    page.wait_for_url("**/demands/drafts/*")
    assert page.input_value("#problem") == CLEAR["#problem"]
    assert page.input_value("#keywords") == "除尘、滤袋、水泥窑"


def keeps(word: str) -> Callable[[Response], bool]:
    """Whether it answers a draft with this word: earlier ones may still be on their way."""
    return lambda answer: (
        "/api/v1/drafts/" in answer.url and word in (answer.request.post_data or "")
    )


def opened_for_review(page: Page, title: str) -> None:
    page.goto("/inbox")
    page.get_by_label("名称或企业中包含").fill(title)
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name=title).click()
    page.get_by_role("heading", name=title).wait_for()


def returned(page: Page, title: str) -> None:
    opened_for_review(page, title)
    page.get_by_role("button", name="退回给企业").click()
    assert "请写明" in page.locator(".problem").inner_text()
    page.get_by_role("radio", name="指标不清").check()
    page.get_by_label("补充说明").fill("请写明现在的排放浓度。")
    page.get_by_role("button", name="退回给企业").click()
    page.locator("[role=status]", has_text="已退回").wait_for()


def revised(page: Page, code: str) -> None:
    """The enterprise reads why, and sends it again under the same code."""
    page.goto(f"/receipts/{code}")
    assert "请写明现在的排放浓度" in page.locator(".problem").inner_text()
    page.get_by_role("button", name="按意见修改").click()
    page.wait_for_url("**/demands/drafts/*")
    page.locator("#indicators").wait_for(state="attached")
    for number, field in enumerate(("#indicators", "#goal")):
        if number == 0 and page.locator(".steps").is_visible():
            page.locator(".steps a >> nth=1").click()
        page.fill(field, CLEAR[field])
    if page.locator(".steps").is_visible():
        page.locator(".steps a >> nth=2").click()
    page.get_by_role("button", name="重新提交").click()
    page.wait_for_url(f"**/receipts/{code}*")
    assert "待审核" in page.locator("main").inner_text()


def published(page: Page, title: str) -> None:
    opened_for_review(page, title)
    assert "上次退回的理由" in page.locator("main").inner_text()
    page.locator("[data-publish]").click()
    page.locator("[role=status]", has_text="已发布").wait_for()


def accepted_and_released(page: Page, title: str) -> None:
    """The first pairing is accepted; its case is moved on and shown to the enterprise."""
    page.goto(f"/demands?q={title}")
    page.locator(".lines a").first.click()
    card = page.locator("article.card").first
    card.get_by_role("button", name="采纳").click()
    assert "对接单已建立" in page.locator("[data-toast]").inner_text()
    page.goto("/cases")
    page.get_by_role("link", name=title, exact=True).click()
    page.get_by_label("说明（可不填）").fill("电话里约了下周当面谈。")
    page.get_by_role("button", name="推进到已联系").click()
    assert "已联系" in page.locator(".steps [aria-current]").inner_text()
    page.get_by_role("button", name="向企业公开").click()
    page.locator("#release .state-good").wait_for()

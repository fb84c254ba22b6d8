"""An enterprise that has never been here sends a demand and finds it again."""

import pytest

from tests.browser.conftest import PageAt
from tests.browser.tabs import NARROW, WIDE

TEXTS = {
    "#title": "烧结机头烟气脱硝效率低",
    "#problem": "烧结烟气温度只有 150 ℃，现有催化剂在这个温度下效率不到六成，更换频繁。",
    "#keywords": "烟气脱硝、低温催化剂",
    "#indicators": "脱硝效率≥90%，反应温度不高于 160 ℃，寿命不少于 24000 小时。",
    "#goal": "一套能装进现有反应器的催化剂，先在一台烧结机上验证。",
    "#organisation": "海州示例钢铁有限公司",
    "#region": "江苏-连云港",
    "#contact": "周工（示例）",
    "#phone": "000-00001234",
}
CHOICES = {"#field": "资源与环境", "#solution_mode": "合作研发"}


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_demand_is_sent_and_found_again(page_at: PageAt, width: int, javascript: bool) -> None:
    page = page_at(width, javascript=javascript).page
    page.goto("/")
    page.get_by_role("link", name="填报技术需求").click()
    for field, text in TEXTS.items():
        page.fill(field, text)
    page.click("button:has-text('提交需求')")
    assert "还有 2 处需要修改" in page.locator("main .problem").inner_text()
    for field, text in TEXTS.items():
        assert page.input_value(field) == text
    for field, value in CHOICES.items():
        page.select_option(field, label=value)
    page.click("button:has-text('提交需求')")
    page.wait_for_url("**/receipts/*")
    code = page.locator(".code").inner_text()

    page.goto("/receipts")
    page.get_by_label("回执码").fill(code.lower())
    page.get_by_role("button", name="查询").click()
    page.wait_for_url("**/receipts/*")
    assert TEXTS["#title"] in page.locator("main").inner_text()


def test_what_gives_the_firm_away_is_shown_while_typing(page_at: PageAt) -> None:
    page = page_at(WIDE).page
    page.goto("/demands/new")
    page.fill("#organisation", TEXTS["#organisation"])
    page.fill("#problem", "海州示例钢铁有限公司的烧结机烟气脱硝效率低。")
    page.locator("#giveaways mark").first.wait_for()
    assert "海州" in page.locator("#giveaways").inner_text()

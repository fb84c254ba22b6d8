"""An enterprise that has never been here sends a demand and finds it again."""

import pytest
from playwright.sync_api import Page

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
STEPS = (
    ("#title", "#problem", "#keywords"),
    ("#indicators", "#goal"),
    ("#organisation", "#region", "#contact", "#phone"),
)


def found_again(page: Page, code: str) -> None:
    """The code leads to the receipt."""
    page.goto("/receipts")
    page.get_by_label("回执码").fill(code.lower())
    page.get_by_role("button", name="查询").click()
    page.wait_for_url("**/receipts/*")
    assert TEXTS["#title"] in page.locator("main").inner_text()


def kept(page: Page) -> None:
    """Wait until what was typed is saved."""
    page.locator("#kept", has_text="已保存").wait_for()
    page.wait_for_timeout(1500)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_without_a_script_a_demand_is_sent_and_found_again(page_at: PageAt, width: int) -> None:
    page = page_at(width, javascript=False).page
    page.goto("/")
    page.get_by_role("link", name="填报技术需求").click()
    for field, text in TEXTS.items():
        page.fill(field, text)
    page.click("button:has-text('保存草稿')")
    page.wait_for_url("**/demands/drafts/*")
    page.click("button:has-text('检查')")
    assert page.locator("#coach meter").count() == 4
    page.click("button:has-text('提交需求')")
    assert "还有 2 处需要修改" in page.locator("main .problem").inner_text()
    for field, text in TEXTS.items():
        assert page.input_value(field) == text
    for field, value in CHOICES.items():
        page.select_option(field, label=value)
    page.click("button:has-text('提交需求')")
    page.wait_for_url("**/receipts/*")
    assert "谢谢" in page.locator("h1").inner_text()
    found_again(page, page.locator(".code code").inner_text())


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_in_three_steps_a_demand_is_sent_and_found_again(page_at: PageAt, width: int) -> None:
    page = page_at(width).page
    page.goto("/")
    page.get_by_role("link", name="填报技术需求").click()
    for number, fields in enumerate(STEPS, 1):
        current = page.locator(".steps [aria-current=step]")
        current.wait_for()
        assert current.get_by_role("link").get_attribute("href") == f"#step-{number}"
        for field in fields:
            page.fill(field, TEXTS[field])
        if number < len(STEPS):
            page.click("button:has-text('下一步')")
            assert page.evaluate("document.activeElement.id") == f"step-{number + 1}-name"
    page.go_back()
    assert page.is_visible("#indicators")
    assert not page.is_visible("#phone")
    page.select_option("#solution_mode", label=CHOICES["#solution_mode"])
    page.go_back()
    page.select_option("#field", label=CHOICES["#field"])
    page.go_forward()
    page.go_forward()
    kept(page)
    code = page.url.partition("#")[0].rpartition("/")[2]
    page.click("button:has-text('提交需求')")
    page.wait_for_url(f"**/receipts/{code}")
    page.go_back()
    page.wait_for_url(f"**/receipts/{code}*")
    found_again(page, code)


def test_few_keystrokes_lead_from_the_form_to_a_receipt(
    page_at: PageAt, capsys: pytest.CaptureFixture[str]
) -> None:
    page, count = page_at(WIDE).page, 0
    page.goto("/demands/new")

    def press(*keys: str) -> None:
        nonlocal count
        for key in keys:
            page.keyboard.press(key)
            count += 1

    def type_(field: str) -> None:
        assert f"#{page.evaluate('document.activeElement.id')}" == field
        page.keyboard.insert_text(TEXTS[field])

    for field in ("#title", "#problem"):
        type_(field)
        press("Tab")
    type_("#keywords")
    page.locator("[data-proposed=field]").wait_for()
    press("Enter", "Tab")
    for field in ("#indicators", "#goal"):
        type_(field)
        press("Tab")
    press("ArrowDown", "Tab", "Enter", "Tab")
    for field in ("#organisation", "#region", "#contact"):
        type_(field)
        press("Tab")
    type_("#phone")
    press("Enter")
    page.wait_for_url("**/receipts/*")
    with capsys.disabled():
        print(f"\nfrom the form to a receipt: {count} keystrokes besides the texts")  # noqa: T201
    assert count <= 14


def test_closing_the_tab_at_once_loses_nothing(page_at: PageAt) -> None:
    page = page_at(WIDE).page
    page.goto("/demands/new")
    page.fill("#title", "第一稿")
    kept(page)
    place = page.url
    page.fill("#title", "关闭前的最后一句")
    page.goto("about:blank")
    page.wait_for_timeout(1000)
    page.goto(place)
    assert page.input_value("#title") == "关闭前的最后一句"


def test_of_two_tabs_the_second_is_asked_which_text_counts(page_at: PageAt) -> None:
    first = page_at(WIDE)
    first.page.goto("/demands/new")
    first.page.fill("#title", "共同的开头")
    kept(first.page)
    second = page_at(WIDE).page
    second.goto(first.page.url)
    second.fill("#title", "第二个标签页")
    kept(second)
    first.page.fill("#problem", "第一个标签页")
    first.page.locator("#kept button", has_text="用本页的内容").click()
    kept(first.page)
    second.reload()
    assert second.input_value("#title") == "共同的开头"
    assert second.input_value("#problem") == "第一个标签页"
    first.complaints.remove(f"409 /api/v1/drafts/{first.page.url.rpartition('/')[2]}")


def test_what_gives_the_firm_away_is_shown_while_typing(page_at: PageAt) -> None:
    page = page_at(WIDE).page
    page.goto("/demands/new")
    page.fill("#problem", "海州示例钢铁有限公司😀的烧结机烟气脱硝效率低。")
    page.locator("#giveaways mark").first.wait_for()
    assert "海州" in page.locator("#giveaways").inner_text()
    assert page.locator(".mirror mark").first.inner_text().endswith("示例钢铁有限公司")
    assert page.evaluate("document.activeElement.id") == "problem"

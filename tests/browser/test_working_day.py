"""A broker's day: from a text to a signed contract, the ledger and a printed report."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page
from python_calamine import CalamineWorkbook

from api.services.times import today
from tests.browser.conftest import PageAt
from tests.browser.pages import QUESTION
from tests.browser.tabs import NARROW, WIDE
from tests.web.people import BROKER


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_from_a_search_to_the_ledger(
    page_at: PageAt, width: int, javascript: bool, tmp_path: Path
) -> None:
    page = page_at(width, BROKER, javascript=javascript).page
    number = 20 + 2 * (width == NARROW) + javascript  # everybody works on a demand of their own
    page.goto("/")
    page.get_by_label("用一段文字查找").fill(QUESTION)
    page.get_by_role("button", name="查找配对").click()
    page.locator("article.card").first.wait_for()

    page.goto("/demands")
    page.locator(f".lines a >> nth={number}").click()
    title = page.locator("main h1").inner_text().partition(" 仅经理人")[0]
    narrowed_and_sorted(page)
    pinned_and_compared(page)
    rejected_and_taken_back(page)
    found = accepted(page)
    reported(page, width)
    case = worked_on(page, title)
    ledger_of(page, case, found, tmp_path)


def narrowed_and_sorted(page: Page) -> None:
    start = page.url
    page.locator(".narrowing summary").click()
    chip = page.locator(".narrowing .chip").first
    field = (chip.get_attribute("href") or "").split("=")[0]
    assert field
    chip.click()
    page.wait_for_url(re.compile(r"\?"))
    assert page.locator(".narrowing .chip[aria-current]").count() == 1
    page.goto(start)
    page.locator(".toolbar .menu summary").first.click()
    page.get_by_role("link", name="成熟度高的在前").click()
    page.wait_for_url("**sort=maturity*")
    levels = [
        int(re.findall(r"TRL (\d)", text)[0])
        for text in page.locator("article.card .facts li", has_text="成熟度").all_inner_texts()
    ]
    assert levels == sorted(levels, reverse=True)
    page.goto(start)


def pinned_and_compared(page: Page) -> None:
    start = page.url
    page.locator("article.card >> nth=3").get_by_role("link", name="置顶比对").click()
    page.locator(".pinned").wait_for()
    assert page.locator(".pinned .why li").count() > 0
    page.get_by_role("link", name="取消置顶").click()
    for place in (0, 1, 2):
        page.locator("article.card .pick input").nth(place).check()
    page.get_by_role("button", name="比较所选").click()
    page.wait_for_url("**/compare?*")
    assert page.locator("table.compare thead th").count() == 3
    page.goto(start)


def rejected_and_taken_back(page: Page) -> None:
    card = page.locator("article.card").first
    name = card.locator("h3").inner_text()
    card.get_by_text("不合适").first.click()
    card.get_by_label("原因").select_option("价格不合")
    card.get_by_label("备注").fill("报价超出预算。")
    card.get_by_role("button", name="确定不合适").click()
    toast = page.locator("[data-toast]")
    assert name in toast.inner_text()
    assert "重新评估" in toast.inner_text()
    toast.get_by_role("button", name="撤回").click()
    page.wait_for_load_state()
    assert page.locator("[data-toast]").count() == 0


def accepted(page: Page) -> str:
    """The first pairing; its title."""
    card = page.locator("article.card").first
    name = card.locator("h3").inner_text()
    card.get_by_role("button", name="采纳").click()
    assert "对接单已建立" in page.locator("[data-toast]").inner_text()
    return name


def reported(page: Page, width: int) -> None:
    """The report of the pairing prints on few pages, without what is only for the screen."""
    page.locator(".said a").first.evaluate("link => link.closest('details').open = true")
    page.goto(page.locator(".said a").first.get_attribute("href") or "")
    page.get_by_role("heading", name="配对报告").wait_for()
    printed = page.pdf(format="A4")
    assert printed.startswith(b"%PDF")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 3


def worked_on(page: Page, title: str) -> str:
    """From 推荐 to 签约; the address of the case."""
    page.get_by_role("link", name="对接单", exact=True).last.click()
    page.wait_for_url("**/cases/c*")
    assert title in page.locator("main h1").inner_text()
    page.get_by_label("下一步", exact=True).fill("约双方视频会议")
    page.get_by_label("下一步日期").fill((today() + timedelta(7)).isoformat())
    page.get_by_role("button", name="保存安排").click()
    page.get_by_label("备注（只有经理人看得到）").fill("高校可在两周内出方案。")
    page.get_by_role("button", name="添加备注").click()
    assert "高校可在两周内出方案。" in page.locator("#history").inner_text()
    for stage in ("已联系", "洽谈"):
        page.get_by_role("button", name=f"推进到{stage}").click()
        page.locator(".steps [aria-current]", has_text=stage).wait_for()
    page.get_by_role("button", name="推进到签约").click()
    assert page.locator("main .problem li").count() == 3
    page.locator("#onward-contract_type").select_option("技术许可")
    page.fill("#onward-amount", "58.5")
    page.fill("#onward-signed_on", today().isoformat())
    page.get_by_role("button", name="推进到签约").click()
    page.locator(".steps [aria-current]", has_text="签约").wait_for()
    return page.url


def ledger_of(page: Page, case: str, found: str, folder: Path) -> None:
    """The exported file has the contract in it."""
    page.goto("/cases?contract_type=技术许可")
    page.locator(".filters summary").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="xlsx").click()
    file = folder / "ledger.xlsx"
    download.value.save_as(file)
    head, *rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    row = next(row for row in rows if case.rpartition("/")[2] in row or found in row)
    told = dict(zip(head, row, strict=True))
    assert "技术许可" in told.values()
    assert 58.5 in told.values()

"""A broker who never touches the mouse."""

from playwright.sync_api import Page

from tests.browser.conftest import PageAt
from tests.browser.tabs import WIDE
from tests.web.people import BROKER, PASSWORD


def test_reviewing_and_deciding_need_no_mouse(page_at: PageAt) -> None:
    page = page_at(WIDE).page
    page.goto("/login?next=/inbox?q=急需流动资金")
    page.locator("#name").focus()
    page.keyboard.insert_text(BROKER)
    press(page, "Tab")
    page.keyboard.insert_text(PASSWORD)
    press(page, "Enter")
    page.get_by_role("heading", name="收件箱").wait_for()
    reviewed(page)
    decided(page)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def reviewed(page: Page) -> None:
    """Returned with a reason, from the list on."""
    page.wait_for_load_state()  # keys are heard from then on
    press(page, "?")
    page.locator("#keys dl").wait_for()
    press(page, "?", "j", "Enter")
    page.wait_for_url("**/inbox/d*")
    press(page, "r")
    assert page.evaluate("document.activeElement.value") == "指标不清"
    press(page, "ArrowDown", "ArrowDown", "ArrowDown")
    press(page, "Tab")
    page.keyboard.insert_text("贷款请联系园区的金融服务站。jkprx")  # letters are letters here
    press(page, "Tab", "Enter")
    done = page.locator("[role=status]", has_text="已退回")
    done.wait_for()


def decided(page: Page) -> None:
    """Rejected, taken back, accepted: each lands where one was."""
    page.goto("/demands")
    press(page, "Tab")
    page.locator(".lines a >> nth=24").focus()
    press(page, "Enter")
    page.locator("article.card").first.wait_for()
    page.wait_for_load_state()
    press(page, "?")
    page.locator("dialog#keys").wait_for()
    press(page, "Escape", "j", "j")
    second = page.locator("article.card:focus h3").inner_text()
    assert second == page.locator("article.card h3 >> nth=1").inner_text()
    press(page, "x")
    press(page, "ArrowDown", "Tab", "Tab", "Enter")
    toast = page.locator("[data-toast]")
    toast.wait_for()
    assert f"“{second}”：不合适" in toast.inner_text()
    assert page.locator("article.card:focus").count() == 1
    with page.expect_navigation():
        press(page, "z")
    press(page, "j")
    first = page.locator("article.card:focus h3").inner_text()
    with page.expect_navigation():
        press(page, "a")
    assert f"“{first}”：采纳" in toast.inner_text()
    press(page, "/")
    page.wait_for_url(lambda address: address.endswith("/"))

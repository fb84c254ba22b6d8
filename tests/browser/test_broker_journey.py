"""A broker signs in, searches, opens what was found, and leaves."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PageAt, sign_in
from tests.browser.pages import QUESTION
from tests.browser.tabs import NARROW, WIDE
from tests.web.people import BROKER, PASSWORD

_FOCUSED = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  if (one === document.body) return null;
  const x = box.x + Math.min(box.width, 20) / 2, y = box.y + Math.min(box.height, 20) / 2;
  const seen = document.elementFromPoint(x, y);
  const clear = seen !== null && (one.contains(seen) || seen.contains(one));
  return { name: one.outerHTML.slice(0, 80), seen: clear,
           ring: getComputedStyle(one).outlineStyle !== "none" };
}"""


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_from_signing_in_to_signing_out(page_at: PageAt, width: int, javascript: bool) -> None:
    page = page_at(width, javascript=javascript).page
    page.goto("/achievements")
    assert "/login" in page.url
    sign_in_here(page)
    page.wait_for_url("**/achievements")

    page.goto("/")
    page.get_by_label("用一段文字查找").fill(QUESTION)
    page.get_by_role("button", name="查找配对").click()
    page.locator("article.card").first.wait_for()
    assert page.input_value("#text") == QUESTION
    page.locator("article.card h3 a").first.click()
    page.wait_for_url(re.compile("/achievements/"))
    leave(page, width)


def sign_in_here(page: Page) -> None:
    """On the login page that one was led to."""
    page.fill("#name", BROKER)
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="登录").click()


def leave(page: Page, width: int) -> None:
    """Sign out, through the menu where there is one."""
    if width == NARROW:
        page.get_by_role("button", name="菜单").click()
    page.get_by_role("button", name="退出").click()
    page.get_by_role("heading", name="企业难题").wait_for()


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("address", ["/", "/demands", "/demands/new", "/account"])
def test_whatever_has_the_focus_is_seen(page_at: PageAt, address: str, width: int) -> None:
    page = page_at(width, who=BROKER).page
    page.goto(address)
    for step in range(25):
        page.keyboard.press("Tab")
        focused = page.evaluate(_FOCUSED)
        if focused is None:
            assert step > 4
            break
        assert focused["seen"], focused
        assert focused["ring"], focused


def test_the_menu_is_opened_and_closed_by_the_keyboard(page_at: PageAt) -> None:
    page = page_at(NARROW, who=BROKER, javascript=False).page
    page.goto("/")
    menu = page.locator("#main-nav")
    assert not menu.is_visible()
    page.get_by_role("button", name="菜单").focus()
    page.keyboard.press("Enter")
    menu.wait_for()
    page.keyboard.press("Escape")
    menu.wait_for(state="hidden")


def test_signing_in_is_one_form_for_the_keyboard(page_at: PageAt) -> None:
    tab = page_at(WIDE)
    sign_in(tab, BROKER)
    assert tab.page.locator("main h1").inner_text().startswith("经理人工作台")

"""What goes wrong between the form and the server costs nobody a word."""

from collections.abc import Mapping

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PageAt
from tests.browser.tabs import NARROW, WIDE
from tests.browser.test_enterprise_journey import CHOICES, STEPS, TEXTS
from tests.web.people import BROKER, OTHER, PASSWORD


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_session_that_ends_in_step_three_costs_no_text(page_at: PageAt, javascript: bool) -> None:
    tab = page_at(NARROW, javascript=javascript)
    page = tab.page
    page.goto("/login?next=/demands/new")
    page.fill("#name", OTHER)
    page.fill("#password", PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url("**/demands/new")
    title = f"登录中途失效（{javascript}）"
    filled(page, {**TEXTS, "#title": title}, javascript)
    page.context.clear_cookies()
    page.get_by_role("button", name="提交需求").click()
    page.locator(".problem, .notice").first.wait_for()
    assert page.input_value("#title") == title
    for field, text in TEXTS.items():
        assert field == "#title" or page.input_value(field) == text
    page.get_by_role("button", name="提交需求").first.click()
    page.get_by_role("button", name="不登录直接提交").click()
    page.wait_for_url("**/receipts/*")
    assert title in page.locator("main").inner_text()
    # The script may have tried to save the draft just then.
    tab.complaints[:] = [one for one in tab.complaints if not one.startswith("403 /api/v1/drafts")]


def test_sent_twice_at_once_it_is_one_demand(page_at: PageAt) -> None:
    page = page_at(WIDE).page
    title = "一次点了两下的需求"
    page.goto("/demands/new")
    filled(page, {**TEXTS, "#title": title}, javascript=True)
    page.get_by_role("button", name="提交需求").dblclick()
    page.wait_for_url("**/receipts/*")
    page.go_back()
    broker = page_at(WIDE, BROKER).page
    broker.goto(f"/inbox?q={title}")
    assert broker.locator("[data-item]").count() == 1


def filled(page: Page, texts: Mapping[str, str], javascript: bool) -> None:
    """All three steps, ready to be sent."""
    for number, fields in enumerate(STEPS, 1):
        for field in fields:
            page.fill(field, texts[field])
        for field in list(CHOICES)[number - 1 : number]:
            page.select_option(field, label=CHOICES[field])
        if javascript and number < len(STEPS):
            page.get_by_role("button", name="下一步").click()

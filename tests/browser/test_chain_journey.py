"""What a pairing lacks, a call for what nobody offers, and a day on which people meet."""

import re
from datetime import timedelta
from pathlib import Path

import docx
import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from api.services.times import today
from tests.browser.conftest import PageAt
from tests.browser.site import Site
from tests.browser.tabs import WIDE
from tests.web.people import BROKER


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_from_what_is_lacking_to_a_calendar(
    page_at: PageAt, site: Site, javascript: bool, tmp_path: Path
) -> None:
    page = page_at(WIDE, BROKER, javascript=javascript).page
    page.goto(f"/demands/{site.known['demand']}")
    helped(page)
    called_for(page, tmp_path / "call.docx")
    met(page, "有脚本的一天" if javascript else "无脚本的一天", tmp_path / "day.ics")


def helped(page: Page) -> None:
    """From a strong pairing to a resource for what it lacks, and back."""
    card = page.locator("article.card", has=page.locator(".grade-4, .grade-3")).first
    card.get_by_role("link", name="配对报告").click()
    lacking = page.get_by_role("region", name=re.compile("还缺什么"))
    expect(lacking.locator(".path [aria-current=step]")).to_have_count(1)
    lack = lacking.locator("details.lack", has=page.locator(".aids a")).first
    if lack.get_attribute("open") is None:
        lack.locator("summary").click()
    expect(lack.locator(".signs li").first).to_be_visible()
    resource = lack.locator(".aids a").first
    title = resource.inner_text()
    resource.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    page.go_back()
    expect(lacking).to_contain_text(title)


def called_for(page: Page, file: Path) -> None:
    """From a topic to a draft, and to the file of it."""
    page.get_by_role("link", name="供需一览").click()
    page.get_by_role("link", name="揭榜挂帅").click()
    page.locator(".topic h3 a").first.click()
    name = page.get_by_role("heading", level=1).inner_text().split()[0]
    page.get_by_role("button", name="起草榜单").click()
    expect(page.get_by_label("榜单名称")).to_have_value(re.compile(re.escape(name)))
    expect(page.get_by_label("产权归属")).to_have_value(re.compile("【待补充"))
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 Word").click()
    download.value.save_as(file)
    written = "\n".join(one.text for one in docx.Document(str(file)).paragraphs)
    assert name in written
    assert "主要技术问题" in written


def met(page: Page, name: str, file: Path) -> None:
    """From an empty form to a schedule and the calendar of all its meetings."""
    page.goto("/days/new")
    page.get_by_label("名称").fill(name)
    page.get_by_label("日期").fill((today() + timedelta(30)).isoformat())
    page.get_by_label("技术领域").select_option("资源与环境")
    page.get_by_role("button", name="新建对接会").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.get_by_role("button", name="排期").click()
    expect(page.get_by_text("已证明最优")).to_be_visible()
    meetings = page.locator(".timetable .met").count()
    assert meetings > 1
    with page.expect_download() as download:
        page.get_by_role("link", name="全部日历 ics").click()
    download.value.save_as(file)
    assert len(Calendar.from_ical(file.read_bytes()).walk("VEVENT")) == meetings

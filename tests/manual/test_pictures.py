"""The pictures of the manual, taken where it says that one sees them; ``make pictures`` keeps them.

What is pressed on the way is called as the manual calls it, so that it can be followed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import pytest
from playwright.sync_api import Browser, FloatRect, Page

from tests.browser.conftest import sign_in
from tests.browser.tabs import Tab
from tests.manual.site import Known
from tests.web.people import ADMINISTRATOR, BROKER
from tools.manual_pictures import PICTURES, SCREENSHOTS

WIDTH: Final = 1160
MARGIN: Final = 12
"""Pixels above a part that a picture begins with."""
COLUMNS: Final = {
    "技术名": "成果名称 *",
    "内容": "成果简介 *",
    "关键字": "关键词",
    "研制方": "完成单位 *",
    "责任人": "联系人",
}


def _be_coached(page: Page) -> None:
    page.fill("#title", "烧结机头烟气脱硝效率低")
    text = "海州示例钢铁有限公司的烧结烟气只有 150 ℃，现有催化剂效率不到 60%，半年就要换一次。"
    page.fill("#problem", text)
    page.locator("#giveaways mark").first.wait_for()
    page.locator("#kept", has_text="已保存").wait_for()


def _columns(page: Page) -> None:
    for header, field in COLUMNS.items():
        page.get_by_label(header, exact=True).select_option(label=field)
    page.get_by_role("button", name="重新检查").click()
    page.get_by_role("heading", name="问题").wait_for()


def _subscribed(page: Page) -> None:
    page.locator("main").get_by_role("link", name="订阅", exact=True).click()
    page.get_by_label("包括现有的配对").check()
    page.get_by_role("button", name="保存订阅").click()
    page.locator(".digest").first.wait_for()


def _all_signs(page: Page) -> None:
    page.locator("details.lack", has_text="缺场景").locator("summary").click()
    page.locator("details.lack[open]", has_text="缺场景").locator(".aids").wait_for()


def _drafted(page: Page) -> None:
    page.get_by_label("归并").select_option(label="细：很相近才归为一个")
    page.get_by_role("button", name="查看主题").click()
    topic = page.locator(".topic", has_text="厂里风机水泵老是突然坏")
    topic.get_by_role("link").first.click()
    page.get_by_role("button", name="起草榜单").click()
    page.get_by_role("link", name="下载 Word").wait_for()


def _arranged(page: Page) -> None:
    page.get_by_role("link", name="产学研对接会（示例）").click()
    page.get_by_role("heading", name="排期结果").wait_for()


@dataclass(frozen=True)
class Scene:
    """What is shown: an address with names of ``Known.ids``, who looks, what they do, how far.

    ``part``: a selector of what the picture begins with, instead of the top of the page.
    """

    address: str
    who: str | None
    height: int
    act: Callable[[Page], object] = lambda _: None
    part: str = ""


SCENES: Final = {
    "form": Scene("/demands/new", None, 930, _be_coached),
    "receipt": Scene("/receipts/{sent}", None, 600),
    "returned": Scene("/receipts/{returned}", None, 660),
    "inbox": Scene("/inbox", BROKER, 800),
    "pairings": Scene("/demands/{demand}", BROKER, 1090),
    "compare": Scene("/demands/{demand}/compare?with={others}", BROKER, 800),
    "support": Scene("/demands/{lacking}", BROKER, 866, _all_signs, ".support"),
    "board": Scene("/cases", BROKER, 960),
    "case": Scene("/cases/{case}", BROKER, 1000),
    "subscription": Scene("/demands/{demand}", BROKER, 640, _subscribed),
    "resources": Scene("/resources?kind=finance", BROKER, 806),
    "overview": Scene("/overview", BROKER, 1130),
    "map": Scene("/map", BROKER, 1094),
    "call": Scene("/calls", BROKER, 1072, _drafted),
    "day": Scene("/days", BROKER, 1119, _arranged),
    "columns": Scene("/imports/{file}", ADMINISTRATOR, 1020, _columns),
    "users": Scene("/admin/users", ADMINISTRATOR, 700),
    "models": Scene("/admin/models", ADMINISTRATOR, 330),
    "audit": Scene("/audit", ADMINISTRATOR, 640),
}


@pytest.fixture(scope="module")
def tabs(browser: Browser, known: Known) -> Iterator[dict[str | None, Page]]:
    """A tab for each of those who look."""
    found: dict[str | None, Page] = {}
    for who in (None, BROKER, ADMINISTRATOR):
        context = browser.new_context(
            base_url=known.address,
            viewport={"width": WIDTH, "height": 1200},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        found[who] = context.new_page()
        if who:
            sign_in(Tab(found[who], ""), who)
    yield found
    for page in found.values():
        page.context.close()


def test_every_picture_of_the_manual_has_a_scene() -> None:
    assert set(SCENES) == set(PICTURES)


@pytest.mark.parametrize("name", SCENES)
def test_one_sees_what_the_manual_shows(
    name: str, known: Known, tabs: dict[str | None, Page]
) -> None:
    scene = SCENES[name]
    page = tabs[scene.who]
    answer = page.goto(scene.address.format_map(known.ids))
    assert answer is not None
    assert answer.ok
    scene.act(page)
    page.mouse.move(0, 0)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(
        path=SCREENSHOTS / f"manual-{name}.png", full_page=True, clip=_clip(page, scene)
    )


def _clip(page: Page, scene: Scene) -> FloatRect:
    """What of the whole page is in the picture."""
    page.evaluate("scrollTo(0, 0)")
    whole = page.evaluate("document.documentElement.scrollHeight")
    box = page.locator(scene.part).bounding_box() if scene.part else None
    top = max(box["y"] - MARGIN, 0) if box else 0
    return {"x": 0, "y": top, "width": WIDTH, "height": min(scene.height, whole - top)}

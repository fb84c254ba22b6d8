"""Every page that there is, as the checks of ``test_every_page.py`` visit them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page

from tests.browser.site import Site
from tests.web.people import ADMINISTRATOR, BROKER, ENTERPRISE

QUESTION: Final = "印染废水色度高、COD 降不到 50 mg/L，想要低成本的深度处理工艺"


_OPEN_ALL: Final = """async () => {
  const before = window.shifts.length;
  document.querySelectorAll("main details").forEach((one) => (one.open = true));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)));
  window.shifts.length = before;
}"""
"""What moves because we open something does not move by itself."""


@dataclass(frozen=True)
class Place:
    """A page and its state: where it is, who looks at it, and what they do there first."""

    name: str
    address: str | Callable[[Site], str]
    who: str | None = None
    prepare: Callable[[Page], None] | None = None
    status: int = 200

    def on(self, site: Site) -> str:
        """Its address."""
        return self.address if isinstance(self.address, str) else self.address(site)


def _press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.click(button)


def _search(page: Page) -> None:
    page.fill("#text", QUESTION)
    _press(page, "main form button:not(.quiet)")
    _open_all(page)


def _open_all(page: Page) -> None:
    page.evaluate(_OPEN_ALL)


def _send_nothing(page: Page) -> None:
    with page.expect_navigation():
        page.evaluate("document.querySelector('form.long-form').requestSubmit()")


def _go_to_contact(page: Page) -> None:
    page.click(".next")
    page.click(".next")


def _ask_the_coach(page: Page) -> None:
    page.fill("#title", "烟气脱硝效率低")
    page.fill("#problem", "海州示例钢铁有限公司的烟气只有 150 ℃，催化剂效率不到六成。")
    page.locator("#giveaways mark").first.wait_for()
    page.locator("#kept", has_text="已保存").wait_for()


def _open_menu(page: Page) -> None:
    if page.locator(".menu-button").is_visible():
        page.click(".menu-button")


def _sign_in_wrongly(page: Page) -> None:
    page.fill("#name", "nobody")
    page.fill("#password", "错误的密码")
    _press(page, "main form button")


def _first_of_the_table(page: Page) -> None:
    _press(page, "tbody a >> nth=0")


PLACES: Final = (
    Place("welcome", "/"),
    Place("welcome-menu", "/", prepare=_open_menu),
    Place("login", "/login"),
    Place("login-refused", "/login", prepare=_sign_in_wrongly, status=401),
    Place("form", "/demands/new"),
    Place("form-coach", "/demands/new", prepare=_ask_the_coach),
    Place("form-contact", "/demands/new", prepare=_go_to_contact),
    Place("form-problems", "/demands/new", prepare=_send_nothing, status=422),
    Place("receipt-search", "/receipts"),
    Place("receipt-unknown", "/receipts?code=nope", status=404),
    Place("receipt", lambda site: f"/receipts/{site.receipt}"),
    Place("mine", "/", ENTERPRISE),
    Place("public-demands", "/demands", ENTERPRISE),
    Place("workbench", "/", BROKER),
    Place("workbench-menu", "/", BROKER, _open_menu),
    Place("search", "/", BROKER, _search),
    Place("demands", "/demands", BROKER),
    Place("demands-none", "/demands?q=没有这样的需求", BROKER),
    Place("achievements", "/achievements", BROKER),
    Place("demand", lambda site: f"/demands/{site.demand}", BROKER, _open_all),
    Place("demand-edit", lambda site: f"/demands/{site.demand}/edit", BROKER),
    Place("achievement", lambda site: f"/achievements/{site.achievement}", BROKER),
    Place("account", "/account", BROKER, _open_all),
    Place("imports", "/imports", ADMINISTRATOR),
    Place("import", "/imports", ADMINISTRATOR, _first_of_the_table),
    Place("audit", "/audit", ADMINISTRATOR),
    Place("not-found", "/nope", status=404),
    Place("not-allowed", "/audit", BROKER, status=403),
)

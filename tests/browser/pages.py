"""Every page that there is, as the checks of ``every_page.py`` visit them.

All but the documentation of the interface, whose build and weight are Swagger UI's own; its colours
are looked at in ``test_documentation.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page

from tests.browser.site import Site
from tests.web.people import ADMINISTRATOR, BROKER, ENTERPRISE

QUESTION: Final = "印染废水色度高、COD 降不到 50 mg/L，想要低成本的深度处理工艺"


_OPEN_ALL: Final = """async () => {
  const before = window.shifts.length;
  document.querySelectorAll("main details:not(.menu)").forEach((one) => (one.open = true));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)));
  window.shifts.length = before;
}"""
"""What moves because we open something does not move by itself."""


@dataclass(frozen=True)
class Place:
    """A page and its state: where it is, who looks at it, and what they do there first."""

    name: str
    address: str
    """With names of ``Site.known`` in braces."""
    who: str | None = None
    prepare: Callable[[Page], None] | None = None
    status: int = 200

    def on(self, site: Site) -> str:
        """Its address."""
        return self.address.format_map(site.known)


def _press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.click(button)


def _search(page: Page) -> None:
    page.fill("#text", QUESTION)
    _press(page, "main form button:not(.quiet)")
    _open_all(page)


def _open_all(page: Page) -> None:
    page.evaluate(_OPEN_ALL)


def _go_to(step: int) -> Callable[[Page], None]:
    return lambda page: page.click(f".steps li:nth-child({step}) a")


def _send_nothing(page: Page) -> None:
    _go_to(3)(page)
    _press(page, "button.send")


def _be_coached(page: Page) -> None:
    """Type a text as enterprises first write it, and wait for what the coach says."""
    page.fill("#title", "烧结机头烟气脱硝效率低")
    page.fill("#problem", "海州示例钢铁有限公司的烟气只有 150 ℃，催化剂效率不到 60%。")
    page.locator("#giveaways mark").first.wait_for()
    page.locator("#kept", has_text="已保存").wait_for()


def _open_menu(page: Page) -> None:
    if page.locator(".menu-button").is_visible():
        page.click(".menu-button")


def _sign_in_wrongly(page: Page) -> None:
    page.fill("#name", "nobody")
    page.fill("#password", "错误的密码")
    _press(page, "main form button")


def _reject(page: Page) -> None:
    """The menu of reasons beside the second pairing."""
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")


def _help(page: Page) -> None:
    page.keyboard.press("?")


def _sign_without_contract(page: Page) -> None:
    _press(page, "#move form >> nth=0 >> button")


def _lend_nothing(page: Page) -> None:
    """A finance product without a name, that lends more at least than at most."""
    page.fill("#amount_min", "500")
    page.fill("#amount_max", "很多")
    _press(page, "main form .actions button")


def _subscribe_signed_out(page: Page) -> None:
    """Send a form whose session has ended meanwhile."""
    page.fill("#sub-text", QUESTION)
    page.context.clear_cookies()
    _press(page, "main form .actions button")
    _open_all(page)


def _subscribe_too_late(page: Page) -> None:
    """Send a form of a page that was open for too long."""
    page.fill("#sub-text", QUESTION)
    page.evaluate("document.querySelector('main [name=form_token]').value = 'x'")
    _press(page, "main form .actions button")
    _open_all(page)


PLACES: Final = (
    Place("welcome", "/"),
    Place("welcome-menu", "/", prepare=_open_menu),
    Place("login", "/login"),
    Place("login-refused", "/login", prepare=_sign_in_wrongly, status=401),
    Place("form", "/demands/new"),
    Place("form-coached", "/demands/new", prepare=_be_coached),
    Place("form-problems", "/demands/new", prepare=_send_nothing, status=422),
    Place("form-goals", "/demands/drafts/{draft}", prepare=_go_to(2)),
    Place("form-contact", "/demands/new", prepare=_go_to(3)),
    Place("receipt-search", "/receipts"),
    Place("receipt-unknown", "/receipts?code=nope", status=404),
    Place("receipt-waiting", "/receipts/{receipt}"),
    Place("receipt-returned", "/receipts/{returned}"),
    Place("receipt-released", "/receipts/{published}"),
    Place("mine", "/", ENTERPRISE),
    Place("public-demands", "/demands", ENTERPRISE),
    Place("workbench", "/", BROKER),
    Place("workbench-menu", "/", BROKER, _open_menu),
    Place("search", "/", BROKER, _search),
    Place("inbox", "/inbox", BROKER, _open_all),
    Place("inbox-returned", "/inbox?state=returned", BROKER),
    Place("inbox-none", "/inbox?q=没有这样的需求", BROKER),
    Place("review", "/inbox/{waiting}", BROKER, _open_all),
    Place("review-edit", "/inbox/{waiting}/edit", BROKER),
    Place("demands", "/demands", BROKER),
    Place("demands-none", "/demands?q=没有这样的需求", BROKER),
    Place("achievements", "/achievements", BROKER),
    Place("demand", "/demands/{demand}", BROKER),
    Place("demand-open", "/demands/{demand}", BROKER, _open_all),
    Place("demand-help", "/demands/{demand}", BROKER, _help),
    Place("demand-rejecting", "/demands/{demand}", BROKER, _reject),
    Place("demand-pinned", "/demands/{demand}?pin={pinned}&sort=maturity&k=20", BROKER),
    Place("demand-edit", "/demands/{demand}/edit", BROKER),
    Place("compare", "/demands/{demand}/compare?with={others}", BROKER),
    Place("pairing", "/demands/{demand}/pairings/{pairing}", BROKER, _open_all),
    Place("achievement", "/achievements/{achievement}", BROKER),
    Place("board", "/cases", BROKER, _open_all),
    Place("cases", "/cases?view=table", BROKER),
    Place("cases-none", "/cases?region=没有", BROKER),
    Place("case", "/cases/{case}", BROKER, _open_all),
    Place("case-problems", "/cases/{case}", BROKER, _sign_without_contract, status=422),
    Place("case-signed", "/cases/{signed}", BROKER),
    Place("resources", "/resources", BROKER),
    Place("resources-kind", "/resources?kind=finance", BROKER),
    Place("resources-none", "/resources?q=没有这样的资源", BROKER),
    Place("resource", "/resources/{resource}", BROKER),
    Place("resource-new", "/resources/new?kind=finance", BROKER),
    Place("resource-problems", "/resources/new?kind=finance", BROKER, _lend_nothing, 422),
    Place("calls", "/calls", BROKER),
    Place("call-topic", "/calls/topic?ids={topic}", BROKER),
    Place("call", "/calls/{call}", BROKER, _open_all),
    Place("map", "/map", BROKER, _open_all),
    Place("map-problems", "/map?since=2026-13", BROKER, status=422),
    Place("days", "/days", BROKER),
    Place("day-new", "/days/new", BROKER, _open_all),
    Place("day", "/days/{day}", BROKER, _open_all),
    Place("day-parties", "/days/{day}?view=parties", BROKER),
    Place("day-participants", "/days/{day}/participants", BROKER),
    Place("day-meeting", "/days/{day}/meetings/{meeting}", BROKER),
    Place("subscriptions", "/subscriptions", BROKER),
    Place("subscription-new", "/subscriptions/new?record={demand}", BROKER),
    Place("subscription", "/subscriptions/{subscription}", BROKER),
    Place("subscription-lapsed", "/subscriptions/{lapsed}", BROKER),
    Place("typed-signed-out", "/subscriptions/new", BROKER, _subscribe_signed_out, 401),
    Place("typed-too-late", "/subscriptions/new", BROKER, _subscribe_too_late, 403),
    Place("overview", "/overview", BROKER, _open_all),
    Place("overview-cases", "/overview/cases?reached=signed", BROKER),
    Place("account", "/account", BROKER, _open_all),
    Place("admin", "/admin", ADMINISTRATOR, _open_all),
    Place("users", "/admin/users", ADMINISTRATOR, _open_all),
    Place("user", "/admin/users/{user}", ADMINISTRATOR),
    Place("keys", "/admin/keys", ADMINISTRATOR),
    Place("models", "/admin/models", ADMINISTRATOR),
    Place("model", "/admin/models/{model}", ADMINISTRATOR),
    Place("imports", "/imports", ADMINISTRATOR),
    Place("import-columns", "/imports/{columns}", ADMINISTRATOR),
    Place("import-refused", "/imports/{refused}", ADMINISTRATOR),
    Place("audit", "/audit", ADMINISTRATOR, _open_all),
    Place("not-found", "/nope", status=404),
    Place("not-allowed", "/audit", BROKER, status=403),
)

FROM_TELEPHONES: Final = tuple(
    place for number, place in enumerate(PLACES) if number % 2 or place.prepare is _open_menu
)
"""Every second one, and the menus, which only telephones have."""
FROM_DESKS: Final = tuple(place for place in PLACES if place not in FROM_TELEPHONES)

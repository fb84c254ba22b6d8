"""A browser, a server of its own, and tabs in which nothing may go wrong unseen."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.pages import Place
from tests.browser.site import Site, served
from tests.browser.tabs import WIDE, Tab, opened
from tests.browser.visits import Visit, visited
from tests.databases import Folders, Prepare
from tests.web.people import PASSWORD

PageAt = Callable[..., Tab]
Cookies = Callable[[str | None], str | None]
_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The Chromium of this machine; nothing is downloaded."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no browser here: apt-get install chromium fonts-noto-cjk")
    return program


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One for each file: while it is there no other test can run an event loop of its own."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=_OPTIONS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def site(
    chromium: str,
    shared_folders: Folders,
    prepare_once: Prepare,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """The server, for all tests of one process: what they add must not be in others' way."""
    folder = tmp_path_factory.mktemp("browser") / "data"
    with served(shared_folders, prepare_once, folder) as known:
        yield known


@pytest.fixture(scope="module")
def cookies(browser: Browser, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Cookies:
    """Files with a session of each account, signed in when first asked for."""
    folder = tmp_path_factory.mktemp("sessions")

    def of(name: str | None) -> str | None:
        file = folder / f"{name}.json"
        if name and not file.exists():
            tab = opened(browser, site.address, WIDE)
            sign_in(tab, name)
            tab.page.context.storage_state(path=file)
            tab.page.context.close()
        return str(file) if name else None

    return of


@pytest.fixture
def page_at(browser: Browser, site: Site, cookies: Cookies) -> Iterator[PageAt]:
    """Opens tabs: ``page_at(390, who=BROKER, javascript=False)``.

    When the test ends, none of them may have asked another host, broken the Content Security
    Policy, told of an error, or met one of the server.
    """
    tabs: list[Tab] = []

    def open_(width: int = WIDE, who: str | None = None, **options: bool) -> Tab:
        tabs.append(opened(browser, site.address, width, cookies=cookies(who), **options))
        return tabs[-1]

    yield open_
    complaints = [complaint for tab in tabs for complaint in tab.complaints]
    for tab in tabs:
        tab.page.context.close()
    assert complaints == []


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each place of a class of ``EveryPage`` in turn."""
    if "place" in metafunc.fixturenames and metafunc.cls:
        places: Sequence[Place] = metafunc.cls.places
        metafunc.parametrize("place", places, ids=lambda place: place.name, scope="class")


@pytest.fixture(scope="class")
def seen(
    request: pytest.FixtureRequest, place: Place, browser: Browser, site: Site, cookies: Cookies
) -> Iterator[Visit]:
    """The visit to it, for all that is to be said of it."""
    width = request.cls.width
    tab = opened(browser, site.address, width, cookies=cookies(place.who))
    try:
        yield visited(place, site, tab, width, request.config.getoption("--screenshots"))
    finally:
        tab.page.context.close()


def sign_in(tab: Tab, name: str) -> None:
    """Through the login page."""
    tab.page.goto("/login")
    tab.page.fill("#name", name)
    tab.page.fill("#password", PASSWORD)
    tab.page.click("main form button")
    assert tab.page.locator("main h1").inner_text() != "登录"

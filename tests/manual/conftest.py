"""A browser before a service in use; skipped where there is no browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import browser, chromium
from tests.manual.site import Known, in_use

__all__ = ["browser", "chromium"]
_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def known(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Known]:
    """Where the service is, and what is there."""
    with in_use(tmp_path_factory.mktemp("manual") / "data") as there:
        yield there

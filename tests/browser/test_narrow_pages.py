"""Half of all pages, opened on a telephone: see ``every_page.py``."""

from tests.browser.every_page import Narrow


class TestPages(Narrow):
    pass

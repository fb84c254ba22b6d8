"""Half of all pages, opened at a desk: see ``every_page.py``."""

from tests.browser.every_page import EveryPage


class TestPages(EveryPage):
    pass

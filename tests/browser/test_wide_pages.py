"""Every page in one kind of window: see ``every_page.py``."""

from tests.browser.every_page import EveryPage


class TestPages(EveryPage):
    pass

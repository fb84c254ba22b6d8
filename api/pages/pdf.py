"""HTML to PDF, by a library that one may install or not."""

from typing import NoReturn

from api.pages.market_report import for_paper
from matcher.errors import InvalidInput


def pdf(html: str) -> bytes:
    """A report as PDF. Raises InvalidInput if the library is missing, saying what to do instead."""
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:  # the latter: without the libraries that it draws with
        message = (
            "生成 PDF 需要先安装可选组件（hongniang[pdf]）；也可输出 .html，用浏览器打印成 PDF。"
        )
        raise InvalidInput(message) from error
    made: bytes = HTML(string=for_paper(html), url_fetcher=_nothing).write_pdf()
    return made


def _nothing(url: str, *_: object, **__: object) -> NoReturn:
    """A report holds all that it needs; nothing is ever fetched."""
    raise ValueError(url)

"""What tests of the web share: valid input, the shape of errors, and a reader of HTML."""

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from httpx import Response

MATCHES = "/api/v1/matches"
DEMANDS = "/api/v1/demands"
ACHIEVEMENTS = "/api/v1/achievements"
RESOURCES = "/api/v1/resources"
FORM = "/demands/new"
JSON = {"content-type": "application/json"}
FIRST = {"If-Match": '"1"'}
"""Sent with a change to a record that nobody has changed yet."""
URLENCODED = {"content-type": "application/x-www-form-urlencoded"}

DEMAND: dict[str, Any] = {
    "title": "含氟废水除氟深度处理",
    "problem": "光伏清洗废水氟离子浓度高，钙盐沉淀后仍有十几毫克每升，膜很快结垢。",
    "indicators": "出水氟离子低于 1.5 mg/L，吨水药剂成本不超过 6 元。",
    "goal": "得到一套可连续运行的除氟装置。",
    "keywords": ["含氟废水", "除氟", "光伏"],
    "field": "资源与环境",
    "industry": "制造业",
    "region": "江苏-苏州",
    "solution_mode": "合作研发",
    "maturity_min": 6,
    "budget": 120,
    "deadline": "2027-06-30",
    "organisation": "隐名晶硅机密有限公司",
    "contact": "隐名联系人甲",
    "phone": "0512-99887766",
    "confidentiality": "public",
}
ACHIEVEMENT: dict[str, Any] = {
    "title": "铝改性吸附剂深度除氟技术",
    "abstract": "采用铝改性吸附剂处理含氟废水，出水氟离子低于 1 mg/L，吸附剂可再生 50 次。",
    "keywords": ["除氟", "吸附剂", "含氟废水"],
    "provider": "虚构理工大学",
    "field": "资源与环境",
    "industry": "制造业",
    "form": "新技术",
    "maturity": 6,
    "level": "国内领先",
    "application_state": "试用",
    "ip_kinds": ["发明专利"],
    "ip_status": "已授权",
    "cooperation_modes": ["技术许可", "技术服务"],
    "price_min": 50,
    "price_max": 90,
    "region": "江苏-南京",
    "contact": "隐名联系人乙",
}
RESOURCE: dict[str, Any] = {
    "kind": "pilot",
    "title": "除氟吸附剂成型中试线",
    "summary": "吨级吸附剂成型、焙烧与柱评价，可做光伏含氟废水连续运行考核。",
    "conditions": "须先签保密协议。",
    "keywords": ["除氟", "吸附剂"],
    "provider": "虚构中试基地（示例）",
    "services": ["中试放大", "柱评价"],
    "equipment": ["挤出成型机", "网带窑"],
    "scale": "年产 200 吨",
    "fields": ["资源与环境"],
    "industry": "制造业",
    "region": "江苏-苏州",
    "maturity_min": 4,
    "maturity_max": 7,
    "amount_min": 20,
    "amount_max": 300,
    "term": 12,
    "valid_from": "2026-01-01",
    "valid_until": "2099-12-31",
    "source": "基地开放办法（示例）",
    "contact": "隐名联系人丙",
}
GRADE_NAMES = ("无相关", "弱相关", "较强相关", "强相关")
"""Of the grades 1 … 4."""
PRIVATE = tuple(DEMAND[name] for name in ("organisation", "contact", "phone"))


def typed_form(**changes: str) -> dict[str, str]:
    """What a browser would send for ``DEMAND``, with these values instead."""
    given = {name: "、".join(v) if isinstance(v, list) else str(v) for name, v in DEMAND.items()}
    return given | changes


_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_INNARDS = re.compile(r"Traceback|File \"|site-packages|\w+Error\b|sqlalchemy|pydantic|sqlite3")
_LONGEST = 6_000
"""Characters that an error answer may have; no long input fits into it."""


def assert_problem(response: Response, status: int, *fields: str) -> dict[str, Any]:
    """An RFC 9457 answer as promised; if ``fields`` are given, its errors are of these."""
    assert response.status_code == status, response.text[:500]
    assert response.headers["content-type"] == "application/problem+json"
    assert len(response.text) < _LONGEST
    problem: dict[str, Any] = response.json()
    assert problem.keys() == {"type", "title", "status", "detail", "errors"}
    assert problem["type"].startswith("/problems/")
    assert problem["status"] == status
    assert _CHINESE.search(problem["title"])
    assert _CHINESE.search(problem["detail"])
    for error in problem["errors"]:
        assert error.keys() == {"field", "message"}
        assert _CHINESE.search(error["message"])
    assert not _INNARDS.search(response.text)
    if fields:
        named = {part for error in problem["errors"] for part in error["field"].split(".")}
        assert set(fields) <= named
    return problem


def assert_calm_page(response: Response, status: int) -> "Page":
    """An error page in Chinese, well formed, that shows nothing of what is inside."""
    assert response.status_code == status, response.text[:500]
    page = Page.of(response)
    assert _CHINESE.search(page.text_of("h1"))
    assert not _INNARDS.search(response.text)
    return page


_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
        "path",
        "rect",
        "circle",
    ]
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "details",
        "div",
        "dl",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "ul",
    ]
)
_CONTROLS = frozenset({"input", "select", "textarea", "meter"})


@dataclass(repr=False)  # elements refer to each other: a report would grow without end
class Element:
    """One element of a page, with the tags around it and all the text inside it."""

    tag: str
    attributes: dict[str, str | None]
    around: list["Element"]
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"<{self.tag} {self.attributes}>"

    def get(self, name: str) -> str | None:
        """The value of an attribute, if it has one."""
        return self.attributes.get(name)

    def find(self, tag: str) -> "list[Element]":
        """All elements with this tag inside this one."""
        found = []
        for child in self.children:
            found += [child] if child.tag == tag else []
            found += child.find(tag)
        return found


class Page(HTMLParser):
    """An HTML page read strictly: what browsers would silently repair is an error here."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.errors: list[str] = []
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        self.errors += [f"<{element.tag}> is never closed" for element in self._open]

    @classmethod
    def of(cls, response: Response) -> "Page":
        """The page of an answer, with all checks passed."""
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        page = cls(response.text)
        assert page.flaws() == []
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = Counter(name for name, _ in attrs)
        self.errors += [f"{name} twice in <{tag}>" for name, n in names.items() if n > 1]
        around = [element.tag for element in self._open]
        if tag in _BLOCKS and "p" in around:
            self.errors.append(f"<{tag}> ends the <p> that it stands in")
        if tag in {"form", "label", "a", "button"} and tag in around:
            self.errors.append(f"<{tag}> inside <{tag}>")
        element = Element(tag, dict(attrs), list(self._open))
        if self._open:
            self._open[-1].children.append(element)
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A shape of SVG that closes itself."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1].tag != tag:
            self.errors.append(f"</{tag}> closes nothing")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """All elements with this tag and these attributes; ``class_`` is one of the classes."""
        class_ = attributes.pop("class_", None)
        return [
            element
            for element in self.elements
            if element.tag == tag
            and (class_ is None or class_ in (element.get("class") or "").split())
            and all(element.get(name) == value for name, value in attributes.items())
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        """The only such element."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} × <{tag} {attributes}>"
        return found[0]

    def by_id(self, id_: str) -> Element:
        """The element with this id."""
        [found] = [element for element in self.elements if element.get("id") == id_]
        return found

    def text_of(self, tag: str, **attributes: str) -> str:
        """The text of the only such element."""
        return self.one(tag, **attributes).text

    def value_of(self, name: str) -> str | None:
        """What a browser would send for the control of this name."""
        [first, *others] = [
            e for e in self.elements if e.get("name") == name and e.tag in _CONTROLS
        ]
        if first.tag == "textarea":
            return first.text.removeprefix("\n")
        if first.tag == "select":
            chosen = [o for o in first.find("option") if "selected" in o.attributes]
            assert len(chosen) <= 1
            option = chosen[0] if chosen else first.find("option")[0]
            return option.text if option.get("value") is None else option.get("value")
        if first.get("type") == "radio":
            checked = [e.get("value") for e in [first, *others] if "checked" in e.attributes]
            assert len(checked) <= 1
            return checked[0] if checked else None
        return first.get("value") or ""

    def strange_scripts(self) -> list[Element]:
        """Scripts that are not files of ours, as texts of people would bring them."""
        scripts = self.all("script")
        return [one for one in scripts if not (one.get("src") or "").startswith("/static/")]

    def cards(self) -> list[Element]:
        """The pairings."""
        return self.all("article", class_="card")

    def flaws(self) -> list[str]:
        """Everything that is wrong with the page as such."""
        return [
            *self.errors,
            *self._document_flaws(),
            *self._id_flaws(),
            *self._label_flaws(),
            *self._safety_flaws(),
        ]

    def _document_flaws(self) -> list[str]:
        flaws = []
        if not self.html.startswith("<!doctype html>"):
            flaws.append("no doctype")
        if [e.get("lang") for e in self.all("html")] != ["zh-Hans"]:
            flaws.append("no language")
        titles = [e for e in self.all("title") if e.around[-1].tag == "head"]  # pictures have some
        if len(titles) != 1 or not titles[0].text.strip():
            flaws.append("no title")
        if len(self.all("h1")) != 1 and not self.all("div", id="documentation"):
            flaws.append(f"{len(self.all('h1'))} first headings")
        return flaws

    def _id_flaws(self) -> list[str]:
        ids = Counter(e.get("id") for e in self.elements if "id" in e.attributes)
        flaws = [f"id {id_} {count} times" for id_, count in ids.items() if count > 1]
        for element in self.elements:
            wanted = []
            for name in ("for", "aria-describedby", "aria-labelledby", "data-for"):
                wanted += (element.get(name) or "").split()
            target = element.get("href") or ""
            wanted += [target[1:]] if target.startswith("#") else []
            flaws += [f"<{element.tag}> refers to {id_}" for id_ in wanted if id_ not in ids]
        return flaws

    def _label_flaws(self) -> list[str]:
        labelled = {label.get("for") for label in self.all("label")} - {None}
        flaws = []
        for element in self.elements:
            unseen = element.get("type") == "hidden" or "hidden" in element.attributes
            if element.tag not in _CONTROLS or unseen:
                continue
            inside = any(outer.tag == "label" and outer.text.strip() for outer in element.around)
            hidden = element.get("aria-hidden") == "true"
            named = element.get("id") in labelled or element.get("aria-label")
            if not (inside or named or hidden):
                flaws.append(f"<{element.tag} name={element.get('name')}> has no label")
        return flaws

    def _safety_flaws(self) -> list[str]:
        """What the Content-Security-Policy would block, or what leads to other hosts."""
        flaws = []
        for element in self.elements:
            if element.tag == "style" or (element.tag == "script" and not element.get("src")):
                flaws.append(f"<{element.tag}> with its content in the page")
            for name, value in element.attributes.items():
                if name == "style" or name.startswith("on"):
                    flaws.append(f"<{element.tag} {name}>")
                if name in {"href", "src", "action"} and not re.match(r"/(?!/)|#|\?", value or ""):
                    flaws.append(f"<{element.tag} {name}={value}>")
        return flaws

"""What in a text would give an enterprise away, and what to write instead.

Nothing is stored or logged; the caller decides whether to warn or to hide.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from api.security.numbers import numbers
from api.security.organisations import organisations
from api.security.own import Own, own_spans
from api.security.persons import persons
from api.security.places import places
from matcher.records import Span
from matcher.text.normalise import NormalisedText, normalise

__all__ = ["Disclosure", "Kind", "Own", "found"]

Kind = Literal[
    "organisation",
    "person",
    "phone",
    "email",
    "address",
    "account",
    "patent",
    "credit_code",
    "identity",
    "card",
]
"""What can give somebody away, in the order in which one kind gives way to another."""

_ADVICE: Final[dict[Kind, str]] = {
    "organisation": "这里像是单位名称，请改用“我公司”“某高校”之类的说法。",
    "person": "这里像是人名，请删去，或改写为“联系人”“技术负责人”。",
    "phone": "这里像是电话号码，请删去，联系方式只填在“联系电话”一栏。",
    "email": "这里像是电子邮箱，请删去，联系方式只填在“联系电话”一栏。",
    "address": "这里像是详细地址，请只写到省和市。",
    "account": "这里像是网址或账号，请删去，经理人会通过平台联系您。",
    "patent": "这里像是专利号或登记号，请改写为“已有相关专利”。",
    "credit_code": "这里像是统一社会信用代码，请删去。",
    "identity": "这里像是身份证号，请删去。",
    "card": "这里像是银行账号，请删去。",
}


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One place that gives somebody away.

    ``span`` counts characters of the original text; ``advice`` is a sentence for who typed it.
    """

    kind: Kind
    span: Span
    advice: str


def found(text: str, own: Own | None = None) -> list[Disclosure]:
    """What gives somebody away in any text, in reading order, no two of them overlapping.

    ``own`` adds the firm, person and telephone of the same form, in any spelling. Takes time in
    proportion to the length of the text and never raises.
    """
    normal = normalise(text)
    spans = [*_general(normal), *(_own(text, normal, own) if own else ())]
    return [Disclosure(kind, span, _ADVICE[kind]) for kind, span in _apart(spans)]


def _general(normal: NormalisedText) -> Iterator[tuple[Kind, Span]]:
    text = normal.text
    for kind, span in numbers(text):
        yield kind, normal.span(*span)
    for span in organisations(text):
        yield "organisation", normal.span(*span)
    for span in persons(text):
        yield "person", normal.span(*span)
    for span in places(text):
        yield "address", normal.span(*span)


def _own(text: str, normal: NormalisedText, own: Own) -> Iterator[tuple[Kind, Span]]:
    for kind, span, is_normal in own_spans(text, normal.text, own):
        yield kind, normal.span(*span) if is_normal else span


def _apart(spans: Iterable[tuple[Kind, Span]]) -> Iterator[tuple[Kind, Span]]:
    """The same without overlap: what begins first keeps its length, the next what is left."""
    end = 0
    for kind, (start, stop) in sorted(spans, key=lambda item: (item[1][0], -item[1][1])):
        if stop > end:
            yield kind, (max(start, end), stop)
            end = stop

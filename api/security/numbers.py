"""Numbers and net addresses that lead to a person or a firm, by pattern and check digit."""

import re
from collections.abc import Callable, Iterator
from typing import Final, Literal, NamedTuple

from stdnum import luhn
from stdnum.cn import ric, uscc

from matcher.records import Span

Kind = Literal["phone", "email", "account", "patent", "credit_code", "identity", "card"]

_MARK: Final = r"\s{0,2}(?:号码?|账?号)?\s{0,2}[:=为是]?\s{0,2}"
"""What stands between a word such as 电话 and the number."""
_NO_UNIT: Final = r"(?![\d.]*\d|\s?[%℃°μω×~a-wyz目度转米吨万千次])"
_PHONE_CUE: Final = r"(?:电话|手机|座机|固话|传真|热线|致电|拨打|联系方式|tel|phone|mobile|fax)"
_HAN_DIGIT: Final = "[零〇一二三四五六七八九幺]"
_YEAR: Final = r"(?:19|20)\d\d"


class _Pattern(NamedTuple):
    """A kind and what finds it; the group ``it``, if there is one, is what is meant."""

    kind: Kind
    pattern: re.Pattern[str]
    is_valid: Callable[[str], bool] | None = None


def _of(kind: Kind, source: str, is_valid: Callable[[str], bool] | None = None) -> _Pattern:
    return _Pattern(kind, re.compile(source, re.ASCII), is_valid)


_EXTENSION: Final = r"(?:\s{0,2}(?:转|分机|-)\s{0,2}\d{1,6}(?!\d))?"
_PATTERNS: Final = (
    _of(
        "email",
        r"(?<![\w.%+-])[a-z0-9][a-z0-9._%+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,3}\.[a-z]{2,24}(?![\w-])",
    ),
    # 138 0000 1111, 138-0000-1111, 1380000 1111; a row of measurements ends in a unit.
    _of(
        "phone",
        r"(?<![\d.a-z])(?:\(?\+?\s?(?:00)?86\)?[-\s]{0,2})?1[3-9]\d"
        rf"(?:[-\s.·]{{0,2}}\d{{4}}[-\s.·]{{0,2}}\d{{4}}|[-\s]\d{{3}}[-\s]\d{{5}}|\d[-\s]\d{{3}}[-\s]\d{{4}}|\d\d[-\s]\d{{3}}[-\s]\d{{3}}"
        rf"|\d\d[-\s]\d{{6}}){_NO_UNIT}",
    ),
    _of(
        "phone",
        r"(?<![\d.a-z])(?:\+?86[-\s]{0,2})?\(?0(?:10|2\d|[3-9]\d\d)\)?[-\s]{0,2}"
        rf"[2-9]\d{{2,3}}[-\s]?\d{{4}}(?!\d){_EXTENSION}",
    ),
    _of(
        "phone",
        rf"(?<![\d.a-z-])[48]00(?:[-\s]?\d{{3}}[-\s]?\d{{4}}|[-\s]?\d{{4}}[-\s]?\d{{3}}){_NO_UNIT}",
    ),
    _of("phone", rf"{_PHONE_CUE}{_MARK}(?P<it>\(?\+?\d(?:[-\s()]{{0,3}}\d){{6,15}}){_EXTENSION}"),
    _of("phone", rf"(?<!{_HAN_DIGIT})[一幺][三四五六七八九]{_HAN_DIGIT}{{9}}(?!{_HAN_DIGIT})"),
    _of("account", r"(?:https?://|www\.)[^\s\u3000-\u9fff,;()<>\"']{3,}"),
    _of(
        "account",
        r"(?<![\w.@-])(?!(?:asp|vb|ado|ml)\.net)(?:[a-z0-9][a-z0-9-]{0,62}\.){1,4}"
        r"(?:com|cn|net|org|edu|gov|top|vip|tech|shop|ltd)(?:\.cn)?(?![\w.-])(?:/[^\s\u3000-\u9fff,;()]*)?",
    ),
    _of("account", rf"(?<![a-z])qq(?:群|号|交流群)?{_MARK}(?P<it>[1-9]\d{{4,11}})(?!\d)"),
    _of(
        "account",
        r"(?:微信|wechat|vx|公众号|钉钉|抖音|快手|小红书)(?:同?号)?"
        r"(?:\s{0,2}[:=为是]\s{0,2}|\s{0,2}(?=[a-z_-]{0,18}[\d_-]))(?P<it>[a-z0-9][\w-]{4,19})(?![\w-])",
    ),
    _of(
        "patent",
        rf"(?<![a-z0-9])(?:(?:zl|cn)[\s.:]{{0,2}})?{_YEAR}[\s.]?[1-389][\s.]?\d{{7}}\s?\.\s?[\dx](?![a-z\d])",
    ),
    _of(
        "patent",
        r"(?<![a-z])zl[\s.:]{0,2}\d{2,4}[\s.]?\d[\s.]?\d{5,7}(?:\s?\.?\s?[\dx])?(?![a-z\d])",
    ),
    _of(
        "patent",
        rf"(?<![a-z])cn[\s-]{{0,2}}{_YEAR}[\s.]?[1-389][\s.]?\d{{7}}(?:\s?\.?\s?[\dx])?(?![a-z\d])",
    ),
    _of("patent", r"(?<![a-z])cn[\s-]{0,2}[12]\d{6,8}\s?[a-cusy]\d?(?:/[a-cu]\d?)?(?![a-z\d])"),
    _of("patent", r"(?<![a-z])cn[\s-]{0,2}[1-3]\d{8}(?![a-z\d])"),
    _of(
        "patent",
        rf"(?<![a-z])pct[/\s]{{0,2}}[a-z]{{2}}\s?(?:{_YEAR}|\d\d)[/\s]{{0,2}}\d{{5,6}}(?!\d)",
    ),
    _of("patent", rf"(?<![a-z])wo\s?(?:{_YEAR}|\d\d)[/\s]?\d{{5,6}}(?:\s?a\d)?(?![a-z\d])"),
    _of(
        "patent", r"(?<![a-z])us\s?(?:\d{1,2},?\d{3},?\d{3}\s?b\d|20\d{2}/?\d{7}\s?a\d)(?![a-z\d])"
    ),
    _of("patent", r"(?<![a-z])(?:ep|jp|kr)[\s-]?\d{6,12}\s?[ab]\d?(?![a-z\d])"),
    _of("patent", r"软著登字[第\s]{0,2}\d{5,9}\s?号?"),
    _of("patent", rf"(?<![a-z\d]){_YEAR}\s?sr\s?\d{{6,7}}(?!\d)"),
    _of(
        "patent",
        r"(?:专利|申请|公开|公告|授权|登记|证书|软著|著作权)(?:申请|授权|公告|登记)?号[:为是\s]{0,3}"
        r"(?P<it>[a-z]{0,4}\s?\d(?:[\s./-]?[\da-z]){5,19})",
    ),
    _of(
        "credit_code",
        r"(?<![a-z\d])(?:[\da-hj-npqrtuwxy][\s-]?){2}(?:\d[\s-]?){6}(?:[\da-hj-npqrtuwxy][\s-]?){9}"
        r"[\da-hj-npqrtuwxy](?![a-z\d])",
        uscc.is_valid,
    ),
    _of("identity", r"(?<![a-z\d])[1-8](?:\d[\s-]?){16}[\dx](?![a-z\d])", ric.is_valid),
    _of("card", r"(?<![\d.a-z])62\d\d(?:[\s-]?\d){12,15}(?![\d.a-z])", luhn.is_valid),
    _of(
        "card", rf"(?:卡号|银行账户|银行帐户|账号|帐号){_MARK}(?P<it>\d(?:[\s-]?\d){{9,24}})(?!\d)"
    ),
)


def numbers(text: str) -> Iterator[tuple[Kind, Span]]:
    """Every number of normalised ``text`` that leads to somebody, pattern by pattern."""
    for kind, pattern, is_valid in _PATTERNS:
        group = "it" if "it" in pattern.groupindex else 0
        for match in pattern.finditer(text):
            if is_valid is None or is_valid(re.sub(r"[\s-]", "", match[group])):
                yield kind, match.span(group)

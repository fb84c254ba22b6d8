"""Numbers as they are written, Arabic and Chinese. The only import of cn2an."""

import re
from collections.abc import Iterator
from functools import lru_cache
from math import isfinite
from typing import Final, NamedTuple

from matcher.text.bulk import normalise_short
from matcher.text.lazy import LazyPattern
from matcher.text.normalise import NormalisedText

_RAISED: Final = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺"
_STAND_INS: Final = "▖▗▘▙▚▛▜▝▞▟▂▃"
_TO_STAND_IN: Final = str.maketrans(_RAISED, _STAND_INS)
_FROM_STAND_IN: Final = str.maketrans(_STAND_INS, "0123456789-+")
_GROUPED: Final = LazyPattern("[０-９]，[０-９]{3}")
_COMMA: Final = LazyPattern("(?<![０-９])，|，(?![０-９]{3})")
_POWER_OF_TEN: Final = LazyPattern(rf"(?<=10)[⁻⁺]?[{_RAISED[:10]}]{{1,4}}")
_LONGEST: Final = 40
"""Characters of a number that means something; longer runs of digits are no measurements."""
_LONGEST_CHINESE: Final = 16
"""Characters; cn2an warns of more than sixteen places after the point."""

_SIGNS: Final[dict[str | None, str]] = {
    None: "", "+": "", "±": "±", "正负": "±",
    "-": "-", "−": "-", "–": "-", "负": "-", "零下": "-",
}  # fmt: skip
_SCALES: Final[dict[str | None, float]] = {
    None: 1.0, "百": 1e2, "千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8,
    "万亿": 1e12,
}  # fmt: skip
_SCALE: Final = (
    r"\s?(?P<scale>万亿|千万(?![伏瓦])|百万|百(?!分|度|叶)"
    r"|千(?![克瓦米帕赫伏卡焦牛安字欧分])|[万亿](?![向能用有]))"
)
_HAN: Final = "零〇一二两三四五六七八九十百千万亿"
_NUMBER: Final = LazyPattern(
    rf"""
      (?:(?P<sign>[-−–+±]|正负|零下|负)\s?)?
      (?P<digits>(?>\d{{1,3}}(?:[,\ ]\d{{3}}(?!\d))++|\d++)(?:\.\d++)*+)
      (?P<exponent>
          (?:\s?[×x*]\s?10(?:\s?\^\s?\(?|(?=[-−])|(?=[{_STAND_INS}]))|(?<=10)\^\(?|(?<=\d)e(?=[-+]?\d)
            |(?<=10)(?=[{_STAND_INS}]))
          (?:[-+−]?\d{{1,4}}+|[{_STAND_INS}]{{1,5}}+)\)?
      )?(?:{_SCALE})?
    | (?P<shares>[百千万]分之)(?P<share>[\d.{_HAN}]++)
    | (?P<negative>零下|负)?(?P<han>[{_HAN}]++(?:点[{_HAN[:12]}]++)?|半)
    """,
    re.VERBOSE,
)
_FIRST: Final = LazyPattern(rf"[\d\-−–+±正零负半{_HAN}]")
"""What all that ``_NUMBER`` finds begins with; to look for one character is faster."""
_IS_COUNTED: Final = LazyPattern(r"^.点|[十百千万亿]")
_SHARES: Final = {"百分之": "%", "千分之": "‰", "万分之": ""}
_TENTHS: Final = LazyPattern(r"成(?![功为熟本果品立分型效份员像形套])([一二三四五六七八九半])?")


class Number(NamedTuple):
    """A finite number at ``[start, end)`` of the normalised text.

    ``bare`` is the number before its scale (3 of 3万); ``unit`` is what its form implies: a percent
    sign for 百分之三 and 八成, else empty. ``sign`` is "±" where a tolerance was written.
    """

    start: int
    end: int
    value: float
    bare: float
    sign: str = ""
    unit: str = ""
    is_han: bool = False

    @property
    def scale(self) -> float:
        """1e4 for 3万."""
        return self.value / self.bare if self.bare else 1.0


def prepared(original: str) -> NormalisedText:
    """Normalised text that keeps apart what NFKC makes one: ``，`` and ``,``, 10⁵ and 105.

    Signs are replaced one for one, so every offset stays true. ℃ stays one character as well, for
    a text whose length does not change is normalised several times as fast.
    """
    if _GROUPED.search(original):
        original = _COMMA.sub("、", original)
    else:
        original = original.replace("，", "、")
    kept = original.replace("℃", "℄").replace("…", "。")
    if "10" in kept:
        kept = _POWER_OF_TEN.sub(lambda match: match.group().translate(_TO_STAND_IN), kept)
    return normalise_short(kept)


def numbers(text: str) -> Iterator[Number]:
    """The numbers of prepared text from left to right, without those that are no finite number."""
    end = 0
    for match in _matches(text):
        if match.start() < end:  # 九成五 ends behind the numeral that 五 begins
            continue
        if match["digits"]:
            number = _arabic(match)
        elif match["shares"]:
            number = _share(match)
        else:
            number = _chinese(text, match)
        if number is not None and isfinite(number.value) and isfinite(number.bare):
            end = number.end
            yield number


def _matches(text: str) -> Iterator[re.Match[str]]:
    """``_NUMBER.finditer``: to look for how it begins takes a fifth of the time."""
    first = _FIRST.search(text)
    while first:
        match = _NUMBER.match(text, first.start())
        if match:
            yield match
        first = _FIRST.search(text, match.end() if match else first.end())


def _arabic(match: re.Match[str]) -> Number | None:
    sign, digits, exponent, scale = match.group("sign", "digits", "exponent", "scale")
    if len(digits) > _LONGEST or digits.count(".") > 1:
        return None
    bare = float(digits if digits.isdigit() else digits.replace(",", "").replace(" ", ""))
    if exponent:
        bare = _raised(bare, exponent.translate(_FROM_STAND_IN))
    if _SIGNS[sign] == "-":
        bare = -bare
    return Number(*match.span(), bare * _SCALES[scale], bare, _SIGNS[sign])


def _raised(bare: float, exponent: str) -> float:
    """``×10^5`` multiplies; ``^5`` after a ten and ``e5`` raise what is there."""
    multiplied = exponent.lstrip()[:1] in ("×", "x", "*")
    exponent = exponent.replace("−", "-").rstrip(")")
    power = int(re.sub(r"^\s?[×x*]\s?10|[\s^(e]", "", exponent))
    if multiplied or exponent.startswith("e"):
        return bare * _power_of_ten(power)
    return _power_of_ten(power) if bare == 10 else bare / 10 * _power_of_ten(power)


def _power_of_ten(power: int) -> float:
    return float(f"1e{power}")


def _share(match: re.Match[str]) -> Number | None:
    value = _plain(match["share"])
    unit = _SHARES[match["shares"]]
    if value is None or not unit:
        return None
    return Number(*match.span(), value, value, unit=unit, is_han=True)


def _chinese(text: str, match: re.Match[str]) -> Number | None:
    start, end = match.span()
    value = _plain(match["han"])
    if value is None or text[max(start - 1, 0) : start] in ("第", "几", "数", "十"):
        return None
    if match["negative"]:
        value = -value
    tenths = _TENTHS.match(text, end)
    if tenths and 0 < value <= 10:
        rest = 5.0 if tenths[1] == "半" else _plain(tenths[1] or "零") or 0.0
        percent = value * 10 + rest
        return Number(start, tenths.end(), percent, percent, unit="%", is_han=True)
    return Number(start, end, value, value, is_han=True)


def _plain(numeral: str) -> float | None:
    """A numeral in either writing, None where it is none: 万亿, and 两三, which is no 23."""
    if numeral == "半":
        return 0.5
    if len(numeral) > _LONGEST_CHINESE:
        return None
    return _converted(numeral)


@lru_cache(maxsize=4096)
def _converted(numeral: str) -> float | None:
    try:
        if numeral.isascii():
            return float(numeral)
        if len(numeral) > 1 and not _IS_COUNTED.search(numeral):
            return None
        from cn2an import cn2an

        numeral = "一" + numeral if numeral in ("百", "千") else numeral
        return float(cn2an(numeral.replace("〇", "零"), "normal"))
    except (ValueError, LookupError, ArithmeticError):  # cn2an: KeyError for 亿亿八
        return None

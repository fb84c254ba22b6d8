"""What the words around a number say about it: at least, below, about, raised by."""

import re
from typing import Final, Literal, NamedTuple

from matcher.text.lazy import LazyPattern

Direction = Literal["", "least", "most"]
Kind = Literal["value", "increase", "decrease"]

_NOT: Final = r"不(?:得|能|应|可|宜|会|许|要|允许)?|别|未|没有?|勿"
_MORE: Final = "大于|高于|超过|超出|多于|长于|突破|高出|超|大过"
_LESS: Final = "小于|低于|少于|短于|轻于|不足|小过|快于"
_ABOUT: Final = r"(?:约为?|大约|大概|近|接近|达到?|为|在|于|到|仅|[:=]|\s)*"
_BEFORE: Final = LazyPattern(
    rf"""(?=[≥≧⩾>=≮≤≦⩽<≯不别未没勿大高超多长突小低少短轻快至最起顶优好])(?:
      (?P<ge>≥|≧|⩾|>=|=>|≮)  | (?P<gt>>) | (?P<le>≤|≦|⩽|<=|=<|≯) | (?P<lt><)
    | (?P<not>{_NOT})?(?:(?P<more>{_MORE})|(?P<less>{_LESS}))(?P<equal>(?:或|或者)?等于)?
    | (?P<least>至少|最少|起码|不亚于|不下于|不逊于|不下) | (?P<most>至多|最多|顶多|不过)
    | (?P<better>优于|好于)
    ){_ABOUT}\Z""",
    re.VERBOSE,
)
_ENDS: Final = frozenset("≥≧⩾>≮≤≦⩽<≯=于过出超破足大少码下多顶好到达约近为在仅: 概接")
"""The last characters of all that ``_BEFORE`` can find, to spare most numbers the search."""
_AFTER: Final = LazyPattern(
    r"""\s?(?:
      (?P<least>[及或]?(?:者)?以上|之上|以外|之外|开外|以远|或更[高多长]|起(?=[,、。;)\s]|\Z))
    | (?P<most>[及或]?(?:者)?以[下内]|之[内下]
        |内(?![部径孔外层壁腔衬存嵌容置蒙网核科燃])|或更[低少短]|封顶)
    | (?P<about>左右|上下|前后)
    )""",
    re.VERBOSE,
)
_AFTER_BEGINS: Final = frozenset("及或者以之开起内封左上前")
"""The first characters of all that ``_AFTER`` can find, besides white space."""
_UP: Final = (
    "提高|提升|增加|增长|上升|增大|延长|升高|增强|扩大|高出|增产|翻|增|涨|(?<![每毫公立])升"
)
_DOWN: Final = "降低|减少|下降|缩短|减小|节约|节省|减轻|缩减|压缩|压降|下调|减薄|减量|降|(?<!衰)减"
_TO: Final = "到|至|为|成|在"
_CHANGE: Final = LazyPattern(
    rf"(?=[提增上延升扩高翻涨降减下缩节压])"  # what they begin with is found at once
    rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?:了|幅度|比例|约|近|大约|达到?|[:\s])*(?P<to>{_TO})?"
    rf"(?:约|近)?\s*\Z"
)
_CHANGE_ENDS: Final = frozenset(
    "高升加长上大产翻增涨低少降短小约省轻减缩调薄量了度例近达到至为成在: "
)
_PRESENT: Final = LazyPattern(r"(?:还[是只]?[在有]|徘徊在|只有)(?:大?约|大概|近)?\s?\Z")
_PRESENT_ENDS: Final = frozenset("在有约概近 ")
_SLICE: Final = 14
"""Characters before a number in which such words are looked for."""


class Before(NamedTuple):
    """What stands before a number; ``start`` is where it begins, or the number if it is nothing."""

    start: int
    direction: Direction = ""
    is_open: bool = False
    is_better: bool = False


def before(text: str, floor: int, start: int) -> Before:
    """The comparison that ends at ``start`` and does not begin before ``floor``."""
    if start <= floor or text[start - 1] not in _ENDS:
        return Before(start)
    window = max(floor, start - _SLICE)
    match = _BEFORE.search(text[window:start])
    if match is None:
        return Before(start)
    at = window + match.start()
    direction, is_open = _meaning(match)
    return Before(at, direction, is_open, match["better"] is not None)


def _meaning(match: re.Match[str]) -> tuple[Direction, bool]:
    if match["more"] or match["less"]:
        upwards = bool(match["more"]) != bool(match["not"])
        return "least" if upwards else "most", not match["not"] and not match["equal"]
    upwards = bool(match["ge"] or match["gt"] or match["least"] or match["better"])
    return "least" if upwards else "most", bool(match["gt"] or match["lt"])


def after(text: str, end: int) -> tuple[Direction, int]:
    """The comparison that begins at ``end``, and where it ends."""
    following = text[end : end + 1]
    is_near = following in _AFTER_BEGINS or following.isspace()
    match = _AFTER.match(text, end) if is_near else None
    if match is None:
        return "", end
    if match["about"]:
        return "", match.end()
    return "least" if match["least"] else "most", match.end()


def change(text: str, floor: int, start: int) -> tuple[Kind, int]:
    """Whether the words that end at ``start`` make the number a change, and where they begin.

    提高30% is a change; 提高到95% is a value.
    """
    if start <= floor or text[start - 1] not in _CHANGE_ENDS:
        return "value", start
    window = max(floor, start - _SLICE)
    match = _CHANGE.search(text[window:start])
    if match is None:
        return "value", start
    if match["to"]:
        return "value", window + match.start()
    return "increase" if match["up"] else "decrease", window + match.start()


def is_present(text: str, floor: int, start: int) -> bool:
    """Whether the words that end at ``start`` make the number what is so by now: 还在 80 mg/L."""
    if start <= floor or text[start - 1] not in _PRESENT_ENDS:
        return False
    return _PRESENT.search(text[max(floor, start - _SLICE) : start]) is not None

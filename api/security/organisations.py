"""Names of firms, universities and institutes in running text, told from the words for their kind.

A name is read from its end: before the word for the kind (有限公司, 大学, 厂) stand a trade, what
is distinctive, and often a region. Where nothing is (化工厂, 三甲医院, 本公司), nobody is named.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from api.security.lexicon import words
from matcher.background import document_shares
from matcher.records import Span
from matcher.text.segment import segmenter

_KIND: Final = re.compile(
    r"(?P<firm>(?:集团)?(?:股份)?有限(?:责任)?公司|集团公司|股份公司)"
    r"|(?P<school>大学(?!生|英语|物理|本科|教)|学院(?!派)|医院"
    r"|研究[院所](?!校)|设计院|合作社|事务所)"
    r"|(?P<academy>(?:社会|自然|农业|林业|农林|医学|军事)?科学院|工程院)"
    r"|(?P<group>集团(?!化|军|内)|分?公司|研究中心|(?:国家|省级?)?(?:重点|工程)?实验室)"
    r"|(?P<works>厂(?![房区家址商长矿界子里内外]))"
)
_HAN: Final = "\u4e00-\u9fff"
_GAP: Final = re.compile(rf"[^{_HAN}]")
_OTHER_WORD: Final = re.compile(rf"\([{_HAN}]{{2,10}}\)|[a-z0-9]+(?:[&-][a-z0-9]{{1,20}}){{0,3}}")
_LONGEST: Final = 24
"""Characters of a name before the word for its kind."""
_LONGEST_ABBREVIATION: Final = 3
"""Letters that may stand for a trade: LED公司, but not Altera公司."""
_LONGEST_PART: Final = 8
"""Characters between two words for a kind within one name."""
_UNSAID: Final = re.compile(r"[某各该我此]|[一二三四五六七八九十两几多数百千]+[家所个座]")
"""How words begin that leave a name unsaid: 某省, 各校, 六家."""
_FIRM_LETTERS: Final = (
    "[兴华鑫恒宏达泰隆盛昌瑞丰润源裕祥福安康永顺诚信金龙腾飞凯博远东红星光明辉旭阳亚利和嘉佳]"
)
_TRADE_NAME: Final = re.compile(f"{_FIRM_LETTERS}{{2,3}}")


class _Word(NamedTuple):
    text: str
    start: int


def organisations(text: str) -> list[Span]:
    """Where normalised ``text`` names an organisation, from left to right, none overlapping."""
    kinds = list(_KIND.finditer(text))
    starts = _word_starts(text) if kinds else {}
    names: list[Span] = []
    # Nobody looks back beyond two words for a kind, so a text of nothing else takes no longer.
    for floor, match in zip([0, 0, *(match.end() for match in kinds)], kinds, strict=False):
        last = names[-1][1] if names else 0
        before = _words_before(text, starts, match.span(), max(floor, last))
        if names and _continues(before, match.start(), last):
            names[-1] = (names[-1][0], match.end())
        elif (start := _start_of_name(before, str(match.lastgroup))) is not None:
            names.append((start, match.end()))
    return names


def is_distinctive(word: str) -> bool:
    """Whether a word is one that texts do not use, and so more than a trade or a kind."""
    if word in words("brands"):
        return True
    if len(word) < 2 or _region(word) or _UNSAID.match(word) or word[-1] in "本该我":
        return False
    return not any(_is_known(part) for part in (word, word[:2], word[-2:]))


def _is_known(word: str) -> bool:
    return word in words("generic") or word in words("breaks") or word in document_shares()


def cut(text: str) -> list[tuple[str, int, int]]:
    """The Han words of normalised text, with their places and with the words inside them."""
    return segmenter("rjieba").spans(_GAP.sub(" ", text))


def _word_starts(text: str) -> dict[int, int]:
    """Where a word ends → where the longest word that ends there begins."""
    starts: dict[int, int] = {}
    for word, start, end in cut(text):
        if not word.isspace():
            starts[end] = min(start, starts.get(end, start))
    starts.update((match.end(), match.start()) for match in _OTHER_WORD.finditer(text))
    return starts


def _words_before(text: str, starts: dict[int, int], kind: Span, floor: int) -> list[_Word]:
    """The words that lead up to the word for a kind and may be of a name, in reading order."""
    found: list[_Word] = []
    at, floor = kind[0], max(floor, kind[0] - _LONGEST)
    start = starts.get(kind[1], at)  # the dictionary knows 清华大学 and 化工厂 as one word
    start = start if start < at else _start_of_word(text, starts, at)
    while floor <= start < at:
        word = text[start:at]
        if word in words("breaks") or _UNSAID.match(word):
            break
        glued = _glued(word)
        found.append(_Word(word[glued:], start + glued))
        at, start = start, -1 if glued else _start_of_word(text, starts, start)
    return found[::-1]


def _start_of_word(text: str, starts: dict[int, int], end: int) -> int:
    """Where the word begins that ends at ``end``; ``end`` itself if none does."""
    is_han = end > 0 and _GAP.match(text, end - 1) is None
    return starts.get(end, end - 1 if is_han else end)


def _glued(word: str) -> int:
    """How many characters stand before a name that the segmenter took for its first: 由甬枢."""
    return int(len(word) > 2 and word[0] in words("breaks") and not _is_known(word))


def _continues(before: Sequence[_Word], start: int, last: int) -> bool:
    """Whether a name goes on to the kind at ``start``: 江南大学食品学院."""
    reaches = start == last or (len(before) > 0 and before[0].start == last)
    return reaches and start - last <= _LONGEST_PART


def _start_of_name(before: Sequence[_Word], kind: str) -> int | None:
    """Where the name begins that these words and a word of this kind make, if they make one."""
    at = next((i for i, word in enumerate(before) if _opens(word.text)), 0)
    name = [word.text for word in before[at:]]
    return before[at].start if name and _names(name, kind) else None


def _opens(word: str) -> bool:
    return word[0] != "(" and (_is_local(word) or _is_named(word))


def _names(name: Sequence[str], kind: str) -> bool:
    first, rest = name[0], [word for word in name if not _region(word)]
    if kind == "firm":
        return any(word not in words("generic") for word in rest) or len(rest) < len(name) > 1
    if kind == "works":
        return len(name) > 1 and (_is_local(first) or _TRADE_NAME.fullmatch(first) is not None)
    if _is_local(first):
        return bool(rest) or (kind == "school" and first != "中国") or kind == "academy"
    return _is_named(first)


def _is_named(word: str) -> bool:
    """清华, 首都师范, and whatever no text uses otherwise."""
    if word.isascii():
        return word.isalpha() and len(word) > _LONGEST_ABBREVIATION
    return bool({word, word[:2]} & words("names")) or is_distinctive(word)


def _region(word: str) -> bool:
    """苏州, 苏州市 and (苏州)."""
    bare = word.strip("()")
    return bare in words("regions") or (bare[:-1] in words("regions") and bare[-1] in "省市县区州")


def _is_local(word: str) -> bool:
    """苏州市, and 华南理工, which the dictionary knows as one word; but not 大理石."""
    return _region(word) or any(word[:n] in words("regions") for n in range(2, len(word) - 1))
